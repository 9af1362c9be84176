"""Reading pages in processes that can be killed: a hostile page costs seconds, not the run."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as DeadlinePassed
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, TypeAlias
from zoneinfo import ZoneInfo

from pebble import ProcessExpired, ProcessPool

from crawler.decoding import LARGEST_PAGE
from crawler.errors import NothingReadable
from crawler.extraction import Dropped, Reading, read
from diffing.model import Document, Fetched
from seeds.sources import Source

__all__ = ["TAME_SIZE", "Extraction", "Extractor"]

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

Nor is a larger one looked at otherwise in the run's own process: 9 MB of links took 5 s and 380 MB there.
"""

TASKS_A_WORKER = 500
"""Pages after which a worker is replaced, so that what libxml2 leaks does not add up."""

_Job: TypeAlias = tuple[bytes, tuple[tuple[str, str], ...], str, str, str | None, str | None, ZoneInfo]
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
    too much memory or kills its worker is an `Extraction` without a document.
    """

    def __init__(
        self, workers: int | None = None, *, deadline: float = DEADLINE, memory: int = MEMORY
    ) -> None:
        self._workers = workers or max(1, min(4, os.cpu_count() or 1))
        self._deadline = deadline
        self._memory = memory
        self._at_home = READ_AT_HOME
        self._pool: ProcessPool | None = None

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

    def submit(self, fetched: Fetched, source: Source) -> Callable[[], Extraction]:
        """Begins to read a visit; what is returned waits for the result."""
        result = self._begin(
            (
                fetched.body,
                fetched.headers,
                fetched.final_url or fetched.url,
                source.language,
                source.content,
                source.date,
                source.timezone,
            )
        )

        def wait() -> Extraction:
            answer = result()
            if isinstance(answer, str):
                return Extraction(fetched=fetched, source=source, document=None, unreadable=answer)
            return Extraction(
                fetched=fetched, source=source, document=answer.document, dropped=answer.dropped
            )

        return wait

    def _begin(self, job: _Job) -> Callable[[], _Answer]:
        size = len(job[0])
        if size > LARGEST_PAGE:
            return lambda: f"the page has {size:,} bytes; pages up to {LARGEST_PAGE:,} are read"
        if self._pool is None and self._at_home and size <= TAME_SIZE:
            self._at_home -= 1
            answer = _read(job)
            return lambda: answer
        # the worker's own alarm ends it at once, even inside libxml2; the pool's is for a lost worker
        future = self._started().schedule(
            _read_in_time, args=(job, self._deadline), timeout=2 * self._deadline
        )
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


def _read_in_time(job: _Job, deadline: float) -> _Answer:
    """As `_read`; the kernel kills this process when the deadline passes."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, deadline)
    try:
        return _read(job)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _read(job: _Job) -> _Answer:
    """The reading, or why there is none; runs in a worker."""
    body, headers, url, language, content, date, timezone = job
    try:
        return read(body, headers, url, language=language, content=content, date=date, timezone=timezone)
    except NothingReadable as error:
        return error.reason
