"""Whatever goes into a row comes out of it as it was."""

# ruff: noqa: E501 - a table of values reads better in one line

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.model import (
    Attribute,
    Change,
    ChangeKind,
    Count,
    Fact,
    Place,
    Precision,
    Qualifier,
    Significance,
    Status,
    Window,
)
from storage.archive import Archive
from storage.rows import (
    content_digest,
    headers_from_parts,
    headers_to_parts,
    json_text,
    time_from_text,
    time_to_text,
    value_from_text,
    value_to_text,
)

VALUES = {
    Attribute.WINDOW: Window(start=dt.date(2025, 9, 17), end=dt.date(2025, 9, 20), precision=Precision.DAY),
    Attribute.PLACE: Place(country="KG", name="Эдельвейс"),
    Attribute.PARTICIPANTS: ("AM", "BY", "KG"),
    Attribute.PERSONNEL: Count(count=1200, qualifier=Qualifier.ABOUT),
    Attribute.EQUIPMENT: Count(count=300, qualifier=Qualifier.MORE_THAN),
    Attribute.STATUS: Status.POSTPONED,
    Attribute.NAME: "«Рубеж-2025»",
}


@pytest.mark.parametrize("kind", list(ChangeKind))
@pytest.mark.parametrize("attribute", [None, *Attribute])
def test_a_change_of_any_kind_and_value_comes_back_from_the_archive(
    archive: Archive, words, kind, attribute
) -> None:
    change = Change(
        kind=kind, significance=Significance.MEDIUM, event="Rubezh-2025" if attribute else None, attribute=attribute,
        old=None, new=VALUES.get(attribute), shift_days=-14, old_statements=("Old ‘quoted’", "\n"),
        new_statements=("New",), old_origin="briefing", score=71.4, reason="known: 1-15 October",
    )  # fmt: skip
    words.page(archive, "It moves.", changes=(change,))

    (recorded,) = archive.changes()

    assert recorded.change == change


@pytest.mark.parametrize("attribute", list(Attribute))
def test_a_fact_of_any_value_comes_back_from_the_archive(archive: Archive, words, attribute) -> None:
    fact = Fact(
        event="Rubezh-2025", attribute=attribute, value=VALUES[attribute], quote="says so", vague=True
    )
    words.page(archive, "It moves.", facts=(fact,))

    (known,) = archive.event_facts("Rubezh-2025")

    assert known.fact == fact
    assert type(known.fact.value) is type(fact.value)


@pytest.mark.parametrize(
    "value", [value for name, value in VALUES.items() if name not in {Attribute.EQUIPMENT, Attribute.STATUS}]
)
def test_without_an_attribute_the_shape_tells_the_value(value) -> None:
    assert value_from_text(None, value_to_text(value)) == value


@given(st.datetimes(timezones=st.just(dt.UTC)), st.datetimes(timezones=st.just(dt.UTC)))
def test_times_come_back_and_sort_as_text(one, other) -> None:
    assert time_from_text(time_to_text(one)) == one
    assert (time_to_text(one) < time_to_text(other)) == (one < other)


names = st.sampled_from(["Server", "Date", "set-cookie", "ETag", "X-Ж", "Via"])


@given(st.lists(st.tuples(names, st.text())))
def test_headers_come_back_in_order_with_repetitions(headers) -> None:
    assert headers_from_parts(*headers_to_parts(headers)) == tuple(headers)


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_string_can_be_kept_as_json(text) -> None:
    json_text([text]).encode()
    assert len(content_digest([text])) == 32
