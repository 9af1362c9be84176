"""Which pieces of a page are the article's: trafilatura votes, the column around the votes completes them."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence

import trafilatura
from lxml.etree import LxmlError, _Element

from crawler.chrome import is_chrome, opens_other_pages
from crawler.pieces import Piece, pieces_of, squeezed
from crawler.titles import is_title

__all__ = ["MOSTLY_LINKS", "chosen", "flow_of", "title_above", "title_lines"]

MOST_OF_THE_TEXT = 0.85
"""Share of the chosen text that the article's container must hold: it is the deepest element that does.

Lower: the container shrinks to one column of a split body; higher: one stray caption makes it the page.
"""

FLOW_SHARE = 0.2
"""Share of the chosen text that makes an element one whose children are the article's paragraphs."""

SHORT_KEY = 24
"""Squeezed characters from which a piece may be found inside a longer run of trafilatura's text.

Below it only an equal run counts: "Russia" in a menu is no part of an article about Russia.
"""

MOSTLY_LINKS = 0.5
"""Share of link characters from which an unchosen block of the container is left out."""

LEAST_BELOW_HEADING, LEAST_BELOW_LINE = 0.02, 0.2
"""Share of the chosen text that must follow the title for it to stand above the article, not below it.

A heading is trusted more than a mere line: five teasers of 250 characters above an item of 300 leave 0.2.
"""

LEAST_RESCUED = 60
"""Squeezed characters of plain text that make the column below a title worth reading without a vote."""

FEWEST_WORDS = 3
"""Words of a sentence that goes on an article after its last voted piece: "Yes." may be anything."""

_FOREIGN = re.compile(
    r"(?:^|[\s_-])(?:related|share|sharing|social|teasers?|promo|advert\w{0,12}|ads?|banner|breadcrumbs?"
    r"|menu|nav|navigation|sidebar|comments?"
    r"|caption|figcaption|copyright|tags?|byline|author|pagination|pager|subscribe|newsletter|cookie"
    r"|toolbar|print|recommend\w{0,8}|popular"
    r"|footer|widget|rating|counter|views|photo-?credit|source|see-?also|read-?also|read-?more)(?:$|[\s_-])",
    re.IGNORECASE,
)
_FOREIGN_TAGS = frozenset({"nav", "aside", "footer", "figcaption", "form", "caption", "legend"})

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def chosen(root: _Element, pieces: Sequence[Piece], titles: Sequence[int], url: str) -> list[Piece]:
    """The pieces of the article, in page order; what stands above its title may still be among them.

    They are those that trafilatura takes, and those that it lost from the same column. Where it took
    nothing from below the title's heading, it took other pages' teasers: then the column below the
    heading is read without it. `titles` are the indices of the pieces that show the title.
    """
    voted = _votes(root, pieces, url)
    votes = set(voted)
    anchor = title_above(pieces, votes, titles)
    if anchor is None and (rescued := _below_title(pieces, titles, votes)):
        return rescued
    own = [piece for piece in pieces[0 if anchor is None else anchor :] if piece in votes]
    if not own:
        return voted
    total = sum(len(piece.key) for piece in own)
    return _mended(pieces, votes, own, anchor, container=_container(root, own, total), total=total)


def _container(root: _Element, own: Sequence[Piece], total: int) -> _Element:
    """The deepest element that holds most of the article."""
    weight: Counter[_Element] = Counter()
    for piece in own:
        weight[piece.element] += len(piece.key)
        for ancestor in piece.element.iterancestors():
            weight[ancestor] += len(piece.key)
    largest = max(own, key=lambda piece: len(piece.key))
    around = (largest.element, *largest.element.iterancestors())
    return next(
        (
            a
            for a in around
            if weight[a] >= MOST_OF_THE_TEXT * total and a.tag not in _LIST_PARTS | _ROW_PARTS
        ),
        root,
    )


def _votes(root: _Element, pieces: Sequence[Piece], url: str) -> list[Piece]:
    """The pieces whose text trafilatura's default extraction keeps, wherever on the page they stand."""
    try:
        found = trafilatura.bare_extraction(root, url=url or None, include_comments=False)
    except (RecursionError, ValueError, TypeError, AttributeError, KeyError, IndexError, LxmlError):
        # its own faults on hostile trees: such a page has no article for us either
        return []
    body = getattr(found, "body", None)
    if body is None:
        return []
    exact = {piece.key for piece in pieces_of(body)}
    # what the tree cuts elsewhere than trafilatura does: shorter pieces here, longer ones below
    shown = {piece.key for piece in pieces}
    whole = "\0".join(sorted(exact - shown))
    voted = [
        piece
        for piece in pieces
        if piece.key in exact or (len(piece.key) >= SHORT_KEY and piece.key in whole)
    ]
    matched = {piece.key for piece in voted}
    left = sorted(key for key in exact - matched if len(key) >= SHORT_KEY)[:200]
    if left:
        kept = set(voted)
        longer = [piece for piece in pieces if piece not in kept and len(piece.key) >= SHORT_KEY][:400]
        kept.update(p for p in longer if sum(len(key) for key in left if key in p.key) * 2 >= len(p.key))
        voted = [piece for piece in pieces if piece in kept]
    return voted


