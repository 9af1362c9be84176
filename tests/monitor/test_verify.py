"""What `cstowatch verify` says: the heads of both chains, else what fails and what is still good."""

from __future__ import annotations

import sqlite3

import pytest

from monitor.cli import cstowatch

TEXT = "The training “Rubezh-2025” will be held from 17 to 20 September at the Edelweiss training ground."
FILLER = "The head of the joint staff thanked the officers who had prepared the documents for the talks."


def verified(site) -> int:
    words = ["--db", str(site.archive.path), "verify"]
    return cstowatch.main(words, prog_name="cstowatch", standalone_mode=False) or 0


def test_both_heads_are_printed_for_who_keeps_them(site, page, capsys: pytest.CaptureFixture[str]):
    site.pages["exercise"] = page("Rubezh-2025 moves", TEXT, FILLER)
    site.run("2025-09-11T06:00")

    code = verified(site)

    assert (code, capsys.readouterr().out) == (
        0,
        (
            f"All evidence is whole. Evidence chain: {site.archive.head()}\n"
            f"What was understood: {site.archive.understood_head()}\n"
        ),
    )


def test_a_change_that_was_altered_is_named_with_what_is_still_good(
    site, page, capsys: pytest.CaptureFixture[str]
):
    site.pages["exercise"] = page("Rubezh-2025 moves", TEXT, FILLER)
    site.run("2025-09-11T06:00")
    site.archive.close()
    other = sqlite3.connect(site.archive.path)
    other.execute("UPDATE changes SET shift_days = -200")
    other.commit()
    other.close()

    code = verified(site)

    told = capsys.readouterr()
    assert code == 3
    assert told.out.startswith("understanding: 1 failed, first the changes that capture ")
    assert "Still good: every other change, belief, note, digest and run" in told.out
    assert told.err.startswith("The evidence is not whole")
