"""Where a listing leads: the links of a page, a feed or a sitemap, whichever the body turns out to be.

Read by scanning, not by building a tree, because this runs where it cannot be stopped: on a hostile
1 MB page lexbor took 30 s (100,000 attributes) and 4 s (40,000 nested elements), libxml2 15 s. The scan
looks at every character a bounded number of times.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from itertools import islice
from typing import TypeAlias
from urllib.parse import urljoin

from w3lib.encoding import html_to_unicode

from crawler.settings import DOWNLOAD_MAXSIZE
from crawler.urls import canonical, host_of

__all__ = ["Listing", "Met", "canonical_link", "read_listing"]

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
# Tags of a site that are remembered: a page of a news site has some hundreds. Few are longer, and those of a
# hostile one shall take no more memory.
MOST_MET = 4096
LONGEST_MET = 500
# Links and where they lead, of all sites.
MOST_REMEMBERED = 16384

# What follows the name of a tag as nearly all are written: values in quotes that close before another tag
# begins, and no quote elsewhere. Read by itself it says the same as where it stands.
_PLAIN = r"""[^<>="']*+(?:=\s*+(?:"[^"<]*+"|'[^'<]*+'|)[^<>="']*+)*+>"""
# One look at the first letter spares most tags the comparison with every name.
_OF_INTEREST = re.compile(
    r"<(?=[!ablst])"
    rf"(?:((?a:a|base|link))(?=[\s/>])({_PLAIN})?+|((?a:script|style|textarea|title)(?=[\s/>])|!--))",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"[\s/]*([^\s=>/]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+)))?")
_CLOSING = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "textarea", "title")}
_CLOSING["!--"] = re.compile("-->")
_XML_ROOT = re.compile(r"<(?:\w{1,20}:)?(rss|feed|rdf|urlset|sitemapindex)(?=[\s/>])", re.IGNORECASE)
_XML_LINK = re.compile(r"<(?:(\w{1,20}):)?(loc|link)(\s[^<>]*)?>\s*(?:<!\[CDATA\[)?([^<>\]]*)")
_ENTRY = re.compile(r"<(?:\w{1,20}:)?(?:url|sitemap)(?=[\s>])")
_DATED = re.compile(r"<(?:\w{1,20}:)?(?:lastmod|publication_date)\s*>\s*([^<\s]{1,40})")
_ROOT = re.compile(r"https?://[^/?#\\]+")
_BLANK = re.compile(r"[\s\ufeff]+")
# What sitemaps and feeds name beside pages: pictures, films, and the feed's own address.
_NO_PAGE = frozenset({"image", "video", "media"})
_PROLOGUE = {"<?": "?>", "<!--": "-->", "<!": ">"}


_Lead: TypeAlias = tuple[str, str | None]
"""A link as it is written ("" there is none), and the canonical address to which it leads (None: nowhere)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The canonical URLs that a listing names, in order, each once.

    `pages` may be articles or listing pages; `sitemaps` are further parts of a sitemap.
    """

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


@dataclass(slots=True)
class Met:
    """The tags of links that the pages of a site had so far: menu, side column and footer stand on each.

    Only those that lead to the same place from every page of it.
    """

    root: str = ""
    tags: set[str] = field(default_factory=set)

    def enter(self, root: str) -> None:
        """The links that follow stand on a page of the site at `root`; of another site nothing is met yet."""
        if root != self.root or len(self.tags) >= MOST_MET:
            self.root, self.tags = root, set()

    def add(self, tag: str) -> None:
        """From now on it is met."""
        if len(tag) <= LONGEST_MET and len(self.tags) < MOST_MET:
            self.tags.add(tag)


def read_listing(body: bytes, content_type: str | None, url: str, met: Met | None = None) -> Listing:
    """What the body (content-decoded) of the listing at `url` leads to; nothing where it is no text.

    The body decides what it is, not the content type: feeds are served under a dozen names. With `met` it is
    what pages before it did not lead to by the same tags, as far as those are remembered.
    """
    body = _unpacked(body)
    if b"\0" in body[:1000]:
        return Listing()
    text = html_to_unicode(content_type, body)[1]
    root = _XML_ROOT.match(text, _behind_prologue(text))
    if root is None:
        return Listing(pages=_settled(_of_html(text, url, met or Met())))
    if root[1].lower() == "sitemapindex":
        return Listing(sitemaps=_settled(_led(_of_sitemap(text), url)))
    if root[1].lower() == "urlset":
        return Listing(pages=_settled(_led(_of_sitemap(text), url)))
    return Listing(pages=_settled(_led(_of_xml(text), url)))


def canonical_link(body: bytes, content_type: str | None, url: str) -> str | None:
    """The canonical URL that the head of the page at `url` names as the page's own; None: it names none.

    Where it names several they contradict each other, and none counts.
    """
    head = body[:FARTHEST_HEAD]
    if b"canonical" not in head.lower():
        return None
    text = html_to_unicode(content_type, head)[1]
    named = _settled(_led(_canonical_of(text), url))
    return named[0] if len(named) == 1 else None


def _canonical_of(text: str) -> Iterator[str]:
    for name, written, _ in _tags(text, Met()):
        attributes = _attributes(written, 0)[0] if name == "link" else {}
        if attributes.get("rel", "").lower() == "canonical":
            yield attributes.get("href", "").strip()


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


def _of_html(text: str, url: str, met: Met) -> Iterator[_Lead]:
    """Where `a` and `link rel=next` lead, by the first `base` before them."""
    named: str | None = None
    met.enter(_root_of(url))
    for name, written, tag in _tags(text, met):
        link = _link_of(name, written)
        if name == "base":
            if link and named is None and (named := _joined(url, link)):
                met.enter(_root_of(named))
            continue
        whole, from_root = link.startswith(("http://", "https://")), link.startswith("/")
        base = "" if whole else met.root if from_root else named or url
        yield link, _address(base, link) if link else None
        if tag and (whole or from_root or not link):
            met.add(tag)


def _root_of(url: str) -> str:
    found = _ROOT.match(url)
    return f"{found[0]}/" if found else ""


def _link_of(name: str, written: str) -> str:
    """What the tag names, as it is written there; "" where it is no link."""
    attributes, _ = _attributes(written, 0)
    if name == "link" and attributes.get("rel", "").lower() != "next":
        return ""
    return attributes.get("href", "").strip()


def _tags(text: str, met: Met) -> Iterator[tuple[str, str, str]]:
    """Each `a`, `base` and `link` that is not met, none of comments and scripts.

    As its name, the text of its attributes, and the tag itself, "" where that might mean another elsewhere.
    """
    position = 0
    while True:
        # begun anew only where the scan has to jump: nearly all tags are met, or as plain as most
        for match in _OF_INTEREST.finditer(text, position):
            if match[0] in met.tags:
                continue
            name, plain, hiding = match.groups()
            if plain and len(plain) < LONGEST_TAG:
                yield name.lower(), plain, match[0]
                continue
            if name:
                begin = match.end(1)
                attributes, position = _attributes(text, begin)
                if attributes:
                    yield name.lower(), text[begin:position], ""
            elif closing := _CLOSING[hiding.lower()].search(text, match.end()):
                position = closing.end()
            else:
                return
            break
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


def _of_xml(text: str) -> Iterator[str]:
    for prefix, _, attributes, content in _XML_LINK.findall(text):
        found, _ = _attributes(attributes, 0) if attributes else ({}, 0)
        if prefix not in _NO_PAGE and found.get("rel", "alternate") in {"alternate", "next"}:
            yield (found.get("href") or unescape(content)).strip()


def _of_sitemap(text: str) -> Iterator[str]:
    """The links of a sitemap or of an index of them, the newest first: many begin with the oldest."""
    entries = [
        (dated[1] if (dated := _DATED.search(entry)) else "", entry) for entry in _ENTRY.split(text)[1:]
    ]
    for _, entry in sorted(entries, key=lambda found: found[0], reverse=True):
        yield from _of_xml(entry)


def _led(links: Iterable[str], url: str) -> Iterator[_Lead]:
    """The links, which stand on the page at `url`, with where they lead."""
    return ((link, _address(url, link) if link else None) for link in links)


def _settled(leads: Iterator[_Lead]) -> tuple[str, ...]:
    settled: dict[str, None] = {}
    seen: set[str] = set()
    for link, address in islice(leads, MOST_LOOKED_AT):
        if link in seen:
            continue
        seen.add(link)
        if address:
            settled[address] = None
        if len(settled) >= MOST_LINKS or len(seen) >= 2 * MOST_LINKS:
            break
    return tuple(settled)


def _address(base: str, link: str) -> str | None:
    """The address of a link on a page at `base`; a long one, as a feed may hold, is not remembered."""
    return _canonical(base, link) if len(link) <= LONGEST_URL else None


@lru_cache(maxsize=MOST_REMEMBERED)
def _canonical(base: str, link: str) -> str | None:
    full = _joined(base, link)
    if not full or len(full) > LONGEST_URL or not full.startswith(("http://", "https://")):
        return None
    address = canonical(full)
    return address if host_of(address) else None


def _joined(base: str, link: str) -> str | None:
    if len(link) > LONGEST_URL:
        return None
    try:
        return urljoin(base, link)
    except ValueError:
        return None
