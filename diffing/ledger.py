"""What stands of an event, out of everything ever asserted of it, whatever the order of arrival."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from diffing.attributes import KINDS, Effect, moved, moved_to
from diffing.model import Attribute, Fact, KnownFact, Shift, Status, Window, value_to_json

__all__ = [
    "Course",
    "Weighed",
    "contradictions",
    "current",
    "effect_of",
    "history",
    "is_revived",
    "settled",
    "standing",
    "undisputed",
    "weigh",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A fact beside the one that stands (None: none does) and what it does to it."""

    fact: Fact
    old: KnownFact | None
    effect: Effect


def history(facts: Iterable[KnownFact]) -> tuple[KnownFact, ...]:
    """The facts in the order they were said: by day said, then by when they were captured.

    An undated statement counts as said on the day it was captured. Equal moments are ordered by
    origin and words, so that the order never depends on the order of arrival.
    """
    return tuple(known for told in _by_statement(facts) for known in told)


def _by_statement(facts: Iterable[KnownFact]) -> list[list[KnownFact]]:
    """The facts of each statement, in an order of their own: they have one moment."""
    told: dict[tuple[dt.date, dt.datetime, str, str], list[KnownFact]] = {}
    for known in facts:
        told.setdefault(_statement_key(known), []).append(known)
    return [_within_statement(told[key]) for key in sorted(told)]


def _within_statement(told: list[KnownFact]) -> list[KnownFact]:
    if len(told) == 1:
        return told
    kinds = {known.fact.attribute for known in told}
    return sorted(told, key=_wording if len(kinds) < len(told) else _kind)


def current(facts: Sequence[KnownFact]) -> dict[Attribute, KnownFact]:
    """What stands of one event, by attribute; the same whatever order `facts` come in."""
    return {attribute: found[0] for attribute, found in standing(facts).items()}


def standing(facts: Iterable[KnownFact]) -> dict[Attribute, tuple[KnownFact, ...]]:
    """What stands by attribute, with every value that the same statement gave it (two grounds)."""
    return Course.of(facts).stands


