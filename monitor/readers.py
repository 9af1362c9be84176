"""For whom a digest is told: the language, the web view, and what events are called in that language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from diffing.formats import Reader
from diffing.model import Gazetteer

__all__ = ["names_to_tell_by", "reader_of"]

# The letters by which a gazetteer's alias is known to be in a language; the canonical names are English.
_LETTERS: Mapping[str, re.Pattern[str]] = {"ru": re.compile(r"[а-яё]", re.IGNORECASE)}


def names_to_tell_by(file: Path | None) -> Gazetteer:
    """The gazetteer of the file; the bundled one where there is none, or where it is faulty.

    A fault in it stops the runs, and of that a person must be told, by whatever names.
    """
    from seeds.errors import InvalidSeed
    from seeds.gazetteer import load_gazetteer

    try:
        return load_gazetteer(file)
    except InvalidSeed:
        return load_gazetteer()


def reader_of(language: str, web: str | None, gazetteer: Gazetteer | None = None) -> Reader:
    """A reader of the language, to whom series and grounds are called by their first name in it.

    `web` is the address of the web view (None: there is none); `gazetteer` None: the bundled one.
    """
    letters = _LETTERS.get(language)
    if letters is None:
        return Reader(language=language, web=web)
    if gazetteer is None:
        from seeds.gazetteer import load_gazetteer

        gazetteer = load_gazetteer()
    named = [(series.name, series.aliases) for series in gazetteer.series]
    named += [(ground.name, ground.aliases) for ground in gazetteer.grounds]
    return Reader(language=language, web=web, names=dict(_first(named, letters)))


def _first(
    named: Iterable[tuple[str, tuple[str, ...]]], letters: re.Pattern[str]
) -> Iterable[tuple[str, str]]:
    for name, aliases in named:
        found = next((alias for alias in aliases if letters.search(alias)), None)
        if found:
            yield name, found
