"""A year left alone: `python -m bench.year [--days N] [--memory]`, one line out.

The daemon of `cstowatch run` is turned by a clock that is moved by hand, four crawls a day of two sources, a
digest at 02:30 in Berlin (an hour that summer time leaves out once and brings twice once). What is simulated:
the clocks, the waiting, and the web site, whose pages change by a script; what is real: the daemon's
decisions, the slots, the lock, the whole cycle of each crawl with its database, the closing of each day. Most
crawls run in this process, so that a kill is an exception that no code catches, thrown where a transaction
would be committed; every so often one is a real child process that asks a real server on this machine, and
half of those are killed by a signal.

Thrown in: the daemon killed with its child and alone, ended politely and started again, down for hours, an
ad-hoc run that holds the database, a suspend of three days, a clock that jumps back by a day and is put right
two days later, both changes of summer time.

Then: each time at which a job was due has one slot, none is left out, none ran twice; each change is told in
exactly one digest; each window that a finished crawl could see is told once. With `--memory` a daemon of its
own is turned through a year with children that do nothing, and its memory is read before and after.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import random
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crawler.scheduling import KnownPages
from diffing.model import ChangeKind, Fetched, PageRole, Window
from monitor.children import start as start_child
from monitor.config import Config
from monitor.cycle import run_cycle
from monitor.daemon import Daemon
from monitor.logs import Log
from monitor.slots import DIGEST, Job, crawl_job, jobs_of
from monitor.telling import tell
from seeds.gazetteer import load_gazetteer
from seeds.sources import Source
from storage.archive import Archive, open_archive
from storage.slots import SlotState

BERLIN = ZoneInfo("Europe/Berlin")
BEGIN = dt.datetime(2025, 1, 1, 9, tzinfo=dt.UTC)
DIGEST_AT = dt.time(2, 30)
EVENTS = 6  # a source's trainings, whose windows move all year
SECOND, HOUR, DAY = dt.timedelta(seconds=1), dt.timedelta(hours=1), dt.timedelta(days=1)
BEAT = dt.timedelta(minutes=10)  # between turns where only memory is looked at
REAL_EVERY = 70  # one crawl of so many is a real process
PATIENCE = 120  # seconds for one
MOST_GROWTH_MB = 20


class Killed(BaseException):
    """Kill -9, as far as this process can play it: nothing catches it, nothing after it is done."""


@dataclass(slots=True)
class Clocks:
    """The true time, what the clock on the wall makes of it, and the monotonic clock, which sleeps too."""

    true: dt.datetime
    apart: dt.timedelta = dt.timedelta(0)
    tick: float = 0.0

    @property
    def wall(self) -> dt.datetime:
        return self.true + self.apart

    def go(self, by: dt.timedelta) -> None:
        self.true += by
        self.tick += by.total_seconds()

    def sleep(self, by: dt.timedelta) -> None:
        self.true += by


@dataclass(frozen=True, slots=True)
class Script:
    """What the site says when: by page the windows announced in it, oldest first, with their true time."""

    said: Mapping[str, Sequence[tuple[dt.datetime, Window]]]

    @classmethod
    def of(cls, chance: random.Random, days: int) -> Script:
        said: dict[str, list[tuple[dt.datetime, Window]]] = {}
        for source in ("one", "two"):
            for number in range(EVENTS):
                # Every window is one of its own, so that it is known which telling tells of it.
                free = [dt.date(2026, 1, 1) + DAY * (3 * n + number % 3) for n in range(110)]
                chance.shuffle(free)
                at = BEGIN + DAY * chance.uniform(0, days / 4) * min(number, 1)
                page = said.setdefault(f"{source}/{number}", [])
                while at < BEGIN + DAY * days and free:
                    first = free.pop()
                    page.append((at, Window(start=first, end=first + DAY, precision="day")))
                    at += DAY * chance.choice((0.1, 1.5, 8, 20, 45)) * chance.uniform(0.5, 1.5)
        return cls(said)

    def window(self, page: str, at: dt.datetime) -> Window | None:
        return next((window for since, window in reversed(self.said[page]) if since <= at), None)

    def pages(self, source: str, at: dt.datetime) -> Sequence[str]:
        return [page for page in self.said if page.startswith(f"{source}/") and self.window(page, at)]


def event_of(page: str) -> str:
    source, number = page.split("/")
    names = ("Rubezh", "Echelon", "Search", "Interaction", "Barrier", "Cobalt")
    return f"{names[int(number)]}-{2026 if source == 'one' else 2027}"


def article(page: str, window: Window) -> bytes:
    name, _, year = event_of(page).rpartition("-")
    start, end = (day.replace(year=int(year)) for day in (window.start, window.end))
    when = f"from {start.day} {start:%B} to {end.day} {end:%B} {year}"
    return (
        f"<html><head><title>On {name}</title></head><body><h1>On {name}</h1><p>01.01.2025</p>"
        f"<p>The training “{name}-{year}” will be held {when}.</p>"
        f"<p>The head of the joint staff thanked the officers who had prepared the documents of {name}.</p>"
        f"<p>The parties agreed to go on with the exchange of experience in {name} of {year}.</p>"
        "</body></html>"
    ).encode()


class World:
    """The clocks, the site and its server, what is thrown in, and the book of what really came to its end."""

    def __init__(self, folder: Path, days: int, seed: int, *, real_every: int) -> None:
        self.chance = random.Random(seed)
        self.clocks = Clocks(BEGIN)
        self.days, self.folder, self.real_every = days, folder, real_every
        self.script = Script.of(self.chance, days)
        self.database = folder / "year.db"
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        self.sources = tuple(
            Source(
                name=name, language="en", start=(f"{self.origin}/{name}/",), articles=rf"/{name}/\d+/$",
                interval=6 * HOUR, delay=0.0, private=True,
            )
            for name in ("one", "two")
        )  # fmt: skip
        tables = "".join(
            f'[[source]]\nname = "{s.name}"\nlanguage = "en"\nstart = ["{s.start[0]}"]\n'
            f"articles = '{s.articles}'\ninterval = \"6h\"\ndelay = 0.0\nprivate = true\n"
            for s in self.sources
        )
        (folder / "sources.toml").write_text(tables, encoding="utf-8")
        self.jobs: Sequence[Job] = jobs_of(self.sources, DIGEST_AT, BERLIN)
        self.config = Config(database=self.database, timezone=BERLIN)
        self.gazetteer = load_gazetteer()
        self.running: list[SimulatedChild] = []
        self.counts: Counter[str] = Counter()
        self.finished: Counter[int] = Counter()
        self.unnoted: Counter[int] = Counter()
        self.visible: set[tuple[str, Window]] = set()
        self.away: list[tuple[dt.datetime, dt.datetime]] = []
        self.locked_until = self.clocks.true
        self.turned = self.clocks.wall
        self.crawls = 0
        self.sudden = [
            (BEGIN + DAY * days * 0.45, self.suspended),
            (BEGIN + DAY * days * 0.6, self.jumps_back),
            (BEGIN + DAY * days * 0.6 + 2 * DAY, self.put_right),
        ]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def visits(self, sources: Sequence[Source]) -> Iterator[Fetched]:
        for source in sources:
            yield self.visit(source, PageRole.LISTING, source.start[0], self.listing(source.name))
            for page in self.script.pages(source.name, self.clocks.true):
                body = article(page, self.script.window(page, self.clocks.true))
                yield self.visit(source, PageRole.ARTICLE, f"{self.origin}/{page}/", body)

    def visit(self, source: Source, role: PageRole, url: str, body: bytes) -> Fetched:
        return Fetched(
            source=source.name, role=role, url=url, final_url=url, fetched_at=self.clocks.wall, status=200,
            headers=(("Content-Type", "text/html; charset=utf-8"),), body=body,
        )  # fmt: skip

    def listing(self, source: str) -> bytes:
        pages = self.script.pages(source, self.clocks.true)
        return "".join(f"<a href='/{page}/'>{event_of(page)}</a> " for page in pages).encode() or b"<p>soon"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        world = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.strip("/")
                window = world.script.window(name, world.clocks.true) if name in world.script.said else None
                if name in {"one", "two"}:
                    body = world.listing(name)
                else:
                    body = article(name, window) if window else b""
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    # What is thrown in.

    def suspended(self) -> None:
        self.counts["suspends"] += 1
        self.clocks.sleep(3 * DAY)
        self.away.append((self.turned, self.clocks.wall))

    def jumps_back(self) -> None:
        self.counts["jumps back"] += 1
        before = self.clocks.wall
        self.clocks.apart -= DAY
        # What waited in the day that now comes again is stood for by a slot of the new one.
        self.away.append((self.clocks.wall, before))

    def put_right(self) -> None:
        self.clocks.apart += DAY
        self.away.append((self.turned, self.clocks.wall))

    def down(self, hours: float) -> None:
        self.clocks.go(HOUR * hours)
        self.away.append((self.turned, self.clocks.wall))

    # The daemon and its children.

    def start(self, arguments: Sequence[str]) -> SimulatedChild:
        command, *rest = arguments
        child = SimulatedChild(self, command, rest, self.clocks.tick + self.chance.uniform(20, 300))
        self.running.append(child)
        if command == "crawl":
            self.crawls += 1
            if self.clocks.true < self.locked_until:
                child.end(3, "Error: Another run is writing")
        return child

    def live(self) -> None:
        """Turns daemons until the days are over, and the last one until it has nothing left to do."""
        over = BEGIN + DAY * self.days
        archive, daemon = self.new_daemon()
        while self.clocks.true < over or daemon.busy or daemon.waiting(float("inf")):
            quiet = self.clocks.true >= over
            if self.sudden and self.clocks.true >= self.sudden[0][0]:
                self.sudden.pop(0)[1]()
            daemon.turn(self.clocks.wall, self.clocks.tick)
            self.turned = self.clocks.wall
            if not self.children_go_on(daemon, quiet=quiet):
                archive.close()
                archive, daemon = self.new_daemon()
                continue
            self.wait(daemon)
            if not quiet and not daemon.busy and self.chance.random() < 0.02:
                self.counts["daemons killed at rest"] += 1
                archive.close()
                self.down(self.chance.choice((0.01, 0.5, 5, 15)))
                archive, daemon = self.new_daemon()
        archive.close()

    def new_daemon(self) -> tuple[Archive, Daemon]:
        archive = open_archive(self.database, beside=True, create=True)
        log = Log(lambda: self.clocks.wall, stream=Silent())
        daemon = Daemon(archive, self.jobs, self.start, log, keeps_up=True)
        daemon.adopt(self.clocks.wall)
        self.running.clear()
        return archive, daemon

    def wait(self, daemon: Daemon) -> None:
        """Goes on to what comes next, at most an hour."""
        if self.running:
            ahead = min(child.ends for child in self.running) - self.clocks.tick
            self.clocks.go(SECOND * max(1.0, ahead))
        elif daemon.waiting(float("inf")):
            self.clocks.go(15 * SECOND)
        else:
            due = min(job.next(self.clocks.wall) for job in self.jobs) - self.clocks.wall
            self.clocks.go(min(due + SECOND * self.chance.uniform(0, 15), HOUR))
        if self.chance.random() < 0.002:
            self.counts["ad-hoc runs"] += 1
            self.locked_until = self.clocks.true + HOUR

    def children_go_on(self, daemon: Daemon, *, quiet: bool) -> bool:
        """Ends the children whose time has come, one way or another; False: the daemon died with them."""
        for child in [each for each in self.running if each.ends <= self.clocks.tick]:
            fate = 1.0 if quiet else self.chance.random()
            commits = self.chance.randint(1, 60)
            if fate < 0.03:
                self.counts["children killed"] += 1
                child.work(commits)
            elif fate < 0.06:
                # A kill that strikes after the last commit is one before the daemon took note.
                self.counts["daemons killed with a child"] += 1
                self.unnoted.update(child.work(commits))
                self.down(self.chance.choice((0.002, 0.2, 4)))
                return False
            elif fate < 0.08:
                self.counts["daemons killed before they noted an end"] += 1
                self.unnoted.update(child.work())
                self.down(self.chance.choice((0.002, 0.2, 4)))
                return False
            elif fate < 0.10:
                self.counts["daemons ended politely"] += 1
                daemon.stop(self.clocks.tick)
                daemon.turn(self.clocks.wall, self.clocks.tick)
                self.down(0.05)
                return False
            else:
                child.work()
            self.running.remove(child)
        return True


class Silent:
    """Where the daemon's log goes."""

    def write(self, _: str) -> None:
        pass

    def flush(self) -> None:
        pass


