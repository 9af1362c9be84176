"""What a language has to say of itself before its texts can be read."""

from __future__ import annotations

from dataclasses import dataclass, field

from diffing.languages.assertions import AssertionWords
from diffing.languages.dates import DateWords
from diffing.languages.function_words import FunctionWords
from diffing.languages.sentences import SentenceWords

__all__ = ["Language"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language as data: `dates` for windows, `assertions` for facts, `sentences` for splitting.

    `function_words` tell statements apart from one another and from the page's frame.
    """

    code: str
    name: str
    dates: DateWords
    assertions: AssertionWords
    function_words: FunctionWords
    sentences: SentenceWords = field(default_factory=SentenceWords)
