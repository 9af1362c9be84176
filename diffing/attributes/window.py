"""The kind of fact `window`: when the event is held."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from diffing.attributes.base import Effect, Kind, always
from diffing.model import Attribute, ChangeKind, Fact, Precision, Shift, Status, Window

__all__ = ["WINDOW", "moved", "moved_to"]

# A window stated to the day that holds the known one with room on both sides and lasts at least so
# many times as long is the outer period of an exercise, not its dates moved.
_OUTER_PERIOD = 3


def _effect(old: Fact, new: Fact, status: Sequence[Fact]) -> Effect:
    before, now = old.value, new.value
    if isinstance(before, Shift) or isinstance(now, Shift):
        return Effect.SAME  # what it comes to is not worked out here
    if not isinstance(before, Window) or not isinstance(now, Window):
        raise TypeError(before, now)
    if before.start == now.start and before.end == now.end:
        return Effect.SAME
    if not before.overlaps(now):
        return Effect.SAME if _beside(before, now, status) else Effect.OTHER
    if new.shift and new.shift.to and moved_to(before, new.shift) == now:
        return Effect.OTHER  # "two days later than planned", though it ends as planned
    if before.contains(now):
        # A single day of dates known to the day is one day of the event (its opening, its last day).
        one_of_its_days = before.precision is Precision.DAY and now.start == now.end
        return Effect.SAME if one_of_its_days or now.precision.rank > before.precision.rank else Effect.FINER
    if now.precision.rank > before.precision.rank:
        return Effect.SAME
    if old.vague and not new.vague and now.precision.rank < before.precision.rank:
        return Effect.FINER
    if old.vague or new.vague:
        return Effect.SAME
    if now.contains(before):
        return _wider(before, now)
    return Effect.OTHER


def _wider(before: Window, now: Window) -> Effect:
    """What a window does that holds the known one and is stated as exactly."""
    if now.precision is not Precision.DAY:
        return Effect.SAME
    if before.start == before.end:
        return Effect.FULLER
    outer = now.start < before.start and before.end < now.end
    days = ((before.end - before.start).days + 1, (now.end - now.start).days + 1)
    return Effect.SAME if outer and days[1] >= _OUTER_PERIOD * days[0] else Effect.OTHER


def _beside(before: Window, now: Window, status: Sequence[Fact]) -> bool:
    """A report of one day (opened, ended) that touches dates known to the day moves nothing."""
    if not any(fact.value in {Status.UNDER_WAY, Status.HELD} for fact in status):
        return False
    exact = before.precision is Precision.DAY and before.start < before.end
    day = dt.timedelta(days=1)
    return exact and now.start == now.end and now.start in {before.start - day, before.end + day}


def moved(window: Window, shift: Shift) -> Window | None:
    """The window that the shift makes of this one; None: not known to the day, or nothing sensible is left.

    >>> day = Window(start=dt.date(2027, 5, 24), end=dt.date(2027, 5, 29), precision=Precision.DAY)
    >>> moved(day, Shift(until=dt.date(2027, 6, 5))).end
    datetime.date(2027, 6, 5)
    """
    exact = window.precision is Precision.DAY
    start, end = window.start, window.end
    if shift.until is not None:
        return replace(window, end=shift.until) if exact and start < shift.until else None
    if shift.months:
        return _months_on(window, shift.months)
    start, end = start + dt.timedelta(days=shift.start), end + dt.timedelta(days=shift.end)
    return replace(window, start=start, end=end) if exact and shift != Shift() and start <= end else None


def moved_to(window: Window, shift: Shift) -> Window | None:
    """The days that a statement means which says both by how much the event moves and from when on.

    Where it has only the first day, all days that stand move with it; an empty shift is to any later day.
    None: what stands does not lead to what is said, so that other dates were moved.

    >>> day = Window(start=dt.date(2027, 5, 24), end=dt.date(2027, 5, 29), precision=Precision.DAY)
    >>> first = Window(start=dt.date(2027, 5, 26), end=dt.date(2027, 5, 26), precision=Precision.DAY)
    >>> moved_to(day, Shift(start=2, end=2, to=first)).end
    datetime.date(2027, 5, 31)
    """
    to = shift.to
    if to is None or window.precision is not Precision.DAY:
        return None
    days = (to.start - window.start).days
    if shift.start or shift.months:
        by_shift = moved(window, shift)
        if by_shift is None or by_shift.start != to.start:
            return None
    elif days <= 0:
        return None
    if to.start < to.end:
        return to
    return moved(window, Shift(start=days, end=days))


def _months_on(window: Window, months: int) -> Window | None:
    """The window some months later, where it is known by its days or its months."""
    if window.precision not in {Precision.DAY, Precision.MONTH}:
        return None
    start, end = _month_on(window.start, months), _month_on(window.end, months)
    if window.precision is Precision.MONTH:
        end = end.replace(day=calendar.monthrange(end.year, end.month)[1])
    return replace(window, start=start, end=end)


def _month_on(day: dt.date, months: int) -> dt.date:
    """That day some months later, or the last day of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


_change = always(ChangeKind.RESCHEDULED, ChangeKind.REFINED)


WINDOW = Kind(attribute=Attribute.WINDOW, effect=_effect, change=_change)
