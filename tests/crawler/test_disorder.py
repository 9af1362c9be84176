"""Whatever the order of answers, their delays, retries and repetitions: the same database but for times."""

from __future__ import annotations

import datetime as dt
import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diffing.model import Fetched, PageRole
from monitor.cycle import run_cycle
from seeds.gazetteer import load_gazetteer
from seeds.sources import Source
from storage.archive import open_archive

RUN_CYCLE = Path(__file__).with_name("run_cycle.py")
ROOT = "https://en.example.org"
SOURCE = Source(name="site", language="en", start=(f"{ROOT}/news/",), articles=r"/news/[^/?]+/$")
STARTS = dt.datetime(2025, 9, 11, 6, tzinfo=dt.UTC)

MOVED = "The training “Rubezh-2025” will be held from 17 to 20 September at the Edelweiss training ground."
LATER = MOVED.replace("17 to 20 September", "1 to 4 October")
EARLIER = MOVED.replace("17 to 20 September", "8 to 11 October")
SIZE = "About 1,200 servicemen of the collective forces will take part in it, said the press service."
TALKS = "The staff finished the planning of the joint training of the forces in the capital this week."
THANKS = "The head of the joint staff thanked the officers who had prepared the documents for the talks."
ON = "The parties agreed to go on with the exchange of experience in the training of mountain units."
NEXT = "The next meeting of the working group will be held in the usual format in the autumn of the year."

# What a database holds but for times and numbers of rows.
HELD = {
    "v_captures": "url, final_url, role, status, outcome, reason, error, body_sha256",
    "v_revisions": "url, number, title, published, said_on, text_sha256, origin",
    "v_statements": "url, revision, position, text",
    "v_facts": "event, attribute, value, vague, quote, statement, said_on, origin, url",
    "v_changes": "kind, significance, event, attribute, old, new, shift_days, old_statements, "
    "new_statements, "
    "old_origin, score, reason, url, published, from_revision, to_revision, page_title, also_seen",
    "words": "word, statements",
    "sources": "name, teasers",
    "pages": "url, role, visits, changes_seen, gone_since IS NULL, etag, "
    "(SELECT m.url FROM pages m WHERE m.id = pages.moved_to)",
}


def article(title: str, *paragraphs: str, date: str = "11.09.2025", named: str | None = None) -> bytes:
    link = f"<link rel='canonical' href='{named}'>" if named else ""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title>{link}</head><body><div class='content'>"
        f"<h1>{title}</h1><p>{date}</p>{body}</div></body></html>"
    ).encode()


def held(database: Path) -> dict[str, list[str]]:
    with open_archive(database) as archive:
        return {
            table: sorted(
                str(tuple(row)) for row in archive._connection.rows(f"SELECT {columns} FROM {table}")
            )
            for table, columns in HELD.items()
        }


# Three rounds; a page is its body, its status, or where it leads and what is there.
TALKS_PAGE = article("Talks on training", TALKS, THANKS, ON, NEXT, named="/news/talks/")
TALKS_EDITED = article("Talks on training", TALKS, THANKS, ON)
ROUNDS = (
    {
        "exercise": article("Rubezh-2025 moves", MOVED, SIZE, THANKS),
        "press": article("Press service on Rubezh-2025", MOVED, ON, date="12.09.2025"),
        "another": article("Another day is named", LATER, NEXT),
        "plans": article("Plans of the year", EARLIER, TALKS, date="05.02.2025"),
        "talks": TALKS_PAGE,
        "print-talks": TALKS_PAGE,
        "broken": 500,
    },
    {
        "exercise": article("Rubezh-2025 moves", LATER, SIZE, THANKS),
        "press": 404,
        "talks": ("talks-on-training", TALKS_EDITED),
        "talks-on-training": TALKS_EDITED,
        "broken": article("It works again", MOVED, f"Then: {TALKS}", date="12.09.2025"),
        "echo": article("An echo", LATER, f"Once more: {ON}", date="12.09.2025"),
    },
    {"press": 404, "talks-on-training": TALKS_EDITED, "plans": ("", b"the front page"), "echo": None},
)


def visit(name: str, answer: object, now: dt.datetime) -> Fetched:
    url = f"{ROOT}/news/{name}/"
    final, status, body, error = url, 200, b"", None
    match answer:
        case bytes():
            body = answer
        case int():
            status = answer
        case None:
            status, error = None, "no whole answer came in time"
        case (target, body):
            final = f"{ROOT}/news/{target}/" if target else f"{ROOT}/"
    return Fetched(
        source="site", role=PageRole.ARTICLE, url=url, final_url=final, fetched_at=now, status=status,
        headers=(("Content-Type", "text/html; charset=utf-8"),), body=body, error=error,
    )  # fmt: skip


