"""The kind of fact `participants`: the states that take part."""

from __future__ import annotations

from collections.abc import Sequence

from diffing.attributes.base import Effect, Kind, always
from diffing.model import Attribute, ChangeKind, Fact

__all__ = ["PARTICIPANTS"]


def _effect(old: Fact, new: Fact, _status: Sequence[Fact]) -> Effect:
    """A list that leaves states out says less, unless it says who left; another state contradicts."""
    before, now = old.value, new.value
    if not isinstance(before, tuple) or not isinstance(now, tuple):
        raise TypeError(before, now)
    if new.joining is False:
        return Effect.SAME if set(now) == set(before) else Effect.OTHER
    return Effect.SAME if set(now) <= set(before) else Effect.OTHER


PARTICIPANTS = Kind(
    attribute=Attribute.PARTICIPANTS, effect=_effect, change=always(ChangeKind.PARTICIPANTS_CHANGED)
)
