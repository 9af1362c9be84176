"""One round of the main job, read top to bottom: page, document, statements, matches, changes.

What the network gave is stored first and understood second, from the archive; so a fault in
understanding loses nothing, and a run that was cut short is picked up by the next.
"""

from __future__ import annotations

import datetime as dt
import gc
import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from crawler.addresses import article_named
from crawler.gate import SAME_TEXT_PAGES, hold, refusal
from crawler.glances import Glance
from crawler.links import canonical_link
from crawler.readings import EXTRACTOR_VERSION
from crawler.scheduling import CONFIRM_GONE, KnownPages
from crawler.teasers import Teasers, learn, without_teasers
from crawler.visible import same_but_for
from crawler.workers import Extractor
from diffing.alignment import align
from diffing.changes import SIGNIFICANCE, page_changes
from diffing.facts import read_facts, read_statements
from diffing.judging import edited_significance, judge_read, judge_text
from diffing.model import (
    Change,
    ChangeKind,
    Document,
    Fetched,
    Gazetteer,
    Judgement,
    Op,
    Outcome,
    PageRole,
    Revision,
    Significance,
    StatementDiff,
    Verdict,
)
from diffing.normal import normalise
from diffing.statements import split
from monitor.baselines import load_seeds
from monitor.foresight import Foresight, Likenesses, NewText
from monitor.rereading import reread_page
from monitor.troubles import article_links, judge_sources
from monitor.understanding import borne_out, is_same_article, newly_said, said_anew, said_on, text_hash
from seeds.sources import Source

if TYPE_CHECKING:
    from storage.archive import Archive
    from storage.records import PendingCapture

__all__ = ["TAKEN_UP_WITHIN", "Crawl", "RunReport", "Tally", "run_cycle", "understand"]

_Item = TypeVar("_Item")

Crawl = Callable[[Sequence[Source], Mapping[str, KnownPages], Callable[[Fetched], None]], None]

# So few pages can be withdrawn together on purpose, however small the site; more at once, a fifth of it,
# are a site that answers 404 for everything. Set by hand, as no record of such faults is at hand.
FEW_WITHDRAWN = 5

# A run that was cut short is taken up by one that begins so soon after it: what both visited is understood
# together then, as if nobody had killed it. Later the sites have moved on, and it is a round of its own.
TAKEN_UP_WITHIN = dt.timedelta(minutes=30)

# Visits of which the next are looked at while the first is settled: enough for the workers of four cores.
COMPARED_AT_ONCE = 8

# The same of those that are glanced at, some at a time.
GLANCED_AT_ONCE = 48

# Visits that are settled in one transaction: half the time and a quarter of the bytes written of one each,
# and what others write beside a run waits for no more than some milliseconds.
SETTLED_TOGETHER = 64

_NOTHING = Document(language="", title=None, published=None, published_evidence=None, blocks=())


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
class _Work:
    """What every step works with; `teasers` holds what is known of each source's, once it was asked for."""

    archive: Archive
    sources: Mapping[str, Source]
    gazetteer: Gazetteer
    now: dt.datetime
    extractor: Extractor
    foresight: Foresight
    tally: Tally = field(default_factory=Tally)
    teasers: dict[str, Teasers] = field(default_factory=dict)

    def teasers_of(self, source: str) -> Teasers:
        """What is known of the source's teasers so far."""
        if source not in self.teasers:
            self.teasers[source] = Teasers.from_json(self.archive.teasers(source))
        return self.teasers[source]


@dataclass(slots=True)
class _Round:
    """What one run of `crawl` found, by source: pages visited, pages that look wrong, pages found gone."""

    visited: Counter[str] = field(default_factory=Counter)
    suspects: Counter[str] = field(default_factory=Counter)
    gone: list[PendingCapture] = field(default_factory=list)

    @classmethod
    def of(cls, settled: Mapping[str, Mapping[Outcome, int]]) -> _Round:
        """A run of which some visits were understood before it was cut short: they count as they did."""
        return cls(
            visited=Counter({source: sum(outcomes.values()) for source, outcomes in settled.items()}),
            suspects=Counter(
                {source: outcomes.get(Outcome.REJECTED, 0) for source, outcomes in settled.items()}
            ),
        )


