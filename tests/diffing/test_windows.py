"""Windows of time, read from sentences in English and Russian."""

from __future__ import annotations

import datetime as dt
import time
from calendar import monthrange
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from diffing.model import Precision
from diffing.windows import read_windows

SAID_ON = dt.date(2025, 9, 2)
EN_MONTHS = [dt.date(2000, month, 1).strftime("%B") for month in range(1, 13)]
RU_MONTHS = ["января", "февраля", "марта", "апреля", "мая", "июня"]
RU_MONTHS += ["июля", "августа", "сентября", "октября", "ноября", "декабря"]
PIECES = """
    5 17 31 2025 1,500 12.03 the of in from to and - – , . until half first second decade last next this year
    week с по до и в первой половине декаде года году через неделю начале Tuesday будет сентябре март осенью
"""


def _days(text, language="en", said_on=SAID_ON, year=None):
    return [
        (m.text, f"{m.window.start}..{m.window.end}") for m in read_windows(text, said_on, language, year)
    ]


def _one(text, language="en", said_on=SAID_ON, year=None):
    (mention,) = read_windows(text, said_on, language, year)
    return mention


@pytest.mark.parametrize(
    ("language", "text", "quote", "days"),
    [
        ("en", "From 17 to 20 March 2025 in Moscow", "17 to 20 March 2025", "2025-03-17..2025-03-20"),
        ("en", "on August 31 - September 6", "August 31 - September 6", "2025-08-31..2025-09-06"),
        ("en", "from September 1 through 6", "September 1 through 6", "2025-09-01..2025-09-06"),
        ("ru", "с 31.08 по 06.09", "31.08 по 06.09", "2025-08-31..2025-09-06"),
        ("ru", "Учение 5 и 6 мая", "5 и 6 мая", "2025-05-05..2025-05-06"),
        ("en", "12.03.2025-15.03.2025", "12.03.2025-15.03.2025", "2025-03-12..2025-03-15"),
        (
            "en",
            "from 28 December to 3 January 2026",
            "28 December to 3 January 2026",
            "2025-12-28..2026-01-03",
        ),
        ("ru", "зимой 2025–2026 годов", "зимой 2025–2026 годов", "2025-12-01..2026-02-28"),
        ("en", "mid- to late October", "mid- to late October", "2025-10-11..2025-10-31"),
        ("en", "in November between 19 and 20", "November between 19 and 20", "2025-11-19..2025-11-20"),
        ("ru", "в ноябре, с 19 по 20 число,", "ноябре, с 19 по 20 число", "2025-11-19..2025-11-20"),
        ("en", "on Sept 17, 18, 19 and 20 in Brest", "Sept 17, 18, 19 and 20", "2025-09-17..2025-09-20"),
        ("en", "from Jan. 2 through the 5th", "Jan. 2 through the 5th", "2026-01-02..2026-01-05"),
        ("ru", "в ночь с 5 на 6 сентября", "5 на 6 сентября", "2025-09-05..2025-09-06"),
        ("en", "in Aug 96 they", "Aug", "2025-08-01..2025-08-31"),
        ("en", "in Aug 96.", "Aug 96", "1996-08-01..1996-08-31"),
        ("ru", "от 14 апр. 98 г.", "14 апр. 98 г.", "1998-04-14..1998-04-14"),
        ("en", "next week, from Tuesday to Thursday", "Tuesday to Thursday", "2025-09-09..2025-09-11"),
        ("ru", "с понедельника по среду на следующей неделе", None, "2025-09-08..2025-09-10"),
        ("en", "March after next", "March after next", "2027-03-01..2027-03-31"),
        ("en", "two Fridays ago", "two Fridays ago", "2025-08-22..2025-08-22"),
        ("en", "on the first Monday of October", "first Monday of October", "2025-10-06..2025-10-06"),
    ],
)
def test_a_range_is_one_window_and_its_quotation_leaves_prepositions_out(language, text, quote, days):
    assert _days(text, language) == [(quote or text.removeprefix("с "), days)]


