"""Stretches of the calendar as they are said, before and after the year is known."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass, replace
from typing import TypeAlias

from diffing.model import Precision

__all__ = [
    "STALE_PLAN",
    "STALE_QUESTION",
    "Bounds",
    "Moment",
    "add_months",
    "half_year_of",
    "month_of",
    "one_day",
    "quarter_of",
    "resolve",
    "week_of",
    "whole_month",
    "whole_season",
    "whole_year",
    "year_of",
]

Bounds: TypeAlias = tuple[dt.date, dt.date]
_DAY = dt.timedelta(days=1)

# "In the second half of October a training will be held", said on 30 January, is not last October, though
# that is nearer. A report of what began last month also says "will", so the recent past stays open.
STALE_PLAN = dt.timedelta(days=60)
# A text of nothing but a date asks for the coming one; but it may be a page's own date, some days old.
STALE_QUESTION = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One end of what was said.

    Either `fixed` (its days are known: "tomorrow", "next week"; `floating`: of the week ahead, unless the
    text says another), or `months` months from `month` on (0: the December before), of which only
    `first`..`last` day count where given. `month` None: a bare day, which waits for the other end. `year`
    None: not said. `weekday`: the day's name, where it was said.
    """

    month: int | None = None
    months: int = 1
    first: int | None = None
    last: int | None = None
    year: int | None = None
    precision: Precision = Precision.DAY
    vague: bool = False
    fixed: Bounds | None = None
    weekday: int | None = None
    floating: bool = False
    bare_year: bool = False

    @property
    def dated(self) -> bool:
        """False for a bare day or a bare part, which waits for its month."""
        return self.month is not None or self.fixed is not None

    @property
    def open(self) -> bool:
        """True while its year, or its week, is not known."""
        return self.floating or (self.fixed is None and self.year is None)

    def bounds(self, year: int) -> Bounds | None:
        """The days in that year; None: the calendar has no such day, or the month is not known."""
        if self.fixed is not None:
            return self.fixed
        if self.month is None:
            return None
        try:
            start_year, start_month = _carried(year, self.month)
            end_year, end_month = _carried(year, self.month + self.months - 1)
            length = monthrange(end_year, end_month)[1]
            # "21 to the end" is said as 21..31 of any month; a day that was named must exist.
            exact = self.first is not None and self.first == self.last
            last = length if self.last is None else self.last if exact else min(self.last, length)
            return dt.date(start_year, start_month, self.first or 1), dt.date(end_year, end_month, last)
        except (ValueError, OverflowError):
            return None


def one_day(day: dt.date, weekday: int | None = None) -> Moment:
    """A day that is known."""
    return Moment(fixed=(day, day), weekday=weekday)


def whole_month(month: int | None, year: int | None) -> Moment:
    """A month, 1 to 12."""
    return Moment(month=month, year=year, precision=Precision.MONTH)


def whole_season(start: int, year: int | None) -> Moment:
    """The season that begins in that month; winter in month 0."""
    return Moment(month=start, months=3, year=year, precision=Precision.SEASON)


def quarter_of(number: int, year: int | None) -> Moment | None:
    """A quarter, 1 to 4; None: there is no such."""
    if not 1 <= number <= 4:
        return None
    return Moment(month=3 * number - 2, months=3, year=year, precision=Precision.SEASON)


def half_year_of(number: int, year: int | None) -> Moment | None:
    """A half year, 1 or 2; None: there is no such."""
    if not 1 <= number <= 2:
        return None
    return Moment(month=6 * number - 5, months=6, year=year, precision=Precision.YEAR)


def whole_year(year: int) -> Moment:
    """A year that was named on its own."""
    return Moment(month=1, months=12, year=year, precision=Precision.YEAR, bare_year=True)


