"""How each source fares: in one word and one reason, and what of it needs a person; pure."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diffing.formats.records import stamp
from diffing.model import JsonValue, TroubleKind

if TYPE_CHECKING:
    from seeds.sources import Source
    from storage.records import RunRecord, SourceHealth
    from storage.troubles import Sign, TextSizes

__all__ = [
    "HABIT_EVER",
    "REPLAY",
    "RUNS_LOOKED_AT",
    "Seen",
    "begins",
    "ends",
    "findings",
    "growth",
    "looked",
    "needs_a_person",
    "source_records",
]

Record = dict[str, JsonValue]

# A run may look at some sources only; among so many each source has had its turn.
RUNS_LOOKED_AT = 50

# A source that was not looked at for so long, and for so many of its intervals, is overdue: even one that is
# looked at once a day has had two chances since. The daemon tells sooner; this is where none runs.
LONG_AGO, INTERVALS_AGO = dt.timedelta(days=2), 3

REPLAY = "replay"
"""The command of a run whose clock was set by `--now`: that it is long ago says nothing of the schedule."""

# A source is silent when nothing new came for so many times the longest gap between its new pages of the
# last 90 days (of 400 where 90 hold fewer than eight gaps, as of a site with one page in a fortnight; fewer
# still: it is not judged), and for three days at least. Simulated over 80 years of editors who write 3, 1,
# 0.3 and 0.1 pages a working day and rest over New Year and in May: 0.9, 0.2, 0.3 and 0.3 false alarms a
# year, and one that falls silent is noticed after 10, 14, 32 and 96 days. A factor of 3 has almost no false
# alarm and takes half as long again. tests/monitor/test_health.py measures it again.
SILENCE_FACTOR = 2
SILENCE_LEAST = dt.timedelta(days=3)
HABIT_LATELY, HABIT_EVER, HABIT_GAPS = dt.timedelta(days=90), dt.timedelta(days=400), 8

# A rise of what is rejected: three pages at least, and more than chance makes of the share that was usual
# over the last 30 days (three standard deviations of a binomial count). Pages that never were articles
# (a film, a gallery) are rejected at every visit, and so are part of the usual share.
REJECTED_LEAST, REJECTED_DEVIATIONS = 3, 3.0

# A redesign: so many of the pages that were found edited at once, and half of them at least, lost a fifth of
# their text or more. An editor shortens one page; a template that loses a block shortens all. Texts under
# 400 characters lose a fifth by a sentence.
SHRUNK_LEAST, SHRUNK_SHARE, SHRUNK_TO, SHRUNK_FROM = 3, 0.5, 0.8, 400

# How often in a row a source must be found in trouble until that is told, and well until that is: one run
# that fails is a server that restarts. A redesign is seen once, so it is told at once, and it is over when
# no text has shrunk for a week. Silence is judged by a threshold that only a new page crosses: once is
# enough.
_BEGINS = {TroubleKind.SILENT: 1, TroubleKind.SHRUNK: 1}
_TWICE = 2
_CALM = {TroubleKind.SHRUNK: dt.timedelta(days=7)}


def source_records(
    health: Sequence[SourceHealth], runs: Sequence[RunRecord], watched: Sequence[Source], now: dt.datetime
) -> list[Record]:
    """A record a source; `state` is `ok`, `failing`, `overdue`, `replayed` or `unvisited`.

    Failing is a source of which every visit fails, or of which the last run says so; overdue one that
    nobody looked at for far longer than its interval; replayed likewise, but the run that looked last had
    its clock set (`--now`). `runs` are the newest first: the newest run that looked at a source tells what
    it found wrong. `watched` are the sources of the sources' file.
    """
    intervals = {source.name: source.interval for source in watched}
    return [
        _record(
            source,
            _failure(source.source, runs),
            _long_ago(
                source,
                runs,
                max(LONG_AGO, INTERVALS_AGO * intervals.get(source.source, dt.timedelta(0))),
                now,
            ),
        )
        for source in health
    ]


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
    """True when a source is failing or overdue."""
    return any(record["state"] in {"failing", "overdue"} for record in records)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a run saw of a source, and what had been usual.

    `failure` is why it could not be looked at (None: it could). `links` counts the addresses of articles in
    its listings (None: no listing came whole, so nobody knows). `visited` and `rejected` count pages of the
    run, `usually_visited` and `usually_rejected` those of the month before. `edited` are the texts that the
    run found edited. `arrivals` are the times at which new pages were first seen.
    """

    failure: str | None = None
    links: int | None = None
    visited: int = 0
    rejected: int = 0
    usually_visited: int = 0
    usually_rejected: int = 0
    edited: Sequence[TextSizes] = ()
    arrivals: Sequence[dt.datetime] = ()


