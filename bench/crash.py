"""Kill -9 in the middle of a crawl, then crawl again: `python -m bench.crash [--kills N]`, one line out.

The bundled replica is served on this machine. A database that knows its first days is copied, and `cstowatch
crawl` looks at the site of its last day: edited pages, pages that are gone, and so many new ones that a
process of its own searches ahead (monitor/foresight.py). The run, forked from a process that has its imports
done, is killed once it has written so many bytes (to the database, its log and its workers), each time at
another place between the first byte and the last; then the same crawl is run again. What is there then must
be whole, nothing lost or doubled, and equal to what a run leaves that nobody disturbed, but for the numbers
of rows and the bytes of bodies, as the replica counts its visitors on every page. 200 kills take half an
hour on two idle cores.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import multiprocessing
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from diffing.model import PageRole
from monitor.__main__ import main as main_of_cstowatch
from monitor.foresight import FORESEEN_FROM
from monitor.replica import served
from seeds.replica import Article, ReplicaSite, load_replica
from storage.archive import open_archive

KILLS = 200
KNOWN_DAYS = 9  # of the replica's days, the last of which is crawled under fire
PATIENCE = 120  # seconds for one run
STEP = 0.001  # seconds between two looks at what a run has written
SAID = "said.txt"


# Crawls fork from a process that has these imported: a second less each, of which none writes anything.
SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(
    ["crawler.run", "crawler.workers", "monitor.__main__", "monitor.cycle", "scrapy"]
)


def crawl(arguments: list[str], folder: Path) -> None:
    """What a process of its own does: one command, with its words in a file beside the database."""
    os.setsid()
    os.chdir(folder)
    for name in [name for name in os.environ if name.startswith("CSTOWATCH_")]:
        del os.environ[name]
    said = os.open(folder / SAID, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 1)
    os.dup2(said, 2)
    main_of_cstowatch(arguments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fire:
    """What it takes to crawl: the sources' file, the day, the database known before."""

    sources: Path
    day: dt.date
    base: Path

    def start(self, database: Path) -> ForkServerProcess:
        words = ("--db", database, "crawl", "--sources", self.sources, "--now", f"{self.day}T06:00Z")
        run = SERVER.Process(target=crawl, args=([str(word) for word in words], database.parent))
        run.start()
        return run

    def whole_run(self, database: Path, *, counted: bool = False) -> int:
        """Crawls to the end; the bytes that the process wrote, where they are to be counted."""
        run = self.start(database)
        written = 0
        while counted and not wait([run.sentinel], STEP):
            written = max(written, bytes_written(run.pid))
        run.join()
        assert run.exitcode == 0, (database.parent / SAID).read_text(encoding="utf-8")
        return written

    def killed_run(self, database: Path, after: int) -> bool:
        """Crawls until the process has written so many bytes; whether it was killed before its end."""
        run = self.start(database)
        ends = time.monotonic() + PATIENCE
        while bytes_written(run.pid) < after and time.monotonic() < ends and not wait([run.sentinel], STEP):
            pass
        return kill(run)


def kill(run: ForkServerProcess) -> bool:
    """Kills a run and what it leaves; whether it was running."""
    was_running = run.is_alive()
    # The run alone dies at once; its workers must find out by themselves, or be found here.
    run.kill()
    run.join()
    if run.pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)
    return was_running


def finished(database: Path) -> bool:
    """Whether the newest run had come to its end."""
    with open_archive(database) as archive:
        (newest,) = archive.runs(1)
        return newest.ended is not None and newest.id > KNOWN_DAYS


def bytes_written(process: int | None) -> int:
    """By the process so far; 0: it is gone, or the system does not tell."""
    try:
        told = Path(f"/proc/{process}/io").read_text(encoding="ascii")
    except OSError:
        return 0
    return int(told.partition("wchar: ")[2].split("\n")[0] or 0)


def copied(base: Path, database: Path) -> Path:
    for left in database.parent.glob(f"{database.name}*"):
        left.unlink()
    shutil.copy(base, database)
    return database


def state(database: Path) -> dict[str, object]:
    """All that is known, in an order of its own."""
    with open_archive(database) as archive:
        sources = [health.source for health in archive.source_health()]
        pages = [page for name in sources for page in archive.page_states(name)]
        looks = {page.url: archive.looks(page.url) for page in pages}
        return {
            "whole": archive.verify(),
            "waiting": list(archive.pending()),
            "pages": pages,
            "listings": [p for name in sources for p in archive.page_states(name, PageRole.LISTING)],
            "looks": {
                url: [replace(look, capture=0, sha256=None, size=None) for look in found]
                for url, found in looks.items()
            },
            "doubled": [
                url for url, found in looks.items() if max(Counter(look.at for look in found).values()) > 1
            ],
            "revisions": {
                page.url: [
                    archive.revision(page.url, revision.number) for revision in archive.revisions(page.url)
                ]
                for page in pages
            },
            "changes": sorted((replace(change, id=0) for change in archive.changes()), key=repr),
            "events": archive.events(),
            "standing": archive.standing(),
            "sizes": {
                name: getattr(archive.sizes(), name)
                for name in ("pages", "captures", "revisions", "statements", "known_statements", "changes")
            },
            "teasers": [archive.teasers(name) for name in sources],
        }


