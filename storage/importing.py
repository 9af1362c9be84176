"""WARC files to visits, in the order of time: an index first, then one visit at a time."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from urllib.parse import urljoin

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders

from diffing.model import Fetched, PageRole
from storage import warc
from storage.errors import NoWarcFile

__all__ = ["ArchivedVisit", "WarcFiles"]

# The crawler takes no larger body; a packed one of a megabyte may unpack to gigabytes.
MOST_BYTES = 10 << 20

_STATUS_LINE = re.compile(r"HTTP/\S{1,5} +([1-9]\d\d)(?!\d)", re.ASCII)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Of warcio's message about a file that was packed as a whole, so that no record can be found by its place.
_NOT_BY_RECORD = "non-chunked"

_VISITS = frozenset({"response", "revisit", "metadata"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a record begins: the number of the file and the offset in it."""

    file: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedVisit:
    """A visit that lies in a file. `source`, `role` and `run` are set where an export of ours says them."""

    url: str
    at: dt.datetime
    place: _Place
    record: str | None
    digest: str | None
    source: str | None
    role: PageRole | None
    run: str | None


@dataclass(slots=True)
class WarcFiles:
    """The visits in some WARC files. `faults` counts, in words, the records that cannot be used."""

    paths: Sequence[Path]
    visits: list[ArchivedVisit] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    _requests: dict[str, _Place] = field(default_factory=dict)
    _bodies: dict[str, _Place] = field(default_factory=dict)
    _open: dict[int, IO[bytes]] = field(default_factory=dict)

    @classmethod
    def of(cls, paths: Sequence[Path]) -> WarcFiles:
        """Reads through the files once. Raises NoWarcFile where one cannot be read as WARC."""
        files = cls(paths)
        for number, path in enumerate(paths):
            try:
                with path.open("rb") as stream:
                    files._index(number, stream)
            except OSError as error:
                raise NoWarcFile(f"{path} cannot be read ({error.strerror}); name a WARC file") from error
            except ArchiveLoadFailed as error:
                first = str(error).strip().splitlines()[0]
                raise NoWarcFile(
                    f"{path} cannot be read as WARC ({first}); `warcio recompress` mends some such files"
                ) from error
        files.visits.sort(key=lambda visit: (visit.at, visit.place.file, visit.place.offset))
        return files

    def read(
        self,
        visit: ArchivedVisit,
        *,
        source: str,
        role: PageRole,
        url: str,
        body_by_digest: Callable[[str], bytes | None],
    ) -> Fetched | None:
        """The visit as the network gave it then, to the page `url` of the source; None: noted in `faults`.

        `body_by_digest` finds a body by its SHA-256 in hex where no file has it.
        """
        try:
            return self._visit(visit, source, role, url, body_by_digest)
        except _Unusable as found:
            self.faults[str(found)] += 1
            return None

    def close(self) -> None:
        """Closes the files."""
        for stream in self._open.values():
            stream.close()
        self._open.clear()

    # The records behind

    def _visit(
        self,
        visit: ArchivedVisit,
        source: str,
        role: PageRole,
        url: str,
        body_by_digest: Callable[[str], bytes | None],
    ) -> Fetched:
        record, message = self._at(visit.place)
        fields = record.rec_headers
        own = visit.source is not None
        final = fields.get_header(warc.FINAL_URI)
        status: int | None = None
        headers: warc.Headers = ()
        body = b""
        if record.rec_type != "metadata":
            first, headers, payload = warc.read_message(message)
            status = _status(first)
            body = self._body(record, visit, headers, payload, body_by_digest)
            if own:
                headers = warc.received_headers(headers, int(fields.get_header(warc.ADDED) or 0))
            elif status in _REDIRECTS:
                final, body = _led_to(visit.url, headers), b""
        return Fetched(
            source=source,
            role=role,
            url=url,
            final_url=final or url,
            fetched_at=visit.at,
            status=status,
            request_headers=self._request_headers(self._requests.get(visit.record or ""), own=own),
            headers=headers,
            body=body,
            error=fields.get_header(warc.ERROR),
            address=fields.get_header("WARC-IP-Address"),
            flags=tuple(json.loads(fields.get_header(warc.FLAGS) or "[]")),
        )

    def _index(self, number: int, stream: IO[bytes]) -> None:
        run: str | None = None
        found = ArchiveIterator(stream, check_digests=True)
        for record in _until_cut(found, self.faults):
            fields = record.rec_headers
            content = record.raw_stream.read() if record.rec_type == "warcinfo" else b""
            length = record.length if record.payload_length < 0 else record.payload_length
            if len(content) + _skipped(record) < (length or 0):
                self.faults["are cut off"] += 1
                continue
            # Not the payload's: crawlers disagree on whether it is that of the packed or the plain body.
            if any(problem.startswith("block") for problem in record.digest_checker.problems):
                self.faults["do not have the digest that they name"] += 1
                continue
            place = _Place(file=number, offset=found.get_record_offset())
            if record.rec_type == "warcinfo":
                run = _run_of(content)
            elif record.rec_type == "request":
                self._requests.setdefault(fields.get_header("WARC-Concurrent-To") or "", place)
            elif record.rec_type in _VISITS:
                self._note(record, place, run)

    def _note(self, record: Any, place: _Place, run: str | None) -> None:
        fields = record.rec_headers
        source, role = fields.get_header(warc.SOURCE), fields.get_header(warc.ROLE)
        if record.rec_type == "metadata" and source is None:
            return
        url = fields.get_header("WARC-Target-URI") or ""
        if not url.startswith(("http://", "https://")):
            return
        at = _time(fields.get_header("WARC-Date"))
        if at is None:
            self.faults["have no time"] += 1
            return
        digest = fields.get_header("WARC-Payload-Digest")
        if record.rec_type == "response" and digest:
            self._bodies.setdefault(digest.lower(), place)
        self.visits.append(
            ArchivedVisit(
                url=url,
                at=at,
                place=place,
                record=fields.get_header("WARC-Record-ID"),
                digest=digest,
                source=source,
                role=PageRole(role) if role in set(PageRole) else None,
                run=run if source else None,
            )
        )

    def _at(self, place: _Place) -> tuple[Any, bytes]:
        """The record there, and its block."""
        if place.file not in self._open:
            self._open[place.file] = self.paths[place.file].open("rb")
        stream = self._open[place.file]
        stream.seek(place.offset)
        record = next(ArchiveIterator(stream, no_record_parse=True))
        return record, record.raw_stream.read()

    def _body(
        self,
        record: Any,
        visit: ArchivedVisit,
        headers: warc.Headers,
        payload: bytes,
        body_by_digest: Callable[[str], bytes | None],
    ) -> bytes:
        """The body, unpacked; that of another record where this one repeats it. Raises _Unusable."""
        if record.rec_type == "response":
            return payload if visit.source else _unpacked(headers, payload)
        if record.rec_headers.get_header("WARC-Profile", "").endswith("/server-not-modified"):
            return b""
        digest = (visit.digest or "").lower()
        original = self._bodies.get(digest)
        if original is not None:
            first, message = self._at(original)
            _, first_headers, first_payload = warc.read_message(message)
            ours = first.rec_headers.get_header(warc.SOURCE)
            return first_payload if ours else _unpacked(first_headers, first_payload)
        known = body_by_digest(digest.removeprefix("sha256:")) if digest.startswith("sha256:") else None
        if known is None:
            raise _Unusable("repeat a body that is in none of the files")
        return known

    def _request_headers(self, place: _Place | None, *, own: bool) -> warc.Headers:
        if place is None:
            return ()
        _, message = self._at(place)
        _, headers, _ = warc.read_message(message)
        # The host that an export of ours puts first was not noted by the crawl.
        return headers[1:] if own and headers and headers[0][0] == "Host" else headers


