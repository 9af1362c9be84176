"""Reading pages in processes that can be killed: a hostile page costs seconds, not the run."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import resource
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as DeadlinePassed
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from crawler.decoding import LARGEST_PAGE
from crawler.errors import NothingReadable
from crawler.extraction import Dropped, Reading, read
from crawler.visible import changed_lines
from diffing.model import Document, Fetched
from seeds.sources import Source

__all__ = ["TAME_SIZE", "Changed", "Extraction", "Extractor"]

DEADLINE = 4.5
"""Seconds a page may take, so that with the killing it stays within 5.

The slowest of 189 real pages took 0.3 s; 100,000 attributes on a tag take 60 where nothing ends them.
"""

MEMORY = 500 << 20
"""Bytes a worker may use beyond what it has after its imports; a 3 MB table takes 550 MB unlimited."""

READ_AT_HOME = 3
"""Pages of a run that are read without a pool, whose start costs about as much as 40 pages."""

TAME_SIZE = 192 << 10
"""Bytes up to which a page may be read without a pool: the worst known trees of this size take 2 s.

Nor is a larger one compared in the run's own process: 9 MB of links took 5 s and 380 MB there.
"""

COMPARED_AT_HOME = 100
"""Pairs of bodies of a run compared without a pool: they cost 3 ms each, its start as much as 300."""

MOST_AHEAD = 16
"""Pages that wait to be read while the network is still busy; what comes meanwhile is read afterwards.

Each holds its body until a worker takes it. With two workers more would gain nothing: they never rest.
"""

TASKS_A_WORKER = 500
"""Pages after which a worker is replaced, so that what libxml2 leaks does not add up."""

_Headers: TypeAlias = tuple[tuple[str, str], ...]
_Job: TypeAlias = tuple[bytes, _Headers, str, str, str | None, str | None, ZoneInfo]
_Given = TypeVar("_Given")
_Answered = TypeVar("_Answered")
_Visit: TypeAlias = tuple[str, dt.datetime]

Changed: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]
"""The lines in which two bodies of a page differ, as `crawler.visible.changed_lines` tells them."""
_Answer: TypeAlias = "Reading | str"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What was read from one visit: a document, or why there is none."""

    fetched: Fetched
    source: Source
    document: Document | None
    unreadable: str | None = None
    dropped: tuple[Dropped, ...] = field(default=(), repr=False)


