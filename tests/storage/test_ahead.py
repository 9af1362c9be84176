"""What will be known: answered as the archive answers once it is recorded."""

from __future__ import annotations

import contextlib
import datetime as dt
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diffing.normal import normalise
from storage.ahead import Coming, open_ahead
from storage.archive import open_archive
from storage.terms import terms_of

WORDS = "Учения пройдут сентябре горах полигон exercise Rubezh will start in mountains 2025 soldiers".split()


def _said(draw: random.Random, known: list[str]) -> str:
    """A sentence of few words, a known one with one of them exchanged, or that one in capitals."""
    if known and draw.random() < 0.5:
        words = draw.choice(known).split()
        if draw.random() < 0.3:
            return " ".join(words).upper()
        words[draw.randrange(len(words))] = draw.choice(WORDS)
        return " ".join(words)
    return " ".join(draw.choices(WORDS, k=draw.randint(1, 9)))


def _coming(line: str) -> Coming:
    return Coming(text=line, normal=normalise(line), language="en", terms=terms_of(normalise(line)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32),
    recorded=st.integers(0, 6),
    waiting=st.sampled_from([1, 7, 300]),
    held=st.sampled_from([0, 2_000]),
)
def test_what_is_told_ahead_is_answered_as_when_it_is_recorded(
    tmp_path_factory, words, seed: int, recorded: int, waiting: int, held: int
) -> None:
    draw, said = random.Random(seed), []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("storage.candidates._WAITING", waiting)
        patch.setattr("storage.ahead._HELD", held)
        path = tmp_path_factory.mktemp("ahead") / "cstowatch.db"
        with open_archive(path, write=True, create=True, now=words.noon) as archive:
            archive.sync_sources({"site-en": "en"})
            ahead = None
            for number in range(recorded + 6):
                if number == recorded:
                    ahead = open_ahead(path)
                lines = [_said(draw, said) for _ in range(draw.randint(1, 8))]
                said += lines
                at = words.noon + draw.randint(-9, 9) * dt.timedelta(days=1)
                url = f"https://en.example.org/{draw.random()}/"
                if ahead is not None:
                    for line in lines:
                        normal = normalise(line)
                        assert ahead.candidates(normal, ()) == archive.known().candidates(normal, ())
                        assert ahead.knows(normal) == (archive.known().exact(normal) is not None)
                    ahead.expect(map(_coming, lines), at.date(), at, url)
                words.page(archive, *lines, url=url, at=at)
            if ahead is not None:
                ahead.close()


@pytest.mark.parametrize("held", [0, 2_000])
def test_nothing_of_it_is_written_and_what_others_write_is_not_seen(
    archive, words, monkeypatch, held
) -> None:
    monkeypatch.setattr("storage.ahead._HELD", held)
    words.page(archive, "Rubezh-2025 moves.")
    query = normalise("Rubezh-2025 moves again.")
    with contextlib.closing(open_ahead(archive.path)) as ahead:
        words.page(archive, "Rubezh-2025 moves to May.", url="https://en.example.org/second/")
        ahead.expect([_coming("Rubezh-2025 moves to June.")], words.noon.date(), words.noon, "https://x.org/")

        assert {known.text for known in ahead.candidates(query, ())} == {
            "Rubezh-2025 moves.",
            "Rubezh-2025 moves to June.",
        }

    assert {known.text for known in archive.known().candidates(query, ())} == {
        "Rubezh-2025 moves.",
        "Rubezh-2025 moves to May.",
    }
