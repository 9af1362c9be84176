"""What one statement asserts of the events it speaks of, clause by clause."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from diffing.attributes import KINDS, Mention
from diffing.bearings import Bearings, Dated
from diffing.clauses import PREDICATES, Break, Clause, Named, clauses_of
from diffing.languages import LANGUAGES
from diffing.languages.assertions import Cue
from diffing.membership import left_out, membership_of
from diffing.model import (
    Attribute,
    Fact,
    FactValue,
    Place,
    Precision,
    Shift,
    Status,
    Window,
    series_and_edition,
)
from diffing.naming import EventMention
from diffing.phrases import Hit
from diffing.places import NOT, Placed, is_old, places_of
from diffing.reading import FALLBACK, Force, Reading, Whose
from diffing.shifts import shift_beside, shift_of
from diffing.windows import read_windows

__all__ = ["facts_asserted"]

_STATUSES = {
    Cue.ENDED: Status.HELD,
    Cue.HELD: Status.HELD,
    Cue.UNDER_WAY: Status.UNDER_WAY,
    Cue.STARTS: Status.UNDER_WAY,
    Cue.STARTING: Status.PLANNED,
    Cue.ENDING: Status.PLANNED,
    Cue.PLANNED: Status.PLANNED,
}
"""The status that a cue asserts, the one that wins over those below it first."""

_NOT_REACH = 1
"""Words between "not" and the verb that it denies: "has not yet begun"."""

_TO_REACH = 2
"""Words between "to" and the new date: "postponed to the first half of November"."""

_TIGHT_REACH = 2
"""Words between "planned for" and its date, where the clause itself is about something else."""

_PLACE_REACH = 4
"""Words between a verb and the place that it denies: "not be held on the territory of Armenia"."""

_NEAR_REACH = 5
"""Words that the noun of an exercise may have before it ("a joint command-staff training")."""

_CLAUSE_REACH = 6
"""Clauses after a denied plan in which another date or place for it may stand."""

_WALLS = PREDICATES | {Cue.COPULA}
_STOPS = _WALLS | {
    Cue.HOLDING,
    Cue.DATES,
    Cue.VENUE,
    Cue.IN,
    Cue.FROM,
    Cue.TO,
    Cue.PHASE,
    Cue.AND,
    Cue.PARTICIPATION,
}
_NOUNS = frozenset({Cue.EXERCISE, Cue.ANAPHOR})
_UP_TO = (Cue.LASTING, Cue.ENDING, Cue.EXTENDED, Cue.SHORTENED)
_CALLED_OFF = frozenset({Cue.CANCELLED, Cue.NO_SUCH, Cue.NEGATION})
_DENYING = NOT | {"longer", "t"}
"""The words of "will not be held", "is no longer planned", "won't be held"."""

_FRAMES = frozenset({Cue.OBLIQUE, Cue.TEMPORAL, Cue.UNTIL})

_READERS = tuple(dict.fromkeys(kind.read for kind in KINDS.values() if kind.read))


def facts_asserted(
    reading: Reading,
    named: Sequence[EventMention],
    said_on: dt.date,
    topic: str | None,
    *,
    just_named: bool = False,
) -> tuple[Fact, ...]:
    """The facts in the order they are said; `topic` is what "the training" means (None: nothing).

    `just_named`: the statement before named it, so a bare count of participants is that of the topic.
    """
    return _Reader(reading, named, said_on, topic, just_named=just_named).facts()


class _Reader:
    def __init__(
        self,
        reading: Reading,
        named: Sequence[EventMention],
        said_on: dt.date,
        topic: str | None,
        *,
        just_named: bool,
    ) -> None:
        self.reading = reading
        self.topic_just_named = [topic] if topic and just_named else []
        self.said_on = said_on
        self.topic = topic
        self.named = _with_tokens(reading, named)
        spoken = next((mention.event for mention in named if not mention.meeting), topic)
        edition = series_and_edition(spoken or "")[1]
        dated = self._windows(int(edition) if edition else None)
        self.clauses = clauses_of(reading, self.named, [(date.first, date.last) for date in dated])
        self.bearings = Bearings(reading, self.clauses, dated)
        self.values = self._values(dated)
        self.unsure = self._unsure()
        self.changing = {
            clause.number for clause in self.clauses if clause.has(Cue.MOVED, Cue.POSTPONED, Cue.CANCELLED)
        }
        self.last_value = max(
            (clause.number for clause in self.clauses if clause.dated or clause.placed), default=-1
        )
        self.governing: dict[int, bool] = {}
        self.ends: dict[str, Dated] = {}
        self.shifts: dict[str, Shift] = {}
        self.windows_found = False
        self.found: dict[tuple[str, Attribute], Fact] = {}

    def _windows(self, year: int | None) -> list[Dated]:
        tokens = self.reading.tokens
        names = {place for name in self.named for place in range(name.first, name.last)}
        found = []
        place = 0
        for mention in read_windows(self.reading.text, self.said_on, self.reading.language, year):
            while place < len(tokens) and tokens[place].end <= mention.start:
                place += 1
            last = place
            while last < len(tokens) and tokens[last].start < mention.end:
                last += 1
            if last > place and place not in names:
                found.append(Dated(mention, place, last))
                place = last
        return found

    def _values(self, dated: Sequence[Dated]) -> defaultdict[int, list[Mention]]:
        """What the readers of the kinds of fact find, by clause."""
        spans = [(name.first, name.last) for name in self.named]
        spans += [(date.first, date.last) for date in dated if not _is_year(date)]
        taken = {place for first, last in spans for place in range(first, last)}
        by_clause: defaultdict[int, list[Mention]] = defaultdict(list)
        for read in _READERS:
            for value in read(self.reading, taken):
                by_clause[self.bearings.clause_at[value.first]].append(value)
        return by_clause

    def facts(self) -> tuple[Fact, ...]:
        """The facts of the statement."""
        if any(cue.payload is Cue.HYPOTHETICAL for cue in self.reading.cues):
            return ()
        denied = self._denied()
        before: list[str] = []
        for clause in self.clauses:
            events = self._events(clause, before)
            if clause.named:
                before = list(dict.fromkeys(name.event for name in clause.named))
            refused = clause.number in denied or clause.number in self.unsure
            if refused or self._negated(clause):
                continue
            if events:
                self._read_clause(clause, events)
            elif self._counts_only(clause):
                self._values_in(clause, before if len(before) == 1 else self.topic_just_named)
            elif self._leaves_it(clause):
                self._participants(clause, before if len(before) == 1 else self.topic_just_named, ())
        for event, date in self.ends.items():
            last = Shift(until=date.mention.window.end)
            self._add([event], Attribute.WINDOW, last, date.mention.text)
        for event, shift in self.shifts.items():
            told = self.found.get((event, Attribute.WINDOW))
            if told and isinstance(told.value, Window) and told.value.precision is Precision.DAY:
                days = replace(shift, to=told.value)
                self.found[event, Attribute.WINDOW] = replace(told, value=days, vague=False)
        return tuple(self.found.values())

    # -- what a clause speaks of -------------------------------------------------------------------

    def _events(self, clause: Clause, before: list[str]) -> list[str]:
        """The events that the clause says something of."""
        if clause.broken_by in (Break.TEMPORAL, Break.ASIDE) or (
            clause.has(Cue.ANOTHER) and not clause.named
        ):
            return []
        if clause.named:
            return list(dict.fromkeys(name.event for name in clause.named))
        if clause.broken_by is Break.RELATIVE:
            return self._antecedent(clause, before)
        if clause.broken_by is Break.COLON and clause.number:
            head = self.clauses[clause.number - 1]
            if head.named and not head.verbal:
                return before  # a headline: "Rubezh-2025: the active phase has begun"
        if clause.inherits is not None and not self._anaphoric(clause):
            if self._governed(clause.inherits):
                return []
            named = list(dict.fromkeys(name.event for name in clause.inherits.named))
            return named or self._of_topic(clause.inherits, before)
        return self._of_topic(clause, before)

    def _counts_only(self, clause: Clause) -> bool:
        """True for a count of the event just named: "X ended. About 1,100 servicemen took part."."""
        if clause.broken_by in (Break.TEMPORAL, Break.ASIDE) or not clause.has(Cue.PARTICIPATION):
            return False
        if clause.has(Cue.ANCILLARY, Cue.LAST_YEAR, Cue.NEXT_YEAR, Cue.CONDITIONAL, Cue.OF_SEVERAL):
            return False
        if clause.has(Cue.EXERCISE):
            return not self.reading.words.articles  # "в учении" may be "in the exercise"
        return not clause.has(Cue.OVERALL)

    def _leaves_it(self, clause: Clause) -> bool:
        """True where a state stays away from what was just named: "Belarus will not take part."."""
        if clause.broken_by in (Break.TEMPORAL, Break.ASIDE) or clause.has(Cue.ANCILLARY, Cue.OTHER):
            return False
        return any(cue.payload is Cue.LEAVING and cue.last == clause.last for cue in clause.cues)

    def _of_topic(self, clause: Clause, before: list[str]) -> list[str]:
        if clause.has(Cue.OF_SEVERAL) or not self._anaphoric(clause):
            return []
        if before:
            return before if len(before) == 1 else []
        return [self.topic] if self.topic else []

    def _antecedent(self, clause: Clause, before: list[str]) -> list[str]:
        """The events just named, unless the clause may as well speak of the talks on them."""
        if not clause.number or clause.has(Cue.ANCILLARY, Cue.OTHER):
            return []
        previous = self.clauses[clause.number - 1]
        events = list(dict.fromkeys(name.event for name in self._last_named(previous))) or before
        if self._governed(previous) and not clause.has(Cue.PLANNED, Cue.STARTING):
            return []
        return events

    def _last_named(self, clause: Clause) -> list[Named]:
        """The last event that the clause names, with those that it stands in a list with."""
        found = clause.named[-1:]
        for name in reversed(clause.named[:-1]):
            between = range(name.last, found[0].first)
            if not all(self.bearings.kinds_ending(place) & _LISTING for place in between):
                break
            found.insert(0, name)
        return found

    def _anaphoric(self, clause: Clause) -> bool:
        if clause.has(Cue.ANAPHOR) or clause.open:
            return True
        firsts = {first for first, _ in clause.pieces}
        for cue in clause.cues:
            if cue.payload is Cue.PRONOUN and clause.has(Cue.PARTICIPATION):
                return True
            if cue.payload is Cue.PRONOUN and cue.first in firsts and clause.predicate:
                return not clause.has(Cue.HOLDING)
            bare = cue.payload is Cue.EXERCISE and not self.reading.words.articles
            if bare and (cue.first in firsts or self._opens(clause, cue.first)):
                return True
        return False

    def _opens(self, clause: Clause, first: int) -> bool:
        """True where only a "but" and a date stand before the token: "но во вторник учение …"."""
        dates = self.bearings.dates_of.get(clause.number, ())
        return clause.broken_by is Break.AND and all(
            any(date.first <= place < date.last for date in dates)
            or self.bearings.kinds_ending(place) & {Cue.CONTRAST, Cue.IN}
            for place in range(clause.first, first)
        )

    def _governed(self, clause: Clause) -> bool:
        """True where something around the event governs the clause: talks on it, arrival for it."""
        if clause.number not in self.governing:
            if clause.has(Cue.ANCILLARY):
                governed = not (self._beside(clause) or self._after_verb(clause))
            else:
                own = clause.predicate or clause.has(Cue.HOLDING, Cue.DATES, Cue.PARTICIPATION)
                governed = clause.has(Cue.OTHER) and not own
            self.governing[clause.number] = governed
        return self.governing[clause.number]

    def _after_verb(self, clause: Clause) -> bool:
        """True where the event is the subject and the rest only an object: "X was removed from the plan"."""
        verb = min((cue.first for cue in clause.cues if cue.payload in PREDICATES), default=-1)
        activity = min(cue.first for cue in clause.cues if cue.payload is Cue.ANCILLARY)
        name = min((name.first for name in clause.named), default=verb)
        return name < verb < activity and all(
            cue.payload in _BEFORE_SUBJECT or cue.first >= name for cue in clause.cues
        )

    def _beside(self, clause: Clause) -> bool:
        """True where the exercise stands beside the talks, not under them: "a meeting and a training"."""
        last = max(cue.last for cue in clause.cues if cue.payload is Cue.ANCILLARY)
        join = min(
            (cue.first for cue in clause.cues if cue.payload is Cue.AND and cue.first >= last), default=-1
        )
        names = [name.first for name in clause.named]
        if join < 0 or not names or min(names) < join:
            return False
        noun = next((cue.first for cue in self.bearings.after(join + 1, _NEAR_REACH, *_NOUNS)), None)
        if noun is None or noun > min(names):
            return False
        under = (Cue.HOLDING, Cue.OBLIQUE, Cue.FROM)
        return not any(cue.first < noun for cue in self.bearings.after(join + 1, _NEAR_REACH, *under))

    def _frame(self, clause: Clause, name: Named) -> bool:
        """True where the event is only the frame of what is said: during X, ahead of X, at X."""
        bearings = self.bearings
        place, steps, noun, strange = name.first - 1, 0, False, False
        while place >= clause.first and steps < _NEAR_REACH * 2:
            if place + 1 in bearings.date_ends or bearings.clause_at[place] != clause.number:
                return False
            kinds = bearings.kinds_ending(place)
            if kinds & _NOUNS:
                steps, noun = _NEAR_REACH, True
            elif Cue.CAUSE in kinds:
                return not strange
            elif kinds & _FRAMES and Cue.HOLDING not in kinds:
                return Cue.DATES not in bearings.kinds_ending(place - 1)  # the new dates for X
            elif kinds & _WALLS or (kinds & _STOPS and (noun or place == name.first - 1)):
                return False
            if bearings.divided(place):
                return False
            place -= 1
            steps += 1
            strange |= not kinds
        return False

    def _attribute(self, clause: Clause, name: Named) -> bool:
        """True where the event only says whose or which something else is: medics of X, X veterans."""
        reading, bearings = self.reading, self.bearings
        following = bearings.begins.get(name.last, ())
        if any(cue.payload is Cue.PERSONNEL for cue in following) and not clause.has(Cue.PARTICIPATION):
            return True
        head = name.first - 1
        if head < clause.first or bearings.divided(head):
            return False
        if clause.predicate and (
            reading.words.articles
            or any(
                cue.payload not in _HAPPENED or cue.first <= head
                for cue in clause.cues
                if cue.payload in PREDICATES
            )
        ):
            return False  # but of «Медики «Рубежа» прошли вакцинацию» the medics are the subject
        if bearings.kinds_ending(head) - _EMPTY - {Cue.FROM}:
            return False
        word = reading.tokens[head].word
        if word in reading.words.genitives:
            head -= 1
        elif reading.words.articles or reading.tokens[name.first].word in reading.names.plain_forms:
            return False
        if head < clause.first or bearings.clause_at[head] != clause.number:
            return False
        kinds = bearings.kinds_ending(head)
        return not kinds - _EMPTY and head + 1 not in bearings.date_ends and head not in bearings.place_begins

    # -- what is not asserted ----------------------------------------------------------------------

    def _denied(self) -> set[int]:
        """Clauses whose content the statement says is not so."""
        denying = {
            self.bearings.clause_at[cue.first] for cue in self.reading.cues if cue.payload is Cue.DENIAL
        }
        denied: set[int] = set()
        part: list[int] = []
        spreading = False
        for clause in self.clauses if denying else ():
            if clause.broken_by in (Break.STRONG, Break.COLON):
                part, spreading = [], False
            part.append(clause.number)
            if clause.number in denying:
                denied.update(part)
                part, spreading = [], True
            elif spreading and clause.broken_by in (Break.THAT, Break.RELATIVE):
                denied.add(clause.number)
                part = []
            elif spreading:
                part, spreading = [], False
        return denied

    def _unsure(self) -> set[int]:
        """Clauses that only may be so, and those that follow one: "it is possible that …"."""
        unsure = {clause.number for clause in self.clauses if clause.has(Cue.CONDITIONAL)}
        for before, clause in pairwise(self.clauses):
            if clause.broken_by is Break.THAT and before.number in unsure:
                unsure.add(clause.number)
        return unsure

    def _negated(self, clause: Clause) -> bool:
        """True where what the clause says has become of the event is denied in it."""
        if clause.has(Cue.UNPLANNED) and self._only_unplanned(clause):
            return True
        if not clause.has(Cue.NEGATION):
            return False
        tokens = self.reading.tokens
        return any(
            all(token.glued for token in tokens[negation.last : cue.first + 1])
            for cue in clause.cues
            if cue.payload in PREDICATES or cue.payload is Cue.PARTICIPATION
            for negation in self.bearings.before(cue.first, _NOT_REACH, Cue.NEGATION)
        )

    def _only_unplanned(self, clause: Clause) -> bool:
        """True where it is a move or a cancellation that is not planned."""
        denials = {cue.first for cue in clause.cues if cue.payload is Cue.UNPLANNED}
        called_off = {cue.first for cue in clause.cues if cue.payload is Cue.CANCELLED}
        return clause.has(Cue.POSTPONED, Cue.MOVED) or bool(called_off - denials)

    # -- what a clause asserts ---------------------------------------------------------------------

    def _read_clause(self, clause: Clause, events: list[str]) -> None:
        if clause.has(Cue.RENAMED) and self._renamed(clause):
            return
        places = places_of(clause, self.bearings) or self._host_before(clause)
        left = self._participants(clause, events, places)
        if left:
            return
        if self._governed(clause):
            self._tight(clause, events)
            return
        self._values_in(clause, events)
        if clause.has(Cue.OTHER):
            places = [place for place in places if not self._nearer_other(clause, place, _OWN_PLACE)]
        if clause.has(Cue.ADDED) and (told := shift_of(clause, None, self.bearings)):
            self._add(events, Attribute.WINDOW, told.shift, self.bearings.slice(told.first, told.last))
            return
        framed = {
            name.event
            for name in clause.named
            if self._frame(clause, name)
            or self._attribute(clause, name)
            or (name.meeting and not clause.predicate)
        }
        events = _one_edition_each([event for event in events if event not in framed])
        if not events:
            return
        dates = [self._as_told(clause, date) for date in self.bearings.dates_of.get(clause.number, [])]
        without = left_out(clause, self.bearings)
        if clause.has(Cue.CANCELLED) or self._no_such(clause) or self._none_of(clause):
            if (without or clause.has(Cue.MANNER)) and self._denies_plan(clause):
                return  # "will not be held without Belarus", "will not be held at night"
            off = min(cue.first for cue in clause.cues if cue.payload in _CALLED_OFF)
            contrast = max(
                (cue.first for cue in clause.cues if cue.payload is Cue.CONTRAST and cue.first > off),
                default=-1,
            )  # in "but on Tuesday it was called off" the day is not the event's
            dates = [date for date in dates if date.first > contrast >= 0]
            places = [place for place in places if place.first > contrast >= 0]
            if self._replaced(clause) or not (dates or places or not self._elsewhere(clause)):
                return
            if not dates and not places:
                status = Status.POSTPONED if self._put_off(clause) else Status.CANCELLED
                words = self._words(clause, Cue.CANCELLED, Cue.NO_SUCH, Cue.NEGATION)
                self._add(events, Attribute.STATUS, status, words)
                return
        if without and clause.predicate:
            words = self.bearings.slice(without.first, without.last)
            self._add(events, Attribute.PARTICIPANTS, without.codes, words, joining=False)
        old = [date for date in dates if self._old(clause, date, dates)]
        dates = [date for date in dates if date not in old]
        if any(self._of_a_deed(clause, date) for date in dates):
            return
        self._instead(events, old, dates)
        if dates and not clause.predicate and self._over(events[0], dates):
            return
        if clause.open and not self._puts_elsewhere(clause, places):
            self._add(events, Attribute.STATUS, Status.POSTPONED, self._words(clause, Cue.DATES))
            return
        if self._shifted(clause, events, dates):
            self._status(clause, events, dates)
            return
        if clause.has(Cue.POSTPONED):
            dates = [date for date in dates if self._target(date) and not _is_year(date)]
            if not dates and not self._puts_elsewhere(clause, places):
                self._add(events, Attribute.STATUS, Status.POSTPONED, self._words(clause, Cue.POSTPONED))
                return
        plan = self._gone_by(clause)
        if plan is not None:
            self._add(events, Attribute.STATUS, Status.PLANNED, self._words(plan, Cue.PAST_PLAN))
            return
        if not self._superseded(clause):
            self._window(clause, events, dates)
            self._place(clause, events, places)
        self._status(clause, events, dates)

    def _no_such(self, clause: Clause) -> bool:
        """True for "there will be no such exercise", where the language says it without a verb."""
        tokens = self.reading.tokens
        if not clause.has(Cue.NO_SUCH) or clause.has(Cue.PARTICIPATION, Cue.LEAVING):
            return False
        return any(
            cue.last == len(tokens)
            or not tokens[cue.last].glued
            or not tokens[cue.last].word.endswith(self.reading.words.infinitive_ends)
            for cue in clause.cues
            if cue.payload is Cue.NO_SUCH
        )

    def _none_of(self, clause: Clause) -> bool:
        """True for "no X exercise will be held"."""
        return clause.has(Cue.PLANNED) and any(
            Cue.NEGATION in self.bearings.kinds_ending(name.first - 1) for name in clause.named if name.first
        )

    def _superseded(self, clause: Clause) -> bool:
        """True where this is the plan that another clause says was changed."""
        if not clause.has(Cue.PLANNED, Cue.PAST_PLAN) or clause.has(Cue.MOVED, Cue.POSTPONED):
            return False
        if any(
            after.inherits is clause and after.dated and after.has(Cue.MOVED, Cue.POSTPONED)
            for after in self.clauses[clause.number + 1 :][:1]
        ):
            return True
        if self.changing - {clause.number}:
            return clause.broken_by is Break.RELATIVE or clause.has(Cue.PAST_PLAN)
        if clause.broken_by is Break.RELATIVE and clause.has(Cue.SET) and clause.dated:
            main = self.clauses[clause.number + 1 :][:1]
            return any(after.dated and after.predicate and not after.subject for after in main)
        return clause.has(Cue.PAST_PLAN) and self.last_value > clause.number

    def _gone_by(self, clause: Clause) -> Clause | None:
        """The clause that tells of a plan, where all that is said is what had been planned.

        "It was to be held in May", "it was planned that it would be held in May".
        """
        if clause.broken_by is Break.THAT and not clause.has(Cue.PAST_PLAN):
            plan = self.clauses[clause.number - 1]
            return plan if plan.has(Cue.PAST_PLAN) and not self._decided(plan) else None
        if not clause.has(Cue.PAST_PLAN) or self._backshifted(clause) or self._decided(clause):
            return None
        ends = {cue.last for cue in clause.cues if cue.payload is Cue.PAST_PLAN}
        begins = {cue.first for cue in clause.cues if cue.payload is Cue.PAST_PLAN}
        present = any(
            cue.payload in PREDICATES and cue.first not in begins and not {cue.first, cue.first - 1} & ends
            for cue in clause.cues
        )
        return None if present else clause

    def _decided(self, clause: Clause) -> bool:
        """True where the plan is what came of something: "after the talks X was scheduled for September"."""
        return any(told.has(Cue.ANCILLARY, Cue.OTHER) for told in self.clauses[: clause.number + 1])

    def _backshifted(self, clause: Clause) -> bool:
        """True where the language puts what is reported into the past: "said that it was planned for May"."""
        if not self.reading.words.backshifts:
            return False
        plan = min(cue.first for cue in clause.cues if cue.payload is Cue.PAST_PLAN)
        told = (
            [clause]
            if clause.broken_by is not Break.THAT
            else self.clauses[clause.number - 1 : clause.number + 1]
        )
        return any(
            cue.payload is Cue.SAYING and cue.last == cue.first + 1 and cue.first < plan
            for part in told
            for cue in part.cues
        )

    def _replaced(self, clause: Clause) -> bool:
        """True where what follows says what will be instead: "will not be held in X, but will …"."""
        if self._denies_plan(clause) and any(
            (after.dated or after.placed)
            and after.has(Cue.PLANNED, Cue.MOVED, Cue.STARTING)
            and not after.has(Cue.CONDITIONAL, Cue.ANCILLARY, Cue.CANCELLED)
            and (after.named == clause.named or (not after.named and self._anaphoric(after)))
            for after in self._next(clause)
        ):
            return True
        if clause.number + 1 >= len(self.clauses):
            return False
        following = self.clauses[clause.number + 1]
        return (
            following.inherits is clause
            and any(cue.payload is Cue.CONTRAST for cue in self.bearings.begins.get(following.first, ()))
            and following.has(Cue.PLANNED, Cue.POSTPONED, Cue.MOVED)
        )

    def _host_before(self, clause: Clause) -> list[Placed]:
        """The state that the clause before begins with: "X offered help and will host the exercise"."""
        if not clause.number or clause.broken_by is not Break.AND or not clause.has(Cue.HOST):
            return []
        subject = self.clauses[clause.number - 1].first
        return [
            Placed(hit.payload, hit.first, hit.last)
            for hit in self.bearings.places_of.get(clause.number - 1, ())[:1]
            if hit.first == subject and isinstance(hit.payload, Place) and hit.payload.name is None
        ]

    def _elsewhere(self, clause: Clause) -> bool:
        """True where only the place is denied: "will not be held in Armenia", and no other is said."""
        if not self._denies_plan(clause) or self.bearings.dates_of.get(clause.number):
            return False
        verbs = [cue.last for cue in clause.cues if cue.payload is Cue.CANCELLED]
        return any(
            verb <= hit.first <= verb + _PLACE_REACH
            and not any(map(self.bearings.divided, range(verb - 1, hit.first)))
            and self._where(hit)
            for hit in self.bearings.places_of.get(clause.number, ())
            for verb in verbs
        )

    def _where(self, hit: Hit[Place | Whose | Force]) -> bool:
        """True for "in Armenia", "on Armenian soil" and "by Armenia"."""
        if isinstance(hit.payload, Whose):
            return any(self.bearings.after(hit.last, 0, Cue.TERRITORY, Cue.GROUND))
        words, before = self.reading.words, self.reading.tokens[hit.first - 1].word
        agent = before in words.agents
        return isinstance(hit.payload, Place) and (
            agent or any(self.bearings.before(hit.first, _PLACE_REACH, Cue.IN))
        )

    def _denies_plan(self, clause: Clause) -> bool:
        """True for "will not be held", whose "not" may be meant for the place or the date alone."""
        tokens = self.reading.tokens
        return all(
            any(tokens[place].word in _DENYING for place in range(cue.first, cue.last))
            for cue in clause.cues
            if cue.payload is Cue.CANCELLED
        )

    def _old(self, clause: Clause, date: Dated, dates: Sequence[Dated]) -> bool:
        """True for a date that the statement itself says is no longer so."""
        if is_old(date.first, self.bearings) or self._was_set(clause, date, dates):
            return True
        moved = clause.has(Cue.MOVED, Cue.POSTPONED) and dates[-1].first >= date.last
        return moved and any(self.bearings.before(date.first, 1, Cue.FROM))

    def _was_set(self, clause: Clause, date: Dated, dates: Sequence[Dated]) -> bool:
        """True for the date of the plan where another one follows: "the exercise set for May is in June"."""
        if not any(self.bearings.before(date.first, _TIGHT_REACH, Cue.SET)):
            return False
        own = [cue.first for cue in clause.cues if cue.payload in PREDICATES and cue.first >= date.last]
        return any(
            own and own[0] < other.first and not other.mention.window.overlaps(date.mention.window)
            for other in dates
        )

    def _as_told(self, clause: Clause, date: Dated) -> Dated:
        """A bare weekday of what has happened is the last one, not the next: "ended on Friday"."""
        window = date.mention.window
        if (
            not clause.has(*_HAPPENED)
            or clause.has(Cue.PLANNED, Cue.STARTING)
            or window.start <= self.said_on
        ):
            return date
        weekdays = LANGUAGES.get(self.reading.language, LANGUAGES[FALLBACK]).dates.weekdays
        words = [token.word for token in self.reading.tokens[date.first : date.last]]
        if any(word.isdigit() for word in words) or not any(word in weekdays for word in words):
            return date
        week = dt.timedelta(days=7)
        told = replace(window, start=window.start - week, end=window.end - week)
        return replace(date, mention=replace(date.mention, window=told))

    def _over(self, event: str, dates: Sequence[Dated]) -> bool:
        """True where all dates are days that are past, though the event's year is not."""
        edition = series_and_edition(event)[1]
        return (edition is None or int(edition) >= self.said_on.year) and all(
            date.mention.window.end < self.said_on and _in_days(date) for date in dates
        )

    def _since(self, date: Dated) -> bool:
        """True for the day from which something has been going on: "under way since Monday"."""
        return date.mention.window.start == date.mention.window.end and any(
            self.bearings.before(date.first, 0, Cue.FROM)
        )

    def _target(self, date: Dated) -> bool:
        """True for the new date of something put off: "postponed to 3-7 November"."""
        return any(self.bearings.before(date.first, _TO_REACH, Cue.TO, Cue.UNTIL))

    def _next(self, clause: Clause) -> list[Clause]:
        """The clauses after this one that may still speak of its event."""
        return self.clauses[clause.number + 1 : clause.number + 1 + _CLAUSE_REACH]

    def _put_off(self, clause: Clause) -> bool:
        """True where what will not be held is to be held at another time, not said when."""
        return clause.has(Cue.ANEW) or any(
            following.has(Cue.ANEW, Cue.POSTPONED) or following.open
            for following in self._next(clause)
            if not following.named or following.named == clause.named
        )

    def _puts_elsewhere(self, clause: Clause, places: Sequence[Placed]) -> bool:
        """True where "put off" means to another place; a word for time ("later date") rules that out."""
        return bool(places) and (
            clause.has(Cue.MOVED)
            or not any(cue.payload is Cue.POSTPONED and cue.last - cue.first > 1 for cue in clause.cues)
        )

    def _tight(self, clause: Clause, events: list[str]) -> None:
        """In a clause of something else, the plan said in passing: "talks on X, planned for May, …"."""
        names = {name.last: name.event for name in clause.named}
        for date in self.bearings.dates_of.get(clause.number, ()):
            for cue in self.bearings.before(date.first, _TIGHT_REACH, Cue.SET):
                event = names.get(cue.first, names.get(cue.first - 1))
                whose = self.bearings.kinds_ending(cue.first - 1)
                if event in events and Cue.COPULA not in whose:
                    self._add_window([event], date, vague=False)

    def _window(self, clause: Clause, events: list[str], dates: list[Dated]) -> None:
        dates = [date for date in dates if not self._of_something_else(clause, date)]
        put_off = clause.has(Cue.POSTPONED)  # "put off until November" gives no end
        ends = [date.mention.window for date in dates if date.mention.kind == "until" and not put_off]
        dates = [date for date in dates if (date.mention.kind == "closed" or put_off) and not _is_year(date)]
        if not dates:
            self._lasts(clause, events)
            return
        if clause.has(Cue.RESPECTIVELY) and len(dates) == len(events):
            for event, date in zip(events, dates, strict=True):
                self._add_window([event], date, vague=False)
            return
        moved = clause.has(Cue.MOVED, Cue.POSTPONED)
        date = _whole(dates) if moved else min(dates, key=_coarseness)
        window = date.mention.window
        single = window.start == window.end
        if single and ends and ends[0].end > window.start:
            whole = Window(start=window.start, end=ends[0].end, precision=ends[0].precision)
            self._add(events, Attribute.WINDOW, whole, date.mention.text)
        elif single and clause.has(Cue.ENDING):
            self._end(events, date)
        elif not (single and clause.has(Cue.ENDED, Cue.UNDER_WAY)):
            first_day = clause.has(Cue.STARTING, Cue.STARTS, Cue.UNDER_WAY)
            exact = window.precision is Precision.DAY and not single
            if not (single and first_day and window.start == self.said_on):
                self._add_window(events, date, vague=first_day and not exact)
                for event in events:
                    if event in self.ends:  # "will end on the 6th, and begins on the 1st"
                        self._end([event], self.ends.pop(event))

    def _lasts(self, clause: Clause, events: list[str]) -> None:
        """Notes the last day where nothing else is said: "will last until 5 June"."""
        if clause.has(Cue.PHASE, Cue.HELD, Cue.ENDED) or not clause.has(*_UP_TO):
            return
        for date in self.bearings.dates_of.get(clause.number, ()):
            last_day = date.mention.kind == "until" and _in_days(date)
            if last_day and any(self.bearings.before(date.first, 0, Cue.UNTIL, *_UP_TO)):
                self._end(events, date)

    def _shifted(self, clause: Clause, events: list[str], dates: Sequence[Dated]) -> bool:
        """Reads by how much the event moves; True where that is all, since no new date is said."""
        if clause.has(Cue.HELD, Cue.ENDED):
            return False
        dated = any(not _is_year(date) for date in dates)
        after = self.clauses[clause.number + 1 :][:1]
        told = shift_of(clause, after[0] if after else None, self.bearings)
        if not clause.has(Cue.PHASE):
            moving = told.shift if told and (told.later or told.shift.start or told.shift.months) else None
            if moving is None and dated:
                moving = shift_beside(clause, self.bearings)
            if moving is not None:
                self.shifts |= dict.fromkeys(events, moving)
                if any((event, Attribute.WINDOW) in self.found for event in events):
                    return True  # "will open on the 8th, which is two days later than planned"
        if told is None or dated:
            return False
        if told.later and not clause.has(Cue.PHASE):
            words = self.bearings.slice(told.first, told.last)
            self._add(events, Attribute.STATUS, Status.POSTPONED, words)
            return True
        shift = Shift() if clause.has(Cue.PHASE) else told.shift
        self._add(events, Attribute.WINDOW, shift, self.bearings.slice(told.first, told.last))
        return shift != Shift()

    def _of_a_deed(self, clause: Clause, date: Dated) -> bool:
        """True for the day of a deed that the name is only the object of: "met on 20 May to settle X"."""
        window = date.mention.window
        own = (Cue.HOST, Cue.VENUE, Cue.PARTICIPATION, Cue.NEGATION)
        if clause.predicate or not clause.named or clause.has(*own):
            return False
        if window.start != window.end or date.mention.kind != "closed":
            return False
        tokens, text = self.reading.tokens, self.reading.text
        told = {place for cue in clause.cues for place in range(cue.first, cue.last)}
        first = min(name.first for name in clause.named)
        between = range(date.last, first) or (
            *range(clause.first, first),
            *range(max(name.last for name in clause.named), date.first),
        )
        return any(text[tokens[at].start].islower() for at in between if at not in told)

    def _instead(self, events: list[str], old: Sequence[Dated], dates: Sequence[Dated]) -> None:
        """Notes by how much days are moved beside those they replace: "on the 8th instead of the 6th"."""
        if len(old) == len(dates) == 1 and _in_days(old[0]) and _in_days(dates[0]):
            before, now = old[0].mention.window, dates[0].mention.window
            days = (now.start - before.start).days
            if days and (now.start == now.end or now.overlaps(before)):
                self.shifts |= dict.fromkeys(events, Shift(start=days, end=days))

    def _end(self, events: list[str], date: Dated) -> None:
        """Completes a window of which only the first day was said: "starts on …, and ends on …"."""
        for event in events:
            known = self.found.get((event, Attribute.WINDOW))
            end = date.mention.window.end
            if known is None or isinstance(known.value, Shift):
                self.ends[event] = date
            if known and isinstance(known.value, Window) and known.vague and known.value.start < end:
                start = min(self.reading.text.find(known.quote), date.mention.start)
                last = max(self.reading.text.find(known.quote) + len(known.quote), date.mention.end)
                self.found[event, Attribute.WINDOW] = Fact(
                    event=event,
                    attribute=Attribute.WINDOW,
                    value=Window(start=known.value.start, end=end, precision=Precision.DAY),
                    quote=self.reading.text[start:last],
                )

    def _of_something_else(self, clause: Clause, date: Dated) -> bool:
        """True for a date that another verb of the clause, or a phase of the event, stands nearer to."""
        if clause.has(Cue.PHASE):
            phase = min(cue.first for cue in clause.cues if cue.payload is Cue.PHASE)
            told = self.bearings.dates_of.get(clause.number, ())
            whole = self.windows_found or any(other.first < phase for other in told)
            single = date.mention.window.start == date.mention.window.end
            if phase < date.first and (whole or single):
                return True
        return clause.has(Cue.OTHER) and self._nearer_other(clause, date, _OWN)

    def _nearer_other(self, clause: Clause, value: Dated | Placed, own: frozenset[Cue]) -> bool:
        """True for a value that stands nearer to another deed than to what is said of the event."""
        ours = [cue.first for cue in clause.cues if cue.payload in own]
        others = [cue.first for cue in clause.cues if cue.payload is Cue.OTHER]
        return _nearest(others, value) < _nearest(ours, value)

    def _add_window(self, events: list[str], date: Dated, *, vague: bool) -> None:
        mention = date.mention
        self.windows_found = True
        self._add(events, Attribute.WINDOW, mention.window, mention.text, vague=vague or mention.vague)

    def _place(self, clause: Clause, events: list[str], places: list[Placed]) -> None:
        countries = list(dict.fromkeys(place.place.country for place in places))
        if not countries or (len(countries) > 1 and not clause.has(Cue.MOVED, Cue.POSTPONED)):
            return
        same = [place for place in places if place.place.country == countries[-1]]
        best = next((place for place in same if place.place.name), same[0])
        self._add(events, Attribute.PLACE, best.place, self.bearings.slice(best.first, best.last))

    def _status(self, clause: Clause, events: list[str], dates: Sequence[Dated]) -> None:
        changed = (Cue.CANCELLED, Cue.POSTPONED, Cue.MOVED, Cue.NO_SUCH)
        if clause.has(*changed):
            self._add(events, Attribute.STATUS, Status.PLANNED, self._words(clause, *changed))
            return
        kind = next((kind for kind in _STATUSES if clause.has(kind)), None)
        if kind is None or (clause.has(Cue.PHASE) and _STATUSES[kind] is Status.HELD):
            return
        said = min(cue.first for cue in clause.cues if cue.payload is kind)
        days = [date for date in dates if _in_days(date) and not self._since(date)]
        nearest = min(days, key=lambda date: abs(date.first - said), default=None)
        to_come = nearest is not None and nearest.mention.window.start > self.said_on
        for event in events:
            status = _STATUSES[kind]
            if status is Status.UNDER_WAY and to_come:
                status = Status.PLANNED  # "is held on 3-5 June", said in May
            edition = series_and_edition(event)[1]
            if status is Status.UNDER_WAY and edition and int(edition) < self.said_on.year:
                status = Status.HELD
            self._add([event], Attribute.STATUS, status, self._words(clause, kind))

    def _values_in(self, clause: Clause, events: list[str]) -> None:
        """Values that stand for themselves, such as counts."""
        if len(events) > 1 and not clause.has(Cue.PARTICIPATION):
            return
        for found in self.values.get(clause.number, ()):
            words = self.bearings.slice(found.first, found.last)
            self._add(events, found.attribute, found.value, words)

    def _participants(self, clause: Clause, events: list[str], places: Sequence[Placed]) -> bool:
        """Reads who takes part, joins or stays away; True where somebody does, so that this is all."""
        where = frozenset(place.first for place in places)
        found = membership_of(clause, self.bearings, where)
        if found is None:
            return False
        if found.joining is None and self._governed(clause):
            return False
        if found.codes:
            words = self.bearings.slice(found.first, found.last)
            self._add(events, Attribute.PARTICIPANTS, found.codes, words, joining=found.joining)
        return found.joining is not None

    def _renamed(self, clause: Clause) -> bool:
        """Reads "X was renamed Y"; Y is a name of X, not an event of its own."""
        at = next(cue.first for cue in clause.cues if cue.payload is Cue.RENAMED)
        new = bisect_left(self.named, at, key=lambda name: name.first)
        former = self.named[new - 1].event if new else self.topic if clause.has(Cue.ANAPHOR) else None
        if former is None or new == len(self.named):
            return False
        name = self.named[new]
        self._add([former], Attribute.NAME, name.event, self.bearings.slice(name.first, name.last))
        return True

    # -- quotations --------------------------------------------------------------------------------

    def _words(self, clause: Clause, *kinds: Cue) -> str:
        cue = next(cue for kind in kinds for cue in clause.cues if cue.payload is kind)
        return self.bearings.slice(cue.first, cue.last)

    def _add(
        self,
        events: Iterable[str],
        attribute: Attribute,
        value: FactValue,
        quote: str,
        *,
        vague: bool = False,
        joining: bool | None = None,
    ) -> None:
        """Keeps the first fact of each kind, unless the new one beats it."""
        for event in events:
            known = self.found.get((event, attribute))
            if known is None or _beats(value, known.value):
                self.found[event, attribute] = Fact(
                    event=event, attribute=attribute, value=value, quote=quote, vague=vague, joining=joining
                )


