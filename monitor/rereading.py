"""Reads what was captured before with today's rules, quietly: better rules are not news."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from crawler.readings import EXTRACTOR_VERSION
from crawler.teasers import Teasers, learn, without_teasers
from crawler.workers import Extraction, Extractor
from diffing.alignment import align
from diffing.facts import read_facts, read_statements
from diffing.model import Document, Fetched, Gazetteer
from diffing.statements import split
from monitor.understanding import borne_out, newly_said, said_anew, said_on, text_hash
from seeds.sources import Source
from storage.records import KeptVisit, Rereading

if TYPE_CHECKING:
    from storage.archive import Archive

__all__ = ["Reprocessed", "reprocess", "reread_page"]

PAGES_AT_ONCE = 500
"""Pages whose texts are held in memory to learn teasers from each other; about 5 kB each.

Pages seen about the same time carry the same teasers, so more would teach little.
"""


@dataclass(slots=True)
class Reprocessed:
    """How many pages were read anew, how many then said something else, and which cannot be read any more."""

    pages: int = 0
    replaced: int = 0
    unreadable: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A page's kept visits (without their bodies) and what is read from each, oldest first."""

    url: str
    visits: tuple[KeptVisit, ...]
    documents: tuple[Document, ...]
    said_on: tuple[dt.date, ...]


def reprocess(
    archive: Archive, sources: Sequence[Source], gazetteer: Gazetteer, now: dt.datetime
) -> Reprocessed:
    """Reads every page of the sources anew: extraction, teasers, statements, facts; the baseline's facts too.

    Records no change; what was believed before stays known for questions about earlier times. Doing
    so again changes nothing. A page that cannot be read any more keeps what was read before.
    """
    done = Reprocessed()
    for number, text in archive.baseline_texts():
        facts = read_facts(text.statements, text.said_on or now.date(), gazetteer, text.title)
        archive.replace_baseline_facts(number, text.statements, facts, now)
    with Extractor() as extractor:
        for source in sources:
            states = sorted(
                (state for state in archive.page_states(source.name) if state.moved_to is None),
                key=lambda state: (state.first_seen, state.url),
            )
            for start in range(0, len(states), PAGES_AT_ONCE):
                urls = [state.url for state in states[start : start + PAGES_AT_ONCE]]
                pages = list(_read(archive, source, urls, extractor, done))
                texts = {page.url: page.documents[-1] for page in pages}
                # These pages' leads are what is read now, not what was taken for them before.
                leads = {url: lead for url, lead in archive.leads(source.name).items() if url not in texts}
                teasers = learn(Teasers.from_json(archive.teasers(source.name)), texts, leads)
                archive.save_teasers(source.name, teasers.to_json(), now)
                # Oldest first: whether a statement repeats another page's is asked of what is known by then.
                for page in sorted(pages, key=lambda page: (page.said_on[0], page.url)):
                    done.replaced += _replace(archive, page, teasers, gazetteer, now)
    archive.keep_standing()
    return done


def reread_page(
    archive: Archive,
    source: Source,
    url: str,
    teasers: Teasers,
    extractor: Extractor,
    gazetteer: Gazetteer,
    now: dt.datetime,
) -> bool:
    """Reads one page anew; False where it says what it said, or cannot be read any more.

    Its earlier revisions are read too, unless the same rules read the last one and still read it so: a page
    that is edited often must not be read from its beginning at each edit.
    """
    if _reads_as_before(archive, source, url, teasers, extractor):
        return False
    pages = list(_read(archive, source, (url,), extractor, Reprocessed()))
    return any(_replace(archive, page, teasers, gazetteer, now) for page in pages)


def _reads_as_before(
    archive: Archive, source: Source, url: str, teasers: Teasers, extractor: Extractor
) -> bool:
    """Whether today's rules read the last revision, and would read the same of its visit."""
    last, visit = archive.revision(url), archive.last_kept_visit(url)
    if last is None or visit is None or last.extractor != EXTRACTOR_VERSION:
        return False
    document = extractor.read(replace(visit.fetched, url=url), source).document
    if document is None:
        return False
    own, _ = without_teasers(_as_dated(archive, source, url, document, extractor), url, teasers)
    return (own.title, own.published, split(own)) == (last.title, last.published, last.statements)


