"""Judges after each run what is wrong with its sources; each trouble begins once and ends once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from crawler.links import read_listing
from diffing.model import Fetched, Outcome, TroubleKind
from monitor.health import HABIT_EVER, Seen, begins, ends, findings
from seeds.sources import Source
from storage.troubles import Sign

if TYPE_CHECKING:
    from storage.archive import Archive

__all__ = ["article_links", "judge_sources"]

# What was usual is counted over so long; a month holds every weekday four times.
USUAL = dt.timedelta(days=30)


def article_links(listing: Fetched, source: Source) -> int | None:
    """How many addresses of articles a listing names; None: it did not come whole."""
    if listing.status != 200 or not listing.body:
        return None
    found = read_listing(listing.body, listing.header("Content-Type"), listing.final_url)
    return sum(1 for url in found.pages if re.search(source.articles, url))


def judge_sources(
    archive: Archive,
    run: int,
    sources: Sequence[Source],
    failures: Mapping[str, str],
    links: Mapping[str, int],
    now: dt.datetime,
    *,
    watched: Collection[str],
) -> None:
    """Judges the sources of a run that has ended, at the clock `now` of the run; keeps what begins or ends.

    `failures` holds the reason by source that could not be looked at, `links` the addresses of articles
    by source of which a listing came whole. What is open of a source that is not `watched` any more ends.
    """
    for trouble in archive.troubles(open_only=True):
        if trouble.kind is not TroubleKind.UNSENT and trouble.source not in watched:
            archive.end_trouble(trouble.id, now)
    outcomes = archive.outcomes_of(run)
    usual = _usual(archive, now) if any(_rejected(outcomes.get(each.name, {})) for each in sources) else {}
    for source in sources:
        name, found = source.name, outcomes.get(source.name, {})
        before = usual.get(name, {})
        seen = Seen(
            failure=failures.get(name),
            links=links.get(name),
            visited=sum(found.values()),
            rejected=_rejected(found),
            # The month includes this run.
            usually_visited=sum(before.values()) - sum(found.values()),
            usually_rejected=_rejected(before) - _rejected(found),
            edited=archive.edited_sizes(run, name),
            arrivals=archive.arrivals(name, now - 2 * HABIT_EVER),
        )
        _keep(archive, name, findings(seen, now), now)


def _keep(archive: Archive, source: str, found: Mapping[TroubleKind, str | None], now: dt.datetime) -> None:
    signs = archive.signs(source)
    going = {
        trouble.kind: trouble for trouble in archive.troubles(open_only=True) if trouble.source == source
    }
    with archive.together():
        for kind, detail in found.items():
            sign = _next(signs.get(kind), bad=detail is not None, now=now)
            archive.keep_sign(source, kind, sign)
            if detail is not None and kind not in going and begins(kind, sign):
                archive.begin_trouble(source, kind, detail, now)
            elif kind in going and ends(kind, sign, now):
                archive.end_trouble(going[kind].id, now)


def _next(last: Sign | None, *, bad: bool, now: dt.datetime) -> Sign:
    if last is None or last.bad != bad:
        return Sign(bad=bad, streak=1, since=now)
    return Sign(bad=bad, streak=last.streak + 1, since=last.since)


def _usual(archive: Archive, now: dt.datetime) -> Mapping[str, Mapping[Outcome, int]]:
    until = now + dt.timedelta(microseconds=1)
    return {each.source: each.outcomes for each in archive.coverage(now - USUAL, until)}


def _rejected(outcomes: Mapping[Outcome, int]) -> int:
    return outcomes.get(Outcome.REJECTED, 0)
