"""Reads every expression of time in a statement as a window of days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from diffing._window_calendar import STALE_PLAN, STALE_QUESTION, Moment, resolve
from diffing._window_grammar import Expression, read_expressions
from diffing._window_tokens import Tokens, folded_for_dates, lexicon, may_say_a_date
from diffing.model import Precision, Window

__all__ = ["WindowMention", "read_windows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowMention:
    """A window and the words that say it: `text` is the text from `start` to `end`.

    Prepositions stay outside ("17 to 20 March" of "from 17 to 20 March"). `vague`: the bounds are the
    reader's convention ("mid-October"). `kind` "until": only an end was said ("until 29 August"), the
    window is that day (or that month, where no day was said). `start_only`: the same with a start ("from
    1 September", "will begin on 8 September"); its `kind` stays "closed".
    """

    start: int
    end: int
    text: str
    window: Window
    vague: bool = False
    kind: Literal["closed", "until"] = "closed"
    start_only: bool = False


def read_windows(
    text: str, said_on: dt.date, language: str, year: int | None = None
) -> tuple[WindowMention, ...]:
    """All windows that the text speaks of, in its order, not overlapping.

    An expression without a year takes `year`, else the one year that the text itself names, if it is near
    ("In 2026 … in September"), else the year that puts it nearest to `said_on`: a tie goes to the future,
    a text of plans ("will be held") names nothing that was over two months before, one of nothing but a
    date nothing two weeks before, and a clause that reports ("took place") nothing that had not begun.
    Deictic words ("this year", "tomorrow") hang on `said_on` alone. Raises ValueError for a language not
    read here.

    >>> [m.text for m in read_windows("From 17 to 20 March 2025", dt.date(2025, 3, 1), "en")]
    ['17 to 20 March 2025']
    """
    known = lexicon(language)
    folded = folded_for_dates(text)
    if not may_say_a_date(folded, known):
        return ()
    tokens = Tokens(text, folded, known)
    stale = None
    if tokens.speak_of_plans(known.words):
        stale = STALE_PLAN
    elif tokens.only_dates(known):
        stale = STALE_QUESTION
    try:
        expressions = read_expressions(tokens, known, said_on, year, stale=stale)
    except (ValueError, OverflowError):
        # Only a day beyond the years 1 to 9999 gets here ("in 999 years" said in 9998).
        return ()
    spoken_of = year if year is not None else _year_spoken_of(expressions, said_on)
    found = []
    for expression in expressions:
        bounds = resolve(
            expression.left,
            expression.right,
            said_on,
            spoken_of,
            stale=STALE_PLAN if expression.tense == "coming" else stale,
            reported=expression.tense == "past",
        )
        if bounds is None:
            continue
        start, end = tokens.starts[expression.first], tokens.ends[expression.after - 1]
        window = Window(start=bounds[0], end=bounds[1], precision=_precision(expression))
        found.append(
            WindowMention(
                start=start,
                end=end,
                text=text[start:end],
                window=window,
                vague=any(moment.vague for moment in _ends(expression)),
                kind="until" if expression.until else "closed",
                start_only=expression.start_only,
            )
        )
    return tuple(found)


def _ends(expression: Expression) -> tuple[Moment, ...]:
    return (expression.left,) if expression.right is None else (expression.left, expression.right)


def _precision(expression: Expression) -> Precision:
    if expression.right is None:
        return expression.left.precision
    return max((moment.precision for moment in _ends(expression)), key=lambda precision: precision.rank)


def _year_spoken_of(expressions: Iterable[Expression], said_on: dt.date) -> int | None:
    """The year that stands in the text on its own, where there is just one and it is not compared with.

    Only the year it was said, or one beside it: "cases of 2006" and "by 2030" date nothing around them.
    """
    years = {
        e.left.year
        for e in expressions
        if e.left.bare_year and e.right is None and not (e.compared or e.until or e.left.vague)
    }
    only = years.pop() if len(years) == 1 else None
    return only if only is not None and abs(only - said_on.year) <= 1 else None