def _with_tokens(reading: Reading, named: Sequence[EventMention]) -> list[Named]:
    tokens = reading.tokens
    found = []
    place = 0
    for mention in named:
        while tokens[place].start < mention.start:
            place += 1
        last = place + 1
        while last < len(tokens) and tokens[last].end <= mention.end:
            last += 1
        found.append(Named(mention.event, place, last, mention.meeting))
    return found


def _beats(value: FactValue, known: FactValue) -> bool:
    """What happened beats the plan beside it, put off the "will not be held" before it, finer coarser."""
    match value, known:
        case Status(), Status.PLANNED:
            return value is not Status.PLANNED
        case Status(), Status.CANCELLED:
            return value is Status.POSTPONED
        case Place(), Place():
            return value.country == known.country and known.name is None and value.name is not None
        case Window(), Window():
            return known.contains(value) and value != known
        case (Window(), Shift()) | (Shift(until=dt.date()), Shift()):
            return True
    return False


def _coarseness(date: Dated) -> tuple[int, bool, int]:
    """Ranges of days first, then single days, then coarser windows; the first said wins a tie."""
    window = date.mention.window
    return (window.precision.rank, window.start == window.end, date.first)


def _whole(dates: Sequence[Dated]) -> Dated:
    """The last date, unless it is only a day of one before: "moved to 27-31 October, from the 27th on"."""
    last = dates[-1].mention.window
    wholes = (date for date in dates if _in_days(date) and _beats(last, date.mention.window))
    return next(wholes, dates[-1])


