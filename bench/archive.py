"""The archive at size: `python -m bench.archive [--pages N] [--keep FILE]`, a line a bar.

Generated through the archive's own door: N pages (100,000) with 3 revisions each, 10 statements a page, two
changes a revised page, spread over a year of daily runs. Then, as CPU of the command in a process that
has its imports done: `changes --since` a day, `events`, `search`, `status` (bar 100 ms each); `verify`
(bar 100 MB of bodies as sent a second of CPU); what a visit costs on disk that found a page unchanged (bar
300 bytes), and one that found it changed (bar 1/20 of the page), the latter on generated revisions of the
real pages in ../shared/gold/pages; how long the last body of a chain takes to read (bar 5 ms); and by how
much a crawl's memory grows with the archive (bar 4 MB, which is SQLite's cache and not the archive's size).

Making the full size takes some 15 minutes and 3 GB; `--pages 2000` takes seconds. With `--keep` the file
stays, and is used where it is there.
"""

# ruff: noqa: SLF001 - sizes are asked of the connection, and a day is made in one unit
from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import gzip
import io
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from diffing.model import (
    Attribute,
    Change,
    ChangeKind,
    Document,
    Fact,
    Fetched,
    Outcome,
    PageRole,
    Precision,
    Significance,
    Statement,
    Window,
)
from diffing.normal import normalise
from monitor.cli import cstowatch
from storage import bodies
from storage.archive import Archive, open_archive

GOLD = Path(__file__).resolve().parents[1].parent / "shared" / "gold" / "pages"
BEGAN = dt.datetime(2025, 1, 1, 6, tzinfo=dt.UTC)
SOURCE = "site-en"
DAYS = 360
BAR_MS, BAR_MB, BAR_UNCHANGED, BAR_CHANGED, BAR_READ = 100.0, 100.0, 300.0, 1 / 20, 5.0
REAL_REVISIONS = 6
# MB: SQLite's own cache of 2 MB may be full with the one archive and not with the other.
BUDGET, BAR_GROWTH = 1000, 4.0
HEADERS = (
    ("Server", "nginx/1.24.0"),
    ("Date", "Thu, 11 Sep 2025 12:00:00 GMT"),
    ("Content-Type", "text/html; charset=UTF-8"),
    ("X-Powered-CMS", "Bitrix Site Manager"),
    ("P3P", 'policyref="/bitrix/p3p.xml", CP="NON DSP COR CUR ADM"'),
    ("ETag", '"5f3a-61d2c0a8b7c40"'),
    ("Last-Modified", "Thu, 11 Sep 2025 06:00:00 GMT"),
    ("Cache-Control", "max-age=0"),
)

# With it a page has the size of the real ones: 77 kB is the median of those in ../shared/gold/pages.
CHROME = "\n".join(
    f'<li class="menu-{n % 7}"><a href="/section/{n * 7919 % 997}/">Section {n * 104_729 % 9973}</a></li>'
    for n in range(1200)
)


