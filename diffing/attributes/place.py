"""The kind of fact `place`: the country, and the ground or town where one is named."""

from __future__ import annotations

from collections.abc import Sequence

from diffing.attributes.base import Effect, Kind, always
from diffing.model import Attribute, ChangeKind, Fact, Place
from diffing.normal import normalise

__all__ = ["PLACE"]


def _effect(old: Fact, new: Fact, _status: Sequence[Fact]) -> Effect:
    before, now = old.value, new.value
    if not isinstance(before, Place) or not isinstance(now, Place):
        raise TypeError(before, now)
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


PLACE = Kind(
    attribute=Attribute.PLACE, effect=_effect, change=always(ChangeKind.RELOCATED, ChangeKind.REFINED)
)