class SimulatedChild:
    """A command that ends when the world lets it: in this process, or in one of its own."""

    pid = 1

    def __init__(self, world: World, command: str, names: Sequence[str], ends: float) -> None:
        self.world, self.command, self.names, self.ends = world, command, names, ends
        self.code: int | None = None
        self.words: tuple[str, ...] = ()

    def poll(self) -> int | None:
        return self.code

    def said(self) -> tuple[str, ...]:
        return self.words

    def kill(self) -> None:
        self.end(-signal.SIGKILL, "killed")

    def ask_to_end(self) -> None:
        """Ends as `crawl` does when it is asked to in the midst of its visits."""
        if self.command == "crawl":
            self.work(leave_after=self.world.chance.randint(0, 9))
        self.end(130, "Interrupted; all that was finished is kept.")

    def end(self, code: int, word: str) -> None:
        self.code, self.words, self.ends = code, (word,), self.world.clocks.tick

    def work(self, commits: int | None = None, *, leave_after: int | None = None) -> list[int]:
        """Does the command, killed at the `commits`th commit; the slots that it did it for."""
        if self.code is not None:
            return []
        world = self.world
        with open_archive(world.database) as archive:
            jobs = [crawl_job(name) for name in self.names] if self.command == "crawl" else [DIGEST]
            slots = [
                slot.id
                for slot in archive.open_slots()
                if slot.job in jobs and slot.state is SlotState.RUNNING
            ]
        try:
            if self.command == "tell":
                self.tell(commits)
            elif leave_after is None and world.crawls % world.real_every == 0:
                self.crawl_really(commits)
            else:
                self.crawl(commits, leave_after)
        except Killed:
            self.end(-signal.SIGKILL, "killed")
            return []
        except KeyboardInterrupt:
            return []
        self.end(0, "done")
        world.finished.update(slots)
        return slots

    def tell(self, commits: int | None) -> None:
        day = dt.date.fromisoformat(self.names[1]) if self.names else None
        with killed_at(open_archive(self.world.database, beside=True), commits) as archive:
            tell(archive, self.world.config, self.world.clocks.wall, day)

    def crawl(self, commits: int | None, leave_after: int | None) -> None:
        world = self.world
        sources = [source for source in world.sources if source.name in self.names]

        def visits(
            sources: Sequence[Source],
            _: Mapping[str, KnownPages],
            deliver: Callable[[Fetched], None],
        ) -> None:
            for number, fetched in enumerate(world.visits(sources)):
                if number == leave_after:
                    break
                deliver(fetched)
            if leave_after is not None:
                raise KeyboardInterrupt

        opened = open_archive(world.database, write=True, now=world.clocks.wall)
        with killed_at(opened, commits) as archive:
            run_cycle(archive, sources, world.gazetteer, visits, world.clocks.wall, watched=world.sources)
        self.seen()

    def crawl_really(self, commits: int | None) -> None:
        world = self.world
        world.counts["crawls as processes of their own"] += 1
        child = start_child(
            ["--db", str(world.database), "crawl", *self.names,
             "--sources", str(world.folder / "sources.toml"), "--now", f"{world.clocks.wall:%Y-%m-%dT%H:%M}Z"]
        )  # fmt: skip
        ends = time.monotonic() + PATIENCE
        kills = commits is not None or world.chance.random() < 0.3
        dies = time.monotonic() + (world.chance.uniform(0.3, 2.0) if kills else PATIENCE)
        while child.poll() is None and time.monotonic() < min(ends, dies):
            time.sleep(0.01)
        if child.poll() is None:
            world.counts["of which killed by a signal"] += 1
            child.kill()
            raise Killed
        assert child.poll() == 0, child.said()
        self.seen()

    def seen(self) -> None:
        world = self.world
        for name in self.names:
            for page in world.script.pages(name, world.clocks.true):
                window = world.script.window(page, world.clocks.true)
                world.visible.add((event_of(page), in_its_year(page, window)))