def played(database: Path, orders: list[list[str]]) -> dict[str, list[str]]:
    """What is held after three rounds, each with its visits in the order given; some may come twice."""
    gazetteer = load_gazetteer()
    with open_archive(database, write=True, create=True) as archive:
        for number, (pages, order) in enumerate(zip(ROUNDS, orders, strict=True)):
            now = STARTS + number * dt.timedelta(days=1)

            def crawl(sources, known, deliver, now=now, pages=pages, order=order):
                for name in order:
                    deliver(visit(name, pages[name], now))

            run_cycle(archive, [SOURCE], gazetteer, crawl, now)
        assert archive.verify() == ()
    return held(database)


@pytest.fixture(scope="module")
def in_order(tmp_path_factory):
    return played(tmp_path_factory.mktemp("in order") / "cstowatch.db", [sorted(pages) for pages in ROUNDS])


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    orders=st.tuples(*(st.permutations(sorted(pages)) for pages in ROUNDS)),
    again=st.tuples(*(st.lists(st.sampled_from(sorted(pages)), max_size=3) for pages in ROUNDS)),
)
def test_any_order_of_visits_gives_the_same_database(in_order, tmp_path_factory, monkeypatch, orders, again):
    monkeypatch.setattr("crawler.workers.READ_AT_HOME", 99)  # a pool of processes gives nothing to this law
    database = tmp_path_factory.mktemp("any order") / "cstowatch.db"

    assert played(database, [order + more for order, more in zip(orders, again, strict=True)]) == in_order


def test_what_was_played_has_something_of_everything(in_order):
    told = "".join(in_order["v_changes"])

    assert all(kind in told for kind in ("rescheduled", "statement_removed", "page_removed", "statement_new"))
    outcomes = "".join(in_order["v_captures"])
    assert all(outcome in outcomes for outcome in ("new", "changed", "gone", "moved", "failed"))
    # Talks have one history at two addresses, and the page to print is no page of its own.
    assert not [row for row in in_order["v_revisions"] if "print-talks" in row]


def crawled(site, directory: Path, seed: int) -> dict[str, list[str]]:
    """What is held after a crawl over real sockets: delays, first answers of 503, and links given twice."""
    draw = random.Random(seed)
    base = {
        "exercise": article("Rubezh-2025 moves", MOVED, SIZE, '<a href="/news/mentioned/">more</a>'),
        "another": article("Another day is named", LATER, NEXT),
        "talks": article("Talks on training", TALKS, THANKS, ON, NEXT, named="/news/talks/"),
        "print-talks": article("Talks on training", TALKS, THANKS, ON, NEXT, named="/news/talks/"),
        "mentioned": article("What is mentioned", f"Once more: {ON}", TALKS, date="10.09.2025"),
        "press": article("Press service on Rubezh-2025", MOVED, f"And so: {ON}", date="12.09.2025"),
    }
    listed = [name for name in sorted(base) if name != "mentioned"] + ["old-press"]

    def page(status: bytes, body: bytes, *more: bytes):
        head = [b"HTTP/1.1 " + status, b"Content-Type: text/html; charset=utf-8", b"Connection: close",
                b"Content-Length: %d" % len(body), *more]  # fmt: skip
        return b"\r\n".join(head) + b"\r\n\r\n" + body

    def slowly(answer: bytes, pause: float, failures: int):
        left = [failures]

        def send(connection, request):
            time.sleep(pause)
            left[0] -= 1
            connection.sendall(page(b"503 Service Unavailable", b"") if left[0] >= 0 else answer)

        return send

    for name, body in base.items():
        answer = page(b"200 OK", body)
        site.pages[f"/news/{name}/"] = slowly(answer, draw.choice([0, 0.02, 0.1]), draw.choice([0, 0, 1]))
    site.redirect("/news/old-press/", "/news/press/")
    draw.shuffle(listed)
    site.listing("/news/", *(f"/news/{name}/" for name in listed + draw.sample(listed, 3)))
    directory.mkdir()
    sources = directory / "sources.toml"
    sources.write_text(
        f'[[source]]\nname = "site"\nlanguage = "en"\nstart = ["{site.url("/news/")}"]\n'
        "articles = '/news/[^/]+/$'\ndelay = 0\nprivate = true"
    )
    task = {
        "sources": str(sources), "database": str(directory / "cstowatch.db"), "deadline": 5,
        "now": "2025-09-12T06:00:00+00:00", "bounds": {"timeout": 5, "pause": 0.01}, "read_at_home": 99,
    }  # fmt: skip
    child = subprocess.run(
        [sys.executable, str(RUN_CYCLE)],
        input=json.dumps(task), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (child.returncode, child.stderr) == (0, "")
    found = held(directory / "cstowatch.db")
    # The listing itself is another one each time.
    found["v_captures"] = [row for row in found["v_captures"] if "'listing'" not in row]
    return found


def test_delays_retries_and_links_given_twice_over_real_sockets_give_the_same_database(site, tmp_path):
    first = crawled(site, tmp_path / "1", 1)

    assert [crawled(site, tmp_path / str(seed), seed) == first for seed in (2, 3)] == [True] * 2
    assert len(first["v_revisions"]) == 5
