"""`cstowatch sources`: what is watched and how it fares; a dry run of one source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from diffing.model import JsonValue
from monitor.session import Session, pass_session
from monitor.tables import format_option, print_records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.trial import Trial
    from seeds.sources import Source

__all__ = ["sources"]

SOURCE_FAILED = 1

_sources_file = click.option(
    "--sources",
    "file",
    type=click.Path(path_type=Path),
    help="The sources' file; default: the official sites.",
)


@click.group(invoke_without_command=True, short_help="The sources and their health.")
@_sources_file
@format_option
@click.pass_context
def sources(context: click.Context, file: Path | None, fmt: str | None) -> None:
    """Lists the sources with their health, where a database is there to tell it.

    \b
    Example:
      cstowatch sources
      cstowatch sources test csto-en
    """
    if context.invoked_subcommand is not None:
        return
    session = context.find_object(Session)
    if session is None:
        raise click.UsageError("This command runs under cstowatch only.")
    from monitor.times import span

    known = session.sources(file)
    health = _health(session, known)
    records: list[dict[str, JsonValue]] = [
        {
            "source": source.name,
            "lang": source.language,
            "start": list(source.start),
            "interval": span(source.interval),
            "state": "unvisited",
            **health.get(source.name, {}),
        }
        for source in known
    ]
    print_records(
        session,
        records,
        ("source", "lang", "interval", "state", "last_success", "pages", "start", "reason"),
        fmt,
    )


@sources.command(short_help="A dry run: links found, and one page's statements.")
@click.argument("name")
@_sources_file
@pass_session
def test(session: Session, name: str, file: Path | None) -> int:
    """Visits one source without keeping anything: links found, one page's statements, what was dropped.

    Where a database is there, it also says which known pages a crawl will look at next, and why.

    \b
    Example:
      cstowatch sources test csto-en
    """
    from monitor.commands.crawl import chosen_sources
    from monitor.trial import try_source

    (source,) = chosen_sources(session.sources(file), [name])
    trial = try_source(source, session.now, session.config.contact, _teasers(session, name))
    for line in (*_told(trial), *_coming(session, source)):
        click.echo(line)
    return 0 if trial.links else SOURCE_FAILED


def _health(session: Session, known: Sequence[Source]) -> dict[str, dict[str, JsonValue]]:
    from monitor.health import RUNS_LOOKED_AT, looked, source_records

    if not session.config.database.is_file():
        return {}
    with session.read_archive() as archive:
        runs = looked(archive.runs(RUNS_LOOKED_AT))
        records = source_records(archive.source_health(), runs, known, session.now)
    return {str(record["source"]): record for record in records}


def _teasers(session: Session, name: str) -> str | None:
    if not session.config.database.is_file():
        return None
    with session.read_archive() as archive:
        return archive.teasers(name)


def _coming(session: Session, source: Source) -> list[str]:
    """What a crawl would look at again; nothing where none was made."""
    from monitor.visits import coming_visits, told

    if not session.config.database.is_file():
        return []
    with session.read_archive() as archive:
        found = coming_visits(archive, [source.name], [source], session.now)
    lines = [line for coming in found.values() for line in told(coming)]
    return [f"{'again' if number == 0 else 'next':<8} {line}" for number, line in enumerate(lines)]


def _told(trial: Trial) -> list[str]:
    from diffing.wording import plain
    from monitor.progress import visit_in_words

    lines = [f"listing  {visit_in_words(visit)}" for visit in trial.listings]
    if any(visit.status == 200 for visit in trial.listings):
        count = len(trial.links)
        lines.append(f"articles {count} {'link matches' if count == 1 else 'links match'}")
        lines += [f"           {plain(link)}" for link in trial.links[:10]]
        if not trial.links:
            lines.append("           none: compare the listing's links with `articles` in the sources' file")
    else:
        lines.append("articles unknown, as no listing could be read")
    lines += [f"page     {visit_in_words(visit)}" for visit in trial.visits]
    if trial.unreadable:
        lines += [f"         not read: {plain(url)}: {plain(reason)}" for url, reason in trial.unreadable]
    if trial.document is None:
        return lines
    document = trial.document
    lines.append(f"title    {plain(document.title or 'none')}")
    lines.append(f"date     {document.published or 'none'} ({document.published_evidence or 'no evidence'})")
    lines += [f"    {statement.index + 1:>4} {plain(statement.full_text)}" for statement in trial.statements]
    lines += [f"dropped  {plain(dropped.text)} ({plain(dropped.reason)})" for dropped in trial.dropped]
    return lines
