"""A page's bytes to the author's text: trafilatura chooses, the page's own tree speaks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import ElementDefaultClassLookup, HTMLParser, LxmlError, _Element
from lxml.html import HtmlElement, document_fromstring

from crawler.chrome import ends_the_article, is_chrome, is_rubric, opens_other_pages, points_elsewhere
from crawler.column import Column, chosen, cookie_notices, flow_of, stands_over, title_above, title_lines
from crawler.dates import (
    date_in_head,
    leading_date,
    lone_date,
    read_date,
    stated_articles,
    stated_name,
    structured_date,
    trailing_date,
)
from crawler.decoding import decode
from crawler.errors import NothingReadable
from crawler.pieces import Piece, pieces_of, squeezed
from crawler.readings import Dropped, Reading
from crawler.titles import MOSTLY_LINKS, date_behind, own_title
from crawler.visible import visible_digest, visible_text
from diffing.guessing import guess_language, share_of_letters
from diffing.languages import LANGUAGES
from diffing.model import Block, BlockKind, Document

__all__ = [
    "extract",
    "read",
    "read_html",
    "visible_digest",
    "visible_text",
]

_PARSER_OPTIONS = {
    # libxml2 gives up at 256 levels, without a word, unless it is told to go on
    "huge_tree": True,
    "collect_ids": False,
    "default_doctype": False,
    "encoding": "utf-8",
    "remove_comments": True,
    "remove_pis": True,
}
_ENOUGH_LETTERS = 0.4
"""Share of a text's letters that must be of a language's alphabet before a page is believed to be in it:
names and quotations in another alphabet leave more, a page that states the wrong language next to none."""


ALL_LINKS = 0.8
"""Share of link characters from which a line above the text is a menu."""


def extract(
    body: bytes,
    headers: Iterable[tuple[str, str]] | Mapping[str, str],
    url: str,
    *,
    language: str | None,
    content: str | None = None,
    date: str | None = None,
    timezone: ZoneInfo,
) -> Document:
    """The author's text of a page: title once, printed date with its evidence, blocks in order.

    `content` and `date` are the source's CSS selectors; one that matches nothing is ignored. The
    document's `language` is the declared one unless its letters plainly are of another. The same
    bytes give the same document. Raises NothingReadable, and nothing else, whatever the bytes.
    """
    return read(body, headers, url, language=language, content=content, date=date, timezone=timezone).document


def read_html(body: bytes, language: str | None = None) -> Document:
    """The text of a page that somebody saved to a file. Raises NothingReadable."""
    return extract(body, (), "", language=language, timezone=ZoneInfo("UTC"))


def read(
    body: bytes,
    headers: Iterable[tuple[str, str]] | Mapping[str, str],
    url: str,
    *,
    language: str | None,
    content: str | None = None,
    date: str | None = None,
    timezone: ZoneInfo,
) -> Reading:
    """As `extract`, with the blocks that were dropped from the article's column and why."""
    pairs = tuple(headers.items() if isinstance(headers, Mapping) else headers)
    root = _parse(decode(body, pairs))
    selected_date = _selected_date(root, date)
    column = _selected(root, content)
    pieces = pieces_of(root)
    notices = cookie_notices(pieces)
    if notices:
        pieces = [piece for piece in pieces if piece not in notices]
    stated = stated_articles(root)
    title = own_title(root, pieces, stated_name(stated[0]) if len(stated) == 1 else None)
    titles = title_lines(pieces, title)
    if column is None:
        article = _Article.of(pieces, chosen(root, pieces, title, titles, url), title, titles)
    else:
        inside = set(column.iter())
        taken = [piece for piece in pieces if piece.element in inside]
        anchor = title_above(pieces, set(taken), titles)
        start = 0 if anchor is None else anchor + 1
        article = _Article.of(
            pieces, Column(taken=taken, anchor=anchor, start=start), title, titles, restricted=True
        )
    if not article.own:
        raise NothingReadable("no text of an article was found on the page")
    published, evidence = _published(
        root, article, stated, title=title, selected=selected_date, url=url, timezone=timezone
    )
    blocks = _blocks(article.own, article.glued)
    text = "\n".join(block.text for block in blocks)
    if not any(letter.isalpha() for letter in text):
        raise NothingReadable("no text of an article was found on the page")
    return Reading(
        document=Document(
            language=_language(
                text, language, root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang")
            ),
            title=title,
            published=published,
            published_evidence=evidence,
            blocks=blocks,
        ),
        dropped=tuple(article.dropped),
    )


