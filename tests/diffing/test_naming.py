"""One key for an event, whatever its language, case form, translation or missing edition."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.naming import events_named
from seeds.gazetteer import load_gazetteer

GAZETTEER = load_gazetteer()
SAID_ON = dt.date(2025, 6, 1)


def keys(text: str, language: str) -> list[str]:
    return [mention.event for mention in events_named(text, SAID_ON, GAZETTEER, language)]


STRATEGIC = "Strategic Command-Staff Training-2025"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The training “Interaction-2025” with the CRRF", ["Interaction-2025"]),
        ("en", 'The special trainings "Search-2025" and “Echelon-2025”', ["Search-2025", "Echelon-2025"]),
        (
            "en",
            "Interaction, Search and Echelon-2025 in Belarus",
            ["Interaction-2025", "Search-2025", "Echelon-2025"],
        ),
        ("en", "Frontier 2025 exercise", ["Rubezh-2025"]),
        ("en", "Unbreakable Brotherhood–2024", ["Indestructible Brotherhood-2024"]),
        ("en", "The exercise INDESTRUCTIBLE BROTHERHOOD-2025", ["Indestructible Brotherhood-2025"]),
        ("en", "Vzaimodeystvie-2025 drills", ["Interaction-2025"]),
        ("en", "Last year's Rubezh was held in Tajikistan", ["Rubezh-2024"]),
        ("en", "The exercise Search will be held next year", ["Search-2026"]),
        ("en", "Rubezh will be held in Kazakhstan in September 2026", ["Rubezh-2026"]),
        ("en", "The Barrier exercise", ["Barrier-2025"]),
        ("en", "“West-2025” joint strategic training", ["Zapad-2025"]),
        ("en", "The strategic command-staff training is planned for March", [STRATEGIC]),
        ("en", "Cobalt-2026 and “Steppe Shield-2026”", ["Cobalt-2026", "Steppe Shield-2026"]),
        ("en", "Rubezh-2021 and Rubezh-2025", ["Rubezh-2021", "Rubezh-2025"]),
        ("en", "Rubеzh-2025 written with a Cyrillic е", ["Rubezh-2025"]),
        (
            "ru",
            "В ходе «Рубежа-2025» и «Нерушимого братства - 2025»",
            ["Rubezh-2025", "Indestructible Brotherhood-2025"],
        ),
        ("ru", "В «Нерушимом братстве-2025»", ["Indestructible Brotherhood-2025"]),
        (
            "ru",
            "«Взаимодействие», «Поиск» и «Эшелон – 2025»",
            ["Interaction-2025", "Search-2025", "Echelon-2025"],
        ),
        ("ru", "«Взаимодействия-2025», Эшелоном-2025", ["Interaction-2025", "Echelon-2025"]),
        ("ru", "«Рубеж 2025»", ["Rubezh-2025"]),
        ("ru", "Учение «Гром-2026»", ["Grom-2026"]),
        ("ru", "Стратегическая командно-штабная тренировка пройдёт в марте", [STRATEGIC]),
        ("ru", "СКШТ – 2025", [STRATEGIC]),
        ("ru", "В прошлом году «Рубеж» прошёл в Таджикистане", ["Rubezh-2024"]),
    ],
)
def test_a_name_in_any_form_gives_the_canonical_key(language, text, expected):
    assert keys(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Search and rescue teams trained in 2025"),
        ("en", "Border security and cooperation between the states"),
        ("en", "The interaction of troops was practised at the barrier"),
        ("en", "Strategy-2030, Mid-2025 and COVID-2019"),
        ("en", "The plan for 2026-2030"),
        ("ru", "За рубежом, на рубеже веков; поиск взаимодействия"),
        ("ru", "Поиск"),
        ("ru", "Воинский эшелон прибыл на запад страны"),
    ],
)
def test_everyday_words_are_no_events(language, text):
    assert keys(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "A CSC session is to be held on 27 November", ["Collective Security Council November-2025"]),
        ("ru", "Заседание СМО пройдёт 18 июня", ["Council of Defence Ministers June-2025"]),
        (
            "en",
            "Decisions of the November 2023 session of the Collective Security Council",
            ["Collective Security Council November-2023"],
        ),
        ("en", "A session of the Collective Security Council may be held", []),
        ("en", "The Collective Security Council met on 27 November", []),
    ],
)
def test_a_meeting_of_a_council_is_an_event_by_its_month(language, text, expected):
    assert keys(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ru", "Пограничные ведомства Казахстана проведут в мае учение «Граница-2027».", ["Granitsa-2027"]),
        ("ru", "В «Границе-2027» примут участие пограничники.", ["Granitsa-2027"]),
        ("en", "Border guards will hold “Border-2027” in Belarus.", ["Border-2027"]),
        ("en", "The SCO exercise “Cooperation-2027” will be held in China.", ["Cooperation-2027"]),
        # The organisation's own force or the series' own name in the text: it is the series after all.
        ("en", "With border guards, the CRDF CAR will hold “Border-2027”.", ["Rubezh-2027"]),
        ("en", "Border guards join “Border-2027” (“Rubezh-2027”).", ["Rubezh-2027", "Rubezh-2027"]),
        # Nobody else is named: a translation of the series.
        ("en", "“Border-2027” will be held in Kyrgyzstan.", ["Rubezh-2027"]),
        ("ru", "«Граница-2027» пройдёт в Киргизии.", ["Rubezh-2027"]),
        # A name that is the series' alone is the series whoever comes.
        ("ru", "В учении «Рубеж-2027» примут участие пограничники.", ["Rubezh-2027"]),
    ],
)
def test_a_weak_name_in_the_hands_of_another_organiser_is_an_event_of_its_own(language, text, expected):
    assert keys(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The Polish Army will hold the exercise “Border-2027” on 3-7 June.", []),
        ("en", "NATO has cancelled “Frontier-2027”.", []),
        ("ru", "Учение НАТО «Рубеж-2027» отменено.", []),
        ("ru", "Вооружённые силы Польши проведут учение «Граница-2027».", []),
        ("ru", "Польское учение «Рубеж-2027» отменено.", []),
        # A guest is no holder, and a text that speaks of the organisation or its states is about ours.
        ("ru", "К участникам «Рубежа-2027» присоединился Узбекистан.", ["Rubezh-2027"]),
        ("en", "“Frontier-2027” in Kyrgyzstan will be watched by Serbia.", ["Rubezh-2027"]),
        ("en", "Poland is worried by “Border-2027” of the CSTO.", ["Rubezh-2027"]),
        # A name that is no everyday word is the series' wherever it stands.
        ("en", "Rubezh-2027 worries Poland.", ["Rubezh-2027"]),
        # A word that only looks like a state's name is none.
        ("ru", "«Рубеж-2027»: дан старт активной фазе.", ["Rubezh-2027"]),
        ("en", "Crews polish their skills before “Frontier-2027”.", ["Rubezh-2027"]),
    ],
)
def test_an_everyday_name_beside_a_state_outside_the_organisation_is_no_event_of_it(language, text, expected):
    assert keys(text, language) == expected


def test_a_mention_points_at_the_words_that_name_the_event():
    text = "В ходе «Рубежа-2025» и Search – 2024"

    found = events_named(text, SAID_ON, GAZETTEER, "ru")

    assert [(text[mention.start : mention.end], mention.text) for mention in found] == [
        ("Рубежа-2025", "Рубежа-2025"),
        ("Search – 2024", "Search – 2024"),
    ]


ALIASES = [
    (series.name, alias)
    for series in GAZETTEER.series
    if not series.monthly
    for alias in (series.name, *series.aliases)
]


@given(
    named=st.sampled_from(ALIASES), year=st.integers(2000, 2099), quotes=st.sampled_from(["“”", "«»", '""'])
)
def test_every_alias_in_quotation_marks_with_an_edition_is_its_series(named, year, quotes):
    name, alias = named
    text = f"X {quotes[0]}{alias}-{year}{quotes[1]} y"

    assert keys(text, "en") == [f"{name}-{year}"]


@given(st.text(max_size=200))
def test_any_text_is_read_and_mentions_lie_within_it_in_order(text):
    found = events_named(text, SAID_ON, GAZETTEER, "ru")

    assert all(text[mention.start : mention.end] == mention.text for mention in found)
    assert sorted(found, key=lambda mention: mention.start) == list(found)
