"""What is told after a crawl and at the digest's hour: alerts, the digest of the day, what still waits."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from diffing.model import TroubleKind
from monitor.delivery import ATOM_FILE, METRICS_FILE, Delivered, deliver, queue_alerts, queue_digest
from monitor.digests import close_day
from monitor.errors import InvalidConfig
from monitor.readers import names_to_tell_by, reader_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.config import Config
    from storage.archive import Archive

__all__ = ["keep_metrics", "tell"]


def tell(
    archive: Archive,
    config: Config,
    now: dt.datetime,
    day: dt.date | None = None,
    warn: Callable[[str], None] = lambda _reason: None,
) -> Delivered:
    """Closes the local day where one is given, and sends its digest, new alerts, and what waits.

    Done again it changes nothing, and sends nothing twice. The archive is open for writing beside runs.
    A file of the configuration that cannot be written is a trouble like a channel that takes nothing, and
    `warn` is told why; the rest goes on.
    """
    if day is not None:
        close_day(archive, day, config.timezone, now)
        queue_digest(archive, day, config.notify, now)
    queue_alerts(archive, config.notify, now)
    gazetteer = names_to_tell_by(config.gazetteer)
    delivered = deliver(archive, config.notify, now, gazetteer=gazetteer)
    if (feed := config.atom_file) is not None:
        from monitor.feed import write_feed

        reader = reader_of(config.language, config.web, gazetteer)
        _keep(archive, ATOM_FILE, lambda: write_feed(archive, feed, reader, now), now, warn)
    keep_metrics(archive, config, now, warn)
    return delivered


def keep_metrics(archive: Archive, config: Config, now: dt.datetime, warn: Callable[[str], None]) -> None:
    """Writes the numbers for Prometheus where the configuration has a file for them, as `tell` does."""
    if (file := config.metrics_file) is not None:
        from monitor.metrics import write_metrics

        _keep(archive, METRICS_FILE, lambda: write_metrics(archive, file, now), now, warn)


def _keep(
    archive: Archive, key: str, write: Callable[[], object], now: dt.datetime, warn: Callable[[str], None]
) -> None:
    """Writes a file; that it cannot be is a trouble which goes on until it can."""
    try:
        write()
    except InvalidConfig as fault:
        warn(str(fault))
        archive.begin_trouble(key, TroubleKind.UNSENT, str(fault), now)
        return
    for trouble in archive.troubles(open_only=True):
        if (trouble.kind, trouble.source) == (TroubleKind.UNSENT, key):
            archive.end_trouble(trouble.id, now)
