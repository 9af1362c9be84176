"""Reads the gazetteer: the names of series, grounds, states and forces, kept as data."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from diffing.model import Gazetteer, Ground, Series
from seeds.errors import InvalidSeed

__all__ = ["load_gazetteer"]

BUNDLED = Path(__file__).with_name("gazetteer.toml")
_CODE = re.compile(r"[A-Z]{2}\Z")


def load_gazetteer(path: Path | None = None) -> Gazetteer:
    """The gazetteer of `path`, or the bundled one. Raises InvalidSeed with every fault."""
    path = path or BUNDLED
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidSeed(path, [f"cannot be read ({error.strerror}); name an existing file"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidSeed(path, [f"is not TOML in UTF-8 ({error})"]) from error
    faults: list[str] = []
    _known_keys("the file", data, ("series", "ground", "state", "force", "organisers"), faults)
    states = _tables(data, "state", faults)
    organisers = data.get("organisers", {})
    if not isinstance(organisers, dict):
        faults.append("organisers is no table; write [organisers] above `ours` and `others`")
        organisers = {}
    _known_keys("[organisers]", organisers, ("ours", "others", "members", "abroad"), faults)
    gazetteer = Gazetteer(
        series=_series(_rows(data, "series", faults), faults),
        grounds=_grounds(_rows(data, "ground", faults), set(states), faults),
        states=_named(states, "state", ("names", "adjectives"), faults),
        forces=_named(_tables(data, "force", faults), "force", ("names",), faults),
        adjectives={
            code: _words(f"[state.{code}]", table, "adjectives", faults)
            for code, table in states.items()
            if "adjectives" in table
        },
        ours=_words("[organisers]", organisers, "ours", faults),
        others=_words("[organisers]", organisers, "others", faults),
        members=_words("[organisers]", organisers, "members", faults),
        abroad=_words("[organisers]", organisers, "abroad", faults),
    )
    faults += [
        f"[organisers]: no [state.{code}]{_hint(code, states)}; add the state, or take it out of members"
        for code in gazetteer.members
        if code not in states
    ]
    faults += [
        f"[state.{code}]: {code!r} is no ISO 3166-1 alpha-2 code; write two capital letters, as [state.BY]"
        for code in states
        if not _CODE.match(code)
    ]
    if faults:
        raise InvalidSeed(path, faults)
    return gazetteer


def _series(rows: list[dict[str, object]], faults: list[str]) -> tuple[Series, ...]:
    found = []
    owners: dict[str, str] = {}
    for number, row in enumerate(rows, 1):
        where = f"[[series]] {number}"
        _known_keys(where, row, ("name", "aliases", "plain_words", "weak", "monthly"), faults)
        name = _word(where, row, "name", faults)
        where = f"series {name!r}" if name else where
        aliases = _words(where, row, "aliases", faults)
        plain = _words(where, row, "plain_words", faults)
        weak = _words(where, row, "weak", faults)
        for kind, words in (("plain word", plain), ("weak name", weak)):
            for word in words:
                if word not in (name, *aliases):
                    hint = _hint(word, (name, *aliases))
                    faults.append(f"{where}: {kind} {word!r} is none of its names{hint}; add it to aliases")
        for alias in dict.fromkeys((name, *aliases)):
            owner = owners.setdefault(alias.casefold(), name)
            if owner != name:
                faults.append(f"{where}: {alias!r} already names {owner!r}; a name has one series")
        monthly = row.get("monthly", False)
        if not isinstance(monthly, bool):
            faults.append(f"{where}: monthly is {monthly!r}, not true or false; write monthly = true")
        found.append(
            Series(name=name, aliases=aliases, plain_words=plain, monthly=monthly is True, weak=weak)
        )
    return tuple(found)


def _grounds(rows: list[dict[str, object]], states: set[str], faults: list[str]) -> tuple[Ground, ...]:
    found = []
    for number, row in enumerate(rows, 1):
        where = f"[[ground]] {number}"
        _known_keys(where, row, ("name", "country", "aliases"), faults)
        name = _word(where, row, "name", faults)
        where = f"ground {name!r}" if name else where
        country = _word(where, row, "country", faults)
        if country and country not in states:
            faults.append(f"{where}: no [state.{country}]{_hint(country, states)}; add the state")
        found.append(Ground(name=name, country=country, aliases=_words(where, row, "aliases", faults)))
    return tuple(found)


def _named(
    tables: Mapping[str, dict[str, object]], kind: str, keys: tuple[str, ...], faults: list[str]
) -> dict[str, tuple[str, ...]]:
    found = {}
    for key, table in tables.items():
        where = f"[{kind}.{key}]"
        _known_keys(where, table, keys, faults)
        found[key] = _words(where, table, "names", faults)
        if "names" not in table:
            faults.append(f'{where}: names is missing; write names = ["…"]')
    return found


def _rows(data: Mapping[str, object], key: str, faults: list[str]) -> list[dict[str, object]]:
    value = data.get(key, [])
    if isinstance(value, list) and all(isinstance(row, dict) for row in value):
        return value
    faults.append(f"{key} is no list of tables; write [[{key}]] above each")
    return []


def _tables(data: Mapping[str, object], key: str, faults: list[str]) -> dict[str, dict[str, object]]:
    value = data.get(key, {})
    if isinstance(value, dict) and all(isinstance(table, dict) for table in value.values()):
        return value
    faults.append(f"{key} is no table of tables; write [{key}.NAME] above each")
    return {}


def _word(where: str, row: Mapping[str, object], key: str, faults: list[str]) -> str:
    value = row.get(key)
    if isinstance(value, str) and value.strip():
        return value
    found = "is missing" if value is None else f"is {value!r}, not a word"
    faults.append(f'{where}: {key} {found}; write {key} = "…"')
    return ""


def _words(where: str, row: Mapping[str, object], key: str, faults: list[str]) -> tuple[str, ...]:
    value = row.get(key, [])
    if isinstance(value, list) and all(isinstance(word, str) and word.strip() for word in value):
        return tuple(value)
    faults.append(f'{where}: {key} is {value!r}, not a list of words; write {key} = ["…"]')
    return ()


def _known_keys(where: str, table: Mapping[str, object], known: tuple[str, ...], faults: list[str]) -> None:
    for key in table:
        if key not in known:
            choices = ", ".join(known)
            faults.append(f"{where}: unknown key {key!r}{_hint(key, known)}; known are {choices}")


def _hint(word: str, choices: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, [choice for choice in choices if choice], n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""
