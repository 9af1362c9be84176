"""What a sentence splitter must know of a language."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SentenceWords"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceWords:
    """What a sentence splitter must know of a language."""
