"""`cstowatch status`, `verify`, `backup`, `prune`: is it well, is it whole, is there a copy, and room."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.config import KEEP_ALL, KEEP_CHANGED
from monitor.errors import InvalidInput
from monitor.session import Session, pass_session
from monitor.tables import format_option, print_records

__all__ = ["backup", "prune", "status", "verify"]

NEEDS_A_PERSON = 1


@click.command(short_help="Is all well: runs, silent or broken sources, size.")
@format_option
@pass_session
def status(session: Session, fmt: str | None) -> int:
    """Shows the last run, each source's health and the database's size; exit 1 when a person is needed.

    With -v it tells of each source which visits are to come, which takes seconds for 100,000 pages.

    \b
    Example:
      cstowatch status
    """
    from diffing.wording import plain
    from monitor.health import RUNS_LOOKED_AT, growth, looked, needs_a_person, source_records
    from monitor.visits import coming_visits, told

    with session.read_archive() as archive:
        runs = looked(archive.runs(RUNS_LOOKED_AT))
        health = archive.source_health()
        watched = session.sources()
        records = source_records(health, runs, watched, session.now)
        names = [one.source for one in health] if session.verbosity > 0 else []
        visits = coming_visits(archive, names, watched, session.now) if names else {}
        sizes = archive.sizes()
        troubles = archive.troubles(open_only=True)
    print_records(session, records, ("source", "state", "last_success", "pages", "reason"), fmt)
    for trouble in troubles:
        session.warn(
            f"{trouble.source}: {trouble.kind.value} since {trouble.began:%Y-%m-%d %H:%MZ}: "
            f"{plain(trouble.detail)}"
        )
    last = f"last run {runs[0].started:%Y-%m-%d %H:%MZ}" if runs else "no run yet"
    unfinished = " (running, or cut short)" if runs and runs[0].ended is None else ""
    session.say(
        f"{last}{unfinished}; {session.config.database}: {sizes.database_bytes:,} bytes, "
        f"{sizes.pages:,} pages with the lists that lead to them, {sizes.revisions:,} revisions, "
        f"{sizes.statements:,} statements."
    )
    dropped = f", {sizes.dropped_bodies:,} of them let go" if sizes.dropped_bodies else ""
    session.say(
        f"{sizes.captures:,} captures with {sizes.bodies:,} bodies{dropped}: {sizes.body_bytes:,} bytes as "
        f"sent, kept in {sizes.stored_bytes:,}. {growth(runs)}"
    )
    for source in health:
        if source.misled_since is not None:
            session.say(
                f"{source.source}: since {source.misled_since:%Y-%m-%d} its pages are fetched whole, as one "
                "had changed of which its server would have said that it is not modified."
            )
    for name, coming in visits.items():
        summary, soonest, *_ = told(coming)
        session.say(f"{name}: {summary}; next {soonest}.")
    return NEEDS_A_PERSON if troubles or needs_a_person(records) else 0


@click.command(short_help="Is the evidence whole.")
@click.option(
    "--rebuild-indexes",
    is_flag=True,
    help="First make anew the word indexes and what is told of each event.",
)
@pass_session
def verify(session: Session, rebuild_indexes: bool) -> int:
    """Checks captures, bodies, texts and all that was understood against their digests; indexes; keys.

    Two chains show that nothing was taken out: one of captures, one of what was understood. Neither can
    see that its newest links are gone: keep the heads that are printed here, and the digests.

    \b
    Example:
      cstowatch verify
    """
    if rebuild_indexes:
        with session.write_archive(create=False) as archive:
            made = archive.rebuild_indexes()
        session.say(f"Word indexes of {made:,} statements, and what is told of each event, made anew.")
    with session.read_archive() as archive:
        findings = archive.verify()
        head, understood = archive.head(), archive.understood_head()
        dropped = archive.sizes().dropped_bodies
    for finding in findings:
        click.echo(
            f"{finding.check}: {finding.failed} failed, first {finding.first}. Still good: {finding.good}"
        )
    if findings:
        session.warn("The evidence is not whole; restore a backup, or keep the file and start a new one.")
        return 3
    if dropped:
        click.echo(f"{dropped:,} bodies were let go by `cstowatch prune`; their hashes stand in the chain.")
    click.echo(f"All evidence is whole. Evidence chain: {head}")
    click.echo(f"What was understood: {understood}")
    return 0


@click.command(short_help="A consistent copy of the database.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_session
def backup(session: Session, file: Path) -> None:
    """Writes a checked copy of the database to FILE, also while a crawl is writing.

    \b
    Example:
      cstowatch backup cstowatch-2025-09-11.db
    """
    from storage.errors import CopyExists

    with session.read_archive() as archive:
        try:
            archive.backup(file)
        except CopyExists as taken:
            raise InvalidInput(str(taken)) from taken
    session.say(f"Copied to {file} and checked.")


@click.command(short_help="Let stored bodies go that the configuration does not keep.")
@click.option("--dry-run", is_flag=True, help="Only say what would be let go.")
@pass_session
def prune(session: Session, dry_run: bool) -> None:
    """Lets go the bodies that `keep_bodies` in cstowatch.toml does not keep.

    With `keep_bodies = "changed"` the first and the last body of each page stay, and each that changed;
    with "all", the default, every body does. What a page said, what changed and every visit stay in any
    case, with the SHA-256 of each body, so that `verify` still proves the chain. There is no way back but a
    backup.

    \b
    Example:
      cstowatch prune --dry-run
    """
    if session.config.keep_bodies == KEEP_ALL:
        session.say(
            f'Every body is kept; write keep_bodies = "{KEEP_CHANGED}" into cstowatch.toml to let some go.'
        )
        return
    with session.write_archive(create=False) as archive:
        done = archive.prune(session.now, dry_run=dry_run)
    would = "would be" if dry_run else "were"
    freed = "" if dry_run else f" The database is {done.freed_bytes:,} bytes smaller."
    session.say(f"{done.bodies:,} bodies of {done.body_bytes:,} bytes as sent {would} let go.{freed}")
    if done.left:
        session.warn(f"{done.left:,} bodies stay, as one they lean on is damaged; run `cstowatch verify`.")
