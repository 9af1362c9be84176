"""SQLite opened as the archive needs it, its errors in our words."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast

from storage.errors import (
    ArchiveDamaged,
    ArchiveError,
    ArchiveFull,
    ArchiveLocked,
    ArchiveMissing,
    ArchiveOutdated,
    ArchiveReadOnly,
    ArchiveTooNew,
)
from storage.schema import APPLICATION_ID, SCHEMA_VERSION

__all__ = ["Connection", "Parameters", "connect", "inspect", "misplaced"]

_T = TypeVar("_T")

Parameters: TypeAlias = "Sequence[Any] | Mapping[str, Any]"

_MAGIC = b"SQLite format 3\0"

# Not the tables in which FTS5 and sqlite-utils keep their own matters, as their versions like.
_LAYOUT = (
    "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
    "AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT LIKE '%\\_index\\_%' ESCAPE '\\' ORDER BY name"
)

# A reader waits only for the moment in which a writer switches or restarts the WAL; a writer waits for the
# transactions of those that write small things beside it, and of other programs (an ad-hoc sqlite3 shell).
# Those last milliseconds, the end of a run some tenths of a second; only indexes made anew take longer.
_BUSY_MS = 30_000

# Pages of 4 KB in the log of writes from which on a writer empties it into the file: 16 MB. A new page writes
# sixty, most of them again and again; emptied four times as seldom as SQLite does unasked, a run over 1,500
# new pages spends a quarter less on its commits.
_LOGGED = 4_000


class Connection:
    """One connection; every sqlite3 error that a user can meet leaves it as an ArchiveError."""

    def __init__(self, path: Path, raw: sqlite3.Connection) -> None:
        self.path = path
        self.raw = raw
        raw.row_factory = sqlite3.Row
        self._memory: dict[type[object], object] = {}
        self._remembered_at = -1
        self._in_unit = False
        self._left: list[Callable[[], None]] = []

    def rows(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        """All rows of a question."""
        try:
            return self._executed(sql, parameters).fetchall()
        except sqlite3.DatabaseError as error:
            raise translated(self.path, error) from error

    def each(self, sql: str, parameters: Parameters = ()) -> Iterator[sqlite3.Row]:
        """The rows one by one, for answers that may be larger than memory."""
        try:
            yield from self._executed(sql, parameters)
        except sqlite3.DatabaseError as error:
            raise translated(self.path, error) from error

    def one(self, sql: str, parameters: Parameters = ()) -> sqlite3.Row | None:
        """The first row; None: there is none."""
        try:
            row: sqlite3.Row | None = self._executed(sql, parameters).fetchone()
        except sqlite3.DatabaseError as error:
            raise translated(self.path, error) from error
        return row

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """The first column of the first row; None where there is no row."""
        row = self.one(sql, parameters)
        return None if row is None else row[0]

    def numbers(self, sql: str, parameters: Parameters = ()) -> list[int]:
        """The first column of all rows; the fastest way to thousands of them."""
        cursor = self.raw.cursor()
        cursor.row_factory = None
        try:
            return [number for (number,) in cursor.execute(sql, parameters)]
        except sqlite3.DatabaseError as error:
            raise translated(self.path, error) from error

    def run(self, sql: str, parameters: Parameters = ()) -> sqlite3.Cursor:
        """Executes one statement; the cursor tells `rowcount` and `lastrowid`."""
        try:
            return self._executed(sql, parameters)
        except sqlite3.DatabaseError as error:
            raise translated(self.path, error) from error

    def insert(self, sql: str, parameters: Parameters = ()) -> int:
        """Executes an INSERT that adds a row; its id."""
        return int(self.run(sql, parameters).lastrowid or 0)

    def many(self, sql: str, parameters: Iterable[Parameters]) -> None:
        """Executes one statement for each parameters."""
        left = iter(parameters)
        taken: Parameters = ()

        def each() -> Iterator[Parameters]:
            nonlocal taken
            for one in left:
                taken = one
                yield one

        try:
            while True:
                try:
                    self.raw.executemany(sql, each())
                except UnicodeEncodeError:
                    # Those before it are done; as for it, see `_executed`.
                    self.raw.execute(sql, _without_surrogates(taken))
                else:
                    return
        except sqlite3.DatabaseError as error:
            raise translated(self.path, error) from error

    def _executed(self, sql: str, parameters: Parameters) -> sqlite3.Cursor:
        try:
            return self.raw.execute(sql, parameters)
        except UnicodeEncodeError:
            # A lone surrogate is no text; one page that holds it must not stop every run at its capture.
            return self.raw.execute(sql, _without_surrogates(parameters))

    def remembered(self, kind: type[_T]) -> _T:
        """What is remembered of this database under that class; a new one where it may have changed since.

        It changes when another connection writes, or when a unit of work is undone.
        """
        if not self.raw.in_transaction:
            self._forget_if_outdated()
        memory = self._memory.get(kind)
        if memory is None:
            memory = self._memory[kind] = kind()
        return cast("_T", memory)

    def forget(self) -> None:
        """Forgets all that is remembered."""
        self._memory.clear()

    def _forget_if_outdated(self) -> None:
        (version,) = self.raw.execute("PRAGMA data_version").fetchone()
        if version != self._remembered_at:
            self.forget()
            self._remembered_at = version

    @contextlib.contextmanager
    def unit(self) -> Iterator[None]:
        """One unit of work: all of it is kept, or nothing. Within another unit it is part of that one."""
        if self.raw.in_transaction:
            yield
            return
        # IMMEDIATE: a deferred transaction that reads before it writes fails at once when it cannot upgrade.
        self.run("BEGIN IMMEDIATE")
        self._in_unit = True
        try:
            self._forget_if_outdated()
            yield
            while self._left:
                self._left.pop(0)()
            self.run("COMMIT")
        except BaseException:
            self.forget()
            self._left.clear()
            # SQLite has rolled back by itself after some errors (disk full).
            with contextlib.suppress(sqlite3.Error):
                self.raw.rollback()
            raise
        finally:
            self._in_unit = False

    def at_end(self, work: Callable[[], None]) -> None:
        """Has it done as the last of this unit of work, which keeps it or undoes it with all else.

        Raises RuntimeError outside of one, where nothing would come to its end.

        So is what is written into an index of full text: SQLite writes all that such an index has in memory
        as a part of its own before each statement that touches more than one row or a reference, and merges
        the parts later.
        """
        if not self._in_unit:
            raise RuntimeError("work is left to the end of a unit of work, and there is none")
        self._left.append(work)

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read meanwhile is of one moment, whatever a writer commits; nothing is written."""
        if self.raw.in_transaction:
            yield
            return
        self.run("BEGIN")
        try:
            self._forget_if_outdated()
            yield
        finally:
            with contextlib.suppress(sqlite3.Error):
                self.raw.rollback()

    def close(self) -> None:
        """Closes; does nothing the second time."""
        self.raw.close()