@dataclass(slots=True)
class _Settling:
    """Visits whose outcome is plain, settled many in one transaction: a kill has them looked at again."""

    work: _Work
    waiting: list[Callable[[], None]] = field(default_factory=list)

    def add(
        self, capture: PendingCapture, outcome: Outcome, reason: str | None = None, shown: bytes | None = None
    ) -> None:
        """What `_settle` is told of a visit."""
        self.waiting.append(lambda: _settle(self.work, capture, outcome, reason, shown=shown))
        if len(self.waiting) >= SETTLED_TOGETHER:
            self.finish()

    def finish(self) -> None:
        """Settles all that wait."""
        with self.work.archive.together():
            for settle in self.waiting:
                settle()
        self.waiting.clear()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A capture with what was read from it, waiting to be judged; `refused`: why it is not the article.

    `named` is another address of the source that the page says is its own (None: none), `shown` a digest of
    what it shows (None: not known).
    """

    capture: PendingCapture
    source: Source
    document: Document
    refused: str | None = None
    named: str | None = None
    shown: bytes | None = None

    @property
    def url(self) -> str:
        """The page's."""
        return self.capture.fetched.url


def run_cycle(
    archive: Archive,
    sources: Sequence[Source],
    gazetteer: Gazetteer,
    crawl: Crawl,
    now: dt.datetime,
    command: str = "crawl",
    *,
    watched: Sequence[Source] | None = None,
) -> RunReport:
    """One run over the sources: visits what is due, understands it, records what changed.

    `crawl` visits pages and hands each visit over; `now` is the clock of the run (aware). `watched` are
    all sources that are watched, of which a run may visit some (None: just these). Raises
    what `crawl` or the archive raise: what was recorded until then stands, and is understood next time.
    """
    load_seeds(archive, gazetteer, now)
    archive.sync_sources({source.name: source.language for source in watched or sources}, now)
    names = [source.name for source in sources]
    pages = {name: _pages_known(archive, command, name, now) for name in names}
    run = archive.unfinished_run(now, command, names, TAKEN_UP_WITHIN) or archive.begin_run(
        now, command, names
    )
    by_name = {source.name: source for source in sources}
    listings: dict[str, list[Fetched]] = defaultdict(list)
    links: Counter[str] = Counter()

    def keep(fetched: Fetched) -> None:
        if fetched.role is PageRole.LISTING:
            listings[fetched.source].append(replace(fetched, body=b""))
            if (found := article_links(fetched, by_name[fetched.source])) is not None:
                links[fetched.source] += found
        for visit in _visits(fetched, by_name[fetched.source]):
            archive.record_capture(run, visit)
            _begin_ahead(archive, extractor, visit, by_name[fetched.source])

    with Extractor() as extractor:
        crawl(sources, pages, keep)
        tally, held = understand(archive, sources, gazetteer, now, extractor)
    failures = {**_unreached(archive, sources, listings), **held}
    archive.end_run(run, now, outcomes=tally.outcomes, changes=tally.changes, failures=failures)
    judge_sources(
        archive, run, sources, failures, links, now, watched=[source.name for source in watched or sources]
    )
    return RunReport(outcomes=tally.outcomes, changes=tally.changes, failures=failures)


def _pages_known(archive: Archive, command: str, source: str, now: dt.datetime) -> KnownPages:
    """The source's pages that a run came to know which then came to its end.

    A crawl goes on in a listing as long as it finds what it does not know. One that was cut short knew
    the first part of the listing: if that counted as known, the rest would never be reached.
    """
    before = archive.cut_short_since(command, source)
    return archive.source_pages(source, on=now.date(), before=before)


