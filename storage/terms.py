"""The words and word pairs under which statements are found; one spelling for index and query."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from diffing.remembered import Remembered

__all__ = [
    "SKETCHED",
    "TERMS",
    "Terms",
    "match_all",
    "pairs_of",
    "search_terms",
    "sketch",
    "terms_of",
    "words_of",
]

_WORD = re.compile(r"\w+")

# A longer run of letters is no word that anybody looks for (a hash, an address); its beginning is kept.
_LONGEST_WORD = 40

# Words of a statement whose pairs are indexed. Of statements that brute force finds close at a million,
# 5 words lose one in fifty, 6 one in a hundred to two hundred, 7 find no more and cost 40 % more bytes.
SKETCHED = 6

# From this length on every word says something; below it most are "of", "и". Longer ones say no more: an
# archive of one subject has its longest words ("организация", "security") in most statements.
_LONG = 6
_SINGLE = 4


def words_of(text: str) -> list[str]:
    """The casefolded words in order, cut at 40 letters. Every word is one token to the index."""
    # NUL would end a string inside SQLite's tokenizer; \w never matches it.
    return [word[:_LONGEST_WORD] for word in _WORD.findall(text.casefold())]


def _code(word: str) -> str:
    """Five letters: by length, numbers last, then by chance; the order in which words are chosen."""
    shortness = _LONG if word.isdigit() else _LONG - min(len(word), _LONG)
    return f"{shortness}{zlib.crc32(word.encode()) & 0xFFFF:04x}"


_CODES = Remembered(_code, 32_768)


def sketch(words: Sequence[str], most: int) -> list[str]:
    """The words, of all in order, by which a statement is told from others: always the same ones of the same.

    Two statements with most words in common have most of these in common, whichever words were edited.
    """
    return sorted(words, key=_CODES.__getitem__)[:most]


def pairs_of(sketched: Iterable[str]) -> list[str]:
    """Every pair of a sketch's words as one token, whatever stands between them; the same either way."""
    return list(map("".join, combinations(map(_CODES.__getitem__, sketched), 2)))


class Terms(NamedTuple):
    """By what a statement is found, as it is written into the index: its words, then pairs of them.

    `text` has each once, a space between them; the first `counted` are the words.
    """

    text: str
    counted: int

    def each(self) -> list[str]:
        """All terms."""
        return self.text.split()


def terms_of(normal: str) -> Terms:
    """A statement's words that are counted and looked up, and the pairs of its sketch.

    Each once, as words may share a code; a short word counts where it is in the sketch.
    """
    words = sorted(set(words_of(normal)))
    sketched = sketch(words, SKETCHED)
    single = [word for word in words if len(word) >= _SINGLE or word in sketched]
    return Terms(" ".join(dict.fromkeys([*single, *pairs_of(sketched)])), len(single))


TERMS = Remembered(terms_of, 4096)
"""By normal form: those of a new page's statements are told ahead, and asked for where they are recorded."""


def search_terms(normal: str) -> str:
    """The text for the search index: the words in order, repetitions kept for ranking."""
    return " ".join(words_of(normal))


def match_all(words: Iterable[str]) -> str:
    """An FTS5 expression: every word, each as the beginning of one. Words are quoted, so no operator."""
    return " AND ".join(f'"{word}"*' for word in words)
