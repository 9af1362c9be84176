"""A text as the pieces that dates are made of, each with the roles that its language gives it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import TypeAlias

from diffing.languages import LANGUAGES
from diffing.languages.dates import DateWords

__all__ = ["Lexicon", "Tokens", "folded_for_dates", "lexicon", "may_say_a_date"]

Roles: TypeAlias = Mapping[str, int | str]

# Runs of digits, runs of letters, and every other visible character on its own: one pass, no backtracking.
_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\s\w]|_")
_WORD = re.compile(r"[^\W\d_]+")

# Without a word of `anchors` a text holds a date only where digits meet a separator, or as a bare year.
_NUMERIC_DATE = re.compile(r"\d[./-]\s?\d|(?<!\d)(?:19|2[01])\d\d(?!\d)")

# Words that say nothing of a date by themselves: looked up where asked for, and no mark of a date.
_NO_ROLES = frozenset(
    (
        "weak",
        "this_year",
        "reports",
        "decisions",
        "passives",
        "infinitives",
        "bygones",
        "breaks",
        "nights",
        "lengths",
    )
)

_VERBS = frozenset(("begins", "lasting", "ending", "plans", "moves", "glue"))

_NONE: Roles = {}
_HYPHENS = frozenset("-–—‑‐−")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """A language's date words turned round: word to roles.

    A text without any of `anchors` says no date; one of `asking` words alone says nothing else.
    """

    words: DateWords
    roles: Mapping[str, Roles] = field(repr=False)
    anchors: frozenset[str] = field(repr=False)
    asking: frozenset[str] = field(repr=False)


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language. Raises ValueError where the house does not read it."""
    if language not in LANGUAGES:
        known = ", ".join(sorted(LANGUAGES))
        message = f"No language {language!r}; known: {known}. Add diffing/languages/<code>/."
        raise ValueError(message)
    words = LANGUAGES[language].dates
    roles: dict[str, dict[str, int | str]] = {}
    for part in fields(words):
        value = getattr(words, part.name)
        if part.name in _NO_ROLES or isinstance(value, bool):
            continue
        entries = value.items() if isinstance(value, Mapping) else ((word, 1) for word in value)
        for word, meaning in entries:
            roles.setdefault(word, {})[part.name] = meaning
    for pieces in words.this_year:
        roles.setdefault(pieces[0], {})["this_year"] = 1
    anchors = (
        set(words.months)
        | set(words.weekdays)
        | set(words.seasons)
        | set(words.relative_days)
        | set(words.units)
    )
    anchors |= words.half_years | {piece for pieces in words.this_year for piece in pieces[-1:]}
    anchors |= set(words.weekday_plurals)
    if words.day_cues:
        anchors |= words.ordinal_suffixes
    anchors |= words.quarter_marks | words.half_marks | words.year_words
    asking = frozenset(word for word, meanings in roles.items() if not meanings.keys() <= _VERBS)
    return Lexicon(words=words, roles=roles, anchors=frozenset(anchors), asking=asking)


class Tokens:
    """The pieces of one text, column by column: `words` folded, `starts`, `ends`, `roles`."""

    __slots__ = ("count", "ends", "roles", "starts", "text", "words")

    def __init__(self, text: str, folded: str, known: Lexicon) -> None:
        self.text = text
        spans = [match.span() for match in _TOKEN.finditer(text)]
        if len(folded) == len(text):
            self.words = [folded[start:end] for start, end in spans]
        else:  # a letter whose lower case is longer ("İ")
            self.words = [folded_for_dates(text[start:end]) for start, end in spans]
        self.starts = [start for start, _ in spans]
        self.ends = [end for _, end in spans]
        self.count = len(spans)
        self.roles: list[Roles] = [known.roles.get(word, _NONE) for word in self.words]

    def word(self, at: int) -> str:
        """The folded piece; empty before the first and after the last."""
        return self.words[at] if 0 <= at < self.count else ""

    def role(self, at: int, name: str) -> int | str | None:
        """What the piece means in this role; None: it has not got it."""
        return self.roles[at].get(name) if 0 <= at < self.count else None

    def number(self, at: int, name: str) -> int | None:
        """The same where the meaning is a number."""
        value = self.roles[at].get(name) if 0 <= at < self.count else None
        return value if isinstance(value, int) else None

    def glued(self, at: int) -> bool:
        """True when the piece follows the one before with nothing between."""
        return 0 < at < self.count and self.ends[at - 1] == self.starts[at]

    def hyphen(self, at: int) -> bool:
        """True for any dash."""
        return self.word(at) in _HYPHENS

    def unknown_word(self, at: int) -> bool:
        """True for a word in lower case that is no date word: what follows a number that counts things."""
        word = self.word(at)
        return word.isalpha() and not self.roles[at] and self.text[self.starts[at]].islower()

    def plan(self, at: int, words: DateWords) -> bool:
        """True for a word of plans; not in "was planned", nor in "took place as planned"."""
        if self.words[at] not in words.plans:
            return False
        before = self.word(at - 1)
        return before not in words.bygones and before not in words.comparisons

    def speak_of_plans(self, words: DateWords) -> bool:
        """True where the text says that something is still to come."""
        if words.plans.isdisjoint(self.words):
            return False
        return any(self.plan(at, words) for at in range(self.count))

    def only_dates(self, known: Lexicon) -> bool:
        """True where the text holds no word but date words: somebody asks for a date."""
        return all(word in known.asking or not word.isalpha() for word in self.words)

    def name(self, at: int) -> bool:
        """True for a word with a capital that is no date word."""
        return 0 <= at < self.count and not self.roles[at] and self.text[self.starts[at]].isupper()

    def plain(self, at: int) -> bool:
        """True for a word in lower case."""
        return 0 <= at < self.count and self.text[self.starts[at]].islower()


def may_say_a_date(folded: str, known: Lexicon) -> bool:
    """False only where no piece of the text could belong to a date: most sentences, told cheaply."""
    return _NUMERIC_DATE.search(folded) is not None or not known.anchors.isdisjoint(_WORD.findall(folded))


def folded_for_dates(text: str) -> str:
    """The text in the form of the date words."""
    return text.lower().replace("ё", "е")
