"""Where a clause says that its event is: the place named with a preposition, a host or a venue."""

from __future__ import annotations

from dataclasses import dataclass

from diffing.bearings import Bearings
from diffing.clauses import PREDICATES, Clause
from diffing.languages.assertions import Cue
from diffing.model import Place
from diffing.phrases import Hit
from diffing.reading import Force, Whose

__all__ = ["NOT", "Placed", "is_old", "places_of"]

_OLD_REACH = 5
"""Words between "originally" or "instead of" and the value that it makes old."""

_NOT_REACH = 2
"""Words between "not" and the value that it denies: "not in the first half of October"."""

NOT = frozenset({"not", "не"})
"""The words that deny what follows them."""

_ANNOUNCING = PREDICATES - {Cue.PLANNED}


@dataclass(frozen=True, slots=True)
class Placed:
    """A place with the tokens that say it."""

    place: Place
    first: int
    last: int


def places_of(clause: Clause, bearings: Bearings) -> list[Placed]:
    """The places where the clause says something is, in order; those of the past are left out."""
    found: list[Placed] = []
    denied = -1
    before_where = {cue.first for cue in clause.cues if cue.payload is Cue.WHERE}
    moved = clause.has(Cue.MOVED, Cue.POSTPONED)
    for hit in bearings.places_of.get(clause.number, ()):
        place = hit.payload if isinstance(hit.payload, Place) else _of_whom(hit, bearings)
        if place is None:
            continue
        joined = _joined(found[-1].last, hit.first, bearings) if found else ""
        if joined == "and" and place.country != found[-1].place.country:
            found.pop()
            continue
        said = (
            hit.last in before_where
            or _where(hit.first, bearings, moved=moved)
            or (joined == "," and place.country == found[-1].place.country)
            or (clause.has(Cue.VENUE) and not bearings.kinds_ending(hit.first - 1) & {Cue.FROM, Cue.OLD})
            or (isinstance(hit.payload, Place) and _hosts(hit, bearings))
            or (isinstance(hit.payload, Whose) and Cue.OBLIQUE in bearings.kinds_ending(hit.first - 1))
            or (denied == hit.first - 1 and Cue.CONTRAST in bearings.kinds_ending(denied))
        )
        if is_old(hit.first, bearings):
            denied = hit.last  # "not Belarus but Kazakhstan" says where as the one denied would have
        elif said:
            found.append(Placed(place, hit.first, hit.last))
    return found or _where_it_is(clause, bearings)


def _where_it_is(clause: Clause, bearings: Bearings) -> list[Placed]:
    """The place right before a clause that begins with "where", or with "which hosts"."""
    begins = {cue.payload for cue in bearings.begins.get(clause.first, ())}
    if Cue.WHERE not in begins and not (Cue.RELATIVE in begins and clause.has(Cue.HOST)):
        return []
    hit = bearings.place_ends.get(clause.first)
    return [Placed(hit.payload, hit.first, hit.last)] if hit and isinstance(hit.payload, Place) else []


def is_old(first: int, bearings: Bearings) -> bool:
    """True for the value that begins with this token where the clause says it is no longer so."""
    for cue in bearings.before(first, _OLD_REACH, Cue.OLD):
        reach = _NOT_REACH if bearings.reading.tokens[cue.first].word in NOT else _OLD_REACH
        if any(map(bearings.divided, range(cue.last - 1, first - 1))):
            continue  # "a week earlier than planned, on 17-20 September"
        if first - cue.last <= reach and not _value_between(cue.last, first, bearings):
            return True
    return False


def _value_between(first: int, last: int, bearings: Bearings) -> bool:
    """True where another value or a predicate stands between: the cue belongs to that one."""
    return any(
        place in bearings.place_begins
        or place in bearings.date_begins
        or any(cue.payload in _ANNOUNCING for cue in bearings.begins.get(place, ()))
        for place in range(first, last)
    )


def _joined(last: int, first: int, bearings: Bearings) -> str:
    """What joins two places: "and", ",", or nothing that does."""
    if first - last > 1:
        return ""
    tokens = bearings.reading.tokens
    gap = bearings.reading.folded[tokens[last - 1].end : tokens[first].start].strip(" \"'")
    return "and" if gap in bearings.reading.words.joins else gap


def _of_whom(hit: Hit[Place | Whose | Force], bearings: Bearings) -> Place | None:
    """The country of "on Belarusian soil"; None for "Belarusian servicemen"."""
    near = any(bearings.after(hit.last, _NOT_REACH, Cue.TERRITORY, Cue.GROUND))
    return Place(country=hit.payload.country) if isinstance(hit.payload, Whose) and near else None


_PREPOSITIONS = frozenset({Cue.FROM, Cue.TO, Cue.OLD, Cue.UNTIL})
_KINDS_OF_PLACE = frozenset({Cue.TERRITORY, Cue.GROUND})


def _where(first: int, bearings: Bearings, *, moved: bool) -> bool:
    """True where the words before a place say that something is there."""
    tokens = bearings.reading.tokens
    clause = bearings.clause_at[first]
    place, free = first - 1, _NOT_REACH
    while place >= 0 and free >= 0 and bearings.clause_at[place] == clause:
        kinds = bearings.kinds_ending(place)
        if Cue.IN in kinds or (moved and Cue.TO in kinds):
            return True
        if kinds & _KINDS_OF_PLACE:
            free += _NOT_REACH
        elif (
            tokens[place].word in bearings.reading.words.genitives
            and place
            and bearings.kinds_ending(place - 1) & _KINDS_OF_PLACE
        ):
            free += 1
        elif kinds & _PREPOSITIONS:
            return False
        if bearings.divided(place):
            return False
        place, free = place - 1, free - 1
    return False


def _hosts(hit: Hit[Place | Whose | Force], bearings: Bearings) -> bool:
    """True for the subject or agent of hosting: "Kyrgyzstan will host", "hosted by", «примет Казахстан»."""
    if any(bearings.after(hit.last, _NOT_REACH, Cue.HOST)):
        return True
    words, tokens = bearings.reading.words, bearings.reading.tokens
    return any(
        words.free_order or tokens[cue.last - 1].word in words.agents
        for cue in bearings.before(hit.first, 1, Cue.HOST)
    )
