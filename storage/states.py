"""What is known of a page before it is asked for again, and how one more look adds to it."""

# ruff: noqa: S608 - only constants of this package are put into SQL; every value is a parameter
from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence

from diffing.model import Outcome, PageRole, PageState
from storage.connection import Connection
from storage.rows import STATE_COLUMNS, date_to_text, headers_from_parts, page_state_from_row, time_to_text

__all__ = ["SourcePages", "note_look", "page_state", "page_states"]

# A page that names an event is of interest for so long after it; of 29 recorded edits of government
# pages about an event 18 came after its day, 12 of them within so many days.
_EVENT_LASTS = dt.timedelta(days=14)

# A window that is longer ("in autumn") says nothing of the day.
_EVENT_LONGEST = dt.timedelta(days=31)

_STATE = (
    f"SELECT {STATE_COLUMNS}, p.id, p.source_id, p.etag, p.last_modified "
    "FROM pages p JOIN sources s ON s.id = p.source_id LEFT JOIN revisions r ON r.id = p.revision_id "
)

# Which pages are of a `SourcePages`. By their numbers, as a clock may have gone back since.
_AMONG = "s.name = :source AND p.role = :role AND p.id <= :last AND p.first_seen < :before"

_Days = tuple[dt.date, dt.date]


def page_states(
    connection: Connection, source: str, role: PageRole, on: dt.date | None
) -> Iterator[PageState]:
    """What is known of the source's pages of that role, by URL.

    With `on` each has the event that it names, of those not over long before that day the one nearest to it.
    """
    events = {} if on is None else _events(connection, source, on)
    for row in connection.each(
        f"{_STATE}WHERE s.name = ? AND p.role = ? ORDER BY p.url", (source, role.value)
    ):
        yield page_state_from_row(row, events.get(row["id"]))


class SourcePages:
    """The articles of a source that are known at one moment, read anew each time they are asked for.

    Those that come to be known later are none of them; of the others is told what is known when they are
    asked for. Without `before` all are, else those that were first seen before it. With `on` each is given
    with the event that it names, as `page_states` gives it.
    """

    def __init__(
        self, connection: Connection, source: str, *, on: dt.date | None, before: dt.datetime | None
    ) -> None:
        self._connection = connection
        self._source = source
        self._events = {} if on is None else _events(connection, source, on)
        self._chosen = {
            "source": source,
            "role": PageRole.ARTICLE.value,
            "last": connection.value("SELECT ifnull(max(id), 0) FROM pages"),
            "before": "9" if before is None else time_to_text(before),
        }

    def __iter__(self) -> Iterator[PageState]:
        """All of them, one by one, in no order."""
        for row in self._connection.each(f"{_STATE}WHERE {_AMONG}", self._chosen):
            yield page_state_from_row(row, self._events.get(row["id"]))

    def get(self, url: str, /) -> PageState | None:
        """The page at that address, without its event; None: it is none of them."""
        row = self._connection.one(f"{_STATE}WHERE p.url = :url AND {_AMONG}", {**self._chosen, "url": url})
        return None if row is None else page_state_from_row(row)


def page_state(connection: Connection, url: str) -> PageState | None:
    """What is known of a page; None: it was never visited."""
    row = connection.one(f"{_STATE}WHERE p.url = ?", (url,))
    return None if row is None else page_state_from_row(row)


def note_look(connection: Connection, capture: sqlite3.Row, outcome: Outcome) -> None:
    """Adds a look that found the page as an article, or moved to one, to what is known of it.

    A page that was asked for without validators, and came changed under the very ones that had been
    kept, shows that a server would have said "not modified": from then on its validators count for nothing.
    """
    row = connection.one(f"{_STATE}WHERE p.id = ?", (capture["page_id"],))
    if row is None:
        return
    at = dt.datetime.fromisoformat(capture["fetched_at"])
    before = page_state_from_row(row)
    changed = outcome is Outcome.CHANGED
    after = before.looked(at, changed=changed, body=outcome is not Outcome.NOT_MODIFIED)
    connection.run(
        "UPDATE pages SET last_good = ?, last_body = ?, bodiless = ?, last_change = ?, changes_timed = ?, "
        "changed_days = ?, changed_youth = ?, unchanged_days = ?, unchanged_youth = ? WHERE id = ?",
        (
            *(time and time_to_text(time) for time in (after.last_good, after.last_body)),
            after.bodiless,
            after.last_change and time_to_text(after.last_change),
            after.changes_timed, after.changed_days, after.changed_youth, after.unchanged_days,
            after.unchanged_youth, row["id"],
        ),
    )  # fmt: skip
    if changed and _misled(connection, capture, row):
        connection.run(
            "UPDATE sources SET misled_since = ifnull(misled_since, ?) WHERE id = ?",
            (capture["fetched_at"], row["source_id"]),
        )


def _misled(connection: Connection, capture: sqlite3.Row, page: sqlite3.Row) -> bool:
    kept = {"etag": page["etag"], "last-modified": page["last_modified"]}
    if not any(kept.values()):
        return False
    sent = connection.value("SELECT pattern FROM header_sets WHERE id = ?", (capture["request_set"],))
    asked = {name.lower() for name, _ in headers_from_parts(sent, capture["request_values"])}
    if asked & {"if-none-match", "if-modified-since"}:
        return False
    received = {
        name.lower(): value
        for name, value in headers_from_parts(capture["header_pattern"], capture["header_values"])
    }
    return all(received.get(name) == value for name, value in kept.items())


def _events(connection: Connection, source: str, on: dt.date) -> Mapping[int, _Days]:
    """By page the event that it names, as it was last said to be held, nearest to the day."""
    found: dict[int, list[_Days]] = {}
    for event, days in _windows(connection, on):
        for page in connection.numbers(
            "SELECT DISTINCT r.page_id FROM facts f JOIN known k ON k.id = f.known_id "
            "JOIN revisions r ON r.id = k.revision_id JOIN pages p ON p.id = r.page_id "
            "JOIN sources s ON s.id = p.source_id WHERE f.event = ? AND s.name = ?",
            (event, source),
        ):
            found.setdefault(page, []).append(days)
    return {page: min(events, key=lambda days: _distance(days, on)) for page, events in found.items()}


def _windows(connection: Connection, on: dt.date) -> Sequence[tuple[str, _Days]]:
    """The events that are not long over on that day, with the first and last day last said of them."""
    windows = []
    for row in connection.each(
        # SQLite takes the other columns from the row that has the maximum.
        "SELECT f.event, f.value, max(k.said_key || k.known_at) FROM facts f "
        "JOIN known k ON k.id = f.known_id "
        "WHERE f.attribute = 'window' AND json_extract(f.value, '$.end') IS NOT NULL "
        "AND k.believed_until = '99999' GROUP BY f.event "
        "HAVING json_extract(f.value, '$.end') >= ?",
        (date_to_text(on - _EVENT_LASTS),),
    ):
        value = json.loads(row["value"])
        first, last = dt.date.fromisoformat(value["start"]), dt.date.fromisoformat(value["end"])
        if last - first <= _EVENT_LONGEST:
            windows.append((row["event"], (first, last)))
    return windows


def _distance(days: _Days, on: dt.date) -> tuple[int, _Days]:
    return max(0, (days[0] - on).days, (on - days[1]).days), days
