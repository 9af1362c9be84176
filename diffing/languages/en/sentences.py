"""English: sentences."""

from __future__ import annotations

from diffing.languages.sentences import SentenceWords

__all__ = ["SENTENCES"]

SENTENCES = SentenceWords()
