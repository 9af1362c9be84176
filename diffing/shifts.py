"""Reads by how much a clause says that its event moves: "a week later than planned", «продлен на два дня»."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from diffing.bearings import Bearings
from diffing.clauses import Break, Clause
from diffing.languages import LANGUAGES
from diffing.languages.assertions import Cue
from diffing.model import Shift
from diffing.phrases import Hit
from diffing.reading import FALLBACK

__all__ = ["TellingShift", "shift_beside", "shift_of"]

_VERB_REACH = 2
"""Words between the verb and the amount: "put off for another week"."""

_DAYS = {"day": 1, "week": 7}
_COMPARED = (Cue.EARLIER, Cue.LATER, Cue.SHORTER, Cue.LONGER)
_VERBS = (Cue.MOVED, Cue.POSTPONED, Cue.EXTENDED, Cue.SHORTENED, Cue.BY_DELAY)
_TELLING = frozenset((*_COMPARED, *_VERBS, Cue.TEMPORAL, Cue.EXTRA, Cue.ADDED, Cue.GROWN))
_BACK = frozenset({Cue.EARLIER, Cue.SHORTER, Cue.SHORTENED})
_AT_ITS_END = frozenset({Cue.LONGER, Cue.SHORTER, Cue.EXTENDED, Cue.SHORTENED, Cue.GROWN})
_LITTLE = frozenset({Cue.TO, Cue.IN, Cue.FROM, Cue.PART_OF, Cue.EXTRA, Cue.MORE})
"""What may stand between a verb and the amount: "extended by an additional three days"."""


class TellingShift(NamedTuple):
    """A shift with the tokens that say it; `later`: it is empty, and only said to be to a later time."""

    shift: Shift
    first: int
    last: int
    later: bool = False


class _Amount(NamedTuple):
    """A number of days, weeks or months, with its tokens; `extra`: more of them than planned."""

    number: int
    unit: str
    first: int
    last: int
    extra: bool = False


def shift_of(clause: Clause, following: Clause | None, bearings: Bearings) -> TellingShift | None:
    """By how much the clause says that the event moves, against what is known of it; None: it says nothing.

    An empty shift says that it cannot be told by how much, or that it is told against something else:
    another year's, the talks before it.
    """
    if clause.kinds.isdisjoint(_TELLING) and not (following and following.broken_by is Break.TEMPORAL):
        return None
    unsure = None
    for amount in _amounts(clause, bearings):
        found = (
            _compared(clause, amount, bearings)
            or _by_verb(clause, amount, bearings)
            or _longer(clause, amount, bearings)
        )
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
            if cue.payload in (Cue.EARLIER, Cue.LATER) and _alone(cue, clause, bearings):
                back = cue.payload is Cue.EARLIER
                return _told(amount, back=back, ends=False, first=amount.first, last=cue.last).shift
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
            within = next(bearings.before(place, 0, *_MORE), None)
            start = within.first if within else place
            before = tokens[start - 1].word if start > first else ""
            count = (
                int(before) if before.isdigit() and len(before) <= _DIGITS else words.cardinals.get(before)
            )
            if count is not None:
                start -= 1
            elif within or bearings.kinds_ending(place - 1) & {Cue.TO, Cue.IN}:
                count = 1  # "another week", «на неделю»
            else:
                continue
            ahead = next(bearings.before(start, 0, *_MORE), None)
            extra = any(more and more.payload is Cue.EXTRA for more in (within, ahead))
            yield _Amount(count, unit, ahead.first if ahead else start, place + 1, extra)


def _comparing(place: int, bearings: Bearings) -> bool:
    return any(cue.payload in _COMPARED for cue in bearings.begins.get(place, ()))


_MORE = (Cue.EXTRA, Cue.MORE)
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
        longer = cue.payload in _AT_ITS_END and _alone(cue, clause, bearings)
        if Cue.OLD in begin | follow or (not longer and any(bearings.before(amount.first, 1, *_COURSE))):
            return TellingShift(Shift(), amount.first, cue.last)
    return None


def _by_verb(clause: Clause, amount: _Amount, bearings: Bearings) -> TellingShift | None:
    """The shift of "put off by a week", "brought forward by a week", "extended by two days"."""
    verbs = (*_VERBS, Cue.GROWN) if clause.has(Cue.DURATION) else _VERBS
    for cue in bearings.before(amount.first, _VERB_REACH, *verbs):
        if not _close(cue, amount, bearings):
            continue
        follow = {told.payload for told in bearings.begins.get(amount.last, ())}
        if follow & {Cue.TEMPORAL, Cue.OLD}:
            return None
        back = cue.payload in _BACK or Cue.EARLIER in follow or clause.has(Cue.ADVANCED)
        ends = cue.payload in _AT_ITS_END
        return _told(amount, back=back, ends=ends, first=cue.first, last=amount.last)
    return None


def _close(cue: Hit[Cue], amount: _Amount, bearings: Bearings) -> bool:
    """True where nothing but little words stand between a verb and the amount behind it."""
    between = range(cue.last, amount.first)
    return cue.last <= amount.first and all(bearings.kinds_ending(place) & _LITTLE for place in between)


def _longer(clause: Clause, amount: _Amount, bearings: Bearings) -> TellingShift | None:
    """The shift of "will run for two extra days", "two days have been added to X", "a two-day extension"."""
    after = bearings.begins.get(amount.last, ())
    for cue in after:
        if cue.payload in (Cue.EXTENDED, Cue.BY_DELAY):
            ends = cue.payload is Cue.EXTENDED
            return _told(amount, back=False, ends=ends, first=amount.first, last=cue.last)
        if cue.payload in (Cue.LONGER, Cue.SHORTER) and _alone(cue, clause, bearings):
            return _told(
                amount, back=cue.payload is Cue.SHORTER, ends=True, first=amount.first, last=cue.last
            )
    told = _told(amount, back=False, ends=True, first=amount.first, last=amount.last)
    if any(bearings.after(amount.last, _AUXILIARIES, Cue.ADDED)):
        return told
    noun = not bearings.divided(amount.last - 1) and not any(cue.payload in _LITTLE for cue in after)
    if noun and amount.last < clause.last:
        return None  # "two extra days of rest"
    kinds = (Cue.LASTING, Cue.ADDED) if amount.extra else (Cue.ADDED,)
    ahead = bearings.before(amount.first, _VERB_REACH, *kinds)
    return told if any(_close(cue, amount, bearings) for cue in ahead) else None


_AUXILIARIES = 2
"""Words between an amount and the verb behind it: "two days have now been added to"."""


def _alone(cue: Hit[Cue], clause: Clause, bearings: Bearings) -> bool:
    """True where a comparison is said not with what: "a day later, on the 8th"."""
    after = cue.last
    ends = after in bearings.date_begins or after == clause.last or bearings.divided(after - 1)
    return ends and after - cue.first == 1


def _told(amount: _Amount, *, back: bool, ends: bool, first: int, last: int) -> TellingShift:
    count = -amount.number if back else amount.number
    if amount.unit not in _DAYS:
        return TellingShift(Shift() if ends else Shift(months=count), first, last)
    days = count * _DAYS[amount.unit]
    return TellingShift(Shift(start=0 if ends else days, end=days), first, last)