@pytest.mark.parametrize(
    ("text", "language", "precision"),
    [
        ("17 September", "en", Precision.DAY),
        ("the first half of October", "en", Precision.PART),
        ("вторая декада сентября", "ru", Precision.PART),
        ("next week", "en", Precision.PART),
        ("September-October", "en", Precision.MONTH),
        ("third quarter of 2025", "en", Precision.SEASON),
        ("осенью", "ru", Precision.SEASON),
        ("second half of 2025", "en", Precision.YEAR),
        ("в 2026 году", "ru", Precision.YEAR),
    ],
)
def test_precision_says_how_exactly_it_was_said(text, language, precision):
    assert _one(text, language).window.precision is precision


def test_bounds_that_are_the_readers_convention_are_vague():
    assert _one("in mid-October").vague
    assert not _one("in the first half of October").vague


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("until 29 August", "en"),
        ("продлится до 29 августа", "ru"),
        ("по 29 августа", "ru"),
        ("no later than 29 August", "en"),
        ("не позднее 29 августа", "ru"),
    ],
)
def test_where_only_an_end_is_said_the_window_is_that_day_and_its_kind_is_until(text, language):
    mention = _one(text, language)

    assert (mention.kind, mention.window.start, mention.window.end) == (
        "until",
        dt.date(2025, 8, 29),
        dt.date(2025, 8, 29),
    )


@pytest.mark.parametrize(
    "text",
    [
        "More than 5,000 personnel and 1.5 tonnes",
        "Article 5, items 3-5, 14:26",
        "“Rubezh-2025” and Zapad-2025",
        "units may march and fall back to the spring",
        "the 80th anniversary and the 201st base",
        "the plan for 2024-2026",
        "the Great War of 1941-1945",
        "he may. The 31st February",
        "31 February 2025",
        "August Wilson spoke",
        "On Fridays the range is closed",
        "in the 1980s, /2013/02/ and now",
        "10.12.2025.1 and 192.168.10.12",
    ],
)
def test_numbers_and_words_that_are_no_dates_are_no_windows(text):
    assert _days(text) == []


def test_two_times_of_one_sentence_stay_two():
    assert [quote for quote, _ in _days("On 3 June and in September")] == ["3 June", "September"]


def test_what_was_moved_from_one_time_to_another_is_two_times():
    assert _days("moved from 17 to 20 October") == [
        ("17", "2025-10-17..2025-10-17"),
        ("20 October", "2025-10-20..2025-10-20"),
    ]
    assert [days for _, days in _days("moved from April 7-11 to 20 October")] == [
        "2025-04-07..2025-04-11",
        "2025-10-20..2025-10-20",
    ]
    assert [days for _, days in _days("rescheduled from the first half of October to 17-20 September")] == [
        "2025-10-01..2025-10-15",
        "2025-09-17..2025-09-20",
    ]


def test_days_that_do_not_follow_each_other_are_not_a_range():
    assert [days for _, days in _days("Заседания 3 и 5 июня", "ru")] == [
        "2025-06-03..2025-06-03",
        "2025-06-05..2025-06-05",
    ]


def test_a_start_and_a_length_are_one_window_even_over_a_months_end():
    assert _one("will start on 29 September and last five days").window.end == dt.date(2025, 10, 3)
    assert _one("начнётся 29 сентября и продлится неделю", "ru").window.start == dt.date(2025, 9, 29)


@pytest.mark.parametrize(
    ("text", "language", "end"),
    [
        ("A five-day exercise will start on 8 September.", "en", 12),
        ("On 8 September a seven-day exercise starts.", "en", 14),
        ("Пятидневное учение начнётся 8 сентября.", "ru", 12),
        ("8 сентября стартуют двухнедельные сборы.", "ru", 21),
    ],
)
def test_the_length_of_what_starts_is_read_from_its_name(text, language, end):
    window = _one(text, language).window

    assert (window.start, window.end) == (dt.date(2025, 9, 8), dt.date(2025, 9, end))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("from 1 September", "en"),
        ("since 1 September", "en"),
        ("The exercise will start on 1 September", "en"),
        ("On 1 September the exercise started in Brest", "en"),
        ("Учение начнётся 1 сентября", "ru"),
        ("С 1 сентября началось учение", "ru"),
    ],
)
def test_where_only_a_start_is_said_the_window_is_that_day_and_marked(text, language):
    mention = _one(text, language)

    assert (mention.window.start, mention.kind, mention.start_only) == (
        dt.date(2025, 9, 1),
        "closed",
        True,
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("from 1 to 5 September", "en"),
        ("on 1 September, after the talks began", "en"),
        ("until 1 September the range was closed", "en"),
        ("приказ от 1 сентября", "ru"),
    ],
)
def test_what_is_said_whole_or_of_something_else_is_not_marked_as_a_start(text, language):
    assert not _one(text, language).start_only


