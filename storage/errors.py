"""What can keep a command from using its archive; every message is one line with its remedy."""

from __future__ import annotations

__all__ = [
    "ArchiveDamaged",
    "ArchiveError",
    "ArchiveFull",
    "ArchiveLocked",
    "ArchiveMissing",
    "ArchiveOutdated",
    "ArchiveReadOnly",
    "ArchiveTooNew",
    "BodyDropped",
    "CopyExists",
    "NoWarcFile",
    "UnknownCapture",
]


class ArchiveError(Exception):
    """The root of this package's errors: the archive cannot be used as asked."""


class CopyExists(ArchiveError):
    """A backup was to be written where there is a file already; it was left alone."""


class ArchiveMissing(ArchiveError):
    """There is no database at the path, or nothing in it yet."""


class ArchiveDamaged(ArchiveError):
    """The file is no database, not ours, or broken."""


class ArchiveTooNew(ArchiveError):
    """A newer csto-watch made the database; it was left untouched."""


class ArchiveOutdated(ArchiveError):
    """An older csto-watch made the database, and a reader may not bring it up to date."""


class ArchiveLocked(ArchiveError):
    """Another run is writing; `pid` and `since` say who (None: not told)."""

    def __init__(self, message: str, *, pid: int | None = None, since: str | None = None) -> None:
        super().__init__(message)
        self.pid = pid
        self.since = since


class ArchiveFull(ArchiveError):
    """The disk is full; everything committed before is kept."""


class ArchiveReadOnly(ArchiveError):
    """The file or its directory may not be written."""


class BodyDropped(ArchiveError):
    """A body that was let go by retention; its SHA-256 and length are kept."""


class NoWarcFile(Exception):
    """A file that cannot be read as WARC."""


class UnknownCapture(ArchiveError):
    """A capture's number that the archive does not hold."""
