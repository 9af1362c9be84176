"""`cstowatch run` as a user starts it: real processes on a real, small site on this machine."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import re
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from monitor.children import MOST_MEMORY
from storage.archive import open_archive
from storage.slots import SlotState

PATIENCE = 60  # seconds for what takes one on a quiet machine
ARTICLE = (
    "<html><head><title>On the training</title></head><body><h1>On the training</h1><p>11.09.2025</p>"
    "<p>The training “Rubezh-2025” will be held from 17 to 20 September at the Edelweiss ground.</p>"
    "<p>The head of the joint staff thanked the officers who had prepared the documents.</p></body></html>"
)


class Site:
    """A listing with one article; while `held` is set, the article is answered only after `released` is."""

    def __init__(self):
        self.held, self.asked, self.released = threading.Event(), threading.Event(), threading.Event()
        self.listing = "/news/"
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path == site.listing:
                    self._answer(200, "<a href='/news/first/'>On the training</a>")
                elif self.path == "/news/first/":
                    site.asked.set()
                    if site.held.is_set():
                        site.released.wait(PATIENCE)
                    self._answer(200, ARTICLE)
                else:
                    self._answer(404, "")

            def _answer(self, status, text):
                body = text.encode()
                with contextlib.suppress(ConnectionError):
                    self.send_response(status)
                    self.send_header("Content-Type", "text/html; charset=utf-8")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def site():
    site = Site()
    yield site
    site.released.set()
    site.server.shutdown()
    site.server.server_close()


class Running:
    """A daemon: its events as they come, and its end."""

    def __init__(self, folder, *arguments, environment=()):
        names = {name: text for name, text in os.environ.items() if not name.startswith("CSTOWATCH_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "monitor", "--db", str(folder / "c.db"), "run", "--log-format", "json",
             "--sources", str(folder / "sources.toml"), *arguments],
            cwd=folder, env={**names, **dict(environment)}, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        self.said = []
        self._rest = b""

    def event(self, name):
        """The next event of that name."""
        ends = time.monotonic() + PATIENCE
        with selectors.DefaultSelector() as ready:
            ready.register(self.process.stderr, selectors.EVENT_READ)
            while time.monotonic() < ends:
                while b"\n" in self._rest:
                    line, _, self._rest = self._rest.partition(b"\n")
                    self.said.append(line.decode())
                    told = json.loads(line) if line.startswith(b"{") else {}
                    if told.get("event") == name:
                        return told
                if ready.select(timeout=1):
                    read = os.read(self.process.stderr.fileno(), 65536)
                    assert read, f"it ended before {name}: {self.said}"
                    self._rest += read
        raise AssertionError(f"no {name} in time: {self.said}")

    def end(self):
        """Its exit code, once it has ended by itself."""
        rest = self.process.communicate(timeout=PATIENCE)[1]
        self.said += (self._rest + rest).decode().splitlines()
        return self.process.returncode


@pytest.fixture
def start(tmp_path, site):
    (tmp_path / "sources.toml").write_text(
        f'[[source]]\nname = "one"\nlanguage = "en"\nstart = ["{site.origin}/news/"]\n'
        "articles = '/news/[^/?]+/$'\ndelay = 0.0\nprivate = true\ninterval = \"1h\"\n",
        encoding="utf-8",
    )
    running = []

    def begin(*arguments, **options):
        running.append(Running(tmp_path, *arguments, **options))
        return running[-1]

    yield begin
    for each in running:
        if each.process.poll() is None:
            each.process.kill()
        each.process.communicate()


def slots(folder, job="crawl:one"):
    with open_archive(folder / "c.db") as archive:
        return archive.slots(job=job)


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"


def test_once_runs_what_is_due_and_ends(start, tmp_path):
    (tmp_path / "cstowatch.toml").write_text('metrics_file = "c.prom"\n', encoding="utf-8")

    done = start("--once")

    assert done.end() == 0, done.said
    (slot,) = slots(tmp_path)
    assert (slot.state, slot.tries, slot.pid) == (SlotState.RAN, 1, None)
    assert 'cstowatch_slots{job="crawl:one",state="ran"} 1.0' in (tmp_path / "c.prom").read_text("utf-8")
    with open_archive(tmp_path / "c.db") as archive:
        assert {change.change.event for change in archive.changes()} - {None} == {"Rubezh-2025"}


def test_a_digest_that_is_due_is_made_after_the_crawl_and_tells_what_it_found(start, tmp_path):
    long_ago = dt.datetime(2025, 9, 11, 7, tzinfo=dt.UTC)
    with open_archive(tmp_path / "c.db", beside=True, create=True) as archive:
        archive.skip_slot("digest", long_ago, "in a test", long_ago)

    done = start("--once")

    assert done.end() == 0, done.said
    *_, newest = slots(tmp_path, job="digest")
    assert newest.state is SlotState.RAN
    with open_archive(tmp_path / "c.db") as archive:
        assert archive.newest_digest().last == archive.newest_change() > 0


def test_once_with_a_source_that_cannot_be_looked_at_ends_with_1(start, site, tmp_path):
    site.listing = "/elsewhere/"

    done = start("--once")

    assert done.end() == 1
    (slot,) = slots(tmp_path)
    assert slot.state is SlotState.FAILED
    assert "the server answered 404" in slot.reason


def test_sigterm_lets_the_child_end_after_its_page_and_leaves_the_slot_due(start, site, tmp_path):
    site.held.set()
    daemon = start()
    child = daemon.event("crawl_begins")["pid"]
    assert site.asked.wait(PATIENCE)
    limits = Path(f"/proc/{child}/limits").read_text(encoding="ascii")
    assert re.search(rf"^Max data size +{MOST_MEMORY} ", limits, re.MULTILINE)

    daemon.process.send_signal(signal.SIGTERM)
    daemon.event("stopping")
    site.released.set()

    assert daemon.end() == 0, daemon.said
    assert not is_alive(child)
    (slot,) = slots(tmp_path)
    assert (slot.state, slot.tries, slot.reason) == (SlotState.DUE, 0, "the daemon was ended while it ran")
    with open_archive(tmp_path / "c.db") as archive:
        assert len(archive.looks(f"{site.origin}/news/first/")) == 1


def test_a_child_dies_with_a_daemon_that_is_killed_and_the_next_takes_its_slot_up(start, site, tmp_path):
    site.held.set()
    daemon = start()
    child = daemon.event("crawl_begins")["pid"]
    assert site.asked.wait(PATIENCE)

    handle = os.pidfd_open(child)
    daemon.process.kill()
    with selectors.DefaultSelector() as ended:
        ended.register(handle, selectors.EVENT_READ)
        assert ended.select(timeout=PATIENCE)
    os.close(handle)
    site.held.clear()
    after = start("--once")

    assert after.end() == 0, after.said
    assert any('"taken_up"' in line for line in after.said)
    (slot,) = slots(tmp_path)
    assert (slot.state, slot.tries) == (SlotState.RAN, 1)


def test_a_second_daemon_on_the_same_database_ends_with_3_and_names_the_first(start):
    first = start()
    first.event("crawl_begins")

    second = start()

    assert second.end() == 3
    assert "Another daemon watches" in second.said[-1]
    assert f"pid {first.process.pid}" in second.said[-1]


def test_a_slot_stays_due_while_an_ad_hoc_run_writes(start, tmp_path):
    with open_archive(tmp_path / "c.db", write=True, create=True):
        done = start("--once")

        assert done.end() == 0, done.said

    (slot,) = slots(tmp_path)
    assert (slot.state, slot.tries) == (SlotState.DUE, 0)
    assert "Another run is writing" in slot.reason


def test_systemd_is_told_of_ready_and_stopping(start, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(str(tmp_path / "notify"))
        told.settimeout(PATIENCE)
        daemon = start(environment={"NOTIFY_SOCKET": str(tmp_path / "notify")}.items())

        first = told.recv(100)
        daemon.process.send_signal(signal.SIGTERM)
        code = daemon.end()
        rest = []
        told.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                rest.append(told.recv(100))

    assert (first, code) == (b"READY=1", 0)
    assert b"STOPPING=1" in rest