def test_a_report_names_a_time_that_had_begun_and_a_plan_one_to_come():
    january = dt.date(2025, 1, 30)

    assert _one("The drill took place in June", said_on=january).window.start.year == 2024
    assert _one("The drill to be held in August", said_on=january).window.start.year == 2025
    assert _one("On Tuesday the council approved it").window.start == dt.date(2025, 9, 2)
    assert _one("On Tuesday the council will approve it").window.start == dt.date(2025, 9, 9)


def test_what_was_approved_in_july_may_be_the_plan_of_november():
    assert _one("The plan for November was approved", said_on=dt.date(2025, 7, 15)).window.start.year == 2025


def test_a_date_alone_asks_for_the_coming_one_unless_it_was_just_there():
    assert _one("17-20 August", said_on=dt.date(2025, 9, 2)).window.start.year == 2025
    assert _one("1-8 August", said_on=dt.date(2025, 9, 2)).window.start.year == 2026


def test_a_missing_year_is_the_nearest_and_a_tie_goes_to_the_future():
    assert _one("12 March", said_on=dt.date(2025, 3, 1)).window.start.year == 2025
    assert _one("28 December", said_on=dt.date(2025, 1, 5)).window.start.year == 2024
    # 183 days either way, over a leap day
    assert _one("1 July", said_on=dt.date(2023, 12, 31)).window.start.year == 2024


def test_a_text_of_plans_names_nothing_long_over():
    january = dt.date(2025, 1, 30)

    assert _one("was held in October", said_on=january).window.start.year == 2024
    assert _one("will be held in October", said_on=january).window.start.year == 2025
    assert _one("began on 27 January and will go on", said_on=january).window.start.year == 2025


def test_the_editions_year_is_taken_where_none_is_said_and_only_there():
    assert _one("in October", year=2021).window.start.year == 2021
    assert _one("in October 2024", year=2021).window.start.year == 2024
    assert _one("this October", year=2021).window.start.year == 2025


def test_a_year_that_stands_alone_dates_the_rest_of_its_sentence():
    assert [days for _, days in _days("В 2026 году учение пройдёт в сентябре", "ru")][1] == (
        "2026-09-01..2026-09-30"
    )


def test_a_year_far_off_or_compared_with_dates_nothing_around_it():
    assert _days("To last until 2037, it opens on 22 July")[1][1] == "2025-07-22..2025-07-22"
    assert _days("As in 2024, in October")[1][1] == "2025-10-01..2025-10-31"


def test_a_date_glued_to_a_heading_keeps_its_day():
    assert _days("Новости6 января 2025 г.", "ru") == [("6 января 2025 г.", "2025-01-06..2025-01-06")]
    assert _days("09.06.2018On June 9, 2018")[1][1] == "2018-06-09..2018-06-09"


def test_a_language_that_is_not_read_is_refused_by_name():
    with pytest.raises(ValueError, match="'de'; known: en, ru"):
        read_windows("im Oktober", SAID_ON, "de")


def _taken(text, language):
    began = time.process_time()  # not the clock on the wall: other tests may run beside
    read_windows(text, SAID_ON, language)
    return time.process_time() - began


