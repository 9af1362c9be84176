"""The digest as an Atom feed (RFC 4287): an entry a change of an event, and one a page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from diffing.digest import Digest
from diffing.formats.records import stamp
from diffing.formats.sheet import WHOLE, Card, Item, Link, Reader, Section, laid_out, set_in_line
from diffing.formats.text import bracketed
from diffing.model import RecordedChange
from diffing.wording import plain

__all__ = ["digest_atom"]

_NAMESPACE = "http://www.w3.org/2005/Atom"
_QUOTE_LENGTH = 700


def digest_atom(digest: Digest, reader: Reader | None = None) -> str:
    """The digest as an Atom document; the same digest gives the same identifiers."""
    # A feed reader has its own ways to skip: what stands in no entry was never told to it.
    sheet = laid_out(digest, reader or Reader(), WHOLE)
    feed = ET.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": sheet.reader.language})
    _text(feed, "title", sheet.title)
    _text(feed, "subtitle", sheet.summary)
    _text(feed, "id", _identifier(stamp(digest.since), stamp(digest.until)))
    _text(feed, "updated", stamp(digest.until))
    _text(ET.SubElement(feed, "author"), "name", "csto-watch")
    if digest.is_quiet:
        entry = ET.SubElement(feed, "entry")
        _text(entry, "title", sheet.summary)
        _text(entry, "id", _identifier("quiet", stamp(digest.since), stamp(digest.until)))
        _text(entry, "updated", stamp(digest.until))
        _text(entry, "content", " / ".join(sheet.coverage))
    for section in sheet.sections:
        for card in section.cards:
            _entries(feed, section, card)
    ET.indent(feed)
    return ET.tostring(feed, encoding="unicode", xml_declaration=True) + "\n"


def _entries(feed: ET.Element, section: Section, card: Card) -> None:
    """An entry for each change of an event, for a feed reader's filters; for a page one of all of them."""
    if section.key == "events":
        for item in card.items:
            if item.change:
                links = [link for quotation in item.quotations for link in quotation.links]
                _entry(feed, f"{card.heading}: {item.line}", item.change, links, _told(item))
        return
    changes = [item.change for item in card.items if item.change]
    if changes:
        by = "".join(f", {part}" for part in (card.by, card.note) if part)
        lines = (line for item in card.items for line in _told(item))
        _entry(feed, f"{section.heading}: {card.heading}{by}", changes[-1], card.links, lines)


def _entry(
    feed: ET.Element, title: str, recorded: RecordedChange, links: tuple[Link, ...] | list[Link],
    lines: Iterator[str],
) -> None:  # fmt: skip
    entry = ET.SubElement(feed, "entry")
    _text(entry, "title", title)
    _text(entry, "id", _identifier(str(recorded.id), stamp(recorded.detected), recorded.change.event or ""))
    _text(entry, "updated", stamp(recorded.detected))
    for link in links:
        if link.url and link.words == recorded.url:
            ET.SubElement(entry, "link", href=link.url)
            break
    _text(entry, "content", " / ".join(lines))


def _told(item: Item) -> Iterator[str]:
    if item.line:
        yield item.line
    yield from item.notes
    for quotation in item.quotations:
        label = f"{quotation.label}: " if quotation.label else ""
        begin, end = quotation.marks
        yield f"{label}{begin}{set_in_line(quotation, _QUOTE_LENGTH, bracketed)}{end}"


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = plain(text)


def _identifier(*parts: str) -> str:
    return f"urn:sha256:{hashlib.sha256('|'.join(map(plain, parts)).encode()).hexdigest()}"
