"""What became of a page's statements, as typed changes; how much each kind of change matters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from diffing.model import (
    Change,
    ChangeKind,
    Op,
    Significance,
    StatementDiff,
    Verdict,
    Window,
    WordOp,
)
from diffing.normal import normalise
from diffing.wording import shortened

__all__ = ["SIGNIFICANCE", "highest", "page_changes", "shift_days", "verdict_of"]

# How much each kind matters, as the contract has it. Two kinds depend on more than the kind: a
# `statement_new` about a known event is medium, and a `statement_edited` takes the highest of the
# facts that it changes.
SIGNIFICANCE: Mapping[ChangeKind, Significance] = MappingProxyType(
    {kind: kind.significance for kind in ChangeKind}
)

_KINDS: Mapping[Op, ChangeKind] = {
    Op.ADDED: ChangeKind.STATEMENT_ADDED,
    Op.REMOVED: ChangeKind.STATEMENT_REMOVED,
    Op.MOVED: ChangeKind.STATEMENT_MOVED,
    Op.EDITED: ChangeKind.STATEMENT_EDITED,
    Op.SPLIT: ChangeKind.STATEMENT_EDITED,
    Op.MERGED: ChangeKind.STATEMENT_EDITED,
}
_ORDER = tuple(Significance)
# A reason is one line on a terminal, whatever the length of the statement that it quotes.
_QUOTED_LENGTH = 90


def highest(significances: Sequence[Significance]) -> Significance:
    """The most significant of them; low where there is none.

    >>> highest([Significance.LOW, Significance.HIGH, Significance.MEDIUM])
    <Significance.HIGH: 'high'>
    """
    return min(significances, key=_ORDER.index, default=Significance.LOW)


def shift_days(old: Window, new: Window) -> int:
    """How many days the start moved: negative is earlier.

    New start minus old start. Where the old window was stated more coarsely than the new one, its
    start is only a bound, so the distance counts from the nearest bound that the new start violates;
    0 where it violates neither (the new window starts inside the old one and runs past its end).
    """
    if old.precision.rank <= new.precision.rank:
        return (new.start - old.start).days
    nearest = min(max(new.start, old.start), old.end)
    return (new.start - nearest).days


def verdict_of(changes: Sequence[Change]) -> Verdict:
    """The verdict that a statement of substance with these changes has by the contract."""
    kinds = {change.kind for change in changes}
    if ChangeKind.STATEMENT_NEW in kinds:
        return Verdict.NEW
    if not kinds:
        return Verdict.RESTATED
    return Verdict.UPDATED if all(kind.forward for kind in kinds) else Verdict.CHANGED


def page_changes(
    diffs: Sequence[StatementDiff],
    old_title: str | None,
    new_title: str | None,
    *,
    edited_significance: Callable[[StatementDiff], Significance],
) -> tuple[Change, ...]:
    """The page family of changes between two revisions, the title first, then in the diff's order.

    `edited_significance` says how much the facts matter that an edit changes: the caller reads facts,
    this module does not. A split or merge that changes no word is no change, and so is a title that
    differs in glyphs, case or spacing only.
    """
    found: list[Change] = []
    if normalise(old_title or "") != normalise(new_title or ""):
        found.append(
            Change(
                kind=ChangeKind.TITLE_EDITED,
                significance=SIGNIFICANCE[ChangeKind.TITLE_EDITED],
                old_statements=(old_title,) if old_title else (),
                new_statements=(new_title,) if new_title else (),
                reason=f"title was: {_quoted(old_title)}; now: {_quoted(new_title)}",
            )
        )
    for diff in diffs:
        if diff.op is Op.EQUAL or (diff.op in {Op.SPLIT, Op.MERGED} and not _words_changed(diff)):
            continue
        kind = _KINDS[diff.op]
        edited = kind is ChangeKind.STATEMENT_EDITED
        found.append(
            Change(
                kind=kind,
                significance=edited_significance(diff) if edited else SIGNIFICANCE[kind],
                old_statements=tuple(statement.full_text for statement in diff.old),
                new_statements=tuple(statement.full_text for statement in diff.new),
                reason=_reason(diff),
            )
        )
    return tuple(found)


def _words_changed(diff: StatementDiff) -> bool:
    """Whether any word went or came; only spacing and the stop between two sentences may differ."""
    if diff.spans:
        return any(
            span.op is not WordOp.EQUAL and any(letter.isalnum() for letter in span.text)
            for span in diff.spans
        )
    old, new = (
        [letter for statement in side for letter in statement.normal if letter.isalnum()]
        for side in (diff.old, diff.new)
    )
    return old != new


def _reason(diff: StatementDiff) -> str:
    match diff.op:
        case Op.ADDED:
            return f"not in the earlier revision: {_quoted(diff.new[0].full_text)}"
        case Op.REMOVED:
            return f"no longer on the page: {_quoted(diff.old[0].full_text)}"
        case Op.MOVED:
            return (
                f"statement {diff.old[0].index + 1} is now statement {diff.new[0].index + 1}, word for word"
            )
    gone, come = (
        " … ".join(text for span in diff.spans if span.op is op and (text := span.text.strip()))
        for op in (WordOp.DELETE, WordOp.INSERT)
    )
    many = {Op.SPLIT: f", split into {len(diff.new)}", Op.MERGED: f", merged from {len(diff.old)}"}
    return f"words out: {_quoted(gone or None)}; words in: {_quoted(come or None)}{many.get(diff.op, '')}"


def _quoted(text: str | None) -> str:
    return f"“{shortened(text, _QUOTED_LENGTH)}”" if text else "none"
