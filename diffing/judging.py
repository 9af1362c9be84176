"""Says what a new statement does to what is known: its verdict, its closest match, its changes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from diffing.attributes import KINDS, Effect
from diffing.changes import highest, shift_days, verdict_of
from diffing.consolidation import consolidate
from diffing.facts import Told, read_statements
from diffing.ledger import Course, Weighed, effect_of, settled
from diffing.matching import Likeness, closest_of, content_words, is_occasion, restatement_of, similarity
from diffing.model import (
    Attribute,
    Change,
    ChangeKind,
    Fact,
    FactValue,
    Gazetteer,
    Judgement,
    Known,
    KnownFact,
    KnownStatement,
    Match,
    Shift,
    Significance,
    Statement,
    Status,
    Verdict,
    Window,
    series_and_edition,
)
from diffing.normal import normalise
from diffing.substance import of_substance
from diffing.wording import day_in_words, value_in_words

__all__ = ["edited_significance", "judge", "judge_read", "judge_text", "same_meaning"]

# A statement repeated word for word within this time is the same statement (a teaser, a second
# page), whatever a different context makes of its dates; after it, "in September" is another
# September. Half a year: yearless dates then mean the other year at the earliest.
_SAME_WORDS_SAME_MEANING = dt.timedelta(days=183)

# A statement whose facts are all known says something more of substance where at least so many of
# its content words, and this share of them, stand neither in what is known of the event nor among
# the words that any statement about an event has. Lower: a rewording with other verbs is called new;
# higher: news that repeats a known date is called restated. Measured on tests/diffing/test_judging.py.
_MORE_WORDS = 5
_MORE_SHARE = 0.45

# Words of a name: those in quotation marks and those that an edition follows ("frontier-2025").
_NAMES = re.compile(r'"[^"]{1,120}"|\b[^\W\d_]++(?= ?- ?20\d\d)')


def judge_text(
    statements: Sequence[Statement],
    known: Known,
    said_on: dt.date,
    gazetteer: Gazetteer,
    title: str | None = None,
    origins: Collection[str] = (),
    anew: Collection[int] = (),
) -> tuple[Judgement, ...]:
    """The judgements of a whole text, in order: facts read in context, one change a fact.

    `origins` are all addresses of the page that says it: what it says otherwise than another page of the
    same day contradicts that one and changes nothing (none: a text of no page, which changes what it says).
    `anew` are the places of the statements that an edit made the page say: its own words of before that it
    goes back to are no reprint, but say again what they said.
    """
    told = read_statements(statements, said_on, gazetteer, title)
    return judge_read(statements, told, known, said_on, origins, anew)


def judge_read(
    statements: Sequence[Statement],
    told: Sequence[Told],
    known: Known,
    said_on: dt.date,
    origins: Collection[str] = (),
    anew: Collection[int] = (),
    foreseen: Mapping[int, Likeness] = MappingProxyType({}),
) -> tuple[Judgement, ...]:
    """As `judge_text`, of statements of which it was read what they tell.

    `foreseen`, by place, is what of all that is known is like those that tell of no event and that nobody has
    said word for word, where it was looked for already; for the others it is looked for here.
    """
    ledger = _Ledger(known)
    return consolidate(
        [
            _judged(
                statement,
                tells,
                known,
                said_on,
                ledger,
                origins,
                anew=statement.index in anew,
                foreseen=foreseen.get(statement.index),
            )
            for statement, tells in zip(statements, told, strict=True)
        ]
    )


def judge(
    statement: Statement,
    facts: Sequence[Fact],
    known: Known,
    said_on: dt.date,
    *,
    events: Iterable[str] = (),
) -> Judgement:
    """What the statement, said on that day, does to what is known.

    `facts` are those read from it, `events` the keys of events that it names without asserting
    anything (they widen the search for a match, and make a new statement matter more). A statement
    older than what stands changes nothing. The match is None where nothing known is close.
    """
    told = Told(
        facts=tuple(facts),
        named=tuple(events),
        of_substance=of_substance(statement, asserts=bool(facts)),
    )
    return _judged(statement, told, known, said_on, _Ledger(known))


class _Ledger:
    """What is known and what stands of each event, worked out once for all statements of a text."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._facts: dict[str, Sequence[KnownFact]] = {}
        self._courses: dict[str, Course] = {}

    def facts(self, event: str) -> Sequence[KnownFact]:
        if event not in self._facts:
            self._facts[event] = self._known.facts_of(event)
        return self._facts[event]

    def course(self, event: str) -> Course:
        if event not in self._courses:
            self._courses[event] = Course.of(self.facts(event))
        return self._courses[event]


