"""One round of the main job, read top to bottom: page, document, statements, matches, changes.

What the network gave is stored first and understood second, from the archive; so a fault in
understanding loses nothing, and a run that was cut short is picked up by the next.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from crawler.extraction import EXTRACTOR_VERSION
from crawler.gate import SAME_TEXT_PAGES, hold, refusal
from crawler.teasers import Teasers, learn, without_teasers
from crawler.visible import visible_digest, visible_text
from crawler.workers import Extractor
from diffing.alignment import align
from diffing.changes import SIGNIFICANCE, page_changes
from diffing.facts import read_facts
from diffing.judging import edited_significance, judge_text
from diffing.model import (
    EVENT_KINDS,
    Change,
    ChangeKind,
    Document,
    Fetched,
    Gazetteer,
    Judgement,
    Op,
    Outcome,
    PageRole,
    PageState,
    Revision,
    Significance,
    Statement,
    StatementDiff,
    Verdict,
)
from diffing.normal import normalise
from diffing.statements import split
from monitor.baselines import load_seeds
from seeds.sources import Source

if TYPE_CHECKING:
    from storage.archive import Archive
    from storage.records import PendingCapture

__all__ = ["Crawl", "RunReport", "Tally", "run_cycle", "understand"]

Crawl = Callable[[Sequence[Source], Mapping[str, Sequence[PageState]], Callable[[Fetched], None]], None]

# A page that is gone once may be back in an hour; contract: two visits at least this far apart.
CONFIRM_GONE_AFTER = dt.timedelta(hours=12)

# What an edit makes a page say that it did not say before.
_SAYS_ANEW = frozenset({Op.ADDED, Op.EDITED, Op.SPLIT, Op.MERGED})

_NOTHING = Document(language="", title=None, published=None, published_evidence=None, blocks=())

_WITHDRAWALS = (ChangeKind.PAGE_REMOVED, ChangeKind.PAGE_RESTORED)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What one run did. `failures` names each source that could not be looked at, with its reason."""

    outcomes: Mapping[str, int]
    changes: Mapping[str, int]
    failures: Mapping[str, str]

    def summary(self) -> str:
        """The last line of a crawl: counts by outcome and by change kind."""
        outcomes = ", ".join(f"{count} {name}" for name, count in sorted(self.outcomes.items())) or "none"
        changes = ", ".join(f"{count} {name}" for name, count in sorted(self.changes.items())) or "none"
        return f"Pages: {outcomes}. Changes: {changes}."


