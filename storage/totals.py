"""How often what happened since the archive began, for counters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from storage.part import Part

__all__ = ["Counted", "Totals"]

Pairs: TypeAlias = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Runs by command and `finished` or `unfinished` (it runs, or was cut short), visits by outcome.

    Changes are counted by kind and significance, messages by channel and state.
    """

    runs: Pairs
    visits: Mapping[str, int]
    changes: Pairs
    deliveries: Pairs


class Totals(Part):
    """Sums over whole tables that are read often: none of them grows with the number of visits."""

    def totals(self) -> Counted:
        """All of them. Visits are counted by the runs that came to their end."""
        return Counted(
            runs=self._pairs(
                "SELECT command, CASE WHEN ended_at IS NULL THEN 'unfinished' ELSE 'finished' END, count(*) "
                "FROM runs GROUP BY 1, 2"
            ),
            visits={
                row[0]: int(row[1])
                for row in self._connection.rows(
                    "SELECT o.key, sum(o.value) FROM runs r, json_each(r.outcomes) o "
                    "GROUP BY o.key ORDER BY 1"
                )
            },
            changes=self._pairs("SELECT kind, significance, count(*) FROM changes GROUP BY 1, 2"),
            deliveries=self._pairs("SELECT channel, state, count(*) FROM deliveries GROUP BY 1, 2"),
        )

    def _pairs(self, sql: str) -> Pairs:
        return {(row[0], row[1]): row[2] for row in self._connection.rows(f"{sql} ORDER BY 1, 2")}