def _judged(
    statement: Statement,
    told: Told,
    known: Known,
    said_on: dt.date,
    ledger: _Ledger,
    origins: Collection[str] = (),
    *,
    anew: bool = False,
    foreseen: Likeness | None = None,
) -> Judgement:
    if not told.of_substance:
        return Judgement(statement=statement, verdict=Verdict.UNRELATED, match=None, facts=(), changes=())
    named = tuple(dict.fromkeys((*(fact.event for fact in told.facts), *told.named)))
    facts, open_shifts = _settled(told.facts, ledger)
    kept = (*facts, *open_shifts)
    exact = None if foreseen else known.exact(statement.normal)
    repeated = exact is not None and same_meaning(exact, said_on)
    goes_back = anew and exact is not None and exact.origin in origins
    if exact is not None and repeated and not goes_back:
        return _restated(statement, kept, Match(statement=exact, score=100.0))
    candidates = () if foreseen else known.candidates(statement.normal, named)
    match = foreseen.closest if foreseen else closest_of(statement, candidates)
    if exact is not None:
        match = Match(statement=exact, score=100.0)

    by_event: dict[str, list[Fact]] = {}
    for fact in facts:
        by_event.setdefault(fact.event, []).append(fact)
    changes: list[Change] = []
    informs = any(isinstance(fact.value, Shift) and fact.value.until is None for fact in open_shifts)
    # Who comes or stays away, of a list that nobody gave.
    informs |= len(facts) + len(open_shifts) < len(told.facts)
    for event, of_it in by_event.items():
        found, more = _event_changes(event, of_it, ledger, statement, said_on, origins)
        changes += found
        informs |= more

    if not changes:
        told_of = [known for event in named for known in ledger.facts(event)]
        restated = repeated or (
            bool(facts) and not informs and not _says_more(statement, facts, told_of, match)
        )
        if not (informs or repeated) and (match is None or not restated):
            same = foreseen.restated if foreseen else restatement_of(statement, candidates)
            restated = restated or same is not None
            if same is not None and (match is None or not facts):
                match = same
        if restated:
            return _restated(statement, kept, match or _known_from(facts, ledger, statement))
        changes.append(_statement_new(statement, match, next(filter(ledger.facts, named), None)))
    elif match is None:
        match = _against(changes, ledger, statement)
    return Judgement(
        statement=statement,
        verdict=verdict_of(changes),
        match=match,
        facts=kept,
        changes=tuple(changes),
    )


def _restated(statement: Statement, facts: Sequence[Fact], match: Match | None) -> Judgement:
    return Judgement(
        statement=statement, verdict=Verdict.RESTATED, match=match, facts=tuple(facts), changes=()
    )


def _settled(facts: Sequence[Fact], ledger: _Ledger) -> tuple[list[Fact], list[Fact]]:
    """The facts as the ledger has them whole, and the shifts that what is known gives no date to."""
    found: list[Fact] = []
    open_shifts: list[Fact] = []
    for fact in facts:
        if fact.joining is None and not isinstance(fact.value, Shift):
            found.append(fact)
            continue
        course = ledger.course(fact.event)
        whole = settled(course.stands, [fact], course.stood)
        found += whole
        if not whole and isinstance(fact.value, Shift):
            open_shifts.append(fact)
    return found, open_shifts


def edited_significance(old: Sequence[Fact], new: Sequence[Fact]) -> Significance:
    """How much an edit matters that made the facts `old` into `new`: the highest of the facts it changes.

    A fact that the edit takes away or brings in counts as medium; low where no fact changes.
    """
    before = {(fact.event, fact.attribute): fact for fact in old}
    after = {(fact.event, fact.attribute): fact for fact in new}
    found = []
    for key in before.keys() | after.keys():
        if key not in before or key not in after:
            found.append(Significance.MEDIUM)
            continue
        was, now = before[key], after[key]
        if was.value == now.value:
            continue
        kind = KINDS[now.attribute].change(effect_of(was, now), was, now)
        found.append(kind.significance if kind else Significance.MEDIUM)
    return highest(found)


