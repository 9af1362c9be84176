"""The digest as an Atom feed (RFC 4287): an entry a card."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from diffing.digest import Digest, PageCard
from diffing.formats.layout import confirmation, page_heading, period
from diffing.formats.records import stamp
from diffing.model import RecordedChange
from diffing.wording import headline, kind_in_words, plain

__all__ = ["digest_atom"]

_NAMESPACE = "http://www.w3.org/2005/Atom"


def digest_atom(digest: Digest) -> str:
    """The digest as an Atom document; the same digest gives the same identifiers."""
    feed = ET.Element("feed", xmlns=_NAMESPACE)
    _text(feed, "title", f"csto-watch digest, {period(digest)}")
    _text(feed, "id", _identifier(stamp(digest.since), stamp(digest.until)))
    _text(feed, "updated", stamp(digest.until))
    _text(ET.SubElement(feed, "author"), "name", "csto-watch")
    for event in digest.events:
        for recorded in event.shown:
            _entry(
                feed,
                f"{', '.join(event.events)}: {headline(recorded.change)}",
                recorded,
                _quotations(recorded),
            )
    for heading, cards in (
        ("Withdrawn", digest.withdrawn),
        ("Edited", digest.edited),
        ("New", digest.new),
    ):
        for card in cards:
            _entry(feed, f"{heading}: {page_heading(card)}", card.changes[-1], _statements(card))
    ET.indent(feed)
    return ET.tostring(feed, encoding="unicode", xml_declaration=True) + "\n"


def _entry(feed: ET.Element, title: str, recorded: RecordedChange, lines: Iterator[str]) -> None:
    entry = ET.SubElement(feed, "entry")
    _text(entry, "title", title)
    _text(entry, "id", _identifier(str(recorded.id), stamp(recorded.detected), title))
    _text(entry, "updated", stamp(recorded.detected))
    if recorded.url and recorded.url.startswith(("http://", "https://")):
        ET.SubElement(entry, "link", href=plain(recorded.url))
    _text(entry, "content", " / ".join(lines))


def _quotations(recorded: RecordedChange) -> Iterator[str]:
    if recorded.note:
        yield confirmation(recorded)
    if recorded.change.reason:
        yield recorded.change.reason
    yield from (f"was: “{text}”" for text in recorded.change.old_statements)
    yield from (f"now: “{text}”" for text in recorded.change.new_statements)


def _statements(card: PageCard) -> Iterator[str]:
    for recorded in card.changes:
        text = " ".join(recorded.change.new_statements or recorded.change.old_statements)
        yield f"{kind_in_words(recorded.change.kind)}: {text}{confirmation(recorded)}"


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = plain(text)


def _identifier(*parts: str) -> str:
    return f"urn:sha256:{hashlib.sha256('|'.join(parts).encode()).hexdigest()}"
