"""What pages were understood to say, revision by revision, and what changed between them."""

# ruff: noqa: S608 - only constants of this package are put into SQL; every value is a parameter
from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from diffing.model import (
    Change,
    ChangeKind,
    Document,
    Fact,
    Fetched,
    Outcome,
    Revision,
    RevisionOrigin,
    Statement,
)
from storage.beliefs import EVER, Beliefs, Owner, Said, Wanted
from storage.captures import GOOD, Captures
from storage.evidence import revision_digest
from storage.moves import ADDRESSES, LINE_REVISIONS
from storage.records import KeptVisit, Rereading
from storage.rows import (
    CHANGE_COLUMNS,
    change_to_row,
    date_to_text,
    revision_from_row,
    statement_from_row,
    time_to_text,
    value_to_text,
    words_to_json,
)
from storage.seals import Subject, seal

__all__ = ["Revisions"]

# The first statements of a page by which a side column quotes it; see crawler/teasers.py.
_LEAD_STATEMENTS = 3

# Pages whose leads are remembered for a source: a side column shows the newest articles, and a crawl's
# memory must not grow with the archive.
_LEAD_PAGES = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What the page of a change shows, in the form of rows."""

    language: str | None
    title: str | None
    published: str | None
    published_before: str | None
    from_revision: int | None
    to_revision: int | None


class Revisions(Captures, Beliefs):
    """Outcomes, revisions with their statements, and the changes that came with them."""

    def settle(
        self,
        capture_id: int,
        outcome: Outcome,
        reason: str | None = None,
        *,
        changes: Sequence[Change] = (),
        moved_to: str | None = None,
    ) -> None:
        """The outcome of a visit that brings no revision, with what it did to the page.

        `moved_to` is the page's other address, where it is not the one that answered.

        A capture that has an outcome keeps it. Raises UnknownCapture.
        """
        with self._connection.unit():
            capture = self._capture(capture_id)
            if capture["outcome"] is not None:
                return
            self._settle(capture, outcome, reason, moved_to)
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
            number = 1 + int(
                last["number"]
                if last
                # An address whose history went on elsewhere, and which is a page again.
                else self._connection.value(
                    "SELECT ifnull(max(number), 0) FROM revisions WHERE page_id = ?", (capture["page_id"],)
                )
            )
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
            ids, new = self._keep_statements(revision, statements)
            said = Said(
                origin=capture["url"],
                url=capture["url"],
                said_on=date_to_text(said_on),
                known_at=capture["fetched_at"],
                revision=revision,
            )
            owners = {(Subject.REVISION, revision)}
            for position, (number_of, statement, read) in enumerate(zip(ids, statements, facts, strict=True)):
                if position in accepted:
                    owners.add(self._accept(number_of, statement.normal, read, said, new=number_of in new))
                    new.discard(number_of)
            self._seal(owners)
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

    def revisions(self, url: str) -> tuple[Revision, ...]:
        """The page's revisions without their statements, oldest first."""
        rows = self._connection.rows(
            f"SELECT r.*, :url AS url FROM revisions r WHERE r.id IN ({LINE_REVISIONS}) ORDER BY r.number",
            {"url": url},
        )
        return tuple(revision_from_row(row) for row in rows)

    def revision(self, url: str, number: int | None = None, at: dt.datetime | None = None) -> Revision | None:
        """A revision with its statements: by number, or the one that stood at a time, else the last.

        None: there is none.
        """
        if number is None and at is None:
            row = self._connection.one(
                "SELECT r.*, p.url FROM pages p JOIN revisions r ON r.id = p.revision_id WHERE p.url = ?",
                (url,),
            )
        else:
            row = self._connection.one(
                f"SELECT r.*, :url AS url FROM revisions r WHERE r.id IN ({LINE_REVISIONS}) "
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

    def is_withdrawn(self, url: str) -> bool:
        """Whether the page was recorded as removed, and not as restored since."""
        newest = self._connection.one(
            "SELECT c.kind, max(c.id) FROM pages p JOIN changes c ON c.page_id = p.id "
            f"WHERE p.url IN ({ADDRESSES}) AND c.kind IN (?, ?)",
            (url, ChangeKind.PAGE_REMOVED.value, ChangeKind.PAGE_RESTORED.value),
        )
        return newest is not None and newest["kind"] == ChangeKind.PAGE_REMOVED.value

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

    def kept_visits(self, url: str) -> Iterator[KeptVisit]:
        """What led to the page's revisions, oldest first; for the last one what was good most recently.

        One by one, as each holds its bytes.
        """
        return self._kept(url, newest_only=False)

    def last_kept_visit(self, url: str) -> KeptVisit | None:
        """The last of `kept_visits`; None: the page has no revision."""
        return next(self._kept(url, newest_only=True), None)

    def visit_that_changed(self, url: str) -> Fetched | None:
        """The visit that found the page's last revision first; None: it has no revision."""
        capture = self._connection.value(
            f"SELECT r.capture_id FROM revisions r WHERE r.id IN ({LINE_REVISIONS}) "
            "AND r.origin = 'visit' ORDER BY r.number DESC LIMIT 1",
            {"url": url},
        )
        return None if capture is None else self._fetched(self._whole_capture(capture))

    def _kept(self, url: str, *, newest_only: bool) -> Iterator[KeptVisit]:
        rows = self._connection.rows(
            f"SELECT r.number, r.capture_id, r.captured_at FROM revisions r WHERE r.id IN ({LINE_REVISIONS}) "
            "AND r.origin = 'visit' ORDER BY r.number",
            {"url": url},
        )
        newest = self._connection.value(
            "SELECT c.id FROM pages p JOIN captures c ON c.page_id = p.id AND c.body_id = p.good_body_id "
            "WHERE p.url = ? AND c.outcome IN (SELECT value FROM json_each(?)) ORDER BY c.id DESC LIMIT 1",
            (url, words_to_json(sorted(GOOD))),
        )
        for row in rows[-1:] if newest_only else rows:
            capture = newest if newest is not None and row is rows[-1] else row["capture_id"]
            yield KeptVisit(
                number=row["number"],
                captured_at=dt.datetime.fromisoformat(row["captured_at"]),
                capture_id=capture,
                fetched=self._fetched(self._whole_capture(capture)),
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
                "SELECT r.*, p.id AS page FROM pages p JOIN revisions r ON r.id = p.revision_id "
                "WHERE p.url = ?",
                (url,),
            )
            if current is None or not readings:
                return False
            at = time_to_text(understood_at)
            replaced = self._replace_known(url, readings, at)
            last = readings[-1]
            published = date_to_text(last.document.published)
            digest = revision_digest(last.document.title, published, last.statements)
            if digest == current["digest"]:
                self._connection.run(
                    "UPDATE revisions SET extractor = ? WHERE id = ? AND extractor <> ?",
                    (extractor, current["id"], extractor),
                )
                self._seal(replaced | {(Subject.REVISION, current["id"])})
                return bool(replaced)
            revision = self._connection.insert(
                "INSERT INTO revisions (page_id, number, capture_id, origin, title, language, published, "
                "published_evidence, said_on, captured_at, understood_at, extractor, text_hash, digest) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    current["page"], current["number"] + 1, last.visit.capture_id,
                    RevisionOrigin.UPGRADE.value, last.document.title, last.document.language, published,
                    last.document.published_evidence, date_to_text(last.said_on), current["captured_at"], at,
                    extractor, last.text_hash, digest,
                ),
            )  # fmt: skip
            self._keep_statements(revision, last.statements)
            self._connection.run("UPDATE pages SET revision_id = ? WHERE id = ?", (revision, current["page"]))
            self._seal(replaced | {(Subject.REVISION, revision)})
            return True

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

    def _replace_known(self, url: str, readings: Sequence[Rereading], at: str) -> set[Owner]:
        """Makes what is believed of a page what the readings accept; whose beliefs are others now."""
        visits = {
            row["number"]: row
            for row in self._connection.rows(
                f"SELECT r.* FROM revisions r WHERE r.id IN ({LINE_REVISIONS}) AND r.origin = 'visit'",
                {"url": url},
            )
        }
        wanted: Wanted = {}
        for reading in readings:
            visit = visits[reading.visit.number]
            said = Said(
                origin=reading.visit.fetched.url,
                url=reading.visit.fetched.url,
                said_on=date_to_text(reading.said_on),
                known_at=visit["captured_at"],
                revision=visit["id"],
                believed_from=max(visit["captured_at"], at),
            )
            told = zip(reading.statements, reading.facts, strict=True)
            for position, (statement, facts) in enumerate(told):
                if position in reading.accepted:
                    key = (self._statement_id(statement)[0], said.key)
                    _, _, told_before = wanted.setdefault(key, (said, statement.normal, []))
                    told_before += facts
        found = self._connection.rows(
            f"SELECT k.* FROM known k WHERE k.revision_id IN ({LINE_REVISIONS}) AND k.believed_until = :ever",
            {"url": url, "ever": EVER},
        )
        return self._believe_instead(found, wanted, at)

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
            seal(self._connection, Subject.CHANGES, capture["id"])
            self._connection.run(
                "UPDATE sources SET last_change = ? WHERE id = ?",
                (capture["fetched_at"], capture["source_id"]),
            )

    def _sight(self, change: int, url: str, detected: dt.datetime) -> None:
        self._connection.run(
            "INSERT INTO sightings (change_id, url, detected) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (change, url, time_to_text(detected)),
        )
        seal(self._connection, Subject.SIGHTINGS, change)

    def _statements(self, revision: int) -> Iterator[Statement]:
        for row in self._connection.each(
            "SELECT rs.position, s.* FROM revision_statements rs JOIN statements s ON s.id = rs.statement_id "
            "WHERE rs.revision_id = ? ORDER BY rs.position",
            (revision,),
        ):
            yield statement_from_row(row)

    def _keep_statements(self, revision: int, statements: Sequence[Statement]) -> tuple[list[int], set[int]]:
        """What a revision says, in order and findable; the statements' numbers, and which are new."""
        from diffing.normal import normalise

        found = [self._statement_id(statement, searchable=True) for statement in statements]
        ids, new = [number for number, _ in found], {number for number, made in found if made}
        self._connection.many(
            "INSERT INTO revision_statements (revision_id, position, statement_id) VALUES (?, ?, ?)",
            [(revision, position, statement) for position, statement in enumerate(ids)],
        )
        searchable = [
            (number, normalise(statement.full_text) if statement.lead_in else statement.normal)
            for number, statement in dict(zip(ids, statements, strict=True)).items()
            if number in new or self._becomes_searchable(number)
        ]
        self._connection.at_end(lambda: self._index_search(searchable))
        return ids, new

    def _becomes_searchable(self, statement: int) -> bool:
        """Marks a statement that only texts had said as one that a page says; False: one had said it."""
        marked = self._connection.run(
            "UPDATE statements SET searchable = 1 WHERE id = ? AND searchable = 0", (statement,)
        )
        return bool(marked.rowcount)
