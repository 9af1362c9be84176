"""A program that opens the database often keeps what its other connections to it stand on."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

from diffing.model import TroubleKind
from storage.archive import open_archive

ELSEWHERE = """
import datetime as dt, sys
from diffing.model import TroubleKind
from storage.archive import open_archive
with open_archive(sys.argv[1], beside=True) as archive:
    archive.begin_trouble(sys.argv[2], TroubleKind.SILENT, "x", dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
"""


def written_elsewhere(path, source):
    subprocess.run([sys.executable, "-c", ELSEWHERE, str(path), source], check=True)


def test_to_open_it_again_takes_no_lock_from_a_connection_that_stays(tmp_path):
    path = tmp_path / "c.db"
    noon = dt.datetime(2025, 1, 1, 12, tzinfo=dt.UTC)
    with open_archive(path, beside=True, create=True) as stays:
        stays.begin_trouble("one", TroubleKind.SILENT, "x", noon)
        open_archive(path).close()

        written_elsewhere(path, "two")
        written_elsewhere(path, "three")
        stays.begin_trouble("four", TroubleKind.SILENT, "x", noon)

        assert len(stays.troubles()) == 4
    with open_archive(path) as after:
        assert {trouble.source for trouble in after.troubles()} == {"one", "two", "three", "four"}
        assert after.verify() == ()


def test_to_look_into_it_leaves_the_lock_on_it_that_keeps_others_from_removing_the_log(tmp_path):
    path = tmp_path / "c.db"
    with open_archive(path, beside=True, create=True):
        inode = path.stat().st_ino
        before = locks_on(inode)

        open_archive(path).close()

        assert before
        assert locks_on(inode) == before


def locks_on(inode):
    """The locks that this process has on the file, as the kernel tells."""
    lines = Path("/proc/locks").read_text(encoding="ascii").splitlines()
    return [line.split()[1:] for line in lines if f" {os.getpid()} " in line and f":{inode} " in line]


def test_a_database_that_was_put_in_the_place_of_another_is_the_one_that_is_read(tmp_path):
    path, other = tmp_path / "c.db", tmp_path / "d.db"
    noon = dt.datetime(2025, 1, 1, 12, tzinfo=dt.UTC)
    open_archive(path, beside=True, create=True).close()
    with open_archive(other, beside=True, create=True) as archive:
        archive.begin_trouble("one", TroubleKind.SILENT, "x", noon)

    other.replace(path)

    with open_archive(path) as archive:
        assert len(archive.troubles()) == 1
