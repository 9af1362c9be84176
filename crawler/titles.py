"""The page's own title: which line it is, and where it stands among the pieces."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml.etree import _Element

from crawler.chrome import ends_the_article, is_chrome, is_rubric, opens_other_pages
from crawler.dates import leading_date, lone_date, trailing_date
from crawler.decoding import printable
from crawler.pieces import Piece, squeezed

__all__ = ["MOSTLY_LINKS", "date_behind", "is_sentence", "is_title", "own_title", "shares_words"]

_SITE_SEPARATOR = re.compile(r"\s+[|–—·»«/•-]\s+|\s*::\s*|\s*\|\s*")
_CUT_SHORT = re.compile(r"\s*(?:…|\.\.\.)$")
_NAMED_A_TITLE = re.compile(
    r"(?:^|[\s_-])(?:title|headline|heading|header|name|zag|zagolovok|caption|h[1-6])(?:$|[\s_-])",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{4,}")

SHORTEST_TITLE = 8
"""Characters below which a part of `<title>` is a rubric or a site name."""

LONGEST_TITLE = 300
"""Characters above which a line is no title; the longest of 189 real ones has 190."""

LONGEST_LABEL = 80
"""Characters from which a line without a stop at its end is taken for a text."""

MOSTLY_LINKS = 0.5
"""Share of link characters from which a line leads to another page rather than says something here."""

LEAST_SHORTENED = 15
"""Characters of a title cut short in the page's head that still tell which line it is the start of."""

LEAST_BELOW = 0.3
"""Share of the page's sentences below a line from which nothing of its weight is taken off."""

LEAST_LIKE_STATED = 0.6
"""Share of a line's words that the page's head must name for the line to say what the head says."""

FEWEST_WORDS_OF_NAME = 3
"""Words of a part of `<title>` from which it names a page: "Rubezh-2025 – CSTO" may stand on many."""

MOST_LOOKED_AT = 60
"""Pieces among which a sentence is sought that says what the page's head does."""

FOLLOWING = 700
"""Characters behind a line that may say what it says: a title's words come again in the lead."""

_SAME_WORD = 5
"""Letters by which two forms of a word are one: "учение" and "учения", "exercise" and "exercises"."""

_STATED, _SHORTENED, _WITHIN, _DOUBLED, _DATED_BELOW = 10.0, 8.0, 7.0, 6.0, 5.0
_LIKE, _DATED_ABOVE, _LOW, _SAID_BELOW, _MARKED, _PLAIN = 4.0, 3.0, 2.0, 2.0, 1.5, 1.0
_HEADING = {1: 4.0, 2: 3.0, 3: 2.5, 4: 1.0, 5: 0.5, 6: 0.5}
LEAST_TOLD, LEAST_SURE, LEAST = 7.0, 4.5, 2.5
"""What a line must weigh to be the title: one that is no heading, where the head plainly names the page;
one with a text above it in its own box; any other.

The weights are in the order of how seldom the sign deceives: named by the page's head; said twice in a
row; a date right below; an `<h1>`; a date right above; a lower heading; its words again in the text. Set by
hand on the seeds of tests/quality/layouts.py below 10,000; the others measure.
"""


def own_title(root: _Element, pieces: Sequence[Piece], name: str | None = None) -> str | None:
    """The title without the site's name, as the page shows it; None: it has none.

    The line with the most signs of a title wins; where no line has enough, what the head calls the page.
    `name` is what the page's only article is called for machines.
    """
    head = _Head.of(root, name, pieces)
    said = [
        len(piece.text) if piece.link_share < MOSTLY_LINKS and is_sentence(piece) else 0 for piece in pieces
    ]
    below, total = sum(said), sum(said)
    linked = {piece.key for piece in pieces if piece.link_share >= MOSTLY_LINKS and len(piece.key) <= 60}
    behind = _texts_behind(pieces, said)
    flows: set[_Element | None] = set()
    best, most = None, 0.0
    for index, piece in enumerate(pieces):
        if said[index]:
            below -= said[index]
        if _may_be_title(piece):
            text = head.named_in(piece) or _undated(piece.text)
            weight = _weight(pieces, index, text, head, behind)
            if weight < _SHORTENED and squeezed(text) in linked:
                weight = 0.0
            if not piece.level and head.told and weight < LEAST_TOLD:
                weight = 0.0
            if weight < _STATED and below + said[index] < LEAST_BELOW * total:
                weight -= _LOW
            if weight > most and weight >= LEAST:
                parent = piece.element.getparent()
                if weight >= LEAST_SURE or not (parent in flows or piece.element in flows):
                    best, most = text, weight
        if said[index]:
            flows.add(piece.element.getparent())
    return best or next(iter(head.stated), None)


