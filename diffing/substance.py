"""Tells a statement of substance from a greeting, a caption, a fragment or a piece of the page's frame."""

from __future__ import annotations

import re
from functools import partial

from diffing.languages import LANGUAGES
from diffing.languages.function_words import FunctionWords
from diffing.model import Statement
from diffing.normal import normalise
from diffing.remembered import Remembered

__all__ = ["of_substance"]

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")

# How long a greeting, a control of the page, or a sentence in which no verb was recognised may be
# and still say nothing. Chosen on the boilerplate listed in the domain notes against the sentences
# of the bundled briefing, none of which may be lost; longer limits lose short sentences whose verb
# is not listed, shorter ones let captions through. tests/diffing/test_substance.py measures both.
_GREETING_WORDS = 9
_CONTROL_WORDS = 12
_SINGLE_WORD_CONTROL = 4
_VERBLESS_WORDS = 7
_DASHED_WORDS = 3
# A caption names itself in its first words: "Photo: …", "Фото пресс-службы: …".
_CAPTION_HEAD = 40
_CREDIT_MARKS = (":", "©", "/", "|", " by ")


def of_substance(statement: Statement, *, asserts: bool) -> bool:
    """Whether the statement says something; `asserts`: facts were read from it, so fragments do.

    Greetings, captions with a colon or a credit, share lines, navigation, counters, clocks, the words
    that lead in a list and phrases without a verb say nothing. A list item speaks together with its lead-in.
    """
    text = normalise(statement.full_text) if statement.lead_in else statement.normal
    language = LANGUAGES[statement.language].function_words
    words = _WORD.findall(text)
    if not words or text.startswith(("©", "(c)", "@", "#")):
        return False
    if _is_caption(text, words, statement.language) or _is_greeting(text, words, language):
        return False
    if asserts:
        return True
    if text.endswith(":"):
        # The words before a list say nothing without its items, and each item is read with them.
        return False
    letters = sum(map(len, words))
    visible = len(text) - text.count(" ")
    if len(words) < 3 or letters * 2 < visible or _is_control(text, words, language):
        return False
    ended = text.rstrip("\"') ").endswith((".", "!", "?", "…"))
    if _has_verb(text, words, statement.language):
        opening = statement.text.lstrip("\"'«“„(- –—")[:1]
        return ended or statement.lead_in is not None or not opening.islower()
    return ended and len(words) >= _VERBLESS_WORDS


def _is_caption(text: str, words: list[str], language: str) -> bool:
    if not text.startswith(LANGUAGES[language].function_words.captions):
        return False
    head = text[:_CAPTION_HEAD]
    mark = min((place for place in map(head.find, _CREDIT_MARKS) if place > 0), default=-1)
    if mark > 0 and len(_WORD.findall(head[:mark])) <= 2:
        return True
    return not _has_verb(text, words, language)


def _is_greeting(text: str, words: list[str], language: FunctionWords) -> bool:
    return text.startswith(language.salutations) and (
        len(words) <= _GREETING_WORDS or text.rstrip('" ').endswith(("!", ","))
    )


def _is_control(text: str, words: list[str], language: FunctionWords) -> bool:
    if not text.startswith(language.frame):
        return False
    for phrase in language.frame:
        if not text.startswith(phrase):
            continue
        following = text[len(phrase) : len(phrase) + 1]
        limit = _CONTROL_WORDS if " " in phrase else _SINGLE_WORD_CONTROL
        if not following.isdigit() and following != "-" and len(words) <= limit:
            return True
    return False


def _has_verb(text: str, words: list[str], language: str) -> bool:
    dashed = " - " in text and len(words) > _DASHED_WORDS
    return (dashed and LANGUAGES[language].function_words.dash_is_verb) or any(
        map(_VERBS[language].__getitem__, words)
    )


def _is_verb(word: str, language: FunctionWords) -> bool:
    return word in language.verb_words or (
        len(word) > 3 and word.endswith(language.verb_endings) and not _is_noun(word, language)
    )


def _is_noun(word: str, language: FunctionWords) -> bool:
    return any(
        word.startswith(stem) and (len(word) == len(stem) or word[len(stem) :] in language.noun_endings)
        for stem in language.not_verbs
    )


_VERBS = {
    code: Remembered(partial(_is_verb, language=language.function_words), 16384)
    for code, language in LANGUAGES.items()
}
"""By language and word, whether it is a verb."""
