"""The digest of a day: closed once, told the same for ever, and no change left out or told twice."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffing.formats import FORMATS
from diffing.model import (
    Change,
    ChangeKind,
    Document,
    Fetched,
    Outcome,
    PageRole,
    Ruling,
    Significance,
    TroubleKind,
)
from monitor.digests import close_day, digest_of, kept_digest
from storage.archive import Archive, open_archive

MOSCOW = ZoneInfo("Europe/Moscow")
DAY = dt.date(2025, 9, 11)
SEVEN = dt.datetime(2025, 9, 11, 7, tzinfo=MOSCOW)
ONE = dt.timedelta(days=1)
SAID = (
    "The parties discussed plans of joint training for the year, and how they are to be supplied.",
    "They agreed that the staffs of the member states meet again in the spring of the next year.",
)
PAGE = Document(language="en", title="A page", published=DAY, published_evidence=None, blocks=())


@pytest.fixture
def archive(tmp_path: Path):
    with open_archive(tmp_path / "cstowatch.db", write=True, create=True) as opened:
        opened.sync_sources({"site-en": "en"})
        yield opened


def found(archive: Archive, at: dt.datetime, changes: int = 1, *, text: str = "News.") -> int:
    """A visit at that time that brought so many changes; its capture."""
    capture = visited(archive, at, text)
    understood(archive, capture, changes, text)
    return capture


def visited(archive: Archive, at: dt.datetime, text: str = "News.") -> int:
    run = archive.begin_run(at, "crawl", ["site-en"])
    url = f"https://en.example.org/news/{run}/"
    return archive.record_capture(
        run,
        Fetched(
            source="site-en", role=PageRole.ARTICLE, url=url, final_url=url, fetched_at=at, status=200,
            body=text.encode(),
        ),
    )  # fmt: skip


def understood(archive: Archive, capture: int, changes: int, text: str = "News.") -> None:
    archive.record_revision(
        capture, Outcome.NEW, PAGE, (), (),
        [
            Change(
                kind=ChangeKind.STATEMENT_NEW, significance=Significance.LOW,
                new_statements=(f"{text} {number}",),
            )
            for number in range(changes)
        ],
        said_on=DAY, extractor="1", understood_at=SEVEN, accepted=(), text_hash=f"{capture}",
    )  # fmt: skip


def ids(digest) -> list[int]:
    cards = (*digest.events, *digest.withdrawn, *digest.restored, *digest.edited, *digest.new)
    return sorted(change.id for card in cards for change in card.changes)


steps = st.lists(
    st.tuples(st.integers(-50, 50), st.sampled_from(["find", "visit", "understand", "close", "close again"])),
    max_size=25,
)


@settings(max_examples=25, deadline=None)
@given(steps=steps)
def test_every_change_is_told_in_exactly_one_digest_whatever_the_clock_does(tmp_path_factory, steps):
    path = tmp_path_factory.mktemp("year") / "cstowatch.db"
    with open_archive(path, write=True, create=True) as archive:
        now, waiting, digests = SEVEN, [], {}
        for hours, step in [*steps, (0, "close")]:
            now += dt.timedelta(hours=hours)  # backwards too
            match step:
                case "find":
                    found(archive, now, 2)
                case "visit":
                    waiting.append(visited(archive, now))
                case "understand" if waiting:
                    understood(archive, waiting.pop(), 1)
                case "close" | "close again":
                    digests[now.date()] = close_day(archive, now.date(), MOSCOW, now)
        last = now.date() + dt.timedelta(days=1000)
        digests[last] = close_day(archive, last, MOSCOW, now)

        told = sorted(number for digest in digests.values() for number in ids(digest))
        assert told == list(range(1, archive.newest_change() + 1))
        assert all(digest.since <= digest.until for digest in digests.values())


@settings(max_examples=25, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.integers(-50, 50), st.sampled_from(["begin", "end", "close"])), min_size=3, max_size=20
    )
)
def test_each_beginning_and_end_of_a_trouble_is_told_in_exactly_one_digest_whatever_the_clock_does(
    tmp_path_factory, steps
):
    path = tmp_path_factory.mktemp("year") / "cstowatch.db"
    with open_archive(path, write=True, create=True) as archive:
        now, days, digests, going = SEVEN, 0, [], []
        for hours, step in [*steps, (0, "close")]:
            now += dt.timedelta(hours=hours)  # backwards too
            match step:
                case "begin":
                    source = f"source-{len(archive.troubles())}"
                    going.append(archive.begin_trouble(source, TroubleKind.FAILING, "no answer", now).id)
                case "end" if going:
                    archive.end_trouble(going.pop(0), now)
                case "close":
                    days += 1
                    digests.append(close_day(archive, DAY + days * ONE, MOSCOW, now))
                    still = {each.id for each in digests[-1].period.going_on}
                    assert still == told_open(digests[:-1]).intersection(going)

        told = [(each.id, each.ended) for digest in digests for each in digest.troubles]
        known = archive.troubles()
        assert len(told) == len(set(told))
        assert {number for number, _ in told} == {each.id for each in known}
        assert {each for each in told if each[1]} == {(each.id, each.ended) for each in known if each.ended}


def told_open(digests) -> set[int]:
    return {each.id for digest in digests for each in digest.troubles if each.ended is None}


def test_a_period_tells_of_troubles_as_they_were_at_its_end(archive):
    hour = dt.timedelta(hours=1)
    for source, began, ended in (
        ("before", -3, -2), ("went on", -3, 30), ("ended", -3, 1), ("began", 1, 30), ("both", 1, 2),
        ("after", 30, 31),
    ):  # fmt: skip
        trouble = archive.begin_trouble(source, TroubleKind.FAILING, "no answer", SEVEN + began * hour)
        archive.end_trouble(trouble.id, SEVEN + ended * hour)

    told = digest_of(archive, SEVEN, SEVEN + ONE)

    assert {each.source: each.ended is not None for each in told.troubles} == {
        "ended": True, "began": False, "both": True,
    }  # fmt: skip
    assert [(each.source, each.ended) for each in told.period.going_on] == [("went on", None)]


def test_a_day_is_closed_once(archive):
    found(archive, SEVEN - ONE)
    first = close_day(archive, DAY, MOSCOW, SEVEN)
    found(archive, SEVEN + dt.timedelta(minutes=1))

    again = close_day(archive, DAY, MOSCOW, SEVEN + dt.timedelta(hours=1))
    following = close_day(archive, DAY + ONE, MOSCOW, SEVEN + ONE)

    assert (ids(first), ids(again), ids(following)) == ([1], [1], [2])
    assert again == first
    assert (following.since, following.until) == (SEVEN, SEVEN + ONE)


def test_what_was_understood_late_is_told_in_the_next_digest(archive):
    waiting = visited(archive, SEVEN - dt.timedelta(minutes=1))
    first = close_day(archive, DAY, MOSCOW, SEVEN)
    understood(archive, waiting, 1)

    assert ids(first) == []
    assert ids(close_day(archive, DAY + ONE, MOSCOW, SEVEN + ONE)) == [1]


def test_a_kept_digest_comes_out_byte_for_byte_the_same_after_notes_and_more_changes(archive):
    found(archive, SEVEN - ONE, 3)
    archive.record_note(3, Ruling.DISMISSED, "a doublet", SEVEN)
    close_day(archive, DAY, MOSCOW, SEVEN)
    before = {name: form(kept_digest(archive, DAY)) for name, form in FORMATS.items()}

    archive.record_note(1, Ruling.DISMISSED, "none", SEVEN)
    archive.record_note(2, Ruling.CONFIRMED, "asked", SEVEN)
    found(archive, SEVEN - ONE, 2)
    archive.record_sighting_of_page("https://en.example.org/other/", "https://en.example.org/news/1/")

    assert {name: form(kept_digest(archive, DAY)) for name, form in FORMATS.items()} == before
    assert kept_digest(archive, DAY).dismissed == 1
    assert kept_digest(archive, DAY + ONE) is None
    assert digest_of(archive, SEVEN - ONE, SEVEN).dismissed == 2


def test_the_first_digest_reaches_back_to_the_first_visit(archive):
    found(archive, SEVEN - 3 * ONE)

    assert close_day(archive, DAY, MOSCOW, SEVEN).since == SEVEN - 3 * ONE


def test_a_day_is_closed_beside_a_run(archive):
    with open_archive(archive.path, beside=True) as beside:
        close_day(beside, DAY, MOSCOW, SEVEN)

    assert kept_digest(archive, DAY) is not None
    found(archive, SEVEN)


def test_a_digest_of_nothing_ever_visited_is_of_its_day(archive):
    digest = close_day(archive, DAY, MOSCOW, SEVEN)

    assert (digest.since, digest.is_quiet) == (SEVEN.replace(hour=0), True)


def digest_command(archive: Archive, *options: str) -> str:
    from click.testing import CliRunner

    from monitor.cli import cstowatch

    # Without a configuration of the directory that the tests run in.
    config = archive.path.with_name("zone.toml")
    config.write_text('timezone = "Europe/Moscow"\n', encoding="utf-8")
    result = CliRunner().invoke(
        cstowatch,
        ["--config", str(config), "--db", str(archive.path), "digest", *options],
        catch_exceptions=False,
        env={"CSTOWATCH_DB": ""},
    )
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_command_tells_a_closed_day_as_it_was_kept_and_another_one_as_it_is(archive):
    found(archive, SEVEN - ONE, text="Before.")
    close_day(archive, DAY, MOSCOW, SEVEN)
    found(archive, SEVEN + dt.timedelta(hours=1), text="After.")

    closed, open_day = (digest_command(archive, "--date", day.isoformat()) for day in (DAY, DAY - ONE))
    spanned = digest_command(archive, "--since", f"{DAY}", "--until", f"{DAY}")

    assert "What was found from 10 September 2025, 07:00 +03:00" in closed
    assert "Before. 0" in closed
    assert "After. 0" not in closed
    assert "Before. 0" in open_day
    assert "After. 0" in spanned


def test_the_command_tells_in_russian(archive):
    assert "Дайджест csto-watch, 11 сентября 2025" in digest_command(
        archive, "--date", DAY.isoformat(), "--lang", "ru"
    )


def test_a_russian_reader_is_told_russian_names():
    from monitor.readers import reader_of
    from seeds.gazetteer import load_gazetteer

    names = reader_of("ru", None, load_gazetteer()).names

    assert (names["Rubezh"], names["Indestructible Brotherhood"]) == ("Рубеж", "Нерушимое братство")
    assert names["Edelweiss"] == "Эдельвейс"
    assert reader_of("en", None, load_gazetteer()).names == {}


def test_two_that_close_one_day_at_once_keep_one_digest(archive):
    from concurrent.futures import ThreadPoolExecutor

    found(archive, SEVEN - ONE, 3)

    def close(number: int) -> list[int]:
        with open_archive(archive.path, beside=True) as beside:
            return ids(close_day(beside, DAY, MOSCOW, SEVEN + dt.timedelta(minutes=number)))

    with ThreadPoolExecutor(4) as pool:
        closed = list(pool.map(close, range(4)))

    assert closed == [[1, 2, 3]] * 4
    assert [kept.place for kept in archive.kept_digests()] == [1]


def test_pages_looked_at_are_each_counted_once_by_what_is_to_tell_of_them(site, page):
    site.pages |= {name: page(f"Talks on {name}", f"Once on {name}.", *SAID) for name in "abcde"}
    site.run("2025-09-11T06:00")
    site.pages["a"] = 404
    site.pages["b"] = page("Talks on b", "Twice on b.", *SAID)
    site.run("2025-09-12T06:00")
    site.pages["c"] = 500
    site.run("2025-09-12T20:00")

    whole = FORMATS["text"](digest_of(site.archive, SEVEN - ONE, SEVEN + 9 * ONE, MOSCOW))
    later = FORMATS["text"](digest_of(site.archive, SEVEN + ONE / 2, SEVEN + 9 * ONE, MOSCOW))
    (covered,) = site.archive.coverage(SEVEN - ONE, SEVEN + 9 * ONE)

    assert "site-en: 5 pages (4 new, 1 gone)" in whole
    assert "site-en: 5 pages (1 changed, 1 gone, 1 failed)" in later
    assert sum(covered.found.values()) == covered.pages < sum(covered.outcomes.values())


def test_a_page_that_came_back_is_told_as_restored_and_not_as_edited(site, page):
    site.pages["talks"] = body = page("Talks on joint training", "The staff met.", *SAID)
    site.run("2025-09-11T06:00")
    site.pages["talks"] = 404
    site.run("2025-09-12T06:00")
    site.run("2025-09-12T20:00")
    site.pages["talks"] = body
    site.run("2025-09-14T06:00")

    told = FORMATS["text"](digest_of(site.archive, SEVEN + 2 * ONE, SEVEN + 9 * ONE, MOSCOW))

    assert "1 page restored" in told.splitlines()
    assert "RESTORED PAGES\n\nTalks on joint training" in told
    assert "EDITED" not in told
