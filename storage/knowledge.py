"""What is known, asked of the archive: the exact statement, those worth scoring, the facts of an event."""

# ruff: noqa: S608 - only constants of this package are put into SQL; every value is a parameter
from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import TypeAlias

from diffing.model import KnownFact, KnownStatement
from storage.candidates import likely
from storage.connection import Connection
from storage.rows import (
    FACT_COLUMNS,
    LEDGER_ORDER,
    json_text,
    known_fact_from_row,
    known_from_row,
    text_key,
    time_to_text,
)

__all__ = ["Age", "Aged", "ArchiveKnown", "said_again"]

# Of the likeliest statements at most so many are compared letter by letter, at 5 microseconds each to fetch.
# 100 lose one find in four hundred at a million (`python -m bench.candidates`), and one in eighty where
# 400,000 statements were made of one agency's 700 sentences. Of what is handed on the first share most words,
# the others are closest as they stand: among near twins words in common do not tell which one was edited,
# and a reworded statement is not close letter by letter.
_COMPARED = 200
_BY_WORDS = 15
_BY_LETTERS = 10

# Places among the candidates that statements naming the same event get whatever their words are:
# a paraphrase shares the event and perhaps no rare word.
_OF_EVENTS = 15

KNOWN_COLUMNS = (
    "k.id, k.said_on, k.said_key, k.origin, k.url, k.known_at, s.text, s.lead_in, s.normal, s.language"
)

# said_key: an undated statement counts as said on the day it was captured, as in diffing.ledger.
OLDEST_FIRST = "k.said_key, k.known_at, k.origin, k.id"

# Through the index, so that a line which stands on every page is not sorted on each.
OLDEST = (
    "k.id = (SELECT o.id FROM known o WHERE o.statement_id = s.id AND o.believed_from <= :until "
    "AND o.believed_until > :until "
    "ORDER BY o.said_key, o.known_at, o.origin LIMIT 1)"
)


# Later than any time in a row.
_NOW = "9999"

# What is remembered of statements, some 10 MB each: as many as a hundred pages have for candidates.
_FORMS_REMEMBERED = 30_000
_OLDEST_REMEMBERED = 10_000

# When it was said and by whom, so that the oldest is the least.
Age: TypeAlias = tuple[str, str, str, int]
Aged: TypeAlias = tuple[Age, KnownStatement]


class _Lately:
    """What was asked for lately of statements: their forms, and the oldest known one of each with its age."""

    def __init__(self) -> None:
        self.forms: dict[int, str] = {}
        self.oldest: dict[int, Aged | None] = {}


