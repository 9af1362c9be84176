"""An event's whole history: what was recorded of it, and the first word where no change tells of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from diffing.ledger import current, history
from diffing.model import Attribute, Change, ChangeKind, KnownFact, RecordedChange

__all__ = ["NO_RECORD", "in_newest_words", "said_before", "said_on", "whole_history"]

# The number of a change that is read from the ledger: what the baseline says is known, and was never found.
NO_RECORD = 0

# What tells most of an event, where its first statement says several things.
_TELLING = (Attribute.WINDOW, Attribute.PLACE, Attribute.STATUS)


def whole_history(
    facts: Sequence[KnownFact], changes: Sequence[RecordedChange]
) -> tuple[RecordedChange, ...]:
    """The changes of one event, newest first; the last is the first announcement.

    `facts` are all that is known of the event, `changes` those recorded of it, newest first. Where none
    of them announces it, because the baseline already told of it, the first statement does.
    """
    told = history(facts)
    if not told or any(recorded.change.kind is ChangeKind.ANNOUNCED for recorded in changes):
        return tuple(changes)
    return (*changes, _announced(told))


def in_newest_words(facts: Sequence[KnownFact], *, since_first: bool = False) -> dict[Attribute, KnownFact]:
    """What stands of one event, each value in the newest statement of the page which said it first.

    A page that was edited may not have the first one any more. `since_first`: the day stays that of the
    first, since which the value holds.
    """
    stands = current(facts)
    newest = dict(stands)
    for known in history(facts):
        old = stands.get(known.fact.attribute)
        if old and (known.fact.value, known.statement.origin) == (old.fact.value, old.statement.origin):
            day = old.statement.said_on if since_first else known.statement.said_on
            newest[known.fact.attribute] = replace(known, statement=replace(known.statement, said_on=day))
    return newest


def said_on(recorded: RecordedChange) -> dt.date:
    """The day from which a change counts: for an edit that on which it was seen, whatever its page prints."""
    seen = recorded.detected.date()
    edited = recorded.from_revision is not None
    return max(recorded.published or seen, seen) if edited else recorded.published or seen


def _announced(told: Sequence[KnownFact]) -> RecordedChange:
    statement = told[0].statement
    together = {known.fact.attribute: known for known in reversed(told) if known.statement == statement}
    first = next((together[kind] for kind in _TELLING if kind in together), told[0])
    kind = ChangeKind.ANNOUNCED
    change = Change(
        kind=kind,
        significance=kind.significance,
        event=first.fact.event,
        attribute=first.fact.attribute,
        new=first.fact.value,
        new_statements=(statement.text,),
        reason=f"the first that is known of it, from {statement.origin}",
    )
    return RecordedChange(
        id=NO_RECORD,
        change=change,
        url=statement.url,
        source=None,
        language=statement.language,
        published=statement.said_on,
        detected=first.known_at,
    )


def said_before(recorded: RecordedChange, facts: Sequence[KnownFact]) -> KnownFact | None:
    """The fact that the change took the place of, with where and when it was said; None: there was none."""
    change = recorded.change
    same = [
        known
        for known in history(facts)
        if known.fact.attribute is change.attribute and known.statement.text in change.old_statements
    ]
    of_origin = [known for known in same if known.statement.origin == change.old_origin]
    return next(iter(of_origin or same), None)