def same_meaning(exact: KnownStatement, said_on: dt.date) -> bool:
    """Whether these very words, said on that day, are the known statement repeated.

    Word for word after more than half a year, "in September" is another September.
    """
    return exact.said_on is None or abs(said_on - exact.said_on) <= _SAME_WORDS_SAME_MEANING


def _event_changes(
    event: str,
    facts: Sequence[Fact],
    ledger: _Ledger,
    statement: Statement,
    said_on: dt.date,
    origins: Collection[str],
) -> tuple[list[Change], bool]:
    """The changes to one event, and whether the facts say anything of it that nobody had said."""
    known = ledger.facts(event)
    if not known:
        if _is_past(event, said_on):
            return [_announced(event, facts, statement)], True
        called_off = [
            _change(kind, first, statement)
            for first in (Weighed(fact=fact, old=None, effect=Effect.FIRST) for fact in facts)
            if (kind := _kind(first)) in {ChangeKind.CANCELLED, ChangeKind.POSTPONED}
        ]
        return [_announced(event, facts, statement), *called_off], True
    changes: list[Change] = []
    informs = False
    course = ledger.course(event)
    off = _is_cancelled(course)
    for weighed in course.weigh(facts, said_on, statement.language, origins):
        if weighed.old is not None and _day(weighed.old) > said_on:
            informs |= all(
                effect_of(old.fact, weighed.fact) is not Effect.SAME
                for old in known
                if old.fact.attribute is weighed.fact.attribute
            )
            continue
        if weighed.effect is Effect.RIVAL:
            changes.append(_contradiction(weighed, statement))
            continue
        kind = _kind(weighed)
        if kind is ChangeKind.REFINED and off:
            informs = True  # days and places of what was cancelled refine nothing
        elif kind in _MOVES and _is_over(facts, said_on):
            changes.append(_change(ChangeKind.REFINED, weighed, statement))
        elif kind is not None:
            changes.append(_change(kind, weighed, statement))
        elif weighed.effect is Effect.FIRST and weighed.fact.value is not Status.PLANNED:
            informs = True
        elif weighed.effect is Effect.FULLER and weighed.fact.value is Status.PLANNED:
            informs = True  # what had been put off is to be held after all
    return changes, informs


def _is_cancelled(course: Course) -> bool:
    status = course.stands.get(Attribute.STATUS, ())
    return bool(status) and status[0].fact.value is Status.CANCELLED


_MOVES = frozenset({ChangeKind.RESCHEDULED, ChangeKind.RELOCATED})

# So long after its last day an event is over for the reader too: that it was held at another time or
# place than was announced makes the record better, and nobody can act on it. A month leaves room for a
# site that reports late of what it never announced. Set by hand.
_OVER_AFTER = dt.timedelta(days=31)


def _is_over(facts: Sequence[Fact], said_on: dt.date) -> bool:
    """True where all days that the facts give the event were long past when that was said."""
    ends = [fact.value.end for fact in facts if isinstance(fact.value, Window)]
    return bool(ends) and max(ends) + _OVER_AFTER < said_on


def _is_past(event: str, said_on: dt.date) -> bool:
    """True for an edition of an earlier year: that it was called off then is history, not news."""
    edition = series_and_edition(event)[1]
    return edition is not None and int(edition) < said_on.year


def _kind(weighed: Weighed) -> ChangeKind | None:
    """What the fact is called that does this to what stands; None: it is no change."""
    old = weighed.old.fact if weighed.old else None
    return KINDS[weighed.fact.attribute].change(weighed.effect, old, weighed.fact)


def _announced(event: str, facts: Sequence[Fact], statement: Statement) -> Change:
    """One change for the whole event; its window speaks for it, else its place, else what was said first."""
    wanted = (Attribute.WINDOW, Attribute.PLACE)
    first = min(facts, key=lambda fact: wanted.index(fact.attribute) if fact.attribute in wanted else 2)
    said = ", ".join(value_in_words(fact.attribute, fact.value) for fact in facts)
    return Change(
        kind=ChangeKind.ANNOUNCED,
        significance=ChangeKind.ANNOUNCED.significance,
        event=event,
        attribute=first.attribute,
        new=first.value,
        new_statements=(statement.full_text,),
        reason=f"known: nothing of {event}; now: {said}",
    )


