"""An editor's word on a change is kept with its time, and takes nothing away."""

from __future__ import annotations

import datetime as dt

from diffing.model import Note, Ruling
from storage.archive import Archive

HOUR = dt.timedelta(hours=1)


def test_the_newest_note_counts_and_all_are_kept(archive: Archive, words) -> None:
    words.page(archive, "It moves.", changes=(words.rescheduled(),))
    before = archive.changes()[0]

    assert archive.record_note(1, Ruling.DISMISSED, "a repeat", words.noon)
    assert archive.record_note(1, Ruling.DISMISSED, "a repeat", words.noon + HOUR)
    dismissed = archive.changes()[0]
    assert archive.record_note(1, Ruling.CONFIRMED, "the ministry says so too", words.noon + 2 * HOUR)

    assert before.note is None
    assert dismissed.note == Note(ruling=Ruling.DISMISSED, why="a repeat", noted=words.noon)
    assert archive.changes()[0].note.ruling is Ruling.CONFIRMED
    rows = archive._connection.rows("SELECT ruling, noted FROM v_notes ORDER BY id")
    assert [tuple(row) for row in rows] == [
        ("dismissed", "2025-09-11T12:00:00.000000Z"),
        ("confirmed", "2025-09-11T14:00:00.000000Z"),
    ]
    assert archive.verify() == ()


def test_a_note_on_no_change_is_refused(archive: Archive, words) -> None:
    assert archive.record_note(1, Ruling.CONFIRMED, "why", words.noon) is False
    assert archive._connection.rows("SELECT * FROM notes") == []
