"""The kinds of fact `personnel` and `equipment`: "more than 3,500 people", «до 2,5 тыс. единиц техники»."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diffing.attributes.base import Effect, Kind, Mention, always
from diffing.languages.assertions import Cue
from diffing.model import Attribute, ChangeKind, Count, Fact, Qualifier
from diffing.phrases import Hit
from diffing.reading import Reading, Whose

__all__ = ["EQUIPMENT", "PERSONNEL", "count_effect", "read_counts"]

# "About 1,500" is contradicted by a number more than a tenth away, "more than 1,000" by one above
# 1,250 and "up to 1,000" by one below 750: official texts round down to the last round number they
# passed. Set on the counts of the domain page (450 to 18,000, each told two or three ways); wider
# bounds hide revisions, narrower ones report rounding. tests/diffing/test_ledger.py holds the cases.
_ABOUT = 0.10
_BEYOND = 0.25


def count_effect(old: Fact, new: Fact, _status: Sequence[Fact]) -> Effect:
    """What one count does to another: a hedged one agrees with every number that it allows."""
    before, now = old.value, new.value
    if not isinstance(before, Count) or not isinstance(now, Count):
        raise TypeError(before, now)
    if before == now:
        return Effect.SAME
    if not (_allows(before, now.count) or _allows(now, before.count)):
        return Effect.OTHER
    exact = now.qualifier is Qualifier.EXACTLY and before.qualifier is not Qualifier.EXACTLY
    return Effect.FULLER if exact else Effect.SAME


def _allows(hedged: Count, number: int) -> bool:
    """Whether the number can be what the hedged count speaks of."""
    low, high = {
        Qualifier.EXACTLY: (1.0, 1.0),
        Qualifier.ABOUT: (1 - _ABOUT, 1 + _ABOUT),
        Qualifier.MORE_THAN: (1.0, 1 + _BEYOND),
        Qualifier.UP_TO: (1 - _BEYOND, 1.0),
    }[hedged.qualifier]
    return hedged.count * low <= number <= hedged.count * high


_QUALIFIERS = {
    Cue.ABOUT: Qualifier.ABOUT,
    Cue.MORE_THAN: Qualifier.MORE_THAN,
    Cue.UP_TO: Qualifier.UP_TO,
}
_NOUNS = {Cue.PERSONNEL: Attribute.PERSONNEL, Cue.EQUIPMENT: Attribute.EQUIPMENT}
_COUNTED = frozenset({*_NOUNS, Cue.NUMBER_OF})
_NOUN_REACH = 4
"""Words between a number and its noun ("3,500 well-trained Belarusian army servicemen" has four)."""

_SMALLEST = 10
"""Fewer are a crew or a list number, never the size of an exercise."""

_GROUP = 3


def read_counts(reading: Reading, inside: set[int]) -> tuple[Mention, ...]:
    """The counts that a text states as they stand, in order; `inside`: tokens of dates and names.

    Left out: counts that are denied or outdated ("not 1,500"), parts of others ("including 300"),
    and one state's share ("300 servicemen from Belarus"). A number without a noun has that of the
    outdated one beside it ("700 instead of 1,200 troops") or of the words before it ("the number of
    personnel was raised to 1,800").
    """
    if not any(cue.payload in _COUNTED for cue in reading.cues):
        return ()
    told = _Told(reading)
    numbers = _numbers(reading, inside, told)
    return tuple(
        Mention(
            attribute=attribute,
            value=Count(
                count=int(number.value),
                qualifier=_QUALIFIERS[number.hedge] if number.hedge else Qualifier.EXACTLY,
            ),
            first=number.first,
            last=number.last,
        )
        for at, number in enumerate(numbers)
        if not number.stale
        and (attribute := _of_what(number, numbers[max(at - 2, 0) : at + 2], told)) is not None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Number:
    """A number of some size, its hedge and noun included in tokens `first` to `last`.

    `noun` is what it counts (None: it has no noun), `stale` that it does not stand, `share` that it
    is one state's.
    """

    value: float
    hedge: Cue | None
    first: int
    last: int
    noun: Cue | None
    stale: bool
    share: bool


def _numbers(reading: Reading, inside: set[int], told: _Told) -> list[_Number]:
    found = []
    place = 0
    while place < len(reading.tokens):
        number = None if place in inside else _number(reading, place)
        if number is None:
            place += 1
            continue
        value, end = number
        if value >= _SMALLEST:
            found.append(_as_counted(reading, told, place, end, value))
        place = end
    return found


def _as_counted(reading: Reading, told: _Told, place: int, end: int, value: float) -> _Number:
    hedge = told.hedges.get(place)
    first = place if hedge is None else hedge.first
    cue = hedge.payload if hedge else None
    if cue is Cue.UP_TO and (told.revised(first) or (first and reading.tokens[first - 1].word.isdigit())):
        cue = None  # "raised from 1,500 to 2,000" in a language whose "to" is its "up to"
    noun = _noun(reading, end, told.nouns)
    last, kind = told.nouns[noun] if noun is not None else (end, None)
    return _Number(
        value=value,
        hedge=cue,
        first=first if cue else place,
        last=last,
        noun=kind,
        stale=told.refuses(reading, place, first),
        share=noun is not None and _share(told, end, told.nouns[noun][0]),
    )


_ELLIPSIS_REACH = 12
"""Words between a number without a noun and the outdated one that has it: "700, not 1,200 troops"."""


def _of_what(number: _Number, near: Sequence[_Number], told: _Told) -> Attribute | None:
    """What a number counts, `near` being those around it; None: nothing that is known of."""
    if number.noun is not None:
        return None if number.share else _NOUNS[number.noun]
    if told.says(number.first):
        return Attribute.PERSONNEL
    for other in near:
        beside = 0 <= number.first - other.last <= _ELLIPSIS_REACH or other.first - number.last in (1, 2)
        if other.stale and other.noun is not None and beside:
            return _NOUNS[other.noun]
    return None


_NUMBER_REACH = 16
"""Words between "the number of personnel" and the number itself, the event's name among them."""

_REVISED_REACH = 6
"""Words between "raised" and the number that it was raised to."""


class _Told:
    """What stands around the numbers of a text: hedges, nouns, refusals, and words before a number.

    `nouns` are by their first token, with the token after them; `hedges` by the token after them;
    `places` and `froms` (whence, whose) by their first token.
    """

    def __init__(self, reading: Reading) -> None:
        self.hedges: dict[int, Hit[Cue]] = {}
        self.nouns: dict[int, tuple[int, Cue]] = {}
        self.places = {hit.first: hit for hit in reading.places}
        self.froms: set[int] = set()
        self._numbers: set[int] = set()
        self._refusing: set[int] = set()
        self._revised: set[int] = set()
        self._before: set[int] = set()
        for cue in reading.cues:
            self._note(cue)

    def _note(self, cue: Hit[Cue]) -> None:
        match cue.payload:
            case Cue.ABOUT | Cue.MORE_THAN | Cue.UP_TO:
                self.hedges[cue.last] = cue
            case Cue.NEGATION | Cue.OLD | Cue.PART_OF:
                self._refusing.add(cue.last)
            case Cue.PERSONNEL | Cue.EQUIPMENT:
                self.nouns.setdefault(cue.first, (cue.last, cue.payload))
            case Cue.FROM:
                self.froms.add(cue.first)
            case Cue.NUMBER_OF:
                self._numbers.add(cue.last)
            case Cue.RESIZED:
                self._revised.add(cue.last)
        if cue.payload in _BEFORE_NUMBER:
            self._before.add(cue.last)

    def refuses(self, reading: Reading, place: int, first: int) -> bool:
        """True where a word right before the number, or before its hedge, says that it does not stand."""
        for last in {place, first, place - 1, first - 1} & self._refusing:
            if all(reading.tokens[token].glued for token in range(max(last, 1), place + 1)):
                return True
        return False

    def revised(self, place: int) -> bool:
        """True where a number at this token is what a count was raised or cut to."""
        return not self._revised.isdisjoint(range(place - _REVISED_REACH, place + 1))

    def says(self, place: int) -> bool:
        """True where a number that begins, with its hedge, at this token is a number of people."""
        reach = range(place - _NUMBER_REACH, place + 1)
        return place in self._before and not self._numbers.isdisjoint(reach)


_BEFORE_NUMBER = frozenset({Cue.RESIZED, Cue.TO, Cue.COPULA, Cue.UP_TO, Cue.PENDING})


def _noun(reading: Reading, end: int, nouns: dict[int, tuple[int, Cue]]) -> int | None:
    for place in range(end, min(end + _NOUN_REACH + 1, len(reading.tokens))):
        token = reading.tokens[place]
        if token.word.isdigit():
            return None
        gap = reading.folded[reading.tokens[place - 1].end : token.start]
        if not token.glued and not (place == end and gap.strip() == "."):
            return None
        if place in nouns:
            return place
    return None


def _share(told: _Told, end: int, noun_end: int) -> bool:
    """True where the count is one state's: "300 Belarusian servicemen", "300 servicemen from Belarus"."""
    near = [told.places[place] for place in range(end, noun_end + 3) if place in told.places]
    if any(isinstance(hit.payload, Whose) for hit in near if hit.first < noun_end):
        return True
    following = [hit for hit in near if hit.first >= noun_end]
    if noun_end not in told.froms or not following:
        return False
    last = following[0].last
    return not any(
        place in told.places and not isinstance(told.places[place].payload, Whose)
        for place in range(last, last + 4)
    )


def _number(reading: Reading, first: int) -> tuple[float, int] | None:
    """The number that begins with this token, and the token after it; None: none begins here."""
    language = reading.words
    tokens = reading.tokens
    word = tokens[first].word
    if word.isdigit() and word.isascii() and len(word) <= 9:
        value, end = _digits(reading, first)
    else:
        known = _begins(word, language.numbers)
        if known is None:
            return None
        value, end = known, first + 1
    if end < len(tokens):
        multiplier = _begins(tokens[end].word, language.multipliers)
        if multiplier:
            value, end = value * multiplier, end + 1
            if (
                end < len(tokens)
                and tokens[end].word.isdigit()
                and tokens[end].glued
                and len(tokens[end].word) <= _GROUP
            ):
                value, end = value + int(tokens[end].word), end + 1
        elif not word.isdigit() and value < _SMALLEST:
            return None
    return value, end


def _digits(reading: Reading, first: int) -> tuple[float, int]:
    """Digits with their groups and decimals: 3,500; 3 500; 1.5; 1,2."""
    tokens, folded = reading.tokens, reading.folded
    value = float(tokens[first].word)
    end = first + 1
    while end < len(tokens) and tokens[end].word.isdigit() and tokens[end].word.isascii():
        gap = folded[tokens[end - 1].end : tokens[end].start]
        digits = tokens[end].word
        if len(digits) == _GROUP and gap in (",", " ", ".", "'") and len(tokens[first].word) <= _GROUP:
            value, end = value * 1000 + int(digits), end + 1
        elif gap in (",", ".") and len(digits) < _GROUP:
            return value + int(digits) / 10 ** len(digits), end + 1
        else:
            break
    return value, end


def _begins(word: str, known: object) -> float | None:
    if not isinstance(known, dict):
        return None
    for length in range(len(word), 0, -1):
        if word[:length] in known and (length == len(word) or length >= _GROUP):
            return float(known[word[:length]])
    return None


PERSONNEL = Kind(
    attribute=Attribute.PERSONNEL,
    effect=count_effect,
    change=always(ChangeKind.RESIZED),
    read=read_counts,
)
EQUIPMENT = Kind(
    attribute=Attribute.EQUIPMENT,
    effect=count_effect,
    change=always(ChangeKind.RESIZED),
    read=read_counts,
)
