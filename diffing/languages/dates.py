"""The words of a language that dates are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["DateWords", "listed", "numbered", "ordered"]

_Numbers = Mapping[str, int]
_Words = frozenset[str]


def listed(words: str) -> frozenset[str]:
    """The words of a line, as a set."""
    return frozenset(words.split())


def ordered(words: str) -> tuple[str, ...]:
    """The words of a line, in their order."""
    return tuple(words.split())


def numbered(table: Mapping[int, str]) -> dict[str, int]:
    """Every word of a table of lines, with the number of its line."""
    return {word: number for number, words in table.items() for word in words.split()}


@dataclass(frozen=True, slots=True, kw_only=True)
class DateWords:
    """Every word that the reader of windows knows, in lower case with `ё` written `е`, all case forms.

    Named things: `months` 1-12, `weekdays` 0 (Monday) to 6, `seasons` by their first month (winter 0:
    the December before), `relative_days` and `relatives` (this 0, next 1, last -1) as offsets, `units`
    ("day", "week", "month", "quarter", "year"), `ordinals`, `tens` (that an ordinal may follow) and
    `cardinals` by value.

    Parts: `parts` early 0, middle 1, late 2; `halves`, `decades` (ten days), `first_days` ("the first
    days of"), `half_years`, and the one-letter marks `quarter_marks` ("Q3") and `half_marks` ("H1").

    Joints: `connectors` stand between two ends of a range, `conjunctions` between two days, and between
    two ends after one of `betweens`. `froms`, `untils`, `afters` (what follows is no window), `moves`
    ("moved from A to B" is no range), `ons` (words before a numeric date), `ahead` ("in two weeks"),
    `ago`, `hence`, `later`, `earlier`, `begins`, `lasting` and `ending` (verbs, and words before a length),
    `starting`, `glue` (what may stand between a start and its length), `fillers` (of, the), `articles`.

    Years: `year_words` follow a year, `year_cues` before a bare year make it a window, `year_range_cues`
    the same for "2024-2026", `year_links` join a year to its month, `this_year` are abbreviations in
    pieces ("с", "г"), `comparisons` ("as in 2024") keep a year from dating the rest of its sentence,
    `plans` say that what follows is still to come.

    `weak` words are dates only beside another piece of a date or after one of the words listed.
    `month_first`: "May 5" is a day. `slash_month_first`: 8/10 is the tenth of August.
    """

    months: _Numbers = field(repr=False)
    weekdays: _Numbers = field(repr=False)
    seasons: _Numbers
    relative_days: _Numbers
    relatives: _Numbers = field(repr=False)
    units: Mapping[str, str] = field(repr=False)
    ordinals: _Numbers = field(repr=False)
    tens: _Numbers
    cardinals: _Numbers = field(repr=False)
    ordinal_suffixes: _Words
    parts: _Numbers
    halves: _Words
    decades: _Words
    first_days: _Words
    half_years: _Words
    quarter_marks: _Words
    half_marks: _Words
    connectors: _Words
    conjunctions: _Words
    betweens: _Words
    froms: _Words
    untils: _Words
    afters: _Words
    moves: _Words = field(repr=False)
    ons: _Words
    ahead: _Words
    ago: _Words
    hence: _Words
    later: _Words
    earlier: _Words
    begins: _Words = field(repr=False)
    lasting: _Words
    ending: _Words
    starting: _Words
    glue: _Words
    fillers: _Words
    articles: _Words
    year_words: _Words
    year_cues: _Words
    year_range_cues: _Words
    year_links: _Words
    this_year: frozenset[tuple[str, ...]]
    plans: _Words = field(repr=False)
    comparisons: _Words
    weak: Mapping[str, frozenset[str]] = field(repr=False)
    month_first: bool
    slash_month_first: bool
