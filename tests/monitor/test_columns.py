"""Tables at any width: no word is broken, no address is cut, and what finds no room stands under its row."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.columns import in_columns

URL = "https://en.odkb-csto.org/news/news_odkb/na-poligone-edelveys-proydet-uchenie-rubezh-2025/"
TEXT = "The command and staff training “Rubezh-2025” will be held from 17 to 20 September in the mountains."
ROW = {"id": "41", "event": "Indestructible Brotherhood-2025", "change": TEXT, "url": URL}
NAMES = ("id", "event", "change", "url")

words = st.text("абв-xyz.,1", min_size=1, max_size=12)
cells = st.lists(words, max_size=25).map(" ".join)


@pytest.mark.parametrize("width", [20, 80, 100, 120, 160, 250])
def test_an_address_and_every_word_stay_whole_at_any_width(width):
    told = in_columns([ROW], NAMES, width)

    assert URL in told
    assert set(TEXT.split()) <= set(told.split())


@pytest.mark.parametrize("width", [80, 100, 120, 160])
def test_lines_keep_within_the_width_but_for_addresses(width):
    told = in_columns([ROW], NAMES, width)

    assert all(len(line) <= width for line in told.splitlines() if URL not in line)


def test_what_finds_no_room_beside_the_others_stands_under_its_row_across_the_width():
    lines = in_columns([ROW], NAMES, 60).splitlines()

    assert lines[0].split() == ["id", "event"]
    assert lines[2].split() == ["41", "Indestructible", "Brotherhood-2025"]
    assert lines[3].startswith("    change: The command and staff training “Rubezh-2025”")
    assert lines[-1] == f"    {URL}"


def test_of_several_addresses_under_a_row_the_later_ones_are_named():
    lines = in_columns([{**ROW, "where_before": URL}], (*NAMES, "where_before"), 130).splitlines()

    assert lines[-2:] == [f"    {URL}", f"    where before: {URL}"]


def test_where_there_is_room_every_column_stands_beside_the_others():
    assert len(in_columns([ROW], NAMES, 250).splitlines()) == 3


def test_short_texts_are_wrapped_between_words_before_any_column_leaves_the_row():
    row = {"event": "Strategic Command-Staff Training-2025", "window": "31 August - 6 September 2025"}

    told = in_columns([row], ("event", "window"), 40)

    assert told.splitlines()[0].split() == ["event", "window"]
    assert "Command-Staff" in told


@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=4), st.integers(10, 200))
def test_no_word_is_lost_or_broken(rows, width):
    told = in_columns([dict(zip("abc", row, strict=True)) for row in rows], "abc", width)

    shown = told.split()
    for word in (word for row in rows for cell in row for word in cell.split()):
        assert word in shown


@given(cells, st.integers(40, 80))
def test_a_cell_is_wrapped_as_the_standard_library_wraps_it(cell, width):
    whole = textwrap.wrap(cell, width, break_on_hyphens=False)

    assert in_columns([{"a": cell}], ("a",), width).splitlines()[2:] == (whole or [""])