class Course:
    """How it went with one event: `stands` by attribute, and what two pages said otherwise on one day.

    Of two pages that contradict each other on one day the one understood first stands, and the other's
    value is one of its `rivals`, until a later day's statement decides or a page is edited. `disputed` are
    all facts that ever were rivals, and those that said the same again, `stood` the windows that stood
    before, `told` all facts in their order, worked out.
    """

    def __init__(self) -> None:
        self.stands: dict[Attribute, tuple[KnownFact, ...]] = {}
        self.rivals: dict[Attribute, tuple[KnownFact, ...]] = {}
        self.disputed: list[KnownFact] = []
        self.stood: list[Window] = []
        self.told: list[KnownFact] = []
        self._said: dict[tuple[Attribute, str], KnownFact] = {}

    @classmethod
    def of(cls, facts: Iterable[KnownFact]) -> Course:
        """The course that all these facts of one event make, whatever order they come in."""
        course = cls()
        for asserted in _by_statement(facts):
            course._take(asserted)
        return course

    def weigh(
        self, facts: Sequence[Fact], said_on: dt.date, language: str, origins: Collection[str]
    ) -> tuple[Weighed, ...]:
        """As the function `weigh`, for a statement of a page with these addresses, said on that day."""
        return tuple(
            replace(weighed, effect=self._effect(weighed, facts, said_on, language, origins))
            if weighed.effect is Effect.OTHER or weighed.effect is Effect.FULLER
            else weighed
            for weighed in weigh(self.stands, facts)
        )

    def still_says(self, known: KnownFact) -> bool:
        """Whether the page's newest word is the same."""
        newest = self._said[known.fact.attribute, known.statement.origin]
        return effect_of(known.fact, newest.fact) is not Effect.OTHER

    def _take(self, asserted: list[KnownFact]) -> None:
        told = asserted
        if any(known.fact.joining is not None or isinstance(known.fact.value, Shift) for known in told):
            told = [
                replace(known, fact=fact)
                for known in told
                for fact in settled(self.stands, [known.fact], self.stood)
            ]
        self.told += told
        if len(told) == 1:
            # As most statements do, it says one thing of the event: nothing has to be brought together.
            (known,) = told
            if self._takes_place(_alone(self.stands, known.fact), known, (known.fact,)):
                self._put(known.fact.attribute, (known,))
            self._said[known.fact.attribute, known.statement.origin] = known
            return
        by_fact = {id(known.fact): known for known in told}
        replaced: dict[Attribute, list[KnownFact]] = {}
        facts = [known.fact for known in told]
        for weighed in weigh(self.stands, facts):
            known = by_fact[id(weighed.fact)]
            if weighed.effect is not Effect.SAME and self._takes_place(weighed, known, facts):
                replaced.setdefault(weighed.fact.attribute, []).append(known)
        for attribute, found in replaced.items():
            self._put(attribute, tuple(found))
        for known in told:
            self._said[known.fact.attribute, known.statement.origin] = known

    def _takes_place(self, weighed: Weighed, known: KnownFact, facts: Sequence[Fact]) -> bool:
        """Whether the fact takes the place of what stands; where not, it may be a rival of it."""
        effect = weighed.effect
        if effect is Effect.OTHER or effect is Effect.FULLER:
            said = known.statement
            effect = self._effect(weighed, facts, _day(known), said.language, (said.origin,))
        if effect is Effect.RIVAL or effect is Effect.AGAIN:
            self.disputed.append(known)
            if effect is Effect.RIVAL:
                attribute = weighed.fact.attribute
                self.rivals[attribute] = (*self.rivals.get(attribute, ()), known)
            return False
        return effect is not Effect.SAME

    def _put(self, attribute: Attribute, found: tuple[KnownFact, ...]) -> None:
        """Lets the facts stand, whatever stood or rivalled before."""
        if attribute is Attribute.WINDOW:
            for known in self.stands.get(attribute, ()):
                if isinstance(known.fact.value, Window):
                    self.stood.append(known.fact.value)
        self.stands[attribute] = found
        self.rivals.pop(attribute, None)

    def _effect(
        self,
        weighed: Weighed,
        facts: Sequence[Fact],
        said_on: dt.date,
        language: str,
        origins: Collection[str],
    ) -> Effect:
        """The effect with what other pages said on the same day in mind; `facts` are all of the statement."""
        fact, old = weighed.fact, weighed.old
        if old is None or not origins or not _excludes(weighed):
            return weighed.effect
        if old.statement.origin in origins or self._agreed(old, fact.attribute, origins):
            return weighed.effect  # the page says otherwise than it did
        if _tells_a_move(fact, old.fact, facts):
            return weighed.effect
        for rival in self.rivals.get(fact.attribute, ()):
            same_side = language == rival.statement.language != old.statement.language
            if (same_side or _day(rival) == said_on) and effect_of(rival.fact, fact) is Effect.SAME:
                return Effect.AGAIN
        return Effect.RIVAL if _day(old) == said_on else weighed.effect

    def _agreed(self, stands: KnownFact, attribute: Attribute, origins: Collection[str]) -> bool:
        """Whether the page's newest word was what stands."""
        for origin in origins:
            word = self._said.get((attribute, origin))
            if word and effect_of(stands.fact, word.fact) is not Effect.OTHER:
                return True
        return False


def _tells_a_move(fact: Fact, old: Fact, facts: Sequence[Fact]) -> bool:
    """Whether the statement says that something moved: it names what stood, a shift, or a putting off."""
    return fact.shift is not None or any(
        other.value is Status.POSTPONED
        or (other is not fact and other.attribute is fact.attribute and effect_of(old, other) is Effect.SAME)
        for other in facts
    )


