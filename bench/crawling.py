"""Passes over known and new pages beside what others take: `python -m bench.crawling`, a line a case.

1,500 pages of 80 kB on three hosts of loopback (bench/loopback/site.py), served by a process of its own,
manners off (`delay = 0`, one connection a host as ever), on the cores that there are, start-up included:

a. a pass over known pages that the server answers with 304;
b. a pass over known pages of which only furniture changed (view counter, clock, teasers), no validators
   agreeing: every page is sent and must be found unchanged;
c. new pages: fetched, kept, extracted, split, matched and judged against all before them, stored.

Beside (a) and (b): urlwatch 2.29 and webchanges, each with its best settings (a `css` filter on the
article, without which every page of (b) is reported; ten threads, which is all that urlwatch has and where
webchanges is fastest, with the client that is its fastest; requests' own), and a bare Scrapy spider that
fetches the same pages with Scrapy's own settings, eight connections a host. Both peers are installed by
this bench into `.peers/` with pip; webchanges 3.39 needs Python 3.12, so on 3.11 pip finds 3.37. Beside
(c): trafilatura's default extraction alone over the same bodies, in as many processes as there are cores.

Everything runs in turn, `--rounds` times; the best time of each counts. Bars: (a) and (b) as fast as the
faster peer, and 0.7 of bare Scrapy; (c) 0.8 of trafilatura alone.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.loopback.site import HOSTS, body_of, sources_table, tag_of, urls_of

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / ".peers"
REQUIRED = ("urlwatch==2.29", "webchanges>=3.37,<3.40", "cssselect")
SHARE_OF_SCRAPY, SHARE_OF_TRAFILATURA = 0.7, 0.8
THREADS = 10
# A clock so long after the first pass that every page is due again.
FIRST, LATER, LATEST = "2026-01-01T06:00Z", "2026-06-01T06:00Z", "2026-11-01T06:00Z"

SPIDER = """
import sys
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

class Bare(Spider):
    name = "bare"
    seen = 0

    async def start(self):
        for line in open(sys.argv[1]):
            url, tag = line.split()
            yield Request(url, headers={"If-None-Match": tag} if tag != "-" else None)

    def parse(self, response):
        Bare.seen += 1

process = AsyncCrawlerProcess({"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False,
    "HTTPERROR_ALLOW_ALL": True, "DOWNLOAD_DELAY": 0})
process.crawl(Bare)
process.start()
print(Bare.seen)
"""


@dataclass(slots=True)
class Taken:
    """Best wall-clock seconds of a contestant, and the seconds of CPU that went with them."""

    wall: float = float("inf")
    cpu: float = float("inf")

    def add(self, wall: float, cpu: float) -> None:
        if wall < self.wall:
            self.wall, self.cpu = wall, cpu


@dataclass(slots=True)
class Case:
    """One case with what each contestant took."""

    name: str
    taken: dict[str, Taken] = field(default_factory=dict)

    def add(self, who: str, wall: float, cpu: float) -> None:
        self.taken.setdefault(who, Taken()).add(wall, cpu)


def main() -> None:
    """Prints a line a case, and exits 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--alone", action="store_true", help="csto-watch only, without anybody beside it")
    options = parser.parse_args()
    if not options.alone:
        _install_peers()
    cases = [Case("(a) unchanged, 304"), Case("(b) only furniture changed"), Case("(c) new pages")]
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder, served(options.pages) as port:
            _round(cases, Path(folder), port, options.pages, alone=options.alone)
    print(f"{options.pages} pages, {os.cpu_count()} cores, best of {options.rounds}")
    missed = [_told(case, options.pages) for case in cases]
    sys.exit(any(missed))


