"""`cstowatch export`, `import`: the raw captures as WARC files, and back."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.errors import InvalidInput
from monitor.session import Session, pass_session

__all__ = ["export", "import_"]


@click.command(short_help="The raw captures as WARC files.")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@pass_session
def export(session: Session, directory: Path) -> None:
    """Writes every capture into WARC 1.1 files in DIR, which other tools for web archives open.

    Requests and responses with their headers, redirects, pages that were gone and visits without an answer;
    a body that came again, or that was not modified, is a revisit record. Each record carries the SHA-256 of
    its body and its link of the evidence chain. The same database gives the same files.

    \b
    Example:
      cstowatch export warc/
    """
    with session.read_archive() as archive:
        _prepare(directory)
        done = archive.export(directory)
    files = f"{len(done.files)} file{'' if len(done.files) == 1 else 's'}"
    session.say(f"{done.captures:,} captures written to {files} in {directory}.")


def _prepare(directory: Path) -> None:
    """Makes the directory; raises InvalidInput where it holds an export already or cannot be made."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        there = sorted(directory.glob("cstowatch-*.warc.gz"))
    except OSError as error:
        raise InvalidInput(
            f"{directory} cannot be used ({error.strerror}); name a directory that may be written."
        ) from error
    if there:
        raise InvalidInput(f"{directory} holds {there[0].name} already; name an empty directory.")


@click.command(name="import", short_help="Archived captures, read as if crawled then.")
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False)
)
@click.option(
    "--sources",
    "sources_file",
    type=click.Path(path_type=Path),
    help="The sources' file; default: the bundled official sites.",
)
@pass_session
def import_(session: Session, files: tuple[Path, ...], sources_file: Path | None) -> None:
    """Reads the captures of the sources' pages from WARC files, in the order of time, as if crawled then.

    The files may come from `cstowatch export` or from any other archive of the web. The database is made
    where there is none. What it has already, and what is older than what it knows of a page, is left out;
    so import the oldest files first, or all at once.

    \b
    Example:
      cstowatch --db past.db import warc/*.warc.gz
    """
    from monitor.importing import import_captures
    from storage.errors import NoWarcFile
    from storage.importing import WarcFiles

    sources = session.sources(sources_file)
    gazetteer = session.gazetteer()
    try:
        archived = WarcFiles.of(files)
    except NoWarcFile as error:
        raise InvalidInput(f"{error}.") from error
    with session.write_archive() as archive:
        done = import_captures(archive, archived, sources, gazetteer)
    archived.close()
    for words, count in sorted(done.left_out.items()):
        session.say(f"Left out: {count:,} {words}.")
    session.say(f"{done.captures:,} captures of {done.runs:,} runs taken in. {done.summary()}")
