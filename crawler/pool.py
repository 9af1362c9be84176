"""Processes that work for a run and can be killed, each task within its time and memory."""

from __future__ import annotations

import gc
import multiprocessing
import os
import resource
import signal
from collections import deque
from collections.abc import Callable
from concurrent.futures import TimeoutError as DeadlinePassed
from multiprocessing import forkserver, resource_tracker
from threading import Thread
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

__all__ = ["OutOfBounds", "Pool", "prepare"]

MOST_AHEAD = 16
"""Tasks that wait while the network is still busy; what comes meanwhile is done afterwards.

Each holds its bodies until a worker takes it. With two workers more would gain nothing: they never rest.
"""

NICENESS = 5
"""How far the workers stand back: on two cores a run that waits for them is one that keeps sites waiting."""

TASKS_A_WORKER = 2_000
"""Tasks after which a worker is replaced, in case what it uses leaks; that costs a run half a second.

A worker that had read 189 real pages eight times was no larger than after the second time.
"""

IMPORTED = ["crawler.workers", "crawler.extraction", "trafilatura"]
"""Modules that the fork server has before a worker comes from it."""

_Given = TypeVar("_Given")
_Answered = TypeVar("_Answered")


class OutOfBounds(Exception):
    """A task took too much; the message says what, as "took longer than 4.5 s"."""


def prepare() -> None:
    """Starts the fork server, whose imports take a core a second, beside whatever a run begins with.

    Where it is not called a pool starts it; where no pool follows, it waits for the end of this process.
    """
    forkserver.set_forkserver_preload(IMPORTED)
    # First, as it lets SIGINT through again when it has started.
    resource_tracker.ensure_running()
    # Who interrupts a run speaks to the run alone.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Pool:
    """As many worker processes as asked for, each task of which has `deadline` seconds and `memory` bytes.

    They come from a fork server that has the imports done, and no threads of ours. To start it takes half a
    second, in which the run goes on where `start` was called in time.
    """

    def __init__(self, workers: int | None, *, deadline: float, memory: int) -> None:
        self.workers = workers or max(1, min(4, os.cpu_count() or 1))
        self._deadline = deadline
        self._memory = memory
        self._processes: ProcessPool | None = None
        self._starter: Thread | None = None
        self._under_way: deque[ProcessFuture[Any]] = deque()

    @property
    def is_started(self) -> bool:
        """Whether it is there, or coming."""
        return self._processes is not None

    @property
    def is_ready(self) -> bool:
        """Whether a task would be begun at once."""
        return self._processes is not None and (self._starter is None or not self._starter.is_alive())

    @property
    def has_room(self) -> bool:
        """Whether it is ready and has not enough to do already."""
        while self._under_way and self._under_way[0].done():
            self._under_way.popleft()
        return self.is_ready and len(self._under_way) < MOST_AHEAD

    def start(self) -> None:
        """Begins to start it, beside whatever the run does meanwhile; does nothing the second time."""
        if self._processes is None:
            processes = self._made()
            self._starter = Thread(target=lambda: processes.schedule(_nothing).result(), daemon=True)
            self._starter.start()

    def run(self, work: Callable[[_Given], _Answered], given: _Given) -> Callable[[], _Answered]:
        """Begins a task; what is returned waits for the answer, and raises OutOfBounds."""
        if self._starter is not None:
            self._starter.join()
        # The worker's own alarm ends it at once, even inside libxml2; the pool's is for a lost worker.
        future = self._made().schedule(
            _in_time, args=(work, given, self._deadline), timeout=2 * self._deadline
        )
        self._under_way.append(future)
        too_slow = f"took longer than {self._deadline:g} s"

        def answer() -> _Answered:
            try:
                answered: _Answered = future.result()
            except DeadlinePassed:
                raise OutOfBounds(too_slow) from None
            except MemoryError:
                raise OutOfBounds(f"took more than {self._memory >> 20:,} MB") from None
            except ProcessExpired as error:
                if error.exitcode == -signal.SIGALRM:
                    raise OutOfBounds(too_slow) from None
                raise OutOfBounds(f"killed its process (exit code {error.exitcode})") from None
            return answered

        return answer

    def close(self) -> None:
        """Ends the processes, whatever they do."""
        if self._starter is not None:
            self._starter.join()
        if self._processes is not None:
            self._processes.stop()  # type: ignore[no-untyped-call]  # pebble annotates what it returns only
            self._processes.join()
            self._processes = None

    def _made(self) -> ProcessPool:
        if self._processes is None:
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(IMPORTED)
            self._processes = ProcessPool(
                max_workers=self.workers,
                max_tasks=TASKS_A_WORKER,
                initializer=_restrain,
                initargs=(self._memory,),
                context=context,
            )
        return self._processes


def _nothing() -> None:
    """What a pool does first."""


def _restrain(memory: int) -> None:
    """Lets this process have `memory` bytes more than it has now, and the processor after the run itself."""
    os.nice(NICENESS)
    # As in `crawler.run`: the imports' own stays.
    gc.freeze()
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
