"""A date in figures alone: 12.03.2025, 2025-03-12, 31.08, 3/12/2025, 03/2025."""

from __future__ import annotations

from diffing._window_calendar import Moment, whole_month
from diffing._window_surroundings import Point
from diffing._window_years import Years

__all__ = ["Figures"]


class Figures(Years):
    """Reads dates in figures."""

    __slots__ = ()

    def _numeric(self, at: int, *, joined: bool) -> Point | None:
        """Figures alone: 12.03.2025, 2025-03-12, 31.08, 3/12/2025, 03/2025."""
        t = self.t
        separator = t.word(at + 1)
        if separator not in ("/", ".", "-"):
            return None
        spaced = not t.glued(at + 1) or not t.glued(at + 2)
        if spaced and (separator != "/" or not (self._four_digits(at) or self._four_digits(at + 2))):
            return None
        if t.glued(at) and t.word(at - 1).isalpha():
            return None
        if t.glued(at) and t.word(at - 1) in ".,:/" and t.glued(at - 1) and t.word(at - 2).isdigit():
            return None
        first, second = t.word(at), t.word(at + 2)
        if len(first) > 4 or not first.isascii():
            return None
        if t.role(at + 2, "months"):
            year, month = self._four_digits(at), t.number(at + 2, "months")
            if year and t.word(at + 3) == separator and (day := self._small(at + 4)):
                return Moment(month=month, first=day, last=day, year=year), at + 5
            return None
        if not second.isdigit() or len(second) > 4 or not second.isascii():
            return None
        third = ""
        if t.word(at + 3) == separator and t.glued(at + 3) and t.glued(at + 4):
            third = t.word(at + 4)
        if third.isdigit():
            return self._three_figures(at, (first, second, third), separator)
        return self._two_figures(at, (first, second), separator, joined=joined)

    def _three_figures(self, at: int, figures: tuple[str, str, str], separator: str) -> Point | None:
        t = self.t
        first, second, third = figures
        after = at + 5
        if len(third) > 4 or not third.isascii():
            return None
        goes_on = t.glued(after) and t.word(after) in "./" and t.glued(after + 1)
        if goes_on and t.word(after + 1).isdigit():
            return None
        if len(first) == 4 and len(second) <= 2 and len(third) <= 2:
            year, month, day = int(first), int(second), int(third)
        elif (
            len(first) <= 2
            and len(second) <= 2
            and (len(third) == 4 or (len(third) == 2 and separator != "-"))
        ):
            year, month, day = int(third), int(second), int(first)
            if len(third) == 2:
                year += 1900 if year >= 70 else 2000
            swapped = separator == "/" and self.words.slash_month_first
            if (swapped and day <= 12) or (month > 12 >= day):
                month, day = day, month
        else:
            return None
        if not (1 <= month <= 12 and 1 <= day <= 31 and 1900 <= year <= 2199):
            return None
        return Moment(month=month, first=day, last=day, year=year), self._year_word(after)

    def _two_figures(
        self, at: int, figures: tuple[str, str], separator: str, *, joined: bool
    ) -> Point | None:
        t = self.t
        first, second = figures
        after = at + 3
        if t.glued(after) and (t.word(after).isalpha() or t.word(after) in "%/"):
            return None
        if t.glued(at) and t.word(at - 1) == "/" and len(first) == 4:
            return None  # a path
        if t.glued(after) and t.word(after) in ".,:/" and t.glued(after + 1) and t.word(after + 1).isdigit():
            return None
        if separator in "/." and len(second) == 4 and len(first) <= 2 and self._four_digits(at + 2):
            month, year = int(first), int(second)
            return (whole_month(month, year), after) if 1 <= month <= 12 else None
        if separator == "/" and len(first) == 4 and len(second) <= 2 and self._four_digits(at):
            month, year = int(second), int(first)
            return (whole_month(month, year), after) if 1 <= month <= 12 else None
        if separator == "-" or len(first) > 2 or len(second) > 2:
            return None
        # "13.6." is a date only in a range of such: "1.5" is far more often a number.
        dotted = t.word(after) == "." and (joined or t.hyphen(after + 1))
        if separator == "." and len(second) != 2 and not dotted:
            return None
        day, month = int(first), int(second)
        if separator == "/" and ((self.words.slash_month_first and day <= 12) or month > 12):
            day, month = month, day
        if not (1 <= day <= 31 and 1 <= month <= 12) or not self._stands_as_date(at, after, joined=joined):
            return None
        if t.word(after) == "." and (t.hyphen(after + 1) or t.role(after + 1, "connectors")):
            after += 1
        if separator == "/":
            return Moment(month=month, first=day, last=day), after
        tail, after = self._year_tail(after)
        return Moment(month=month, first=day, last=day, year=tail), after

    def _stands_as_date(self, at: int, after: int, *, joined: bool) -> bool:
        """True after a word like "on", in a range, or alone between marks; false for "1.5 tonnes"."""
        t = self.t
        if t.unknown_word(after) and not t.role(after, "year_words") and not joined:
            return self._before(at) in self.words.ons and self._before(at) not in ("to", "of", "на", "за")
        before = self._before(at)
        return (
            joined
            or before in self.words.ons
            or before in ("", "(", ",", ":", "—", "–", "-")
            or (t.role(at - 1, "weekdays") is not None or t.role(at - 1, "relative_days") is not None)
        )

    def _slashed_month(self, at: int) -> bool:
        t = self.t
        return t.word(at) in "/-" and t.word(at + 2) in "/-" and t.role(at + 1, "months") is not None
