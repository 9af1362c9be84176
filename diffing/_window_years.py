"""A year: in figures, after its month, or by how it lies to the day it was said."""

from __future__ import annotations

from diffing._window_surroundings import Surroundings

__all__ = ["Years"]


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
