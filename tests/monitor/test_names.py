"""What a user types for an event or a source: found under any name, else an error that knows a near miss."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.errors import InvalidInput
from monitor.names import editions, known_source, near_page
from seeds.gazetteer import load_gazetteer

NAMES = load_gazetteer()
TODAY = dt.date(2025, 9, 11)
KNOWN = ("Barrier-2025", "Rubezh-2024", "Rubezh-2025", "Strategic Command-Staff Training-2025")


@pytest.mark.parametrize(
    "text", ["Rubezh-2025", "rubezh-2025", "Frontier-2025", "Рубеж-2025", " Rubezh-2025 "]
)
def test_an_event_is_found_under_any_of_its_names(text):
    assert editions(text, NAMES, TODAY, KNOWN) == ("Rubezh-2025",)


def test_an_event_that_the_names_do_not_hold_is_found_by_its_key():
    assert editions("strategic command-staff training-2025", NAMES, TODAY, KNOWN) == KNOWN[-1:]


@pytest.mark.parametrize("text", ["Rubezh", "Рубеж", "Frontier"])
def test_a_series_without_an_edition_is_all_its_editions(text):
    assert editions(text, NAMES, TODAY, KNOWN) == ("Rubezh-2024", "Rubezh-2025")


@pytest.mark.parametrize("text", ["Rubezh-2019", "Rubesh-2025"])
def test_an_event_that_is_not_known_is_refused_with_what_may_be_meant(text):
    with pytest.raises(InvalidInput, match=r"did you mean .*'Rubezh-2025'"):
        editions(text, NAMES, TODAY, KNOWN)


@pytest.mark.parametrize("text", ["Nope-2025", "Nope"])
def test_where_nothing_is_near_the_list_is_named(text):
    with pytest.raises(InvalidInput, match="cstowatch events"):
        editions(text, NAMES, TODAY, KNOWN)


def test_a_source_that_is_not_known_is_refused_with_a_near_miss_or_the_list():
    assert known_source("csto-en", ["csto-en", "csto-ru"]) == "csto-en"
    with pytest.raises(InvalidInput, match="did you mean 'csto-en'"):
        known_source("csto-em", ["csto-en", "other"])
    with pytest.raises(InvalidInput, match="known: csto-en, other"):
        known_source("nope", ["csto-en", "other"])


def test_a_page_that_is_not_known_is_named_with_the_one_that_may_be_meant_on_its_own_site():
    pages = ["https://a.example.org/news/talks-in-minsk/", "https://b.example.org/news/talks-in-minks/"]

    assert near_page("https://a.example.org/news/talks-in-minks/", pages) == f"did you mean {pages[0]}?"
    assert "cstowatch search" in near_page("https://c.example.org/news/talks-in-minks/", pages)