def _excludes(weighed: Weighed) -> bool:
    """Whether both cannot be true, and neither is what became of the other."""
    if weighed.fact.attribute is Attribute.STATUS:
        return is_revived(weighed)
    return weighed.effect is Effect.OTHER and weighed.fact.attribute in (Attribute.WINDOW, Attribute.PLACE)


def is_revived(weighed: Weighed) -> bool:
    """Whether what had been cancelled is to be held after all."""
    old = weighed.old
    return (
        weighed.effect is Effect.FULLER
        and weighed.fact.value is Status.PLANNED
        and old is not None
        and old.fact.value is Status.CANCELLED
    )


def undisputed(facts: Sequence[KnownFact]) -> tuple[KnownFact, ...]:
    """The facts in the order of `history`, worked out, without those that only contradict another page."""
    course = Course.of(facts)
    disputed = {id(known) for known in course.disputed}
    return tuple(known for known in course.told if id(known) not in disputed)


def settled(
    stands: Mapping[Attribute, Sequence[KnownFact]], facts: Iterable[Fact], stood: Sequence[Window] = ()
) -> tuple[Fact, ...]:
    """The facts with whole lists for those that only say who joins or stays away, and windows for shifts.

    Where nobody has said who takes part, or where the window that stands cannot be moved so, such a fact
    tells of nothing and is left out, but for a shift to a later time: the event is put off. A shift that
    led from one of the windows that `stood` to the one that stands was told before, and moves nothing.
    """
    found = []
    for fact in facts:
        known = stands.get(fact.attribute, ())
        if isinstance(fact.value, Shift):
            told = _worked_out(fact, fact.value, known[0].fact if known else None, stood)
            if told is not None:
                found.append(told)
        elif fact.joining is None or not isinstance(fact.value, tuple):
            found.append(fact)
        elif known and isinstance(known[0].fact.value, tuple):
            before, named = set(known[0].fact.value), set(fact.value)
            whole = before | named if fact.joining else before - named
            found.append(replace(fact, value=tuple(sorted(whole))))
    return tuple(found)


def _worked_out(fact: Fact, shift: Shift, known: Fact | None, stood: Sequence[Window]) -> Fact | None:
    """The window that a shift makes of what stands; where it makes none, that the event is put off."""
    stands = known.value if known else None
    if shift.to is not None:
        led_to = moved_to(stands, shift) if isinstance(stands, Window) else None
        return replace(fact, value=led_to or shift.to, shift=shift)
    if isinstance(stands, Window) and known is not None:
        again = shift.until is None and any(moved(before, shift) == stands for before in stood)
        window = stands if again else moved(stands, shift)
        if window is not None:
            return replace(fact, value=window, vague=known.vague, shift=shift)
    if shift.later:
        return replace(fact, attribute=Attribute.STATUS, value=Status.POSTPONED, shift=shift)
    return None


def contradictions(facts: Iterable[KnownFact]) -> dict[Attribute, tuple[KnownFact, ...]]:
    """Values of which pages said different ones on one day, and none decided since; newest first.

    A page's newest word counts: one that was edited to what stands contradicts nothing any more.
    """
    course = Course.of(facts)
    found: dict[Attribute, tuple[KnownFact, ...]] = {}
    for attribute in Attribute:
        stands = course.stands.get(attribute, ())
        against = [rival for rival in course.rivals.get(attribute, ()) if course.still_says(rival)]
        if against:
            found[attribute] = tuple(reversed(history([*stands[:1], *against])))
    return found


