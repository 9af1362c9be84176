"""What was worked out lately is kept, within its bound."""

from __future__ import annotations

from diffing.remembered import Remembered


def test_what_is_remembered_is_worked_out_once_and_the_latest_of_it_kept() -> None:
    worked_out = []

    def length(text: str) -> int:
        worked_out.append(text)
        return len(text)

    lengths = Remembered(length, 4)
    found = [lengths[text] for text in ("a", "bb", "a", "ccc", "bb", "dddd", "eeeee", "a")]

    assert found == [1, 2, 1, 3, 2, 4, 5, 1]
    assert worked_out == ["a", "bb", "ccc", "dddd", "eeeee", "a"]
