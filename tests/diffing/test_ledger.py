"""What stands of an event, and what one fact does to another."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.attributes import Effect
from diffing.ledger import contradictions, current, effect_of, history, settled, standing, undisputed
from diffing.model import (
    Attribute,
    Count,
    Fact,
    FactValue,
    KnownFact,
    KnownStatement,
    Place,
    Precision,
    Qualifier,
    Shift,
    Status,
    Window,
)

EVENT = "Rubezh-2025"
ATTRIBUTES = {
    Window: Attribute.WINDOW,
    Shift: Attribute.WINDOW,
    Place: Attribute.PLACE,
    Count: Attribute.PERSONNEL,
    Status: Attribute.STATUS,
    tuple: Attribute.PARTICIPANTS,
    str: Attribute.NAME,
}


def window(start: str, end: str, precision: str = "day") -> Window:
    return Window(
        start=dt.date.fromisoformat(f"2025-{start}"),
        end=dt.date.fromisoformat(f"2025-{end}"),
        precision=Precision(precision),
    )


def fact(value: FactValue, *, vague: bool = False) -> Fact:
    return Fact(event=EVENT, attribute=ATTRIBUTES[type(value)], value=value, quote="…", vague=vague)


def known(
    value: FactValue,
    said: str | None,
    *,
    origin: str = "page",
    text: str = "…",
    hour: int = 0,
    vague: bool = False,
) -> KnownFact:
    said_on = dt.date.fromisoformat(said) if said else None
    day = said_on or dt.date(2025, 6, 1)
    return KnownFact(
        fact=fact(value, vague=vague),
        statement=KnownStatement(text=text, normal=text, language="en", said_on=said_on, origin=origin),
        known_at=dt.datetime.combine(day, dt.time(hour), tzinfo=dt.UTC),
    )


FIRST_HALF = window("10-01", "10-15", "part")
SECOND_HALF = window("10-16", "10-31", "part")
OCTOBER = window("10-01", "10-31", "month")
MID_OCTOBER = window("10-11", "10-20", "part")
DAYS = window("09-17", "09-20")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (FIRST_HALF, FIRST_HALF, Effect.SAME),
        (FIRST_HALF, OCTOBER, Effect.SAME),
        (OCTOBER, FIRST_HALF, Effect.FINER),
        (FIRST_HALF, window("10-07", "10-09"), Effect.FINER),
        (FIRST_HALF, DAYS, Effect.OTHER),
        (FIRST_HALF, SECOND_HALF, Effect.OTHER),
        (window("09-01", "09-30", "month"), window("08-31", "09-06"), Effect.OTHER),
        (window("10-05", "10-25", "part"), window("10-10", "11-10", "month"), Effect.SAME),
        (DAYS, window("09-17", "09-22"), Effect.OTHER),
        (DAYS, window("09-18", "09-22"), Effect.OTHER),
        (DAYS, window("09-17", "09-19"), Effect.FINER),
    ],
)  # fmt: skip
def test_a_window_is_the_same_finer_or_another(old: Window, new: Window, expected: Effect) -> None:
    assert effect_of(fact(old), fact(new)) is expected


def test_one_day_of_known_dates_is_one_day_of_the_event() -> None:
    assert effect_of(fact(DAYS), fact(window("09-18", "09-18"))) is Effect.SAME


def test_dates_around_one_known_day_complete_it_without_news() -> None:
    assert effect_of(fact(window("09-17", "09-17")), fact(DAYS)) is Effect.FULLER


def test_an_outer_period_moves_nothing() -> None:
    assert effect_of(fact(DAYS), fact(window("09-01", "09-30"))) is Effect.SAME


def test_vague_bounds_that_overlap_contradict_nothing() -> None:
    assert effect_of(fact(SECOND_HALF), fact(MID_OCTOBER, vague=True)) is Effect.SAME
    assert effect_of(fact(MID_OCTOBER, vague=True), fact(SECOND_HALF)) is Effect.SAME


def test_days_that_overlap_vague_bounds_only_say_more() -> None:
    assert effect_of(fact(MID_OCTOBER, vague=True), fact(window("10-20", "10-24"))) is Effect.FINER


def test_vague_bounds_within_a_coarser_window_say_more() -> None:
    assert effect_of(fact(OCTOBER), fact(MID_OCTOBER, vague=True)) is Effect.FINER


def test_vague_bounds_elsewhere_contradict() -> None:
    assert effect_of(fact(window("09-01", "09-10", "part")), fact(MID_OCTOBER, vague=True)) is Effect.OTHER


@pytest.mark.parametrize("day", ["09-16", "09-21"])
def test_an_opening_on_the_eve_or_a_report_on_the_morrow_moves_nothing(day: str) -> None:
    assert effect_of(fact(DAYS), fact(window(day, day)), [fact(Status.HELD)]) is Effect.SAME
    assert effect_of(fact(DAYS), fact(window(day, day)), [fact(Status.PLANNED)]) is Effect.OTHER


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (Place(country="KG"), Place(country="KG"), Effect.SAME),
        (Place(country="KG", name="Edelweiss"), Place(country="KG"), Effect.SAME),
        (Place(country="KG"), Place(country="KG", name="Edelweiss"), Effect.FINER),
        (Place(country="KG"), Place(country="KZ"), Effect.OTHER),
        (Place(country="TJ", name="Fakhrabad"), Place(country="TJ", name="Harbmaidon"), Effect.OTHER),
        (Place(country="TJ", name="Fakhrabad"), Place(country="TJ", name="FAKHRABAD"), Effect.SAME),
        (Place(country=None, name="Losvido"), Place(country="BY", name="Losvido"), Effect.FULLER),
        (Place(country=None, name="Losvido"), Place(country="BY", name="Lepelsky"), Effect.SAME),
    ],
)
def test_a_place_is_the_same_finer_or_another(old: Place, new: Place, expected: Effect) -> None:
    assert effect_of(fact(old), fact(new)) is expected


ABOUT, MORE, UP_TO = Qualifier.ABOUT, Qualifier.MORE_THAN, Qualifier.UP_TO


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (Count(count=1000, qualifier=MORE), Count(count=1200, qualifier=ABOUT), Effect.SAME),
        (Count(count=1000, qualifier=MORE), Count(count=1200), Effect.FULLER),
        (Count(count=1200), Count(count=1000, qualifier=MORE), Effect.SAME),
        (Count(count=1500, qualifier=ABOUT), Count(count=3500, qualifier=MORE), Effect.OTHER),
        (Count(count=1000, qualifier=MORE), Count(count=2000, qualifier=MORE), Effect.OTHER),
        (Count(count=1000, qualifier=ABOUT), Count(count=1200, qualifier=ABOUT), Effect.OTHER),
        (Count(count=1200), Count(count=1201), Effect.OTHER),
        (Count(count=1500, qualifier=UP_TO), Count(count=1300), Effect.FULLER),
        (Count(count=1500, qualifier=UP_TO), Count(count=1600), Effect.OTHER),
    ],
)
def test_a_count_is_revised_only_where_the_hedged_one_cannot_mean_it(
    old: Count, new: Count, expected: Effect
) -> None:
    assert effect_of(fact(old), fact(new)) is expected


def test_a_partial_list_of_states_is_no_change() -> None:
    assert effect_of(fact(("BY", "KG", "RU")), fact(("BY", "RU"))) is Effect.SAME
    assert effect_of(fact(("BY", "RU")), fact(("BY", "KG", "RU"))) is Effect.OTHER


def test_the_window_that_stands_is_the_last_one_that_moved_or_sharpened_it() -> None:
    told = [
        known(FIRST_HALF, "2025-01-30"),
        known(window("09-11", "09-20", "part"), "2025-08-21"),
        known(DAYS, "2025-09-11"),
        known(window("09-01", "09-30", "month"), "2025-09-12"),
    ]
    assert current(told)[Attribute.WINDOW].fact.value == DAYS


def test_what_stands_does_not_depend_on_the_order_of_arrival() -> None:
    told = [
        known(FIRST_HALF, "2025-01-30", origin="briefing"),
        known(DAYS, "2025-09-11", origin="english"),
        known(DAYS, "2025-09-11", origin="russian", text="…"),
        known(window("09-01", "09-30", "month"), "2025-09-12"),
        known(Status.PLANNED, "2025-01-30", origin="briefing"),
    ]
    results = {str(current(order)) for order in permutations(told)}
    assert len(results) == 1


def test_a_statement_of_an_earlier_day_changes_nothing() -> None:
    told = [known(DAYS, "2025-09-11"), known(FIRST_HALF, "2025-01-30")]
    assert current(told)[Attribute.WINDOW].fact.value == DAYS


def test_an_undated_statement_counts_from_the_day_it_was_captured() -> None:
    told = [known(DAYS, None), known(FIRST_HALF, "2025-05-01")]
    assert [entry.fact.value for entry in history(told)] == [FIRST_HALF, DAYS]


def test_what_was_held_is_planned_no_more() -> None:
    told = [known(Status.HELD, "2025-09-21"), known(Status.PLANNED, "2025-09-22")]
    assert current(told)[Attribute.STATUS].fact.value is Status.HELD


def test_a_plan_repeated_does_not_take_back_a_cancellation() -> None:
    told = [known(Status.CANCELLED, "2025-09-01"), known(Status.PLANNED, "2025-09-02")]
    assert current(told)[Attribute.STATUS].fact.value is Status.CANCELLED


def test_a_plan_with_a_new_window_takes_back_a_postponement() -> None:
    told = [
        known(FIRST_HALF, "2025-01-30"),
        known(Status.POSTPONED, "2025-09-01"),
        known(Status.PLANNED, "2025-09-10"),
        known(window("11-03", "11-07"), "2025-09-10"),
    ]
    assert current(told)[Attribute.STATUS].fact.value is Status.PLANNED


def test_the_day_of_the_decision_is_not_the_window_of_what_is_cancelled() -> None:
    told = [
        known(FIRST_HALF, "2025-01-30"),
        known(Status.CANCELLED, "2025-09-01"),
        known(window("09-01", "09-01"), "2025-09-01"),
    ]
    assert current(told)[Attribute.WINDOW].fact.value == FIRST_HALF


def test_all_grounds_of_one_statement_stand() -> None:
    told = [
        known(Place(country="BY", name="Losvido"), "2025-08-01"),
        known(Place(country="BY", name="Lepelsky"), "2025-08-01"),
        known(Place(country="BY", name="Lepelsky"), "2025-08-05"),
    ]
    assert len(standing(told)[Attribute.PLACE]) == 2


def test_two_origins_that_contradict_each_other_on_one_day_are_shown_newest_first() -> None:
    told = [
        known(DAYS, "2025-09-11", origin="english"),
        known(window("09-24", "09-27"), "2025-09-11", origin="russian", hour=3),
        known(Place(country="KG"), "2025-09-11", origin="english"),
    ]
    found = contradictions(told)
    assert {key: [entry.statement.origin for entry in entries] for key, entries in found.items()} == {
        Attribute.WINDOW: ["russian", "english"]
    }


def test_a_later_word_supersedes_and_contradicts_nothing() -> None:
    told = [known(FIRST_HALF, "2025-01-30", origin="briefing"), known(DAYS, "2025-09-11", origin="page")]
    assert contradictions(told) == {}


days = st.dates(dt.date(2025, 1, 1), dt.date(2025, 12, 1))
windows = st.builds(
    lambda start, length, precision: Window(
        start=start, end=start + dt.timedelta(days=length), precision=precision
    ),
    days,
    st.integers(0, 40),
    st.sampled_from(Precision),
)
values = st.one_of(
    windows,
    st.sampled_from(Status),
    st.builds(Place, country=st.sampled_from(["KG", "TJ"]), name=st.sampled_from([None, "A", "B"])),
)
knowns = st.builds(
    lambda value, said, hour, origin: known(value, said.isoformat(), hour=hour, origin=origin),
    values,
    days,
    st.integers(0, 23),
    st.sampled_from(["a", "b", "c"]),
)


@given(st.lists(knowns, max_size=8), st.randoms(use_true_random=False))
def test_law_the_ledger_is_the_same_whatever_the_order(told: list[KnownFact], random: object) -> None:
    shuffled = list(told)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert current(shuffled) == current(told)


@given(values, st.booleans())
def test_law_a_fact_against_itself_is_the_same(value: FactValue, vague: bool) -> None:
    assert effect_of(fact(value, vague=vague), fact(value, vague=vague)) is Effect.SAME


@given(windows, st.integers(1, 60))
def test_law_days_moved_contradict_the_known_ones(old: Window, days_moved: int) -> None:
    moved = dt.timedelta(days=days_moved)
    before = Window(start=old.start, end=old.end, precision=Precision.DAY)
    after = Window(start=old.start + moved, end=old.end + moved, precision=Precision.DAY)
    assert effect_of(fact(before), fact(after)) is Effect.OTHER
    assert effect_of(fact(after), fact(before)) is Effect.OTHER


def joins(code: str, *, joining: bool) -> Fact:
    return replace(fact((code,)), joining=joining)


@pytest.mark.parametrize(
    ("joining", "whole"), [(True, ("AM", "BY", "KG")), (False, ("BY", "KG"))], ids=["joins", "leaves"]
)
def test_who_joins_or_leaves_makes_a_whole_list_of_the_one_that_stands(joining, whole):
    stands = standing([known(("BY", "KG") if joining else ("AM", "BY", "KG"), "2025-06-01")])

    (told,) = settled(stands, [joins("AM", joining=joining)])

    assert told.value == whole
    assert effect_of(stands[Attribute.PARTICIPANTS][0].fact, told) is Effect.OTHER


def test_who_leaves_tells_of_no_list_where_none_is_known():
    assert settled({}, [joins("AM", joining=False)]) == ()


def test_who_was_none_of_the_participants_changes_nothing_by_staying_away():
    stands = standing([known(("BY", "KG"), "2025-06-01")])

    (told,) = settled(stands, [joins("AM", joining=False)])

    assert effect_of(stands[Attribute.PARTICIPANTS][0].fact, told) is Effect.SAME


def test_a_cancelled_event_stands_again_where_it_is_planned_with_a_date():
    told = [
        known(window("10-01", "10-15", "part"), "2025-01-30"),
        known(Status.CANCELLED, "2025-06-01", text="off"),
        known(window("10-01", "10-15", "part"), "2025-07-01", text="on"),
        known(Status.PLANNED, "2025-07-01", text="on"),
    ]

    assert current(told)[Attribute.STATUS].fact.value is Status.PLANNED
    assert current(told[:2])[Attribute.STATUS].fact.value is Status.CANCELLED


WEEK_LATER = Shift(start=7, end=7)


def test_a_shift_moves_the_window_that_stands() -> None:
    facts = [known(DAYS, "2025-02-01"), known(WEEK_LATER, "2025-03-01", text="a week later")]
    assert current(facts)[Attribute.WINDOW].fact.value == window("09-24", "09-27")


def test_a_shift_told_again_moves_nothing_more() -> None:
    facts = [
        known(DAYS, "2025-02-01"),
        known(WEEK_LATER, "2025-03-01", text="a week later"),
        known(WEEK_LATER, "2025-03-02", origin="other", text="put off by a week"),
    ]
    for told in permutations(facts):
        assert current(told)[Attribute.WINDOW].fact.value == window("09-24", "09-27")


def test_a_shift_told_after_the_new_days_moves_nothing_more() -> None:
    new = window("09-24", "09-27")
    facts = [known(DAYS, "2025-02-01"), known(new, "2025-03-01"), known(WEEK_LATER, "2025-03-02", text="…!")]
    assert current(facts)[Attribute.WINDOW].fact.value == new


def test_a_shift_to_a_later_time_of_days_not_known_puts_the_event_off() -> None:
    facts = [known(FIRST_HALF, "2025-02-01"), known(WEEK_LATER, "2025-03-01", text="a week later")]
    stands = current(facts)
    assert stands[Attribute.STATUS].fact.value is Status.POSTPONED
    assert stands[Attribute.WINDOW].fact.value == FIRST_HALF


def test_a_shift_to_an_earlier_time_of_days_not_known_says_nothing() -> None:
    facts = [known(FIRST_HALF, "2025-02-01"), known(Shift(start=-7, end=-7), "2025-03-01", text="earlier")]
    assert set(current(facts)) == {Attribute.WINDOW}


@pytest.mark.parametrize(
    ("shift", "expected"),
    [
        (Shift(end=2), window("09-17", "09-22")),
        (Shift(end=-2), window("09-17", "09-18")),
        (Shift(months=1), window("10-17", "10-20")),
        (Shift(until=dt.date(2025, 9, 25)), window("09-17", "09-25")),
        (Shift(end=-9), DAYS),
        (Shift(until=dt.date(2025, 9, 1)), DAYS),
        (Shift(), DAYS),
    ],
)
def test_a_shift_moves_either_end_and_leaves_a_window(shift: Shift, expected: Window) -> None:
    facts = [known(DAYS, "2025-02-01"), known(shift, "2025-03-01", text="shift")]
    assert current(facts)[Attribute.WINDOW].fact.value == expected


@pytest.mark.parametrize(
    ("shift", "expected"),
    [
        (Shift(start=2, end=2, to=window("09-19", "09-19")), window("09-19", "09-22")),
        (Shift(to=window("09-19", "09-19")), window("09-19", "09-22")),
        (Shift(start=2, end=2, to=window("09-19", "09-20")), window("09-19", "09-20")),
        (Shift(start=-2, end=-2, to=window("09-15", "09-15")), window("09-15", "09-18")),
        (Shift(start=7, end=7, to=window("09-19", "09-19")), DAYS),
        (Shift(to=window("09-17", "09-17")), DAYS),
    ],
)
def test_days_said_beside_a_shift_move_what_stands_where_it_leads_to_them(
    shift: Shift, expected: Window
) -> None:
    facts = [known(DAYS, "2025-02-01"), known(shift, "2025-03-01", text="two days later, on 19 September")]
    told_again = known(shift, "2025-03-02", origin="other", text="again")
    assert current(facts)[Attribute.WINDOW].fact.value == expected
    assert current([*facts, told_again])[Attribute.WINDOW].fact.value == expected


def test_days_said_beside_a_shift_stand_where_nothing_else_does() -> None:
    first = window("09-19", "09-19")
    (told,) = settled({}, [known(Shift(start=2, end=2, to=first), "2025-03-01").fact])
    assert told.value == first


def test_a_month_put_off_by_months_is_that_month() -> None:
    facts = [known(OCTOBER, "2025-02-01"), known(Shift(months=1), "2025-03-01", text="a month later")]
    assert current(facts)[Attribute.WINDOW].fact.value == window("11-01", "11-30", "month")


def test_the_windows_announced_are_told_as_they_were_worked_out() -> None:
    facts = [known(DAYS, "2025-02-01"), known(WEEK_LATER, "2025-03-01", text="a week later")]
    assert [told.fact.value for told in undisputed(facts)] == [DAYS, window("09-24", "09-27")]


OTHER_DAYS = window("09-24", "09-27")


def test_of_two_pages_of_one_day_the_first_stands_until_a_later_day_decides() -> None:
    told = [
        known(DAYS, "2025-09-11", origin="first", text="a"),
        known(OTHER_DAYS, "2025-09-11", origin="second", text="b", hour=3),
    ]
    assert current(told)[Attribute.WINDOW].fact.value == DAYS
    again = known(OTHER_DAYS, "2025-09-11", origin="third", text="c", hour=5)
    assert current([*told, again])[Attribute.WINDOW].fact.value == DAYS
    assert undisputed([*told, again]) == (told[0],)
    later = known(OTHER_DAYS, "2025-09-12", origin="third", text="c")
    assert current([*told, later])[Attribute.WINDOW].fact.value == OTHER_DAYS
    assert contradictions([*told, later]) == {}


def test_a_page_of_the_same_day_that_tells_of_a_move_is_a_move() -> None:
    stood = known(DAYS, "2025-09-11", origin="first", text="a")
    for beside in (DAYS, Status.POSTPONED):
        told = [
            stood,
            known(beside, "2025-09-11", origin="second", text="b", hour=3),
            known(OTHER_DAYS, "2025-09-11", origin="second", text="b", hour=3),
        ]
        assert current(told)[Attribute.WINDOW].fact.value == OTHER_DAYS
        assert contradictions(told) == {}


def test_a_plan_that_is_named_beside_its_cancellation_revives_nothing() -> None:
    told = [
        known(Status.CANCELLED, "2025-06-01", text="off"),
        known(Status.CANCELLED, "2025-06-02", text="again"),
        known(Status.PLANNED, "2025-06-02", text="again"),
        known(DAYS, "2025-06-02", text="again"),
    ]
    assert current(told)[Attribute.STATUS].fact.value is Status.CANCELLED
