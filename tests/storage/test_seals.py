"""What was understood cannot be altered, taken out or added to unseen; what is kept anew is sealed anew."""

from __future__ import annotations

import datetime as dt

import pytest

from diffing.digest import Period
from diffing.model import Ruling
from storage.archive import Archive
from storage.seals import seal_all

DAY = dt.date(2025, 9, 11)

TAMPERING = {
    "UPDATE captures SET outcome = 'unchanged' WHERE id = 2": ("outcomes", "what capture 2 found"),
    "UPDATE captures SET settled = (SELECT settled FROM captures WHERE id = 1) WHERE id = 2": (
        "outcomes",
        "what capture 2 found",
    ),
    "UPDATE changes SET significance = 'low' WHERE id = 2": ("understanding", "the changes that capture 2"),
    "UPDATE changes SET detected = '2025-09-12' WHERE id = 1": (
        "understanding",
        "the changes that capture 1",
    ),
    "DELETE FROM changes WHERE id = 3": ("understanding", "the changes that capture 3"),
    "UPDATE facts SET quote = 'never' WHERE id = 1": ("understanding", "baseline 1"),
    "UPDATE facts SET value = replace(value, '17', '18') WHERE id = 2": (
        "understanding",
        "row 1 of revisions",
    ),
    "DELETE FROM facts WHERE id = 2": ("understanding", "row 1 of revisions"),
    "UPDATE known SET said_on = '2024-01-01' WHERE id = 1": ("understanding", "baseline 1"),
    "UPDATE revisions SET understood_at = '2024-01-01' WHERE id = 2": ("understanding", "row 2 of revisions"),
    "UPDATE notes SET why = 'no reason'": ("understanding", "note 1"),
    "DELETE FROM notes": ("understanding", "note 1"),
    "DELETE FROM sightings": ("understanding", "the other pages that say change 3"),
    "UPDATE digests SET body = 'All quiet.'": ("understanding", "the kept digest of 20250911"),
    "UPDATE runs SET failures = '{}' WHERE id = 4": ("understanding", "run 4"),
    "UPDATE seals SET content = x'00' WHERE id = 2": ("understanding", "seal 2"),
    "DELETE FROM seals WHERE id = 3": ("understanding", "seal 4"),
    "INSERT INTO notes (change_id, ruling, why, noted_at) VALUES (1, 'dismissed', 'x', '2025')": (
        "understanding",
        "note 2 was never sealed",
    ),
    "INSERT INTO changes (capture_id, page_id, kind, significance, reason, detected) "
    "VALUES (4, 1, 'announced', 'high', 'x', '2025')": ("understanding", "the changes that capture 4"),
}


def keep_digest(archive: Archive, words) -> None:
    archive.keep_digest(Period(since=words.noon, until=words.noon, day=DAY), 0, 3, words.noon)


def fill(archive: Archive, words) -> None:
    archive.add_baseline(words.text("Rubezh-2025 is planned."), ((words.window(words.autumn),),), words.noon)
    for number in range(3):
        at = words.noon + dt.timedelta(hours=number)
        words.page(
            archive,
            f"Rubezh-2025 moves, {number}.",
            at=at,
            facts=(words.window(),),
            changes=(words.rescheduled(),),
        )
    words.page(archive, "Elsewhere.", url="https://en.example.org/other/", at=words.noon)
    archive.record_sightings("https://en.example.org/other/", (words.window(),), words.noon)
    archive.record_note(1, Ruling.CONFIRMED, "seen", words.noon)
    keep_digest(archive, words)
    archive.end_run(4, words.noon, outcomes={}, changes={}, failures={"site-en": "no answer"})


@pytest.mark.parametrize("tampering", list(TAMPERING))
def test_what_was_understood_is_not_altered_taken_out_or_added_to_unseen(
    archive: Archive, words, tampering: str
) -> None:
    fill(archive, words)
    assert archive.verify() == ()
    archive._connection.run("PRAGMA foreign_keys = OFF")
    check, first = TAMPERING[tampering]

    archive._connection.run(tampering)

    found = {finding.check: finding for finding in archive.verify()}
    assert found[check].first.startswith(first)
    # What is told of the event is kept as it was before.
    assert found.keys() <= {check, "references", "indexes"}


def test_what_is_told_again_is_sealed_once_and_what_is_told_anew_once_more(archive: Archive, words) -> None:
    def seals() -> int:
        return int(archive._connection.value("SELECT count(*) FROM seals"))

    fill(archive, words)
    before, head = seals(), archive.understood_head()
    archive.record_note(1, Ruling.CONFIRMED, "seen", words.noon)
    keep_digest(archive, words)
    archive.record_sightings("https://en.example.org/other/", (words.window(),), words.noon)

    assert (seals(), archive.understood_head()) == (before, head)

    archive.record_note(1, Ruling.DISMISSED, "a slip", words.noon)

    assert seals() == before + 1
    assert archive.understood_head() != head
    assert archive.verify() == ()


def test_the_head_kept_elsewhere_shows_that_the_newest_note_is_gone(archive: Archive, words) -> None:
    fill(archive, words)
    archive.record_note(2, Ruling.DISMISSED, "a slip", words.noon)
    head = archive.understood_head()

    archive._connection.run("DELETE FROM notes WHERE id = 2")
    archive._connection.run("DELETE FROM seals WHERE id = (SELECT max(id) FROM seals)")

    assert archive.verify() == ()
    assert archive.understood_head() != head


def test_nothing_is_sealed_in_an_empty_archive(archive: Archive) -> None:
    assert archive.understood_head() is None
    assert archive.verify() == ()


def test_an_upgrade_seals_whatever_is_there(archive: Archive, words) -> None:
    fill(archive, words)
    archive._connection.run("DELETE FROM seals")
    archive._connection.run("UPDATE captures SET settled = NULL")
    assert {finding.check for finding in archive.verify()} == {"outcomes", "understanding"}

    seal_all(archive._connection)

    assert archive.verify() == ()
