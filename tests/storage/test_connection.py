"""Files that are no archive, or a broken one: one clear line, and nothing made worse."""

from __future__ import annotations

import os
import random
import sqlite3
from pathlib import Path

import pytest

from storage.archive import Archive, open_archive
from storage.errors import (
    ArchiveDamaged,
    ArchiveError,
    ArchiveFull,
    ArchiveMissing,
    ArchiveOutdated,
    ArchiveReadOnly,
    ArchiveTooNew,
)
from storage.schema import SCHEMA_VERSION


@pytest.fixture
def filled(database: Path, words) -> Path:
    with open_archive(database, write=True, create=True) as archive:
        for number in range(40):
            words.page(
                archive,
                f"Rubezh-{number} moves to the range of Edelweiss.",
                url=f"https://en.example.org/{number}/",
                body=random.Random(number).randbytes(3000),
                changes=(words.rescheduled(),),
            )
    return database


@pytest.mark.parametrize("options", [{}, {"write": True}])
def test_a_missing_database_is_not_made(database: Path, options) -> None:
    with pytest.raises(
        ArchiveMissing, match=r"No database at .*; run `cstowatch crawl` or `cstowatch demo` first"
    ):
        open_archive(database, **options)

    assert list(database.parent.iterdir()) == []


def test_a_database_in_no_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no directory"):
        open_archive(tmp_path / "none" / "x.db", write=True, create=True)
    with pytest.raises(ArchiveError, match="is a directory"):
        open_archive(tmp_path, write=True, create=True)


@pytest.mark.parametrize("options", [{}, {"write": True}, {"write": True, "create": True}])
def test_another_file_is_refused_and_left_as_it_is(database: Path, options) -> None:
    database.write_bytes(b"Dear diary" * 1000)

    with pytest.raises(ArchiveDamaged, match="no SQLite database"):
        open_archive(database, **options)

    assert database.read_bytes() == b"Dear diary" * 1000
    assert list(database.parent.iterdir()) == [database]


def test_a_database_of_another_program_is_refused(database: Path) -> None:
    connection = sqlite3.connect(database)
    connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    before = database.read_bytes()

    with pytest.raises(ArchiveDamaged, match="another program"):
        open_archive(database, write=True, create=True)

    assert database.read_bytes() == before


def test_an_empty_file_is_made_an_archive_by_a_writer_only(database: Path) -> None:
    database.touch()

    with pytest.raises(ArchiveMissing):
        open_archive(database)
    with open_archive(database, write=True, create=True) as archive:
        assert archive.verify() == ()


@pytest.mark.parametrize("options", [{}, {"write": True}])
def test_a_newer_database_is_left_untouched(filled: Path, options) -> None:
    connection = sqlite3.connect(filled)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    before = filled.read_bytes()

    with pytest.raises(ArchiveTooNew, match=f"schema {SCHEMA_VERSION + 1}"):
        open_archive(filled, **options)

    assert filled.read_bytes() == before


def test_a_reader_does_not_bring_an_older_database_up_to_date(filled: Path) -> None:
    connection = sqlite3.connect(filled)
    connection.execute("PRAGMA user_version = 0")
    connection.close()

    with pytest.raises(ArchiveOutdated, match="older"):
        open_archive(filled)


@pytest.mark.parametrize("share", [0.001, 0.1, 0.5, 0.9, 0.999])
def test_a_database_cut_short_is_told_as_damaged(filled: Path, share: float) -> None:
    content = filled.read_bytes()
    filled.write_bytes(content[: int(len(content) * share)])

    with pytest.raises(ArchiveDamaged) as caught:
        open_archive(filled, write=True)

    assert "\n" not in str(caught.value)


