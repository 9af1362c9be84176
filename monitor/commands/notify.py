"""`cstowatch notify`: the channels that are told, how they fare, and a sample to try them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from monitor.errors import InvalidConfig
from monitor.session import Session, pass_session
from monitor.tables import format_option, print_records

if TYPE_CHECKING:
    from diffing.model import JsonValue
    from monitor.delivery.channels import Channel

__all__ = ["CHANNEL_FAILED", "chosen_channels", "notify"]

CHANNEL_FAILED = 1

_HOW = """Add a table to cstowatch.toml, with the secret in the environment: [[notify]], name = "desk", \
url = "mailtos://watch:${MAIL_PASSWORD}@example.org?to=desk@example.org"."""


@click.group(short_help="The channels that are told; a sample to try them.")
def notify() -> None:
    """The channels of the configuration's [[notify]] tables: list them, try them."""


@notify.command("list", short_help="List the channels and how they fare.")
@format_option
@pass_session
def list_(session: Session, fmt: str | None) -> None:
    """Lists each channel with what it is told, what waits for it, and why the last try failed.

    \b
    Example:
      cstowatch notify list
    """
    channels = chosen_channels(session)
    print_records(
        session,
        _records(session, channels),
        ("channel", "service", "what", "waiting", "last_sent", "error"),
        fmt,
    )


@notify.command(short_help="Send a sample message to each channel.")
@click.argument("channel", required=False)
@pass_session
def test(session: Session, channel: str | None) -> int:
    """Sends a sample to each channel, or to CHANNEL, and says which took it; exit code 1 when one did not.

    \b
    Example:
      cstowatch notify test desk
    """
    from monitor.delivery import failure_of, open_secrets

    failed = False
    for each in chosen_channels(session, channel):
        _miss_sources(session, each)
        for field in open_secrets(each, os.environ):
            session.warn(
                f"{each.name}: the {field} stands in the configuration in the open; "
                "keep it in an environment variable and write ${NAME} in its place."
            )
        reason = failure_of(each, session.now, os.environ)
        failed = failed or reason is not None
        if reason is None:
            session.say(f"{each.name}: sent.")
        else:
            session.warn(f"{each.name}: NOT sent: {reason}")
    return CHANNEL_FAILED if failed else 0


def _miss_sources(session: Session, channel: Channel) -> None:
    """Says which sources of the channel's filter there are none of: it would wait for them in vain."""
    from monitor.names import near_miss

    known = [source.name for source in session.sources()] if channel.sources else []
    for name in sorted(channel.sources.difference(known)):
        session.warn(f"{channel.name}: there is no source {name!r}; {near_miss(name, known)}")


def chosen_channels(session: Session, name: str | None = None) -> tuple[Channel, ...]:
    """The configuration's channels, or the one of that name. Raises InvalidConfig where there is none."""
    from monitor.names import near_miss

    channels = session.config.notify
    if not channels:
        raise InvalidConfig(f"No channel is configured. {_HOW}")
    if name is None:
        return channels
    chosen = tuple(channel for channel in channels if channel.name == name)
    if not chosen:
        raise InvalidConfig(f"No channel {name!r}; {near_miss(name, [channel.name for channel in channels])}")
    return chosen


def _records(session: Session, channels: tuple[Channel, ...]) -> list[dict[str, JsonValue]]:
    from diffing.formats.records import stamp
    from storage.errors import ArchiveMissing

    records: list[dict[str, JsonValue]] = []
    for channel in channels:
        record: dict[str, JsonValue] = {
            "channel": channel.name,
            "service": "from the environment" if channel.url.startswith("$") else channel.url.split(":")[0],
            "what": [*sorted(topic.value for topic in channel.topics)],
            "waiting": 0,
            "last_sent": None,
            "error": None,
        }
        records.append(record)
    try:
        archive = session.read_archive()
    except ArchiveMissing:
        return records
    with archive:
        for channel, record in zip(channels, records, strict=True):
            waiting = archive.open_deliveries(channel.name)
            last = archive.last_sent(channel.name)
            record["waiting"] = len(waiting)
            record["last_sent"] = stamp(last) if last else None
            record["error"] = next((each.error for each in waiting if each.error), None)
    return records
