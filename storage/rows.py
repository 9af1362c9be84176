"""Value to row and row to value, both directions side by side; no connection."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sqlite3
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from operator import itemgetter
from typing import cast

from diffing.model import (
    Attribute,
    BlockKind,
    Change,
    ChangeKind,
    Fact,
    FactValue,
    KnownFact,
    KnownStatement,
    Note,
    PageState,
    RecordedChange,
    Revision,
    RevisionOrigin,
    Ruling,
    Significance,
    Statement,
    value_from_json,
    value_to_json,
)

__all__ = [
    "CHANGE_COLUMNS",
    "FACT_COLUMNS",
    "LEDGER_ORDER",
    "STATE_COLUMNS",
    "change_from_row",
    "change_to_row",
    "content_digest",
    "counts_from_json",
    "date_from_text",
    "date_to_text",
    "fact_to_row",
    "headers_from_parts",
    "headers_to_parts",
    "json_text",
    "known_fact_from_row",
    "known_from_row",
    "page_state_from_row",
    "revision_from_row",
    "statement_digest",
    "statement_from_row",
    "strings_from_json",
    "text_key",
    "time_from_text",
    "time_to_text",
    "value_from_text",
    "value_to_text",
    "words_to_json",
]


def time_to_text(moment: dt.datetime) -> str:
    """An aware time as UTC text that sorts as the times do. Raises ValueError on a naive one."""
    if moment.tzinfo is None:
        raise ValueError(f"A time without a zone cannot be kept: {moment.isoformat()}")
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@lru_cache(maxsize=4096)
def time_from_text(text: str | None) -> dt.datetime | None:
    """The inverse of `time_to_text`; None stays None."""
    return None if text is None else dt.datetime.fromisoformat(text)


def date_to_text(day: dt.date | None) -> str | None:
    """A day as ISO text; None stays None."""
    return None if day is None else day.isoformat()


# The same days and values stand in row after row; what is read of them is frozen.
@lru_cache(maxsize=4096)
def date_from_text(text: str | None) -> dt.date | None:
    """The inverse of `date_to_text`."""
    return None if text is None else dt.date.fromisoformat(text)


# One for all, as `json.dumps` makes one for each value that it is given.
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def json_text(data: object) -> str:
    """Compact JSON in one spelling, so that equal data is equal text; any string can be kept in it."""
    text = _compact(data)
    try:
        text.encode()
    except UnicodeEncodeError:
        # Headers may hold bytes that are no text; as lone surrogates they would not pass into the database.
        return json.dumps(data, separators=(",", ":"), sort_keys=True)
    return text


def content_digest(content: object, *, after: bytes = b"") -> bytes:
    """SHA-256 over the content as JSON, behind `after`; the same for what was given and what was kept."""
    text = _compact(content)
    # A lone surrogate is kept as a question mark, see Connection, so it is hashed as one.
    return hashlib.sha256(after + text.encode("utf-8", "replace")).digest()


def strings_from_json(text: str | None) -> tuple[str, ...]:
    """A JSON list of strings; None and an empty list are ()."""
    return () if not text or text == "[]" else tuple(str(item) for item in json.loads(text))


def text_key(text: str) -> int:
    """A signed 64-bit number for an index over texts; equal texts have equal keys."""
    return int.from_bytes(
        hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), signed=True
    )


def value_to_text(value: FactValue | None) -> str | None:
    """A fact's value as canonical JSON text; None stays None."""
    return None if value is None else json_text(value_to_json(value))


@lru_cache(maxsize=4096)
def value_from_text(attribute: Attribute | None, text: str | None) -> FactValue | None:
    """The inverse of `value_to_text`; without an attribute the shape of the JSON tells which it is."""
    return None if text is None else value_from_json(attribute, json.loads(text))


CHANGE_COLUMNS = (
    "kind", "significance", "event", "attribute", "old", "new", "shift_days",
    "old_statements", "new_statements", "old_origin", "score", "reason",
)  # fmt: skip


def change_to_row(change: Change) -> tuple[object, ...]:
    """The change in the order of `CHANGE_COLUMNS`."""
    return (
        change.kind.value,
        change.significance.value,
        change.event,
        None if change.attribute is None else change.attribute.value,
        value_to_text(change.old),
        value_to_text(change.new),
        change.shift_days,
        json_text(change.old_statements) if change.old_statements else None,
        json_text(change.new_statements) if change.new_statements else None,
        change.old_origin,
        change.score,
        change.reason,
    )


