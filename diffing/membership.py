"""Reads which states take part in an event, which join it and which stay away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from diffing.bearings import Bearings
from diffing.clauses import Clause
from diffing.languages.assertions import Cue
from diffing.model import Place
from diffing.phrases import Hit
from diffing.reading import Force, Whose

__all__ = ["Membership", "left_out", "membership_of"]

_StateHit: TypeAlias = Hit[Place | Whose | Force]

_OBJECT_REACH = 3
"""Words between "will not attend" and what is not attended."""

_CAUSE_REACH = 8
"""Words between a state and the verb by which it joins or leaves ("… has decided to pull out of")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """States with the tokens that say them; `joining` None: all that take part, else who came or went."""

    codes: tuple[str, ...]
    joining: bool | None
    first: int
    last: int


def membership_of(clause: Clause, bearings: Bearings, where: frozenset[int]) -> Membership | None:
    """What the clause says of the states that take part; `where`: first tokens of places of the event.

    One state alone is no list of participants, yet it can join or leave; None: nothing is said. Where it
    says that somebody leaves, and not which state, `codes` are empty.
    """
    joining = _joining(clause, bearings)
    if joining is None and not clause.has(Cue.PARTICIPATION):
        return _troops_from(clause, bearings) if clause.has(Cue.PERSONNEL) else None
    states = [found for found in _present(clause, bearings) if found[0].first not in where]
    if joining is not None:
        acting = not _of_an_hour(clause, bearings)
        states = [found for found in states if acting and _acts(found[0], clause, bearings)]
    codes = tuple(sorted({country for _, country in states}))
    if not codes and joining is False:
        return Membership(codes=(), joining=False, first=clause.first, last=clause.first)
    if not codes or (joining is None and len(codes) == 1):
        return None
    return Membership(codes=codes, joining=joining, first=states[0][0].first, last=states[-1][0].last)


def left_out(clause: Clause, bearings: Bearings) -> Membership | None:
    """The states without which the event is held: "held without Belarus", "without Armenian units"."""
    states = _left_out(clause, bearings)
    if not states:
        return None
    codes = tuple(sorted({country for _, country in states}))
    return Membership(codes=codes, joining=False, first=states[0][0].first, last=states[-1][0].last)


def _present(clause: Clause, bearings: Bearings) -> list[tuple[_StateHit, str]]:
    """The states of the clause, but for those without which the event is held."""
    absent = {hit.first for hit, _ in _left_out(clause, bearings)}
    return [
        (hit, country)
        for hit in bearings.places_of.get(clause.number, ())
        if hit.first not in absent and (country := _state(hit.payload)) is not None
    ]


def _left_out(clause: Clause, bearings: Bearings) -> list[tuple[_StateHit, str]]:
    found: list[tuple[_StateHit, str]] = []
    if not clause.has(Cue.WITHOUT):
        return found
    hits = bearings.places_of.get(clause.number, ())
    for without in clause.cues:
        if without.payload is not Cue.WITHOUT:
            continue
        end = without.last
        units = _units_at(end, bearings)
        if units is not None:
            end = units + any(bearings.after(units, 0, Cue.FROM))
        listed: list[tuple[_StateHit, str]] = []
        for hit in hits:
            country = _state(hit.payload)
            if hit.first < end or country is None:
                continue
            if hit.first - end > bool(listed):  # only "and" or "," between those of a list
                break
            listed.append((hit, country))
            end = hit.last
        if listed and (units is not None or _whole_state(listed[-1][0], bearings)):
            found += listed
    return found


def _units_at(first: int, bearings: Bearings) -> int | None:
    """The token after the word for whom a state sends, where it stands there; None: none does."""
    return next((cue.last for cue in bearings.begins.get(first, ()) if cue.payload is Cue.UNITS), None)


def _whole_state(hit: _StateHit, bearings: Bearings) -> bool:
    """True for "Belarus" and "Belarusian troops", not for "Belarusian vehicles" and "Belarus's consent"."""
    if any(bearings.after(hit.last, 1, Cue.UNITS)):
        return True
    tokens = bearings.reading.tokens
    owns = hit.last < len(tokens) and tokens[hit.last].word == "s" and tokens[hit.last].glued
    return isinstance(hit.payload, Place) and not owns


