"""Pages that their own scripts write: a browser without any network runs them, our downloader fetches.

The browser reaches nothing by itself: its names resolve to nothing, its only proxy does not exist, and what
a page asks for is handed to the downloader of the run, with all that holds for any other request: the
source's hosts, the guard's addresses, robots.txt, delays and bounds. So what a script may reach is what the
crawler may. The page itself is fetched first, as ever, and given to the browser as bytes.
"""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import importlib.util
import os
import resource
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Response
from scrapy.http.request import NO_CALLBACK

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

__all__ = ["BROWSERS", "FLAGS", "NotRendered", "RenderingMiddleware"]

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""Names under which the browser is looked for on PATH; the first is Debian's."""

FLAGS = (
    # nothing may leave by itself: no name resolves, not even an address, and the proxy does not exist
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://never.invalid:1",
    "--proxy-bypass-list=<-loopback>",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--no-first-run",
)

MOST_PARTS = 60
"""Requests of one page that are answered: a page of a large news site makes 20 to 40 for scripts and data."""

MOST_BYTES = 20 << 20
"""Bytes of them that are answered."""

SETTLED_WITHIN = 20.0
"""Seconds after which a page that goes on asking is taken as it is: some poll for ever."""

AT_ONCE = 2
"""Pages that are open at a time: each takes 50 to 100 MB beside the browser's 200."""

# What text needs: pictures, fonts and styles are not asked for, nor is anything sent.
_ASKED = frozenset({"document", "script", "xhr", "fetch"})
_PASSED_ON = ("accept", "x-requested-with", "referer")
_OF_THE_WIRE = frozenset({"content-encoding", "content-length", "transfer-encoding", "set-cookie"})


class NotRendered(IgnoreRequest):
    """A page could not be shown by the browser; the message says why, and the remedy where there is one."""


def _missing() -> str | None:
    """What keeps pages from being rendered here; None: nothing."""
    if importlib.util.find_spec("playwright") is None:
        return "`render = true` needs a browser: pip install 'csto-watch[browser]', apt install chromium"
    if _browser() is None:
        return (
            "`render = true` needs a browser, and there is no "
            f"{' or '.join(BROWSERS[:2])} on PATH: apt install chromium, or name one in CSTOWATCH_BROWSER"
        )
    return None


def _browser() -> str | None:
    named = os.environ.get("CSTOWATCH_BROWSER")
    if named:
        return shutil.which(named)
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@contextlib.contextmanager
def _room() -> Iterator[None]:
    """Programs started meanwhile may reserve as much address space as the system lets them.

    A crawl of the daemon has a limit of a few GB; a browser reserves terabytes and uses 300 MB.
    """
    limits = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limits[1], limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)


@dataclass(slots=True)
class _Spent:
    """What one page has asked for, and whether it was given what it is made of."""

    parts: int = 0
    size: int = 0
    given: bool = False


@dataclass(slots=True)
class _Browser:
    """The browser, started when the first page needs it."""

    agent: str
    starting: asyncio.Lock = field(default_factory=asyncio.Lock)
    player: Any = None
    running: Any = None

    async def page_context(self, language: str) -> Any:
        """A context that shares nothing with others. Raises playwright's Error where no browser starts."""
        async with self.starting:
            if self.running is None or not self.running.is_connected():
                await self.stop()
                from playwright.async_api import async_playwright

                with _room():
                    self.player = await async_playwright().start()
                self.running = await self.player.chromium.launch(
                    executable_path=_browser(), args=list(FLAGS), chromium_sandbox=os.geteuid() != 0
                )
        return await self.running.new_context(
            user_agent=self.agent,
            locale=language,
            service_workers="block",
            accept_downloads=False,
        )

    async def stop(self) -> None:
        """Ends the browser, also one that does not answer any more."""
        running, player = self.running, self.player
        self.running = self.player = None
        with contextlib.suppress(Exception):
            if running is not None:
                await asyncio.wait_for(running.close(), 5)
        with contextlib.suppress(Exception):
            if player is not None:
                await asyncio.wait_for(player.stop(), 5)


