"""Bodies that the rule does not keep are let go; what proves them, and all that was understood, stays."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diffing.model import Outcome
from storage.archive import Archive, open_archive
from storage.errors import BodyDropped
from storage.records import Pruned

HOUR = dt.timedelta(hours=1)


def _visit(archive: Archive, words, hours: int, body: bytes, outcome: Outcome, url: str | None = None) -> int:
    at = words.noon + hours * HOUR
    run = archive.begin_run(at, "crawl", [])
    capture = archive.record_capture(run, words.fetched(url or words.url, at=at, body=body))
    archive.settle(capture, outcome)
    return capture


def _page(number: int) -> bytes:
    return f"<p>It moves.</p> <i>{number} views</i> {random.Random(1).randbytes(500).hex()}".encode()


def test_first_last_and_changed_bodies_are_kept_and_the_chain_still_proves_the_others(
    archive: Archive, words
) -> None:
    first = words.page(archive, "It moves.", body=_page(0))
    unchanged = [_visit(archive, words, hours, _page(hours), Outcome.UNCHANGED) for hours in range(1, 6)]
    changed = words.page(archive, "It moved.", at=words.noon + 6 * HOUR, body=_page(6))
    later = [_visit(archive, words, hours, _page(hours), Outcome.UNCHANGED) for hours in range(7, 10)]
    head, changes, said = archive.head(), archive.changes(), archive.revision(words.url)

    planned = archive.prune(words.noon, dry_run=True)
    assert archive.sizes().dropped_bodies == 0
    done = archive.prune(words.noon)

    assert (planned.bodies, done.bodies) == (7, 7)
    assert planned.body_bytes == done.body_bytes == sum(len(_page(n)) for n in (1, 2, 3, 4, 5, 7, 8))
    assert archive.verify() == ()
    assert [archive.body_of(capture) for capture in (first, changed, later[-1])] == [
        _page(0), _page(6), _page(9),
    ]  # fmt: skip
    for capture in (*unchanged, *later[:-1]):
        with pytest.raises(BodyDropped, match=r"let go by `cstowatch prune` at 2025-09-11T12:00"):
            archive.body_of(capture)
    assert (archive.head(), archive.changes(), archive.revision(words.url)) == (head, changes, said)
    assert [look.size for look in archive.looks(words.url)] == [len(_page(n)) for n in range(10)]
    assert archive.sizes().dropped_bodies == 7
    assert archive.prune(words.noon) == Pruned(bodies=0, body_bytes=0)


def test_a_body_let_go_that_is_sent_again_is_kept_again(archive: Archive, words) -> None:
    words.page(archive, "It moves.", body=_page(0))
    middle = _visit(archive, words, 1, _page(1), Outcome.UNCHANGED)
    _visit(archive, words, 2, _page(2), Outcome.UNCHANGED)
    archive.prune(words.noon)

    again = _visit(archive, words, 3, _page(1), Outcome.UNCHANGED)

    assert archive.body_of(again) == archive.body_of(middle) == _page(1)
    assert archive.sizes().dropped_bodies == 0
    assert archive.verify() == ()


def test_what_is_not_yet_understood_is_kept(archive: Archive, words) -> None:
    words.page(archive, "It moves.", body=_page(0))
    run = archive.begin_run(words.noon + HOUR, "crawl", [])
    waiting = archive.record_capture(run, words.fetched(at=words.noon + HOUR, body=_page(1)))
    _visit(archive, words, 2, _page(2), Outcome.UNCHANGED)

    assert archive.prune(words.noon).bodies == 0
    assert archive.body_of(waiting) == _page(1)


def test_a_chain_that_is_damaged_is_left_as_it_is(archive: Archive, words) -> None:
    words.page(archive, "It moves.", body=_page(0))
    for hours in (1, 2):
        _visit(archive, words, hours, _page(hours), Outcome.UNCHANGED)
    archive._connection.run("UPDATE bodies SET data = x'00' WHERE id = 1")

    done = archive.prune(words.noon)

    assert (done.bodies, done.left) == (0, 1)
    assert archive.sizes().dropped_bodies == 0


@pytest.mark.parametrize(
    "tampering", ["UPDATE bodies SET data = NULL WHERE id = 1", "UPDATE bodies SET base_id = 3 WHERE id = 2"]
)
def test_a_body_taken_out_by_other_hands_is_told(archive: Archive, words, tampering: str) -> None:
    for hours in range(3):
        words.page(archive, str(hours), body=_page(hours), at=words.noon + hours * HOUR)
    archive._connection.run(tampering)

    (finding,) = archive.verify()

    assert finding.check == "bodies"
    assert "body" in finding.first


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    visits=st.lists(
        st.tuples(
            st.integers(0, 2), st.integers(0, 6),
            st.sampled_from([Outcome.CHANGED, Outcome.UNCHANGED, Outcome.REJECTED, Outcome.GONE]),
        ),
        min_size=1, max_size=40,
    )
)  # fmt: skip
def test_whatever_was_visited_each_pages_first_last_and_changed_bodies_stay(
    words, visits, tmp_path_factory
) -> None:
    path = tmp_path_factory.mktemp("law") / "x.db"
    with open_archive(path, write=True, create=True) as archive:
        pages: dict[int, list[tuple[int, bytes, Outcome]]] = {}
        for hours, (page, content, outcome) in enumerate(visits):
            body = _page(content)
            capture = _visit(archive, words, hours, body, outcome, f"https://en.example.org/{page}/")
            pages.setdefault(page, []).append((capture, body, outcome))

        archive.prune(words.noon)

        assert archive.verify() == ()
        kept = [
            (capture, body)
            for seen in pages.values()
            for place, (capture, body, outcome) in enumerate(seen)
            if place in {0, len(seen) - 1} or outcome is Outcome.CHANGED
        ]
        assert all(archive.body_of(capture) == body for capture, body in kept)
        stays = {body for _, body in kept}
        good = [archive.last_good_body(f"https://en.example.org/{page}/") for page in pages]
        stays |= {body for body in good if body is not None}
        sizes = archive.sizes()
        assert sizes.bodies - sizes.dropped_bodies == len(stays)
