"""What sites asked of us, in this run and before it: their robots.txt, and to be left alone for a while."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest

from diffing.model import Manner, Rest, RobotsCopy

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["Manners", "Resting", "manners_of"]

# RFC 9309, 2.4: no copy of a robots.txt is used for longer.
FRESH = dt.timedelta(hours=24)

# A Retry-After of years, out of malice or by a slip, must not silence a source: it is asked once a day.
LONGEST_REST = dt.timedelta(hours=24)


class Resting(IgnoreRequest):
    """The host asked to be left alone, and the time is not over. `unreachable`: no page of it is asked."""

    unreachable = True


@dataclass(slots=True, kw_only=True)
class Manners:
    """What is known of the sites' wishes; `began` is the clock of the run (aware) when it began.

    What a run learns waits in `learned`, to be kept for the next.
    """

    began: dt.datetime
    robots: dict[str, RobotsCopy] = field(default_factory=dict)
    rests: dict[str, dt.datetime] = field(default_factory=dict)
    learned: list[Manner] = field(default_factory=list)
    _since: float = field(default_factory=time.monotonic)

    @classmethod
    def of(cls, known: Iterable[Manner], began: dt.datetime) -> Manners:
        """What runs before had learned."""
        manners = cls(began=began)
        for manner in known:
            if isinstance(manner, RobotsCopy):
                manners.robots[manner.origin] = manner
            else:
                manners.rests[manner.host] = manner.until
        return manners

    def robots_of(self, origin: str) -> RobotsCopy | None:
        """The origin's robots.txt, where it was read in the last 24 hours."""
        copy = self.robots.get(origin)
        fresh = copy is not None and dt.timedelta(0) <= self.began - copy.fetched_at < FRESH
        return copy if fresh else None

    def keep_robots(self, origin: str, status: int, body: bytes) -> None:
        """Notes an origin's robots.txt as it was read now; `body` is the part that counts."""
        self.robots[origin] = RobotsCopy(origin=origin, fetched_at=self.began, status=status, body=body)
        self.learned.append(self.robots[origin])

    def rest(self, host: str, seconds: float) -> None:
        """Notes that the host asked to be left alone for so long from now; a day at most is believed."""
        until = self._now() + min(dt.timedelta(seconds=seconds), LONGEST_REST)
        self.rests[host] = until.replace(microsecond=0) + dt.timedelta(seconds=1)
        self.learned.append(Rest(host=host, until=self.rests[host]))

    def refuse_while_resting(self, host: str) -> None:
        """Raises Resting where the host is to be left alone now."""
        until = self.rests.get(host)
        # By a clock that was set back the rest would have no end.
        if until is not None and dt.timedelta(0) < until - self._now() <= LONGEST_REST:
            raise Resting(f"{host} asked to be left alone until {until:%Y-%m-%d %H:%M:%SZ} (Retry-After)")

    def _now(self) -> dt.datetime:
        return self.began + dt.timedelta(seconds=time.monotonic() - self._since)


def manners_of(crawler: Crawler) -> Manners:
    """The manners that crawler/run.py gave the crawl. Raises AttributeError where it gave none."""
    manners: Manners = crawler.manners  # type: ignore[attr-defined]  # put there by crawler/run.py
    return manners
