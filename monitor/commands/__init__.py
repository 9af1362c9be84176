"""The commands of the contract, one module a subject."""

from __future__ import annotations

from collections.abc import Sequence

import click

from monitor.commands.baseline import baseline
from monitor.commands.captures import captures
from monitor.commands.changes import changes
from monitor.commands.check import check
from monitor.commands.compare import diff
from monitor.commands.crawl import crawl
from monitor.commands.demo import demo
from monitor.commands.digest import digest
from monitor.commands.events import events
from monitor.commands.note import note
from monitor.commands.notify import notify
from monitor.commands.reprocess import reprocess
from monitor.commands.run import run, tell
from monitor.commands.search import search
from monitor.commands.serve import serve
from monitor.commands.sources import sources
from monitor.commands.upkeep import backup, prune, status, verify
from monitor.commands.warc import export, import_

__all__ = ["COMMANDS"]

COMMANDS: Sequence[click.Command] = (
    demo,
    crawl,
    run,
    tell,
    check,
    changes,
    note,
    events,
    diff,
    search,
    digest,
    notify,
    baseline,
    sources,
    serve,
    reprocess,
    captures,
    status,
    verify,
    backup,
    prune,
    export,
    import_,
)
