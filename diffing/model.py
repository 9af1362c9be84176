"""The words of the house as frozen values: what flows from page to digest, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol, Self, TypeAlias

__all__ = [
    "EVENT_KINDS",
    "Attribute",
    "Block",
    "BlockKind",
    "Change",
    "ChangeKind",
    "Count",
    "Document",
    "Fact",
    "FactValue",
    "Family",
    "Fetched",
    "Gazetteer",
    "Ground",
    "JsonValue",
    "Judgement",
    "Known",
    "KnownFact",
    "KnownStatement",
    "KnownText",
    "Match",
    "Note",
    "Op",
    "Outcome",
    "PageRole",
    "PageState",
    "Place",
    "Precision",
    "Qualifier",
    "RecordedChange",
    "Revision",
    "RevisionOrigin",
    "Ruling",
    "Series",
    "Shift",
    "Significance",
    "SourceCoverage",
    "Statement",
    "StatementDiff",
    "Status",
    "Trouble",
    "TroubleKind",
    "Verdict",
    "Window",
    "WordOp",
    "WordSpan",
    "series_and_edition",
    "value_from_json",
    "value_to_json",
]

_DAY = dt.timedelta(days=1)

JsonValue: TypeAlias = "str | int | float | bool | list[JsonValue] | dict[str, JsonValue] | None"


class Precision(StrEnum):
    """How exactly a window was stated, finest first."""

    DAY = "day"
    PART = "part"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"

    @property
    def rank(self) -> int:
        """0 for the finest (day), 4 for the coarsest (year)."""
        return _RANKS[self]


_RANKS = {precision: rank for rank, precision in enumerate(Precision)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A closed interval of days; `precision` says how exactly the source stated it."""

    start: dt.date
    end: dt.date
    precision: Precision

    def __post_init__(self) -> None:
        if self.end < self.start:
            message = f"A window ends before it starts: {self.start} .. {self.end}"
            raise ValueError(message)

    def contains(self, other: Window) -> bool:
        """True when every day of `other` is a day of this window."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Window) -> bool:
        """True when the two share at least one day."""
        return self.start <= other.end and other.start <= self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where: ISO 3166-1 alpha-2 country, and the ground or town where one is named."""

    country: str | None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How a statement moves a window that it does not say: the ledger works the window out.

    Days by which its start and its end go, or months by which both go; negative is earlier. `until`: only
    its last day is said. An empty one moves nothing: what it is told against is not known here. `to`: the
    days that are said beside it, or the first of them.
    """

    start: int = 0
    end: int = 0
    months: int = 0
    until: dt.date | None = None
    to: Window | None = None

    @property
    def later(self) -> bool:
        """True where the event begins later by it."""
        return self.start > 0 or self.months > 0


class Qualifier(StrEnum):
    """How a count was hedged."""

    ABOUT = "about"
    MORE_THAN = "more_than"
    UP_TO = "up_to"
    EXACTLY = "exactly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many people or pieces of equipment."""

    count: int
    qualifier: Qualifier = Qualifier.EXACTLY


