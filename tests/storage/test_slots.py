"""Slots are noted once, and say what became of them."""

from __future__ import annotations

import datetime as dt

import pytest

from storage.errors import ArchiveLocked
from storage.locking import DaemonLock, WriterLock
from storage.slots import SlotState

NOON = dt.datetime(2025, 9, 11, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
LATER = NOON + 5 * HOUR


def states(archive):
    return [(slot.due, slot.state) for slot in archive.slots()]


def test_the_last_time_that_came_is_due_and_those_before_it_are_missed(archive):
    missed = archive.plan_slots("crawl:x", 0, [NOON, NOON + HOUR, NOON + 2 * HOUR], LATER)

    assert missed == 2
    assert states(archive) == [
        (NOON, SlotState.MISSED), (NOON + HOUR, SlotState.MISSED), (NOON + 2 * HOUR, SlotState.DUE)
    ]  # fmt: skip


def test_what_still_waits_is_missed_when_the_next_one_comes_and_what_runs_runs_on(archive):
    archive.plan_slots("crawl:x", 0, [NOON], NOON)
    archive.plan_slots("crawl:y", 0, [NOON], NOON)
    archive.begin_slots([slot.id for slot in archive.open_slots() if slot.job == "crawl:y"], NOON, 77)

    missed = [archive.plan_slots(job, 0, [NOON + HOUR], NOON + HOUR) for job in ("crawl:x", "crawl:y")]

    assert missed == [1, 0]
    assert [(slot.job, slot.state) for slot in archive.open_slots()] == [
        ("crawl:y", SlotState.RUNNING), ("crawl:x", SlotState.DUE), ("crawl:y", SlotState.DUE)
    ]  # fmt: skip


def test_to_plan_the_same_again_changes_nothing(archive):
    archive.plan_slots("crawl:x", 0, [NOON], NOON)
    (slot,) = archive.open_slots()
    archive.begin_slots([slot.id], NOON, 77)
    archive.end_slot(slot.id, LATER, SlotState.RAN)
    before = archive.slots()

    archive.plan_slots("crawl:x", 0, [NOON], LATER)

    assert archive.slots() == before
    (ended,) = before
    assert (ended.started, ended.ended, ended.tries, ended.pid) == (NOON, LATER, 1, None)


def test_the_same_time_comes_again_in_another_era(archive):
    archive.plan_slots("crawl:x", 0, [NOON], NOON)
    archive.end_slot(archive.open_slots()[0].id, NOON, SlotState.RAN)

    archive.plan_slots("crawl:x", 1, [NOON], NOON)

    assert [(slot.era, slot.state) for slot in archive.slots()] == [(0, SlotState.RAN), (1, SlotState.DUE)]
    assert archive.newest_slot("crawl:x").era == 1
    assert archive.newest_slot("crawl:x", [SlotState.RAN]).era == 0
    assert archive.newest_slot("crawl:y") is None
    assert archive.slot_counts() == {("crawl:x", SlotState.RAN): 1, ("crawl:x", SlotState.DUE): 1}


def test_a_slot_that_was_put_back_counts_its_try_or_does_not(archive):
    archive.plan_slots("crawl:x", 0, [NOON], NOON)
    (slot,) = archive.open_slots()
    archive.begin_slots([slot.id], NOON, 77)
    archive.put_back(slot.id, "it broke")
    archive.begin_slots([slot.id], NOON, 78)
    archive.put_back(slot.id, "another run is writing", counted=False)

    (slot,) = archive.open_slots()
    assert (slot.state, slot.tries, slot.reason) == (SlotState.DUE, 1, "another run is writing")


def test_a_daemon_keeps_out_another_one_and_no_run(tmp_path):
    path = tmp_path / "c.db"
    daemon = DaemonLock(path, NOON)
    WriterLock(path, NOON).release()

    with pytest.raises(ArchiveLocked, match=r"Another daemon watches .*: pid \d+"):
        DaemonLock(path, NOON)
    daemon.release()
    DaemonLock(path, NOON).release()
