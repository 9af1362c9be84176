"""`cstowatch captures`: which looks at a page found what, and when nobody looked."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from diffing.model import JsonValue
from monitor.errors import InvalidInput
from monitor.session import Session, pass_session
from monitor.tables import format_option, print_records

if TYPE_CHECKING:
    from storage.records import Look

__all__ = ["captures"]

# Stands where an outcome would, for the time from the last look to the end of the period.
NOBODY_LOOKED = "nobody_looked"

_COLUMNS = ("at", "outcome", "status", "revision", "hours_unwatched", "reason")


@click.command(short_help="Every look at a page: what it found, and when nobody looked.")
@click.argument("url")
@click.option("--since", help="From this time on: 2025-09-11, 2025-09-11T06:00Z, yesterday, 7d.")
@click.option("--until", help="Up to this time; a day counts whole. Default: now.")
@format_option
@pass_session
def captures(session: Session, url: str, since: str | None, until: str | None, fmt: str | None) -> None:
    """Lists every visit to the page, oldest first, with what it found and for how long nobody had looked.

    So it can be shown that a page was not changed on a day: a look before and a look after found it
    unchanged; and that nobody can say, where nobody looked. A last row without a number says for how long
    nobody has looked at the end of the period.

    \b
    Example:
      cstowatch captures https://en.odkb-csto.org/news/news_odkb/some-page/ --since 30d
    """
    from crawler.urls import canonical
    from monitor.names import near_page
    from monitor.times import end_of, start_of

    zone = session.config.timezone
    start = start_of(since, session.now, zone) if since else None
    end = end_of(until, session.now, zone) if until else session.now
    if start and end <= start:
        raise InvalidInput("The period ends before it begins; swap --since and --until.")
    with session.read_archive() as archive:
        page = archive.resolve_url(canonical(url))
        if page is None:
            raise InvalidInput(f"No page {url} was ever looked at; {near_page(url, archive.urls())}")
        looks = archive.looks(page, start, end)
        last = archive.last_look(page, end)
    records = [_record(look, start) for look in looks]
    if (last or start) and (last is None or last < end):
        records.append(_unwatched(last, start, end))
    print_records(session, records, _COLUMNS, fmt)
    session.say(_summary(page, looks, last))


def _record(look: Look, start: dt.datetime | None) -> dict[str, JsonValue]:
    from diffing.formats.records import stamp

    return {
        "capture": look.capture,
        "at": stamp(look.at),
        "outcome": look.outcome.value if look.outcome else None,
        "status": look.status,
        "revision": look.revision,
        "unwatched_since": stamp(look.previous) if look.previous else None,
        "hours_unwatched": _hours(look.previous or start, look.at),
        "sha256": look.sha256,
        "bytes": look.size,
        "reason": look.reason,
    }


def _unwatched(last: dt.datetime | None, start: dt.datetime | None, end: dt.datetime) -> dict[str, JsonValue]:
    """The time from the last look to the end of the period, in which nobody looked."""
    from diffing.formats.records import stamp

    return {
        "capture": None,
        "at": stamp(end),
        "outcome": NOBODY_LOOKED,
        "status": None,
        "revision": None,
        "unwatched_since": stamp(last) if last else None,
        "hours_unwatched": _hours(last or start, end),
        "sha256": None,
        "bytes": None,
        "reason": None,
    }


def _hours(since: dt.datetime | None, until: dt.datetime) -> float | None:
    return None if since is None else round((until - since) / dt.timedelta(hours=1), 2)


def _summary(page: str, looks: Sequence[Look], last: dt.datetime | None) -> str:
    """How often it was looked at, what was found, and the longest time between two looks."""
    if not looks:
        ever = f"; the last look was at {last:%Y-%m-%d %H:%MZ}" if last else ", ever"
        return f"Nobody looked at {page}{ever}."
    found = Counter(look.outcome.value if look.outcome else "not yet understood" for look in looks)
    line = f"{len(looks)} look{'s' if len(looks) > 1 else ''}: " + ", ".join(
        f"{count} {name}" for name, count in sorted(found.items())
    )
    between = [(look.at - look.previous, look) for look in looks if look.previous]
    if not between:
        return line + "."
    longest, look = max(between, key=lambda pair: (pair[0], pair[1].at))
    return (
        f"{line}; nobody looked for up to {longest / dt.timedelta(hours=1):,.1f} hours, "
        f"from {look.previous:%Y-%m-%d %H:%MZ} to {look.at:%Y-%m-%d %H:%MZ}."
    )
