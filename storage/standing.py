"""What is told of each event, kept as it was worked out, so that a list of all weighs nothing anew."""

# ruff: noqa: S608 - only constants of this package are put into SQL; every value is a parameter
from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TypeAlias, cast

import diffing
from diffing.model import Attribute, FactValue, JsonValue, KnownFact, value_from_json, value_to_json
from storage.connection import Connection
from storage.knowledge import ArchiveKnown
from storage.rows import change_from_row, json_text, time_to_text

__all__ = [
    "Standing",
    "event_records",
    "keep_standing",
    "make_standing_anew",
    "standing",
    "standing_unlike",
]

Standing: TypeAlias = Mapping[Attribute, FactValue]
Record: TypeAlias = dict[str, JsonValue]


def standing(connection: Connection, as_of: dt.datetime | None = None) -> dict[str, Standing]:
    """What stands of every event of which anything is known, or was at `as_of`; keys sorted."""
    with connection.snapshot():
        return {
            event: _values(facts) if kept is None else _values_from_text(kept)
            for event, kept, facts in _events(connection, "facts", (), as_of)
        }


def event_records(
    connection: Connection, events: Sequence[str] = (), as_of: dt.datetime | None = None
) -> dict[str, Record]:
    """The contract's record of these events, of all without any, as known at `as_of`; keys sorted.

    Without aliases, which the gazetteer knows.
    """
    import orjson

    with connection.snapshot():
        return {
            event: _record(connection, event, facts, as_of) if kept is None else orjson.loads(kept)
            for event, kept, facts in _events(connection, "record", events, as_of)
        }


def keep_standing(connection: Connection) -> None:
    """Works out and keeps what is told of the events of which nothing is kept; call it in a unit of work."""
    for event, kept, facts in _events(connection, "rules", (), None):
        if kept is None:
            connection.run(
                "INSERT OR REPLACE INTO standing (event, rules, facts, record) VALUES (?, ?, ?, ?)",
                (event, _rules(), *_worked_out(connection, event, facts)),
            )


def make_standing_anew(connection: Connection) -> None:
    """Works out what is told of every event, whatever is kept of it; call it in a unit of work."""
    connection.run("DELETE FROM standing")
    keep_standing(connection)


def standing_unlike(connection: Connection) -> Iterator[str]:
    """Each event of which something else is kept than is known of it; what is not kept is not unlike."""
    known = ArchiveKnown(connection)
    for event, *kept in connection.each(
        "SELECT event, facts, record FROM standing WHERE rules = ? ORDER BY event", (_rules(),)
    ):
        if tuple(kept) != _worked_out(connection, event, known.facts_of(event)):
            yield f"what is kept to stand of {event} is not what is known of it"


def _events(
    connection: Connection, column: str, events: Sequence[str], as_of: dt.datetime | None
) -> Iterator[tuple[str, str | None, Sequence[KnownFact]]]:
    """By event what is kept in the column, else None and the facts to work it out of.

    Only what is known now is kept, and only what was worked out by today's rules counts.
    """
    known = ArchiveKnown(connection, as_of)
    chosen = "WHERE event IN (SELECT value FROM json_each(:events))" if events else ""
    for event, kept in connection.rows(
        f"SELECT f.event, s.{column} FROM (SELECT DISTINCT event FROM facts {chosen}) f "
        "LEFT JOIN standing s ON s.event = f.event AND s.rules = :rules ORDER BY f.event",
        {"events": json_text(list(events)), "rules": None if as_of else _rules()},
    ):
        if kept is not None:
            yield event, kept, ()
        elif facts := known.facts_of(event):
            yield event, None, facts


def _worked_out(connection: Connection, event: str, facts: Sequence[KnownFact]) -> tuple[str, str]:
    import orjson

    values = {attribute.value: value_to_json(value) for attribute, value in _values(facts).items()}
    return json_text(values), orjson.dumps(_record(connection, event, facts)).decode()


def _values(facts: Sequence[KnownFact]) -> Standing:
    # Only who asks for what is not kept pays for this import.
    from diffing.ledger import current

    return {attribute: known.fact.value for attribute, known in current(facts).items()}


def _values_from_text(kept: str) -> Standing:
    told = ((Attribute(name), value) for name, value in json.loads(kept).items())
    return {attribute: cast("FactValue", value_from_json(attribute, value)) for attribute, value in told}


def _record(
    connection: Connection, event: str, facts: Sequence[KnownFact], until: dt.datetime | None = None
) -> Record:
    from diffing.formats.records import event_record

    changes = connection.rows(
        "SELECT * FROM v_changes WHERE event = ? AND detected < ? ORDER BY id DESC",
        (event, time_to_text(until) if until else "9999"),
    )
    return event_record(event, facts, [change_from_row(row) for row in changes])


@cache
def _rules() -> str:
    """By which rules something was worked out: what was kept by others counts for nothing.

    A digest of the rules as they are written (2 ms), so that nobody who changes them can forget to say so.
    """
    digest = hashlib.sha256()
    for package in (Path(diffing.__file__).parent, Path(__file__).parent):
        for file in sorted(package.rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
