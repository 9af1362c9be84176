"""The sources that are watched: a file of tables becomes checked, frozen values."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from diffing.languages import LANGUAGES
from seeds.errors import InvalidSeed

__all__ = ["Source", "load_sources"]

UTC = ZoneInfo("UTC")
BUNDLED = Path(__file__).with_name("sources.toml")

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_NAMESPACE = re.compile(r"\|(?!=)")
_INTERVAL = re.compile(r"([1-9][0-9]{0,5})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One official site in one language edition.

    `start` are listing pages, feeds or sitemaps; `articles` and `follow` regexes searched in canonical
    URLs (`follow` None: no listing page leads to another). `timezone` is that of the dates the site
    prints, `delay` seconds between requests, `visits_per_day` how many looks at known pages the site may be
    asked for, at most. `content` and `date` are CSS selectors that help the extraction (None: no help).
    `private` allows addresses of this machine or of a private network.
    `render` has a browser run the scripts of its pages, which needs the extra `browser`.
    """

    name: str
    language: str
    start: tuple[str, ...]
    articles: str
    follow: str | None = None
    timezone: ZoneInfo = UTC
    interval: dt.timedelta = dt.timedelta(hours=1)
    delay: float = 2.0
    visits_per_day: int = 1000
    content: str | None = None
    date: str | None = None
    private: bool = False
    render: bool = False


class _Fault(Exception):
    """One value of one key is not what the key wants; the message says what was found, and the remedy."""


def load_sources(path: Path | None = None) -> tuple[Source, ...]:
    """The sources of the file in their order; the bundled file where `path` is None.

    Raises InvalidSeed with every fault of the file: each names the source and the key, what was
    found, and how to mend it.
    """
    path = path or BUNDLED
    tables = _tables(path)
    faults: list[str] = []
    sources: list[Source] = []
    first_use: dict[str, int] = {}
    for number, table in enumerate(tables, start=1):
        label = _label(table, number)
        values, found = _read(table)
        faults += [f"{label}: {fault}" for fault in found]
        name = values.get("name")
        if isinstance(name, str):
            if name in first_use:
                faults.append(
                    f"{label}: the name was given to source {first_use[name]} already; names are unique"
                )
            first_use.setdefault(name, number)
        if not found:
            sources.append(Source(**values))
    if faults:
        raise InvalidSeed(path, faults)
    return tuple(sources)


