"""What every part of the archive stands on: the open database and where it lies."""

from __future__ import annotations

from pathlib import Path

from storage.connection import Connection

__all__ = ["Part"]


class Part:
    """One noun's share of the archive's door; storage/archive.py joins the parts."""

    def __init__(self, connection: Connection) -> None:
        """Takes over an open connection."""
        self._connection = connection

    @property
    def path(self) -> Path:
        """Where the database lies."""
        return self._connection.path