def resolve(
    left: Moment,
    right: Moment | None,
    said_on: dt.date,
    year: int | None,
    *,
    stale: dt.timedelta | None = None,
    reported: bool = False,
) -> Bounds | None:
    """First and last day; None: no such days, or they end before they start.

    A missing year is taken from the other end, else from `year`, else it is the one that puts the
    window nearest to `said_on` (0 days where it lies inside; a tie goes to the future). No window is taken
    that was over more than `stale` before `said_on`; where the text reports what took place (`reported`),
    none that had not begun.
    """
    if right is None:
        return _nearest(left, None, said_on, year, stale=stale, reported=reported)
    if not left.dated:
        if right.fixed is not None:
            return None
        left = replace(left, month=right.month, year=left.year if right.year is None else right.year)
    if not right.dated:
        if left.fixed is not None or left.month is None:
            return None
        later = (left.first or 1) > (right.last or 31)
        month = left.month % 12 + 1 if later else left.month
        right = replace(right, month=month)
    return _nearest(left, right, said_on, year, stale=stale, reported=reported)


def _nearest(
    left: Moment,
    right: Moment | None,
    said_on: dt.date,
    year: int | None,
    *,
    stale: dt.timedelta | None,
    reported: bool,
) -> Bounds | None:
    years: tuple[int, ...]
    if left.fixed is not None:
        years = (left.fixed[0].year,)
    elif left.year is not None:
        years = (left.year,)
    elif right is not None and (right.year is not None or right.fixed is not None):
        last = right.year if right.fixed is None else right.fixed[1].year
        years = (last, last - 1) if last is not None else ()
    elif year is not None:
        years = (year,)
    elif left.month == 2 and left.first == 29:
        years = tuple(range(said_on.year - 7, said_on.year + 8))
    else:
        years = (said_on.year - 1, said_on.year, said_on.year + 1)
    open_year = len(years) > 2
    found = [bounds for y in years if (bounds := _between(left, right, y)) is not None]
    if right is not None and left.year is None and left.fixed is None and len(years) == 2:
        return found[0] if found else None
    if left.weekday is not None and open_year:
        # "Friday, 18 July": the name of the day tells the year, unless the author erred.
        found = [bounds for bounds in found if bounds[0].weekday() == left.weekday] or found
    if reported and open_year:
        found = [bounds for bounds in found if bounds[0] <= said_on]
    elif stale is not None and open_year:
        found = [bounds for bounds in found if said_on - bounds[1] <= stale]
    return min(found, key=lambda bounds: _distance(bounds, said_on), default=None)


def _between(left: Moment, right: Moment | None, year: int) -> Bounds | None:
    start = left.bounds(year)
    if start is None or right is None:
        return start
    if right.fixed is not None:
        candidates: tuple[int, ...] = (year,)
    elif right.year is not None:
        candidates = (right.year,)
    else:
        candidates = (start[0].year, start[0].year + 1)
    for candidate in candidates:
        end = right.bounds(candidate)
        if end is not None and start[0] <= end[0] and start[0] <= end[1]:
            return start[0], end[1]
    return None


def _distance(bounds: Bounds, said_on: dt.date) -> tuple[int, int]:
    start, end = bounds
    if start > said_on:
        return (start - said_on).days, 0
    return max((said_on - end).days, 0), 1


def _carried(year: int, month: int) -> tuple[int, int]:
    return year + (month - 1) // 12, (month - 1) % 12 + 1


def add_months(day: dt.date, months: int) -> dt.date:
    """The first day of the month that many months on. Raises ValueError outside of the calendar."""
    year, month = _carried(day.year, day.month + months)
    return dt.date(year, month, 1)


def month_of(day: dt.date, months: int = 1) -> Bounds:
    """That many whole months from the one of `day` on."""
    return day.replace(day=1), add_months(day, months) - _DAY


def year_of(year: int, years: int = 1) -> Bounds:
    """That many whole years from `year` on."""
    return dt.date(year, 1, 1), dt.date(year + years - 1, 12, 31)


def week_of(day: dt.date, weeks: int = 1) -> Bounds:
    """That many whole weeks, Monday to Sunday, from the one of `day` on."""
    monday = day - _DAY * day.weekday()
    return monday, monday + _DAY * (7 * weeks - 1)
