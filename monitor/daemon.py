"""The daemon's decisions: what is due, what runs, what becomes of it; turned by a clock that is handed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diffing.model import TroubleKind
from monitor.children import Child, Start
from monitor.logs import Level, Log
from monitor.slots import DIGEST, Daily, Every, Job, plan
from storage.slots import Slot, SlotState

if TYPE_CHECKING:
    from storage.archive import Archive

__all__ = ["Daemon"]

# A slot whose run breaks is begun so often; what breaks three times is not mended by a fourth.
MOST_TRIES = 3

# Seconds (monotonic) until a broken run is begun again, times its tries squared; and until one that found the
# database in use by an ad-hoc run is.
PAUSE, LOCKED_PAUSE = 60.0, 30.0
LONGEST_PAUSE = 3600.0

# Seconds that a run may take. A crawl of a site with a thousand new pages at two seconds each takes 40
# minutes; one of 2,000 with a delay of five takes three hours. What was fetched by then is kept.
LONGEST_CRAWL, LONGEST_TELLING = 4 * 3600.0, 900.0

# Seconds until a child that was asked to end is asked again, which has it drop what is under way, and until
# it is killed. systemd's default patience is 90, the promise to a person 30.
ASK_AGAIN, KILL = 10.0, 20.0

# So long a digest waits for crawls that are due before it: what they find belongs into it.
DIGEST_WAITS = dt.timedelta(minutes=30)

# A channel that could not be reached is tried when its own pause is over; looked up this often (seconds).
WAITING_LOOKED_UP = 60.0

# A source is overdue when so many of its looks in a row did not come to be, while the daemon ran. A restart,
# an upgrade or a long ad-hoc run costs one or two of an hourly source. A daemon that itself was away for so
# many (a machine that was off or asleep) is told of once, as what it is.
UNSEEN_INTERVALS = 3

_ITSELF = "csto-watch"

_CRAWL, _TELL = "crawl", "tell"
_DONE, _SOURCES_FAILED, _NO_DATABASE = 0, 1, 3


@dataclass(slots=True)
class _Work:
    """A child under way: for which slots, since when (monotonic), and when it was asked to end, and why."""

    child: Child
    slots: Sequence[Slot]
    began: float
    limit: float
    asked: float | None = None
    asked_again: bool = False
    overran: bool = False


class Daemon:
    """Plans slots, starts children for them, notes what became of both. It waits for nothing itself.

    The archive is open for writing beside runs. `start` begins a command of this program elsewhere.
    `channels` are the names of those to be told; `keeps_up` says whether something is to be written after
    each crawl even without any; `judges_gaps` whether a time without looks is a trouble.
    """

    def __init__(
        self,
        archive: Archive,
        jobs: Sequence[Job],
        start: Start,
        log: Log,
        *,
        channels: Sequence[str] = (),
        keeps_up: bool = False,
        judges_gaps: bool = True,
    ) -> None:
        self._archive = archive
        self._jobs: Mapping[str, Job] = {job.name: job for job in jobs}
        self._start = start
        self._log = log
        self._channels = channels
        self._keeps_up = keeps_up
        self._judges_gaps = judges_gaps
        self._works: dict[str, _Work] = {}
        self._not_before: dict[int, float] = {}
        self._to_tell = True
        self._looked_up = float("-inf")
        self._awake_since: dt.datetime | None = None
        self._stopping = False
        self.failed = False

    def adopt(self, now: dt.datetime) -> None:
        """Takes over the slots that the daemon before this one left; once, before any turn."""
        for slot in self._archive.open_slots():
            if slot.job not in self._jobs:
                self._archive.end_slot(slot.id, now, SlotState.MISSED, "this is no job any more")
        # A channel that is met here is told of what comes from now on.
        self._archive.meet_channels(self._channels, now)
        for job in self._jobs.values():
            if isinstance(job, Daily) and self._archive.newest_slot(job.name) is None:
                self._archive.skip_slot(job.name, job.last(now), "the watch began after it", now)

    def turn(self, now: dt.datetime, tick: float) -> None:
        """Does what is to be done at `now` (aware; `tick` is the monotonic clock in seconds), and returns."""
        for kind in tuple(self._works):
            self._look_after(kind, now, tick)
        if self._stopping:
            return
        self._plan(now)
        self._take_up()
        self._begin(now, tick)

    def stop(self, tick: float) -> None:
        """Begins nothing any more, and asks what runs to end; `turn` sees to it."""
        self._stopping = True
        for work in self._works.values():
            self._ask(work, tick)

    @property
    def busy(self) -> bool:
        """True while a child runs."""
        return bool(self._works)

    def kill(self) -> None:
        """Ends the children at once: the daemon itself is broken."""
        for work in self._works.values():
            work.child.kill()

    def waiting(self, tick: float) -> bool:
        """True while something is due that could be begun now."""
        return bool(self._due(tick))

    def _due(self, tick: float) -> list[Slot]:
        under_way, open_slots = self._under_way(), self._archive.open_slots()
        self._not_before = {
            slot.id: self._not_before[slot.id] for slot in open_slots if slot.id in self._not_before
        }
        return [
            slot
            for slot in open_slots
            if slot.state is SlotState.DUE
            and slot.id not in under_way
            and self._not_before.get(slot.id, tick) <= tick
        ]

    def _plan(self, now: dt.datetime) -> None:
        if self._judges_gaps:
            self._judge_itself(now)
        for job in self._jobs.values():
            planned = plan(job, self._archive.newest_slot(job.name), now)
            missed = self._archive.plan_slots(job.name, planned.era, planned.due, now) + planned.left_out
            if missed:
                self._log("missed", Level.WARNING, job=job.name, slots=missed)
            if self._judges_gaps and planned.due and isinstance(job, Every):
                self._judge_unseen(job, now)

    def _take_up(self) -> None:
        """Makes due again what a daemon that was killed left running, or a full disk took no note of."""
        under_way = self._under_way()
        for slot in self._archive.open_slots():
            if slot.state is SlotState.RUNNING and slot.id not in under_way:
                self._log("taken_up", Level.WARNING, job=slot.job, due=_stamp(slot.due), tries=slot.tries)
                # No try of its own: begun again with the same sources, it takes up what was cut short.
                self._archive.put_back(slot.id, "the daemon ended while it ran", counted=False)

    def _under_way(self) -> set[int]:
        return {slot.id for work in self._works.values() for slot in work.slots}

    def _judge_itself(self, now: dt.datetime) -> None:
        """Notes that nobody planned for long: every turn plans what has come, so no daemon turned."""
        slots = [slot for job in self._jobs if (slot := self._archive.newest_slot(job)) is not None]
        intervals = [job.interval for job in self._jobs.values() if isinstance(job, Every)]
        if not slots or not intervals:
            self._awake_since = self._awake_since or now
            return
        last = max(slot.planned for slot in slots)
        if now - last < UNSEEN_INTERVALS * min(intervals):
            self._awake_since = self._awake_since or now
            return
        self._awake_since = now
        detail = f"nobody looked from {last:%Y-%m-%d %H:%MZ} to {now:%Y-%m-%d %H:%MZ}"
        trouble = self._archive.begin_trouble(_ITSELF, TroubleKind.DOWN, detail, last)
        self._archive.end_trouble(trouble.id, now)
        self._log("was_down", Level.WARNING, since=_stamp(last))
        self._to_tell = True

    def _judge_unseen(self, job: Every, now: dt.datetime) -> None:
        source = job.name.partition(":")[2]
        seen = self._archive.last_visit(source)
        if seen is None or self._awake_since is None:
            return
        # What was due before this daemon ran, nobody could expect of it.
        if now - max(seen, self._awake_since) >= UNSEEN_INTERVALS * job.interval:
            self._trouble(source, f"it was not looked at since {seen:%Y-%m-%d %H:%MZ}", now)

    def _trouble(self, source: str, detail: str, now: dt.datetime) -> None:
        trouble = self._archive.begin_trouble(source, TroubleKind.OVERDUE, detail, now)
        if trouble.began == now:
            self._log("trouble", Level.ERROR, source=source, kind=trouble.kind.value, detail=trouble.detail)
            self._to_tell = True

    def _seen(self, sources: Sequence[str], now: dt.datetime) -> None:
        for trouble in self._archive.troubles(open_only=True):
            if trouble.kind is TroubleKind.OVERDUE and trouble.source in sources:
                self._archive.end_trouble(trouble.id, now)
                self._log("trouble_over", source=trouble.source, kind=trouble.kind.value)

    def _begin(self, now: dt.datetime, tick: float) -> None:
        due = self._due(tick)
        crawls = [slot for slot in due if slot.job != DIGEST]
        digests = [slot for slot in due if slot.job == DIGEST]
        if crawls and _CRAWL not in self._works:
            # What broke a run that looked at several sources must not break it for all of them again.
            fresh = [slot for slot in crawls if slot.tries == 0]
            self._crawl(fresh or crawls[:1], now, tick)
        if _TELL in self._works:
            return
        crawling = _CRAWL in self._works
        if digests and (not crawling or now - digests[0].planned >= DIGEST_WAITS):
            self._tell(digests[0], now, tick)
        elif not crawling and (self._to_tell or self._deliveries_wait(now, tick)):
            if self._channels or self._keeps_up:
                self._tell(None, now, tick)
            self._to_tell = False

    def _crawl(self, slots: Sequence[Slot], now: dt.datetime, tick: float) -> None:
        names = sorted(slot.job.partition(":")[2] for slot in slots)
        child = self._start((_CRAWL, *names))
        self._works[_CRAWL] = _Work(child=child, slots=slots, began=tick, limit=LONGEST_CRAWL)
        self._archive.begin_slots([slot.id for slot in slots], now, child.pid)
        self._log("crawl_begins", sources=list(names), pid=child.pid)

    def _tell(self, slot: Slot | None, now: dt.datetime, tick: float) -> None:
        arguments = [_TELL]
        if slot is not None:
            job = self._jobs[DIGEST]
            assert isinstance(job, Daily)  # noqa: S101 - the digest's job is no other
            arguments += ["--digest", job.day(slot.due).isoformat()]
        child = self._start(arguments)
        slots = () if slot is None else (slot,)
        self._works[_TELL] = _Work(child=child, slots=slots, began=tick, limit=LONGEST_TELLING)
        self._archive.begin_slots([each.id for each in slots], now, child.pid)
        self._log("telling_begins", digest=arguments[-1] if slot else None, pid=child.pid)

    def _deliveries_wait(self, now: dt.datetime, tick: float) -> bool:
        if tick < self._looked_up + WAITING_LOOKED_UP:
            return False
        self._looked_up = tick
        return any(
            delivery.next_try is None or delivery.next_try <= now
            for channel in self._channels
            for delivery in self._archive.open_deliveries(channel)
        )

    def _ask(self, work: _Work, tick: float) -> None:
        if work.asked is None:
            work.asked = tick
            work.child.ask_to_end()

    def _look_after(self, kind: str, now: dt.datetime, tick: float) -> None:
        work = self._works[kind]
        code = work.child.poll()
        if code is None:
            self._hurry(work, tick)
            return
        del self._works[kind]
        said = work.child.said()
        seconds = round(tick - work.began, 1)
        passing = code in {_SOURCES_FAILED, _NO_DATABASE}
        level = Level.INFO if code == _DONE else Level.WARNING if passing else Level.ERROR
        self._log(f"{kind}_ended", level, code=code, seconds=seconds, said=list(said[-8:]) or None)
        reason = said[-1] if said else f"it ended with {code}"
        if kind == _CRAWL:
            self._to_tell = True
            self._crawled(work, code, reason, now, tick)
        else:
            self._told(work, code, reason, now, tick)

    def _hurry(self, work: _Work, tick: float) -> None:
        """Ends a child that takes too long, or does not end when asked."""
        if work.asked is None and tick - work.began > work.limit:
            work.overran = True
            self._ask(work, tick)
        if work.asked is None:
            return
        if tick - work.asked > KILL:
            work.child.kill()
        elif tick - work.asked > ASK_AGAIN and not work.asked_again:
            work.asked_again = True
            work.child.ask_to_end()

    def _crawled(self, work: _Work, code: int, reason: str, now: dt.datetime, tick: float) -> None:
        names = [slot.job.partition(":")[2] for slot in work.slots]
        if code in {_DONE, _SOURCES_FAILED}:
            failures = self._failures(names)
            for slot, name in zip(work.slots, names, strict=True):
                failure = failures.get(name)
                self.failed |= failure is not None
                state = SlotState.FAILED if failure else SlotState.RAN
                self._archive.end_slot(slot.id, now, state, failure)
            self._seen(names, now)
            return
        self.failed |= not self._stopping and code != _NO_DATABASE
        for slot in work.slots:
            if work.overran:
                hours = work.limit / 3600
                self._fail(slot, f"it took longer than {hours:g} hours; what was fetched is kept", now)
            elif code == _NO_DATABASE:
                self._put_back(slot, reason, tick + LOCKED_PAUSE, counted=False)
            elif self._stopping:
                self._put_back(slot, "the daemon was ended while it ran", tick, counted=False)
            else:
                self._not_before[slot.id] = tick + min(PAUSE * (slot.tries + 1) ** 2, LONGEST_PAUSE)
                self._put_back_or_fail(slot, reason, now)

    def _told(self, work: _Work, code: int, reason: str, now: dt.datetime, tick: float) -> None:
        for slot in work.slots:
            if code == _DONE:
                self._archive.end_slot(slot.id, now, SlotState.RAN)
            else:
                # A digest is tried until it is made, or until the next one tells what it would have.
                pause = min(PAUSE * (slot.tries + 1) ** 2, LONGEST_PAUSE)
                self.failed |= not self._stopping
                self._put_back(slot, reason, tick + pause, counted=not self._stopping)

    def _put_back(self, slot: Slot, reason: str, not_before: float, *, counted: bool) -> None:
        self._not_before[slot.id] = not_before
        self._archive.put_back(slot.id, reason, counted=counted)

    def _put_back_or_fail(self, slot: Slot, reason: str, now: dt.datetime) -> None:
        # The slot is as it was before it was begun.
        if slot.tries + 1 < MOST_TRIES:
            self._archive.put_back(slot.id, reason)
        else:
            self._fail(slot, reason, now)

    def _fail(self, slot: Slot, reason: str, now: dt.datetime) -> None:
        self.failed = True
        self._archive.end_slot(slot.id, now, SlotState.FAILED, reason)
        self._trouble(slot.job.partition(":")[2], f"it could not be looked at: {reason}", now)

    def _failures(self, names: Sequence[str]) -> Mapping[str, str]:
        """What the newest crawl over these sources found wrong with each."""
        for run in self._archive.runs(20):
            if run.command == _CRAWL and set(run.sources) == set(names):
                return run.failures
        return {}


def _stamp(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