def _is_year(date: Dated) -> bool:
    return date.mention.window.precision is Precision.YEAR


def _in_days(date: Dated) -> bool:
    return date.mention.window.precision is Precision.DAY


def _nearest(tokens: Sequence[int], value: Dated | Placed) -> int:
    """Words between a date or place and the nearest of these tokens, which are in order."""
    at = bisect_left(tokens, value.first)
    before = value.first - tokens[at - 1] if at else _FAR
    after = tokens[at] - value.last + 1 if at < len(tokens) else _FAR
    return min(before, after)


_FAR = 1_000_000

_LISTING = _NOUNS | {Cue.AND, Cue.NO_NAME}
"""What stands between the events of a list: "X and the training Y"."""

_EMPTY = frozenset({Cue.NO_NAME, Cue.THEME, Cue.YEAR})

_OWN = PREDICATES | {Cue.HOLDING, Cue.DATES}
_OWN_PLACE = _OWN | {Cue.HOST, Cue.VENUE, Cue.PHASE}

_BEFORE_SUBJECT = frozenset({Cue.EXERCISE, Cue.ANAPHOR, Cue.NO_NAME})
_HAPPENED = (Cue.HELD, Cue.ENDED, Cue.UNDER_WAY)


def _one_edition_each(events: list[str]) -> list[str]:
    """Of two editions of a series in one clause, the first: the other is what it is compared with."""
    kept: dict[str, str] = {}
    for event in events:
        kept.setdefault(series_and_edition(event)[0], event)
    return list(kept.values())