def understand(
    archive: Archive, sources: Sequence[Source], gazetteer: Gazetteer, now: dt.datetime, extractor: Extractor
) -> tuple[Tally, Mapping[str, str]]:
    """Reads every capture not yet understood; returns the counts, and the sources held back with why.

    Captures of a run that was cut short, and that none took up, are read run by run, oldest first.
    """
    held: dict[str, str] = {}
    with _keeping_all(), Foresight(archive.path) as foresight:
        work = _Work(
            archive=archive,
            sources={source.name: source for source in sources},
            gazetteer=gazetteer,
            now=now,
            extractor=extractor,
            foresight=foresight,
        )
        for run in archive.pending_runs():
            held |= _understand_run(work, run)
    return work.tally, held


@contextmanager
def _keeping_all() -> Iterator[None]:
    """Looks for no cycles of objects meanwhile: understanding makes few, and keeps what it reads to its end.

    To look through it all again whenever there is a quarter more of it took a tenth of the time.
    """
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.enable()


def _begin_ahead(archive: Archive, extractor: Extractor, visit: Fetched, source: Source) -> None:
    """Begins what it will take to understand a visit, while the network is busy with the next ones."""
    is_article = visit.role is PageRole.ARTICLE and visit.status == 200 and visit.final_url == visit.url
    if not is_article:
        return
    differs = archive.differs_from_good(visit.url)
    if differs is None:
        extractor.read_ahead(visit, source)
    elif differs:
        extractor.glance_ahead(visit)


def _understand_run(work: _Work, run: int) -> Mapping[str, str]:
    """Understands one run's captures; the sources whose changes are held back, with why."""
    found = _Round.of(work.archive.outcomes_of(run))
    _settle_moved(work, run, found)
    readings = list(_read(work, run, found))
    work.foresight.begin(sum(reading.capture.previous_sha256 is None for reading in readings))
    # What is believed of one page depends on the others: who takes up half of that would decide otherwise.
    with work.archive.together():
        believed, held = _believed(work, found, readings)
    for first_seen, readings in _by_novelty(work, _in_order(work, _without_teasers(work, believed))):
        if first_seen:
            _record_new_pages(work, readings)
        else:
            for reading in readings:
                _record_edited_page(work, reading)
    return held


def _believed(
    work: _Work, found: _Round, readings: Sequence[_Reading]
) -> tuple[list[_Reading], Mapping[str, str]]:
    """The readings that go into the ledger, and the sources held back with why; settles all others."""
    believed = []
    for reading in _gated(_at_one_address(work, readings)):
        if reading.refused:
            found.suspects[reading.source.name] += 1
            _settle(work, reading.capture, Outcome.REJECTED, reading.refused)
        else:
            believed.append(reading)
    held = _held(work, found)
    for capture in found.gone:
        _settle_gone(work, capture, held)
    for reading in believed:
        if reason := held.get(reading.source.name):
            _settle(work, reading.capture, Outcome.REJECTED, reason)
    # A broken site teaches nothing of its teasers either.
    return [reading for reading in believed if reading.source.name not in held], held


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


def _settle_moved(work: _Work, run: int, found: _Round) -> None:
    """Settles every address that led to another one: it must be known before that one is read."""
    for capture in work.archive.pending(run, work.sources, moved=True):
        found.visited[capture.fetched.source] += 1
        _settle(work, capture, Outcome.MOVED, f"moved to {capture.fetched.final_url}")