def _change(kind: ChangeKind, weighed: Weighed, statement: Statement) -> Change:
    fact, old = weighed.fact, weighed.old
    before: FactValue | None = old.fact.value if old else None
    if before is None and kind is ChangeKind.RENAMED:
        before = fact.event
    shift = None
    if kind is ChangeKind.RESCHEDULED and isinstance(before, Window) and isinstance(fact.value, Window):
        shift = shift_days(before, fact.value)
    source = old.statement if old else None
    return Change(
        kind=kind,
        significance=kind.significance,
        event=fact.event,
        attribute=fact.attribute,
        old=before,
        new=fact.value,
        shift_days=shift,
        old_statements=(source.text,) if source else (),
        new_statements=(statement.full_text,),
        old_origin=source.origin if source else None,
        score=round(similarity(source.normal, statement.normal), 1) if source else None,
        reason=_reason(fact, before, source),
    )


def _contradiction(weighed: Weighed, statement: Statement) -> Change:
    """What a page says otherwise than another one of the same day, as one change of high significance."""
    change = _change(ChangeKind.STATEMENT_NEW, weighed, statement)
    return replace(
        change,
        significance=Significance.HIGH,
        reason=f"contradicts {change.old_origin}, which stands until a later statement decides; "
        f"{change.reason}",
    )


def _reason(fact: Fact, before: FactValue | None, source: KnownStatement | None) -> str:
    now = value_in_words(fact.attribute, fact.value)
    if before is None:
        return f"known: no {fact.attribute.value} of {fact.event}; now: {now}"
    said = f", said {day_in_words(source.said_on)}" if source and source.said_on else ""
    return f"known: {value_in_words(fact.attribute, before)}{said}; now: {now}"


def _statement_new(statement: Statement, match: Match | None, event: str | None) -> Change:
    """`event` is the known event that the statement names; None: it names none that is known."""
    return Change(
        kind=ChangeKind.STATEMENT_NEW,
        significance=Significance.MEDIUM if event else ChangeKind.STATEMENT_NEW.significance,
        event=event,
        new_statements=(statement.full_text,),
        score=match.score if match else None,
        reason=(
            f"closest known statement scores {match.score:g} of 100 and does not say this"
            if match
            else "nothing known is close"
        ),
    )


def _says_more(
    statement: Statement,
    facts: Sequence[Fact],
    told: Sequence[KnownFact],
    match: Match | None,
) -> bool:
    """Whether a statement whose facts are all known says more: content that no known statement has.

    Only statements of its own language can tell; where the event is known from another language
    alone, the facts decide and the answer is no.
    """
    language = statement.language
    texts = {known.statement.text for known in told if known.statement.language == language}
    if match is not None and match.statement.language == language:
        texts.add(match.statement.text)
    if not texts:
        return False
    normal = normalise(statement.full_text)
    given = " ".join([*(fact.quote for fact in facts), *_NAMES.findall(normal)])
    content = content_words(statement.full_text, language)
    left = content - content_words(given, language)
    left = frozenset(word for word in left if not is_occasion(word, language))
    for text in texts:
        left -= content_words(text, language)
    return len(left) >= _MORE_WORDS and len(left) >= _MORE_SHARE * len(content)


def _known_from(facts: Sequence[Fact], ledger: _Ledger, statement: Statement) -> Match | None:
    """The statement that said these facts first: a match that words alone do not find."""
    first = sorted(facts, key=lambda fact: fact.attribute is not Attribute.WINDOW)
    for alike in (lambda old, new: old.value == new.value, lambda _old, _new: True):
        for fact in first:
            for known in ledger.facts(fact.event):
                if known.fact.attribute is fact.attribute and alike(known.fact, fact):
                    return _scored(known.statement, statement)
    return None


def _against(changes: Sequence[Change], ledger: _Ledger, statement: Statement) -> Match | None:
    """The statement that the first change contradicts."""
    for change in changes:
        for known in ledger.facts(change.event or ""):
            if known.statement.text in change.old_statements:
                return _scored(known.statement, statement)
    return None


def _scored(known: KnownStatement, statement: Statement) -> Match:
    return Match(statement=known, score=round(similarity(known.normal, statement.normal), 1))


def _day(known: KnownFact) -> dt.date:
    return known.statement.said_on or known.known_at.date()
