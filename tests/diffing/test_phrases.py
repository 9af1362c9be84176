"""Phrases of a lexicon in a text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from diffing.phrases import Phrasebook, fold, tokens_of, words_of

BOOK: Phrasebook[str] = Phrasebook()
BOOK.add(["command-staff training", "учение", "collective ~ forces"], "exercise")
BOOK.add(["meet* of the council", "=may", "совет* министров"], "meeting")


def test_phrases_are_found_from_left_to_right_the_longest_first() -> None:
    found = BOOK.find(tokens_of(fold("Учения may end at the meeting of the council.")))

    assert [(hit.first, hit.last, hit.payload) for hit in found] == [
        (0, 1, "exercise"),
        (1, 2, "meeting"),
        (5, 9, "meeting"),
    ]


PIECES = (
    "command-staff training учений collective rapid forces meeting of the council may совета министров , -"
)


@given(st.lists(st.sampled_from(PIECES.split()), max_size=8))
def test_law_nothing_is_found_where_no_phrase_may_be(pieces: list[str]) -> None:
    folded = fold(" ".join(pieces))

    assert BOOK.may_be_in(words_of(folded)) or not BOOK.find(tokens_of(folded))
