"""One page, one change a fact: what a page says of one attribute in several sentences is one change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from diffing.changes import verdict_of
from diffing.model import (
    Attribute,
    Change,
    ChangeKind,
    Fact,
    Judgement,
    Place,
    Window,
)

__all__ = ["consolidate"]

_WORD_FOR_WORD = 100.0

# What one change speaks of: an event and the attribute; None: the event as a whole (`announced`).
_Subject = tuple[str | None, Attribute | None]


@dataclass(frozen=True, slots=True)
class _Spoken:
    """The statement of the page that speaks best for a subject, and how exactly it does."""

    position: int
    exactness: tuple[int, ...]


def consolidate(judgements: Sequence[Judgement]) -> tuple[Judgement, ...]:
    """The same judgements, where each event and attribute has at most one change on the whole page.

    A page gives a window in its lead and again, finer, in its body: the statement that gives it most
    exactly keeps the change, the first of equals, and the others' sentences join its quotations. Where
    that statement only repeats what was known, a coarser one that contradicts it changes nothing. A
    statement left without a change is `restated`: the page says it elsewhere. Changes of other
    families stay as they are. Doing so twice changes nothing more.
    """
    spokesmen = _spokesmen(judgements)
    keepers = _keepers(judgements, spokesmen)
    quotations: dict[_Subject, list[str]] = {}
    for judgement in judgements:
        for change in judgement.changes:
            if change.of_event:
                quotations.setdefault(_subject(change), []).extend(change.new_statements)
    return tuple(
        _with_own(position, judgement, keepers, quotations) for position, judgement in enumerate(judgements)
    )


def _spokesmen(judgements: Sequence[Judgement]) -> Mapping[_Subject, _Spoken]:
    """For each window and place, the statement of the page that asserts it most exactly."""
    best: dict[_Subject, _Spoken] = {}
    for position, judgement in enumerate(judgements):
        for fact in judgement.facts:
            if isinstance(fact.value, Window | Place):
                spoken = _Spoken(position, _exactness(fact))
                subject = (fact.event, fact.attribute)
                if subject not in best or spoken.exactness < best[subject].exactness:
                    best[subject] = spoken
    return best


def _keepers(
    judgements: Sequence[Judgement], spokesmen: Mapping[_Subject, _Spoken]
) -> Mapping[_Subject, tuple[int, Change]]:
    """For each subject with a change, the statement that keeps it; subjects that lose it are absent."""
    best: dict[_Subject, tuple[tuple[int, ...], int, Change]] = {}
    for position, judgement in enumerate(judgements):
        for change in judgement.changes:
            if not change.of_event:
                continue
            subject = _subject(change)
            rank = _rank(change, judgement)
            if subject not in best or rank < best[subject][0]:
                best[subject] = (rank, position, change)
    kept = {}
    for subject, (rank, position, change) in best.items():
        spoken = spokesmen.get(subject)
        if spoken is not None and _outweighs(spoken, rank, position, judgements):
            continue
        if change.kind is ChangeKind.POSTPONED and _moved(best.get((change.event, Attribute.WINDOW))):
            continue
        kept[subject] = (position, change)
    return kept


def _outweighs(
    spoken: _Spoken, rank: tuple[int, ...], position: int, judgements: Sequence[Judgement]
) -> bool:
    """Whether what the page says most exactly drops a change.

    Of equally exact sentences the first wins, unless it stood word for word before: a page that was
    edited keeps old sentences, and the one that is new is what it has to say.
    """
    match = judgements[spoken.position].match
    repeated = match is not None and match.score == _WORD_FOR_WORD
    if spoken.exactness == rank:
        return spoken.position < position and not repeated
    return spoken.exactness < rank


def _moved(found: tuple[tuple[int, ...], int, Change] | None) -> bool:
    """Put off to new dates that another sentence of the page gives: that is `rescheduled` alone."""
    return found is not None and found[2].kind is ChangeKind.RESCHEDULED


def _with_own(
    position: int,
    judgement: Judgement,
    keepers: Mapping[_Subject, tuple[int, Change]],
    quotations: Mapping[_Subject, Sequence[str]],
) -> Judgement:
    if not any(change.of_event for change in judgement.changes):
        return judgement
    kept: list[Change] = []
    for change in judgement.changes:
        if not change.of_event:
            kept.append(change)
            continue
        subject = _subject(change)
        if keepers.get(subject) == (position, change):
            told = dict.fromkeys((*change.new_statements, *quotations[subject]))
            kept.append(replace(change, new_statements=tuple(told)))
    if len(kept) == len(judgement.changes):
        return replace(judgement, changes=tuple(kept))
    return replace(judgement, verdict=verdict_of(kept), changes=tuple(kept))


def _subject(change: Change) -> _Subject:
    """`announced` speaks of the event as a whole, whatever attribute announced it."""
    return change.event, None if change.kind is ChangeKind.ANNOUNCED else change.attribute


def _rank(change: Change, judgement: Judgement) -> tuple[int, ...]:
    """How well the change speaks for its subject, best first."""
    if change.attribute is Attribute.STATUS:
        return (int(change.kind is ChangeKind.STARTED),)
    exactness = next(
        (
            _exactness(fact)
            for fact in judgement.facts
            if (fact.event, fact.attribute, fact.value) == (change.event, change.attribute, change.new)
        ),
        (),
    )
    if change.kind is ChangeKind.ANNOUNCED:
        return (int(change.attribute is not Attribute.WINDOW), *exactness)
    return exactness


def _exactness(fact: Fact) -> tuple[int, ...]:
    """Smaller is more exact: days before months, days said before "early", a range before one day of it."""
    match fact.value:
        case Window() as window:
            return (int(fact.vague), window.precision.rank, int(window.start == window.end))
        case Place() as place:
            return (int(place.name is None),)
    return ()
