"""The history of an event begins with its first announcement, and every old word has its place and day."""

from __future__ import annotations

import datetime as dt

from diffing.histories import NO_RECORD, said_before, whole_history
from diffing.model import (
    Attribute,
    Change,
    ChangeKind,
    Fact,
    KnownFact,
    KnownStatement,
    Place,
    Precision,
    RecordedChange,
    Window,
)

OCTOBER = Window(start=dt.date(2025, 10, 1), end=dt.date(2025, 10, 15), precision=Precision.PART)
SEPTEMBER = Window(start=dt.date(2025, 9, 17), end=dt.date(2025, 9, 20), precision=Precision.DAY)
URL = "https://en.odkb-csto.org/news/"


def known(attribute, value, day, text, origin="briefing", url=None):
    said_on = dt.date.fromisoformat(day)
    statement = KnownStatement(text=text, normal=text, language="en", said_on=said_on, origin=origin, url=url)
    fact = Fact(event="Rubezh-2025", attribute=attribute, value=value, quote=text)
    return KnownFact(fact=fact, statement=statement, known_at=dt.datetime.combine(said_on, dt.time(), dt.UTC))


FIRST = [
    known(Attribute.PLACE, Place(country="KG"), "2025-01-30", "It is planned for October."),
    known(Attribute.WINDOW, OCTOBER, "2025-01-30", "It is planned for October."),
]
LATER = known(Attribute.WINDOW, SEPTEMBER, "2025-09-11", "It will be held in September.", URL, URL)


def recorded(kind, **values):
    change = Change(kind=kind, significance=kind.significance, event="Rubezh-2025", **values)
    return RecordedChange(
        id=7, change=change, url=URL, source="csto-en", language="en",
        published=dt.date(2025, 9, 11), detected=dt.datetime(2025, 9, 11, 6, tzinfo=dt.UTC),
    )  # fmt: skip


MOVED = recorded(
    ChangeKind.RESCHEDULED,
    attribute=Attribute.WINDOW,
    old=OCTOBER,
    new=SEPTEMBER,
    old_statements=("It is planned for October.",),
    old_origin="briefing",
)


def test_what_the_baseline_said_first_is_the_announcement_where_no_change_tells_of_it():
    moved, announced = whole_history([LATER, *FIRST], [MOVED])

    assert moved is MOVED
    assert (announced.id, announced.change.kind) == (NO_RECORD, ChangeKind.ANNOUNCED)
    assert (announced.change.new, announced.published) == (OCTOBER, dt.date(2025, 1, 30))
    assert announced.change.new_statements == ("It is planned for October.",)


def test_before_anything_was_recorded_the_history_is_the_first_announcement():
    (announced,) = whole_history(FIRST, [])

    assert announced.change.new == OCTOBER


def test_an_announcement_that_was_recorded_is_told_once():
    found = recorded(ChangeKind.ANNOUNCED, attribute=Attribute.WINDOW, new=OCTOBER)

    assert whole_history(FIRST, [MOVED, found]) == (MOVED, found)


def test_what_a_change_took_the_place_of_is_found_with_its_day_and_origin():
    before = said_before(MOVED, [*FIRST, LATER])

    assert before is FIRST[1]
    assert said_before(recorded(ChangeKind.ANNOUNCED, attribute=Attribute.WINDOW), FIRST) is None