def _without_surrogates(parameters: Parameters) -> Parameters:
    def sound(value: Any) -> Any:
        return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value

    if isinstance(parameters, Mapping):
        return {name: sound(value) for name, value in parameters.items()}
    return [sound(value) for value in parameters]


def translated(path: Path, error: sqlite3.DatabaseError) -> Exception:
    """The error in our words; the error itself where it tells of a fault in this program."""
    if isinstance(error, (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError)):
        return error
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith("SQLITE_FULL"):
        return ArchiveFull(
            f"The disk is full, so {path} cannot grow; free some space and run again, what was finished "
            "is kept"
        )
    if name.startswith("SQLITE_READONLY"):
        return ArchiveReadOnly(
            f"{path} may not be written ({error}); check the permissions of the file and its directory"
        )
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT")):
        return ArchiveDamaged(
            f"{path} is damaged or no database ({error}); restore a backup, or save what is left with "
            f"`sqlite3 {path} .recover`"
        )
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return ArchiveLocked(f"{path} is locked by another program; close it and run again")
    if name.startswith("SQLITE_CANTOPEN"):
        return ArchiveError(
            f"Cannot open {path} ({error}); check the permissions of the file and its directory"
        )
    if str(error).startswith(("no such column", "no such table")):
        return _of_layout(path, error)
    if name.startswith("SQLITE_IOERR"):
        return ArchiveError(f"The disk fails under {path} ({name}); check it, then run `cstowatch verify`")
    return error


