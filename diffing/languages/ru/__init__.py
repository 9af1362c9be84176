"""Russian."""

from __future__ import annotations

from diffing.languages.base import Language
from diffing.languages.ru.assertions import ASSERTIONS
from diffing.languages.ru.dates import DATES
from diffing.languages.ru.function_words import FUNCTION_WORDS
from diffing.languages.ru.sentences import SENTENCES

__all__ = ["RUSSIAN"]

RUSSIAN = Language(
    code="ru",
    name="Russian",
    dates=DATES,
    assertions=ASSERTIONS,
    sentences=SENTENCES,
    function_words=FUNCTION_WORDS,
)
