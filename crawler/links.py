"""Where a listing leads: the links of a page, a feed or a sitemap, whichever the body turns out to be.

Read by scanning, not by building a tree, because this runs where it cannot be stopped: on a hostile
1 MB page lexbor took 30 s (100,000 attributes) and 4 s (40,000 nested elements), libxml2 15 s. The scan
looks at every character a bounded number of times.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import islice
from urllib.parse import urljoin

from w3lib.encoding import html_to_unicode

from crawler.settings import DOWNLOAD_MAXSIZE
from crawler.urls import canonical, host_of

__all__ = ["Listing", "canonical_link", "read_listing"]

# No page of a real site has as many; what comes after is a trap, or the archive's business.
MOST_LINKS = 5000
# The same link may stand in a page many times, but 450,000 times would hold all sources up for seconds.
MOST_LOOKED_AT = 10 * MOST_LINKS
LONGEST_URL = 2000
# A sitemap may hold 50 MB (sitemaps.org); packed ones are read up to what is read of any page.
MOST_UNPACKED = DOWNLOAD_MAXSIZE
# Bytes. Set by hand: the heads of real pages end long before.
FARTHEST_HEAD = 256 << 10
# A tag that is longer is no link: the scan goes on behind it.
LONGEST_TAG = 4096

_OF_INTEREST = re.compile(r"<(?:!--|(a|base|link|script|style|textarea|title)(?=[\s/>]))", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"[\s/]*([^\s=>/]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+)))?")
_CLOSING = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "textarea", "title")}
_XML_ROOT = re.compile(r"<(?:\w{1,20}:)?(rss|feed|rdf|urlset|sitemapindex)(?=[\s/>])", re.IGNORECASE)
_XML_LINK = re.compile(r"<(?:(\w{1,20}):)?(loc|link)(\s[^<>]*)?>\s*(?:<!\[CDATA\[)?([^<>\]]*)")
_ENTRY = re.compile(r"<(?:\w{1,20}:)?(?:url|sitemap)(?=[\s>])")
_DATED = re.compile(r"<(?:\w{1,20}:)?(?:lastmod|publication_date)\s*>\s*([^<\s]{1,40})")
_ROOT = re.compile(r"https?://[^/?#\\]+")
_BLANK = re.compile(r"[\s\ufeff]+")
# What sitemaps and feeds name beside pages: pictures, films, and the feed's own address.
_NO_PAGE = frozenset({"image", "video", "media"})
_PROLOGUE = {"<?": "?>", "<!--": "-->", "<!": ">"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The canonical URLs that a listing names, in order, each once.

    `pages` may be articles or listing pages; `sitemaps` are further parts of a sitemap.
    """

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def read_listing(body: bytes, content_type: str | None, url: str) -> Listing:
    """What the body (content-decoded) of the listing at `url` leads to; nothing where it is no text.

    The body decides what it is, not the content type: feeds are served under a dozen names.
    """
    body = _unpacked(body)
    if b"\0" in body[:1000]:
        return Listing()
    text = html_to_unicode(content_type, body)[1]
    root = _XML_ROOT.match(text, _behind_prologue(text))
    if root is None:
        return Listing(pages=_settled(_of_html(text), url))
    if root[1].lower() == "sitemapindex":
        return Listing(sitemaps=_settled(_of_sitemap(text), url))
    if root[1].lower() == "urlset":
        return Listing(pages=_settled(_of_sitemap(text), url))
    return Listing(pages=_settled(_of_xml(text), url))


def canonical_link(body: bytes, content_type: str | None, url: str) -> str | None:
    """The canonical URL that the head of the page at `url` names as the page's own; None: it names none.

    Where it names several they contradict each other, and none counts.
    """
    head = body[:FARTHEST_HEAD]
    if b"canonical" not in head.lower():
        return None
    text = html_to_unicode(content_type, head)[1]
    named = _settled((("a", link) for link in _canonical_of(text)), url)
    return named[0] if len(named) == 1 else None


def _canonical_of(text: str) -> Iterator[str]:
    for name, attributes in _tags(text):
        if name == "link" and attributes.get("rel", "").lower() == "canonical" and "href" in attributes:
            yield attributes["href"]


