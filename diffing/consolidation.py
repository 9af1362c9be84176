"""One page, one change a fact: what a page says of one attribute in several sentences is one change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from diffing.model import EVENT_KINDS, Attribute, Change, ChangeKind, Judgement, Window

__all__ = ["consolidate"]


def consolidate(judgements: Sequence[Judgement]) -> tuple[Judgement, ...]:
    """The same judgements, where each event and attribute has at most one change on the whole page.

    A page states a window in its lead and again, finer, in its body: the finest statement keeps the
    change and the others lose theirs, their sentences added to its quotations. Changes of other
    families stay as they are.
    """
    best: dict[tuple[str | None, Attribute | None], tuple[int, Change]] = {}
    quotations: dict[tuple[str | None, Attribute | None], list[str]] = {}
    for position, judgement in enumerate(judgements):
        for change in judgement.changes:
            if change.kind not in EVENT_KINDS:
                continue
            key = (change.event, _subject(change))
            quotations.setdefault(key, []).extend(change.new_statements)
            if key not in best or _finer(change, best[key][1]):
                best[key] = (position, change)
    return tuple(
        replace(judgement, changes=tuple(_kept(position, judgement, best, quotations)))
        for position, judgement in enumerate(judgements)
    )


def _kept(
    position: int,
    judgement: Judgement,
    best: dict[tuple[str | None, Attribute | None], tuple[int, Change]],
    quotations: dict[tuple[str | None, Attribute | None], list[str]],
) -> list[Change]:
    kept = []
    for change in judgement.changes:
        key = (change.event, _subject(change))
        if change.kind not in EVENT_KINDS:
            kept.append(change)
        elif best[key] == (position, change):
            others = [text for text in quotations[key] if text not in change.new_statements]
            kept.append(replace(change, new_statements=(*change.new_statements, *dict.fromkeys(others))))
    return kept


def _subject(change: Change) -> Attribute | None:
    """`announced` speaks of the event as a whole, whatever attribute announced it."""
    return None if change.kind is ChangeKind.ANNOUNCED else change.attribute


def _finer(change: Change, other: Change) -> bool:
    if isinstance(change.new, Window) and isinstance(other.new, Window):
        return change.new.precision.rank < other.new.precision.rank
    return isinstance(change.new, Window) and not isinstance(other.new, Window)
