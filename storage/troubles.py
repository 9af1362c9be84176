"""Troubles from their beginning to their end, and the signs by which they are judged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diffing.model import Trouble, TroubleKind
from storage.part import Part
from storage.rows import time_from_text, time_to_text

if TYPE_CHECKING:
    import sqlite3

__all__ = ["Sign", "TextSizes", "Troubles"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """How often in a row a source was found in trouble, or out of it, and since when (aware UTC)."""

    bad: bool
    streak: int
    since: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSizes:
    """Characters of a page's statements in its last revision and in the one before."""

    url: str
    before: int
    after: int


class Troubles(Part):
    """What needs a person: each trouble is noted when it begins and when it ends, once."""

    def troubles(
        self, since: dt.datetime | None = None, until: dt.datetime | None = None, *, open_only: bool = False
    ) -> tuple[Trouble, ...]:
        """Troubles that began or ended in [since, until), oldest first; `open_only`: that go on."""
        first, last = time_to_text(since) if since else "", time_to_text(until) if until else "9999"
        rows = self._connection.rows(
            "SELECT * FROM troubles WHERE (began_at >= :first AND began_at < :last OR ended_at >= :first "
            "AND ended_at < :last) AND (NOT :open OR ended_at IS NULL) ORDER BY began_at, id",
            {"first": first, "last": last, "open": open_only},
        )
        return tuple(_trouble(row) for row in rows)

    def begin_trouble(self, source: str, kind: TroubleKind, detail: str, now: dt.datetime) -> Trouble:
        """Notes that a trouble began; the one that goes on already, where there is one."""
        with self._connection.unit():
            self._connection.run(
                "INSERT INTO troubles (source, kind, detail, began_at) VALUES (?, ?, ?, ?) "
                "ON CONFLICT DO NOTHING",
                (source, kind, " ".join(detail.split()), time_to_text(now)),
            )
            row = self._connection.one(
                "SELECT * FROM troubles WHERE source = ? AND kind = ? "
                "ORDER BY ended_at IS NULL DESC, id DESC",
                (source, kind),
            )
        assert row is not None, "the row was inserted, or was there"  # noqa: S101 - for the type checker
        return _trouble(row)

    def end_trouble(self, trouble: int, now: dt.datetime) -> None:
        """Notes that a trouble is over; does nothing the second time."""
        with self._connection.unit():
            self._connection.run(
                "UPDATE troubles SET ended_at = ? WHERE id = ? AND ended_at IS NULL",
                (time_to_text(now), trouble),
            )

    def signs(self, source: str) -> Mapping[TroubleKind, Sign]:
        """What the last judgements of the source were, by kind of trouble."""
        return {
            TroubleKind(row["kind"]): Sign(
                bad=bool(row["bad"]), streak=row["streak"], since=dt.datetime.fromisoformat(row["since"])
            )
            for row in self._connection.rows("SELECT * FROM signs WHERE source = ?", (source,))
        }

    def keep_sign(self, source: str, kind: TroubleKind, sign: Sign) -> None:
        """Keeps the last judgement of a source."""
        with self._connection.unit():
            self._connection.run(
                "INSERT INTO signs (source, kind, bad, streak, since) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (source, kind) DO UPDATE SET bad = excluded.bad, streak = excluded.streak, "
                "since = excluded.since",
                (source, kind, sign.bad, sign.streak, time_to_text(sign.since)),
            )

    def last_visit(self, source: str) -> dt.datetime | None:
        """When the source was last looked at, whatever came of it; None: never, or it is unknown."""
        value = self._connection.value("SELECT last_visit FROM sources WHERE name = ?", (source,))
        return time_from_text(value)

    def arrivals(self, source: str, since: dt.datetime) -> tuple[dt.datetime, ...]:
        """The times from `since` on at which articles of the source were first seen, oldest first."""
        rows = self._connection.rows(
            "SELECT DISTINCT p.first_seen FROM pages p JOIN sources s ON s.id = p.source_id "
            "WHERE s.name = ? AND p.role = 'article' AND p.first_seen >= ? ORDER BY p.first_seen",
            (source, time_to_text(since)),
        )
        return tuple(dt.datetime.fromisoformat(row["first_seen"]) for row in rows)

    def edited_sizes(self, run: int, source: str) -> tuple[TextSizes, ...]:
        """How long the texts are that the run found edited, and how long they were before."""
        size = (
            "(SELECT total(length(st.text)) FROM revision_statements rs JOIN statements st "
            "ON st.id = rs.statement_id WHERE rs.revision_id = {}.id)"
        )
        rows = self._connection.rows(
            f"SELECT p.url, {size.format('o')} AS before, {size.format('r')} AS after "  # noqa: S608 - constants
            "FROM captures c JOIN revisions r ON r.capture_id = c.id AND r.origin = 'visit' "
            "JOIN revisions o ON o.page_id = r.page_id AND o.number = r.number - 1 "
            "JOIN pages p ON p.id = r.page_id JOIN sources s ON s.id = p.source_id "
            "WHERE c.run_id = ? AND s.name = ? ORDER BY p.url",
            (run, source),
        )
        return tuple(
            TextSizes(url=row["url"], before=int(row["before"]), after=int(row["after"])) for row in rows
        )


def _trouble(row: sqlite3.Row) -> Trouble:
    return Trouble(
        id=row["id"],
        source=row["source"],
        kind=TroubleKind(row["kind"]),
        detail=row["detail"],
        began=dt.datetime.fromisoformat(row["began_at"]),
        ended=time_from_text(row["ended_at"]),
    )
