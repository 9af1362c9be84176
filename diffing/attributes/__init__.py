"""The kinds of fact that a statement can assert of an event, one module each or for alike ones."""

from __future__ import annotations

from collections.abc import Mapping

from diffing.attributes.base import Effect, Kind, Mention
from diffing.attributes.counted import EQUIPMENT, PERSONNEL
from diffing.attributes.name import NAME
from diffing.attributes.participants import PARTICIPANTS
from diffing.attributes.place import PLACE
from diffing.attributes.status import STATUS
from diffing.attributes.window import WINDOW, moved, moved_to
from diffing.model import Attribute

__all__ = ["KINDS", "Effect", "Kind", "Mention", "moved", "moved_to"]

KINDS: Mapping[Attribute, Kind] = {
    kind.attribute: kind
    for kind in (
        WINDOW,
        PLACE,
        PARTICIPANTS,
        PERSONNEL,
        EQUIPMENT,
        STATUS,
        NAME,
    )
}
