"""The digest as plain text for a terminal or a mail."""

from __future__ import annotations

from collections.abc import Iterator

from diffing.digest import Digest
from diffing.formats.sheet import (
    Card,
    Item,
    Link,
    Quotation,
    Reader,
    Section,
    Sheet,
    laid_out,
    set_in_line,
)
from diffing.model import Significance, WordOp

__all__ = ["addressed", "bracketed", "digest_text"]

_MARKS = {Significance.HIGH: "!! ", Significance.MEDIUM: "*  ", Significance.LOW: "   "}
_QUOTE_LENGTH = 240
_BRACKETS = {WordOp.EQUAL: ("", ""), WordOp.DELETE: ("[-", "-]"), WordOp.INSERT: ("{+", "+}")}


def digest_text(digest: Digest, reader: Reader | None = None) -> str:
    """The digest as lines of text; holds no control character, whatever a page contained."""
    return "\n".join(_lines(laid_out(digest, reader or Reader()))) + "\n"


def _lines(sheet: Sheet) -> Iterator[str]:
    words = sheet.reader.words
    yield sheet.title
    yield "=" * len(sheet.title)
    if sheet.covers:
        yield sheet.covers
    yield sheet.summary
    if sheet.glance:
        yield ""
        yield words.texts["glance"]
        yield from (f"!! {line}" for line in sheet.glance)
    for section in sheet.sections:
        yield ""
        yield section.heading.upper()
        yield from _section(section)
    yield ""
    yield words.texts["coverage heading"].upper()
    yield from (f"   {line}" for line in sheet.coverage)
    if any(section.cards for section in sheet.sections):
        yield ""
        yield words.texts["legend"] + (f"; {words.texts['marks']}" if sheet.marked else "")
    yield from sheet.closing
    if sheet.head:
        yield words.texts["chain"].format(head=sheet.head)


def _section(section: Section) -> Iterator[str]:
    for card in section.cards:
        yield ""
        yield from _card(card, section.key)
    yield from (f"   {line}" for line in section.lines)
    if section.more:
        yield ""
        yield f"   {section.more}"


def _card(card: Card, key: str) -> Iterator[str]:
    by = f" ({card.by})" if card.by else ""
    yield f"{card.heading}{by}"
    if card.note:
        yield f"   {card.note}"
    yield from (f"   {addressed(link)}" for link in card.links)
    for item in card.items:
        yield from _statement(item) if key == "new" else _item(item)
    if card.more:
        yield f"   {card.more}"


def _statement(item: Item) -> Iterator[str]:
    """A new statement is one line: the card says who said it."""
    notes = "".join(f" [{note}]" for note in item.notes)
    for quotation in item.quotations:
        yield f"{_MARKS[item.significance]}- {_words(quotation)}{notes}"


def _item(item: Item) -> Iterator[str]:
    if item.line:
        yield f"{_MARKS[item.significance]}{item.line}"
    yield from (f"   {note}" for note in item.notes)
    for quotation in item.quotations:
        label = f"{quotation.label}: " if quotation.label else ""
        begin, end = quotation.marks
        yield f"   {label}{begin}{_words(quotation)}{end}"
        yield from (f"      {addressed(link)}" for link in quotation.links)


def addressed(link: Link) -> str:
    """The words with where they lead, unless they say it themselves."""
    return link.words if link.url is None or link.url in link.words else f"{link.words}: {link.url}"


def _words(quotation: Quotation) -> str:
    return set_in_line(quotation, _QUOTE_LENGTH, bracketed)


def bracketed(op: WordOp, words: str) -> str:
    """Words in the brackets that show in plain text what became of them, as wdiff sets them."""
    opening, closing = _BRACKETS[op]
    return f"{opening}{words}{closing}"
