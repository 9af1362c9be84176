"""What was worked out of texts lately, for questions that come again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

__all__ = ["Remembered"]

Value = TypeVar("Value")


class Remembered(dict[str, Value]):
    """What was worked out of each text, `most` of them, asked for by the text; the latest are kept.

    Asked for hundreds of times a statement, of more than a processor keeps near: an `lru_cache`, which puts
    each answer in its place among all others, takes several times as long.
    """

    def __init__(self, work_out: Callable[[str], Value], most: int) -> None:
        super().__init__()
        self._work_out = work_out
        self._half = most // 2
        self._older: dict[str, Value] = {}

    def __missing__(self, text: str) -> Value:
        if len(self) >= self._half:
            self._older = dict(self)
            self.clear()
        older = self._older
        found = self[text] = older[text] if text in older else self._work_out(text)
        return found
