"""An Atom feed of what was found in the last weeks, and the file of it that is kept up to date."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from monitor.digests import digest_of
from monitor.files import replace_text

if TYPE_CHECKING:
    from diffing.formats import Reader
    from storage.archive import Archive

__all__ = ["feed_text", "write_feed"]

# A feed reader that was off for a holiday still finds everything; a year's feed would be megabytes a poll.
_KEPT = dt.timedelta(days=14)

_ATOM = "http://www.w3.org/2005/Atom"


def write_feed(archive: Archive, file: Path, reader: Reader, now: dt.datetime) -> bool:
    """Puts the changes of the last two weeks into the file; False: nothing is new, the file stays as it is.

    An entry keeps its identifier from one writing to the next, and the feed its own. Raises InvalidConfig
    where the file cannot be written.
    """
    return replace_text(file, feed_text(archive, reader, now), "atom_file")


def feed_text(archive: Archive, reader: Reader, now: dt.datetime) -> str:
    """The changes of the last two weeks as an Atom document; while nothing is new, the same at any time.

    It has no entry that says that nothing is new: a feed reader would show each as news.
    """
    from diffing.formats import FORMATS

    ET.register_namespace("", _ATOM)
    digest = digest_of(archive, now - _KEPT, now)
    # Our own text: nobody else's XML is read here.
    feed = ET.fromstring(FORMATS["atom"](digest, reader))  # noqa: S314
    if digest.is_quiet:
        for quiet in feed.findall(_tag("entry")):
            feed.remove(quiet)
    entries = [entry.findtext(_tag("updated"), "") for entry in feed.findall(_tag("entry"))]
    first = archive.first_visit()
    began = first.astimezone(dt.UTC).isoformat() if first else ""
    _set(feed, "title", "csto-watch")
    _set(feed, "id", f"urn:sha256:{hashlib.sha256(f'feed|{began}'.encode()).hexdigest()}")
    _set(feed, "updated", max(entries, default=began or "1970-01-01T00:00:00Z"))
    if (summary := feed.find(_tag("subtitle"))) is not None:
        feed.remove(summary)
    ET.indent(feed)
    return ET.tostring(feed, encoding="unicode", xml_declaration=True) + "\n"


def _set(feed: ET.Element, tag: str, text: str) -> None:
    element = feed.find(_tag(tag))
    assert element is not None  # noqa: S101 - every feed of ours has it
    element.text = text


def _tag(name: str) -> str:
    return f"{{{_ATOM}}}{name}"