def _nothing_more(_: Connection) -> None:
    """What `connect` does after an upgrade unless it is told."""


def misplaced(raw: sqlite3.Connection) -> str | None:
    """The first table, index or view that is not as this version's steps make it; None: all are.

    What else users put into the file is theirs.
    """
    from sqlite_utils import Database

    from storage.migrations import migrate

    made = Database(memory=True, execute_plugins=False)
    try:
        migrate(made)
        wanted = dict(made.execute(_LAYOUT).fetchall())
    finally:
        made.close()
    found = dict(raw.execute(_LAYOUT).fetchall())
    return next((name for name, sql in wanted.items() if found.get(name) != sql), None)


def _other_layout(path: Path, name: str) -> ArchiveDamaged:
    return ArchiveDamaged(
        f"{path} is not laid out as this csto-watch makes it (see {name}): an unreleased version wrote it, "
        "or it is damaged; restore a backup, or `export` with the version that wrote it and `import` into "
        "a new file"
    )


def _of_layout(path: Path, error: sqlite3.DatabaseError) -> Exception:
    """Where the database lacks what a question names: its fault or the question's."""
    other = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        name = misplaced(other)
    except sqlite3.DatabaseError:
        return error
    finally:
        other.close()
    return _other_layout(path, name) if name else error


def connect(
    path: Path, *, write: bool, create: bool, upgraded: Callable[[Connection], None] = _nothing_more
) -> Connection:
    """Opens the database, brings its schema up to date when writing, and refuses what is not ours.

    `upgraded` is called where steps were done, in the same transaction.

    Raises ArchiveMissing, ArchiveDamaged, ArchiveTooNew, ArchiveOutdated, ArchiveReadOnly, ArchiveError.
    """
    inspect(path, create=write and create)
    mode = ("rwc" if create else "rw") if write else _reading(path)
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    try:
        raw = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=_BUSY_MS / 1000)
    except sqlite3.DatabaseError as error:
        raise translated(path, error) from error
    connection = Connection(path, raw)
    try:
        _prepare(connection, write=write, upgraded=upgraded)
    except BaseException:
        connection.close()
        raise
    return connection


def _reading(path: Path) -> str:
    """A reader's mode; where it may not write, SQLite cannot make the file that readers of a WAL share."""
    resting = not path.with_name(path.name + "-wal").exists()
    return "ro&immutable=1" if resting and not os.access(path.absolute().parent, os.W_OK) else "ro"


def inspect(path: Path, *, create: bool) -> None:
    """Refuses what can be refused from outside, before SQLite touches anything. Raises as `connect`."""
    if path.is_dir():
        raise ArchiveError(f"{path} is a directory; name a database file with --db")
    try:
        head, size = _head_and_size(path)
    except FileNotFoundError:
        if not create:
            raise _missing(path) from None
        if not path.absolute().parent.is_dir():
            raise ArchiveError(
                f"Cannot make {path}: there is no directory {path.absolute().parent}; make it first"
            ) from None
        return
    except OSError as error:
        raise ArchiveError(f"Cannot read {path}: {error.strerror}; check its permissions") from error
    if size == 0:
        if not create:
            raise _missing(path)
        return
    if not head.startswith(_MAGIC):
        raise ArchiveDamaged(
            f"{path} is no SQLite database; name another file with --db, or restore a backup"
        )
    wal = path.with_name(path.name + "-wal")
    if not wal.exists() or wal.stat().st_size == 0:
        page = int.from_bytes(head[16:18], "big")
        expected = int.from_bytes(head[28:32], "big") * (65536 if page == 1 else page)
        if head[24:28] == head[92:96] and size < expected:
            raise ArchiveDamaged(
                f"{path} is cut short: {size} of {expected} bytes are there; restore a backup"
            )


