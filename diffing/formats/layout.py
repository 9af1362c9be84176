"""What all formats of the digest share: its lines in words, and how much it shows before it counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from diffing.changes import shift_days
from diffing.digest import Digest, PageCard
from diffing.model import Attribute, ChangeKind, Outcome, RecordedChange, SourceCoverage, Status, Window
from diffing.wording import day_in_words, deed, headline, plain, shift_in_words, value_in_words

__all__ = [
    "NEW_PAGES_SHOWN",
    "STATEMENTS_SHOWN",
    "confirmation",
    "counted",
    "coverage_line",
    "dismissed_line",
    "in_all",
    "more",
    "page_heading",
    "period",
    "quiet_line",
    "said",
    "shows_old",
    "told",
]

# A digest is read in two minutes: beyond these it says how many more there are. Every record stays
# one `cstowatch changes` away. Set by reading the demo's digests, not by measurement.
NEW_PAGES_SHOWN = 20
STATEMENTS_SHOWN = 3

_OF_COURSE = frozenset({ChangeKind.STARTED, ChangeKind.COMPLETED})

_NOTED = (Outcome.NEW, Outcome.CHANGED, Outcome.GONE, Outcome.REJECTED, Outcome.FAILED)


def period(digest: Digest) -> str:
    """The day of a kept digest, else the period in words: one day, or from the first to the last of it."""
    last = (digest.until - dt.timedelta(microseconds=1)).date()
    if digest.period.day or digest.since.date() == last:
        return day_in_words(digest.period.day or last)
    return f"{day_in_words(digest.since.date())} to {day_in_words(last)}"


def coverage_line(source: SourceCoverage) -> str:
    """One source: how often it was looked at and what came of it."""
    found = [
        f"{source.outcomes[outcome]} {outcome.value}" for outcome in _NOTED if source.outcomes.get(outcome)
    ]
    line = f"{plain(source.source)}: {counted(source.pages, 'page')}"
    if found:
        line += f" ({', '.join(found)})"
    if source.reason:
        since = (
            f", last answer {source.last_success:%Y-%m-%d %H:%MZ}"
            if source.last_success
            else ", never answered"
        )
        line += f"; NOT TO BE TRUSTED: {plain(source.reason)}{since}"
    return line


def quiet_line(digest: Digest) -> str:
    """What to say where nothing changed: that it is so, or that nobody could look."""
    unreached = len(digest.unreached)
    if not unreached:
        return "Nothing new."
    if unreached == len(digest.coverage):
        return "Nothing can be said: no source could be looked at."
    return f"Nothing new on the sources that answered; {counted(unreached, 'source')} did not."


def in_all(recorded: RecordedChange, digest: Digest) -> str | None:
    """How far a window is from the one first announced, with when that was said; None: nowhere else."""
    change = recorded.change
    windows = digest.period.windows.get(change.event or "")
    first = windows[0] if windows else None
    if first is None or not isinstance(change.new, Window) or not isinstance(first.fact.value, Window):
        return None
    days = shift_days(first.fact.value, change.new)
    if days == 0 or first.fact.value == change.old:
        return None
    window = value_in_words(Attribute.WINDOW, first.fact.value)
    said_on = first.statement.said_on
    when = f", said {day_in_words(said_on)}" if said_on else ""
    return f"in all {shift_in_words(days)} than first announced ({window}{when})"


def told(recorded: RecordedChange) -> tuple[str, ...]:
    """What happened, in one line or two: the second holds both values and when the old one was said."""
    change = recorded.change
    if change.old is None or not change.reason or isinstance(change.new, Status):
        return (headline(change),)
    return (deed(change), plain(change.reason))


def shows_old(recorded: RecordedChange) -> bool:
    """Whether the old quotation tells something: the January plan is no news of a training that began."""
    return bool(recorded.change.old_statements) and recorded.change.kind not in _OF_COURSE


def said(recorded: RecordedChange) -> str:
    """Who said it and when, in brackets."""
    parts = [recorded.source or "", day_in_words(recorded.published) if recorded.published else "undated"]
    return f"({', '.join(plain(part) for part in parts if part)})"


def confirmation(recorded: RecordedChange) -> str:
    """What an editor who confirmed the change says of it, to stand behind it; empty: nobody did."""
    note = recorded.note
    return f" [confirmed on {day_in_words(note.noted.date())}: {plain(note.why)}]" if note else ""


def dismissed_line(digest: Digest) -> str | None:
    """How many changes are not told because an editor dismissed them; None: none."""
    return f"{counted(digest.dismissed, 'change')} dismissed by an editor" if digest.dismissed else None


def page_heading(card: PageCard) -> str:
    """A page's title, source and date; an edit that left the printed date alone is called silent."""
    title = plain(card.title) if card.title else plain(card.url)
    parts = [card.source or "", day_in_words(card.published) if card.published else "undated"]
    silent = ", SILENT EDIT: the printed date did not change" if card.silent else ""
    return f"{title} ({', '.join(part for part in parts if part)}{silent})"


def counted(count: int, noun: str) -> str:
    """The count with its noun: one page, 2 pages."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def more(indent: str, count: int, noun: str) -> Iterator[str]:
    """The line that counts what is not shown; none where everything is."""
    if count > 0:
        yield f"{indent}… and {counted(count, f'more {noun}')}"
