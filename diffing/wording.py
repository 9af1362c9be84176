"""Values in words for people: days, windows, places, counts, and how far something moved."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable

from diffing.model import (
    Attribute,
    Change,
    ChangeKind,
    Count,
    FactValue,
    Op,
    Place,
    Precision,
    Qualifier,
    StatementDiff,
    Status,
    Window,
)

__all__ = [
    "day_in_words",
    "deed",
    "differences_in_words",
    "headline",
    "kind_in_words",
    "plain",
    "plain_run",
    "shift_in_words",
    "shortened",
    "value_in_words",
]

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SEASONS = {3: "spring", 6: "summer", 9: "autumn", 12: "winter"}
_QUALIFIERS = {
    Qualifier.ABOUT: "about ",
    Qualifier.MORE_THAN: "more than ",
    Qualifier.UP_TO: "up to ",
    Qualifier.EXACTLY: "",
}

# What is counted, where the kind of fact is not named for it.
_COUNTED = {Attribute.PERSONNEL: "people", Attribute.EQUIPMENT: "pieces of equipment"}

# The member states and those that the gazetteer names beside them; another code shows as itself.
_COUNTRIES = {
    "AF": "Afghanistan", "AM": "Armenia", "AZ": "Azerbaijan", "BY": "Belarus", "CN": "China", "IN": "India",
    "IR": "Iran", "KG": "Kyrgyzstan", "KZ": "Kazakhstan", "MN": "Mongolia", "PK": "Pakistan", "RS": "Serbia",
    "RU": "Russia", "TJ": "Tajikistan", "TM": "Turkmenistan", "UZ": "Uzbekistan",
}  # fmt: skip

_TOLD = (Op.EDITED, Op.SPLIT, Op.MERGED, Op.ADDED, Op.REMOVED, Op.MOVED)

# What a page must not be able to do to a terminal, a mail or a feed: C0 and C1 controls (ESC among
# them) and the characters that reverse the direction of the text around them.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")


def plain(text: str) -> str:
    """The text on one line, without characters that control a terminal or the reading direction."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def plain_run(text: str) -> str:
    """A run of a line, as plain as `plain` makes the line; a space at either end stays one space."""
    return plain(f"|{text}|")[1:-1]


def differences_in_words(diffs: Iterable[StatementDiff]) -> str:
    """How many statements differ and how, most telling first, and how many are the same.

    `2 edited, 1 added; 37 the same`
    """
    counts = Counter(diff.op for diff in diffs)
    told = [f"{counts[op]} {op.value}" for op in _TOLD if counts[op]] or ["no statement differs"]
    return f"{', '.join(told)}; {counts[Op.EQUAL]} the same"


def shortened(text: str, length: int) -> str:
    """The text, plain, cut at a word where it is longer than `length` characters."""
    text = plain(text)
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def day_in_words(day: dt.date) -> str:
    """A day as a person writes it.

    >>> day_in_words(dt.date(2025, 9, 7))
    '7 September 2025'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def shift_in_words(days: int) -> str:
    """How far a window moved, whole weeks as weeks.

    >>> shift_in_words(-14), shift_in_words(1), shift_in_words(0)
    ('two weeks earlier', 'one day later', 'starting on the same day')
    """
    if days == 0:
        return "starting on the same day"
    amount, unit = abs(days), "day"
    if amount % 7 == 0 and amount // 7 > 0:
        amount, unit = amount // 7, "week"
    number = _NUMBERS[amount] if amount < len(_NUMBERS) else str(amount)
    return f"{number} {unit}{'s' if amount > 1 else ''} {'later' if days > 0 else 'earlier'}"


def kind_in_words(kind: ChangeKind) -> str:
    """The kind as a word for people: `page_removed` is "page removed"."""
    return kind.value.replace("_", " ")


def deed(change: Change) -> str:
    """What was done, and how far it moved something: `rescheduled, two weeks earlier`."""
    line = kind_in_words(change.kind)
    return line if change.shift_days is None else f"{line}, {shift_in_words(change.shift_days)}"


def headline(change: Change) -> str:
    """What happened in one line, without the event's name.

    `rescheduled, two weeks earlier: 1-15 October 2025 → 17-20 September 2025`
    """
    line = deed(change)
    new = value_in_words(change.attribute, change.new)
    if change.old is not None:
        return f"{line}: {value_in_words(change.attribute, change.old)} → {new}"
    return line if change.new is None or isinstance(change.new, Status) else f"{line}: {new}"


def value_in_words(attribute: Attribute | None, value: FactValue | None) -> str:
    """A fact's value for people; a dash where there is none."""
    match value:
        case None:
            return "–"
        case Window():
            return _window(value)
        case Place():
            return ", ".join(part for part in (value.name, _country(value.country)) if part) or "–"
        case Count():
            noun = _COUNTED.get(attribute, attribute.value.replace("_", " ")) if attribute else ""
            return f"{_QUALIFIERS[value.qualifier]}{value.count:,} {noun}".rstrip()
        case Status():
            return value.value.replace("_", " ")
        case tuple():
            return ", ".join(_country(code) or code for code in value) or "–"
        case _:
            return plain(value)


def _country(code: str | None) -> str | None:
    return _COUNTRIES.get(code, code) if code else None


def _window(window: Window) -> str:
    start, end = window.start, window.end
    if window.precision is Precision.YEAR and (start.month, end.month) == (1, 12):
        return str(start.year)
    if window.precision is Precision.SEASON and start.month in _SEASONS and start.day == 1:
        return f"{_SEASONS[start.month]} {end.year}"
    if window.precision is Precision.MONTH:
        first, last = _MONTHS[start.month - 1], _MONTHS[end.month - 1]
        return f"{first} {end.year}" if first == last else f"{first}-{last} {end.year}"
    if start == end:
        return day_in_words(start)
    if start.year != end.year:
        return f"{day_in_words(start)} - {day_in_words(end)}"
    if start.month != end.month:
        return f"{start.day} {_MONTHS[start.month - 1]} - {day_in_words(end)}"
    return f"{start.day}-{day_in_words(end)}"
