"""What stands of an event, out of everything ever asserted of it, whatever the order of arrival."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from diffing.attributes import KINDS, Effect
from diffing.model import Attribute, Fact, KnownFact, Status, value_to_json

__all__ = ["Weighed", "contradictions", "current", "effect_of", "history", "settled", "standing", "weigh"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A fact beside the one that stands (None: none does) and what it does to it."""

    fact: Fact
    old: KnownFact | None
    effect: Effect


def history(facts: Iterable[KnownFact]) -> tuple[KnownFact, ...]:
    """The facts in the order they were said: by day said, then by when they were captured.

    An undated statement counts as said on the day it was captured. Equal moments are ordered by
    origin and words, so that the order never depends on the order of arrival.
    """
    return tuple(known for told in _by_statement(facts) for known in told)


def _by_statement(facts: Iterable[KnownFact]) -> list[list[KnownFact]]:
    """The facts of each statement, in an order of their own: they have one moment."""
    told: dict[tuple[dt.date, dt.datetime, str, str], list[KnownFact]] = {}
    for known in facts:
        told.setdefault(_statement_key(known), []).append(known)
    return [_within_statement(told[key]) for key in sorted(told)]


def _within_statement(told: list[KnownFact]) -> list[KnownFact]:
    kinds = {known.fact.attribute for known in told}
    return sorted(told, key=_wording if len(kinds) < len(told) else _kind)


def current(facts: Sequence[KnownFact]) -> dict[Attribute, KnownFact]:
    """What stands of one event, by attribute; the same whatever order `facts` come in."""
    return {attribute: found[0] for attribute, found in standing(facts).items()}


def standing(facts: Iterable[KnownFact]) -> dict[Attribute, tuple[KnownFact, ...]]:
    """What stands by attribute, with every value that the same statement gave it (two grounds)."""
    stands: dict[Attribute, tuple[KnownFact, ...]] = {}
    for asserted in _by_statement(facts):
        told = asserted
        if any(known.fact.joining is not None for known in told):
            told = [replace(known, fact=fact) for known in told for fact in settled(stands, [known.fact])]
        by_fact = {id(known.fact): known for known in told}
        replaced: dict[Attribute, list[KnownFact]] = {}
        for weighed in weigh(stands, [known.fact for known in told]):
            if weighed.effect is not Effect.SAME:
                replaced.setdefault(weighed.fact.attribute, []).append(by_fact[id(weighed.fact)])
        stands.update({attribute: tuple(found) for attribute, found in replaced.items()})
    return stands


