"""What a statement asserts of an event, and above all what it does not."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest

from diffing.facts import read_facts
from diffing.model import Count, Fact, Place, Qualifier, Shift, Statement, Status, Window
from diffing.statements import split_text
from seeds.gazetteer import load_gazetteer

GAZETTEER = load_gazetteer()
SIGNS = {Qualifier.ABOUT: "~", Qualifier.MORE_THAN: ">", Qualifier.UP_TO: "<", Qualifier.EXACTLY: "="}


def told(fact: Fact) -> str:
    """A fact in the shorthand of the tables below."""
    match fact.value:
        case Window() as window:
            days = f"{window.start:%Y-%m-%d}..{window.end:%m-%d}"
            return f"{fact.event} {days}{'~' if fact.vague else ''}"
        case Shift() as shift if shift.to:
            days = f"{shift.to.start:%Y-%m-%d}..{shift.to.end:%m-%d}"
            return f"{fact.event} {days} {shift.start:+d}..{shift.end:+d}d{shift.months:+d}m"
        case Shift() as shift if shift.until:
            return f"{fact.event} ..{shift.until:%Y-%m-%d}"
        case Shift() as shift:
            return f"{fact.event} {shift.start:+d}..{shift.end:+d}d{shift.months:+d}m"
        case Place() as place:
            return f"{fact.event} in {place.country}" + (f"/{place.name}" if place.name else "")
        case Count() as count:
            return f"{fact.event} {fact.attribute.value} {SIGNS[count.qualifier]}{count.count}"
        case Status() as status:
            return f"{fact.event} {status.value}"
        case tuple() as codes:
            how = {None: "with", True: "joined by", False: "without"}[fact.joining]
            return f"{fact.event} {how} {','.join(codes)}"
        case name:
            return f"{fact.event} called {name}"


def facts_told(text: str, said_on: str, language: str, title: str | None = None) -> list[str]:
    statements = split_text(text, language)
    rows = read_facts(statements, dt.date.fromisoformat(said_on), GAZETTEER, title)
    return [told(fact) for row in rows for fact in row]


def in_one(text: str, language: str) -> Statement:
    """The text as one statement, however long."""
    return Statement(index=0, text=text, normal=text, language=language)


# (said on, text, facts in shorthand divided by "; ")
def cases() -> list[tuple[str, str, str, str]]:
    """The table beside this file: language, date, statement, facts."""
    lines = Path(__file__).with_name("facts_cases.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(row[0], row[1], row[2], row[3] if len(row) > 3 else "") for row in rows]


@pytest.mark.parametrize(("language", "said_on", "text", "expected"), cases())
def test_a_statement_asserts_just_these_facts(language, said_on, text, expected):
    assert set(facts_told(text, said_on, language)) == {part for part in expected.split("; ") if part}


TEXTS = [
    pytest.param(
        "en",
        None,
        "The Rubezh-2025 command-staff training was discussed in Bishkek on 5 September.\n"
        "The training will take place on 17-20 September at the Edelweiss range.\n"
        "More than 1,200 service members will take part in it.",
        [
            "Rubezh-2025 2025-09-17..09-20",
            "Rubezh-2025 in KG/Edelweiss",
            "Rubezh-2025 planned",
            "Rubezh-2025 personnel >1200",
        ],
        id="the training is the one event named before",
    ),
    pytest.param(
        "en",
        "CSTO training Rubezh-2025 to be held in Kyrgyzstan",
        "On 5 September, the Joint Staff held a briefing.\nThe exercise will take place on 17-20 September.",
        ["Rubezh-2025 2025-09-17..09-20", "Rubezh-2025 planned"],
        id="the exercise is the one event of the title",
    ),
    pytest.param(
        "en",
        None,
        "“Rubezh-2025” and “Barrier-2025” are among this year's trainings.\n"
        "The training will take place on 17-20 September.",
        [],
        id="two events leave open which one the training is",
    ),
    pytest.param(
        "en",
        None,
        "Main results of 2024\n"
        "A command-staff training “Rubezh” was held in Tajikistan.\n"
        "Plans for 2025\n"
        "A command-staff training “Rubezh” will be held in Kyrgyzstan.",
        ["Rubezh-2024 in TJ", "Rubezh-2024 held", "Rubezh-2025 in KG", "Rubezh-2025 planned"],
        id="a heading's year is the edition of bare names below it",
    ),
    pytest.param(
        "en",
        None,
        "Plans for 2026 envisage:\nin May - in Kazakhstan - “Rubezh”;\n"
        "in September - in Russia - “Interaction”.",
        [
            "Rubezh-2026 2026-05-01..05-31",
            "Rubezh-2026 in KZ",
            "Rubezh-2026 planned",
            "Interaction-2026 2026-09-01..09-30",
            "Interaction-2026 in RU",
            "Interaction-2026 planned",
        ],
        id="an item takes plan and edition from its lead-in",
    ),
    pytest.param(
        "ru",
        None,
        "Учение «Рубеж-2025» пройдёт в Киргизии.\nУчение состоится с 17 по 20 сентября.\n"
        "Церемония открытия учения пройдёт 17 сентября.",
        ["Rubezh-2025 in KG", "Rubezh-2025 planned", "Rubezh-2025 2025-09-17..09-20", "Rubezh-2025 planned"],
        id="in Russian too, and its ceremony is not the exercise",
    ),
]


@pytest.mark.parametrize(("language", "title", "text", "expected"), TEXTS)
def test_a_text_gives_its_statements_their_event(language, title, text, expected):
    assert sorted(facts_told(text, "2025-09-08", language, title)) == sorted(expected)


@pytest.mark.parametrize(("language", "said_on", "text", "expected"), cases())
def test_a_quotation_is_the_statement_s_own_words(language, said_on, text, expected):
    statements = split_text(text, language)
    for statement, facts in zip(
        statements, read_facts(statements, dt.date.fromisoformat(said_on), GAZETTEER), strict=True
    ):
        assert all(fact.quote and fact.quote in statement.full_text for fact in facts)


HOSTILE = {
    "digits": "1" * 1_000_000,
    "numbers": "1 " * 500_000,
    "dashes": "-" * 1_000_000,
    "denied plans": "“Rubezh-2025” will not be held; " * 4_000,
    "counts of states": "not 1,200 servicemen from Russia but 700 " * 4_000,
    "meetings of councils": "in May a CSC session " * 6_000,
    "states that leave": "Armenia will not take part, " * 5_000,
    "brackets": "([" * 500_000,
    "quotes": "“Rubezh" * 140_000,
    "commas": "in Belarus, " * 80_000,
    "names": "“Rubezh-2025”, " * 60_000,
    "talks": "after the talks ahead of talks and " * 30_000,
    "years": "A-2025 " * 140_000,
    "not": "will not not not be held " * 40_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_long_hostile_line_costs_time_in_proportion_to_its_length(kind):
    text = "“Rubezh-2025” will be held " + HOSTILE[kind]

    def seconds(length):
        begun = time.process_time()
        read_facts([in_one(text[:length], "en")], dt.date(2025, 9, 8), GAZETTEER)
        return time.process_time() - begun

    seconds(1000)
    assert seconds(120_000) < 12 * max(seconds(30_000), 0.02)


@pytest.mark.parametrize(
    "count",
    [
        "Всего в совместных учениях года примут участие более 5 тысяч военнослужащих.",
        "В совместных тренировках этого года участвуют более 7 тысяч военнослужащих.",
    ],
)
def test_a_count_of_the_year_is_none_of_the_event_just_named(count):
    statements = split_text(f"Учение «Рубеж-2025» пройдёт во второй декаде сентября.\n{count}", "ru")

    assert read_facts(statements, dt.date(2025, 8, 21), load_gazetteer())[-1] == ()


def test_the_text_says_whose_exercise_a_weak_name_is() -> None:
    text = "“Border-2027” will be held in Brest from 3 to 8 May 2027. {} will conduct it."
    told = {
        organiser: {
            fact.event
            for facts in read_facts(
                split_text(text.format(organiser), "en"), dt.date(2027, 1, 1), load_gazetteer()
            )
            for fact in facts
        }
        for organiser in ("The border guards", "The CSTO Joint Staff")
    }

    assert told == {"The border guards": {"Border-2027"}, "The CSTO Joint Staff": {"Rubezh-2027"}}
