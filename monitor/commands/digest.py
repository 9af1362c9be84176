"""`cstowatch digest`: what a reader needs to know of a day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.choices import FORMAT
from monitor.commands.notify import CHANNEL_FAILED, chosen_channels
from monitor.delivery.channels import LANGUAGES
from monitor.errors import InvalidInput
from monitor.session import Session, pass_session

if TYPE_CHECKING:
    from diffing.digest import Digest
    from diffing.model import Gazetteer

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
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    help="The language of its own words; default: `language` of the configuration, else en.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Into this file instead of stdout.",
)
@click.option("--send", is_flag=True, help="Close the day, keep its digest, and send it to the channels.")
@pass_session
def digest(
    session: Session,
    day: str | None,
    since: str | None,
    until: str | None,
    fmt: str,
    language: str | None,
    output: Path | None,
    send: bool,
) -> int:
    """Tells a day: events that moved, pages edited or withdrawn, new statements, what was looked at.

    A day whose digest was made (the daemon does at `digest_at`) is told as it was then; without --date
    the day so far. --send makes the day's digest now, of all that was found since the last one, and sends
    it to the channels of cstowatch.toml; a channel that has it gets it no second time.

    \b
    Example:
      cstowatch digest --date yesterday --format html -o digest.html
      cstowatch digest --send
    """
    from diffing.formats import FORMATS
    from monitor.digests import digest_of, digest_of_day
    from monitor.readers import reader_of
    from monitor.times import read_day

    gazetteer = session.gazetteer()
    reader = reader_of(language or session.config.language, session.config.web, gazetteer)
    if send:
        if since or until:
            raise InvalidInput("--send sends the digest of a day; leave --since and --until out.")
        built, code = _send(session, day, gazetteer)
        if output is not None:
            _put(session, FORMATS[fmt](built, reader), output)
        return code
    if day and (since or until):
        raise InvalidInput("--date and --since/--until exclude each other; give one of them.")
    zone = session.config.timezone
    date = read_day(day, session.now, zone) if day else None
    start, end = _period(session, since, until)
    with session.read_archive() as archive:
        built = digest_of_day(archive, date, zone) if date else digest_of(archive, start, end, zone)
    _put(session, FORMATS[fmt](built, reader), output)
    return 0


def _send(session: Session, day: str | None, gazetteer: Gazetteer) -> tuple[Digest, int]:
    """Makes the day's digest and sends it; with the exit code."""
    from monitor.delivery import deliver, queue_digest
    from monitor.delivery.channels import Topic
    from monitor.digests import close_day
    from monitor.times import read_day

    channels = chosen_channels(session)
    told = [channel.name for channel in channels if Topic.DIGEST in channel.topics]
    if not told:
        raise InvalidInput('No channel takes digests; write what = ["digest"] into its [[notify]] table.')
    zone = session.config.timezone
    of_day = read_day(day or "today", session.now, zone)
    if of_day > session.now.astimezone(zone).date():
        raise InvalidInput(f"{of_day} is yet to come; leave --date out to send the digest of today.")
    with session.write_beside() as archive:
        built = close_day(archive, of_day, zone, session.now)
        queue_digest(archive, of_day, channels, session.now)
        delivered = deliver(archive, channels, session.now, gazetteer=gazetteer, wait=True, at_once=True)
        waiting = {name for name in told if any(archive.open_deliveries(name))}
    for message in delivered.sent:
        session.say(f"{message.channel}: sent {', '.join(message.subjects)}.")
    for message in delivered.failed:
        session.warn(f"{message.channel}: NOT sent, it will be tried again: {message.reason}")
    for name in sorted(waiting - {message.channel for message in delivered.failed}):
        session.warn(f"{name}: waits behind an earlier message that failed.")
    if not delivered.told and not waiting:
        session.say(f"Every channel has the digest of {of_day} already.")
    return built, CHANNEL_FAILED if waiting else 0


def _put(session: Session, text: str, output: Path | None) -> None:
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


def _period(session: Session, since: str | None, until: str | None) -> tuple[dt.datetime, dt.datetime]:
    """The period between the two, without any: today."""
    from monitor.times import end_of, start_of

    zone = session.config.timezone
    if since or until:
        if not since:
            raise InvalidInput("--until needs --since; give both ends of the period, or --date.")
        start = start_of(since, session.now, zone)
        end = end_of(until, session.now, zone) if until else session.now
    else:
        start, end = start_of("today", session.now, zone), end_of("today", session.now, zone)
    if end <= start:
        raise InvalidInput("The period ends before it begins; swap --since and --until.")
    return start, end
