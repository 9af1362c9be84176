"""Pages that scripts write, in a real browser that reaches nothing but what the crawler may ask for."""

import json
import resource
import shutil
import socket
import threading
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from crawler.extraction import extract
from crawler.rendering import BROWSERS
from tests.crawler.conftest import answer

pytest.importorskip("playwright", reason="the extra `browser` is not installed: pip install '.[browser]'")
if not any(map(shutil.which, BROWSERS)):
    pytest.skip("there is no chromium on PATH: apt install chromium", allow_module_level=True)

BOUNDS = {"timeout": 10.0, "pause": 0.05}
WRITER = """<html><head><title>Loading</title></head><body><div id="a">Loading</div><script>
fetch("/data.json").then(answer => answer.json()).then(data => {
  document.title = data.title;
  document.getElementById("a").innerHTML = "<h1>" + data.title + "</h1><p>" + data.text + "</p>";
});
</script></body></html>"""


class Secret(NamedTuple):
    port: int
    visitors: list


@pytest.fixture
def secret():
    """A server beside the site, on every address of this machine, that counts who connects to it."""
    listener = socket.create_server(("0.0.0.0", 0))
    visitors = []

    def accept():
        try:
            while True:
                connection, address = listener.accept()
                visitors.append(address)
                connection.sendall(answer(b"secret", headers=("Access-Control-Allow-Origin: *",)))
                connection.close()
        except OSError:
            return

    threading.Thread(target=accept, daemon=True).start()
    yield Secret(listener.getsockname()[1], visitors)
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


@pytest.fixture
def limited():
    """The limit of address space that a crawl of the daemon has."""
    limits = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, limits)


@pytest.mark.usefixtures("limited")
def test_what_a_script_writes_is_delivered_and_what_it_asks_for_is_asked_as_ever(site, crawl_site):
    site.answer("/robots.txt", b"User-agent: *\nDisallow: /closed.json", kind="text/plain")
    site.listing("/news/", "/news/one/", "/news/two/")
    site.answer("/news/one/", WRITER.encode(), headers=('ETag: "shell"',))
    site.answer("/news/two/", WRITER.replace("/data.json", "/closed.json").encode())
    site.answer("/closed.json", b"{}", kind="application/json")
    data = {"title": "Учение состоится", "text": "The exercise will be held in October."}
    site.answer("/data.json", json.dumps(data).encode(), kind="application/json")
    known = {
        "url": site.url("/news/one/"), "first_seen": "2025-09-01T06:00:00+00:00",
        "last_visit": "2025-09-01T06:00:00+00:00", "etag": '"shell"',
    }  # fmt: skip

    result = crawl_site({"render": True}, bounds=BOUNDS, pages={"test": [known]})

    one = result.of(site.url("/news/one/"))
    assert (one["status"], one["error"], one["flags"]) == (200, None, ["rendered"])
    text = one["body"].decode("utf-8-sig")
    assert "<h1>Учение состоится</h1><p>The exercise will be held in October.</p>" in text
    document = extract(one["body"], one["headers"], one["url"], language="en", timezone=ZoneInfo("UTC"))
    assert [block.text for block in document.blocks] == ["The exercise will be held in October."]
    shell = next(request for request in site.requests if request.path == "/news/one/")
    assert "If-None-Match" not in shell.headers
    asked = next(request for request in site.requests if request.path == "/data.json")
    assert asked.headers["User-Agent"].startswith("csto-watch/")
    assert b"Loading" in result.of(site.url("/news/two/"))["body"]  # robots.txt holds for scripts, too
    assert set(site.asked()) == {"/robots.txt", "/news/", "/news/one/", "/news/two/", "/data.json"}


def test_a_script_reaches_nothing_outside_the_hosts_of_its_source(site, crawl_site, secret):
    other = f"http://127.0.0.2:{secret.port}"  # another host, for all that the source may ask
    same_port = f"http://localhost:{secret.port}"
    page = f"""<html><head><link rel="preconnect" href="{same_port}">
    <link rel="prefetch" href="{same_port}/p">
    <script src="{same_port}/s.js"></script></head><body><p id="a">Written by hand.</p>
    <img src="{same_port}/i.png"><iframe src="{same_port}/f"></iframe><script>
    const said = document.getElementById("a"), say = word => {{ said.append(" " + word); }};
    for (const url of ["{same_port}/secret", "{other}/secret", "http://169.254.169.254/latest/",
                       "http://2130706434:{secret.port}/", "file:///etc/passwd"])
      fetch(url).then(a => a.text()).then(text => say("reached " + text), () => say("refused"));
    fetch("{same_port}/", {{mode: "no-cors"}}).then(() => say("reached"), () => say("refused"));
    navigator.sendBeacon("{same_port}/beacon", "x");
    try {{ new WebSocket("ws://localhost:{secret.port}/"); }} catch (e) {{}}
    try {{ new EventSource("{same_port}/events"); }} catch (e) {{}}
    try {{ navigator.serviceWorker.register("/worker.js"); }} catch (e) {{}}
    const call = new RTCPeerConnection({{iceServers: [{{urls: "stun:127.0.0.1:{secret.port}"}}]}});
    call.createDataChannel("x"); call.createOffer().then(offer => call.setLocalDescription(offer));
    window.open("{same_port}/popup");
    fetch("/leads-away").then(a => a.text()).then(text => say("reached " + text), () => say("refused"));
    setTimeout(() => {{ location.href = "{same_port}/away"; }}, 100);
    </script></body></html>"""
    site.listing("/news/", "/news/one/")
    site.answer("/news/one/", page.encode())
    site.redirect("/leads-away", f"{same_port}/secret")

    result = crawl_site({"render": True}, bounds=BOUNDS)

    text = result.of(site.url("/news/one/"))["body"].decode("utf-8-sig")
    written = text.partition('<p id="a">')[2].partition("</p>")[0]
    assert written.startswith("Written by hand.")
    assert written.count("refused") == 7
    assert "reached" not in written
    assert secret.visitors == []


def test_a_script_that_never_ends_costs_its_page_and_not_the_next(site, crawl_site):
    site.listing("/news/", "/news/bad/", "/news/good/")
    site.answer("/news/bad/", b"<html><body><p>x</p><script>for (;;) ;</script></body></html>")
    site.answer("/news/good/", b"<html><body><p id=a></p><script>a.textContent = 'all ' + 'well'</script>")

    result = crawl_site({"render": True}, bounds={"timeout": 2.5, "pause": 0.05})

    bad, good = result.of(site.url("/news/bad/")), result.of(site.url("/news/good/"))
    assert (bad["status"], bad["error"]) == (None, "its scripts did not come to an end within 5 s")
    assert b"all well" in good["body"]


def test_without_a_browser_the_source_fails_with_the_remedy_and_asks_for_nothing(
    site, crawl_site, monkeypatch
):
    monkeypatch.setenv("CSTOWATCH_BROWSER", "no-such-browser")
    site.listing("/news/", "/news/one/")

    result = crawl_site({"render": True})

    assert "apt install chromium" in result.of(site.url("/news/"))["error"]
    assert site.asked() in ([], ["/robots.txt"])
