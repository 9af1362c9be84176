"""A small official site in memory, crawled without a network into a real archive by the real cycle."""

from __future__ import annotations

import datetime as dt
import email
import email.message
import email.policy
import html
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from diffing.model import Fetched, Gazetteer, PageRole
from monitor.cycle import RunReport, run_cycle
from seeds.gazetteer import load_gazetteer
from seeds.sources import Source
from storage.archive import Archive, open_archive

ENGLISH = Source(
    name="site-en", language="en", start=("https://en.example.org/news/",), articles=r"/news/[^/?]+/$"
)
RUSSIAN = Source(
    name="site-ru", language="ru", start=("https://ru.example.org/news/",), articles=r"/news/[^/?]+/$"
)
TABLES = ("changes", "revisions", "revision_statements", "known", "facts", "statements", "sightings", "words")


def markup(
    title: str, *paragraphs: str, date: str = "11.09.2025", teasers: tuple[str, ...] = (), views: int = 7
) -> bytes:
    """An article's page, with side column and counter."""
    own = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs)
    others = "".join(f"<p>{html.escape(teaser)}</p>" for teaser in teasers)
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title></head><body><div class='content'>{others}"
        f"<h1>{title}</h1><p>{date}</p>{own}<p>Views: {views}</p></div>"
        "<div class='right'><a href='/news/'>All news</a></div></body></html>"
    ).encode()