def settled(stands: Mapping[Attribute, Sequence[KnownFact]], facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The facts with whole lists for those that only say who joins or stays away.

    Where nobody has said who takes part, such a fact tells of no list and is left out.
    """
    found = []
    for fact in facts:
        if fact.joining is None or not isinstance(fact.value, tuple):
            found.append(fact)
            continue
        known = stands.get(fact.attribute, ())
        if known and isinstance(known[0].fact.value, tuple):
            before, named = set(known[0].fact.value), set(fact.value)
            whole = before | named if fact.joining else before - named
            found.append(replace(fact, value=tuple(sorted(whole))))
    return tuple(found)


def contradictions(facts: Iterable[KnownFact]) -> dict[Attribute, tuple[KnownFact, ...]]:
    """Values that stand at the same time and exclude each other, newest first, by attribute.

    Each origin's newest word on an attribute counts as standing for that origin. An attribute is
    listed only where the newest words of two origins said on the same day contradict each other: a
    later day's word supersedes an earlier one and contradicts nothing.
    """
    newest: dict[tuple[Attribute, str], KnownFact] = {}
    for known in history(facts):
        newest[known.fact.attribute, known.statement.origin] = known
    found: dict[Attribute, tuple[KnownFact, ...]] = {}
    for attribute in Attribute:
        words = [known for (kind, _), known in newest.items() if kind is attribute]
        last = max((_day(known) for known in words), default=None)
        rivals = [known for known in words if _day(known) == last]
        against = [
            known
            for known in rivals
            if any(
                effect_of(other.fact, known.fact) is Effect.OTHER for other in rivals if other is not known
            )
        ]
        if against:
            found[attribute] = tuple(reversed(history(against)))
    return found


def weigh(stands: Mapping[Attribute, Sequence[KnownFact]], facts: Sequence[Fact]) -> tuple[Weighed, ...]:
    """What the facts that one statement asserts of one event do to what stands, in order.

    Facts of one statement are weighed together. Beside a cancellation a contradicting window is the
    day of the decision, so it counts for nothing; "postponed to 3-7 November" is a new window and no
    postponement; a plan with a window takes back a postponement or cancellation. Of several
    values of one attribute, one that says what stands and one that does not ("moved from … to …"),
    the latter decides; of several places, one known one is enough.
    """
    told: dict[Attribute, list[Fact]] = {}
    for fact in facts:
        told.setdefault(fact.attribute, []).append(fact)
    status = told.get(Attribute.STATUS, [])
    called_off = any(fact.value is Status.CANCELLED for fact in status)
    weighed: list[Weighed] = []
    moved = False
    for attribute, values in sorted(told.items(), key=lambda item: item[0] is Attribute.STATUS):
        known = stands.get(attribute, ())
        if attribute is Attribute.STATUS:
            dated = Attribute.WINDOW in told
            weighed += (_weighed_status(fact, known, moved=moved, dated=dated) for fact in values)
            continue
        found = [_against(fact, known, status) for fact in values]
        if attribute is Attribute.WINDOW and called_off:
            found = [item for item in found if item.effect is not Effect.OTHER]
        if attribute is Attribute.PLACE and any(item.effect is not Effect.OTHER for item in found):
            found = [item for item in found if item.effect is not Effect.OTHER]
        if any(item.effect is Effect.OTHER for item in found):
            found = [item for item in found if item.effect is Effect.OTHER]
            moved |= attribute is Attribute.WINDOW
        weighed += found
    return tuple(weighed)


def _against(fact: Fact, known: Sequence[KnownFact], status: Sequence[Fact]) -> Weighed:
    """The fact beside the value that stands and is closest to it: agreement wins over contradiction."""
    if not known:
        return Weighed(fact=fact, old=None, effect=Effect.FIRST)
    effects = [(old, effect_of(old.fact, fact, status)) for old in known]
    for wanted in (Effect.SAME, Effect.FULLER, Effect.FINER, Effect.OTHER):
        for old, effect in effects:
            if effect is wanted:
                return Weighed(fact=fact, old=old, effect=effect)
    raise AssertionError(effects)


def _weighed_status(fact: Fact, known: Sequence[KnownFact], *, moved: bool, dated: bool) -> Weighed:
    old = known[0] if known else None
    before, now = old.fact.value if old else None, fact.value
    if old is None:
        effect = Effect.FIRST
    elif now is Status.PLANNED:
        off = before in {Status.POSTPONED, Status.CANCELLED}
        effect = Effect.FULLER if off and (moved or dated) else Effect.SAME
    elif now == before or before is Status.HELD or (now is Status.POSTPONED and moved):
        effect = Effect.SAME
    else:
        effect = Effect.OTHER
    return Weighed(fact=fact, old=old, effect=effect)


def effect_of(old: Fact, new: Fact, status: Sequence[Fact] = ()) -> Effect:
    """What the new fact does to the old one of the same attribute.

    `status` holds the statuses that the new statement asserts of the event: a report of one day
    (opened, ended) is weighed more mildly. A status beside a status is judged by `weigh`.
    """
    return KINDS[new.attribute].effect(old, new, status)


def _day(known: KnownFact) -> dt.date:
    return known.statement.said_on or known.known_at.date()


def _statement_key(known: KnownFact) -> tuple[dt.date, dt.datetime, str, str]:
    return _day(known), known.known_at, known.statement.origin, known.statement.text


def _kind(known: KnownFact) -> str:
    return known.fact.attribute.value


def _wording(known: KnownFact) -> tuple[str, str, str]:
    fact = known.fact
    return fact.attribute.value, str(value_to_json(fact.value)), fact.quote
