"""Which pieces trafilatura takes for the article's: it is asked about the page's text, menus left out."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from lxml.etree import LxmlError, SubElement, _Element

from crawler.decoding import printable
from crawler.pieces import Piece, pieces_of
from crawler.titles import MOSTLY_LINKS

__all__ = ["SHORT_KEY", "votes_for"]

SHORT_KEY = 24
"""Squeezed characters from which a piece may be found inside a longer run of trafilatura's text.

Below it only an equal run counts: "Russia" in a menu is no part of an article about Russia.
"""

MOST_BESIDE_LINKS = 20
"""Characters beside the links of a piece that is nothing but links: a date has up to twenty."""

LONGEST_LINK = 300
"""Characters from which a piece that is nothing but links holds many of them: a menu in one line."""

LEAST_SAID = 100
"""Characters of each link, on average, from which a row of them may say something: a list of documents.

Tried on every second page of `bench/extraction.py`: with 12 and 24 beside links, 200 for one piece and 80
for each of a row, its figures move by .001. Higher, menus come back, and with them their cost.
"""

_ASKED_FOR = ("class", "id", "role", "itemprop", "style", "aria-hidden")
"""The attributes by which trafilatura knows what an element is."""

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def votes_for(root: _Element, pieces: Sequence[Piece], url: str) -> list[Piece]:
    """The pieces whose text trafilatura's default extraction keeps, wherever on the page they stand."""
    asked = list(_without_menus(pieces))
    import trafilatura  # takes a tenth of a second, and a run reads pages in processes of their own

    try:
        found = trafilatura.bare_extraction(_outline(root, asked), url=url or None, include_comments=False)
    except (RecursionError, ValueError, TypeError, AttributeError, KeyError, IndexError, LxmlError):
        # its own faults on hostile trees: such a page has no article for us either
        return []
    body = getattr(found, "body", None)
    if body is None:
        return []
    exact = {piece.key for piece in pieces_of(body)}
    # what trafilatura joins
    whole = "\0".join(sorted(exact.difference(piece.key for piece in asked)))
    return [
        piece for piece in asked if piece.key in exact or (len(piece.key) >= SHORT_KEY and piece.key in whole)
    ]


def _without_menus(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces without the rows of links; a link on its own may stand in a text."""
    for is_linked, run in groupby(pieces, key=_is_linked):
        if not is_linked:
            yield from run
            continue
        links = list(run)
        size = sum(len(piece.text) for piece in links)
        if size < LONGEST_LINK if len(links) == 1 else size >= LEAST_SAID * len(links):
            yield from links


def _is_linked(piece: Piece) -> bool:
    """True for a piece that is nothing but links, save a date."""
    return piece.link_share >= MOSTLY_LINKS and len(piece.text) - piece.linked < MOST_BESIDE_LINKS


def _outline(root: _Element, pieces: Sequence[Piece]) -> _Element:
    """A page of these pieces alone: the elements around them, and no mark-up inside but links.

    What trafilatura costs is its searches for each element, of which 189 real pages have five times as many.
    """
    page = root.makeelement(root.tag)
    copies = {root: page}
    lines = Counter(piece.element for piece in pieces)
    for piece in pieces:
        path = []
        node = piece.element
        while node not in copies:
            path.append(node)
            node = node.getparent()
        element = copies[node]
        for inner in reversed(path):
            named = {name: printable(value) for name in _ASKED_FOR if (value := inner.get(name))}
            # a parser reads tags and values that it would not write
            element = SubElement(element, inner.tag if inner.tag.isalnum() else "div", named)
            copies[inner] = element
        if piece.tag == "tr":
            element = SubElement(element, "td")
        elif lines[piece.element] > 1 or len(element):
            element = SubElement(element, "p")
        # how much of it is links counts, not where they stand
        plain = len(piece.text) - piece.linked
        element.text = piece.text[:plain]
        if piece.linked:
            SubElement(element, "a", href="#").text = piece.text[plain:]
    return page