def findings(seen: Seen, now: dt.datetime) -> Mapping[TroubleKind, str | None]:
    """What is wrong by kind of trouble, in one line; None: that is well.

    A kind that is missing was not judged. Of a source that could not be looked at nothing else is judged.
    """
    if seen.failure:
        return {TroubleKind.FAILING: seen.failure}
    found: dict[TroubleKind, str | None] = {
        TroubleKind.FAILING: None,
        TroubleKind.REJECTED: _rejected(seen),
        TroubleKind.SHRUNK: _shrunk(seen.edited),
        TroubleKind.SILENT: _silent(seen.arrivals, now),
    }
    if seen.links is not None:
        found[TroubleKind.NO_LINKS] = None if seen.links else "its listing leads to no article any more"
    return found


def begins(kind: TroubleKind, sign: Sign) -> bool:
    """True when a trouble of that kind has to be told after these judgements."""
    return sign.bad and sign.streak >= _BEGINS.get(kind, _TWICE)


def ends(kind: TroubleKind, sign: Sign, now: dt.datetime) -> bool:
    """True when a trouble of that kind is over after these judgements."""
    enough = sign.streak >= _BEGINS.get(kind, _TWICE)
    return not sign.bad and enough and now - sign.since >= _CALM.get(kind, dt.timedelta(0))


def _rejected(seen: Seen) -> str | None:
    if seen.rejected < REJECTED_LEAST:
        return None
    usual = seen.usually_rejected / seen.usually_visited if seen.usually_visited else 0.0
    chance = seen.visited * usual + REJECTED_DEVIATIONS * math.sqrt(seen.visited * usual * (1 - usual))
    if seen.rejected <= chance:
        return None
    return f"{seen.rejected} of {seen.visited} pages were no articles; usual are {usual:.0%}"


def _shrunk(edited: Sequence[TextSizes]) -> str | None:
    shrunk = [page for page in edited if page.before >= SHRUNK_FROM and page.after < SHRUNK_TO * page.before]
    if len(shrunk) < max(SHRUNK_LEAST, SHRUNK_SHARE * len(edited)):
        return None
    return f"the texts of {len(shrunk)} of {len(edited)} edited pages shrank at once, as after a redesign"


def _silent(arrivals: Iterable[dt.datetime], now: dt.datetime) -> str | None:
    times = sorted({arrival for arrival in arrivals if arrival <= now})
    gaps = [(after - before, after) for before, after in itertools.pairwise(times)]
    lately = [gap for gap, at in gaps if now - at <= HABIT_LATELY]
    if len(lately) < HABIT_GAPS:
        lately = [gap for gap, at in gaps if now - at <= HABIT_EVER]
    if len(lately) < HABIT_GAPS:
        return None
    longest = max(lately)
    if now - times[-1] <= max(SILENCE_FACTOR * longest, SILENCE_LEAST):
        return None
    return f"nothing new since {times[-1]:%Y-%m-%d}; its longest pause lately was {_span(longest)}"


def _span(gap: dt.timedelta) -> str:
    hours = round(gap / dt.timedelta(hours=1))
    if hours < 48:
        return f"{hours} hour{'' if hours == 1 else 's'}"
    return f"{round(hours / 24)} days"


def _long_ago(
    source: SourceHealth, runs: Sequence[RunRecord], limit: dt.timedelta, now: dt.datetime
) -> str | None:
    """`overdue` or `replayed` where the last look is older than the limit; None: it is not."""
    if source.last_visit is None or now - source.last_visit <= limit:
        return None
    last = next((run for run in runs if source.source in run.sources), None)
    if last is None:
        # What was only imported is watched by nobody, and so missed by nobody.
        return "overdue" if any(run.command != REPLAY for run in runs) else None
    return "replayed" if last.command == REPLAY else "overdue"


def _record(source: SourceHealth, failure: str | None, long_ago: str | None) -> Record:
    reason = failure or (source.failure if source.silent_since else None)
    state = "unvisited" if source.last_visit is None else "failing" if reason else long_ago or "ok"
    if long_ago and source.last_visit and not reason:
        why = " by a run whose clock was set" if long_ago == "replayed" else "; does the schedule still run?"
        reason = f"last looked at on {source.last_visit:%Y-%m-%d}{why}"
    return {
        "source": source.source,
        "lang": source.language,
        "state": state,
        "pages": source.pages,
        "last_visit": stamp(source.last_visit) if source.last_visit else None,
        "last_success": stamp(source.last_success) if source.last_success else None,
        "silent_since": stamp(source.silent_since) if source.silent_since else None,
        "misled_since": stamp(source.misled_since) if source.misled_since else None,
        "reason": reason,
    }


def _failure(source: str, runs: Sequence[RunRecord]) -> str | None:
    return next((run.failures.get(source) for run in runs if source in run.sources), None)
