"""What a site's robots.txt allows, by RFC 9309: silence of the server is a no, absence of the file a yes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http.request import NO_CALLBACK

from crawler.failures import Trouble, trouble
from crawler.manners import manners_of
from crawler.urls import host_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

__all__ = ["Forbidden", "RobotsMiddleware", "Rules", "rules_of"]

# RFC 9309, 2.5: at least the first 500 KiB are parsed. What comes after is not even downloaded:
# 30 MB of it cost stock Scrapy 780 MB of memory.
LIMIT = 500 * 1024

# A file that announces more than this is not begun; and one that comes packed, though we asked for it
# plain, is unpacked up to this.
MOST_ANNOUNCED = 40 << 20

# Seconds. A longer Crawl-delay would hold a run for hours over a handful of pages; Nutch stops at 30.
LONGEST_DELAY = 600.0

# The word of our User-Agent that groups of a robots.txt are matched with (RFC 9309, 2.2.1).
PRODUCT = "csto-watch"


class Forbidden(IgnoreRequest):
    """The site's robots.txt keeps this address from us. `unreachable`: it could not be read."""

    def __init__(self, message: str, *, unreachable: bool) -> None:
        super().__init__(message)
        self.unreachable = unreachable


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one origin allows. `parser` None: everything; `unreachable`: nothing, and why."""

    parser: Protego | None = None
    unreachable: str | None = None

    def refusal(self, url: str) -> str | None:
        """Why the URL may not be asked for; None: it may."""
        if self.unreachable is not None:
            return self.unreachable
        if self.too_slow:
            return f"robots.txt asks for {self.delay:.0f} s between two requests, longer than a run waits"
        if self.parser is not None and not self.parser.can_fetch(url, PRODUCT):
            return "robots.txt forbids this address"
        return None

    @property
    def too_slow(self) -> bool:
        """Whether the Crawl-delay leaves a run with hardly a page: the origin is not asked then."""
        return self.delay > LONGEST_DELAY

    @property
    def delay(self) -> float:
        """The Crawl-delay asked of us, in seconds; 0 where there is none."""
        if self.parser is None:
            return 0.0
        return float(self.parser.crawl_delay(PRODUCT) or 0.0)


def rules_of(status: int, body: bytes) -> Rules:
    """The rules that a final answer (redirects followed) to a request for robots.txt means."""
    if 200 <= status < 300:
        return Rules(parser=Protego.parse(_first_lines(body).decode("utf-8-sig", "replace")))
    if 400 <= status < 500 and status != 429:
        return Rules()
    return Rules(unreachable=f"robots.txt could not be read (the server answered {status})")


def _first_lines(body: bytes) -> bytes:
    """The part that counts, without the line that the limit cuts in two."""
    if len(body) <= LIMIT:
        return body
    return body[:LIMIT].rpartition(b"\n")[0]


class RobotsMiddleware:
    """Asks for robots.txt once an origin and day, obeys it, and slows down to its Crawl-delay."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._manners = manners_of(crawler)
        self._rules: dict[str, asyncio.Task[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to build it."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.enough, signal=signals.bytes_received)
        return middleware

    def enough(self, data: bytes, request: Request) -> None:
        """Ends the download of a robots.txt of which the part that counts is there."""
        if "robots_bytes" in request.meta:
            request.meta["robots_bytes"] += len(data)
            if request.meta["robots_bytes"] > LIMIT:
                raise StopDownload(fail=False)

    async def process_request(self, request: Request) -> None:
        """Scrapy's hook; raises Forbidden."""
        if "robots_bytes" in request.meta:
            return
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._ask(origin))
        rules = await asyncio.shield(self._rules[origin])
        if not rules.too_slow:
            self._slow_down(parts.hostname or "", rules.delay)
        if reason := rules.refusal(request.url):
            raise Forbidden(reason, unreachable=rules.unreachable is not None or rules.too_slow)

    async def _ask(self, origin: str) -> Rules:
        if (copy := self._manners.robots_of(origin)) is not None:
            return rules_of(copy.status, copy.body)
        request = Request(
            f"{origin}/robots.txt",
            callback=NO_CALLBACK,
            dont_filter=True,
            # A compressed file cut at the limit might not be read at all.
            headers={"Accept-Encoding": "identity"},
            meta={"robots_bytes": 0, "download_maxsize": MOST_ANNOUNCED},
        )
        engine = self._crawler.engine
        if engine is None:
            raise RuntimeError("robots.txt is asked for only while a crawl runs")
        try:
            response: Response = await engine.download_async(request)
        except Exception as error:  # noqa: BLE001 (whatever keeps the file from us means no, RFC 9309, 2.3.1.4)
            found: Trouble = trouble(error, host_of(origin))
            # What keeps all pages of the host from us is no matter of its robots.txt.
            whole_host = found.flag in {"dns", "not-asked"}
            return Rules(
                unreachable=found.reason if whole_host else f"robots.txt could not be read ({found.reason})"
            )
        rules = rules_of(response.status, response.body)
        if rules.unreachable is None:
            self._manners.keep_robots(origin, response.status, _first_lines(response.body))
        return rules

    def _slow_down(self, host: str, delay: float) -> None:
        """Makes `delay` the host's, where it is larger: for its slot now, and for those that follow."""
        engine = self._crawler.engine
        if engine is None or delay <= 0:
            return
        slots = engine.downloader.per_slot_settings
        known = slots.setdefault(host, {})
        if float(known.get("delay", 0.0)) < delay:
            known["delay"] = delay
            if slot := engine.downloader.slots.get(host):
                slot.delay = delay