@contextmanager
def killed_at(archive: Archive, commits: int | None) -> Iterator[Archive]:
    """The archive, whose owner dies where it would commit for the `commits`th time (None: it lives)."""
    connection, left = archive._connection, commits  # noqa: SLF001 - the kill strikes below every door
    run = connection.run

    def counting(sql: str, parameters: Any = ()) -> Any:
        nonlocal left
        if sql == "COMMIT" and left is not None:
            left -= 1
            if left == 0:
                raise Killed
        return run(sql, parameters)

    connection.run = counting  # type: ignore[method-assign]
    with archive:
        yield archive


def in_its_year(page: str, window: Window) -> Window:
    year = int(event_of(page)[-4:])
    return Window(start=window.start.replace(year=year), end=window.end.replace(year=year), precision="day")


def faults_of(world: World) -> Iterator[str]:
    """Every law that does not hold, in one line each."""
    with open_archive(world.database) as archive:
        yield from _faults_of_slots(world, archive)
        yield from _faults_of_digests(archive)
        yield from _faults_of_telling(world, archive)
        if found := archive.verify():
            yield f"the archive is not whole: {found[0]}"


def _faults_of_slots(world: World, archive: Archive) -> Iterator[str]:
    for job in world.jobs:
        slots = archive.slots(job=job.name)
        for before, after in itertools.pairwise(slots):
            if after.era == before.era and after.due != job.next(before.due):
                yield f"{job.name}: after {before.due} comes {after.due}"
        if slots[-1].due < job.last(BEGIN + DAY * world.days):
            yield f"{job.name}: the last slot is {slots[-1].due}"
        for slot in slots:
            done, may = world.finished[slot.id], world.unnoted[slot.id]
            wanted = 1 if slot.state is SlotState.RAN else 0
            if slot.state not in {SlotState.RAN, SlotState.MISSED} or not wanted <= done <= wanted + may:
                yield f"{job.name} at {slot.due} is {slot.state} and came {done} times to its end"
            # Nobody was there when it came, or it broke and nobody was there when the next one came.
            times = (slot.due, job.next(slot.due))
            away = any(since <= time <= until for since, until in world.away for time in times)
            if slot.state is SlotState.MISSED and not away and slot.reason != "the watch began after it":
                yield f"{job.name} at {slot.due} was missed ({slot.reason}), and nobody was away"


