"""Which facts a statement asserts of the events it names, or that the text around it gives it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from diffing.asserting import facts_asserted
from diffing.model import BlockKind, Fact, Gazetteer, Statement, series_and_edition
from diffing.naming import OURS, Holders, Naming, holders_of, mentions
from diffing.reading import Reading, read
from diffing.substance import of_substance

__all__ = ["Told", "read_facts", "read_statements"]

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
    holders: Holders = OURS

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one statement tells: the facts it asserts, and the keys of the events it names, as often.

    One that is not `of_substance` says nothing, as `diffing.substance` has it.
    """

    facts: tuple[Fact, ...]
    named: tuple[str, ...]
    of_substance: bool


def read_facts(
    statements: Sequence[Statement],
    said_on: dt.date,
    gazetteer: Gazetteer,
    title: str | None = None,
) -> tuple[tuple[Fact, ...], ...]:
    """For each statement of one text, in order, the facts that it asserts, as `read_statements` has them."""
    return tuple(told.facts for told in read_statements(statements, said_on, gazetteer, title))


def read_statements(
    statements: Sequence[Statement],
    said_on: dt.date,
    gazetteer: Gazetteer,
    title: str | None = None,
) -> tuple[Told, ...]:
    """For each statement of one text, in order, the facts that it asserts and the events that it names.

    The text is the context: its title and earlier statements say which event "the training" is and
    which edition a bare name means; an item is read with its lead-in. What is denied, conditional,
    forecast, asked, or said of something around the event (talks, arrival, ceremonies) is no fact.
    """
    readings = [read(statement.full_text, statement.language, gazetteer) for statement in statements]
    heading = [read(title, statements[0].language, gazetteer)] if title and statements else []
    context = _Context(holders=holders_of([*heading, *readings]))
    for reading in heading:
        naming = Naming(year=None, editions={}, holders=context.holders)
        context.heard(mention.event for mention in mentions(reading, said_on, naming))
    return tuple(
        _told(statement, reading, said_on, context)
        for statement, reading in zip(statements, readings, strict=True)
    )


def _told(statement: Statement, reading: Reading, said_on: dt.date, context: _Context) -> Told:
    _note_section(statement, reading, context)
    naming = Naming(year=context.year, editions=context.editions, holders=context.holders)
    named = mentions(reading, said_on, naming)
    facts: tuple[Fact, ...] = ()
    if (named or context.topic) and not statement.text.rstrip(" \"'”»)").endswith("?"):
        just_named = context.silent_for == 0
        facts = facts_asserted(reading, named, said_on, context.topic, just_named=just_named)
    events = tuple(mention.event for mention in named)
    context.heard(events)
    return Told(facts=facts, named=events, of_substance=of_substance(statement, asserts=bool(facts)))


def _note_section(statement: Statement, reading: Reading, context: _Context) -> None:
    """A heading, or the lead-in of a list, with one year gives it to the bare names that follow."""
    text = statement.text.rstrip()
    heading = statement.kind is BlockKind.HEADING or (
        statement.lead_in is None and len(text) <= _HEADING_LONGEST and text[-1:].isalnum()
    )
    if not heading and statement.lead_in is None:
        return
    if "20" not in reading.folded:
        return
    limit = len(statement.lead_in) if statement.lead_in else len(statement.text)
    years = {
        int(token.word)
        for token in reading.tokens
        if len(token.word) == 4 and token.word[:2] == "20" and token.word.isdigit() and token.end <= limit
    }
    if len(years) == 1:
        context.year = years.pop()
        context.editions.clear()
