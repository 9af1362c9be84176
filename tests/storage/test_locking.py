"""One writer at a time, and never a dead one."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage.archive import Archive, open_archive
from storage.errors import ArchiveLocked

HOLD = """
import datetime as dt, os, sys
from storage.archive import open_archive
archive = open_archive(sys.argv[1], write=True, create=True, now=dt.datetime(2025, 9, 11, 12, tzinfo=dt.UTC))
if "fork" in sys.argv:
    child = os.fork()
    if not child:
        print(os.getpid(), flush=True)
        sys.stdin.read()
        os._exit(0)
else:
    print("ready", flush=True)
sys.stdin.read()
"""


def _holder(database: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(database), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_second_writer_is_told_who_writes_and_since_when(database: Path) -> None:
    with _holder(database) as holder:
        assert holder.stdout.readline() == "ready\n"

        with pytest.raises(ArchiveLocked) as caught:
            open_archive(database, write=True)
        with open_archive(database) as reader:
            assert reader.changes() == ()
        holder.kill()

    assert caught.value.pid == holder.pid
    assert caught.value.since == "2025-09-11T12:00:00.000000Z"
    assert str(holder.pid) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_writer_of_the_same_process_is_kept_out_too(archive: Archive) -> None:
    with pytest.raises(ArchiveLocked, match=str(os.getpid())):
        open_archive(archive.path, write=True)


def test_a_killed_writer_does_not_hold_the_lock(database: Path) -> None:
    with _holder(database) as holder:
        assert holder.stdout.readline() == "ready\n"
        holder.send_signal(signal.SIGKILL)
        holder.wait()

    with open_archive(database, write=True):
        pass


def test_a_worker_forked_by_a_killed_writer_does_not_hold_the_lock(database: Path) -> None:
    with _holder(database, "fork") as holder:
        child = int(holder.stdout.readline())
        holder.send_signal(signal.SIGKILL)
        holder.wait()

        with open_archive(database, write=True):
            pass
        os.kill(child, signal.SIGKILL)


def test_the_lock_is_free_after_closing_and_closing_twice_is_nothing(database: Path) -> None:
    archive = open_archive(database, write=True, create=True)
    archive.close()
    archive.close()

    with open_archive(database, write=True, now=dt.datetime(2025, 9, 11, tzinfo=dt.UTC)):
        pass


def test_without_a_clock_the_lock_says_since_when_by_its_file(database: Path) -> None:
    with open_archive(database, write=True, create=True), pytest.raises(ArchiveLocked) as caught:
        open_archive(database, write=True)

    assert dt.datetime.fromisoformat(caught.value.since).tzinfo is not None