def _below_title(pieces: Sequence[Piece], titles: Sequence[int], voted: set[Piece]) -> list[Piece]:
    """The plain text below the title's heading in the smallest box that has enough; empty: there is none."""
    headings = [index for index in titles if pieces[index].level]
    if not headings or any(piece in voted for piece in pieces[headings[-1] :]):
        return []
    start = headings[-1]
    below = [
        piece
        for piece in pieces[start + 1 :]
        if piece.link_share < MOSTLY_LINKS and not is_chrome(piece.text)
    ]
    for box in pieces[start].element.iterancestors():
        inside = set(box.iter())
        rescued = [p for p in below if p.element in inside and not _is_foreign(p.element, box)]
        if sum(len(piece.key) for piece in rescued) >= LEAST_RESCUED:
            return rescued
    return []


def flow_of(piece: Piece) -> _Element:
    """The element whose children are the paragraphs beside this piece."""
    element = piece.element
    over = _ROW_PARTS if element.tag in {"tr", "row"} else _LIST_PARTS
    parent = element.getparent()
    while parent is not None and parent.tag in over:
        parent = parent.getparent()
    return element if parent is None else parent


_LIST_PARTS = frozenset({"ul", "ol", "li", "dl", "blockquote", "center"})
_ROW_PARTS = frozenset({"table", "tbody", "thead", "tfoot"})


def _mended(
    pieces: Sequence[Piece],
    voted: set[Piece],
    own: Sequence[Piece],
    anchor: int | None,
    *,
    container: _Element,
    total: int,
) -> list[Piece]:
    """The voted pieces with what was lost of the same flow below the title."""
    flows: Counter[_Element] = Counter()
    for piece in own:
        flows[flow_of(piece)] += len(piece.key)
        flows[piece.element] += len(piece.key)
    inside = set(container.iter())
    mine = set(own)
    inner = [index for index, piece in enumerate(pieces) if piece in mine and piece.element in inside]
    first, last = inner[0] if anchor is None else min(inner[0], anchor), inner[-1]
    kept = []
    foreign: _Element | None = None
    for index, piece in enumerate(pieces):
        if piece in voted:
            kept.append(piece)
        if index <= first:
            continue
        flow = flow_of(piece)
        if foreign is not None and foreign is not flow and foreign is not piece.element:
            foreign = None
        if opens_other_pages(piece.text):
            foreign = flow
        if (
            piece not in voted
            and foreign is None
            and piece.element in inside
            and max(flows[place] for place in _places(piece, flow)) >= FLOW_SHARE * total
            and piece.link_share < MOSTLY_LINKS
            and not _is_foreign(piece.element, flow)
            and (index < last or _goes_on(piece))
        ):
            kept.append(piece)
            last = index if index == last + 1 else last
    return kept


def _places(piece: Piece, flow: _Element) -> Iterator[_Element]:
    """Where a piece of the flow may hang; a heading often has a wrapper with its anchor link around it."""
    yield from (flow, piece.element)
    if piece.level and (around := flow.getparent()) is not None:
        yield around


def _goes_on(piece: Piece) -> bool:
    """True for a block that goes on an article after its last voted one: a sentence, an item or a row."""
    if piece.depth or piece.tag == "tr":
        return True
    return piece.text[-1] in '.;!?…»”"' and piece.text.count(" ") >= FEWEST_WORDS - 1


def _is_foreign(element: _Element, flow: _Element) -> bool:
    """True where the element, or one between it and the flow, names itself as no text of the article."""
    node: _Element | None = element
    while node is not None and node is not flow:
        if node.tag in _FOREIGN_TAGS:
            return True
        name = f"{node.get('class') or ''} {node.get('id') or ''}"
        if len(name) > 1 and _FOREIGN.search(name[:300]) is not None:
            return True
        node = node.getparent()
    return False


def title_lines(pieces: Sequence[Piece], title: str | None) -> list[int]:
    """Where the title stands: as a heading, or as a line that is no link to somewhere else."""
    key = squeezed(title).casefold() if title else ""
    return [
        index
        for index, piece in enumerate(pieces)
        if key and is_title(piece, key) and (piece.level or piece.link_share < MOSTLY_LINKS)
    ]


def title_above(pieces: Sequence[Piece], kept: set[Piece], titles: Sequence[int]) -> int | None:
    """Where the article's own title stands: the last title line above its text; None: it is not shown."""
    following, after = 0, [0] * (len(pieces) + 1)
    for index in range(len(pieces) - 1, -1, -1):
        after[index + 1] = following
        following += (
            len(pieces[index].key) if pieces[index] in kept and len(pieces[index].key) >= SHORT_KEY else 0
        )
    headings = [index for index in titles if pieces[index].level]
    for candidates, share in ((headings, LEAST_BELOW_HEADING), (titles, LEAST_BELOW_LINE)):
        above = [index for index in candidates if after[index + 1] > share * following]
        if above:
            return above[-1]
    return None
