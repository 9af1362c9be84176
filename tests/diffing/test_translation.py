"""Laws between the languages: a translation says the same, and the order in which pages come says nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from diffing.judging import judge_text
from diffing.knowledge import Knowledge
from diffing.ledger import current
from diffing.model import EVENT_KINDS, Known, KnownFact, KnownText, Verdict, value_to_json
from diffing.statements import split_text
from monitor.baselines import known_of_seeds
from seeds.gazetteer import load_gazetteer

LANGUAGES = ("en", "ru")
NAMES = load_gazetteer()

SERIES = (
    ("Rubezh", "Рубеж"),
    ("Frontier", "Рубеж"),
    ("Interaction", "Взаимодействие"),
    ("Search", "Поиск"),
    ("Echelon", "Эшелон"),
    ("Indestructible Brotherhood", "Нерушимое братство"),
    ("Barrier", "Барьер"),
    ("Cobalt", "Кобальт"),
)
MONTHS = (
    ("January", "января", "январе"), ("February", "февраля", "феврале"), ("March", "марта", "марте"),
    ("April", "апреля", "апреле"), ("May", "мая", "мае"), ("June", "июня", "июне"),
    ("July", "июля", "июле"), ("August", "августа", "августе"), ("September", "сентября", "сентябре"),
    ("October", "октября", "октябре"), ("November", "ноября", "ноябре"), ("December", "декабря", "декабре"),
)  # fmt: skip
SEASONS = (("spring", "весной"), ("summer", "летом"), ("autumn", "осенью"))
PLACES = (
    ("", ""),
    (" in Kyrgyzstan", " в Киргизии"),
    (" in Kazakhstan", " в Казахстане"),
    (" in Tajikistan", " в Таджикистане"),
    (" at the Edelweiss training ground in Kyrgyzstan", " на полигоне «Эдельвейс» в Киргизии"),
)

# What is said of a name, in both languages: by English and Russian lines, in pairs.
_DATED = """
The training “{name}” will be held {when}{place}.
Учение «{name}» пройдёт {when}{place}.
It is planned to hold the training “{name}” {when}{place}.
Планируется провести учение «{name}» {when}{place}.
{When} the command-staff training “{name}” will take place{place}.
{When} состоится командно-штабная тренировка «{name}»{place}.
The joint exercise “{name}” is scheduled {when}{place}.
Совместное учение «{name}» запланировано {when}{place}.
"""
_OTHERS = """
The training “{name}” has begun{place}.
Учение «{name}» началось{place}.
The training “{name}” was completed{place}.
Учение «{name}» завершилось{place}.
The training “{name}” has been cancelled.
Учение «{name}» отменено.
The training “{name}” has been postponed, new dates will be agreed.
Учение «{name}» отложено, новые сроки будут согласованы.
The training “{name}” was not cancelled.
Учение «{name}» не отменено.
The dates of the training “{name}” may be adjusted.
Сроки учения «{name}» могут быть скорректированы.
Reports that the training “{name}” has been cancelled are not true.
Сообщения о том, что учение «{name}» отменено, не соответствуют действительности.
If the situation worsens, the training “{name}” will be cancelled.
Если обстановка ухудшится, учение «{name}» будет отменено.
Staff talks on the training “{name}” were held {when}{place}.
Штабные переговоры по учению «{name}» прошли {when}{place}.
The contingents will arrive for the training “{name}” {when}.
Контингенты прибудут на учение «{name}» {when}.
More than 3,500 service members will take part in the training “{name}”.
В учении «{name}» примут участие более 3500 военнослужащих.
Contingents of Kyrgyzstan, Kazakhstan and Russia will take part in the training “{name}”.
В учении «{name}» примут участие контингенты Киргизии, Казахстана и России.
"""


def pairs(lines: str) -> tuple[tuple[str, str], ...]:
    said = lines.strip().splitlines()
    return tuple(zip(said[::2], said[1::2], strict=True))


DATED, OTHERS = pairs(_DATED), pairs(_OTHERS)


@dataclass(frozen=True, slots=True)
class Both:
    """The same words in English and in Russian."""

    en: str
    ru: str

    def said(self, language: str) -> str:
        return self.en if language == "en" else self.ru


@st.composite
def windows(draw) -> Both:
    """A date expression of 2025 or 2026 with its preposition, the year said or not."""
    year = draw(st.sampled_from((None, 2025, 2026)))
    en_year, ru_year = (f" {year}", f" {year} года") if year else ("", "")
    place = draw(st.integers(0, 11))
    en, ru, ru_in = MONTHS[place]
    first = draw(st.integers(1, 27))
    last = draw(st.integers(first + 1, 28))
    match draw(st.sampled_from(("days", "months", "half", "ten days", "mid", "month", "season"))):
        case "days":
            return Both(f"from {first} to {last} {en}{en_year}", f"с {first} по {last} {ru}{ru_year}")
        case "months" if place < 11:
            then_en, then_ru, _ = MONTHS[place + 1]
            return Both(
                f"from {last} {en} to {first} {then_en}{en_year}",
                f"с {last} {ru} по {first} {then_ru}{ru_year}",
            )
        case "half":
            en_half, ru_half = draw(st.sampled_from((("first", "первой"), ("second", "второй"))))
            return Both(f"in the {en_half} half of {en}{en_year}", f"в {ru_half} половине {ru}{ru_year}")
        case "ten days":
            en_ten, ru_ten = draw(
                st.sampled_from((("first", "первой"), ("second", "второй"), ("third", "третьей")))
            )
            return Both(f"in the {en_ten} decade of {en}{en_year}", f"в {ru_ten} декаде {ru}{ru_year}")
        case "mid":
            return Both(f"in mid-{en}{en_year}", f"в середине {ru}{ru_year}")
        case "season":
            en_season, ru_season = draw(st.sampled_from(SEASONS))
            said = year or 2025
            return Both(f"in the {en_season} of {said}", f"{ru_season} {said} года")
    return Both(f"in {en}{en_year}", f"в {ru_in}{ru_year}")


@st.composite
def statements(draw, templates=DATED + OTHERS) -> Both:
    (en, ru), when = draw(st.sampled_from(templates)), draw(windows())
    (en_name, ru_name), (en_place, ru_place) = draw(st.sampled_from(SERIES)), draw(st.sampled_from(PLACES))
    edition = draw(st.sampled_from((2025, 2026)))
    return Both(
        en.format(name=f"{en_name}-{edition}", when=when.en, When=_opening(when.en), place=en_place),
        ru.format(name=f"{ru_name}-{edition}", when=when.ru, When=_opening(when.ru), place=ru_place),
    )


def _opening(words: str) -> str:
    return words[0].upper() + words[1:]


days = st.dates(dt.date(2025, 2, 1), dt.date(2025, 12, 20))


@cache
def seeds() -> Known:
    return known_of_seeds(NAMES)


def text_of(said: str, language: str, day: dt.date, origin: str = "page") -> KnownText:
    return KnownText(origin=origin, language=language, said_on=day, statements=split_text(said, language))


def judged(said: Both, language: str, known: Known, day: dt.date):
    """Verdict, facts and changes of one statement, in the shape of the contract."""
    (found,) = judge_text(split_text(said.said(language), language), known, day, NAMES)
    facts = {(fact.event, fact.attribute, str(value_to_json(fact.value)), fact.vague) for fact in found.facts}
    changes = [(c.kind, c.event, c.attribute, c.old, c.new, c.shift_days) for c in found.changes]
    return found.verdict, facts, changes


@given(said=statements(), day=days)
def test_a_translation_has_the_verdict_the_facts_and_the_changes_of_the_original(said, day):
    assert judged(said, "en", seeds(), day) == judged(said, "ru", seeds(), day), said


@given(old=statements(), new=statements(), day=days)
def test_a_translation_does_the_same_to_what_one_text_made_known(old, new, day):
    """Where facts tell; of statements without any, words decide, and those of another language cannot."""
    known = Knowledge.of([text_of(old.en, "en", day - dt.timedelta(days=5))], NAMES)

    english, russian = (judged(new, language, known, day) for language in LANGUAGES)

    assert english[1] == russian[1]
    assert [change for change in english[2] if change[0] in EVENT_KINDS] == [
        change for change in russian[2] if change[0] in EVENT_KINDS
    ]


@given(said=statements(DATED), day=days, original=st.sampled_from(LANGUAGES))
def test_a_statement_known_in_one_language_is_restated_by_its_translation(said, day, original):
    known = Knowledge.of([text_of(said.said(original), original, day)], NAMES)
    (other,) = set(LANGUAGES) - {original}

    assert judged(said, other, known, day)[0] is Verdict.RESTATED


@given(
    pages=st.lists(statements(), min_size=2, max_size=3),
    first_day=days,
    languages=st.lists(st.sampled_from(LANGUAGES), min_size=3, max_size=3),
)
def test_the_order_in_which_pages_arrive_does_not_change_the_ledger(pages, first_day, languages):
    texts = [
        text_of(said.said(language), language, first_day + dt.timedelta(days=number), f"page {number}")
        for number, (said, language) in enumerate(zip(pages, languages, strict=False))
    ]

    ledgers = [ledger(order) for order in permutations(texts)]

    assert all(found == ledgers[0] for found in ledgers)


def ledger(arriving) -> dict[tuple[str, str], tuple[object, str]]:
    """What stands after texts that were captured an hour apart, in this order."""
    captured = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    told: dict[str, list[KnownFact]] = {}
    for number, text in enumerate(arriving):
        for event, found in Knowledge.of([text], NAMES).facts.items():
            told.setdefault(event, []).extend(
                KnownFact(
                    fact=known.fact,
                    statement=known.statement,
                    known_at=captured + dt.timedelta(hours=number),
                )
                for known in found
            )
    return {
        (event, attribute): (known.fact.value, known.statement.origin)
        for event, facts in told.items()
        for attribute, known in current(facts).items()
    }