def _captures_with_text(work: _Work, run: int, found: _Round) -> Iterator[tuple[PendingCapture, Source]]:
    """Settles every capture that says all by its status or its bytes; yields those that must be read."""
    pending = work.archive.pending(run, work.sources, moved=False, with_body=False)
    looks = _ahead(((capture, _glanced(work, capture)) for capture in pending), GLANCED_AT_ONCE)
    seen = ((capture, look()) for capture, look in looks)
    compared = _ahead((capture, glance, _shows_the_same(work, capture, glance)) for capture, glance in seen)
    settling = _Settling(work)
    for capture, glance, shows_the_same in compared:
        fetched = capture.fetched
        source = work.sources[fetched.source]
        found.visited[source.name] += 1
        if fetched.status == 304:
            settling.add(capture, Outcome.NOT_MODIFIED)
        elif fetched.status in {404, 410}:
            found.gone.append(capture)
        elif fetched.status != 200:
            settling.add(capture, Outcome.FAILED, fetched.error or f"the server answered {fetched.status}")
        elif shows_the_same():
            settling.add(capture, Outcome.UNCHANGED, shown=glance.shown if glance else None)
        else:
            yield _whole(work, capture), source
    settling.finish()


def _read(work: _Work, run: int, found: _Round) -> Iterator[_Reading]:
    """Every capture that must be read, with its document or the reason why there is none."""
    waiting: deque[PendingCapture] = deque()

    def visits() -> Iterator[tuple[Fetched, Source]]:
        for capture, source in _captures_with_text(work, run, found):
            waiting.append(capture)
            yield capture.fetched, source

    for extraction in work.extractor.read_all(visits()):
        capture = waiting.popleft()
        seen = extraction.glance
        if extraction.document is not None:
            _go_on(work, capture.fetched.url, extraction.document)
        refused = refusal(
            capture.fetched,
            extraction.document,
            _last_by_todays_rules(work, capture.fetched.url, extraction.source),
            unreadable=extraction.unreadable,
            language=extraction.source.language,
        )
        yield _Reading(
            # The bytes are in the archive; a run over thousands of pages must not hold them all.
            capture=replace(capture, fetched=replace(capture.fetched, body=b"")),
            source=extraction.source,
            document=extraction.document or _NOTHING,
            refused=refused,
            named=None if seen is None else article_named(seen.link, capture.fetched.url, extraction.source),
            shown=None if seen is None else seen.shown,
        )


def _go_on(work: _Work, url: str, document: Document) -> None:
    """Lets the history of a page that moved go on at its new address, where that shows the same article.

    Many pages may come to lead to one, as after a redesign: then it goes on with none.
    """
    old = work.archive.moved_here(url)
    if not old or work.archive.revision(url) is not None:
        return
    alike = [
        address
        for address in old
        if (last := work.archive.revision(address)) is not None and is_same_article(document, last)
    ]
    if len({work.archive.text_hash(address) for address in alike}) == 1:
        work.archive.continue_page(url, alike[0])


def _at_one_address(work: _Work, readings: Sequence[_Reading]) -> Iterator[_Reading]:
    """The readings without those of pages that name another address as their own, which shows the same."""
    sound = {reading.url: reading for reading in readings if reading.refused is None}
    for reading in sorted(readings, key=lambda reading: (reading.url, reading.capture.id)):
        if reading.refused is not None or not _is_at(work, reading, reading.named, sound):
            yield reading
            continue
        _settle(
            work,
            reading.capture,
            Outcome.MOVED,
            f"names {reading.named} as its address",
            moved_to=reading.named,
        )
        if reading.named in sound:
            _go_on(work, reading.named, sound[reading.named].document)


def _is_at(work: _Work, reading: _Reading, named: str | None, sound: Mapping[str, _Reading]) -> bool:
    """Whether the page is the one at the address that it names."""
    if named is None:
        return False
    there, last = sound.get(named), work.archive.revision(named)
    if there is not None:
        same = there.named is None and _words_of(there.document) == _words_of(reading.document)
    else:
        same = last is not None and is_same_article(reading.document, last, whole=True)
    if not same or last is None or work.archive.revision(reading.url) is None:
        return same
    # Both have a history: they are one page only where those say the same.
    return work.archive.text_hash(reading.url) == work.archive.text_hash(named)


