"""Verification names what was tampered with, and nothing else."""

from __future__ import annotations

import datetime as dt

import pytest

from storage.archive import Archive
from storage.terms import pairs_of

TAMPERING = {
    "UPDATE captures SET status = 201 WHERE id = 2": ("chain", "capture 2"),
    "UPDATE captures SET fetched_at = '2025-09-11T12:00:01.000000Z' WHERE id = 1": ("chain", "capture 1"),
    "UPDATE header_sets SET pattern = replace(pattern, 'nginx', 'apache')": ("chain", "capture 1"),
    "UPDATE bodies SET data = (SELECT data FROM bodies WHERE id = 2) WHERE id = 1": ("bodies", "body 1"),
    "UPDATE bodies SET data = x'00' WHERE id = 3": ("bodies", "body 3"),
    "UPDATE statements SET text = 'Rubezh-2025 stays.' WHERE id = 1": ("texts", "statement 1"),
    "UPDATE revisions SET published = '2025-01-01' WHERE number = 2": ("texts", "revision 2"),
    "UPDATE revision_statements SET statement_id = 2 WHERE revision_id = 1": ("texts", "revision 1"),
    "UPDATE words SET statements = 9 WHERE word = 'moves'": ("indexes", "words"),
    "INSERT INTO search_index (rowid, terms) VALUES (77, 'ghost')": ("indexes", "search_index"),
    "UPDATE facts SET known_id = 99": ("references", "row 1 of facts"),
}


@pytest.fixture
def told(archive: Archive, words) -> Archive:
    for number in range(3):
        at = words.noon + dt.timedelta(hours=number)
        words.page(
            archive, f"Rubezh-2025 moves, {number}.", at=at, facts=(words.window(),) if not number else ()
        )
    archive.rebuild_indexes()
    archive._connection.run("PRAGMA foreign_keys = OFF")
    assert archive.verify() == ()
    return archive


@pytest.mark.parametrize("tampering", list(TAMPERING))
def test_tampering_is_found_and_its_first_row_named(told: Archive, tampering: str) -> None:
    check, first = TAMPERING[tampering]
    told._connection.run(tampering)

    found = {finding.check: finding for finding in told.verify()}

    assert found[check].first.startswith(first)
    assert found[check].failed >= 1
    assert found[check].good
    assert "chain" not in found or check == "chain"


def test_a_row_taken_out_of_the_chain_is_found_by_the_next(told: Archive) -> None:
    told._connection.run("DELETE FROM captures WHERE id = 2")

    (chain,) = [finding for finding in told.verify() if finding.check == "chain"]

    assert (chain.failed, chain.first.split(" of ")[0]) == (1, "capture 3")


def test_the_head_kept_elsewhere_shows_that_the_newest_row_is_gone(told: Archive, words) -> None:
    head = told.head()
    told._connection.run("DELETE FROM revisions WHERE capture_id = 3")
    told._connection.run("DELETE FROM captures WHERE id = 3")

    assert told.head() != head
    assert told.head() == told.head(words.noon + dt.timedelta(hours=2))
    assert told.head(words.noon) is None


def test_words_that_the_index_cannot_tell_apart_are_no_damage(archive: Archive, words) -> None:
    # Two words with one code (storage/terms.py): the pairs with a third are one term, which counts once.
    alike: dict[str, str] = {}
    one, other = next(
        (alike[code], word)
        for word in (f"word{number}" for number in range(100_000))
        if (code := pairs_of([word, "x"])[0]) in alike or alike.setdefault(code, word) != word
    )
    words.page(archive, f"A {one} and a {other} met a minister of Kazakhstan.")

    assert archive.verify() == ()
