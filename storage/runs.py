"""Runs of commands, and the sources they look at."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping

from storage.candidates import tidy_candidates
from storage.part import Part
from storage.records import RunRecord, SourceHealth
from storage.rows import counts_from_json, json_text, strings_from_json, time_from_text, time_to_text
from storage.seals import Subject, seal
from storage.standing import keep_standing

__all__ = ["Runs"]


class Runs(Part):
    """Which command ran when and how it ended; how each source fares."""

    def begin_run(self, now: dt.datetime, command: str, sources: Iterable[str]) -> int:
        """Notes that a command began; the run's number."""
        with self._connection.unit():
            return self._connection.insert(
                "INSERT INTO runs (command, sources, started_at) VALUES (?, ?, ?)",
                (command, json_text(list(sources)), time_to_text(now)),
            )

    def unfinished_run(
        self, now: dt.datetime, command: str, sources: Iterable[str], within: dt.timedelta
    ) -> int | None:
        """The newest run, if it was cut short and began so recently, with this command over these sources.

        None: there is nothing to take up.
        """
        newest = self._connection.one("SELECT * FROM runs ORDER BY id DESC LIMIT 1")
        if newest is None or newest["ended_at"] is not None:
            return None
        same = (newest["command"], newest["sources"]) == (command, json_text(list(sources)))
        began = time_to_text(now - within) <= newest["started_at"] <= time_to_text(now)
        return int(newest["id"]) if same and began else None

    def cut_short_since(self, command: str, source: str) -> dt.datetime | None:
        """When the first run of the command over the source began since which none came to its end.

        None: the last one did, or there was none.
        """
        began: str | None = None
        for row in self._connection.each(
            "SELECT sources, started_at, ended_at FROM runs WHERE command = ? ORDER BY id DESC", (command,)
        ):
            if source in strings_from_json(row["sources"]):
                if row["ended_at"] is not None:
                    break
                began = row["started_at"]
        return time_from_text(began)

    def end_run(
        self,
        run: int,
        now: dt.datetime,
        *,
        outcomes: Mapping[str, int],
        changes: Mapping[str, int],
        failures: Mapping[str, str],
    ) -> None:
        """Notes how it ended: visits by outcome, changes by kind, the reason by failed source; the size."""
        values = [
            json_text({str(key): value for key, value in kept.items()})
            for kept in (outcomes, changes, failures)
        ]
        with self._connection.unit():
            self._connection.run(
                "UPDATE runs SET ended_at = ?, outcomes = ?, changes = ?, failures = ?, bytes = ? "
                "WHERE id = ?",
                (time_to_text(now), *values, self._bytes_in_use(), run),
            )
            seal(self._connection, Subject.RUN, run)
            tidy_candidates(self._connection)
            keep_standing(self._connection)

    def runs(
        self, limit: int | None = 10, since: dt.datetime | None = None, until: dt.datetime | None = None
    ) -> tuple[RunRecord, ...]:
        """The last runs that began in [since, until), newest first; limit None: all of them."""
        rows = self._connection.rows(
            "SELECT * FROM runs WHERE started_at >= ? AND started_at < ? ORDER BY id DESC LIMIT ?",
            (
                time_to_text(since) if since else "",
                time_to_text(until) if until else "9999",
                -1 if limit is None else limit,
            ),
        )
        return tuple(
            RunRecord(
                id=row["id"],
                command=row["command"],
                sources=strings_from_json(row["sources"]),
                started=dt.datetime.fromisoformat(row["started_at"]),
                ended=time_from_text(row["ended_at"]),
                outcomes=counts_from_json(row["outcomes"]),
                changes=counts_from_json(row["changes"]),
                failures=json.loads(row["failures"] or "{}"),
                bytes=row["bytes"],
            )
            for row in rows
        )

    def sync_sources(self, sources: Mapping[str, str], now: dt.datetime | None = None) -> None:
        """Notes the sources that are watched, name to language; others stay, no longer listed."""
        with self._connection.unit():
            names = json_text(list(sources))
            self._connection.run(
                "UPDATE sources SET listed = 0 WHERE listed = 1 AND name NOT IN (SELECT value FROM "
                "json_each(?))",
                (names,),
            )
            self._connection.many(
                "INSERT INTO sources (name, language, listed, added_at) VALUES (?, ?, 1, ?) "
                "ON CONFLICT (name) DO UPDATE SET language = excluded.language, listed = 1 "
                "WHERE language <> excluded.language OR listed = 0",
                [(name, language, time_to_text(now) if now else None) for name, language in sources.items()],
            )

    def source_health(self) -> tuple[SourceHealth, ...]:
        """How each listed source fares, by name."""
        rows = self._connection.rows(
            "SELECT s.*, (SELECT count(*) FROM pages p WHERE p.source_id = s.id AND p.role = 'article') "
            "AS pages "
            "FROM sources s WHERE s.listed = 1 ORDER BY s.name"
        )
        return tuple(
            SourceHealth(
                source=row["name"],
                language=row["language"],
                pages=row["pages"],
                last_visit=time_from_text(row["last_visit"]),
                last_success=time_from_text(row["last_success"]),
                last_failure=time_from_text(row["last_failure"]),
                failure=row["failure"],
                silent_since=time_from_text(row["last_success"] or row["added_at"])
                if row["failing"]
                else None,
                last_change=time_from_text(row["last_change"]),
                misled_since=time_from_text(row["misled_since"]),
            )
            for row in rows
        )

    def teasers(self, source: str) -> str | None:
        """What `save_teasers` kept for the source; None: nothing yet."""
        value = self._connection.value("SELECT teasers FROM sources WHERE name = ?", (source,))
        return None if value is None else str(value)

    def teasers_through(self, source: str) -> int:
        """The newest capture of which `save_teasers` kept what was learned; 0: none."""
        return int(
            self._connection.value("SELECT teasers_through FROM sources WHERE name = ?", (source,)) or 0
        )

    def save_teasers(self, source: str, data: str, now: dt.datetime, through: int = 0) -> None:
        """Keeps the JSON text of what was learned of a source's teasers, of captures up to `through`."""
        with self._connection.unit():
            number = self._source_id(source)
            self._connection.run(
                "UPDATE sources SET teasers_through = max(teasers_through, ?) WHERE id = ?", (through, number)
            )
            self._connection.run(
                "UPDATE sources SET teasers = ?, teasers_at = ? WHERE id = ? AND teasers IS NOT ?",
                (data, time_to_text(now), number, data),
            )

    def _source_id(self, name: str) -> int:
        known = self._connection.value("SELECT id FROM sources WHERE name = ?", (name,))
        if known is not None:
            return int(known)
        return self._connection.insert(
            "INSERT INTO sources (name, language, listed) VALUES (?, '', 0)", (name,)
        )

    def _note_visit(self, source: int, at: str, failure: str | None) -> None:
        self._connection.run(
            # One page of a run that fails is no failing source while others of the same run answer.
            "UPDATE sources SET last_visit = max(ifnull(last_visit, ''), :at), "
            "failing = :failing AND ifnull(last_success, '') < :at, "
            "last_success = CASE WHEN :failing THEN last_success "
            "ELSE max(ifnull(last_success, ''), :at) END, "
            "last_failure = CASE WHEN :failing THEN :at ELSE last_failure END, "
            "failure = CASE WHEN :failing THEN :failure ELSE failure END WHERE id = :source",
            {"at": at, "failing": failure is not None, "failure": failure, "source": source},
        )

    def _bytes_in_use(self) -> int:
        """What the database needs on disk, with what is still in the write-ahead log."""
        used = self._connection.value("PRAGMA page_count") - self._connection.value("PRAGMA freelist_count")
        return int(used * self._connection.value("PRAGMA page_size"))
