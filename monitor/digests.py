"""The digest of a period or of a day, from the archive; the day's is kept as it was told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from diffing.digest import Basis, Digest, Period, build_digest
from diffing.ledger import contradictions, history, undisputed
from diffing.model import (
    Attribute,
    Change,
    KnownFact,
    RecordedChange,
    SourceCoverage,
    Trouble,
)
from monitor.times import bounds_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from storage.archive import Archive
    from storage.records import RunRecord

__all__ = ["bases_of", "close_day", "digest_of", "digest_of_day", "kept_digest"]


def digest_of(archive: Archive, since: dt.datetime, until: dt.datetime, zone: dt.tzinfo = dt.UTC) -> Digest:
    """The digest of what was detected in [since, until), both aware, told in the days of the zone."""
    with archive.of_one_moment():
        period = _period(
            archive,
            since.astimezone(zone),
            until.astimezone(zone),
            archive.changes(since=since, until=until),
            _troubles_between(archive, since, until),
        )
        return build_digest(period)


def digest_of_day(archive: Archive, day: dt.date, zone: ZoneInfo) -> Digest:
    """The digest of a local day: the kept one, else of what was detected from its midnight to the next."""
    return kept_digest(archive, day) or digest_of(archive, *bounds_of(day, zone), zone)


def close_day(archive: Archive, day: dt.date, zone: ZoneInfo, now: dt.datetime) -> Digest:
    """The digest of the local day: of all that was recorded since the one made before it, and kept.

    A day has one digest: the second call gives the kept one. Which changes and troubles it tells is decided
    by the order in which they were recorded and by no clock, so that each change, each beginning and each
    end of a trouble is told in exactly one, whatever its time. The archive must be open for writing.
    """
    with archive.together():
        if kept := kept_digest(archive, day):
            return kept
        before = archive.newest_digest()
        after, last = before.last if before else 0, archive.newest_change()
        began = before.until if before else archive.first_visit()
        # A clock that jumped back by more than a day, or nothing was ever visited.
        if began is None or began >= now:
            began = dt.datetime.combine(day, dt.time(), zone)
        since = min(began, now)
        period = _period(
            archive,
            since.astimezone(zone),
            now.astimezone(zone),
            archive.changes_between(after, last),
            _troubles_after(archive, archive.kept_period(before.day) if before else None),
        )
        archive.keep_digest(replace(period, day=day), after, last, now)
        kept = kept_digest(archive, day)
        assert kept is not None  # noqa: S101 - it was kept a line above, in this transaction
        return kept


def bases_of(archive: Archive, changes: Iterable[RecordedChange], until: dt.datetime) -> dict[int, Basis]:
    """What the ledger knew by `until` (aware) behind each change of an event, by the change's number."""
    return {
        number: basis
        for event, told in _by_event(changes).items()
        for number, basis in _bases(told, history(archive.event_facts(event, until))).items()
    }


def kept_digest(archive: Archive, day: dt.date) -> Digest | None:
    """The digest of a local day exactly as it was made, whatever was recorded or noted since.

    None: none was made.
    """
    period = archive.kept_period(day)
    return None if period is None else build_digest(period)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Troubles:
    """Those that `turned`, which is began or ended, those `going_on`, and the number of the newest known."""

    turned: tuple[Trouble, ...]
    going_on: tuple[Trouble, ...]
    newest: int


def _troubles_after(archive: Archive, earlier: Period | None) -> _Troubles:
    """What became of troubles since the digest of the earlier period was made (None: ever)."""
    known = archive.troubles()
    newest = earlier.newest_trouble if earlier else 0
    told = (*earlier.troubles, *earlier.going_on) if earlier else ()
    told_open = {trouble.id for trouble in told if trouble.ended is None}
    old = [trouble for trouble in known if trouble.id in told_open]
    new = [trouble for trouble in known if trouble.id > newest]
    return _Troubles(
        turned=(*(trouble for trouble in old if trouble.ended), *new),
        going_on=tuple(trouble for trouble in old if not trouble.ended),
        newest=max((trouble.id for trouble in known), default=0),
    )


