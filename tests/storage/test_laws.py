"""Laws of recording: any order between pages and any repetition give the same archive."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diffing.model import Outcome, PageRole
from storage.archive import Archive, open_archive

# The fixture is a class of functions, so that there is nothing to reset between examples.
RECORDED = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
VISITS = 3
URLS = ("https://en.example.org/a/", "https://en.example.org/b/", "https://en.example.org/c/")
BODIES = ("October.", "September.", "October.")


def _visit(archive: Archive, words, run: int, url: str, number: int, times: int) -> None:
    """One visit to a page, recorded and understood `times` times over."""
    at = words.noon + dt.timedelta(hours=number)
    body = f"{url} says: {BODIES[number]}"
    for _ in range(times):
        capture = archive.record_capture(run, words.fetched(url, at=at, body=body.encode()))
    for _ in range(times):
        if url == URLS[2] and number == 1:
            archive.settle(capture, Outcome.REJECTED, "a captcha")
            continue
        archive.record_revision(
            capture, Outcome.CHANGED if number else Outcome.NEW, words.document(), (words.statement(body),),
            ((words.window(event=f"Rubezh-{URLS.index(url)}"),),), (words.rescheduled(),), said_on=at.date(),
            extractor="1", understood_at=at, accepted=(0,), text_hash=body,
        )  # fmt: skip
        archive.record_sightings(url, [words.window(event=f"Rubezh-{URLS.index(url)}")], at)


def _said(archive: Archive) -> tuple[object, ...]:
    """All that was recorded of each page, but for numbers that tell the order of recording."""
    assert archive.verify() == ()
    return (
        archive.page_states("site-en"),
        [archive.revision(url, revision.number) for url in URLS for revision in archive.revisions(url)],
        [
            [(told.change, told.detected, told.to_revision) for told in archive.changes(url=url)]
            for url in URLS
        ],
        archive.events(),
        [archive.last_good_body(url) for url in URLS],
        archive.known().candidates(words_of_query(), ["Rubezh-1"]),
        archive.baseline_list(),
    )


def words_of_query() -> str:
    return "https://en.example.org/b/ says: september."


@RECORDED
@given(
    order=st.permutations([url for url in URLS for _ in range(VISITS)]),
    times=st.lists(st.integers(1, 3), min_size=9, max_size=9),
    loads=st.integers(1, 3),
)
def test_any_order_of_pages_and_any_repetition_give_the_same_archive(words, order, times, loads) -> None:
    found = []
    for chosen, repeated, loaded in ((order, times, loads), (sorted(order), [1] * 9, 1)):
        with (
            tempfile.TemporaryDirectory() as folder,
            open_archive(Path(folder) / "x.db", write=True, create=True) as archive,
        ):
            archive.sync_sources({"site-en": "en"})
            run = archive.begin_run(words.noon, "crawl", [])
            for _ in range(loaded):
                archive.add_baseline(words.text("Rubezh is planned."), ((words.window(),),), words.noon)
            seen: dict[str, int] = {}
            for url, count in zip(chosen, repeated, strict=True):
                number = seen.get(url, 0)
                seen[url] = number + 1
                _visit(archive, words, run, url, number, count)
            found.append(_said(archive))

    assert found[0] == found[1]


@RECORDED
@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(list(PageRole)))))
def test_looks_are_counted_whatever_they_found(words, visits) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        open_archive(Path(folder) / "x.db", write=True, create=True) as archive,
    ):
        archive.sync_sources({"site-en": "en"})
        run = archive.begin_run(words.noon, "crawl", [])
        for number, role in visits:
            archive.record_capture(run, words.fetched(f"https://en.example.org/{role}/{number}/", role=role))
        (covered,) = archive.coverage(words.noon, words.noon + dt.timedelta(seconds=1))

    assert covered.looks == len(set(visits))
    assert covered.pages == len({number for number, role in visits if role is PageRole.ARTICLE})
