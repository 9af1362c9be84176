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
    Shift,
    StatementDiff,
    Status,
    Window,
    series_and_edition,
)
from diffing.vocabulary import ENGLISH, VOCABULARIES, Vocabulary

__all__ = [
    "VOCABULARIES",
    "counted",
    "day_in_words",
    "deed",
    "differences_in_words",
    "event_in_words",
    "headline",
    "is_revival",
    "kind_in_words",
    "moment_in_words",
    "plain",
    "plain_run",
    "shift_in_words",
    "shortened",
    "value_in_words",
    "values_in_words",
]

_MONTH = 30
"""Days that a month counts as where a shift is told that nothing known gives a date to."""

_TOLD = (Op.EDITED, Op.SPLIT, Op.MERGED, Op.ADDED, Op.REMOVED, Op.MOVED)

# What a page must not be able to do to a terminal, a mail or a feed: C0 and C1 controls (ESC among
# them), the characters that reverse the direction of the text around them or hide in it, and those that
# no XML and no UTF-8 can hold.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]+"
)


def plain(text: str) -> str:
    """The text on one line, without characters that control a terminal or the reading direction."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def plain_run(text: str) -> str:
    """A run of a line, as plain as `plain` makes the line; a space at either end stays one space."""
    return plain(f"|{text}|")[1:-1]


def differences_in_words(diffs: Iterable[StatementDiff], words: Vocabulary = ENGLISH) -> str:
    """How many statements differ and how, most telling first, and how many are the same.

    `2 edited, 1 added; 37 the same`
    """
    counts = Counter(diff.op for diff in diffs)
    told = [f"{counts[op]} {words.ops[op]}" for op in _TOLD if counts[op]] or [words.texts["no difference"]]
    return f"{', '.join(told)}; {counts[Op.EQUAL]} {words.texts['the same']}"


def shortened(text: str, length: int) -> str:
    """The text, plain, cut at a word where it is longer than `length` characters."""
    text = plain(text)
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def counted(count: int, noun: str, words: Vocabulary = ENGLISH) -> str:
    """The count with its noun, one of `words.nouns`.

    >>> counted(1, "page"), counted(2, "page"), counted(5, "page", VOCABULARIES["ru"])
    ('1 page', '2 pages', '5 страниц')
    """
    return f"{_grouped(count, words)} {words.nouns[noun].forms[words.plural(count)]}"


def day_in_words(day: dt.date, words: Vocabulary = ENGLISH) -> str:
    """A day as a person writes it.

    >>> day_in_words(dt.date(2025, 9, 7)), day_in_words(dt.date(2025, 9, 7), VOCABULARIES["ru"])
    ('7 September 2025', '7 сентября 2025')
    """
    return f"{day.day} {words.months_of[day.month - 1]} {day.year}"


def moment_in_words(moment: dt.datetime, words: Vocabulary = ENGLISH) -> str:
    """A moment to the minute in its own zone, named by its offset: `7 September 2025, 07:00 +03:00`."""
    offset = moment.strftime("%z")
    zone = "UTC" if moment.utcoffset() == dt.timedelta() else f"{offset[:3]}:{offset[3:5]}"
    return f"{day_in_words(moment.date(), words)}, {moment:%H:%M} {zone}"


def shift_in_words(days: int, words: Vocabulary = ENGLISH) -> str:
    """How far a window moved, whole weeks as weeks.

    >>> shift_in_words(-14), shift_in_words(1), shift_in_words(0)
    ('two weeks earlier', 'one day later', 'starting on the same day')
    >>> shift_in_words(-14, VOCABULARIES["ru"]), shift_in_words(1, VOCABULARIES["ru"])
    ('на две недели раньше', 'на один день позже')
    """
    if days == 0:
        return words.texts["same day"]
    amount, unit = abs(days), words.nouns["day"]
    if amount % 7 == 0:
        amount, unit = amount // 7, words.nouns["week"]
    number = unit.numbers[amount] if amount < len(unit.numbers) else _grouped(amount, words)
    shift = f"{number} {unit.forms[words.plural(amount)]}"
    return words.texts["later" if days > 0 else "earlier"].format(shift=shift)


def kind_in_words(kind: ChangeKind, words: Vocabulary = ENGLISH) -> str:
    """The kind as a word for people: `page_removed` is "page removed"."""
    return words.kinds.get(kind) or kind.value.replace("_", " ")


def deed(change: Change, words: Vocabulary = ENGLISH) -> str:
    """What was done, and how far it moved something: `rescheduled, two weeks earlier`."""
    if change.contradicts:
        return words.texts["contradiction"]
    if is_revival(change):
        return words.texts["held after all"]
    line = kind_in_words(change.kind, words)
    return line if change.shift_days is None else f"{line}, {shift_in_words(change.shift_days, words)}"


def is_revival(change: Change) -> bool:
    """Whether what was cancelled is to be held again."""
    return change.kind is ChangeKind.RESCHEDULED and change.attribute is Attribute.STATUS


def headline(change: Change, words: Vocabulary = ENGLISH) -> str:
    """What happened in one line, without the event's name.

    `rescheduled, two weeks earlier: 1-15 October 2025 → 17-20 September 2025`
    """
    line, values = deed(change, words), values_in_words(change, words)
    return f"{line}: {values}" if values else line


def values_in_words(change: Change, words: Vocabulary = ENGLISH) -> str:
    """Old and new value, `1-15 October 2025 → 17-20 September 2025`; empty: the kind says it all."""
    new = value_in_words(change.attribute, change.new, words)
    if change.old is not None:
        between = "≠" if change.contradicts else "→"
        return f"{value_in_words(change.attribute, change.old, words)} {between} {new}"
    return "" if change.new is None or isinstance(change.new, Status) else new


def value_in_words(attribute: Attribute | None, value: FactValue | None, words: Vocabulary = ENGLISH) -> str:
    """A fact's value for people; a dash where there is none."""
    match value:
        case None:
            return "–"
        case Window():
            return _window(value, words)
        case Shift():
            return _shift(value, words)
        case Place():
            name = words.names.get(value.name, value.name) if value.name else None
            parts = (name and plain(name), _country(value.country, words))
            return ", ".join(part for part in parts if part) or "–"
        case Count():
            return _count(attribute, value, words)
        case Status():
            return words.statuses[value]
        case tuple():
            return ", ".join(_country(code, words) or code for code in value) or "–"
        case _:
            return plain(value)


