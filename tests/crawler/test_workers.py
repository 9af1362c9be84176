"""Reading in processes that can be killed: bounded time, bounded memory, order kept."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from crawler.glances import Glance
from crawler.visible import shown_digest
from crawler.workers import Extractor
from diffing.model import Fetched, PageRole
from seeds.sources import Source

SOURCE = Source(name="s", language="en", start=("https://x.example/",), articles="/n/")
GOOD = (
    "<html><head><title>Vehicles crossed the pass</title></head><body><div><h1>Vehicles crossed the pass</h1>"
    + "".join(f"<p>Column number {n} crossed the pass before noon, the agency said.</p>" for n in range(8))
    + "</div></body></html>"
).encode()
LINKS = b"<html><body>" + b"<p><a href=/x>link text</a> and words here</p>" * 60_000


def visit(body, number=0):
    return Fetched(
        source="s",
        role=PageRole.ARTICLE,
        url=f"https://x.example/n/{number}",
        final_url=f"https://x.example/n/{number}",
        fetched_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
        status=200,
        body=body,
    )


def test_pages_come_back_in_the_order_they_were_given():
    bodies = [GOOD.replace(b"number 0", b"number %d" % (100 + n)) for n in range(12)]
    visits = [(visit(body, n), SOURCE) for n, body in enumerate(bodies)]

    with Extractor(workers=2) as extractor:
        read = list(extractor.read_all(visits))

    assert [one.fetched.url for one in read] == [one.url for one, _ in visits]
    assert [one.document.blocks[0].text[:17] for one in read] == [
        f"Column number {100 + n}" for n in range(12)
    ]


def test_row_55_the_same_page_is_read_the_same_however_often():
    with Extractor(workers=1) as extractor:
        read = list(extractor.read_all([(visit(GOOD, n), SOURCE) for n in range(6)]))

    assert len({one.document for one in read}) == 1


def test_a_hostile_page_ends_in_time_and_the_next_is_read():
    started = time.monotonic()

    with Extractor(workers=1, deadline=0.5) as extractor:
        hostile, good = extractor.read_all([(visit(LINKS), SOURCE), (visit(GOOD + b" " * 300_000), SOURCE)])

    assert "took longer than 0.5 s" in hostile.unreadable
    assert len(good.document.blocks) == 8
    assert time.monotonic() - started < 30


def test_a_page_that_takes_too_much_memory_is_unreadable():
    with Extractor(workers=1, memory=40 << 20) as extractor:
        found = extractor.read(visit(LINKS), SOURCE)

    assert (found.document, bool(found.unreadable)) == (None, True)


@pytest.mark.parametrize("body", [b"x" * (11 << 20), b"", b"%PDF-1.4", b"<html><body>" + b"<i>" * 100_000])
def test_what_cannot_be_read_says_why_and_starts_no_process(body):
    with Extractor() as extractor:
        found = extractor.read(visit(body), SOURCE)

    assert (found.document, bool(found.unreadable)) == (None, True)


def test_a_few_small_pages_start_no_pool():
    with Extractor() as extractor:
        read = list(extractor.read_all([(visit(GOOD, n), SOURCE) for n in range(3)]))

        assert not extractor._pool.is_started
    assert all(one.document for one in read)


def test_what_is_begun_ahead_is_what_would_be_read_and_seen_later():
    large = GOOD + b" " * 300_000

    with Extractor(workers=1) as extractor:
        extractor.read_ahead(visit(large, 0), SOURCE)  # left to be read at home: it starts no process
        later = extractor.submit(visit(large, 0), SOURCE)()
        extractor.read_ahead(visit(GOOD, 1), SOURCE)
        extractor.glance_ahead(visit(GOOD, 2))
        extractor.glance_ahead(visit(large, 3))
        ahead = extractor.submit(visit(GOOD, 1), SOURCE)()
        glances = [extractor.glance(visit(b"", n), lambda: b"")() for n in (2, 3)]

    with Extractor() as extractor:
        at_home = extractor.read(visit(GOOD, 1), SOURCE)

    assert later.document is not None
    assert (ahead.document, ahead.glance) == (at_home.document, at_home.glance)
    assert glances == [Glance(link=None, shown=shown_digest(GOOD)), Glance(link=None)]


def test_bodies_are_glanced_at_alike_alone_and_together_at_home_and_in_the_pool(monkeypatch):
    monkeypatch.setattr("crawler.workers.GLANCED_AT_HOME", 2)
    named = b"<html><head><link rel=canonical href=/n/own><title>x</title></head><body><p>Words."
    bodies = [GOOD.replace(b"number 0", b"number %d" % n) for n in range(30)] + [named]

    with Extractor(workers=1) as extractor:
        for number, body in enumerate(bodies[:20]):
            extractor.glance_ahead(visit(body, number))
        begun = [extractor.glance(visit(b"", n), lambda n=n: bodies[n]) for n in range(len(bodies))]
        seen = [look() for look in begun]

    assert [one.shown for one in seen] == [shown_digest(body) for body in bodies]
    assert {one.link for one in seen[:-1]} == {None}
    assert seen[-1].link == "https://x.example/n/own"


def test_few_bodies_start_no_pool_to_be_glanced_at_or_compared():
    with Extractor() as extractor:
        for number in range(20):
            extractor.glance_ahead(visit(GOOD, number))
            assert extractor.glance(visit(b"", number), lambda: b"")() is not None
            assert extractor.compare(GOOD, visit(GOOD))() == ((), ())

        assert not extractor._pool.is_started


def test_what_there_is_no_time_for_is_not_seen(monkeypatch):
    monkeypatch.setattr("crawler.workers.GLANCED_AT_HOME", 0)

    with Extractor(workers=1, deadline=1e-5) as extractor:
        looks = [extractor.glance(visit(GOOD, n), lambda: GOOD) for n in range(2)]

        assert [look() for look in looks] == [None, None]


def test_a_body_that_cannot_be_compared_in_time_is_not_told_to_be_the_same():
    with Extractor(workers=1, deadline=0.3) as extractor:
        hostile = LINKS * 3
        assert extractor.compare(hostile, visit(hostile + b"<p>x"))() is None
