"""The demo: plays a year of the bundled replica day by day, with the real crawl and the real digest."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from diffing.digest import Digest
from diffing.formats import FORMATS
from monitor.config import UTC
from monitor.digests import digest_of
from monitor.errors import InvalidInput
from monitor.replica import served
from monitor.times import bounds_of
from seeds.replica import load_replica
from storage.archive import open_archive

__all__ = ["CrawlStopped", "Played", "play", "prepared"]

DATABASE, REPORT, SOURCES = "cstowatch.db", "report.html", "sources.toml"

# The page that the demo's site edits without a word; `diff` on it shows what an edit looks like.
EDITED_PAGE = "/en/news/news_odkb/na-poligone-edelveys-proydet-uchenie-rubezh-2025/"

# Seconds one crawl may take. It takes about two; ten times as long on a busy machine is no fault yet.
_PATIENCE = 180
_LAST_WORDS = 5  # lines of a failed crawl's stderr that are passed on


class CrawlStopped(Exception):
    """A crawl of the demo did not end well: which day, its exit code and its last words.

    `code` is what the demo should end with: the child's own code where the contract has one.
    """

    def __init__(self, day: dt.date, code: int, words: str) -> None:
        super().__init__(
            f"The crawl of {day} ended with exit code {code}: {words.rstrip('.') or 'it said nothing'}. "
            "Run the demo again in an empty directory; if it fails there too, report these words."
        )
        self.code = code if code in {1, 2, 3, 130} else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What a finished demo leaves behind: its files, and the address of a page that was edited."""

    database: Path
    report: Path
    edited: str


@contextmanager
def prepared(directory: Path) -> Iterator[None]:
    """Makes `directory` ready for a demo, and keeps other demos out of it for as long as the block runs.

    It is there then, and free of what an earlier demo left. Raises InvalidInput, touching nothing, where it
    is no directory, cannot be made, is in use by another demo, or holds a file that no demo made.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        lock = os.open(directory, os.O_RDONLY)
    except FileExistsError:
        raise InvalidInput(f"{directory} is a file; name a directory for the demo.") from None
    except OSError as error:
        raise InvalidInput(
            f"{directory} cannot be used for the demo ({error.strerror}); name another directory."
        ) from error
    try:
        try:
            # The kernel gives the lock back when the process ends, however it ends.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InvalidInput(
                f"Another demo is running in {directory}; wait until it ends, or name another directory."
            ) from None
        _clear(directory)
        yield
    finally:
        os.close(lock)


def _clear(directory: Path) -> None:
    entries = sorted(directory.iterdir())
    foreign = [entry.name for entry in entries if not _is_own(entry)]
    # A database without the demo's own sources beside it is somebody's work.
    if entries and not foreign and not (directory / SOURCES).is_file():
        foreign = [entries[0].name]
    if foreign:
        raise InvalidInput(
            f"{directory} holds {foreign[0]!r}, which no demo made; name an empty or a new directory."
        )
    for entry in entries:
        entry.unlink()


def _is_own(entry: Path) -> bool:
    if entry.is_symlink() or not entry.is_file():
        return False
    if entry.name == SOURCES:
        with entry.open("rb") as lines:
            return lines.readline(100).startswith(b"# Written by `cstowatch demo`")
    return entry.name == REPORT or entry.name.startswith(DATABASE)


def play(directory: Path, *, tell: Callable[[str], None], say: Callable[[str], None]) -> Played:
    """Plays every day of the replica into a fresh database in `directory`, which `prepared` made ready.

    `tell` is handed each day's digest, or one line for a day with nothing new; `say` the progress. Raises
    CrawlStopped at the first crawl that does not end well; what was recorded until then stays. Raises
    InvalidInput where `directory` takes no files.
    """
    site = load_replica()
    database, report = directory / DATABASE, directory / REPORT
    with served(site, site.days[0]) as replica:
        sources = directory / SOURCES
        _write(sources, site.sources_at(replica.origin))
        say(f"The replica of an official news site is served at {replica.origin}.")
        for number, day in enumerate(site.days, 1):
            replica.day = day
            say(f"[{number}/{len(site.days)}] Crawling the site of {_in_words(day)} …")
            _crawl(database, sources, day)
            digest = _digest(database, day, day)
            looked_at = sum(source.pages for source in digest.coverage)
            if digest.is_quiet:
                tell(f"{_in_words(day)}: nothing new, {looked_at} pages looked at\n")
            else:
                tell(FORMATS["text"](digest))
        whole = _digest(database, site.days[0], site.days[-1])
        _write(report, FORMATS["html"](whole))
        return Played(database=database, report=report, edited=replica.origin + EDITED_PAGE)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"{path} cannot be written ({error.strerror}); name another directory.") from error


def _crawl(database: Path, sources: Path, day: dt.date) -> None:
    """One run of `cstowatch crawl` in a process of its own: a reactor can be started once."""
    command = (sys.executable, "-m", "monitor", "--db", database.resolve(), "crawl")
    options = ("--sources", sources.resolve(), "--now", f"{day}T06:00Z")
    try:
        child = subprocess.run(  # noqa: S603 - our own interpreter and our own words
            (*command, *options),
            # The demo's directory holds no cstowatch.toml: a reader's configuration must not change the demo.
            cwd=database.resolve().parent,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CrawlStopped(day, 1, f"it was not done after {_PATIENCE} seconds") from None
    if child.returncode:
        lines = [line.strip().removeprefix("Error: ") for line in child.stderr.splitlines() if line.strip()]
        raise CrawlStopped(day, child.returncode, " ".join(lines[-_LAST_WORDS:]))


def _environment() -> dict[str, str]:
    """The environment of this process, without settings of cstowatch."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CSTOWATCH_")}
    return {**kept, "PYTHONIOENCODING": "utf-8"}


def _digest(database: Path, first: dt.date, last: dt.date) -> Digest:
    """The digest of the days from `first` to `last`, both inclusive, in UTC."""
    with open_archive(database) as archive:
        return digest_of(archive, bounds_of(first, UTC)[0], bounds_of(last, UTC)[1])


def _in_words(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
