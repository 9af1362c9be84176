"""Databases that earlier versions wrote are opened, brought up to date, and say what they said."""

from __future__ import annotations

import datetime as dt
import gzip
import sqlite3
from pathlib import Path

import pytest

from diffing.model import ChangeKind
from monitor.digests import digest_of
from storage.archive import open_archive
from storage.errors import ArchiveDamaged, ArchiveOutdated
from storage.schema import SCHEMA_VERSION

VERSIONS = Path(__file__).parent / "versions"
DAY = dt.datetime(2025, 8, 21, tzinfo=dt.UTC)


def _unpacked(version: int, directory: Path) -> Path:
    path = directory / f"{version}.db"
    path.write_bytes(gzip.decompress((VERSIONS / f"{version}.db.gz").read_bytes()))
    return path


def test_a_database_of_every_earlier_version_is_kept() -> None:
    kept = {int(path.name.split(".")[0]) for path in VERSIONS.glob("*.db.gz")}

    assert kept == set(range(1, SCHEMA_VERSION))


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_a_database_of_an_earlier_version_tells_its_digest_after_the_upgrade(
    version: int, tmp_path: Path
) -> None:
    path = _unpacked(version, tmp_path)

    with open_archive(path, write=True) as archive:
        digest = digest_of(archive, DAY, DAY + dt.timedelta(days=1))
        findings = archive.verify()
        kept = archive._connection.value("SELECT count(*) FROM standing")
        events = archive.event_names()

    told = {(card.events[0], card.shown[0].change.kind) for card in digest.events}
    assert ("Rubezh-2025", ChangeKind.RESCHEDULED) in told
    assert findings == ()
    assert kept == len(events) > 0


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_a_database_of_another_layout_than_its_version_s_is_refused_and_left_as_it_is(
    version: int, tmp_path: Path
) -> None:
    path = _unpacked(version, tmp_path)
    raw = sqlite3.connect(path)
    raw.executescript("DROP VIEW v_runs; ALTER TABLE runs DROP COLUMN bytes;")
    raw.close()

    with pytest.raises(ArchiveDamaged, match=r"not laid out .*\(see runs\).*`export`"):
        open_archive(path, write=True)

    with pytest.raises(ArchiveOutdated):
        open_archive(path)


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_a_reader_is_told_how_to_bring_an_older_database_up_to_date(version: int, tmp_path: Path) -> None:
    path = _unpacked(version, tmp_path)

    with pytest.raises(ArchiveOutdated, match="older csto-watch"):
        open_archive(path)
