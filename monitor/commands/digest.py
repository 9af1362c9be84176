"""`cstowatch digest`: what a reader needs to know of a day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from monitor.choices import FORMAT
from monitor.errors import InvalidInput
from monitor.session import Session, pass_session

__all__ = ["digest"]


@click.command(short_help="The digest of a day.")
@click.option("--date", "day", help="The day, in the configuration's time zone; default: today.")
@click.option("--since", help="From this time on, instead of a day.")
@click.option("--until", help="Up to this time.")
@click.option(
    "--format",
    "fmt",
    type=FORMAT,
    default="text",
    show_default=True,
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Into this file instead of stdout.",
)
@click.option("--send", is_flag=True, help="Not in this version: it says so and sends nothing.")
@pass_session
def digest(
    session: Session,
    day: str | None,
    since: str | None,
    until: str | None,
    fmt: str,
    output: Path | None,
    send: bool,
) -> None:
    """Tells a day: events that moved, pages edited or withdrawn, new statements, what was looked at.

    A day whose digest was made (the daemon does at `digest_at`) is told as it was then; without --date
    the day so far.

    \b
    Example:
      cstowatch digest --date yesterday --format html -o digest.html
    """
    from diffing.formats import FORMATS
    from monitor.digests import digest_of, kept_digest
    from monitor.times import read_day

    if send:
        raise InvalidInput("This version cannot send a digest; use -o FILE, or pipe it to a mailer.")
    start, end = _period(session, day, since, until)
    zone = session.config.timezone
    with session.read_archive() as archive:
        kept = kept_digest(archive, read_day(day, session.now, zone)) if day else None
        built = kept or digest_of(archive, start, end, zone)
    text = FORMATS[fmt](built)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInput(
            f"{output} cannot be written ({error.strerror}); name another file with -o."
        ) from error
    session.say(f"The digest is in {output}.")


def _period(
    session: Session, day: str | None, since: str | None, until: str | None
) -> tuple[dt.datetime, dt.datetime]:
    from monitor.times import end_of, start_of

    if day and (since or until):
        raise InvalidInput("--date and --since/--until exclude each other; give one of them.")
    zone = session.config.timezone
    if since or until:
        if not since:
            raise InvalidInput("--until needs --since; give both ends of the period, or --date.")
        start = start_of(since, session.now, zone)
        end = end_of(until, session.now, zone) if until else session.now
    else:
        start, end = start_of(day or "today", session.now, zone), end_of(day or "today", session.now, zone)
    if end <= start:
        raise InvalidInput("The period ends before it begins; swap --since and --until.")
    return start, end
