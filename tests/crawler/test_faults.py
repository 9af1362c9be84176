"""What a server, a page or a robots.txt can do to a crawl, row by row of docs/decisions/0007-the-crawler.md.

One hostile site serves a page a fault, a healthy one stands beside it, and one run visits both. A row's
number is its row there; rows that other tests hold are named there with their test.
"""

import functools
import gzip
import json
import os
import socket
import struct
import subprocess
import sys
import time
import zlib
from dataclasses import dataclass
from pathlib import Path

import brotli
import pytest
import zstandard

from storage.archive import open_archive

RUN_CYCLE = Path(__file__).with_name("run_cycle.py")
NOW = "2025-09-11T06:00:00+00:00"
MiB = 1 << 20


def article(number: int, more: str = "") -> bytes:
    """A sound page of its own."""
    paragraphs = "".join(
        f"<p>Column {number} of the collective forces crossed pass number {place} before noon, "
        "the press service of the joint staff said.</p>"
        for place in range(10 * number, 10 * number + 6)
    )
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>Column {number} crossed</title>{more}"
        f"</head><body><div class='content'><h1>Column {number} crossed</h1><p>11.09.2025</p>"
        f"{paragraphs}</div>"
        "</body></html>"
    ).encode()


def head(*lines: str, status: str = "200 OK") -> bytes:
    return "\r\n".join(
        [f"HTTP/1.1 {status}", "Content-Type: text/html; charset=utf-8", *lines, "", ""]
    ).encode()


def whole(body: bytes, *lines: str) -> bytes:
    return head(f"Content-Length: {len(body)}", "Connection: close", *lines) + body


def packed(encoding: str, body: bytes) -> bytes:
    return whole(body, f"Content-Encoding: {encoding}")


def bomb(encoding: str, *packings) -> functools.partial:
    """64 MB of zeros, packed when the site is built."""
    zeros = b"\0" * (64 * MiB)
    return functools.partial(
        lambda: packed(encoding, functools.reduce(lambda body, pack: pack(body), packings, zeros))
    )


def redirect(to: str) -> bytes:
    return head(f"Location: {to}", "Content-Length: 0", status="302 Found")


def drip(first: bytes, drop: bytes, pause: float = 0.1):
    def send(connection, request):
        connection.sendall(first)
        for _ in range(100):
            connection.sendall(drop)
            time.sleep(pause)

    return send


