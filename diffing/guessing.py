"""Which language a text is in, of those that the house reads."""

from __future__ import annotations

import re
from functools import cache

from diffing.languages import LANGUAGES

__all__ = ["guess_language", "share_of_letters"]

_SAMPLE = 20_000
"""Characters that are looked at; a page says in its first paragraphs what language it is in."""

_SAME_LETTERS = 0.1
"""Alphabets whose shares of a text differ by no more than this are not told apart by letters: an English
text holds a Russian name, a German one a few umlauts."""

_WORD = re.compile(r"[^\W\d_]+")


def guess_language(text: str) -> str:
    """The code of the language that the text is in; the first of LANGUAGES where nothing tells.

    Letters decide between alphabets, the commonest words between languages of one alphabet.

    >>> guess_language("Учение пройдет в сентябре.")
    'ru'
    """
    sample = text[:_SAMPLE].lower()
    shares = {code: share_of_letters(sample, code) for code in LANGUAGES}
    best = max(shares.values())
    near = [code for code, share in shares.items() if share >= best - _SAME_LETTERS]
    words = _WORD.findall(sample) if len(near) > 1 else []
    return max(near, key=lambda code: sum(word in LANGUAGES[code].function_words.empty for word in words))


def share_of_letters(text: str, language: str) -> float:
    """The share of the text's letters that the language writes with, 0 to 1; 0 where it has none."""
    letters = [*filter(str.isalpha, text[:_SAMPLE].lower())]
    return sum(map(_alphabet(language).__contains__, letters)) / len(letters) if letters else 0.0


@cache
def _alphabet(language: str) -> frozenset[str]:
    """The letters of the language's own commonest words and months: enough to know its texts by."""
    words = (*LANGUAGES[language].function_words.empty, *LANGUAGES[language].dates.months)
    return frozenset(letter for word in words for letter in word if letter.isalpha())
