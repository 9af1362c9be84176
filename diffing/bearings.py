"""What stands near a word of a statement: cues, dates and places, each found without a search."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from diffing.clauses import Clause
from diffing.languages.assertions import Cue
from diffing.model import Place
from diffing.phrases import Hit
from diffing.reading import Force, Reading, Whose
from diffing.windows import WindowMention

__all__ = ["Bearings", "Dated"]


@dataclass(frozen=True, slots=True)
class Dated:
    """A window with the tokens that say it."""

    mention: WindowMention
    first: int
    last: int


class Bearings:
    """Where everything of one statement stands, so that each question costs a few steps."""

    def __init__(self, reading: Reading, clauses: Sequence[Clause], dated: Sequence[Dated]) -> None:
        self.reading = reading
        self.clause_at = [0] * (len(reading.tokens) + 1)
        for clause in clauses:
            for first, last in clause.pieces:
                self.clause_at[first:last] = [clause.number] * (last - first)
        self.begins: defaultdict[int, list[Hit[Cue]]] = defaultdict(list)
        self.ends: defaultdict[int, list[Hit[Cue]]] = defaultdict(list)
        for cue in reading.cues:
            self.begins[cue.first].append(cue)
            self.ends[cue.last].append(cue)
        self.dates_of: defaultdict[int, list[Dated]] = defaultdict(list)
        for date in dated:
            self.dates_of[self.clause_at[date.first]].append(date)
        self.places_of: defaultdict[int, list[Hit[Place | Whose | Force]]] = defaultdict(list)
        for hit in reading.places:
            self.places_of[self.clause_at[hit.first]].append(hit)
        self.date_begins = {date.first for date in dated}
        self.date_ends = {date.last for date in dated}
        self.place_ends = {hit.last: hit for hit in reading.places}
        self.place_begins = {hit.first for hit in reading.places if isinstance(hit.payload, Place)}

    def before(self, first: int, reach: int, *kinds: Cue) -> Iterator[Hit[Cue]]:
        """Cues of these kinds with at most `reach` words between them and the token, nearest first."""
        for last in range(first, max(first - reach, 1) - 1, -1):
            for cue in self.ends.get(last, ()):
                if cue.payload in kinds and self.clause_at[cue.first] == self.clause_at[first]:
                    yield cue

    def after(self, last: int, reach: int, *kinds: Cue) -> Iterator[Hit[Cue]]:
        """Cues of these kinds with at most `reach` words between the token before `last` and them."""
        for first in range(last, min(last + reach, len(self.reading.tokens) - 1) + 1):
            for cue in self.begins.get(first, ()):
                if cue.payload in kinds and self.clause_at[cue.first] == self.clause_at[last - 1]:
                    yield cue

    def kinds_ending(self, token: int) -> set[Cue]:
        """The kinds of the cues whose last word this token is."""
        return {cue.payload for cue in self.ends.get(token + 1, ())}

    def divided(self, token: int) -> bool:
        """True where punctuation stands between the token and the next one."""
        tokens = self.reading.tokens
        if token + 1 >= len(tokens) or tokens[token + 1].glued:
            return False
        return bool(self.reading.folded[tokens[token].end : tokens[token + 1].start].strip('" -'))

    def slice(self, first: int, last: int) -> str:
        """The statement's own words from token `first` up to but not including `last`."""
        tokens = self.reading.tokens
        return self.reading.text[tokens[first].start : tokens[last - 1].end]
