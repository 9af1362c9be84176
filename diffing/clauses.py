"""Divides a statement into clauses, each with the event or the other activity that it speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from diffing.languages.assertions import Cue
from diffing.phrases import Hit
from diffing.reading import Reading

__all__ = ["PREDICATES", "Clause", "Named", "clauses_of"]

PREDICATES = frozenset(
    {
        Cue.PLANNED,
        Cue.PAST_PLAN,
        Cue.STARTING,
        Cue.STARTS,
        Cue.ENDING,
        Cue.NO_SUCH,
        Cue.UNDER_WAY,
        Cue.HELD,
        Cue.ENDED,
        Cue.POSTPONED,
        Cue.MOVED,
        Cue.CANCELLED,
        Cue.RENAMED,
    }
)
"""The cues that say what becomes of an event: what makes a piece of a sentence a clause of its own."""


@dataclass(frozen=True, slots=True)
class Named:
    """An event named by the tokens `first` up to but not including `last`; `meeting`: of a council."""

    event: str
    first: int
    last: int
    meeting: bool = False


_OPEN = frozenset({Cue.DATES, Cue.PENDING, Cue.SETTLED})


class Break(StrEnum):
    """What divides a piece from the one before it."""

    START = "start"
    STRONG = "strong"  # ; or the end of a sentence
    COLON = "colon"
    COMMA = "comma"
    AND = "and"
    THAT = "that"
    RELATIVE = "relative"
    TEMPORAL = "temporal"
    ASIDE = "aside"  # ", the minister said on Monday,"


@dataclass(slots=True)
class Clause:
    """A run of tokens that speaks of one thing.

    `named` are the events it names, `inherits` the clause whose subject it takes on where it names
    none, `kinds` the kinds of its cues, `number` its place among the clauses.
    """

    broken_by: Break
    pieces: list[tuple[int, int]]
    named: list[Named] = field(default_factory=list)
    cues: list[Hit[Cue]] = field(default_factory=list)
    kinds: set[Cue] = field(default_factory=set)
    dated: bool = False
    placed: bool = False
    inherits: Clause | None = None
    number: int = 0

    @property
    def first(self) -> int:
        """Its first token."""
        return self.pieces[0][0]

    @property
    def last(self) -> int:
        """The token after its last."""
        return self.pieces[-1][1]

    def has(self, *kinds: Cue) -> bool:
        """True when one of these cues stands in it."""
        return not self.kinds.isdisjoint(kinds)

    @property
    def predicate(self) -> bool:
        """True when it says what becomes of something."""
        return not self.kinds.isdisjoint(PREDICATES) or self.open

    @property
    def open(self) -> bool:
        """True when it says that dates are still to be settled: "new dates have yet to be agreed"."""
        return not self.dated and self.kinds >= _OPEN

    @property
    def verbal(self) -> bool:
        """True when it says something with a verb of its own, asserted or not."""
        return self.predicate or self.has(Cue.CONDITIONAL, Cue.DENIAL)

    def holds(self, token: int) -> bool:
        """True when the token belongs to it."""
        return any(first <= token < last for first, last in self.pieces)

    def add(self, other: Clause) -> None:
        """Takes on another piece."""
        self.pieces += other.pieces
        self.named += other.named
        self.cues += other.cues
        self.kinds |= other.kinds
        self.dated = self.dated or other.dated
        self.placed = self.placed or other.placed

    @property
    def subject(self) -> bool:
        """True when it speaks of something of its own: an event, an exercise, another activity."""
        return bool(self.named) or self.has(Cue.EXERCISE, Cue.ANAPHOR, Cue.ANOTHER, Cue.ANCILLARY, Cue.OTHER)


def clauses_of(reading: Reading, named: Sequence[Named], dated: Sequence[tuple[int, int]]) -> list[Clause]:
    """The clauses of a text, in order; `dated` are the token spans of its expressions of time."""
    clauses = _merged(_pieces(reading, named, dated))
    for number, clause in enumerate(clauses):
        clause.number = number
    return clauses


def _pieces(reading: Reading, named: Sequence[Named], dated: Sequence[tuple[int, int]]) -> list[Clause]:
    inside = {place for first, last in dated for place in range(first + 1, last)}
    inside |= {place for name in named for place in range(name.first + 1, name.last)}
    starts = _starts(reading, inside, {name.last for name in named})
    pieces = [
        Clause(kind, [(first, following)])
        for (first, kind), following in zip(
            starts, [first for first, _ in starts[1:]] + [len(reading.tokens)], strict=True
        )
    ]
    _fill(pieces, reading, named, dated)
    return pieces


def _fill(
    pieces: list[Clause], reading: Reading, named: Sequence[Named], dated: Sequence[tuple[int, int]]
) -> None:
    """Hands every hit to its piece; all of them stand in text order, so one pass is enough."""
    at = [0] * (len(reading.tokens) + 1)
    for number, piece in enumerate(pieces):
        for place in range(*piece.pieces[0]):
            at[place] = number
    for name in named:
        pieces[at[name.first]].named.append(name)
    days = {place for first, last in dated for place in range(first, last)}
    for cue in reading.cues:
        if cue.payload in _DEEDS and cue.first in days:
            continue  # "2 March to 1 April" is no march to a place
        piece = pieces[at[cue.first]]
        piece.cues.append(cue)
        piece.kinds.add(cue.payload)
    for first, _ in dated:
        pieces[at[first]].dated = True
    for hit in reading.places:
        pieces[at[hit.first]].placed = True


_DEEDS = frozenset({Cue.ANCILLARY, Cue.OTHER})

_PARTICIPLES = frozenset({Cue.SET, Cue.PAST_PLAN})
_JOINS = {Cue.AND: Break.AND, Cue.CONTRAST: Break.AND, Cue.RELATIVE: Break.RELATIVE}
_TEMPORAL_REACH = 6
"""Words between "after" and the activity that it puts in another time ("after the two-day staff talks")."""


def _starts(reading: Reading, inside: set[int], after_name: set[int]) -> list[tuple[int, Break]]:
    """Where pieces begin, and what divides them."""
    joins: dict[int, Break] = {}
    temporal: list[int] = []
    participles: set[int] = set()
    activities: list[int] = []
    for cue in reading.cues:
        kind = cue.payload
        if kind in _JOINS:
            joins.setdefault(cue.first, _JOINS[kind])
        elif kind is Cue.THAT:
            joins[cue.first] = Break.THAT
        elif kind is Cue.TEMPORAL:
            temporal.append(cue.first)
        elif kind is Cue.ANCILLARY:
            activities.append(cue.first)
        elif kind in _PARTICIPLES:
            participles.add(cue.first)
    _mark_temporal(joins, temporal, activities)
    starts = [(0, joins[0] if joins.get(0) is Break.TEMPORAL else Break.START)]
    tokens = reading.tokens
    for place in range(1, len(tokens)):
        if place in inside:
            continue
        mark = None if tokens[place].glued else _mark(reading, place)
        join = joins.get(place)
        if mark in (Break.STRONG, Break.COLON):
            starts.append((place, mark))
        elif join is Break.RELATIVE and mark is None and place not in after_name:
            continue
        elif join is not None:
            starts.append((place, join))
        elif mark is Break.COMMA and place in participles:
            starts.append((place, Break.RELATIVE))
        elif mark is not None:
            starts.append((place, mark))
    return starts


def _mark_temporal(joins: dict[int, Break], temporal: list[int], activities: list[int]) -> None:
    position = 0
    for first in temporal:
        while position < len(activities) and activities[position] < first:
            position += 1
        if position < len(activities) and activities[position] - first <= _TEMPORAL_REACH:
            joins[first] = Break.TEMPORAL


def _mark(reading: Reading, place: int) -> Break | None:
    """What the punctuation before a token divides; None: nothing."""
    before, token = reading.tokens[place - 1], reading.tokens[place]
    gap = reading.folded[before.end : token.start]
    if ";" in gap:
        return Break.STRONG
    if ":" in gap:
        return Break.COLON
    if any(mark in gap for mark in ".!?\n") and (reading.text[token.start].isupper() or "\n" in gap):
        shortened = gap.startswith(".") and before.end - before.start <= 3 and not before.word.isdigit()
        return None if shortened else Break.STRONG
    if "," in gap:
        return None if gap == "," and before.word.isdigit() and token.word.isdigit() else Break.COMMA
    if "(" in gap or ")" in gap or gap.strip('" ') == "-":
        return Break.COMMA
    return None


def _merged(pieces: list[Clause]) -> list[Clause]:
    clauses: list[Clause] = []
    asides = [piece for piece in pieces[1:] if _is_aside(piece)]
    pieces = [piece for number, piece in enumerate(pieces) if not number or not _is_aside(piece)]
    waiting: Clause | None = None
    main: Clause | None = None
    for number, piece in enumerate(pieces):
        following = pieces[number + 1] if number + 1 < len(pieces) else None
        if waiting is not None:
            if piece.broken_by in (Break.COMMA, Break.AND, Break.START, Break.COLON, Break.RELATIVE):
                waiting.add(piece)
                piece = waiting  # noqa: PLW2901 (the waiting piece and this one are one from here on)
            else:
                clauses.append(waiting)
            waiting = None
        current = clauses[-1] if clauses else None
        if _waits(piece, current, following):
            waiting = piece
            continue
        if current is None:
            clauses.append(piece)
            continue
        returns = current.broken_by in (Break.RELATIVE, Break.TEMPORAL) and _returns(piece)
        if not returns and not _new_clause(current, piece, following):
            current.add(piece)
            continue
        if not piece.subject:
            piece.inherits = _root(main if returns else current)
        if piece.broken_by in (Break.RELATIVE, Break.TEMPORAL):
            main = current if current.broken_by is not Break.TEMPORAL else None
        else:
            main = None
        clauses.append(piece)
    if waiting is not None:
        if clauses and waiting.broken_by is not Break.STRONG:
            clauses[-1].add(waiting)
        else:
            clauses.append(waiting)
    for aside in asides:
        aside.broken_by = Break.ASIDE
    return clauses + asides


def _is_aside(piece: Clause) -> bool:
    """True for who said it, alone between commas."""
    return (
        piece.broken_by is Break.COMMA
        and piece.has(Cue.SAYING)
        and not piece.named
        and not piece.predicate
        and not piece.has(
            Cue.EXERCISE, Cue.ANAPHOR, Cue.PRONOUN, Cue.DENIAL, Cue.CONDITIONAL, Cue.PARTICIPATION
        )
    )


def _root(clause: Clause | None) -> Clause | None:
    """The clause that has the subject, where this one has it from another."""
    return clause.inherits if clause and clause.inherits and not clause.named else clause


def _bare(piece: Clause) -> bool:
    return not piece.subject and not piece.verbal


def _waits(piece: Clause, current: Clause | None, following: Clause | None) -> bool:
    """True for words that belong to what follows: "On 17 September, …", "…, and in October a …"."""
    if following is None or following.broken_by is Break.STRONG or not _bare(piece):
        return False
    if piece.broken_by in (Break.TEMPORAL, Break.RELATIVE):
        return False
    if current is None or piece.broken_by in (Break.STRONG, Break.THAT, Break.COLON):
        return following.broken_by is not Break.RELATIVE
    settled = current.subject and (current.predicate or current.dated)
    return (
        settled
        and (piece.dated or piece.placed)
        and (piece.broken_by is Break.AND or current.dated)
        and following.subject
        and not following.dated
        and following.broken_by is Break.COMMA
    )


def _returns(piece: Clause) -> bool:
    """True when the main clause goes on after a relative one: "X, which …, will be held"."""
    return (
        piece.broken_by is Break.COMMA
        and piece.predicate
        and not piece.named
        and not piece.has(Cue.ANCILLARY)
    )


def _new_clause(current: Clause, piece: Clause, following: Clause | None) -> bool:
    match piece.broken_by:
        case Break.RELATIVE | Break.TEMPORAL:
            return True
        case Break.THAT:
            return current.subject or current.predicate
        case Break.STRONG:
            return not _bare(piece) or piece.subject
        case Break.COLON:
            if piece.subject and not piece.predicate and not current.named and not current.has(Cue.ANCILLARY):
                return False
            return piece.predicate or (piece.subject and current.subject and current.predicate)
    if piece.verbal and current.verbal and (piece.predicate or current.predicate):
        return True
    if (piece.has(Cue.LEAVING) and current.predicate) or (piece.has(Cue.ANOTHER) and current.named):
        return True
    own = [piece]
    if following is not None and following.broken_by is Break.COMMA and _bare(following):
        own.append(following)  # a name and, behind a dash, when and where: «Рубеж» – в Киргизии в сентябре
    twice = (current.dated and any(part.dated for part in own)) or (
        current.placed and any(part.placed for part in own)
    )
    if piece.named and current.named and twice:
        return True
    if piece.has(Cue.ANCILLARY):
        return bool(current.named) and current.predicate
    if _shares_talks(current, piece):
        return False
    if current.broken_by is Break.TEMPORAL:
        return piece.subject or piece.predicate
    speaks = bool(piece.named) or piece.has(Cue.EXERCISE, Cue.ANAPHOR)
    return speaks and piece.predicate and current.has(Cue.ANCILLARY, Cue.OTHER)


def _shares_talks(current: Clause, piece: Clause) -> bool:
    """True where one verb serves two events that something around them has: "talks on X and Y were held"."""
    under = current.has(Cue.ANCILLARY) and bool(current.named) and not current.predicate
    return under and piece.broken_by is Break.AND and bool(piece.named)