def _round(cases: Sequence[Case], folder: Path, port: int, pages: int, *, alone: bool) -> None:
    unchanged, furniture, new = cases
    urls = list(urls_of(pages, port))
    ours = _Ours(folder, port)
    peers: dict[str, Callable[[], None]] = {}
    if not alone:
        peers = {"urlwatch": _urlwatch(folder, urls), "webchanges": _webchanges(folder, urls)}
    new.add("csto-watch", *_timed(lambda: ours.crawl(FIRST, "new", pages)))
    for peer in peers.values():
        peer()
    unchanged.add("csto-watch", *_timed(lambda: ours.crawl(LATER, "not_modified", pages)))
    if not alone:
        unchanged.add("scrapy", *_timed(lambda: _scrapy(folder, urls, 1)))
        for name, peer in peers.items():
            unchanged.add(name, *_timed(peer))
    switch(port, 2)
    furniture.add("csto-watch", *_timed(lambda: ours.crawl(LATEST, "unchanged", pages)))
    if not alone:
        furniture.add("scrapy", *_timed(lambda: _scrapy(folder, urls, None)))
        for name, peer in peers.items():
            furniture.add(name, *_timed(peer))
        new.add("trafilatura", *_trafilatura(pages))


def _told(case: Case, pages: int) -> bool:
    """Prints the case's line; True where a bar is missed."""
    ours = case.taken["csto-watch"]
    shown = ", ".join(
        f"{who} {pages / taken.wall:.0f} pages/s ({taken.cpu / pages * 1e3:.1f} ms CPU)"
        for who, taken in case.taken.items()
    )
    bars: dict[str, tuple[float, float]] = {}
    peers = {who: case.taken[who] for who in ("urlwatch", "webchanges") if who in case.taken}
    if peers:
        faster = min(peers, key=lambda who: peers[who].wall)
        bars[faster] = peers[faster].wall / ours.wall, 1.0
    if "scrapy" in case.taken:
        bars["bare Scrapy"] = case.taken["scrapy"].wall / ours.wall, SHARE_OF_SCRAPY
    if "trafilatura" in case.taken:
        bars["trafilatura"] = case.taken["trafilatura"].wall / ours.wall, SHARE_OF_TRAFILATURA
    ratios = ", ".join(
        f"{ratio:.2f} of {who} (bar {bar:g}{'' if ratio >= bar else ', MISSED'})"
        for who, (ratio, bar) in bars.items()
    )
    print(f"{case.name}: {shown}" + (f": {ratios}" if ratios else ""))
    return any(ratio < bar for ratio, bar in bars.values())


def _timed(job: Callable[[], object]) -> tuple[float, float]:
    """Wall-clock seconds, and seconds of CPU of the children that ended meanwhile."""
    begun, cpu = time.perf_counter(), _cpu_of_children()
    job()
    return time.perf_counter() - begun, _cpu_of_children() - cpu