class Status(StrEnum):
    """What a statement says has become of an event."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    HELD = "held"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class Attribute(StrEnum):
    """The kinds of fact that a statement can assert of an event."""

    WINDOW = "window"
    PLACE = "place"
    PARTICIPANTS = "participants"
    PERSONNEL = "personnel"
    EQUIPMENT = "equipment"
    STATUS = "status"
    NAME = "name"


FactValue: TypeAlias = Window | Shift | Place | Count | Status | tuple[str, ...] | str


def value_to_json(value: FactValue | None) -> JsonValue:
    """The value in the shape of the contract; None stays None."""
    match value:
        case Window():
            return {
                "start": value.start.isoformat(),
                "end": value.end.isoformat(),
                "precision": value.precision.value,
            }
        case Shift():
            return {
                "start_days": value.start,
                "end_days": value.end,
                "months": value.months,
                "until": value.until.isoformat() if value.until else None,
                **({"to": value_to_json(value.to)} if value.to else {}),
            }
        case Place():
            return {"country": value.country, "name": value.name}
        case Count():
            return {"count": value.count, "qualifier": value.qualifier.value}
        case tuple():
            return list(value)
        case Status():
            return value.value
        case _:
            return value


def value_from_json(attribute: Attribute | None, data: JsonValue) -> FactValue | None:
    """The inverse of `value_to_json`: the shape tells the type, `attribute` a status from a plain word.

    Raises ValueError where the data has no such shape.
    """
    match data:
        case None:
            return None
        case {"start": str(start), "end": str(end), "precision": str(precision)}:
            return Window(
                start=dt.date.fromisoformat(start),
                end=dt.date.fromisoformat(end),
                precision=Precision(precision),
            )
        case {
            "start_days": int(first),
            "end_days": int(last),
            "months": int(months),
            "until": str() | None as until,
        } if isinstance(data, dict):
            day = dt.date.fromisoformat(until) if until else None
            to = value_from_json(Attribute.WINDOW, data.get("to"))
            return Shift(
                start=first, end=last, months=months, until=day, to=to if isinstance(to, Window) else None
            )
        case {"country": str() | None as country, "name": str() | None as name}:
            return Place(country=country, name=name)
        case {"count": int(count), "qualifier": str(qualifier)}:
            return Count(count=count, qualifier=Qualifier(qualifier))
        case list():
            return tuple(str(code) for code in data)
        case str():
            return Status(data) if attribute is Attribute.STATUS else data
    message = f"No {attribute or 'value'} has the shape {data!r}"
    raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One typed attribute that a statement asserts of an event.

    `event` is the key, `Rubezh-2025`; `quote` the words of the statement that say it. `vague`: the
    bounds are the reader's convention, not the author's ("mid-October", "early September"), so a
    partial overlap with what is known contradicts nothing. `joining`: `value` is not all who take part
    but those who join them (True) or stay away (False); the ledger works out the whole list. `shift`: the
    value was told as a shift of what stood, and the ledger worked it out.
    """

    event: str
    attribute: Attribute
    value: FactValue
    quote: str
    vague: bool = False
    joining: bool | None = None
    shift: Shift | None = None


def series_and_edition(event: str) -> tuple[str, str | None]:
    """Splits an event's key: ("Rubezh", "2025"); the edition is None where the key has none.

    >>> series_and_edition("Indestructible Brotherhood-2025")
    ('Indestructible Brotherhood', '2025')
    """
    series, dash, edition = event.rpartition("-")
    return (series, edition) if dash and edition.isdigit() else (event, None)


class BlockKind(StrEnum):
    """What a block is on the page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of the author's text, in page order; `lead_in` introduces a list's items."""

    kind: BlockKind
    text: str
    lead_in: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a page says: title once, published date with its evidence, the author's blocks.

    `published` is the date that the page prints (None: it prints none), in the source's time zone.
    `published_evidence` names where it was read: "selector", "structured data", "beside title",
    "trafilatura", "given", or None.
    """

    language: str
    title: str | None
    published: dt.date | None
    published_evidence: str | None
    blocks: tuple[Block, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence or list item, in its place.

    `text` holds its own words as the page shows them, `normal` the form used for comparison,
    `lead_in` the words that introduce the list it is an item of (None: it is no list item).
    """

    index: int
    text: str
    normal: str = field(repr=False)
    language: str
    lead_in: str | None = None
    kind: BlockKind = BlockKind.PARAGRAPH

    @property
    def full_text(self) -> str:
        """Lead-in and own words: what the statement says when it stands alone."""
        return f"{self.lead_in} {self.text}" if self.lead_in else self.text


class RevisionOrigin(StrEnum):
    """How a revision came about: a visit brought it, or what a visit had brought was read anew."""

    VISIT = "visit"
    UPGRADE = "upgrade"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One distinct extracted content of a page, numbered from 1 per page.

    `extractor` is the version of the rules that read it. One of origin `upgrade` was read anew from
    what had been captured before: no change of the page, so nothing reports it.
    """

    url: str
    number: int
    title: str | None
    published: dt.date | None
    captured_at: dt.datetime
    extractor: str = ""
    origin: RevisionOrigin = RevisionOrigin.VISIT
    statements: tuple[Statement, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownStatement:
    """A statement of the baseline.

    `said_on` is the date its source printed (None: undated), `origin` names where it was said: the
    name of a seed or baseline file, or the page's URL. `url` is None where it has none.
    """

    text: str
    normal: str = field(repr=False)
    language: str
    said_on: dt.date | None
    origin: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFact:
    """A fact with the statement that asserted it. `known_at` is when we captured it (aware, UTC)."""

    fact: Fact
    statement: KnownStatement
    known_at: dt.datetime


class Known(Protocol):
    """All that is known when a statement is judged: an archive, or a few files in memory."""

    def exact(self, normal: str) -> KnownStatement | None:
        """The oldest known statement with this normal form; None: nothing known says just this."""

    def candidates(self, normal: str, events: Iterable[str]) -> Sequence[KnownStatement]:
        """Known statements worth scoring against this one, oldest first; bounded in number."""

    def facts_of(self, event: str) -> Sequence[KnownFact]:
        """Every fact ever asserted of the event, by (said_on, known_at); empty: unknown event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The closest known statement; `score` 0 to 100."""

    statement: KnownStatement
    score: float


class Significance(StrEnum):
    """How much a change matters, most first."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Family(StrEnum):
    """What a change is a change of."""

    STATEMENT = "statement"
    PAGE = "page"
    EVENT = "event"