def change_from_row(row: sqlite3.Row) -> RecordedChange:
    """The inverse, with where and when it was seen; `also_seen` is a JSON list."""
    attribute = None if row["attribute"] is None else Attribute(row["attribute"])
    change = Change(
        kind=ChangeKind(row["kind"]),
        significance=Significance(row["significance"]),
        event=row["event"],
        attribute=attribute,
        old=value_from_text(attribute, row["old"]),
        new=value_from_text(attribute, row["new"]),
        shift_days=row["shift_days"],
        old_statements=strings_from_json(row["old_statements"]),
        new_statements=strings_from_json(row["new_statements"]),
        old_origin=row["old_origin"],
        score=row["score"],
        reason=row["reason"],
    )
    return RecordedChange(
        id=row["id"],
        change=change,
        url=row["url"],
        source=row["source"],
        language=row["language"],
        published=date_from_text(row["published"]),
        detected=dt.datetime.fromisoformat(row["detected"]),
        from_revision=row["from_revision"],
        to_revision=row["to_revision"],
        also_seen=strings_from_json(row["also_seen"]),
        page_title=row["page_title"],
        published_before=date_from_text(row["published_before"]),
        note=None
        if row["ruling"] is None
        else Note(
            ruling=Ruling(row["ruling"]),
            why=row["ruling_why"],
            noted=dt.datetime.fromisoformat(row["ruling_noted"]),
        ),
    )


# Of facts f, the known row k and the statement s; in the order in which `known_fact_from_row` takes them.
FACT_COLUMNS = (
    "f.event, f.attribute, f.value, f.quote, f.vague, f.joining, s.text, s.lead_in, s.normal, s.language, "
    "k.said_on, k.origin, k.url, k.known_at, k.said_key, k.id, f.id"
)

# Event, then the oldest said first; said_key: an undated statement counts as said on the day it was
# captured, as in diffing.ledger.
LEDGER_ORDER: Callable[[sqlite3.Row], tuple[object, ...]] = itemgetter(0, 14, 13, 11, 15, 16)

_ATTRIBUTES = {attribute.value: attribute for attribute in Attribute}


def fact_to_row(fact: Fact) -> tuple[str, str, str, str, int, int | None]:
    """Event, attribute, value, quote, vague, joining; of a shift as it was told, not what it came to."""
    attribute = Attribute.WINDOW if fact.shift else fact.attribute
    value, joining = value_to_text(fact.shift or fact.value) or "", fact.joining
    return (
        fact.event,
        attribute.value,
        value,
        fact.quote,
        int(fact.vague),
        None if joining is None else int(joining),
    )


def known_from_row(row: sqlite3.Row) -> KnownStatement:
    """A row of the baseline as the statement that was said; a list item carries its lead-in."""
    return KnownStatement(
        text=f"{row['lead_in']} {row['text']}" if row["lead_in"] else row["text"],
        normal=row["normal"],
        language=row["language"],
        said_on=date_from_text(row["said_on"]),
        origin=row["origin"],
        url=row["url"],
    )


def known_fact_from_row(row: sqlite3.Row) -> KnownFact:
    """A fact with the statement that asserted it, from a row of just `FACT_COLUMNS`."""
    # By place: by name each of sixteen columns is searched for, and a ledger has thousands of rows.
    (
        event, attribute, value, quote, vague, joining, text, lead_in, normal, language, said_on, origin, url,
        known_at, *_,
    ) = row  # fmt: skip
    kind = _ATTRIBUTES[attribute]
    return KnownFact(
        fact=Fact(
            event=event,
            attribute=kind,
            value=cast("FactValue", value_from_text(kind, value)),
            quote=quote,
            vague=bool(vague),
            joining=None if joining is None else bool(joining),
        ),
        statement=KnownStatement(
            text=f"{lead_in} {text}" if lead_in else text,
            normal=normal,
            language=language,
            said_on=date_from_text(said_on),
            origin=origin,
            url=url,
        ),
        known_at=_moment(known_at),
    )


@lru_cache(maxsize=4096)
def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def statement_digest(statement: Statement) -> bytes:
    """16 bytes that are equal for statements that say the same words in the same form."""
    parts = (statement.language, statement.kind.value, statement.lead_in, statement.text, statement.normal)
    return content_digest(parts)[:16]


def statement_from_row(row: sqlite3.Row) -> Statement:
    """A statement in its place."""
    return Statement(
        index=row["position"],
        text=row["text"],
        normal=row["normal"],
        language=row["language"],
        lead_in=row["lead_in"],
        kind=BlockKind(row["kind"]),
    )