class Words:
    """Sentences of words as common as real ones are: a few often, most seldom."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        letters = "aeiou", "bcdfghklmnprstvz"
        maker = random.Random(1)
        self.words = list(
            dict.fromkeys(
                "".join(maker.choice(letters[place % 2]) for place in range(maker.randint(3, 10)))
                for _ in range(30_000)
            )
        )
        self.weights = [1 / (rank + 3) for rank in range(len(self.words))]
        self.store: list[str] = []

    def sentence(self) -> str:
        if len(self.store) < 30:
            self.store = self.chance.choices(self.words, self.weights, k=20_000)
        size = self.chance.randint(12, 24)
        chosen, self.store = self.store[-size:], self.store[:-size]
        return " ".join(chosen).capitalize() + f" on {self.chance.randint(1, 28)} June."


def statement(index: int, text: str) -> Statement:
    return Statement(index=index, text=text, normal=normalise(text), language="en")


def fetched(url: str, at: dt.datetime, body: bytes, role: PageRole = PageRole.ARTICLE) -> Fetched:
    return Fetched(
        source=SOURCE, role=role, url=url, final_url=url, fetched_at=at, status=200,
        request_headers=(("User-Agent", "csto-watch"),), headers=HEADERS, body=body, address="127.0.0.1",
    )  # fmt: skip


def window(chance: random.Random) -> Window:
    start = dt.date(2025, 1, 1) + dt.timedelta(days=chance.randrange(300))
    return Window(start=start, end=start + dt.timedelta(days=4), precision=Precision.DAY)


def changes_of(chance: random.Random, event: str | None, old: str, new: str) -> tuple[Change, ...]:
    edited = Change(
        kind=ChangeKind.STATEMENT_EDITED, significance=Significance.LOW, old_statements=(old,),
        new_statements=(new,), reason="edited",
    )  # fmt: skip
    if event is None:
        return (edited,)
    moved = Change(
        kind=ChangeKind.RESCHEDULED, significance=Significance.HIGH, event=event, attribute=Attribute.WINDOW,
        old=window(chance), new=window(chance), shift_days=3, old_statements=(old,), new_statements=(new,),
        reason="another window",
    )  # fmt: skip
    return edited, moved


def generate(path: Path, pages: int) -> None:
    """Fills a new archive: every page is visited on three days, and says something else on each."""
    words = Words(7)
    with open_archive(path, write=True, create=True, now=BEGAN) as archive:
        archive.sync_sources({SOURCE: "en"}, BEGAN)
        told: dict[int, list[str]] = {}
        visits = sorted((day, page) for page in range(pages) for day in _days(page))
        done = 0
        for day in range(DAYS):
            at = BEGAN + dt.timedelta(days=day)
            run = archive.begin_run(at, "crawl", [SOURCE])
            # One unit a day: the page by page of a real run would take the disk's time, not the CPU's.
            with archive._connection.unit():
                while done < len(visits) and visits[done][0] == day:
                    _visit(archive, run, at, visits[done][1], told, words)
                    done += 1
                    if done % 20_000 == 0:
                        print(f"{done:,} of {len(visits):,} visits made", file=sys.stderr)
            archive.end_run(run, at, outcomes={}, changes={}, failures={})


def _days(page: int) -> tuple[int, int, int]:
    """When it is first seen and edited twice; any day has about as many of each."""
    chance = random.Random(page)
    first, second, third = sorted(chance.sample(range(DAYS), 3))
    return first, second, third


def _visit(
    archive: Archive, run: int, at: dt.datetime, page: int, told: dict[int, list[str]], words: Words
) -> None:
    url = f"https://en.example.org/news/news_odkb/a-title-of-some-length-number-{page}/"
    lines = told.get(page)
    first = lines is None
    old = new = words.sentence()
    if lines is None:
        lines = [words.sentence() for _ in range(8)]
        touched = range(8)
    else:
        place = words.chance.randrange(8)
        old, lines[place] = lines[place], new
        touched = range(place, place + 1)
    told[page] = lines
    event = f"Exercise {page // 50 % 400}-2025" if page % 50 == 0 else None
    facts: list[tuple[Fact, ...]] = [()] * 8
    if event is not None:
        fact = Fact(event=event, attribute=Attribute.WINDOW, value=window(words.chance), quote="on 4 June")
        facts[touched[0]] = (fact,)
    text = "".join(f"<p>{line}</p>" for line in lines)
    body = (
        f"<html><head><title>Page {page}</title></head><ul>{CHROME}</ul>{text}<i>{at:%H%M%S}{page}</i></html>"
    )
    capture = archive.record_capture(run, fetched(url, at, body.encode()))
    document = Document(
        language="en", title=f"Page {page}", published=at.date(), published_evidence=None, blocks=()
    )
    archive.record_revision(
        capture, Outcome.NEW if first else Outcome.CHANGED, document,
        [statement(index, line) for index, line in enumerate(lines)], facts,
        () if first else changes_of(words.chance, event, old, new),
        said_on=at.date(), extractor="bench", understood_at=at, accepted=touched, text_hash=str(page),
    )  # fmt: skip


def cpu_of(arguments: Sequence[str]) -> tuple[float, int]:
    """Milliseconds of CPU of a command in this process, median of five, and the size of what it prints."""
    spent = []
    for _ in range(5):
        out = io.StringIO()
        begun = time.process_time_ns()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            cstowatch.main(list(arguments), prog_name="cstowatch", standalone_mode=False)
        spent.append((time.process_time_ns() - begun) / 1e6)
    return statistics.median(spent), len(out.getvalue())


def answers(path: Path) -> Iterator[str]:
    day = (BEGAN + dt.timedelta(days=300)).date()
    words = Words(7).words
    for name, arguments in (
        ("changes --since a day", ("changes", "--since", f"{day}", "--until", f"{day}", "--format", "json")),
        ("events", ("events", "--format", "table")),
        ("events, whole histories", ("events", "--format", "json")),
        ("events EVENT", ("events", "Exercise 20-2025", "--format", "json")),
        ("search, common words", ("search", f"{words[5]} {words[9]}", "--format", "json")),
        ("search, a rare word", ("search", words[9_000], "--format", "json")),
        ("status", ("status", "--format", "json")),
    ):
        cpu, size = cpu_of(("--db", str(path), *arguments))
        bar = f"bar {BAR_MS:.0f} ms, {_kept(cpu <= BAR_MS)}"
        yield f"archive: {name} {cpu:.0f} ms CPU ({size:,} characters); {bar}"


def verification(path: Path) -> str:
    with open_archive(path) as archive:
        sizes = archive.sizes()
        begun = time.process_time()
        findings = archive.verify()
        spent = time.process_time() - begun
    megabytes = sizes.body_bytes / 1e6
    assert findings == (), findings
    return (
        f"archive: verify {megabytes / spent:.0f} MB/s ({megabytes:,.0f} MB of bodies in {spent:.1f} s CPU, "
        f"{sizes.statements:,} statements); bar {BAR_MB:.0f} MB/s, {_kept(megabytes / spent >= BAR_MB)}"
    )


def unchanged(folder: Path) -> str:
    """Disk per visit that found a page as it was, in the steady state of an archive of 100 pages."""
    with open_archive(folder / "unchanged.db", write=True, create=True) as archive:
        for round_ in range(20):
            _unchanged_round(archive, round_)
        before = _used(archive)
        for round_ in range(20, 120):
            _unchanged_round(archive, round_)
        cost = (_used(archive) - before) / (100 * 100)
    bar = f"bar {BAR_UNCHANGED:.0f}, {_kept(cost <= BAR_UNCHANGED)}"
    return f"archive: an unchanged capture {cost:.0f} bytes; {bar}"


def _unchanged_round(archive: Archive, round_: int) -> None:
    at = BEGAN + dt.timedelta(hours=round_)
    run = archive.begin_run(at, "crawl", [SOURCE])
    with archive._connection.unit():
        for page in range(100):
            url = f"https://en.example.org/news/news_odkb/a-title-of-some-length-number-{page}/"
            archive.settle(archive.record_capture(run, fetched(url, at, url.encode())), Outcome.UNCHANGED)
    archive.end_run(run, at, outcomes={}, changes={}, failures={})


def changed(folder: Path) -> Iterator[str]:
    """Disk per visit that found a page changed, on generated revisions of real pages."""
    if not GOLD.is_dir():
        yield "archive: a changed capture not measured: ../shared/gold is absent"
        return
    chance = random.Random(5)
    pages = [gzip.decompress(file.read_bytes()) for file in sorted(GOLD.glob("*.gz"))]
    chains = [list(_revisions(page, chance, REAL_REVISIONS)) for page in pages]
    with open_archive(folder / "changed.db", write=True, create=True) as archive:
        for number in range(REAL_REVISIONS):
            if number == 1:
                before = _used(archive)
            at = BEGAN + dt.timedelta(days=number)
            run = archive.begin_run(at, "crawl", [SOURCE])
            with archive._connection.unit():
                for page, chain in enumerate(chains):
                    _real_visit(archive, run, at, page, chain[number])
        grown = _used(archive) - before
        stored = archive._connection.rows(
            "SELECT b.stored * 1.0 / b.size AS share FROM captures c JOIN bodies b ON b.id = c.body_id "
            "JOIN runs r ON r.id = c.run_id WHERE r.id > 1"
        )
    size = statistics.median(len(page) for page in pages)
    share = statistics.median(row["share"] for row in stored)
    whole = grown / ((REAL_REVISIONS - 1) * len(pages))
    yield (
        f"archive: a changed capture 1/{1 / share:.0f} of its page's bytes at the median, with rows, "
        f"statements and indexes {whole:,.0f} bytes (1/{size / whole:.0f} of the median page, {size:,.0f}), "
        f"{len(pages)} pages; bar 1/20, {_kept(share <= BAR_CHANGED and whole / size <= BAR_CHANGED)}"
    )


_RUN_OF_TEXT = re.compile(rb">([^<>]{40,})<")


def _revisions(page: bytes, chance: random.Random, count: int) -> Iterator[bytes]:
    """The page, and edits of it: each changes words in two runs of its text, and a counter in its chrome."""
    yield page
    for number in range(1, count):
        runs = [found.span(1) for found in _RUN_OF_TEXT.finditer(page)]
        for start, end in sorted(chance.sample(runs, min(2, len(runs))), reverse=True):
            words = page[start:end].split(b" ")
            words[chance.randrange(len(words))] = f"{chance.randint(1, 28)} October".encode()
            page = page[:start] + b" ".join(words) + page[end:]
        page = re.sub(rb"</body>", f"<i>{number * 7} views</i></body>".encode(), page, count=1)
        yield page


def _real_visit(archive: Archive, run: int, at: dt.datetime, page: int, body: bytes) -> None:
    url = f"https://en.example.org/news/news_odkb/a-title-of-some-length-number-{page}/"
    lines = [" ".join(found.decode("utf-8", "replace").split()) for found in _RUN_OF_TEXT.findall(body)][:25]
    before = archive.revision(url)
    known = {old.text for old in before.statements} if before else set()
    new = [index for index, line in enumerate(lines) if line not in known]
    document = Document(
        language="en", title="A title", published=at.date(), published_evidence=None, blocks=()
    )
    archive.record_revision(
        archive.record_capture(run, fetched(url, at, body)),
        Outcome.CHANGED if before else Outcome.NEW, document,
        [statement(index, line) for index, line in enumerate(lines)], [()] * len(lines),
        changes_of(random.Random(1), None, "", "") if before else (),
        said_on=at.date(), extractor="bench", understood_at=at, accepted=new, text_hash=str(page),
    )  # fmt: skip


def reading(folder: Path) -> str:
    """How long it takes to read a body at the end of the longest chain, of revisions of real pages."""
    if not GOLD.is_dir():
        return "archive: reading a body not measured: ../shared/gold is absent"
    chance = random.Random(6)
    pages = [gzip.decompress(file.read_bytes()) for file in sorted(GOLD.glob("*.gz"))]
    with open_archive(folder / "chains.db", write=True, create=True) as archive:
        last = []
        for number, page in enumerate(pages):
            with archive._connection.unit():
                for round_, body in enumerate(_revisions(page, chance, bodies.CHAIN)):
                    at = BEGAN + dt.timedelta(hours=round_)
                    run = archive.begin_run(at, "crawl", [SOURCE])
                    last.append(
                        archive.record_capture(run, fetched(f"https://en.example.org/{number}/", at, body))
                    )
        deepest = [last[place] for place in range(bodies.CHAIN - 1, len(last), bodies.CHAIN)]
        spent = sorted(_cpu_to_read(archive, capture) for capture in deepest)
    return (
        f"archive: a body behind {bodies.CHAIN - 1} others read in {statistics.median(spent):.2f} ms CPU at "
        f"the median, {spent[-1]:.2f} at most, {len(pages)} pages; bar {BAR_READ:.0f} ms, "
        f"{_kept(spent[-1] <= BAR_READ)}"
    )


def _cpu_to_read(archive: Archive, capture: int) -> float:
    """The least of three: a neighbour on the processor is not the archive's."""
    spent = []
    for _ in range(3):
        begun = time.process_time_ns()
        archive.body_of(capture)
        spent.append((time.process_time_ns() - begun) / 1e6)
    return min(spent)


