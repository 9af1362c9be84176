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
_BREAKS = frozenset({"br", "lb", "hr"})
_ROWS = frozenset({"tr", "row"})
LONGEST_STYLE = 2_000
"""Characters of a style attribute that are looked at: a real one has 20 to 200."""

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

    def cut(self) -> None:
        if not self.parts:
            return
        text = " ".join("".join(self.parts).split())
        linked, self.linked = self.linked, 0
        self.parts.clear()
        if not text or not self.blocks:
            return
        block = self.blocks[-1]
        self.append(text, block, linked)

    def append(self, text: str, block: _Element, linked: int) -> None:
        if not text.isprintable():
            text = printable(text).strip()
            if not text:
                return
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
    add, blocks = run.parts.append, run.blocks
    walk = iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            if blocks and blocks[-1] is element:
                run.cut()
                blocks.pop()
                _enter(run, element.tag, -1)
            elif run.links and element.tag in _LINKS:
                run.links -= 1
            if (text := element.tail) and element is not root:
                add(text)
                if run.links:
                    run.linked += len(text.strip())
            continue
        tag = element.tag
        if tag in INLINE and blocks:
            if tag in _LINKS:
                run.links += 1
        elif element is not root and _is_unseen(element, tag):
            walk.skip_subtree()
            continue
        elif tag in _BREAKS:
            run.break_line()
            continue
        elif tag in _ROWS and (cells := _cells(element)):
            run.cut()
            run.append(" | ".join(cells), element, 0)
            walk.skip_subtree()
            continue
        else:
            run.cut()
            blocks.append(element)
            _enter(run, tag, 1)
        if text := element.text:
            add(text)
            if run.links:
                run.linked += len(text.strip())
    run.cut()
    return run.pieces


def _enter(run: _Run, tag: str, step: int) -> None:
    """Counts how deep in lists and quotations the run stands."""
    if tag in {"ul", "ol", "list"}:
        run.lists += step
    elif tag in {"blockquote", "quote"}:
        run.quotes += step


def _is_unseen(element: _Element, tag: object) -> bool:
    """What no reader sees: scripts and the like, comments, the page's head, what its own style hides."""
    if tag in UNSEEN or not isinstance(tag, str):
        return True
    if tag == "head":
        # trafilatura calls a heading by the same name
        parent = element.getparent()
        return parent is not None and parent.tag == "html"
    style = element.get("style")
    if style is not None and len(style) < LONGEST_STYLE and _HIDDEN_STYLE.search(style) is not None:
        return True
    return element.get("hidden") is not None


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
