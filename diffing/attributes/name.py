"""The kind of fact `name`: what the event is called from now on."""

from __future__ import annotations

from collections.abc import Sequence

from diffing.attributes.base import Effect, Kind
from diffing.model import Attribute, ChangeKind, Fact
from diffing.normal import normalise

__all__ = ["NAME"]


def _effect(old: Fact, new: Fact, _status: Sequence[Fact]) -> Effect:
    return Effect.SAME if normalise(str(old.value)) == normalise(str(new.value)) else Effect.OTHER


def _change(effect: Effect, _old: Fact | None, _new: Fact) -> ChangeKind | None:
    """A first name is a change too: the event had one, its key."""
    return None if effect in {Effect.SAME, Effect.FULLER} else ChangeKind.RENAMED


NAME = Kind(attribute=Attribute.NAME, effect=_effect, change=_change)
