"""What is looked at again, told by `status` and `sources test`; a server that lies about 304 is found out."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from crawler.scheduling import Pace, pace_of
from diffing.model import Fetched, Outcome, PageRole, PageState
from monitor.visits import USUAL, coming, told
from seeds.sources import Source
from storage.archive import open_archive

NOON = dt.datetime(2025, 9, 11, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@dataclass
class Liar:
    """A site of one article under one entity tag, whatever it says; asked whether it changed it says no."""

    port: int = 0
    day: int = 17
    conditions: list[str | None] = field(default_factory=list)

    @property
    def page(self) -> str:
        return f"http://127.0.0.1:{self.port}/news/rubezh/"

    def body(self, path: str) -> bytes:
        if path == "/news/":
            return b"<a href='/news/rubezh/'>Rubezh</a>"
        text = (
            f"<p>The training Rubezh-2025 will begin on {self.day} September at the Edelweiss ground.</p>"
            "<p>Units of four states will take part in it, as the staff said on Thursday.</p>"
            "<p>The press centre of the training will tell of it every day, as in other years.</p>"
        )
        return f"<html><title>Rubezh</title><body><h1>Rubezh begins soon</h1>{text}</body></html>".encode()


@pytest.fixture
def liar() -> Iterator[Liar]:
    site = Liar()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            condition = self.headers.get("If-None-Match")
            article = self.path == "/news/rubezh/"
            if article:
                site.conditions.append(condition)
            body = b"" if condition else site.body(self.path)
            self.send_response(404 if self.path == "/robots.txt" else 304 if condition else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            if article:
                self.send_header("ETag", '"always"')
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join()


def cstowatch(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "monitor", *map(str, words)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, cwd=cwd)


def test_a_server_that_calls_an_edited_page_unmodified_is_found_out_and_believed_no_more(
    liar: Liar, tmp_path: Path
) -> None:
    (tmp_path / "sources.toml").write_text(
        f'[[source]]\nname = "site"\nlanguage = "en"\nstart = ["http://127.0.0.1:{liar.port}/news/"]\n'
        "articles = '/news/[^/?]+/$'\ndelay = 0.0\nprivate = true\n"
    )

    def crawl(at: dt.datetime) -> None:
        done = cstowatch("crawl", "--sources", "sources.toml", "--now", at.isoformat(), cwd=tmp_path)
        assert done.returncode == 0, done.stderr

    crawl(NOON)
    liar.day = 19
    crawl(NOON + 3 * DAY)
    answered_304(tmp_path / "cstowatch.db", liar.page, [NOON + 6 * DAY, NOON + 9 * DAY])
    crawl(NOON + 12 * DAY)

    assert liar.conditions == [None, '"always"', None]
    with open_archive(tmp_path / "cstowatch.db") as archive:
        assert [revision.number for revision in archive.revisions(liar.page)] == [1, 2]
        state = archive.page_state(liar.page)
        assert state is not None
        assert state.etag is None
    assert liar.page not in cstowatch("status", cwd=tmp_path).stderr
    done = cstowatch("-v", "status", cwd=tmp_path)
    assert "site: since 2025-09-23 its pages are fetched whole, as one had changed" in done.stderr
    assert "next 2025-09-2" in done.stderr
    assert liar.page in done.stderr
    again = cstowatch("sources", "test", "site", "--sources", "sources.toml", cwd=tmp_path).stdout
    assert "again    1 known page, 1 due now" in again
    assert "next     2025-09-2" in again
    assert "edited once" in again


def answered_304(database: Path, url: str, moments: list[dt.datetime]) -> None:
    """As runs at those moments would have left it, without their processes."""
    with open_archive(database, write=True) as archive:
        for at in moments:
            run = archive.begin_run(at, "crawl", ["site"])
            visit = Fetched(
                source="site", role=PageRole.ARTICLE, url=url, final_url=url, fetched_at=at, status=304,
                request_headers=(("If-None-Match", '"always"'),), headers=(("ETag", '"always"'),),
            )  # fmt: skip
            archive.settle(archive.record_capture(run, visit), Outcome.NOT_MODIFIED)
            archive.end_run(run, at, outcomes={}, changes={}, failures={})


def test_the_soonest_visits_are_told_with_their_reasons_and_how_much_is_due() -> None:
    pages = [
        PageState(
            url=f"https://x.org/{days}/",
            source="x",
            first_seen=NOON - days * DAY,
            last_visit=NOON,
            last_good=NOON,
        )
        for days in (0, 1, 30, 400, 900)
    ]

    found = coming(pages, Pace(looks_a_day=1000, interval=DAY / 24), NOON)
    lines = list(told(found))

    assert lines[0] == "5 known pages, 0 due now, 2 within a day, at most 1,000 looks a day"
    assert [url for _, url, _ in found.soonest] == [f"https://x.org/{days}/" for days in (0, 1, 30)]
    assert lines[1].startswith("2025-09-11 ")
    assert lines[1].endswith(
        "https://x.org/0/ (new when last seen: about one edit in 6 days, so after 3 hours)"
    )


def test_an_address_from_a_site_reaches_the_terminal_without_its_control_characters() -> None:
    page = PageState(
        url="https://x.org/\x1b[31m/", source="x", first_seen=NOON, last_visit=NOON, last_good=NOON
    )

    (_, line) = told(coming([page], Pace(looks_a_day=9, interval=DAY), NOON))
    assert "\x1b" not in line


def test_the_pace_of_a_source_that_is_not_in_the_file_is_that_of_one_which_says_nothing() -> None:
    source = Source(name="x", language="en", start=("https://x.org/",), articles="a")
    assert pace_of(source) == USUAL
