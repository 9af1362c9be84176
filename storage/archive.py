"""The only door to SQLite: what is recorded in one transaction each, what is asked in one query each."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from storage.connection import Connection, connect, inspect
from storage.deliveries import Deliveries
from storage.digests import Digests
from storage.errors import ArchiveDamaged, ArchiveError, CopyExists
from storage.locking import WriterLock
from storage.manners import SiteManners
from storage.moves import Moves
from storage.notes import Notes
from storage.questions import Questions
from storage.records import Exported, Finding, Pruned
from storage.revisions import Revisions
from storage.rows import time_to_text
from storage.seals import seal_all, understood_head
from storage.slots import Slots
from storage.standing import keep_standing
from storage.totals import Totals
from storage.troubles import Troubles

__all__ = ["Archive", "open_archive"]


def _after_upgrade(connection: Connection) -> None:
    """What an older version could not know of what it kept."""
    seal_all(connection)
    keep_standing(connection)


def open_archive(
    path: Path | str,
    *,
    write: bool = False,
    beside: bool = False,
    create: bool = False,
    now: dt.datetime | None = None,
) -> Archive:
    """The archive at the path; a context manager. To read is the default: it waits for nobody.

    With `write` this process is the only writer until it closes, and `create` makes a missing
    database. `now` is told to whom the lock keeps out. With `beside` it writes small things (a slot, a
    message that was sent, a note) while a run may be writing too: it takes no lock, and each of its
    transactions waits until the run's is over. Raises ArchiveMissing, ArchiveDamaged,
    ArchiveTooNew, ArchiveLocked and other ArchiveErrors.
    """
    database = Path(path)
    if beside:
        return Archive(connect(database, write=True, create=create, upgraded=_after_upgrade), None)
    if not write:
        return Archive(connect(database, write=False, create=False), None)
    # Refused before a lock file is left beside what is not ours.
    inspect(database, create=create)
    lock = WriterLock(database, now)
    try:
        return Archive(connect(database, write=True, create=create, upgraded=_after_upgrade), lock)
    except BaseException:
        lock.release()
        raise


class Archive(Revisions, Questions, Notes, SiteManners, Moves, Digests, Deliveries, Slots, Troubles, Totals):
    """All that was seen, understood and believed; each `record_*` is one transaction.

    Recording the same again changes nothing: rows are found by their natural keys.
    """

    def __init__(self, connection: Connection, lock: WriterLock | None) -> None:
        """Takes over an open connection, and the lock of a writer; use `open_archive`."""
        super().__init__(connection)
        self._lock = lock

    @contextmanager
    def together(self) -> Iterator[None]:
        """All that is recorded meanwhile is kept, or nothing of it."""
        with self._connection.unit():
            yield

    @contextmanager
    def of_one_moment(self) -> Iterator[None]:
        """All that is asked meanwhile is answered as of one moment, whatever a crawl records beside it."""
        with self._connection.snapshot():
            yield

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the database and lets the next writer in; does nothing the second time."""
        self._connection.close()
        if self._lock is not None:
            self._lock.release()

    def head(self, until: dt.datetime | None = None) -> str | None:
        """The digest of the newest capture, in hex: who keeps it can prove later what stood before.

        With `until` the newest fetched before it. None: there is no capture.
        """
        value = self._connection.value(
            "SELECT digest FROM captures WHERE +fetched_at < ? ORDER BY id DESC LIMIT 1",
            (time_to_text(until) if until else "9999",),
        )
        return None if value is None else bytes(value).hex()

    def understood_head(self) -> str | None:
        """The newest link of the chain over what was understood, in hex, as `head` is of the captures'.

        None: nothing was understood yet.
        """
        return understood_head(self._connection)

    def verify(self) -> tuple[Finding, ...]:
        """What does not hold of file, references, hash chain, bodies, texts, indexes; empty: all holds."""
        from storage.proof import verify

        with self._connection.snapshot():
            return verify(self._connection)

    def prune(self, now: dt.datetime, *, dry_run: bool = False) -> Pruned:
        """Lets go all bodies but each page's first, last and those that changed; hashes stay."""
        from storage.retention import prune

        return prune(self._connection, now, dry_run=dry_run)

    def export(self, directory: Path) -> Exported:
        """Writes every capture into WARC 1.1 files in the directory. Raises ArchiveError."""
        from storage.exporting import write_warc

        return write_warc(self.exported_captures(), self.body_of, directory)

    def backup(self, path: Path | str) -> int:
        """Writes a consistent copy beside a busy writer, checked after writing; its size in bytes.

        Raises CopyExists where there is a file, ArchiveError where none can be written.
        """
        target = Path(path)
        if target.exists():
            raise CopyExists(f"{target} exists; name a file that does not, so that no backup is overwritten")
        if not target.absolute().parent.is_dir():
            raise ArchiveError(f"Cannot write {target}: there is no directory {target.absolute().parent}")
        partial = target.with_name(target.name + ".partial")
        partial.unlink(missing_ok=True)
        try:
            self._copy_to(partial)
            partial.rename(target)
        finally:
            partial.unlink(missing_ok=True)
        return target.stat().st_size

    def _copy_to(self, partial: Path) -> None:
        # A reader's connection is closed to writing of any kind, also to another file.
        copier = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        try:
            copier.execute("VACUUM INTO ?", (str(partial),))
        except sqlite3.DatabaseError as error:
            raise ArchiveError(
                f"Cannot write a copy of {self.path} ({error}); check space and permissions"
            ) from error
        finally:
            copier.close()
        written = sqlite3.connect(f"{partial.absolute().as_uri()}?mode=ro", uri=True)
        try:
            checked = written.execute("PRAGMA quick_check(1)").fetchone()[0]
        finally:
            written.close()
        if checked != "ok":
            raise ArchiveDamaged(
                f"The copy of {self.path} fails its check ({checked}); run `cstowatch verify`"
            )