class Extractor:
    """Reads pages, each within `deadline` seconds and `memory` bytes, in the order they are given.

    Used as a context manager. The first few small pages are read in this process; the pool starts
    when there are more, or when a page is large. A page that cannot be read, takes too long, takes
    too much memory or kills its worker is an `Extraction` without a document. What is begun ahead,
    while a run is still fetching, is not done again when it is asked for.
    """

    def __init__(
        self, workers: int | None = None, *, deadline: float = DEADLINE, memory: int = MEMORY
    ) -> None:
        self._workers = workers or max(1, min(4, os.cpu_count() or 1))
        self._deadline = deadline
        self._memory = memory
        self._at_home = READ_AT_HOME
        self._compared_at_home = COMPARED_AT_HOME
        self._pool: ProcessPool | None = None
        # What was begun ahead, by visit, and what of it is not done.
        self._read_ahead: dict[_Visit, Callable[[], _Answer]] = {}
        self._compared_ahead: dict[_Visit, Callable[[], Changed | None]] = {}
        self._under_way: deque[ProcessFuture[Any]] = deque()
        # How many are not begun ahead, as they are done at home: to be compared, to be read.
        self._left_for_home = [COMPARED_AT_HOME, READ_AT_HOME]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            # all results were taken, or nobody wants them any more
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble annotates what it returns only
            self._pool.join()
            self._pool = None

    def read(self, fetched: Fetched, source: Source) -> Extraction:
        """What one visit says."""
        return self.submit(fetched, source)()

    def read_all(self, visits: Iterable[tuple[Fetched, Source]]) -> Iterator[Extraction]:
        """What each visit says, in the order of the visits; a few are read ahead, not all at once."""
        waiting: deque[Callable[[], Extraction]] = deque()
        for fetched, source in visits:
            waiting.append(self.submit(fetched, source))
            if len(waiting) > 4 * self._workers:
                yield waiting.popleft()()
        while waiting:
            yield waiting.popleft()()

    @property
    def has_room(self) -> bool:
        """Whether more may be begun ahead: there is not enough to do already."""
        while self._under_way and self._under_way[0].done():
            self._under_way.popleft()
        return len(self._under_way) < MOST_AHEAD

    def begin(self, fetched: Fetched, source: Source, previous: bytes | None) -> None:
        """Begins ahead what will be asked of a visit, unless there is enough to do already.

        `previous` is the body that it will be compared with; None: there is none, so it will be read.
        The first pages are left to be read at home.
        """
        visit = fetched.url, fetched.fetched_at
        if self._pool is None and self._left_for_home[previous is None] > 0:
            self._left_for_home[previous is None] -= 1
            return
        if not self.has_room or visit in self._read_ahead or visit in self._compared_ahead:
            return
        if previous is None:
            self._read_ahead[visit] = self._begin(_job_of(fetched, source))
        else:
            self._compared_ahead[visit] = self._begin_to_compare(previous, fetched)

    def submit(self, fetched: Fetched, source: Source) -> Callable[[], Extraction]:
        """Begins to read a visit; what is returned waits for the result."""
        begun = self._read_ahead.pop((fetched.url, fetched.fetched_at), None)
        result = begun or self._begin(_job_of(fetched, source))

        def wait() -> Extraction:
            answer = result()
            if isinstance(answer, str):
                return Extraction(fetched=fetched, source=source, document=None, unreadable=answer)
            return Extraction(
                fetched=fetched, source=source, document=answer.document, dropped=answer.dropped
            )

        return wait

    def compare(
        self, previous: Callable[[], bytes | None], fetched: Fetched
    ) -> Callable[[], Changed | None] | None:
        """Begins to compare a visit with an earlier body of its page; what is returned waits for the result.

        `previous` gives that body, and is asked only where the comparison was not begun ahead. None: it gives
        none. The result is None where it could not be told in time or memory.
        """
        if begun := self._compared_ahead.pop((fetched.url, fetched.fetched_at), None):
            return begun
        body = previous()
        return None if body is None else self._begin_to_compare(body, fetched)

    def _begin(self, job: _Job) -> Callable[[], _Answer]:
        size = len(job[0])
        if size > LARGEST_PAGE:
            return lambda: f"the page has {size:,} bytes; pages up to {LARGEST_PAGE:,} are read"
        if self._pool is None and self._at_home and size <= TAME_SIZE:
            self._at_home -= 1
            answer = _read(job)
            return lambda: answer
        future = self._scheduled(_read, job)
        too_slow = f"reading the page took longer than {self._deadline:g} s"

        def result() -> _Answer:
            try:
                answer: _Answer = future.result()
            except DeadlinePassed:
                return too_slow
            except MemoryError:
                return f"reading the page took more than {self._memory >> 20:,} MB"
            except ProcessExpired as error:
                if error.exitcode == -signal.SIGALRM:
                    return too_slow
                return f"reading the page killed its process (exit code {error.exitcode})"
            return answer

        return result

    def _begin_to_compare(self, previous: bytes, fetched: Fetched) -> Callable[[], Changed | None]:
        pair = previous, fetched.body, fetched.headers
        tame = max(len(previous), len(fetched.body)) <= TAME_SIZE
        if self._pool is None and self._compared_at_home and tame:
            self._compared_at_home -= 1
            changed = changed_lines(*pair)
            return lambda: changed
        future = self._scheduled(_compare, pair)

        def result() -> Changed | None:
            try:
                changed: Changed = future.result()
            except (DeadlinePassed, MemoryError, ProcessExpired):
                return None
            return changed

        return result

    def _scheduled(self, work: Callable[[Any], object], given: object) -> ProcessFuture[Any]:
        """Gives work to the pool."""
        # The worker's own alarm ends it at once, even inside libxml2; the pool's is for a lost worker.
        future = self._started().schedule(
            _in_time, args=(work, given, self._deadline), timeout=2 * self._deadline
        )
        self._under_way.append(future)
        return future

    def _started(self) -> ProcessPool:
        """The pool. Workers come from a fork server that has the imports done, and no threads of ours."""
        if self._pool is None:
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(["crawler.workers"])
            self._pool = ProcessPool(
                max_workers=self._workers,
                max_tasks=TASKS_A_WORKER,
                initializer=_limit_memory,
                initargs=(self._memory,),
                context=context,
            )
        return self._pool


def _limit_memory(memory: int) -> None:
    """Lets this process have `memory` bytes more than it has now."""
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123  # no path, but what the kernel says
        used = int(statm.read().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = used + memory
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _in_time(work: Callable[[_Given], _Answered], given: _Given, deadline: float) -> _Answered:
    """The work's answer; the kernel kills this process when the deadline passes."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, deadline)
    try:
        return work(given)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _compare(pair: tuple[bytes, bytes, _Headers]) -> Changed:
    return changed_lines(*pair)


def _job_of(fetched: Fetched, source: Source) -> _Job:
    return (
        fetched.body,
        fetched.headers,
        fetched.final_url or fetched.url,
        source.language,
        source.content,
        source.date,
        source.timezone,
    )


def _read(job: _Job) -> _Answer:
    """The reading, or why there is none; runs in a worker."""
    body, headers, url, language, content, date, timezone = job
    try:
        return read(body, headers, url, language=language, content=content, date=date, timezone=timezone)
    except NothingReadable as error:
        return error.reason