def _cpu_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@contextlib.contextmanager
def served(pages: int) -> Iterator[int]:
    """The site, answering in a process of its own; its port."""
    command = [sys.executable, "-m", "bench.loopback.site", str(pages)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.stdin.close()


def switch(port: int, edition: int) -> None:
    """Has the site answer with another edition from now on."""
    with urllib.request.urlopen(f"http://{HOSTS[0]}:{port}/-/edition/{edition}") as answer:
        answer.read()


class _Ours:
    """csto-watch as a user starts it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        (folder / "sources.toml").write_text(sources_table(port), encoding="utf-8")
        (folder / "cstowatch.toml").write_text('contact = "bench@example.org"\n', encoding="utf-8")

    def crawl(self, now: str, outcome: str, pages: int) -> None:
        command = (
            *(sys.executable, "-m", "monitor", "--config", "cstowatch.toml", "--db", "bench.db", "crawl"),
            *("--sources", "sources.toml", "--now", now),
        )
        # As it is installed, with its modules compiled, like the others'; here they are after the first pass.
        env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        said = _run(command, cwd=self.folder, env={**env, "PYTHONPATH": str(ROOT)})
        summary = said.stderr.splitlines()[-1]
        if f"{pages} {outcome}" not in summary:
            sys.exit(f"csto-watch did not find {pages} pages {outcome}: {said.stderr[-500:]}")


def _run(command: Sequence[str], **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, **more)  # type: ignore[call-overload]


def _scrapy(folder: Path, urls: Sequence[str], edition: int | None) -> None:
    listed = folder / "urls.txt"
    tags = (tag_of(page, edition) if edition else "-" for page in range(len(urls)))
    listed.write_text(
        "".join(f"{url} {tag}\n" for url, tag in zip(urls, tags, strict=True)), encoding="ascii"
    )
    said = _run((sys.executable, "-c", SPIDER, str(listed)))
    if said.stdout.strip() != str(len(urls)):
        sys.exit(f"The bare spider saw {said.stdout.strip()} of {len(urls)} pages: {said.stderr[-500:]}")


def _install_peers() -> None:
    done = PEERS / "installed"
    if done.exists() and done.read_text(encoding="utf-8") == "\n".join(REQUIRED):
        return
    venv.create(PEERS, with_pip=True)
    pip = (str(PEERS / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    if _run((*pip, *REQUIRED)).returncode:
        sys.exit(f"pip could not install {', '.join(REQUIRED)} into {PEERS}; use --alone to do without")
    done.write_text("\n".join(REQUIRED), encoding="utf-8")


def _urlwatch(folder: Path, urls: Sequence[str]) -> Callable[[], None]:
    """urlwatch has ten threads, and nothing to set about them."""
    jobs = folder / "urlwatch-jobs.yaml"
    jobs.write_text(
        "---\n".join(f"url: {url}\nfilter:\n- css: .news-detail\n" for url in urls), encoding="ascii"
    )
    config = folder / "urlwatch.yaml"
    config.write_text("report:\n  stdout:\n    enabled: false\n", encoding="ascii")
    command = (
        *(str(PEERS / "bin" / "urlwatch"), "--urls", str(jobs), "--config", str(config)),
        *("--hooks", str(folder / "none.py"), "--cache", str(folder / "urlwatch.db")),
    )
    return lambda: _ran_well(command, folder)


def _webchanges(folder: Path, urls: Sequence[str]) -> Callable[[], None]:
    """Its own client, httpx, is slower here; so are the fewer threads that it takes on few cores."""
    jobs = folder / "webchanges-jobs.yaml"
    jobs.write_text(
        "---\n".join(f"url: {url}\nhttp_client: requests\nfilters:\n- css: .news-detail\n" for url in urls),
        encoding="ascii",
    )
    config = folder / "webchanges.yaml"
    config.write_text("report:\n  stdout:\n    enabled: false\n", encoding="ascii")
    command = (
        *(str(PEERS / "bin" / "webchanges"), "--jobs", str(jobs), "--config", str(config)),
        *("--hooks", str(folder / "none.py"), "--database", str(folder / "webchanges.db")),
        *("--max-workers", str(THREADS)),
    )
    return lambda: _ran_well(command, folder)


def _ran_well(command: Sequence[str], folder: Path) -> None:
    said = _run(command, cwd=folder, env={**os.environ, "HOME": str(folder)})
    if said.returncode:
        sys.exit(f"{command[0]} failed: {(said.stdout + said.stderr)[-800:]}")


def _trafilatura(pages: int) -> tuple[float, float]:
    """Without the time to start: the extraction alone."""
    cores = os.cpu_count() or 1
    with multiprocessing.get_context("spawn").Pool(cores, initializer=_warm) as pool:
        pool.map(_default_extraction, [body_of(page, 1) for page in range(cores)], chunksize=1)
        bodies = [body_of(page, 1) for page in range(pages)]
        begun = time.perf_counter()
        spent = sum(pool.imap_unordered(_default_extraction, bodies, chunksize=4))
        return time.perf_counter() - begun, spent


def _warm() -> None:
    import trafilatura

    trafilatura.extract(body_of(0, 1))


def _default_extraction(body: bytes) -> float:
    import trafilatura

    begun = time.process_time()
    if not trafilatura.extract(body):
        raise ValueError("trafilatura found nothing")
    return time.process_time() - begun


if __name__ == "__main__":
    main()