def _faults_of_digests(archive: Archive) -> Iterator[str]:
    told: Counter[int] = Counter()
    for kept in archive.kept_digests():
        period = archive.kept_period(kept.day)
        told.update(change.id for change in period.changes)
    newest = archive.newest_digest()
    expected = {change.id for change in archive.changes() if newest and change.id <= newest.last}
    if set(told) != expected:
        yield f"{len(expected ^ set(told))} changes are in no digest, or in one they do not belong to"
    if twice := [number for number, times in told.items() if times > 1]:
        yield f"{len(twice)} changes are in two digests"
    ran = [slot for slot in archive.slots(job=DIGEST) if slot.state is SlotState.RAN]
    days = {slot.due.astimezone(BERLIN).date() for slot in ran}
    if len(ran) != len(days) or not days <= {kept.day for kept in archive.kept_digests()}:
        yield "a day has two digests, or none though it was made"


def _faults_of_telling(world: World, archive: Archive) -> Iterator[str]:
    told = Counter(
        (recorded.change.event, recorded.change.new)
        for recorded in archive.changes()
        if recorded.change.kind in {ChangeKind.ANNOUNCED, ChangeKind.RESCHEDULED}
    )
    scripted = {
        (event_of(page), in_its_year(page, window))
        for page, said in world.script.said.items()
        for _, window in said
    }
    if missing := world.visible - set(told):
        yield f"{len(missing)} of {len(world.visible)} windows that were seen are not told: {missing.pop()}"
    if twice := [each for each, times in told.items() if times > 1]:
        yield f"{len(twice)} windows are told twice: {twice[0]}"
    if strange := set(told) - scripted:
        yield f"{len(strange)} windows are told that never stood anywhere: {strange.pop()}"


