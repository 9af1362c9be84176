"""A web server on this machine that shows the bundled replica of an official site on any day of its year."""

from __future__ import annotations

import datetime as dt
import email.utils
import hashlib
import itertools
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jinja2

from diffing.model import Block, BlockKind
from seeds.replica import Article, ReplicaSite

__all__ = ["Replica", "served"]

# Bitrix's own folders, as every site of that make forbids them, and the search pages.
_ROBOTS = "User-agent: *\nDisallow: /bitrix/\nDisallow: /en/search/\nDisallow: /ru/search/\n"
_ALSO = 5  # titles in the side column


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What is sent back: status, headers beside the length, and the body."""

    status: HTTPStatus
    body: bytes = field(default=b"", repr=False)
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)


class Replica:
    """The site as a server sees it: `day` is the day it shows, `requests` the paths asked for so far.

    Every answer is made anew from the data, so that a new `day` is in force with the next request.
    Counters, clocks and session numbers differ at every answer, and nothing else does.
    """

    def __init__(self, site: ReplicaSite, day: dt.date, origin: str) -> None:
        self.day = day
        self.origin = origin
        self._site = site
        self._requests: list[str] = []
        self._numbers = itertools.count(1)  # one step a request: what makes two answers differ
        self._environment = jinja2.Environment(
            loader=jinja2.DictLoader(dict(site.templates)), autoescape=True, undefined=jinja2.StrictUndefined
        )

    @property
    def requests(self) -> tuple[str, ...]:
        """Path and query of every request so far, in order of arrival."""
        return tuple(self._requests)

    def answer(self, target: str, wanted: str | None = None, since: str | None = None) -> _Answer:
        """The answer to a request for `target`; `wanted`: If-None-Match, `since`: If-Modified-Since."""
        self._requests.append(target)
        number = next(self._numbers)
        day = self.day  # one answer shows one day, even while the demo turns to the next
        parts = urlsplit(target)
        if parts.path == "/robots.txt":
            return _Answer(
                status=HTTPStatus.OK,
                body=_ROBOTS.encode(),
                headers=(("Content-Type", "text/plain; charset=utf-8"),),
            )
        language, *rest = parts.path.strip("/").split("/")
        if language in self._site.words and parts.path.endswith("/"):
            match rest:
                case ["news", "news_odkb"]:
                    return self._listing(
                        day, language, parse_qs(parts.query).get("PAGEN_1", ["1"])[0], number
                    )
                case ["news", "news_odkb", slug]:
                    for page in self._site.on(day, language):
                        if page.slug == slug:
                            return self._article(day, page, wanted, since, number)
        return self._missing(day, language if language in self._site.words else "en", number)

    def _listing(self, day: dt.date, language: str, asked: str, number: int) -> _Answer:
        articles = self._site.on(day, language)
        size = self._site.page_size
        pages = max(1, -(-len(articles) // size))
        # Bitrix shows the first page for a number that it has no page for.
        page = int(asked) if asked.isdecimal() and len(asked) < 5 and 1 <= int(asked) <= pages else 1
        body = self._render(
            day, language, number, listed=articles[(page - 1) * size : page * size], page=page, pages=pages
        )
        return _Answer(status=HTTPStatus.OK, body=body)

    def _article(
        self, day: dt.date, page: Article, wanted: str | None, since: str | None, number: int
    ) -> _Answer:
        others = [other for other in self._site.on(day, page.language) if other.slug != page.slug]
        body = self._render(
            day,
            page.language,
            number,
            article=page,
            parts=tuple(_parts(page.blocks)),
            teasers=others[: page.teasers],
        )
        headers = [("Content-Type", "text/html; charset=utf-8")]
        fresh = False
        if page.validator == "etag":
            tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            headers.append(("ETag", tag))
            fresh = wanted is not None and tag in {each.strip() for each in wanted.split(",")}
        elif page.validator == "modified":
            midnight = dt.datetime.combine(self._site.changed(day, page.language), dt.time(), dt.UTC)
            headers.append(("Last-Modified", email.utils.format_datetime(midnight, usegmt=True)))
            fresh = wanted is None and since is not None and _is_since(since, midnight)
        if fresh:
            return _Answer(status=HTTPStatus.NOT_MODIFIED, headers=tuple(headers[1:]))
        return _Answer(status=HTTPStatus.OK, body=body, headers=tuple(headers))

    def _missing(self, day: dt.date, language: str, number: int) -> _Answer:
        return _Answer(status=HTTPStatus.NOT_FOUND, body=self._render(day, language, number, missing=True))

    def _render(self, day: dt.date, language: str, number: int, **page: Any) -> bytes:
        article = page.get("article")
        moving = article is None or article.counter
        words = self._site.words[language]
        # Without a counter nothing may move, or the page's validator would be false.
        nonce = hashlib.sha256(str(number if moving else 0).encode()).hexdigest()[:32]

        def address(slug: str, session: bool) -> str:
            return f"/{language}/news/news_odkb/{slug}/" + (f"?bxajaxid={nonce}" if session else "")

        context = {
            "day": day,
            "language": language,
            "words": words,
            "nonce": nonce,
            "clock": f"{day.day} {words['months'][day.month - 1]} {day.year} / 09:{number % 60:02}"
            if moving
            else None,
            "views": 40 + 7 * number if moving else None,
            "also": [
                other
                for other in self._site.on(day, language)
                if article is None or other.slug != article.slug
            ][:_ALSO],
            "address": address,
            "article": None,
            "missing": False,
            **page,
        }
        return self._environment.get_template(self._site.look(day)).render(context).encode()


def _parts(blocks: Iterable[Block]) -> Iterator[tuple[str, str | list[str]]]:
    """("text" | "quote", words) and ("list", items), in order."""
    for is_item, group in itertools.groupby(blocks, key=lambda block: block.kind is BlockKind.ITEM):
        if is_item:
            yield "list", [block.text for block in group]
        else:
            yield from (("quote" if block.kind is BlockKind.QUOTE else "text", block.text) for block in group)


def _is_since(since: str, changed: dt.datetime) -> bool:
    """True when nothing changed after the HTTP date `since`; False where it is no date."""
    try:
        asked = email.utils.parsedate_to_datetime(since)
    except ValueError:
        return False
    return asked.tzinfo is not None and asked >= changed


class _Server(ThreadingHTTPServer):
    """A server that knows its replica; it waits for no request when it is closed."""

    daemon_threads = True
    block_on_close = False
    replica: Replica

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Passes over a client that went away in the middle; anything else is told as usual."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """GET and HEAD, over connections that stay open."""

    protocol_version = "HTTP/1.1"
    server_version = "replica"
    sys_version = ""
    timeout = 30  # seconds an idle connection may hold its thread
    # Head and body are written one after the other: with Nagle's algorithm each page takes 40 ms more.
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._send(with_body=True)

    def do_HEAD(self) -> None:
        self._send(with_body=False)

    def _send(self, *, with_body: bool) -> None:
        answer = self.server.replica.answer(
            self.path, self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")
        )
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if with_body:
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Says nothing: the demo reports what was looked at, not every request."""


@contextmanager
def served(site: ReplicaSite, day: dt.date) -> Iterator[Replica]:
    """The site, served on a free port of 127.0.0.1 for as long as the block runs."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.replica = Replica(site, day, f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server.replica
        finally:
            server.shutdown()
            thread.join()
