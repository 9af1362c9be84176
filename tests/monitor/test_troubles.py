"""Each run judges its sources: a trouble begins once and ends once, by the clock of the run."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from diffing.model import TroubleKind
from monitor.__main__ import main

START = dt.datetime(2025, 3, 1, 6, tzinfo=dt.UTC)
BARE = b"<a href='/'>x</a>"
LINKED = b"<a href='/news/one/'>One</a>"
LONG = tuple(
    f"The {number}. group of officers of the joint staff went through the plan of the exercise in detail."
    for number in range(12)
)


def runs(site, *hours, begin=0):
    """Looks at the site so many hours after the start; its listing leads to its pages."""
    site.listing = site.listing if site.listing != BARE else LINKED
    for hour in hours:
        site.run(START + dt.timedelta(hours=begin + hour))


def kinds(site, **chosen):
    return [(trouble.kind, trouble.ended is None) for trouble in site.archive.troubles(**chosen)]


def test_a_source_that_fails_twice_is_in_trouble_until_it_was_well_twice(site, page):
    site.pages = {"one": page("One", *LONG)}
    runs(site, 0)
    told = []
    for hour, status in itertools.zip_longest(range(1, 9), (500, 200, 500, 500, 500, 200, 500, 200)):
        site.listing_status = status
        runs(site, hour)
        told.append(len(site.archive.troubles()))
    runs(site, 10)
    site.listing_status = 200
    runs(site, 11)

    assert told == [0, 0, 0, 1, 1, 1, 1, 1]
    (trouble,) = site.archive.troubles()
    assert (trouble.kind, trouble.began, trouble.ended) == (
        TroubleKind.FAILING, START + dt.timedelta(hours=4), START + dt.timedelta(hours=10)
    )  # fmt: skip
    assert trouble.detail == "https://en.example.org/news/: the server answered 500"


def test_a_listing_that_leads_nowhere_any_more_is_told_though_its_pages_are_known(site, page):
    site.pages = {"one": page("One", *LONG)}
    runs(site, 0, 1)
    site.listing = b"<a href='/press/one/'>One</a>"
    runs(site, 2, 3, 4)

    assert kinds(site) == [(TroubleKind.NO_LINKS, True)]


def test_a_redesign_that_takes_a_part_of_all_texts_is_told_at_once(site, page):
    names = [f"page-{number}" for number in range(4)]
    site.pages = {name: page(name, f"Of {name} it is said.", *LONG) for name in names}
    runs(site, 0)
    site.pages = {name: page(name, f"Of {name} it is said.", *LONG[:7]) for name in names}
    runs(site, 1)
    began = kinds(site)
    runs(site, 2, 24 * 6)
    still = kinds(site)
    runs(site, 24 * 8, 24 * 9)

    assert began == still == [(TroubleKind.SHRUNK, True)]
    assert kinds(site) == [(TroubleKind.SHRUNK, False)]


def test_a_source_that_fell_silent_is_told_once_and_ends_with_its_next_page(site, page):
    for day in range(12):
        site.pages[f"page-{day}"] = page(f"Page {day}", f"Of day {day} it is said.", *LONG[:3])
        runs(site, 0, begin=24 * day)
    runs(site, *range(24 * 12, 24 * 18, 12))
    silent = kinds(site)
    site.pages["new"] = page("New", "Of this day it is said.", *LONG[:3])
    runs(site, 24 * 19)

    assert silent == [(TroubleKind.SILENT, True)]
    (trouble,) = site.archive.troubles()
    assert trouble.began - START == dt.timedelta(days=14, hours=12)
    assert trouble.ended == START + dt.timedelta(days=19)


def test_troubles_of_a_source_that_is_watched_no_more_end(bilingual, page):
    bilingual.pages = {"one": page("One", *LONG)}
    bilingual.listing_status = 500
    runs(bilingual, 0, 1)
    begun = kinds(bilingual, open_only=True)
    bilingual.sources = bilingual.sources[:1]
    bilingual.listing_status = 200
    runs(bilingual, 2)

    assert begun == [(TroubleKind.FAILING, True)] * 2
    assert [trouble.source for trouble in bilingual.archive.troubles(open_only=True)] == ["site-en"]


def test_troubles_are_asked_for_by_when_they_began_or_ended(site):
    noon = START + dt.timedelta(hours=6)
    first = site.archive.begin_trouble("site-en", TroubleKind.SILENT, "since\nMarch", START)
    again = site.archive.begin_trouble("site-en", TroubleKind.SILENT, "since April", noon)
    site.archive.end_trouble(first.id, noon)
    site.archive.end_trouble(first.id, noon + dt.timedelta(hours=1))

    assert first == again
    assert first.detail == "since March"
    assert [each.ended for each in site.archive.troubles(since=noon)] == [noon]
    assert site.archive.troubles(until=START) == ()
    assert len(site.archive.troubles(until=noon)) == 1
    assert site.archive.troubles(open_only=True) == ()


def test_status_names_what_goes_on_and_says_that_a_person_is_needed(site, page, capsys):
    site.pages = {"one": page("One", *LONG)}
    runs(site, 0, 1)
    # They were made long ago on purpose, or `status` would ask for the schedule.
    site.archive._connection.run("UPDATE runs SET command = 'replay'")
    path = str(site.archive.path)
    codes = [status(path)]
    trouble = site.archive.begin_trouble("site-en", TroubleKind.SILENT, "nothing \u202enew", START)
    codes.append(status(path))
    said = capsys.readouterr().err
    site.archive.end_trouble(trouble.id, START)
    codes.append(status(path))

    assert codes == [0, 1, 0]
    assert "site-en: silent since 2025-03-01 06:00Z: nothing new\n" in said


def status(path):
    with pytest.raises(SystemExit) as ended:
        main(["--db", path, "status"])
    return ended.value.code
