"""What sites asked of their visitors: robots.txt as it was read, and until when to leave a host alone."""

from __future__ import annotations

import datetime as dt

from diffing.model import Manner, Rest, RobotsCopy
from storage.part import Part
from storage.rows import time_to_text

__all__ = ["SiteManners"]


class SiteManners(Part):
    """The newest of each: a copy an origin, a rest a host."""

    def manners(self) -> tuple[Manner, ...]:
        """All that was asked, old or over as it may be, by origin and host."""
        copies = self._connection.rows("SELECT * FROM robots ORDER BY origin")
        rests = self._connection.rows("SELECT * FROM rests ORDER BY host")
        return (
            *(
                RobotsCopy(
                    origin=row["origin"],
                    fetched_at=dt.datetime.fromisoformat(row["fetched_at"]),
                    status=row["status"],
                    body=row["body"],
                )
                for row in copies
            ),
            *(Rest(host=row["host"], until=dt.datetime.fromisoformat(row["until"])) for row in rests),
        )

    def record_manner(self, manner: Manner) -> None:
        """Keeps what a site asks; it takes the place of what it had asked before."""
        with self._connection.unit():
            match manner:
                case RobotsCopy():
                    self._connection.run(
                        "INSERT INTO robots (origin, fetched_at, status, body) VALUES (?, ?, ?, ?) "
                        "ON CONFLICT (origin) DO UPDATE SET fetched_at = excluded.fetched_at, "
                        "status = excluded.status, body = excluded.body",
                        (manner.origin, time_to_text(manner.fetched_at), manner.status, manner.body),
                    )
                case Rest():
                    self._connection.run(
                        "INSERT INTO rests (host, until) VALUES (?, ?) "
                        "ON CONFLICT (host) DO UPDATE SET until = excluded.until",
                        (manner.host, time_to_text(manner.until)),
                    )
