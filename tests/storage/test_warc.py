"""WARC files of ours open in other readers, and any reader's files give back what the network gave."""

from __future__ import annotations

import datetime as dt
import gzip
import io
from dataclasses import replace
from pathlib import Path
from typing import Self

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from hypothesis import given
from hypothesis import strategies as st
from warcio.checker import Checker
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from diffing.model import Fetched, Outcome, PageRole
from storage import exporting, warc
from storage.archive import Archive, open_archive
from storage.errors import ArchiveError, NoWarcFile
from storage.importing import MOST_BYTES, WarcFiles

HOUR = dt.timedelta(hours=1)
PAGE = "https://en.example.org/news/a/"


class _Checked:
    """What `warcio check` looks at."""

    verbose = False

    def __init__(self, files: list[Path]) -> None:
        self.inputs = [str(file) for file in files]


def check(files: list[Path]) -> int:
    """The exit code of `warcio check`."""
    return Checker(_Checked(files)).process_all()


def visits(words) -> list[Fetched]:
    """A visit of every kind."""
    packed = (("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"), ("Server", "nginx"))
    odd = (("X-Owner", "J\xfcrgen"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Empty", ""))
    told = [
        words.fetched(PAGE, body=b"<p>One.</p>", headers=odd),
        words.fetched(PAGE + "?b=1", body="<p>Упаковано.</p>".encode(), headers=packed),
        words.fetched("https://en.example.org/news/", body=b"<a href='a/'>a</a>", role=PageRole.LISTING),
        replace(
            words.fetched("https://en.example.org/old/", body=b"", status=301),
            final_url=PAGE, flags=("partial",),
        ),
        words.fetched("https://en.example.org/gone/", body=b"<p>Not here.</p>", status=404),
        words.fetched("https://en.example.org/down/", body=b"", status=None, headers=(), error="timed out"),
        words.fetched(PAGE, body=b"", status=304, headers=(("ETag", '"v1"'),)),
        words.fetched(PAGE, body=b"<p>One.</p>"),
        words.fetched("https://en.example.org/twin/", body=b"<p>One.</p>", headers=packed),
        words.fetched("https://en.example.org/empty/", body=b""),
    ]  # fmt: skip
    return [
        replace(
            visit,
            fetched_at=words.noon + number * HOUR + dt.timedelta(microseconds=number),
            request_headers=(("User-Agent", "test"), ("If-None-Match", '"v0"')),
        )
        for number, visit in enumerate(told)
    ]


@pytest.fixture
def filled(archive: Archive, words) -> Archive:
    told = visits(words)
    for first in range(0, len(told), 4):
        run = archive.begin_run(told[first].fetched_at, "crawl", [])
        for visit in told[first : first + 4]:
            archive.record_capture(run, visit)
    return archive


@pytest.fixture
def exported(filled: Archive, tmp_path: Path) -> list[Path]:
    (tmp_path / "warc").mkdir()
    filled.export(tmp_path / "warc")
    return sorted((tmp_path / "warc").iterdir())


def read(files: list[Path], body_by_digest=lambda _: None) -> tuple[list[Fetched], dict[str, int]]:
    """All visits of the files, and the faults."""
    found = WarcFiles.of(files)
    told = [
        found.read(
            visit,
            source=visit.source or "site-en",
            role=visit.role or PageRole.ARTICLE,
            url=visit.url,
            body_by_digest=body_by_digest,
        )
        for visit in found.visits
    ]
    found.close()
    return [visit for visit in told if visit is not None], dict(found.faults)


def test_every_visit_comes_back_as_the_network_gave_it(exported: list[Path], words) -> None:
    assert read(exported) == (visits(words), {})


def test_warcio_finds_every_digest_right(exported: list[Path]) -> None:
    assert check(exported) == 0


def test_a_reader_that_is_not_ours_finds_records_dates_and_our_digests(
    exported: list[Path], filled: Archive, words
) -> None:
    told: dict[str, list[object]] = {}
    for file in exported:
        with file.open("rb") as stream:
            for record in FastIterator(stream, parse_http=False):
                assert record.verify_block_digest()
                record.parse_http()
                if record.headers["WARC-Type"] == "response":
                    assert record.verify_payload_digest()
                told.setdefault(record.headers["WARC-Type"], []).append(
                    (
                        record.headers.get("WARC-Target-URI"),
                        record.headers.get("WARC-Payload-Digest"),
                        record.http_headers.status_code if record.is_http else None,
                        record.record_date,
                    )
                )
    sent = visits(words)
    sha256 = filled.looks(PAGE)[0].sha256

    assert {kind: len(found) for kind, found in told.items()} == {
        "warcinfo": 3, "response": 6, "request": 10, "metadata": 1, "revisit": 3,
    }  # fmt: skip
    assert told["response"][0] == (PAGE, f"sha256:{sha256}", 200, sent[0].fetched_at)
    assert [status for _, _, status, _ in told["response"]] == [200, 200, 200, 301, 404, 200]
    assert [status for _, _, status, _ in told["revisit"]] == [304, 200, 200]


def test_other_readers_see_an_unpacked_body_as_such_and_where_an_address_moved_to(
    exported: list[Path],
) -> None:
    by_url = {}
    with exported[0].open("rb") as stream:
        for record in FastIterator(stream, record_types=WarcRecordType.response):
            by_url[record.headers["WARC-Target-URI"]] = (record.http_headers, record.reader.read())
    head, body = by_url[PAGE + "?b=1"]

    assert body.decode() == "<p>Упаковано.</p>"
    assert (head.get("Content-Length"), head.get("Content-Encoding")) == (str(len(body)), None)
    assert head.get("X-Crawler-Content-Encoding") == "gzip"
    assert by_url["https://en.example.org/old/"][0].get("Location") == PAGE


def test_the_same_archive_gives_the_same_bytes(filled: Archive, exported: list[Path], tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    done = filled.export(tmp_path / "again")

    assert done.files == tuple(file.name for file in exported)
    assert [(tmp_path / "again" / name).read_bytes() for name in done.files] == [
        file.read_bytes() for file in exported
    ]


def test_files_end_at_their_size_and_each_says_whose_it_is(
    filled: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words
) -> None:
    monkeypatch.setattr(exporting, "_FILE_SIZE", 1)
    (tmp_path / "small").mkdir()

    done = filled.export(tmp_path / "small")
    files = [tmp_path / "small" / name for name in done.files]

    assert len(files) == len(visits(words)) == done.captures
    assert check(files) == 0
    assert read(files) == (visits(words), {})
    assert {visit.run.split()[0] for visit in WarcFiles.of(files).visits} == {"1", "2", "3"}


def test_a_body_let_go_is_a_revisit_whose_digest_stands(archive: Archive, words, tmp_path: Path) -> None:
    bodies = [f"<p>It moves.</p><i>{views}</i>".encode() for views in range(4)]
    words.page(archive, "It moves.", body=bodies[0])
    for hours, body in enumerate(bodies[1:], 1):
        at = words.noon + hours * HOUR
        run = archive.begin_run(at, "crawl", [])
        capture = archive.record_capture(run, words.fetched(at=at, body=body))
        archive.settle(capture, Outcome.UNCHANGED)
    kept = {look.sha256: body for look, body in zip(archive.looks(words.url), bodies, strict=True)}
    archive.prune(words.noon)
    archive.export(tmp_path)
    files = sorted(tmp_path.glob("*.gz"))

    without, faults = read(files)
    with_bodies, _ = read(files, kept.get)

    assert check(files) == 0
    assert [visit.body for visit in without] == [bodies[0], bodies[3]]
    assert faults == {"repeat a body that is in none of the files": 2}
    assert [visit.body for visit in with_bodies] == bodies


def test_an_export_that_cannot_be_written_leaves_no_half_file(filled: Archive, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="Cannot write WARC files"):
        filled.export(tmp_path / "none")
    damaged = filled.path
    filled._connection.run("UPDATE bodies SET data = x'00' WHERE id = 2")

    with pytest.raises(ArchiveError, match=str(damaged)):
        filled.export(tmp_path)

    assert list(tmp_path.glob("cstowatch-*")) == []


def test_an_empty_archive_gives_no_file(archive: Archive, tmp_path: Path) -> None:
    assert archive.export(tmp_path).files == ()


_VALUES = st.text([chr(code) for code in (*range(32, 127), *range(161, 256))]).map(str.strip)


@given(
    st.lists(st.tuples(st.text("abcXYZ-", min_size=1).map("N{}".format), _VALUES)).map(tuple),
    st.binary(max_size=60),
)
def test_a_message_is_read_as_it_was_written(headers: warc.Headers, body: bytes) -> None:
    visit = Fetched(
        source="s", role=PageRole.ARTICLE, url=PAGE, final_url=PAGE,
        fetched_at=dt.datetime(2025, 9, 11, tzinfo=dt.UTC), status=200, headers=headers, body=body,
    )  # fmt: skip

    head, added = warc.response_head(visit, len(body))
    first, read_headers, payload = warc.read_message(head + body)

    assert (first, payload) == ("HTTP/1.1 200 OK", body)
    assert warc.received_headers(read_headers, added) == headers


# Files that are not ours


class Foreign:
    """A WARC file as another crawler writes it: packed, chunked, with its own words."""

    def __init__(self, path: Path, *, packed: bool = True) -> None:
        self.path = path
        self._stream = path.open("wb")
        self._writer = WARCWriter(self._stream, gzip=packed, warc_version="1.0")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def response(self, url: str, at: str, body: bytes, status: str = "200 OK", **headers: str) -> None:
        http = StatusAndHeaders(
            status, [(name.replace("_", "-"), value) for name, value in headers.items()], protocol="HTTP/1.1"
        )
        self._write("response", url, at, http, body)

    def revisit(self, url: str, at: str, digest: str) -> None:
        http = StatusAndHeaders("200 OK", [("Server", "x")], protocol="HTTP/1.1")
        record = self._writer.create_revisit_record(url, digest, url, at, http_headers=http)
        record.rec_headers.replace_header("WARC-Date", at)
        self._writer.write_record(record)

    def other(self, kind: str, url: str, at: str) -> None:
        self._write(kind, url, at, None, b"via: x\r\n")

    def _write(self, kind: str, url: str, at: str, http: StatusAndHeaders | None, body: bytes) -> None:
        record = self._writer.create_warc_record(
            url, kind, payload=io.BytesIO(body), length=len(body),
            http_headers=http, warc_headers_dict={"WARC-Date": at},
        )  # fmt: skip
        self._writer.write_record(record)


def test_a_foreign_file_is_unpacked_dechunked_and_followed(tmp_path: Path) -> None:
    text = "<p>Учение перенесено.</p>".encode()
    with Foreign(tmp_path / "a.warc.gz") as file:
        file.response(PAGE, "2025-02-02T10:00:00Z", gzip.compress(text), Content_Encoding="gzip")
        chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(text), text)
        file.response(PAGE + "b/", "2025-02-01T10:00:00Z", chunked, Transfer_Encoding="chunked")
        file.response(PAGE + "c/", "2025-02-03T10:00:00Z", b"", "302 Found", Location="../a/")
        file.other("metadata", PAGE, "2025-02-01T10:00:00Z")
        file.other("resource", PAGE, "2025-02-01T10:00:00Z")
        file.other("response", "dns:en.example.org", "2025-02-01T10:00:00Z")

    told, faults = read([tmp_path / "a.warc.gz"])

    assert faults == {}
    assert [(visit.url, visit.final_url, visit.status, visit.body) for visit in told] == [
        (PAGE + "b/", PAGE + "b/", 200, text),
        (PAGE, PAGE, 200, text),
        (PAGE + "c/", PAGE + "a/", 302, b""),
    ]


@pytest.mark.parametrize("packed", [True, False])
def test_a_revisit_has_the_body_of_the_record_that_it_repeats(tmp_path: Path, packed: bool) -> None:
    first, second = tmp_path / "1.warc.gz", tmp_path / "2.warc.gz"
    with Foreign(first, packed=packed) as file:
        file.response(PAGE, "2025-02-01T10:00:00Z", b"<p>It moves.</p>")
        file.response(PAGE + "b/", "2025-02-01T10:00:00Z", b"<p>Else.</p>")
    digest = next(visit.digest for visit in WarcFiles.of([first]).visits)
    with Foreign(second, packed=packed) as file:
        file.revisit(PAGE, "2025-02-02T10:00:00Z", digest)
        file.revisit(PAGE, "2025-02-03T10:00:00Z", "sha1:UNKNOWN")

    told, faults = read([second, first])

    assert [visit.body for visit in told] == [b"<p>It moves.</p>", b"<p>Else.</p>", b"<p>It moves.</p>"]
    assert faults == {"repeat a body that is in none of the files": 1}


def test_records_that_cannot_be_used_are_counted_by_reason(tmp_path: Path) -> None:
    with Foreign(tmp_path / "a.warc.gz") as file:
        file.response(PAGE, "someday", b"<p>x</p>")
        file.response(PAGE, "2025-02-01T10:00:00Z", bytes(MOST_BYTES + 1))
        file.response(PAGE, "2025-02-01T10:00:00Z", gzip.compress(bytes(99 << 20)), Content_Encoding="gzip")
        file.response(PAGE, "2025-02-01T10:00:00Z", b"", "301 Moved")
        file.response(PAGE, "2025-02-01T10:00:00Z", b"x", "ICY")
        file.response(PAGE, "2025-02-01T10:00:00Z", b"<p>Good.</p>")

    told, faults = read([tmp_path / "a.warc.gz"])

    assert [visit.body for visit in told] == [b"<p>Good.</p>"]
    assert faults == {
        "have no time": 1,
        "have a body of more than 10 MiB": 2,
        "redirect to nowhere": 1,
        "hold no HTTP answer": 1,
    }


def test_a_record_that_was_altered_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "a.warc"
    with Foreign(file, packed=False) as written:
        written.response(PAGE, "2025-02-01T10:00:00Z", b"<p>October.</p>")
        written.response(PAGE, "2025-02-02T10:00:00Z", b"<p>September.</p>")
    file.write_bytes(file.read_bytes().replace(b"October", b"Octopus"))

    told, faults = read([file])

    assert [visit.body for visit in told] == [b"<p>September.</p>"]
    assert faults == {"do not have the digest that they name": 1}


@pytest.mark.parametrize("packed", [True, False])
def test_a_file_cut_anywhere_gives_its_whole_records(tmp_path: Path, packed: bool) -> None:
    file = tmp_path / "a.warc.gz"
    bodies = [bytes([65 + number]) * 300 for number in range(4)]
    with Foreign(file, packed=packed) as written:
        for number, body in enumerate(bodies):
            written.response(PAGE, f"2025-02-0{number + 1}T10:00:00Z", body)
    content = file.read_bytes()
    kept = []

    for cut in range(40, len(content), 41):
        file.write_bytes(content[:cut])
        try:
            told, _ = read([file])
        except NoWarcFile:
            told = []
        kept.append([visit.body for visit in told])

    assert all(found == bodies[: len(found)] for found in kept)
    assert [len(found) for found in kept] == sorted(len(found) for found in kept)
    assert {len(found) for found in kept} >= {1, 2, 3}


@pytest.mark.parametrize(
    "content",
    [b"", b"Dear diary", gzip.compress(b"Dear diary" * 99), b"\x1f\x8b\x08junk"],
    ids=["empty", "text", "packed", "junk"],
)
def test_a_file_that_is_no_warc_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "diary.warc.gz"
    file.write_bytes(content)

    with pytest.raises(NoWarcFile, match=r"diary\.warc\.gz") as refused:
        WarcFiles.of([file])

    assert "\n" not in str(refused.value)
    with pytest.raises(NoWarcFile, match="No such file"):
        WarcFiles.of([tmp_path / "none.warc"])


def test_a_file_packed_as_a_whole_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with Foreign(tmp_path / "a.warc", packed=False) as written:
        for number in range(3):
            written.response(PAGE, f"2025-02-0{number + 1}T10:00:00Z", b"x")
    file = tmp_path / "a.warc.gz"
    file.write_bytes(gzip.compress((tmp_path / "a.warc").read_bytes()))

    with pytest.raises(NoWarcFile, match="warcio recompress"):
        WarcFiles.of([file])


def test_a_body_in_the_archive_is_found_by_its_digest(archive: Archive, words) -> None:
    words.page(archive, "It moves.", body=b"<p>It moves.</p>")
    (look,) = archive.looks(words.url)

    assert archive.body_by_digest(look.sha256) == b"<p>It moves.</p>"
    assert archive.body_by_digest("00" * 32) is None


def test_exporting_waits_for_no_writer(filled: Archive, tmp_path: Path, words) -> None:
    with open_archive(filled.path) as reader, filled._connection.unit():
        words.page(filled, "Another.", url=PAGE + "new/", at=words.noon + 99 * HOUR)

        assert reader.export(tmp_path).captures == len(visits(words))