def _troubles_between(archive: Archive, since: dt.datetime, until: dt.datetime) -> _Troubles:
    """What became of troubles in [since, until), as it was at its end."""
    known = [
        replace(trouble, ended=None) if trouble.ended and trouble.ended >= until else trouble
        for trouble in archive.troubles(until=until)
    ]
    return _Troubles(
        turned=tuple(each for each in known if each.began >= since or (each.ended and each.ended >= since)),
        going_on=tuple(each for each in known if each.began < since and not each.ended),
        newest=max((trouble.id for trouble in known), default=0),
    )


def _period(
    archive: Archive,
    since: dt.datetime,
    until: dt.datetime,
    changes: Sequence[RecordedChange],
    troubles: _Troubles,
) -> Period:
    """All that a digest of these changes is made of, as the archive knows it now."""
    told = _by_event(changes)
    events = {event: history(archive.event_facts(event, until)) for event in sorted(told)}
    return Period(
        since=since,
        until=until,
        changes=tuple(changes),
        coverage=_with_failures(archive.coverage(since, until), archive.runs(None, since, until)),
        windows={
            event: windows for event, facts in events.items() if (windows := _windows(undisputed(facts)))
        },
        contradictions={
            event: tuple(known for standing in against.values() for known in standing)
            for event, facts in events.items()
            if (against := contradictions(facts))
        },
        bases={
            number: basis
            for event, facts in events.items()
            for number, basis in _bases(told[event], facts).items()
        },
        troubles=troubles.turned,
        going_on=troubles.going_on,
        newest_trouble=troubles.newest,
        head=archive.head(until),
    )


def _by_event(changes: Iterable[RecordedChange]) -> dict[str, list[RecordedChange]]:
    found: dict[str, list[RecordedChange]] = {}
    for recorded in changes:
        if recorded.change.of_event and recorded.change.event:
            found.setdefault(recorded.change.event, []).append(recorded)
    return found


def _windows(facts: Iterable[KnownFact]) -> tuple[KnownFact, ...]:
    """Every window announced, each when it was first said after another one."""
    found: list[KnownFact] = []
    for known in facts:
        if known.fact.attribute is Attribute.WINDOW and (
            not found or found[-1].fact.value != known.fact.value
        ):
            found.append(known)
    return tuple(found)


def _bases(told: Iterable[RecordedChange], facts: Iterable[KnownFact]) -> dict[int, Basis]:
    """What the ledger still has behind each change of an event, by the change's number."""
    said: dict[str, list[KnownFact]] = {}
    for known in facts:
        said.setdefault(known.statement.text, []).append(known)
    return {recorded.id: _basis(recorded.change, said) for recorded in told}


def _basis(change: Change, said: Mapping[str, Sequence[KnownFact]]) -> Basis:
    """What stands behind a change; `said` holds the facts of its event by the statement that says them."""

    def behind(value: object, statements: Sequence[str]) -> KnownFact | None:
        facts = (known for text in statements for known in said.get(text, ()))
        return next(
            (
                known
                for known in facts
                if (known.fact.attribute, known.fact.value) == (change.attribute, value)
            ),
            None,
        )

    old, new = behind(change.old, change.old_statements), behind(change.new, change.new_statements)
    told = [known.fact for text in change.new_statements for known in said.get(text, ())]
    return Basis(
        old=old.fact.quote if old else None,
        new=new.fact.quote if new else None,
        said_before=old.statement.said_on if old else None,
        facts=tuple(dict.fromkeys(told)),
    )


def _with_failures(
    coverage: Sequence[SourceCoverage], runs: Iterable[RunRecord]
) -> tuple[SourceCoverage, ...]:
    """The coverage with what the period's last run over each source found wrong with the source itself."""
    last: dict[str, Mapping[str, str]] = {}
    for run in runs:
        for source in run.sources:
            last.setdefault(source, run.failures)
    return tuple(
        replace(source, reason=last[source.source].get(source.source, source.reason))
        if source.source in last
        else source
        for source in coverage
    )
