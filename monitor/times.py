"""Points in time as people write them on a command line, to aware UTC."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from monitor.errors import InvalidInput

__all__ = ["bounds_of", "end_of", "read_day", "span", "start_of"]

_AGO = re.compile(r"(\d{1,5})\s?([hdw])\Z")
# Beyond these no page was ever published, and midnight in another zone may not exist as a date.
_FIRST_DAY, _LAST_DAY = dt.date(1900, 1, 1), dt.date(2999, 12, 31)
_UNITS = {"h": dt.timedelta(hours=1), "d": dt.timedelta(days=1), "w": dt.timedelta(weeks=1)}


def start_of(text: str, now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The first moment that `text` names: an ISO time, a day (its midnight in `zone`), `7d` (ago).

    Raises InvalidInput.
    """
    return _read(text, now, zone)[0]


def end_of(text: str, now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The moment after the last one that `text` names: a day ends at the next one's midnight."""
    return _read(text, now, zone)[1]


def read_day(text: str, now: dt.datetime, zone: ZoneInfo) -> dt.date:
    """The day that `text` names: an ISO date, `today` or `yesterday`. Raises InvalidInput."""
    day = _day(text, now, zone)
    if day is None:
        raise InvalidInput(f"{text!r} is not a day; write 2025-09-11, today or yesterday.")
    return day


def bounds_of(day: dt.date, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """The first moment of a day (as `read_day` gives it) in `zone`, and that of the next one, in UTC."""
    return _midnight(day, zone), _midnight(day + dt.timedelta(days=1), zone)


def span(length: dt.timedelta) -> str:
    """A length as the sources' file writes it, in the largest whole unit.

    >>> span(dt.timedelta(hours=1)), span(dt.timedelta(minutes=90)), span(dt.timedelta(days=2))
    ('1h', '90m', '2d')
    """
    minutes = round(length / dt.timedelta(minutes=1))
    for unit, size in (("d", 24 * 60), ("h", 60)):
        if minutes and minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def _read(text: str, now: dt.datetime, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    day = _day(text, now, zone)
    if day is not None:
        return bounds_of(day, zone)
    if ago := _AGO.match(text.strip().lower()):
        moment = now - int(ago[1]) * _UNITS[ago[2]]
        return moment, moment
    try:
        moment = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput(
            f"{text!r} is not a time; write 2025-09-11, 2025-09-11T06:00Z, yesterday or 7d (seven days ago)."
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    moment = moment.astimezone(dt.UTC)
    return moment, moment


def _day(text: str, now: dt.datetime, zone: ZoneInfo) -> dt.date | None:
    word = text.strip().lower()
    today = now.astimezone(zone).date()
    if word in {"today", "yesterday"}:
        return today - dt.timedelta(days=word == "yesterday")
    try:
        day = dt.date.fromisoformat(word) if "t" not in word and ":" not in word else None
    except ValueError:
        return None
    if day is not None and not _FIRST_DAY < day < _LAST_DAY:
        raise InvalidInput(f"{text!r} is out of reach; name a day of the years 1900 to 2999.")
    return day


def _midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC)
