"""Bodies come back byte by byte, small, and through chains that end."""

# ruff: noqa: E501 - a table of values reads better in one line

from __future__ import annotations

import datetime as dt
import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.model import Outcome
from storage import bodies
from storage.archive import Archive
from storage.errors import ArchiveDamaged


@given(st.binary(max_size=3000), st.none() | st.binary(min_size=1, max_size=3000))
def test_a_body_comes_back_byte_by_byte(body: bytes, base: bytes | None) -> None:
    assert bodies.unpack(bodies.pack(body, base), base) == body


def _revisions(count: int) -> list[bytes]:
    """A page of 60 KB of words that is edited a little each time."""
    draw = random.Random(5)
    words = [f"word{draw.randrange(5000)}" for _ in range(9000)]
    found = []
    for number in range(count):
        words[draw.randrange(len(words))] = f"edited{number}"
        found.append(" ".join(words).encode())
    return found


def test_edited_pages_are_kept_as_small_deltas_in_chains_that_end(archive: Archive, words) -> None:
    sent = _revisions(45)
    captures = []
    for number, body in enumerate(sent):
        at = words.noon + dt.timedelta(hours=number)
        captures.append(words.page(archive, f"Edit {number}.", body=body, at=at))

    assert [archive.body_of(capture) for capture in captures] == sent
    depths = [row["depth"] for row in archive._connection.rows("SELECT depth FROM bodies ORDER BY id")]
    assert depths == [number % bodies.CHAIN for number in range(45)]
    stored = [row["stored"] for row in archive._connection.rows("SELECT stored FROM bodies WHERE depth > 0")]
    assert sorted(stored)[len(stored) // 2] <= len(sent[0]) / 20


def test_a_body_seen_before_is_kept_once(archive: Archive, words) -> None:
    for number, body in enumerate((b"one", b"two", b"one")):
        words.page(archive, str(number), body=body, at=words.noon + dt.timedelta(hours=number))

    assert archive.sizes().bodies == 2
    assert archive.last_good_body(words.url) == b"one"


def test_a_lost_body_is_told_and_the_next_one_starts_a_new_chain(archive: Archive, words) -> None:
    first, second, *_ = _revisions(3)
    capture = words.page(archive, "One.", body=first)
    archive._connection.run("UPDATE bodies SET data = x'00ff'")
    later = words.page(archive, "Two.", body=second, at=words.noon + dt.timedelta(hours=1))

    with pytest.raises(ArchiveDamaged, match="is damaged"):
        archive.body_of(capture)
    assert archive.body_of(later) == second


TAKEN, ZEROS, NOISE = "data = NULL", "data = zeroblob(length(data))", "data = x'00ff'"


@pytest.mark.parametrize(
    ("lost", "damage"), [(0, TAKEN), (1, ZEROS), (7, NOISE), (19, TAKEN), (20, ZEROS), (44, NOISE)]
)
def test_a_lost_body_costs_at_most_the_rest_of_its_chain(
    archive: Archive, words, lost: int, damage: str
) -> None:
    sent = _revisions(45)
    captures = [
        words.page(archive, f"Edit {number}.", body=body, at=words.noon + dt.timedelta(hours=number))
        for number, body in enumerate(sent)
    ]
    archive._connection.run(f"UPDATE bodies SET {damage} WHERE id = ?", (lost + 1,))

    kept: set[int] = set()
    for number, capture in enumerate(captures):
        with suppress(ArchiveDamaged):
            assert archive.body_of(capture) == sent[number]
            kept.add(number)

    end = min(45, (lost // bodies.CHAIN + 1) * bodies.CHAIN)
    assert kept == set(range(45)) - set(range(lost, end))
    (finding,) = [finding for finding in archive.verify() if finding.check == "bodies"]
    assert finding.failed == end - lost <= bodies.CHAIN
    assert finding.first.startswith(f"body {lost + 1} ")


def test_an_unchanged_capture_costs_at_most_300_bytes(archive: Archive, words) -> None:
    urls = [f"https://en.example.org/news/a-title-of-some-length-{number}/" for number in range(20)]
    headers = (
        ("Server", "nginx/1.24.0"), ("Date", "Thu, 11 Sep 2025 12:00:00 GMT"), ("Content-Type", "text/html; charset=UTF-8"),
        ("X-Powered-CMS", "Bitrix Site Manager"), ("P3P", 'policyref="/bitrix/p3p.xml", CP="NON DSP COR CUR ADM"'),
        ("ETag", '"5f3a-61d2c0a8b7c40"'), ("Last-Modified", "Thu, 11 Sep 2025 06:00:00 GMT"), ("Cache-Control", "max-age=0"),
    )  # fmt: skip

    def visit(round_: int) -> None:
        at = words.noon + dt.timedelta(hours=round_)
        run = archive.begin_run(at, "crawl", [])
        for url in urls:
            capture = archive.record_capture(
                run, words.fetched(url, at=at, headers=headers, body=url.encode())
            )
            archive.settle(capture, Outcome.UNCHANGED)

    def size() -> int:
        pages, free = (
            archive._connection.value(f"PRAGMA {name}") for name in ("page_count", "freelist_count")
        )
        return (pages - free) * 4096

    for round_ in range(20):
        visit(round_)
    before = size()
    for round_ in range(20, 120):
        visit(round_)

    assert (size() - before) / 2000 <= 300
