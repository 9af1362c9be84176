"""The pages of the web view: a question of the archive each, answered as HTML."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from markupsafe import Markup

from diffing.alignment import align
from diffing.formats import FORMATS, Reader
from diffing.formats.webpage import diff_part
from diffing.histories import in_newest_words, whole_history
from diffing.model import (
    Attribute,
    ChangeKind,
    FactValue,
    Gazetteer,
    KnownFact,
    Outcome,
    RecordedChange,
    RevisionOrigin,
    Significance,
    Window,
    series_and_edition,
)
from diffing.vocabulary import ENGLISH
from diffing.wording import headline, plain, value_in_words
from monitor.digests import digest_of_day
from monitor.errors import InvalidInput
from monitor.feed import feed_text
from monitor.health import RUNS_LOOKED_AT, looked, source_records
from monitor.names import editions
from monitor.readers import reader_of
from monitor.times import read_day
from storage.archive import Archive, open_archive

if TYPE_CHECKING:
    from jinja2 import Environment

    from seeds.sources import Source
    from storage.records import Look

__all__ = ["Answer", "Desk"]

HTML = "text/html; charset=utf-8"

# What the front page tells of, and how many rows a page of changes, looks or hits has at most: what a
# person reads through; set by hand.
_LATELY = dt.timedelta(days=30)
_DIGESTS_LINKED = 14
_ROWS = 200

_FACTS_LISTED = (Attribute.WINDOW, Attribute.PLACE, Attribute.STATUS)
_WITHDRAWALS = (ChangeKind.PAGE_REMOVED, ChangeKind.PAGE_RESTORED)
_MATTERS = (Significance.HIGH, Significance.MEDIUM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a browser is sent."""

    body: str
    status: int = 200
    content_type: str = HTML


@dataclass(frozen=True, slots=True, kw_only=True)
class _EventRow:
    key: str
    window: str
    place: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _FactRow:
    name: str
    value: str
    said: str
    statement: str
    url: str | None
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gone:
    headline: str
    detail: str


