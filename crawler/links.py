"""Where a listing leads: the links of a page, a feed or a sitemap, whichever the body turns out to be."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree
from selectolax.lexbor import LexborHTMLParser
from w3lib.encoding import html_to_unicode

from crawler.urls import canonical, host_of

__all__ = ["Listing", "read_listing"]

# No page of a real site has as many; what comes after is a trap, or the archive's business.
MOST_LINKS = 5000
LONGEST_URL = 2000
# A sitemap may hold 50 MB (sitemaps.org); packed ones are read up to what is read of any page.
MOST_UNPACKED = 10 << 20

_XML = re.compile(
    rb"\s*(?:<\?xml\b[^>]{0,200}\?>)?\s*(?:<!--.{0,2000}?-->\s*|<\?.{0,500}?\?>\s*|<!DOCTYPE[^>\[]{0,500}>\s*){0,20}<(?:\w{1,20}:)?(rss|feed|RDF|urlset|sitemapindex)\b",
    re.DOTALL,
)


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
    match = _XML.match(body[:40_000].removeprefix(b"\xef\xbb\xbf"))
    if match is None:
        return Listing(pages=_settled(_of_html(body, content_type), url))
    links = _of_xml(body)
    if match[1] == b"sitemapindex":
        return Listing(sitemaps=_settled(links, url))
    return Listing(pages=_settled(links, url))


def _unpacked(body: bytes) -> bytes:
    """The body, out of a gzip file where it is one (sitemap.xml.gz), at most MOST_UNPACKED of it."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(wbits=31).decompress(body, MOST_UNPACKED)
    except zlib.error:
        return b""


def _of_html(body: bytes, content_type: str | None) -> tuple[list[str], str | None]:
    if b"\0" in body[:1000]:
        return [], None
    _, text = html_to_unicode(content_type, body)
    tree = LexborHTMLParser(text)
    base = tree.css_first("base[href]")
    found = [link.attributes.get("href") or "" for link in tree.css("a[href], link[rel=next][href]")]
    return found, base.attributes.get("href") if base else None


def _of_xml(body: bytes) -> tuple[list[str], str | None]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    root = etree.fromstring(body, parser)
    found: list[str] = []
    for element in () if root is None else root.iter(etree.Element):
        match etree.QName(element).localname:
            case "loc" if "sitemap-image" not in element.tag and "sitemap-video" not in element.tag:
                found.append(element.text or "")
            case "link" if element.get("href") is None:
                found.append(element.text or "")
            case "link" if element.get("rel", "alternate") in {"alternate", "next"}:
                found.append(element.get("href", ""))
            case _:
                pass
    return found, None


def _settled(links: tuple[list[str], str | None], url: str) -> tuple[str, ...]:
    found, base = links
    origin = _joined(url, base or "") or url
    settled: dict[str, None] = {}
    for link in found:
        full = _joined(origin, link.strip())
        if full and len(full) <= LONGEST_URL and full.startswith(("http://", "https://")):
            address = canonical(full)
            if host_of(address):
                settled.setdefault(address)
        if len(settled) >= MOST_LINKS:
            break
    return tuple(settled)


def _joined(base: str, link: str) -> str | None:
    try:
        return urljoin(base, link)
    except ValueError:
        return None
