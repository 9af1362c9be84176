"""What an unattended program says: one line an event on stderr, for people or as JSON."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import re
import sys
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TextIO

from diffing.model import JsonValue
from diffing.wording import plain

__all__ = ["Level", "Log", "LogFormat"]

_USERINFO = re.compile(r"(?<=://)[^/?#\s]*@")
_BARE = re.compile(r"[^\s=\"]+")


class Level(StrEnum):
    """How much an event matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """How a line is written."""

    TEXT = "text"
    JSON = "json"


class Log:
    """Writes events: a time in UTC, a level, the event's name, and what belongs to it by name.

    Texts are put on one line, without characters that control a terminal and without user names and
    passwords in addresses. A stderr that nobody can write to stops nothing. `quiet`: only what went wrong.
    """

    def __init__(
        self,
        clock: Callable[[], dt.datetime],
        style: LogFormat = LogFormat.TEXT,
        stream: TextIO | None = None,
        *,
        quiet: bool = False,
    ) -> None:
        self._clock = clock
        self._style = style
        self._stream = stream
        self._quiet = quiet

    def __call__(self, event: str, level: Level = Level.INFO, **fields: JsonValue) -> None:
        """Writes one event; fields that are None are left out."""
        if self._quiet and level is Level.INFO:
            return
        at = self._clock().astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        known = {name: _clean(value) for name, value in fields.items() if value is not None}
        record: dict[str, JsonValue] = {"ts": at, "level": level.value, "event": event, **known}
        line = json.dumps(record, ensure_ascii=False) if self._style is LogFormat.JSON else _text(record)
        stream = self._stream or sys.stderr
        with contextlib.suppress(OSError, ValueError):
            stream.write(f"{line}\n")
            stream.flush()


def _clean(value: JsonValue) -> JsonValue:
    match value:
        case str():
            return _USERINFO.sub("", plain(value))
        case list():
            return [_clean(each) for each in value]
        case dict():
            return {_clean_name(name): _clean(each) for name, each in value.items()}
        case _:
            return value


def _clean_name(name: str) -> str:
    return _USERINFO.sub("", plain(name))


def _text(record: Mapping[str, JsonValue]) -> str:
    at, level, event, *_ = record.values()
    words = [f"{name}={_value(value)}" for name, value in list(record.items())[3:]]
    return " ".join((f"{at} {level} {event}", *words))


def _value(value: JsonValue) -> str:
    match value:
        case str() if _BARE.fullmatch(value):
            return value
        case list():
            return ",".join(_value(each) for each in value)
        case _:
            return json.dumps(value, ensure_ascii=False)
