"""How a host that is in trouble is treated: wait, try again a little, then leave it alone."""

from __future__ import annotations

import asyncio
import datetime as dt
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost

from crawler.manners import Manners, manners_of
from crawler.urls import host_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

__all__ = ["PatienceMiddleware", "retry_after"]

# Answers that another try may better (RFC 9110): the server is busy, or something on the way is.
_PASSING = frozenset({408, 429, 500, 502, 503, 504})
_PASSING_ERRORS = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    ConnectError,
    ConnectionDone,
    ConnectionLost,
)


def retry_after(value: str | None, now: dt.datetime) -> float | None:
    """The seconds that a Retry-After header asks for, counted from `now`; None: it asks for nothing.

    >>> retry_after("120", dt.datetime(2025, 1, 30, tzinfo=dt.UTC))
    120.0
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return max(0.0, (moment - now).total_seconds())


class PatienceMiddleware:
    """Tries again after a pause in which the whole host is left alone, as often as `RETRY_TIMES` says.

    The pause doubles from `PAUSE_SECONDS`; a Retry-After makes it longer. Where it would be longer than
    `PAUSE_LONGEST` the answer stands as it is, and the host is left alone for as long as it asked,
    by the runs that follow too.
    """

    def __init__(self, manners: Manners, *, times: int, pause: float, longest: float) -> None:
        self._manners = manners
        self._times = times
        self._pause = pause
        self._longest = longest
        self._not_before: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to build it."""
        settings = crawler.settings
        return cls(
            manners_of(crawler),
            times=settings.getint("RETRY_TIMES"),
            pause=settings.getfloat("PAUSE_SECONDS"),
            longest=settings.getfloat("PAUSE_LONGEST"),
        )

    async def process_request(self, request: Request) -> None:
        """Scrapy's hook: holds the request back while its host is left alone; raises Resting."""
        self._manners.refuse_while_resting(host_of(request.url))
        loop = asyncio.get_running_loop()
        # The pause may have grown while we waited; nothing but time ends it.
        while (wait := self._not_before.get(host_of(request.url), 0.0) - loop.time()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(wait)
        self._manners.refuse_while_resting(host_of(request.url))

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """Scrapy's hook: another try where one may help, else the answer."""
        if response.status not in _PASSING:
            return response
        raw = response.headers.get("Retry-After")
        asked = None
        if raw is not None:
            # The moment of a Retry-After date is the server's clock, so it is measured against the same.
            asked = retry_after(raw.decode("latin-1"), _clock_of(response))
        if asked is not None and asked > self._longest:
            self._manners.rest(host_of(request.url), asked)
        return self._again(request, asked) or response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Scrapy's hook: another try where one may help."""
        if isinstance(exception, _PASSING_ERRORS):
            return self._again(request, None)
        return None

    def _again(self, request: Request, asked: float | None) -> Request | None:
        tries = int(request.meta.get("tries", 0))
        pause = max(self._pause * 2**tries, asked or 0.0)
        if tries >= self._times or pause > self._longest:
            return None
        self._not_before[host_of(request.url)] = asyncio.get_running_loop().time() + pause
        again: Request = request.copy()
        again.dont_filter = True
        again.meta["tries"] = tries + 1
        if "robots_bytes" in again.meta:
            again.meta["robots_bytes"] = 0
        return again


def _clock_of(response: Response) -> dt.datetime:
    """The server's own time of answering; the end of time where it tells none (no date asks for a wait)."""
    raw = response.headers.get("Date")
    try:
        moment = parsedate_to_datetime((raw or b"").decode("latin-1"))
    except (ValueError, TypeError):
        return dt.datetime.max.replace(tzinfo=dt.UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
