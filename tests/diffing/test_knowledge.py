"""What a few texts make known, and judging against them, from sentence to change."""

from __future__ import annotations

import datetime as dt
from itertools import permutations

from diffing.judging import judge_text
from diffing.knowledge import Knowledge
from diffing.ledger import current
from diffing.model import (
    Attribute,
    ChangeKind,
    Gazetteer,
    KnownText,
    Precision,
    Series,
    Verdict,
    Window,
)
from diffing.statements import split_text

GAZETTEER = Gazetteer(
    series=(Series(name="Rubezh", aliases=("Rubezh", "Рубеж", "Frontier")),),
    states={
        "KG": ("Kyrgyzstan", "Kyrgyz Republic", "Кыргызстан", "Кыргызская Республика"),
        "KZ": ("Kazakhstan",),
    },
)
BRIEFING = "In the first half of October, the training “Rubezh-2025” will be held in Kyrgyzstan."


def text(words: str, said_on: str | None, *, origin: str = "page", language: str = "en") -> KnownText:
    return KnownText(
        origin=origin,
        language=language,
        said_on=dt.date.fromisoformat(said_on) if said_on else None,
        statements=split_text(words, language),
    )


def judged(words: str, known: Knowledge, said_on: str, language: str = "en") -> list[Verdict]:
    statements = split_text(words, language)
    day = dt.date.fromisoformat(said_on)
    return [judgement.verdict for judgement in judge_text(statements, known, day, GAZETTEER)]


def test_a_text_makes_its_statements_and_facts_known() -> None:
    known = Knowledge.of([text(BRIEFING, "2025-01-30", origin="briefing")], GAZETTEER)

    (statement,) = split_text(BRIEFING, "en")
    exact = known.exact(statement.normal)
    assert exact is not None
    assert (exact.origin, exact.said_on) == ("briefing", dt.date(2025, 1, 30))
    assert {fact.fact.attribute for fact in known.facts_of("Rubezh-2025")} >= {
        Attribute.WINDOW,
        Attribute.PLACE,
    }


def test_nothing_is_known_of_an_event_that_nobody_named() -> None:
    known = Knowledge.of([text(BRIEFING, "2025-01-30")], GAZETTEER)
    assert known.facts_of("Cobalt-2026") == ()
    assert known.exact("never said") is None


def test_candidates_are_found_by_rare_words_and_by_event_and_are_bounded() -> None:
    many = [
        text(f"Report number {number} on the session was published.", "2025-01-01") for number in range(300)
    ]
    known = Knowledge.of([*many, text(BRIEFING, "2025-01-30", origin="briefing")], GAZETTEER)

    by_event = known.candidates("учение в горах", ["Rubezh-2025"])
    assert [found.origin for found in by_event] == ["briefing"]
    by_words = known.candidates("report number 17 on the session was published.", [])
    assert len(by_words) <= 50
    assert any("number 17 " in found.text for found in by_words)


def test_the_oldest_of_equal_statements_is_the_known_one_whatever_the_order() -> None:
    old, new = text(BRIEFING, "2025-01-30", origin="old"), text(BRIEFING, "2025-03-01", origin="new")
    (statement,) = split_text(BRIEFING, "en")
    for order in permutations([old, new]):
        found = Knowledge.of(order, GAZETTEER).exact(statement.normal)
        assert found is not None
        assert found.origin == "old"


def test_a_whole_text_is_judged_statement_by_statement_and_one_change_a_fact() -> None:
    known = Knowledge.of([text(BRIEFING, "2025-01-30", origin="briefing")], GAZETTEER)
    page = split_text(
        "The training “Rubezh-2025” will be held in September.\n"
        "“Rubezh-2025” will be held from 17 to 20 September in the Kyrgyz Republic.\n"
        "Photo: press service",
        "en",
    )

    lead, body, caption = judge_text(page, known, dt.date(2025, 9, 11), GAZETTEER)

    assert (lead.verdict, lead.changes) == (Verdict.RESTATED, ())
    assert caption.verdict is Verdict.UNRELATED
    (change,) = body.changes
    assert (change.kind, change.shift_days, change.old_origin) == (ChangeKind.RESCHEDULED, -14, "briefing")
    assert len(change.new_statements) == 2


def test_both_languages_give_the_same_verdict() -> None:
    known = Knowledge.of([text(BRIEFING, "2025-01-30")], GAZETTEER)
    english = "“Rubezh-2025” will be held from 17 to 20 September."
    russian = "Учение «Рубеж-2025» пройдёт с 17 по 20 сентября."
    assert (
        judged(english, known, "2025-09-11")
        == judged(russian, known, "2025-09-11", "ru")
        == [Verdict.CHANGED]
    )


def test_law_order_of_arrival_of_pages_does_not_change_the_ledger() -> None:
    pages = [
        text(BRIEFING, "2025-01-30", origin="briefing"),
        text("“Rubezh-2025” will be held in September.", "2025-08-21", origin="news"),
        text("Учение «Рубеж-2025» пройдёт с 17 по 20 сентября.", "2025-09-11", origin="ru", language="ru"),
    ]
    ledgers = [
        current(Knowledge.of(order, GAZETTEER).facts_of("Rubezh-2025")) for order in permutations(pages)
    ]
    assert all(ledger == ledgers[0] for ledger in ledgers)
    assert ledgers[0][Attribute.WINDOW].fact.value == Window(
        start=dt.date(2025, 9, 17), end=dt.date(2025, 9, 20), precision=Precision.DAY
    )


def test_an_undated_text_is_known_but_supersedes_nothing() -> None:
    known = Knowledge.of(
        [text(BRIEFING, None, origin="undated"), text(BRIEFING, "2025-01-30", origin="dated")], GAZETTEER
    )
    assert current(known.facts_of("Rubezh-2025"))[Attribute.WINDOW].statement.origin == "undated"
