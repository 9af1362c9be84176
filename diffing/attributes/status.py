"""The kind of fact `status`: what has become of the event."""

from __future__ import annotations

from collections.abc import Mapping

from diffing.attributes.base import Effect, Kind, same_or_other
from diffing.model import Attribute, ChangeKind, Fact, FactValue, Status

__all__ = ["STATUS"]

_CHANGES: Mapping[FactValue, ChangeKind] = {
    Status.UNDER_WAY: ChangeKind.STARTED,
    Status.HELD: ChangeKind.COMPLETED,
    Status.POSTPONED: ChangeKind.POSTPONED,
    Status.CANCELLED: ChangeKind.CANCELLED,
}


def _change(effect: Effect, old: Fact | None, new: Fact) -> ChangeKind | None:
    """What was cancelled and is planned again has other dates now, whether they are said or not."""
    if old and effect is not Effect.SAME and (old.value, new.value) == (Status.CANCELLED, Status.PLANNED):
        return ChangeKind.RESCHEDULED
    return None if effect in {Effect.SAME, Effect.FULLER} else _CHANGES.get(new.value)


STATUS = Kind(attribute=Attribute.STATUS, effect=same_or_other, change=_change)
