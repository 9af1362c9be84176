"""What was found in a period to a digest: grouped and ordered by what matters, not rendered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from diffing.model import (
    ChangeKind,
    Fact,
    KnownFact,
    RecordedChange,
    Ruling,
    Significance,
    SourceCoverage,
    Trouble,
    Window,
)

__all__ = ["Basis", "Digest", "EventCard", "PageCard", "Period", "build_digest"]

_ORDER = {significance: place for place, significance in enumerate(Significance)}
_NO_DATE = dt.date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What the ledger knows behind an event change, beyond the change itself.

    `old` and `new` are the words of its two quotations that say the old and the new value (None: not
    known), `said_before` the day on which the old one was said, and `facts` all that the new one asserts
    of the event.
    """

    old: str | None = None
    new: str | None = None
    said_before: dt.date | None = None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """All that a digest is made of, as it was known when it was made: kept, it gives the same digest again.

    `since` inclusive, `until` exclusive, both aware in the reader's zone, whose days they are told in.
    `day` is the local day that a kept digest is of (None: it is of any period). `changes` in any order,
    with those an editor dismissed. `windows` holds by event every window announced of it, oldest first,
    `contradictions` by event the values that stand at the same time and exclude each other, and `bases` by
    the number of a change what the ledger knows behind it. `troubles` began or ended in the period,
    `going_on` had begun before and were not over at its end; with `newest_trouble`, the number of the newest
    one known then, the next kept digest goes on from here. `head` is the digest of the newest link of the
    archive's hash chain: with it a reader can show later that nothing was taken out of the archive.
    """

    since: dt.datetime
    until: dt.datetime
    day: dt.date | None = None
    changes: tuple[RecordedChange, ...] = ()
    coverage: tuple[SourceCoverage, ...] = ()
    windows: Mapping[str, tuple[KnownFact, ...]] = field(default_factory=dict)
    contradictions: Mapping[str, tuple[KnownFact, ...]] = field(default_factory=dict)
    bases: Mapping[int, Basis] = field(default_factory=dict)
    troubles: tuple[Trouble, ...] = ()
    going_on: tuple[Trouble, ...] = ()
    newest_trouble: int = 0
    head: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCard:
    """All that happened to one event, the most significant change first.

    Events to which one statement did the very same (three trainings moved together) share a card:
    `shown` are the changes of the first of them, `changes` those of all.
    """

    events: tuple[str, ...]
    shown: tuple[RecordedChange, ...]
    changes: tuple[RecordedChange, ...]

    @property
    def significance(self) -> Significance:
        """That of its most significant change."""
        return self.shown[0].change.significance


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCard:
    """All that happened to one page, in the order of its statements.

    `silent`: its text changed while the date it prints did not.
    """

    url: str
    source: str | None
    title: str | None
    published: dt.date | None
    changes: tuple[RecordedChange, ...]
    silent: bool = False

    @property
    def also_seen(self) -> tuple[str, ...]:
        """Every other page that says the same."""
        return tuple(dict.fromkeys(url for change in self.changes for url in change.also_seen))


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What a reader needs to know of a `period`.

    Every change of the period stands in exactly one card, but for the `dismissed` ones, which an editor
    called no change and which are only counted.
    """

    period: Period
    events: tuple[EventCard, ...]
    withdrawn: tuple[PageCard, ...]
    restored: tuple[PageCard, ...]
    edited: tuple[PageCard, ...]
    new: tuple[PageCard, ...]
    coverage: tuple[SourceCoverage, ...]
    dismissed: int = 0

    @property
    def since(self) -> dt.datetime:
        """When the period begins, inclusive."""
        return self.period.since

    @property
    def until(self) -> dt.datetime:
        """When the period ends, exclusive."""
        return self.period.until

    @property
    def head(self) -> str | None:
        """The newest link of the archive's hash chain by then; None: nothing was captured."""
        return self.period.head

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """What began or ended in the period to need a person."""
        return self.period.troubles

    @property
    def is_quiet(self) -> bool:
        """True when there is nothing to tell but what was looked at."""
        return not (self.events or self.withdrawn or self.restored or self.edited or self.new)

    @property
    def unreached(self) -> tuple[SourceCoverage, ...]:
        """The sources that nobody looked at, or that could not be believed: of them nothing can be said."""
        return tuple(source for source in self.coverage if source.reason or not source.looks)


