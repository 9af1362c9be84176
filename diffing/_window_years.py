"""A year: in figures, after its month, or by how it lies to the day it was said."""

from __future__ import annotations

from diffing._window_calendar import Moment
from diffing._window_surroundings import Surroundings

__all__ = ["Years"]

_APOSTROPHES = frozenset("'’‘")
_LAST_CENTURY = 70


class Years(Surroundings):
    """Reads years; a method named for a form returns it and where it ends, or None."""

    __slots__ = ()

    def _four_digits(self, at: int) -> int | None:
        """A year in figures, 1900 to 2199, that is no part of a longer number."""
        t = self.t
        word = t.word(at)
        if len(word) != 4 or not word.isdigit() or not word.isascii() or not 1900 <= int(word) <= 2199:
            return None
        if t.glued(at + 1) and t.word(at + 1) in ",.:" and t.glued(at + 2) and t.word(at + 2).isdigit():
            return None
        if t.glued(at + 1) and (t.word(at + 1) in "'’" or t.word(at + 1).isalpha()):
            return int(word) if t.role(at + 1, "year_words") else None  # "1980s"
        return int(word)

    def _short_year(self, at: int, *, whole: bool) -> tuple[int | None, int]:
        """A year in two figures: "Aug 96", "14 апр. 98 г.", "May '25"; `whole`: after a month without a day.

        Up to 31 it might be a day or a count, so it needs its word, an apostrophe or the text's end.
        """
        t = self.t
        marked = t.word(at) in _APOSTROPHES
        here = at + 1 if marked else at
        word = t.word(here)
        if len(word) != 2 or not word.isdigit() or not word.isascii() or (marked and not t.glued(here)):
            return None, at
        after = here + 1
        if t.role(after, "year_words"):
            marked, after = True, self._year_word(after)
        elif (
            (t.word(after).isalnum() and not t.role(after, "followers"))
            or t.hyphen(after)
            or t.word(after) == "/"
            or self._part_of_number(here)
        ):
            return None, at
        number = int(word)
        if number <= 31 and not marked and (whole or after < t.count):
            return None, at
        return number + (1900 if number >= _LAST_CENTURY else 2000), after

    def _after_next(self, at: int) -> int | None:
        """Where "after next" ends, if it stands here."""
        if self.t.role(at, "afters") and self.t.number(at + 1, "relatives") == 1:
            return at + 2
        return None

    def _relative_year(self, whole: Moment, relative: int) -> int | None:
        """The year of "this", "next" or "last" March or autumn."""
        said = self.said_on
        years = [
            (year, bounds)
            for year in (said.year - 1, said.year, said.year + 1)
            if (bounds := whole.bounds(year)) is not None
        ]
        if relative > 0:
            return next((year for year, bounds in years if bounds[0] > said), None)
        if relative < 0:
            return next((year for year, bounds in reversed(years) if bounds[1] < said), None)
        inside = next((year for year, bounds in years if bounds[0] <= said <= bounds[1]), None)
        if inside is None and whole.month == 0:
            return said.year + 1
        return said.year if inside is None else inside

    def _year_word(self, at: int) -> int:
        """Past "года" or "г." after a year."""
        t = self.t
        if not t.role(at, "year_words"):
            return at
        short = len(t.word(at)) <= 2
        return at + 2 if short and t.word(at + 1) == "." and t.glued(at + 1) else at + 1

    def _this_year(self, at: int) -> int:
        """Where an abbreviation like "с.г." ends; 0: there is none."""
        t = self.t
        for pieces in self.words.this_year:
            here = at
            for piece in pieces:
                if t.word(here) != piece or t.word(here + 1) != ".":
                    break
                here += 2
            else:
                return here
        return 0

    def _year_tail(self, at: int) -> tuple[int | None, int]:
        """The year after a month or season, "2025 года", ", 2025", "of this year", "с.г.", or None."""
        t = self.t
        here = at
        comma = t.word(here) == ","
        for _ in range(3):
            if t.role(here, "year_links"):
                here += 1
        if t.hyphen(at) and t.glued(at) and t.glued(at + 1):
            here = at + 1
        year = self._four_digits(here)
        if year is not None:
            if comma and t.unknown_word(here + 1):
                return None, at
            return year, self._year_word(here + 1)
        if (after := self._this_year(here)) and not comma:
            return self.said_on.year, after
        relative = t.number(here, "relatives")
        if relative is not None and t.role(here + 1, "units") == "year":
            return self.said_on.year + relative, here + 2
        return None, at