class ChangeKind(StrEnum):
    """Every kind of change of the contract: its word, how much it matters, and of what it is a change.

    `forward` ones only carry an event on: a statement that makes no other change is `updated`.
    """

    significance: Significance
    family: Family
    forward: bool

    def __new__(
        cls,
        word: str,
        significance: Significance = Significance.LOW,
        family: Family = Family.EVENT,
        forward: bool = False,
    ) -> Self:
        """A member is its word."""
        member = str.__new__(cls, word)
        member._value_ = word
        member.significance = significance
        member.family = family
        member.forward = forward
        return member

    STATEMENT_NEW = "statement_new", Significance.LOW, Family.STATEMENT
    STATEMENT_ADDED = "statement_added", Significance.LOW, Family.PAGE
    STATEMENT_REMOVED = "statement_removed", Significance.MEDIUM, Family.PAGE
    STATEMENT_EDITED = "statement_edited", Significance.LOW, Family.PAGE
    STATEMENT_MOVED = "statement_moved", Significance.LOW, Family.PAGE
    PAGE_REMOVED = "page_removed", Significance.HIGH, Family.PAGE
    PAGE_RESTORED = "page_restored", Significance.LOW, Family.PAGE
    TITLE_EDITED = "title_edited", Significance.LOW, Family.PAGE
    ANNOUNCED = "announced", Significance.MEDIUM, Family.EVENT, True
    RESCHEDULED = "rescheduled", Significance.HIGH
    REFINED = "refined", Significance.MEDIUM, Family.EVENT, True
    RELOCATED = "relocated", Significance.HIGH
    POSTPONED = "postponed", Significance.HIGH
    CANCELLED = "cancelled", Significance.HIGH
    RENAMED = "renamed", Significance.MEDIUM
    RESIZED = "resized", Significance.MEDIUM
    PARTICIPANTS_CHANGED = "participants_changed", Significance.MEDIUM
    STARTED = "started", Significance.MEDIUM, Family.EVENT, True
    COMPLETED = "completed", Significance.MEDIUM, Family.EVENT, True


EVENT_KINDS = frozenset(kind for kind in ChangeKind if kind.family is Family.EVENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry of the diff history, before it is recorded.

    For an event change `old` and `new` are the fact's values (None: there was none, or there is
    none any more). `old_statements` and `new_statements` are quotations, whole statements as the
    pages show them. `old_origin` names where the old one was said. `reason` is one line a person
    can check. A `statement_new` with an attribute is a contradiction: two pages said `old` and `new` on
    one day, and nothing tells which is right.
    """

    kind: ChangeKind
    significance: Significance
    event: str | None = None
    attribute: Attribute | None = None
    old: FactValue | None = None
    new: FactValue | None = None
    shift_days: int | None = None
    old_statements: tuple[str, ...] = ()
    new_statements: tuple[str, ...] = ()
    old_origin: str | None = None
    score: float | None = None
    reason: str = ""

    @property
    def contradicts(self) -> bool:
        """Whether it says otherwise than another page of the same day, which still stands."""
        return self.kind is ChangeKind.STATEMENT_NEW and self.attribute is not None

    @property
    def of_event(self) -> bool:
        """Whether it tells of an event, and not of a page or a statement."""
        return self.kind in EVENT_KINDS or self.contradicts


class Ruling(StrEnum):
    """What an editor made of a change: it is true, or it is none."""

    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An editor's note on a change: the ruling, why, and when it was made (aware, UTC)."""

    ruling: Ruling
    why: str
    noted: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedChange:
    """A change with where and when it was seen; `detected` is aware UTC. `note` is the newest one."""

    id: int
    change: Change
    url: str | None
    source: str | None
    language: str | None
    published: dt.date | None
    detected: dt.datetime
    from_revision: int | None = None
    to_revision: int | None = None
    also_seen: tuple[str, ...] = ()
    page_title: str | None = None
    published_before: dt.date | None = None
    note: Note | None = None


