"""Digests as they were made: each accounts for the changes recorded since the one before it."""

from __future__ import annotations

import datetime as dt
import functools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diffing.digest import Period
from diffing.model import (
    Attribute,
    FactValue,
    JsonValue,
    RecordedChange,
    Status,
    value_from_json,
    value_to_json,
)
from storage.part import Part
from storage.rows import change_from_row, json_text, time_from_text, time_to_text
from storage.seals import Subject, seal

if TYPE_CHECKING:
    import sqlite3

    from cattrs.preconf.json import JsonConverter

__all__ = ["Digests", "KeptDigest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDigest:
    """The account of a kept digest: it tells the changes numbered (`after`, `last`], up to `until`.

    `place` counts the kept digests from 1, in the order in which they were made.
    """

    day: dt.date
    place: int
    until: dt.datetime
    after: int
    last: int
    recorded: dt.datetime
    head: str | None


class Digests(Part):
    """What was told on which day, as it was known then.

    The account is by the changes' numbers, which grow in the order of recording: a clock that jumps, or a
    visit that was understood late, can neither hide a change from all digests nor put it into two.
    """

    def keep_digest(self, period: Period, after: int, last: int, now: dt.datetime) -> bool:
        """Keeps what the digest of `period.day` is made of; False: that day has one, which stays.

        It tells the changes numbered (after, last]. Raises ValueError on a period without a day, or one
        that does not begin where the last kept one ended.
        """
        if period.day is None:
            raise ValueError("Only the digest of a day can be kept; give the period its day")
        with self._connection.unit():
            if self._digest_row(period.day) is not None:
                return False
            newest = self.newest_digest()
            told = newest.last if newest else 0
            if after != told or last < after:
                raise ValueError(f"The next digest tells the changes after {told}, not ({after}, {last}]")
            self._connection.run(
                "INSERT INTO digests (day, body, recorded_at, head, place, after_change, last_change, "
                "until_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    period.day.isoformat(), json_text(_converter().unstructure(period)), time_to_text(now),
                    period.head, newest.place + 1 if newest else 1, after, last, time_to_text(period.until),
                ),
            )  # fmt: skip
            seal(self._connection, Subject.DIGEST, int(f"{period.day:%Y%m%d}"))
        return True

    def kept_period(self, day: dt.date) -> Period | None:
        """What the digest of that day was made of, as it was kept; None: none was."""
        row = self._digest_row(day)
        return None if row is None else _converter().structure(json.loads(row["body"]), Period)

    def newest_digest(self) -> KeptDigest | None:
        """The account of the digest that was kept last; None: none was."""
        found = self.kept_digests(1)
        return found[0] if found else None

    def kept_digests(self, limit: int | None = None) -> tuple[KeptDigest, ...]:
        """The accounts of the kept digests, the last made first."""
        rows = self._connection.rows(
            "SELECT day, place, until_at, after_change, last_change, recorded_at, head FROM digests "
            "ORDER BY place DESC LIMIT ?",
            (-1 if limit is None else limit,),
        )
        return tuple(
            KeptDigest(
                day=dt.date.fromisoformat(row["day"]),
                place=row["place"],
                until=dt.datetime.fromisoformat(row["until_at"]),
                after=row["after_change"],
                last=row["last_change"],
                recorded=dt.datetime.fromisoformat(row["recorded_at"]),
                head=row["head"],
            )
            for row in rows
        )

    def newest_change(self) -> int:
        """The number of the change that was recorded last; 0: none was."""
        return int(self._connection.value("SELECT ifnull(max(id), 0) FROM changes"))

    def first_visit(self) -> dt.datetime | None:
        """When the first visit was made, whatever came of it; None: none was."""
        return time_from_text(self._connection.value("SELECT min(fetched_at) FROM captures"))

    def changes_between(self, after: int, last: int) -> tuple[RecordedChange, ...]:
        """The changes numbered (after, last], newest first."""
        rows = self._connection.rows(
            "SELECT * FROM v_changes WHERE id > ? AND id <= ? ORDER BY id DESC", (after, last)
        )
        return tuple(change_from_row(row) for row in rows)

    def _digest_row(self, day: dt.date) -> sqlite3.Row | None:
        return self._connection.one("SELECT * FROM digests WHERE day = ?", (day.isoformat(),))


@functools.cache
def _converter() -> JsonConverter:
    # Imported only where a digest is kept or asked for.
    from cattrs.preconf.json import make_converter

    converter = make_converter()
    for union in (FactValue, FactValue | None):

        def concerned(kind: object, union: object = union) -> bool:
            return kind == union

        converter.register_unstructure_hook_func(concerned, _value_to_tagged)
        converter.register_structure_hook_func(concerned, _value_from_tagged)
    return converter


def _value_to_tagged(value: FactValue | None) -> JsonValue:
    """A fact's value beside the name of its type, for a status and a word look alike in JSON."""
    return None if value is None else {type(value).__name__: value_to_json(value)}


def _value_from_tagged(data: dict[str, JsonValue] | None, _: object) -> FactValue | None:
    """The inverse of `_value_to_tagged`."""
    if data is None:
        return None
    ((name, value),) = data.items()
    return value_from_json(Attribute.STATUS if name == Status.__name__ else None, value)
