"""What will be known once pages that are still being judged are recorded; nothing of it is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from diffing.model import KnownStatement, Statement
from storage.candidates import expect_candidate
from storage.connection import Connection, connect
from storage.knowledge import Aged, ArchiveKnown
from storage.rows import text_key, time_to_text

__all__ = ["KnownAhead", "open_ahead"]


class KnownAhead(ArchiveKnown):
    """An archive as it is now and stays for this reader, and what it is told that will be recorded next.

    Answers as the archive itself will when all that was told is recorded, in that order. A context manager.
    """

    def __init__(self, connection: Connection) -> None:
        """Takes over a connection that reads, which sees nothing that is recorded from now on."""
        super().__init__(connection)
        connection.run("BEGIN")
        # Nothing recorded later has a lower id, which decides between equals.
        self._first = 1 + int(connection.value("SELECT ifnull(max(id), 0) FROM statements"))
        self._said = 1 + int(connection.value("SELECT ifnull(max(id), 0) FROM known"))
        self._forms: dict[int, str] = {}
        self._expected: dict[str, int] = {}
        self._oldest: dict[int, Aged] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def knows(self, normal: str) -> bool:
        """Whether a known statement has this normal form."""
        return normal in self._expected or self._recorded(normal) is not None

    def expect(
        self, statements: Iterable[Statement], said_on: dt.date, known_at: dt.datetime, origin: str
    ) -> None:
        """Takes it that these statements of a page, captured then, will be recorded as known."""
        age = said_on.isoformat(), time_to_text(known_at), origin
        for statement in statements:
            said = KnownStatement(
                text=statement.full_text,
                normal=statement.normal,
                language=statement.language,
                said_on=said_on,
                origin=origin,
                url=origin,
            )
            candidate = self._candidate(statement.normal)
            self._oldest[candidate] = min([*self._oldest_of([candidate]), ((*age, self._said), said)])
            self._said += 1

    def _candidate(self, normal: str) -> int:
        """The statement by which those of this normal form are found."""
        found = self._expected.get(normal) or self._recorded(normal)
        if found is None:
            found = self._expected[normal] = self._first + len(self._forms)
            self._forms[found] = normal
            expect_candidate(self._connection, found, normal)
        return found

    def _recorded(self, normal: str) -> int | None:
        found: int | None = self._connection.value(
            "SELECT id FROM statements WHERE normal_key = ? AND candidate = 1 AND normal = ?",
            (text_key(normal), normal),
        )
        return found

    def _forms_of(self, statements: Sequence[int]) -> list[str]:
        recorded = [statement for statement in statements if statement < self._first]
        forms = self._forms
        if recorded:
            forms = dict(zip(recorded, super()._forms_of(recorded), strict=True))
            forms.update(
                (statement, self._forms[statement]) for statement in statements if statement >= self._first
            )
        return [forms[statement] for statement in statements]

    def _oldest_of(self, statements: Sequence[int]) -> list[Aged]:
        recorded = [statement for statement in statements if statement not in self._oldest]
        expected = [self._oldest[statement] for statement in statements if statement in self._oldest]
        return [*super()._oldest_of(recorded), *expected] if recorded else expected


def open_ahead(path: Path) -> KnownAhead:
    """What is known now, to be told what comes next. Raises ArchiveMissing, ArchiveDamaged and others."""
    return KnownAhead(connect(path, write=False, create=False))