def revision_from_row(row: sqlite3.Row, statements: Iterable[Statement] = ()) -> Revision:
    """A revision; without statements it is a summary."""
    return Revision(
        url=row["url"],
        number=row["number"],
        title=row["title"],
        published=date_from_text(row["published"]),
        captured_at=dt.datetime.fromisoformat(row["captured_at"]),
        extractor=row["extractor"],
        origin=RevisionOrigin(row["origin"]),
        statements=tuple(statements),
    )


# Of the page p, its source s and its newest revision r; in the order in which `page_state_from_row` takes
# them, before any others. A source whose validators were caught lying is asked for whole pages: they are not
# handed out.
STATE_COLUMNS = (
    "p.url, s.name AS source, CASE WHEN s.misled_since IS NULL THEN p.etag END AS etag_believed, "
    "CASE WHEN s.misled_since IS NULL THEN p.last_modified END AS last_modified_believed, p.first_seen, "
    "p.last_visit, p.visits, p.changes_seen, p.gone_since, r.published, p.last_good, p.last_body, "
    "p.bodiless, p.last_change, p.changes_timed, p.changed_days, p.changed_youth, p.unchanged_days, "
    "p.unchanged_youth, CASE WHEN p.moved_to IS NOT NULL THEN "
    "(SELECT m.url FROM pages m WHERE m.id = p.moved_to) END AS moved_to_url"
)


def page_state_from_row(row: sqlite3.Row, event: tuple[dt.date, dt.date] | None = None) -> PageState:
    """What the next visit to a page needs to know; `event` is the one it names, as the ledger has it."""
    # By place, and no time looked up among those read before: a crawl walks through all pages, and each has
    # times of its own.
    (
        url, source, etag, last_modified, first_seen, last_visit, visits, changes_seen, gone_since, published,
        last_good, last_body, bodiless, last_change, changes_timed, changed_days, changed_youth,
        unchanged_days, unchanged_youth, moved_to, *_,
    ) = row  # fmt: skip
    moment = dt.datetime.fromisoformat
    return PageState(
        url=url,
        # One for all, as some hold the states of all pages.
        source=sys.intern(source),
        etag=etag,
        last_modified=last_modified,
        first_seen=moment(first_seen),
        last_visit=moment(last_visit),
        visits=visits,
        changes_seen=changes_seen,
        gone_since=None if gone_since is None else moment(gone_since),
        published=None if published is None else dt.date.fromisoformat(published),
        event=event,
        last_good=None if last_good is None else moment(last_good),
        last_body=None if last_body is None else moment(last_body),
        bodiless=bodiless,
        last_change=None if last_change is None else moment(last_change),
        changes_timed=changes_timed,
        changed_days=changed_days,
        changed_youth=changed_youth,
        unchanged_days=unchanged_days,
        unchanged_youth=unchanged_youth,
        moved_to=moved_to,
    )


# Headers whose value differs on nearly every visit to an otherwise unchanged page. Kept apart, the
# rest of the headers is one shared row, and an unchanged capture costs some 200 bytes and not 600.
_VARYING = frozenset({
    "age", "cf-ray", "content-length", "date", "etag", "expires", "if-modified-since",
    "if-none-match", "last-modified", "set-cookie", "x-request-id",
})  # fmt: skip


def headers_to_parts(headers: Sequence[tuple[str, str]]) -> tuple[str, str | None]:
    """The headers as a shared pattern and the values of this visit (None: it has none of its own)."""
    pattern = [[name, None if name.lower() in _VARYING else value] for name, value in headers]
    varying = [value for name, value in headers if name.lower() in _VARYING]
    return json_text(pattern), json_text(varying) if varying else None


def headers_from_parts(pattern: str, varying: str | None) -> tuple[tuple[str, str], ...]:
    """The inverse of `headers_to_parts`."""
    values = iter(json.loads(varying) if varying else ())
    return tuple((name, next(values) if value is None else value) for name, value in json.loads(pattern))


def counts_from_json(text: str | None) -> Mapping[str, int]:
    """A JSON object of whole numbers; None is empty."""
    return {str(key): int(value) for key, value in json.loads(text).items()} if text else {}


def words_to_json(values: Iterable[StrEnum]) -> str | None:
    """The words as a JSON list; None where there are none."""
    names = [value.value for value in values]
    return json_text(names) if names else None
