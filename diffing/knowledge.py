"""What a few texts in memory make known, for judging without an archive."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from diffing.facts import read_statements
from diffing.model import Gazetteer, KnownFact, KnownStatement, KnownText
from diffing.normal import normalise

__all__ = ["Knowledge"]

# How many statements are handed out for scoring, and how many of the statement's rarest words choose
# them. With 50 candidates from the 8 rarest words an index of 100,000 statements finds 0.998 of what
# brute force finds at score 70; a baseline in memory is far smaller.
_CANDIDATES = 50
_RAREST_WORDS = 8
# Facts of undated texts still need a moment; they count as said before any dated one.
_UNDATED = dt.date(1970, 1, 1)

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """A `Known` in memory. Build it with `Knowledge.of`; statements are kept oldest first."""

    statements: Sequence[KnownStatement] = field(repr=False)
    by_normal: Mapping[str, KnownStatement] = field(repr=False)
    by_word: Mapping[str, Sequence[int]] = field(repr=False)
    by_event: Mapping[str, Sequence[int]] = field(repr=False)
    facts: Mapping[str, Sequence[KnownFact]] = field(repr=False)

    @classmethod
    def of(cls, texts: Iterable[KnownText], gazetteer: Gazetteer) -> Knowledge:
        """What these texts make known, whatever order they come in; each text is the context of its facts."""
        statements: list[KnownStatement] = []
        by_normal: dict[str, KnownStatement] = {}
        by_word: dict[str, list[int]] = {}
        by_event: dict[str, list[int]] = {}
        facts: dict[str, list[KnownFact]] = {}
        for text in sorted(texts, key=_age):
            said_on = text.said_on or _UNDATED
            known_at = dt.datetime.combine(said_on, dt.time(), tzinfo=dt.UTC)
            tellings = read_statements(text.statements, said_on, gazetteer, text.title)
            for statement, told in zip(text.statements, tellings, strict=True):
                place = len(statements)
                known = KnownStatement(
                    text=statement.full_text,
                    normal=statement.normal,
                    language=statement.language,
                    said_on=text.said_on,
                    origin=text.origin,
                    url=text.url,
                )
                statements.append(known)
                by_normal.setdefault(known.normal, known)
                by_normal.setdefault(normalise(known.text), known)
                for word in set(_WORD.findall(normalise(known.text))):
                    by_word.setdefault(word, []).append(place)
                for event in {*told.named, *(fact.event for fact in told.facts)}:
                    by_event.setdefault(event, []).append(place)
                for fact in told.facts:
                    facts.setdefault(fact.event, []).append(
                        KnownFact(fact=fact, statement=known, known_at=known_at)
                    )
        return cls(
            statements=statements, by_normal=by_normal, by_word=by_word, by_event=by_event, facts=facts
        )

    def exact(self, normal: str) -> KnownStatement | None:
        """The oldest known statement with this normal form; None: nothing known says just this."""
        return self.by_normal.get(normal)

    def candidates(self, normal: str, events: Iterable[str]) -> Sequence[KnownStatement]:
        """Up to 50 known statements, oldest first: those with its rarest words, and about its events."""
        weights: Counter[int] = Counter()
        for event in events:
            weights.update(dict.fromkeys(self.by_event.get(event, ()), 2.0))
        words = [word for word in set(_WORD.findall(normal)) if word in self.by_word]
        words.sort(key=lambda word: (len(self.by_word[word]), word))
        for word in words[:_RAREST_WORDS]:
            places = self.by_word[word]
            weight = 1 / len(places) ** 0.5
            weights.update(dict.fromkeys(places, weight))
        best = sorted(weights, key=lambda place: (-weights[place], place))[:_CANDIDATES]
        return [self.statements[place] for place in sorted(best)]

    def facts_of(self, event: str) -> Sequence[KnownFact]:
        """Every fact ever asserted of the event, by (said_on, known_at); empty: unknown event."""
        return self.facts.get(event, ())


def _age(text: KnownText) -> tuple[dt.date, str]:
    return text.said_on or _UNDATED, text.origin
