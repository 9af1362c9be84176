"""A dry run of one source: what its listings lead to, and what is read from its newest pages."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from crawler.errors import NothingReadable
from crawler.extraction import read
from crawler.gate import refusal
from crawler.links import read_listing
from crawler.readings import Dropped, Reading
from crawler.run import crawl
from crawler.teasers import Teasers, learn, without_teasers
from diffing.model import Document, Fetched, PageRole, Statement
from diffing.statements import split
from seeds.sources import Source

__all__ = ["Trial", "try_source"]

# One page alone cannot show which of its blocks stand on others too.
PAGES_TRIED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a dry run found. `document` is the first page that could be read (None: none could).

    `dropped` are the blocks of that page which are no statements of it: first what the extraction
    left out of the article's column, then what was learned to belong to other pages.
    """

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
    readings: dict[str, Reading] = {}
    unreadable: list[tuple[str, str]] = []
    for page in pages:
        try:
            readings[page.final_url] = _reading(page, source)
        except NothingReadable as error:
            unreadable.append((page.url, error.reason))
    learned = learn(
        Teasers.from_json(teasers), {url: reading.document for url, reading in readings.items()}, {}
    )
    document: Document | None = None
    dropped: tuple[Dropped, ...] = ()
    for url, reading in readings.items():
        document, elsewhere = without_teasers(reading.document, url, learned)
        dropped = (*reading.dropped, *elsewhere)
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


def _reading(page: Fetched, source: Source) -> Reading:
    """What the page says. Raises NothingReadable where a crawl would refuse it, too, with the reason."""
    reading: Reading | None = None
    unreadable: str | None = None
    try:
        reading = read(
            page.body, page.headers, page.final_url,
            language=source.language, content=source.content, date=source.date, timezone=source.timezone,
        )  # fmt: skip
    except NothingReadable as error:
        unreadable = error.reason
    document = reading.document if reading else None
    refused = refusal(page, document, None, unreadable=unreadable, language=source.language)
    if reading is None or refused is not None:
        raise NothingReadable(refused or "no text of an article was found on the page")
    return reading


def _article_links(listings: tuple[Fetched, ...], source: Source) -> tuple[str, ...]:
    links = [
        link
        for listing in listings
        if listing.status == 200
        for link in read_listing(listing.body, listing.header("Content-Type"), listing.final_url).pages
        if re.search(source.articles, link)
    ]
    return tuple(dict.fromkeys(links))