def _troops_from(clause: Clause, bearings: Bearings) -> Membership | None:
    """The states that people are from, where several are listed: "100 troops from Kazakhstan and Russia"."""
    states = _present(clause, bearings)
    for start, (hit, _) in enumerate(states):
        if not any(
            bearings.kinds_ending(source.first - 1) & {Cue.PERSONNEL}
            for source in bearings.before(hit.first, 0, Cue.FROM)
        ):
            continue
        end = start + 1
        while end < len(states) and states[end][0].first - states[end - 1][0].last <= 1:
            end += 1
        codes = tuple(sorted({country for _, country in states[start:end]}))
        if len(codes) > 1:
            return Membership(codes=codes, joining=None, first=hit.first, last=states[end - 1][0].last)
    return None


def _joining(clause: Clause, bearings: Bearings) -> bool | None:
    if (clause.has(Cue.LEAVING) and not _after_all(clause)) or _takes_no_part(clause, bearings):
        return False
    return True if clause.has(Cue.JOINING) else None


def _after_all(clause: Clause) -> bool:
    """True for "will not take part in …, but will take part in X"."""
    leaving = max(cue.first for cue in clause.cues if cue.payload is Cue.LEAVING)
    but = [cue.first for cue in clause.cues if cue.payload is Cue.CONTRAST and cue.first > leaving]
    joins = (Cue.PARTICIPATION, Cue.JOINING)
    return bool(but) and any(cue.payload in joins and cue.first > but[0] for cue in clause.cues)


def _takes_no_part(clause: Clause, bearings: Bearings) -> bool:
    """True for «участия в учении … не примут», and for "neither Armenia nor Russia will take part"."""
    if clause.has(Cue.TAKING_PART) and clause.has(Cue.DOING_NOT):
        tokens, ends = bearings.reading.tokens, bearings.reading.words.infinitive_ends
        return any(
            cue.last == len(tokens)
            or not tokens[cue.last].word.endswith(ends)
            or Cue.TAKING_PART in bearings.kinds_ending(cue.last)
            for cue in clause.cues
            if cue.payload is Cue.DOING_NOT
        )
    return clause.has(Cue.PARTICIPATION) and any(
        any(bearings.before(hit.first, 0, Cue.NEGATION))
        for hit in bearings.places_of.get(clause.number, ())
        if _state(hit.payload) is not None
    )


def _state(payload: Place | Whose | Force) -> str | None:
    """The state that a name or an adjective means; None for a town, a ground or a force."""
    if isinstance(payload, Force):
        return None
    return payload.country if isinstance(payload, Whose) or payload.name is None else None


def _acts(hit: _StateHit, clause: Clause, bearings: Bearings) -> bool:
    """True where the state is who joins or leaves: near the verb, and not where something is."""
    if Cue.IN in bearings.kinds_ending(hit.first - 1) or not _itself(hit, bearings):
        return False
    deeds = _DEEDS if clause.has(*_DEEDS) else (Cue.PARTICIPATION,)
    return any(bearings.after(hit.last, _CAUSE_REACH, *deeds)) or any(
        bearings.before(hit.first, _CAUSE_REACH, *deeds)
    )


_DEEDS = (Cue.LEAVING, Cue.JOINING, Cue.DOING_NOT)


def _itself(hit: _StateHit, bearings: Bearings) -> bool:
    """True for a state as the one who acts and for whom it sends, not for its president or its aircraft."""
    tokens, words = bearings.reading.tokens, bearings.reading.words
    after, before = hit.last, hit.first - 1
    owns = after < len(tokens) and tokens[after].word == "s" and tokens[after].glued
    if isinstance(hit.payload, Whose) or owns:
        return any(bearings.after(after + owns, 1, Cue.UNITS)) or Cue.UNITS in bearings.kinds_ending(before)
    whose = before >= 0 and tokens[before].word in words.genitives
    if not whose and bearings.reading.names_itself(hit):
        return True
    return any(bearings.before(hit.first, 1 + whose, Cue.UNITS))


def _of_an_hour(clause: Clause, bearings: Bearings) -> bool:
    """True where it is talks or a ceremony that somebody joins or misses, not the event."""
    kinds = (Cue.LEAVING, Cue.TAKING_PART)
    return any(
        cue.payload in kinds and any(bearings.after(cue.last, _OBJECT_REACH, Cue.ANCILLARY, Cue.OPENING))
        for cue in clause.cues
    )
