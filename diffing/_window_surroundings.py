"""What stands around a token, and may make a date of it or not."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterator
from itertools import chain
from typing import Literal, TypeAlias

from diffing._window_calendar import Moment, add_months
from diffing._window_tokens import Lexicon, Tokens

__all__ = ["DAY", "Point", "Surroundings", "Tense", "ended"]

Point: TypeAlias = tuple[Moment, int]
Tense: TypeAlias = Literal["past", "coming"]

DAY = dt.timedelta(days=1)

# How far a verb is looked for: enough for an ordinary clause, and a bound that keeps the reading linear.
_BACK = 10
_CLAUSE_ENDS = frozenset(".,;:!?()—")


def ended(moment: Moment | None, after: int) -> Point | None:
    """The moment with where it ends, if there is one."""
    return None if moment is None else (moment, after)


class Surroundings(ABC):
    """The tokens of a text and the day it was said, with questions about what stands where."""

    __slots__ = ("said_on", "stale", "t", "words", "year")

    def __init__(
        self,
        tokens: Tokens,
        known: Lexicon,
        said_on: dt.date,
        year: int | None,
        *,
        stale: dt.timedelta | None,
    ) -> None:
        self.t = tokens
        self.words = known.words
        self.said_on = said_on
        self.year = year
        self.stale = stale

    @abstractmethod
    def _point(self, at: int, *, joined: bool = False) -> Point | None:
        """One end here, and where it ends. `joined`: after a joint, where a bare month needs no cue."""

    @abstractmethod
    def _ordinal_part(self, at: int) -> Point | None:
        """A counted part at this token: "first half of October"."""

    def _before(self, at: int) -> str:
        """The word before, past an article."""
        at -= 1
        if at >= 0 and "articles" in self.t.roles[at]:
            at -= 1
        return self.t.word(at)

    def _verb_before(self, at: int, role: str) -> bool:
        """True when such a verb stands shortly before, in the same clause."""
        for back in range(at - 1, max(at - 1 - _BACK, -1), -1):
            if role in self.t.roles[back]:
                return True
            if self.t.words[back] in ".;":
                return False
        return False

    def _verb_beside(self, first: int, after: int, role: str) -> bool:
        """True when such a verb stands in the same clause as the pieces `first` to before `after`."""
        clause = chain(self._clause_before(first), self._clause_after(first, after))
        return any(role in self.t.roles[at] for at in clause)

    def _clause_after(self, first: int, after: int) -> Iterator[int]:
        """The pieces of the clause that follow; a date that opens its sentence may have a comma behind it."""
        t = self.t
        if t.word(after) == "," and (first <= 2 or t.words[first - 2] in ".;" or t.words[first - 3] in ".;"):
            after += 1
        for at in range(after, min(after + _BACK, t.count)):
            if self._ends_clause(t.words[at]) or "afters" in t.roles[at]:
                return
            yield at

    def _clause_before(self, first: int) -> Iterator[int]:
        """The pieces of the clause that go before, the nearest first."""
        for at in range(first - 1, max(first - 1 - _BACK, -1), -1):
            if self._ends_clause(self.t.words[at]):
                return
            yield at

    def _ends_clause(self, word: str) -> bool:
        return word in _CLAUSE_ENDS or word in self.words.breaks

    def _tense(self, first: int, after: int, *, days: bool) -> Tense | None:
        """Whether the clause says that something took place, or that it is to; None: it says neither.

        `days`: of a day or some days, which may be those of a decision.
        """
        t, words = self.t, self.words
        tense: Tense | None = None
        for at in chain(self._clause_before(first), self._clause_after(first, after)):
            word = t.words[at]
            if t.plan(at, words):
                return "coming"
            if word in words.reports or (days and word in words.decisions):
                before = {t.word(at - 1), t.word(at - 2)}
                if not before.isdisjoint(words.infinitives):
                    return "coming"
                if before.isdisjoint(words.passives):
                    tense = "past"
        return tense

    def _nightly(self, at: int) -> bool:
        """True where a night was spoken of shortly before: "в ночь с 5 на 6 мая"."""
        return any(word in self.words.nights for word in self.t.words[max(at - 6, 0) : at])

    def _joint(self, at: int, *, days: bool = False) -> tuple[str, int] | None:
        """What joins two ends, and where the second starts: "dash", "to", "and", "list"."""
        t = self.t
        if t.word(at) == "." and (t.hyphen(at + 1) or t.word(at + 1) == "/"):
            at += 1
        if t.hyphen(at) or t.word(at) == "~":
            at += 1
            if t.role(at, "connectors"):
                at += 2 if t.hyphen(at + 1) else 1
            return "dash", self._past_prepositions(at)
        if t.role(at, "connectors") or (t.role(at, "night_connectors") and self._nightly(at)):
            return "to", self._past_prepositions(at + 1)
        if (t.word(at) == "," or t.role(at, "conjunctions")) and t.role(at + 1, "connectors"):
            return "to", self._past_prepositions(at + 2)
        if days and t.word(at) == "/":
            return "dash", at + 1
        if days and t.word(at) == ",":
            if t.role(at + 1, "conjunctions"):
                return "and", self._past_prepositions(at + 2)
            return "list", at + 1
        if t.role(at, "conjunctions"):
            here = at + 1
            while t.role(here, "articles"):
                here += 1
            return "and", here
        return None

    def _past_prepositions(self, at: int) -> int:
        for _ in range(2):
            if self.t.role(at, "fillers") or self.t.role(at, "ahead") or self.t.role(at, "year_cues"):
                at += 1
        return at

    def _past_fillers(self, at: int) -> int:
        for _ in range(2):
            if self.t.role(at, "fillers"):
                at += 1
        return at

    def _past_dot(self, at: int) -> int:
        """Past a month and the point of its abbreviation, which is not the end of the sentence."""
        t = self.t
        if len(t.word(at)) > 5 or t.word(at + 1) != "." or not t.glued(at + 1):
            return at + 1
        goes_on = t.word(at + 2).isdigit() or t.hyphen(at + 2) or t.plain(at + 2)
        return at + 2 if goes_on else at + 1

    def _weekday_after(self, at: int) -> tuple[int | None, int]:
        """The name of the day behind its date, "18 July, Friday", and where it ends."""
        here = at + 1 if self.t.word(at) in (",", "(") else at
        weekday = self.t.number(here, "weekdays")
        if weekday is None or (here == at and not self.t.plain(here)):
            return None, at
        return weekday, here + 2 if self.t.word(here + 1) == ")" else here + 1

    def _part_of_number(self, at: int) -> bool:
        """True for the 1 of "1,500", the 5 of "1.5", the 26 of "14:26", the 25 of "Zapad-25", "№5", "5%"."""
        t = self.t
        if t.glued(at):
            previous = t.word(at - 1)
            if previous in "№#$€":
                return True
            if previous.isalpha():
                # Pages glue a heading to its date, "Health6 January"; a short word and a figure are a name.
                return len(previous) < 4 or t.role(at + 1, "months") is None
            if t.glued(at - 1):
                further = t.word(at - 2)
                if previous in ".,:" and further.isdigit():
                    return True
                if t.hyphen(at - 1) and (further in "»”\")'" or (further.isalpha() and not t.roles[at - 2])):
                    return True
        if t.glued(at + 1):
            following = t.word(at + 1)
            if following in ",.:" and t.glued(at + 2) and t.word(at + 2).isdigit():
                return True
            return following == "%"
        return False

    def _verb_like(self, at: int) -> bool:
        """True for "may" and "march" in lower case, where months have capitals."""
        return self.words.month_first and self.t.plain(at) and self.t.word(at) in self.words.weak

    def _has_cue(self, at: int, after: int) -> bool:
        """True where a word that may be no date stands like one."""
        t = self.t
        word, before = t.word(at), self._before(at)
        if t.count == 1 or (t.count == 2 and t.words[1] == "."):
            return True
        if t.role(after, "weekdays") is not None or (t.hyphen(after) and t.role(after + 1, "months")):
            return True
        if t.role(at, "months") and self._verb_like(at):
            return before == "in" and not t.unknown_word(after)
        if t.role(after, "connectors") and t.role(after + 1, "months"):
            return True
        return before in self.words.weak[word]

    def _small(self, at: int) -> int | None:
        word = self.t.word(at)
        if word.isdigit() and word.isascii() and len(word) <= 2 and 1 <= int(word) <= 31:
            return int(word)
        return None

    def _months_on(self, months: int) -> dt.date:
        return add_months(self.said_on, months)
