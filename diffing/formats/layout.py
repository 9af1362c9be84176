"""What all formats of the digest share: its lines in words."""

from __future__ import annotations

import datetime as dt

from diffing.changes import shift_days
from diffing.digest import Digest
from diffing.model import (
    Attribute,
    ChangeKind,
    KnownFact,
    Outcome,
    RecordedChange,
    SourceCoverage,
    Trouble,
    Window,
)
from diffing.vocabulary import ENGLISH, Vocabulary
from diffing.wording import (
    counted,
    day_in_words,
    moment_in_words,
    plain,
    shift_in_words,
    value_in_words,
)

__all__ = [
    "by_whom",
    "confirmation",
    "coverage_line",
    "covers",
    "dismissed_line",
    "in_all",
    "period",
    "quiet_line",
    "said_by",
    "shows_old",
    "trouble_line",
]

_OF_COURSE = frozenset({ChangeKind.STARTED, ChangeKind.COMPLETED})

_NOTED = (Outcome.NEW, Outcome.CHANGED, Outcome.GONE, Outcome.REJECTED, Outcome.FAILED)


def period(digest: Digest, words: Vocabulary = ENGLISH) -> str:
    """The day of a kept digest, else the period in words: one day, or from the first to the last of it."""
    last = (digest.until - dt.timedelta(microseconds=1)).date()
    if digest.period.day or digest.since.date() == last:
        return day_in_words(digest.period.day or last, words)
    return words.texts["period"].format(
        first=day_in_words(digest.since.date(), words), last=day_in_words(last, words)
    )


def covers(digest: Digest, words: Vocabulary = ENGLISH) -> str | None:
    """From when to when, where that is not from midnight to midnight; None: it is."""
    midnight = dt.time()
    if digest.since.time() == digest.until.time() == midnight and digest.period.day is None:
        return None
    return words.texts["covers"].format(
        since=moment_in_words(digest.since, words), until=moment_in_words(digest.until, words)
    )


def coverage_line(source: SourceCoverage, digest: Digest, words: Vocabulary = ENGLISH) -> str:
    """One source: how many pages were looked at and what became of each, so that the numbers add up."""
    counts = source.outcomes if source.found is None else source.found
    found = [
        words.texts["outcome"].format(count=counts[outcome], word=words.outcomes[outcome])
        for outcome in _NOTED
        if counts.get(outcome)
    ]
    line = f"{plain(source.source)}: {counted(source.pages, 'page', words)}"
    if found:
        line += f" ({', '.join(found)})"
    if source.reason:
        since = (
            words.texts["last answer"].format(moment=_moment(source.last_success, digest, words))
            if source.last_success
            else words.texts["never"]
        )
        line += f"; {words.texts['distrust'].format(reason=plain(source.reason))}, {since}"
    return line


def quiet_line(digest: Digest, words: Vocabulary = ENGLISH) -> str:
    """What to say where nothing changed: that it is so, or that nobody could look."""
    unreached = len(digest.unreached)
    if unreached == len(digest.coverage):
        return words.texts["blind"]
    if not unreached:
        return words.texts["quiet"]
    return words.texts["half blind"].format(sources=counted(unreached, "source", words))


def in_all(recorded: RecordedChange, digest: Digest, words: Vocabulary = ENGLISH) -> str | None:
    """How far a window is from the one first announced, with when that was said; None: nowhere else."""
    change = recorded.change
    windows = digest.period.windows.get(change.event or "")
    first = windows[0] if windows else None
    if change.contradicts or first is None:
        return None
    if not isinstance(change.new, Window) or not isinstance(first.fact.value, Window):
        return None
    days = shift_days(first.fact.value, change.new)
    if days == 0 or first.fact.value == change.old:
        return None
    return words.texts["in all"].format(
        shift=shift_in_words(days, words),
        window=value_in_words(Attribute.WINDOW, first.fact.value, words),
        said=f", {_said_on(first, words)}" if first.statement.said_on else "",
    )


def _said_on(known: KnownFact, words: Vocabulary) -> str:
    day = known.statement.said_on
    return words.texts["said"].format(day=day_in_words(day, words)) if day else ""


def shows_old(recorded: RecordedChange) -> bool:
    """Whether the old quotation tells something: the January plan is no news of a training that began."""
    return bool(recorded.change.old_statements) and recorded.change.kind not in _OF_COURSE


def by_whom(source: str | None, published: dt.date | None, words: Vocabulary = ENGLISH) -> str:
    """The source, and the date that its page prints."""
    day = day_in_words(published, words) if published else words.texts["undated"]
    return ", ".join(part for part in (plain(source or ""), day) if part)


def said_by(recorded: RecordedChange, digest: Digest, words: Vocabulary = ENGLISH) -> str:
    """The source with its page's date; of an edit that this date does not tell, when it was noticed."""
    seen = recorded.detected.astimezone(digest.until.tzinfo).date()
    page = recorded.published
    if recorded.from_revision is None or page is None or page >= seen:
        return by_whom(recorded.source, page, words)
    noticed = words.texts["noticed"].format(day=day_in_words(seen, words), page=day_in_words(page, words))
    return ", ".join(part for part in (plain(recorded.source or ""), noticed) if part)


def confirmation(recorded: RecordedChange, digest: Digest, words: Vocabulary = ENGLISH) -> str | None:
    """What an editor who confirmed the change says of it; None: nobody did."""
    note = recorded.note
    if note is None:
        return None
    day = day_in_words(note.noted.astimezone(digest.until.tzinfo).date(), words)
    return words.texts["confirmed"].format(day=day, why=plain(note.why))


def dismissed_line(digest: Digest, words: Vocabulary = ENGLISH) -> str | None:
    """How many changes are not told because an editor dismissed them; None: none."""
    if not digest.dismissed:
        return None
    return words.texts["dismissed"].format(changes=counted(digest.dismissed, "change", words))


def trouble_line(trouble: Trouble, digest: Digest, words: Vocabulary = ENGLISH) -> str:
    """What needs a person, since when, and whether it is over."""
    state = "ended" if trouble.ended else "going on" if trouble in digest.period.going_on else "began"
    since = words.texts["since"].format(moment=_moment(trouble.began, digest, words))
    line = f"{words.texts[state]}: {plain(trouble.source)}, {words.troubles[trouble.kind]}, {since}"
    return f"{line}: {plain(trouble.detail)}" if trouble.detail else line


def _moment(moment: dt.datetime, digest: Digest, words: Vocabulary) -> str:
    """A moment in the digest's own zone."""
    return moment_in_words(moment.astimezone(digest.until.tzinfo), words)
