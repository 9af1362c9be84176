"""What is told after a crawl, with files that cannot be written: the rest goes on, and it is a trouble."""

from __future__ import annotations

import datetime as dt

import pytest

from diffing.model import TroubleKind
from monitor.config import Config
from monitor.telling import tell

SEVEN = dt.datetime(2025, 9, 11, 7, tzinfo=dt.UTC)
DAY = dt.date(2025, 9, 11)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def archive(site):
    site.run("2025-09-11T06:00")
    return site.archive


def test_a_feed_that_cannot_be_written_keeps_neither_digest_nor_numbers_from_being_made(archive, tmp_path):
    numbers = tmp_path / "m.prom"
    config = Config(database=tmp_path / "c.db", atom_file=tmp_path / "no" / "feed.atom", metrics_file=numbers)
    warnings = []

    tell(archive, config, SEVEN, DAY, warnings.append)

    assert archive.newest_digest().day == DAY
    assert (
        'cstowatch_trouble_since_timestamp_seconds{kind="unsent",source="atom_file"}' in numbers.read_text()
    )
    (warning,) = warnings
    assert warning.startswith("atom_file ")
    assert "cannot be written" in warning


def test_a_file_that_cannot_be_written_is_one_trouble_until_it_can(archive, tmp_path):
    directory = tmp_path / "later"
    config = Config(database=tmp_path / "c.db", metrics_file=directory / "m.prom")
    tell(archive, config, SEVEN)
    tell(archive, config, SEVEN + HOUR)
    (going,) = archive.troubles(open_only=True)
    directory.mkdir()

    tell(archive, config, SEVEN + 2 * HOUR)

    (trouble,) = archive.troubles()
    assert (going.source, going.kind, going.began) == ("metrics_file", TroubleKind.UNSENT, SEVEN)
    assert trouble.ended == SEVEN + 2 * HOUR