def is_title(piece: Piece, title_key: str) -> bool:
    """True where the piece is the title, alone or with a date behind it."""
    if not len(title_key) <= len(piece.key) <= len(title_key) + 40:
        return False
    key = piece.key.casefold()
    return key == title_key or (
        key.startswith(title_key) and date_behind(piece.text, len(title_key)) is not None
    )


def date_behind(text: str, length: int) -> dt.date | None:
    """The date that the line consists of behind its first `length` letters and signs; None: no date is."""
    words = text.split()
    for count, word in enumerate(words, 1):
        length -= len(word)
        if length <= 0:
            return lone_date(" ".join(words[count:])) if length == 0 else None
    return None


def is_sentence(piece: Piece) -> bool:
    """True for a line that says something: two words with a stop behind, or plainly more than a label."""
    text = piece.text
    if piece.level or is_chrome(text):
        return False
    spaces = 1 if text[-1] in ".!?…»”" else 2 if text[-1] in ';:")' else LONGEST_TITLE
    return len(text) >= LONGEST_LABEL or text.count(" ") >= spaces


def _may_be_title(piece: Piece) -> bool:
    """True for a line of a title's length that is no sentence, no furniture and no way to elsewhere."""
    text = piece.text
    if not 3 <= len(text) <= LONGEST_TITLE or piece.depth or piece.tag in {"tr", "row"}:
        return False
    if not piece.level and (
        piece.link_share >= MOSTLY_LINKS
        or len(text) < SHORTEST_TITLE
        or text[-1] in ";:,"
        or leading_date(text) is not None
    ):
        return False
    return not (is_chrome(text) or opens_other_pages(text) or ends_the_article(text) or lone_date(text))


def _weight(pieces: Sequence[Piece], index: int, text: str, head: _Head, behind: Sequence[str]) -> float:
    """How much speaks for the line being the page's title; 0.0 for one that only may be."""
    piece = pieces[index]
    key = squeezed(text).casefold()
    weight = _HEADING.get(piece.level, 0.0)
    if not weight and (piece.bold or _is_named_a_title(piece.element)):
        weight = _MARKED
    named = head.naming(key, text, heading=bool(piece.level))
    if named < _SHORTENED and piece.link_share >= MOSTLY_LINKS:
        return 0.0
    if named <= _SHORTENED and text[-1] == "." and not piece.level:
        return 0.0  # a lead often begins like its title
    if is_rubric(text) or (not named and opens_other_pages(" ".join(text.split(None, 2)[:2]))):
        return 0.0
    weight += named
    own_line, following = weight > 0, index + 1
    if following < len(pieces) and is_title(pieces[following], key) and text[-1] != ".":
        weight += _DOUBLED
        following += 1
    if text != piece.text or _is_dated(pieces, following):
        weight += _DATED_BELOW
    plain = not own_line and not head.told and text[-1] not in ".!?…" and len(text) <= LONGEST_TITLE // 2
    if not (weight or plain):
        return 0.0
    says = shares_words(text, behind[following - 1])
    plain = plain and says
    if plain:
        weight += _PLAIN
    if (own_line or plain) and index and _is_date_above(pieces[index - 1], piece):
        weight += _DATED_ABOVE
    return weight + _SAID_BELOW if weight and says else weight


def _is_date_above(above: Piece, piece: Piece) -> bool:
    """True where a date of the same box stands right above the line: not a clock at the head of the page."""
    if lone_date(above.text) is None:
        return False
    box = piece.element.getparent()
    return box is None or box in (above.element, *islice(above.element.iterancestors(), 2))


def _is_dated(pieces: Sequence[Piece], index: int) -> bool:
    """True where a date stands here, on its own or glued to a word, at most behind a caption."""
    for piece in pieces[index : index + 3]:
        if lone_date(piece.text) is not None or leading_date(piece.text) is not None:
            return True
        if not is_chrome(piece.text):
            return False
    return False


def _is_named_a_title(element: _Element) -> bool:
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(name) > 1 and _NAMED_A_TITLE.search(name[:200]) is not None


