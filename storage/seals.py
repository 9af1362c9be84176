"""Seals on what was understood: a second chain, over changes, revisions, beliefs, notes, digests and runs."""

# ruff: noqa: S608 - only constants of this package are put into SQL; every value is a parameter
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from storage.connection import Connection
from storage.rows import content_digest

__all__ = ["Subject", "outcome_digest", "seal", "seal_all", "seals_broken", "understood_head"]

# Bytes of SHA-256 that a row is compared by. The chain's own links are whole: they are what somebody may
# keep elsewhere; of two rows with the same 16 bytes nobody knows how to make one.
_SHORT = 16

# An outcome is sealed in its capture's row, of which an unchanged visit must cost no more than 300 bytes all
# told: against slips and decay, with the link of the capture in it, so that no other row's fits.
_OUTCOME = 4


class Subject(StrEnum):
    """What is sealed together, in one seal for each row named; a later seal takes an earlier one's place."""

    CHANGES = "changes"
    """Of one capture."""
    SIGHTINGS = "sightings"
    """Of one change: the other pages that say it too."""
    REVISION = "revision"
    """With what is believed of it and its facts."""
    BASELINE = "baseline"
    """A text taken as known, with what is believed of it and its facts."""
    NOTE = "note"
    DIGEST = "digest"
    """The kept digest of a day; its row is the day as a number, 20250911."""
    RUN = "run"
    """A run that ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sealed:
    """How the rows of a subject are found: all of them, and the content of one by its number."""

    every: str
    content: Sequence[str]
    words: str


_BELIEFS = (
    "SELECT hex(s.digest), k.said_on, k.said_key, k.origin, k.url, k.known_at, k.believed_from, "
    "k.believed_until, f.event, f.attribute, f.value, f.quote, f.vague, f.joining FROM known k "
    "JOIN statements s ON s.id = k.statement_id LEFT JOIN facts f ON f.known_id = k.id "
    "WHERE k.{} = ? ORDER BY k.id, f.id"
)

_SEALED: Mapping[Subject, _Sealed] = {
    Subject.CHANGES: _Sealed(
        every="SELECT DISTINCT capture_id AS number FROM changes",
        content=(
            (
                "SELECT id, page_id, kind, significance, event, attribute, old, new, shift_days, "
                "old_statements, new_statements, old_origin, score, reason, language, published, detected, "
                "from_revision, to_revision, page_title, published_before FROM changes "
                "WHERE capture_id = ? ORDER BY id"
            ),
        ),
        words="the changes that capture {} brought",
    ),
    Subject.SIGHTINGS: _Sealed(
        every="SELECT DISTINCT change_id AS number FROM sightings",
        content=("SELECT url, detected FROM sightings WHERE change_id = ? ORDER BY url",),
        words="the other pages that say change {}",
    ),
    Subject.REVISION: _Sealed(
        every="SELECT id AS number FROM revisions",
        content=(
            (
                "SELECT page_id, number, capture_id, origin, title, language, published, published_evidence, "
                "said_on, captured_at, understood_at, extractor, text_hash, hex(digest) FROM revisions "
                "WHERE id = ?"
            ),
            _BELIEFS.format("revision_id"),
        ),
        words="row {} of revisions, or what is known from it,",
    ),
    Subject.BASELINE: _Sealed(
        every="SELECT id AS number FROM baselines",
        content=(
            (
                "SELECT hex(digest), origin, language, said_on, url, title, statements, loaded_at "
                "FROM baselines WHERE id = ?"
            ),
            _BELIEFS.format("baseline_id"),
        ),
        words="baseline {}, or what is known from it,",
    ),
    Subject.NOTE: _Sealed(
        every="SELECT id AS number FROM notes",
        content=("SELECT change_id, ruling, why, noted_at FROM notes WHERE id = ?",),
        words="note {}",
    ),
    Subject.DIGEST: _Sealed(
        every="SELECT CAST(replace(day, '-', '') AS INTEGER) AS number FROM digests",
        content=(
            (
                "SELECT day, body, recorded_at, head, place, after_change, last_change, until_at "
                "FROM digests WHERE day = printf('%04d-%02d-%02d', ?1 / 10000, ?1 / 100 % 100, ?1 % 100)"
            ),
        ),
        words="the kept digest of {}",
    ),
    Subject.RUN: _Sealed(
        every="SELECT id AS number FROM runs WHERE ended_at IS NOT NULL",
        content=(
            (
                "SELECT command, sources, started_at, ended_at, outcomes, changes, failures, bytes FROM runs "
                "WHERE id = ?"
            ),
        ),
        words="run {}",
    ),
}


def seal(connection: Connection, subject: Subject, row: int) -> None:
    """Seals what the database holds of the subject now; call it in the transaction that wrote it.

    What is sealed as it is needs no other seal.
    """
    content = _content(connection, subject, row)
    before = connection.value(
        "SELECT content FROM seals WHERE subject = ? AND row = ? ORDER BY id DESC LIMIT 1",
        (subject.value, row),
    )
    if before != content:
        predecessor = connection.value("SELECT digest FROM seals ORDER BY id DESC LIMIT 1")
        connection.run(
            "INSERT INTO seals (subject, row, content, digest) VALUES (?, ?, ?, ?)",
            (subject.value, row, content, _link(predecessor, subject.value, row, content)),
        )


def seal_all(connection: Connection) -> None:
    """Seals whatever a version kept that knew of no seals, as it is found."""
    for subject, sealed in _SEALED.items():
        for row in connection.numbers(_unsealed(sealed), (subject.value,)):
            seal(connection, subject, row)
    for capture in connection.rows(
        "SELECT id, digest, outcome, reason FROM captures WHERE outcome IS NOT NULL AND settled IS NULL"
    ):
        connection.run(
            "UPDATE captures SET settled = ? WHERE id = ?",
            (outcome_digest(capture["digest"], capture["outcome"], capture["reason"]), capture["id"]),
        )


def outcome_digest(link: bytes, outcome: str, reason: str | None) -> bytes:
    """What a capture's row holds of its outcome; `link` is the capture's in the chain."""
    return content_digest((outcome, reason), after=link)[:_OUTCOME]


def understood_head(connection: Connection) -> str | None:
    """The newest link in hex: who keeps it can prove later what was understood before. None: nothing was."""
    value = connection.value("SELECT digest FROM seals ORDER BY id DESC LIMIT 1")
    return None if value is None else bytes(value).hex()


def seals_broken(connection: Connection) -> Iterator[str]:
    """What is not as it was sealed, the chain's own breaks first; nothing: all of it is."""
    predecessor: bytes | None = None
    for row in connection.each("SELECT * FROM seals ORDER BY id"):
        if row["digest"] != _link(predecessor, row["subject"], row["row"], row["content"]):
            yield f"seal {row['id']} is not as it was made, or the one before it is gone"
        predecessor = row["digest"]
    for subject, sealed in _SEALED.items():
        # With max() SQLite takes the other columns from the row that has it: the newest seal.
        for row in connection.each(
            "SELECT row, content, max(id) FROM seals WHERE subject = ? GROUP BY row", (subject.value,)
        ):
            if row["content"] != _content(connection, subject, row["row"]):
                yield f"{sealed.words.format(row['row'])} is not as it was recorded"
        for number in connection.numbers(_unsealed(sealed), (subject.value,)):
            yield f"{sealed.words.format(number)} was never sealed"


def _unsealed(sealed: _Sealed) -> str:
    return (
        f"SELECT number FROM ({sealed.every}) WHERE number NOT IN "
        "(SELECT row FROM seals WHERE subject = ?) ORDER BY number"
    )


def _content(connection: Connection, subject: Subject, row: int) -> bytes:
    held = [[tuple(found) for found in connection.rows(sql, (row,))] for sql in _SEALED[subject].content]
    return content_digest(held)[:_SHORT]


def _link(predecessor: bytes | None, subject: str, row: int, content: bytes) -> bytes:
    return content_digest((subject, row, content.hex()), after=predecessor or b"")