class _Unusable(Exception):
    """What keeps a record from being a visit, in words that follow "records that"."""


def _until_cut(records: Iterator[Any], faults: Counter[str]) -> Iterator[Any]:
    """The records up to where the file is cut off or broken; what is before that is whole.

    Raises ArchiveLoadFailed where not even one can be read, or none but the first can be found again.
    """
    count = 0
    while True:
        try:
            record = next(records)
        except StopIteration:
            if not count:
                raise ArchiveLoadFailed("it holds no record") from None
            return
        except Exception as error:  # warcio meets broken records with whatever its parser stumbles over
            if not count or _NOT_BY_RECORD in str(error):
                raise ArchiveLoadFailed(str(error)) from error
            faults["come after a place where the file is broken"] += 1
            return
        if record.format != "warc":
            # Any five words in a row pass for the older format ARC.
            raise ArchiveLoadFailed(f"it holds {record.format.upper()} or no records")
        count += 1
        yield record


def _skipped(record: Any) -> int:
    """Reads on to the end of the record; how many bytes that were."""
    size = 0
    while part := record.raw_stream.read(1 << 16):
        size += len(part)
    return size


def _run_of(warcinfo: bytes) -> str | None:
    """Which run of ours the captures that follow were made by; None: the file is not ours."""
    for line in warcinfo.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        if name == warc.RUN:
            return value.strip()
    return None


def _time(text: str | None) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment.astimezone(dt.UTC)


def _status(first: str) -> int:
    answer = _STATUS_LINE.match(first)
    if answer is None:
        raise _Unusable("hold no HTTP answer")
    return int(answer[1])


def _led_to(url: str, headers: warc.Headers) -> str:
    location = next((value for name, value in headers if name.lower() == "location"), None)
    if location is None:
        raise _Unusable("redirect to nowhere")
    return urljoin(url, location)


def _unpacked(headers: warc.Headers, payload: bytes) -> bytes:
    """What a foreign file keeps as it went over the wire, de-chunked and unpacked."""
    http = StatusAndHeaders("", list(headers))
    record = ArcWarcRecord("warc", "response", None, BytesIO(payload), http, "", len(payload))
    stream = record.content_stream()
    parts: list[bytes] = []
    size = 0
    try:
        while size <= MOST_BYTES and (part := stream.read(1 << 16)):
            parts.append(part)
            size += len(part)
    except Exception as error:  # each kind of packing fails in its own way
        raise _Unusable("have a body that cannot be unpacked") from error
    if size > MOST_BYTES:
        raise _Unusable(f"have a body of more than {MOST_BYTES >> 20} MiB")
    return b"".join(parts)