def _parser() -> HTMLParser:
    """A parser whose elements are all of one class: to look up each one's own takes a tenth of a reading."""
    parser = HTMLParser(**_PARSER_OPTIONS)
    parser.set_element_class_lookup(ElementDefaultClassLookup(element=HtmlElement))
    return parser


def _parse(text: str) -> _Element:
    """The page's tree. Raises NothingReadable where there is no element in it."""
    try:
        root = document_fromstring(text.encode("utf-8", "replace"), parser=_parser())
    except (LxmlError, ValueError, AssertionError) as error:
        raise NothingReadable(f"the page is no HTML: {error}") from error
    if root is None or root.find("body") is None:
        raise NothingReadable("the page has no body")
    return root


def _selected(root: _Element, selector: str | None) -> _Element | None:
    """The first element that the source's selector matches; None: no selector, or no match."""
    if not selector:
        return None
    try:
        found = CSSSelector(selector, translator="html")(root)
    except (SelectorError, LxmlError):
        return None
    return found[0] if found else None


def _selected_date(root: _Element, selector: str | None) -> dt.date | None:
    element = _selected(root, selector)
    if element is None:
        return None
    stated = (element.get("datetime") or element.get("content") or "")[:60]
    return read_date(stated) or read_date(" ".join("".join(element.itertext())[:400].split()))


@dataclass(slots=True, kw_only=True)
class _Article:
    """The pieces of the column sorted: own text, title lines, dates beside the title, dropped ones."""

    own: list[Piece] = field(default_factory=list)
    titles: list[Piece] = field(default_factory=list)
    beside: list[dt.date] = field(default_factory=list)
    above: list[dt.date] = field(default_factory=list)
    glued: dict[Piece, str] = field(default_factory=dict)
    dropped: list[Dropped] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        pieces: Sequence[Piece],
        column: Column,
        title: str | None,
        titles: Sequence[int],
        *,
        restricted: bool = False,
    ) -> _Article:
        """Sorts the column's pieces; what stands before its start belongs to other pages."""
        article = cls()
        kept, anchor = set(column.taken), column.anchor
        if anchor is not None:
            article.titles = [pieces[index] for index in titles]
            article._look_beside(pieces, anchor, titles, title)
        elif first := _first_of(pieces, kept, column.start):
            article._look_above(pieces, first, column.taken)
        skipping: _Element | None = None
        lists_too = False
        for index, piece in enumerate(pieces):
            if piece.level and article.own and ends_the_article(piece.text):
                article._drop(piece, "readers' comments")
                break
            if piece not in kept:
                if article.own and opens_other_pages(piece.text):
                    skipping, lists_too = flow_of(piece), False
                continue
            if skipping is not None:
                if (flow_of(piece) is skipping or restricted) and (
                    piece.link_share >= MOSTLY_LINKS or (piece.depth and lists_too)
                ):
                    article._drop(piece, "other pages")
                    continue
                skipping = None
            if index < column.start and index not in titles:
                article._drop(piece, "stands before the page's " + ("text" if anchor is None else "title"))
            elif index in titles and (piece.level or (anchor is not None and index <= anchor + 3)):
                continue
            elif is_chrome(piece.text) or (
                not article.own and (piece.link_share >= ALL_LINKS or is_rubric(piece.text))
            ):
                article._drop(piece, "page furniture")
            elif points_elsewhere(piece.text) and piece.link_share >= 0.3:
                article._drop(piece, "other pages")
            elif opens_other_pages(piece.text):
                article._drop(piece, "other pages")
                skipping, lists_too = flow_of(piece), True
            elif ends_the_article(piece.text) and article.own:
                article._drop(piece, "readers' comments")
                break
            else:
                article._keep(piece)
        while article.own and article.own[-1].level:
            article._drop(article.own.pop(), "heading without a text")
        return article

    def _drop(self, piece: Piece, reason: str) -> None:
        self.dropped.append(Dropped(text=piece.text, reason=reason))

    def _keep(self, piece: Piece) -> None:
        if (found := leading_date(piece.text)) is not None:
            day, self.glued[piece] = found
            self.beside.append(day)
        self.own.append(piece)

    def _look_above(self, pieces: Sequence[Piece], first: int, text: Sequence[Piece]) -> None:
        """A date right above a text without a title; a picture's caption and the like may stand between."""
        for piece in reversed(pieces[max(0, first - 3) : first]):
            if (day := lone_date(piece.text)) is not None and stands_over(piece, text):
                self.above.append(day)
            if day is not None or not is_chrome(piece.text):
                return

    def _look_beside(
        self, pieces: Sequence[Piece], anchor: int, titles: Sequence[int], title: str | None
    ) -> None:
        """Dates on the title's line, on lines of their own below it, and right above it in the same box."""
        first = anchor - 1 if anchor - 1 in titles else anchor
        line = pieces[anchor]
        if (found := trailing_date(line.text)) is not None:
            self.beside.append(found[1])
        elif title and (day := date_behind(line.text, len(squeezed(title)))) is not None:
            self.beside.append(day)
        for piece in pieces[anchor + 1 : anchor + 6]:
            if (day := lone_date(piece.text)) is not None:
                self.beside.append(day)
                break
            if len(piece.text) > 200 or leading_date(piece.text) is not None:
                break
        if first and (day := lone_date(pieces[first - 1].text)) is not None:
            box = pieces[first].element.getparent()
            above = pieces[first - 1].element
            if box is not None and box in (above, *above.iterancestors())[:3]:
                self.above.append(day)