@dataclass(slots=True)
class Tally:
    """What a run has counted so far, by outcome and by kind of change."""

    outcomes: Counter[str] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: Outcome, changes: Iterable[Change] = ()) -> None:
        """Counts one visit and what it changed."""
        self.outcomes[outcome.value] += 1
        self.changes.update(change.kind.value for change in changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """What every step of a round works with."""

    archive: Archive
    sources: Mapping[str, Source]
    gazetteer: Gazetteer
    now: dt.datetime
    tally: Tally = field(default_factory=Tally)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A capture with what was read from it, waiting to be judged; `refused`: why it is not the article."""

    capture: PendingCapture
    source: Source
    document: Document
    last: Revision | None
    refused: str | None = None


def run_cycle(
    archive: Archive,
    sources: Sequence[Source],
    gazetteer: Gazetteer,
    crawl: Crawl,
    now: dt.datetime,
    command: str = "crawl",
) -> RunReport:
    """One run over the sources: visits what is due, understands it, records what changed.

    `crawl` visits pages and hands each visit over; `now` is the clock of the run (aware). Raises
    what `crawl` or the archive raise: what was recorded until then stands, and is understood next time.
    """
    load_seeds(archive, gazetteer, now)
    archive.sync_sources({source.name: source.language for source in sources}, now)
    run = archive.begin_run(now, command, [source.name for source in sources])
    by_name = {source.name: source for source in sources}
    listings: dict[str, list[Fetched]] = defaultdict(list)

    def keep(fetched: Fetched) -> None:
        if fetched.role is PageRole.LISTING:
            listings[fetched.source].append(replace(fetched, body=b""))
        for visit in _visits(fetched, by_name[fetched.source]):
            archive.record_capture(run, visit)

    crawl(sources, {source.name: archive.page_states(source.name) for source in sources}, keep)
    tally, held = understand(archive, sources, gazetteer, now)
    failures = {**_unreached(archive, sources, listings), **held}
    archive.end_run(run, now, outcomes=tally.outcomes, changes=tally.changes, failures=failures)
    return RunReport(outcomes=tally.outcomes, changes=tally.changes, failures=failures)


def understand(
    archive: Archive, sources: Sequence[Source], gazetteer: Gazetteer, now: dt.datetime
) -> tuple[Tally, Mapping[str, str]]:
    """Reads every capture not yet understood; returns the counts, and the sources held back with why."""
    work = _Round(
        archive=archive, sources={source.name: source for source in sources}, gazetteer=gazetteer, now=now
    )
    visited: Counter[str] = Counter()
    suspects: Counter[str] = Counter()
    readings = []
    for reading in _gated(_read(work, visited)):
        if reading.refused:
            suspects[reading.source.name] += 1
            _settle(work, reading.capture, Outcome.REJECTED, reading.refused)
        else:
            readings.append(reading)
    held = _held(suspects, visited)
    for reading in _in_order(work, _without_teasers(work, readings)):
        if reason := held.get(reading.source.name):
            _settle(work, reading.capture, Outcome.REJECTED, reason)
        elif reading.last is None:
            _record_new_page(work, reading)
        else:
            _record_edited_page(work, reading, reading.last)
    return work.tally, held


def _visits(fetched: Fetched, source: Source) -> tuple[Fetched, ...]:
    """One visit as the pages it concerns: an address that moved, and the article where it led.

    A redirect to something that is no article of the source (the front page, as many sites answer
    for what they have deleted) concerns the address alone.
    """
    if fetched.role is PageRole.LISTING or fetched.final_url == fetched.url or fetched.status != 200:
        return (fetched,)
    moved = replace(fetched, body=b"", status=301)
    if not re.search(source.articles, fetched.final_url):
        return (moved,)
    return (moved, replace(fetched, url=fetched.final_url))


def _captures_with_text(work: _Round, visited: Counter[str]) -> Iterator[tuple[PendingCapture, Source]]:
    """Settles every capture that says all by its status or its bytes; yields those that must be read."""
    for capture in work.archive.pending():
        fetched = capture.fetched
        source = work.sources.get(fetched.source)
        if source is None:
            continue
        visited[source.name] += 1
        if fetched.final_url != fetched.url:
            _settle(work, capture, Outcome.MOVED, f"moved to {fetched.final_url}")
        elif fetched.status == 304:
            _settle(work, capture, Outcome.NOT_MODIFIED)
        elif fetched.status in {404, 410}:
            _settle(work, capture, Outcome.GONE, f"the server answered {fetched.status}")
        elif fetched.status != 200:
            _settle(work, capture, Outcome.FAILED, fetched.error or f"the server answered {fetched.status}")
        elif _shows_the_same(work.archive, capture):
            _settle(work, capture, Outcome.UNCHANGED)
        else:
            yield capture, source


def _read(work: _Round, visited: Counter[str]) -> list[_Reading]:
    """Every capture that must be read, with its document or the reason why there is none."""
    waiting: deque[PendingCapture] = deque()

    def visits() -> Iterator[tuple[Fetched, Source]]:
        for capture, source in _captures_with_text(work, visited):
            waiting.append(capture)
            yield capture.fetched, source

    readings = []
    with Extractor() as extractor:
        for extraction in extractor.read_all(visits()):
            capture = waiting.popleft()
            last = work.archive.revision(capture.fetched.url)
            refused = refusal(
                capture.fetched,
                extraction.document,
                last,
                unreadable=extraction.unreadable,
                language=extraction.source.language,
            )
            readings.append(
                _Reading(
                    # The bytes are in the archive; a run over thousands of pages must not hold them all.
                    capture=replace(capture, fetched=replace(capture.fetched, body=b"")),
                    source=extraction.source,
                    document=extraction.document or _NOTHING,
                    last=last,
                    refused=refused,
                )
            )
    return readings


def _gated(readings: Sequence[_Reading]) -> Iterator[_Reading]:
    """The readings, refused where several addresses say the very same: that is how an error page speaks."""
    texts = Counter(_words_of(reading.document) for reading in readings)
    for reading in readings:
        same = texts[_words_of(reading.document)]
        if reading.refused is None and same >= SAME_TEXT_PAGES:
            yield replace(reading, refused=f"{same} addresses of this run gave the same text")
        else:
            yield reading


def _held(suspects: Counter[str], visited: Counter[str]) -> Mapping[str, str]:
    """The sources of which so many pages look wrong that none of their changes is believed."""
    return {
        name: f"{count} of {visited[name]} pages look wrong: all changes of this run are held back"
        for name, count in suspects.items()
        if hold(count, visited[name])
    }


def _without_teasers(work: _Round, readings: Sequence[_Reading]) -> Iterator[_Reading]:
    """The readings without what belongs to other articles, as learned from all pages of each source."""
    by_source: dict[str, list[_Reading]] = defaultdict(list)
    for reading in readings:
        by_source[reading.source.name].append(reading)
    for name, found in by_source.items():
        learned = learn(
            Teasers.from_json(work.archive.teasers(name)),
            {reading.capture.fetched.url: reading.document for reading in found},
            work.archive.leads(name),
        )
        work.archive.save_teasers(name, learned.to_json(), work.now)
        for reading in found:
            document, _ = without_teasers(reading.document, reading.capture.fetched.url, learned)
            yield replace(reading, document=document)


def _in_order(work: _Round, readings: Iterable[_Reading]) -> list[_Reading]:
    """Oldest page first, so that what was said first is known first, whatever order the network gave."""
    rank = {name: place for place, name in enumerate(work.sources)}
    return sorted(
        readings,
        key=lambda reading: (
            reading.document.published or _day_of(reading),
            rank[reading.source.name],
            reading.capture.fetched.url,
        ),
    )


def _record_new_page(work: _Round, reading: _Reading) -> None:
    """A page's first revision: what it says of events, and what nothing known is close to."""
    said_on = reading.document.published or _day_of(reading)
    judgements = _judged(work, reading, said_on)
    translated = work.archive.counterpart(reading.capture.fetched.url, reading.source.name)
    # The same article in another language: its words cannot be compared, so its facts alone tell news.
    changes = _events_of(judgements) if translated else _changes_of(judgements)
    _record(work, reading, judgements, judgements, changes, said_on)
    if translated:
        work.archive.record_sighting_of_page(reading.capture.fetched.url, translated, work.now)


def _record_edited_page(work: _Round, reading: _Reading, last: Revision) -> None:
    """A page's next revision: what became of its statements, and what the touched ones say of events."""
    title = reading.document.title
    diffs = _believed(work, reading, align(last.statements, split(reading.document)))
    same_title = normalise(title or "") == normalise(last.title or "")
    if same_title and all(diff.op is Op.EQUAL for diff in diffs):
        _settle(work, reading.capture, Outcome.UNCHANGED)
        return
    # What a page says after an edit was said on the day of the edit, whatever date it still prints.
    said_on = max(reading.document.published or _day_of(reading), _day_of(reading))
    judgements = _judged(work, reading, said_on)
    touched = {new.index for diff in diffs if diff.op in _SAYS_ANEW for new in diff.new}
    anew = {judged.statement.index: judged for judged in judgements if judged.statement.index in touched}

    known = read_facts(last.statements, last.published or said_on, work.gazetteer, last.title)
    facts_before = {old.index: facts for old, facts in zip(last.statements, known, strict=True)}
    facts_after = {judged.statement.index: judged.facts for judged in judgements}

    def significance(diff: StatementDiff) -> Significance:
        return edited_significance(
            [fact for old in diff.old for fact in facts_before[old.index]],
            [fact for new in diff.new for fact in facts_after[new.index]],
        )

    edits = page_changes(diffs, last.title, title, edited_significance=significance)
    _record(work, reading, judgements, tuple(anew.values()), (*_events_of(anew.values()), *edits), said_on)


def _judged(work: _Round, reading: _Reading, said_on: dt.date) -> tuple[Judgement, ...]:
    document = reading.document
    return judge_text(split(document), work.archive.known(), said_on, work.gazetteer, document.title)


def _record(
    work: _Round,
    reading: _Reading,
    judgements: Sequence[Judgement],
    anew: Sequence[Judgement],
    changes: Sequence[Change],
    said_on: dt.date,
) -> None:
    """Keeps the revision; `anew` are the judgements of what the page did not say before."""
    fetched = reading.capture.fetched
    outcome = Outcome.NEW if reading.last is None else Outcome.CHANGED
    changes = (*_restored(work.archive, fetched), *changes)
    statements = [judged.statement for judged in judgements]
    work.archive.record_revision(
        reading.capture.id,
        outcome,
        reading.document,
        statements,
        [judged.facts for judged in judgements],
        changes,
        said_on=said_on,
        extractor=EXTRACTOR_VERSION,
        understood_at=work.now,
        accepted={judged.statement.index for judged in anew if judged.verdict is not Verdict.UNRELATED},
        text_hash=_text_hash(reading.document, statements),
    )
    said = [fact for judged in anew for fact in judged.facts]
    work.archive.record_sightings(fetched.url, said, fetched.fetched_at)
    work.tally.add(outcome, changes)


def _settle(work: _Round, capture: PendingCapture, outcome: Outcome, reason: str | None = None) -> None:
    """Keeps the outcome of a visit that brought no revision, with what it says of the page itself."""
    changes: tuple[Change, ...] = ()
    if outcome is Outcome.GONE:
        changes = _withdrawn(work.archive, capture.fetched)
    elif outcome in {Outcome.UNCHANGED, Outcome.NOT_MODIFIED}:
        changes = _restored(work.archive, capture.fetched)
    work.archive.settle(capture.id, outcome, reason, changes=changes)
    work.tally.add(outcome, changes)


def _withdrawn(archive: Archive, fetched: Fetched) -> tuple[Change, ...]:
    """The change that a page was withdrawn: when a second visit, late enough, agrees with the first."""
    state, last = archive.page_state(fetched.url), archive.revision(fetched.url)
    if last is None or state is None or state.gone_since is None:
        return ()
    if fetched.fetched_at - state.gone_since < CONFIRM_GONE_AFTER or _is_withdrawn(archive, fetched.url):
        return ()
    return (
        Change(
            kind=ChangeKind.PAGE_REMOVED,
            significance=SIGNIFICANCE[ChangeKind.PAGE_REMOVED],
            old_statements=tuple(statement.full_text for statement in last.statements),
            old_origin=fetched.url,
            reason=f"found gone on {state.gone_since:%Y-%m-%d %H:%MZ} "
            f"and again on {fetched.fetched_at:%Y-%m-%d %H:%MZ}",
        ),
    )


def _restored(archive: Archive, fetched: Fetched) -> tuple[Change, ...]:
    """The change that a withdrawn page is back; none where it was not withdrawn."""
    if not _is_withdrawn(archive, fetched.url):
        return ()
    return (
        Change(
            kind=ChangeKind.PAGE_RESTORED,
            significance=SIGNIFICANCE[ChangeKind.PAGE_RESTORED],
            reason=f"was withdrawn, and answers again since {fetched.fetched_at:%Y-%m-%d %H:%MZ}",
        ),
    )


def _is_withdrawn(archive: Archive, url: str) -> bool:
    newest = archive.changes(url=url, kinds=_WITHDRAWALS, limit=1)
    return bool(newest) and newest[0].change.kind is ChangeKind.PAGE_REMOVED


def _shows_the_same(archive: Archive, capture: PendingCapture) -> bool:
    """Whether the page shows the words of its last reading: the same bytes, or only its chrome moved."""
    if capture.previous_sha256 is None:
        return False
    if capture.sha256 == capture.previous_sha256:
        return True
    fetched = capture.fetched
    previous = archive.last_good_body(fetched.url)
    teasers = Teasers.from_json(archive.teasers(fetched.source))
    return previous is not None and (
        visible_digest(previous, teasers, fetched.headers)
        == visible_digest(fetched.body, teasers, fetched.headers)
    )


def _believed(work: _Round, reading: _Reading, diffs: Sequence[StatementDiff]) -> tuple[StatementDiff, ...]:
    """The differences that the pages bear out.

    Taking a paragraph out of a page changes which other lines an extractor chooses, on 6 to 10 % of
    pages (engine.md part 2): a statement that still stands on the page was not removed, and one that
    stood there before was not added.
    """
    if not any(diff.op in {Op.ADDED, Op.REMOVED} for diff in diffs):
        return tuple(diffs)
    fetched = reading.capture.fetched
    previous = work.archive.last_good_body(fetched.url)
    before = normalise(visible_text(previous, fetched.headers)) if previous else ""
    after = normalise(visible_text(work.archive.body_of(reading.capture.id), fetched.headers))
    return tuple(
        diff
        for diff in diffs
        if not (diff.op is Op.REMOVED and all(old.normal in after for old in diff.old))
        and not (diff.op is Op.ADDED and all(new.normal in before for new in diff.new))
    )


def _changes_of(judgements: Iterable[Judgement]) -> tuple[Change, ...]:
    return tuple(change for judged in judgements for change in judged.changes)


def _events_of(judgements: Iterable[Judgement]) -> tuple[Change, ...]:
    return tuple(change for change in _changes_of(judgements) if change.kind in EVENT_KINDS)


def _unreached(
    archive: Archive, sources: Sequence[Source], listings: Mapping[str, Sequence[Fetched]]
) -> Mapping[str, str]:
    """The sources whose listings could not be read, or lead to no article, with the reason."""
    reasons: dict[str, str] = {}
    for source in sources:
        visits = listings.get(source.name, ())
        failed = [visit for visit in visits if visit.status is None or visit.status >= 400]
        if failed:
            reason = failed[0].error or f"the server answered {failed[0].status}"
            reasons[source.name] = f"{failed[0].url}: {reason}"
        elif not visits:
            reasons[source.name] = f"{source.start[0]} was not visited"
        elif not archive.page_states(source.name):
            reasons[source.name] = (
                f"no link of {source.start[0]} matches `articles`; "
                f"`cstowatch sources test {source.name}` shows what was found"
            )
    return reasons


def _text_hash(document: Document, statements: Iterable[Statement]) -> str:
    """SHA-256 of what the page says in comparison form: equal for glyph variants and templates."""
    lines = [normalise(document.title or ""), *(statement.normal for statement in statements)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _words_of(document: Document) -> str:
    return "\n".join(block.text for block in document.blocks)


def _day_of(reading: _Reading) -> dt.date:
    return reading.capture.fetched.fetched_at.astimezone(reading.source.timezone).date()
