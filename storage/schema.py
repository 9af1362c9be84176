"""Which schema this version writes, and what ad-hoc SQL may rely on."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["APPLICATION_ID", "SCHEMA_VERSION", "VIEWS", "View", "schema_document"]

# "CSTO" in ASCII, in the header of every database of ours: another program's file is not taken for one.
APPLICATION_ID = 0x4353544F

# The number of steps in storage/migrations.py, in the database as PRAGMA user_version.
SCHEMA_VERSION = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A view whose name and columns stay: what a row is, and what each column holds."""

    purpose: str
    columns: Mapping[str, str]


VIEWS: Mapping[str, View] = {
    "v_changes": View(
        purpose="One row a change, the diff history.",
        columns={
            "id": "number, grows with time of recording",
            "kind": "kind of change",
            "significance": "high, medium or low",
            "event": "key of the event, NULL for changes of pages",
            "attribute": "which attribute changed",
            "old": "value before, JSON",
            "new": "value after, JSON",
            "shift_days": "days from old start to new start",
            "old_statements": "quotations before, JSON list",
            "new_statements": "quotations after, JSON list",
            "old_origin": "where the old one was said",
            "score": "similarity to the closest known statement, 0 to 100",
            "reason": "one line a person can check",
            "url": "page it was seen on",
            "source": "source of that page",
            "language": "language of that page",
            "published": "date the page prints",
            "detected": "when it was fetched, UTC",
            "from_revision": "number of the earlier revision",
            "to_revision": "number of the later revision",
            "page_title": "title of the page",
            "published_before": "date the earlier revision printed",
            "also_seen": "other pages that say it, JSON list",
            "ruling": "an editor's newest note: confirmed or dismissed, NULL: none",
            "ruling_why": "its reason",
            "ruling_noted": "when it was made, UTC",
        },
    ),
    "v_notes": View(
        purpose="One row a note that an editor made on a change; the newest counts.",
        columns={
            "id": "number, grows with time",
            "change": "number of the change",
            "ruling": "confirmed or dismissed",
            "why": "the editor's reason",
            "noted": "when, UTC",
        },
    ),
    "v_captures": View(
        purpose="One row a visit.",
        columns={
            "id": "number, the order of the hash chain",
            "run": "number of the run",
            "source": "source",
            "url": "address asked for",
            "final_url": "address that answered",
            "role": "article or listing",
            "fetched": "when, UTC",
            "status": "HTTP status, NULL where no answer came",
            "outcome": "what the visit found, NULL until understood",
            "reason": "why it failed or was rejected",
            "error": "network error in one line",
            "address": "IP that answered",
            "body_sha256": "SHA-256 of the body as sent",
            "body_bytes": "its length",
            "body_dropped": "when retention let the bytes go, NULL: they are kept",
            "digest": "SHA-256 over the predecessor's digest and this row",
        },
    ),
    "v_revisions": View(
        purpose="One row a distinct content of a page.",
        columns={
            "url": "page",
            "source": "source",
            "number": "1, 2, ... per page",
            "title": "title",
            "language": "language of the text",
            "published": "date the page prints",
            "published_evidence": "where that was read",
            "said_on": "date its statements count from",
            "captured": "when it was fetched, UTC",
            "understood": "when it was read, UTC",
            "extractor": "which version of the reading",
            "text_sha256": "SHA-256 of the author's text",
            "capture": "number of the capture",
            "origin": "visit, or upgrade: what was captured before, read anew by better rules",
        },
    ),
    "v_statements": View(
        purpose="One row a statement in a revision.",
        columns={
            "url": "page",
            "revision": "number of the revision",
            "position": "place in the revision, from 0",
            "text": "its own words",
            "lead_in": "words that introduce the list it is an item of",
            "kind": "heading, paragraph, item, row or quote",
            "language": "language",
            "published": "date the page prints",
            "captured": "when it was fetched, UTC",
        },
    ),
    "v_facts": View(
        purpose="One row a fact asserted of an event: the ledger.",
        columns={
            "event": "key of the event",
            "attribute": "window, place, participants, personnel, equipment, status or name",
            "value": "value, JSON; of a window told only by how much it moves, by how much",
            "vague": "1 where its bounds are the reader's convention",
            "joining": "of participants that joined 1, that left 0, NULL for a whole list",
            "quote": "words that say it",
            "statement": "the statement",
            "language": "its language",
            "said_on": "date its source printed",
            "known": "when it was captured, UTC",
            "origin": "seed file or page",
            "url": "page, NULL for a file without one",
        },
    ),
    "v_digests": View(
        purpose="One row a day whose digest was made, as it was made.",
        columns={
            "day": "the local day that it is of",
            "place": "1, 2, ... in the order in which they were made",
            "after_change": "it tells the changes with a greater number than this",
            "last_change": "and up to this one",
            "until": "end of its period, UTC",
            "recorded": "when it was made, UTC",
            "head": "newest link of the hash chain by then",
            "body": "all that it is made of, JSON",
        },
    ),
    "v_runs": View(
        purpose="One row a run.",
        columns={
            "id": "number",
            "command": "crawl, import, or replay: a crawl whose clock was set by --now",
            "sources": "sources asked for, JSON list",
            "started": "UTC",
            "ended": "UTC, NULL while running or after a kill",
            "outcomes": "visits by outcome, JSON",
            "changes": "changes by kind, JSON",
            "failures": "reason by failed source, JSON",
            "bytes": "size of the database when it ended",
        },
    ),
    "v_slots": View(
        purpose="One row a time at which the daemon had a job to do.",
        columns={
            "id": "number",
            "job": "crawl:SOURCE, or digest",
            "era": "how often the clock was set back so far that the job's times came again",
            "due": "when, UTC",
            "state": "due, running, ran, missed or failed",
            "planned": "when the daemon noted it, UTC",
            "started": "when it was last begun, UTC",
            "ended": "when it came to its end, UTC",
            "tries": "how often it was begun, without what the daemon's end or a database in use cut short",
            "pid": "process that runs it, NULL: none does",
            "reason": "why it was missed, failed or has to be tried again",
        },
    ),
    "v_troubles": View(
        purpose="One row a time in which something needed a person.",
        columns={
            "id": "number, grows with time",
            "source": "source; channel of what could not be sent; csto-watch where it did not run",
            "kind": "failing, silent, no_links, rejected, shrunk, overdue, down or unsent",
            "detail": "what was found",
            "began": "when it was noticed, UTC",
            "ended": "when it was over, UTC, NULL: it goes on",
        },
    ),
    "v_deliveries": View(
        purpose="One row a subject and a channel that it is or was to be told to.",
        columns={
            "id": "number, grows with time",
            "channel": "name of the channel",
            "subject": "digest:DAY, alert:change:NUMBER, alert:trouble:NUMBER:began or :ended",
            "state": "waiting, sending, sent, given_up, or dropped: there was nothing left to tell",
            "queued": "when, UTC",
            "tries": "how often it was tried",
            "next_try": "not before, UTC",
            "sent": "when the channel took it, UTC",
            "error": "why the last try failed",
        },
    ),
}


def schema_document() -> str:
    """The text of docs/schema.md. Print it with `python -m storage.schema`."""
    lines = [
        "# The database, for ad-hoc SQL",
        "",
        f"Schema version {SCHEMA_VERSION} (`PRAGMA user_version`). These views keep their names and columns;",
        "the tables behind them may change. Times are UTC, ISO 8601, and sort as text. Open it read-only:",
        "`sqlite3 -readonly cstowatch.db`. Written by `python -m storage.schema`, checked by a test.",
    ]
    for name, view in VIEWS.items():
        lines += ["", f"## {name}", "", view.purpose, "", "| column | holds |", "| --- | --- |"]
        lines += [f"| `{column}` | {meaning} |" for column, meaning in view.columns.items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_document())
