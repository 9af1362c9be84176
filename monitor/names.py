"""What a user types for an event, as the key it is kept under."""

from __future__ import annotations

import datetime as dt

from diffing.languages import LANGUAGES
from diffing.model import Gazetteer
from diffing.naming import events_named

__all__ = ["event_key"]


def event_key(text: str, gazetteer: Gazetteer, today: dt.date) -> str:
    """The key of the event that `text` names, in any language or translation; else `text` itself."""
    for language in LANGUAGES:
        for mention in events_named(f"“{text.strip()}”", today, gazetteer, language):
            return mention.event
    return text.strip()
