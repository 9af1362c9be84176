"""How dates are put together, in any language: from tokens to what was said, years not yet known."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from diffing._window_calendar import Moment, resolve, week_of, whole_year
from diffing._window_parts import ROMAN, Parts
from diffing._window_surroundings import DAY, Point, Tense
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
# Longer than a season is no start: "the year that began …".
_MANY_MONTHS = 4
_BESIDE = frozenset(",'’s")

# How far a length may stand from its start ("will start on 8 September in Minsk and last five days"): enough
# for an ordinary clause, and a bound that keeps the reading linear.
_REACH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """What tokens `first` to before `after` say: from `left` to `right` (None: `left` is all).

    `until`: only an end was said; `start_only`: only a start. `compared`: "as in 2024". `tense`: what the
    clause says of an expression whose year or week is open.
    """

    left: Moment
    right: Moment | None
    first: int
    after: int
    until: bool = False
    compared: bool = False
    start_only: bool = False
    tense: Tense | None = None


def read_expressions(
    tokens: Tokens, known: Lexicon, said_on: dt.date, year: int | None, *, stale: dt.timedelta | None
) -> list[Expression]:
    """All expressions, in order, not overlapping. Time is linear: each start looks ahead a bounded way."""
    return _Reader(tokens, known, said_on, year, stale=stale).read()


class _Reader(Parts):
    """Recursive descent over the tokens."""

    __slots__ = ()

    def read(self) -> list[Expression]:
        found: list[Expression] = []
        week: Expression | None = None
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
            for expression in read:
                if expression.left.floating:
                    settled = self._settled(expression, week)
                    if settled is not expression and found and self._adjoins(found[-1], expression):
                        found.pop()  # "next week, on Tuesday" is one day
                    found.append(settled)
                else:
                    found.append(self._told(expression))
                if _is_week(expression.left) and expression.right is None:
                    week = expression
            at = max(after, at + 1)
        return found

    def _settled(self, days: Expression, week: Expression | None) -> Expression:
        """Days by their names alone: of the week that the text spoke of, else of the week ahead or behind.

        "Next week … on Tuesday"; "on Tuesday the council approved", said on Friday, is past.
        """
        start = days.left.fixed
        if start is None:
            return days
        shift = dt.timedelta(0)
        if week is not None and week.left.fixed is not None and self._same_clause(week, days):
            shift = week.left.fixed[0] - week_of(start[0])[0]
            return replace(self._shifted(days, shift), start_only=self._opens(days))
        told = self._told(days)
        return self._shifted(told, -7 * DAY) if told.tense == "past" else told

    def _same_clause(self, week: Expression, days: Expression) -> bool:
        """True where no more than a few words, or a mere comma, stand between."""
        if self._adjoins(week, days):
            return True
        between = self.t.words[week.after : days.first]
        return len(between) <= _REACH // 2 and not any(self._ends_clause(word) for word in between)

    def _shifted(self, days: Expression, shift: dt.timedelta) -> Expression:
        right = days.right if days.right is None else _moved(days.right, shift)
        return replace(days, left=_moved(days.left, shift), right=right)

    def _adjoins(self, week: Expression, days: Expression) -> bool:
        """True where only a comma and prepositions stand between."""
        between = range(week.after, days.first)
        return _is_week(week.left) and all(
            self.t.words[at] in _BESIDE or self.t.role(at, "ons") or self.t.role(at, "froms")
            for at in between
        )

    def _told(self, expression: Expression) -> Expression:
        """The same with what its clause says of it: that only a start was said, that it took place."""
        left, right = expression.left, expression.right
        start_only = self._opens(expression)
        tense = None
        if left.open and (right is None or right.open) and not expression.until:
            days = left.precision is Precision.DAY
            tense = self._tense(expression.first, expression.after, days=days)
        if not start_only and tense is None:
            return expression
        return replace(expression, start_only=start_only, tense=tense)

    def _opens(self, expression: Expression) -> bool:
        """True where only a start was said: "from 1 September", "will start on 8 September"."""
        if expression.right is not None or expression.until:
            return False
        first = expression.first
        if self.t.role(first - 1, "articles"):
            first -= 1
        if self.t.role(first - 1, "ons") and self.t.role(first - 2, "starting"):
            return True
        if self.t.role(first - 1, "sinces"):
            return not self._verb_before(expression.first, "moves")
        return (
            not expression.compared
            and expression.left.months < _MANY_MONTHS
            and self._verb_beside(expression.first, expression.after, "begins")
        )

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
        if not moved and (several := self._more_days(alone)):
            return several, several[-1].after
        joint = self._joint(after)
        if joint is not None and (joint[0] == "dash" or not moved):
            range_ = self._range(alone, joint, between=before in self.words.betweens)
            if range_ is not None:
                return [range_], range_.after
        if not until:
            longer = self._length(alone) if left.precision is Precision.DAY else self._inner(alone)
            if longer is not None:
                return [longer], longer.after
        return [alone], after

    def _range(self, alone: Expression, joint: tuple[str, int], *, between: bool) -> Expression | None:
        """The expression with the other end, where what stands behind it is one."""
        ended = self._right_end(alone.left, alone.after, joint, between=between)
        if ended is None:
            return None
        right, after = ended
        return replace(alone, left=self._before_end(alone.left, right), right=right, after=after, until=False)

    def _more_days(self, alone: Expression) -> list[Expression]:
        """Days behind a month and its first day: "Sept 17, 18 and 20"; none unless there are two more."""
        t = self.t
        if alone.left.first is None or alone.left.year is not None or not self._day_said_last(alone.after):
            return []
        days = [(alone.left.first, alone.first, alone.after)]
        kind = "list"
        while kind == "list" and len(days) <= 31:
            joint = self._joint(days[-1][2], days=True)
            found = None if joint is None or joint[0] not in ("and", "list") else self._day(joint[1])
            if joint is None or found is None or found[0] <= days[-1][0] or t.unknown_word(found[1]):
                return []
            kind = joint[0]
            days.append((found[0], joint[1], found[1]))
        if len(days) <= 2 or kind != "and" or t.role(self._past_fillers(days[-1][2]), "months"):
            return []
        year, after = self._year_tail(days[-1][2])
        month = replace(alone.left, year=year)
        moments = [replace(month, first=day, last=day) for day, _, _ in days]
        if all(later == day + 1 for (day, _, _), (later, _, _) in pairwise(days)):
            return [replace(alone, left=moments[0], right=moments[-1], after=after)]
        return [
            replace(alone, left=moment, first=first, after=end)
            for moment, (_, first, end) in zip(moments, days, strict=True)
        ]

    def _before_end(self, left: Moment, right: Moment) -> Moment:
        """A day by its name is the last such day before the end: "Monday to Wednesday next week"."""
        if not left.floating or right.floating or left.fixed is None:
            return left
        end = resolve(right, None, self.said_on, self.year, stale=self.stale)
        if end is None:
            return left
        day = end[0] - DAY * ((end[0].weekday() - left.fixed[0].weekday()) % 7)
        return replace(left, fixed=(day, day), floating=False)

    def _inner(self, alone: Expression) -> Expression | None:
        """Days within a month that was said before them: "in September, from 8 to 12"."""
        left, t = alone.left, self.t
        if left.precision is not Precision.MONTH or left.months != 1 or left.fixed is not None:
            return None
        at = alone.after + 1 if t.word(alone.after) == "," else alone.after
        between = t.word(at) in self.words.betweens
        if not between and t.word(at) not in self.words.froms:
            return None
        first = self._day(at + 1)
        joint = None if first is None else self._joint(first[1], days=True)
        if first is None or joint is None or (joint[0] in ("and", "list") and not between):
            return None
        last = self._day(joint[1])
        if last is None or not first[0] < last[0] or t.unknown_word(last[1]):
            return None
        if t.role(self._past_fillers(last[1]), "months"):
            return None
        after = last[1] + 1 if t.role(last[1], "first_days") else last[1]
        days = [replace(left, first=day, last=day, precision=Precision.DAY) for day, _ in (first, last)]
        return replace(alone, left=days[0], right=days[1], after=after)

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
        return _after_start(left, moment), end

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
        dated = [(replace(m, month=last.month, year=last.year), a, b) for m, a, b in ends[:-1]] + ends[-1:]
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
        longer = self._length_after(alone)
        if longer is None and (days := self._length_beside(alone)) is not None:
            longer = self._prolonged(alone, days, alone.after)
        return longer

    def _length_beside(self, alone: Expression) -> int | None:
        """The days of what starts: "a five-day exercise will start on …"."""
        t = self.t
        begins = False
        days: int | None = None
        for at in chain(self._clause_before(alone.first), self._clause_after(alone.first, alone.after)):
            begins = begins or "begins" in t.roles[at]
            days = self.words.lengths.get(t.words[at], days)
            if t.hyphen(at) and (counted := self._count(at - 1)) is not None and counted[2] == at + 2:
                days = _in_days(counted[0], counted[1])
        return days if begins else None

    def _length_after(self, alone: Expression) -> Expression | None:
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
                days = _in_days(number, unit)
                return None if days is None else self._prolonged(alone, days, after)
            elif told and (point := self._point(at)) is not None:
                moment, after = point
                if moment.precision is not Precision.DAY or not moment.dated:
                    return None
                moment = _after_start(alone.left, moment)
                return replace(alone, left=self._before_end(alone.left, moment), right=moment, after=after)
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
        days = _in_days(number, unit)
        if self.t.number(after + 1, "relative_days") == 0 and not self.t.role(at - 1, "lasting"):
            return None  # "three days from now" is a day
        here = after
        if self.t.word(here) == ",":
            here += 1
        if self.t.role(here, "untils") or self.t.role(here, "connectors") or self._verb_before(at, "moves"):
            return None  # "lasts two days, until 8 September", "put off by two days, to 8 September"
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


def _is_week(moment: Moment) -> bool:
    """True for a week, Monday to Sunday."""
    if moment.fixed is None or moment.precision is not Precision.PART:
        return False
    return moment.fixed == week_of(moment.fixed[0])


def _moved(moment: Moment, by: dt.timedelta) -> Moment:
    """The same so much later; a date with a month stays."""
    if moment.fixed is None:
        return moment
    return replace(moment, fixed=(moment.fixed[0] + by, moment.fixed[1] + by), floating=False)


def _after_start(left: Moment, right: Moment) -> Moment:
    """A day by its name is the first such day after the start: "Monday next week to Friday"."""
    if right.weekday is None or not right.floating or left.fixed is None:
        return right
    day = left.fixed[1] + DAY * ((right.weekday - left.fixed[1].weekday() - 1) % 7 + 1)
    return replace(right, fixed=(day, day))


def _in_days(number: int, unit: str) -> int | None:
    """A length in days; None: its days are not known."""
    return {"day": number, "week": 7 * number}.get(unit)
