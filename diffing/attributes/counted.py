"""The kinds of fact `personnel` and `equipment`: how many people and pieces of equipment."""

from __future__ import annotations

from collections.abc import Sequence

from diffing.attributes.base import Effect, Kind, always
from diffing.model import Attribute, ChangeKind, Count, Fact, Qualifier

__all__ = ["EQUIPMENT", "PERSONNEL", "count_effect"]

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


PERSONNEL = Kind(attribute=Attribute.PERSONNEL, effect=count_effect, change=always(ChangeKind.RESIZED))
EQUIPMENT = Kind(attribute=Attribute.EQUIPMENT, effect=count_effect, change=always(ChangeKind.RESIZED))
