"""The page's own title: which line it is, and where it stands among the pieces."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from lxml.etree import _Element

from crawler.chrome import ends_the_article, is_chrome, is_rubric, opens_other_pages
from crawler.dates import leading_date, lone_date, trailing_date
from crawler.decoding import printable
from crawler.pieces import Piece, squeezed

__all__ = ["MOSTLY_LINKS", "is_sentence", "is_title", "own_title", "shares_words"]

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
    stated, told = _stated_titles(root, name)
    keys = {squeezed(text).casefold(): place for place, text in reversed(list(enumerate(stated)))}
    best, most = None, 0.0
    said = [
        len(piece.text) if piece.link_share < MOSTLY_LINKS and is_sentence(piece) else 0 for piece in pieces
    ]
    below, total = sum(said), sum(said)
    told = bool(stated) and (told or any(_names_the_page(text, pieces) for text in stated[-1:]))
    linked = {
        piece.key.casefold() for piece in pieces if piece.link_share >= MOSTLY_LINKS and len(piece.key) <= 60
    }
    behind = _texts_behind(pieces)
    flows: Counter[_Element | None] = Counter()
    for index, piece in enumerate(pieces):
        if _may_be_title(piece):
            text = _undated(piece.text)
            weight = _weight(pieces, index, text, keys, stated, behind)
            if weight < _SHORTENED and squeezed(text).casefold() in linked:
                weight = 0.0
            if not piece.level and told and weight < LEAST_TOLD:
                weight = 0.0
            if weight < _STATED and below < LEAST_BELOW * total:
                weight -= _LOW
            least = LEAST_SURE if flows[piece.element.getparent()] or flows[piece.element] else LEAST
            if weight >= least and weight > most:
                best, most = text, weight
        if said[index]:
            flows[piece.element.getparent()] += 1
            below -= said[index]
    return best or (stated[0] if stated else None)


def is_title(piece: Piece, title_key: str) -> bool:
    """True where the piece is the title, alone or with a date behind it."""
    if not len(title_key) <= len(piece.key) <= len(title_key) + 40:
        return False
    return piece.key.casefold() == title_key or squeezed(_undated(piece.text)).casefold() == title_key


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
        len(text) < SHORTEST_TITLE or text[-1] in ";:," or leading_date(text) is not None
    ):
        return False
    return not (is_chrome(text) or opens_other_pages(text) or ends_the_article(text) or lone_date(text))


def _weight(
    pieces: Sequence[Piece],
    index: int,
    text: str,
    keys: Mapping[str, int],
    stated: Sequence[str],
    behind: Sequence[str],
) -> float:
    """How much speaks for the line being the page's title; 0.0 for one that only may be."""
    piece = pieces[index]
    key = squeezed(text).casefold()
    marked = piece.bold or _is_named_a_title(piece.element)
    place = keys.get(key)
    weight = _HEADING.get(piece.level, _MARKED if marked else 0.0)
    if place is not None and (piece.level or len(text) >= SHORTEST_TITLE):
        if piece.link_share >= MOSTLY_LINKS and not piece.level:
            return 0.0
        weight += _STATED - place / len(stated)
    elif (
        piece.link_share >= MOSTLY_LINKS
        or is_rubric(text)
        or opens_other_pages(" ".join(text.split()[:2]))
        or (text[-1] == "." and not piece.level)
    ):
        return 0.0
    elif any(_is_start(start, key) for start in stated):
        weight += _SHORTENED
    elif any(_is_within(key, whole) for whole in stated):
        weight += _WITHIN
    elif piece.level and any(_says_the_same(text, whole) for whole in stated):
        weight += _LIKE
    own_line = weight > 0
    first = index
    following = index + 1
    if place is not None and is_rubric(text):
        return 0.0
    if following < len(pieces) and is_title(pieces[following], key) and text[-1] != ".":
        weight += _DOUBLED
        following += 1
    if text != piece.text or _is_dated(pieces, following):
        weight += _DATED_BELOW
    says = shares_words(text, behind[following - 1])
    plain = not own_line and says and text[-1] not in ".!?…" and len(text) <= LONGEST_TITLE // 2
    if plain:
        weight += _PLAIN
    if (own_line or plain) and first and _is_date_above(pieces[first - 1], piece):
        weight += _DATED_ABOVE
    if weight > 0 and says:
        weight += _SAID_BELOW
    return weight


def _is_date_above(above: Piece, piece: Piece) -> bool:
    """True where a date of the same box stands right above the line: not a clock at the head of the page."""
    if lone_date(above.text) is None:
        return False
    box = piece.element.getparent()
    return box is None or box in (above.element, *above.element.iterancestors())[:3]


def _is_dated(pieces: Sequence[Piece], index: int) -> bool:
    """True where a date stands here, on its own or glued to a word, at most behind a caption."""
    for piece in pieces[index : index + 3]:
        if lone_date(piece.text) is not None or leading_date(piece.text) is not None:
            return True
        if not is_chrome(piece.text):
            return False
    return False


def _is_within(key: str, stated: str) -> bool:
    """True where what the head says holds the whole line, among the names of site and section."""
    whole = squeezed(stated).casefold()
    return len(key) >= LEAST_SHORTENED and len(key) * 2 >= len(whole) and key in whole


def _says_the_same(text: str, stated: str) -> bool:
    """True where most of the line's words, and three, stand in what the head says."""
    words = {word[:_SAME_WORD] for word in _WORD.findall(text.casefold())}
    found = words & {word[:_SAME_WORD] for word in _WORD.findall(stated.casefold())}
    return len(found) >= 3 and len(found) >= LEAST_LIKE_STATED * len(words)


def _is_start(stated: str, key: str) -> bool:
    """True where what the head says is the beginning of this line, cut short."""
    if _CUT_SHORT.search(stated) is None:
        return False
    start = squeezed(_CUT_SHORT.sub("", stated)).casefold()
    return len(start) >= LEAST_SHORTENED and key.startswith(start)


def _is_named_a_title(element: _Element) -> bool:
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(name) > 1 and _NAMED_A_TITLE.search(name[:200]) is not None


def _texts_behind(pieces: Sequence[Piece]) -> list[str]:
    """For each piece the plain text that follows it, as far as it matters."""
    behind, text = [""] * len(pieces), ""
    for index in range(len(pieces) - 1, -1, -1):
        behind[index] = text
        piece = pieces[index]
        if piece.link_share < MOSTLY_LINKS and is_sentence(piece):
            text = f"{piece.text[:FOLLOWING]} {text}"[:FOLLOWING]
    return behind


def shares_words(title: str, text: str) -> bool:
    """True where the text says what the title says: half of its words, and two, come again."""
    wanted = {word[:_SAME_WORD] for word in _WORD.findall(title.casefold())}
    if len(wanted) < 2:
        return False
    found = wanted & {word[:_SAME_WORD] for word in _WORD.findall(text.casefold())}
    return len(found) * 2 >= len(wanted) and len(found) >= 2


def _undated(text: str) -> str:
    found = trailing_date(text)
    return text if found is None else found[0]


def _stated_titles(root: _Element, name: str | None) -> tuple[list[str], bool]:
    """What the page's head calls the page, most trusted first, each also without the site's name.

    And whether it plainly names this page rather than the site: for machines, or beside the site's name.
    """
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
    return list(dict.fromkeys(stated)), told


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