def _last_by_todays_rules(work: _Work, url: str, source: Source) -> Revision | None:
    """The page's last revision, as today's rules read it: what they leave out has not collapsed."""
    last = work.archive.revision(url)
    if last is None or last.extractor == EXTRACTOR_VERSION:
        return last
    visit = work.archive.last_kept_visit(url)
    document = None if visit is None else work.extractor.read(visit.fetched, source).document
    return last if document is None else replace(last, title=document.title, statements=split(document))


def _gated(read: Iterable[_Reading]) -> Iterator[_Reading]:
    """The readings, refused where several addresses of a source say the very same: an error page does."""
    readings = list(read)
    texts = Counter(
        (source, words)
        for source, words, _ in {
            (reading.source.name, _words_of(reading.document), reading.url) for reading in readings
        }
    )
    for reading in readings:
        same = texts[reading.source.name, _words_of(reading.document)]
        if reading.refused is None and same >= SAME_TEXT_PAGES:
            yield replace(reading, refused=f"{same} addresses of this run gave the same text")
        else:
            yield reading


def _held(work: _Work, found: _Round) -> Mapping[str, str]:
    """The sources of which so many pages look wrong that none of their changes is believed."""
    gone = Counter(
        capture.fetched.source
        for capture in found.gone
        if work.archive.revision(capture.fetched.url) and not work.archive.is_withdrawn(capture.fetched.url)
    )
    held = {}
    for name, visited in found.visited.items():
        wrong, missing = found.suspects[name], gone[name]
        # Pages found gone are asked for again and again, so a run may visit little else.
        pages = max(visited, work.archive.page_count(name)) if missing else visited
        if hold(wrong, visited):
            held[name] = f"{wrong} of {visited} pages look wrong: all changes of this run are held back"
        elif missing >= FEW_WITHDRAWN and hold(wrong + missing, pages):
            held[name] = (
                f"{wrong + missing} of {pages} pages look wrong or are gone: "
                "all changes of this run are held back"
            )
    return held


def _without_teasers(work: _Work, readings: Sequence[_Reading]) -> Iterator[_Reading]:
    """The readings without what belongs to other articles, as learned from all pages of each source.

    A run that is taken up learns no second time from what it had learned from: some of those pages are
    recorded by then, and on the rest alone other blocks would look like furniture. How the rest begin is
    known, as it is of those recorded.
    """
    by_source: dict[str, list[_Reading]] = defaultdict(list)
    for reading in readings:
        by_source[reading.source.name].append(reading)
    for name, found in by_source.items():
        learned = work.teasers_of(name)
        through = work.archive.teasers_through(name)
        before = {reading.url: reading for reading in found if reading.capture.id <= through}
        pages = {
            reading.url: reading.document
            for reading in found
            if reading.url not in before or reading.document != before[reading.url].document
        }
        if pages:
            rest = {url: _lead_of(reading, learned) for url, reading in before.items() if url not in pages}
            learned = learn(learned, pages, {**work.archive.leads(name), **rest})
            newest = max(reading.capture.id for reading in found)
            work.archive.save_teasers(name, learned.to_json(), work.now, newest)
            work.teasers[name] = learned
        for reading in found:
            document, _ = without_teasers(reading.document, reading.url, learned)
            yield replace(reading, document=document)


def _lead_of(reading: _Reading, teasers: Teasers) -> tuple[str, ...]:
    """A page that is not recorded yet, from its beginning: its title, then its statements."""
    document, _ = without_teasers(reading.document, reading.url, teasers)
    title = (document.title,) if document.title else ()
    return (*title, *(statement.text for statement in split(document)))


def _in_order(work: _Work, readings: Iterable[_Reading]) -> list[_Reading]:
    """Oldest page first, so that what was said first is known first, whatever order the network gave."""
    rank = {name: place for place, name in enumerate(work.sources)}
    found = sorted(readings, key=lambda reading: reading.capture.id)
    # A page that was looked at twice, as the first run was cut short, is read in the order of its looks.
    age = {reading.url: _said_on(reading) for reading in reversed(found)}
    return sorted(found, key=lambda reading: (age[reading.url], rank[reading.source.name], reading.url))


