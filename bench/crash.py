"""Kill -9 in the middle of a crawl, then crawl again: `python -m bench.crash [--kills N]`, one line out.

The bundled replica is served on this machine. A database that knows its first days is copied, and
`cstowatch crawl` looks at the site of its last day: new pages, edited ones, pages that are gone. The run
is killed once its process has written so many bytes (to the database, its log and its workers), each time
at another place between the first byte and the last; then the same crawl is run again. What is there then
must be whole, nothing lost or doubled, and equal to what a run leaves that nobody disturbed, but for the
numbers of rows and the bytes of bodies, as the replica counts its visitors on every page.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from diffing.model import PageRole
from monitor.replica import served
from seeds.replica import load_replica
from storage.archive import open_archive

KILLS = 200
KNOWN_DAYS = 9  # of the replica's days, the last of which is crawled under fire
PATIENCE = 120  # seconds for one run


@dataclass(frozen=True, slots=True, kw_only=True)
class Fire:
    """What it takes to crawl: the sources' file, the day, the database known before."""

    sources: Path
    day: dt.date
    base: Path

    def start(self, database: Path) -> subprocess.Popen[bytes]:
        command = (sys.executable, "-m", "monitor", "--db", database, "crawl")
        environment = {name: text for name, text in os.environ.items() if not name.startswith("CSTOWATCH_")}
        return subprocess.Popen(
            [*command, "--sources", self.sources, "--now", f"{self.day}T06:00Z"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            cwd=database.parent, env=environment, start_new_session=True,
        )  # fmt: skip

    def whole_run(self, database: Path) -> int:
        """Crawls to the end; the bytes that the process wrote."""
        with self.start(database) as run:
            written = 0
            while run.poll() is None:
                written = max(written, bytes_written(run.pid))
                time.sleep(0.0005)
            said = run.stderr.read().decode() if run.stderr else ""
        assert run.returncode == 0, said
        return written

    def killed_run(self, database: Path, after: int) -> bool:
        """Crawls until the process has written so many bytes; whether it was killed before its end."""
        with self.start(database) as run:
            ends = time.monotonic() + PATIENCE
            while run.poll() is None and bytes_written(run.pid) < after and time.monotonic() < ends:
                time.sleep(0.0001)
            was_running = run.poll() is None
            # The run alone dies at once; its workers must find out by themselves, or be found here.
            run.kill()
            run.wait()
            with contextlib.suppress(ProcessLookupError):
                os.killpg(run.pid, signal.SIGKILL)
        return was_running


def finished(database: Path) -> bool:
    """Whether the newest run had come to its end."""
    with open_archive(database) as archive:
        (newest,) = archive.runs(1)
        return newest.ended is not None and newest.id > KNOWN_DAYS


def bytes_written(process: int) -> int:
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
            "sizes": {
                name: getattr(archive.sizes(), name)
                for name in ("pages", "captures", "revisions", "statements", "known_statements", "changes")
            },
            "teasers": [archive.teasers(name) for name in sources],
        }


def prepared(folder: Path) -> tuple[Fire, object]:
    """The crawl under fire, with its database of the first days; and the server, to be closed."""
    site = load_replica()
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


def under_fire(folder: Path, kills: int) -> dict[str, object]:
    """Kills and runs again, `kills` times; counts, and the first difference that was found."""
    fire, server = prepared(folder)
    with server:
        undisturbed = copied(fire.base, folder / "undisturbed.db")
        before = bytes_written_at_start(fire, folder)
        written = fire.whole_run(undisturbed)
        wanted = state(undisturbed)
        found: dict[str, object] = {"killed": 0, "unlike": 0, "first": None, "changes": wanted["sizes"]}
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
    with fire.start(database) as run:
        while run.poll() is None and not (wal.exists() and wal.stat().st_size):
            pass
        written = bytes_written(run.pid)
        run.kill()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)
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