def flood(first: bytes, block: bytes, megabytes: int):
    def send(connection, request):
        connection.sendall(first)
        for _ in range((megabytes << 20) // len(block)):
            connection.sendall(block)

    return send


def reset(connection, request):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hang_up(connection, request):
    connection.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A row of the table: what the server does, what becomes of the visit, and how that is said."""

    row: int
    says: str
    reply: object
    outcome: str
    reason: str

    @property
    def path(self) -> str:
        return f"/news/row-{self.row}-{'-'.join(self.says.replace(',', '').split()[:6])}/"


def failed(row, says, reply, reason):
    return Fault(row=row, says=says, reply=reply, outcome="failed", reason=reason)


def rejected(row, says, reply, reason):
    return Fault(row=row, says=says, reply=reply, outcome="rejected", reason=reason)


TEXT = article(1)
RUSSIAN = "Колонна коллективных сил прошла перевал до полудня, сообщила пресс-служба. " * 9
BIG_BLOCK = b"<p>" + b"y" * 65533
HEADER_LINES = b"".join(b"X-%d: %s\r\n" % (number, b"a" * 1000) for number in range(64))
TABLE = b"<html><body><table>" + b"<tr><td>1<td>2<td>3" * 160_000 + b"</table></body></html>"
ELSEWHERE = "no host of the source"
FAULTS = [
    failed(1, "a body of one byte now and then", drip(head(), b"x"), "in time"),
    failed(2, "header lines now and then", drip(b"HTTP/1.1 200 OK\r\n", b"X-A: a\r\n"), "in time"),
    failed(3, "200 MB of header lines", flood(b"HTTP/1.1 200 OK\r\n", HEADER_LINES, 200), "header"),
    failed(
        4, "one header line of 64 MB", flood(b"HTTP/1.1 200 OK\r\nX: ", b"a" * MiB, 64), "no proper answer"
    ),
    failed(5, "a body without an end", flood(head(), BIG_BLOCK, 1024), "larger than"),
    failed(6, "a length of 5 GB", head("Content-Length: 5000000000") + b"x", "larger than"),
    failed(
        7,
        "5 GB in chunks",
        flood(head("Transfer-Encoding: chunked"), b"10000\r\n" + b"q" * 65536 + b"\r\n", 1024),
        "larger than",
    ),
    failed(
        8,
        "a body shorter than its length",
        head("Content-Length: 5000", "Connection: close") + b"half",
        "broke off",
    ),
    failed(8, "a chunk that is cut", head("Transfer-Encoding: chunked") + b"64\r\nhalf", "broke off"),
    rejected(
        9, "a body longer than its length", head("Content-Length: 700", "Connection: close") + TEXT, "cut off"
    ),
    rejected(
        10, "no length and a connection closed midway", head("Connection: close") + TEXT[:700], "cut off"
    ),
    rejected(11, "a gzip body that is cut", packed("gzip", gzip.compress(TEXT)[:200]), "cut off"),
    failed(12, "a gzip bomb", bomb("gzip", gzip.compress), "unpacks to more"),
    failed(13, "a gzip bomb in gzip", bomb("gzip, gzip", gzip.compress, gzip.compress), "unpacks to more"),
    failed(14, "a brotli bomb", bomb("br", functools.partial(brotli.compress, quality=5)), "unpacks to more"),
    failed(15, "a zstd bomb", bomb("zstd", zstandard.compress), "unpacks to more"),
    failed(16, "a deflate bomb", bomb("deflate", zlib.compress), "unpacks to more"),
    failed(17, "gzip that is garbage", packed("gzip", b"\x1f\x8b\x08\x00garbage" * 9), "could not be read"),
    failed(18, "two lengths", head("Content-Length: 5", "Content-Length: 50") + b"hello", "no proper answer"),
    failed(19, "no HTTP", b"\x00\x01 nothing of the kind \xff\r\n\r\n", "no proper answer"),
    failed(20, "a reset", reset, "no proper answer"),
    failed(21, "no byte at all", hang_up, "no proper answer"),
    failed(22, "a redirect to itself", redirect("/news/row-22-a-redirect-to-itself/"), "again and again"),
    failed(23, "a redirect to a file", redirect("file:///etc/passwd"), "302"),
    failed(23, "another redirect to ftp", redirect("ftp://127.0.0.1/x"), "302"),
    failed(23, "data in a redirect", redirect("data:text/html,<p>x"), "302"),
    failed(24, "a redirect to a decimal address", redirect("http://2130706433:{port}/secret"), ELSEWHERE),
    failed(24, "hexadecimal digits in a redirect", redirect("http://0x7f.1:{port}/secret"), ELSEWHERE),
    failed(
        24, "IPv4 within IPv6 in a redirect", redirect("http://[::ffff:127.0.0.1]:{port}/secret"), ELSEWHERE
    ),
    rejected(
        25,
        "a meta refresh to this machine",
        head("Connection: close")
        + (
            b"<html><head><meta http-equiv='refresh' content='0;http://2130706433:{port}/secret'></head></html>"
        ),
        "no body",
    ),
    failed(
        26,
        "a redirect to the metadata address",
        redirect("http://169.254.169.254/latest/meta-data/"),
        ELSEWHERE,
    ),
    failed(
        30,
        "a redirect with a password",
        redirect("http://u:p@127.0.0.1:{port}/secret"),
        "user name or password",
    ),
    failed(
        30, "a backslash in a redirect", redirect("http://x.example\\@127.0.0.1:{port}/secret"), ELSEWHERE
    ),
    failed(31, "a redirect off the site", redirect("http://elsewhere.example/"), ELSEWHERE),
    rejected(
        46,
        "two encodings in one page",
        whole(
            TEXT.replace(b"</div>", f"<p>{RUSSIAN}</p>".encode() + f"<p>{RUSSIAN}</p></div>".encode("cp1251"))
        ),
        "encoding",
    ),
    rejected(
        50, "10,000 nested tags", whole(b"<html><body>" + b"<div>" * 10_000 + b"text."), "nests more than"
    ),
    failed(51, "a line of 50 MB", flood(head(), b"word " * 13_000, 50), "larger than"),
    rejected(
        52,
        "100,000 attributes on a tag",
        whole(
            b"<html><body><p "
            + b" ".join(b"x%d=1" % number for number in range(100_000))
            + b">x</p></body></html>"
        ),
        "",
    ),
    rejected(
        53,
        "450,000 links",
        whole(b"<html><body>" + b"<a href=/x>link</a>\n" * 450_000 + b"</body></html>"),
        "",
    ),
    rejected(54, "a table of 3 MB", whole(TABLE), ""),
    rejected(
        56,
        "a page that says that the site is maintained",
        whole(b"<html><h1>Site</h1><p>The site is under maintenance. We will be back soon.</p></html>"),
        "maintenance",
    ),
    rejected(
        57,
        "a wall with a captcha",
        whole(b"<html><h1>Please verify you are human</h1><p>Complete the captcha to go on.</p></html>"),
        "human",
    ),
    rejected(58, "an empty page", whole(b""), "empty"),
    *(
        rejected(61, f"one text at address {number} of three", whole(article(61)), "3 addresses")
        for number in range(3)
    ),
    failed(64, "an answer of 502", whole(b"").replace(b"200 OK", b"502 Bad Gateway"), "502"),
    rejected(66, "a picture labelled as a page", whole(b"\x89PNG\r\n\x1a\n" + b"\0" * 5000), ""),
]


# Sound pages between the first faults, which look like a host that is down when they come in a row.
SOUND = [f"/news/sound{'-' * number}/" for number in range(3)]


def interleaved(paths):
    return [path for pair in zip(paths, SOUND, strict=False) for path in pair] + paths[len(SOUND) :]


@dataclass
class Ran:
    """What one run over the hostile and the healthy site left."""

    database: Path
    hostile: object
    healthy: object
    told: dict
    seconds: float

    def visit(self, url: str) -> tuple[str, str]:
        with open_archive(self.database) as archive:
            (row,) = archive._connection.rows(
                "SELECT outcome, ifnull(reason, '') AS reason FROM v_captures WHERE url = ?", (url,)
            )
        return row["outcome"], row["reason"]


@pytest.fixture(scope="module")
def ran(new_sites, tmp_path_factory):
    """One run over a source whose every page is a fault, and over a healthy one beside it."""
    hostile, healthy = new_sites(), new_sites()
    healthy.host = "localhost"
    hostile.article("/secret", "INTERNAL")
    hostile.listing("/news/", *interleaved([fault.path for fault in FAULTS]), "/news/last/")
    for path in [*SOUND, "/news/last/"]:
        hostile.pages[path] = whole(article(90 + len(path)), "Set-Cookie: session=1; Path=/")
    for fault in FAULTS:
        reply = fault.reply() if isinstance(fault.reply, functools.partial) else fault.reply
        hostile.pages[fault.path] = (
            reply.replace(b"{port}", str(hostile.port).encode()) if isinstance(reply, bytes) else reply
        )
    healthy.listing("/news/", *(f"/news/{number}/" for number in range(1, 6)))
    for number in range(1, 6):
        healthy.pages[f"/news/{number}/"] = whole(article(number))
    directory = tmp_path_factory.mktemp("faults")
    sources = directory / "sources.toml"
    sources.write_text(
        "\n".join(
            f'[[source]]\nname = "{name}"\nlanguage = "en"\nstart = ["{site.url("/news/")}"]\n'
            "articles = '/news/[^/]+/$'\ndelay = 0\nprivate = true"
            for name, site in (("hostile", hostile), ("healthy", healthy))
        )
    )
    task = {
        "sources": str(sources),
        "database": str(directory / "cstowatch.db"),
        "now": NOW,
        "deadline": 1.0,
        "bounds": {"timeout": 2.0, "retries": 0},
    }
    began = time.monotonic()
    child = subprocess.run(
        [sys.executable, str(RUN_CYCLE)],
        input=json.dumps(task), capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "http_proxy": hostile.url("/"), "https_proxy": hostile.url("/")},
    )  # fmt: skip
    assert (child.returncode, child.stderr) == (0, "")
    return Ran(
        directory / "cstowatch.db", hostile, healthy, json.loads(child.stdout), time.monotonic() - began
    )


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"row {fault.row} {fault.says}")
def test_a_fault_of_one_page_is_a_visit_that_says_what_was_wrong(ran, fault):
    outcome, reason = ran.visit(ran.hostile.url(fault.path))

    assert (outcome, fault.reason in reason) == (fault.outcome, True), reason
    assert "\n" not in reason


def test_the_page_behind_all_faults_is_read(ran):
    assert ran.hostile.asked()[-1] == "/news/last/"


def test_the_healthy_source_beside_it_gets_all_its_pages(ran):
    assert [ran.visit(ran.healthy.url(f"/news/{number}/"))[0] for number in range(1, 6)] == ["new"] * 5


def test_rows_24_to_31_nothing_of_this_machine_was_asked(ran):
    assert "/secret" not in ran.hostile.asked()


def test_row_34_no_cookie_is_sent_back(ran):
    assert not any("Cookie" in request.headers for request in ran.hostile.requests)


def test_row_35_a_proxy_of_the_environment_is_not_asked(ran):
    assert all(path.startswith("/") for path in [*ran.hostile.asked(), *ran.healthy.asked()])


def test_row_62_the_changes_of_the_hostile_source_are_held_and_those_of_the_healthy_are_told(ran):
    assert "held back" in ran.told["failures"]["hostile"]
    assert "healthy" not in ran.told["failures"]
    with open_archive(ran.database) as archive:
        assert {change.source for change in archive.changes()} == {"healthy"}


def test_the_run_is_bounded_in_time_and_memory(ran):
    assert ran.told["peak_kb"] < 250_000
    assert ran.seconds < 60
