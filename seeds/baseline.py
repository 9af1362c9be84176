"""The texts that were believed before the first crawl, each beside the file that says what it is."""

from __future__ import annotations

import datetime as dt
import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable

from diffing.languages import LANGUAGES
from seeds.errors import InvalidSeed

__all__ = ["SeedText", "load_baseline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedText:
    """One text of the baseline, line by line as its file holds it.

    `origin` names it in matches and changes. `teasers` are indexes into `lines`, from 0, of lines that
    belong to other articles and must not be believed. `url` None: it never stood on a page.
    """

    origin: str
    language: str
    said_on: dt.date
    url: str | None
    lines: tuple[str, ...] = field(repr=False)
    teasers: tuple[int, ...] = ()


_KEYS = {
    "date": "a day such as 2025-01-30, without quotation marks",
    "language": f"one of {', '.join(LANGUAGES)}",
    "origin": "a short name, not empty",
    "url": "the address of the page, http:// or https://; leave it out where there is none",
    "teasers": "a list of line numbers, counted from 1; leave it out where there is none",
}
_OPTIONAL = frozenset({"url", "teasers"})


def load_baseline(folder: Traversable | None = None) -> tuple[SeedText, ...]:
    """Every text of `folder` (None: the bundled one), by file name.

    A text is a `.txt` file, one line a paragraph or list item; the `.toml` of the same name says date,
    language, origin, url and teasers. Raises InvalidSeed with every fault of a companion file, or
    for one of the two files that stands alone.
    """
    folder = folder if folder is not None else files("seeds") / "baseline"
    entries = {entry.name: entry for entry in folder.iterdir() if entry.name.endswith((".txt", ".toml"))}
    stems = sorted({name.rpartition(".")[0] for name in entries})
    return tuple(_seed_text(stem, entries) for stem in stems)


def _seed_text(stem: str, entries: Mapping[str, Traversable]) -> SeedText:
    text, companion = entries.get(f"{stem}.txt"), entries.get(f"{stem}.toml")
    if text is None or companion is None:
        here, missing = (".toml", ".txt") if text is None else (".txt", ".toml")
        present = companion if text is None else text
        raise InvalidSeed(
            str(present), [f"stands alone; put {stem}{missing} beside it or remove {stem}{here}"]
        )
    try:
        lines = tuple(text.read_text(encoding="utf-8-sig").splitlines())
    except UnicodeDecodeError as error:
        raise InvalidSeed(str(text), [f"is not UTF-8 (byte {error.start}); save it as UTF-8"]) from error
    try:
        values = tomllib.loads(companion.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidSeed(str(companion), [f"cannot be read as TOML: {error}; mend the line"]) from error
    if faults := _faults(values, lines):
        raise InvalidSeed(str(companion), faults)
    return SeedText(
        origin=values["origin"],
        language=values["language"],
        said_on=values["date"],
        url=values.get("url"),
        lines=lines,
        teasers=tuple(sorted({number - 1 for number in values.get("teasers", ())})),
    )


def _faults(values: Mapping[str, object], lines: tuple[str, ...]) -> list[str]:
    faults = []
    for key in values:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(_KEYS)}"
            faults.append(f"unknown key {key!r} ({hint})")
    faults += [
        f"no {key}; add {wanted}"
        for key, wanted in _KEYS.items()
        if key not in values and key not in _OPTIONAL
    ]
    faults += [
        f"{key} must be {_KEYS[key]}; found {value!r}"
        for key, value in values.items()
        if key in _KEYS and not _is_right(key, value)
    ]
    teasers = values.get("teasers")
    if isinstance(teasers, list) and _is_right("teasers", teasers):
        faults += [
            f"teasers names line {number}, but the text has {len(lines)}; correct the number"
            for number in teasers
            if number > len(lines)
        ]
    return faults


def _is_right(key: str, value: object) -> bool:
    match key, value:
        case "date", dt.datetime():
            return False
        case "date", dt.date():
            return True
        case "language", str():
            return value in LANGUAGES
        case "origin", str():
            return bool(value.strip())
        case "url", str():
            return value.startswith(("http://", "https://"))
        case "teasers", list():
            return all(type(number) is int and number >= 1 for number in value)
    return False
