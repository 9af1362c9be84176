"""`cstowatch reprocess`: what was captured before, read anew with today's rules."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.errors import InvalidInput
from monitor.session import Session, pass_session

if TYPE_CHECKING:
    from storage.archive import Archive

__all__ = ["reprocess"]

_REMEDY = "though the database holds its pages; name the file that has it with --sources FILE"

_ALWAYS = dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


@click.command(short_help="Read what was captured before with today's rules, quietly.")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--sources",
    "file",
    type=click.Path(path_type=Path),
    help="The sources' file; default: the bundled official sites.",
)
@pass_session
def reprocess(session: Session, names: tuple[str, ...], file: Path | None) -> None:
    """Reads the stored pages of every source (or the named ones) anew, without asking the network.

    Better rules are not news: no change is recorded and no digest tells of it. What the pages showed
    and what was reported stays; `events --as-of` still answers with what was understood then. Run it
    after an upgrade of cstowatch or an edit of the gazetteer; doing so again changes nothing.

    \b
    Example:
      cstowatch reprocess csto-en
    """
    from diffing.wording import plain
    from monitor.commands.crawl import chosen_sources

    known = session.sources(file)
    gazetteer = session.gazetteer()
    with session.write_archive(create=False) as archive:
        from monitor.rereading import reprocess as read_anew

        absent = _visited(archive).difference(source.name for source in known)
        if missing := sorted(absent.intersection(names)):
            raise InvalidInput(f"No source {', '.join(missing)} in the sources' file, {_REMEDY}.")
        sources = chosen_sources(known, names)
        done = read_anew(archive, sources, gazetteer, session.now)
    for url, reason in sorted(done.unreadable.items()):
        session.warn(f"{plain(url)} cannot be read any more, so what was read before stays: {plain(reason)}")
    if absent and not names:
        session.warn(f"Not read anew: {', '.join(sorted(absent))}, which the sources' file lacks, {_REMEDY}.")
    session.say(f"Pages: {done.pages} read anew, {done.replaced} of them say something else now.")


def _visited(archive: Archive) -> set[str]:
    """The sources of which the archive holds visits, watched or not."""
    return {coverage.source for coverage in archive.coverage(*_ALWAYS) if coverage.looks}
