"""CPU of one judgement with its candidates at hand: `python bench/judging.py`, one line out.

Fifty known statements, a dozen of them about the event with facts of their own; the statements judged
reschedule, restate, say something new, or are a caption. Facts are given: reading them is measured
elsewhere. The bar is 0.2 ms at the median.
"""

from __future__ import annotations

import datetime as dt
import random
import statistics
import time
from collections.abc import Iterable, Sequence

from diffing.judging import judge
from diffing.model import (
    Attribute,
    Fact,
    KnownFact,
    KnownStatement,
    Place,
    Precision,
    Statement,
    Status,
    Window,
)
from diffing.normal import normalise

BAR_MS = 0.2
ROUNDS = 3_000
EVENT = "Rubezh-2025"
WORDS = (
    "council session meeting delegation border security agreement draft ministers defence exercise troops"
    " cooperation plan region parliament assembly secretary general chairmanship visit talks document"
).split()


class AtHand:
    """Fifty candidates and the event's facts, handed out without a search."""

    def __init__(self) -> None:
        chance = random.Random(7)
        said = dt.date(2025, 1, 30)
        texts = [
            f"The {' '.join(chance.sample(WORDS, 12))} was discussed on {number} June in Minsk."
            for number in range(1, 51)
        ]
        self.known = [
            KnownStatement(text=text, normal=normalise(text), language="en", said_on=said, origin="bench")
            for text in texts
        ]
        window = Window(start=dt.date(2025, 10, 1), end=dt.date(2025, 10, 15), precision=Precision.PART)
        self.facts = [
            KnownFact(
                fact=Fact(event=EVENT, attribute=attribute, value=value, quote="…"),
                statement=statement,
                known_at=dt.datetime(2025, 1, 30, tzinfo=dt.UTC),
            )
            for statement in self.known[:4]
            for attribute, value in (
                (Attribute.WINDOW, window),
                (Attribute.PLACE, Place(country="KG")),
                (Attribute.STATUS, Status.PLANNED),
            )
        ]

    def exact(self, _normal: str) -> KnownStatement | None:
        return None

    def candidates(self, _normal: str, _events: Iterable[str]) -> Sequence[KnownStatement]:
        return self.known

    def facts_of(self, _event: str) -> Sequence[KnownFact]:
        return self.facts


def cases() -> list[tuple[Statement, tuple[Fact, ...]]]:
    days = Window(start=dt.date(2025, 9, 17), end=dt.date(2025, 9, 20), precision=Precision.DAY)
    first_half = Window(start=dt.date(2025, 10, 1), end=dt.date(2025, 10, 15), precision=Precision.PART)
    chance = random.Random(8)
    told: list[tuple[str, tuple[Window, ...]]] = [
        ("The command-staff training “Rubezh-2025” will be held from 17 to 20 September.", (days,)),
        ("In the first half of October Kyrgyzstan hosts the training “Rubezh-2025”.", (first_half,)),
        ("Photo: press service of the Joint Staff", ()),
        *((f"The {' '.join(chance.sample(WORDS, 14))} was opened in Astana.", ()) for _ in range(5)),
    ]
    return [
        (
            Statement(index=0, text=text, normal=normalise(text), language="en"),
            tuple(
                Fact(event=EVENT, attribute=Attribute.WINDOW, value=window, quote="17 to 20 September")
                for window in windows
            ),
        )
        for text, windows in told
    ]


def main() -> None:
    known, said_on, told = AtHand(), dt.date(2025, 9, 11), cases()
    spent: list[float] = []
    for turn in range(ROUNDS):
        statement, facts = told[turn % len(told)]
        before = time.process_time_ns()
        judge(statement, facts, known, said_on)
        spent.append((time.process_time_ns() - before) / 1e6)
    median, slow = statistics.median(spent), statistics.quantiles(spent, n=100)[98]
    print(
        f"judging: {median:.3f} ms median, {slow:.3f} ms 99th percentile with 50 candidates;"
        f" bar {BAR_MS} ms, ratio {BAR_MS / median:.1f}"
    )


if __name__ == "__main__":
    main()
