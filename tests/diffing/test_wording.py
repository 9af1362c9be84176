"""Values in words: English and Russian, with the forms that a number asks for."""

from __future__ import annotations

import datetime as dt
import string
from dataclasses import fields, replace

import pytest

from diffing.model import Attribute, Count, Place, Precision, Qualifier, Status, Window
from diffing.vocabulary import ENGLISH, RUSSIAN, VOCABULARIES
from diffing.wording import (
    counted,
    day_in_words,
    event_in_words,
    moment_in_words,
    plain,
    shift_in_words,
    value_in_words,
)


def window(start: str, end: str, precision: Precision = Precision.DAY) -> Window:
    return Window(start=dt.date.fromisoformat(start), end=dt.date.fromisoformat(end), precision=precision)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 страниц"), (1, "1 страница"), (2, "2 страницы"), (4, "4 страницы"), (5, "5 страниц"),
        (11, "11 страниц"), (12, "12 страниц"), (14, "14 страниц"), (21, "21 страница"), (22, "22 страницы"),
        (100, "100 страниц"), (101, "101 страница"), (111, "111 страниц"), (1002, "1\u00a0002 страницы"),
    ],
)  # fmt: skip
def test_a_russian_noun_takes_the_form_that_its_number_asks_for(count, words):
    assert counted(count, "page", RUSSIAN) == words


@pytest.mark.parametrize(
    ("days", "english", "russian"),
    [
        (-14, "two weeks earlier", "на две недели раньше"),
        (-20, "20 days earlier", "на 20 дней раньше"),
        (-1, "one day earlier", "на один день раньше"),
        (2, "two days later", "на два дня позже"),
        (5, "five days later", "на пять дней позже"),
        (7, "one week later", "на одну неделю позже"),
        (21, "three weeks later", "на три недели позже"),
        (31, "31 days later", "на 31 день позже"),
        (35, "five weeks later", "на пять недель позже"),
        (0, "starting on the same day", "начало в тот же день"),
    ],
)
def test_a_shift_is_told_in_words(days, english, russian):
    assert (shift_in_words(days), shift_in_words(days, RUSSIAN)) == (english, russian)


@pytest.mark.parametrize(
    ("value", "english", "russian"),
    [
        (window("2025-09-17", "2025-09-20"), "17-20 September 2025", "17-20 сентября 2025"),
        (window("2025-08-31", "2025-09-06"), "31 August - 6 September 2025", "31 августа - 6 сентября 2025"),
        (window("2025-09-01", "2025-09-30", Precision.MONTH), "September 2025", "сентябрь 2025"),
        (window("2025-09-01", "2025-11-30", Precision.SEASON), "autumn 2025", "осень 2025"),
        (Place(country="KG", name="Edelweiss"), "Edelweiss, Kyrgyzstan", "Эдельвейс, Киргизия"),
        (("BY", "RU"), "Belarus, Russia", "Беларусь, Россия"),
        (Status.CANCELLED, "cancelled", "отменено"),
        (Count(count=1200, qualifier=Qualifier.ABOUT), "about 1,200 people", "около 1\u00a0200 человек"),
        (Count(count=1201, qualifier=Qualifier.ABOUT), "about 1,201 people", "около 1\u00a0201 человека"),
        (Count(count=22), "22 people", "22 человека"),
        (None, "–", "–"),
    ],
)  # fmt: skip
def test_a_value_is_told_in_both_languages(value, english, russian):
    named = replace(RUSSIAN, names={"Edelweiss": "Эдельвейс"})

    told = [value_in_words(Attribute.PERSONNEL, value, words) for words in (ENGLISH, named)]

    assert told == [english, russian]


def test_every_language_has_every_word_with_the_same_blanks():
    def blanks(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name and name.isalpha()}

    for words in VOCABULARIES.values():
        for member in fields(words):
            ours, theirs = getattr(ENGLISH, member.name), getattr(words, member.name)
            if isinstance(ours, dict):
                assert set(ours) == set(theirs), member.name
        assert all(len(noun.forms) >= words.plural(5) + 1 for noun in words.nouns.values())
        assert {name: blanks(text) for name, text in words.texts.items()} == {
            name: blanks(text) for name, text in ENGLISH.texts.items()
        }


def test_days_and_moments_are_told_in_their_own_zone():
    moment = dt.datetime(2025, 9, 7, 7, 5, tzinfo=dt.timezone(dt.timedelta(hours=3)))

    assert day_in_words(moment.date(), RUSSIAN) == "7 сентября 2025"
    assert moment_in_words(moment) == "7 September 2025, 07:05 +03:00"
    assert moment_in_words(moment.astimezone(dt.UTC), RUSSIAN) == "7 сентября 2025, 04:05 UTC"


def test_an_event_goes_by_the_name_of_its_series_in_the_language():
    words = replace(RUSSIAN, names={"Rubezh": "Рубеж"})

    assert [event_in_words(event, words) for event in ("Rubezh-2025", "Zapad-2025", "Rubezh")] == [
        "Рубеж-2025",
        "Zapad-2025",
        "Рубеж",
    ]


def test_what_controls_a_terminal_or_no_encoding_can_hold_is_taken_out():
    assert plain("a\x1b[31m\u202eb\ud800\ufffe\u2028c") == "a [31m b c"
