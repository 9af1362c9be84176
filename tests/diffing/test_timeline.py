"""The timeline: a bar for each announced window, the earlier ones above, readable without colour or eyes."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree as ET

import pytest

from diffing.digest import Period, build_digest
from diffing.formats import FORMATS, Reader
from diffing.formats.timeline import beside, digest_timeline, timeline_of
from diffing.model import (
    Attribute,
    Change,
    ChangeKind,
    Fact,
    KnownFact,
    KnownStatement,
    Precision,
    RecordedChange,
    Significance,
    Window,
)

UNTIL = dt.datetime(2025, 8, 22, tzinfo=dt.UTC)
SVG = "{http://www.w3.org/2000/svg}"


def announced(start: str, end: str, said: str | None) -> KnownFact:
    window = Window(
        start=dt.date.fromisoformat(start), end=dt.date.fromisoformat(end), precision=Precision.DAY
    )
    return KnownFact(
        fact=Fact(event="Rubezh-2025", attribute=Attribute.WINDOW, value=window, quote=""),
        statement=KnownStatement(
            text="", normal="", language="en", origin="x",
            said_on=dt.date.fromisoformat(said) if said else None,
        ),
        known_at=UNTIL,
    )  # fmt: skip


def digest(*windows: KnownFact, events: int = 1):
    changes = tuple(
        RecordedChange(
            id=number, url="u", source=None, language=None, published=None, detected=UNTIL,
            change=Change(
                kind=ChangeKind.RESCHEDULED, significance=Significance.HIGH, event=f"Rubezh-{2025 + number}",
                new_statements=(f"{number}",),
            ),
        )
        for number in range(events)
    )  # fmt: skip
    return build_digest(
        Period(
            since=UNTIL - dt.timedelta(days=1), until=UNTIL, changes=changes,
            windows={f"Rubezh-{2025 + number}": windows for number in range(events) if windows},
        )
    )  # fmt: skip


SLIPPED = (
    announced("2025-10-01", "2025-10-15", "2025-01-30"),
    announced("2025-09-11", "2025-09-20", "2025-08-21"),
)


def test_each_window_is_a_bar_and_only_the_one_that_stands_is_solid():
    drawn = digest_timeline(digest(*SLIPPED), Reader())
    assert drawn is not None
    svg = ET.fromstring(drawn)

    earlier, stands = svg.iter(f"{SVG}rect")

    assert (earlier.get("stroke-dasharray"), earlier.get("fill")) == ("3 2", "url(#earlier-window)")
    assert (stands.get("stroke-dasharray"), stands.get("fill")) == (None, "currentColor")
    assert float(earlier.get("y", 0)) < float(stands.get("y", 0))
    assert float(earlier.get("x", 0)) > float(stands.get("x", 0))
    words = [element.text for element in svg.iter(f"{SVG}text")]
    assert "1-15 October 2025, said 30 January 2025" in words
    assert "11-20 September 2025, 20 days earlier" in words


def test_who_cannot_see_it_is_told_what_it_shows():
    drawn = digest_timeline(digest(*SLIPPED), Reader(language="ru", names={"Rubezh": "Рубеж"}))
    assert drawn is not None
    svg = ET.fromstring(drawn)

    title, described = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")

    assert svg.get("role") == "img"
    assert title is not None
    assert described is not None
    assert svg.get("aria-labelledby", "").split() == [title.get("id"), described.get("id")]
    assert (
        "Рубеж-2025: 1-15 октября 2025, сказано 30 января 2025 → 11-20 сентября 2025, на 20 дней раньше"
        in (described.text or "")
    )


def test_without_a_window_there_is_no_picture():
    assert timeline_of(digest(), Reader()) is None
    assert digest_timeline(digest(), Reader()) is None
    assert "<svg" not in FORMATS["html"](digest())


def test_windows_years_apart_are_left_to_the_cards():
    far = (announced("2022-10-01", "2022-10-15", None), announced("2025-09-11", "2025-09-20", None))

    assert timeline_of(digest(*far), Reader()) is None


def test_of_many_windows_the_first_and_the_last_are_shown_and_the_others_counted():
    many = [announced(f"2025-09-{day:02}", f"2025-09-{day:02}", "2025-08-01") for day in range(1, 9)]

    timeline = timeline_of(digest(*many, events=12), Reader())

    assert timeline is not None
    assert len(timeline.lanes) == 8
    lane = timeline.lanes[0]
    assert [bar.window.start.day for bar in lane.bars] == [1, 6, 7, 8]
    assert lane.more == "… and 4 earlier windows"
    assert [bar.stands for bar in lane.bars] == [False, False, False, True]


def test_the_axis_holds_whole_months_and_the_day_of_the_digest_where_it_is_near():
    timeline = timeline_of(digest(*SLIPPED), Reader())

    assert timeline is not None
    assert [month.month for month in timeline.months] == [8, 9, 10, 11]
    assert timeline.today == dt.date(2025, 8, 21)
    assert (timeline.share(dt.date(2025, 8, 1)), timeline.share(dt.date(2025, 11, 1))) == (0, 1)


@pytest.mark.parametrize("letter", [0.001, 0.01, 0.02, 0.05])
def test_words_stand_within_the_picture_wherever_their_bar_is(letter):
    timeline = timeline_of(digest(*SLIPPED), Reader())

    assert timeline is not None
    for bar in timeline.lanes[0].bars:
        anchor, place = beside(timeline, bar, letter)
        assert 0 <= place <= 1
        assert anchor == "end" or place + len(bar.line) * letter <= 1
