"""When a known page is asked for again, and why."""

import datetime as dt
import math
import random
import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.freshness import poisson, spread_rates
from crawler.scheduling import WORTH, Pace, Plan, due, pace_of
from diffing.model import PageState
from seeds.sources import Source

NOW = dt.datetime(2025, 9, 11, 6, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
AMPLE = Pace(looks_a_day=1000, interval=HOUR)


def page(*, age=100 * DAY, since_visit=HOUR, url="https://x.org/a/", **known):
    """A page that came out and was first seen `age` ago, and was looked at `since_visit` ago."""
    seen = NOW - since_visit
    return PageState(
        url=url,
        source="x",
        first_seen=NOW - age,
        last_visit=seen,
        **{"last_good": seen, "last_body": seen} | known,
    )


def watched(looks, *, every=DAY, changed=lambda look: False, url="https://x.org/a/", age=0 * DAY):
    """A page that was looked at so often, the last time just now; `changed` says which found an edit."""
    began = NOW - looks * every
    state = PageState(
        url=url, source="x", first_seen=began, last_visit=began, published=(began - age).date()
    ).looked(began, changed=False)
    for look in range(1, looks + 1):
        state = state.looked(began + look * every, changed=changed(look))
    return replace(state, changes_seen=state.changes_timed)


def wait_of(state, others=(), pace=AMPLE):
    return Plan.of([state, *others], pace).next_visit(state).at - state.last_visit


def test_a_page_that_is_edited_often_is_looked_at_more_often_than_one_that_never_is():
    lively = watched(30, changed=lambda look: look % 3 == 0)
    still = watched(30, url="https://x.org/b/")

    assert 4 * wait_of(lively, [still]) < wait_of(still, [lively])


def test_a_page_looked_at_irregularly_counts_the_time_between_the_looks_and_not_their_number():
    often = watched(200, every=HOUR, url="https://x.org/b/")
    long = watched(8, every=5 * DAY)

    assert wait_of(often, [long]) < wait_of(long, [often])


def test_a_new_page_is_looked_at_within_hours_and_an_old_one_seen_for_the_first_time_is_not():
    news = [watched(20, age=200 * DAY, url=f"https://x.org/{n}/") for n in range(50)]
    fresh = page(age=HOUR)
    found = page(age=HOUR, published=(NOW - 900 * DAY).date(), url="https://x.org/old/")

    assert wait_of(fresh, news) < wait_of(found, news)
    assert wait_of(page(age=HOUR)) < 12 * HOUR


def test_a_page_of_which_nothing_is_known_is_judged_by_the_others_of_its_source():
    lively = [watched(20, changed=lambda _: True, url=f"https://x.org/{n}/") for n in range(60)]
    still = [watched(20, url=f"https://x.org/{n}/") for n in range(60)]
    new = page(age=DAY)

    assert wait_of(new, lively) < wait_of(new, still)


@pytest.mark.parametrize(("ahead", "longest"), [(40, 20), (10, 5), (2, 1), (0, 1), (-1, 1)])
def test_a_page_that_names_an_event_is_looked_at_more_often_as_its_date_comes_near(ahead, longest):
    day = NOW.date() + ahead * DAY
    still = watched(100)
    crowd = [replace(still, url=f"https://x.org/{n}/") for n in range(1000)]
    pace = Pace(looks_a_day=40, interval=HOUR)

    named = wait_of(replace(still, event=(day, day)), crowd, pace)
    assert named <= longest * DAY < wait_of(still, crowd, pace) + DAY * (ahead == 40) * 20


@pytest.mark.parametrize(
    ("state", "is_due"),
    [
        (page(age=DAY, since_visit=11 * HOUR, gone_since=NOW - 11 * HOUR), False),
        (page(age=DAY, since_visit=12 * HOUR, gone_since=NOW - 12 * HOUR), True),
        (page(age=DAY, since_visit=2 * HOUR, gone_since=NOW - 13 * HOUR), True),
        (page(age=90 * DAY, since_visit=2 * DAY, gone_since=NOW - 14 * DAY), False),
        (page(age=90 * DAY, since_visit=7 * DAY, gone_since=NOW - 14 * DAY), True),
    ],
)
def test_a_page_found_gone_is_confirmed_after_twelve_hours_and_then_looked_at_weekly(state, is_due):
    assert bool(due([state], NOW, AMPLE)) is is_due


def test_a_page_that_could_not_be_read_is_tried_again_after_as_long_as_that_has_lasted():
    still = watched(300)

    def tried(lasted):
        return wait_of(replace(still, last_visit=still.last_good + lasted))

    assert [tried(lasted) for lasted in (0.1 * HOUR, 2 * HOUR, 5 * HOUR)] == [HOUR / 2, 2 * HOUR, 5 * HOUR]
    assert tried(90 * DAY) <= 30 * DAY


def test_a_run_asks_for_no_more_than_the_budget_of_the_time_since_the_last_one():
    pages = [page(since_visit=20 * DAY, url=f"https://x.org/{n}/") for n in range(500)]
    newest = page(since_visit=2 * HOUR, url="https://x.org/newest/")

    assert len(due([*pages, newest], NOW, Pace(looks_a_day=120, interval=HOUR))) == 10
    assert len(due(pages, NOW, Pace(looks_a_day=120, interval=HOUR))) == 120


def test_looks_to_spare_go_to_pages_not_yet_due_but_only_where_they_are_worth_a_request():
    together = [page(since_visit=DAY, age=DAY, url=f"https://x.org/{n}/") for n in range(900)]
    tight = Pace(looks_a_day=100, interval=HOUR)
    plan = Plan.of(together, tight)

    assert not any(plan.ripeness(state, NOW) >= 1 for state in together)
    assert len(due(together, NOW, tight)) == 100
    assert due([watched(300)], NOW + HOUR, AMPLE) == ()


def test_the_delay_of_a_source_bounds_its_budget():
    source = Source(name="x", language="en", start=("https://x.org/",), articles="a", delay=600.0)

    assert pace_of(source) == Pace(looks_a_day=72, interval=HOUR)
    assert pace_of(replace(source, delay=0.0, visits_per_day=50)).looks_a_day == 50


def test_now_and_then_a_page_is_asked_for_without_validators():
    believed = page(since_visit=9 * DAY, etag='"a"', last_modified="x", bodiless=3, last_body=NOW - 10 * DAY)

    assert due([believed], NOW, AMPLE) == (replace(believed, etag=None, last_modified=None),)
    for lately in ({"bodiless": 2}, {"last_body": NOW - 6 * DAY}):
        kept = replace(believed, **lately)
        assert due([kept], NOW, AMPLE) == (kept,)


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (
            page(gone_since=NOW - 2 * HOUR, since_visit=2 * HOUR),
            "found gone on 2025-09-11 04:00Z: again 12 hours later, to be sure",
        ),
        (page(gone_since=NOW - 9 * DAY), "gone since 2025-09-02: once a week, in case it comes back"),
        (
            page(last_good=NOW - 7 * HOUR),
            "could not be read for 6 hours: again after 6 hours",
        ),
        (
            watched(40, changed=lambda look: look == 30),
            "edited once, quiet for 10 days when last seen: about one edit in 41 days, so after 7 hours",
        ),
        (
            watched(40),
            "never seen edited, 40 days old when last seen: about one edit in 20 years, so after 4 days",
        ),
    ],
)
def test_each_next_visit_says_in_a_line_why(state, why):
    assert Plan.of([state], AMPLE).next_visit(state).why == why


