"""One writer at a time: a lock that dies with its owner and says who that is."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import fcntl
import os
import weakref
from pathlib import Path

from storage.errors import ArchiveError, ArchiveLocked, ArchiveReadOnly
from storage.rows import time_to_text

__all__ = ["DaemonLock", "WriterLock"]


class WriterLock:
    """Held from construction to `release`; the kernel releases it when the process ends, however it ends."""

    _suffix = "-lock"
    _held_by = "Another run is writing"

    def __init__(self, database: Path, now: dt.datetime | None) -> None:
        """Takes the lock beside the database. Raises ArchiveLocked naming the owner."""
        self._path = database.with_name(database.name + self._suffix)
        try:
            self._file: int | None = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
                raise ArchiveReadOnly(
                    f"Cannot write {self._path}: {error.strerror}; check its permissions"
                ) from error
            raise ArchiveError(f"Cannot make the lock {self._path}: {error.strerror}") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = self._owner(database)
            self._close()
            raise owner from None
        except OSError as error:
            self._close()
            raise ArchiveError(f"Cannot lock {self._path}: {error.strerror}; use a local disk") from error
        since = time_to_text(now) if now else ""
        # A full disk must not keep a run from being told so by the database itself.
        with contextlib.suppress(OSError):
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, f"{os.getpid()} {since}\n".encode(), 0)
        _HELD.add(self)

    def release(self) -> None:
        """Lets the next writer in; does nothing the second time."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, 0)
            self._close()

    def forget(self) -> None:
        """In a forked child: drops the child's copy, so that it does not outlive the parent's lock."""
        self._close()

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _owner(self, database: Path) -> ArchiveLocked:
        words: list[str] = []
        changed = ""
        if self._file is not None:
            words = os.pread(self._file, 200, 0).decode("utf-8", "replace").split()
            changed = time_to_text(dt.datetime.fromtimestamp(os.fstat(self._file).st_mtime, dt.UTC))
        pid = int(words[0]) if words and words[0].isdigit() else None
        since = words[1] if len(words) > 1 else changed
        return ArchiveLocked(
            f"{self._held_by} {database}: pid {pid or 'unknown'}, since {since}; "
            "wait until it ends, or end it",
            pid=pid,
            since=since,
        )


class DaemonLock(WriterLock):
    """The same for the one daemon that plans a database's jobs; runs go on beside it."""

    _suffix = "-daemon"
    _held_by = "Another daemon watches"


_HELD: weakref.WeakSet[WriterLock] = weakref.WeakSet()


def _forget_all() -> None:
    for lock in list(_HELD):
        lock.forget()


# A worker process forked while the lock is held shares it; without this a killed run's workers keep it.
os.register_at_fork(after_in_child=_forget_all)
