"""The feed in a file: kept up to date at once, left alone while nothing is new."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree as ET

import pytest

from diffing.formats import Reader
from monitor.errors import InvalidConfig
from monitor.feed import write_feed

SEVEN = dt.datetime(2025, 9, 11, 7, tzinfo=dt.UTC)
MOVED = "The training “Rubezh-2025” will be held from 17 to 20 September at the Edelweiss training ground."
ATOM = "{http://www.w3.org/2005/Atom}"


def entries(file):
    feed = ET.parse(file).getroot()
    return {
        entry.findtext(f"{ATOM}id"): entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")
    }


def test_a_feed_tells_what_changed_and_stays_as_it_is_until_more_does(site, page, tmp_path):
    file = tmp_path / "feed.atom"
    site.run("2025-09-10T06:00")
    write_feed(site.archive, file, Reader(), SEVEN - dt.timedelta(days=1))
    quiet, identity = entries(file), ET.parse(file).getroot().findtext(f"{ATOM}id")
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED)
    site.run("2025-09-11T06:00")

    assert write_feed(site.archive, file, Reader(), SEVEN)
    assert not write_feed(site.archive, file, Reader(), SEVEN + dt.timedelta(hours=5))
    first = entries(file)
    site.pages["later"] = page("Another", "The training “Search-2025” will be held in May 2026 in Belarus.")
    site.run("2025-09-12T06:00")
    assert write_feed(site.archive, file, Reader(), SEVEN + dt.timedelta(days=1))

    assert quiet == {}
    assert any("Rubezh-2025: rescheduled" in title for title in first.values())
    assert first.items() < entries(file).items()
    assert ET.parse(file).getroot().findtext(f"{ATOM}id") == identity


def test_what_is_weeks_old_leaves_the_feed(site, page, tmp_path):
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED)
    site.run("2025-09-11T06:00")

    write_feed(site.archive, tmp_path / "feed.atom", Reader(), SEVEN + dt.timedelta(days=15))

    assert entries(tmp_path / "feed.atom") == {}


def test_a_feed_that_cannot_be_written_names_its_key_and_the_remedy(site, tmp_path):
    with pytest.raises(InvalidConfig, match=r"atom_file .* cannot be written .* name a file in a directory"):
        write_feed(site.archive, tmp_path / "no" / "feed.atom", Reader(), SEVEN)

    assert list(tmp_path.glob("*feed*")) == []