def memory(path: Path, folder: Path) -> str:
    """By how much more memory a run's look-ups take with the large archive than with a small one.

    The small one has as many pages as a run looks at in a day, so that both plan for as many visits.
    """
    few = folder / "few.db"
    generate(few, BUDGET)
    small, without = _peaks(few)
    large, states = _peaks(path)
    return (
        f"archive: a crawl's memory grows by {large - small:.1f} MB with this archive (from {small:.0f} MB), "
        f"and by {states - large - without + small:.1f} MB for the states of its pages; bar "
        f"{BAR_GROWTH:.0f}, {_kept(states - without < BAR_GROWTH)}"
    )


# Not ru_maxrss, which begins with what the process took that started this one.
_LOOKS = """
import sys, datetime as dt
import crawler.run
from crawler.scheduling import Pace, due
from monitor.cycle import run_cycle
from storage.archive import open_archive
def peak():
    print(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0])
with open_archive(sys.argv[1]) as archive:
    archive.leads("site-en"), archive.known().candidates("of the and 4 june", ())
    peak()
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    pages = archive.source_pages("site-en", on=now.date())
    for page in due(pages, now, Pace(looks_a_day=int(sys.argv[2]), interval=dt.timedelta(hours=1))):
        pages.get(page.url)
    peak()
"""


