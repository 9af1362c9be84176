"""The words and word pairs under which statements are found; one spelling for index and query."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

__all__ = ["match_all", "pairs_of", "search_terms", "terms_of", "words_of"]

_WORD = re.compile(r"\w+")

# A longer run of letters is no word that anybody looks for (a hash, an address); its beginning is kept.
_LONGEST_WORD = 40


def words_of(text: str) -> list[str]:
    """The casefolded words in order, cut at 40 letters. Every word is one token to the index."""
    # NUL would end a string inside SQLite's tokenizer; \w never matches it.
    return [word[:_LONGEST_WORD] for word in _WORD.findall(text.casefold())]


def pairs_of(words: Sequence[str]) -> list[str]:
    """Neighbouring pairs, `first_second`, in order, each once."""
    return list(dict.fromkeys(f"{left}_{right}" for left, right in pairwise(words)))


def terms_of(normal: str) -> tuple[list[str], str]:
    """A statement's distinct words, and the text for the candidate index: those words and the pairs."""
    words = words_of(normal)
    distinct = list(dict.fromkeys(words))
    return distinct, " ".join((*distinct, *pairs_of(words)))


def search_terms(normal: str) -> str:
    """The text for the search index: the words in order, repetitions kept for ranking."""
    return " ".join(words_of(normal))


def match_all(words: Iterable[str]) -> str:
    """An FTS5 expression: every word, each as the beginning of one. Words are quoted, so no operator."""
    return " AND ".join(f'"{word}"*' for word in words)
