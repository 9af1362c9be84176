"""Values that the archive's tests are told in."""

# ruff: noqa: E501 - a table of values reads better in one line

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from diffing.model import (
    Attribute,
    Change,
    ChangeKind,
    Document,
    Fact,
    Fetched,
    KnownText,
    Outcome,
    PageRole,
    Precision,
    Significance,
    Statement,
    Window,
)
from diffing.normal import normalise
from storage.archive import Archive, open_archive

NOON = dt.datetime(2025, 9, 11, 12, 0, tzinfo=dt.UTC)
URL = "https://en.example.org/news/exercise-moves-to-september/"
AUTUMN = Window(start=dt.date(2025, 10, 1), end=dt.date(2025, 10, 15), precision=Precision.PART)
SEPTEMBER = Window(start=dt.date(2025, 9, 17), end=dt.date(2025, 9, 20), precision=Precision.DAY)


class Words:
    """Makes the values of a story with as few words as the test needs."""

    noon = NOON
    url = URL
    autumn = AUTUMN
    september = SEPTEMBER

    @staticmethod
    def statement(text: str, index: int = 0, lead_in: str | None = None, language: str = "en") -> Statement:
        return Statement(index=index, text=text, normal=normalise(text), language=language, lead_in=lead_in)

    @staticmethod
    def window(window: Window = SEPTEMBER, event: str = "Rubezh-2025", quote: str = "17 to 20") -> Fact:
        return Fact(event=event, attribute=Attribute.WINDOW, value=window, quote=quote)

    @staticmethod
    def text(
        *texts: str, origin: str = "briefing", said_on: dt.date | None = dt.date(2025, 1, 30)
    ) -> KnownText:
        statements = tuple(Words.statement(text, index) for index, text in enumerate(texts))
        return KnownText(origin=origin, language="en", said_on=said_on, statements=statements)

    @staticmethod
    def fetched(
        url: str = URL,
        *,
        at: dt.datetime = NOON,
        body: bytes = b"<p>It moves.</p>",
        status: int | None = 200,
        role: PageRole = PageRole.ARTICLE,
        headers: tuple[tuple[str, str], ...] = (("Server", "nginx"), ("ETag", '"v1"'), ("Date", "now")),
        error: str | None = None,
        source: str = "site-en",
    ) -> Fetched:
        return Fetched(
            source=source, role=role, url=url, final_url=url, fetched_at=at, status=status,
            request_headers=(("User-Agent", "test"),), headers=headers, body=body, error=error, address="127.0.0.1",
        )  # fmt: skip

    @staticmethod
    def document(
        title: str | None = "It moves", published: dt.date | None = dt.date(2025, 9, 11)
    ) -> Document:
        return Document(
            language="en", title=title, published=published, published_evidence="selector", blocks=()
        )

    @staticmethod
    def rescheduled(new: Window = SEPTEMBER) -> Change:
        return Change(
            kind=ChangeKind.RESCHEDULED, significance=Significance.HIGH, event="Rubezh-2025",
            attribute=Attribute.WINDOW, old=AUTUMN, new=new, shift_days=-14, reason="known: October",
        )  # fmt: skip

    @staticmethod
    def page(
        archive: Archive, *texts: str, url: str = URL, at: dt.datetime = NOON, body: bytes | None = None,
        changes: tuple[Change, ...] = (), facts: tuple[Fact, ...] = (), source: str = "site-en",
        title: str = "It moves", language: str = "en",
    ) -> int:  # fmt: skip
        """Visits, understands and records a page whose first statement asserts the facts; the capture."""
        run = archive.begin_run(at, "crawl", [source])
        sent = body if body is not None else "\n".join(texts).encode()
        capture = archive.record_capture(run, Words.fetched(url, at=at, body=sent, source=source))
        statements = tuple(
            Words.statement(text, index, language=language) for index, text in enumerate(texts)
        )
        outcome = Outcome.CHANGED if archive.revisions(url) else Outcome.NEW
        archive.record_revision(
            capture, outcome, Words.document(title), statements,
            [facts if index == 0 else () for index in range(len(texts))], changes,
            said_on=at.date(), extractor="1", understood_at=at, accepted=range(len(texts)), text_hash=str(texts),
        )  # fmt: skip
        return capture


@pytest.fixture
def words() -> type[Words]:
    return Words


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "cstowatch.db"


@pytest.fixture
def archive(database: Path) -> Iterator[Archive]:
    with open_archive(database, write=True, create=True, now=NOON) as opened:
        opened.sync_sources({"site-en": "en", "site-ru": "ru"})
        yield opened


@pytest.fixture
def opened(database: Path) -> Callable[[], Archive]:
    """Makes another reader of the archive."""
    return lambda: open_archive(database)
