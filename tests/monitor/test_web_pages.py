"""The pages of the web view asked directly: rows over several pages, the feed, what needs a person."""

from __future__ import annotations

import datetime as dt
import html
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from diffing.model import (
    Change,
    ChangeKind,
    Document,
    Fetched,
    Outcome,
    PageRole,
    Significance,
    TroubleKind,
)
from monitor.web.pages import Desk
from seeds.gazetteer import load_gazetteer
from storage.archive import Archive, open_archive

SEVEN = dt.datetime(2025, 9, 11, 7, tzinfo=dt.UTC)
PAGE = Document(language="en", title="A page", published=None, published_evidence=None, blocks=())


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = SEVEN

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def archive(tmp_path: Path):
    with open_archive(tmp_path / "cstowatch.db", write=True, create=True) as opened:
        opened.sync_sources({"site-en": "en"})
        yield opened


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(archive: Archive, clock: Clock):
    return Desk(database=archive.path, zone=ZoneInfo("UTC"), gazetteer=load_gazetteer(), clock=clock)


def found(archive: Archive, changes: int) -> None:
    """One visit that brought so many changes, all at one time."""
    url = "https://en.example.org/news/a/"
    capture = archive.record_capture(
        archive.begin_run(SEVEN, "crawl", ["site-en"]),
        Fetched(
            source="site-en", role=PageRole.ARTICLE, url=url, final_url=url, fetched_at=SEVEN, status=200,
            body=b"News.",
        ),
    )  # fmt: skip
    archive.record_revision(
        capture, Outcome.NEW, PAGE, (), (),
        [
            Change(
                kind=ChangeKind.STATEMENT_NEW, significance=Significance.LOW, new_statements=(f"News {n}.",)
            )
            for n in range(changes)
        ],
        said_on=SEVEN.date(), extractor="1", understood_at=SEVEN, accepted=(), text_hash="1",
    )  # fmt: skip


def test_older_pages_show_every_change_once_though_all_were_noticed_at_one_time(archive, desk):
    found(archive, 450)
    asked, shown = {}, []
    while asked is not None:
        page = desk.changes(asked).body
        shown += re.findall(r"<blockquote>News (\d+)\.", page)
        older = re.search(r'href="/changes\?[^"]*before=(\d+)"', html.unescape(page))
        asked = {"before": older[1]} if older else None

    assert sorted(map(int, shown)) == list(range(450))


def test_the_feed_is_the_same_at_every_poll_until_something_is_new(archive, desk, clock):
    quiet = desk.feed().body
    clock.now += dt.timedelta(hours=1)

    assert desk.feed().body == quiet
    assert "<entry>" not in quiet
    found(archive, 1)
    assert desk.feed().body.count("<entry>") == 1


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_out_of_reach_is_not_there(archive, desk, day):
    answer = desk.digest(day)

    assert answer.status == 404
    assert "out of reach" in answer.body


def test_what_needs_a_person_is_told_by_its_kind_and_its_detail(archive, desk):
    archive.begin_trouble("site-en", TroubleKind.SHRUNK, "the texts of 5 of 6 pages", SEVEN)

    assert "the text of many pages shrank at once: the texts of 5 of 6 pages" in desk.front().body
