"""What editors make of changes: every note is kept, the newest counts."""

from __future__ import annotations

import datetime as dt

from diffing.model import Ruling
from storage.part import Part
from storage.rows import time_to_text
from storage.seals import Subject, seal

__all__ = ["Notes"]


class Notes(Part):
    """An editor's word on a change; it takes nothing away from what was recorded."""

    def record_note(self, change: int, ruling: Ruling, why: str, now: dt.datetime) -> bool:
        """Keeps a note on the change of that number; the same again changes nothing.

        False: there is no such change.
        """
        with self._connection.unit():
            if self._connection.one("SELECT 1 FROM changes WHERE id = ?", (change,)) is None:
                return False
            newest = self._connection.one(
                "SELECT ruling, why FROM notes WHERE change_id = ? ORDER BY id DESC LIMIT 1", (change,)
            )
            if newest is None or (newest["ruling"], newest["why"]) != (ruling.value, why):
                note = self._connection.insert(
                    "INSERT INTO notes (change_id, ruling, why, noted_at) VALUES (?, ?, ?, ?)",
                    (change, ruling.value, why, time_to_text(now)),
                )
                seal(self._connection, Subject.NOTE, note)
        return True
