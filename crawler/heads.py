"""How much of an answer's head is read: Scrapy bounds bodies, not the lines before them."""

from __future__ import annotations

from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS

__all__ = ["BoundedHeads", "HeadTooLarge"]

# Browsers read 256 KB of header lines; the largest head of a news site that was seen has 6 KB. Without
# a bound 200 MB of header lines of 1 KB cost 441 MB of memory and ended as an empty page of status 200.
LARGEST_HEAD = 256 << 10


class HeadTooLarge(Exception):
    """The header lines are more than is read of any answer."""


class _Protocol(_LenientHTTP11ClientProtocol):
    """Scrapy's own, which counts what comes before the body."""

    _head = 0

    def request(self, request: Any) -> Any:
        self._head = 0
        return super().request(request)

    def dataReceived(self, bytes: Any) -> None:  # noqa: A002, N802 (Twisted's interface)
        if self._parser is not None and self._parser.state in {STATUS, HEADER}:
            self._head += len(bytes)
            if self._head > LARGEST_HEAD:
                error = HeadTooLarge(f"more than {LARGEST_HEAD >> 10} KiB of header lines")
                self._giveUp(Failure(error))  # type: ignore[no-untyped-call]  # Twisted has no types there
                return
        super().dataReceived(bytes)  # type: ignore[no-untyped-call]  # nor there


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _Protocol:  # noqa: ARG002, N802 (Twisted's interface)
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]  # Twisted has no types there


class BoundedHeads(HTTP11DownloadHandler):
    """Scrapy's handler for http and https, of which no answer's head is larger than LARGEST_HEAD."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _Factory  # noqa: SLF001 (where Scrapy puts its own; there is no other place)
