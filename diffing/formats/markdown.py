"""The digest as Markdown; what a page said can neither link, embed nor format."""

from __future__ import annotations

import re
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
from diffing.wording import plain

__all__ = ["digest_markdown", "escaped", "linked"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#+|~&@$])")
# What makes a list, a rule or a heading of a line that begins with it; what is made a link as it stands.
_OPENING = re.compile(r"^(?=[-=])|^(\d{1,9})(?=[.)])")
_ADDRESS = re.compile(r"(?<=\bhttp)(?=:)|(?<=\bhttps)(?=:)|(?<=\bftp)(?=:)|(?<=\bwww)(?=\.)", re.IGNORECASE)
_QUOTE_LENGTH = 400
_STARS = {WordOp.EQUAL: "", WordOp.DELETE: "~~", WordOp.INSERT: "**"}
_MARKS = {Significance.HIGH: "‼ ", Significance.MEDIUM: "", Significance.LOW: ""}


def escaped(text: str) -> str:
    """Text that shows as itself in Markdown, whatever it holds."""
    shown = _ADDRESS.sub(r"\\", _SPECIAL.sub(r"\\\1", plain(text)))
    return _OPENING.sub(r"\1\\", shown)


def digest_markdown(digest: Digest, reader: Reader | None = None) -> str:
    """The digest as Markdown."""
    return "\n".join(_lines(laid_out(digest, reader or Reader()))) + "\n"


def _lines(sheet: Sheet) -> Iterator[str]:
    words = sheet.reader.words
    yield f"# {escaped(sheet.title)}"
    for line in (sheet.covers, sheet.summary):
        if line:
            yield ""
            yield escaped(line)
    if sheet.glance:
        yield ""
        yield f"**{words.texts['glance']}**"
        yield ""
        yield from (f"- {escaped(line)}" for line in sheet.glance)
    for section in sheet.sections:
        yield ""
        yield f"## {section.heading}"
        yield from _section(section)
    yield ""
    yield f"## {words.texts['coverage heading']}"
    yield ""
    yield from (f"- {escaped(line)}" for line in sheet.coverage)
    for line in sheet.closing:
        yield ""
        yield escaped(line)
    if sheet.head:
        yield ""
        yield words.texts["chain"].format(head=f"`{sheet.head}`")


def _section(section: Section) -> Iterator[str]:
    for card in section.cards:
        yield ""
        yield from _card(card, section.key)
    if section.lines:
        yield ""
        yield from (f"- {escaped(line)}" for line in section.lines)
    if section.more:
        yield ""
        yield escaped(section.more)


def _card(card: Card, key: str) -> Iterator[str]:
    by = f" ({escaped(card.by)})" if card.by else ""
    yield f"### {escaped(card.heading)}{by}"
    yield ""
    if card.note:
        yield f"**{escaped(card.note)}**"
        yield ""
    if card.links:
        yield "  \n".join(map(linked, card.links))
        yield ""
    for item in card.items:
        yield from _statement(item) if key == "new" else _item(item)
    if card.more:
        yield f"- {escaped(card.more)}"


def _statement(item: Item) -> Iterator[str]:
    notes = "".join(f" \\[{escaped(note)}\\]" for note in item.notes)
    for quotation in item.quotations:
        yield f"- {_words(quotation)}{notes}"


def _item(item: Item) -> Iterator[str]:
    if item.line:
        yield f"- {_MARKS[item.significance]}**{escaped(item.line)}**"
    indent = "  " if item.line else ""
    yield from (f"{indent}- {escaped(note)}" for note in item.notes)
    for quotation in item.quotations:
        label = f"{escaped(quotation.label)}: " if quotation.label else ""
        links = "".join(f"  \n{indent}  {linked(link)}" for link in quotation.links)
        begin, end = quotation.marks
        yield f"{indent}- {label}{begin}{_words(quotation)}{end}{links}"


def _words(quotation: Quotation) -> str:
    return set_in_line(
        quotation, _QUOTE_LENGTH, lambda op, words: f"{_STARS[op]}{escaped(words)}{_STARS[op]}"
    )


def linked(link: Link) -> str:
    """An address as an autolink, other words with theirs behind them; text where nothing leads anywhere."""
    if link.url is None or re.search(r"[<>\s]", link.url):
        return escaped(link.words)
    if link.words == link.url:
        return f"<{link.url}>"
    return f"{escaped(link.words.removesuffix(link.url).rstrip(': '))}: <{link.url}>"