def build_digest(period: Period) -> Digest:
    """The digest of a period; the same changes give the same digest in any order."""
    period = replace(period, changes=tuple(sorted(period.changes, key=lambda change: change.id)))
    ordered = [change for change in period.changes if not _is_dismissed(change)]
    events = [change for change in ordered if change.change.of_event]
    removed = [change for change in ordered if change.change.kind is ChangeKind.PAGE_REMOVED]
    restored = [change for change in ordered if change.change.kind is ChangeKind.PAGE_RESTORED]
    new = [
        change
        for change in ordered
        if change.change.kind is ChangeKind.STATEMENT_NEW and not change.change.of_event
    ]
    told = {change.id for change in (*events, *removed, *restored, *new)}
    return Digest(
        period=period,
        events=_event_cards(events),
        withdrawn=_page_cards(removed),
        restored=_page_cards(restored),
        edited=_page_cards(change for change in ordered if change.id not in told),
        new=_page_cards(new),
        coverage=tuple(sorted(period.coverage, key=lambda source: source.source)),
        dismissed=len(period.changes) - len(ordered),
    )


def _is_dismissed(recorded: RecordedChange) -> bool:
    return recorded.note is not None and recorded.note.ruling is Ruling.DISMISSED


def _event_cards(changes: Iterable[RecordedChange]) -> tuple[EventCard, ...]:
    by_event: dict[str, list[RecordedChange]] = {}
    for change in changes:
        by_event.setdefault(change.change.event or "", []).append(change)
    alike: dict[tuple[object, ...], list[tuple[RecordedChange, ...]]] = {}
    for event in sorted(by_event):
        found = tuple(sorted(by_event[event], key=lambda c: (_ORDER[c.change.significance], c.id)))
        alike.setdefault(tuple(_deed(change) for change in found), []).append(found)
    cards = [
        EventCard(
            events=tuple(changes[0].change.event or "" for changes in together),
            shown=together[0],
            changes=tuple(change for changes in together for change in changes),
        )
        for together in alike.values()
    ]
    return tuple(sorted(cards, key=lambda card: (_ORDER[card.significance], _event_date(card), card.events)))


def _deed(recorded: RecordedChange) -> tuple[object, ...]:
    """What was done, without to which event."""
    change = recorded.change
    return (
        change.kind, change.attribute, change.old, change.new, change.new_statements, recorded.url,
        recorded.note,
    )  # fmt: skip


def _event_date(card: EventCard) -> dt.date:
    starts = [change.change.new.start for change in card.changes if isinstance(change.change.new, Window)]
    return min(starts, default=_NO_DATE)


def _page_cards(changes: Iterable[RecordedChange]) -> tuple[PageCard, ...]:
    by_page: dict[str, list[RecordedChange]] = {}
    for change in changes:
        by_page.setdefault(change.url or "", []).append(change)
    cards = [_page_card(url, found) for url, found in by_page.items()]
    return tuple(sorted(cards, key=lambda card: (_significance(card), _age(card), card.url)))


def _page_card(url: str, changes: Sequence[RecordedChange]) -> PageCard:
    newest = changes[-1]
    return PageCard(
        url=url,
        source=newest.source,
        title=newest.page_title,
        published=newest.published,
        changes=tuple(changes),
        silent=newest.from_revision is not None
        and newest.published is not None
        and newest.published == newest.published_before,
    )


def _age(card: PageCard) -> int:
    """The page published last comes first, one without a date at the end."""
    return -card.published.toordinal() if card.published else 0


def _significance(card: PageCard) -> int:
    return min(_ORDER[change.change.significance] for change in card.changes)
