"""What is known of a page before it is asked for again."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from diffing.model import Outcome, PageState, Precision, Window
from storage.archive import Archive

DAY = dt.timedelta(days=1)
TAG = (("ETag", '"v1"'),)


def visit(
    archive: Archive, words, at: dt.datetime, outcome: Outcome, *, headers=TAG, asked=(), status=200
) -> PageState:
    """One more visit to the page, settled so; what is known of the page afterwards."""
    run = archive.begin_run(at, "crawl", ["site-en"])
    body = b"" if status == 304 else str(at).encode()
    fetched = replace(words.fetched(at=at, body=body, headers=headers, status=status), request_headers=asked)
    archive.settle(archive.record_capture(run, fetched), outcome)
    state = archive.page_state(words.url)
    assert state is not None
    return state


def test_the_days_between_two_looks_count_by_what_the_second_found(archive: Archive, words) -> None:
    words.page(archive, "It moves.")
    archive_state = archive.page_state(words.url)
    assert archive_state is not None
    assert archive_state.last_good == archive_state.last_body == words.noon

    visit(archive, words, words.noon + 2 * DAY, Outcome.NOT_MODIFIED, status=304)
    visit(archive, words, words.noon + 5 * DAY, Outcome.UNCHANGED)
    state = visit(archive, words, words.noon + 6 * DAY, Outcome.CHANGED)

    assert (state.unchanged_days, state.changed_days, state.changes_timed) == (5, 1, 1)
    assert state.last_change == state.last_good == words.noon + 6 * DAY


def test_a_visit_that_found_no_article_counts_for_nothing_and_the_next_good_one_for_both(
    archive: Archive, words
) -> None:
    words.page(archive, "It moves.")

    failed = visit(archive, words, words.noon + DAY, Outcome.FAILED, status=503)
    assert (failed.last_good, failed.unchanged_days) == (words.noon, 0)
    refused = visit(archive, words, words.noon + 2 * DAY, Outcome.REJECTED)
    assert (refused.last_good, refused.last_visit) == (words.noon, words.noon + 2 * DAY)
    assert visit(archive, words, words.noon + 3 * DAY, Outcome.UNCHANGED).unchanged_days == 3


def test_answers_without_a_body_are_counted_until_one_comes(archive: Archive, words) -> None:
    words.page(archive, "It moves.")

    for day in (1, 2, 3):
        state = visit(archive, words, words.noon + day * DAY, Outcome.NOT_MODIFIED, status=304)
        assert (state.bodiless, state.last_body) == (day, words.noon)
    state = visit(archive, words, words.noon + 4 * DAY, Outcome.UNCHANGED)
    assert (state.bodiless, state.last_body) == (0, words.noon + 4 * DAY)


def misled(archive: Archive) -> bool:
    return any(source.misled_since for source in archive.source_health())


def test_validators_that_stayed_while_the_page_changed_are_believed_no_more_for_the_whole_source(
    archive: Archive, words
) -> None:
    words.page(archive, "It moves.")
    archive_other = "https://en.example.org/news/another/"
    words.page(archive, "It stays.", url=archive_other)

    state = visit(archive, words, words.noon + DAY, Outcome.CHANGED)

    assert misled(archive)
    assert state.etag is None
    other = archive.page_state(archive_other)
    assert other is not None
    assert other.etag is None
    assert all(page.etag is None for page in archive.page_states("site-en"))


@pytest.mark.parametrize(
    ("headers", "asked", "outcome"),
    [
        ((("ETag", '"v2"'),), (), Outcome.CHANGED),  # the validators changed with the page
        (TAG, (("If-None-Match", '"v1"'),), Outcome.CHANGED),  # asked with them it did answer
        (TAG, (), Outcome.UNCHANGED),  # only what is not the article changed
        ((), (), Outcome.CHANGED),  # it says nothing any more
    ],
)
def test_a_server_that_does_not_lie_is_believed_on(
    headers, asked, outcome: Outcome, archive: Archive, words
) -> None:
    words.page(archive, "It moves.")

    visit(archive, words, words.noon + DAY, outcome, headers=headers, asked=asked)

    assert not misled(archive)


def day_of(day: dt.date, days: int = 1) -> Window:
    return Window(start=day, end=day + (days - 1) * DAY, precision=Precision.DAY)


def test_a_page_has_the_nearest_event_that_it_names_as_it_was_last_said_to_be_held(
    archive: Archive, words
) -> None:
    today = words.noon.date()
    said = [
        ("Rubezh-2025", today + 30 * DAY),
        ("Echelon-2025", today + 6 * DAY),
        ("Search-2025", today - 20 * DAY),
    ]
    for number, (event, day) in enumerate(said):
        fact = words.window(day_of(day), event)
        words.page(archive, f"{event} {number}", url=words.url, at=words.noon + number * DAY, facts=(fact,))
    later = words.window(day_of(today + 9 * DAY, 3), "Echelon-2025")
    other = "https://en.example.org/news/moved/"
    words.page(archive, "Echelon moves", url=other, at=words.noon + 5 * DAY, facts=(later,))

    (moved, page) = sorted(archive.page_states("site-en", on=today), key=lambda state: state.url != other)
    assert page.event == moved.event == (today + 9 * DAY, today + 11 * DAY)
    assert archive.page_states("site-en")[0].event is None
    assert {state.event for state in archive.page_states("site-en", on=today + 26 * DAY)} == {
        (today + 30 * DAY, today + 30 * DAY),
        None,
    }


def test_a_window_of_a_season_says_nothing_of_the_day(archive: Archive, words) -> None:
    words.page(archive, "It moves.", facts=(words.window(day_of(words.noon.date(), 90)),))

    assert archive.page_states("site-en", on=words.noon.date())[0].event is None


def test_the_pages_of_a_source_are_those_known_when_it_was_asked_with_what_is_known_of_them_now(
    archive: Archive, words
) -> None:
    today = words.noon.date()
    old, later, foreign = (f"https://en.example.org/news/{name}/" for name in ("old", "later", "foreign"))
    words.page(archive, "It moves.", facts=(words.window(day_of(today)),))
    words.page(archive, "It stays.", url=old, at=words.noon - DAY)
    words.page(archive, "It ends.", url=foreign, source="site-ru")

    known = archive.source_pages("site-en", on=today)
    before = archive.source_pages("site-en", before=words.noon)
    assert sorted(known, key=lambda page: page.url) == list(archive.page_states("site-en", on=today))
    assert [page.url for page in before] == [old]
    assert known.get(words.url) == archive.page_state(words.url)
    assert before.get(words.url) is known.get(foreign) is None
    assert archive.page_count("site-en") == 2

    # The clock of the run went back.
    words.page(archive, "It is new.", url=later, at=words.noon - 2 * DAY)
    assert known.get(later) is None
    assert {page.url for page in known} == {words.url, old}
    assert visit(archive, words, words.noon + DAY, Outcome.CHANGED) == known.get(words.url)
