"""What every command is handed: the configuration, the clock, and where words go."""

from __future__ import annotations

import datetime as dt
import gc
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.config import Config

if TYPE_CHECKING:
    from diffing.model import Gazetteer
    from seeds.sources import Source
    from storage.archive import Archive

__all__ = ["Session", "pass_session"]

# A command that reads makes some hundred thousand values, in which nothing goes round in circles, and ends.
# To look for circles among them as often as Python does took an eighth of the time of `cstowatch events`.
_RARELY = (100_000, 20, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One call of the program. `now` is the clock's reading when it began; `verbosity` -1, 0 or 1."""

    config: Config
    now: dt.datetime
    verbosity: int = 0

    def read_archive(self) -> Archive:
        """The archive for reading; waits for nobody. Raises storage.errors.ArchiveError.

        One that an older version wrote is brought up to date first, and said to be: nobody should have
        to visit sites to read what is there.
        """
        from storage.archive import open_archive
        from storage.errors import ArchiveOutdated, ArchiveReadOnly

        gc.set_threshold(*_RARELY)
        try:
            return open_archive(self.config.database)
        except ArchiveOutdated as outdated:
            try:
                open_archive(self.config.database, write=True, now=self.now).close()
            except ArchiveReadOnly:
                raise outdated from None
        self.say(f"{self.config.database} was written by an older csto-watch; it was brought up to date.")
        return open_archive(self.config.database)

    def write_archive(self, now: dt.datetime | None = None, *, create: bool = True) -> Archive:
        """The archive for writing, made where there is none; raises ArchiveLocked while another writes."""
        from storage.archive import open_archive

        return open_archive(self.config.database, write=True, create=create, now=now or self.now)

    def write_beside(self) -> Archive:
        """The archive for writing small things while a run may be writing too. Raises ArchiveError."""
        from storage.archive import open_archive

        return open_archive(self.config.database, beside=True)

    def sources(self, file: Path | None = None) -> tuple[Source, ...]:
        """The sources of `file`, else of the configuration, else the bundled ones. Raises InvalidSeed."""
        from seeds.sources import load_sources

        return load_sources(file or self.config.sources)

    def gazetteer(self) -> Gazetteer:
        """The names of the configuration, else the bundled ones. Raises InvalidSeed."""
        from seeds.gazetteer import load_gazetteer

        return load_gazetteer(self.config.gazetteer)

    def say(self, message: str) -> None:
        """A message for a person, on stderr, unless -q."""
        if self.verbosity >= 0:
            click.echo(message, err=True)

    def warn(self, message: str) -> None:
        """A message that -q does not silence."""
        click.echo(message, err=True)

    def format(self, chosen: str | None) -> str:
        """The chosen format, else `table` on a terminal and `json` elsewhere."""
        return chosen or ("table" if sys.stdout.isatty() else "json")


pass_session = click.make_pass_decorator(Session)
