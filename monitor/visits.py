"""Which of a source's known pages are looked at next, when, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import TYPE_CHECKING

from crawler.scheduling import Pace, Plan, pace_of
from diffing.wording import plain

if TYPE_CHECKING:
    from diffing.model import PageState
    from seeds.sources import Source
    from storage.archive import Archive

__all__ = ["USUAL", "Coming", "coming", "coming_visits", "told"]

# The pace of a source that the sources' file does not name is that of one which says nothing of it.
USUAL = Pace(looks_a_day=1000.0, interval=dt.timedelta(hours=1))

_DAY = dt.timedelta(days=1)
_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """The visits to come: the soonest with moment and reason, and how many pages are due by when.

    `soonest` holds (moment, address, why), `due` counts the pages due now, `within_a_day` these and those
    that will be in a day, `looks_a_day` is the most that the source allows.
    """

    soonest: tuple[tuple[dt.datetime, str, str], ...]
    pages: int
    due: int
    within_a_day: int
    looks_a_day: float


def coming(pages: Sequence[PageState], pace: Pace, now: dt.datetime) -> Coming:
    """The visits to come to these pages, which are all of a source, as seen at `now` (aware)."""
    plan = Plan.of(pages, pace)
    moments = [plan.next_at(page) for page in pages]
    soonest = nsmallest(_SHOWN, zip(moments, pages, strict=True), key=lambda one: (one[0], one[1].url))
    return Coming(
        soonest=tuple((at, page.url, plan.next_visit(page).why) for at, page in soonest),
        pages=len(pages),
        due=sum(at <= now for at in moments),
        within_a_day=sum(at <= now + _DAY for at in moments),
        looks_a_day=pace.looks_a_day,
    )


def coming_visits(
    archive: Archive, names: Sequence[str], sources: Sequence[Source], now: dt.datetime
) -> Mapping[str, Coming]:
    """The visits to come, by name of the source; those of which no page is known are left out."""
    paces = {source.name: pace_of(source) for source in sources}
    states = {
        name: [page for page in archive.page_states(name, on=now.date()) if page.moved_to is None]
        for name in names
    }
    return {name: coming(pages, paces.get(name, USUAL), now) for name, pages in states.items() if pages}


def told(found: Coming) -> Iterator[str]:
    """In a line each: how much is to come, and the soonest visits."""
    pages = "page" if found.pages == 1 else "pages"
    yield (
        f"{found.pages:,} known {pages}, {found.due:,} due now, {found.within_a_day:,} within a day, "
        f"at most {found.looks_a_day:,.0f} looks a day"
    )
    for at, url, why in found.soonest:
        yield f"{at:%Y-%m-%d %H:%MZ} {plain(url)} ({why})"
