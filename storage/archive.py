"""The only door to SQLite: what is recorded in one transaction each, what is asked in one query each."""

# ruff: noqa: S608 - only constants of this package are put into SQL; every value is a parameter
from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias
from urllib.parse import urlsplit

from diffing.model import (
    Change,
    ChangeKind,
    Document,
    Fact,
    Fetched,
    KnownFact,
    KnownText,
    Outcome,
    PageRole,
    PageState,
    RecordedChange,
    Revision,
    RevisionOrigin,
    Significance,
    SourceCoverage,
    Statement,
)
from storage import bodies
from storage.connection import Connection, connect, inspect
from storage.errors import ArchiveDamaged, ArchiveError, UnknownCapture
from storage.evidence import chain_digest, read_body, revision_digest
from storage.knowledge import ArchiveKnown
from storage.locking import WriterLock
from storage.records import (
    BaselineText,
    Finding,
    KeptVisit,
    PendingCapture,
    Rereading,
    RunRecord,
    SearchHit,
    Sizes,
    SourceHealth,
)
from storage.rows import (
    CHANGE_COLUMNS,
    change_from_row,
    change_to_row,
    content_digest,
    counts_from_json,
    date_from_text,
    date_to_text,
    fact_to_row,
    headers_from_parts,
    headers_to_parts,
    json_text,
    known_fact_from_row,
    page_state_from_row,
    revision_from_row,
    statement_digest,
    statement_from_row,
    strings_from_json,
    text_key,
    time_from_text,
    time_to_text,
    value_to_text,
)
from storage.terms import match_all, search_terms, terms_of, words_of

__all__ = ["Archive", "open_archive"]

# Visits that prove a page is as it was understood: their validators may be sent back next time.
_GOOD = frozenset({Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.NOT_MODIFIED})

# Until when a statement is believed that no better reading has replaced; later than any time in a row.
_EVER = "99999"

# The first statements of a page by which a side column quotes it; see crawler/teasers.py.
_LEAD_STATEMENTS = 3

# Pages whose leads are remembered for a source: a side column shows the newest articles, and a crawl's
# memory must not grow with the archive.
_LEAD_PAGES = 2000

# A capture with all that it takes to tell what the network gave.
_WHOLE_CAPTURE = (
    "SELECT c.*, ifnull(c.role, p.role) AS as_role, p.url, p.good_body_id, s.name AS source, "
    "q.pattern AS request_pattern, h.pattern AS header_pattern FROM captures c "
    "JOIN pages p ON p.id = c.page_id JOIN sources s ON s.id = p.source_id "
    "JOIN header_sets q ON q.id = c.request_set JOIN header_sets h ON h.id = c.header_set"
)

# Shorter path endings are sections and numbers ("events", "12345"), which differ in meaning by source;
# the slugs of the official sites are transliterated titles of 40 letters and more.
_TELLING_SLUG = 16

# Statements that a search ranks: the newest with all its words. Ranking is linear in them (3 us each).
_RANKED = 5000


