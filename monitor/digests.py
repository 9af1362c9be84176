"""The digest of a period, from the archive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from diffing.digest import Digest, build_digest
from diffing.ledger import history
from diffing.model import EVENT_KINDS, Attribute, KnownFact, RecordedChange, SourceCoverage

if TYPE_CHECKING:
    from storage.archive import Archive
    from storage.records import RunRecord

__all__ = ["digest_of"]

# Runs looked through for what they say of a period; a year of hourly ones.
_RUNS = 10_000


def digest_of(archive: Archive, since: dt.datetime, until: dt.datetime) -> Digest:
    """The digest of what was detected in [since, until), both aware."""
    with archive.of_one_moment():
        changes = archive.changes(since=since, until=until)
        return build_digest(
            since,
            until,
            changes,
            _with_failures(archive.coverage(since, until), archive.runs(_RUNS), since, until),
            _firsts(archive, changes, until),
            archive.head(until),
        )


def _firsts(
    archive: Archive, changes: Sequence[RecordedChange], until: dt.datetime
) -> Mapping[str, KnownFact]:
    """The first window announced of each event that the changes are about."""
    events = {change.change.event for change in changes if change.change.kind in EVENT_KINDS}
    found: dict[str, KnownFact] = {}
    for event in sorted(event for event in events if event):
        for known in history(archive.event_facts(event, until)):
            if known.fact.attribute is Attribute.WINDOW:
                found[event] = known
                break
    return found


def _with_failures(
    coverage: Sequence[SourceCoverage], runs: Sequence[RunRecord], since: dt.datetime, until: dt.datetime
) -> tuple[SourceCoverage, ...]:
    """The coverage with what the period's last run over each source found wrong with the source itself."""
    last: dict[str, RunRecord] = {}
    for run in runs:
        if since <= run.started < until:
            for source in run.sources:
                last.setdefault(source, run)
    return tuple(
        replace(source, reason=last[source.source].failures.get(source.source, source.reason))
        if source.source in last
        else source
        for source in coverage
    )
