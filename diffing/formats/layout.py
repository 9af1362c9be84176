"""What all formats of the digest share: its lines in words, and how much it shows before it counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from diffing.digest import Digest, PageCard
from diffing.model import Outcome, RecordedChange, SourceCoverage
from diffing.wording import day_in_words, plain

__all__ = [
    "NEW_PAGES_SHOWN",
    "STATEMENTS_SHOWN",
    "coverage_line",
    "more",
    "page_heading",
    "period",
    "said",
]

# A digest is read in two minutes: beyond these it says how many more there are. Every record stays
# one `cstowatch changes` away. Set by reading the demo's digests, not by measurement.
NEW_PAGES_SHOWN = 20
STATEMENTS_SHOWN = 3

_NOTED = (Outcome.NEW, Outcome.CHANGED, Outcome.GONE, Outcome.REJECTED, Outcome.FAILED)


def period(digest: Digest) -> str:
    """The period in words: one day, or from the first to the last day of it."""
    first = digest.since.date()
    last = (digest.until - dt.timedelta(microseconds=1)).date()
    if digest.until - digest.since <= dt.timedelta(hours=25):
        # A local day begins on the UTC day before where the zone is east of Greenwich.
        return day_in_words((digest.since + (digest.until - digest.since) / 2).date())
    return f"{day_in_words(first)} to {day_in_words(last)}"


def coverage_line(source: SourceCoverage) -> str:
    """One source: how often it was looked at and what came of it."""
    found = [
        f"{source.outcomes[outcome]} {outcome.value}" for outcome in _NOTED if source.outcomes.get(outcome)
    ]
    line = (
        f"{plain(source.source)}: {source.pages} page{'' if source.pages == 1 else 's'}, {source.looks} looks"
    )
    if found:
        line += f" ({', '.join(found)})"
    if source.reason:
        since = (
            f", last answer {source.last_success:%Y-%m-%d %H:%MZ}"
            if source.last_success
            else ", never answered"
        )
        line += f"; NOT REACHED: {plain(source.reason)}{since}"
    return line


def said(recorded: RecordedChange) -> str:
    """Who said it and when, in brackets."""
    parts = [recorded.source or "", day_in_words(recorded.published) if recorded.published else "undated"]
    return f"({', '.join(plain(part) for part in parts if part)})"


def page_heading(card: PageCard) -> str:
    """A page's title, source and date; an edit that left the printed date alone is called silent."""
    title = plain(card.title) if card.title else plain(card.url)
    parts = [card.source or "", day_in_words(card.published) if card.published else "undated"]
    silent = ", SILENT EDIT: the printed date did not change" if card.silent else ""
    return f"{title} ({', '.join(part for part in parts if part)}{silent})"


def more(indent: str, count: int, noun: str) -> Iterator[str]:
    """The line that counts what is not shown; none where everything is."""
    if count > 0:
        yield f"{indent}… and {count} more {noun}{'s' if count > 1 else ''}"
