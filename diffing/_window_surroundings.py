"""What stands around a token, and may make a date of it or not."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from typing import TypeAlias

from diffing._window_calendar import Moment, add_months
from diffing._window_tokens import Lexicon, Tokens

__all__ = ["DAY", "Point", "Surroundings", "ended"]

Point: TypeAlias = tuple[Moment, int]

DAY = dt.timedelta(days=1)

# How far back a verb is looked for: enough for an ordinary clause, and a bound that keeps the reading linear.
_BACK = 10


def ended(moment: Moment | None, after: int) -> Point | None:
    """The moment with where it ends, if there is one."""
    return None if moment is None else (moment, after)


class Surroundings(ABC):
    """The tokens of a text and the day it was said, with questions about what stands where."""

    __slots__ = ("said_on", "t", "words", "year")

    def __init__(self, tokens: Tokens, known: Lexicon, said_on: dt.date, year: int | None) -> None:
        self.t = tokens
        self.words = known.words
        self.said_on = said_on
        self.year = year

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
        if t.role(at, "connectors"):
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

    def _past_weekday(self, at: int) -> int:
        here = at + 1 if self.t.word(at) in (",", "(") else at
        if self.t.role(here, "weekdays") is None or (here == at and not self.t.plain(here)):
            return at
        return here + 2 if self.t.word(here + 1) == ")" else here + 1

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
