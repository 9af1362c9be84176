"""How dates are put together, in any language: from tokens to what was said, years not yet known."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

from diffing._window_calendar import Moment, add_months, month_of, resolve, week_of, year_of
from diffing._window_tokens import Lexicon, Tokens
from diffing.model import Precision

__all__ = ["Expression", "read_expressions"]

_Point: TypeAlias = tuple[Moment, int]

_DAY = dt.timedelta(days=1)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_THIRDS = ((1, 10), (11, 20), (21, 31))
_HALVES = ((1, 15), (16, 31))
_STARTERS = frozenset(
    (
        "months",
        "ordinals",
        "tens",
        "cardinals",
        "weekdays",
        "seasons",
        "relative_days",
        "relatives",
        "parts",
        "units",
        "later",
        "earlier",
        "quarter_marks",
        "half_marks",
    )
)
# How far a length may stand from its start ("will start on 8 September in Minsk and last five days"), and how
# far back a verb is looked for: enough for an ordinary clause, and a bound that keeps the reading linear.
_REACH = 12
_BACK = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """What tokens `first` to before `after` say: from `left` to `right` (None: `left` is all)."""

    left: Moment
    right: Moment | None
    first: int
    after: int
    until: bool = False
    compared: bool = False


def read_expressions(tokens: Tokens, known: Lexicon, said_on: dt.date, year: int | None) -> list[Expression]:
    """All expressions, in order, not overlapping. Time is linear: each start looks ahead a bounded way."""
    return _Reader(tokens, known, said_on, year).read()


class _Reader:
    """Recursive descent over the tokens; a method named for a form returns it and where it ends, or None."""

    __slots__ = ("said_on", "t", "words", "year")

    def __init__(self, tokens: Tokens, known: Lexicon, said_on: dt.date, year: int | None) -> None:
        self.t = tokens
        self.words = known.words
        self.said_on = said_on
        self.year = year

    def read(self) -> list[Expression]:
        found: list[Expression] = []
        t = self.t
        at = 0
        while at < t.count:
            word, roles = t.words[at], t.roles[at]
            if not roles and not word[0].isdigit() and word not in _ROMAN:
                at += 1
                continue
            abbreviated = "this_year" in roles and self._this_year(at)
            if roles and not abbreviated and _STARTERS.isdisjoint(roles):
                at += 1
                continue
            read, after = self._expressions(at)
            found.extend(read)
            at = max(after, at + 1)
        return found

    # ---- whole expressions -------------------------------------------------------------------------

    def _expressions(self, at: int) -> tuple[list[Expression], int]:
        skipped = self._year_range(at)
        if skipped is not None:
            return skipped
        before = self._before(at)
        counted = self._counted_start(at)
        if counted is not None:
            return [counted], counted.after
        point = self._point(at)
        if point is None:
            return [], at + 1
        left, after = point
        if not left.dated:
            return self._days(at)
        until = before in self.words.untils
        if before in self.words.comparisons and self.t.role(at - 2, "later"):
            until = True  # "no later than 15 September"
        if before in self.words.afters or (
            before in self.words.comparisons and self.t.role(at - 2, "earlier")
        ):
            return [], after
        # "than 2024", "as in 2024"
        compared = before in self.words.comparisons or self.t.word(at - 2) in self.words.comparisons
        alone = Expression(left=left, right=None, first=at, after=after, until=until, compared=compared)
        moved = before in self.words.froms and self._verb_before(at, "moves")
        joint = None if moved else self._joint(after)
        if joint is not None:
            right = self._right_end(left, after, joint, between=before in self.words.betweens)
            if right is not None:
                return [replace(alone, right=right[0], after=right[1], until=False)], right[1]
        if left.precision is Precision.DAY and not until:
            longer = self._length(alone)
            if longer is not None:
                return [longer], longer.after
        return [alone], after

    def _right_end(self, left: Moment, after: int, joint: tuple[str, int], *, between: bool) -> _Point | None:
        kind, at = joint
        right = self._point(at, joined=True)
        if right is None:
            return None
        moment, end = right
        if kind == "and" and not between:
            following = (
                moment.month is None
                and moment.fixed is None
                and self._day_said_last(after)
                and moment.first == (left.first or 0) + 1
                and moment.first == moment.last
                and not self.t.unknown_word(end)
            )
            return right if following else None
        if kind == "list":
            return None
        if not moment.dated:
            spaced = kind == "dash" and not self.t.glued(at)
            counted = spaced and self.t.unknown_word(end)
            return right if self._day_said_last(after) and not counted else None
        if moment.bare_year != left.bare_year and kind == "dash":
            return None
        if moment.weekday is not None and moment.fixed is not None and left.fixed is not None:
            day = left.fixed[1] + _DAY * ((moment.weekday - left.fixed[1].weekday() - 1) % 7 + 1)
            return replace(moment, fixed=(day, day)), end
        return right

    def _day_said_last(self, after: int) -> bool:
        """True after "November 3", false after "3 November": only the former lends its month onwards."""
        word = self.t.word(after - 1)
        return (
            (word.isdigit() and len(word) <= 2)
            or word in self.words.ordinal_suffixes
            or word in self.words.ordinals
        )

    def _days(self, at: int) -> tuple[list[Expression], int]:
        """Bare days up to the one with the month: "17-20 September", "5 and 6 May", "2, 3 and 9 May"."""
        ends: list[tuple[Moment, int, int]] = []
        joints: list[str] = []
        here = at
        while len(ends) <= 31:
            point = self._point(here, joined=bool(ends))
            if point is None:
                return [], max(here - 1, at + 1) if ends else at + 1
            moment, after = point
            ends.append((moment, here, after))
            if moment.month is not None:
                break
            joint = None if moment.fixed is not None else self._joint(after, days=True)
            if joint is None:
                # None of these days has a month; nor would the same list begun one day later.
                return [], after
            joints.append(joint[0])
            here = joint[1]
        last = ends[-1][0]
        if last.month is None:
            return [], ends[-1][2]
        if last.precision.rank > Precision.PART.rank or last.months != 1:
            return [], ends[-1][1]
        before = self._before(at)
        moved = before in self.words.froms and self._verb_before(at, "moves") and joints[0] != "dash"
        if len(ends) == 2 and before in self.words.betweens:
            joints = ["to"]
        if moved:
            joints[0] = "and"
        dated = [(replace(m, month=last.month, year=last.year), a, b) for m, a, b in ends]
        following = all((x.last or 0) + 1 == y.first for (x, _, _), (y, _, _) in pairwise(dated))
        if following and not moved and all(joint in ("and", "list") for joint in joints):
            joints = ["to"] * len(joints)
        if before in self.words.afters:
            return [], ends[-1][2]
        read: list[Expression] = []
        first = 0
        for index in range(len(dated)):
            if index < len(joints) and joints[index] not in ("and", "list"):
                continue
            left, right = dated[first][0], dated[index][0]
            single = first == index
            if not single and (left.first or 0) > (right.last or 31):
                return [], at + 1
            read.append(
                Expression(
                    left=left,
                    right=None if single else right,
                    first=dated[first][1],
                    after=dated[index][2],
                )
            )
            first = index + 1
        return read, ends[-1][2]

    def _length(self, alone: Expression) -> Expression | None:
        """A start and its length or its end: "on 8 September and will last five days"."""
        t, words = self.t, self.words
        loose = self._verb_before(alone.first, "begins") or self._verb_before(alone.first, "starting")
        told = False
        at = alone.after
        while at < min(t.count, alone.after + _REACH):
            word = t.words[at]
            roles = t.roles[at]
            if "lasting" in roles or "ending" in roles:
                told = True
            elif told and ("untils" in roles or "ons" in roles):
                pass
            elif told and (counted := self._count(at)) is not None:
                number, unit, after = counted
                days = {"day": number, "week": 7 * number}.get(unit)
                return None if days is None else self._prolonged(alone, days, after)
            elif told and (point := self._point(at)) is not None:
                moment, after = point
                if moment.precision is not Precision.DAY or not moment.dated:
                    return None
                return replace(alone, right=moment, after=after)
            elif word in words.glue or word in words.fillers:
                pass
            elif "begins" in roles:
                loose = True
            elif not loose or word in ".;:!?" or word[0].isdigit():
                return None
            else:
                told = False
            at += 1
        return None

    def _prolonged(self, alone: Expression, days: int, after: int) -> Expression | None:
        if not 0 < days < 1000:
            return None
        left = alone.left
        if left.fixed is not None:
            end = left.fixed[0] + _DAY * (days - 1)
            right = Moment(fixed=(end, end))
        elif left.month is not None and left.first is not None:
            # The length may run over a month's end, whose length hangs on the year only in February.
            right = replace(left, first=left.first + days - 1, last=left.first + days - 1)
            year = left.year if left.year is not None else self.said_on.year
            while right.first is not None and right.month is not None:
                whole = replace(right, first=None, last=None, months=1).bounds(year)
                if whole is None or right.first <= whole[1].day:
                    break
                day = right.first - whole[1].day
                month = right.month % 12 + 1
                year += right.month // 12
                right = replace(right, first=day, last=day, month=month)
            if left.year is not None:
                right = replace(right, year=year)
        else:
            return None
        return replace(alone, right=right, after=after)

    def _counted_start(self, at: int) -> Expression | None:
        """A length before its start: "five days from 8 September"."""
        counted = self._count(at)
        if counted is None:
            return None
        number, unit, after = counted
        days = {"day": number, "week": 7 * number}.get(unit)
        if self.t.number(after + 1, "relative_days") == 0 and not self.t.role(at - 1, "lasting"):
            return None  # "three days from now" is a day
        here = after
        if self.t.word(here) == ",":
            here += 1
        while here < after + 4 and (
            self.t.role(here, "starting")
            or self.t.role(here, "froms")
            or (here > after and self.t.role(here, "ons"))
        ):
            here += 1
        if days is None or here == after or self.t.word(here - 1) == ",":
            return None
        point = self._point(here)
        if point is None or point[0].precision is not Precision.DAY or not point[0].dated:
            return None
        if self._joint(point[1]) is not None:
            return None
        alone = Expression(left=point[0], right=None, first=at, after=point[1])
        return self._prolonged(alone, days, point[1])

    def _year_range(self, at: int) -> tuple[list[Expression], int] | None:
        """Years "2024-2026": a window only where they stand as one, and else nothing at all."""
        first = self._four_digits(at)
        if first is None or (not self.t.hyphen(at + 1) and self.t.word(at + 1) != "~"):
            return None
        last = self._four_digits(at + 2)
        if last is None:
            return None
        after = self._year_word(at + 3)
        whole = at == 0 and after == self.t.count
        if last < first or not (whole or self._before(at) in self.words.year_range_cues):
            return [], after
        ends = [self._whole_year(year) for year in (first, last)]
        return [Expression(left=ends[0], right=ends[1], first=at, after=after)], after

    # ---- what stands around ------------------------------------------------------------------------

    def _before(self, at: int) -> str:
        """The word before, past an article."""
        at -= 1
        if at >= 0 and "articles" in self.t.roles[at]:
            at -= 1
        return self.t.word(at)

    def _verb_before(self, at: int, role: str) -> bool:
        """True when such a verb stands shortly before, in the same clause."""
        for back in range(at - 1, max(at - 1 - _BACK * 2, -1), -1):
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

    # ---- one end -----------------------------------------------------------------------------------

    def _point(self, at: int, *, joined: bool = False) -> _Point | None:
        """One end at this token. `joined`: after a joint, where a bare month or year needs no cue."""
        t = self.t
        if not 0 <= at < t.count:
            return None
        roles = t.roles[at]
        digit = t.words[at].isdigit()
        if not digit and not roles and t.words[at] not in _ROMAN:
            return None
        if digit:
            return (
                self._numeric(at, joined=joined)
                or self._ordinal_part(at)
                or self._in_or_ago(at)
                or self._day_and_month(at)
                or self._year(at, joined=joined)
            )
        found: _Point | None = None
        if "parts" in roles:
            found = self._part(at)
        if found is None and ("later" in roles or "earlier" in roles):
            found = self._rest(at)
        if found is None and ("ordinals" in roles or "relatives" in roles or t.words[at] in _ROMAN):
            found = self._ordinal_part(at)
        if found is None and "weekdays" in roles:
            found = self._weekday(at, joined=joined)
        if found is None and "relative_days" in roles:
            found = self._relative_day(at, joined=joined)
        if found is None and ("cardinals" in roles or "units" in roles):
            found = self._in_or_ago(at)
        if found is None and ("ordinals" in roles or "tens" in roles):
            found = self._day_and_month(at)
        if found is None and "months" in roles:
            found = self._month(at, joined=joined)
        if found is None and "seasons" in roles:
            found = self._season(at, joined=joined)
        if found is None and "relatives" in roles:
            found = self._relative(at)
        if found is None and ("quarter_marks" in roles or "half_marks" in roles):
            found = self._marked_quarter(at)
        if found is None and self._this_year(at):
            return self._whole_year(self.said_on.year), self._this_year(at)
        return found

    # days

    def _day(self, at: int) -> tuple[int, int] | None:
        """The day of a month, with its suffix: "5", "5th", "5-го", "fifth", "twenty-fifth"."""
        t = self.t
        word = t.word(at)
        if word.isdigit():
            if len(word) > 2 or not word.isascii() or not 1 <= int(word) <= 31 or self._part_of_number(at):
                return None
            after = at + 1
            if t.glued(after) and t.word(after).isalpha():
                if t.word(after) in self.words.ordinal_suffixes:
                    return int(word), after + 1
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

    def _day_and_month(self, at: int) -> _Point | None:
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
        year, here = self._year_tail(here)
        return Moment(month=month, first=day, last=day, year=year), self._past_weekday(here)

    def _day_of_this_month(self, at: int, day: int, after: int) -> _Point | None:
        """The day nearest to the day it was said, for "on the 15th" with nothing after it."""
        t = self.t
        if after == at + 1 or self._before(at) != "on" or self._joint(after, days=True) is not None:
            return None
        if t.word(after).isalnum():
            return None
        months = [self._months_on(step) for step in (-1, 0, 1)]
        days = [
            bounds[0]
            for first in months
            if (bounds := Moment(month=first.month, first=day, last=day).bounds(first.year)) is not None
        ]
        nearest = min(days, key=lambda one: (abs((one - self.said_on).days), one < self.said_on))
        return Moment(fixed=(nearest, nearest)), after

    def _verb_like(self, at: int) -> bool:
        """True for "may" and "march" in lower case, where months have capitals."""
        return self.words.month_first and self.t.plain(at) and self.t.word(at) in self.words.weak

    def _slashed_month(self, at: int) -> bool:
        t = self.t
        return t.word(at) in "/-" and t.word(at + 2) in "/-" and t.role(at + 1, "months") is not None

    def _past_weekday(self, at: int) -> int:
        here = at + 1 if self.t.word(at) in (",", "(") else at
        if self.t.role(here, "weekdays") is None or (here == at and not self.t.plain(here)):
            return at
        return here + 2 if self.t.word(here + 1) == ")" else here + 1

    def _past_dot(self, at: int) -> int:
        """Past a month and the point of its abbreviation, which is not the end of the sentence."""
        t = self.t
        if len(t.word(at)) > 5 or t.word(at + 1) != "." or not t.glued(at + 1):
            return at + 1
        goes_on = t.word(at + 2).isdigit() or t.hyphen(at + 2) or t.plain(at + 2)
        return at + 2 if goes_on else at + 1

    def _numeric(self, at: int, *, joined: bool) -> _Point | None:
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

    def _three_figures(self, at: int, figures: tuple[str, str, str], separator: str) -> _Point | None:
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
    ) -> _Point | None:
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
            return self._month_moment(month, year, after) if 1 <= month <= 12 else None
        if separator == "/" and len(first) == 4 and len(second) <= 2 and self._four_digits(at):
            month, year = int(second), int(first)
            return self._month_moment(month, year, after) if 1 <= month <= 12 else None
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

    def _small(self, at: int) -> int | None:
        word = self.t.word(at)
        if word.isdigit() and word.isascii() and len(word) <= 2 and 1 <= int(word) <= 31:
            return int(word)
        return None

    # months, seasons, quarters, years

    def _month_moment(self, month: int | None, year: int | None, after: int) -> _Point:
        return Moment(month=month, year=year, precision=Precision.MONTH), after

    def _month(self, at: int, *, joined: bool) -> _Point | None:
        t = self.t
        month = t.number(at, "months")
        after = self._past_dot(at)
        if self.words.month_first:
            here = after + 1 if t.role(after, "articles") else after
            found = self._day(here)
            if found is not None and self._month_first_day(at, here, found[1]):
                year, end = self._year_tail(found[1])
                moment = Moment(month=month, first=found[0], last=found[0], year=year)
                return moment, self._past_weekday(end)
        year, end = self._year_tail(after)
        if year is None and t.word(at) in self.words.weak and not joined and not self._has_cue(at, after):
            return None
        return self._month_moment(month, year, end)

    def _month_first_day(self, at: int, day: int, after: int) -> bool:
        """False for "in May 20 vehicles", "may 5 units", "In March first reports": a count or an order."""
        if self.t.role(day, "ordinals") and self._ordinal_part(day) is not None:
            return False
        if not self.t.unknown_word(after):
            return True
        if self.t.word(day).isdigit() and self.t.word(after - 1).isdigit():
            return not self._verb_like(at) and not self.t.role(at - 1, "ahead")
        return self.t.word(day).isdigit()

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

    def _season(self, at: int, *, joined: bool) -> _Point | None:
        t = self.t
        start = t.number(at, "seasons") or 0
        year, after = self._year_tail(at + 1)
        if year is None:
            if t.role(at - 1, "articles") and t.unknown_word(after):
                return None
            if t.word(at) in self.words.weak and not joined and not self._has_cue(at, after):
                return None
        elif start == 0 and (t.hyphen(after) or t.word(after) == "/") and t.word(after + 1).isdigit():
            return self._season_moment(start, year + 1, self._year_word(after + 2))
        return self._season_moment(start, year, after)

    def _season_moment(self, start: int, year: int | None, after: int) -> _Point:
        return Moment(month=start, months=3, year=year, precision=Precision.SEASON), after

    def _marked_quarter(self, at: int) -> _Point | None:
        """A quarter or half year by its mark: "Q3", "Q3 2025", "H1 of 2025"."""
        t = self.t
        number = t.word(at + 1)
        if not t.glued(at + 1) or number not in ("1", "2", "3", "4"):
            return None
        if t.glued(at + 2) and t.word(at + 2).isalnum():
            return None
        year, after = self._year_tail(at + 2)
        if t.role(at, "quarter_marks"):
            return self._quarter(int(number), year, after)
        return self._half_year(int(number), year, after)

    def _quarter(self, number: int, year: int | None, after: int) -> _Point | None:
        if not 1 <= number <= 4:
            return None
        return Moment(month=3 * number - 2, months=3, year=year, precision=Precision.SEASON), after

    def _half_year(self, number: int, year: int | None, after: int) -> _Point | None:
        if not 1 <= number <= 2:
            return None
        return Moment(month=6 * number - 5, months=6, year=year, precision=Precision.YEAR), after

    def _whole_year(self, year: int) -> Moment:
        return Moment(month=1, months=12, year=year, precision=Precision.YEAR, bare_year=True)

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

    def _year(self, at: int, *, joined: bool) -> _Point | None:
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
            return self._month_moment(t.number(here, "months"), year, here + 1)
        said = after > at + 1 and self._before(at) not in self.words.fillers
        if said or joined or self._before(at) in self.words.year_cues:
            if after == at + 1 and (t.unknown_word(after) and self._before(at) in ("for", "by", "from")):
                return None
            return self._whole_year(year), after
        return None

    # parts

    def _part(self, at: int) -> _Point | None:
        """A third: "early September", "mid-October", "at the end of October", "в начале 2026 года"."""
        t = self.t
        part = t.number(at, "parts") or 0
        if t.word(at) in self.words.starting | self.words.ending and t.word(at - 1) in self.words.glue:
            return None
        here = at + 1
        verb = t.role(at, "starting") or t.role(at, "ending")
        for _ in range(3):
            if t.hyphen(here) or t.role(here, "fillers") or (t.role(here, "ahead") and not verb):
                here += 1
        span = self._span(here)
        if span is None:
            joint = self._joint(at + 1)
            first, last = _THIRDS[part]
            if joint is not None and joint[0] in ("dash", "to") and t.role(joint[1], "parts") is not None:
                return Moment(first=first, last=last, precision=Precision.PART, vague=True), at + 1
            return None
        if verb and here == at + 1 and self._day(span[1]) is not None:
            return None
        return self._third(span, part)

    def _third(self, span: _Point, part: int) -> _Point | None:
        whole, after = span
        if whole.fixed is not None:
            monday = whole.fixed[0]
            first, last = ((0, 2), (2, 4), (4, 6))[part]
            return replace(whole, fixed=(monday + _DAY * first, monday + _DAY * last), vague=True), after
        if whole.month is None:
            return None
        if whole.months == 1:
            first, last = _THIRDS[part]
            return replace(whole, first=first, last=last, precision=Precision.PART, vague=True), after
        step = whole.months // 3
        precision = Precision.MONTH if step == 1 else Precision.SEASON
        moment = replace(
            whole,
            month=whole.month + step * part,
            months=step,
            precision=precision,
            vague=True,
            bare_year=False,
        )
        return moment, after

    def _span(self, at: int) -> _Point | None:
        """What a part can be of: a month, a season, a year, this week, the month."""
        t = self.t
        if t.role(at, "months"):
            year, after = self._year_tail(self._past_dot(at))
            return self._month_moment(t.number(at, "months"), year, after)
        if t.role(at, "seasons") is not None:
            year, after = self._year_tail(at + 1)
            return self._season_moment(t.number(at, "seasons") or 0, year, after)
        if t.role(at, "relatives") is not None:
            return self._relative(at)
        if (year := self._four_digits(at)) is not None:
            return self._whole_year(year), self._year_word(at + 1)
        if after := self._this_year(at):
            return self._whole_year(self.said_on.year), after
        unit = t.role(at, "units")
        if unit == "month":
            return self._month_moment(self.said_on.month, self.said_on.year, at + 1)
        if unit == "year":
            return self._whole_year(self.said_on.year), at + 1
        if unit == "week":
            return Moment(fixed=week_of(self.said_on), precision=Precision.PART), at + 1
        return None

    def _rest(self, at: int) -> _Point | None:
        """What is left or gone: "later this year", "later in the month", "earlier this week"."""
        t = self.t
        later = t.role(at, "later") is not None
        here = at + 1
        for _ in range(2):
            if t.role(here, "ahead") or t.role(here, "fillers") or t.role(here, "year_links"):
                here += 1
        relative = t.number(here, "relatives")
        if relative not in (0, None):
            return None
        unit = t.role(here if relative is None else here + 1, "units")
        after = here + (1 if relative is None else 2)
        if here == at + 1 and relative is None:
            return None
        match unit:
            case "year":
                whole, precision = year_of(self.said_on.year), Precision.YEAR
            case "month":
                whole, precision = month_of(self.said_on), Precision.MONTH
            case "week":
                whole, precision = week_of(self.said_on), Precision.PART
            case _:
                return None
        days = (self.said_on, whole[1]) if later else (whole[0], max(whole[0], self.said_on - _DAY))
        return Moment(fixed=days, precision=precision, vague=True), after

    def _ordinal_part(self, at: int) -> _Point | None:
        """A counted part: "first half of October", "second ten days of September", "III квартал"."""
        t = self.t
        found = self._ordinal(at)
        if found is None:
            return None
        number, here = found
        if t.role(here, "halves"):
            span = self._span(self._past_fillers(here + 1))
            return None if span is None or number not in (1, 2, -1) else self._half(span, number)
        if t.role(here, "half_years"):
            year, after = self._year_tail(here + 1)
            return self._half_year(2 if number == -1 else number, year, after)
        unit = t.role(here, "units")
        if unit == "quarter":
            return self._ordinal_quarter(number, here + 1)
        if (weekday := t.number(here, "weekdays")) is not None:
            return self._ordinal_weekday(number, weekday, here + 1)
        ten = here
        if t.word(here) == "10" or t.number(here, "cardinals") == 10:
            ten = here + 2 if t.hyphen(here + 1) else here + 1
            if t.role(ten, "units") != "day":
                return None
            ten += 0 if t.role(ten + 1, "fillers") or t.role(ten + 1, "months") else 1
        elif not t.role(here, "decades"):
            ten = -1
        if ten >= 0:
            span = self._span(self._past_fillers(ten + 1))
            if span is None or span[0].months != 1 or span[0].month is None or number not in (1, 2, 3, -1):
                return None
            first, last = _THIRDS[number - 1 if number > 0 else 2]
            return replace(span[0], first=first, last=last, precision=Precision.PART), span[1]
        if unit == "week":
            return self._ordinal_week(number, self._past_fillers(here + 1))
        if t.role(here, "first_days") and number in (1, -1):
            span = self._span(self._past_fillers(here + 1))
            if span is None or span[0].months not in (1, 12) or span[0].month is None:
                return None
            whole, after = span
            if whole.months == 12:
                whole = replace(whole, month=1 if number == 1 else 12, months=1, bare_year=False)
            return self._third((whole, after), 0 if number == 1 else 2)
        return None

    def _ordinal(self, at: int) -> tuple[int, int] | None:
        """1 to 5, or -1 for the last."""
        t = self.t
        word = t.word(at)
        if word in _ROMAN:
            return _ROMAN[word], at + 1
        if t.number(at, "relatives") == -1:
            return -1, at + 1
        found = self._day(at)
        return found if found is not None and found[0] <= 5 else None

    def _half(self, span: _Point, number: int) -> _Point | None:
        whole, after = span
        half = 0 if number == 1 else 1
        if whole.months == 12:
            return self._half_year(half + 1, whole.year, after)
        if whole.months != 1 or whole.month is None or whole.fixed is not None:
            return None
        first, last = _HALVES[half]
        return replace(whole, first=first, last=last, precision=Precision.PART), after

    def _ordinal_quarter(self, number: int, at: int) -> _Point | None:
        year, after = self._year_tail(at)
        if year is None:
            span = self._span(self._past_fillers(at))
            if span is not None and span[0].bare_year:
                year, after = span[0].year, span[1]
        if number == -1:
            return None if year is None else self._quarter(4, year, after)
        return self._quarter(number, year, after)

    def _ordinal_week(self, number: int, at: int) -> _Point | None:
        """A week of a month or year: it belongs where its Thursday lies, as in ISO 8601."""
        span = self._span(at)
        if span is None or span[0].month is None or span[0].months not in (1, 12):
            return None
        whole, after = span
        bounds = resolve(whole, None, self.said_on, self.year)
        if bounds is None:
            return None
        if number == -1:
            thursday = bounds[1] - _DAY * ((bounds[1].weekday() - 3) % 7)
        else:
            thursday = bounds[0] + _DAY * ((3 - bounds[0].weekday()) % 7 + 7 * (number - 1))
        if not bounds[0] <= thursday <= bounds[1]:
            return None
        return Moment(fixed=week_of(thursday), precision=Precision.PART, vague=True), after

    def _ordinal_weekday(self, number: int, weekday: int, at: int) -> _Point | None:
        """A day of a month by its name: "last Friday of October"."""
        here = self._past_fillers(at + 1 if self.t.role(at, "ahead") else at)
        span = None if here == at else self._span(here)
        if span is None or span[0].months != 1 or span[0].month is None:
            return None
        bounds = resolve(span[0], None, self.said_on, self.year)
        if bounds is None:
            return None
        if number == -1:
            day = bounds[1] - _DAY * ((bounds[1].weekday() - weekday) % 7)
        else:
            day = bounds[0] + _DAY * ((weekday - bounds[0].weekday()) % 7 + 7 * (number - 1))
        return (Moment(fixed=(day, day)), span[1]) if bounds[0] <= day <= bounds[1] else None

    # what hangs on the day it was said

    def _relative_day(self, at: int, *, joined: bool) -> _Point | None:
        t = self.t
        if t.word(at) in self.words.weak and not joined and not self._has_cue(at, at + 1):
            return None
        day = self.said_on + _DAY * (t.number(at, "relative_days") or 0)
        return self._explicit(at + 1) or (Moment(fixed=(day, day)), at + 1)

    def _explicit(self, at: int) -> _Point | None:
        """The date that says a named day again: "tomorrow, 27 November", "Tuesday, 5 May"."""
        t = self.t
        here = at
        if t.word(here) == ".":
            here += 1
        if t.word(here) in (",", "("):
            here += 1
        if t.role(here, "articles"):
            here += 1
        if not t.word(here).isdigit() and not t.role(here, "months") and not t.role(here, "ordinals"):
            return None
        point = self._point(here, joined=True)
        if point is None or point[0].month is None or point[0].precision is not Precision.DAY:
            return None
        moment, after = point
        return moment, after + 1 if t.word(after) == ")" and "(" in (t.word(at), t.word(here - 1)) else after

    def _weekday(self, at: int, *, joined: bool) -> _Point | None:
        t = self.t
        explicit = self._explicit(at + 1)
        if explicit is not None:
            return replace(explicit[0], weekday=t.number(at, "weekdays")), explicit[1]
        if t.word(at) in self.words.weak and not joined and not self._has_cue(at, at + 1):
            return None
        weekday = t.number(at, "weekdays") or 0
        here = at + 1
        for _ in range(2):
            if t.role(here, "fillers") or t.role(here, "ons"):
                here += 1
        if t.number(here, "relatives") is not None and t.role(here + 1, "units") == "week":
            monday = week_of(self.said_on)[0] + _DAY * 7 * (t.number(here, "relatives") or 0)
            return self._named_day(monday + _DAY * weekday, weekday, here + 2)
        return self._named_day(self._coming(weekday), weekday, at + 1)

    def _named_day(self, day: dt.date, weekday: int, after: int) -> _Point:
        return Moment(fixed=(day, day), weekday=weekday), after

    def _coming(self, weekday: int) -> dt.date:
        return self.said_on + _DAY * ((weekday - self.said_on.weekday() - 1) % 7 + 1)

    def _relative(self, at: int) -> _Point | None:
        """What is this, next or last: year, week, September, autumn, Tuesday, three days."""
        t = self.t
        relative = t.number(at, "relatives") or 0
        here = at + 1
        if t.number(here, "relatives") is not None:
            relative = t.number(here, "relatives") or 0
            here += 1
        if (unit := t.role(here, "units")) is not None:
            return self._relative_unit(relative, str(unit), here + 1)
        if (month := t.number(here, "months")) is not None:
            year, after = self._year_tail(self._past_dot(here))
            whole, _ = self._month_moment(month, None, 0)
            return replace(whole, year=year or self._relative_year(whole, relative)), after
        if (season := t.number(here, "seasons")) is not None:
            year, after = self._year_tail(here + 1)
            whole, _ = self._season_moment(season, None, 0)
            return replace(whole, year=year or self._relative_year(whole, relative)), after
        if (weekday := t.number(here, "weekdays")) is not None:
            explicit = self._explicit(here + 1)
            if explicit is not None:
                return explicit
            day = self._coming(weekday)
            if relative == 1:
                day = week_of(self.said_on)[0] + _DAY * (7 + weekday)
            elif relative == -1:
                day = self.said_on - _DAY * ((self.said_on.weekday() - weekday - 1) % 7 + 1)
            return self._named_day(day, weekday, here + 1)
        counted = self._count(here)
        if counted is None or relative == 0 or not self._opens_a_period(at):
            return None
        return self._following(relative * counted[0], counted[1], counted[2])

    def _opens_a_period(self, at: int) -> bool:
        """False for the verb: "will last two weeks"."""
        if not self.t.role(at, "lasting"):
            return True
        return at == 0 or self.t.role(at - 1, "articles") is not None

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

    def _months_on(self, months: int) -> dt.date:
        return add_months(self.said_on, months)

    def _relative_unit(self, relative: int, unit: str, after: int) -> _Point | None:
        match unit:
            case "week":
                days = week_of(self.said_on + _DAY * 7 * relative)
                return Moment(fixed=days, precision=Precision.PART), after
            case "month":
                first = self._months_on(relative)
                return self._month_moment(first.month, first.year, after)
            case "quarter":
                first = self._months_on(3 * relative)
                return self._quarter((first.month + 2) // 3, first.year, after)
            case "year":
                return self._whole_year(self.said_on.year + relative), after
            case _:
                return None

    def _following(self, count: int, unit: str, after: int) -> _Point | None:
        """So many whole units after this one (before it, where `count` is negative)."""
        said, size = self.said_on, abs(count)
        back = count < 0
        if not 0 < size <= 1000:
            return None
        match unit:
            case "day":
                days = (said - _DAY * size, said - _DAY) if back else (said + _DAY, said + _DAY * size)
                return Moment(fixed=days), after
            case "week":
                weeks = week_of(said - _DAY * 7 * size if back else said + _DAY * 7, size)
                return Moment(fixed=weeks, precision=Precision.PART, vague=True), after
            case "month":
                months = month_of(self._months_on(-size if back else 1), size)
                return Moment(fixed=months, precision=Precision.MONTH, vague=True), after
            case "quarter":
                first = self._months_on(-3 * size if back else 3)
                quarter = first.replace(month=(first.month - 1) // 3 * 3 + 1)
                return Moment(
                    fixed=month_of(quarter, 3 * size), precision=Precision.SEASON, vague=True
                ), after
            case "year":
                years = year_of(said.year - size if back else said.year + 1, size)
                return Moment(fixed=years, precision=Precision.YEAR, vague=True), after
            case _:
                return None

    def _count(self, at: int) -> tuple[int, str, int] | None:
        """A number of units: "five days", "2 недели"."""
        t = self.t
        word = t.word(at)
        if word.isdigit() and word.isascii() and len(word) <= 3 and not self._part_of_number(at):
            number = int(word)
        elif (cardinal := t.number(at, "cardinals")) is not None:
            number = cardinal
        else:
            return None
        here = at + 2 if t.hyphen(at + 1) else at + 1
        unit = t.role(here, "units")
        return None if unit is None else (number, str(unit), here + 1)

    def _in_or_ago(self, at: int) -> _Point | None:
        """A distance: "(in) two weeks", "a week ago", "(через) неделю", "day after tomorrow"."""
        t = self.t
        unit = t.role(at, "units")
        if unit == "day" and (offset := t.number(at + 2, "relative_days")):
            step = 1 if offset > 0 and t.role(at + 1, "afters") else 0
            step = -1 if offset < 0 and t.role(at + 1, "untils") else step
            if step:
                day = self.said_on + _DAY * (offset + step)
                return self._explicit(at + 3) or (Moment(fixed=(day, day)), at + 3)
        if unit is not None and (named := self._named_unit(at, str(unit))) is not None:
            return named
        counted = (1, str(unit), at + 1) if unit is not None else self._count(at)
        if counted is None:
            if (number := self._small(at)) is None and (number := t.number(at, "cardinals")) is None:
                return None
            if not t.number(at + 1, "relatives") or (unit := t.role(at + 2, "units")) is None:
                return None
            return self._following(number * (t.number(at + 1, "relatives") or 0), str(unit), at + 3)
        number, name, after = counted
        if t.word(after) in ("'", "’"):
            after += 2 if t.word(after + 1) == "s" else 1
            after += 1
        if t.role(after, "ago"):
            number = -number
            while t.role(after, "ago"):
                after += 1
        elif t.role(after, "hence"):
            after += 1
        elif t.role(after, "froms") and t.number(after + 1, "relative_days") == 0:
            after += 2
        elif not t.role(at - 1, "ahead") or (t.role(after, "fillers") and not t.role(after, "articles")):
            return None
        if number == 0 or abs(number) > 1000:
            return None
        return self._offset(number, name, after)

    def _named_unit(self, at: int, unit: str) -> _Point | None:
        """A unit with its name: "the year 2025", "the week of October 6", "the year after next"."""
        t = self.t
        if t.role(at + 1, "afters") and t.number(at + 2, "relatives") == 1:
            return self._relative_unit(2, unit, at + 3)
        here = at + 1
        for _ in range(3):
            if t.role(here, "fillers") or (
                unit == "week" and (t.role(here, "starting") or t.role(here, "ons"))
            ):
                here += 1
        if unit == "year" and (year := self._four_digits(here)) is not None:
            return self._whole_year(year), self._year_word(here + 1)
        if unit != "week" or here == at + 1 or not (t.word(here).isdigit() or t.role(here, "months")):
            return None
        point = self._point(here)
        if point is None or point[0].precision is not Precision.DAY or not point[0].dated:
            return None
        day = resolve(point[0], None, self.said_on, self.year)
        if day is None:
            return None
        return Moment(fixed=week_of(day[0]), precision=Precision.PART), point[1]

    def _offset(self, number: int, unit: str, after: int) -> _Point | None:
        """So many units on: a day for days and weeks, else only the month or year that it falls in."""
        match unit:
            case "day" | "week":
                day = self.said_on + _DAY * number * (7 if unit == "week" else 1)
                return Moment(fixed=(day, day), vague=unit == "week"), after
            case "month":
                first = self._months_on(number)
                return replace(self._month_moment(first.month, first.year, 0)[0], vague=True), after
            case "year":
                return replace(self._whole_year(self.said_on.year + number), vague=True), after
            case _:
                return None
