"""Checks the evidence: file, references, hash chain, bodies, texts and word indexes."""

# ruff: noqa: S608 - only constants of this package are put into SQL; every value is a parameter
from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING

from diffing.normal import normalise
from storage import bodies
from storage.connection import Connection, misplaced
from storage.errors import ArchiveError
from storage.evidence import chain_digest, revision_digest
from storage.records import Finding
from storage.rows import statement_digest, statement_from_row
from storage.seals import outcome_digest, seals_broken
from storage.standing import standing_unlike
from storage.terms import search_terms, terms_of

if TYPE_CHECKING:
    from diffing.model import Statement

__all__ = ["verify"]

_CHECKS_GOOD = {
    "file": "what the other checks do not name can be read",
    "references": "rows themselves are as they were written",
    "outcomes": "every other visit found what was recorded",
    "understanding": "every other change, belief, note, digest and run is as it was recorded",
    "chain": "captures before the first one named are in the order and form in which they were recorded",
    "bodies": "every other body is the one that was sent",
    "texts": "every other revision says what was read",
    "indexes": "all that was kept; `cstowatch verify --rebuild-indexes` makes them anew",
}


_LEANS_ON_DAMAGE = "body {} is damaged, or one that it leans on is"


def verify(connection: Connection) -> tuple[Finding, ...]:
    """Every check that fails, with the first row that fails it; empty: all is as it was recorded."""
    checks = {
        "file": _file,
        "references": _references,
        "chain": _chain,
        "bodies": _bodies,
        "outcomes": _outcomes,
        "texts": _texts,
        "understanding": seals_broken,
        "indexes": _indexes,
    }
    findings = []
    for name, check in checks.items():
        failed, first = 0, ""
        try:
            for problem in check(connection):
                first = first or problem
                failed += 1
        except ArchiveError as error:
            first = first or str(error)
            failed += 1
        if failed:
            findings.append(Finding(check=name, failed=failed, first=first, good=_CHECKS_GOOD[name]))
    return tuple(findings)


def _file(connection: Connection) -> Iterator[str]:
    for (problem,) in connection.rows("PRAGMA integrity_check"):
        if problem != "ok":
            yield str(problem)
    if name := misplaced(connection.raw):
        yield f"{name} is not laid out as this version makes it"


def _references(connection: Connection) -> Iterator[str]:
    for row in connection.rows("PRAGMA foreign_key_check"):
        yield f"row {row['rowid']} of {row['table']} names a row of {row['parent']} that is not there"


def _chain(connection: Connection) -> Iterator[str]:
    predecessor: bytes | None = None
    for row in connection.each(
        "SELECT c.*, ifnull(c.role, p.role) AS as_role, p.url, q.pattern AS request_pattern, h.pattern "
        "AS header_pattern, b.sha256 FROM "
        "captures c "
        "LEFT JOIN pages p ON p.id = c.page_id LEFT JOIN header_sets q ON q.id = c.request_set "
        "LEFT JOIN header_sets h ON h.id = c.header_set LEFT JOIN bodies b ON b.id = c.body_id ORDER BY c.id"
    ):
        content = (
            row["run_id"], row["url"], row["final_url"], row["fetched_at"], row["as_role"], row["status"],
            row["request_pattern"], row["request_values"], row["header_pattern"], row["header_values"],
            row["sha256"].hex() if row["sha256"] else None, row["error"], row["address"], row["flags"],
        )  # fmt: skip
        if chain_digest(predecessor, content) != row["digest"]:
            visit = f"capture {row['id']} of {row['url']} at {row['fetched_at']}"
            yield f"{visit} is not as it was recorded, or the one before it is gone"
        predecessor = row["digest"]


def _outcomes(connection: Connection) -> Iterator[str]:
    for row in connection.each(
        "SELECT id, digest, outcome, reason, settled FROM captures "
        "WHERE outcome IS NOT NULL OR settled IS NOT NULL ORDER BY id"
    ):
        if outcome_digest(row["digest"], row["outcome"], row["reason"]) != row["settled"]:
            yield f"what capture {row['id']} found is not as it was recorded"


