"""Which facts a statement asserts of the events it names, or that the text around it gives it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from diffing.clauses import PREDICATES, Break, Clause, Named, clauses_of
from diffing.counts import CountMention, read_counts
from diffing.languages.assertions import Cue
from diffing.model import (
    Attribute,
    BlockKind,
    Fact,
    FactValue,
    Gazetteer,
    Place,
    Precision,
    Statement,
    Status,
    Window,
    series_and_edition,
)
from diffing.naming import EventMention, Naming, mentions
from diffing.phrases import Hit
from diffing.reading import Force, Reading, Whose, read
from diffing.windows import WindowMention, read_windows

__all__ = ["read_facts"]

_HEADING_LONGEST = 140
"""Letters that a line without a full stop may have and still be a heading of what follows."""

_TOPIC_LASTS = 2
"""Statements without a name after which "the training" is no longer clearly the one named before."""


@dataclass(slots=True)
class _Context:
    """What the text has said so far: the one event spoken of, editions named, the section's year."""

    topic: str | None = None
    silent_for: int = 0
    editions: dict[str, str] = field(default_factory=dict)
    year: int | None = None

    def heard(self, events: Iterable[str]) -> None:
        """Takes note of the events that a statement named."""
        named = list(dict.fromkeys(events))
        if named:
            self.topic = named[0] if len(named) == 1 else None
            self.silent_for = 0
            for event in named:
                series, edition = series_and_edition(event)
                if edition:
                    self.editions[series] = edition
        else:
            self.silent_for += 1
            if self.silent_for > _TOPIC_LASTS:
                self.topic = None


def read_facts(
    statements: Sequence[Statement],
    said_on: dt.date,
    gazetteer: Gazetteer,
    title: str | None = None,
) -> tuple[tuple[Fact, ...], ...]:
    """For each statement of one text, in order, the facts that it asserts.

    The text is the context: its title and earlier statements say which event "the training" is and
    which edition a bare name means; an item is read with its lead-in. What is denied, conditional,
    forecast, asked, or said of something around the event (talks, arrival, ceremonies) is no fact.
    """
    context = _Context()
    if title and statements:
        naming = Naming(year=None, editions={})
        reading = read(title, statements[0].language, gazetteer)
        context.heard(mention.event for mention in mentions(reading, said_on, naming))
    return tuple(_facts_of(statement, said_on, gazetteer, context) for statement in statements)


def _facts_of(
    statement: Statement, said_on: dt.date, gazetteer: Gazetteer, context: _Context
) -> tuple[Fact, ...]:
    reading = read(statement.full_text, statement.language, gazetteer)
    _note_section(statement, reading, context)
    named = mentions(reading, said_on, Naming(year=context.year, editions=context.editions))
    facts: tuple[Fact, ...] = ()
    if (named or context.topic) and not statement.text.rstrip(" \"'”»)").endswith("?"):
        facts = _Reader(reading, named, said_on, context.topic).facts()
    context.heard(mention.event for mention in named)
    return facts


def _note_section(statement: Statement, reading: Reading, context: _Context) -> None:
    """A heading, or the lead-in of a list, with one year gives it to the bare names that follow."""
    text = statement.text.rstrip()
    heading = statement.kind is BlockKind.HEADING or (
        statement.lead_in is None and len(text) <= _HEADING_LONGEST and text[-1:].isalnum()
    )
    if not heading and statement.lead_in is None:
        return
    limit = len(statement.lead_in) if statement.lead_in else len(statement.text)
    years = {
        int(token.word)
        for token in reading.tokens
        if len(token.word) == 4 and token.word[:2] == "20" and token.word.isdigit() and token.end <= limit
    }
    if len(years) == 1:
        context.year = years.pop()


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

_OLD_REACH = 5
"""Words between "originally" or "instead of" and the value that it makes old."""

_NOT_REACH = 2
_TO_REACH = 2
_TIGHT_REACH = 2


