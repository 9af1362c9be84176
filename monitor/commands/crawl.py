"""`cstowatch crawl`: one run over the sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.config import DEFAULT_CONTACT
from monitor.session import Session, pass_session

if TYPE_CHECKING:
    from crawler.scheduling import KnownPages
    from diffing.model import Fetched
    from seeds.sources import Source
    from storage.archive import Archive

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

    With -v each visit is told as it comes, and what became of it at the end.

    \b
    Example:
      cstowatch crawl csto-en --limit 20
    """
    from monitor.times import start_of

    known = session.sources(file)
    sources = chosen_sources(known, names)
    gazetteer = session.gazetteer()
    now = start_of(at, session.now, session.config.timezone) if at else session.now
    if session.config.contact == DEFAULT_CONTACT and not all(source.private for source in sources):
        session.say("Set `contact` in cstowatch.toml, so that the owners of the sites can reach you.")
    with session.write_archive(now) as archive:
        if not all(archive.page_count(source.name) for source in sources):
            from crawler.pool import prepare

            # A site that is seen for the first time has more to read than is read without helpers.
            prepare()
        # First: it looks through all modules there are, three times, for the file of each of its callers.
        import crawler.heads  # noqa: F401 (the run imports it much later, at ten times the cost)
        from crawler.run import crawl as visit
        from monitor.cycle import run_cycle
        from monitor.health import REPLAY
        from monitor.progress import visits_shown
        from monitor.telling import keep_metrics

        visited: dict[str, None] = {}

        def visits(
            sources: Sequence[Source],
            pages: Mapping[str, KnownPages],
            deliver: Callable[[Fetched], None],
        ) -> None:
            with visits_shown(session) as show:

                def keep(fetched: Fetched) -> None:
                    deliver(fetched)
                    show(fetched)
                    visited[fetched.url] = None

                visit(
                    sources,
                    pages,
                    keep,
                    now=now,
                    contact=session.config.contact,
                    limit=limit,
                    full=full,
                    manners=archive.manners(),
                    learned=archive.record_manner,
                )

        command = REPLAY if at else "crawl"
        report = run_cycle(archive, sources, gazetteer, visits, now, command, watched=known)
        if session.verbosity > 0:
            _say_outcomes(session, archive, visited, now)
        keep_metrics(archive, session.config, now, session.warn)
    for name, reason in sorted(report.failures.items()):
        session.warn(f"{name}: {reason}")
    if report.failures and len(report.failures) == len(sources) and not report.outcomes:
        session.warn(
            "No source could be looked at; what was known stays. "
            "`cstowatch demo` (or `make demo`) shows the job without network."
        )
    session.say(report.summary())
    return SOURCES_FAILED if report.failures else 0


def _say_outcomes(session: Session, archive: Archive, urls: Iterable[str], now: dt.datetime) -> None:
    """Tells what each page that was visited at `now` turned out to be."""
    from diffing.wording import plain

    for url in urls:
        for look in archive.looks(url, now, now + dt.timedelta(seconds=1)):
            reason = f" ({plain(look.reason)})" if look.reason else ""
            session.say(f"{look.outcome.value if look.outcome else 'unread'} {plain(url)}{reason}")


def chosen_sources(known: Sequence[Source], names: Sequence[str]) -> tuple[Source, ...]:
    """The named sources in the file's order; all where none is named. Raises InvalidInput."""
    from monitor.names import known_source

    for name in names:
        known_source(name, [source.name for source in known])
    return tuple(source for source in known if not names or source.name in names)
