"""The words of a language that assert something of an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["AssertionWords", "Cue"]


class Cue(StrEnum):
    """What a phrase does in a sentence about an event."""

    EXERCISE = "exercise"  # what an event is: training, drills
    ANAPHOR = "anaphor"  # the event spoken of before: "the training itself"
    PRONOUN = "pronoun"  # it, they
    ANOTHER = "another"  # another event than the one just named: "the next one"
    GROUND = "ground"  # a kind of place: range, training centre
    ANCILLARY = "ancillary"  # something around the event: staff talks, arrival; its date is its own
    OTHER = "other"  # another deed with a date of its own: approved, visited
    SAYING = "saying"  # who said it; alone between commas it says nothing of the event: ", TASS reported,"
    ASIDE = "aside"  # "as reported before": reports nothing itself
    OBLIQUE = "oblique"  # makes the event that follows a frame for something else: during, ahead of
    CAUSE = "cause"  # as OBLIQUE, of the words right after it only: "due to bad weather X will …"
    PHASE = "phase"  # a part of the event: active phase
    PLANNED = "planned"
    SET = "set"  # a participle of a plan: scheduled, planned; may stand right after the name
    PAST_PLAN = "past_plan"  # was scheduled for: not news where another value follows
    EARLIER = "earlier"  # after a length of time, or a move: by so much earlier
    LATER = "later"
    BY_DELAY = "by_delay"  # before a length of time: later than planned by so much: with a delay of
    LONGER = "longer"
    SHORTER = "shorter"
    THAN_PLANNED = "than_planned"  # with one of these: than what is known of the event
    ADVANCED = "advanced"  # moved, and to an earlier time
    EXTENDED = "extended"
    SHORTENED = "shortened"
    EXTRA = "extra"  # before or in a length of time: more than planned
    MORE = "more"  # as EXTRA, or what is left of it: "two more days"
    ADDED = "added"  # before or after a length of time: the event lasts so much longer
    DURATION = "duration"  # what grows by a length of time
    GROWN = "grown"  # of a duration: the event lasts so much longer
    LASTING = "lasting"  # will last: with "until", the day is the last day only
    STARTING = "starting"  # will begin: the day is the first day only
    ENDING = "ending"  # will end: the day is the last day only
    STARTS = "starts"  # begins: planned when the day is to come, under way otherwise
    UNDER_WAY = "under_way"
    HELD = "held"
    ENDED = "ended"  # was completed: the day is the last day only
    HOLDING = "holding"  # speaks of holding the event without saying when: to hold, conduct
    POSTPONED = "postponed"
    MOVED = "moved"
    DATES = "dates"  # the dates of the event; with the next two, they are open: "new dates will be agreed"
    PENDING = "pending"  # not yet done: will be, yet, being
    SETTLED = "settled"  # what is done to dates: agreed, announced, set
    ANEW = "anew"  # at another time, not said when: "later", "new dates"; a plan denied beside it is put off
    CANCELLED = "cancelled"
    MANNER = "manner"  # how, not whether: "will not be held at night" cancels nothing
    RENAMED = "renamed"
    COPULA = "copula"  # is: parts a name from what is said of it
    UNPLANNED = "unplanned"  # is not planned: beside a move or a cancellation it is these that are not
    NEGATION = "negation"
    CONTRAST = "contrast"  # but: after a negation, the true value follows
    DENIAL = "denial"  # what was said before is not so
    CONDITIONAL = "conditional"  # may, possibly: nothing is asserted in this clause
    HYPOTHETICAL = "hypothetical"  # if, experts expect: nothing is asserted in this sentence
    OLD = "old"  # the value that follows is no longer so: instead of, originally
    AND = "and"  # joins words or clauses
    THAT = "that"  # begins what was said
    RELATIVE = "relative"  # which; says more of the event just named
    WHERE = "where"  # the event that follows is at the place before it: "the range where X will be held"
    TEMPORAL = "temporal"  # after, before
    RESPECTIVELY = "respectively"
    PARTICIPATION = "participation"  # take part in, attended by
    JOINING = "joining"  # will join: the state named is added to those known
    LEAVING = "leaving"  # will not take part: the state named is none of them any more
    TAKING_PART = "taking_part"  # to take part, wherever what denies it stands: «участия … не примут»
    DOING_NOT = "doing_not"  # will not: beside TAKING_PART as LEAVING
    WITHOUT = "without"  # the states that follow, or their units, stay away
    UNITS = "units"  # whom a state sends: troops, a contingent
    OPENING = "opening"  # the first or last hour of the event, to which guests come
    PERSONNEL = "personnel"
    EQUIPMENT = "equipment"
    ABOUT = "about"
    MORE_THAN = "more_than"
    UP_TO = "up_to"
    OVERALL = "overall"  # the count is that of several events: in all, over the year
    OF_SEVERAL = "of_several"  # the count is that of several events, whatever else the clause holds
    NUMBER_OF = "number_of"  # the noun of a count stands before its number: the number of personnel
    RESIZED = "resized"  # the number after it is the new one: increased to
    PART_OF = "part_of"  # the count that follows is a part of another: including
    UNTIL = "until"
    IN = "in"  # what follows is where
    TO = "to"
    FROM = "from"  # what follows is whence, or whose
    TERRITORY = "territory"  # after an adjective, where: "on Belarusian soil"
    HOST = "host"
    VENUE = "venue"  # the place named in the clause is where the event is
    NO_SUCH = "no_such"  # "не будет": cancels the event unless a verb follows
    LAST_YEAR = "last_year"
    THIS_YEAR = "this_year"
    NEXT_YEAR = "next_year"
    YEAR = "year"  # a number before or after it is a year: "2025 года", "in 2025"
    THEME = "theme"  # what stands in quotation marks after it is a theme, not a name
    NO_NAME = "no_name"  # with a year these name no event: "Strategy-2030"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertionWords:
    """The words of a language that assert something of an event.

    `cues` are phrases as `diffing.phrases.Phrasebook` reads them; `numbers` the value of number
    words by their beginning ("two", "дву"), multipliers among them ("thousand").

    `by_one` are words whose case says "by one", with the unit of time that they mean («днем позже»).

    `joins` stand between the last two of a list ("and"), `genitives` between a kind of place and its
    name ("of"), `agents` before the doer of a deed ("by"); a verb with one of `infinitive_ends` may
    follow `Cue.NO_SUCH`. Without `articles` the bare noun of an exercise may be the one spoken of; in
    `free_order` the doer may stand behind the verb. Where it `backshifts`, what is reported may stand in
    the past: "said that it was planned for May" is a plan still.
    """

    cues: Mapping[Cue, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    multipliers: Mapping[str, int] = field(default_factory=dict)
    by_one: Mapping[str, str] = field(default_factory=dict)
    joins: frozenset[str] = frozenset()
    genitives: frozenset[str] = frozenset()
    agents: frozenset[str] = frozenset()
    infinitive_ends: tuple[str, ...] = ()
    articles: bool = True
    free_order: bool = False
    backshifts: bool = False
