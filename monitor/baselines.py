"""Texts taken as known before anything is crawled: the bundled seeds, and files a user names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from diffing.facts import read_facts
from diffing.knowledge import Knowledge
from diffing.model import Fact, Gazetteer, KnownText
from diffing.statements import split_text
from monitor.inputs import InputText, read_file
from seeds.baseline import SeedText, load_baseline

if TYPE_CHECKING:
    from storage.archive import Archive

__all__ = ["add_to_baseline", "known_of_files", "known_of_seeds", "load_seeds"]


def known_of_seeds(gazetteer: Gazetteer) -> Knowledge:
    """What the bundled seeds say, in memory. Raises InvalidSeed."""
    return Knowledge.of((_of_seed(seed) for seed in load_baseline()), gazetteer)


def known_of_files(paths: Sequence[Path], gazetteer: Gazetteer, language: str | None) -> Knowledge:
    """What these files say, and nothing else. Raises InvalidInput where one cannot be read."""
    return Knowledge.of(
        (_of_input(text) for path in paths for text in read_file(path, None, language, None)), gazetteer
    )


def load_seeds(archive: Archive, gazetteer: Gazetteer, now: dt.datetime) -> None:
    """Takes the bundled seeds into the archive; doing so again changes nothing."""
    for seed in load_baseline():
        _add(archive, _of_seed(seed), gazetteer, now)


def add_to_baseline(
    archive: Archive, texts: Sequence[InputText], gazetteer: Gazetteer, now: dt.datetime, url: str | None
) -> Iterator[tuple[InputText, bool]]:
    """Takes the texts into the archive's baseline; yields each with whether it was new there."""
    for text in texts:
        yield text, _add(archive, _of_input(text, url), gazetteer, now)


def _add(archive: Archive, text: KnownText, gazetteer: Gazetteer, now: dt.datetime) -> bool:
    def facts() -> Iterator[Sequence[Fact]]:
        # Read only when they are taken: every run asks for its seeds to be there, and they are but once new.
        yield from read_facts(text.statements, text.said_on or now.date(), gazetteer, text.title)

    return archive.add_baseline(text, facts(), now)


def _of_seed(seed: SeedText) -> KnownText:
    believed = [line for number, line in enumerate(seed.lines) if number not in seed.teasers]
    return KnownText(
        origin=seed.origin,
        language=seed.language,
        said_on=seed.said_on,
        url=seed.url,
        statements=split_text("\n".join(believed), seed.language),
    )


def _of_input(text: InputText, url: str | None = None) -> KnownText:
    return KnownText(
        origin=text.origin,
        language=text.language,
        said_on=text.said_on,
        url=url,
        title=text.title,
        statements=text.statements,
    )
