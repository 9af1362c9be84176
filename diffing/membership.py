"""Reads which states take part in an event, which join it and which stay away."""

from __future__ import annotations

from dataclasses import dataclass

from diffing.bearings import Bearings
from diffing.clauses import Clause
from diffing.languages.assertions import Cue
from diffing.model import Place
from diffing.phrases import Hit
from diffing.reading import Force, Whose

__all__ = ["Membership", "membership_of"]

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

    One state alone is no list of participants, yet it can join or leave; None: nothing is said.
    """
    joining = _joining(clause)
    if joining is None and not clause.has(Cue.PARTICIPATION):
        return _troops_from(clause, bearings)
    states = [
        (hit, country)
        for hit in bearings.places_of.get(clause.number, ())
        if hit.first not in where and (country := _state(hit.payload)) is not None
    ]
    if joining is not None:
        states = [found for found in states if _acts(found[0], bearings)]
    codes = tuple(sorted({country for _, country in states}))
    if not codes or (joining is None and len(codes) == 1):
        return None
    return Membership(codes=codes, joining=joining, first=states[0][0].first, last=states[-1][0].last)


def _troops_from(clause: Clause, bearings: Bearings) -> Membership | None:
    """The states that people are from, where several are listed: "100 troops from Kazakhstan and Russia"."""
    states = [
        (hit, country)
        for hit in bearings.places_of.get(clause.number, ())
        if (country := _state(hit.payload)) is not None
    ]
    for start, (hit, _) in enumerate(states):
        if not clause.has(Cue.PERSONNEL) or not any(
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


def _joining(clause: Clause) -> bool | None:
    if clause.has(Cue.LEAVING):
        return False
    return True if clause.has(Cue.JOINING) else None


def _state(payload: Place | Whose | Force) -> str | None:
    """The state that a name or an adjective means; None for a town, a ground or a force."""
    if isinstance(payload, Force):
        return None
    return payload.country if isinstance(payload, Whose) or payload.name is None else None


def _acts(hit: Hit[Place | Whose | Force], bearings: Bearings) -> bool:
    """True where the state is who joins or leaves: near the verb, and not where something is."""
    if Cue.IN in bearings.kinds_ending(hit.first - 1):
        return False
    kinds = (Cue.LEAVING, Cue.JOINING)
    return any(bearings.after(hit.last, _CAUSE_REACH, *kinds)) or any(
        bearings.before(hit.first, _CAUSE_REACH, *kinds)
    )
