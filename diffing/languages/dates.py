"""The words of a language that dates are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["DateWords", "listed", "numbered", "ordered"]

_Numbers = Mapping[str, int]
_Words = frozenset[str]
_NONE: _Words = frozenset()


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

    What a language does not say has no word, so all but the months may be left out.

    Named things: `months` 1-12, `weekdays` 0 (Monday) to 6 and `weekday_plurals` (days only where counted:
    "three Fridays ago"), `seasons` by their first month (winter 0: the December before), `relative_days`
    and `relatives` (this 0, next 1, last -1) as offsets, `units` ("day", "week", "month", "quarter",
    "year"), `ordinals`, `tens` (that an ordinal may follow) and `cardinals` by value.

    Parts: `parts` early 0, middle 1, late 2; `halves`, `decades` (ten days), `first_days` ("the first
    days of"), `half_years`, and the one-letter marks `quarter_marks` ("Q3") and `half_marks` ("H1").

    Joints: `connectors` stand between two ends of a range, `conjunctions` between two days, and between
    two ends after one of `betweens`; `night_connectors` only after one of `nights` ("в ночь с 5 на 6 мая").
    `froms`, `sinces` (only a start follows where no end does), `untils`, `afters` (what follows is no
    window), `moves` ("moved from A to B" is no range), `ons` (words before a numeric date), `ahead` ("in two
    weeks"), `ago`, `hence`, `later`, `earlier`, `begins`, `lasting` and `ending` (verbs, and words before a
    length), `starting`, `glue` (what may stand between a start and its length), `fillers` (of, the),
    `articles`, `lengths` ("пятидневное") in days, `day_cues` (before a day alone: "on the 15th").

    Years: `year_words` follow a year, `year_cues` before a bare year make it a window, `year_range_cues`
    the same for "2024-2026", `year_links` join a year to its month, `this_year` are abbreviations in
    pieces ("с", "г"), `comparisons` ("as in 2024") keep a year from dating the rest of its sentence.

    Tense: `plans` say that what follows is still to come, unless one of `bygones` stands before; `reports`
    that what stands in their clause is over or under way (`decisions` so of days alone: the plan for November
    may have been approved in July), unless one of `passives` stands before ("is
    held"), and that it is to come after one of `infinitives` ("to be held"); `breaks` begin another clause;
    `followers` may stand behind a date, where a noun would make a count of it.

    `weak` words are dates only beside another piece of a date or after one of the words listed.
    `month_first`: "May 5" is a day. `slash_month_first`: 8/10 is the tenth of August.
    """

    months: _Numbers = field(repr=False)
    weekdays: _Numbers = field(default_factory=dict, repr=False)
    weekday_plurals: _Numbers = field(default_factory=dict)
    seasons: _Numbers = field(default_factory=dict)
    relative_days: _Numbers = field(default_factory=dict)
    relatives: _Numbers = field(default_factory=dict, repr=False)
    units: Mapping[str, str] = field(default_factory=dict, repr=False)
    ordinals: _Numbers = field(default_factory=dict, repr=False)
    tens: _Numbers = field(default_factory=dict)
    cardinals: _Numbers = field(default_factory=dict, repr=False)
    ordinal_suffixes: _Words = _NONE
    parts: _Numbers = field(default_factory=dict)
    halves: _Words = _NONE
    decades: _Words = _NONE
    first_days: _Words = _NONE
    half_years: _Words = _NONE
    quarter_marks: _Words = _NONE
    half_marks: _Words = _NONE
    connectors: _Words = _NONE
    conjunctions: _Words = _NONE
    betweens: _Words = _NONE
    nights: _Words = _NONE
    night_connectors: _Words = _NONE
    froms: _Words = _NONE
    sinces: _Words = _NONE
    untils: _Words = _NONE
    afters: _Words = _NONE
    moves: _Words = field(default=_NONE, repr=False)
    ons: _Words = _NONE
    ahead: _Words = _NONE
    ago: _Words = _NONE
    hence: _Words = _NONE
    later: _Words = _NONE
    earlier: _Words = _NONE
    begins: _Words = field(default=_NONE, repr=False)
    lasting: _Words = _NONE
    ending: _Words = _NONE
    starting: _Words = _NONE
    glue: _Words = _NONE
    fillers: _Words = _NONE
    articles: _Words = _NONE
    lengths: _Numbers = field(default_factory=dict, repr=False)
    day_cues: _Words = _NONE
    year_words: _Words = _NONE
    year_cues: _Words = _NONE
    year_range_cues: _Words = _NONE
    year_links: _Words = _NONE
    this_year: frozenset[tuple[str, ...]] = frozenset()
    plans: _Words = field(default=_NONE, repr=False)
    reports: _Words = field(default=_NONE, repr=False)
    decisions: _Words = field(default=_NONE, repr=False)
    passives: _Words = _NONE
    infinitives: _Words = _NONE
    bygones: _Words = _NONE
    breaks: _Words = _NONE
    followers: _Words = _NONE
    comparisons: _Words = _NONE
    weak: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)
    month_first: bool = False
    slash_month_first: bool = False
