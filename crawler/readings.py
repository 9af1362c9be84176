"""What is read of a page, and by which version of the rules; without the rules, which take long to load."""

from __future__ import annotations

from dataclasses import dataclass, field

from diffing.model import Document

__all__ = ["EXTRACTOR_VERSION", "Dropped", "Reading"]

EXTRACTOR_VERSION = "7"
"""Raised with every change that can alter a document or how it is split into statements: stored pages are
then read again, quietly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A block that stands on the page and is no statement of it, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document and the blocks of the article's column that were left out of it, in page order."""

    document: Document
    dropped: tuple[Dropped, ...] = field(default=(), repr=False)
