"""What channels are told: queued once, noted before it is sent and after, tried again when it failed."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from diffing.model import RecordedChange, Significance
from storage.errors import ArchiveError
from storage.part import Part
from storage.records import Delivery, DeliveryState, MetChannel
from storage.rows import change_from_row, json_text, strings_from_json, time_from_text, time_to_text

__all__ = ["Deliveries"]

_OPEN = (DeliveryState.WAITING, DeliveryState.SENDING)


class Deliveries(Part):
    """The messages of every channel, each subject once; and since when each channel is told anything."""

    def meet_channels(self, names: Collection[str], now: dt.datetime) -> Mapping[str, MetChannel]:
        """The channels with when they were first met; a new one starts here, with the newest change seen."""
        known = self._met(names)
        if set(names) <= set(known):
            return known
        with self._connection.unit():
            self._connection.many(
                "INSERT INTO channels (name, since, change_id) "
                "VALUES (?, ?, (SELECT ifnull(max(id), 0) FROM changes)) ON CONFLICT (name) DO NOTHING",
                [(name, time_to_text(now)) for name in names if name not in known],
            )
        return self._met(names)

    def queue_messages(
        self, channel: str, subjects: Iterable[str], now: dt.datetime, seen: int | None = None
    ) -> int:
        """Queues what the channel is to be told, each subject once; how many were new.

        `seen` is the number of the newest change that was looked at for it: kept in the same transaction.
        """
        at = time_to_text(now)
        with self._connection.unit():
            added = sum(
                self._connection.run(
                    "INSERT INTO deliveries (channel, subject, state, queued_at, next_try) "
                    "VALUES (?, ?, ?, ?, ?) ON CONFLICT (channel, subject) DO NOTHING",
                    (channel, subject, DeliveryState.WAITING, at, at),
                ).rowcount
                for subject in subjects
            )
            if seen is not None:
                self._connection.run(
                    "UPDATE channels SET change_id = max(change_id, ?) WHERE name = ?", (seen, channel)
                )
        return added

    def open_deliveries(self, channel: str) -> tuple[Delivery, ...]:
        """What the channel is still to be told, oldest first."""
        return self._deliveries("channel = ? AND state IN (?, ?)", (channel, *_OPEN))

    def deliveries(self, channel: str | None = None, limit: int = 100) -> tuple[Delivery, ...]:
        """The newest messages of the channel, or of all, newest first."""
        where, values = ("channel = ?", (channel,)) if channel else ("1", ())
        rows = self._connection.rows(
            f"SELECT * FROM deliveries WHERE {where} ORDER BY id DESC LIMIT ?",  # noqa: S608 - constants above
            (*values, limit),
        )
        return tuple(_delivery(row) for row in rows)

    def delivery(self, channel: str, subject: str) -> Delivery | None:
        """What became of the channel's message on the subject; None: none was queued."""
        return next(iter(self._deliveries("channel = ? AND subject = ?", (channel, subject))), None)

    def last_sent(self, channel: str) -> dt.datetime | None:
        """When the channel last took a message; None: it never did."""
        return time_from_text(
            self._connection.value("SELECT max(sent_at) FROM deliveries WHERE channel = ?", (channel,))
        )

    def note_sending(self, numbers: Sequence[int]) -> None:
        """Notes that these are about to be sent: what is found so later was cut short in between."""
        with self._connection.unit():
            self._connection.many(
                "UPDATE deliveries SET state = ?, tries = tries + 1 WHERE id = ?",
                [(DeliveryState.SENDING, number) for number in numbers],
            )

    def note_sent(self, numbers: Sequence[int], now: dt.datetime) -> None:
        """Notes that the channel took these."""
        self._note_state(numbers, DeliveryState.SENT, sent=now)

    def note_dropped(self, numbers: Sequence[int]) -> None:
        """Notes that there is nothing left to tell of these."""
        self._note_state(numbers, DeliveryState.DROPPED)

    def note_failed(
        self,
        numbers: Sequence[int],
        error: str,
        next_try: dt.datetime | None,
        remaining: Collection[str] = (),
    ) -> None:
        """Notes that these did not go; they are tried again at `next_try`, or never more where it is None.

        `remaining` are the recipients that are still to be reached where others took it; empty: all.
        """
        state = DeliveryState.WAITING if next_try else DeliveryState.GIVEN_UP
        self._note_state(numbers, state, error=error, next_try=next_try, remaining=remaining)

    def put_off(self, numbers: Sequence[int], until: dt.datetime) -> None:
        """Lets these wait at least until then, without having tried."""
        with self._connection.unit():
            self._connection.many(
                "UPDATE deliveries SET next_try = max(ifnull(next_try, ''), ?) WHERE id = ?",
                [(time_to_text(until), number) for number in numbers],
            )

    def changes_numbered(self, numbers: Collection[int]) -> tuple[RecordedChange, ...]:
        """The changes of these numbers, oldest first."""
        rows = self._connection.rows(
            "SELECT * FROM v_changes WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
            (json.dumps(sorted(numbers)),),
        )
        return tuple(change_from_row(row) for row in rows)

    def changes_after(
        self, number: int, since: dt.datetime, significances: Collection[Significance]
    ) -> tuple[RecordedChange, ...]:
        """The changes recorded after that number, oldest first, detected since then and of that weight."""
        rows = self._connection.rows(
            "SELECT * FROM v_changes WHERE id > ? AND detected >= ? "
            "AND significance IN (SELECT value FROM json_each(?)) ORDER BY id",
            (number, time_to_text(since), json_text([each.value for each in significances])),
        )
        return tuple(change_from_row(row) for row in rows)

    @contextmanager
    def sending(self, *, wait: bool) -> Iterator[bool]:
        """Held by the one process that sends; the kernel lets go of it when that one ends, however it ends.

        Whoever holds it knows that what is noted as being sent was cut short. False: another process
        is sending, and `wait` is not set.
        """
        path = self.path.with_name(self.path.name + "-sending")
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise ArchiveError(f"Cannot make the lock {path}: {error.strerror}") from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            os.close(file)
            yield False
            return
        except OSError as error:
            os.close(file)
            raise ArchiveError(f"Cannot lock {path}: {error.strerror}; use a local disk") from error
        try:
            yield True
        finally:
            os.close(file)

    def _met(self, names: Collection[str]) -> dict[str, MetChannel]:
        rows = self._connection.rows(
            "SELECT * FROM channels WHERE name IN (SELECT value FROM json_each(?))",
            (json_text(sorted(names)),),
        )
        return {
            row["name"]: MetChannel(since=dt.datetime.fromisoformat(row["since"]), change=row["change_id"])
            for row in rows
        }

    def _deliveries(self, where: str, values: Sequence[object]) -> tuple[Delivery, ...]:
        rows = self._connection.rows(
            f"SELECT * FROM deliveries WHERE {where} ORDER BY id",  # noqa: S608 - constants of this module
            values,
        )
        return tuple(_delivery(row) for row in rows)

    def _note_state(
        self,
        numbers: Sequence[int],
        state: DeliveryState,
        *,
        sent: dt.datetime | None = None,
        error: str | None = None,
        next_try: dt.datetime | None = None,
        remaining: Collection[str] = (),
    ) -> None:
        with self._connection.unit():
            self._connection.many(
                "UPDATE deliveries SET state = ?, sent_at = ?, error = ?, next_try = ?, remaining = ? "
                "WHERE id = ?",
                [
                    (
                        state,
                        time_to_text(sent) if sent else None,
                        error,
                        time_to_text(next_try) if next_try else None,
                        json_text(sorted(remaining)) if remaining else None,
                        number,
                    )
                    for number in numbers
                ],
            )


def _delivery(row: sqlite3.Row) -> Delivery:
    return Delivery(
        id=row["id"],
        channel=row["channel"],
        subject=row["subject"],
        state=DeliveryState(row["state"]),
        queued=dt.datetime.fromisoformat(row["queued_at"]),
        tries=row["tries"],
        next_try=time_from_text(row["next_try"]),
        sent=time_from_text(row["sent_at"]),
        error=row["error"],
        remaining=strings_from_json(row["remaining"]),
    )
