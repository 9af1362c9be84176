"""What is told after a crawl and at the digest's hour: alerts, the digest of the day, what still waits."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from monitor.delivery import Delivered, deliver, queue_alerts, queue_digest
from monitor.digests import close_day
from monitor.readers import names_to_tell_by, reader_of

if TYPE_CHECKING:
    from monitor.config import Config
    from storage.archive import Archive

__all__ = ["tell"]


def tell(archive: Archive, config: Config, now: dt.datetime, day: dt.date | None = None) -> Delivered:
    """Closes the local day where one is given, and sends its digest, new alerts, and what waits.

    Done again it changes nothing, and sends nothing twice. The archive is open for writing beside runs.
    Raises InvalidConfig where a file of the configuration cannot be written.
    """
    if day is not None:
        close_day(archive, day, config.timezone, now)
        queue_digest(archive, day, config.notify, now)
    queue_alerts(archive, config.notify, now)
    gazetteer = names_to_tell_by(config.gazetteer)
    delivered = deliver(archive, config.notify, now, gazetteer=gazetteer)
    if config.atom_file:
        from monitor.feed import write_feed

        write_feed(archive, config.atom_file, reader_of(config.language, config.web, gazetteer), now)
    if config.metrics_file:
        from monitor.metrics import write_metrics

        write_metrics(archive, config.metrics_file, now)
    return delivered