def _by_novelty(work: _Work, readings: Sequence[_Reading]) -> Iterator[tuple[bool, list[_Reading]]]:
    """The readings in their order, together as long as all are the first of their page, or none is."""
    seen: set[str] = set()

    def first_seen(reading: _Reading) -> bool:
        before = reading.url in seen or work.archive.text_hash(reading.url) is not None
        seen.add(reading.url)
        return not before

    return ((novelty, list(some)) for novelty, some in groupby(readings, first_seen))


def _record_new_pages(work: _Work, readings: Sequence[_Reading]) -> None:
    """The first revisions of pages, in their order."""
    texts = (_new_text(work, reading) for reading in readings)
    with closing(work.foresight.foresee(texts, len(readings))) as foreseen:
        place = 0
        for some in foreseen:
            these = readings[place : place + len(some)]
            with work.archive.together():
                for reading, (text, likenesses) in zip(these, some, strict=True):
                    _record_new_page(work, reading, text, likenesses)
            place += len(some)


def _new_text(work: _Work, reading: _Reading) -> NewText:
    day = _said_on(reading)
    statements = split(reading.document)
    return NewText(
        url=reading.url,
        said_on=day,
        captured_at=reading.capture.fetched.fetched_at,
        statements=statements,
        told=read_statements(statements, day, work.gazetteer, reading.document.title),
    )


def _record_new_page(work: _Work, reading: _Reading, text: NewText, likenesses: Likenesses) -> None:
    """A page's first revision: what it says of events, and what nothing known is close to."""
    with work.archive.together():
        day, addresses = text.said_on, work.archive.addresses(reading.url)
        known = work.archive.known()
        judgements = judge_read(text.statements, text.told, known, day, addresses, foreseen=likenesses)
        translated = work.archive.counterpart(reading.url, reading.source.name, reading.document.published)
        # The same article in another language: its words cannot be compared, so its facts alone tell news.
        changes = _events_of(judgements) if translated else _changes_of(judgements)
        if reading.capture.previous_sha256 is not None:
            # An address that was a page before, whose history went on elsewhere.
            changes = (*_restored(work.archive, reading.capture.fetched), *changes)
        _record(work, reading, Outcome.NEW, judgements, judgements, changes, day, addresses)
        if translated:
            work.archive.record_sighting_of_page(reading.url, translated, work.now)


def _record_edited_page(work: _Work, reading: _Reading) -> None:
    """A page's next revision: what became of its statements, and what the touched ones say of events."""
    last = work.archive.revision(reading.url)
    if last is None:
        raise LookupError(f"{reading.url} was seen before and has no revision")
    diffs = _differences(work, reading, last)
    if diffs is not None and _read_anew(work, reading):
        last = work.archive.revision(reading.url) or last
        diffs = _differences(work, reading, last)
    if diffs is None:
        _settle(work, reading.capture, Outcome.UNCHANGED, shown=reading.shown)
        return
    day, addresses = _said_on(reading, edited=True), work.archive.addresses(reading.url)
    touched = said_anew(diffs)
    judgements = judge_text(
        split(reading.document),
        work.archive.known(),
        day,
        work.gazetteer,
        reading.document.title,
        addresses,
        touched,
    )
    anew = {judged.statement.index: judged for judged in judgements if judged.statement.index in touched}

    known = read_facts(last.statements, last.published or day, work.gazetteer, last.title)
    facts_before = {old.index: facts for old, facts in zip(last.statements, known, strict=True)}
    facts_after = {judged.statement.index: judged.facts for judged in judgements}

    def significance(diff: StatementDiff) -> Significance:
        return edited_significance(
            [fact for old in diff.old for fact in facts_before[old.index]],
            [fact for new in diff.new for fact in facts_after[new.index]],
        )

    edits = page_changes(diffs, last.title, reading.document.title, edited_significance=significance)
    changes = (*_restored(work.archive, reading.capture.fetched), *_events_of(anew.values()), *edits)
    _record(work, reading, Outcome.CHANGED, judgements, tuple(anew.values()), changes, day, addresses)