@functools.cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("monitor.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters.update(plain=plain, headline=headline)
    return environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Answers from one database; every method opens it, reads as of one moment, and closes it.

    `root` is the path under which the view is served, with a slash at its end. `zone` is where a day begins
    and ends, `language` that of the digest's own words, `watched` the sources' file.
    Everything that a page of a source said shows as text. The methods raise ArchiveError.
    """

    database: Path
    zone: ZoneInfo
    gazetteer: Gazetteer
    clock: Callable[[], dt.datetime]
    root: str = "/"
    language: str = "en"
    watched: Sequence[Source] = ()

    def front(self) -> Answer:
        """What matters of late, what is to come, what needs a person."""
        now = self.clock()
        today = self._today()
        with self._archive() as archive:
            changes = archive.changes(since=now - _LATELY, significances=_MATTERS, limit=_ROWS)
            events = _event_rows(
                archive.standing(), lambda window: window is not None and window.end >= today
            )
            troubles = archive.troubles(open_only=True)
        told = [
            change
            for change in changes
            if change.change.of_event or change.change.kind is ChangeKind.PAGE_REMOVED
        ]
        days = [today - dt.timedelta(days=back) for back in range(_DIGESTS_LINKED)]
        return self._page(
            "front", "Overview", changes=told, events=events, troubles=troubles, kinds=ENGLISH.troubles,
            digest_days=days, days=_LATELY.days,
        )  # fmt: skip

    def events(self) -> Answer:
        """Every event with what stands of it."""
        with self._archive() as archive:
            return self._page("events", "Events", events=_event_rows(archive.standing()))

    def event(self, key: str) -> Answer:
        """One event: what stands, and how it came to it."""
        with self._archive() as archive:
            facts = archive.event_facts(key)
            changes = archive.changes(event=key)
            if not facts and not changes:
                return self._editions(archive, key)
        stands = in_newest_words(facts)
        rows = [_fact_row(kind, stands[kind]) for kind in Attribute if kind in stands]
        series, _ = series_and_edition(key)
        aliases = {each.name: each.aliases for each in self.gazetteer.series}.get(series, ())
        return self._page(
            "event", plain(key), facts=rows, history=whole_history(facts, changes), aliases=aliases
        )

    def _editions(self, archive: Archive, name: str) -> Answer:
        """All events that the name, in any language, may mean: a series is all of its editions."""
        try:
            keys = editions(name, self.gazetteer, self._today(), archive.event_names())
        except InvalidInput as unknown:
            return self.missing(str(unknown))
        stands = archive.standing()
        rows = _event_rows({key: stands[key] for key in keys if key in stands})
        return self._page("events", f"Events named {plain(name)}", events=rows)

    def changes(self, asked: Mapping[str, str]) -> Answer:
        """The diff history, newest first, a page of it: the changes with a lower number than `before`."""
        kind, significance, before = (asked.get(name, "") for name in ("kind", "significance", "before"))
        kinds = [each.value for each in ChangeKind]
        significances = [each.value for each in Significance]
        if kind and kind not in kinds:
            return self.refused(f"There is no kind {kind!r}; known: {', '.join(kinds)}")
        if significance and significance not in significances:
            return self.refused(
                f"There is no significance {significance!r}; known: {', '.join(significances)}"
            )
        if before and not _is_number(before):
            return self.refused(f"{before!r} is no number of a change")
        with self._archive() as archive:
            found = archive.changes(
                before=int(before) if before else None,
                kinds=(ChangeKind(kind),) if kind else (),
                significances=(Significance(significance),) if significance else (),
                limit=_ROWS,
            )
        return self._page(
            "changes", "Changes", changes=found, kinds=kinds, significances=significances,
            chosen_kind=kind, chosen_significance=significance,
            older=found[-1].id if len(found) == _ROWS else None,
        )  # fmt: skip

    def sources(self) -> Answer:
        """Every source and how it fares."""
        with self._archive() as archive:
            runs = looked(archive.runs(RUNS_LOOKED_AT))
            records = source_records(archive.source_health(), runs, self.watched, self.clock())
        return self._page("sources", "Sources", sources=records, database=self.database.stem)

    def search(self, query: str) -> Answer:
        """Statements with all the words."""
        with self._archive() as archive:
            hits = archive.search(query, limit=_ROWS)
        return self._page("search", "Search", hits=hits, asked=query)

    def page(self, url: str) -> Answer:
        """The history of one page: revisions, changes, and every look at it."""
        with self._archive() as archive:
            known = archive.resolve_url(url)
            if known is None:
                return self.missing(f"{url} was never visited")
            revisions = archive.revisions(known)
            looks = archive.looks(known)
            changes = archive.changes(url=known, limit=_ROWS)
            withdrawal = archive.changes(url=known, kinds=_WITHDRAWALS, limit=1)
        title = next((revision.title for revision in reversed(revisions) if revision.title), known)
        return self._page(
            "page", plain(title), url=known, revisions=tuple(reversed(revisions)), changes=changes,
            looks=tuple(reversed(looks))[:_ROWS], gone=_gone(withdrawal, looks),
        )  # fmt: skip

    def revision(self, url: str, number: str) -> Answer:
        """One stored revision: its statements, in order."""
        with self._archive() as archive:
            found = archive.revision(url, int(number)) if _is_number(number) else None
        if found is None:
            return self.missing(f"No revision {number or '(none named)'} of {url} is kept")
        return self._page("revision", plain(found.title or url), url=url, revision=found)

    def difference(self, url: str, old: str, new: str) -> Answer:
        """Two stored revisions, word by word."""
        with self._archive() as archive:
            sides = [archive.revision(url, int(n)) if _is_number(n) else None for n in (old, new)]
        before, after = sides
        if before is None or after is None:
            return self.missing(f"Revisions {old or '?'} and {new or '?'} of {url} are not both kept")
        titled = before.title != after.title
        names = [
            f"revision {side.number}, dated {side.published or 'nowhere'}, "
            f"captured {side.captured_at:%Y-%m-%d %H:%MZ}"
            + (", read anew" if side.origin is RevisionOrigin.UPGRADE else "")
            + (f": {side.title or 'no title'}" if titled else "")
            for side in (before, after)
        ]
        style, rows = diff_part(names[0], names[1], align(before.statements, after.statements))
        # What pages said was escaped where the parts were made.
        return self._page(
            "difference",
            plain(after.title or url),
            url=url,
            style=Markup(style),  # noqa: S704
            rows=Markup(rows),  # noqa: S704
        )

    def digest(self, day: str) -> Answer:
        """The digest of a day, as it is told."""
        try:
            date = read_day(day, self.clock(), self.zone)
        except InvalidInput as fault:
            return self.missing(str(fault).rstrip("."))
        with self._archive() as archive:
            told = digest_of_day(archive, date, self.zone)
        return Answer(body=FORMATS["html"](told, self._reader()))

    def feed(self) -> Answer:
        """What was found of late, as an Atom feed; while nothing is new, the same at every poll."""
        with self._archive() as archive:
            text = feed_text(archive, self._reader(), self.clock())
        return Answer(body=text, content_type="application/atom+xml; charset=utf-8")

    def metrics(self) -> Answer:
        """The numbers for Prometheus."""
        from monitor.metrics import metrics_text

        with self._archive() as archive:
            text = metrics_text(archive, self.clock())
        return Answer(body=text, content_type="text/plain; version=0.0.4; charset=utf-8")

    def _reader(self) -> Reader:
        # Its links to what is stored lead to this very view.
        return reader_of(self.language, self.root.rstrip("/"), self.gazetteer)

    def _today(self) -> dt.date:
        return self.clock().astimezone(self.zone).date()

    def _archive(self) -> Archive:
        return open_archive(self.database)

    def missing(self, why: str) -> Answer:
        """Says why there is no such page."""
        return self._no_answer("Not found", why, 404)

    def refused(self, why: str) -> Answer:
        """Says what is wrong with the question."""
        return self._no_answer("That cannot be asked", why, 400)

    def _no_answer(self, title: str, why: str, status: int) -> Answer:
        # Errors of the house end in a stop or a question mark already.
        told = why if why.endswith((".", "?")) else f"{why}."
        return Answer(body=self._page("missing", title, why=told).body, status=status)

    def _page(self, template: str, title: str, **values: object) -> Answer:
        page = _environment().get_template(f"{template}.html.j2")
        return Answer(body=page.render(title=title, root=self.root, today=self._today(), **values))


def _event_rows(
    events: Mapping[str, Mapping[Attribute, FactValue]],
    wanted: Callable[[Window | None], bool] = lambda _window: True,
) -> tuple[_EventRow, ...]:
    """The events that are wanted, by the day on which they begin; those without one last."""
    found = []
    for key, stands in events.items():
        value = stands.get(Attribute.WINDOW)
        window = value if isinstance(value, Window) else None
        if wanted(window):
            words = {
                kind.value: value_in_words(kind, stands[kind]) if kind in stands else ""
                for kind in _FACTS_LISTED
            }
            found.append((window.start if window else dt.date.max, _EventRow(key=key, **words)))
    return tuple(row for _, row in sorted(found, key=lambda each: (each[0], each[1].key)))


def _gone(withdrawal: Sequence[RecordedChange], looks: Sequence[Look]) -> _Gone | None:
    """What a reader must know first: that the page is there no more. None: it was, when last looked at."""
    last = withdrawal[0] if withdrawal else None
    if last is not None and last.change.kind is ChangeKind.PAGE_REMOVED:
        return _Gone(headline="This page was withdrawn.", detail=f"It was {last.change.reason}")
    if looks and looks[-1].outcome is Outcome.GONE:
        detail = f"It was found gone on {looks[-1].at:%Y-%m-%d %H:%MZ}; a second look has to agree"
        return _Gone(headline="This page may have been withdrawn.", detail=detail)
    return None


def _fact_row(kind: Attribute, known: KnownFact) -> _FactRow:
    statement = known.statement
    return _FactRow(
        name=kind.value,
        value=value_in_words(kind, known.fact.value),
        said=(statement.said_on or known.known_at.date()).isoformat(),
        statement=statement.text,
        url=statement.url,
        origin=statement.origin,
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9
