"""Looks for what is like the statements of new pages in a process of its own, ahead of the run that records.

What a page does to what is known is found in the order of the pages, one after the other, as each may repeat
what the one before it said. But which statements a new page adds to what is known is clear before it is
judged: those of substance. So one process may look for the likes of a page's statements, which is half the
work, while another records the pages before it; the answers are the same.
"""

from __future__ import annotations

import datetime as dt
import gc
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Thread
from typing import TypeAlias

from diffing.facts import Told
from diffing.matching import Likeness, likeness
from diffing.model import Statement
from diffing.substance import of_substance
from storage.ahead import KnownAhead, can_hold, open_ahead

__all__ = ["Likenesses", "NewText", "foresee"]

FORESEEN_FROM = 60
"""Pages from which on it is worth a process, whose start costs a core about half a second."""

FORESEEN_TO = 2_500
"""Pages that one process foresees, as it holds the words of all their statements: some 45 kB a page."""

FORESEEN_BESIDE = 500
"""The same of an archive that is read meanwhile: until then its log of writes grows by some 300 kB a page."""

TOGETHER = 8
"""Pages that are handed over in one task, to spare the run what a task costs."""

AHEAD = 4
"""Tasks that are under way while the first is waited for: one would do, if all pages took equally long."""

Likenesses: TypeAlias = Mapping[int, Likeness]
"""By the place of a statement what of the known ones is like it; of others it has to be looked for."""

_Answer: TypeAlias = Callable[[], Sequence[Likenesses]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewText:
    """What a page was first seen to say: where, on which day, when it was captured, and what it tells."""

    url: str
    said_on: dt.date
    captured_at: dt.datetime
    statements: tuple[Statement, ...]
    told: tuple[Told, ...]


def foresee(
    database: Path, texts: Iterable[NewText], count: int
) -> Generator[tuple[NewText, Likenesses], None, None]:
    """Each of the `count` texts, with what of all that is known when it is judged is like its statements.

    The texts are asked for some at a time. Between one and the next nothing may become known but the one
    before. Looked for is only what is like statements that tell of no event and repeat nothing word for word;
    and nothing at all where there are few texts or one core, or where the process cannot begin or is killed.
    """
    texts = iter(texts)
    while count >= FORESEEN_FROM and (os.cpu_count() or 1) > 1:
        most = FORESEEN_TO if can_hold(database) else FORESEEN_BESIDE
        yield from _foreseen(database, islice(texts, most))
        count -= most
    for text in texts:
        yield text, {}


def _foreseen(database: Path, texts: Iterator[NewText]) -> Iterator[tuple[NewText, Likenesses]]:
    under_way: deque[tuple[tuple[NewText, ...], _Answer]] = deque()
    context = multiprocessing.get_context("forkserver")
    process = ProcessPoolExecutor(1, context, initializer=_begin, initargs=(database,))
    try:
        while True:
            while len(under_way) < AHEAD and (some := tuple(islice(texts, TOGETHER))):
                under_way.append((some, _asked(process, some)))
            if not under_way:
                return
            some, answer = under_way.popleft()
            yield from zip(some, answer(), strict=True)
    finally:
        process.shutdown(cancel_futures=True)


def _asked(process: ProcessPoolExecutor, texts: Sequence[NewText]) -> _Answer:
    """Begins to look; what is returned waits for the answer, which is empty where the process was killed."""
    nothing: Sequence[Likenesses] = [{} for _ in texts]
    try:
        future = process.submit(_likenesses, texts)
    except (BrokenProcessPool, OSError):
        return lambda: nothing

    def answer() -> Sequence[Likenesses]:
        try:
            return future.result()
        except BrokenProcessPool:
            return nothing

    return answer


_known: KnownAhead
"""What is known to this process, whose only work this is."""


def _begin(database: Path) -> None:
    global _known  # noqa: PLW0603
    # Who interrupts a run speaks to the run, which ends this process; so does who kills it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What it takes up it keeps to its end, and no cycles are in it.
    gc.disable()
    Thread(target=_end_with_run, daemon=True).start()
    _known = open_ahead(database)


def _end_with_run() -> None:
    run = multiprocessing.parent_process()
    if run is not None:
        run.join()
        os._exit(1)


def _likenesses(texts: Sequence[NewText]) -> Sequence[Likenesses]:
    return [_likenesses_in(text, _known) for text in texts]


def _likenesses_in(text: NewText, known: KnownAhead) -> Likenesses:
    """What is like the text's statements, which are known from then on."""
    of_some = [
        (statement, bool(tells.named or tells.facts))
        for statement, tells in zip(text.statements, text.told, strict=True)
        if of_substance(statement, asserts=bool(tells.facts))
    ]
    found = {
        statement.index: likeness(statement, known.candidates(statement.normal, ()))
        for statement, of_event in of_some
        if not of_event and not known.knows(statement.normal)
    }
    known.expect((statement for statement, _ in of_some), text.said_on, text.captured_at, text.url)
    return found