rates = st.floats(min_value=0.001, max_value=5)


@st.composite
def sources(draw):
    """The pages of a source, each watched for a while, as if edited at a rate of its own."""
    dice = random.Random(draw(st.integers(0, 2**32)))
    pages = []
    for number in range(draw(st.integers(1, 8))):
        rate = 10 ** dice.uniform(-3, 1)
        pages.append(
            watched(
                dice.randrange(1, 20),
                every=dice.uniform(0.1, 20) * DAY,
                changed=lambda _, rate=rate: dice.random() < rate,
                url=f"https://x.org/{number}/",
                age=dice.uniform(0, 500) * DAY,
            )
        )
    return pages


paces = st.builds(Pace, looks_a_day=st.floats(0.5, 500), interval=st.sampled_from([HOUR, 6 * HOUR, DAY]))
laters = st.timedeltas(min_value=dt.timedelta(0), max_value=100 * DAY)


@settings(max_examples=25)
@given(sources(), paces, laters)
def test_the_same_is_asked_for_whatever_order_the_pages_are_known_in(pages, pace, later):
    assert due(pages, NOW + later, pace) == due(pages[::-1], NOW + later, pace)


@settings(max_examples=50)
@given(sources(), paces, laters, st.integers(1, 4))
def test_the_first_in_order_are_asked_for_as_many_as_the_run_has_looks(pages, pace, later, looks):
    now = NOW + later
    pace = replace(pace, looks_a_day=float(looks))
    plan = Plan.of(pages, pace)
    generous = replace(plan, price=WORTH)
    wanted = [
        state for state in pages if plan.ripeness(state, now) >= 1 or generous.ripeness(state, now) >= 1
    ]
    wanted.sort(key=lambda state: (-plan.ripeness(state, now), state.last_visit, state.url))
    newest = max(state.last_visit for state in pages)
    allowed = math.ceil(looks * min(max(now - newest, pace.interval), DAY) / DAY)

    assert due(pages, now, pace) == tuple(wanted[:allowed])


