"""`cstowatch note` from the command line to the digest."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

MOVED = "The training “Rubezh-2025” will be held from 17 to 20 September at the Edelweiss training ground."


@pytest.fixture
def told(site, page):
    """A database with changes, and a call of the program on it."""
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED)
    site.run("2025-09-11T06:00")
    database = site.archive.path
    site.archive.close()

    def call(*words: str) -> str:
        command = [sys.executable, "-m", "monitor", "--db", str(database), *words]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return call


def test_a_dismissed_change_leaves_the_digest_and_stays_in_changes_with_the_note(told):
    (moved,) = json.loads(told("changes", "--kind", "rescheduled", "--format", "json"))

    told("note", str(moved["id"]), "--dismiss", "the page repeats\nthe plan")

    (noted,) = json.loads(told("changes", "--kind", "rescheduled", "--format", "json"))
    assert (noted["note"]["ruling"], noted["note"]["why"]) == ("dismissed", "the page repeats the plan")
    assert noted["note"]["noted"].endswith("Z")
    assert "[dismissed: the page repeats the plan]" in told("changes", "--format", "md").replace("\\", "")
    digest = told("digest", "--date", "2025-09-11")
    assert "two weeks earlier" not in digest
    assert "dismissed by an editor" in digest


def test_a_confirmed_change_says_so_in_the_digest(told):
    (moved,) = json.loads(told("changes", "--kind", "rescheduled", "--format", "json"))

    told("note", str(moved["id"]), "--confirm", "said on television too")

    assert "said on television too" in told("digest", "--date", "2025-09-11")


def test_a_note_needs_a_database(tmp_path):
    command = [sys.executable, "-m", "monitor", "--db", str(tmp_path / "x.db"), "note", "1", "--confirm", "y"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)

    assert done.returncode == 3
    assert not (tmp_path / "x.db").exists()