def lived(folder: Path, days: int, seed: int, *, real_every: int = REAL_EVERY) -> tuple[World, list[str]]:
    """A world that was left alone for so many days, and the laws that do not hold in it."""
    world = World(folder, days, seed, real_every=real_every)
    try:
        world.live()
        return world, list(faults_of(world))
    finally:
        world.close()


def grown(days: int) -> tuple[float, float]:
    """Megabytes that a daemon's process holds after its first day, and after so many.

    Its children do nothing, as what they hold is not the daemon's: so it needs a process of its own.
    """
    from monitor.unattended import SlotTrigger  # what the real one holds

    def resident() -> float:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * resource.getpagesize() / 1e6

    with tempfile.TemporaryDirectory() as folder:
        source = Source(
            name="one", language="en", start=("http://127.0.0.1:1/",), articles="x", interval=6 * HOUR
        )
        jobs = jobs_of([source], DIGEST_AT, BERLIN)
        now, tick, first = BEGIN, 0.0, 0.0
        with open_archive(Path(folder) / "idle.db", beside=True, create=True) as archive:
            log = Log(lambda: now, stream=Silent())
            daemon = Daemon(archive, jobs, lambda _: Idle(), log, keeps_up=True)
            daemon.adopt(now)
            triggers = [SlotTrigger(job) for job in jobs]
            while now < BEGIN + DAY * days:
                daemon.turn(now, tick)
                for trigger in triggers:
                    trigger.get_next_fire_time(None, now)
                now, tick = now + BEAT, tick + BEAT.total_seconds()
                if not first and now > BEGIN + DAY:
                    first = resident()
        return first, resident()


