"""A date that hangs on the day it was said: tomorrow, Tuesday, next week, in two weeks."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from diffing._window_calendar import (
    Moment,
    month_of,
    one_day,
    quarter_of,
    resolve,
    week_of,
    whole_month,
    whole_season,
    whole_year,
    year_of,
)
from diffing._window_months import Months
from diffing._window_surroundings import DAY, Point, ended
from diffing.model import Precision

__all__ = ["Relatives"]

# "12 next months" counts months, "23 next month" is a day of one.
_MOST_MONTHS = 12


class Relatives(Months):
    """Reads what lies so and so to the day it was said."""

    __slots__ = ()

    def _relative_day(self, at: int, *, joined: bool) -> Point | None:
        t = self.t
        if t.word(at) in self.words.weak and not joined and not self._has_cue(at, at + 1):
            return None
        day = self.said_on + DAY * (t.number(at, "relative_days") or 0)
        return self._explicit(at + 1) or (Moment(fixed=(day, day)), at + 1)

    def _explicit(self, at: int) -> Point | None:
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

    def _weekday(self, at: int, *, joined: bool) -> Point | None:
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
            monday = week_of(self.said_on)[0] + DAY * 7 * (t.number(here, "relatives") or 0)
            return one_day(monday + DAY * weekday, weekday), here + 2
        if (following := self._after_next(at + 1)) is not None:
            return one_day(self._coming(weekday) + DAY * 7, weekday), following
        return replace(one_day(self._coming(weekday), weekday), floating=True), at + 1

    def _coming(self, weekday: int) -> dt.date:
        return self.said_on + DAY * ((weekday - self.said_on.weekday() - 1) % 7 + 1)

    def _relative(self, at: int) -> Point | None:
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
            whole = whole_month(month, None)
            return replace(whole, year=year or self._relative_year(whole, relative)), after
        if (season := t.number(here, "seasons")) is not None:
            year, after = self._year_tail(here + 1)
            whole = whole_season(season, None)
            return replace(whole, year=year or self._relative_year(whole, relative)), after
        if (weekday := t.number(here, "weekdays")) is not None:
            explicit = self._explicit(here + 1)
            if explicit is not None:
                return explicit
            day = self._coming(weekday)
            if relative == 1:
                day = week_of(self.said_on)[0] + DAY * (7 + weekday)
            elif relative == -1:
                day = self.said_on - DAY * ((self.said_on.weekday() - weekday - 1) % 7 + 1)
            return one_day(day, weekday), here + 1
        counted = self._count(here)
        if counted is None or relative == 0 or not self._opens_a_period(at):
            return None
        return self._following(relative * counted[0], counted[1], counted[2])

    def _opens_a_period(self, at: int) -> bool:
        """False for the verb: "will last two weeks"."""
        if not self.t.role(at, "lasting"):
            return True
        return at == 0 or self.t.role(at - 1, "articles") is not None

    def _relative_unit(self, relative: int, unit: str, after: int) -> Point | None:
        match unit:
            case "week":
                days = week_of(self.said_on + DAY * 7 * relative)
                return Moment(fixed=days, precision=Precision.PART), after
            case "month":
                first = self._months_on(relative)
                return whole_month(first.month, first.year), after
            case "quarter":
                first = self._months_on(3 * relative)
                return ended(quarter_of((first.month + 2) // 3, first.year), after)
            case "year":
                return whole_year(self.said_on.year + relative), after
            case _:
                return None

    def _following(self, count: int, unit: str, after: int) -> Point | None:
        """So many whole units after this one (before it, where `count` is negative)."""
        said, size = self.said_on, abs(count)
        back = count < 0
        if not 0 < size <= 1000:
            return None
        match unit:
            case "day":
                days = (said - DAY * size, said - DAY) if back else (said + DAY, said + DAY * size)
                return Moment(fixed=days), after
            case "week":
                weeks = week_of(said - DAY * 7 * size if back else said + DAY * 7, size)
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
        here = at + 2 if t.hyphen(at + 1) else at + 1
        unit = t.role(here, "units")
        if unit is None:
            return None
        word = t.word(at)
        if word.isdigit() and word.isascii() and len(word) <= 3 and not self._part_of_number(at):
            number = int(word)
        elif (cardinal := t.number(at, "cardinals")) is not None:
            number = cardinal
        else:
            return None
        return number, str(unit), here + 1

    def _counted_weekday(self, number: int, weekday: int, after: int) -> Point | None:
        """The third Friday from here: "3 Fridays from now", "two Mondays ago"."""
        t = self.t
        if t.role(after, "ago"):
            last = self._coming(weekday) - DAY * (14 if weekday == self.said_on.weekday() else 7)
            return one_day(last - DAY * 7 * (number - 1), weekday), after + 1
        if t.role(after, "froms") and t.number(after + 1, "relative_days") == 0:
            return one_day(self._coming(weekday) + DAY * 7 * (number - 1), weekday), after + 2
        return None

    def _in_or_ago(self, at: int, *, joined: bool = False) -> Point | None:
        """A distance: "(in) two weeks", "a week ago", "(через) неделю", "day after tomorrow"."""
        t = self.t
        unit = t.role(at, "units")
        if unit == "day" and (offset := t.number(at + 2, "relative_days")):
            step = 1 if offset > 0 and t.role(at + 1, "afters") else 0
            step = -1 if offset < 0 and t.role(at + 1, "untils") else step
            if step:
                day = self.said_on + DAY * (offset + step)
                return self._explicit(at + 3) or (Moment(fixed=(day, day)), at + 3)
        if unit is not None and (named := self._named_unit(at, str(unit))) is not None:
            return named
        counted = (1, str(unit), at + 1) if unit is not None else self._count(at)
        if counted is None:
            if (number := self._small(at)) is None and (number := t.number(at, "cardinals")) is None:
                return None
            weekday = t.number(at + 1, "weekday_plurals")
            if weekday is None:
                weekday = t.number(at + 1, "weekdays")
            if weekday is not None:
                return self._counted_weekday(number, weekday, at + 2)
            if not t.number(at + 1, "relatives") or (unit := t.role(at + 2, "units")) is None:
                return None
            if joined or (unit == "month" and number > _MOST_MONTHS):
                return None  # "4 to 23 next month" ends on a day
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
        elif (
            t.role(after, "afters")
            or not t.role(at - 1, "ahead")
            or (t.role(after, "fillers") and not t.role(after, "articles"))
        ):
            return None
        if number == 0 or abs(number) > 1000:
            return None
        return self._offset(number, name, after)

    def _named_unit(self, at: int, unit: str) -> Point | None:
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
            return whole_year(year), self._year_word(here + 1)
        if unit != "week" or here == at + 1 or not (t.word(here).isdigit() or t.role(here, "months")):
            return None
        point = self._point(here)
        if point is None or point[0].precision is not Precision.DAY or not point[0].dated:
            return None
        day = resolve(point[0], None, self.said_on, self.year, stale=self.stale)
        if day is None:
            return None
        return Moment(fixed=week_of(day[0]), precision=Precision.PART), point[1]

    def _offset(self, number: int, unit: str, after: int) -> Point | None:
        """So many units on: a day for days and weeks, else only the month or year that it falls in."""
        match unit:
            case "day" | "week":
                day = self.said_on + DAY * number * (7 if unit == "week" else 1)
                return Moment(fixed=(day, day), vague=unit == "week"), after
            case "month":
                first = self._months_on(number)
                return replace(whole_month(first.month, first.year), vague=True), after
            case "year":
                return replace(whole_year(self.said_on.year + number), vague=True), after
            case _:
                return None
