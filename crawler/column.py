"""Which pieces of a page are the article's: trafilatura votes, the column around the votes completes them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from lxml.etree import _Element

from crawler.chrome import is_chrome, is_cookie_notice, opens_other_pages
from crawler.dates import leading_date, lone_date
from crawler.pieces import Piece, squeezed
from crawler.titles import MOSTLY_LINKS, is_sentence, is_title, shares_words
from crawler.votes import SHORT_KEY, votes_for

__all__ = ["Column", "chosen", "cookie_notices", "flow_of", "stands_over", "title_above", "title_lines"]

MOST_OF_THE_TEXT = 0.85
"""Share of the chosen text that the article's container must hold: it is the deepest element that does.

Lower: the container shrinks to one column of a split body; higher: one stray caption makes it the page.
"""

FLOW_SHARE = 0.2
"""Share of the chosen text that makes an element one whose children are the article's paragraphs."""

LEAST_BELOW_HEADING, LEAST_BELOW_LINE = 0.02, 0.2
"""Share of the chosen text that must follow the title for it to stand above the article, not below it.

A heading is trusted more than a mere line: five teasers of 250 characters above an item of 300 leave 0.2.
"""

TRUSTED_VOTES = 400
"""Squeezed characters from which trafilatura's choice below the title is believed: on less it guesses."""

MORE_THAN_LINKS = 3
"""Times the links of a section that opens with other pages by which its text shows it to be the article's."""

LONGEST_NOTICES = 3_000
"""Squeezed characters about cookies from which a page that speaks of little else is an article about them."""

