"""The daemon's process: its lock, its signals, its clocks, and the scheduler that wakes it."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import select
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from monitor.daemon import Daemon
from monitor.logs import Level, Log
from monitor.slots import Job
from monitor.systemd import tell_systemd, watchdog_seconds
from storage.errors import ArchiveDamaged, ArchiveError, ArchiveMissing, ArchiveTooNew

__all__ = ["SlotTrigger", "run_for_ever", "run_once"]

# Seconds (monotonic) after which the loop looks at the clock whatever the scheduler says. The scheduler waits
# for a time of day: after a suspend of two hours it slept on for two hours, after a clock put back by one it
# was silent for that hour (APScheduler 3.11, measured). A turn without work costs under a millisecond.
BEAT = 15.0

# Seconds between looks at children that were asked to end.
STOPPING_BEAT = 0.5

# The clock and the monotonic one may drift apart by so many seconds before that counts as a step.
STEP = 5.0

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_HOPELESS = (ArchiveDamaged, ArchiveMissing, ArchiveTooNew)


class SlotTrigger(BaseTrigger):  # type: ignore[misc]  # APScheduler 3 has no types
    """Fires when a job is due; what was missed meanwhile counts once."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def get_next_fire_time(self, previous: dt.datetime | None, now: dt.datetime) -> dt.datetime:
        """The next time at which the job is due, in the words of APScheduler."""
        return self._job.next(max(previous or now, now))


class _Alarm:
    """Wakes the main thread: rung by signals, by children that end, and by the scheduler's thread."""

    def __init__(self) -> None:
        self._heard, self._rope = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self.asked = 0

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """While inside, SIGTERM and SIGINT are counted, and they and SIGCHLD ring."""
        before = {number: signal.signal(number, self._count) for number in _SIGNALS}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        waker = signal.set_wakeup_fd(self._rope, warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(waker)
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(self._heard)
            os.close(self._rope)

    def ring(self) -> None:
        """Ends the wait that goes on, or the next one."""
        with contextlib.suppress(OSError):  # full: it rings already; closed: nobody waits any more
            os.write(self._rope, b"\0")

    def wait(self, seconds: float) -> None:
        """Until it rings, at most so long."""
        select.select([self._heard], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            while os.read(self._heard, 4096):
                pass

    def _count(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.asked += 1


class _Clocks:
    """The time of day and the monotonic clock, and by how much the first stepped against the second."""

    def __init__(self, clock: Callable[[], dt.datetime]) -> None:
        self._clock = clock
        self._apart = self._difference()

    def read(self) -> tuple[dt.datetime, float]:
        """The time of day and the monotonic clock in seconds."""
        return self._clock(), time.monotonic()

    def stepped(self) -> float | None:
        """By how many seconds the time of day has stepped since the last call; None: it has not."""
        step = self._difference() - self._apart
        self._apart += step
        return step if abs(step) > STEP else None

    def _difference(self) -> float:
        return self._clock().timestamp() - time.monotonic()


def run_for_ever(daemon: Daemon, jobs: Sequence[Job], log: Log, clock: Callable[[], dt.datetime]) -> None:
    """Turns the daemon until SIGTERM or SIGINT, then lets its children end: at most half a minute.

    Raises ArchiveError where the database cannot be used any more; a full disk is waited for.
    """
    alarm, clocks = _Alarm(), _Clocks(clock)
    beat = min(BEAT, (watchdog_seconds() or 2 * BEAT) / 2)
    with alarm.listening(), _children_ended(daemon), _scheduled(jobs, alarm) as scheduler:
        daemon.adopt(clock())
        log("watching", jobs=[job.name for job in jobs], pid=os.getpid())
        ready = stopping = False
        while True:
            if (step := clocks.stepped()) is not None:
                log("clock_stepped", Level.WARNING, seconds=round(step))
                for job in jobs:
                    scheduler.reschedule_job(job.name, trigger=SlotTrigger(job))
            scheduler.wakeup()
            now, tick = clocks.read()
            if alarm.asked and not stopping:
                stopping = True
                log("stopping", running=daemon.busy)
                tell_systemd("STOPPING=1")
                daemon.stop(tick)
            if alarm.asked > 1:
                daemon.kill()
            try:
                daemon.turn(now, tick)
            except _HOPELESS:
                raise
            except ArchiveError as error:
                if stopping:
                    raise
                log("database_trouble", Level.ERROR, reason=str(error))
            if stopping and not daemon.busy:
                log("stopped")
                return
            tell_systemd("WATCHDOG=1") if ready else tell_systemd("READY=1")
            ready = True
            alarm.wait(STOPPING_BEAT if stopping else beat)


def run_once(daemon: Daemon, log: Log, clock: Callable[[], dt.datetime]) -> None:
    """Runs what is due, tells what is to be told, and ends; SIGTERM and SIGINT end it sooner.

    Raises ArchiveError.
    """
    alarm = _Alarm()
    stopping = False
    with alarm.listening(), _children_ended(daemon):
        daemon.adopt(clock())
        while True:
            now, tick = clock(), time.monotonic()
            if alarm.asked and not stopping:
                stopping = True
                log("stopping", running=daemon.busy)
                daemon.stop(tick)
            daemon.turn(now, tick)
            if not daemon.busy and (stopping or not daemon.waiting(tick)):
                return
            alarm.wait(STOPPING_BEAT if stopping else BEAT)


@contextlib.contextmanager
def _children_ended(daemon: Daemon) -> Iterator[None]:
    """Whatever happens inside, no child is left running."""
    try:
        yield
    finally:
        daemon.kill()


@contextlib.contextmanager
def _scheduled(jobs: Sequence[Job], alarm: _Alarm) -> Iterator[Any]:
    """While inside, APScheduler rings the alarm when a job is due.

    That is all it does: what is due, and what was missed, the table of slots says. So it may keep its jobs in
    memory, and a time at which it did not ring is found by the next beat.
    """
    scheduler = BackgroundScheduler(timezone=dt.UTC, job_defaults={"coalesce": True, "max_instances": 1})
    for job in jobs:
        scheduler.add_job(
            alarm.ring,
            SlotTrigger(job),
            id=job.name,
            misfire_grace_time=max(1, int(job.interval.total_seconds())),
        )
    scheduler.start()
    try:
        yield scheduler
    finally:
        scheduler.shutdown(wait=False)
