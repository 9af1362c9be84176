"""The daemon's process: it sees clocks that step, waits out a full disk, says that it is alive, and ends."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import os
import signal
import socket

import pytest

from monitor import unattended
from monitor.logs import Log, LogFormat
from monitor.slots import Every
from monitor.unattended import run_for_ever
from storage.errors import ArchiveDamaged, ArchiveFull

NOON = dt.datetime(2025, 9, 11, 12, tzinfo=dt.UTC)
JOBS = (Every(name="crawl:one", interval=dt.timedelta(hours=1)),)


class Scripted:
    """In a daemon's place: at each turn the next of these is done; then the process is asked to end."""

    def __init__(self, *steps, ends_when_asked=True):
        self.steps = list(steps)
        self.turns, self.asked, self.killed = [], 0, 0
        self.busy = not ends_when_asked
        self.ends_when_asked = ends_when_asked

    def adopt(self, now):
        pass

    def turn(self, now, tick):
        self.turns.append(now)
        if self.steps:
            step = self.steps.pop(0)
            if step is not None:
                step()
        else:
            os.kill(os.getpid(), signal.SIGTERM)

    def stop(self, tick):
        self.asked += 1

    def kill(self):
        self.killed += 1
        self.busy = False


class Wall:
    """A clock that goes on with the monotonic one, and can be set."""

    def __init__(self):
        self.apart = dt.timedelta(0)
        self._began = unattended.time.monotonic()

    def __call__(self):
        return NOON + dt.timedelta(seconds=unattended.time.monotonic() - self._began) + self.apart

    def step(self, **by):
        def stepped():
            self.apart += dt.timedelta(**by)

        return stepped


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(unattended, "BEAT", 0.01)
    monkeypatch.setattr(unattended, "STOPPING_BEAT", 0.01)
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)


@pytest.fixture
def lived():
    """Lets a scripted daemon live; what was said of it."""
    said = io.StringIO()

    def live(daemon, wall=None):
        wall = wall or Wall()
        with contextlib.suppress(ArchiveDamaged):
            run_for_ever(daemon, JOBS, Log(wall, LogFormat.JSON, said), wall)
        return [json.loads(line) for line in said.getvalue().splitlines()]

    return live


@pytest.mark.parametrize("by", [{"hours": 2}, {"days": 3}, {"hours": -1}, {"days": -1}])
def test_after_a_suspend_or_a_clock_that_was_set_the_next_beat_has_the_new_time(lived, by):
    wall = Wall()
    daemon = Scripted(None, wall.step(**by), None)

    said = lived(daemon, wall)

    (stepped,) = [each["seconds"] for each in said if each["event"] == "clock_stepped"]
    step = dt.timedelta(**by)
    assert stepped == round(step.total_seconds())
    assert abs(daemon.turns[2] - daemon.turns[1] - step) < dt.timedelta(seconds=5)


def test_a_clock_that_is_put_right_by_seconds_is_no_step(lived):
    wall = Wall()

    said = lived(Scripted(None, wall.step(seconds=3), wall.step(seconds=-2), None), wall)

    assert [each["event"] for each in said] == ["watching", "stopping", "stopped"]


def test_a_full_disk_is_told_and_waited_for(lived):
    def full():
        raise ArchiveFull("The disk is full")

    daemon = Scripted(full, None)

    said = lived(daemon)

    assert [each["event"] for each in said] == ["watching", "database_trouble", "stopping", "stopped"]
    assert len(daemon.turns) >= 3


def test_a_damaged_database_ends_it_and_what_runs(lived):
    def damaged():
        raise ArchiveDamaged("c.db is damaged")

    daemon = Scripted(None, damaged, ends_when_asked=False)

    said = lived(daemon)

    assert [each["event"] for each in said] == ["watching"]
    assert daemon.killed == 1


def test_asked_a_second_time_it_ends_what_runs_at_once(lived):
    daemon = Scripted(ends_when_asked=False)

    lived(daemon)

    assert daemon.asked == 1
    assert daemon.killed >= 1


def test_systemd_hears_that_it_is_alive_twice_as_often_as_it_asks_for(lived, tmp_path, monkeypatch):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(str(tmp_path / "notify"))
        told.setblocking(False)
        monkeypatch.setattr(unattended, "BEAT", 3600.0)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "40000")
        monkeypatch.delenv("WATCHDOG_PID", raising=False)

        lived(Scripted(None, None, None))
        heard = []
        with contextlib.suppress(BlockingIOError):
            while True:
                heard.append(told.recv(100))

    assert heard[0] == b"READY=1"
    assert heard.count(b"WATCHDOG=1") >= 2
    assert b"STOPPING=1" in heard