def _texts_behind(pieces: Sequence[Piece], said: Sequence[int]) -> list[str]:
    """For each piece the plain text that follows it, as far as it matters."""
    behind, text = [""] * len(pieces), ""
    for index in range(len(pieces) - 1, -1, -1):
        behind[index] = text
        if said[index]:
            text = f"{pieces[index].text[:FOLLOWING]} {text}"[:FOLLOWING]
    return behind


def shares_words(title: str, text: str) -> bool:
    """True where the text says what the title says: half of its words, and two, come again."""
    wanted = _words(title)
    return len(wanted) > 1 and len(wanted & _words(text)) >= max(2, len(wanted) / 2)


@lru_cache(maxsize=1024)
def _words(text: str) -> frozenset[str]:
    """The beginnings of the words that carry a meaning; a title is compared with one text after another."""
    return frozenset(word[:_SAME_WORD] for word in _WORD.findall(text.casefold()))


def _undated(text: str) -> str:
    found = trailing_date(text)
    return text if found is None else found[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """What the page's head calls the page: `stated` most trusted first, each also without the site's name.

    `told`: it plainly names this page rather than the site. `keys` are the stated forms by place, `cut`
    those that were cut short, `words` the words of each.
    """

    stated: tuple[str, ...]
    told: bool
    keys: Mapping[str, int]
    cut: tuple[str, ...]
    words: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, root: _Element, name: str | None, pieces: Sequence[Piece]) -> _Head:
        """Reads the head; where it names no site, the page's sentences tell whether it names the page."""
        stated = _with_parts(name) if name else []
        for meta in root.iter("meta"):
            kind = (meta.get("property") or meta.get("name") or "").casefold()
            if kind in {"og:title", "twitter:title"}:
                stated += _with_parts(meta.get("content") or "")
        told = bool(stated)
        title = next(iter(root.iter("title")), None)
        if title is not None:
            parts = _with_parts("".join(title.itertext()))
            told = told or (len(parts) > 1 and len(_WORD.findall(parts[0])) >= FEWEST_WORDS_OF_NAME)
            stated += parts
        stated = list(dict.fromkeys(stated))
        cut = (squeezed(_CUT_SHORT.sub("", text)).casefold() for text in stated if _CUT_SHORT.search(text))
        return cls(
            stated=tuple(stated),
            told=bool(stated) and (told or _names_the_page(stated[-1], pieces)),
            keys={squeezed(text).casefold(): place for place, text in reversed([*enumerate(stated)])},
            cut=tuple(start for start in cut if len(start) >= LEAST_SHORTENED),
            words=tuple(_words(text) for text in stated),
        )

    def named_in(self, piece: Piece) -> str | None:
        """What the head calls the page, where the line is that with a date behind it; None: it is not."""
        key = piece.key.casefold()
        for stated in self.stated:
            name = squeezed(stated).casefold()
            if SHORTEST_TITLE <= len(name) < len(key) and key.startswith(name) and is_title(piece, name):
                return stated
        return None

    def naming(self, key: str, text: str, *, heading: bool) -> float:
        """What it weighs that the head calls the page so, begins so, holds the line or says the same."""
        place = self.keys.get(key)
        if place is not None and (heading or len(text) >= SHORTEST_TITLE):
            return _STATED - place / len(self.stated)
        if any(key.startswith(start) for start in self.cut):
            return _SHORTENED
        if len(key) >= LEAST_SHORTENED and any(
            len(key) * 2 >= len(whole) and key in whole for whole in self.keys
        ):
            return _WITHIN
        if heading:
            words = _words(text)
            least = max(3, LEAST_LIKE_STATED * len(words))
            if any(len(words & stated) >= least for stated in self.words):
                return _LIKE
        return 0.0


def _names_the_page(text: str, pieces: Sequence[Piece]) -> bool:
    """True where one of the page's sentences says what its head does."""
    return any(
        shares_words(text, piece.text)
        for piece in pieces[:MOST_LOOKED_AT]
        if piece.link_share < MOSTLY_LINKS and is_sentence(piece)
    )


def _with_parts(text: str) -> list[str]:
    """The text whole, and cut at its separators from the front and from the back, longest first."""
    text = " ".join(printable(text[:1000]).split())
    if not text:
        return []
    cuts = [found.span() for found in _SITE_SEPARATOR.finditer(text)][:6]
    parts = [text[:start].strip() for start, _ in cuts] + [text[end:].strip() for _, end in cuts]
    parts = sorted((part for part in parts if len(part) >= SHORTEST_TITLE), key=len, reverse=True)
    return [*parts, text] if parts else [text]
