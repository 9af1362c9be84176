"""`cstowatch demo`: the whole job on the bundled replica of an official site."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

import click

from monitor.session import Session, pass_session

__all__ = ["demo"]


@click.command(short_help="The whole job on a bundled replica, no network needed.")
@click.argument("directory", metavar="[DIR]", default="demo", type=click.Path(path_type=Path))
@pass_session
def demo(session: Session, directory: Path) -> int:
    """Plays a year: serves the replica of an official news site on this machine and crawls it day by day.

    The pages were written for the replica; the dates follow what happened in 2025. A day's digest is
    printed when there is something to say. DIR (default: demo) is made where it is missing and cleared
    of an earlier demo; a directory with other files is refused.

    \b
    Example:
      cstowatch demo /tmp/demo
    """
    from monitor.demo import CrawlStopped, play, prepared

    try:
        with prepared(directory):
            played = play(directory, tell=click.echo, say=session.say)
    except CrawlStopped as error:
        session.warn(f"Error: {' '.join(str(error).split())}")
        return error.code
    call = f"{_program()} --db {shlex.quote(str(played.database))}"
    click.echo(f"Database: {played.database}")
    click.echo(f"Report:   {played.report}")
    click.echo("Try:")
    click.echo(f"  {call} events Rubezh-2025")
    click.echo(f"  {call} changes --significance high --format md")
    click.echo(f"  {call} diff {shlex.quote(played.edited)}")
    return 0


def _program() -> str:
    """How to call this program from here: by name where the shell finds it, else by its path."""
    own = Path(sys.executable).with_name("cstowatch")
    found = shutil.which("cstowatch")
    if not own.exists() or (found is not None and Path(found).resolve() == own.resolve()):
        return "cstowatch"
    return shlex.quote(os.path.relpath(own))