def open_archive(
    path: Path | str, *, write: bool = False, create: bool = False, now: dt.datetime | None = None
) -> Archive:
    """The archive at the path; a context manager. To read is the default: it waits for nobody.

    With `write` this process is the only writer until it closes, and `create` makes a missing
    database. `now` is told to whom the lock keeps out. Raises ArchiveMissing, ArchiveDamaged,
    ArchiveTooNew, ArchiveLocked and other ArchiveErrors.
    """
    database = Path(path)
    if not write:
        return Archive(connect(database, write=False, create=False), None)
    # Refused before a lock file is left beside what is not ours.
    inspect(database, create=create)
    lock = WriterLock(database, now)
    try:
        return Archive(connect(database, write=True, create=create), lock)
    except BaseException:
        lock.release()
        raise


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """Where and when a statement was said, in the form of rows."""

    origin: str
    url: str | None
    said_on: str | None
    known_at: str
    baseline: int | None = None
    revision: int | None = None
    believed_from: str | None = None

    @property
    def key(self) -> str:
        """The day it counts from: an undated statement counts as said on the day it was captured."""
        return self.said_on or self.known_at[:10]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What the page of a change shows, in the form of rows."""

    language: str | None
    title: str | None
    published: str | None
    published_before: str | None
    from_revision: int | None
    to_revision: int | None


# By statement and day what shall be believed: where it was said, its normal form, its facts.
_Beliefs: TypeAlias = dict[tuple[int, str], tuple[_Said, str, list[Fact]]]


def _slug(url: str) -> str:
    return urlsplit(url).path.rstrip("/").rpartition("/")[2]


def _listed(values: Iterable[StrEnum]) -> str | None:
    names = [value.value for value in values]
    return json_text(names) if names else None


def _header(headers: Sequence[tuple[str, str]], name: str) -> str | None:
    return next((value for key, value in headers if key.lower() == name), None)


def _why(fetched: Fetched) -> str:
    return fetched.error or f"HTTP {fetched.status}"


def _listing_outcome(fetched: Fetched, body: int | None, good_body: int | None) -> Outcome:
    if fetched.status == 304:
        return Outcome.NOT_MODIFIED
    if fetched.status is None or fetched.status >= 400 or fetched.error:
        return Outcome.FAILED
    if good_body is None:
        return Outcome.NEW
    return Outcome.UNCHANGED if body in {good_body, None} else Outcome.CHANGED


class Archive:
    """All that was seen, understood and believed; each `record_*` is one transaction.

    Recording the same again changes nothing: rows are found by their natural keys.
    """

    def __init__(self, connection: Connection, lock: WriterLock | None) -> None:
        """Takes over an open connection, and the lock of a writer; use `open_archive`."""
        self._connection = connection
        self._lock = lock

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """Where the database lies."""
        return self._connection.path

    def close(self) -> None:
        """Closes the database and lets the next writer in; does nothing the second time."""
        self._connection.close()
        if self._lock is not None:
            self._lock.release()

    # What is known

    def known(self, as_of: dt.datetime | None = None) -> ArchiveKnown:
        """All that is known, for judging; with `as_of` only what was known by then.

        A bundled or named text counts as known from the day it was said, a page from its capture.
        """
        return ArchiveKnown(self._connection, as_of)

    def add_baseline(self, text: KnownText, facts: Sequence[Sequence[Fact]], now: dt.datetime) -> bool:
        """Takes a text as known, with the facts of each statement; False: it was there already."""
        said_on = date_to_text(text.said_on)
        content = (
            text.origin,
            text.language,
            said_on,
            text.url,
            text.title,
            [s.full_text for s in text.statements],
        )
        digest = content_digest(content)
        with self._connection.unit():
            if self._connection.one("SELECT 1 FROM baselines WHERE digest = ?", (digest,)):
                return False
            baseline = self._connection.insert(
                "INSERT INTO baselines (digest, origin, language, said_on, url, title, statements, "
                "loaded_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    digest,
                    text.origin,
                    text.language,
                    said_on,
                    text.url,
                    text.title,
                    len(text.statements),
                    time_to_text(now),
                ),
            )
            source = _Said(
                origin=text.origin,
                url=text.url,
                said_on=said_on,
                known_at=time_to_text(now),
                baseline=baseline,
            )
            for statement, read in zip(text.statements, facts, strict=True):
                self._accept(self._statement_id(statement), statement.normal, read, source)
        return True

    def baseline_list(self) -> tuple[BaselineText, ...]:
        """The texts taken as known, in the order they were loaded; pages are not among them."""
        return tuple(
            BaselineText(
                origin=row["origin"],
                said_on=date_from_text(row["said_on"]),
                language=row["language"],
                url=row["url"],
                statements=row["statements"],
            )
            for row in self._connection.rows("SELECT * FROM baselines ORDER BY id")
        )

    def baseline_texts(self) -> tuple[tuple[int, KnownText], ...]:
        """The texts taken as known, each with its number, their statements as they are believed."""
        found = []
        for row in self._connection.rows("SELECT * FROM baselines ORDER BY id"):
            # A statement's number tells its place, as they were kept in the text's order.
            statements = self._connection.rows(
                "SELECT DISTINCT 0 AS position, s.* FROM known k JOIN statements s ON s.id = k.statement_id "
                "WHERE k.baseline_id = ? AND k.believed_until = ? ORDER BY s.id",
                (row["id"], _EVER),
            )
            text = KnownText(
                origin=row["origin"],
                language=row["language"],
                said_on=date_from_text(row["said_on"]) or date_from_text(row["loaded_at"][:10]),
                url=row["url"],
                title=row["title"],
                statements=tuple(
                    replace(statement_from_row(told), index=place) for place, told in enumerate(statements)
                ),
            )
            found.append((row["id"], text))
        return tuple(found)

    def replace_baseline_facts(
        self,
        baseline: int,
        statements: Sequence[Statement],
        facts: Sequence[Sequence[Fact]],
        now: dt.datetime,
    ) -> bool:
        """Quietly puts what today's rules read of one of the `baseline_texts` in the place of what was.

        `facts` are per statement. False: it was that already.
        """
        at = time_to_text(now)
        with self._connection.unit():
            found = self._connection.rows(
                "SELECT * FROM known WHERE baseline_id = ? AND believed_until = ?", (baseline, _EVER)
            )
            rows = {row["statement_id"]: row for row in found}
            wanted: _Beliefs = {}
            for statement, told in zip(statements, facts, strict=True):
                row = rows[self._statement_id(statement)]
                said = _Said(
                    origin=row["origin"],
                    url=row["url"],
                    said_on=row["said_on"],
                    known_at=row["known_at"],
                    baseline=baseline,
                    believed_from=max(row["believed_from"], at),
                )
                wanted[row["statement_id"], row["said_key"]] = (said, statement.normal, list(told))
            return self._believe_instead(found, wanted, at)

    def events(self, as_of: dt.datetime | None = None) -> tuple[tuple[str, tuple[KnownFact, ...]], ...]:
        """Every event's key with its facts by (said_on, known_at), as known at `as_of`; keys sorted."""
        found: dict[str, list[KnownFact]] = {}
        for row in self.known(as_of).fact_rows():
            found.setdefault(row["event"], []).append(known_fact_from_row(row))
        return tuple((event, tuple(facts)) for event, facts in found.items())

    def event_facts(self, event: str, as_of: dt.datetime | None = None) -> tuple[KnownFact, ...]:
        """The facts of one event by (said_on, known_at); empty: none known."""
        return tuple(self.known(as_of).facts_of(event))

    def rebuild_indexes(self) -> int:
        """Makes both word indexes anew from the statements; the number of statements indexed."""
        with self._connection.unit():
            for table in ("candidate_index", "search_index"):
                self._connection.run(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
            self._connection.run("DELETE FROM words")
            self._connection.run("UPDATE statements SET candidate = 0, searchable = 0")
            known = self._connection.rows(
                "SELECT s.id, s.normal FROM statements s "
                "WHERE EXISTS (SELECT 1 FROM known k WHERE k.statement_id = s.id) ORDER BY s.id"
            )
            for row in known:
                self._index_candidate(row["id"], row["normal"])
            shown = self._connection.rows(
                "SELECT s.* FROM statements s "
                "WHERE EXISTS (SELECT 1 FROM revision_statements r WHERE r.statement_id = s.id) ORDER BY s.id"
            )
            for row in shown:
                self._index_search(row["id"], row["lead_in"], row["text"])
        return len({row["id"] for row in (*known, *shown)})

    # Runs and sources

    def begin_run(self, now: dt.datetime, command: str, sources: Iterable[str]) -> int:
        """Notes that a command began; the run's number."""
        with self._connection.unit():
            return self._connection.insert(
                "INSERT INTO runs (command, sources, started_at) VALUES (?, ?, ?)",
                (command, json_text(list(sources)), time_to_text(now)),
            )

    def end_run(
        self,
        run: int,
        now: dt.datetime,
        *,
        outcomes: Mapping[str, int],
        changes: Mapping[str, int],
        failures: Mapping[str, str],
    ) -> None:
        """Notes how it ended: visits by outcome, changes by kind, the reason by failed source."""
        values = [
            json_text({str(key): value for key, value in kept.items()})
            for kept in (outcomes, changes, failures)
        ]
        with self._connection.unit():
            self._connection.run(
                "UPDATE runs SET ended_at = ?, outcomes = ?, changes = ?, failures = ? WHERE id = ?",
                (time_to_text(now), *values, run),
            )

    def runs(self, limit: int = 10) -> tuple[RunRecord, ...]:
        """The last runs, newest first."""
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
            )
            for row in self._connection.rows("SELECT * FROM runs ORDER BY id DESC LIMIT ?", (limit,))
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
            )
            for row in rows
        )

    def teasers(self, source: str) -> str | None:
        """What `save_teasers` kept for the source; None: nothing yet."""
        value = self._connection.value("SELECT teasers FROM sources WHERE name = ?", (source,))
        return None if value is None else str(value)

    def save_teasers(self, source: str, data: str, now: dt.datetime) -> None:
        """Keeps the JSON text of what was learned of a source's teasers."""
        with self._connection.unit():
            number = self._source_id(source)
            self._connection.run(
                "UPDATE sources SET teasers = ?, teasers_at = ? WHERE id = ? AND teasers IS NOT ?",
                (data, time_to_text(now), number, data),
            )

    # Pages and captures

    def page_states(self, source: str, role: PageRole = PageRole.ARTICLE) -> tuple[PageState, ...]:
        """What is known of the source's pages of that role, by URL."""
        return tuple(
            page_state_from_row(row)
            for row in self._connection.each(
                "SELECT p.*, s.name AS source FROM pages p JOIN sources s ON s.id = p.source_id "
                "WHERE s.name = ? AND p.role = ? ORDER BY p.url",
                (source, role.value),
            )
        )

    def page_state(self, url: str) -> PageState | None:
        """What is known of a page; None: it was never visited."""
        row = self._connection.one(
            "SELECT p.*, s.name AS source FROM pages p JOIN sources s ON s.id = p.source_id WHERE p.url = ?",
            (url,),
        )
        return None if row is None else page_state_from_row(row)

    def resolve_url(self, text: str) -> str | None:
        """The URL of the page so named, with or without its last slash; None: no such page."""
        bare = text.rstrip("/")
        row = self._connection.one(
            "SELECT url FROM pages WHERE url IN (?, ?, ?) ORDER BY url <> ? LIMIT 1",
            (text, bare, bare + "/", text),
        )
        return None if row is None else str(row["url"])

    def counterpart(self, url: str, source: str) -> str | None:
        """The oldest understood page of a source other than `source` whose path ends as the URL's does.

        Translations keep the slug. None: there is none, or the ending is too plain to tell.
        """
        slug = _slug(url)
        if len(slug) < _TELLING_SLUG or slug.isdecimal():
            return None
        value = self._connection.value(
            "SELECT p.url FROM sources s CROSS JOIN pages p ON p.source_id = s.id AND p.role = 'article' AND "
            "p.slug = ? "
            "WHERE s.name <> ? AND p.url <> ? AND p.revision_id IS NOT NULL ORDER BY p.id LIMIT 1",
            (slug, source, url),
        )
        return None if value is None else str(value)

    def leads(self, source: str) -> Mapping[str, tuple[str, ...]]:
        """By URL the normal forms of title and first statements of the source's newest pages."""
        from diffing.normal import normalise

        found: dict[str, list[str]] = {}
        rows = self._connection.rows(
            "SELECT p.url, r.title, st.normal FROM pages p JOIN sources s ON s.id = p.source_id "
            "JOIN revisions r ON r.id = p.revision_id "
            "LEFT JOIN revision_statements rs ON rs.revision_id = r.id AND rs.position < ? "
            "LEFT JOIN statements st ON st.id = rs.statement_id "
            "WHERE p.id IN (SELECT q.id FROM pages q JOIN sources t ON t.id = q.source_id "
            "WHERE t.name = ? AND q.revision_id IS NOT NULL ORDER BY q.id DESC LIMIT ?) "
            "ORDER BY p.url, rs.position",
            (_LEAD_STATEMENTS, source, _LEAD_PAGES),
        )
        for row in rows:
            lead = found.setdefault(row["url"], [normalise(row["title"])] if row["title"] else [])
            if row["normal"] is not None and row["normal"] not in lead:
                lead.append(row["normal"])
        return {url: tuple(lead) for url, lead in found.items()}

    def record_capture(self, run: int, fetched: Fetched) -> int:
        """Keeps a visit as the network gave it; the capture's number.

        An article waits in `pending` to be understood; a listing has its outcome at once.
        """
        fetched_at = time_to_text(fetched.fetched_at)
        with self._connection.unit():
            page = self._page(fetched, fetched_at)
            known = self._connection.value(
                "SELECT id FROM captures WHERE page_id = ? AND fetched_at = ? AND run_id = ?",
                (page["id"], fetched_at, run),
            )
            if known is not None:
                return int(known)
            digest = bodies.sha256(fetched.body) if fetched.body else None
            body = self._body_id(fetched.body, digest, page["body_id"]) if digest else None
            capture = self._insert_capture(run, page, fetched, fetched_at, body=body, digest=digest)
            self._connection.run(
                "UPDATE pages SET first_seen = min(first_seen, ?), last_visit = max(last_visit, ?), "
                "visits = visits + 1, body_id = ifnull(?, body_id) WHERE id = ?",
                (fetched_at, fetched_at, body, page["id"]),
            )
            answered = fetched.status is not None and fetched.status < 500
            self._note_visit(page["source_id"], fetched_at, None if answered else _why(fetched))
            if fetched.role is PageRole.LISTING:
                outcome = _listing_outcome(fetched, body, page["good_body_id"])
                reason = _why(fetched) if outcome is Outcome.FAILED else None
                self._settle(self._capture(capture), outcome, reason)
            return capture

    def pending_runs(self) -> tuple[int, ...]:
        """The numbers of the runs with captures not yet understood, oldest first."""
        return tuple(
            self._connection.numbers(
                "SELECT DISTINCT run_id FROM captures WHERE outcome IS NULL ORDER BY run_id"
            )
        )

    def pending(self, run: int | None = None) -> Iterator[PendingCapture]:
        """The article captures (of one run) not yet understood, in the order of their recording, whole.

        They are read one by one, so that they may be settled while the iteration goes on.
        """
        last = 0
        while True:
            row = self._connection.one(
                f"{_WHOLE_CAPTURE} WHERE c.outcome IS NULL AND c.id > ? AND c.run_id = ifnull(?, c.run_id) "
                "ORDER BY c.id LIMIT 1",
                (last, run),
            )
            if row is None:
                return
            last = row["id"]
            yield PendingCapture(
                id=row["id"],
                run=row["run_id"],
                fetched=self._fetched(row),
                sha256=self._sha256_of(row["body_id"]),
                previous_sha256=self._sha256_of(row["good_body_id"]),
            )

    def body_of(self, capture_id: int) -> bytes:
        """The body that a capture received, b"" where none came. Raises UnknownCapture, ArchiveDamaged."""
        return self._body(self._capture(capture_id)["body_id"])

    def last_good_body(self, url: str) -> bytes | None:
        """The page's last body that was understood as its article; None: none was."""
        body = self._connection.value("SELECT good_body_id FROM pages WHERE url = ?", (url,))
        return None if body is None else self._body(body)

    # What was understood

    def settle(
        self, capture_id: int, outcome: Outcome, reason: str | None = None, *, changes: Sequence[Change] = ()
    ) -> None:
        """The outcome of a visit that brings no revision, with what it did to the page.

        A capture that has an outcome keeps it. Raises UnknownCapture.
        """
        with self._connection.unit():
            capture = self._capture(capture_id)
            if capture["outcome"] is not None:
                return
            self._settle(capture, outcome, reason)
            last = self._connection.one("SELECT * FROM revisions WHERE id = ?", (capture["revision_id"],))
            self._record_changes(
                capture,
                changes,
                _Shown(
                    language=last["language"] if last else None,
                    title=last["title"] if last else None,
                    published=last["published"] if last else None,
                    published_before=None,
                    from_revision=last["number"] if last else None,
                    to_revision=None,
                ),
            )

    def record_revision(
        self,
        capture_id: int,
        outcome: Outcome,
        document: Document,
        statements: Sequence[Statement],
        facts: Sequence[Sequence[Fact]],
        changes: Sequence[Change],
        *,
        said_on: dt.date | None,
        extractor: str,
        understood_at: dt.datetime,
        accepted: Collection[int],
        text_hash: str,
    ) -> int:
        """What a visit was understood to say: the page's next revision, whose number is returned.

        `facts` are per statement; `accepted` holds the places in `statements` of those that the
        baseline takes up. A capture that has an outcome keeps it. Raises UnknownCapture.
        """
        with self._connection.unit():
            capture = self._capture(capture_id)
            if capture["outcome"] is not None:
                number = self._connection.value(
                    "SELECT number FROM revisions WHERE capture_id = ? AND origin = 'visit'", (capture_id,)
                )
                return int(number or 0)
            last = self._connection.one("SELECT * FROM revisions WHERE id = ?", (capture["revision_id"],))
            number = last["number"] + 1 if last else 1
            published = date_to_text(document.published)
            revision = self._connection.insert(
                "INSERT INTO revisions (page_id, number, capture_id, title, language, published, "
                "published_evidence, said_on, captured_at, understood_at, extractor, text_hash, digest) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    capture["page_id"], number, capture_id, document.title, document.language, published,
                    document.published_evidence, date_to_text(said_on), capture["fetched_at"],
                    time_to_text(understood_at), extractor, text_hash,
                    revision_digest(document.title, published, statements),
                ),
            )  # fmt: skip
            ids = self._keep_statements(revision, statements)
            said = _Said(
                origin=capture["url"],
                url=capture["url"],
                said_on=date_to_text(said_on),
                known_at=capture["fetched_at"],
                revision=revision,
            )
            for position, (number_of, statement, read) in enumerate(zip(ids, statements, facts, strict=True)):
                if position in accepted:
                    self._accept(number_of, statement.normal, read, said)
            self._settle(capture, outcome, None)
            self._connection.run(
                "UPDATE pages SET revision_id = ? WHERE id = ?", (revision, capture["page_id"])
            )
            self._record_changes(
                capture,
                changes,
                _Shown(
                    language=document.language,
                    title=document.title,
                    published=published,
                    published_before=last["published"] if last else None,
                    from_revision=last["number"] if last else None,
                    to_revision=number,
                ),
            )
            return int(number)

    def kept_visits(self, url: str) -> tuple[KeptVisit, ...]:
        """What led to the page's revisions, oldest first; for the last one what was good most recently."""
        rows = self._connection.rows(
            "SELECT r.number, r.capture_id, r.captured_at, p.id AS page, p.good_body_id FROM revisions r "
            "JOIN pages p ON p.id = r.page_id WHERE p.url = ? AND r.origin = 'visit' ORDER BY r.number",
            (url,),
        )
        captures = [row["capture_id"] for row in rows]
        if rows:
            newest = self._connection.value(
                "SELECT id FROM captures WHERE page_id = ? AND body_id = ? AND outcome IN "
                "(SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT 1",
                (rows[-1]["page"], rows[-1]["good_body_id"], _listed(sorted(_GOOD))),
            )
            captures[-1] = newest or captures[-1]
        return tuple(
            KeptVisit(
                number=row["number"],
                captured_at=dt.datetime.fromisoformat(row["captured_at"]),
                capture_id=capture,
                fetched=self._fetched(self._whole_capture(capture)),
            )
            for row, capture in zip(rows, captures, strict=True)
        )

    def replace_readings(
        self, url: str, readings: Sequence[Rereading], *, extractor: str, understood_at: dt.datetime
    ) -> bool:
        """Quietly puts what today's rules read of a page in the place of what was read before.

        `readings` are of all its `kept_visits`, in order. What the page is believed to have said is
        then what they accept; what was believed before stays for questions about earlier times. Where
        the last one says something else than the page's last revision, it becomes one of origin
        `upgrade`. Records no change. True where anything but the extractor's version differs.
        """
        with self._connection.unit():
            current = self._connection.one(
                "SELECT r.* FROM pages p JOIN revisions r ON r.id = p.revision_id WHERE p.url = ?", (url,)
            )
            if current is None or not readings:
                return False
            at = time_to_text(understood_at)
            replaced = self._replace_known(url, current["page_id"], readings, at)
            last = readings[-1]
            published = date_to_text(last.document.published)
            digest = revision_digest(last.document.title, published, last.statements)
            if digest == current["digest"]:
                self._connection.run(
                    "UPDATE revisions SET extractor = ? WHERE id = ? AND extractor <> ?",
                    (extractor, current["id"], extractor),
                )
                return replaced
            revision = self._connection.insert(
                "INSERT INTO revisions (page_id, number, capture_id, origin, title, language, published, "
                "published_evidence, said_on, captured_at, understood_at, extractor, text_hash, digest) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    current["page_id"], current["number"] + 1, last.visit.capture_id,
                    RevisionOrigin.UPGRADE.value, last.document.title, last.document.language, published,
                    last.document.published_evidence, date_to_text(last.said_on), current["captured_at"], at,
                    extractor, last.text_hash, digest,
                ),
            )  # fmt: skip
            self._keep_statements(revision, last.statements)
            self._connection.run(
                "UPDATE pages SET revision_id = ? WHERE id = ?", (revision, current["page_id"])
            )
            return True

    def _replace_known(self, url: str, page: int, readings: Sequence[Rereading], at: str) -> bool:
        """Makes what is believed of a page what the readings accept; False: it was that already."""
        visits = {
            row["number"]: row
            for row in self._connection.rows(
                "SELECT id, number, captured_at FROM revisions WHERE page_id = ? AND origin = 'visit'",
                (page,),
            )
        }
        wanted: _Beliefs = {}
        for reading in readings:
            visit = visits[reading.visit.number]
            said = _Said(
                origin=url,
                url=url,
                said_on=date_to_text(reading.said_on),
                known_at=visit["captured_at"],
                revision=visit["id"],
                believed_from=max(visit["captured_at"], at),
            )
            told = zip(reading.statements, reading.facts, strict=True)
            for position, (statement, facts) in enumerate(told):
                if position in reading.accepted:
                    key = (self._statement_id(statement), said.key)
                    _, _, told_before = wanted.setdefault(key, (said, statement.normal, []))
                    told_before += facts
        found = self._connection.rows(
            "SELECT k.* FROM revisions r JOIN known k ON k.revision_id = r.id "
            "WHERE r.page_id = ? AND k.believed_until = ?",
            (page, _EVER),
        )
        return self._believe_instead(found, wanted, at)

    def _believe_instead(self, found: Sequence[sqlite3.Row], wanted: _Beliefs, at: str) -> bool:
        """Puts what is wanted in the place of the known rows found; False: it was that already."""
        left = dict(wanted)
        replaced = False
        for row in found:
            key = (row["statement_id"], row["said_key"])
            believed = {
                (fact["event"], fact["attribute"], fact["value"]): (fact["quote"], fact["vague"])
                for fact in self._connection.rows("SELECT * FROM facts WHERE known_id = ?", (row["id"],))
            }
            told: dict[tuple[str, str, str], tuple[str, int]] = {}
            for fact in left[key][2] if key in left else ():
                event, attribute, value, quote, vague = fact_to_row(fact)
                told.setdefault((event, attribute, value), (quote, vague))
            if key in left and believed == told:
                del left[key]
                continue
            replaced = True
            self._disbelieve(row, at)
        for (number, _), (said, normal, facts) in left.items():
            self._accept(number, normal, facts, said)
        return replaced or bool(left)

    def _disbelieve(self, known: sqlite3.Row, at: str) -> None:
        if known["believed_from"] < at:
            self._connection.run("UPDATE known SET believed_until = ? WHERE id = ?", (at, known["id"]))
            return
        # Nobody can ask for a time at which it was believed.
        self._connection.run("DELETE FROM facts WHERE known_id = ?", (known["id"],))
        self._connection.run("DELETE FROM known WHERE id = ?", (known["id"],))

    def record_sightings(self, url: str, facts: Iterable[Fact], detected: dt.datetime) -> None:
        """Adds the page to `also_seen` of the changes whose new value it says too, on other pages."""
        with self._connection.unit():
            for fact in facts:
                row = self._connection.one(
                    "SELECT c.id, c.new, p.url FROM changes c JOIN pages p ON p.id = c.page_id "
                    "WHERE c.event = ? AND c.attribute = ? ORDER BY c.detected DESC, c.id DESC LIMIT 1",
                    (fact.event, fact.attribute.value),
                )
                if row is not None and row["url"] != url and row["new"] == value_to_text(fact.value):
                    self._sight(row["id"], url, detected)

    def record_sighting_of_page(self, url: str, other_url: str, detected: dt.datetime | None = None) -> None:
        """Adds the page to `also_seen` of the other page's `statement_new` changes: it is its translation."""
        with self._connection.unit():
            rows = self._connection.rows(
                "SELECT c.id, c.detected FROM changes c JOIN pages p ON p.id = c.page_id WHERE p.url = ? "
                "AND c.kind = ?",
                (other_url, ChangeKind.STATEMENT_NEW.value),
            )
            for row in rows if url != other_url else ():
                self._sight(row["id"], url, detected or dt.datetime.fromisoformat(row["detected"]))

    # What is asked

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
    ) -> tuple[RecordedChange, ...]:
        """The diff history detected in [since, until), newest first; empty filters let all through."""
        where, values = ["1"], []
        for condition, value in (
            ("c.detected >= ?", time_to_text(since) if since else None),
            ("c.detected < ?", time_to_text(until) if until else None),
            ("c.event = ?", event),
            ("c.source = ?", source),
            ("c.url = ?", url),
            ("c.kind IN (SELECT value FROM json_each(?))", _listed(kinds)),
            ("c.significance IN (SELECT value FROM json_each(?))", _listed(significances)),
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

    def revisions(self, url: str) -> tuple[Revision, ...]:
        """The page's revisions without their statements, oldest first."""
        rows = self._connection.rows(
            "SELECT r.*, p.url FROM revisions r JOIN pages p ON p.id = r.page_id WHERE p.url = ? ORDER "
            "BY r.number",
            (url,),
        )
        return tuple(revision_from_row(row) for row in rows)

    def revision(self, url: str, number: int | None = None, at: dt.datetime | None = None) -> Revision | None:
        """A revision with its statements: by number, or the one that stood at a time, else the last.

        None: there is none.
        """
        row = self._connection.one(
            "SELECT r.*, p.url FROM revisions r JOIN pages p ON p.id = r.page_id WHERE p.url = :url "
            "AND (:number IS NULL OR r.number = :number) AND (:at IS NULL OR r.captured_at <= :at) "
            "ORDER BY r.number DESC LIMIT 1",
            {"url": url, "number": number, "at": time_to_text(at) if at else None},
        )
        return None if row is None else revision_from_row(row, self._statements(row["id"]))

    def text_hash(self, url: str) -> str | None:
        """The hash of text given with the page's last revision; None: it has none."""
        value = self._connection.value(
            "SELECT r.text_hash FROM pages p JOIN revisions r ON r.id = p.revision_id WHERE p.url = ?", (url,)
        )
        return None if value is None else str(value)

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
        pages: dict[int, int] = {
            row["source_id"]: row["pages"]
            for row in self._connection.rows(
                "SELECT p.source_id, count(DISTINCT p.id) AS pages FROM captures c JOIN pages p ON p.id "
                "= c.page_id "
                "WHERE c.fetched_at >= ? AND c.fetched_at < ? AND ifnull(c.role, p.role) = 'article' "
                "GROUP BY p.source_id",
                (time_to_text(since), time_to_text(until)),
            )
        }
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
                last_success=time_from_text(row["last_success"]),
                reason=row["failure"] if row["failing"] else None,
            )
            for row in self._connection.rows("SELECT * FROM sources ORDER BY name")
            if row["listed"] or row["id"] in looks
        )

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
            body_bytes=int(body[1]) if body else 0,
            stored_bytes=int(body[2]) if body else 0,
            revisions=count("revisions"),
            statements=count("statements"),
            known_statements=count("known"),
            facts=count("facts"),
            changes=count("changes"),
        )

    # Digests and proof

    def record_digest(self, day: dt.date, body: str, now: dt.datetime) -> None:
        """Keeps the digest of a day with the chain's head at that time; the same again changes nothing."""
        with self._connection.unit():
            self._connection.run(
                "INSERT INTO digests (day, body, recorded_at, head) VALUES (?, ?, ?, ?) ON CONFLICT "
                "(day) DO UPDATE "
                "SET body = excluded.body, recorded_at = excluded.recorded_at, head = excluded.head "
                "WHERE body <> excluded.body",
                (day.isoformat(), body, time_to_text(now), self.head()),
            )

    def digest_of(self, day: dt.date) -> str | None:
        """The digest kept for a day; None: none was."""
        value = self._connection.value("SELECT body FROM digests WHERE day = ?", (day.isoformat(),))
        return None if value is None else str(value)

    def head(self, until: dt.datetime | None = None) -> str | None:
        """The digest of the newest capture, in hex: who keeps it can prove later what stood before.

        With `until` the newest fetched before it. None: there is no capture.
        """
        value = self._connection.value(
            "SELECT digest FROM captures WHERE +fetched_at < ? ORDER BY id DESC LIMIT 1",
            (time_to_text(until) if until else "9999",),
        )
        return None if value is None else bytes(value).hex()

    def verify(self) -> tuple[Finding, ...]:
        """What does not hold of file, references, hash chain, bodies, texts, indexes; empty: all holds."""
        from storage.proof import verify

        return verify(self._connection)

    def backup(self, path: Path | str) -> int:
        """Writes a consistent copy beside a busy writer, checked after writing; its size in bytes.

        Raises ArchiveError where the file exists or cannot be written.
        """
        target = Path(path)
        if target.exists():
            raise ArchiveError(
                f"{target} exists; name a file that does not, so that no backup is overwritten"
            )
        if not target.absolute().parent.is_dir():
            raise ArchiveError(f"Cannot write {target}: there is no directory {target.absolute().parent}")
        partial = target.with_name(target.name + ".partial")
        partial.unlink(missing_ok=True)
        try:
            self._copy_to(partial)
            partial.rename(target)
        finally:
            partial.unlink(missing_ok=True)
        return target.stat().st_size

    def _copy_to(self, partial: Path) -> None:
        # A reader's connection is closed to writing of any kind, also to another file.
        copier = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        try:
            copier.execute("VACUUM INTO ?", (str(partial),))
        except sqlite3.DatabaseError as error:
            raise ArchiveError(
                f"Cannot write a copy of {self.path} ({error}); check space and permissions"
            ) from error
        finally:
            copier.close()
        written = sqlite3.connect(f"{partial.absolute().as_uri()}?mode=ro", uri=True)
        try:
            checked = written.execute("PRAGMA quick_check(1)").fetchone()[0]
        finally:
            written.close()
        if checked != "ok":
            raise ArchiveDamaged(
                f"The copy of {self.path} fails its check ({checked}); run `cstowatch verify`"
            )

    # The rows behind

    def _source_id(self, name: str) -> int:
        known = self._connection.value("SELECT id FROM sources WHERE name = ?", (name,))
        if known is not None:
            return int(known)
        return self._connection.insert(
            "INSERT INTO sources (name, language, listed) VALUES (?, '', 0)", (name,)
        )

    def _note_visit(self, source: int, at: str, failure: str | None) -> None:
        self._connection.run(
            "UPDATE sources SET last_visit = :at, failing = :failing, "
            "last_success = CASE WHEN :failing THEN last_success ELSE :at END, "
            "last_failure = CASE WHEN :failing THEN :at ELSE last_failure END, "
            "failure = CASE WHEN :failing THEN :failure ELSE failure END WHERE id = :source",
            {"at": at, "failing": failure is not None, "failure": failure, "source": source},
        )

    def _page(self, fetched: Fetched, fetched_at: str) -> sqlite3.Row:
        row = self._connection.one("SELECT * FROM pages WHERE url = ?", (fetched.url,))
        if row is None:
            self._connection.run(
                "INSERT INTO pages (url, source_id, role, slug, first_seen, last_visit, visits) VALUES "
                "(?, ?, ?, ?, ?, ?, 0)",
                (
                    fetched.url,
                    self._source_id(fetched.source),
                    fetched.role.value,
                    _slug(fetched.url),
                    fetched_at,
                    fetched_at,
                ),
            )
            row = self._connection.one("SELECT * FROM pages WHERE url = ?", (fetched.url,))
        if row is None:
            raise ArchiveDamaged(
                f"{self.path} lost the page {fetched.url} while it was written; run `cstowatch verify`"
            )
        return row

    def _header_set(self, pattern: str) -> int:
        key = text_key(pattern)
        known = self._connection.value("SELECT id FROM header_sets WHERE key = ?", (key,))
        if known is not None:
            return int(known)
        return self._connection.insert("INSERT INTO header_sets (key, pattern) VALUES (?, ?)", (key, pattern))

    def _insert_capture(
        self,
        run: int,
        page: sqlite3.Row,
        fetched: Fetched,
        fetched_at: str,
        *,
        body: int | None,
        digest: bytes | None,
    ) -> int:
        request_pattern, request_values = headers_to_parts(fetched.request_headers)
        pattern, values = headers_to_parts(fetched.headers)
        role = fetched.role.value
        final_url = None if fetched.final_url == fetched.url else fetched.final_url
        flags = json_text(fetched.flags) if fetched.flags else None
        content = (
            run, fetched.url, final_url, fetched_at, role, fetched.status, request_pattern,
            request_values, pattern, values, digest.hex() if digest else None, fetched.error, fetched.address,
            flags,
        )  # fmt: skip
        predecessor = self._connection.value("SELECT digest FROM captures ORDER BY id DESC LIMIT 1")
        return self._connection.insert(
            "INSERT INTO captures (run_id, page_id, fetched_at, role, status, body_id, final_url, "
            "request_set, "
            "request_values, header_set, header_values, error, address, flags, digest) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                run, page["id"], fetched_at, None if role == page["role"] else role, fetched.status, body,
                final_url,
                self._header_set(request_pattern), request_values, self._header_set(pattern), values,
                fetched.error, fetched.address, flags, chain_digest(predecessor, content),
            ),
        )  # fmt: skip

    def _capture(self, capture_id: int) -> sqlite3.Row:
        row = self._connection.one(
            "SELECT c.*, p.url, p.source_id, p.revision_id, h.pattern AS header_pattern FROM captures c "
            "JOIN pages p ON p.id = c.page_id JOIN header_sets h ON h.id = c.header_set WHERE c.id = ?",
            (capture_id,),
        )
        if row is None:
            raise UnknownCapture(f"No capture {capture_id} in {self.path}")
        return row

    def _whole_capture(self, capture_id: int) -> sqlite3.Row:
        """A capture with all that `_fetched` needs."""
        row = self._connection.one(f"{_WHOLE_CAPTURE} WHERE c.id = ?", (capture_id,))
        if row is None:
            raise UnknownCapture(f"No capture {capture_id} in {self.path}")
        return row

    def _fetched(self, row: sqlite3.Row) -> Fetched:
        return Fetched(
            source=row["source"],
            role=PageRole(row["as_role"]),
            url=row["url"],
            final_url=row["final_url"] or row["url"],
            fetched_at=dt.datetime.fromisoformat(row["fetched_at"]),
            status=row["status"],
            request_headers=headers_from_parts(row["request_pattern"], row["request_values"]),
            headers=headers_from_parts(row["header_pattern"], row["header_values"]),
            body=self._body(row["body_id"]),
            error=row["error"],
            address=row["address"],
            flags=strings_from_json(row["flags"]),
        )

    def _body_id(self, body: bytes, digest: bytes, previous: int | None) -> int:
        known = self._connection.value("SELECT id FROM bodies WHERE sha256 = ?", (digest,))
        if known is not None:
            return int(known)
        base, depth = None, 0
        before = self._connection.one("SELECT id, depth FROM bodies WHERE id = ?", (previous,))
        if before is not None and before["depth"] + 1 < bodies.CHAIN:
            base, depth = before["id"], before["depth"] + 1
        # A damaged body must not keep the next from being stored: it starts a new chain.
        against: bytes | None = None
        if base is not None:
            with suppress(ArchiveDamaged):
                against = self._body(base)
        if against is None:
            base, depth = None, 0
        data = bodies.pack(body, against)
        return self._connection.insert(
            "INSERT INTO bodies (sha256, size, stored, base_id, depth, data) VALUES (?, ?, ?, ?, ?, ?)",
            (digest, len(body), len(data), base, depth, data),
        )

    def _body(self, body: int | None) -> bytes:
        return b"" if body is None else read_body(self._connection, body)

    def _sha256_of(self, body: int | None) -> str | None:
        value = self._connection.value("SELECT sha256 FROM bodies WHERE id = ?", (body,))
        return None if value is None else bytes(value).hex()

    def _settle(self, capture: sqlite3.Row, outcome: Outcome, reason: str | None) -> None:
        self._connection.run(
            "UPDATE captures SET outcome = ?, reason = ? WHERE id = ?", (outcome.value, reason, capture["id"])
        )
        page, at = capture["page_id"], capture["fetched_at"]
        if outcome is Outcome.GONE:
            # The validators go too: a page that comes back must be read, not confirmed.
            self._connection.run(
                "UPDATE pages SET gone_since = ifnull(gone_since, ?), etag = NULL, last_modified = NULL "
                "WHERE id = ?",
                (at, page),
            )
        elif outcome in _GOOD:
            headers = headers_from_parts(capture["header_pattern"], capture["header_values"])
            etag, modified = _header(headers, "etag"), _header(headers, "last-modified")
            self._connection.run(
                "UPDATE pages SET gone_since = NULL, good_body_id = ifnull(:body, good_body_id), "
                "changes_seen = changes_seen + :changed, "
                "etag = CASE WHEN :kept THEN ifnull(:etag, etag) ELSE :etag END, "
                "last_modified = CASE WHEN :kept THEN ifnull(:modified, last_modified) ELSE :modified "
                "END WHERE id = :page",
                {
                    "body": capture["body_id"],
                    "changed": outcome is Outcome.CHANGED,
                    "kept": outcome is Outcome.NOT_MODIFIED,
                    "etag": etag,
                    "modified": modified,
                    "page": page,
                },
            )
        elif outcome is Outcome.MOVED:
            self._connection.run("UPDATE pages SET gone_since = NULL WHERE id = ?", (page,))
        elif outcome is Outcome.FAILED:
            self._note_visit(capture["source_id"], at, reason or capture["error"] or "failed")

    def _record_changes(self, capture: sqlite3.Row, changes: Sequence[Change], shown: _Shown) -> None:
        columns = ", ".join(CHANGE_COLUMNS)
        marks = ", ".join("?" * len(CHANGE_COLUMNS))
        self._connection.many(
            f"INSERT INTO changes (capture_id, page_id, detected, language, published, from_revision, "
            "to_revision, "
            f"page_title, published_before, {columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, {marks})",
            [
                (
                    capture["id"], capture["page_id"], capture["fetched_at"], shown.language, shown.published,
                    shown.from_revision, shown.to_revision, shown.title, shown.published_before,
                    *change_to_row(change),
                )
                for change in changes
            ],
        )  # fmt: skip
        if changes:
            self._connection.run(
                "UPDATE sources SET last_change = ? WHERE id = ?",
                (capture["fetched_at"], capture["source_id"]),
            )

    def _sight(self, change: int, url: str, detected: dt.datetime) -> None:
        self._connection.run(
            "INSERT INTO sightings (change_id, url, detected) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (change, url, time_to_text(detected)),
        )

    def _statements(self, revision: int) -> Iterator[Statement]:
        for row in self._connection.each(
            "SELECT rs.position, s.* FROM revision_statements rs JOIN statements s ON s.id = rs.statement_id "
            "WHERE rs.revision_id = ? ORDER BY rs.position",
            (revision,),
        ):
            yield statement_from_row(row)

    def _keep_statements(self, revision: int, statements: Sequence[Statement]) -> list[int]:
        """What a revision says, in order and findable; the statements' numbers."""
        ids = [self._statement_id(statement) for statement in statements]
        self._connection.many(
            "INSERT INTO revision_statements (revision_id, position, statement_id) VALUES (?, ?, ?)",
            [(revision, position, statement) for position, statement in enumerate(ids)],
        )
        for number, statement in zip(ids, statements, strict=True):
            self._index_search(number, statement.lead_in, statement.text)
        return ids

    def _statement_id(self, statement: Statement) -> int:
        digest = statement_digest(statement)
        known = self._connection.value("SELECT id FROM statements WHERE digest = ?", (digest,))
        if known is not None:
            return int(known)
        return self._connection.insert(
            "INSERT INTO statements (digest, normal_key, language, kind, lead_in, text, normal) VALUES "
            "(?, ?, ?, ?, ?, ?, ?)",
            (
                digest, text_key(statement.normal), statement.language, statement.kind.value,
                statement.lead_in, statement.text, statement.normal,
            ),
        )  # fmt: skip

    def _accept(self, statement: int, normal: str, facts: Sequence[Fact], said: _Said) -> None:
        """Takes a statement and its facts into the baseline; the first time it was said there counts."""
        said_key = said.key
        known = self._connection.value(
            "SELECT id FROM known WHERE statement_id = ? AND said_key = ? AND origin = ? "
            "AND believed_until = ?",
            (statement, said_key, said.origin, _EVER),
        )
        if known is None:
            dated = said.baseline is not None and said.said_on is not None
            known = self._connection.insert(
                "INSERT INTO known (statement_id, said_on, said_key, origin, url, known_at, believed_from, "
                "baseline_id, revision_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    statement, said.said_on, said_key, said.origin, said.url, said.known_at,
                    said.believed_from or (min(said.known_at, said_key) if dated else said.known_at),
                    said.baseline, said.revision,
                ),
            )  # fmt: skip
            self._index_candidate(statement, normal)
        self._connection.many(
            "INSERT INTO facts (known_id, event, attribute, value, quote, vague) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING",
            [(known, *fact_to_row(fact)) for fact in facts],
        )

    def _index_candidate(self, statement: int, normal: str) -> None:
        """Makes a known statement findable by its words; one is enough for each normal form."""
        if self._connection.one(
            "SELECT 1 FROM statements WHERE normal_key = ? AND candidate = 1 AND normal = ?",
            (text_key(normal), normal),
        ):
            return
        words, terms = terms_of(normal)
        self._connection.run("UPDATE statements SET candidate = 1 WHERE id = ?", (statement,))
        self._connection.run("INSERT INTO candidate_index (rowid, terms) VALUES (?, ?)", (statement, terms))
        # The empty word counts the statements.
        self._connection.many(
            "INSERT INTO words (word, statements) VALUES (?, 1) "
            "ON CONFLICT (word) DO UPDATE SET statements = statements + 1",
            [(word,) for word in ("", *words)],
        )

    def _index_search(self, statement: int, lead_in: str | None, text: str) -> None:
        from diffing.normal import normalise

        marked = self._connection.run(
            "UPDATE statements SET searchable = 1 WHERE id = ? AND searchable = 0", (statement,)
        )
        if marked.rowcount:
            terms = search_terms(normalise(f"{lead_in} {text}" if lead_in else text))
            self._connection.run("INSERT INTO search_index (rowid, terms) VALUES (?, ?)", (statement, terms))
