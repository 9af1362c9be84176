"""A part of a month, season, year or week: its first half, second ten days, middle, last Friday."""

from __future__ import annotations

from dataclasses import replace

from diffing._window_calendar import (
    Moment,
    half_year_of,
    month_of,
    quarter_of,
    resolve,
    week_of,
    whole_month,
    whole_season,
    whole_year,
    year_of,
)
from diffing._window_relatives import Relatives
from diffing._window_surroundings import DAY, Point, ended
from diffing.model import Precision

__all__ = ["ROMAN", "Parts"]

ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_MOST_PARTS = 12
_THIRDS = ((1, 10), (11, 20), (21, 31))
_HALVES = ((1, 15), (16, 31))


class Parts(Relatives):
    """Reads parts, and at any token whatever single end stands there."""

    __slots__ = ()

    def _point(self, at: int, *, joined: bool = False) -> Point | None:
        """One end at this token. `joined`: after a joint, where a bare month or year needs no cue."""
        t = self.t
        if not 0 <= at < t.count:
            return None
        roles = t.roles[at]
        digit = t.words[at].isdigit()
        if not digit and not roles and t.words[at] not in ROMAN:
            return None
        if digit:
            return (
                self._numeric(at, joined=joined)
                or self._ordinal_part(at)
                or self._in_or_ago(at, joined=joined)
                or self._day_and_month(at)
                or self._year(at, joined=joined)
            )
        found: Point | None = None
        if "parts" in roles:
            found = self._part(at)
        if found is None and ("later" in roles or "earlier" in roles):
            found = self._rest(at)
        if found is None and ("ordinals" in roles or "relatives" in roles or t.words[at] in ROMAN):
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
            return whole_year(self.said_on.year), self._this_year(at)
        return found

    def _part(self, at: int) -> Point | None:
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

    def _third(self, span: Point, part: int) -> Point | None:
        whole, after = span
        if whole.fixed is not None:
            monday, sunday = whole.fixed
            if sunday - monday != DAY * 6:
                return None
            first, last = ((0, 2), (2, 4), (4, 6))[part]
            return replace(whole, fixed=(monday + DAY * first, monday + DAY * last), vague=True), after
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

    def _span(self, at: int) -> Point | None:
        """What a part can be of: a month, a season, a year, this week, the month."""
        t = self.t
        if t.role(at, "months"):
            year, after = self._year_tail(self._past_dot(at))
            return (whole_month(t.number(at, "months"), year), after)
        if t.role(at, "seasons") is not None:
            year, after = self._year_tail(at + 1)
            return (whole_season(t.number(at, "seasons") or 0, year), after)
        if t.role(at, "relatives") is not None:
            return self._relative(at)
        if (year := self._four_digits(at)) is not None:
            return whole_year(year), self._year_word(at + 1)
        if after := self._this_year(at):
            return whole_year(self.said_on.year), after
        unit = t.role(at, "units")
        if unit == "month":
            return whole_month(self.said_on.month, self.said_on.year), at + 1
        if unit == "year":
            return whole_year(self.said_on.year), at + 1
        if unit == "week":
            return Moment(fixed=week_of(self.said_on), precision=Precision.PART), at + 1
        return None

    def _rest(self, at: int) -> Point | None:
        """What is left or gone: "later this year", "later in the month", "earlier this week"."""
        t = self.t
        later = t.role(at, "later") is not None
        here = at + 1
        for _ in range(2):
            if t.role(here, "ahead") or t.role(here, "fillers") or t.role(here, "year_links"):
                here += 1
        relative = t.number(here, "relatives")
        if relative not in (0, None):
            span = self._relative(here)
            return None if span is None else self._third(span, 2 if later else 0)
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
        days = (self.said_on, whole[1]) if later else (whole[0], max(whole[0], self.said_on - DAY))
        return Moment(fixed=days, precision=precision, vague=True), after

    def _ordinal_part(self, at: int) -> Point | None:
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
            return ended(half_year_of(2 if number == -1 else number, year), after)
        unit = t.role(here, "units")
        if unit == "month":
            if here == at + 1 and t.word(at).isdigit():
                return None  # "9 месяцев года" counts
            span = self._span(self._past_fillers(here + 1))
            if span is None or span[0].months != 12 or not 1 <= number <= 12:
                return None
            return whole_month(number, span[0].year), span[1]
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
        """1 to 12, or -1 for the last."""
        t = self.t
        word = t.word(at)
        if word in ROMAN:
            return ROMAN[word], at + 1
        if t.number(at, "relatives") == -1:
            return -1, at + 1
        found = self._day(at)
        return found if found is not None and found[0] <= _MOST_PARTS else None

    def _half(self, span: Point, number: int) -> Point | None:
        whole, after = span
        half = 0 if number == 1 else 1
        if whole.months == 12:
            return ended(half_year_of(half + 1, whole.year), after)
        if whole.months != 1 or whole.month is None or whole.fixed is not None:
            return None
        first, last = _HALVES[half]
        return replace(whole, first=first, last=last, precision=Precision.PART), after

    def _ordinal_quarter(self, number: int, at: int) -> Point | None:
        year, after = self._year_tail(at)
        if year is None:
            span = self._span(self._past_fillers(at))
            if span is not None and span[0].bare_year:
                year, after = span[0].year, span[1]
        if number == -1:
            return None if year is None else ended(quarter_of(4, year), after)
        return ended(quarter_of(number, year), after)

    def _ordinal_week(self, number: int, at: int) -> Point | None:
        """A week of a month or year: it belongs where its Thursday lies, as in ISO 8601."""
        span = self._span(at)
        if span is None or span[0].month is None or span[0].months not in (1, 12):
            return None
        whole, after = span
        bounds = resolve(whole, None, self.said_on, self.year, stale=self.stale)
        if bounds is None:
            return None
        if number == -1:
            thursday = bounds[1] - DAY * ((bounds[1].weekday() - 3) % 7)
        else:
            thursday = bounds[0] + DAY * ((3 - bounds[0].weekday()) % 7 + 7 * (number - 1))
        if not bounds[0] <= thursday <= bounds[1]:
            return None
        return Moment(fixed=week_of(thursday), precision=Precision.PART, vague=True), after

    def _ordinal_weekday(self, number: int, weekday: int, at: int) -> Point | None:
        """A day of a month by its name: "last Friday of October"."""
        here = self._past_fillers(at + 1 if self.t.role(at, "ahead") else at)
        span = None if here == at else self._span(here)
        if span is None or span[0].months != 1 or span[0].month is None:
            return None
        bounds = resolve(span[0], None, self.said_on, self.year, stale=self.stale)
        if bounds is None:
            return None
        if number == -1:
            day = bounds[1] - DAY * ((bounds[1].weekday() - weekday) % 7)
        else:
            day = bounds[0] + DAY * ((weekday - bounds[0].weekday()) % 7 + 7 * (number - 1))
        return (Moment(fixed=(day, day)), span[1]) if bounds[0] <= day <= bounds[1] else None
