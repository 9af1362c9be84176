"""What will be known once pages that are still being judged are recorded; nothing of it is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from diffing.model import KnownStatement
from storage.candidates import candidate_of, expect_candidate, hold_candidates
from storage.connection import Connection, connect
from storage.knowledge import Aged, ArchiveKnown
from storage.rows import time_to_text
from storage.terms import Terms

__all__ = ["Coming", "KnownAhead", "can_hold", "open_ahead"]


# Candidates of an archive that are held in memory, at some 3 kB and 0.1 ms each: to look for one in the index
# takes as long as in memory for fifty statements, and the log of writes is not emptied while it is read.
_HELD = 2_000


class Coming(NamedTuple):
    """A statement that will be recorded as known: its words with their lead-in, and by what it is found.

    A tuple, as thousands are handed from one process to another, which takes five times as long for others.
    """

    text: str
    normal: str
    language: str
    terms: Terms


class KnownAhead(ArchiveKnown):
    """An archive as it is now and stays for this reader, and what it is told that will be recorded next.

    `knows`, and `candidates` of no event, answer as the archive itself will when all that was told is
    recorded, in that order; to other questions it has no answer of its own.
    """

    def __init__(self, connection: Connection) -> None:
        """Takes over a connection that reads, which sees nothing that is recorded from now on."""
        super().__init__(connection)
        self._forms: dict[int, str] = {}
        self._expected: dict[str, int] = {}
        self._oldest: dict[int, Aged] = {}
        connection.run("BEGIN")
        # Which is first decides between equals. What was kept before as saying nothing keeps its lower id
        # where it comes to say something: then it may be another one of equals.
        self._next_statement = 1 + int(connection.value("SELECT ifnull(max(id), 0) FROM statements"))
        self._next_known = 1 + int(connection.value("SELECT ifnull(max(id), 0) FROM known"))
        self._holds_all = _are_few(connection)
        if self._holds_all:
            self._hold_all()

    def _hold_all(self) -> None:
        """Takes all that is known into memory, after which nothing is read any more."""
        rows = self._connection.rows("SELECT id, normal FROM statements WHERE candidate = 1 ORDER BY id")
        candidates = [(int(statement), str(normal)) for statement, normal in rows]
        oldest = super()._oldest_of([statement for statement, _ in candidates])
        self._forms = dict(candidates)
        self._expected = {normal: statement for statement, normal in candidates}
        self._oldest = {self._expected[aged[1].normal]: aged for aged in oldest}
        hold_candidates(self._connection, candidates)
        self._connection.run("COMMIT")
        # What is remembered stays in a transaction, and one that reads nothing keeps nobody waiting.
        self._connection.run("BEGIN")

    def close(self) -> None:
        """Closes; it cannot be asked any more."""
        self._connection.close()

    def knows(self, normal: str) -> bool:
        """Whether a known statement has this normal form."""
        return normal in self._expected or self._recorded(normal) is not None

    def expect(
        self, statements: Iterable[Coming], said_on: dt.date, known_at: dt.datetime, origin: str
    ) -> None:
        """Takes it that these statements of a page, captured then, will be recorded as known."""
        age = said_on.isoformat(), time_to_text(known_at), origin
        for statement in statements:
            said = KnownStatement(
                text=statement.text,
                normal=statement.normal,
                language=statement.language,
                said_on=said_on,
                origin=origin,
                url=origin,
            )
            aged = (*age, self._next_known), said
            self._next_known += 1
            candidate = self._expected.get(statement.normal) or self._recorded(statement.normal)
            if candidate is None:
                self._oldest[self._new_candidate(statement)] = aged
            else:
                self._oldest[candidate] = min([*self._oldest_of([candidate]), aged])

    def _new_candidate(self, statement: Coming) -> int:
        """The statement by which those of this normal form are found, the first of which this is."""
        candidate = self._expected[statement.normal] = self._next_statement
        self._next_statement += 1
        self._forms[candidate] = statement.normal
        expect_candidate(self._connection, candidate, statement.terms)
        return candidate

    def _recorded(self, normal: str) -> int | None:
        if self._holds_all:
            return None
        return candidate_of(self._connection, normal)

    def _forms_of(self, statements: Sequence[int]) -> list[str]:
        if self._holds_all:
            return list(map(self._forms.__getitem__, statements))
        recorded = [statement for statement in statements if statement not in self._forms]
        forms = dict(zip(recorded, super()._forms_of(recorded), strict=True))
        return [forms.get(statement) or self._forms[statement] for statement in statements]

    def _oldest_of(self, statements: Sequence[int]) -> list[Aged]:
        if self._holds_all:
            return list(filter(None, map(self._oldest.get, statements)))
        expected = [self._oldest[statement] for statement in statements if statement in self._oldest]
        recorded = [
            statement
            for statement in statements
            if statement not in self._oldest and statement not in self._forms
        ]
        return [*super()._oldest_of(recorded), *expected]


def can_hold(path: Path) -> bool:
    """Whether the archive is small enough to be held in memory, so that `open_ahead` reads nothing later."""
    connection = connect(path, write=False, create=False)
    try:
        return _are_few(connection)
    finally:
        connection.close()


def _are_few(connection: Connection) -> bool:
    return bool(connection.value("SELECT count(*) <= ? FROM statements WHERE candidate = 1", (_HELD,)))


def open_ahead(path: Path) -> KnownAhead:
    """What is known now, to be told what comes next. Raises ArchiveMissing, ArchiveDamaged and others."""
    return KnownAhead(connect(path, write=False, create=False))
