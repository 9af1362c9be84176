"""What the house must know of a kind of fact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from diffing.model import Attribute, ChangeKind, Fact, FactValue
from diffing.reading import Reading

__all__ = ["Effect", "Kind", "Mention", "Reader", "always", "same_or_other"]


class Effect(Enum):
    """What one fact does to the one that stands."""

    FIRST = "first"  # nothing stood
    SAME = "same"  # says what stands, perhaps with less detail
    FINER = "finer"  # lies within what stands and says more
    FULLER = "fuller"  # agrees with what stands and completes it: no news, but the better record
    OTHER = "other"  # contradicts what stands
    RIVAL = "rival"  # contradicts what another page said on the same day: nothing tells which is right
    AGAIN = "again"  # says once more what is a rival already


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A value found in a text: tokens `first` up to but not including `last` say it."""

    attribute: Attribute
    value: FactValue
    first: int
    last: int


Reader: TypeAlias = Callable[[Reading, set[int]], Iterable[Mention]]
"""Finds values in a text that was read; the set holds tokens that a name or a date has taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of fact: how it is compared, what a change of it is called, how it is read.

    `effect(old, new, status)` is what the new value does to the old one, `status` being the statuses
    that the new statement asserts beside it; never FIRST. `change(effect, old, new)` names the change
    that this is for people (None: it is none); `old` is None where the effect is FIRST. `read` finds
    the values that stand for themselves in a clause about an event; None where the grammar of the
    clause has to say whether they are asserted (`diffing.asserting`).
    """

    attribute: Attribute
    effect: Callable[[Fact, Fact, Sequence[Fact]], Effect]
    change: Callable[[Effect, Fact | None, Fact], ChangeKind | None]
    read: Reader | None = None


def same_or_other(old: Fact, new: Fact, _status: Sequence[Fact]) -> Effect:
    """The effect of a value that has no degrees."""
    return Effect.SAME if old.value == new.value else Effect.OTHER


def always(
    contradicted: ChangeKind, sharpened: ChangeKind | None = None
) -> Callable[[Effect, Fact | None, Fact], ChangeKind | None]:
    """One name for every value that contradicts, and one for a first or finer one (None: no change)."""

    def change(effect: Effect, _old: Fact | None, _new: Fact) -> ChangeKind | None:
        if effect is Effect.OTHER:
            return contradicted
        return sharpened if effect in {Effect.FIRST, Effect.FINER} else None

    return change
