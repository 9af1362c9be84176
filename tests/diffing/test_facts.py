"""What a statement asserts of an event, and above all what it does not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from diffing.facts import read_facts
from diffing.model import Count, Fact, Place, Qualifier, Statement, Status, Window
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
        case Place() as place:
            return f"{fact.event} in {place.country}" + (f"/{place.name}" if place.name else "")
        case Count() as count:
            return f"{fact.event} {fact.attribute.value} {SIGNS[count.qualifier]}{count.count}"
        case Status() as status:
            return f"{fact.event} {status.value}"
        case tuple() as codes:
            return f"{fact.event} with {','.join(codes)}"
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