@dataclass(frozen=True, slots=True)
class _Dated:
    """A window with the tokens that say it."""

    mention: WindowMention
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Placed:
    place: Place
    first: int
    last: int


class _Reader:
    """Reads one statement; `topic` is the event that "the training" would mean (None: none)."""

    def __init__(
        self, reading: Reading, named: Sequence[EventMention], said_on: dt.date, topic: str | None
    ) -> None:
        self.reading = reading
        self.said_on = said_on
        self.topic = topic
        self.token_at = {token.start: place for place, token in enumerate(reading.tokens)}
        self.named = [self._tokens_of(mention) for mention in named]
        edition = series_and_edition(named[0].event if named else topic or "")[1]
        self.dated = self._windows(int(edition) if edition else None)
        self.clauses = clauses_of(reading, self.named, [(date.first, date.last) for date in self.dated])
        spans = [(name.first, name.last) for name in self.named]
        spans += [(date.first, date.last) for date in self.dated if not _is_year(date)]
        taken = {place for first, last in spans for place in range(first, last)}
        self.counts: tuple[CountMention, ...] = read_counts(reading, taken)
        self.found: dict[tuple[str, Attribute], Fact] = {}

    def _tokens_of(self, mention: EventMention) -> Named:
        first = self.token_at[mention.start]
        return Named(mention.event, first, self._token_before(mention.end, first))

    def _token_before(self, end: int, first: int) -> int:
        tokens = self.reading.tokens
        last = first + 1
        while last < len(tokens) and tokens[last].end <= end:
            last += 1
        return last

    def _windows(self, year: int | None) -> list[_Dated]:
        tokens = self.reading.tokens
        found = []
        place = 0
        for mention in read_windows(self.reading.text, self.said_on, self.reading.language, year):
            while place < len(tokens) and tokens[place].end <= mention.start:
                place += 1
            last = place
            while last < len(tokens) and tokens[last].start < mention.end:
                last += 1
            if last > place and not any(name.first <= place < name.last for name in self.named):
                found.append(_Dated(mention, place, last))
                place = last
        return found

    def facts(self) -> tuple[Fact, ...]:
        """The facts, in the order in which they were read."""
        if any(cue.payload is Cue.HYPOTHETICAL for cue in self.reading.cues):
            return ()
        denied = self._denied()
        last_named: list[str] = []
        for number, clause in enumerate(self.clauses):
            events = self._events(clause, last_named)
            if clause.named:
                last_named = list(dict.fromkeys(name.event for name in clause.named))
            if not events or number in denied or self._unsure(number) or self._negated(clause):
                continue
            self._read_clause(number, clause, events)
        return tuple(self.found.values())

    # -- what a clause speaks of -------------------------------------------------------------------

    def _events(self, clause: Clause, before: list[str]) -> list[str]:
        """The events that the clause says something of."""
        if clause.broken_by is Break.TEMPORAL:
            return []
        if clause.broken_by is Break.RELATIVE and not clause.named:
            return self._antecedent(clause, before)
        if not clause.named and clause.inherits is not None and not self._anaphoric(clause):
            subject = clause.inherits
            while subject.inherits is not None and not subject.named:
                subject = subject.inherits
            if self._governed(subject):
                return []
            return [name.event for name in subject.named] or self._of_topic(subject, before)
        if clause.named:
            return list(dict.fromkeys(name.event for name in clause.named))
        return self._of_topic(clause, before)

    def _of_topic(self, clause: Clause, before: list[str]) -> list[str]:
        if not self._anaphoric(clause):
            return []
        if before:
            return before if len(before) == 1 else []
        return [self.topic] if self.topic else []

    def _antecedent(self, clause: Clause, before: list[str]) -> list[str]:
        """The event just named, unless the clause may as well speak of the talks on it."""
        previous = self.clauses[self.clauses.index(clause) - 1] if clause in self.clauses else None
        if previous is None or clause.has(Cue.ANCILLARY, Cue.OTHER):
            return []
        events = [name.event for name in previous.named] or before
        if not self._governed(previous):
            return events
        return events if clause.has(Cue.PLANNED, Cue.STARTING) else []

    def _anaphoric(self, clause: Clause) -> bool:
        firsts = {first for first, _ in clause.pieces}
        for cue in clause.cues:
            if cue.payload is Cue.ANAPHOR:
                return True
            if cue.payload is Cue.PRONOUN and clause.has(Cue.PARTICIPATION):
                return True
            if cue.payload is Cue.PRONOUN and cue.first in firsts and clause.predicate:
                return not clause.has(Cue.HOLDING)
            if cue.payload is Cue.EXERCISE and self.reading.language == "ru" and cue.first in firsts:
                return True
        return False

    def _governed(self, clause: Clause) -> bool:
        """True where something around the event governs the clause: talks on it, arrival for it."""
        ancillary = [cue for cue in clause.cues if cue.payload is Cue.ANCILLARY]
        if ancillary:
            return not self._beside(clause, ancillary)
        own = clause.predicate or clause.has(Cue.HOLDING, Cue.PARTICIPATION)
        return clause.has(Cue.OTHER) and not own

    def _beside(self, clause: Clause, ancillary: list[Hit[Cue]]) -> bool:
        """True where the exercise stands beside the talks, not under them: "a meeting and a training"."""
        last = ancillary[-1].last
        joins = [cue.first for cue in clause.cues if cue.payload is Cue.AND and cue.first >= last]
        if not joins or not clause.named:
            return False
        join = joins[0]
        name = next((name for name in clause.named if name.first > join), None)
        if name is None or any(name.first < join for name in clause.named):
            return False
        nouns = [
            cue.first
            for cue in clause.cues
            if cue.payload in (Cue.EXERCISE, Cue.ANAPHOR) and cue.first > join
        ]
        if not nouns or nouns[0] > join + _OLD_REACH or nouns[0] > name.first:
            return False
        return not any(
            join < cue.first < nouns[0] and cue.payload in (Cue.HOLDING, Cue.OBLIQUE, Cue.FROM)
            for cue in clause.cues
        )

    def _frame(self, clause: Clause, name: Named) -> bool:
        """True where the event is only the frame of what is said: during X, ahead of X, at X."""
        cues = {cue.last - 1: cue for cue in clause.cues if cue.payload is Cue.OBLIQUE}
        ends = {cue.last - 1: cue.payload for cue in clause.cues if cue.payload in _STOPS}
        dated = {date.last - 1 for date in self.dated}
        nouns = {cue.last - 1 for cue in clause.cues if cue.payload in (Cue.EXERCISE, Cue.ANAPHOR)}
        tokens = self.reading.tokens
        place, steps, free = name.first - 1, 0, False
        while place >= clause.first and steps < _OLD_REACH * 2:
            if place in dated or not clause.holds(place):
                return False
            if place in nouns:
                steps, free = _OLD_REACH, True
            elif place in cues and place not in nouns:
                return True
            elif place in ends and (free or ends[place] in _WALLS or place == name.first - 1):
                return False
            gap = self.reading.folded[tokens[place].end : tokens[place + 1].start]
            if not tokens[place + 1].glued and gap.strip('" -'):
                return False
            place -= 1
            steps += 1
        return False

    # -- what is not asserted ----------------------------------------------------------------------

    def _denied(self) -> set[int]:
        """Clauses whose content the statement says is not so."""
        denials = [cue.first for cue in self.reading.cues if cue.payload is Cue.DENIAL]
        denied: set[int] = set()
        if not denials:
            return denied
        part: list[int] = []
        spreading = False
        for number, clause in enumerate(self.clauses):
            if clause.broken_by in (Break.STRONG, Break.COLON):
                part, spreading = [], False
            part.append(number)
            if any(clause.holds(place) for place in denials):
                denied.update(part)
                spreading = True
            elif spreading and clause.broken_by in (Break.THAT, Break.RELATIVE):
                denied.add(number)
            else:
                spreading = False
                if denied:
                    part = []
        return denied

    def _unsure(self, number: int) -> bool:
        """True for a clause that only may be so, or that follows one: "it is possible that …"."""
        clause = self.clauses[number]
        if clause.has(Cue.CONDITIONAL):
            return True
        return clause.broken_by is Break.THAT and number > 0 and self._unsure(number - 1)

    def _negated(self, clause: Clause) -> bool:
        """True where what the clause says has become of the event is denied in it."""
        negations = [cue.last for cue in clause.cues if cue.payload is Cue.NEGATION]
        if not negations:
            return False
        return any(
            0 <= cue.first - last < _NOT_REACH
            and all(token.glued for token in self.reading.tokens[last : cue.first + 1])
            for cue in clause.cues
            if cue.payload in PREDICATES or cue.payload is Cue.PARTICIPATION
            for last in negations
        )

    # -- what a clause asserts ---------------------------------------------------------------------

    def _read_clause(self, number: int, clause: Clause, events: list[str]) -> None:
        if clause.has(Cue.RENAMED) and self._renamed(clause):
            return
        framed = {name.event for name in clause.named if self._frame(clause, name)}
        governed = self._governed(clause)
        if governed:
            self._tight(clause, events)
            return
        core = [event for event in events if event not in framed]
        self._counts_and_participants(clause, events)
        if not core:
            return
        core = _one_edition_each(core)
        replaced = self._replaced(number, clause)
        dates = [date for date in self.dated if clause.holds(date.first)]
        places = self._places(clause)
        contrast = max((cue.first for cue in clause.cues if cue.payload is Cue.CONTRAST), default=-1)
        if clause.has(Cue.CANCELLED) or self._no_such(clause):
            fresh_dates = [date for date in dates if date.first > contrast >= 0]
            fresh_places = [place for place in places if place.first > contrast >= 0]
            if replaced:
                return
            if not fresh_dates and not fresh_places:
                self._add(
                    core, Attribute.STATUS, Status.CANCELLED, self._words(clause, Cue.CANCELLED, Cue.NO_SUCH)
                )
                return
            dates, places = fresh_dates, fresh_places
        dates = [date for date in dates if not self._old(clause, date.first, date.last, dates)]
        if clause.has(Cue.POSTPONED):
            dates = [date for date in dates if self._target(clause, date)]
            dates = [date for date in dates if date.mention.window.precision is not Precision.YEAR]
            if not dates and not (places and clause.has(Cue.MOVED)) and not self._moved_place(clause, places):
                self._add(core, Attribute.STATUS, Status.POSTPONED, self._words(clause, Cue.POSTPONED))
                return
        if not self._superseded(number, clause):
            self._window(clause, core, dates)
            self._place(clause, core, places)
        self._status(clause, core, dates)

    def _no_such(self, clause: Clause) -> bool:
        """True for "there will be no such exercise", where the language says it without a verb."""
        tokens = self.reading.tokens
        return any(
            cue.payload is Cue.NO_SUCH
            and (
                cue.last == len(tokens)
                or not tokens[cue.last].glued
                or not tokens[cue.last].word.endswith(_INFINITIVES)
            )
            for cue in clause.cues
        )

    def _superseded(self, number: int, clause: Clause) -> bool:
        """True where this is the plan that another clause says was changed."""
        if not clause.has(Cue.PLANNED, Cue.PAST_PLAN) or clause.has(Cue.MOVED, Cue.POSTPONED):
            return False
        others = [other for place, other in enumerate(self.clauses) if place != number]
        if any(other.has(Cue.MOVED, Cue.POSTPONED, Cue.CANCELLED) for other in others):
            return clause.broken_by is Break.RELATIVE or clause.has(Cue.PAST_PLAN)
        later = [other for place, other in enumerate(self.clauses) if place > number]
        return clause.has(Cue.PAST_PLAN) and any(other.dated or other.placed for other in later)

    def _replaced(self, number: int, clause: Clause) -> bool:
        """True where the next clause says what will be instead: "will not be held in X, but will …"."""
        following = self.clauses[number + 1] if number + 1 < len(self.clauses) else None
        return (
            following is not None
            and following.inherits is clause
            and following.predicate
            and any(cue.payload is Cue.CONTRAST and cue.first == following.first for cue in following.cues)
            and following.has(Cue.PLANNED, Cue.POSTPONED, Cue.MOVED)
        )

    def _old(self, clause: Clause, first: int, last: int, dates: Sequence[_Dated] = ()) -> bool:
        """True for a value that the statement itself says is no longer so."""
        for cue in clause.cues:
            if cue.payload is Cue.OLD:
                reach = _NOT_REACH if self.reading.tokens[cue.first].word in _NOT else _OLD_REACH
                if 0 <= first - cue.last <= reach and not self._between(clause, cue.last, first, dates):
                    return True
        if not clause.has(Cue.MOVED, Cue.POSTPONED):
            return False
        from_here = any(cue.payload is Cue.FROM and 0 <= first - cue.last <= 1 for cue in clause.cues)
        return from_here and any(date.first >= last for date in dates)

    def _between(self, clause: Clause, first: int, last: int, dates: Sequence[_Dated]) -> bool:
        if any(first <= hit.first < last and isinstance(hit.payload, Place) for hit in self.reading.places):
            return True
        return any(first <= date.first < last for date in dates) or any(
            first <= cue.first < last and cue.payload in PREDICATES and cue.payload is not Cue.PLANNED
            for cue in clause.cues
        )

    def _target(self, clause: Clause, date: _Dated) -> bool:
        """True for the new date of something put off: "postponed to 3-7 November"."""
        return any(
            cue.payload in (Cue.TO, Cue.UNTIL)
            and cue.first <= date.first
            and 0 <= date.first - cue.last <= _TO_REACH
            for cue in clause.cues
        )

    def _moved_place(self, clause: Clause, places: Sequence[_Placed]) -> bool:
        return bool(places) and not any(
            cue.payload is Cue.POSTPONED and cue.last - cue.first > 1 for cue in clause.cues
        )

    def _tight(self, clause: Clause, events: list[str]) -> None:
        """In a clause of something else, the plan said in passing: "talks on X, planned for May, …"."""
        for date in self.dated:
            if not clause.holds(date.first):
                continue
            for cue in clause.cues:
                near = 0 <= date.first - cue.last <= _TIGHT_REACH and cue.payload is Cue.SET
                name = next((name for name in clause.named if 0 <= cue.first - name.last <= 1), None)
                if near and name and name.event in events:
                    self._add_window([name.event], date, vague=False)

    def _window(self, clause: Clause, events: list[str], dates: list[_Dated]) -> None:
        dates = [date for date in dates if not self._of_something_else(clause, date)]
        ends = [date for date in dates if date.mention.kind == "until"]
        dates = [
            date
            for date in dates
            if date.mention.kind == "closed" and date.mention.window.precision is not Precision.YEAR
        ]
        starting = clause.has(Cue.STARTING, Cue.STARTS, Cue.UNDER_WAY)
        if dates and clause.has(Cue.RESPECTIVELY) and len(dates) == len(events):
            for event, date in zip(events, dates, strict=True):
                self._add_window([event], date, vague=False)
            return
        if not dates:
            return
        date = dates[-1] if clause.has(Cue.MOVED, Cue.POSTPONED) else min(dates, key=_coarseness)
        single = date.mention.window.start == date.mention.window.end
        if single and ends and ends[0].mention.window.end > date.mention.window.start:
            window = Window(
                start=date.mention.window.start,
                end=ends[0].mention.window.end,
                precision=ends[0].mention.window.precision,
            )
            quote = self._slice(min(date.first, ends[0].first), max(date.last, ends[0].last))
            self._add(events, Attribute.WINDOW, window, quote)
            return
        if single and clause.has(Cue.ENDING):
            self._end(events, date)
            return
        if single and (clause.has(Cue.ENDED, Cue.UNDER_WAY) or (starting and self._report_day(date))):
            return
        self._add_window(events, date, vague=starting and (single or not _in_days(date)))

    def _end(self, events: list[str], date: _Dated) -> None:
        """Completes a window of which only the first day was said: "starts on …, and ends on …"."""
        for event in events:
            known = self.found.get((event, Attribute.WINDOW))
            end = date.mention.window.end
            if known and isinstance(known.value, Window) and known.vague and known.value.start < end:
                start = self.reading.text.find(known.quote)
                self.found[event, Attribute.WINDOW] = Fact(
                    event=event,
                    attribute=Attribute.WINDOW,
                    value=Window(start=known.value.start, end=end, precision=Precision.DAY),
                    quote=self.reading.text[start : date.mention.end] if start >= 0 else known.quote,
                )

    def _report_day(self, date: _Dated) -> bool:
        return date.mention.window.start == self.said_on

    def _of_something_else(self, clause: Clause, date: _Dated) -> bool:
        """True for a date that another verb of the clause, or a phase of the event, stands nearer to."""
        phases = [cue.first for cue in clause.cues if cue.payload is Cue.PHASE]
        if phases and any(phase < date.first for phase in phases):
            return True
        others = [cue for cue in clause.cues if cue.payload is Cue.OTHER]
        if not others:
            return False
        own = [cue for cue in clause.cues if cue.payload in PREDICATES or cue.payload is Cue.HOLDING]
        return min(_distance(cue, date) for cue in others) < min(
            (_distance(cue, date) for cue in own), default=len(self.reading.tokens)
        )

    def _add_window(self, events: list[str], date: _Dated, *, vague: bool) -> None:
        self._add(
            events,
            Attribute.WINDOW,
            date.mention.window,
            date.mention.text,
            vague=vague or date.mention.vague,
        )

    def _place(self, clause: Clause, events: list[str], places: list[_Placed]) -> None:
        if not places or (
            clause.has(Cue.CANCELLED) and not any(cue.payload is Cue.CONTRAST for cue in clause.cues)
        ):
            return
        countries = dict.fromkeys(place.place.country for place in places)
        if len(countries) > 1 and not clause.has(Cue.MOVED, Cue.POSTPONED):
            return
        country = list(countries)[-1]
        same = [place for place in places if place.place.country == country]
        best = next((place for place in same if place.place.name), same[0])
        self._add(events, Attribute.PLACE, best.place, self._slice(best.first, best.last))

    def _places(self, clause: Clause) -> list[_Placed]:
        """Where the clause says that something is, values of the past left out."""
        found: list[_Placed] = []
        moved = clause.has(Cue.MOVED, Cue.POSTPONED)
        spans = [hit for hit in self.reading.places if clause.holds(hit.first)]
        from_there = {cue.last - 1 for cue in clause.cues if cue.payload in (Cue.FROM, Cue.OLD)}
        for hit in spans:
            if isinstance(hit.payload, Force):
                continue
            place = hit.payload if isinstance(hit.payload, Place) else self._whose_ground(clause, hit)
            if place is None:
                continue
            joined = found and hit.first - found[-1].last <= 1 and self._joined(found[-1].last, hit.first)
            if joined == "and" and place.country != found[-1].place.country:
                found.pop()
                continue
            where = self._where(clause, hit, moved=moved) or (
                joined == "," and place.country == found[-1].place.country
            )
            venue = clause.has(Cue.VENUE) and hit.first - 1 not in from_there
            if (where or venue or self._hosts(clause, hit)) and not self._old(clause, hit.first, hit.last):
                found.append(_Placed(place, hit.first, hit.last))
        return found

    def _joined(self, last: int, first: int) -> str:
        tokens = self.reading.tokens
        gap = self.reading.folded[tokens[last - 1].end : tokens[first].start].strip(" \"'")
        return "and" if gap in ("and", "и") else gap

    def _whose_ground(self, clause: Clause, hit: Hit[Place | Whose | Force]) -> Place | None:
        whose = hit.payload
        near = any(
            cue.payload in (Cue.TERRITORY, Cue.GROUND) and 0 <= cue.first - hit.last <= _NOT_REACH
            for cue in clause.cues
        )
        return Place(country=whose.country) if isinstance(whose, Whose) and near else None

    def _where(self, clause: Clause, hit: Hit[Place | Whose | Force], *, moved: bool) -> bool:
        """True where the words before a place say that something is there."""
        tokens = self.reading.tokens
        prepositions = {
            cue.last - 1: cue.payload
            for cue in clause.cues
            if cue.payload in (Cue.IN, Cue.FROM, Cue.TO, Cue.OLD, Cue.TERRITORY, Cue.GROUND, Cue.UNTIL)
        }
        inward = {cue.last - 1 for cue in clause.cues if cue.payload is Cue.IN}
        toward = {cue.last - 1 for cue in clause.cues if cue.payload is Cue.TO}
        place, free = hit.first - 1, _NOT_REACH
        while place >= 0 and free >= 0 and clause.holds(place):
            if place in inward or (moved and place in toward):
                return True
            kind = prepositions.get(place)
            if kind in (Cue.TERRITORY, Cue.GROUND):
                free += _NOT_REACH
            elif (
                kind is Cue.FROM
                and tokens[place].word == "of"
                and prepositions.get(place - 1)
                in (
                    Cue.TERRITORY,
                    Cue.GROUND,
                )
            ):
                free += 1
            elif kind is not None:
                return False
            gap = self.reading.folded[tokens[place].end : tokens[place + 1].start]
            if not tokens[place + 1].glued and gap.strip('" -'):
                return False
            place, free = place - 1, free - 1
        return False

    def _hosts(self, clause: Clause, hit: Hit[Place | Whose | Force]) -> bool:
        if not isinstance(hit.payload, Place):
            return False
        for cue in clause.cues:
            if cue.payload is not Cue.HOST:
                continue
            after = 0 <= cue.first - hit.last <= _NOT_REACH
            by = self.reading.tokens[cue.last - 1].word == "by" and 0 <= hit.first - cue.last <= 1
            if after or by:
                return True
        return any(
            cue.payload is Cue.HOST and self.reading.language == "ru" and 0 <= hit.first - cue.last <= 1
            for cue in clause.cues
        )

    def _status(self, clause: Clause, events: list[str], dates: Sequence[_Dated]) -> None:
        if clause.has(Cue.CANCELLED, Cue.POSTPONED, Cue.MOVED):
            self._add(events, Attribute.STATUS, Status.PLANNED, self._slice(clause.first, clause.last))
            return
        for kind, status in _STATUSES.items():
            if not clause.has(kind):
                continue
            if clause.has(Cue.PHASE) and status is Status.HELD:
                return
            future = any(
                date.mention.window.start > self.said_on and date.mention.window.precision is Precision.DAY
                for date in dates
            )
            if status is Status.UNDER_WAY and future:
                status = Status.PLANNED  # noqa: PLW2901 ("is held on 3-5 June", said in May)
            for event in events:
                edition = series_and_edition(event)[1]
                past = edition is not None and int(edition) < self.said_on.year
                value = Status.HELD if status is Status.UNDER_WAY and past else status
                self._add([event], Attribute.STATUS, value, self._words(clause, kind))
            return

    def _counts_and_participants(self, clause: Clause, events: list[str]) -> None:
        if len(events) != 1 and not clause.has(Cue.PARTICIPATION):
            return
        for count in self.counts:
            if clause.holds(count.first):
                self._add(events, count.attribute, count.count, self._slice(count.first, count.last))
        if not clause.has(Cue.PARTICIPATION):
            return
        here = {place.first for place in self._places(clause)}
        hits = [
            hit
            for hit in self.reading.places
            if clause.holds(hit.first)
            and hit.first not in here
            and (
                (isinstance(hit.payload, Place) and hit.payload.name is None)
                or isinstance(hit.payload, Whose)
            )
        ]
        codes = {
            hit.payload.country
            for hit in hits
            if isinstance(hit.payload, Place | Whose) and hit.payload.country
        }
        if len(codes) > 1:
            quote = self._slice(hits[0].first, hits[-1].last)
            self._add(events, Attribute.PARTICIPANTS, tuple(sorted(codes)), quote)

    def _renamed(self, clause: Clause) -> bool:
        """Reads "X was renamed Y"; Y is a name of X, not an event of its own."""
        at = next(cue.first for cue in clause.cues if cue.payload is Cue.RENAMED)
        old = [name for name in self.named if name.first < at]
        new = [name for name in self.named if name.first > at]
        former = old[-1].event if old else self.topic if clause.has(Cue.ANAPHOR) else None
        if former is None or not new:
            return False
        quote = self._slice(new[0].first, new[0].last)
        self._add([former], Attribute.NAME, new[0].event, quote)
        return True

    # -- quotations --------------------------------------------------------------------------------

    def _words(self, clause: Clause, *kinds: Cue) -> str:
        cue = next(cue for cue in clause.cues if cue.payload in kinds)
        return self._slice(cue.first, cue.last)

    def _slice(self, first: int, last: int) -> str:
        tokens = self.reading.tokens
        return self.reading.text[tokens[first].start : tokens[last - 1].end]

    def _add(
        self,
        events: Iterable[str],
        attribute: Attribute,
        value: FactValue,
        quote: str,
        *,
        vague: bool = False,
    ) -> None:
        """Keeps the first fact of each kind, except that a change of status beats a plan."""
        for event in events:
            key = (event, attribute)
            known = self.found.get(key)
            if known and not _beats(value, known.value):
                continue
            self.found[key] = Fact(event=event, attribute=attribute, value=value, quote=quote, vague=vague)


