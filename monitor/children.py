"""Commands in processes of their own, which have limits and die with the process that started them."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import runpy
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from types import FrameType
from typing import IO, Protocol, TypeAlias

__all__ = ["Child", "Process", "Start", "main", "start"]

# Bytes of its own that a process of a child may hold: what it has made writable, not the address space that
# it reserves, of which a browser takes gigabytes without using them (under RLIMIT_AS none starts). A crawl of
# the replica holds 193 MB; readers of pages have a tighter limit of their own (crawler/workers.py). A child
# that reaches it is running away, and ends before the machine begins to swap.
MOST_MEMORY = 4 << 30

# A child gives way to whatever else the machine does.
NICENESS = 5

# Characters of what a child said that are kept: the end of it, which says how it went.
_MOST_SAID = 64 << 10

_PR_SET_PDEATHSIG = 1
_INTERRUPTED = 130


class Child(Protocol):
    """A command that runs elsewhere."""

    @property
    def pid(self) -> int:
        """The number of its process."""

    def poll(self) -> int | None:
        """Its exit code, negative: the signal that killed it; None: it runs."""

    def ask_to_end(self) -> None:
        """Asks it to finish what is under way and end; asked again, to end at once."""

    def kill(self) -> None:
        """Ends it, and whatever it started."""

    def said(self) -> tuple[str, ...]:
        """The lines that it wrote to stderr, once it has ended."""


Start: TypeAlias = Callable[[Sequence[str]], Child]


class Process:
    """A command of this program in a process of its own."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed when all was read
        # A session of its own: Ctrl-C on the terminal is the parent's alone, which asks the child then.
        self._process = subprocess.Popen(  # noqa: S603 - this program itself, no shell
            [sys.executable, "-m", "monitor.children", str(os.getpid()), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._said,
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    def poll(self) -> int | None:
        """Its exit code, negative: the signal that killed it; None: it runs."""
        return self._process.poll()

    def ask_to_end(self) -> None:
        """Asks it to finish what is under way and end; asked again, to end at once."""
        self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it, and whatever it started."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def said(self) -> tuple[str, ...]:
        """The lines that it wrote to stderr, once it has ended; the second time none."""
        if self._said.closed:
            return ()
        with self._said as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _MOST_SAID))
            return tuple(file.read().decode("utf-8", "replace").splitlines())


def start(arguments: Sequence[str]) -> Child:
    """Starts a command of this program in a process of its own; its thread must outlive the command."""
    return Process(arguments)


def main(arguments: Sequence[str]) -> None:
    """In the child: takes the limits upon itself, then runs the command; `arguments[0]` is the parent's pid.

    The kernel kills it when the thread that started it ends, however that comes. Asked to end (SIGTERM) it
    ends as if interrupted, keeping what was finished.
    """
    parent, *command = arguments
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # The parent may have died before the kernel was asked.
    if os.getppid() != int(parent):
        sys.exit(_INTERRUPTED)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
    with contextlib.suppress(OSError):  # where a service may not, it is as important as the rest
        os.nice(NICENESS)
    signal.signal(signal.SIGTERM, _interrupted)
    sys.argv = ["cstowatch", *command]
    # As `python -m monitor` does: the command line knows its commands, one of which starts children.
    runpy.run_module("monitor", run_name="__main__", alter_sys=True)


def _interrupted(number: int, frame: FrameType | None) -> None:
    """The first SIGTERM ends what is under way as Ctrl-C does; a second must not disturb the ending."""
    del frame
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    main(sys.argv[1:])