class Verdict(StrEnum):
    """What became of a statement judged against the baseline."""

    NEW = "new"
    CHANGED = "changed"
    UPDATED = "updated"
    RESTATED = "restated"
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One statement judged: verdict, closest known statement, facts read, changes made."""

    statement: Statement
    verdict: Verdict
    match: Match | None
    facts: tuple[Fact, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownText:
    """A whole text taken as known: a seed, a baseline file, or a line of one."""

    origin: str
    language: str
    said_on: dt.date | None
    url: str | None = None
    title: str | None = None
    statements: tuple[Statement, ...] = field(repr=False)


class Outcome(StrEnum):
    """What one visit to a page found."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    NOT_MODIFIED = "not_modified"
    MOVED = "moved"
    GONE = "gone"
    FAILED = "failed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCoverage:
    """What was looked at for one source in a period.

    `looks` counts visits of any page and outcome, `pages` the distinct article pages visited, `outcomes`
    the visits to those by outcome, `found` the pages themselves, each by the one thing to tell of it: gone,
    if it was at the last look; else new or changed, if it was that at any; else what the last look came to
    (None: nobody counted; a digest that an older version kept). `last_success` is the newest visit ever that
    got an answer (None: never).
    `reason` says in one line why the newest visit failed; None: it did not.
    """

    source: str
    looks: int
    pages: int
    outcomes: Mapping[Outcome, int]
    last_success: dt.datetime | None
    reason: str | None = None
    found: Mapping[Outcome, int] | None = None