def _peaks(database: Path) -> tuple[float, float]:
    """MB at most after a run's look-ups, and after it chose what is due of all pages."""
    done = subprocess.run(
        [sys.executable, "-c", _LOOKS, str(database), str(BUDGET)], capture_output=True, text=True, check=True
    )
    before, after = (int(line) / 1024 for line in done.stdout.split())
    return before, after


def _used(archive: Archive) -> int:
    pages, free = (archive._connection.value(f"PRAGMA {name}") for name in ("page_count", "freelist_count"))
    return int((pages - free) * archive._connection.value("PRAGMA page_size"))


def _kept(kept: bool) -> str:
    return "kept" if kept else "MISSED"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--keep", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = chosen.keep or Path(folder) / "archive.db"
        if not path.exists():
            begun = time.process_time()
            generate(path, chosen.pages)
            print(
                f"archive: {chosen.pages:,} pages made in {time.process_time() - begun:,.0f} s CPU, "
                f"{path.stat().st_size / 1e6:,.0f} MB on disk"
            )
        for line in answers(path):
            print(line)
        print(verification(path))
        print(unchanged(Path(folder)))
        for line in changed(Path(folder)):
            print(line)
        print(reading(Path(folder)))
        print(memory(path, Path(folder)))


if __name__ == "__main__":
    main()
