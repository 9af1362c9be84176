"""A date with a name: a day of a month, a month, season, quarter or year."""

from __future__ import annotations

from dataclasses import replace

from diffing._window_calendar import (
    STALE_QUESTION,
    Moment,
    half_year_of,
    quarter_of,
    whole_month,
    whole_season,
    whole_year,
)
from diffing._window_figures import Figures
from diffing._window_surroundings import Point, ended

__all__ = ["Months"]


_SENTENCE_ENDS = frozenset(("", ".", "!", "?"))


class Months(Figures):
    """Reads days and months by name, and what is made of whole months."""

    __slots__ = ()

    def _day(self, at: int) -> tuple[int, int] | None:
        """The day of a month, with its suffix: "5", "5th", "5-го", "fifth", "twenty-fifth"."""
        t = self.t
        word = t.word(at)
        if word.isdigit():
            if len(word) > 2 or not word.isascii() or not 1 <= int(word) <= 31 or self._part_of_number(at):
                return None
            after = at + 1
            if t.glued(after) and t.word(after) in self.words.ordinal_suffixes:
                return int(word), after + 1
            if t.glued(after) and t.word(after).isalpha():
                return (int(word), after) if t.role(after, "months") else None
            hyphened = t.hyphen(after) and t.glued(after) and t.glued(after + 1)
            if hyphened and t.word(after + 1) in self.words.ordinal_suffixes:
                return int(word), after + 2
            return int(word), after
        if (ten := t.number(at, "tens")) is not None:
            after = at + 2 if t.hyphen(at + 1) else at + 1
            unit = t.number(after, "ordinals")
            if unit is not None and 1 <= unit <= 9 and ten + unit <= 31:
                return ten + unit, after + 1
            return None
        ordinal = t.number(at, "ordinals")
        return None if ordinal is None else (ordinal, at + 1)

    def _day_and_month(self, at: int) -> Point | None:
        found = self._day(at)
        if found is None:
            return None
        day, after = found
        bare = Moment(first=day, last=day), after
        here = self._past_fillers(after)
        if self.t.role(after, "ahead") and self.t.role(after + 2, "units") == "month":
            here = after + 1
        if self.t.role(here, "months"):
            month = self.t.number(here, "months")
            if self._verb_like(here) and self.t.unknown_word(here + 1):
                return bare
            here = self._past_dot(here)
        elif self.t.role(here, "relatives") is not None and self.t.role(here + 1, "units") == "month":
            first = self._months_on(self.t.number(here, "relatives") or 0)
            return Moment(month=first.month, year=first.year, first=day, last=day), here + 2
        elif self._slashed_month(after):
            month = self.t.number(after + 1, "months")
            here = after + 3
            year = self._four_digits(here)
            return (Moment(month=month, first=day, last=day, year=year), here + 1) if year else bare
        else:
            return self._day_of_this_month(at, day, after) or bare
        return self._dated(month, day, here)

    def _dated(self, month: int | None, day: int, at: int) -> Point:
        """A day and its month, with the year and the name of the day that follow."""
        year, after = self._year_tail(at)
        if year is None:
            year, after = self._short_year(at, whole=False)
        weekday, after = self._weekday_after(after)
        return Moment(month=month, first=day, last=day, year=year, weekday=weekday), after

    def _day_of_this_month(self, at: int, day: int, after: int) -> Point | None:
        """The day nearest to the day it was said, for "on the 15th" with nothing after it.

        Of plans, and in answer to a bare question, it is the coming one; of a report the last one.
        """
        t = self.t
        before = self._before(at)
        cued = before in self.words.day_cues or (not before and self.stale is STALE_QUESTION)
        if not cued and before in self.words.fillers:
            cued = t.role(at - 2, "units") == "week" or t.role(at - 3, "units") == "week"
        if after == at + 1 or not cued or self._joint(after, days=True) is not None:
            return None
        if t.word(after).isalnum():
            return None
        months = [self._months_on(step) for step in (-1, 0, 1)]
        days = [
            bounds[0]
            for first in months
            if (bounds := Moment(month=first.month, first=day, last=day).bounds(first.year)) is not None
        ]
        if self.stale is not None:
            days = [one for one in days if one >= self.said_on]
        elif self._tense(at, after, days=True) == "past":
            days = [one for one in days if one <= self.said_on]
        if not days:
            return None
        nearest = min(days, key=lambda one: (abs((one - self.said_on).days), one < self.said_on))
        return Moment(fixed=(nearest, nearest)), after

    def _month(self, at: int, *, joined: bool) -> Point | None:
        t = self.t
        month = t.number(at, "months")
        after = self._past_dot(at)
        if self.words.month_first:
            here = after + 1 if t.role(after, "articles") else after
            found = self._day(here)
            if found is not None and self._month_first_day(at, here, found[1]):
                return self._dated(month, found[0], found[1])
        if (following := self._after_next(after)) is not None:
            year = self._relative_year(whole_month(month, None), 1)
            return None if year is None else (whole_month(month, year + 1), following)
        year, end = self._year_tail(after)
        if year is None:
            year, end = self._short_year(after, whole=True)
        if year is None and self._before(at) in _SENTENCE_ENDS and t.name(after):
            return None  # "August Wilson", "Март Петрович"
        if year is None and t.word(at) in self.words.weak and not joined and not self._has_cue(at, after):
            return None
        return whole_month(month, year), end

    def _month_first_day(self, at: int, day: int, after: int) -> bool:
        """False for "in May 20 vehicles", "may 5 units", "In March first reports": a count or an order."""
        if self.t.role(day, "ordinals") and self._ordinal_part(day) is not None:
            return False
        if not self.t.unknown_word(after):
            return True
        if self.t.word(day).isdigit() and self.t.word(after - 1).isdigit():
            return not self._verb_like(at) and not self.t.role(at - 1, "ahead")
        return self.t.word(day).isdigit()

    def _season(self, at: int, *, joined: bool) -> Point | None:
        t = self.t
        start = t.number(at, "seasons") or 0
        year, after = self._year_tail(at + 1)
        if year is None:
            if t.role(at - 1, "articles") and t.unknown_word(after):
                return None
            if t.word(at) in self.words.weak and not joined and not self._has_cue(at, after):
                return None
        elif start == 0 and (t.hyphen(after) or t.word(after) == "/") and t.word(after + 1).isdigit():
            return whole_season(start, year + 1), self._year_word(after + 2)
        return whole_season(start, year), after

    def _marked_quarter(self, at: int) -> Point | None:
        """A quarter or half year by its mark: "Q3", "Q3 2025", "H1 of 2025"."""
        t = self.t
        number = t.word(at + 1)
        if not t.glued(at + 1) or number not in ("1", "2", "3", "4"):
            return None
        if t.glued(at + 2) and t.word(at + 2).isalnum():
            return None
        year, after = self._year_tail(at + 2)
        if t.role(at, "quarter_marks"):
            return ended(quarter_of(int(number), year), after)
        return ended(half_year_of(int(number), year), after)

    def _year(self, at: int, *, joined: bool) -> Point | None:
        t = self.t
        year = self._four_digits(at)
        if year is None or (t.glued(at) and not joined):
            return None
        after = self._year_word(at + 1)
        here = at + 2 if t.hyphen(at + 1) else at + 1
        if t.role(here, "articles"):
            here += 1
        if t.role(here, "quarter_marks") or t.role(here, "half_marks"):
            marked = self._marked_quarter(here)
            return None if marked is None else (replace(marked[0], year=year), marked[1])
        if t.word(here) == "," and t.role(here + 1, "months"):
            here += 1
        if t.role(here, "months") and here <= at + 2 and self._day(here + 1) is None:
            return whole_month(t.number(here, "months"), year), here + 1
        said = after > at + 1 and self._before(at) not in self.words.fillers
        if said or joined or self._before(at) in self.words.year_cues:
            if after == at + 1 and (t.unknown_word(after) and self._before(at) in ("for", "by", "from")):
                return None
            return whole_year(year), after
        return None