def _tables(path: Path) -> list[Mapping[str, Any]]:
    try:
        with path.open("rb") as file:
            content = tomllib.load(file)
    except OSError as error:
        raise InvalidSeed(path, [f"the file cannot be read ({error.strerror or error})"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidSeed(path, [f"the file is not TOML ({error})"]) from error
    faults = [
        f"unknown key {key!r} at the top of the file; sources are tables that begin with [[source]]"
        for key in content
        if key != "source"
    ]
    tables = content.get("source", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        faults.append("'source' is not a list of tables; begin each source with [[source]]")
    elif not tables:
        faults.append("there is no source; begin one with [[source]]")
    if faults:
        raise InvalidSeed(path, faults)
    return list(tables)


def _label(table: Mapping[str, Any], number: int) -> str:
    name = table.get("name")
    return f"source {name!r}" if isinstance(name, str) and name else f"source {number}"


def _read(table: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The checked values of one table, and all of its faults."""
    values: dict[str, Any] = {}
    faults = [_unknown(key) for key in table if key not in _READERS]
    for field in fields(Source):
        if field.name not in table:
            if field.default is MISSING:
                faults.append(f"{field.name!r} is missing; it is required")
            continue
        try:
            values[field.name] = _READERS[field.name](table[field.name])
        except _Fault as fault:
            faults.append(f"{field.name} = {_shown(table[field.name])}: {fault}")
    return values, faults


def _unknown(key: str) -> str:
    near = difflib.get_close_matches(key.lower(), _READERS, n=1)
    remedy = f"did you mean {near[0]!r}?" if near else f"the keys are {', '.join(_READERS)}"
    return f"unknown key {key!r}; {remedy}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _Fault(f"is {_kind(value)}; give a text in quotation marks")
    if not value.strip():
        raise _Fault("is empty; give a text, or leave the key out where it is optional")
    return value


def _name(value: object) -> str:
    text = _text(value)
    if not _NAME.fullmatch(text):
        raise _Fault("a name is made of Latin letters, digits, '-', '_' and '.'")
    return text


def _language(value: object) -> str:
    text = _text(value)
    if text not in LANGUAGES:
        raise _Fault(f"no such language; known are {', '.join(sorted(LANGUAGES))}")
    return text


def _start(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise _Fault("give a list of one URL or more, in square brackets")
    faults: list[str] = []
    for url in value:
        try:
            _check_url(url)
        except _Fault as fault:
            faults.append(f"{_shown(url)} {fault}" if len(value) > 1 else str(fault))
    if faults:
        raise _Fault("; ".join(faults))
    return tuple(value)


def _check_url(url: object) -> None:
    text = _text(url)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise _Fault(f"is no URL ({error})") from error
    if not parts.scheme:
        raise _Fault("is a relative URL; write it in full, with https://")
    if parts.scheme not in {"http", "https"}:
        raise _Fault(f"has the scheme {parts.scheme!r}; only http and https are fetched")
    if not parts.hostname:
        raise _Fault("names no host; write it in full, with https://")
    if parts.username is not None or parts.password is not None:
        raise _Fault("holds a user name or password; sources are public pages, take it out")
    if port == 0 or "\\" in text or any(character.isspace() for character in text):
        raise _Fault("is no URL that a browser would take; write it without spaces and backslashes")


def _regex(value: object) -> str:
    text = _text(value)
    try:
        re.compile(text)
    except re.error as error:
        raise _Fault(f"is no regular expression ({error})") from error
    return text


def _selector(value: object) -> str:
    from cssselect import HTMLTranslator, SelectorError  # only the few sources that have a selector need it

    text = _text(value)
    try:
        HTMLTranslator().css_to_xpath(text)
    except SelectorError as error:
        raise _Fault(
            f"is no CSS selector of an element ({error}); write it like 'div.text > time'"
        ) from error
    if _NAMESPACE.search(_QUOTED.sub("", text)):
        raise _Fault("names a namespace; HTML has none, write it without what stands before '|'")
    return text


def _timezone(value: object) -> ZoneInfo:
    text = _text(value)
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise _Fault("no such time zone; write it like 'Europe/Moscow'") from error


def _interval(value: object) -> dt.timedelta:
    match = _INTERVAL.fullmatch(_text(value))
    if match is None:
        raise _Fault("write a whole number and its unit: '30m', '1h' or '2d'")
    return dt.timedelta(**{_UNITS[match[2]]: int(match[1])})


def _delay(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Fault(f"is {_kind(value)}; give a number of seconds, such as 2.0")
    if not 0 <= value <= 3600:
        raise _Fault("give seconds from 0 to 3600")
    return float(value)


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _Fault(f"is {_kind(value)}; give a whole number, such as 1000")
    if not 1 <= value <= 1_000_000:
        raise _Fault("give a whole number from 1 to 1000000")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _Fault(f"is {_kind(value)}; write true or false, without quotation marks")
    return value


def _kind(value: object) -> str:
    return {
        str: "a text",
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "a table",
    }.get(type(value), "a date or time")


_READERS: Mapping[str, Callable[[object], Any]] = {
    "name": _name,
    "language": _language,
    "start": _start,
    "articles": _regex,
    "follow": _regex,
    "timezone": _timezone,
    "interval": _interval,
    "delay": _delay,
    "visits_per_day": _count,
    "content": _selector,
    "date": _selector,
    "private": _flag,
    "render": _flag,
}