@dataclass
class Site:
    """`pages` maps the name of a page to its body, its status, the name it redirects to, or an error."""

    archive: Archive
    pages: dict[str, Any] = field(default_factory=dict)
    sources: tuple[Source, ...] = (ENGLISH,)
    breaks_after: int | None = None
    watched: tuple[Source, ...] | None = None
    gazetteer: Gazetteer = field(default_factory=load_gazetteer)
    listing: bytes = b"<a href='/'>x</a>"
    listing_status: int = 200

    def url(self, name: str) -> str:
        """`ru/name` is a page of the Russian edition; the front page of the English one has no name."""
        if name.startswith("ru/"):
            return f"https://ru.example.org/news/{name[3:]}/"
        return f"https://en.example.org/news/{name}/" if name else "https://en.example.org/"

    def run(self, at: dt.datetime | str) -> RunReport:
        """One run at that time over all pages, in the order of `pages`."""
        now = dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC) if isinstance(at, str) else at

        def crawl(sources: Any, _: Any, deliver: Callable[[Fetched], None]) -> None:
            for source in sources:
                body, status = self.listing, self.listing_status
                deliver(visit(source, PageRole.LISTING, source.start[0], body=body, status=status))
            for count, (name, answer) in enumerate(self.pages.items()):
                if count == self.breaks_after:
                    raise ConnectionError("the network went away")
                source = next(s for s in sources if s.name.endswith("ru") == name.startswith("ru/"))
                deliver(self._answered(source, name, answer))

        def visit(source: Source, role: PageRole, url: str, **answer: Any) -> Fetched:
            return _visit(source, role, url, now, **answer)

        self._now = now
        return run_cycle(self.archive, self.sources, self.gazetteer, crawl, now, watched=self.watched)

    def _answered(self, source: Source, name: str, answer: Any) -> Fetched:
        url, article = self.url(name), PageRole.ARTICLE
        match answer:
            case bytes():
                return _visit(source, article, url, self._now, body=answer)
            case int():
                return _visit(source, article, url, self._now, status=answer)
            case (str() as target, bytes() as body):
                return _visit(source, article, url, self._now, final_url=self.url(target), body=body)
            case (str() as target, int() as status):
                return _visit(source, article, url, self._now, final_url=self.url(target), status=status)
            case _:
                return _visit(source, article, url, self._now, status=None, error=str(answer))

    def changes(self, **chosen: Any) -> list[str]:
        """The kinds of all changes recorded so far, oldest first."""
        return [recorded.change.kind.value for recorded in reversed(self.archive.changes(**chosen))]

    def outcomes(self, name: str) -> list[str]:
        """The outcome of each visit to a page, oldest first."""
        rows = self.archive._connection.rows(
            "SELECT outcome FROM v_captures WHERE url = ? ORDER BY id", (self.url(name),)
        )
        return [row["outcome"] for row in rows]

    def window(self, event: str) -> tuple[str, str] | None:
        """First and last day that stand for an event."""
        from diffing.ledger import current
        from diffing.model import Attribute, Window

        stands = current(self.archive.event_facts(event)).get(Attribute.WINDOW)
        if stands is None or not isinstance(stands.fact.value, Window):
            return None
        return stands.fact.value.start.isoformat(), stands.fact.value.end.isoformat()

    def rows(self, *tables: str) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of what is understood; for "nothing was written"."""
        return {
            table: [tuple(row) for row in self.archive._connection.rows(f"SELECT * FROM {table}")]
            for table in tables or TABLES
        }


def _visit(
    source: Source, role: PageRole, url: str, now: dt.datetime, *,
    status: int | None = 200, body: bytes = b"", final_url: str | None = None, error: str | None = None,
) -> Fetched:  # fmt: skip
    return Fetched(
        source=source.name, role=role, url=url, final_url=final_url or url, fetched_at=now, status=status,
        headers=(("Content-Type", "text/html; charset=utf-8"),), body=body, error=error,
    )  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with open_archive(tmp_path / "cstowatch.db", write=True, create=True) as archive:
        yield Site(archive)


@pytest.fixture
def bilingual(site: Site) -> Site:
    """The site with a Russian edition."""
    site.sources = (ENGLISH, RUSSIAN)
    return site


@pytest.fixture
def page() -> Callable[..., bytes]:
    return markup


@pytest.fixture
def sites(tmp_path: Path) -> Iterator[Callable[[], Site]]:
    """Makes as many sites with an archive of their own as a test asks for."""
    opened: list[Archive] = []

    def make() -> Site:
        path = tmp_path / f"{len(opened)}.db"
        opened.append(open_archive(path, write=True, create=True))
        return Site(opened[-1])

    yield make
    for archive in opened:
        archive.close()


@dataclass
class Postbox:
    """An SMTP server's memory; `answers` are given to the messages that come, then all are taken.

    `kill` is a process that gets `signal` when its message was taken, or, with `kill_before`, before that.
    """

    letters: list[email.message.EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    kill: int | None = None
    kill_before: bool = False
    signal: int = signal.SIGKILL

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.kill is not None and self.kill_before:
            os.kill(self.kill, self.signal)
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - likewise
        if self.answers:
            return self.answers.pop(0)
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        self.recipients.append(list(envelope.rcpt_tos))
        if self.kill is not None:
            os.kill(self.kill, self.signal)
        return "250 OK"


class Mailserver:
    """An SMTP server on loopback that can be taken down and come back on the same port."""

    def __init__(self, postbox: Postbox, **chosen: Any) -> None:
        self.port = 0
        self._postbox = postbox
        self._chosen = chosen
        self.up()

    def up(self) -> None:
        from aiosmtpd.controller import Controller

        class OnAnyPort(Controller):
            def _trigger_server(self) -> None:
                self.port = self.server.sockets[0].getsockname()[1]
                super()._trigger_server()

        self._controller = OnAnyPort(
            self._postbox, hostname="127.0.0.1", port=self.port, ready_timeout=10, **self._chosen
        )
        self._controller.start()
        self.port = self._controller.port

    def down(self) -> None:
        self._controller.stop(no_assert=True)


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def mailservers(postbox: Postbox) -> Iterator[Callable[..., Mailserver]]:
    """Makes servers with the options of aiosmtpd's controller that a test asks for."""
    made: list[Mailserver] = []

    def make(**chosen: Any) -> Mailserver:
        made.append(Mailserver(postbox, **chosen))
        return made[-1]

    yield make
    for server in made:
        server.down()


@pytest.fixture
def mailserver(mailservers: Callable[..., Mailserver]) -> Mailserver:
    return mailservers()