def _as_dated(
    archive: Archive, source: Source, url: str, document: Document, extractor: Extractor
) -> Document:
    """The document with the date that the page printed when its words were first found.

    A later visit that found the words as they were is no newer revision, whatever day it prints: a page
    without a date of its own may show that of a list beside it, which moves every week.
    """
    last = archive.revision(url)
    if last is None or last.published == document.published:
        return document
    first = archive.visit_that_changed(url)
    dated = extractor.read(replace(first, url=url), source).document if first else None
    if dated is None:
        return document
    return replace(document, published=dated.published, published_evidence=dated.published_evidence)


def _read(
    archive: Archive, source: Source, urls: Sequence[str], extractor: Extractor, done: Reprocessed
) -> Iterator[_Page]:
    """The pages that have a revision and can be read; the others are noted in `done`."""
    visits: dict[str, list[KeptVisit]] = {}

    def kept() -> Iterator[tuple[Fetched, Source]]:
        for url in urls:
            for visit in archive.kept_visits(url):
                # A bundle of pages must not be held in memory with its bytes.
                bare = replace(visit, fetched=replace(visit.fetched, body=b""))
                visits.setdefault(url, []).append(bare)
                # Under today's address of a page that has moved.
                yield replace(visit.fetched, url=url), source

    extractions: dict[str, list[Extraction]] = {}
    for extraction in extractor.read_all(kept()):
        url = extraction.fetched.url
        bare = replace(extraction, fetched=replace(extraction.fetched, body=b""))
        extractions.setdefault(url, []).append(bare)
    for url, read in extractions.items():
        done.pages += 1
        documents = tuple(extraction.document for extraction in read if extraction.document is not None)
        if len(documents) < len(read):
            reasons = [extraction.unreadable for extraction in read if extraction.document is None]
            done.unreadable[url] = reasons[-1] or "no text of an article was found on the page"
            continue
        documents = (*documents[:-1], _as_dated(archive, source, url, documents[-1], extractor))
        yield _Page(
            url=url,
            visits=tuple(visits[url]),
            documents=documents,
            said_on=tuple(
                said_on(document, visit.captured_at, source, edited=visit.number > 1)
                for visit, document in zip(visits[url], documents, strict=True)
            ),
        )


def _replace(archive: Archive, page: _Page, teasers: Teasers, gazetteer: Gazetteer, now: dt.datetime) -> bool:
    """Puts what is read of a page in the place of what was; False: it says what it said."""
    readings: list[Rereading] = []
    for visit, document, day in zip(page.visits, page.documents, page.said_on, strict=True):
        own, _ = without_teasers(document, page.url, teasers)
        before = readings[-1] if readings else None
        readings.append(_reread(archive, page.url, visit, own, day, before, gazetteer))
    return archive.replace_readings(page.url, readings, extractor=EXTRACTOR_VERSION, understood_at=now)


def _reread(
    archive: Archive,
    url: str,
    visit: KeptVisit,
    document: Document,
    day: dt.date,
    before: Rereading | None,
    gazetteer: Gazetteer,
) -> Rereading:
    """What one visit says today, and what of it the page had not said `before` (None: all of it)."""
    statements = split(document)
    told = read_statements(statements, day, gazetteer, document.title)
    accepted = {
        statement.index for statement, tells in zip(statements, told, strict=True) if tells.of_substance
    }
    if before is not None:
        shown = (
            replace(kept.fetched, body=archive.body_of(kept.capture_id)) for kept in (before.visit, visit)
        )
        accepted &= said_anew(borne_out(align(before.statements, statements), *shown))
    known = archive.known()
    addresses = archive.addresses(url)
    return Rereading(
        visit=visit,
        document=document,
        statements=statements,
        facts=[
            newly_said(statement, tells.facts, known, day, addresses)
            for statement, tells in zip(statements, told, strict=True)
        ],
        accepted=accepted,
        said_on=day,
        text_hash=text_hash(document, statements),
    )
