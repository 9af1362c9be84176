"""Memory of a crawl over 20,000 known pages: `python -m bench.memory [--pages N]`, a line a measurement.

The pages of bench/loopback/site.py, 80 kB each, are put into a new archive as known; then `cstowatch crawl`
asks for all of them, as a user starts it: half are answered with 304, half are sent with other furniture and
must be found unchanged. Told are the peak of the crawl's own process as the kernel counts it (VmHWM), that
of its largest helper (the fork server and the workers that compare bodies), and the peak of what all of them
take together, shared pages counted once (PSS, looked at ten times a second): 250 MB are the bar of the last.
Then whether a crawl grows with what the archive remembers: the process's peak for 200 pages before
and after 200 further runs over them (bar: a twentieth more).

Takes some minutes, most of them to make the known pages.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.crawling import ROOT, served, switch
from bench.loopback.site import LANGUAGES, body_of, sources_table, tag_of, urls_of
from diffing.model import Block, BlockKind, Document, Fetched, Outcome, PageRole
from diffing.statements import split
from storage.archive import Archive, open_archive

BAR_MB, BAR_GROWTH = 250, 1.05
FEW, RUNS = 200, 200
BEGAN = dt.datetime(2026, 1, 1, 6, tzinfo=dt.UTC)
LATER = "2026-11-01T06:00Z"


def main() -> None:
    """Prints the measurements, and exits 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=20_000)
    pages = parser.parse_args().pages
    with tempfile.TemporaryDirectory() as folder, served(pages) as port:
        switch(port, 2)
        peak = _crawl_over(Path(folder), port, pages)
        print(
            f"{pages:,} known pages: {peak['together']:.0f} MB with all helpers (bar {BAR_MB}), of which the "
            f"crawl's own process {peak['own']:.0f} MB and its largest helper {peak['helper']:.0f} MB at most"
        )
    with tempfile.TemporaryDirectory() as folder, served(FEW) as port:
        switch(port, 2)
        first = _crawl_over(Path(folder), port, FEW)["own"]
        with open_archive(Path(folder) / "bench.db", write=True) as archive:
            for number in range(RUNS):
                _look_again(archive, port, BEGAN + dt.timedelta(days=310 + number))
        again = _crawl(Path(folder), "2028-01-01T06:00Z", FEW)["own"]
        print(
            f"{FEW} pages: {first:.0f} MB, after {RUNS} more runs {again:.0f} MB (bar {BAR_GROWTH:g} times)"
        )
    sys.exit(peak["together"] > BAR_MB or again > BAR_GROWTH * first)


def _crawl_over(folder: Path, port: int, pages: int) -> dict[str, float]:
    """Makes the pages known, then crawls them all; the peaks in MB."""
    table = sources_table(port).replace("delay = 0\n", f"delay = 0\nvisits_per_day = {pages}\n")
    (folder / "sources.toml").write_text(table, encoding="utf-8")
    (folder / "cstowatch.toml").write_text('contact = "bench@example.org"\n', encoding="utf-8")
    with open_archive(folder / "bench.db", write=True, create=True, now=BEGAN) as archive:
        archive.sync_sources({f"site-{n}": language for n, language in enumerate(LANGUAGES, 1)}, BEGAN)
        run = archive.begin_run(BEGAN, "crawl", ["site-1", "site-2", "site-3"])
        for page, url in enumerate(urls_of(pages, port)):
            _make_known(archive, run, page, url)
        archive.end_run(run, BEGAN, outcomes={}, changes={}, failures={})
    return _crawl(folder, LATER, pages)


def _make_known(archive: Archive, run: int, page: int, url: str) -> None:
    """As if the page had been read; every second one carries the validator that the site has now."""
    visit = _visit(page, url, BEGAN, body=body_of(page, 1), edition=1 + page // len(LANGUAGES) % 2)
    block = Block(kind=BlockKind.PARAGRAPH, text=f"What page {page} says was said on {page % 28 + 1} June.")
    document = Document(
        language=LANGUAGES[page % len(LANGUAGES)], title=f"Page {page}", published=BEGAN.date(),
        published_evidence=None, blocks=(block,),
    )  # fmt: skip
    archive.record_revision(
        archive.record_capture(run, visit), Outcome.NEW, document, split(document), [()], (),
        said_on=BEGAN.date(), extractor="bench", understood_at=BEGAN, accepted={0}, text_hash=str(page),
    )  # fmt: skip


def _visit(page: int, url: str, at: dt.datetime, *, body: bytes, edition: int) -> Fetched:
    return Fetched(
        source=f"site-{page % len(LANGUAGES) + 1}", role=PageRole.ARTICLE, url=url, final_url=url,
        fetched_at=at, status=200 if body else 304, request_headers=(("User-Agent", "csto-watch"),),
        headers=(("Content-Type", "text/html; charset=UTF-8"), ("Etag", tag_of(page, edition))),
        body=body, address="127.0.0.1",
    )  # fmt: skip


def _look_again(archive: Archive, port: int, at: dt.datetime) -> None:
    """One more run over the few pages, all of them as they were."""
    run = archive.begin_run(at, "crawl", ["site-1", "site-2", "site-3"])
    for page, url in enumerate(urls_of(FEW, port)):
        capture = archive.record_capture(run, _visit(page, url, at, body=b"", edition=2))
        archive.settle(capture, Outcome.NOT_MODIFIED)
    archive.end_run(run, at, outcomes={}, changes={}, failures={})


def _crawl(folder: Path, now: str, pages: int) -> dict[str, float]:
    command = (
        *(sys.executable, "-m", "monitor", "--config", "cstowatch.toml", "--db", "bench.db", "crawl"),
        *("--sources", "sources.toml", "--now", now),
    )
    peak = {"own": 0.0, "helper": 0.0, "together": 0.0}
    with (folder / "said.txt").open("w+", encoding="utf-8") as said:
        crawl = subprocess.Popen(
            command, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=said,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        while crawl.poll() is None:
            for name, size in _sizes(crawl.pid).items():
                peak[name] = max(peak[name], size)
            time.sleep(0.1)
        said.seek(0)
        summary = said.read()
    found = sum(int(word) for word in summary.replace(",", " ").split() if word.isdigit())
    if found < pages or ("unchanged" not in summary and "not_modified" not in summary):
        sys.exit(f"The crawl did not look at all {pages} pages: {summary[-500:]}")
    return peak


def _sizes(crawl: int) -> dict[str, float]:
    """MB that the crawl and its helpers take at this moment, or took at most."""
    helpers = list(_descendants(crawl))
    own, *others = (_told(number, "status", "VmHWM") for number in (crawl, *helpers))
    together = sum(_told(number, "smaps_rollup", "Pss") for number in (crawl, *helpers))
    return {"own": own, "helper": max(others, default=0.0), "together": together}


def _descendants(process: int) -> Iterator[int]:
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split():
            yield int(child)
            yield from _descendants(int(child))


def _told(process: int, file: str, name: str) -> float:
    """MB of one line of what the kernel says of a process; 0 where it has ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/{file}").read_text(encoding="ascii").splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    main()
