"""What is asked of the history: changes, statements, what was looked at, how much there is."""

# ruff: noqa: S608 - only constants of this package are put into SQL; every value is a parameter
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from diffing.model import ChangeKind, Outcome, RecordedChange, Significance, SourceCoverage
from storage.moves import ADDRESSES
from storage.part import Part
from storage.records import Look, SearchHit, Sizes
from storage.rows import (
    change_from_row,
    date_from_text,
    json_text,
    time_from_text,
    time_to_text,
    words_to_json,
)
from storage.terms import match_all, words_of

__all__ = ["Questions"]

# Statements that a search ranks: the newest with all its words. Ranking is linear in them (3 us each).
_RANKED = 5000


class Questions(Part):
    """Each answer is one query or few, whatever the archive's size."""

    def changes(
        self,
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
        kinds: Iterable[ChangeKind] = (),
        event: str | None = None,
        source: str | None = None,
        url: str | None = None,
        significances: Iterable[Significance] = (),
        limit: int | None = None,
        *,
        before: int | None = None,
        events: Sequence[str] = (),
    ) -> tuple[RecordedChange, ...]:
        """The diff history detected in [since, until), newest first; empty filters let all through.

        With `events` those of any of them, with `before` only those of lower numbers.
        """
        where, values = ["1"], []
        for condition, value in (
            ("c.detected >= ?", time_to_text(since) if since else None),
            ("c.detected < ?", time_to_text(until) if until else None),
            ("c.id < ?", before),
            ("c.event = ?", event),
            ("c.event IN (SELECT value FROM json_each(?))", json_text(list(events)) if events else None),
            ("c.source = ?", source),
            (f"c.url IN ({ADDRESSES})", url),
            ("c.kind IN (SELECT value FROM json_each(?))", words_to_json(kinds)),
            ("c.significance IN (SELECT value FROM json_each(?))", words_to_json(significances)),
        ):
            if value is not None:
                where.append(condition)
                values.append(value)
        # With a period the index on time finds the rows, not a walk from the newest number on.
        number = "+c.id" if since or until else "c.id"
        rows = self._connection.rows(
            f"SELECT * FROM v_changes c WHERE {' AND '.join(where)} ORDER BY {number} DESC LIMIT ?",
            (*values, -1 if limit is None else limit),
        )
        return tuple(change_from_row(row) for row in rows)

    def search(
        self, query: str, since: dt.datetime | None = None, language: str | None = None, limit: int = 100
    ) -> tuple[SearchHit, ...]:
        """Statements of any revision with all the words, each the beginning of one; best first, then newest.

        A statement is told once per page, with the revision that first had it. Any text is a query.
        """
        from diffing.normal import normalise

        words = list(dict.fromkeys(words_of(normalise(query))))
        if not words:
            return ()
        rows = self._connection.rows(
            "WITH hits AS (SELECT rowid AS id, bm25(search_index) AS rank FROM search_index "
            "WHERE search_index MATCH :words ORDER BY rowid DESC LIMIT :ranked) "
            "SELECT s.text, s.lead_in, s.language, p.url, o.name AS source, r.published, "
            "min(r.captured_at) AS captured, r.number FROM hits h JOIN statements s ON s.id = h.id "
            "JOIN revision_statements rs ON rs.statement_id = s.id JOIN revisions r ON r.id = rs.revision_id "
            "JOIN pages p ON p.id = r.page_id JOIN sources o ON o.id = p.source_id "
            "WHERE (:language IS NULL OR s.language = :language) AND (:since IS NULL OR r.captured_at >= "
            ":since) "
            "GROUP BY s.id, p.id ORDER BY h.rank, captured DESC, p.url, s.id LIMIT :limit",
            {
                "words": match_all(words),
                "ranked": _RANKED,
                "language": language,
                "since": time_to_text(since) if since else None,
                "limit": limit,
            },
        )
        return tuple(
            SearchHit(
                statement=f"{row['lead_in']} {row['text']}" if row["lead_in"] else row["text"],
                url=row["url"],
                source=row["source"],
                language=row["language"],
                published=date_from_text(row["published"]),
                captured=dt.datetime.fromisoformat(row["captured"]),
                revision=row["number"],
            )
            for row in rows
        )

    def coverage(self, since: dt.datetime, until: dt.datetime) -> tuple[SourceCoverage, ...]:
        """What was looked at in [since, until): every listed source, and any other that was visited."""
        rows = self._connection.rows(
            "SELECT p.source_id, ifnull(c.role, p.role) = 'article' AS article, c.outcome, count(*) AS looks "
            "FROM captures c JOIN pages p ON p.id = c.page_id "
            "WHERE c.fetched_at >= ? AND c.fetched_at < ? GROUP BY p.source_id, article, c.outcome",
            (time_to_text(since), time_to_text(until)),
        )
        pages: dict[int, int] = {}
        found: dict[int, dict[Outcome, int]] = {}
        # Beside its one max() SQLite gives a group's other columns from the row that has it, the last look.
        for row in self._connection.rows(
            "SELECT source_id, CASE WHEN outcome = 'gone' THEN outcome WHEN new THEN 'new' "
            "WHEN changed THEN 'changed' ELSE outcome END AS told, count(*) AS pages FROM ("
            "SELECT p.source_id, c.outcome, max(c.fetched_at), total(c.outcome = 'new') AS new, "
            "total(c.outcome = 'changed') AS changed FROM captures c JOIN pages p ON p.id = c.page_id "
            "WHERE c.fetched_at >= ? AND c.fetched_at < ? AND ifnull(c.role, p.role) = 'article' "
            "GROUP BY p.id) GROUP BY source_id, told",
            (time_to_text(since), time_to_text(until)),
        ):
            pages[row["source_id"]] = pages.get(row["source_id"], 0) + row["pages"]
            if row["told"] is not None:
                found.setdefault(row["source_id"], {})[Outcome(row["told"])] = row["pages"]
        looks: dict[int, int] = {}
        outcomes: dict[int, dict[Outcome, int]] = {}
        for row in rows:
            looks[row["source_id"]] = looks.get(row["source_id"], 0) + row["looks"]
            if row["outcome"] is not None and row["article"]:
                outcomes.setdefault(row["source_id"], {})[Outcome(row["outcome"])] = row["looks"]
        return tuple(
            SourceCoverage(
                source=row["name"],
                looks=looks.get(row["id"], 0),
                pages=pages.get(row["id"], 0),
                outcomes=outcomes.get(row["id"], {}),
                found=found.get(row["id"], {}),
                last_success=time_from_text(row["last_success"]),
                reason=row["failure"] if row["failing"] else None,
            )
            for row in self._connection.rows("SELECT * FROM sources ORDER BY name")
            if row["listed"] or row["id"] in looks
        )

    def looks(
        self, url: str, since: dt.datetime | None = None, until: dt.datetime | None = None
    ) -> tuple[Look, ...]:
        """Every visit to a page in [since, until), oldest first; empty: nobody looked."""
        rows = self._connection.rows(
            "SELECT c.id, c.fetched_at, c.outcome, c.status, ifnull(c.reason, c.error) AS reason, b.sha256, "
            "b.size, (SELECT max(o.fetched_at) FROM captures o WHERE o.page_id = c.page_id "
            "AND o.fetched_at < c.fetched_at) AS previous, "
            "(SELECT max(r.number) FROM revisions r WHERE r.page_id = c.page_id "
            "AND r.captured_at <= c.fetched_at AND r.origin = 'visit') AS revision "
            "FROM captures c JOIN pages p ON p.id = c.page_id LEFT JOIN bodies b ON b.id = c.body_id "
            "WHERE p.url = ? AND c.fetched_at >= ? AND c.fetched_at < ? ORDER BY c.fetched_at, c.id",
            (url, time_to_text(since) if since else "", time_to_text(until) if until else "9999"),
        )
        return tuple(
            Look(
                capture=row["id"],
                at=dt.datetime.fromisoformat(row["fetched_at"]),
                previous=time_from_text(row["previous"]),
                outcome=None if row["outcome"] is None else Outcome(row["outcome"]),
                status=row["status"],
                reason=row["reason"],
                revision=row["revision"],
                sha256=row["sha256"].hex() if row["sha256"] else None,
                size=row["size"],
            )
            for row in rows
        )

    def last_look(self, url: str, before: dt.datetime) -> dt.datetime | None:
        """When the page was last visited before that time; None: it never was."""
        value = self._connection.value(
            "SELECT max(c.fetched_at) FROM captures c JOIN pages p ON p.id = c.page_id "
            "WHERE p.url = ? AND c.fetched_at < ?",
            (url, time_to_text(before)),
        )
        return time_from_text(value)

    def sizes(self) -> Sizes:
        """How much there is."""

        def count(table: str) -> int:
            return int(self._connection.value(f"SELECT count(*) FROM {table}"))

        body = self._connection.one("SELECT count(*), total(size), total(stored) FROM bodies")
        wal = self.path.with_name(self.path.name + "-wal")
        return Sizes(
            database_bytes=self.path.stat().st_size,
            wal_bytes=wal.stat().st_size if wal.exists() else 0,
            pages=count("pages"),
            captures=count("captures"),
            bodies=int(body[0]) if body else 0,
            dropped_bodies=int(
                self._connection.value("SELECT count(*) FROM bodies WHERE dropped_at IS NOT NULL")
            ),
            body_bytes=int(body[1]) if body else 0,
            stored_bytes=int(body[2]) if body else 0,
            revisions=count("revisions"),
            statements=count("statements"),
            # Each is of a revision or of a text; the two indexes are a quarter of the one over all rows.
            known_statements=count("known WHERE revision_id IS NOT NULL")
            + count("known WHERE baseline_id IS NOT NULL"),
            facts=count("facts"),
            changes=count("changes"),
        )
