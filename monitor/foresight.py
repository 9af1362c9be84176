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
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self, TypeAlias

from diffing.facts import Told
from diffing.matching import Likeness, likeness
from diffing.model import Statement
from diffing.substance import of_substance
from storage.ahead import KnownAhead, can_hold, open_ahead
from storage.errors import ArchiveError

__all__ = ["Foresight", "Likenesses", "NewText"]

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


class Foresight:
    """What is like the statements of new pages, looked for by a process of its own where that is worth it.

    Used as a context manager, whose end is the process's.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._process: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def begin(self, count: int) -> None:
        """Has the process start beside whatever the run does until it has `count` texts to be foreseen."""
        if _is_worth_it(count) and self._process is None:
            self._process = _made()
            with suppress(BrokenProcessPool, OSError):
                self._process.submit(_nothing)

    def foresee(
        self, texts: Iterable[NewText], count: int
    ) -> Generator[tuple[NewText, Likenesses], None, None]:
        """Each of the `count` texts, with what of all known when it is judged is like its statements.

        The texts are asked for some at a time. Between one and the next nothing may become known but the one
        before. Looked for is only what is like statements that tell of no event and repeat nothing word for
        word; and nothing at all where there are few texts or one core, or where the process cannot begin or
        is killed.
        """
        texts = iter(texts)
        while _is_worth_it(count):
            most = FORESEEN_TO if can_hold(self._database) else FORESEEN_BESIDE
            yield from self._foreseen(islice(texts, most))
            count -= most
        for text in texts:
            yield text, {}

    def _foreseen(self, texts: Iterator[NewText]) -> Iterator[tuple[NewText, Likenesses]]:
        under_way: deque[tuple[tuple[NewText, ...], _Answer]] = deque()
        process = self._process = self._process or _made()
        try:
            while True:
                while len(under_way) < AHEAD and (some := tuple(islice(texts, TOGETHER))):
                    under_way.append((some, _asked(process, self._database, some)))
                if not under_way:
                    return
                some, answer = under_way.popleft()
                yield from zip(some, answer(), strict=True)
        finally:
            self._end()

    def _end(self) -> None:
        if self._process is not None:
            self._process.shutdown(cancel_futures=True)
            self._process = None


def _is_worth_it(count: int) -> bool:
    return count >= FORESEEN_FROM and (os.cpu_count() or 1) > 1


def _made() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, multiprocessing.get_context("forkserver"), initializer=_prepare)


def _asked(process: ProcessPoolExecutor, database: Path, texts: Sequence[NewText]) -> _Answer:
    """Begins to look; what is returned waits for the answer, which is empty where the process has ended."""
    nothing: Sequence[Likenesses] = [{} for _ in texts]
    try:
        future = process.submit(_likenesses, database, texts)
    except (BrokenProcessPool, OSError):
        return lambda: nothing

    def answer() -> Sequence[Likenesses]:
        try:
            return future.result()
        except BrokenProcessPool:
            return nothing

    return answer


def _nothing() -> None:
    """What a process does first, so that it is there."""


_known: KnownAhead | None = None
"""What is known to this process, whose only work this is, since it was first asked."""


def _prepare() -> None:
    # Who interrupts a run speaks to the run, which ends this process; so does who kills it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What it takes up it keeps to its end, and no cycles are in it.
    gc.disable()
    Thread(target=_end_with_run, daemon=True).start()


def _end_with_run() -> None:
    run = multiprocessing.parent_process()
    if run is not None:
        run.join()
        os._exit(1)


def _likenesses(database: Path, texts: Sequence[NewText]) -> Sequence[Likenesses]:
    global _known  # noqa: PLW0603
    try:
        known = _known = _known or open_ahead(database)
        return [_likenesses_in(text, known) for text in texts]
    except ArchiveError:
        # Who was not told of all that will be recorded must answer nothing more.
        os._exit(1)


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
