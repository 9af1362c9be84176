"""`sources test`: what a dry run on a real loopback site tells, above all what was dropped and why."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

LEADS = {
    "talks": "Staff talks on the training of the coming year took place in Dushanbe on Friday evening.",
    "flood": "Units of the southern district help the villages that the flood has cut off from the roads.",
    "prize": "The best crews of the season received their prizes from the hands of the commander.",
}
TITLES = {
    "talks": "Dushanbe hosted staff talks on training",
    "flood": "Southern district units help flooded villages",
    "prize": "Best crews of the season received prizes",
}


def article(name: str) -> bytes:
    others = "".join(f"<p>{lead}</p>" for other, lead in LEADS.items() if other != name)
    return (
        f"<!DOCTYPE html><html><head><title>{TITLES[name]}</title></head><body><div class='content'>"
        f"<h1>{TITLES[name]}</h1><p>11.09.2025</p><p>{LEADS[name]}</p>"
        f"<p>More about the matter of {name} was said by the head of the press service.</p>"
        f"<p>The details of {name} will follow within the week, as soon as they are known.</p>"
        f"{others}<p>Views: 1 610</p></div></body></html>"
    ).encode()


@pytest.fixture
def server() -> Iterator[Callable[[dict[str, bytes]], int]]:
    """Serves bodies by path on a free loopback port; anything else is 404."""
    started = []

    def serve(pages: dict[str, bytes]) -> int:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = pages.get(self.path)
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        one = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=one.serve_forever, daemon=True)
        thread.start()
        started.append((one, thread))
        return one.server_address[1]

    yield serve
    for one, thread in started:
        one.shutdown()
        one.server_close()
        thread.join()


def tried(port, tmp_path):
    file = tmp_path / "sources.toml"
    file.write_text(
        f'[[source]]\nname = "site"\nlanguage = "en"\nstart = ["http://127.0.0.1:{port}/news/"]\n'
        "articles = '/news/[^/?]+/$'\ndelay = 0.0\nprivate = true\n"
    )
    return subprocess.run(
        [sys.executable, "-m", "monitor", "sources", "test", "site", "--sources", str(file)],
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


def site(**pages):
    links = "".join(f"<a href='/news/{name}/'>{name}</a>" for name in pages)
    return {"/news/": links.encode(), **{f"/news/{name}/": body for name, body in pages.items()}}


def test_links_statements_and_everything_dropped_with_its_reason_are_shown(server, tmp_path):
    port = server(site(**{name: article(name) for name in LEADS}))

    done = tried(port, tmp_path)

    assert done.returncode == 0, done.stderr
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert "articles 3 links match" in lines
    assert f"title    {TITLES['talks']}" in lines
    assert "date     2025-09-11 (beside title)" in lines
    assert f"1 {LEADS['talks']}" in lines
    dropped = [line for line in lines if line.startswith("dropped")]
    assert "dropped  Views: 1 610 (page furniture)" in dropped
    for other in ("flood", "prize"):
        (line,) = (line for line in dropped if LEADS[other] in line)
        assert f"the lead of http://127.0.0.1:{port}/news/{other}/" in line
        assert not any(line.endswith(LEADS[other]) for line in lines)
    assert not (tmp_path / "cstowatch.db").exists()


def test_a_page_that_a_crawl_would_refuse_is_named_with_the_reason(server, tmp_path):
    wall = b"<html><body><h1>Please verify you are human</h1><p>Complete the captcha.</p></body></html>"
    port = server(site(talks=article("talks"), wall=wall))

    done = tried(port, tmp_path)

    assert f"not read: http://127.0.0.1:{port}/news/wall/: a bot wall stands before the page" in done.stdout
    assert f"title    {TITLES['talks']}" in done.stdout


def test_a_listing_without_articles_is_exit_1_and_says_where_to_look(server, tmp_path):
    done = tried(server({"/news/": b"<a href='/contacts'>Contacts</a>"}), tmp_path)

    assert done.returncode == 1
    assert "compare the listing's links with `articles`" in done.stdout
