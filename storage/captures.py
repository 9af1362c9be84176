"""Pages and the visits to them: kept as the network gave them, waiting to be understood."""

# ruff: noqa: S608 - only constants of this package are put into SQL; every value is a parameter
from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from urllib.parse import urlsplit

from diffing.model import Fetched, Outcome, PageRole, PageState
from storage import bodies
from storage.errors import ArchiveDamaged, BodyDropped, UnknownCapture
from storage.evidence import chain_digest, read_body
from storage.records import ExportedCapture, PendingCapture
from storage.rows import (
    date_to_text,
    headers_from_parts,
    headers_to_parts,
    json_text,
    strings_from_json,
    text_key,
    time_to_text,
)
from storage.runs import Runs
from storage.seals import outcome_digest
from storage.states import SourcePages, note_look, page_state, page_states

__all__ = ["GOOD", "Captures"]

# Visits that prove a page is as it was understood: their validators may be sent back next time.
GOOD = frozenset({Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.NOT_MODIFIED})

# A capture with all that it takes to tell what the network gave.
_WHOLE_CAPTURE = (
    "SELECT c.*, ifnull(c.role, p.role) AS as_role, p.url, p.shown, s.name AS source, "
    "(SELECT sha256 FROM bodies WHERE id = c.body_id) AS sha256, "
    "(SELECT sha256 FROM bodies WHERE id = p.good_body_id) AS good_sha256, "
    "q.pattern AS request_pattern, h.pattern AS header_pattern FROM captures c "
    "JOIN pages p ON p.id = c.page_id JOIN sources s ON s.id = p.source_id "
    "JOIN header_sets q ON q.id = c.request_set JOIN header_sets h ON h.id = c.header_set"
)

# Shorter path endings are sections and numbers ("events", "12345"), which differ in meaning by source;
# the slugs of the official sites are transliterated titles of 40 letters and more.
_TELLING_SLUG = 16

# Days between an article and its translation; the sites publish them within a day or two, and a yearly
# article under the same slug is another one.
_TRANSLATED_WITHIN = 30


