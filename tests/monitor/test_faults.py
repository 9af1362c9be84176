"""Whatever happens to disk, file or clock: exit 3 in one clear line or a clean run, and nothing is lost."""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from diffing.model import Attribute
from monitor.replica import served
from seeds.replica import load_replica
from storage import connection
from storage.archive import open_archive
from storage.errors import ArchiveLocked
from storage.locking import WriterLock

MOVED = "The training “Rubezh-2025” will be held from 17 to 20 September at the Edelweiss training ground."
FILLER = (
    "The head of the joint staff thanked the officers who had prepared the documents for the talks.",
    "The parties agreed to go on with the exchange of experience in the training of mountain units.",
)
Call = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def cstowatch(tmp_path: Path) -> Call:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CSTOWATCH_")}

    def call(*words: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "monitor", *map(str, words)]
        return subprocess.run(
            command, capture_output=True, encoding="utf-8", check=False, cwd=tmp_path, env=environment
        )

    return call


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Path]:
    """A disk of 700 kB of its own."""
    place = tmp_path / "volume"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=700k", "cstowatch-test", str(place)],
        capture_output=True, check=False,
    ) if shutil.which("mount") else None  # fmt: skip
    if made is None or made.returncode:
        pytest.skip("mounting a small disk is not allowed here")
    try:
        yield place
    finally:
        # At once, though this process still holds the database open: else pytest cannot clear the place away.
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def remount(place: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(place)], check=True)


def is_one_line(done: subprocess.CompletedProcess[str]) -> bool:
    return len(done.stderr.strip().splitlines()) == 1


def test_a_disk_that_fills_up_ends_the_run_in_one_line_and_the_next_goes_on(volume, cstowatch, tmp_path):
    site = load_replica()
    sources, database = tmp_path / "sources.toml", volume / "cstowatch.db"
    with served(site, site.days[-1]) as replica:
        sources.write_text(site.sources_at(replica.origin))
        crawl = ("--db", database, "crawl", "--sources", sources, "--now", f"{site.days[-1]}T06:00Z")

        full = cstowatch(*crawl)
        kept = cstowatch("--db", database, "status", "--format", "json")
        with open_archive(database) as archive:
            whole, before = archive.verify(), archive.sizes()
        remount(volume, "size=20m")
        done = cstowatch(*crawl)

    assert full.returncode == 3
    assert "disk is full" in full.stderr
    assert is_one_line(full)
    assert kept.returncode in {0, 1}
    assert whole == ()
    assert before.captures > 0
    assert done.returncode == 0, done.stderr
    with open_archive(database) as archive:
        assert archive.verify() == ()
        assert archive.sizes().captures > before.captures
        assert list(archive.pending()) == []


def test_a_database_on_a_read_only_disk_answers_and_refuses_to_be_written(volume, cstowatch):
    database = volume / "cstowatch.db"
    open_archive(database, write=True, create=True).close()
    remount(volume, "ro")

    asked = cstowatch("--db", database, "changes")
    written = cstowatch("--db", database, "note", "1", "--confirm", "why")

    assert asked.returncode == 0, asked.stderr
    assert written.returncode == 3
    assert "permissions" in written.stderr
    assert is_one_line(written)
    remount(volume, "rw")


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A database that the first version wrote."""
    kept = Path(__file__).parents[1] / "storage" / "versions" / "1.db.gz"
    database = tmp_path / "older.db"
    database.write_bytes(gzip.decompress(kept.read_bytes()))
    return database


def test_a_command_that_reads_brings_an_older_database_up_to_date_and_says_so(older, cstowatch):
    first = cstowatch("--db", older, "changes", "--kind", "rescheduled")
    second = cstowatch("--db", older, "changes", "--kind", "rescheduled")

    assert first.returncode == 0, first.stderr
    assert "was brought up to date" in first.stderr
    assert is_one_line(first)
    assert (second.returncode, second.stderr, second.stdout) == (0, "", first.stdout)
    assert "Rubezh-2025" in second.stdout


def test_an_older_database_is_not_brought_up_to_date_under_a_run(older, cstowatch):
    lock = WriterLock(older, None)
    try:
        told = cstowatch("--db", older, "changes")
    finally:
        lock.release()

    assert told.returncode == 3
    assert "Another run is writing" in told.stderr
    assert is_one_line(told)


def test_an_older_database_on_a_read_only_disk_is_exit_3_with_the_remedy(volume, older, cstowatch):
    remount(volume, "size=20m")
    database = Path(shutil.copy(older, volume / "older.db"))
    remount(volume, "ro")

    told = cstowatch("--db", database, "changes")

    assert told.returncode == 3
    assert "copy it to where it may be written" in told.stderr
    assert is_one_line(told)
    remount(volume, "rw")


@pytest.mark.parametrize("command", [("changes",), ("status",), ("verify",), ("note", "1", "--confirm", "x")])
def test_a_database_cut_in_half_is_exit_3_in_one_line(site, page, cstowatch, command):
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, *FILLER)
    site.run("2025-09-11T06:00")
    site.archive.close()
    database = site.archive.path
    half = database.read_bytes()[: database.stat().st_size // 2]
    database.write_bytes(half)

    done = cstowatch("--db", database, *command)

    assert done.returncode == 3
    assert "cut short" in done.stderr
    assert is_one_line(done)
    assert database.read_bytes() == half


def test_a_database_that_another_program_locks_is_told_and_still_answers(
    site, page, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(connection, "_BUSY_MS", 50)
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, *FILLER)
    site.run("2025-09-11T06:00")
    site.archive.close()
    other = sqlite3.connect(site.archive.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    with pytest.raises(ArchiveLocked, match="locked by another program"):
        open_archive(site.archive.path, write=True)
    with open_archive(site.archive.path) as reader:
        assert reader.changes()
    other.close()
    with open_archive(site.archive.path, write=True) as archive:
        assert archive.verify() == ()


def test_a_clock_that_jumps_back_a_day_loses_and_doubles_nothing(site, page):
    october = page("Rubezh-2025 moves", MOVED.replace("17 to 20 September", "1 to 4 October"), *FILLER)
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, *FILLER)
    site.pages["talks"] = page("Talks on training", f"Then: {FILLER[0]}", *FILLER)
    site.run("2025-09-12T06:00")
    site.pages["exercise"], site.pages["talks"] = october, 404

    back = site.run("2025-09-11T06:00")
    again = site.run("2025-09-11T07:00")
    forth = site.run("2025-09-13T06:00")

    assert back.changes == {"statement_edited": 1, "rescheduled": 1}
    assert again.changes == {}
    assert forth.changes == {"page_removed": 1}
    assert site.outcomes("exercise") == ["new", "changed", "unchanged", "unchanged"]
    assert [look.at.day for look in site.archive.looks(site.url("exercise"))] == [11, 11, 12, 13]
    assert [revision.number for revision in site.archive.revisions(site.url("exercise"))] == [1, 2]
    # Which of the two windows stands is told by the clock, so it was wrong about that; both are known.
    facts = [known.fact for known in site.archive.event_facts("Rubezh-2025")]
    assert {fact.value.start.day for fact in facts if fact.attribute is Attribute.WINDOW} >= {17, 1}
    assert site.archive.verify() == ()
    assert site.archive.page_state(site.url("exercise")).last_visit.day == 13