def _first_of(pieces: Sequence[Piece], kept: set[Piece], start: int) -> int:
    """The index of the first piece of the text; 0 where there is none or nothing stands above it."""
    return next(
        (
            index
            for index in range(start, len(pieces))
            if pieces[index] in kept and not is_chrome(pieces[index].text)
        ),
        0,
    )


def _published(
    root: _Element,
    article: _Article,
    stated: Sequence[Mapping[str, object]],
    *,
    title: str | None,
    selected: dt.date | None,
    url: str,
    timezone: ZoneInfo,
) -> tuple[dt.date | None, str | None]:
    """The page's date and what says so, in the order that the module states."""
    if selected is not None:
        return selected, "selector"
    near = []
    for piece in article.titles[-1:]:
        box = piece.element.getparent()
        near = [piece.element] if box is None else [piece.element, *_short_neighbours(box)]
    if (day := structured_date(root, stated, title, near, timezone)) is not None:
        return day, "structured data"
    for day in (*article.beside, *article.above):
        return day, "beside title"
    head = root.find("head")
    if (day := date_in_head(() if head is None else head, url)) is not None:
        return day, "trafilatura"
    return None, None


def _short_neighbours(box: _Element) -> list[_Element]:
    """The children of the title's box that are lines rather than columns."""
    return [child for child in box if isinstance(child.tag, str) and len(list(child.iter())) <= 12]


_KINDS = {
    "li": BlockKind.ITEM,
    "item": BlockKind.ITEM,
    "dd": BlockKind.ITEM,
    "tr": BlockKind.ROW,
    "row": BlockKind.ROW,
}


def _blocks(own: Sequence[Piece], glued: Mapping[Piece, str]) -> tuple[Block, ...]:
    """The pieces as blocks: list items, and lines ending in semicolons, with the words that lead them in."""
    blocks: list[Block] = []
    leads: dict[int, str] = {}
    run_lead: str | None = None
    for piece in own:
        text = glued.get(piece, piece.text)
        if not text:
            continue
        if piece.depth and not piece.level and piece.tag not in {"tr", "row"}:
            lead = leads.get(piece.depth - 1)
            leads = {depth: kept for depth, kept in leads.items() if depth < piece.depth} | {
                piece.depth: text
            }
            blocks.append(Block(kind=BlockKind.ITEM, text=text, lead_in=lead))
            run_lead = None
            continue
        kind = (
            BlockKind.HEADING
            if piece.level
            else _KINDS.get(piece.tag, BlockKind.QUOTE if piece.quoted else BlockKind.PARAGRAPH)
        )
        leads = {0: text} if text.endswith(":") and kind is not BlockKind.ROW else {}
        if run_lead is not None and kind is BlockKind.PARAGRAPH and not text.endswith(":"):
            goes_on = text.endswith((";", ","))
            if goes_on or blocks[-1].kind is BlockKind.ITEM:
                blocks.append(Block(kind=BlockKind.ITEM, text=text, lead_in=run_lead))
                run_lead = run_lead if goes_on else None
                continue
        run_lead = text if text.endswith(":") and kind is BlockKind.PARAGRAPH else None
        blocks.append(Block(kind=kind, text=text))
    return tuple(blocks)


def _language(text: str, declared: str | None, attribute: str | None) -> str:
    """The declared language, unless the letters are plainly of another script; then the page's or a guess.

    A page may state a language that is not read here; the nearest that is, is a guess then too.
    """
    stated = (attribute or "").strip().lower()[:2]
    for code in (declared, stated):
        if code and code in LANGUAGES and share_of_letters(text, code) >= _ENOUGH_LETTERS:
            return code
    return guess_language(text)