_INFINITIVES = ("ть", "ться", "чь", "ен", "ена", "ено", "ены", "ут", "ют", "ет", "ит")
_NOT = frozenset({"not", "не"})
_WALLS = PREDICATES | {Cue.COPULA}
_STOPS = PREDICATES | {
    Cue.HOLDING,
    Cue.IN,
    Cue.FROM,
    Cue.TO,
    Cue.PHASE,
    Cue.AND,
    Cue.PARTICIPATION,
    Cue.COPULA,
}


def _beats(value: FactValue, known: FactValue) -> bool:
    """What happened wins over the plan beside it; put off over the "will not be held" that leads to it."""
    if isinstance(value, Status):
        return (known is Status.PLANNED and value is not Status.PLANNED) or (
            known is Status.CANCELLED and value is Status.POSTPONED
        )
    if isinstance(value, Place) and isinstance(known, Place):
        return value.country == known.country and known.name is None and value.name is not None
    if isinstance(value, Window) and isinstance(known, Window):
        return known.contains(value) and value != known
    return False


def _coarseness(date: _Dated) -> tuple[int, bool, int]:
    """Ranges of days first, then single days, then coarser windows; the first said wins a tie."""
    window = date.mention.window
    return (window.precision.rank, window.start == window.end, date.first)


def _is_year(date: _Dated) -> bool:
    return date.mention.window.precision is Precision.YEAR


def _in_days(date: _Dated) -> bool:
    return date.mention.window.precision is Precision.DAY


def _distance(cue: Hit[Cue], date: _Dated) -> int:
    return cue.first - date.last if cue.first >= date.last else date.first - cue.last


def _one_edition_each(events: list[str]) -> list[str]:
    """Of two editions of a series in one clause, the first: the other is what it is compared with."""
    kept: Mapping[str, str] = {}
    for event in events:
        kept = {series_and_edition(event)[0]: event, **kept}
    return [event for event in events if event in kept.values()]
