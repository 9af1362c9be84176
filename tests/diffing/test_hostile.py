"""No text can stall the judgement of it: four times the length costs about four times the time."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from diffing.judging import judge_text
from diffing.statements import split_text
from monitor.baselines import known_of_seeds
from seeds.gazetteer import load_gazetteer

FLAT = 9
"""How many times longer a text of four times the length may take: four where time is linear, sixteen where
it is squared; the rest is the noise of a shared machine."""

MEGABYTES = {
    "digits": "1",
    "dashes": "-",
    "brackets": "([)",
    "quotation marks": "“",
    "one word": "training ",
    "dates without spaces": "17-20September2025",
}
# These cost more a letter, so a quarter of a megabyte has to do.
QUARTERS = {
    "digits and dashes": "1-",
    "dates": "from 17 to 20 September, ",
    "Russian dates": "с 17 по 20 сентября, ",
    "clauses": "the training “Rubezh-2025” is held, and ",
}


@pytest.fixture(scope="module")
def known():
    return known_of_seeds(load_gazetteer())


@pytest.mark.parametrize(
    ("unit", "length"),
    [
        *(pytest.param(unit, 1_000_000, id=kind) for kind, unit in MEGABYTES.items()),
        *(pytest.param(unit, 250_000, id=kind) for kind, unit in QUARTERS.items()),
    ],
)
def test_a_hostile_line_is_split_read_and_judged_in_linear_time(unit, length, known):
    short, long = seconds(unit, length // 4, known), seconds(unit, length, known)

    assert long < FLAT * max(short, 0.02)


def seconds(unit: str, length: int, known) -> float:
    """Processor seconds to judge one line of so many letters that ends as a sentence about an event does."""
    line = (unit * (length // len(unit) + 1))[:length] + " The training “Rubezh-2025” will be held in March."
    language = "ru" if any("а" <= letter <= "я" for letter in unit) else "en"
    before = time.process_time()
    judge_text(split_text(line, language), known, dt.date(2025, 9, 11), load_gazetteer())
    return time.process_time() - before