def taken_up_again(site: ReplicaSite) -> ReplicaSite:
    """The site on whose last day each earlier page is taken up again twice: word for word, and with news.

    So the new pages repeat, restate and contradict what is known and one another.
    """
    last = site.days[-1]
    earlier = [article for article in site.articles if article.since < last]
    again = (anew(article, number, last) for article in earlier for number in (1, 2))
    return replace(site, articles=(*site.articles, *again))


def anew(article: Article, number: int, day: dt.date) -> Article:
    """A later page with the article's words, the second time with the next number in place of each."""

    def said(words: str) -> str:
        return re.sub(r"\d+", lambda found: str(int(found[0]) + number - 1), words)

    return replace(
        article,
        slug=f"{article.slug}-again-{number}",
        published=day,
        since=day,
        until=None,
        edits=(),
        title=f"{said(article.title)} ({number})",
        blocks=tuple(replace(block, text=said(block.text)) for block in article.blocks),
    )


def prepared(folder: Path) -> tuple[Fire, contextlib.ExitStack]:
    """The crawl under fire, with its database of the first days; and the server, to be closed."""
    site = taken_up_again(load_replica())
    stack = contextlib.ExitStack()
    replica = stack.enter_context(served(site, site.days[0]))
    sources = folder / "sources.toml"
    sources.write_text(site.sources_at(replica.origin), encoding="utf-8")
    base = folder / "base.db"
    for day in site.days[:KNOWN_DAYS]:
        replica.day = day
        Fire(sources=sources, day=day, base=base).whole_run(base)
    replica.day = site.days[-1]
    return Fire(sources=sources, day=site.days[-1], base=base), stack


def under_fire(folder: Path, kills: int) -> dict[str, Any]:
    """Kills and runs again, `kills` times; counts, and the first difference that was found."""
    fire, server = prepared(folder)
    with server:
        undisturbed = copied(fire.base, folder / "undisturbed.db")
        before = bytes_written_at_start(fire, folder)
        written = fire.whole_run(undisturbed, counted=True)
        wanted = state(undisturbed)
        new = sum(page.first_seen.date() == fire.day for page in wanted["pages"])
        assert new >= FORESEEN_FROM, f"{new} new pages, too few for a process that searches ahead"
        found: dict[str, Any] = {"killed": 0, "unlike": 0, "first": None, "changes": wanted["sizes"]}
        for number in range(kills):
            database = copied(fire.base, folder / "killed.db")
            after = before + int((written - before) * (number + 0.5) / kills)
            found["killed"] += fire.killed_run(database, after)
            # What was finished is not run again: a second look would be one, and is counted as one.
            if not finished(database):
                fire.whole_run(database)
            left = state(database)
            unlike = [name for name, value in wanted.items() if left[name] != value]
            if unlike:
                found["unlike"] += 1
                found["first"] = found["first"] or f"after {after:,} bytes: {', '.join(unlike)}"
                print(f"kill {number} after {after:,} bytes: unlike in {', '.join(unlike)}", file=sys.stderr)
                kept = folder.parent / "cstowatch-unlike"
                kept.mkdir(exist_ok=True)
                shutil.copy(database, kept / f"{number}.db")
                shutil.copy(undisturbed, kept / "undisturbed.db")
        return found


def bytes_written_at_start(fire: Fire, folder: Path) -> int:
    """What a run has written when it first touches its database: from there on a kill can do harm."""
    database = copied(fire.base, folder / "start.db")
    wal = database.with_name(database.name + "-wal")
    run = fire.start(database)
    while run.is_alive() and not (wal.exists() and wal.stat().st_size):
        pass
    written = bytes_written(run.pid)
    kill(run)
    return written


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=KILLS)
    kills = parser.parse_args().kills
    with tempfile.TemporaryDirectory() as folder:
        found = under_fire(Path(folder), kills)
    verdict = "kept" if not found["unlike"] else f"MISSED, first {found['first']}"
    print(
        f"crash: {kills} kills, {found['killed']} of them in mid-run, {found['unlike']} final states unlike "
        f"the undisturbed run's {found['changes']}; bar 0, {verdict}"
    )


if __name__ == "__main__":
    main()