def _differences(work: _Work, reading: _Reading, last: Revision) -> tuple[StatementDiff, ...] | None:
    """What became of the last revision's statements, as the pages bear it out; None: it is as it was."""
    diffs = align(last.statements, split(reading.document))
    same_title = normalise(reading.document.title or "") == normalise(last.title or "")
    if same_title and all(diff.op is Op.EQUAL for diff in diffs):
        return None
    visit = work.archive.last_kept_visit(reading.url)
    after = replace(reading.capture.fetched, body=work.archive.body_of(reading.capture.id))
    borne = diffs if visit is None else borne_out(diffs, visit.fetched, after)
    return None if same_title and all(diff.op is Op.EQUAL for diff in borne) else borne


def _read_anew(work: _Work, reading: _Reading) -> bool:
    """Reads anew what the page said before; True where that is not what its last revision holds.

    Better rules are not news, nor is a teaser that was taken for the page's own until more was known:
    both sides of a comparison are read by the same rules and with the same knowledge.
    """
    return reread_page(
        work.archive,
        reading.source,
        reading.url,
        work.teasers_of(reading.source.name),
        work.extractor,
        work.gazetteer,
        work.now,
    )


def _record(
    work: _Work,
    reading: _Reading,
    outcome: Outcome,
    judgements: Sequence[Judgement],
    anew: Sequence[Judgement],
    changes: Sequence[Change],
    day: dt.date,
    addresses: Collection[str],
) -> None:
    """Keeps the revision; `anew` are the judgements of what the page did not say before."""
    fetched = reading.capture.fetched
    statements = [judged.statement for judged in judgements]
    known = work.archive.known()
    with work.archive.together():
        work.archive.record_revision(
            reading.capture.id,
            outcome,
            reading.document,
            statements,
            [newly_said(judged.statement, judged.facts, known, day, addresses) for judged in judgements],
            changes,
            said_on=day,
            extractor=EXTRACTOR_VERSION,
            understood_at=work.now,
            accepted={judged.statement.index for judged in anew if judged.verdict is not Verdict.UNRELATED},
            text_hash=text_hash(reading.document, statements),
        )
        if reading.shown is not None:
            work.archive.note_shown(reading.capture.id, reading.shown)
        said = [fact for judged in anew for fact in judged.facts]
        work.archive.record_sightings(fetched.url, said, fetched.fetched_at)
    work.tally.add(outcome, changes)


def _settle_gone(work: _Work, capture: PendingCapture, held: Mapping[str, str]) -> None:
    """A page that is gone: withdrawn where a second visit agrees, and not half the site is gone with it."""
    changes = () if capture.fetched.source in held else _withdrawn(work.archive, capture.fetched)
    reason = f"the server answered {capture.fetched.status}"
    work.archive.settle(capture.id, Outcome.GONE, reason, changes=changes)
    work.tally.add(Outcome.GONE, changes)


def _settle(
    work: _Work,
    capture: PendingCapture,
    outcome: Outcome,
    reason: str | None = None,
    moved_to: str | None = None,
    shown: bytes | None = None,
) -> None:
    """Keeps the outcome of a visit that brought no revision; a page found as it was is withdrawn no more.

    `shown` is a digest of what it shows (None: not known).
    """
    as_it_was = outcome in {Outcome.UNCHANGED, Outcome.NOT_MODIFIED}
    changes = _restored(work.archive, capture.fetched) if as_it_was else ()
    with work.archive.together():
        work.archive.settle(capture.id, outcome, reason, changes=changes, moved_to=moved_to)
        if shown is not None:
            work.archive.note_shown(capture.id, shown)
    work.tally.add(outcome, changes)


