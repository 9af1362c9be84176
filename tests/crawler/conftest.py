"""A real server on loopback that answers as it is told, well or badly, and a crawl in a child process."""

import base64
import contextlib
import json
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

# Started by tests in a process of its own, beside a module that only such a process finds.
collect_ignore = ["run_cycle.py"]

RUN_CRAWL = Path(__file__).with_name("run_crawl.py")
NOW = "2025-09-11T06:00:00+00:00"


def answer(
    body: bytes = b"",
    status: str = "200 OK",
    *,
    kind: str = "text/html; charset=utf-8",
    length: int | None = None,
    headers: tuple[str, ...] = (),
) -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body) if length is None else length}",
        "Connection: close",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    at: float


Reply = bytes | Callable[[socket.socket, Request], None]


@dataclass
class Site:
    """`pages` maps a path with its query to the bytes of a whole answer, or to a function that writes one."""

    port: int
    host: str = "127.0.0.1"
    pages: dict[str, Reply] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    tls: ssl.SSLContext | None = None

    def url(self, path: str) -> str:
        return f"{'http' if self.tls is None else 'https'}://{self.host}:{self.port}{path}"

    def asked(self) -> list[str]:
        return [request.path for request in self.requests]

    def answer(self, path: str, body: bytes = b"", status: str = "200 OK", **more: Any) -> None:
        self.pages[path] = answer(body, status, **more)

    def redirect(self, path: str, to: str) -> None:
        self.answer(path, b"", "302 Found", headers=(f"Location: {to}",))

    def listing(self, path: str, *links: str) -> None:
        self.answer(path, "".join(f'<a href="{link}">x</a>' for link in links).encode())

    def article(self, path: str, text: str = "The CSTO held an exercise.") -> None:
        self.answer(path, f"<html><body><p>{text}</p></body></html>".encode())

    def serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(10)
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            head = b""
            while b"\r\n\r\n" not in head:
                part = connection.recv(65536)
                if not part:
                    return
                head += part
            first, *lines = head.decode("latin-1").split("\r\n")
            headers = dict(line.split(": ", 1) for line in lines if ": " in line)
            request = Request(first.split(" ")[1], headers, time.monotonic())
            self.requests.append(request)
            page = self.pages.get(request.path, answer(b"nothing here", "404 Not Found"))
            if isinstance(page, bytes):
                connection.sendall(page)
            else:
                page(connection, request)


@pytest.fixture
def new_site() -> Iterator[Callable[..., Site]]:
    """Starts as many sites as a test asks for."""
    with _starting_sites() as start:
        yield start


@pytest.fixture(scope="module")
def new_sites() -> Iterator[Callable[..., Site]]:
    """The same for all tests of a module."""
    with _starting_sites() as start:
        yield start


@contextlib.contextmanager
def _starting_sites() -> Iterator[Callable[..., Site]]:
    listeners = []

    def start() -> Site:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        site = Site(port=listener.getsockname()[1])

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    threading.Thread(target=site.serve, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        return site

    yield start
    for listener in listeners:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@pytest.fixture
def site(new_site: Callable[..., Site]) -> Site:
    return new_site()


@dataclass
class Result:
    visits: list[dict]
    code: int
    stderr: str
    peak_kb: int | None
    manners: list[dict]

    def of(self, url: str) -> dict:
        found = [visit for visit in self.visits if visit["url"] == url]
        assert len(found) == 1, (url, found, self.stderr)
        return found[0]

    def urls(self, role: str) -> list[str]:
        return [visit["url"] for visit in self.visits if visit["role"] == role]


def run_task(task: dict) -> Result:
    child = subprocess.run(
        [sys.executable, str(RUN_CRAWL)],
        input=json.dumps({"now": NOW, **task}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    records = [json.loads(line) for line in child.stdout.splitlines()]
    for record in records:
        if "body" in record:
            record["body"] = base64.b64decode(record["body"])
            record["headers"] = [tuple(pair) for pair in record["headers"]]
            record["request_headers"] = dict(record["request_headers"])
    peak = next((record["peak_kb"] for record in records if "peak_kb" in record), None)
    visits = [record for record in records if "url" in record]
    manners = [record["manner"] for record in records if "manner" in record]
    return Result(visits, child.returncode, child.stderr, peak, manners)


def source_table(site: Site, **keys: object) -> str:
    values = {
        "name": "test",
        "language": "en",
        "start": [site.url("/news/")],
        "articles": r"/news/[^/?]+/$",
        "follow": r"/news/\?PAGEN_1=\d+$",
        "delay": 0,
        "private": True,
        **keys,
    }
    return "[[source]]\n" + "\n".join(
        f"{key} = {json.dumps(value)}" for key, value in values.items() if value is not None
    )


@pytest.fixture
def table_of() -> Callable[..., str]:
    """A site as the table of a source."""
    return source_table


@pytest.fixture
def crawl_of(tmp_path: Path) -> Callable[..., Result]:
    """Crawls the sources given as TOML tables in a child process."""

    def run(*tables: str, **task: object) -> Result:
        path = tmp_path / "sources.toml"
        path.write_text("\n".join(tables), encoding="utf-8")
        return run_task({"sources": str(path), **task})

    return run


@pytest.fixture
def crawl_site(crawl_of: Callable[..., Result], site: Site) -> Callable[..., Result]:
    """Crawls `site` as the one source; `keys` change its table, the rest is the task."""

    def run(keys: dict | None = None, **task: object) -> Result:
        return crawl_of(source_table(site, **(keys or {})), **task)

    return run


@pytest.fixture
def fetch_page() -> Callable[..., dict]:
    """One page by `crawler.run.fetch` in a child process."""

    def run(url: str, *, private: bool) -> dict:
        result = run_task({"fetch": url, "private": private})
        assert result.code == 0, result.stderr
        return result.visits[0]

    return run
