"""Slots: which job was due when, and what became of it; the truth that a daemon leaves to the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from storage.part import Part
from storage.rows import time_from_text, time_to_text, words_to_json

if TYPE_CHECKING:
    import sqlite3

__all__ = ["Slot", "SlotState", "Slots"]


class SlotState(StrEnum):
    """What has become of a slot; the last three are final."""

    DUE = "due"
    RUNNING = "running"
    RAN = "ran"
    MISSED = "missed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A time at which a job was due. Times are aware UTC; None: that did not happen.

    A slot is told from others by job, era and `due`. The era counts how often the clock was set back by
    so much that the job's times came again. `tries` counts how often it was begun, but for what was no try of
    its own, `reason` says in one line why it was missed, failed, or has to be tried again.
    """

    id: int
    job: str
    era: int
    due: dt.datetime
    state: SlotState
    planned: dt.datetime
    started: dt.datetime | None = None
    ended: dt.datetime | None = None
    tries: int = 0
    pid: int | None = None
    reason: str | None = None


class Slots(Part):
    """What was due, what runs, what ran and what was missed; only the daemon writes here."""

    def plan_slots(self, job: str, era: int, due: Sequence[dt.datetime], now: dt.datetime) -> int:
        """Notes the times at which a job came to be due, oldest first: the last is due, the others missed.

        A slot of the job that still waited becomes missed, as the new one stands for it. What is noted
        already stays as it is. How many were missed.
        """
        if not due:
            return 0
        missed = SlotState.MISSED
        with self._connection.unit():
            waited = self._connection.run(
                "UPDATE slots SET state = ?, ended_at = ?, reason = ifnull(reason, 'the next one came') "
                "WHERE job = ? AND state = ?",
                (missed, time_to_text(now), job, SlotState.DUE),
            ).rowcount
            self._connection.many(
                "INSERT INTO slots (job, era, due_at, state, planned_at, ended_at, reason) "
                "VALUES (?, ?, ?, ?, ?, ?, 'nobody was there') ON CONFLICT DO NOTHING",
                [
                    (job, era, time_to_text(at), missed, time_to_text(now), time_to_text(now))
                    for at in due[:-1]
                ],
            )
            self._connection.run(
                "INSERT INTO slots (job, era, due_at, state, planned_at) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT DO NOTHING",
                (job, era, time_to_text(due[-1]), SlotState.DUE, time_to_text(now)),
            )
        return waited + len(due) - 1

    def skip_slot(self, job: str, due: dt.datetime, reason: str, now: dt.datetime) -> None:
        """Notes a time that is passed over on purpose, so that what comes after it is counted from there."""
        with self._connection.unit():
            self._connection.run(
                "INSERT INTO slots (job, era, due_at, state, planned_at, ended_at, reason) "
                "VALUES (?, 0, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (job, time_to_text(due), SlotState.MISSED, time_to_text(now), time_to_text(now), reason),
            )

    def begin_slots(self, slots: Iterable[int], now: dt.datetime, pid: int | None) -> None:
        """Notes that these slots run, in the process `pid`."""
        with self._connection.unit():
            self._connection.many(
                "UPDATE slots SET state = ?, started_at = ?, tries = tries + 1, pid = ?, reason = NULL "
                "WHERE id = ?",
                [(SlotState.RUNNING, time_to_text(now), pid, slot) for slot in slots],
            )

    def end_slot(self, slot: int, now: dt.datetime, state: SlotState, reason: str | None = None) -> None:
        """Notes what became of a slot."""
        with self._connection.unit():
            self._connection.run(
                "UPDATE slots SET state = ?, ended_at = ?, pid = NULL, reason = ? WHERE id = ?",
                (state, time_to_text(now), reason, slot),
            )

    def put_back(self, slot: int, reason: str, *, counted: bool = True) -> None:
        """Makes a slot that ran due again; not `counted`: this was no try of its own."""
        with self._connection.unit():
            self._connection.run(
                "UPDATE slots SET state = ?, pid = NULL, reason = ?, tries = tries - ? WHERE id = ?",
                (SlotState.DUE, reason, 0 if counted else 1, slot),
            )

    def open_slots(self) -> tuple[Slot, ...]:
        """Slots that are due or run, the longest due first."""
        return tuple(
            _slot(row)
            for row in self._connection.rows(
                "SELECT * FROM slots WHERE state IN ('due', 'running') ORDER BY due_at, id"
            )
        )

    def newest_slot(self, job: str, states: Iterable[SlotState] = ()) -> Slot | None:
        """The job's last slot (in one of the states, where some are given); None: there is none."""
        row = self._connection.one(
            "SELECT * FROM slots WHERE job = :job AND (:states IS NULL OR state IN "
            "(SELECT value FROM json_each(:states))) ORDER BY era DESC, due_at DESC LIMIT 1",
            {"job": job, "states": words_to_json(states)},
        )
        return None if row is None else _slot(row)

    def slots(self, since: dt.datetime | None = None, job: str | None = None) -> tuple[Slot, ...]:
        """All slots (of the job) due from `since` on, in the order of era and time."""
        return tuple(
            _slot(row)
            for row in self._connection.rows(
                "SELECT * FROM slots WHERE due_at >= ?1 AND (?2 IS NULL OR job = ?2) "
                "ORDER BY era, due_at, job",
                (time_to_text(since) if since else "", job),
            )
        )

    def slot_counts(self) -> Mapping[tuple[str, SlotState], int]:
        """How many slots there are, by job and state."""
        return {
            (row["job"], SlotState(row["state"])): row["slots"]
            for row in self._connection.rows(
                "SELECT job, state, count(*) AS slots FROM slots GROUP BY job, state"
            )
        }


def _slot(row: sqlite3.Row) -> Slot:
    return Slot(
        id=row["id"],
        job=row["job"],
        era=row["era"],
        due=dt.datetime.fromisoformat(row["due_at"]),
        state=SlotState(row["state"]),
        planned=dt.datetime.fromisoformat(row["planned_at"]),
        started=time_from_text(row["started_at"]),
        ended=time_from_text(row["ended_at"]),
        tries=row["tries"],
        pid=row["pid"],
        reason=row["reason"],
    )