def _withdrawn(archive: Archive, fetched: Fetched) -> tuple[Change, ...]:
    """The change that a page was withdrawn: when a second visit, late enough, agrees with the first."""
    state, last = archive.page_state(fetched.url), archive.revision(fetched.url)
    if last is None or state is None or state.gone_since is None:
        return ()
    if fetched.fetched_at - state.gone_since < CONFIRM_GONE or archive.is_withdrawn(fetched.url):
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
    if not archive.is_withdrawn(fetched.url):
        return ()
    return (
        Change(
            kind=ChangeKind.PAGE_RESTORED,
            significance=SIGNIFICANCE[ChangeKind.PAGE_RESTORED],
            reason=f"was withdrawn, and answers again since {fetched.fetched_at:%Y-%m-%d %H:%MZ}",
        ),
    )


def _ahead(items: Iterable[_Item], many: int = COMPARED_AT_ONCE) -> Iterator[_Item]:
    """The items, of which so many are begun before the first is given."""
    waiting: deque[_Item] = deque()
    for item in items:
        waiting.append(item)
        if len(waiting) > many:
            yield waiting.popleft()
    yield from waiting


def _glanced(work: _Work, capture: PendingCapture) -> Callable[[], Glance | None]:
    """Begins to glance at what the visit shows, where that may tell whether it is what was shown before."""
    same_bytes = capture.sha256 == capture.previous_sha256
    if capture.previous_sha256 is None or capture.fetched.status != 200 or same_bytes:
        return lambda: None
    return work.extractor.glance(capture.fetched, lambda: work.archive.body_of(capture.id))


def _shows_the_same(work: _Work, capture: PendingCapture, seen: Glance | None) -> Callable[[], bool]:
    """Begins to find out; the answer is yes for the same bytes, and where only chrome moved."""
    fetched = capture.fetched
    if capture.previous_sha256 is None or fetched.status != 200:
        return lambda: False
    if capture.sha256 == capture.previous_sha256:
        return lambda: True
    same_at_a_glance = seen is not None and seen.shown is not None and seen.shown == capture.previous_shown
    if not same_at_a_glance:
        fetched = _whole(work, capture).fetched
    link = seen.link if seen else canonical_link(fetched.body, fetched.header("Content-Type"), fetched.url)
    # Whether it is the page at another address, which it names as its own, its words must tell.
    if article_named(link, fetched.url, work.sources[fetched.source]) is not None:
        return lambda: False
    previous = None if same_at_a_glance else work.archive.last_good_body(fetched.url)
    if previous is None:
        return lambda: same_at_a_glance
    changed = work.extractor.compare(previous, fetched)

    def answer() -> bool:
        lines = changed()
        return lines is not None and same_but_for(work.teasers_of(fetched.source), lines)

    return answer


def _whole(work: _Work, capture: PendingCapture) -> PendingCapture:
    """The capture with its body."""
    return replace(capture, fetched=replace(capture.fetched, body=work.archive.body_of(capture.id)))


def _changes_of(judgements: Iterable[Judgement]) -> tuple[Change, ...]:
    return tuple(change for judged in judgements for change in judged.changes)


def _events_of(judgements: Iterable[Judgement]) -> tuple[Change, ...]:
    return tuple(change for change in _changes_of(judgements) if change.of_event)


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
        elif not archive.page_count(source.name):
            reasons[source.name] = (
                f"no link of {source.start[0]} matches `articles`; "
                f"`cstowatch sources test {source.name}` shows what was found"
            )
    return reasons


def _words_of(document: Document) -> str:
    return "\n".join(block.text for block in document.blocks)


def _said_on(reading: _Reading, *, edited: bool = False) -> dt.date:
    return said_on(reading.document, reading.capture.fetched.fetched_at, reading.source, edited=edited)
