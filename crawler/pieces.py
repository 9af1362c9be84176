"""The page's visible text in order, cut where a reader sees a new line, each piece with its element."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml.etree import _Element, iterwalk

from crawler.decoding import printable

__all__ = ["Piece", "pieces_of", "squeezed"]

INLINE = frozenset(
    {
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "hi",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "ref",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    }
)
UNSEEN = frozenset(
    {
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "canvas",
        "iframe",
        "object",
        "embed",
        "audio",
        "video",
        "select",
        "option",
        "datalist",
        "button",
        "textarea",
        "input",
        "map",
        "area",
        "graphic",
    }
)
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6, "head": 2}
_ROW_TAGS = INLINE | {"td", "th", "cell", "p", "br", "lb", "img", "wbr"}
_LINKS = frozenset({"a", "ref"})
_BOLD = frozenset({"b", "strong", "big"})
_BREAKS = frozenset({"br", "lb", "hr"})
_ROWS = frozenset({"tr", "row"})
_LISTS = frozenset({"ul", "ol", "list"})
_NESTING = _LISTS | {"blockquote", "quote"}
LONGEST_STYLE = 2_000
"""Characters of a style attribute that are looked at: a real one has 20 to 200."""

MOST_PARTS_OF_DATE = 4
"""Runs of text that a date on its own may be written in: with white space, a tag or two."""

LONGEST_CELL = 300
"""Characters of a table cell above which the table lays out the page rather than holds data."""

_HIDDEN_STYLE = re.compile(r"display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}hidden", re.IGNORECASE)
_DATE_LINE = re.compile(
    r"(?:\d{1,2}[./ -][^\W_]{1,9}[./ ,-]{1,2}|[^\W\d_]{3,9}\.? \d{1,2},? )\d{4}(?:[,|/ -]{1,3}\d{1,2}:\d{2})?"
)
_ENDS_A_LINE = frozenset('.!?…:;»”"')


@dataclass(slots=True, eq=False)
class Piece:
    """A run of text between two block boundaries.

    `key` is the text `squeezed`, `tag` that of the innermost block element (`element`), `level` 1 to 6 for
    headings and 0 otherwise, `depth` how many lists it is nested in, `linked` how many of its characters are
    links, `link_share` which share of them, 0.0 to 1.0, `bold` whether all of them are set in bold.
    """

    text: str
    key: str = field(repr=False)
    tag: str
    element: _Element = field(repr=False)
    level: int
    depth: int
    linked: int
    link_share: float
    bold: bool
    quoted: bool


def squeezed(text: str) -> str:
    """The text without any white space: equal for one text in two renderings."""
    return "".join(text.split())


class _Run:
    """The text run that is being read, and the pieces already cut.

    `broken` is how many of its parts end with the last `<br>`, `told` how many visible characters they have.
    """

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.parts: list[str] = []
        self.linked = 0
        self.strong = 0
        self.broken = 0
        self.told = 0
        self.blocks: list[_Element] = []
        self.lists = 0
        self.quotes = 0

    def cut(self) -> None:
        """What was read since the last cut becomes a piece of the innermost block, if it says anything."""
        parts = self.parts
        words = "".join(parts).split()
        parts.clear()
        linked, strong = self.linked, self.strong
        self.linked = self.strong = self.broken = self.told = 0
        if not words or not self.blocks:
            return
        text, key = " ".join(words), "".join(words)
        if not text.isprintable():
            text = printable(text).strip()
            if not text:
                return
            key = squeezed(text)
        size, block = len(text), self.blocks[-1]
        tag, linked = block.tag, min(linked, size)
        self.pieces.append(
            Piece(
                text,
                key,
                tag,
                block,
                _HEADINGS.get(tag, 0),
                self.lists,
                linked,
                linked / size,
                strong > 0 and strong >= size - text.count(" "),
                self.quotes > 0,
            )
        )

    def nest(self, tag: str, step: int) -> None:
        """Counts how deep in lists and quotations the run stands."""
        if tag in _LISTS:
            self.lists += step
        else:
            self.quotes += step

    def end_date(self, following: str) -> None:
        """Cuts behind a date in an element of its own, unless a sentence goes on behind it."""
        written = "".join(self.parts).strip()
        if (
            written[-1:].isdigit()
            and not following.lstrip()[:1].islower()
            and _DATE_LINE.fullmatch(written[:40]) is not None
        ):
            self.cut()

    def break_line(self) -> None:
        """A `<br>`: ends a piece after a sentence, a date or a line in bold, else a line of a letterhead."""
        # no further back than the `<br>` before: a page may have a hundred thousand of them
        line = "".join(self.parts[self.broken :]).rstrip(" \t\r")
        shown = line.rstrip()
        told, self.told = self.told, self.told + len(squeezed(shown))
        if (
            line.endswith("\n")
            or (self.broken and not line)
            or (shown and shown[-1] in _ENDS_A_LINE)
            or (self.strong and self.strong >= self.told)
            or (not told and shown[-1:].isdigit() and _DATE_LINE.fullmatch(shown.strip()[:40]) is not None)
        ):
            self.cut()
        else:
            self.parts.append("\n")
            self.broken = len(self.parts)


def pieces_of(root: _Element) -> list[Piece]:
    """Every visible piece below `root` in document order. Linear in the size of the tree."""
    run = _Run()
    parts, blocks = run.parts, run.blocks
    links = bolds = 0
    walk = iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "end":
            if blocks and blocks[-1] is element:
                if parts:
                    run.cut()
                blocks.pop()
                if tag in _NESTING:
                    run.nest(tag, -1)
            elif links and tag in _LINKS:
                links -= 1
            elif bolds and tag in _BOLD:
                bolds -= 1
            text = element.tail if element is not root else None
            if text and parts and len(parts) <= MOST_PARTS_OF_DATE:
                run.end_date(text)
        else:
            if tag in INLINE and blocks:
                if tag in _LINKS:
                    links += 1
                elif tag in _BOLD:
                    bolds += 1
            elif element is not root and _is_unseen(element, tag):
                walk.skip_subtree()
                continue
            elif tag in _BREAKS:
                run.break_line()
                continue
            elif tag in _ROWS and (cells := _cells(element)):
                run.cut()
                # cut again where the row ends, which is next
                blocks.append(element)
                parts.append(" | ".join(cells))
                run.linked = _linked_in(element)
                walk.skip_subtree()
                continue
            else:
                if parts:
                    run.cut()
                blocks.append(element)
                if tag in _NESTING:
                    run.nest(tag, 1)
            text = element.text
        if text:
            parts.append(text)
            if links:
                run.linked += len(text.strip())
            if bolds:
                run.strong += len(squeezed(text))
    run.cut()
    return run.pieces


def _linked_in(row: _Element) -> int:
    """How many characters of a row are links: a row of them is a menu."""
    return sum(len(text.strip()) + 3 for tag in _LINKS for link in row.iter(tag) for text in link.itertext())


def _is_unseen(element: _Element, tag: object) -> bool:
    """What no reader sees: scripts and the like, comments, the page's head, what its own style hides."""
    if tag in UNSEEN or not isinstance(tag, str):
        return True
    if tag == "head":
        # trafilatura calls a heading by the same name
        parent = element.getparent()
        return parent is not None and parent.tag == "html"
    named = element.keys()
    if "style" in named:
        style = element.get("style")
        if len(style) < LONGEST_STYLE and _HIDDEN_STYLE.search(style) is not None:
            return True
    return "hidden" in named


def _cells(row: _Element) -> list[str]:
    """The texts of a row of data; empty where the row lays out the page or has fewer than two cells."""
    cells = []
    for cell in row:
        if cell.tag not in {"td", "th", "cell"}:
            continue
        length = 0
        for count, inner in enumerate(cell.iter()):
            length += len(inner.text or "")
            if (
                count > 40
                or length > LONGEST_CELL
                or (isinstance(inner.tag, str) and inner.tag not in _ROW_TAGS)
            ):
                return []
        text = " ".join(" ".join(cell.itertext()).split())
        if text:
            cells.append(text)
    return cells if len(cells) >= 2 else []
