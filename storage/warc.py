"""What a visit is in a WARC 1.1 file: names of fields, and HTTP messages, both directions side by side."""

from __future__ import annotations

import http.client
from collections.abc import Sequence
from urllib.parse import urlsplit

from diffing.model import Fetched

__all__ = [
    "ADDED",
    "CHAIN",
    "DROPPED",
    "ERROR",
    "FINAL_URI",
    "FLAGS",
    "NOT_MODIFIED_PROFILE",
    "ROLE",
    "RUN",
    "SAME_PAYLOAD_PROFILE",
    "SOURCE",
    "Headers",
    "read_message",
    "received_headers",
    "request_head",
    "response_head",
]

Headers = tuple[tuple[str, str], ...]

# What a WARC file has no field for. ISO 28500 allows fields of one's own, and other readers pass them over.
SOURCE, ROLE, RUN = "CSTOWATCH-Source", "CSTOWATCH-Role", "CSTOWATCH-Run"
FINAL_URI, ERROR, FLAGS = "CSTOWATCH-Final-URI", "CSTOWATCH-Error", "CSTOWATCH-Flags"
# The digest of the capture in our hash chain; when retention let the body go; how many of the last response
# headers were not received, but added so that the record can be replayed.
CHAIN, DROPPED, ADDED = "CSTOWATCH-Chain", "CSTOWATCH-Dropped", "CSTOWATCH-Added-Headers"

SAME_PAYLOAD_PROFILE = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED_PROFILE = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

# A body is kept unpacked, and a header that calls it packed would mislead every reader: such headers are
# written under these names, as Apache Nutch and StormCrawler do.
_AS_SENT = "X-Crawler-"
_OF_PACKING = frozenset({"content-encoding", "transfer-encoding", "content-length"})


def response_head(fetched: Fetched, size: int) -> tuple[bytes, int]:
    """The head of an answer with a body of that size, and how many headers at its end were added."""
    names = {name.lower() for name, _ in fetched.headers}
    packed = size > 0 and not names.isdisjoint({"content-encoding", "transfer-encoding"})
    headers = [
        (f"{_AS_SENT}{name}" if packed and name.lower() in _OF_PACKING else name, value)
        for name, value in fetched.headers
    ]
    added = []
    if packed:
        added.append(("Content-Length", str(size)))
    if fetched.final_url != fetched.url and "location" not in names:
        added.append(("Location", fetched.final_url))
    status = fetched.status or 0
    phrase = http.client.responses.get(status, "")
    return _head(f"HTTP/1.1 {status} {phrase}", (*headers, *added)), len(added)


def received_headers(headers: Headers, added: int) -> Headers:
    """The headers as they were received: the inverse of what `response_head` makes of them."""
    kept = headers[: len(headers) - added]
    return tuple((name.removeprefix(_AS_SENT), value) for name, value in kept)


def request_head(fetched: Fetched) -> bytes:
    """The request for the page, with the host that HTTP demands where it was not noted."""
    parts = urlsplit(fetched.url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    named = any(name.lower() == "host" for name, _ in fetched.request_headers)
    host = () if named else (("Host", parts.netloc.rpartition("@")[2]),)
    return _head(f"GET {path} HTTP/1.1", (*host, *fetched.request_headers))


def read_message(message: bytes) -> tuple[str, Headers, bytes]:
    """The first line, the headers and what follows them. Continued lines are joined, odd ones left out."""
    head, _, payload = message.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers: list[tuple[str, str]] = []
    for line in lines:
        if line.startswith((" ", "\t")) and headers:
            name, value = headers.pop()
            headers.append((name, f"{value} {line.strip()}"))
            continue
        name, colon, value = line.partition(":")
        if colon and name.strip():
            headers.append((name.strip(), value.strip()))
    return first, tuple(headers), payload


def _head(first: str, headers: Sequence[tuple[str, str]]) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    return b"\r\n".join(_line(line) for line in lines) + b"\r\n\r\n"


def _line(text: str) -> bytes:
    """One line in the bytes that came: headers are kept as latin-1 (crawler/guard.py)."""
    text = " ".join(text.splitlines())
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")
