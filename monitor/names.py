"""What a user types for an event, source or page, as what is known under it; else an error and near miss."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Collection, Iterable

from diffing.languages import LANGUAGES
from diffing.model import Gazetteer, series_and_edition
from diffing.naming import events_named
from monitor.errors import InvalidInput

__all__ = ["editions", "event_key", "known_source", "near_miss", "near_page"]

# So many are named where a name misses; more is a list, which `events` prints.
_NEAR = 3


def event_key(text: str, gazetteer: Gazetteer, today: dt.date) -> str:
    """The key of the event that `text` names, in any language or translation; else `text` itself."""
    for language in LANGUAGES:
        for mention in events_named(f"“{text.strip()}”", today, gazetteer, language):
            return mention.event
    return text.strip()


def editions(text: str, gazetteer: Gazetteer, today: dt.date, known: Collection[str]) -> tuple[str, ...]:
    """The events of `known` that `text` names: one where it has an edition, else all of its series.

    Raises InvalidInput with a near miss where there is none.
    """
    key = _key(text, gazetteer, today, known)
    whole = _has_edition(text) or text.strip() == key
    found = tuple(event for event in known if event == key or (not whole and _series(event) == _series(key)))
    if not found:
        raise _no_event(text, key, known)
    return found


def known_source(name: str, known: Iterable[str]) -> str:
    """`name`, which must be one of `known`. Raises InvalidInput with a near miss."""
    names = list(known)
    if name not in names:
        raise InvalidInput(f"No source {name!r}; {near_miss(name, names)}")
    return name


def near_miss(name: str, known: Collection[str]) -> str:
    """What may have been meant, else what there is, as the end of an error."""
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known) or 'none'}."


def near_page(url: str, known: Iterable[str]) -> str:
    """The page that may have been meant, else how pages are found, as the end of an error."""
    # Two addresses of one site are alike by their host alone.
    host = url.partition("://")[2].partition("/")[0]
    near = difflib.get_close_matches(url, [page for page in known if f"//{host}/" in page], n=1, cutoff=0.8)
    return f"did you mean {near[0]}?" if near else "`cstowatch search` finds pages by their words."


def _key(text: str, gazetteer: Gazetteer, today: dt.date, known: Collection[str]) -> str:
    by_name = {event.casefold(): event for event in known}
    return by_name.get(text.strip().casefold()) or event_key(text, gazetteer, today)


def _has_edition(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _series(event: str) -> str:
    return series_and_edition(event)[0]


def _no_event(text: str, key: str, known: Collection[str]) -> InvalidInput:
    # Compared without the edition, which all events of a year share.
    series = difflib.get_close_matches(_series(key), {_series(event) for event in known}, n=1)
    near = [event for event in known if _series(event) in series]
    hint = (
        f"did you mean {' or '.join(map(repr, near[-_NEAR:]))}?"
        if near
        else "`cstowatch events` lists those that are."
    )
    return InvalidInput(f"No event {text.strip()!r} is known; {hint}")