def event_in_words(event: str, words: Vocabulary = ENGLISH) -> str:
    """What an event is called: its series by the reader's name for it, with its edition."""
    series, edition = series_and_edition(event)
    name = plain(words.names.get(series, series))
    return f"{name}-{edition}" if edition else name


def _shift(value: Shift, words: Vocabulary) -> str:
    if value.to is not None:
        return _window(value.to, words)
    if value.until is not None:
        return f"– {day_in_words(value.until, words)}"
    return shift_in_words(value.end or value.months * _MONTH, words)


def _count(attribute: Attribute | None, value: Count, words: Vocabulary) -> str:
    noun = words.counted.get(attribute) if attribute else None
    if noun is None:
        unit = words.attributes.get(attribute, attribute.value.replace("_", " ")) if attribute else ""
    else:
        hedged = noun.of and value.qualifier is not Qualifier.EXACTLY
        unit = (noun.of if hedged else noun.forms)[words.plural(value.count)]
    return f"{words.qualifiers[value.qualifier]}{_grouped(value.count, words)} {unit}".rstrip()


def _grouped(number: int, words: Vocabulary) -> str:
    return f"{number:,}".replace(",", words.thousands)


def _country(code: str | None, words: Vocabulary) -> str | None:
    """The name of a state; a code of which no name is known shows as itself."""
    return words.countries.get(code, plain(code)) if code else None


def _window(window: Window, words: Vocabulary) -> str:
    start, end = window.start, window.end
    if window.precision is Precision.YEAR and (start.month, end.month) == (1, 12):
        return str(start.year)
    if window.precision is Precision.SEASON and start.month in words.seasons and start.day == 1:
        return f"{words.seasons[start.month]} {end.year}"
    if window.precision is Precision.MONTH:
        first, last = words.months[start.month - 1], words.months[end.month - 1]
        return f"{first} {end.year}" if first == last else f"{first}-{last} {end.year}"
    if start == end:
        return day_in_words(start, words)
    if start.year != end.year:
        return f"{day_in_words(start, words)} - {day_in_words(end, words)}"
    if start.month != end.month:
        return f"{start.day} {words.months_of[start.month - 1]} - {day_in_words(end, words)}"
    return f"{start.day}-{day_in_words(end, words)}"