class RenderingMiddleware:
    """Shows pages that ask for it (`render` in their meta) to a browser; hands on what it made of them."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        # Twice the time of an answer for all that a page asks for; delays between requests count.
        self._seconds = 2 * settings.getfloat("DOWNLOAD_TIMEOUT")
        self._largest = settings.getint("DOWNLOAD_MAXSIZE")
        self._browser = _Browser(agent=settings.get("USER_AGENT") or "csto-watch")
        self._open = asyncio.Semaphore(AT_ONCE)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to build it."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.close, signal=signals.spider_closed)
        return middleware

    async def close(self) -> None:
        """Ends the browser with the run."""
        await self._browser.stop()

    def process_request(self, request: Request) -> None:
        """Scrapy's hook; raises NotRendered where there is no browser."""
        if request.meta.get("render") and (missing := _missing()):
            raise NotRendered(missing)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Scrapy's hook; raises NotRendered."""
        if not (request.meta.get("render") and response.status == 200 and isinstance(response, HtmlResponse)):
            return response
        async with self._open:
            text = await self._rendered(request, response)
        # The mark says that it is UTF-8, whatever the page says that it was.
        body = codecs.BOM_UTF8 + text.encode("utf-8", "replace")
        if len(body) > self._largest:
            raise NotRendered(f"the page grew to more than the {self._largest:,} bytes that are read of any")
        return response.replace(body=body, encoding="utf-8", flags=[*response.flags, "rendered"])

    async def _rendered(self, request: Request, response: Response) -> str:
        """The page's markup once its scripts have run."""
        from playwright.async_api import Error

        language = (request.headers.get("Accept-Language") or b"en").decode("latin-1").partition(",")[0]
        try:
            context = await self._browser.page_context(language)
            return await asyncio.wait_for(self._shown(context, request, response), self._seconds)
        except TimeoutError as error:
            # A page that never rests keeps its browser from ending, too.
            await self._browser.stop()
            raise NotRendered(f"its scripts did not come to an end within {self._seconds:g} s") from error
        except Error as error:
            raise NotRendered(f"the browser could not show it ({error.message.splitlines()[0]})") from error

    async def _shown(self, context: Any, request: Request, response: Response) -> str:
        from playwright.async_api import Error, Page, Route, WebSocketRoute

        spent = _Spent()

        async def answer(route: Route) -> None:
            with contextlib.suppress(Error):  # the page may be gone before its answer comes
                await self._answer(route, request, response, spent)

        async def refuse(socket: WebSocketRoute) -> None:
            await socket.close()

        async def shut(page: Page) -> None:
            if page is not shown:
                await page.close()

        try:
            await context.route("**/*", answer)
            await context.route_web_socket("**/*", refuse)
            shown = await context.new_page()
            context.on("page", shut)
            await shown.goto(response.url, wait_until="commit", timeout=0)
            # A page of which a part hangs, or that goes on asking, is taken as it is by then.
            with contextlib.suppress(Error):
                await shown.wait_for_load_state("networkidle", timeout=1000 * self._settled)
            text: str = await shown.content()
            return text
        finally:
            with contextlib.suppress(Error, TimeoutError):
                await asyncio.wait_for(context.close(), 2)

    @property
    def _settled(self) -> float:
        return min(SETTLED_WITHIN, self._seconds / 3)

    async def _answer(self, route: Any, request: Request, response: Response, spent: _Spent) -> None:
        """Gives the page its own bytes first, then what it asks for, as far as the crawler may ask."""
        asked = route.request
        top = asked.is_navigation_request() and asked.frame.parent_frame is None
        if top and not spent.given:
            spent.given = True
            await route.fulfill(status=200, headers=_headers(response), body=response.body)
            return
        spent.parts += 1
        wanted = asked.resource_type in _ASKED and asked.method in {"GET", "HEAD"}
        if top or not wanted or spent.parts > MOST_PARTS or spent.size > MOST_BYTES:
            # Refused in this way, a page that is to be left for another stands as it is.
            await route.abort("aborted" if top else "blockedbyclient")
            return
        part = await self._fetched(asked, request)
        if part is None:
            await route.abort("failed")
            return
        spent.size += len(part.body)
        await route.fulfill(status=part.status, headers=_headers(part), body=part.body)

    async def _fetched(self, asked: Any, request: Request) -> Response | None:
        """What the crawler's own downloader has of it; None: it was refused, or there was no answer."""
        headers = {name: value for name in _PASSED_ON if (value := asked.headers.get(name))}
        engine = self._crawler.engine
        if engine is None:
            return None
        try:
            return await engine.download_async(
                Request(
                    asked.url,
                    method=asked.method,
                    callback=NO_CALLBACK,
                    dont_filter=True,
                    headers={**headers, "Accept-Language": request.headers.get("Accept-Language", b"en")},
                    meta={"hosts": request.meta.get("hosts", frozenset())},
                )
            )
        except Exception:  # noqa: BLE001 (whatever keeps it from us, the page does without)
            return None


def _headers(response: Response) -> Mapping[str, str]:
    """The answer's headers as a browser may have them: the body is unpacked, and cookies are not kept."""
    return {
        name.decode("latin-1"): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
        if name.decode("latin-1").lower() not in _OF_THE_WIRE
    }
