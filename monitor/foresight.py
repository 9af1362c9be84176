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
from typing import NamedTuple, Self, TypeAlias

from diffing.facts import Told
from diffing.matching import Likeness, likeness
from diffing.model import KnownStatement, Match, Statement
from storage.ahead import Coming, KnownAhead, can_hold, open_ahead
from storage.errors import ArchiveError
from storage.terms import TERMS

__all__ = ["Foresight", "Likenesses", "NewText"]

FORESEEN_FROM = 60
"""Pages from which on it is worth a process, whose start costs a core about half a second."""

FORESEEN_TO = 2_500
"""Pages that one process foresees, as it holds the words of all their statements: some 45 kB a page."""

FORESEEN_BESIDE = 500
"""The same of an archive that is read meanwhile: until then its log of writes grows by some 300 kB a page."""

TOGETHER = 8
"""Pages that are handed over in one task, and recorded in one transaction.

That spares the run what a task costs, and a tenth of the time to record; who writes beside it waits for
some hundred milliseconds, longer where pages are much longer than usual, and a kill has no more than these
judged again.
"""

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


class _Page(NamedTuple):
    """What of a text the process needs: its statements of substance, by place, and which tell of events.

    Tuples all through, as what is handed over is taken apart and put together again by both processes.
    """

    url: str
    said_on: dt.date
    captured_at: dt.datetime
    statements: Sequence[tuple[int, Coming, bool]]


class _Like(NamedTuple):
    """A known statement, and how like a new one it is."""

    score: float
    text: str
    normal: str
    language: str
    said_on: dt.date | None
    origin: str
    url: str | None


_Likes: TypeAlias = Mapping[int, tuple[_Like | None, _Like | None]]
"""By place the closest known statement, and the one that says it all."""


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
    ) -> Generator[Sequence[tuple[NewText, Likenesses]], None, None]:
        """The `count` texts, some at a time, each with what of all known when it is judged is like it.

        Those given must be recorded, one after the other, before the next are asked for, and nothing else
        may become known meanwhile. Looked for is only what is like statements that tell of no event and
        repeat nothing word for word; and nothing at all where there are few texts or one core, or where the
        process cannot begin or is killed.
        """
        texts = iter(texts)
        while _is_worth_it(count):
            most = FORESEEN_TO if can_hold(self._database) else FORESEEN_BESIDE
            yield from self._foreseen(islice(texts, most))
            count -= most
        while some := tuple(islice(texts, TOGETHER)):
            yield [(text, {}) for text in some]

    def _foreseen(self, texts: Iterator[NewText]) -> Iterator[Sequence[tuple[NewText, Likenesses]]]:
        under_way: deque[tuple[tuple[NewText, ...], _Answer]] = deque()
        process = self._process = self._process or _made()
        try:
            while True:
                while len(under_way) < AHEAD and (some := tuple(islice(texts, TOGETHER))):
                    under_way.append((some, _asked(process, self._database, some)))
                if not under_way:
                    return
                some, answer = under_way.popleft()
                yield list(zip(some, answer(), strict=True))
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
        future = process.submit(_likes, database, [_page(text) for text in texts])
    except (BrokenProcessPool, OSError):
        return lambda: nothing

    def answer() -> Sequence[Likenesses]:
        try:
            return [_likenesses(likes) for likes in future.result()]
        except BrokenProcessPool:
            return nothing

    return answer


def _page(text: NewText) -> _Page:
    statements = [
        (
            statement.index,
            Coming(statement.full_text, statement.normal, statement.language, TERMS[statement.normal]),
            bool(tells.named or tells.facts),
        )
        for statement, tells in zip(text.statements, text.told, strict=True)
        if tells.of_substance
    ]
    return _Page(text.url, text.said_on, text.captured_at, statements)


def _likenesses(likes: _Likes) -> Likenesses:
    return {
        place: Likeness(closest=_match(closest), restated=_match(restated))
        for place, (closest, restated) in likes.items()
    }


def _match(like: _Like | None) -> Match | None:
    if like is None:
        return None
    statement = KnownStatement(
        text=like.text,
        normal=like.normal,
        language=like.language,
        said_on=like.said_on,
        origin=like.origin,
        url=like.url,
    )
    return Match(statement=statement, score=like.score)


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


def _likes(database: Path, pages: Sequence[_Page]) -> Sequence[_Likes]:
    global _known  # noqa: PLW0603
    try:
        known = _known = _known or open_ahead(database)
        return [_likes_of(page, known) for page in pages]
    except ArchiveError:
        # Who was not told of all that will be recorded must answer nothing more.
        os._exit(1)


def _likes_of(page: _Page, known: KnownAhead) -> _Likes:
    """What is like the page's statements, which are known from then on."""
    found = {}
    for place, coming, of_event in page.statements:
        if not of_event and not known.knows(coming.normal):
            # As it is said alone, with its lead-in.
            alone = Statement(index=place, text=coming.text, normal=coming.normal, language=coming.language)
            likes = likeness(alone, known.candidates(coming.normal, ()))
            found[place] = (_like(likes.closest), _like(likes.restated))
    comings = (coming for _, coming, _ in page.statements)
    known.expect(comings, page.said_on, page.captured_at, page.url)
    return found


def _like(match: Match | None) -> _Like | None:
    if match is None:
        return None
    known = match.statement
    return _Like(
        match.score, known.text, known.normal, known.language, known.said_on, known.origin, known.url
    )
