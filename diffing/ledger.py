"""What stands of an event, out of everything ever asserted of it, whatever the order of arrival."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

from diffing.model import (
    Attribute,
    Count,
    Fact,
    KnownFact,
    Place,
    Precision,
    Qualifier,
    Status,
    Window,
    value_to_json,
)
from diffing.normal import normalise

__all__ = ["Effect", "Weighed", "contradictions", "current", "effect_of", "history", "standing", "weigh"]

# "About 1,500" is contradicted by a number more than a tenth away, "more than 1,000" by one above
# 1,250 and "up to 1,000" by one below 750: official texts round down to the last round number they
# passed. Set on the counts of the domain page (450 to 18,000, each told two or three ways); wider
# bounds hide revisions, narrower ones report rounding. tests/diffing/test_ledger.py holds the cases.
_ABOUT = 0.10
_BEYOND = 0.25

# A window stated to the day that holds the known one with room on both sides and lasts at least so
# many times as long is the outer period of an exercise, not its dates moved.
_OUTER_PERIOD = 3


class Effect(Enum):
    """What one fact does to the one that stands."""

    FIRST = "first"  # nothing stood
    SAME = "same"  # says what stands, perhaps with less detail
    FINER = "finer"  # lies within what stands and says more
    FULLER = "fuller"  # agrees with what stands and completes it: no news, but the better record
    OTHER = "other"  # contradicts what stands


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
    told = groupby(sorted(facts, key=_statement_key), key=_statement_key)
    return tuple(known for _, group in told for known in _within_statement(list(group)))


def _within_statement(told: list[KnownFact]) -> list[KnownFact]:
    """Facts of one statement in an order of their own: they have one moment."""
    return told if len(told) == 1 else sorted(told, key=_wording)


def current(facts: Sequence[KnownFact]) -> dict[Attribute, KnownFact]:
    """What stands of one event, by attribute; the same whatever order `facts` come in."""
    return {attribute: found[0] for attribute, found in standing(facts).items()}


def standing(facts: Iterable[KnownFact]) -> dict[Attribute, tuple[KnownFact, ...]]:
    """What stands by attribute, with every value that the same statement gave it (two grounds)."""
    stands: dict[Attribute, tuple[KnownFact, ...]] = {}
    for _, group in groupby(history(facts), key=_statement_key):
        told = tuple(group)
        by_fact = {id(known.fact): known for known in told}
        replaced: dict[Attribute, list[KnownFact]] = {}
        for weighed in weigh(stands, [known.fact for known in told]):
            if weighed.effect is not Effect.SAME:
                replaced.setdefault(weighed.fact.attribute, []).append(by_fact[id(weighed.fact)])
        stands.update({attribute: tuple(found) for attribute, found in replaced.items()})
    return stands


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
    postponement; a plan with a new window takes back a postponement or cancellation. Of several
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
            weighed += (_weighed_status(fact, known, moved=moved) for fact in values)
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


def _weighed_status(fact: Fact, known: Sequence[KnownFact], *, moved: bool) -> Weighed:
    old = known[0] if known else None
    before, now = old.fact.value if old else None, fact.value
    if old is None:
        effect = Effect.FIRST
    elif now is Status.PLANNED:
        off = before in {Status.POSTPONED, Status.CANCELLED}
        effect = Effect.FULLER if off and moved else Effect.SAME
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
    match old.value, new.value:
        case Window(), Window():
            return _window_effect(old, new, status)
        case Place() as before, Place() as now:
            return _place_effect(before, now)
        case Count() as before, Count() as now:
            return _count_effect(before, now)
        case tuple() as before, tuple() as now:
            return Effect.SAME if set(now) <= set(before) else Effect.OTHER
        case str() as before, str() as now if old.attribute is Attribute.NAME:
            return Effect.SAME if normalise(before) == normalise(now) else Effect.OTHER
    return Effect.SAME if old.value == new.value else Effect.OTHER


def _window_effect(old: Fact, new: Fact, status: Sequence[Fact]) -> Effect:
    before, now = old.value, new.value
    if not isinstance(before, Window) or not isinstance(now, Window):
        raise TypeError(before, now)
    if before.start == now.start and before.end == now.end:
        return Effect.SAME
    finer = now.precision.rank < before.precision.rank
    if not before.overlaps(now):
        return Effect.SAME if _beside(before, now, status) else Effect.OTHER
    if before.contains(now):
        # A single day of dates known to the day is one day of the event (its opening, its last day).
        one_of_its_days = before.precision is Precision.DAY and now.start == now.end
        return Effect.SAME if one_of_its_days or now.precision.rank > before.precision.rank else Effect.FINER
    if now.precision.rank > before.precision.rank:
        return Effect.SAME
    if old.vague and finer and not new.vague:
        return Effect.FINER
    if old.vague or new.vague:
        return Effect.SAME
    if now.contains(before):
        return _wider(before, now)
    return Effect.OTHER


def _wider(before: Window, now: Window) -> Effect:
    """What a window does that holds the known one and is stated as exactly."""
    if now.precision is not Precision.DAY:
        return Effect.SAME
    if before.start == before.end:
        return Effect.FULLER
    outer = now.start < before.start and before.end < now.end
    days = ((before.end - before.start).days + 1, (now.end - now.start).days + 1)
    return Effect.SAME if outer and days[1] >= _OUTER_PERIOD * days[0] else Effect.OTHER


def _beside(before: Window, now: Window, status: Sequence[Fact]) -> bool:
    """A report of one day (opened, ended) that touches dates known to the day moves nothing."""
    told = any(fact.value in {Status.UNDER_WAY, Status.HELD} for fact in status)
    exact = before.precision is Precision.DAY and before.start < before.end
    day = dt.timedelta(days=1)
    return told and exact and now.start == now.end and now.start in {before.start - day, before.end + day}


def _place_effect(before: Place, now: Place) -> Effect:
    if before.country and now.country and before.country != now.country:
        return Effect.OTHER
    if now.name is None:
        return Effect.SAME
    if before.name is None:
        return Effect.FINER
    if normalise(before.name) == normalise(now.name):
        return Effect.FULLER if before.country is None and now.country else Effect.SAME
    # Two grounds exclude each other only where both are known to lie somewhere.
    return Effect.OTHER if before.country and now.country else Effect.SAME


def _count_effect(before: Count, now: Count) -> Effect:
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


def _day(known: KnownFact) -> dt.date:
    return known.statement.said_on or known.known_at.date()


def _statement_key(known: KnownFact) -> tuple[dt.date, dt.datetime, str, str]:
    return _day(known), known.known_at, known.statement.origin, known.statement.text


def _wording(known: KnownFact) -> tuple[str, str, str]:
    fact = known.fact
    return fact.attribute.value, str(value_to_json(fact.value)), fact.quote