class Told:
    """So many pages, made anew each time they are asked for."""

    def __init__(self, number):
        self.number = number

    def __iter__(self):
        return (page(since_visit=20 * DAY, url=f"https://x.org/{n}/") for n in range(self.number))


def test_what_is_due_of_many_pages_takes_no_more_memory_than_of_few():
    def peak(number):
        tracemalloc.start()
        assert len(due(Told(number), NOW, Pace(looks_a_day=20, interval=HOUR))) == 20
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(50)
    assert peak(2000) < 1.2 * peak(200)


def test_an_address_that_moved_is_not_due_and_teaches_nothing():
    still = [watched(100, url=f"https://x.org/{n}/") for n in range(5)]
    moved = replace(watched(100, changed=lambda _: True), moved_to="https://x.org/0/")

    assert due([*still, moved], NOW + 10 * DAY, AMPLE) == due(still, NOW + 10 * DAY, AMPLE)


@settings(max_examples=25)
@given(sources(), paces, laters, laters)
def test_a_page_that_is_due_stays_due_until_it_is_looked_at(pages, pace, later, still_later):
    plan = Plan.of(pages, pace)
    for state in pages:
        if plan.ripeness(state, NOW + later) >= 1:
            assert plan.ripeness(state, NOW + later + still_later) >= 1
        assert plan.next_visit(state).at >= state.last_visit + pace.interval / 2


@settings(max_examples=25)
@given(sources(), paces)
def test_a_page_is_due_in_the_run_that_is_nearest_to_its_next_visit(pages, pace):
    plan = Plan.of(pages, pace)
    for state in pages:
        at = max(plan.next_visit(state).at - pace.interval / 2, state.last_visit + pace.interval / 2)
        assert plan.ripeness(state, at + dt.timedelta(seconds=1)) >= 1
        assert plan.ripeness(state, at - dt.timedelta(seconds=1)) < 1


@settings(max_examples=25)
@given(sources(), st.floats(0.5, 50), st.floats(1.1, 10))
def test_more_looks_a_day_never_make_a_page_wait_longer(pages, looks, more):
    tight = Plan.of(pages, Pace(looks_a_day=looks, interval=HOUR))
    ample = Plan.of(pages, Pace(looks_a_day=looks * more, interval=HOUR))

    assert all(ample.wait(state) <= tight.wait(state) * 1.000001 for state in pages)


@settings(max_examples=25)
@given(sources(), paces)
def test_a_look_that_finds_an_edit_never_makes_the_wait_longer_than_one_that_does_not(pages, pace):
    plan = Plan.of(pages, pace)
    for state in pages:
        at = state.last_visit + DAY
        assert plan.wait(state.looked(at, changed=True)) <= plan.wait(state.looked(at, changed=False)) * 1.5


def test_a_full_run_asks_for_everything():
    rested = watched(100)

    assert due([rested], NOW, AMPLE) == ()
    assert due([rested], NOW, AMPLE, full=True) == (rested,)


def test_what_is_most_urgent_comes_first():
    still = watched(100, url="https://x.org/still/")
    lively = watched(100, changed=lambda look: look % 2 == 0, url="https://x.org/lively/")
    gone = page(gone_since=NOW - 2 * HOUR, since_visit=2 * HOUR, url="https://x.org/gone/")

    found = due([still, lively, gone], NOW + 10 * DAY, AMPLE)
    assert [state.url.split("/")[-2] for state in found] == ["gone", "lively", "still"]


def test_after_a_month_edits_wait_at_most_half_as_long_as_where_all_pages_are_looked_at_in_turn():
    """`bench/freshness.py` in small, where there is less to learn from: 200 pages for 60 days."""
    whole, later = poisson(spread_rates(200, seed=1), 60, seed=1)

    assert whole.in_turn_ratio < 0.65
    assert later.in_turn_ratio < 0.5
    assert later.knowing_ratio < 1.15
