"""What sites asked for comes back, the newest of each."""

from __future__ import annotations

import datetime as dt

from diffing.model import Rest, RobotsCopy
from storage.archive import Archive

NOON = dt.datetime(2025, 9, 11, 12, tzinfo=dt.UTC)


def test_the_newest_robots_txt_of_an_origin_and_the_newest_rest_of_a_host_count(archive: Archive) -> None:
    first = RobotsCopy(origin="https://x.org", fetched_at=NOON, status=200, body=b"User-agent: *\n\xff")
    later = RobotsCopy(origin="https://x.org", fetched_at=NOON + dt.timedelta(days=1), status=404, body=b"")
    other = RobotsCopy(origin="http://x.org", fetched_at=NOON, status=200, body=b"")
    rests = [Rest(host="x.org", until=NOON), Rest(host="x.org", until=NOON - dt.timedelta(hours=1))]

    for manner in (first, other, later, *rests):
        archive.record_manner(manner)

    assert archive.manners() == (other, later, rests[1])
