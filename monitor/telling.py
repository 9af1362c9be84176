"""What is told after a crawl and at the digest's hour: alerts, the digest of the day, what still waits."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from monitor.digests import close_day

if TYPE_CHECKING:
    from monitor.config import Config
    from storage.archive import Archive

__all__ = ["tell"]


def tell(archive: Archive, config: Config, now: dt.datetime, day: dt.date | None = None) -> None:
    """Closes the local day where one is given, and sends its digest, new alerts, and what waits.

    Done again it changes nothing, and sends nothing twice. The archive is open for writing beside runs.
    """
    if day is not None:
        close_day(archive, day, config.timezone, now)
