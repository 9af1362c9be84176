"""What a person sees while pages are visited: a line a visit with -v, a bar on a terminal, else nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from diffing.model import Fetched
from diffing.wording import plain

if TYPE_CHECKING:
    from monitor.session import Session

__all__ = ["visit_in_words", "visits_shown"]

Show = Callable[[Fetched], None]


def visit_in_words(visit: Fetched) -> str:
    """One visit on a line: where, and what was answered or why nothing was."""
    came = f"{visit.status}, {len(visit.body):,} bytes" if visit.status == 200 else str(visit.status)
    return f"{plain(visit.url)}: {plain(visit.error) if visit.error else came}"


@contextmanager
def visits_shown(session: Session) -> Iterator[Show]:
    """Yields what is to be called with each visit, as it comes."""
    if session.verbosity > 0:
        yield lambda visit: session.say(f"{visit.role.value} {visit_in_words(visit)}")
    elif session.verbosity < 0 or not sys.stderr.isatty():
        yield lambda _: None
    else:
        with _bar() as show:
            yield show


@contextmanager
def _bar() -> Iterator[Show]:
    """A bar without an end, as every listing may bring more pages; it is gone when all is visited."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    count = 0
    # Refreshed by each visit alone: a thread of its own would be forked with the readers that come after.
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as progress:
        task = progress.add_task("Visiting …", total=None)
        progress.refresh()

        def show(visit: Fetched) -> None:
            nonlocal count
            count += 1
            progress.update(task, description=f"{count} visited, last of {plain(visit.source)}")
            progress.refresh()

        yield show
