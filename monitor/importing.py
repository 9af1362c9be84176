"""Archived captures read back as if crawled then: run by run, in the order of time."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from crawler.addresses import hosts_of
from crawler.urls import canonical, host_of
from crawler.workers import Extractor
from diffing.model import Fetched, Gazetteer, PageRole
from monitor.baselines import load_seeds
from monitor.cycle import TAKEN_UP_WITHIN, RunReport, understand
from seeds.sources import Source

if TYPE_CHECKING:
    from storage.archive import Archive
    from storage.importing import ArchivedVisit, WarcFiles

__all__ = ["COMMAND", "Imported", "import_captures"]

# The word under which such runs stand in the archive.
COMMAND = "import"

# In a file that is not ours nothing says where one run ended: after so long without a visit, or when a page
# comes a second time, the next one has begun. A polite crawl makes a visit every few seconds.
_PAUSE = dt.timedelta(hours=1)


@dataclass(slots=True)
class Imported:
    """What an import did: captures taken in and runs made of them; what was left out, by reason in words."""

    captures: int = 0
    runs: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)

    def summary(self) -> str:
        """Counts by outcome and by change kind, as a crawl ends with."""
        return RunReport(outcomes=self.outcomes, changes=self.changes, failures={}).summary()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """A visit in a file with the page, source and role that it concerns."""

    archived: ArchivedVisit
    url: str
    source: Source
    role: PageRole


def import_captures(
    archive: Archive, files: WarcFiles, sources: Sequence[Source], gazetteer: Gazetteer
) -> Imported:
    """Takes every visit to a page of the sources into the archive, and understands it as of its time.

    A visit that the archive has already, or that is older than what it knows of the page, is left out:
    history is added to, never rewritten. Doing so again changes nothing.
    """
    done = Imported()
    visits = list(_visits_to(sources, files.visits, done))
    if visits:
        archive.sync_sources({source.name: source.language for source in sources}, visits[0].archived.at)
        load_seeds(archive, gazetteer, visits[0].archived.at)
    for together in _runs(visits):
        _take_in(archive, files, together, sources, gazetteer, done)
    done.left_out.update({f"records that {words}": count for words, count in files.faults.items()})
    return done


def _visits_to(
    sources: Sequence[Source], visits: Iterable[ArchivedVisit], done: Imported
) -> Iterator[_Visit]:
    """The visits to pages of the sources, each with its page."""
    by_name = {source.name: source for source in sources}
    by_host: dict[str, list[Source]] = {}
    for source in sources:
        for host in hosts_of(source):
            by_host.setdefault(host, []).append(source)
    for visit in visits:
        url = canonical(visit.url)
        if visit.source in by_name and visit.role is not None:
            yield _Visit(archived=visit, url=url, source=by_name[visit.source], role=visit.role)
            continue
        for source in by_host.get(host_of(url), ()):
            role = _role_of(url, source)
            if role is not None:
                yield _Visit(archived=visit, url=url, source=source, role=role)
                break
        else:
            done.left_out["captures of pages of no source"] += 1


def _role_of(url: str, source: Source) -> PageRole | None:
    """What the page is to the source; None: it would not have been visited."""
    if url in {canonical(start) for start in source.start}:
        return PageRole.LISTING
    if re.search(source.articles, url):
        return PageRole.ARTICLE
    return PageRole.LISTING if source.follow and re.search(source.follow, url) else None


def _runs(visits: Sequence[_Visit]) -> Iterator[Sequence[_Visit]]:
    """The visits, those together that one run made, or may have made."""
    together: list[_Visit] = []
    pages: set[str] = set()
    for visit in visits:
        if together and _begins_a_run(visit, together[-1], pages):
            yield together
            together, pages = [], set()
        together.append(visit)
        pages.add(visit.url)
    if together:
        yield together


def _begins_a_run(visit: _Visit, before: _Visit, pages: set[str]) -> bool:
    if visit.archived.run != before.archived.run:
        return True
    if visit.archived.run is not None:
        return False
    return visit.url in pages or visit.archived.at - before.archived.at > _PAUSE


def _is_new(archive: Archive, visit: _Visit, done: Imported) -> bool:
    """Whether the archive knows nothing as new of the page; otherwise it is counted why not."""
    state, at = archive.page_state(visit.url), visit.archived.at
    if state is None or state.last_visit < at:
        return True
    there = any(archive.looks(visit.url, at, at + dt.timedelta(microseconds=1)))
    reason = "captures that are there already" if there else "captures older than what is known of their page"
    done.left_out[reason] += 1
    return False


def _take_in(
    archive: Archive,
    files: WarcFiles,
    visits: Sequence[_Visit],
    sources: Sequence[Source],
    gazetteer: Gazetteer,
    done: Imported,
) -> None:
    """One run, as `monitor.cycle.run_cycle` makes it of what the network gives; taken up if cut short."""
    began, ended = visits[0].archived.at, visits[-1].archived.at
    names = [source.name for source in sources]
    run = archive.unfinished_run(began, COMMAND, names, TAKEN_UP_WITHIN)
    for visit in visits:
        fetched = _fetched(archive, files, visit) if _is_new(archive, visit, done) else None
        if fetched is not None:
            run = archive.begin_run(began, COMMAND, names) if run is None else run
            archive.record_capture(run, fetched)
            done.captures += 1
    if run is None:
        return
    with Extractor() as extractor:
        tally, held = understand(archive, sources, gazetteer, ended, extractor)
    archive.end_run(run, ended, outcomes=tally.outcomes, changes=tally.changes, failures=held)
    done.runs += 1
    done.outcomes += tally.outcomes
    done.changes += tally.changes


def _fetched(archive: Archive, files: WarcFiles, visit: _Visit) -> Fetched | None:
    fetched = files.read(
        visit.archived,
        source=visit.source.name,
        role=visit.role,
        url=visit.url,
        body_by_digest=archive.body_by_digest,
    )
    return None if fetched is None else replace(fetched, final_url=canonical(fetched.final_url))