class Idle(SimulatedChild):
    """A child that has done its work at once."""

    def __init__(self) -> None:
        self.code, self.words = 0, ("Pages: none.",)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--memory", action="store_true")
    chosen = parser.parse_args()
    if chosen.memory:
        first, last = grown(chosen.days)
        verdict = "kept" if last - first <= MOST_GROWTH_MB else "MISSED"
        print(
            f"year: a daemon held {first:.1f} MB after a day and {last:.1f} MB after {chosen.days}; "
            f"bar {MOST_GROWTH_MB} more, {verdict}"
        )
        return
    subprocess.run([sys.executable, "-m", "bench.year", "--memory", "--days", str(chosen.days)], check=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        world, faults = lived(Path(folder), chosen.days, chosen.seed)
        with open_archive(world.database) as archive:
            states = Counter(slot.state.value for slot in archive.slots())
            changes = len(archive.changes())
            digests = len(archive.kept_digests())
    for fault in faults:
        print(f"year: {fault}", file=sys.stderr)
    thrown = ", ".join(f"{count} {what}" for what, count in sorted(world.counts.items()))
    print(
        f"year: {chosen.days} days in {time.monotonic() - began:.0f} s, {world.crawls} crawls begun, "
        f"slots {dict(states)}, "
        f"{changes} changes in {digests} digests, {len(world.visible)} windows seen; thrown in: {thrown}; "
        f"{len(faults)} laws broken, bar 0, {'MISSED' if faults else 'kept'}"
    )


if __name__ == "__main__":
    main()
