"""The archive's own small answers, beyond the words that all parts share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from diffing.model import Document, Fact, Fetched, Outcome, Statement

__all__ = [
    "BaselineText",
    "Delivery",
    "DeliveryState",
    "Exported",
    "ExportedCapture",
    "Finding",
    "KeptVisit",
    "Look",
    "MetChannel",
    "PendingCapture",
    "Pruned",
    "Rereading",
    "RunRecord",
    "SearchHit",
    "Sizes",
    "SourceHealth",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingCapture:
    """A visit that is kept and not yet understood.

    `sha256` is its body's (None: no body came), `previous_sha256` that of the last body of the page
    which was understood as its article (None: none yet): equal ones need no second reading. What that one
    showed is `previous_shown`, as `note_shown` was told it (None: it was not).
    """

    id: int
    run: int
    fetched: Fetched
    sha256: str | None
    previous_sha256: str | None
    previous_shown: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptVisit:
    """What a visit brought that led to the page's revision `number`, to be read anew.

    `captured_at` is when the revision was captured; `fetched` may be a later visit that found it as it was.
    """

    number: int
    captured_at: dt.datetime
    capture_id: int
    fetched: Fetched


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedCapture:
    """A visit as it leaves the archive, without its body: `sha256` and `size` are the body's (None: none).

    `digest` is its link of the hash chain; `dropped` when retention let the body go (None: it is kept).
    """

    id: int
    run: int
    fetched: Fetched
    digest: str
    sha256: str | None
    size: int | None
    dropped: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export wrote: how many captures, and the names of the files."""

    captures: int
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rereading:
    """What today's rules make of a `KeptVisit`; `accepted` holds the places of what the baseline takes up."""

    visit: KeptVisit
    document: Document = field(repr=False)
    statements: Sequence[Statement] = field(repr=False)
    facts: Sequence[Sequence[Fact]] = field(repr=False)
    accepted: Collection[int] = field(repr=False)
    said_on: dt.date | None
    text_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineText:
    """A text that was taken as known, and how many statements it brought."""

    origin: str
    said_on: dt.date | None
    language: str
    url: str | None
    statements: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One run of a command. `ended` None: it is running, or was killed.

    `bytes` is the size of the database when it ended.
    """

    id: int
    command: str
    sources: tuple[str, ...]
    started: dt.datetime
    ended: dt.datetime | None
    outcomes: Mapping[str, int] = field(default_factory=dict)
    changes: Mapping[str, int] = field(default_factory=dict)
    failures: Mapping[str, str] = field(default_factory=dict)
    bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One visit to a page and what it found; `revision` is the page's last one by then (None: none yet).

    `outcome` None: not yet understood. `sha256` and `size` are those of the body (None: none came).
    `previous` is the time of the visit before: between the two nobody looked (None: this is the first).
    """

    capture: int
    at: dt.datetime
    previous: dt.datetime | None
    outcome: Outcome | None
    status: int | None
    reason: str | None
    revision: int | None
    sha256: str | None
    size: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """A statement that was found: where it stood, and in which revision it first did."""

    statement: str
    url: str
    source: str
    language: str
    published: dt.date | None
    captured: dt.datetime
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How a source fares. Times None: never.

    `failure` is the reason of the newest failed visit; `silent_since` is set while every visit since
    then has failed: the last success, or the time the source was added. `misled_since`: since then its
    validators count for nothing, as a page had changed under the ones that were kept.
    """

    source: str
    language: str
    pages: int
    last_visit: dt.datetime | None
    last_success: dt.datetime | None
    last_failure: dt.datetime | None
    failure: str | None
    silent_since: dt.datetime | None
    last_change: dt.datetime | None
    misled_since: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much the archive holds; bytes on disk, and of bodies as sent and as stored.

    `dropped_bodies` are those among the `bodies` that retention let go.
    """

    database_bytes: int
    wal_bytes: int
    pages: int
    captures: int
    bodies: int
    dropped_bodies: int
    body_bytes: int
    stored_bytes: int
    revisions: int
    statements: int
    known_statements: int
    facts: int
    changes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What retention let go, or would: bodies, their bytes as sent, and by how much the file shrank.

    `left` counts the bodies that stay because one that they lean on is damaged.
    """

    bodies: int
    body_bytes: int
    freed_bytes: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong that `verify` found: the check, how many rows fail it, and the first of them.

    `good` says in one line what this leaves provable.
    """

    check: str
    failed: int
    first: str
    good: str


class DeliveryState(StrEnum):
    """How far a message has come."""

    WAITING = "waiting"  # to be sent, for the first time or again
    SENDING = "sending"  # noted before it is sent: found later, nobody knows whether it went
    SENT = "sent"
    GIVEN_UP = "given_up"
    DROPPED = "dropped"  # when it was to go there was nothing left to tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What one channel is or was to be told, under `subject`: `digest:2025-08-21`, `alert:change:41`.

    `next_try` is not before when it is sent again (None: never), `sent` when the channel took it (None: not
    yet), `error` why the last try failed. `remaining` are the recipients still to be reached after
    others took it; empty: all.
    """

    id: int
    channel: str
    subject: str
    state: DeliveryState
    queued: dt.datetime
    tries: int
    next_try: dt.datetime | None
    sent: dt.datetime | None
    error: str | None
    remaining: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MetChannel:
    """Since when a channel is told anything, and the number of the newest change looked at for it."""

    since: dt.datetime
    change: int
