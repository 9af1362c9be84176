"""English."""

from __future__ import annotations

from diffing.languages.base import Language
from diffing.languages.en.assertions import ASSERTIONS
from diffing.languages.en.dates import DATES
from diffing.languages.en.function_words import FUNCTION_WORDS
from diffing.languages.en.sentences import SENTENCES

__all__ = ["ENGLISH"]

ENGLISH = Language(
    code="en",
    name="English",
    dates=DATES,
    assertions=ASSERTIONS,
    sentences=SENTENCES,
    function_words=FUNCTION_WORDS,
)
