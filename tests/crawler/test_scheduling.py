"""When a known page is asked for again."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.scheduling import due, next_visit
from diffing.model import PageState

NOW = dt.datetime(2025, 9, 11, 6, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def page(*, age, since_visit, gone=None, url="https://x.org/a/"):
    return PageState(
        url=url,
        source="x",
        first_seen=NOW - age,
        last_visit=NOW - since_visit,
        gone_since=None if gone is None else NOW - gone,
    )


@pytest.mark.parametrize(
    ("state", "is_due"),
    [
        (page(age=HOUR, since_visit=HOUR), True),
        (page(age=2.9 * DAY, since_visit=0 * DAY), True),
        (page(age=20 * DAY, since_visit=0.9 * DAY), False),
        (page(age=20 * DAY, since_visit=1.01 * DAY), True),
        (page(age=400 * DAY, since_visit=6.9 * DAY), False),
        (page(age=400 * DAY, since_visit=7 * DAY), True),
        (page(age=4 * DAY, since_visit=3 * HOUR), False),
        (page(age=4 * DAY, since_visit=5 * HOUR), True),
    ],
)
def test_young_pages_are_due_in_any_run_and_older_ones_after_a_twentieth_of_their_age(state, is_due):
    assert bool(due([state], NOW)) is is_due


@pytest.mark.parametrize(
    ("state", "is_due"),
    [
        (page(age=DAY, since_visit=11 * HOUR, gone=11 * HOUR), False),
        (page(age=DAY, since_visit=12 * HOUR, gone=12 * HOUR), True),
        (page(age=DAY, since_visit=2 * HOUR, gone=13 * HOUR), True),
        (page(age=90 * DAY, since_visit=2 * DAY, gone=14 * DAY), False),
        (page(age=90 * DAY, since_visit=7 * DAY, gone=14 * DAY), True),
    ],
)
def test_a_page_found_gone_is_confirmed_after_twelve_hours_and_then_looked_at_weekly(state, is_due):
    assert bool(due([state], NOW)) is is_due


ages = st.timedeltas(min_value=dt.timedelta(0), max_value=1000 * DAY)


@given(ages, ages)
def test_no_page_waits_longer_than_a_week(age, since_visit):
    state = page(age=age, since_visit=min(age, since_visit))

    assert next_visit(state) <= state.last_visit + 7 * DAY


@given(ages, ages, ages)
def test_what_is_due_stays_due_until_it_is_visited(age, since_visit, later):
    state = page(age=age, since_visit=min(age, since_visit))

    if due([state], NOW):
        assert due([state], NOW + later)


def test_a_full_run_asks_for_everything():
    rested = page(age=400 * DAY, since_visit=HOUR)

    assert due([rested], NOW) == ()
    assert due([rested], NOW, full=True) == (rested,)


def test_the_longest_overdue_comes_first():
    pages = [
        page(age=days * DAY, since_visit=days * DAY / 2, url=f"https://x.org/{days}/")
        for days in (30, 90, 60)
    ]

    assert [state.url for state in due(pages, NOW)] == [f"https://x.org/{days}/" for days in (90, 60, 30)]
