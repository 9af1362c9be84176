"""What can go wrong between asking for a page and understanding it."""

from __future__ import annotations

__all__ = ["CrawlFailed", "CrawlerError", "NothingReadable"]


class CrawlerError(Exception):
    """The root of this package's errors."""


class NothingReadable(CrawlerError):
    """A page answered, and no text could be read from it.

    `reason` says in one line what was found, in words for the person who looks after the source.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CrawlFailed(CrawlerError):
    """The run itself broke, not a page or a source: what was delivered before stands."""