@pytest.mark.parametrize(
    "piece",
    ["1-", "1.", "1, ", "1/", "from 1 to ", "2025-", "second ", "May ", "5 и ", "on Monday ", "two-day "],
)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_time_grows_in_proportion_to_the_length_of_hostile_text(piece, language):
    short, long = ("May " + piece * (size // len(piece)) for size in (4_000, 40_000))
    _taken(short, language)

    # Ten times the text: ten times the time, with room for a busy machine; quadratic would be a hundred.
    fastest = [min(_taken(text, language) for _ in range(3)) for text in (short, long)]
    assert fastest[1] < 40 * max(fastest[0], 0.001)


@pytest.mark.parametrize("piece", ["1", "- ", "(", "May-", "on Monday "])
def test_a_megabyte_of_it_is_read_in_seconds(piece):
    assert _taken("in May " + piece * (1_000_000 // len(piece)), "en") < 30


ranges = st.tuples(
    st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31)), st.integers(min_value=1, max_value=80)
).map(lambda pair: (pair[0], pair[0] + dt.timedelta(days=pair[1])))

TEMPLATES = (
    ("en", "from {a.day} {am} {a.year} to {b.day} {bm} {b.year}"),
    ("en", "between {am} {a.day}, {a.year} and {bm} {b.day}, {b.year}"),
    ("en", "{a.day} {am} {a.year} – {b.day} {bm} {b.year}"),
    ("en", "in the period from the {a.day}th of {am} {a.year} until {b:%d.%m.%Y}"),
    ("en", "{a:%Y-%m-%d} - {b:%Y-%m-%d}"),
    ("ru", "с {a.day} {ar} {a.year} года по {b.day} {br} {b.year} года"),
    ("ru", "в период с {a:%d.%m.%Y} по {b:%d.%m.%Y}"),
    ("ru", "{a.day}-го {ar} {a.year} г. – {b.day}-го {br} {b.year} г."),
)


def _render(template, a, b):
    return template.format(
        a=a,
        b=b,
        am=EN_MONTHS[a.month - 1],
        bm=EN_MONTHS[b.month - 1],
        ar=RU_MONTHS[a.month - 1],
        br=RU_MONTHS[b.month - 1],
    )


@given(ranges, st.sampled_from(TEMPLATES))
def test_any_range_in_any_of_these_forms_reads_back_exactly(days, form):
    language, template = form

    mention = _one(_render(template, *days), language)

    assert (mention.window.start, mention.window.end, mention.window.precision) == (*days, Precision.DAY)


@given(ranges, st.sampled_from(TEMPLATES), st.dates(dt.date(1950, 1, 1), dt.date(2150, 1, 1)))
def test_the_day_it_was_said_does_not_change_what_names_its_year(days, form, said_on):
    language, template = form
    text = _render(template, *days)

    assert read_windows(text, said_on, language) == read_windows(text, SAID_ON, language)


@given(
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(1, 30),
    st.sampled_from(
        [("en", "on {}-{} {}"), ("en", "from {} to {} {}"), ("ru", "с {} по {} {}"), ("ru", "{}–{} {}")]
    ),
)
def test_days_of_one_month_take_its_year_from_the_edition(month, first, length, form):
    language, template = form
    last = first + length
    assume(last <= monthrange(2025, month)[1])
    name = (EN_MONTHS if language == "en" else RU_MONTHS)[month - 1]

    window = _one(template.format(first, last, name), language, year=2025).window

    assert (window.start, window.end) == (dt.date(2025, month, first), dt.date(2025, month, last))


@given(st.integers(1, 12), st.integers(1, 3))
def test_the_ten_day_periods_of_a_month_follow_each_other_and_fill_it(month, number):
    words = ["первой", "второй", "третьей"][number - 1]
    text = f"в {words} декаде {RU_MONTHS[month - 1]} 2024 года"
    first = 10 * (number - 1) + 1
    last = min(first + 9, 31) if number < 3 else monthrange(2024, month)[1]

    window = _one(text, "ru").window

    assert (window.start, window.end) == (dt.date(2024, month, first), dt.date(2024, month, last))


@given(
    st.lists(
        st.sampled_from([*EN_MONTHS, *RU_MONTHS, *PIECES.split()]),
        max_size=25,
    ).map(" ".join)
    | st.text(max_size=60),
    st.sampled_from(["en", "ru"]),
    st.dates(),
)
def test_mentions_are_slices_of_the_text_in_order_and_apart(text, language, said_on):
    mentions = read_windows(text, said_on, language)

    assert all(text[m.start : m.end] == m.text for m in mentions)
    assert all(m.start < m.end for m in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))
