"""A dry run of one source: what its listings lead to, and what is read from its newest pages."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from crawler.errors import NothingReadable
from crawler.extraction import extract
from crawler.links import read_listing
from crawler.run import crawl
from crawler.teasers import Dropped, Teasers, learn, without_teasers
from diffing.model import Document, Fetched, PageRole, Statement
from diffing.statements import split
from seeds.sources import Source

__all__ = ["Trial", "try_source"]

# One page alone cannot show which of its blocks stand on others too.
PAGES_TRIED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a dry run found. `document` is the first page that could be read (None: none could)."""

    listings: tuple[Fetched, ...]
    links: tuple[str, ...]
    visits: tuple[Fetched, ...]
    unreadable: tuple[tuple[str, str], ...]
    document: Document | None
    statements: tuple[Statement, ...]
    dropped: tuple[Dropped, ...]


def try_source(source: Source, now: dt.datetime, contact: str, teasers: str | None) -> Trial:
    """Visits the source's listings and its newest pages, keeping nothing.

    `teasers` is what the archive has learned of the source, as it is stored; None: nothing yet.
    """
    visits: list[Fetched] = []
    crawl([source], {}, visits.append, now=now, contact=contact, limit=PAGES_TRIED)
    listings = tuple(visit for visit in visits if visit.role is PageRole.LISTING)
    pages = tuple(visit for visit in visits if visit.role is PageRole.ARTICLE)
    documents: dict[str, Document] = {}
    unreadable: list[tuple[str, str]] = []
    for page in pages:
        try:
            documents[page.final_url] = _document(page, source)
        except NothingReadable as error:
            unreadable.append((page.url, error.reason))
    learned = learn(Teasers.from_json(teasers), documents, {})
    document: Document | None = None
    dropped: tuple[Dropped, ...] = ()
    for url, read in documents.items():
        document, dropped = without_teasers(read, url, learned)
        break
    return Trial(
        listings=listings,
        links=_article_links(listings, source),
        visits=pages,
        unreadable=tuple(unreadable),
        document=document,
        statements=split(document) if document else (),
        dropped=dropped,
    )


def _document(page: Fetched, source: Source) -> Document:
    if page.status != 200:
        raise NothingReadable(page.error or f"the server answered {page.status}")
    return extract(
        page.body, page.headers, page.final_url,
        language=source.language, content=source.content, date=source.date, timezone=source.timezone,
    )  # fmt: skip


def _article_links(listings: tuple[Fetched, ...], source: Source) -> tuple[str, ...]:
    links = [
        link
        for listing in listings
        for link in read_listing(listing.body, listing.header("Content-Type"), listing.final_url).pages
        if re.search(source.articles, link)
    ]
    return tuple(dict.fromkeys(links))
