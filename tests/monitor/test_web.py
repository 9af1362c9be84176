"""The web view, asked over HTTP as a browser does, about the archive of a played demo."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

pytestmark = pytest.mark.xdist_group("demo")

# The demo's last words name the page that its site edits, and what to ask of it.
EDITED = re.compile(r" diff (http://\S+)")
ORIGIN = re.compile(r"http://127\.0\.0\.1:(\d+)/")


class Browser:
    """Asks a server on loopback, one connection a question."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, path: str, method: str = "GET") -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, text

    def read(self, path: str) -> str:
        status, _, text = self.ask(path)
        assert status == 200, (path, status, text[:500])
        return text


def _database(played_demo) -> Path:
    return played_demo.directory / "demo" / "cstowatch.db"


def _edited(played_demo) -> str:
    found = EDITED.search(played_demo.demo.stderr + played_demo.demo.stdout)
    assert found is not None
    return found[1]


def _served(database: Path, directory: Path) -> tuple[subprocess.Popen[str], int]:
    child = subprocess.Popen(
        (sys.executable, "-m", "monitor", "--db", str(database), "serve", "--port", "0"),
        cwd=directory,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    assert child.stderr is not None
    told = child.stderr.readline()
    found = ORIGIN.search(told)
    assert found is not None, told
    return child, int(found[1])


@pytest.fixture(scope="module")
def browser(played_demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    child, port = _served(_database(played_demo), tmp_path_factory.mktemp("web"))
    yield Browser(port)
    child.terminate()
    child.communicate(timeout=30)


def test_the_front_page_leads_to_events_changes_and_digests(browser: Browser) -> None:
    page = browser.read("/")

    assert "Coming events" in page
    for path in ("/events", "/changes", "/sources"):
        assert f'href="{path}"' in page
        browser.read(path)


def test_an_event_shows_what_stands_and_how_it_moved(browser: Browser) -> None:
    page = browser.read("/events/Rubezh-2025")

    assert "17-20 September 2025" in page
    assert "rescheduled" in page
    assert 'href="/events/Rubezh-2025"' in browser.read("/events")


def test_changes_can_be_asked_by_kind(browser: Browser) -> None:
    page = browser.read("/changes?kind=rescheduled")

    assert "Rubezh-2025" in page
    assert "new statement" not in page.split("<table>")[1]


def test_a_page_shows_its_revisions_and_what_became_of_each_statement(browser: Browser, played_demo) -> None:
    page = browser.read(f"/page?url={quote(_edited(played_demo), safe='')}")

    link = re.search(r'href="(/-/difference[^"]+)"', page)
    assert link is not None
    difference = browser.read(link[1].replace("&amp;", "&"))
    assert "<del>" in difference
    revision = browser.read(f"/-/revision?url={quote(_edited(played_demo), safe='')}&n=1")
    assert "Edelweiss" in revision


def test_a_search_finds_statements_by_their_words(browser: Browser) -> None:
    assert "Edelweiss" in browser.read("/search?q=Edelweiss+September")
    assert "No statement has all these words" in browser.read("/search?q=" + quote('" NOT ( zzz'))


def test_the_digest_of_a_day_is_the_one_that_is_told(browser: Browser) -> None:
    page = browser.read("/digest/2025-08-21")

    assert "Rubezh-2025" in page


def test_the_feed_is_atom(browser: Browser) -> None:
    _, headers, text = browser.ask("/feed.atom")

    assert headers["content-type"].startswith("application/atom+xml")
    assert "<feed" in text


def test_prometheus_finds_its_numbers(browser: Browser) -> None:
    _, headers, text = browser.ask("/-/metrics")

    assert headers["content-type"].startswith("text/plain")
    assert "# TYPE cstowatch_" in text


@pytest.mark.parametrize(
    "path",
    [
        "/events/Nothing-1900",
        "/page?url=https%3A%2F%2Fexample.org%2F",
        "/-/revision?url=x&n=99999999999999999999",
        "/-/difference?url=x&from=1&to=2",
        "/nope",
        "/digest/2025-13-45",
        "/digest/0001-01-01",
    ],
)
def test_what_is_not_there_is_said_with_404(browser: Browser, path: str) -> None:
    status, _, text = browser.ask(path)

    assert status == 404
    assert "csto-watch" in text


@pytest.mark.parametrize("asked", ["kind=unheard", "significance=xx", "before=yesterday-ish"])
def test_a_filter_that_is_none_is_refused_with_what_there_is(browser: Browser, asked: str) -> None:
    status, _, text = browser.ask(f"/changes?{asked}")

    assert status == 400
    assert "known: high, medium, low" in browser.ask("/changes?significance=xx")[2]
    assert "csto-watch" in text


def test_an_address_that_is_none_is_called_no_page(browser: Browser) -> None:
    _, _, text = browser.ask("/nope")

    assert "There is no page /nope." in text
    assert "atabase not found" not in text


def test_a_series_is_all_its_editions_and_an_event_goes_by_any_of_its_names(browser: Browser) -> None:
    series = browser.read("/events/" + quote("Рубеж"))

    assert 'href="/events/Rubezh-2024"' in series
    assert 'href="/events/Rubezh-2025"' in series
    assert 'href="/events/Search-2025"' not in series
    assert "did you mean" in browser.ask("/events/Rubesh-2025")[2]


def test_a_comparison_has_the_way_back_the_title_and_the_days_of_both_sides(
    browser: Browser, played_demo
) -> None:
    url = quote(_edited(played_demo), safe="")
    page = browser.read(f"/-/difference?url={url}&from=1&to=2")

    assert '<a href="/events">Events</a>' in page
    assert re.search(r"<title>[^<]*Rubezh-2025[^<]* · csto-watch</title>", page)
    assert "revision 1, dated 2025-09-11, captured 2025-09-11 06:00Z" in page
    assert "revision 2, dated 2025-09-11, captured 2025-09-12 06:00Z" in page


def test_a_page_that_was_withdrawn_says_so_first(browser: Browser) -> None:
    link = re.search(r'href="(/page[^"]+)"', browser.read("/changes?kind=page_removed"))
    assert link is not None
    page = browser.read(link[1].replace("&amp;", "&"))

    assert "This page was withdrawn." in page.split("<h2>")[0]
    assert "found gone on 2025-09-12 06:00Z and again on 2025-09-22 06:00Z" in page


def test_a_word_beside_another_stands_apart_from_it(browser: Browser) -> None:
    shown = re.sub(r"<(?:div|blockquote)[^>]*>", " ", browser.read("/changes?significance=high"))
    words = re.sub(r"<[^>]*>", "", shown)

    assert re.search(r"\bSeptember 2025\s+was\b", words)


def test_what_was_asked_shows_as_text(browser: Browser) -> None:
    for path in ("/search?q=", "/events/", "/page?url=", "/digest/"):
        _, _, text = browser.ask(path + quote("<script>alert(1)</script>", safe=""))
        assert "<script>alert" not in text


def test_every_answer_forbids_scripts_of_others_and_frames(browser: Browser, played_demo) -> None:
    for path in ("/", "/-/metrics", f"/{_database(played_demo).stem}", "/-/static/app.css", "/nowhere"):
        _, headers, _ = browser.ask(path)
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert headers["x-frame-options"] == "DENY"


def test_nothing_can_be_written_and_no_sql_be_sent(browser: Browser, played_demo) -> None:
    stem = _database(played_demo).stem

    assert browser.ask("/changes", method="POST")[0] == 405
    assert browser.ask(f"/{stem}?sql=select+zeroblob(900000000)")[0] == 403
    assert browser.ask(f"/{stem}.db")[0] in {403, 404}
    assert browser.ask(f"/{stem}/v_changes.json")[0] == 200


def test_it_ends_cleanly_when_told_to(played_demo, tmp_path: Path) -> None:
    child, port = _served(_database(played_demo), tmp_path)
    assert Browser(port).ask("/events")[0] == 200

    child.send_signal(signal.SIGTERM)

    child.communicate(timeout=30)
    assert child.returncode == 0


def test_a_port_that_is_taken_is_said_with_the_remedy(browser: Browser, played_demo, tmp_path: Path) -> None:
    child = subprocess.run(
        (
            *(sys.executable, "-m", "monitor", "--db", str(_database(played_demo))),
            *("serve", "--port", str(browser.port)),
        ),
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert child.returncode == 2
    assert "name another --port" in child.stderr
