"""How each source fares, in one word and one reason."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from diffing.formats.records import stamp
from diffing.model import JsonValue

if TYPE_CHECKING:
    from storage.records import RunRecord, SourceHealth

__all__ = ["growth", "long_unseen", "looked", "needs_a_person", "source_records"]

Record = dict[str, JsonValue]

# A source is overdue when so many of its looks in a row did not come to be. A restart, an upgrade or a long
# ad-hoc run costs one or two of an hourly source; three are a machine that was off.
UNSEEN_INTERVALS = 3


def source_records(health: Sequence[SourceHealth], runs: Sequence[RunRecord]) -> list[Record]:
    """A record a source; `state` is `ok`, `failing` or `unvisited`.

    Failing is a source of which every visit fails, or of which the last run says so.
    `runs` are the newest first: the newest run that looked at a source tells what it found wrong.
    """
    return [_record(source, _failure(source.source, runs)) for source in health]


def looked(runs: Sequence[RunRecord]) -> tuple[RunRecord, ...]:
    """The runs that asked the sources themselves; what was imported tells nothing of how they fare."""
    return tuple(run for run in runs if run.command != "import")


def growth(runs: Sequence[RunRecord]) -> str:
    """By how many bytes a day the database grew over the runs, newest first, in one sentence."""
    sized = [(run.started, run.bytes) for run in reversed(runs) if run.bytes is not None]
    days = (sized[-1][0] - sized[0][0]) / dt.timedelta(days=1) if sized else 0
    if days <= 0:
        return "How fast it grows shows after runs on two days."
    # What was let go in between does not count against what came.
    grown = sum(max(0, after - before) for (_, before), (_, after) in itertools.pairwise(sized))
    return f"It grew by {grown / days:,.0f} bytes a day over the last {len(sized)} runs ({days:,.0f} days)."


def needs_a_person(records: Sequence[Record]) -> bool:
    """True when a source is failing."""
    return any(record["state"] == "failing" for record in records)


def long_unseen(seen: dt.datetime | None, interval: dt.timedelta, now: dt.datetime) -> str | None:
    """Says that a source was not looked at for several of its intervals; None: it was, or never yet."""
    if seen is None or now - seen < UNSEEN_INTERVALS * interval:
        return None
    return f"it was not looked at since {seen:%Y-%m-%d %H:%MZ}"


def _record(source: SourceHealth, failure: str | None) -> Record:
    reason = failure or (source.failure if source.silent_since else None)
    state = "unvisited" if source.last_visit is None else "failing" if reason else "ok"
    return {
        "source": source.source,
        "lang": source.language,
        "state": state,
        "pages": source.pages,
        "last_visit": stamp(source.last_visit) if source.last_visit else None,
        "last_success": stamp(source.last_success) if source.last_success else None,
        "silent_since": stamp(source.silent_since) if source.silent_since else None,
        "reason": reason,
    }


def _failure(source: str, runs: Sequence[RunRecord]) -> str | None:
    return next((run.failures.get(source) for run in runs if source in run.sources), None)