class ArchiveKnown:
    """The archive as `diffing.model.Known`; with `as_of` only what was known by then."""

    def __init__(self, connection: Connection, as_of: dt.datetime | None = None) -> None:
        self._connection = connection
        self._until = _NOW if as_of is None else time_to_text(as_of)

    def exact(self, normal: str) -> KnownStatement | None:
        """The oldest known statement with this normal form; None: nothing known says just this."""
        parameters = (text_key(normal), normal)
        if not self._connection.one(
            "SELECT 1 FROM statements WHERE normal_key = ? AND normal = ?", parameters
        ):
            return None  # as for most statements, which are spared the slower question
        row = self._connection.one(
            f"SELECT {KNOWN_COLUMNS} FROM statements s JOIN known k ON {OLDEST} "
            f"WHERE s.normal_key = :key AND s.normal = :normal ORDER BY {OLDEST_FIRST} LIMIT 1",
            {"key": parameters[0], "normal": normal, "until": self._until},
        )
        return None if row is None else known_from_row(row)

    def facts_of(self, event: str) -> Sequence[KnownFact]:
        """Every fact ever asserted of the event, by (said_on, known_at); empty: unknown event."""
        return tuple(self.facts(event))

    def facts(self, event: str | None = None) -> Iterable[KnownFact]:
        """The ledger of one event, or of all in order of their keys; of each by (said_on, known_at)."""
        # Not ":event IS NULL OR ...": that would read the whole ledger for one event.
        chosen = "" if event is None else "f.event = :event AND "
        rows = self._connection.rows(
            f"SELECT {FACT_COLUMNS} FROM facts f JOIN known k ON k.id = f.known_id "
            "JOIN statements s ON s.id = k.statement_id "
            f"WHERE {chosen}k.believed_from <= :until AND k.believed_until > :until",
            {"event": event, "until": self._until},
        )
        # Here rather than by SQLite, which takes three times as long to sort rows with their texts in them.
        return map(known_fact_from_row, sorted(rows, key=LEDGER_ORDER))

    def candidates(self, normal: str, events: Iterable[str]) -> Sequence[KnownStatement]:
        """Known statements worth scoring against this one, oldest first; at most 40.

        Those that share most rare words and word pairs; of the next those that are closest as they stand;
        then statements that name the same events, newest first. Ties go to the older.
        """
        found: Iterable[Aged] = self._oldest_of(self._closest(normal))
        if named := sorted(set(events)):
            found = {**dict(found), **self._naming(named)}.items()
        return tuple([known for _, known in sorted(found, key=itemgetter(0))])

    def _closest(self, normal: str) -> list[int]:
        """Those that share most words, and of the next those whose letters are closest."""
        statements = likely(self._connection, normal, _COMPARED)
        best, others = statements[:_BY_WORDS], statements[_BY_WORDS:]
        if len(others) <= _BY_LETTERS:
            return [*best, *others]
        # Only who asks for candidates pays for this import.
        from rapidfuzz import fuzz, process

        # In their order, which decides between equals.
        found = process.extract(normal, self._forms_of(others), scorer=fuzz.ratio, limit=_BY_LETTERS)
        return [*best, *(others[place] for _, _, place in found)]

    def _forms_of(self, statements: Sequence[int]) -> list[str]:
        """The normal form of each."""
        forms = self._connection.remembered(_Lately).forms
        unknown = [statement for statement in statements if statement not in forms]
        if unknown:
            if len(forms) > _FORMS_REMEMBERED:
                forms.clear()
                unknown = list(statements)
            rows = self._connection.rows(
                "SELECT s.id, s.normal FROM json_each(?) j CROSS JOIN statements s ON s.id = j.value",
                (json_text(unknown),),
            )
            forms.update(map(tuple, rows))
        return [forms[statement] for statement in statements]

    def _oldest_of(self, statements: Sequence[int]) -> list[Aged]:
        """For each statement the oldest known one with the same normal form and its age, if there is any."""
        oldest = self._connection.remembered(_Lately).oldest if self._until == _NOW else {}
        unknown = [statement for statement in statements if statement not in oldest]
        if unknown:
            if len(oldest) > _OLDEST_REMEMBERED:
                oldest.clear()
                unknown = list(statements)
            rows = self._connection.rows(
                f"SELECT {KNOWN_COLUMNS}, c.id AS candidate FROM json_each(:ids) j "
                "JOIN statements c ON c.id = j.value "
                "JOIN statements s ON s.normal_key = c.normal_key AND s.normal = c.normal "
                f"JOIN known k ON {OLDEST}",
                {"ids": json_text(unknown), "until": self._until},
            )
            oldest.update(dict.fromkeys(unknown))
            for row in sorted(rows, key=_age, reverse=True):
                oldest[row["candidate"]] = (_age(row), known_from_row(row))
        return list(filter(None, map(oldest.__getitem__, statements)))

    def _naming(self, events: Sequence[str]) -> dict[Age, KnownStatement]:
        rows = self._connection.rows(
            f"SELECT DISTINCT {KNOWN_COLUMNS} FROM facts f JOIN known k ON k.id = f.known_id "
            "JOIN statements s ON s.id = k.statement_id "
            "WHERE f.event IN (SELECT value FROM json_each(?)) AND k.believed_from <= ? "
            "AND k.believed_until > ? ORDER BY k.said_key DESC, k.known_at DESC, k.origin, "
            "k.id LIMIT ?",
            (json_text(events), self._until, self._until, _OF_EVENTS),
        )
        return {_age(row): known_from_row(row) for row in rows}


def said_again(connection: Connection, candidate: int | None = None) -> None:
    """To be told where what is known of a form changes: its candidate; None: of any."""
    oldest = connection.remembered(_Lately).oldest
    if candidate is None:
        oldest.clear()
    else:
        oldest.pop(candidate, None)


def _age(row: sqlite3.Row) -> Age:
    return (row["said_key"], row["known_at"], row["origin"], row["id"])
