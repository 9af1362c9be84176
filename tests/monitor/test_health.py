"""When something about a source needs a person, and when it does not."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.model import TroubleKind
from monitor.health import Seen, begins, ends, findings
from storage.troubles import Sign, TextSizes

NOW = dt.datetime(2025, 9, 1, 6, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def days(*back):
    return [NOW - DAY * each for each in back]


def found(kind, **seen):
    return findings(Seen(**seen), NOW).get(kind)


def editor(rate, chance, length):
    """Days at which somebody who writes `rate` pages a working day and rests over New Year and in May did."""
    written = []
    for number in range(length):
        day = dt.date(2024, 1, 10) + dt.timedelta(days=number)
        rests = day.weekday() >= 5 or (day.month == 1 and day.day <= 8) or (day.month == 5 and day.day <= 3)
        if not rests:
            so_far, chances = chance.random(), math.exp(-rate)
            pages, total = 0, chances
            while so_far > total:
                pages += 1
                chances *= rate / pages
                total += chances
            written += [number + chance.randint(8, 19) / 24 for _ in range(pages)]
    return sorted(set(written))


def silent_at(written, moment):
    now = NOW + DAY * moment
    return findings(Seen(arrivals=[NOW + DAY * each for each in written]), now)[TroubleKind.SILENT]


def test_a_source_that_writes_daily_is_silent_after_a_pause_twice_its_longest():
    usual = days(*range(4, 34))

    assert found(TroubleKind.SILENT, arrivals=usual) == (
        "nothing new since 2025-08-28; its longest pause lately was 24 hours"
    )
    assert found(TroubleKind.SILENT, arrivals=[*usual, *days(2)]) is None


def test_a_source_that_writes_fortnightly_is_not_silent_after_two_weeks():
    assert found(TroubleKind.SILENT, arrivals=days(*range(27, 390, 14))) is None
    assert found(TroubleKind.SILENT, arrivals=days(*range(29, 390, 14))) is not None


def test_a_source_without_a_habit_is_not_judged():
    assert found(TroubleKind.SILENT, arrivals=days(200, 201, 202)) is None
    assert found(TroubleKind.SILENT) is None


@pytest.mark.parametrize(("rate", "false_a_year", "noticed"), [(3, 1.5, 14), (0.3, 0.6, 45)])
def test_silence_is_rarely_told_of_an_editor_at_rest_and_soon_of_one_that_is_gone(
    rate, false_a_year, noticed
):
    chance = random.Random(1)
    false, years, delays = 0, 0.0, []
    for _ in range(6):
        written = editor(rate, chance, 500)
        for last, following in itertools.pairwise(written):
            # Only a pause that is long against all others can be one too many.
            if last > 60 and following - last > 3:
                false += silent_at([each for each in written if each <= last], following - 0.01) is not None
        years += 440 / 365
        delays.append(next(n for n in range(300) if silent_at(written, written[-1] + n)))

    assert false / years <= false_a_year
    assert statistics.median(delays) <= noticed


def test_a_rise_of_rejected_pages_is_told_and_what_was_always_rejected_is_not():
    assert found(TroubleKind.REJECTED, visited=30, rejected=5, usually_visited=3000, usually_rejected=20) == (
        "5 of 30 pages were no articles; usual are 1%"
    )
    assert found(
        TroubleKind.REJECTED, visited=30, rejected=5, usually_visited=3000, usually_rejected=450
    ) is None  # fmt: skip
    assert found(TroubleKind.REJECTED, visited=2, rejected=2) is None


def test_texts_that_shrink_together_are_told_and_one_that_is_shortened_is_not():
    def sizes(*pairs):
        return [TextSizes(url=f"https://x.org/{n}", before=b, after=a) for n, (b, a) in enumerate(pairs)]

    redesign = sizes((2000, 1200), (3000, 1900), (1500, 1100), (900, 900))

    assert found(TroubleKind.SHRUNK, edited=redesign) == (
        "the texts of 3 of 4 edited pages shrank at once, as after a redesign"
    )
    assert found(TroubleKind.SHRUNK, edited=redesign[1:]) is None
    assert found(TroubleKind.SHRUNK, edited=sizes(*[(2000, 1990)] * 5, *[(2000, 1000)] * 3)) is None
    assert found(TroubleKind.SHRUNK, edited=sizes((300, 100), (300, 100), (300, 100))) is None


def test_a_listing_without_links_is_told_and_one_that_did_not_come_is_not_judged():
    assert found(TroubleKind.NO_LINKS, links=0) == "its listing leads to no article any more"
    assert found(TroubleKind.NO_LINKS, links=7) is None
    assert TroubleKind.NO_LINKS not in findings(Seen(), NOW)


def test_of_a_source_that_fails_nothing_else_is_judged():
    seen = Seen(failure="no answer", links=0, visited=9, rejected=9, arrivals=days(*range(4, 34)))

    assert findings(seen, NOW) == {TroubleKind.FAILING: "no answer"}


@given(st.sampled_from(TroubleKind), st.integers(1, 9), st.booleans())
def test_no_trouble_begins_and_ends_by_the_same_judgements(kind, streak, bad):
    sign = Sign(bad=bad, streak=streak, since=NOW - 30 * DAY)

    assert not (begins(kind, sign) and ends(kind, sign, NOW))


def test_a_redesign_is_over_when_no_text_has_shrunk_for_a_week():
    well = Sign(bad=False, streak=20, since=NOW - 6 * DAY)

    assert not ends(TroubleKind.SHRUNK, well, NOW)
    assert ends(TroubleKind.SHRUNK, well, NOW + DAY)
