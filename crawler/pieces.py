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
LONGEST_CELL = 300
"""Characters of a table cell above which the table lays out the page rather than holds data."""

_HIDDEN_STYLE = re.compile(r"display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}hidden", re.IGNORECASE)
_ENDS_A_LINE = frozenset('.!?…:;»”"')


@dataclass(slots=True, kw_only=True, eq=False)
class Piece:
    """A run of text between two block boundaries.

    `tag` is that of the innermost block element (`element`), `level` 1 to 6 for headings and 0
    otherwise, `depth` how many lists it is nested in, `linked` how many of its characters are links.
    """

    text: str
    tag: str
    element: _Element = field(repr=False)
    level: int = 0
    depth: int = 0
    linked: int = 0
    quoted: bool = False
    key: str = field(default="", repr=False)

    @property
    def link_share(self) -> float:
        """0.0 to 1.0: the share of its characters that are links."""
        return self.linked / len(self.text)


def squeezed(text: str) -> str:
    """The text without any white space: equal for one text in two renderings."""
    return "".join(text.split())


class _Run:
    """The text run that is being read, and the pieces already cut."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.parts: list[str] = []
        self.linked = 0
        self.blocks: list[_Element] = []
        self.lists = 0
        self.quotes = 0
        self.links = 0

    def add(self, text: str | None) -> None:
        if text:
            self.parts.append(text)
            if self.links:
                self.linked += len(text.strip())

    def cut(self) -> None:
        if not self.parts:
            return
        text = " ".join(printable("".join(self.parts)).split())
        linked, self.linked = self.linked, 0
        self.parts.clear()
        if not text or not self.blocks:
            return
        block = self.blocks[-1]
        self.append(text, block, linked)

    def append(self, text: str, block: _Element, linked: int) -> None:
        self.pieces.append(
            Piece(
                text=text,
                tag=block.tag,
                element=block,
                level=_HEADINGS.get(block.tag, 0),
                depth=self.lists,
                linked=min(linked, len(text)),
                quoted=self.quotes > 0,
                key=squeezed(text),
            )
        )

    def break_line(self) -> None:
        """A `<br>`: ends a piece after a finished sentence, and only a line of a letterhead otherwise."""
        written = "".join(self.parts).rstrip(" \t\r")
        if written.endswith("\n") or (written.rstrip() and written.rstrip()[-1] in _ENDS_A_LINE):
            self.cut()
        else:
            self.parts.append("\n")


def pieces_of(root: _Element) -> list[Piece]:
    """Every visible piece below `root` in document order. Linear in the size of the tree."""
    run = _Run()
    walk = iterwalk(root, events=("start", "end"))
    skipped: _Element | None = None
    for event, element in walk:
        tag = element.tag
        if not isinstance(tag, str):
            if event == "end":
                run.add(element.tail)
            continue
        if event == "start":
            if element is not root and (tag in UNSEEN or _hidden(element) or _is_page_head(element)):
                walk.skip_subtree()
                skipped = element
            elif tag in {"tr", "row"} and (cells := _cells(element)):
                run.cut()
                run.append(printable(" | ".join(cells)), element, 0)
                walk.skip_subtree()
                skipped = element
            elif tag in {"br", "lb", "hr"}:
                run.break_line()
            elif tag in INLINE and run.blocks:
                if tag in {"a", "ref"}:
                    run.links += 1
                run.add(element.text)
            else:
                run.cut()
                run.blocks.append(element)
                _enter(run, tag, 1)
                run.add(element.text)
            continue
        if element is skipped:
            skipped = None
        elif tag in {"a", "ref"} and run.links:
            run.links -= 1
        elif run.blocks and run.blocks[-1] is element:
            run.cut()
            run.blocks.pop()
            _enter(run, tag, -1)
        if element is not root:
            run.add(element.tail)
    run.cut()
    return run.pieces


def _enter(run: _Run, tag: str, step: int) -> None:
    """Counts how deep in lists and quotations the run stands."""
    if tag in {"ul", "ol", "list"}:
        run.lists += step
    elif tag in {"blockquote", "quote"}:
        run.quotes += step


def _is_page_head(element: _Element) -> bool:
    """The page's `<head>`; trafilatura calls a heading by the same name."""
    parent = element.getparent()
    return element.tag == "head" and parent is not None and parent.tag == "html"


def _hidden(element: _Element) -> bool:
    """Not shown by a browser, as far as the element itself says."""
    attributes = element.attrib
    if not attributes:
        return False
    style = attributes.get("style")
    return "hidden" in attributes or (
        style is not None and len(style) < 2000 and _HIDDEN_STYLE.search(style) is not None
    )


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