# Files that were looked into, by path; as many stay open as no real program has databases.
_LOOKED_INTO: dict[Path, int] = {}
_MOST_LOOKED_INTO = 64
_LOOKING = threading.Lock()


def _head_and_size(path: Path) -> tuple[bytes, int]:
    """The first 100 bytes and the length of the file, which stays open. Raises OSError.

    To close it would take away the locks of every connection that this process has to it (so POSIX wants it):
    the next process to close the database would then hold itself for the last, and remove the log under them.
    """
    with _LOOKING:
        now = path.stat()
        file = _LOOKED_INTO.pop(path, None)
        if file is not None and not os.path.samestat(os.fstat(file), now):
            os.close(file)
            file = None
        if file is None:
            file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        _LOOKED_INTO[path] = file
        if len(_LOOKED_INTO) > _MOST_LOOKED_INTO:
            os.close(_LOOKED_INTO.pop(next(iter(_LOOKED_INTO))))
        return os.pread(file, 100, 0), os.fstat(file).st_size


def _missing(path: Path) -> ArchiveMissing:
    return ArchiveMissing(f"No database at {path}; run `cstowatch crawl` or `cstowatch demo` first")


def _prepare(connection: Connection, *, write: bool, upgraded: Callable[[Connection], None]) -> None:
    path = connection.path
    version = int(connection.value("PRAGMA user_version"))
    ours = int(connection.value("PRAGMA application_id")) == APPLICATION_ID
    empty = connection.one("SELECT 1 FROM sqlite_master LIMIT 1") is None
    if not empty and not ours:
        raise ArchiveDamaged(f"{path} is a database of another program; name another file with --db")
    if version > SCHEMA_VERSION:
        raise ArchiveTooNew(
            f"{path} was written by a newer csto-watch (schema {version}, this one knows {SCHEMA_VERSION}); "
            "upgrade csto-watch"
        )
    if not write:
        if empty:
            raise _missing(path)
        if version < SCHEMA_VERSION:
            raise ArchiveOutdated(
                f"{path} was written by an older csto-watch (schema {version}), and must be brought up to "
                f"date (schema {SCHEMA_VERSION}); copy it to where it may be written"
            )
        connection.run("PRAGMA query_only = ON")
        return
    connection.run("PRAGMA journal_mode = WAL")
    connection.run("PRAGMA synchronous = NORMAL")
    connection.run("PRAGMA foreign_keys = ON")
    connection.run(f"PRAGMA wal_autocheckpoint = {_LOGGED}")
    # As Debian builds it, SQLite writes zeros over all that the indexes let go when they are merged.
    connection.run("PRAGMA secure_delete = FAST")
    # Now rather than after an hour of crawling: whether the file may be written at all.
    with connection.unit():
        if version < SCHEMA_VERSION:
            _upgrade(connection, made=empty)
            upgraded(connection)


def _upgrade(connection: Connection, *, made: bool) -> None:
    # Readers never come here, so that they do not pay for importing the library.
    from sqlite_utils import Database

    from storage.migrations import migrate

    try:
        migrate(Database(connection.raw, execute_plugins=False))
        if not made and (unlike := misplaced(connection.raw)):
            raise _other_layout(connection.path, unlike)
    except sqlite3.DatabaseError as error:
        raise translated(connection.path, error) from error
