"""When which job is due: laws of the grid, of the local day, and of a clock that steps."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.slots import DIGEST, Daily, Every, crawl_job, jobs_of, plan
from monitor.unattended import SlotTrigger
from seeds.sources import Source
from storage.slots import Slot, SlotState

BERLIN = ZoneInfo("Europe/Berlin")
MOMENTS = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1), timezones=st.just(dt.UTC))
INTERVALS = st.integers(10, 48 * 60).map(lambda minutes: dt.timedelta(minutes=minutes))
EVERY = st.builds(
    lambda interval, seconds: Every(name="crawl:x", interval=interval, offset=dt.timedelta(seconds=seconds)),
    INTERVALS,
    st.integers(0, 300),
)
DAILY = st.builds(
    lambda at, zone: Daily(name=DIGEST, at=at, zone=ZoneInfo(zone)),
    st.times().map(lambda time: time.replace(second=0, microsecond=0)),
    st.sampled_from(["UTC", "Europe/Berlin", "Europe/Moscow", "America/New_York", "Australia/Lord_Howe"]),
)


def slot(job, due, era=0):
    return Slot(id=1, job=job.name, era=era, due=due, state=SlotState.RAN, planned=due)


@given(EVERY | DAILY, MOMENTS)
def test_a_moment_lies_between_the_last_time_and_the_next_and_nothing_is_due_in_between(job, now):
    last, following = job.last(now), job.next(now)

    assert last <= now < following
    assert job.next(last) == following
    assert job.last(following) == following


@given(DAILY, MOMENTS)
def test_each_local_day_has_exactly_one_time(job, now):
    first, second = job.next(now), job.next(job.next(now))

    assert job.day(second) - job.day(first) == dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (dt.date(2025, 3, 30), "2025-03-30T01:30:00+00:00"),  # 02:30 is left out: the clock shows 03:30
        (dt.date(2025, 10, 26), "2025-10-26T00:30:00+00:00"),  # 02:30 comes twice: the first one
    ],
)
def test_a_day_on_which_summer_time_changes_has_one_digest(day, due):
    job = Daily(name=DIGEST, at=dt.time(2, 30), zone=BERLIN)

    assert job.on(day).isoformat() == due
    assert job.day(job.on(day)) == day


@given(EVERY | DAILY, MOMENTS, st.timedeltas(dt.timedelta(0), dt.timedelta(days=4)))
def test_after_a_pause_every_time_that_came_is_planned_once_and_the_last_is_the_last_that_came(
    job, now, pause
):
    before = slot(job, job.last(now))

    planned = plan(job, before, now + pause)

    came = [before.due, *planned.due]
    assert [job.next(due) for due in came[:-1]] == list(planned.due)
    assert came[-1] == job.last(now + pause)
    assert (planned.era, planned.left_out) == (0, 0)


@given(EVERY | DAILY, MOMENTS)
def test_a_job_without_any_slot_is_due_at_once(job, now):
    assert plan(job, None, now).due == (job.last(now),)


@given(EVERY, MOMENTS, st.timedeltas(dt.timedelta(0), dt.timedelta(days=2)))
def test_a_clock_that_was_set_back_makes_nothing_run_twice_and_stops_nothing_for_long(job, now, back):
    newest = slot(job, job.last(now))

    planned = plan(job, newest, now - back)

    if newest.due - (now - back) > job.interval:
        assert (planned.era, planned.due) == (1, (job.last(now - back),))
    else:
        assert not planned.due
        assert job.next(newest.due) - (now - back) <= 2 * job.interval


def test_a_clock_that_was_wrong_by_decades_leaves_a_bounded_number_of_slots():
    job = Every(name="crawl:x", interval=dt.timedelta(hours=1))
    now = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)

    planned = plan(job, slot(job, now), now + dt.timedelta(days=80 * 365))

    assert len(planned.due) == 10_000
    assert len(planned.due) + planned.left_out == 80 * 365 * 24


def test_sources_of_one_interval_are_looked_at_at_moments_of_their_own_that_stay():
    def source(name, interval):
        return Source(name=name, language="en", start=("https://x.org/",), articles="x", interval=interval)

    hour = dt.timedelta(hours=1)
    sources = [source(f"s{number}", hour) for number in range(50)]
    jobs = jobs_of(sources, dt.time(7), BERLIN)

    offsets = [job.offset for job in jobs if isinstance(job, Every)]
    assert jobs == jobs_of(sources, dt.time(7), BERLIN)
    assert len(set(offsets)) > 35
    assert all(dt.timedelta(0) <= offset < dt.timedelta(minutes=5) for offset in offsets)
    assert jobs_of([source("s", dt.timedelta(minutes=1))], dt.time(7), BERLIN)[0].offset.total_seconds() < 6
    assert [job.name for job in jobs][-2:] == [crawl_job("s49"), DIGEST]


@given(EVERY | DAILY, MOMENTS, st.timedeltas(dt.timedelta(0), dt.timedelta(days=3)))
def test_the_scheduler_rings_at_the_times_of_the_slots(job, now, late):
    trigger = SlotTrigger(job)

    first = trigger.get_next_fire_time(None, now)

    assert first == job.next(now)
    assert trigger.get_next_fire_time(first, first + late) == job.next(first + late)
