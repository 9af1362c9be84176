"""`cstowatch crawl`: one run over the sources."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.session import Session, pass_session

if TYPE_CHECKING:
    from seeds.sources import Source

__all__ = ["chosen_sources", "crawl"]

SOURCES_FAILED = 1


@click.command(short_help="Visit the sources, compare, record what changed.")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--sources",
    "file",
    type=click.Path(path_type=Path),
    help="The sources' file; default: the bundled official sites.",
)
@click.option("--limit", type=click.IntRange(min=1), help="At most so many article pages a source.")
@click.option("--full", is_flag=True, help="Fetch every known page whole, whatever was fetched before.")
@click.option("--now", "at", help="The clock of this run (replays, tests): 2025-09-11T06:00Z.")
@pass_session
def crawl(
    session: Session, names: tuple[str, ...], file: Path | None, limit: int | None, full: bool, at: str | None
) -> int:
    """Looks at every source (or the named ones), reads what is new or changed, records the changes.

    \b
    Example:
      cstowatch crawl csto-en --limit 20
    """
    from monitor.times import start_of

    known = session.sources(file)
    sources = chosen_sources(known, names)
    gazetteer = session.gazetteer()
    now = start_of(at, session.now, session.config.timezone) if at else session.now
    with session.write_archive(now) as archive:
        from crawler.run import crawl as visit
        from monitor.cycle import run_cycle

        visits = functools.partial(visit, now=now, contact=session.config.contact, limit=limit, full=full)
        report = run_cycle(archive, sources, gazetteer, visits, now, "crawl", watched=known)
    for name, reason in sorted(report.failures.items()):
        session.warn(f"{name}: {reason}")
    if report.failures and len(report.failures) == len(sources):
        session.warn(
            "No source could be looked at; what was known stays. "
            "`cstowatch demo` (or `make demo`) shows the job without network."
        )
    session.say(report.summary())
    return SOURCES_FAILED if report.failures else 0


def chosen_sources(known: Sequence[Source], names: Sequence[str]) -> tuple[Source, ...]:
    """The named sources in the file's order; all where none is named. Raises InvalidInput."""
    from monitor.names import known_source

    for name in names:
        known_source(name, [source.name for source in known])
    return tuple(source for source in known if not names or source.name in names)
