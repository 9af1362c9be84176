"""Reads by how much a clause says that its event moves: "a week later than planned", «продлен на два дня»."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from diffing.bearings import Bearings
from diffing.clauses import Break, Clause
from diffing.languages import LANGUAGES
from diffing.languages.assertions import Cue
from diffing.model import Shift
from diffing.reading import FALLBACK

__all__ = ["TellingShift", "shift_beside", "shift_of"]

_VERB_REACH = 2
"""Words between the verb and the amount: "put off for another week"."""

_DAYS = {"day": 1, "week": 7}
_COMPARED = (Cue.EARLIER, Cue.LATER, Cue.SHORTER, Cue.LONGER)
_VERBS = (Cue.MOVED, Cue.POSTPONED, Cue.EXTENDED, Cue.SHORTENED, Cue.BY_DELAY)
_TELLING = frozenset((*_COMPARED, *_VERBS, Cue.TEMPORAL))
_BACK = frozenset({Cue.EARLIER, Cue.SHORTER, Cue.SHORTENED})
_AT_ITS_END = frozenset({Cue.LONGER, Cue.SHORTER, Cue.EXTENDED, Cue.SHORTENED})


class TellingShift(NamedTuple):
    """A shift with the tokens that say it; `later`: it is empty, and only said to be to a later time."""

    shift: Shift
    first: int
    last: int
    later: bool = False


class _Amount(NamedTuple):
    """A number of days, weeks or months, with its tokens."""

    number: int
    unit: str
    first: int
    last: int


def shift_of(clause: Clause, following: Clause | None, bearings: Bearings) -> TellingShift | None:
    """By how much the clause says that the event moves, against what is known of it; None: it says nothing.

    An empty shift says that it cannot be told by how much, or that it is told against something else:
    another year's, the talks before it.
    """
    if clause.kinds.isdisjoint(_TELLING) and not (following and following.broken_by is Break.TEMPORAL):
        return None
    unsure = None
    for amount in _amounts(clause, bearings):
        found = _compared(clause, amount, bearings) or _by_verb(clause, amount, bearings)
        if found is not None and found.shift != Shift():
            return found
        unsure = unsure or found
        if any(cue.payload is Cue.TEMPORAL for cue in bearings.begins.get(amount.last, ())):
            unsure = TellingShift(Shift(), amount.first, amount.last)
    return unsure or _somewhat(clause, bearings)


def shift_beside(clause: Clause, bearings: Bearings) -> Shift | None:
    """The shift of "opens a day later, on the 8th", not said than what: it counts only beside its days."""
    if clause.kinds.isdisjoint(_COMPARED):
        return None
    for amount in _amounts(clause, bearings):
        for cue in bearings.begins.get(amount.last, ()):
            after = cue.last
            alone = after in bearings.date_begins or after == clause.last or bearings.divided(after - 1)
            if cue.payload in (Cue.EARLIER, Cue.LATER) and after - cue.first == 1 and alone:
                back = cue.payload is Cue.EARLIER
                return _told(amount, back=back, ends=False, first=amount.first, last=after).shift
    return None


def _somewhat(clause: Clause, bearings: Bearings) -> TellingShift | None:
    """The empty shift of "later than planned", "several days earlier than planned"."""
    for cue in clause.cues:
        told = bearings.begins[cue.first] + bearings.begins.get(cue.last, [])
        if cue.payload in _COMPARED and any(near.payload is Cue.THAN_PLANNED for near in told):
            if any(bearings.before(cue.first, 1, Cue.NEGATION)):
                return None
            return TellingShift(Shift(), cue.first, cue.last, later=cue.payload is Cue.LATER)
    return None


def _amounts(clause: Clause, bearings: Bearings) -> Iterator[_Amount]:
    """The lengths of time that the clause speaks of."""
    language = bearings.reading.language
    words = LANGUAGES.get(language, LANGUAGES[FALLBACK]).dates
    tokens = bearings.reading.tokens
    for first, last in clause.pieces:
        for place in range(first, last):
            word = tokens[place].word
            if (alone := bearings.reading.words.by_one.get(word)) and _comparing(place + 1, bearings):
                yield _Amount(1, alone, place, place + 1)
                continue
            unit = words.units.get(word)
            if unit not in _UNITS or not (place > first and tokens[place].glued):
                continue
            before = tokens[place - 1].word
            count = (
                int(before) if before.isdigit() and len(before) <= _DIGITS else words.cardinals.get(before)
            )
            if count is not None:
                yield _Amount(count, unit, place - 1, place + 1)
            elif bearings.kinds_ending(place - 1) & {Cue.TO, Cue.IN}:
                yield _Amount(1, unit, place, place + 1)


def _comparing(place: int, bearings: Bearings) -> bool:
    return any(cue.payload in _COMPARED for cue in bearings.begins.get(place, ()))


_UNITS = frozenset({*_DAYS, "month"})
_DIGITS = 2
_HEDGES = (Cue.ABOUT, Cue.MORE_THAN, Cue.UP_TO)
_COURSE = (Cue.STARTING, Cue.STARTS, Cue.PLANNED, Cue.ENDING, Cue.LASTING)


def _compared(clause: Clause, amount: _Amount, bearings: Bearings) -> TellingShift | None:
    """The shift of "a week later than planned"; an empty one where it is compared with something else."""
    for cue in bearings.begins.get(amount.last, ()):
        if cue.payload not in _COMPARED:
            continue
        begin = {told.payload for told in bearings.begins[cue.first]}
        follow = {told.payload for told in bearings.begins.get(cue.last, ())}
        if Cue.THAN_PLANNED in begin | follow:
            if any(bearings.before(amount.first, 0, Cue.NEGATION)):
                return None
            if any(bearings.before(amount.first, 0, *_HEDGES)):
                return TellingShift(Shift(), amount.first, cue.last, later=cue.payload is Cue.LATER)
            kind = cue.payload
            ends = kind in _AT_ITS_END or (clause.has(Cue.ENDING) and not clause.has(Cue.STARTING))
            return _told(amount, back=kind in _BACK, ends=ends, first=amount.first, last=cue.last)
        if Cue.OLD in begin | follow or any(bearings.before(amount.first, 1, *_COURSE)):
            return TellingShift(Shift(), amount.first, cue.last)
    return None


def _by_verb(clause: Clause, amount: _Amount, bearings: Bearings) -> TellingShift | None:
    """The shift of "put off by a week", "brought forward by a week", "extended by two days"."""
    for cue in bearings.before(amount.first, _VERB_REACH, *_VERBS):
        between = range(cue.last, amount.first)
        if cue.last > amount.first or not all(
            bearings.kinds_ending(place) & {Cue.TO, Cue.IN, Cue.FROM, Cue.PART_OF} for place in between
        ):
            continue
        follow = {told.payload for told in bearings.begins.get(amount.last, ())}
        if follow & {Cue.TEMPORAL, Cue.OLD}:
            return None
        back = cue.payload in _BACK or Cue.EARLIER in follow or clause.has(Cue.ADVANCED)
        ends = cue.payload in _AT_ITS_END
        return _told(amount, back=back, ends=ends, first=cue.first, last=amount.last)
    return None


def _told(amount: _Amount, *, back: bool, ends: bool, first: int, last: int) -> TellingShift:
    count = -amount.number if back else amount.number
    if amount.unit not in _DAYS:
        return TellingShift(Shift() if ends else Shift(months=count), first, last)
    days = count * _DAYS[amount.unit]
    return TellingShift(Shift(start=0 if ends else days, end=days), first, last)
