"""How dates are put together, in any language: from tokens to what was said, years not yet known."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from itertools import pairwise

from diffing._window_calendar import Moment, whole_year
from diffing._window_parts import ROMAN, Parts
from diffing._window_surroundings import DAY, Point
from diffing._window_tokens import Lexicon, Tokens
from diffing.model import Precision

__all__ = ["Expression", "read_expressions"]

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
# How far a length may stand from its start ("will start on 8 September in Minsk and last five days"): enough
# for an ordinary clause, and a bound that keeps the reading linear.
_REACH = 12


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


class _Reader(Parts):
    """Recursive descent over the tokens."""

    __slots__ = ()

    def read(self) -> list[Expression]:
        found: list[Expression] = []
        t = self.t
        at = 0
        while at < t.count:
            word, roles = t.words[at], t.roles[at]
            if not roles and not word[0].isdigit() and word not in ROMAN:
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

    def _right_end(self, left: Moment, after: int, joint: tuple[str, int], *, between: bool) -> Point | None:
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
            day = left.fixed[1] + DAY * ((moment.weekday - left.fixed[1].weekday() - 1) % 7 + 1)
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
            end = left.fixed[0] + DAY * (days - 1)
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
        ends = [whole_year(year) for year in (first, last)]
        return [Expression(left=ends[0], right=ends[1], first=at, after=after)], after
