"""Captures to WARC 1.1 files that other tools open; the same archive gives the same bytes."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from storage import warc
from storage.errors import ArchiveError
from storage.records import Exported, ExportedCapture
from storage.rows import time_to_text

__all__ = ["write_warc"]

# The size that ISO 28500 recommends for a file, in bytes; it is exceeded by the last capture only.
_FILE_SIZE = 1 << 30


def write_warc(
    captures: Iterable[ExportedCapture], body_of: Callable[[int], bytes], directory: Path
) -> Exported:
    """Writes the captures, in the order given, into files of the directory; each is whole or not there.

    A body that was written before, or that retention let go, makes a revisit record. Raises
    ArchiveError where the files cannot be written.
    """
    files = _Files(directory)
    written: dict[str, _Original] = {}
    newest: dict[str, _Original] = {}
    count = run = 0
    try:
        for capture in captures:
            if files.is_full:
                files.close()
            if capture.run != run or not files.is_open:
                files.begin_run(capture)
                run = capture.run
            files.write(*_records(capture, body_of, written, newest))
            count += 1
        files.close()
    except OSError as error:
        raise ArchiveError(
            f"Cannot write WARC files into {directory} ({error.strerror}); check space and permissions"
        ) from error
    finally:
        files.abandon()
    return Exported(captures=count, files=tuple(files.names))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """One record before warcio frames it: `head` are bytes of HTTP, `body` what follows them."""

    kind: str
    fields: dict[str, str]
    uri: str
    head: bytes = b""
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Original:
    """The capture whose record a revisit refers to."""

    digest: str
    url: str
    date: str


def _records(
    capture: ExportedCapture,
    body_of: Callable[[int], bytes],
    written: dict[str, _Original],
    newest: dict[str, _Original],
) -> tuple[_Record, ...]:
    """What came and what was asked; `written` holds by SHA-256 the capture with the body, `newest` by URL."""
    fetched, sha256 = capture.fetched, capture.sha256
    fields = _own_fields(capture)
    request = _Record(
        kind="request",
        uri=fetched.url,
        head=warc.request_head(fetched),
        fields={
            "WARC-Record-ID": _record_id(capture.digest, "request"),
            "WARC-Date": _date(capture),
            "WARC-Concurrent-To": _record_id(capture.digest, "response"),
        },
    )
    if fetched.status is None:
        # No answer came, so there is no response to record.
        error = f"fetchError: {_one_line(fetched.error or 'no answer')}\r\n".encode()
        return (_Record(kind="metadata", uri=fetched.url, fields=fields, body=error), request)
    kind, body = "response", b""
    if sha256 and not capture.dropped and sha256 not in written:
        body = body_of(capture.id)
    original = written.get(sha256 or "")
    if fetched.status == 304:
        kind, original = "revisit", newest.get(fetched.url)
        fields["WARC-Profile"] = warc.NOT_MODIFIED_PROFILE
    elif sha256 and (original or capture.dropped):
        kind = "revisit"
        fields["WARC-Profile"] = warc.SAME_PAYLOAD_PROFILE
    if kind == "revisit" and original is not None:
        fields["WARC-Refers-To"] = _record_id(original.digest, "response")
        fields["WARC-Refers-To-Target-URI"] = original.url
        fields["WARC-Refers-To-Date"] = original.date
    if sha256:
        fields["WARC-Payload-Digest"] = f"sha256:{sha256}"
        if not capture.dropped:
            newest[fetched.url] = _Original(digest=capture.digest, url=fetched.url, date=_date(capture))
            written.setdefault(sha256, newest[fetched.url])
    head, added = warc.response_head(fetched, capture.size or 0)
    if added:
        fields[warc.ADDED] = str(added)
    return (_Record(kind=kind, uri=fetched.url, fields=fields, head=head, body=body), request)


def _own_fields(capture: ExportedCapture) -> dict[str, str]:
    fetched = capture.fetched
    own = {
        "WARC-Record-ID": _record_id(capture.digest, "response"),
        "WARC-Date": _date(capture),
        "WARC-IP-Address": fetched.address,
        warc.SOURCE: fetched.source,
        warc.ROLE: fetched.role.value,
        warc.CHAIN: capture.digest,
        warc.FINAL_URI: fetched.final_url if fetched.final_url != fetched.url else None,
        warc.ERROR: fetched.error,
        warc.FLAGS: json.dumps(fetched.flags) if fetched.flags else None,
        warc.DROPPED: capture.dropped,
    }
    return {name: _one_line(value) for name, value in own.items() if value is not None}


def _one_line(text: str) -> str:
    return " ".join(text.encode("utf-8", "replace").decode().split())


def _date(capture: ExportedCapture) -> str:
    return time_to_text(capture.fetched.fetched_at)


def _record_id(digest: str, part: str) -> str:
    """The same for the same capture, whenever it is exported: readers can tell that they have it."""
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'cstowatch:{digest}/{part}')}>"


@dataclass(slots=True)
class _Files:
    """The files of one export: `.open` while they are written, then under their names."""

    directory: Path
    names: list[str] = field(default_factory=list)
    _stream: IO[bytes] | None = None
    _path: Path | None = None
    _writer: Any = None

    @property
    def is_open(self) -> bool:
        """Whether a file is being written."""
        return self._stream is not None

    @property
    def is_full(self) -> bool:
        """Whether the file being written has its size."""
        return self._stream is not None and self._stream.tell() >= _FILE_SIZE

    def begin_run(self, capture: ExportedCapture) -> None:
        """Says that the captures that follow were made by this run."""
        if self._stream is None:
            began = f"{capture.fetched.fetched_at:%Y%m%d%H%M%S}"
            self._path = self.directory / f"cstowatch-{began}-{len(self.names):05}.warc.gz"
            self._stream = self._path.with_name(self._path.name + ".open").open("wb")
            self._writer = WARCWriter(self._stream, gzip=True, warc_version="1.1")
        began = time_to_text(capture.fetched.fetched_at)
        lines = {
            "software": f"csto-watch/{_version()}",
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "robots": "obey",
            "description": "Bodies are unpacked and de-chunked; headers are as received, those of packing "
            "under X-Crawler-.",
            warc.RUN: f"{capture.run} {began}",
        }
        fields = {
            "WARC-Record-ID": _record_id(capture.digest, "warcinfo"),
            "WARC-Date": began,
            "WARC-Filename": self._path.name if self._path else "",
        }
        text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self.write(_Record(kind="warcinfo", uri="", fields=fields, body=text.encode()))

    def write(self, *records: _Record) -> None:
        """Frames the records; warcio adds the SHA-1 of each block."""
        for record in records:
            framed = self._writer.create_warc_record(
                record.uri,
                record.kind,
                payload=BytesIO(record.body),
                length=len(record.body),
                warc_headers_dict=record.fields,
                http_headers=_http(record.head),
            )
            self._writer.write_record(framed)

    def close(self) -> None:
        """Gives the file its name once it is whole on the disk; does nothing where none is open."""
        if self._stream is not None and self._path is not None:
            self._stream.flush()
            os.fsync(self._stream.fileno())
            self._stream.close()
            Path(self._stream.name).rename(self._path)
            self.names.append(self._path.name)
            self._stream = None

    def abandon(self) -> None:
        """Takes away a file that is not whole."""
        if self._stream is not None:
            self._stream.close()
            Path(self._stream.name).unlink(missing_ok=True)
            self._stream = None


def _http(head: bytes) -> Any:
    if not head:
        return None
    http = _AsItIs("as it is", [])
    http.headers_buff = head
    return http


class _AsItIs(StatusAndHeaders):  # type: ignore[misc] # warcio has no types
    """The bytes of an HTTP head; warcio's own form would encode anew what is not ASCII."""

    def compute_headers_buffer(self, _header_filter: object = None) -> None:
        """Leaves the bytes as they are."""


def _version() -> str:
    try:
        return version("csto-watch")
    except PackageNotFoundError:
        return "0"