def test_a_page_overwritten_with_noise_is_told_or_changes_nothing(filled: Path) -> None:
    content = filled.read_bytes()
    with open_archive(filled) as archive:
        whole = archive.changes()
    noise = random.Random(7)
    told = 0
    for page in range(0, len(content) // 4096, 3):
        filled.write_bytes(content[: page * 4096] + noise.randbytes(4096) + content[page * 4096 + 4096 :])
        try:
            with open_archive(filled) as archive:
                findings = archive.verify()
                assert findings or archive.changes() == whole
                told += bool(findings)
        except ArchiveError as error:
            told += "\n" not in str(error)

    assert told > 0


def _flipped(wal: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(wal))
    return wal[:place] + bytes([wal[place] ^ 1 << chance.randrange(8)]) + wal[place + 1 :]


def _without_a_sector(wal: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(wal) // 512) * 512
    return wal[:place] + bytes(512) + wal[place + 512 :]


def _cut_beside_a_frame(wal: bytes, chance: random.Random) -> bytes:
    """The end of a frame is where a commit is or is not there; of a frame's header, where a page is."""
    frames = (len(wal) - 32) // (24 + 4096)
    return wal[: 32 + chance.randrange(frames) * (24 + 4096) + chance.choice((-1, 0, 1, 23, 24, 25))]


TEARS = {
    "cut beside a frame": _cut_beside_a_frame,
    "cut anywhere": lambda wal, chance: wal[: chance.randrange(len(wal))],
    "a bit flipped": _flipped,
    "a sector lost": _without_a_sector,
}


@pytest.mark.parametrize("tear", list(TEARS))
def test_a_torn_wal_leaves_what_was_committed_before_it(database: Path, words, tear: str) -> None:
    with open_archive(database, write=True, create=True) as archive:
        words.page(archive, "First.", changes=(words.rescheduled(),))
    with open_archive(database, write=True) as archive:
        for number in range(5):
            words.page(
                archive,
                f"Page {number}.",
                url=f"https://en.example.org/{number}/",
                changes=(words.rescheduled(),),
            )
        main, wal = database.read_bytes(), database.with_name(database.name + "-wal").read_bytes()
    torn = database.with_name("torn.db")
    chance = random.Random(3)
    for _ in range(12):
        torn.write_bytes(main)
        torn.with_name("torn.db-wal").write_bytes(TEARS[tear](wal, chance))
        with open_archive(torn, write=True) as archive:
            assert archive.verify() == ()
            kept = [recorded.id for recorded in archive.changes()]
            assert kept == list(range(len(kept), 0, -1))
            assert len(kept) >= 1


def test_a_full_disk_keeps_what_was_finished(archive: Archive, words) -> None:
    words.page(archive, "First.", changes=(words.rescheduled(),))
    pages = archive._connection.value("PRAGMA page_count")
    archive._connection.run(f"PRAGMA max_page_count = {pages + 20}")

    with pytest.raises(ArchiveFull, match="disk is full"):  # noqa: PT012 - any of the pages may be the last
        for number in range(100):
            words.page(
                archive,
                "More.",
                url=f"https://en.example.org/{number}/",
                body=random.Random(number).randbytes(9000),
            )

    archive._connection.run("PRAGMA max_page_count = 1000000")
    assert archive.verify() == ()
    assert len(archive.changes()) == 1
    words.page(archive, "Now it fits.", url="https://en.example.org/fits/")


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_a_file_in_a_directory_that_may_not_be_written_is_read_all_the_same(filled: Path) -> None:
    filled.parent.chmod(0o555)
    try:
        with open_archive(filled) as archive:
            assert len(archive.changes()) == 40
        with pytest.raises(ArchiveReadOnly, match="permissions"):
            open_archive(filled, write=True)
    finally:
        filled.parent.chmod(0o755)


def test_a_table_that_is_not_there_is_told_as_the_file_s_fault(archive: Archive, words) -> None:
    words.page(archive, "First.")
    archive._connection.run("DROP TABLE notes")

    with pytest.raises(ArchiveDamaged, match=r"not laid out as .*\(see notes\)"):
        archive.changes()
    assert "notes is not laid out" in archive.verify()[0].first


def test_a_question_for_what_no_version_has_is_a_fault_of_the_program(archive: Archive) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such column"):
        archive._connection.rows("SELECT colour FROM captures")


def test_what_users_add_to_the_file_is_theirs(archive: Archive) -> None:
    archive._connection.run("CREATE VIEW mine AS SELECT 1 AS one")

    assert archive.verify() == ()


def test_a_unit_that_fails_leaves_nothing(archive: Archive, words) -> None:
    with pytest.raises(RuntimeError), archive._connection.unit():  # noqa: PT012 - the unit is the subject
        words.page(archive, "First.")
        raise RuntimeError
    words.page(archive, "Second.")

    assert archive.sizes().captures == 1
    assert [hit.text for hit in archive.search("first")] == []
    assert archive.verify() == ()


def test_work_is_left_to_the_end_of_a_unit_only_within_one(archive: Archive) -> None:
    done: list[int] = []
    connection = archive._connection

    with connection.unit():
        connection.at_end(lambda: done.append(1))
        assert not done
    assert done == [1]

    with pytest.raises(RuntimeError, match="unit of work"):
        connection.at_end(lambda: done.append(2))
    with connection.snapshot(), pytest.raises(RuntimeError, match="unit of work"):
        connection.at_end(lambda: done.append(3))
    with connection.unit():
        pass
    assert done == [1]


def test_words_that_are_kept_together_are_written_once(archive: Archive, words) -> None:
    """Else SQLite writes a part of the index for each page, and merges the parts later."""
    with archive.together():
        for number in range(5):
            words.page(archive, f"Exercise {number} begins.", url=f"https://en.example.org/{number}/")

    parts = archive._connection.value("SELECT count(DISTINCT segid) FROM search_index_idx")
    assert parts == 1
    assert len(archive.search("exercise")) == 5


def test_what_is_no_text_is_kept_as_a_question_mark_and_what_stands_around_it_as_it_is(
    archive: Archive,
) -> None:
    connection = archive._connection
    connection.run("CREATE TEMP TABLE told (place INTEGER, words TEXT)")

    told = ["one", "\ud83d two", "three", "four \udc80", "\udcff"]
    connection.many("INSERT INTO told VALUES (?, ?)", ((place, words) for place, words in enumerate(told)))

    assert list(map(tuple, connection.rows("SELECT * FROM told ORDER BY rowid"))) == [
        (0, "one"), (1, "? two"), (2, "three"), (3, "four ?"), (4, "?"),
    ]  # fmt: skip