def _unpacked(body: bytes) -> bytes:
    """The body, out of a gzip file where it is one (sitemap.xml.gz), at most MOST_UNPACKED of it."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(wbits=31).decompress(body, MOST_UNPACKED)
    except zlib.error:
        return b""


def _behind_prologue(text: str) -> int:
    """Where the first element of an XML text may begin: behind declaration, comments and doctype."""
    position = 0
    while True:
        if blank := _BLANK.match(text, position):
            position = blank.end()
        closing = next((end for start, end in _PROLOGUE.items() if text.startswith(start, position)), None)
        end = -1 if closing is None else text.find(closing, position)
        if closing is None or end < 0:
            return position
        position = end + len(closing)


def _of_html(text: str) -> Iterator[tuple[str, str]]:
    """The links as (tag, address) of `a`, `base` and `link rel=next`."""
    for name, attributes in _tags(text):
        if "href" in attributes and (name != "link" or attributes.get("rel", "").lower() == "next"):
            yield name, attributes["href"]


def _tags(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each `a`, `base` and `link` with its attributes, none of comments and scripts."""
    position = 0
    while match := _OF_INTEREST.search(text, position):
        position = match.end()
        name = (match[1] or "").lower()
        if name in _CLOSING:
            closing = _CLOSING[name].search(text, position)
            if closing is None:
                return
            position = closing.end()
        elif name:
            attributes, position = _attributes(text, position)
            yield name, attributes
        elif (end := text.find("-->", position)) >= 0:
            position = end
        else:
            return


def _attributes(text: str, position: int) -> tuple[dict[str, str], int]:
    """The attributes of the tag whose name ends at `position`, and where the scan goes on."""
    limit = position + LONGEST_TAG
    found: dict[str, str] = {}
    while match := _ATTRIBUTE.match(text, position, limit):
        position = match.end()
        value = match[2] or match[3] or match[4] or ""
        found.setdefault(match[1].lower(), unescape(value))
    closed = position < limit
    return (found if closed else {}), max(position, limit if not closed else position)


def _of_xml(text: str) -> Iterator[tuple[str, str]]:
    for prefix, _, attributes, content in _XML_LINK.findall(text):
        found, _ = _attributes(attributes, 0) if attributes else ({}, 0)
        if prefix not in _NO_PAGE and found.get("rel", "alternate") in {"alternate", "next"}:
            yield "a", found.get("href") or unescape(content)


def _of_sitemap(text: str) -> Iterator[tuple[str, str]]:
    """The links of a sitemap or of an index of them, the newest first: many begin with the oldest."""
    entries = [
        (dated[1] if (dated := _DATED.search(entry)) else "", entry) for entry in _ENTRY.split(text)[1:]
    ]
    for _, entry in sorted(entries, key=lambda found: found[0], reverse=True):
        yield from _of_xml(entry)


def _settled(links: Iterator[tuple[str, str]], url: str) -> tuple[str, ...]:
    origin: str | None = None
    settled: dict[str, None] = {}
    seen: set[tuple[str, str]] = set()
    for name, link in islice(links, MOST_LOOKED_AT):
        if (name, link) in seen or not link.strip():
            continue
        seen.add((name, link))
        if name == "base":
            origin = origin or _joined(url, link.strip())
        elif address := _address(origin or url, link.strip()):
            settled.setdefault(address)
        if len(settled) >= MOST_LINKS or len(seen) >= 2 * MOST_LINKS:
            break
    return tuple(settled)


def _address(base: str, link: str) -> str | None:
    """The canonical address to which a link on the page at `base` leads; None: to no page of the web."""
    if len(link) > LONGEST_URL:
        return None
    if link.startswith("/") and not link.startswith("//"):
        # Where it leads depends on the site alone, and menus and side columns say it on every page of it.
        root = _ROOT.match(base)
        return _from_root(f"{root[0]}/", link) if root else _canonical(base, link)
    return _from_root("", link) if link.startswith(("http://", "https://")) else _canonical(base, link)


def _canonical(base: str, link: str) -> str | None:
    full = _joined(base, link)
    if not full or len(full) > LONGEST_URL or not full.startswith(("http://", "https://")):
        return None
    address = canonical(full)
    return address if host_of(address) else None


_from_root = lru_cache(maxsize=16384)(_canonical)


def _joined(base: str, link: str) -> str | None:
    if len(link) > LONGEST_URL:
        return None
    try:
        return urljoin(base, link)
    except ValueError:
        return None