class Captures(Runs):
    """Every visit with its bytes, one row each, linked into the hash chain."""

    def page_states(
        self, source: str, role: PageRole = PageRole.ARTICLE, on: dt.date | None = None
    ) -> tuple[PageState, ...]:
        """What is known of the source's pages of that role, by URL.

        With `on` each has the event that it names, of those not over long before that day the one nearest
        to it; without, none has.
        """
        return tuple(page_states(self._connection, source, role, on))

    def urls(self) -> tuple[str, ...]:
        """The addresses of all pages that were ever visited, sorted."""
        return tuple(row["url"] for row in self._connection.rows("SELECT url FROM pages ORDER BY url"))

    def source_pages(
        self, source: str, *, on: dt.date | None = None, before: dt.datetime | None = None
    ) -> SourcePages:
        """The same of the source's articles, not held but read when they are asked for.

        `before`: only those that were first seen before that; None: all.
        """
        return SourcePages(self._connection, source, on=on, before=before)

    def page_count(self, source: str) -> int:
        """How many articles of the source are known, those that are gone or moved among them."""
        return int(
            self._connection.value(
                "SELECT count(*) FROM pages p JOIN sources s ON s.id = p.source_id "
                "WHERE s.name = ? AND p.role = ?",
                (source, PageRole.ARTICLE.value),
            )
        )

    def page_state(self, url: str) -> PageState | None:
        """What is known of a page; None: it was never visited."""
        return page_state(self._connection, url)

    def resolve_url(self, text: str) -> str | None:
        """The URL of the page so named, with or without its last slash; None: no such page."""
        bare = text.rstrip("/")
        row = self._connection.one(
            "SELECT url FROM pages WHERE url IN (?, ?, ?) ORDER BY url <> ? LIMIT 1",
            (text, bare, bare + "/", text),
        )
        return None if row is None else str(row["url"])

    def counterpart(self, url: str, source: str, published: dt.date | None) -> str | None:
        """The oldest understood page in another language that is the page's article: None, there is none.

        Translations keep the slug, and come within weeks; a slug too plain to tell counts for nothing.
        `source` is the page's own, `published` the date it prints (None: none, so the slug decides).
        """
        slug = _slug(url)
        if len(slug) < _TELLING_SLUG or slug.isdecimal():
            return None
        value = self._connection.value(
            "SELECT p.url FROM sources s CROSS JOIN pages p ON p.source_id = s.id AND p.role = 'article' "
            "AND p.slug = :slug JOIN revisions r ON r.id = p.revision_id "
            "WHERE s.language <> (SELECT language FROM sources WHERE name = :source) AND p.url <> :url "
            "AND ifnull(abs(julianday(r.published) - julianday(:published)), 0) <= :days "
            "ORDER BY p.id LIMIT 1",
            {
                "slug": slug,
                "source": source,
                "url": url,
                "published": date_to_text(published),
                "days": _TRANSLATED_WITHIN,
            },
        )
        return None if value is None else str(value)

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

    def outcomes_of(self, run: int) -> Mapping[str, Mapping[Outcome, int]]:
        """How often each outcome came of one run's visits to articles, by source; without those pending."""
        found: dict[str, dict[Outcome, int]] = {}
        for row in self._connection.rows(
            "SELECT s.name, c.outcome, count(*) AS visits FROM captures c JOIN pages p ON p.id = c.page_id "
            "JOIN sources s ON s.id = p.source_id WHERE c.run_id = ? AND c.outcome IS NOT NULL "
            "AND ifnull(c.role, p.role) = 'article' GROUP BY s.name, c.outcome",
            (run,),
        ):
            found.setdefault(row["name"], {})[Outcome(row["outcome"])] = row["visits"]
        return found

    def pending(
        self,
        run: int | None = None,
        sources: Iterable[str] | None = None,
        *,
        moved: bool | None = None,
        with_body: bool = True,
    ) -> Iterator[PendingCapture]:
        """The article captures not yet understood (of one run, of these sources), oldest first.

        `moved`: only those of addresses that led to another one, or only the others; None: all. Without
        `with_body` each has an empty one, which `body_of` gives: few are looked at.

        They are read one by one, so that they may be settled while the iteration goes on.
        """
        names = None if sources is None else json_text(list(sources))
        last = 0
        while True:
            row = self._connection.one(
                _WHOLE_CAPTURE + " WHERE c.outcome IS NULL AND c.id > :last "
                "AND c.run_id = ifnull(:run, c.run_id) "
                "AND (:moved IS NULL OR :moved = "
                "(c.final_url IS NOT NULL AND ifnull(c.status, 0) BETWEEN 300 AND 399)) "
                "AND (:names IS NULL OR s.name IN (SELECT value FROM json_each(:names))) "
                "ORDER BY c.id LIMIT 1",
                {"last": last, "run": run, "names": names, "moved": moved},
            )
            if row is None:
                return
            last = row["id"]
            yield PendingCapture(
                id=row["id"],
                run=row["run_id"],
                fetched=self._fetched(row, with_body=with_body),
                sha256=_hex(row["sha256"]),
                previous_sha256=_hex(row["good_sha256"]),
                previous_shown=row["shown"],
            )

    def exported_captures(self) -> Iterator[ExportedCapture]:
        """Every visit in the order of the chain, one by one, without its body."""
        for row in self._connection.each(
            f"SELECT w.*, b.size, b.dropped_at FROM ({_WHOLE_CAPTURE}) w "
            "LEFT JOIN bodies b ON b.id = w.body_id ORDER BY w.id"
        ):
            yield ExportedCapture(
                id=row["id"],
                run=row["run_id"],
                fetched=self._fetched(row, with_body=False),
                digest=row["digest"].hex(),
                sha256=_hex(row["sha256"]),
                size=row["size"],
                dropped=row["dropped_at"],
            )

    def body_by_digest(self, sha256: str) -> bytes | None:
        """The body with that SHA-256, in hex; None: there is none, or it was let go."""
        number = self._connection.value(
            "SELECT id FROM bodies WHERE sha256 = ? AND dropped_at IS NULL", (bytes.fromhex(sha256),)
        )
        return None if number is None else self._body(number)

    def body_of(self, capture_id: int) -> bytes:
        """The body that a capture received, b"" where none came.

        Raises UnknownCapture, ArchiveDamaged, BodyDropped.
        """
        return self._body(self._capture(capture_id)["body_id"])

    def last_good_body(self, url: str) -> bytes | None:
        """The page's last body that was understood as its article; None: none was."""
        body = self._connection.value("SELECT good_body_id FROM pages WHERE url = ?", (url,))
        return None if body is None else self._body(body)

    def differs_from_good(self, url: str) -> bool | None:
        """Whether the newest body of the page is another than its last good one; None: none was good yet."""
        row = self._connection.one("SELECT body_id, good_body_id FROM pages WHERE url = ?", (url,))
        return None if row is None or row["good_body_id"] is None else row["body_id"] != row["good_body_id"]

    def note_shown(self, capture_id: int, shown: bytes) -> None:
        """Keeps a digest of what a capture's body shows, for as long as it is the last good one of its page.

        By it a later body is found to show the same. Does nothing where another is.
        """
        with self._connection.unit():
            self._connection.run(
                "UPDATE pages SET shown = ? FROM captures c "
                "WHERE c.id = ? AND pages.id = c.page_id AND pages.good_body_id = c.body_id",
                (shown, capture_id),
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
            "SELECT c.*, p.url, p.source_id, p.revision_id, p.moved_to, h.pattern AS header_pattern "
            "FROM captures c JOIN pages p ON p.id = c.page_id JOIN header_sets h ON h.id = c.header_set "
            "WHERE c.id = ?",
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

    def _fetched(self, row: sqlite3.Row, *, with_body: bool = True) -> Fetched:
        return Fetched(
            source=row["source"],
            role=PageRole(row["as_role"]),
            url=row["url"],
            final_url=row["final_url"] or row["url"],
            fetched_at=dt.datetime.fromisoformat(row["fetched_at"]),
            status=row["status"],
            request_headers=headers_from_parts(row["request_pattern"], row["request_values"]),
            headers=headers_from_parts(row["header_pattern"], row["header_values"]),
            body=self._body(row["body_id"]) if with_body else b"",
            error=row["error"],
            address=row["address"],
            flags=strings_from_json(row["flags"]),
        )

    def _body_id(self, body: bytes, digest: bytes, previous: int | None) -> int:
        known = self._connection.one("SELECT id, dropped_at FROM bodies WHERE sha256 = ?", (digest,))
        if known is not None and known["dropped_at"] is None:
            return int(known["id"])
        base, depth = None, 0
        before = self._connection.one("SELECT id, depth FROM bodies WHERE id = ?", (previous,))
        if before is not None and before["depth"] + 1 < bodies.CHAIN:
            base, depth = before["id"], before["depth"] + 1
        # A damaged or dropped body must not keep the next from being stored: it starts a new chain.
        against: bytes | None = None
        if base is not None:
            with suppress(ArchiveDamaged, BodyDropped):
                against = self._body(base)
        if against is None:
            base, depth = None, 0
        data = bodies.pack(body, against)
        if known is not None:
            # Let go once and sent again: the row that proves it gets its bytes back.
            self._connection.run(
                "UPDATE bodies SET stored = ?, base_id = ?, depth = ?, data = ?, dropped_at = NULL "
                "WHERE id = ?",
                (len(data), base, depth, data, known["id"]),
            )
            return int(known["id"])
        return self._connection.insert(
            "INSERT INTO bodies (sha256, size, stored, base_id, depth, data) VALUES (?, ?, ?, ?, ?, ?)",
            (digest, len(body), len(data), base, depth, data),
        )

    def _body(self, body: int | None) -> bytes:
        return b"" if body is None else read_body(self._connection, body)

    def _settle(
        self, capture: sqlite3.Row, outcome: Outcome, reason: str | None, moved_to: str | None = None
    ) -> None:
        self._connection.run(
            "UPDATE captures SET outcome = ?, reason = ?, settled = ? WHERE id = ?",
            (outcome.value, reason, outcome_digest(capture["digest"], outcome.value, reason), capture["id"]),
        )
        page, at = capture["page_id"], capture["fetched_at"]
        if outcome in GOOD or outcome is Outcome.MOVED:
            note_look(self._connection, capture, outcome)
        if outcome is Outcome.GONE:
            # The validators go too: a page that comes back must be read, not confirmed.
            self._connection.run(
                "UPDATE pages SET gone_since = ifnull(gone_since, ?), etag = NULL, last_modified = NULL "
                "WHERE id = ?",
                (at, page),
            )
        elif outcome in GOOD:
            headers = headers_from_parts(capture["header_pattern"], capture["header_values"])
            etag, modified = _header(headers, "etag"), _header(headers, "last-modified")
            self._connection.run(
                "UPDATE pages SET gone_since = NULL, "
                "shown = CASE WHEN ifnull(:body, good_body_id) = good_body_id THEN shown END, "
                "good_body_id = ifnull(:body, good_body_id), "
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
            # Asked for first: to write a reference into its own table takes as long as all the rest.
            if capture["moved_to"] is not None:
                self._connection.run("UPDATE pages SET moved_to = NULL WHERE id = ?", (page,))
        elif outcome is Outcome.MOVED:
            self._connection.run(
                "UPDATE pages SET gone_since = NULL, moved_to = (SELECT id FROM pages WHERE url = ?) "
                "WHERE id = ?",
                (moved_to or capture["final_url"], page),
            )


def _hex(digest: bytes | None) -> str | None:
    return None if digest is None else digest.hex()


def _slug(url: str) -> str:
    return urlsplit(url).path.rstrip("/").rpartition("/")[2]


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