MOST_BELOW_DATE = 0.5
"""Share of the chosen text that must follow a date on its own line for the article to begin there."""

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
_FOREIGN_ROLES = frozenset({"dialog", "alertdialog", "navigation", "contentinfo", "complementary", "search"})
_FOREIGN_TAGS = frozenset({"nav", "aside", "footer", "figcaption", "form", "caption", "legend"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The pieces of the article's column, in page order, and where its own text begins.

    `anchor` is the index of the title line above the text (None: the title is not shown there), `start`
    that of the first piece that can be the article's: what stands before it belongs to other pages.
    """

    taken: Sequence[Piece] = field(repr=False)
    anchor: int | None
    start: int


def cookie_notices(pieces: Sequence[Piece]) -> frozenset[Piece]:
    """The pieces of what a site says of its cookies: a text of its own, beside the article or over it.

    Those are the lines about them before the page's first other sentence and behind its last, and every line
    of a box there where most are. On a page that speaks of nothing else, at length, they are the article.
    """
    notices = {piece for piece in pieces if is_cookie_notice(piece.text)}
    if not notices:
        return frozenset()
    said = [piece for piece in pieces if is_sentence(piece) and piece.link_share < MOSTLY_LINKS]
    sentences = set(said)
    size = sum(len(piece.key) for piece in notices)
    if size > LONGEST_NOTICES and size * 2 > sum(len(piece.key) for piece in said):
        return frozenset()
    boxes: dict[_Element, list[Piece]] = {}
    for piece in pieces:
        boxes.setdefault(flow_of(piece), []).append(piece)
    found = set(notices)
    for inside in boxes.values():
        about = sum(len(piece.key) for piece in inside if piece in notices)
        if about * 2 > sum(len(piece.key) for piece in inside):
            found.update(inside)
    own = [index for index, piece in enumerate(pieces) if piece not in found and piece in sentences]
    return frozenset(found.difference(pieces[own[0] : own[-1] + 1]) if own else found)


def chosen(
    root: _Element, pieces: Sequence[Piece], title: str | None, titles: Sequence[int], url: str
) -> Column:
    """The column of the article; what is no text of its author may still be among its pieces.

    Taken are the pieces that trafilatura takes and that stand where the text below the title goes on,
    and those that it lost from there. On a page of a few sentences it takes other pages' teasers as
    gladly, or nothing: then the box around title and text is read without it. `titles` are the indices
    of the pieces that show the title.
    """
    voted = votes_for(root, pieces, url)
    votes = set(voted)
    anchor = title_above(pieces, votes, titles)
    if anchor is None:
        anchor = _title_over_anything(pieces, titles)
    start = anchor + 1 if anchor is not None else _start_without_title(pieces, votes, title)
    if anchor is None and start == 0:
        if sum(len(piece.key) for piece in voted) >= TRUSTED_VOTES or not (
            best := _best_flow(pieces, titles)
        ):
            return Column(taken=_completed(root, pieces, voted, None), anchor=None, start=0)
        return Column(taken=best, anchor=None, start=0)
    beside = pieces[anchor].element if anchor is not None else _box_of(pieces, start)
    below = _Below(pieces, start, beside, votes)
    own = [
        piece for index, piece in enumerate(pieces[start:], start) if piece in votes and below.holds(index)
    ]
    plain = below.plain()
    total, seen = sum(len(piece.key) for piece in own), set(own)
    lost = any(
        piece not in seen and (is_sentence(piece) or piece.depth or piece.tag in _ROWS) for piece in plain
    )
    # what trafilatura took from above is taken, too, to be told apart and named as what was dropped
    head = [piece for piece in pieces[:start] if piece in votes]
    if not own or (total < TRUSTED_VOTES and lost):
        taken = head + (plain or own)
    else:
        taken = _completed(root, pieces, head + own, anchor if anchor is not None else start)
    return Column(taken=taken, anchor=anchor, start=start)


def _completed(
    root: _Element, pieces: Sequence[Piece], voted: Sequence[Piece], anchor: int | None
) -> list[Piece]:
    """The voted pieces with those of their column that trafilatura lost."""
    votes = set(voted)
    own = [piece for piece in pieces[0 if anchor is None else anchor :] if piece in votes]
    if not own:
        return list(voted)
    total = sum(len(piece.key) for piece in own)
    return _mended(pieces, votes, own, anchor, container=_container(root, own, total), total=total)


def _title_over_anything(pieces: Sequence[Piece], titles: Sequence[int]) -> int | None:
    """The last line of the title's first showing below which a sentence stands, voted for or not."""
    for index in titles:
        last = index + 1 if index + 1 in titles else index
        below = pieces[last + 1 :]
        if any(piece.link_share < MOSTLY_LINKS and is_sentence(piece) for piece in below):
            return last
    return None


def _start_without_title(pieces: Sequence[Piece], votes: set[Piece], title: str | None) -> int:
    """Where a page that does not show its title begins: 0 where nothing tells.

    It begins behind a date glued to the first word; with a sentence that says what the title says, if a
    date stands on a line of its own above it or nothing in its box does; or behind the last date on a line of
    its own above most of the text, if it is the only one in its box.
    """
    own = {piece for piece in votes if piece.link_share < MOSTLY_LINKS}
    total = sum(len(piece.key) for piece in own)
    dates = Counter(
        _box_of(pieces, index)
        for index, piece in enumerate(pieces)
        if not piece.level and lone_date(piece.text) is not None
    )
    begun: set[_Element] = set()
    after, start = total, 0
    for index, piece in enumerate(pieces):
        if leading_date(piece.text) is not None:
            return index
        flow = flow_of(piece)
        if is_sentence(piece) and piece.link_share < MOSTLY_LINKS:
            if flow not in begun and title and shares_words(title, piece.text) and piece in own:
                return index
            begun.add(flow)
        elif not piece.level and lone_date(piece.text) is not None:
            following = next(
                (other for other in pieces[index + 1 : index + 4] if not is_chrome(other.text)), piece
            )
            if title and shares_words(title, following.text) and is_sentence(following):
                return index + 1
            if after >= MOST_BELOW_DATE * total and dates[_box_of(pieces, index)] == 1:
                behind = [other for other in pieces[index + 1 :] if other in own] or [following]
                if is_sentence(behind[0]) and stands_over(piece, behind):
                    start = index + 1
        if piece in own:
            after -= len(piece.key)
    return start


def _box_of(pieces: Sequence[Piece], start: int) -> _Element:
    """The element whose children stand beside this piece: its own where it stands bare between others."""
    element = pieces[start].element
    for other in pieces[start + 1 : start + 4]:
        if element in (other.element, other.element.getparent()):
            return element
    return flow_of(pieces[start])


def stands_over(piece: Piece, text: Sequence[Piece]) -> bool:
    """True where the piece stands in or right beside the element that holds most of the text.

    The date of a teaser or a clock does not.
    """
    around = (piece.element, *piece.element.iterancestors())
    box = _container(around[-1], text, sum(len(other.key) for other in text))
    return box in around or box.getparent() in around[:2]


def _best_flow(pieces: Sequence[Piece], titles: Sequence[int]) -> list[Piece]:
    """The plain pieces of the box with the most sentences, where nothing else tells."""
    flows: dict[_Element, list[Piece]] = {}
    closed: set[_Element] = set()
    for index, piece in enumerate(pieces):
        flow = flow_of(piece)
        if opens_other_pages(piece.text):
            closed.add(flow)
        if flow in closed or index in titles or piece.link_share >= MOSTLY_LINKS:
            continue
        if not is_chrome(piece.text) and not _is_foreign(piece.element, None):
            flows.setdefault(flow, []).append(piece)
    weights = {
        flow: sum(len(piece.key) for piece in inside if is_sentence(piece)) for flow, inside in flows.items()
    }
    best = max(weights, key=lambda flow: weights[flow], default=None)
    return flows[best] if best is not None and weights[best] else []


class _Below:
    """What stands below the title, by how far from it: the box around title and text, and its sections.

    The box is the smallest element around the title's line with a sentence below it. A section is what
    stands beside the title in the box or in an element around it: the article's body, a side column, the
    footer.
    """

    def __init__(self, pieces: Sequence[Piece], start: int, beside: _Element, votes: set[Piece]) -> None:
        self._pieces = pieces
        self._start = start
        self._around = {element: rank for rank, element in enumerate((beside, *beside.iterancestors()))}
        self._above = tuple(self._around)
        self._places: dict[_Element, tuple[int, _Element]] = {}
        self._plain: dict[_Element, int] = {}
        self._linked: dict[_Element, int] = {}
        self._voted: dict[_Element, int] = {}
        self._closed: set[_Element] = set()
        self._own: list[bool] = []
        self._votes = votes
        self._bodies: dict[_Element, frozenset[_Element]] = {}
        self._foreign: dict[_Element, tuple[_Element, ...]] = {}
        misnamed = self._misnamed()
        nearest = anything = len(self._above)
        for piece in pieces[start:]:
            rank, section = self._place(piece.element)
            is_own = (
                piece.link_share < MOSTLY_LINKS
                and not is_chrome(piece.text)
                and misnamed.issuperset(self._foreign_around(piece.element))
            )
            if opens_other_pages(piece.text):
                if section not in self._plain:
                    self._closed.add(section)
                is_own = False
            self._own.append(is_own)
            self._linked[section] = self._linked.get(section, 0) + piece.linked
            if not is_own:
                continue
            size = len(piece.key)
            self._plain[section] = self._plain.get(section, 0) + size
            self._voted[section] = self._voted.get(section, 0) + (size if piece in votes else 0)
            if not self._is_closed(section):
                anything = min(anything, rank)
                if is_sentence(piece):
                    nearest = min(nearest, rank)
        self._box = nearest if nearest < len(self._above) else anything

    def holds(self, index: int) -> bool:
        """True where the piece at this index stands in a section that can be the article's."""
        element = self._pieces[index].element
        rank, section = self._place(element)
        if self._is_closed(section):
            return False
        if section in self._around:
            return rank <= self._box
        plain, voted = self._plain.get(section, 0), self._voted.get(section, 0)
        if self._linked.get(section, 0) <= plain and (rank <= self._box or voted * 2 >= plain):
            return True
        # a section that holds more than the article: what was voted for must be long and stand together
        return voted >= TRUSTED_VOTES and element in self._body(section)

    def _is_closed(self, section: _Element) -> bool:
        """True for a section that begins with other pages, unless far more than those stands in it."""
        if section not in self._closed:
            return False
        voted = self._voted.get(section, 0)
        return voted < max(TRUSTED_VOTES, MORE_THAN_LINKS * self._linked.get(section, 0))

    def _body(self, section: _Element) -> AbstractSet[_Element]:
        """Every element of the smallest one that holds most of the section's votes."""
        if section not in self._bodies:
            own = [
                piece
                for index, piece in enumerate(self._pieces[self._start :])
                if self._own[index] and piece in self._votes and self._place(piece.element)[1] is section
            ]
            total = sum(len(piece.key) for piece in own)
            self._bodies[section] = frozenset(_container(section, own, total).iter())
        return self._bodies[section]

    def plain(self) -> list[Piece]:
        """The pieces of the box that may be the article's, whoever voted for them."""
        return [
            piece
            for index, piece in enumerate(self._pieces[self._start :], self._start)
            if self._own[index - self._start]
            and self._place(piece.element)[0] <= self._box
            and self.holds(index)
        ]

    def _misnamed(self) -> frozenset[_Element]:
        """Elements named as if they were no text of the article that hold most of a long one: wrappers."""
        held: Counter[_Element] = Counter()
        total = 0
        for piece in self._pieces[self._start :]:
            if piece in self._votes:
                total += len(piece.key)
                for element in self._foreign_around(piece.element):
                    held[element] += len(piece.key)
        if total < TRUSTED_VOTES:
            return frozenset()
        return frozenset(element for element, size in held.items() if size * 2 >= total)

    def _foreign_around(self, element: _Element) -> tuple[_Element, ...]:
        """The elements that name themselves as no text of the article, from here up to the title's own."""
        path = []
        node: _Element | None = element
        while node is not None and node not in self._foreign and node not in self._around:
            path.append(node)
            node = node.getparent()
        found = () if node is None else self._foreign.get(node, ())
        for passed in reversed(path):
            found = (*found, passed) if _names_itself_foreign(passed) else found
            self._foreign[passed] = found
        return found

    def _place(self, element: _Element) -> tuple[int, _Element]:
        """How many elements up from the title the element meets it, and which child there holds it."""
        path = []
        node: _Element | None = element
        while node is not None and node not in self._places and node not in self._around:
            path.append(node)
            node = node.getparent()
        if node is None:
            return len(self._above) - 1, element
        place = self._places.get(node)
        if place is None:
            place = (self._around[node], path[-1] if path else node)
        for passed in path:
            self._places[passed] = place
        return place


def _container(root: _Element, own: Sequence[Piece], total: int) -> _Element:
    """The deepest element that holds most of the article; `root` where none does."""
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


def flow_of(piece: Piece) -> _Element:
    """The element whose children are the paragraphs beside this piece."""
    element = piece.element
    over = _ROW_PARTS if element.tag in {"tr", "row"} else _LIST_PARTS
    parent = element.getparent()
    while parent is not None and parent.tag in over:
        parent = parent.getparent()
    return element if parent is None else parent


_ROWS = frozenset({"tr", "row"})
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
            and (index < last or _goes_on(piece) or _leads_in(pieces[index : index + 2]))
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


def _leads_in(pieces: Sequence[Piece]) -> bool:
    """True for a line that introduces the list right behind it."""
    return (
        len(pieces) == 2 and pieces[0].text[-1] == ":" and (pieces[1].depth > 0 or pieces[1].text[-1] == ";")
    )


def _is_foreign(element: _Element, flow: _Element | None) -> bool:
    """True where the element, or one between it and the flow, names itself as no text of the article."""
    node: _Element | None = element
    while node is not None and node is not flow:
        if _names_itself_foreign(node):
            return True
        node = node.getparent()
    return False


def _names_itself_foreign(element: _Element) -> bool:
    if element.tag in _FOREIGN_TAGS or element.get("role") in _FOREIGN_ROLES:
        return True
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(name) > 1 and _FOREIGN.search(name[:300]) is not None


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