def weigh(stands: Mapping[Attribute, Sequence[KnownFact]], facts: Sequence[Fact]) -> tuple[Weighed, ...]:
    """What the facts that one statement asserts of one event do to what stands, in order.

    Facts of one statement are weighed together. Beside a cancellation a contradicting window is the
    day of the decision, so it counts for nothing; "postponed to 3-7 November" is a new window and no
    postponement; a plan with a window takes back a postponement or cancellation. Of several
    values of one attribute, one that says what stands and one that does not ("moved from … to …"),
    the latter decides; of several places, one known one is enough.
    """
    if len(facts) == 1:
        return (_alone(stands, facts[0]),)
    told: dict[Attribute, list[Fact]] = {}
    for fact in facts:
        told.setdefault(fact.attribute, []).append(fact)
    status = told.get(Attribute.STATUS, [])
    called_off = any(fact.value is Status.CANCELLED for fact in status)
    weighed: list[Weighed] = []
    moved = False
    for attribute, values in sorted(told.items(), key=lambda item: item[0] is Attribute.STATUS):
        known = stands.get(attribute, ())
        if attribute is Attribute.STATUS:
            dated = Attribute.WINDOW in told and not called_off
            weighed += (_weighed_status(fact, known, moved=moved, dated=dated) for fact in values)
            continue
        found = [_against(fact, known, status) for fact in values]
        if attribute is Attribute.WINDOW and called_off:
            found = [item for item in found if item.effect is not Effect.OTHER]
        if attribute is Attribute.PLACE and any(item.effect is not Effect.OTHER for item in found):
            found = [item for item in found if item.effect is not Effect.OTHER]
        if any(item.effect is Effect.OTHER for item in found):
            found = [item for item in found if item.effect is Effect.OTHER]
            moved |= attribute is Attribute.WINDOW
        weighed += found
    return tuple(weighed)


def _alone(stands: Mapping[Attribute, Sequence[KnownFact]], fact: Fact) -> Weighed:
    """The only fact that its statement asserts of the event, which most are, beside what stands."""
    known = stands.get(fact.attribute, ())
    if fact.attribute is Attribute.STATUS:
        return _weighed_status(fact, known, moved=False, dated=False)
    return _against(fact, known, ())


def _against(fact: Fact, known: Sequence[KnownFact], status: Sequence[Fact]) -> Weighed:
    """The fact beside the value that stands and is closest to it: agreement wins over contradiction."""
    if not known:
        return Weighed(fact=fact, old=None, effect=Effect.FIRST)
    effects = [(old, effect_of(old.fact, fact, status)) for old in known]
    if len(effects) == 1:
        return Weighed(fact=fact, old=known[0], effect=effects[0][1])
    for wanted in (Effect.SAME, Effect.FULLER, Effect.FINER, Effect.OTHER):
        for old, effect in effects:
            if effect is wanted:
                return Weighed(fact=fact, old=old, effect=effect)
    raise AssertionError(effects)


def _weighed_status(fact: Fact, known: Sequence[KnownFact], *, moved: bool, dated: bool) -> Weighed:
    old = known[0] if known else None
    before, now = old.fact.value if old else None, fact.value
    if old is None:
        effect = Effect.FIRST
    elif now is Status.PLANNED:
        off = before in {Status.POSTPONED, Status.CANCELLED}
        effect = Effect.FULLER if off and (moved or dated) else Effect.SAME
    elif now == before or before is Status.HELD or (now is Status.POSTPONED and moved):
        effect = Effect.SAME
    else:
        effect = Effect.OTHER
    return Weighed(fact=fact, old=old, effect=effect)


def effect_of(old: Fact, new: Fact, status: Sequence[Fact] = ()) -> Effect:
    """What the new fact does to the old one of the same attribute.

    `status` holds the statuses that the new statement asserts of the event: a report of one day
    (opened, ended) is weighed more mildly. A status beside a status is judged by `weigh`.
    """
    return KINDS[new.attribute].effect(old, new, status)


def _day(known: KnownFact) -> dt.date:
    return known.statement.said_on or known.known_at.date()


def _statement_key(known: KnownFact) -> tuple[dt.date, dt.datetime, str, str]:
    return _day(known), known.known_at, known.statement.origin, known.statement.text


def _kind(known: KnownFact) -> str:
    return known.fact.attribute.value


def _wording(known: KnownFact) -> tuple[str, str, str]:
    fact = known.fact
    return fact.attribute.value, str(value_to_json(fact.value)), fact.quote
