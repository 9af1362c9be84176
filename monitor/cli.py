"""The command line: options that every command shares, and the list of commands."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from monitor.commands import COMMANDS
from monitor.config import load_config
from monitor.session import Session

__all__ = ["cstowatch"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="Configuration; default cstowatch.toml here, or CSTOWATCH_CONFIG.",
)
@click.option(
    "--db", type=click.Path(path_type=Path), help="Database; default cstowatch.db here, or CSTOWATCH_DB."
)
@click.option("-v", "--verbose", is_flag=True, help="Say more on stderr.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
@click.version_option(package_name="csto-watch", prog_name="cstowatch")
@click.pass_context
def cstowatch(
    context: click.Context, config: Path | None, db: Path | None, verbose: bool, quiet: bool
) -> None:
    """Tells when an official statement of the CSTO is new, changed, withdrawn or contradicted.

    Above all it tells when a planned exercise moves. Start with `cstowatch demo`, which needs no network.
    """
    context.obj = Session(
        config=load_config(config, db),
        now=dt.datetime.now(dt.UTC),  # noqa: TID251 - the one place where the clock is read for a command
        verbosity=int(verbose) - int(quiet),
    )


for command in COMMANDS:
    cstowatch.add_command(command)
