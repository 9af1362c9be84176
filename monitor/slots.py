"""When which job is due: a grid in UTC for each source, one time a local day for the digest; pure."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from zoneinfo import ZoneInfo

from seeds.sources import Source
from storage.slots import Slot

__all__ = ["DIGEST", "Daily", "Every", "Job", "Plan", "crawl_job", "jobs_of", "plan"]

DIGEST = "digest"

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_DAY = dt.timedelta(days=1)

# Sources of one interval are not all asked at the full hour, when everybody asks: each keeps a moment of its
# own, a tenth of its interval after it at most. Set by hand; more would only make "hourly" hard to read.
_SPREAD, _WIDEST = 10, dt.timedelta(minutes=5)

# Times of one job that are noted as missed at once. A clock that is wrong by decades (an empty battery) would
# have the database filled with them: an hourly source has 8,766 a year.
_MOST_MISSED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """A job that is due at each multiple of `interval` since 1970 in UTC, plus `offset`."""

    name: str
    interval: dt.timedelta
    offset: dt.timedelta = dt.timedelta(0)

    def last(self, now: dt.datetime) -> dt.datetime:
        """The last time at or before `now` at which it was due."""
        return _EPOCH + self.offset + (now - _EPOCH - self.offset) // self.interval * self.interval

    def next(self, after: dt.datetime) -> dt.datetime:
        """The first time after `after` at which it is due."""
        return self.last(after) + self.interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """A job that is due once in each local day, at the wall clock's `at` in `zone`.

    A time that summer time leaves out counts as what the clock shows then (02:30 as 03:30), one that comes
    twice as the first of the two.
    """

    name: str
    at: dt.time
    zone: ZoneInfo
    interval: dt.timedelta = _DAY

    def on(self, day: dt.date) -> dt.datetime:
        """When it is due on that local day, in UTC."""
        return dt.datetime.combine(day, self.at, self.zone).astimezone(dt.UTC)

    def day(self, due: dt.datetime) -> dt.date:
        """The local day to which a time at which it was due belongs."""
        return due.astimezone(self.zone).date()

    def last(self, now: dt.datetime) -> dt.datetime:
        """The last time at or before `now` at which it was due."""
        today = self.day(now)
        return next(due for back in range(3) if (due := self.on(today - back * _DAY)) <= now)

    def next(self, after: dt.datetime) -> dt.datetime:
        """The first time after `after` at which it is due."""
        today = self.day(after)
        return next(due for ahead in range(-1, 3) if (due := self.on(today + ahead * _DAY)) > after)


Job: TypeAlias = Every | Daily


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Times that have come, oldest first, in an era of the clock; `left_out` more are not told one by one."""

    era: int = 0
    due: Sequence[dt.datetime] = ()
    left_out: int = 0


def crawl_job(source: str) -> str:
    """The name of the job that looks at a source."""
    return f"crawl:{source}"


def jobs_of(sources: Sequence[Source], digest_at: dt.time, zone: ZoneInfo) -> tuple[Job, ...]:
    """The jobs of a daemon: a look at each source, and the digest."""
    return (
        *(
            Every(
                name=crawl_job(source.name),
                interval=source.interval,
                offset=_offset(source.name, source.interval),
            )
            for source in sources
        ),
        Daily(name=DIGEST, at=digest_at, zone=zone),
    )


def plan(job: Job, newest: Slot | None, now: dt.datetime) -> Plan:
    """Which times of the job have come by `now` that no slot stands for; `newest` is its last slot.

    A job without any slot is due at once. Where the last slot is further ahead of the clock than the job's
    interval, the clock was set back: the times come again, in a new era. Where it is a little ahead the job
    waits for the clock, so that a clock that is put right by seconds makes nothing run twice.
    """
    last = job.last(now)
    if newest is None:
        return Plan(due=(last,))
    if newest.due > now + job.interval:
        return Plan(era=newest.era + 1, due=(last,))
    if newest.due >= last:
        return Plan(era=newest.era)
    count = max(0, (last - newest.due) // job.interval - _MOST_MISSED)
    start = newest.due + count * job.interval
    return Plan(era=newest.era, due=tuple(_times(job, start, last)), left_out=count)


def _times(job: Job, after: dt.datetime, until: dt.datetime) -> Iterator[dt.datetime]:
    due = job.next(after)
    while due <= until:
        yield due
        due = job.next(due)


def _offset(name: str, interval: dt.timedelta) -> dt.timedelta:
    """A moment of the source's own, the same on every start of every machine, in whole seconds."""
    widest = min(interval / _SPREAD, _WIDEST)
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")
    return dt.timedelta(seconds=number % max(1, int(widest.total_seconds())))
