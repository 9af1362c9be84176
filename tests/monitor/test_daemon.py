"""What the daemon decides, with a clock moved by hand and children that end as they are told."""

from __future__ import annotations

import datetime as dt
import io
import json
from zoneinfo import ZoneInfo

import pytest

from diffing.model import TroubleKind
from monitor.daemon import ASK_AGAIN, KILL, LOCKED_PAUSE, LONGEST_CRAWL, MOST_TRIES, PAUSE, Daemon
from monitor.logs import Log, LogFormat
from monitor.slots import DIGEST, jobs_of
from seeds.sources import Source
from storage.archive import open_archive
from storage.errors import ArchiveFull
from storage.slots import SlotState

BERLIN = ZoneInfo("Europe/Berlin")
NOON = dt.datetime(2025, 6, 1, 12, 10, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def source(name):
    return Source(
        name=name, language="en", start=(f"https://{name}.example.org/",), articles="x", interval=HOUR
    )


class Child:
    pid = 77

    def __init__(self, arguments):
        self.arguments, self.code, self.asked, self.words = tuple(arguments), None, 0, ("Pages: none.",)

    def poll(self):
        return self.code

    def ask_to_end(self):
        self.asked += 1

    def kill(self):
        self.code = -9

    def said(self):
        return self.words


def crawled(archive, names, now, failures=None):
    archive.sync_sources(dict.fromkeys(("one", "two"), "en"), now)
    run = archive.begin_run(now, "crawl", names)
    archive._connection.run("UPDATE sources SET last_visit = ?", (f"{now:%Y-%m-%dT%H:%M:%SZ}",))
    archive.end_run(run, now, outcomes={}, changes={}, failures=failures or {})


class Unattended:
    """A daemon, its clocks, and the children it has started."""

    def __init__(self, archive, names=("one", "two"), channels=(), **options):
        self.archive, self.now, self.tick = archive, NOON, 1000.0
        self.children = []
        self.log = io.StringIO()
        self.daemon = Daemon(
            archive, jobs_of([source(name) for name in names], dt.time(7), BERLIN), self.start,
            Log(lambda: self.now, LogFormat.JSON, self.log), channels=channels, **options,
        )  # fmt: skip
        self.daemon.adopt(self.now)

    def start(self, arguments):
        self.children.append(Child(arguments))
        return self.children[-1]

    def go(self, by=dt.timedelta(0), *, asleep=False):
        self.now += by
        self.tick += 0 if asleep else by.total_seconds()
        self.daemon.turn(self.now, self.tick)

    def ends(self, code, *words, looked=True):
        child = self.children[-1]
        child.code, child.words = code, words
        if code in {0, 1} and child.arguments[0] == "crawl" and looked:
            self.crawled(child.arguments[1:])
        self.go()

    def crawled(self, names, failures=None):
        crawled(self.archive, names, self.now, failures)

    def states(self, job):
        return [(slot.state, slot.tries) for slot in self.archive.slots(job=job)]

    def events(self):
        return [json.loads(line)["event"] for line in self.log.getvalue().splitlines()]

    def began(self):
        return [child.arguments for child in self.children]


@pytest.fixture
def archive(tmp_path):
    with open_archive(tmp_path / "c.db", beside=True, create=True) as opened:
        yield opened


@pytest.fixture
def unattended(archive):
    return Unattended(archive)


def test_what_is_due_together_is_one_run_and_nothing_begins_beside_it(unattended):
    unattended.go()
    unattended.go(dt.timedelta(minutes=1))

    assert unattended.began() == [("crawl", "one", "two")]
    assert unattended.states("crawl:one") == [(SlotState.RUNNING, 1)]


def test_a_run_that_ended_leaves_its_slots_ran_and_the_source_that_failed_failed(unattended):
    unattended.go()
    unattended.crawled(["one", "two"], {"two": "https://two.example.org/: no answer"})

    unattended.ends(1, looked=False)

    assert unattended.states("crawl:one") == [(SlotState.RAN, 1)]
    (slot,) = unattended.archive.slots(job="crawl:two")
    assert (slot.state, slot.reason) == (SlotState.FAILED, "https://two.example.org/: no answer")
    assert unattended.daemon.failed


def test_after_a_pause_one_run_makes_up_for_the_slots_that_were_missed(unattended):
    unattended.go()
    unattended.ends(0)

    unattended.go(5 * HOUR, asleep=True)

    assert unattended.began() == [("crawl", "one", "two")] * 2
    assert [state for state, _ in unattended.states("crawl:one")] == [
        SlotState.RAN, *[SlotState.MISSED] * 4, SlotState.RUNNING
    ]  # fmt: skip


def test_a_source_that_is_not_looked_at_while_the_daemon_runs_is_in_trouble_until_the_next_look(unattended):
    unattended.go()
    unattended.ends(0)
    for _ in range(4):
        unattended.go(dt.timedelta(minutes=59))
        if unattended.daemon.busy:
            unattended.ends(3, "the database is in use")

    going = unattended.archive.troubles(open_only=True)
    unattended.go(dt.timedelta(seconds=LOCKED_PAUSE))
    unattended.ends(0)

    assert {(trouble.source, trouble.kind) for trouble in going} == {
        ("one", TroubleKind.OVERDUE), ("two", TroubleKind.OVERDUE)
    }  # fmt: skip
    assert unattended.archive.troubles(open_only=True) == ()


def test_a_look_by_hand_long_before_the_first_start_makes_no_source_overdue(archive):
    crawled(archive, ["one", "two"], NOON - 17 * HOUR)
    unattended = Unattended(archive)
    unattended.go()

    assert archive.troubles() == ()
    assert unattended.began() == [("crawl", "one", "two")]


def test_a_daemon_that_was_away_is_told_once_as_that_and_no_source_is_in_trouble(unattended):
    unattended.go()
    unattended.ends(0)
    unattended.go(5 * HOUR, asleep=True)
    unattended.ends(0)
    unattended.go(dt.timedelta(minutes=1))

    (trouble,) = unattended.archive.troubles()
    assert (trouble.source, trouble.kind) == ("csto-watch", TroubleKind.DOWN)
    assert (trouble.began, trouble.ended) == (NOON, NOON + 5 * HOUR)
    assert trouble.detail == "nobody looked from 2025-06-01 12:10Z to 2025-06-01 17:10Z"
    assert unattended.events().count("was_down") == 1


def test_one_that_runs_once_calls_no_pause_a_trouble(archive):
    unattended = Unattended(archive, judges_gaps=False)
    unattended.go()
    unattended.ends(0)
    unattended.go(30 * HOUR, asleep=True)

    assert archive.troubles() == ()


def test_a_run_that_breaks_is_begun_again_for_each_source_alone(unattended):
    unattended.go()
    unattended.ends(70, "Error: A fault of cstowatch itself")
    unattended.go(dt.timedelta(seconds=PAUSE - 1))
    too_soon = len(unattended.began())
    unattended.go(dt.timedelta(seconds=2))
    unattended.ends(0)

    assert too_soon == 1
    assert sorted(unattended.began()[1:]) == [("crawl", "one"), ("crawl", "two")]


def test_a_source_whose_runs_break_three_times_is_in_trouble(archive):
    unattended = Unattended(archive, names=("one",))
    unattended.go()
    for tries in range(1, MOST_TRIES + 1):
        unattended.ends(-11, "it broke")
        unattended.go(dt.timedelta(seconds=PAUSE * tries**2))

    assert unattended.states("crawl:one") == [(SlotState.FAILED, MOST_TRIES)]
    assert len(unattended.began()) == MOST_TRIES
    (trouble,) = archive.troubles(open_only=True)
    assert (trouble.kind, trouble.detail) == (TroubleKind.OVERDUE, "it could not be looked at: it broke")


def test_a_database_in_use_leaves_the_slot_due_without_a_try_and_is_asked_again_soon(archive):
    unattended = Unattended(archive, names=("one",))
    unattended.go()
    unattended.ends(3, "Error: Another run is writing c.db: pid 5")

    assert unattended.states("crawl:one") == [(SlotState.DUE, 0)]
    unattended.go(dt.timedelta(seconds=LOCKED_PAUSE - 1))
    assert len(unattended.began()) == 1
    unattended.go(dt.timedelta(seconds=2))
    assert len(unattended.began()) == 2


def test_a_run_that_takes_too_long_is_asked_asked_again_and_killed(archive):
    unattended = Unattended(archive, names=("one",))
    unattended.go()
    (child,) = unattended.children

    unattended.go(dt.timedelta(seconds=LONGEST_CRAWL + 1))
    asked = child.asked
    unattended.go(dt.timedelta(seconds=ASK_AGAIN + 1))
    again = child.asked
    unattended.go(dt.timedelta(seconds=KILL - ASK_AGAIN))
    unattended.go()

    assert (asked, again, child.code) == (1, 2, -9)
    ended = next(slot for slot in archive.slots(job="crawl:one") if slot.ended and slot.tries)
    assert (ended.state, "longer than 4 hours" in ended.reason) == (SlotState.FAILED, True)


def test_asked_to_stop_it_begins_nothing_and_leaves_what_ran_due(unattended):
    unattended.go()

    unattended.daemon.stop(unattended.tick)
    busy = unattended.daemon.busy
    unattended.ends(130, "Interrupted")
    unattended.go(2 * HOUR)

    assert unattended.children[0].asked == 1
    assert (busy, unattended.daemon.busy) == (True, False)
    assert unattended.states("crawl:one") == [(SlotState.DUE, 0)]
    assert len(unattended.began()) == 1


def test_what_a_killed_daemon_left_running_is_begun_again(archive):
    Unattended(archive, names=("one",)).go()

    after = Unattended(archive, names=("one",))
    after.go()

    assert after.began() == [("crawl", "one")]
    assert after.states("crawl:one") == [(SlotState.RUNNING, 1)]
    assert "taken_up" in after.events()


def test_a_slot_is_not_given_up_however_often_the_daemon_is_killed_with_it(archive):
    for _ in range(MOST_TRIES + 1):
        after = Unattended(archive)
        after.go()

    assert after.began() == [("crawl", "one", "two")]
    assert archive.troubles() == ()


def test_a_slot_of_a_source_that_is_no_more_is_closed(archive, unattended):
    unattended.go()

    after = Unattended(archive, names=("one",))

    assert after.states("crawl:two") == [(SlotState.MISSED, 1)]


def test_the_first_start_makes_no_digest_of_what_was_before_it(unattended):
    unattended.go()
    unattended.ends(0)
    unattended.go()

    assert unattended.states(DIGEST) == [(SlotState.MISSED, 0)]
    assert all(arguments[0] == "crawl" for arguments in unattended.began())


def at_digest(archive, **options):
    """A daemon just before seven in Berlin, whose crawls of the hour are done."""
    unattended = Unattended(archive, names=("one",), **options)
    unattended.go()
    unattended.ends(0)
    unattended.now = dt.datetime(2025, 6, 2, 4, 59, tzinfo=dt.UTC)
    unattended.go()
    unattended.ends(0)
    return unattended


def test_the_digest_is_made_at_its_hour_of_the_local_day_after_the_crawls_due_with_it(archive):
    unattended = at_digest(archive)

    unattended.go(dt.timedelta(minutes=6))
    crawl = unattended.began()[-1]
    unattended.ends(0)

    assert crawl == ("crawl", "one")
    assert unattended.began()[-1] == ("tell", "--digest", "2025-06-02")
    unattended.ends(0)
    assert [state for state, _ in unattended.states(DIGEST)] == [SlotState.MISSED, SlotState.RAN]


def test_the_digest_does_not_wait_for_ever_for_a_crawl(archive):
    unattended = at_digest(archive)
    unattended.go(dt.timedelta(minutes=6))
    unattended.go(dt.timedelta(minutes=20))
    waited = unattended.began()[-1]
    unattended.go(dt.timedelta(minutes=11))

    assert waited == ("crawl", "one")
    assert unattended.began()[-1] == ("tell", "--digest", "2025-06-02")


def test_a_digest_that_cannot_be_made_is_tried_until_the_next_one_stands_for_it(archive):
    unattended = at_digest(archive)
    unattended.go(dt.timedelta(minutes=6))
    unattended.ends(0)
    tried = 0
    while unattended.now < dt.datetime(2025, 6, 3, 5, 30, tzinfo=dt.UTC):
        if unattended.daemon.busy:
            tells = unattended.began()[-1][0] == "tell"
            tried += tells
            unattended.ends(70 if tells else 0, "no room for a picture")
        unattended.go(dt.timedelta(minutes=10))

    days = [arguments[-1] for arguments in unattended.began() if arguments[0] == "tell"]
    assert tried > 20
    assert sorted(set(days)) == ["2025-06-02", "2025-06-03"]
    assert [state for state, _ in unattended.states(DIGEST)][:2] == [SlotState.MISSED, SlotState.MISSED]


def test_channels_are_met_before_the_first_crawl_and_told_after_it(archive):
    unattended = Unattended(archive, names=("one",), channels=("desk",))
    met = archive.meet_channels(["desk"], NOON + HOUR)["desk"].since
    unattended.go()
    unattended.ends(0)

    assert met == NOON
    assert unattended.began() == [("crawl", "one"), ("tell",)]


def test_what_waits_to_be_sent_is_tried_when_its_pause_is_over(archive):
    unattended = Unattended(archive, names=("one",), channels=("desk",))
    unattended.go()
    unattended.ends(0)
    unattended.ends(0)
    archive.queue_messages("desk", ["digest:2025-06-01"], unattended.now)
    (waiting,) = archive.open_deliveries("desk")
    archive.note_failed([waiting.id], "no route", unattended.now + dt.timedelta(minutes=10))

    unattended.go(dt.timedelta(minutes=5))
    too_soon = len(unattended.began())
    unattended.go(dt.timedelta(minutes=6))

    assert too_soon == 2
    assert unattended.began()[-1] == ("tell",)


def test_a_note_that_a_full_disk_swallowed_is_made_up_for(archive, monkeypatch):
    unattended = Unattended(archive, names=("one",))
    unattended.go()
    unattended.crawled(["one"])
    unattended.children[-1].code = 0

    def full(*_):
        raise ArchiveFull("The disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(archive, "end_slot", full)
        with pytest.raises(ArchiveFull):
            unattended.go()
    unattended.go()

    assert unattended.states("crawl:one") == [(SlotState.RUNNING, 1)]