class TroubleKind(StrEnum):
    """What can be wrong with a source, or with the telling of it, that a person should know of."""

    FAILING = "failing"  # it cannot be looked at, or all changes of its last run are held back
    SILENT = "silent"  # nothing new for longer than its own habit
    NO_LINKS = "no_links"  # a listing page that leads to no article
    REJECTED = "rejected"  # more pages than usual are not the article
    SHRUNK = "shrunk"  # the text of many pages shrank at once: a redesign
    OVERDUE = "overdue"  # it was not looked at when it should have been
    DOWN = (
        "down"  # the watch itself did not run; the source is `csto-watch`, and it is over when it is noticed
    )
    UNSENT = "unsent"  # a digest or an alert could not be delivered; the source is the channel's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that needs a person, from when it was noticed until it was over (None: it goes on).

    It is told once when it begins and once when it ends. `detail` says in one line what was found.
    """

    id: int
    source: str
    kind: TroubleKind
    detail: str
    began: dt.datetime
    ended: dt.datetime | None = None


class Op(StrEnum):
    """What became of statements between two revisions."""

    EQUAL = "equal"
    EDITED = "edited"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    SPLIT = "split"
    MERGED = "merged"


class WordOp(StrEnum):
    """What became of a run of words."""

    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordSpan:
    """A run of the text of an edited statement."""

    op: WordOp
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementDiff:
    """One row of a comparison of two revisions. `spans` joins old and new texts of an edit."""

    op: Op
    old: tuple[Statement, ...] = ()
    new: tuple[Statement, ...] = ()
    spans: tuple[WordSpan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageState:
    """What is known of a page before it is visited again; validators are echoed byte for byte.

    `published` is the date its last revision prints, `event` the first and last day of the event that it
    names, of those not long over the one nearest in time (None: it names none). A look that found the
    page as an article, changed or not, is a good one: `last_good` is the last of them, `last_body` the
    last for which a body came, `bodiless` counts those since; `last_change` is the last that found it
    changed. `changes_timed` counts the changes found after an earlier good look. The time between such
    looks is summed up by what the second found, in days and in days of youth (see `looked`).
    `moved_to` is the address to which this one led when it was last asked (None: it is a page of its own).
    """

    url: str
    source: str
    etag: str | None = None
    last_modified: str | None = None
    first_seen: dt.datetime
    last_visit: dt.datetime
    visits: int = 1
    changes_seen: int = 0
    gone_since: dt.datetime | None = None
    published: dt.date | None = None
    event: tuple[dt.date, dt.date] | None = None
    last_good: dt.datetime | None = None
    last_body: dt.datetime | None = None
    bodiless: int = 0
    last_change: dt.datetime | None = None
    changes_timed: int = 0
    changed_days: float = 0.0
    changed_youth: float = 0.0
    unchanged_days: float = 0.0
    unchanged_youth: float = 0.0
    moved_to: str | None = None

    @property
    def quiet_since(self) -> dt.datetime:
        """Since when nothing was edited: the last change seen, or when the page came out."""
        if self.last_change is not None:
            return self.last_change
        if self.published is None:
            return self.first_seen
        return min(self.first_seen, dt.datetime.combine(self.published, dt.time(), dt.UTC))

    def looked(self, at: dt.datetime, *, changed: bool, body: bool = True) -> PageState:
        """The state after a good look at `at`, which found the page changed or not, with a body or without.

        Edits thin out with the age of a page, so the time without a look counts in days, and also in days of
        youth: 1 / (1 + days of quiet at its start) less the same of its end, so that a page has one of them
        from when it came out or was last edited on, half of it on the first day. A look no later than the
        last adds nothing.
        """
        days = youth = 0.0
        timed = self.last_good is not None and at > self.last_good
        if self.last_good is not None and timed:
            days = (at - self.last_good) / _DAY
            quiet = max(0.0, (self.last_good - self.quiet_since) / _DAY)
            youth = 1 / (1 + quiet) - 1 / (1 + quiet + days)
        return replace(
            self,
            last_visit=max(at, self.last_visit),
            last_good=max(at, self.last_good or at),
            last_body=max(at, self.last_body or at) if body else self.last_body,
            bodiless=0 if body else self.bodiless + 1,
            last_change=at if changed else self.last_change,
            changes_timed=self.changes_timed + (timed and changed),
            changed_days=self.changed_days + days * changed,
            changed_youth=self.changed_youth + youth * changed,
            unchanged_days=self.unchanged_days + days * (not changed),
            unchanged_youth=self.unchanged_youth + youth * (not changed),
        )


class PageRole(StrEnum):
    """Why a page was fetched."""

    LISTING = "listing"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One visit as the network gave it, before anything is understood.

    `url` is the canonical URL asked for; `final_url` the canonical one that answered (another one:
    a redirect). `status` is None where no answer came; `error` then says why in one line. `headers`
    keep their order and repetition. `address` is the IP that answered.
    """

    source: str
    role: PageRole
    url: str
    final_url: str
    fetched_at: dt.datetime
    status: int | None
    request_headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    error: str | None = None
    address: str | None = None
    flags: tuple[str, ...] = ()

    def header(self, name: str) -> str | None:
        """The first response header of that name, in any case; None: there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsCopy:
    """A site's robots.txt as it answered (redirects followed); `origin` is its scheme, host and port.

    `body` is the part of it that counts, `fetched_at` aware UTC.
    """

    origin: str
    fetched_at: dt.datetime
    status: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """A host that asked to be left alone until then (aware UTC)."""

    host: str
    until: dt.datetime


Manner: TypeAlias = RobotsCopy | Rest
"""What a site asked of its visitors, worth keeping from one run to the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A series of events: canonical name and every other name it goes by, per language.

    `plain_words` are those of its names that are everyday words too (search, border): they name the
    event only in quotation marks or with an edition. `monthly`: held several times a year, so the month
    is part of the event's key, and without a month the name is no event. `weak` are those that an
    exercise of another organiser may have as its own name too (border).
    """

    name: str
    aliases: tuple[str, ...]
    plain_words: tuple[str, ...] = ()
    monthly: bool = False
    weak: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A place with a country: a range, town or training centre."""

    name: str
    country: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """Names as data: series, grounds, states (ISO code -> names) and forces (key -> names).

    `adjectives` (ISO code -> words) say whose something is, never where it is: Belarusian servicemen.
    `ours` and `others` name who holds the series, and who holds exercises with weak names of theirs;
    `members` are the states of the organisation, `abroad` names of states and alliances beside `states`
    that hold exercises of their own.
    """

    series: tuple[Series, ...] = ()
    grounds: tuple[Ground, ...] = ()
    states: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    forces: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    adjectives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ours: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    abroad: tuple[str, ...] = ()