def _bodies(connection: Connection) -> Iterator[str]:
    checked = 0
    for (root,) in connection.each("SELECT id FROM bodies WHERE base_id IS NULL ORDER BY id"):
        for problem in _chain_of_bodies(connection, root):
            checked += 1
            if problem:
                yield problem
    lost = connection.value("SELECT count(*) FROM bodies") - checked
    if lost:
        first = connection.value(
            "SELECT min(id) FROM bodies b WHERE base_id >= id "
            "OR NOT EXISTS (SELECT 1 FROM bodies WHERE id = b.base_id)"
        )
        yield from [f"body {first} leans on none that is there, and {lost} bodies cannot be read"] * lost


def _chain_of_bodies(connection: Connection, root: int) -> Iterator[str | None]:
    """Checks a full copy and all that lean on it, each unpacked once; None: the body is as it was sent."""
    waiting: list[tuple[int, bytes | None, bool]] = [(root, None, True)]
    while waiting:
        number, base, sound = waiting.pop()
        row = connection.one("SELECT sha256, size, data, dropped_at FROM bodies WHERE id = ?", (number,))
        body, problem = (
            _unpacked(number, row, base) if sound and row else (None, _LEANS_ON_DAMAGE.format(number))
        )
        yield problem
        leaning = connection.numbers("SELECT id FROM bodies WHERE base_id = ? ORDER BY id DESC", (number,))
        waiting += [(child, body, body is not None) for child in leaning]


def _unpacked(number: int, row: sqlite3.Row, base: bytes | None) -> tuple[bytes | None, str | None]:
    """The body, where it has one, and what is wrong with it."""
    if row["data"] is None:
        return None, None if row["dropped_at"] else f"body {number} has lost its bytes"
    try:
        body = bodies.unpack(row["data"], base)
    except bodies.DamagedBody:
        return None, _LEANS_ON_DAMAGE.format(number)
    if bodies.sha256(body) != row["sha256"] or len(body) != row["size"]:
        return body, f"body {number} is not the one whose SHA-256 was recorded"
    return body, None


def _texts(connection: Connection) -> Iterator[str]:
    for row in connection.each("SELECT 0 AS position, s.* FROM statements s ORDER BY s.id"):
        if statement_digest(statement_from_row(row)) != row["digest"]:
            yield f"statement {row['id']} is not as it was recorded"
    for row in connection.each(
        "SELECT r.*, p.url FROM revisions r JOIN pages p ON p.id = r.page_id ORDER BY r.id"
    ):
        said = _said(connection, row["id"])
        if revision_digest(row["title"], row["published"], said) != row["digest"]:
            yield f"revision {row['number']} of {row['url']} is not as it was recorded"


def _said(connection: Connection, revision: int) -> list[Statement]:
    rows = connection.rows(
        "SELECT rs.position, s.* FROM revision_statements rs JOIN statements s ON s.id = rs.statement_id "
        "WHERE rs.revision_id = ? ORDER BY rs.position",
        (revision,),
    )
    return [statement_from_row(row) for row in rows]


def _indexes(connection: Connection) -> Iterator[str]:
    """Compares the word indexes with the statements through a sum of hashes, in memory that does not grow.

    Python's own hash: nothing is faster, and nobody can know its key before this process ends. What is
    told of each event is worked out once more.
    """
    wanted = dict.fromkeys(("candidate_index", "search_index", "words"), 0)
    known = 0
    for row in connection.each(
        "SELECT s.*, candidate AND w.statement IS NULL AS indexed FROM statements s "
        "LEFT JOIN candidates_waiting w ON w.statement = s.id WHERE candidate = 1 OR searchable = 1"
    ):
        if row["indexed"]:
            known += 1
            terms = terms_of(row["normal"])
            each = terms.each()
            wanted["words"] += sum(map(hash, each[: terms.counted]))
            wanted["candidate_index"] += sum(map(hash, each))
        if row["searchable"]:
            text = f"{row['lead_in']} {row['text']}" if row["lead_in"] else row["text"]
            wanted["search_index"] += sum(map(hash, search_terms(normalise(text)).split()))
    found = dict.fromkeys(wanted, 0)
    for word, statements in connection.each("SELECT word, statements FROM words"):
        found["words"] += hash(word) * statements if word else 0
    for table, count in (("candidate_index", "doc"), ("search_index", "cnt")):
        for term, times in connection.each(f"SELECT term, {count} FROM {table}_terms"):
            found[table] += hash(term) * times
    for table, total in found.items():
        if total != wanted[table]:
            yield f"{table} does not hold the words of the statements"
    if (connection.value("SELECT statements FROM words WHERE word = ''") or 0) != known:
        yield "words does not count the known statements"
    yield from standing_unlike(connection)
