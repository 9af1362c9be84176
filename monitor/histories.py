"""An event's whole history: what was recorded of it, and the first word where no change tells of it."""

from __future__ import annotations

from collections.abc import Sequence

from diffing.ledger import history
from diffing.model import Attribute, Change, ChangeKind, KnownFact, RecordedChange

__all__ = ["NO_RECORD", "said_before", "whole_history"]

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
    if not told or any(change.change.kind is ChangeKind.ANNOUNCED for change in changes):
        return tuple(changes)
    return (*changes, _announced(told))


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
