"""CPU to read and judge a statement with its candidates at hand: `python -m bench.judging`, one line out.

Fifty known statements, a dozen facts known of the event. Every statement is another one, in English and
Russian: two of five speak of an event (move it, restate it, cancel it, count its people, talk about it),
the others report something else or are captions. Facts are read from each, then it is matched and judged.
The bar of the whole is 0.3 ms at the median; judging with the facts given has 0.2 ms of it.
"""

from __future__ import annotations

import datetime as dt
import random
import statistics
import time
from collections.abc import Iterable, Sequence

from diffing.judging import judge, judge_text
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
from seeds.gazetteer import load_gazetteer

BAR_MS = 0.3
JUDGING_BAR_MS = 0.2
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


EVENTS = (
    ("en", "The command-staff training “Rubezh-2025” will be held from {first} to {last} September {place}."),
    (
        "en",
        "In the first half of October {place} it is planned to hold the training “Rubezh-2025” with {words}.",
    ),
    ("en", "The training “Rubezh-2025” {place} has been cancelled, the {words} said."),
    (
        "en",
        "More than {count} service members will take part in the training “Rubezh-2025”, including {words}.",
    ),
    ("en", "Staff talks on the training “Rubezh-2025” were held on {first} August {place}, with {words}."),
    ("ru", "Учение «Рубеж-2025» пройдёт с {first} по {last} сентября 2025 года в Киргизии."),
    ("ru", "В учении «Рубеж-2025» примут участие более {count} военнослужащих и {first} единиц техники."),
)
OTHERS = (
    ("en", "The {words} was opened {place} on {first} June."),
    ("en", "Members of the {words} discussed the {words} {place}."),
    ("en", "Photo: press service of the {words}"),
    ("ru", "Участники заседания {first} июня обсудили {count} предложений государств — членов Организации."),
)
PLACES = (
    "in Astana",
    "in the Kyrgyz Republic",
    "at the Edelweiss training ground",
    "in Minsk",
    "in Kazakhstan",
)


def cases() -> list[tuple[bool, Statement]]:
    """Statements, each unlike the others, and whether each speaks of an event."""
    chance = random.Random(8)
    told = []
    for turn in range(ROUNDS):
        about = turn % 5 < 2
        language, template = chance.choice(EVENTS if about else OTHERS)
        text = template.format(
            first=chance.randint(1, 14),
            last=chance.randint(15, 30),
            count=chance.randint(100, 4_000),
            place=chance.choice(PLACES),
            words=" ".join(chance.sample(WORDS, 8)),
        )
        told.append((about, Statement(index=0, text=text, normal=normalise(text), language=language)))
    return told


def main() -> None:
    known, said_on, gazetteer = AtHand(), dt.date(2025, 9, 11), load_gazetteer()
    spent: list[float] = []
    of_events: list[float] = []
    judging: list[float] = []
    for about, statement in cases():
        begun = time.process_time_ns()
        judged = judge_text((statement,), known, said_on, gazetteer)
        spent.append((time.process_time_ns() - begun) / 1e6)
        if about:
            of_events.append(spent[-1])
        begun = time.process_time_ns()
        judge(statement, judged[0].facts, known, said_on)
        judging.append((time.process_time_ns() - begun) / 1e6)
    median, slow = statistics.median(spent), statistics.quantiles(spent, n=100)[98]
    alone, given = statistics.median(of_events), statistics.median(judging)
    print(
        f"judging: facts and changes {median:.3f} ms median, {slow:.3f} ms 99th percentile,"
        f" {alone:.3f} ms about an event, with 50 candidates; bar {BAR_MS} ms, ratio {BAR_MS / median:.1f};"
        f" facts given {given:.3f} ms, bar {JUDGING_BAR_MS} ms, ratio {JUDGING_BAR_MS / given:.1f}"
    )


if __name__ == "__main__":
    main()
