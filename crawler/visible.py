"""The whole visible text of a page, quickly, and a digest of it that furniture does not change."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterable, Iterator

from selectolax.lexbor import LexborHTMLParser

from crawler.chrome import is_chrome, teaser_form
from crawler.decoding import decode, printable
from crawler.errors import NothingReadable

__all__ = ["changed_lines", "same_but_for", "shown_digest", "visible_digest", "visible_text"]

SHOWN_BY = b"1"
"""The version of the rules by which it is told what a page shows but its furniture.

To be raised with every change of them, here, in crawler/chrome.py or in crawler/decoding.py: digests that are
kept were made by the rules of their day, and one of other rules must equal none of today's.
"""

_UNSEEN = "script, style, noscript, template, svg, iframe, select, textarea, button, head"
_HAS_LETTER = re.compile(r"[^\W\d_]")
SHORTEST_TEASER = 40
"""Characters of a line from which it is looked up among the teasers: shorter ones are read, not looked up."""

_BREAK = "\ue000"  # private use: no text has it, while the page's own line ends mean nothing
_TITLES = "\0\0"  # no line of a page begins so, and titles are no teasers
_CHROME = "nav, footer, aside, [hidden], [role=navigation], [role=banner], [role=complementary]"
_INLINE = (
    "a, abbr, b, bdi, cite, code, em, font, i, ins, kbd, mark, nobr, q, s,"
    "small, span, strike, strong, sub, sup, time, u, var, wbr"
)


def visible_text(body: bytes, headers: Iterable[tuple[str, str]] = ()) -> str:
    """Every word that the page shows, a line a block; empty where the bytes cannot be read. Raises nothing.

    A line that is gone from an extraction but stands here was not removed. 1 ms for a page of 150 kB.
    """
    try:
        text = decode(body, headers)
    except NothingReadable:
        return ""
    page = LexborHTMLParser(text)
    _take_out(page, _UNSEEN)
    return "\n".join(_lines(page))


def visible_digest(body: bytes, teasers: Container[str] = (), headers: Iterable[tuple[str, str]] = ()) -> str:
    """A digest of the title and the visible text, blind to furniture: equal digests, equal author's text.

    Blind to navigation, footers and side columns that say so in their tags, to counters, clocks and
    share lines, and to blocks whose `teaser_form` is in `teasers` (a `Teasers` will do), as well
    as to the printed date. Another digest only means: extract and compare.
    """
    digest = hashlib.sha256()
    for line in _without(_shown(body, headers), teasers):
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def shown_digest(body: bytes, headers: Iterable[tuple[str, str]] = ()) -> bytes:
    """16 bytes that are equal for bodies between which `changed_lines` finds nothing, by the same rules.

    To be kept with a page, so that the next body need not be compared with the last one, line by line.
    """
    return hashlib.sha256("\n".join(_shown(body, headers)).encode() + SHOWN_BY).digest()[:16]


def changed_lines(
    old: bytes, new: bytes, headers: Iterable[tuple[str, str]] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """From the first to the last line in which two bodies of a page differ, of each; both empty: in none.

    Blind to furniture as `visible_digest` is, not to teasers: `same_but_for` is.
    """
    before, after = _shown(old, headers), _shown(new, headers)
    first = next((place for place, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    if first is None:
        first = min(len(before), len(after))
    last = 0
    while last < min(len(before), len(after)) - first and before[-1 - last] == after[-1 - last]:
        last += 1
    return tuple(before[first : len(before) - last]), tuple(after[first : len(after) - last])


def same_but_for(teasers: Container[str], changed: tuple[tuple[str, ...], tuple[str, ...]]) -> bool:
    """Whether only teasers changed, where `changed_lines` found these: as equal `visible_digest`s tell."""
    before, after = changed
    return list(_without(before, teasers)) == list(_without(after, teasers))


def _without(lines: Iterable[str], teasers: Container[str]) -> Iterator[str]:
    return (
        line
        for line in lines
        if len(line) < SHORTEST_TEASER or line.startswith(_TITLES) or teaser_form(line) not in teasers
    )


def _shown(body: bytes, headers: Iterable[tuple[str, str]]) -> list[str]:
    """The titles in one line of their own, then every line that is no furniture."""
    try:
        text = decode(body, headers)
    except NothingReadable:
        return [_TITLES + hashlib.sha256(body).hexdigest()]
    page = LexborHTMLParser(text)
    titles = [node.text(strip=True) for node in page.css("title, h1")]
    _take_out(page, f"{_UNSEEN}, {_CHROME}")
    # where there are tables, a bare number may be a figure of theirs
    figures = page.css_first("td") is not None
    own = [line for line in _lines(page) if (figures and not _HAS_LETTER.search(line)) or not is_chrome(line)]
    return [_TITLES + "\0".join(titles), *own]


def _take_out(page: LexborHTMLParser, selector: str) -> None:
    """Unlinks what matches; asked for all tags at once, as each question walks the whole tree."""
    for node in page.css(selector):
        node.decompose(recursive=False)


def _lines(page: LexborHTMLParser) -> list[str]:
    """The text of each block, white space collapsed; inline tags do not break a line."""
    body = page.body
    if body is None:
        return []
    for node in body.css(_INLINE):
        node.unwrap()
    body.merge_text_nodes()
    parts = body.text(separator=_BREAK, skip_empty=True).split(_BREAK)
    return [line for part in parts if (line := " ".join(printable(part).split()))]
