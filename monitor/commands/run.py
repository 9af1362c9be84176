"""`cstowatch run`: the daemon; and `tell`, which it starts to close the day and to send what waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import click

from monitor.session import Session, pass_session

__all__ = ["run", "tell"]

SOURCES_FAILED = 1


@click.command(short_help="The daemon: crawls on schedule, sends the daily digest.")
@click.option("--once", is_flag=True, help="Run what is due and end: for cron and systemd timers.")
@click.option(
    "--sources",
    "file",
    type=click.Path(path_type=Path),
    help="The sources' file; default: the bundled official sites.",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How each event is told on stderr.",
)
@pass_session
def run(session: Session, once: bool, file: Path | None, log_format: str) -> int:
    """Looks at each source as often as its `interval` says, makes the daily digest, sends what is new.

    Times that came while it was down are noted as missed, and one look makes up for them. SIGTERM ends it
    within half a minute; what was finished is kept. A second one on the same database ends with exit code 3.

    \b
    Example:
      cstowatch run --once
    """
    from monitor.children import Child, start
    from monitor.daemon import Daemon
    from monitor.logs import Log, LogFormat
    from monitor.slots import jobs_of
    from storage.archive import open_archive
    from storage.locking import DaemonLock

    config = session.config
    sources = session.sources(file)
    session.gazetteer()  # its faults are told now, not by every crawl
    log = Log(_clock, LogFormat(log_format), quiet=session.verbosity < 0)
    jobs = jobs_of(sources, config.digest_at, config.timezone)
    options = _options(session)

    def begin(arguments: Sequence[str]) -> Child:
        command, *names = arguments
        chosen = ["--sources", str(file), *names] if file and command == "crawl" else names
        return start([*options, command, *chosen])

    with open_archive(config.database, beside=True, create=True) as archive:
        lock = DaemonLock(config.database, session.now)
        try:
            daemon = Daemon(
                archive,
                jobs,
                begin,
                log,
                channels=[channel.name for channel in config.notify],
                keeps_up=bool(config.metrics_file or config.atom_file),
                judges_gaps=not once,
            )
            if once:
                from monitor.unattended import run_once

                run_once(daemon, log, _clock)
                return SOURCES_FAILED if daemon.failed else 0
            from monitor.unattended import run_for_ever

            run_for_ever(daemon, jobs, log, _clock)
        finally:
            lock.release()
    return 0


@click.command(short_help="Send what waits to be told; the daemon runs it.", hidden=True)
@click.option("--digest", "day", help="First close this day and make its digest.")
@pass_session
def tell(session: Session, day: str | None) -> None:
    """Sends alerts and digests that wait; what was sent is not sent again.

    \b
    Example:
      cstowatch tell --digest 2025-09-11
    """
    from monitor import telling
    from monitor.times import start_of

    zone = session.config.timezone
    closed = start_of(day, session.now, zone).astimezone(zone).date() if day else None
    with session.write_beside() as archive:
        delivered = telling.tell(archive, session.config, session.now, closed, session.warn)
    for told in delivered.sent:
        session.say(f"{told.channel} was told {', '.join(told.subjects)}.")
    for told in delivered.failed:
        session.warn(f"{told.channel} was not told {', '.join(told.subjects)}: {told.reason}")


def _options(session: Session) -> list[str]:
    """The options by which a child finds the same configuration and database, wherever it runs."""
    found = click.get_current_context().find_root().params
    config = ["--config", str(found["config"])] if found.get("config") else []
    return [*config, "--db", str(session.config.database)]


def _clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)  # noqa: TID251 - a program that runs for a year must read the clock
