"""Finds phrases of a lexicon in a text: folded words, Russian ones by their stems, in linear time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

__all__ = ["Hit", "Phrasebook", "Token", "fold", "stem", "tokens_of"]

Payload = TypeVar("Payload")

_ONE_FOR_ONE = str.maketrans(
    {
        "ё": "е",
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "`": "'",
        "–": "-",
        "—": "-",
        "−": "-",
        "‑": "-",
        "‐": "-",
        "‒": "-",
        "―": "-",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u2007": " ",
        "“": '"',
        "”": '"',
        "„": '"',
        "‟": '"',
        "«": '"',
        "»": '"',
        "‹": '"',
        "›": '"',
        "＂": '"',
    }
)
_LATIN_LOOKS = "aceopxyktmhbi"
_CYRILLIC_LOOKS = "асеорхуктмнві"
_TO_CYRILLIC = str.maketrans(_LATIN_LOOKS, _CYRILLIC_LOOKS)
_TO_LATIN = str.maketrans(_CYRILLIC_LOOKS, _LATIN_LOOKS)
_MIXED = re.compile(r"[a-z][а-яі]|[а-яі][a-z]")
_LETTERS = re.compile(r"[a-zа-яі]+")
_WORD = re.compile(r"[^\W_]+")

# The endings of Russian nouns and adjectives, longest first: enough to bring the cases of one name
# together, and too few to bring two names together (measured by the tests of naming).
_CASES = """
    ами ями ого его ому ему ыми ими иях иям ием ией ая яя ое ее ые ие ой ей ую юю ом ем ым им ых их ий ый
    ья ью ьи ия ию ии ам ям ах ях ов ев а я о е ы и у ю ь й
"""
_ENDINGS = tuple(sorted(_CASES.split(), key=len, reverse=True))
_SHORTEST_STEM = 3


class Token(NamedTuple):
    """One word of a folded text; `glued`: only spaces, hyphens or apostrophes stand before it."""

    start: int
    end: int
    word: str
    stem: str
    glued: bool


class Hit(NamedTuple, Generic[Payload]):
    """A phrase found: tokens `first` up to but not including `last`, and what the phrase stands for."""

    first: int
    last: int
    payload: Payload


def fold(text: str) -> str:
    """The text in one case, with plain quotes, dashes and spaces; letter for letter, so offsets hold.

    Letters that only look like those of the word's other letters become those.

    >>> fold("«Рубежа–2025»")
    '"рубежа-2025"'
    """
    folded = text.lower()
    if len(folded) != len(text):
        folded = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    folded = folded.translate(_ONE_FOR_ONE)
    return _LETTERS.sub(_one_script, folded) if _MIXED.search(folded) else folded


def _one_script(found: re.Match[str]) -> str:
    word = found.group()
    latin = sum("a" <= letter <= "z" for letter in word)
    if latin in (0, len(word)):
        return word
    changed = word.translate(_TO_LATIN if latin * 2 >= len(word) else _TO_CYRILLIC)
    # A mixture that no look-alike explains (a Latin stem with a Russian ending) stays as it is.
    return changed if changed.isascii() or not _MIXED.search(changed) else word


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A Russian word without its case ending, any other word itself.

    >>> stem("рубежа"), stem("нерушимом"), stem("братстве"), stem("rubezh")
    ('рубеж', 'нерушим', 'братств', 'rubezh')
    """
    if not "а" <= word[-1] <= "я":
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def tokens_of(folded: str) -> list[Token]:
    """The words and numbers of a folded text, in order."""
    found = []
    end = 0
    for match in _WORD.finditer(folded):
        start = match.start()
        word = match.group()
        gap = folded[end:start]
        found.append(Token(start, match.end(), word, stem(word), gap in _GLUE or not gap.strip(" -'")))
        end = match.end()
    return found


_GLUE = frozenset({" ", "-", "'", ""})


class _Element(NamedTuple):
    """One word of a phrase. `kind`: "=" by stem, "*" by its beginning, "~" up to two words of any kind."""

    kind: str
    value: str


_GAP = 2


class Phrasebook(Generic[Payload]):
    """A lexicon: phrases with what they stand for.

    In a phrase `word*` is any word that begins so, and `~` stands for at most two words of any kind.
    """

    def __init__(self) -> None:
        self._by_stem: dict[str, list[tuple[tuple[_Element, ...], Payload]]] = {}
        self._by_beginning: dict[str, list[tuple[tuple[_Element, ...], Payload]]] = {}

    def add(self, phrases: Iterable[str], payload: Payload) -> None:
        """Adds phrases. A phrase begins with a word, a beginning with at least three letters."""
        for phrase in phrases:
            elements = tuple(_elements(phrase))
            if not elements:
                continue
            head = elements[0]
            shelf, key = (
                (self._by_beginning, head.value[:_SHORTEST_STEM])
                if head.kind == "*"
                else (self._by_stem, head.value)
            )
            entries = shelf.setdefault(key, [])
            entries.append((elements, payload))
            entries.sort(key=lambda entry: -len(entry[0]))

    def at(self, tokens: Sequence[Token], first: int) -> Hit[Payload] | None:
        """The longest phrase that begins with this token; None: none does."""
        token = tokens[first]
        best: Hit[Payload] | None = None
        for entries in (self._by_stem.get(token.stem), self._by_beginning.get(token.word[:_SHORTEST_STEM])):
            for elements, payload in entries or ():
                last = _end(elements, 0, tokens, first)
                if last and (best is None or last > best.last):
                    best = Hit(first, last, payload)
        return best

    def find_all(self, tokens: Sequence[Token]) -> list[Hit[Payload]]:
        """As `find`, with every meaning of a phrase that stands for several things."""
        hits = []
        for hit in self.find(tokens):
            hits.append(hit)
            token = tokens[hit.first]
            for entries in (
                self._by_stem.get(token.stem),
                self._by_beginning.get(token.word[:_SHORTEST_STEM]),
            ):
                for elements, payload in entries or ():
                    if payload != hit.payload and _end(elements, 0, tokens, hit.first) == hit.last:
                        hits.append(Hit(hit.first, hit.last, payload))
        return hits

    def find(self, tokens: Sequence[Token]) -> list[Hit[Payload]]:
        """Every phrase found from left to right, the longest first, none overlapping."""
        hits = []
        by_stem, by_beginning = self._by_stem, self._by_beginning
        position, count = 0, len(tokens)
        while position < count:
            token = tokens[position]
            if token.stem in by_stem or token.word[:_SHORTEST_STEM] in by_beginning:
                hit = self.at(tokens, position)
                if hit:
                    hits.append(hit)
                    position = hit.last
                    continue
            position += 1
        return hits


def _elements(phrase: str) -> Iterable[_Element]:
    for part in phrase.split():
        if part == "~":
            yield _Element("~", "")
        elif part.endswith("*"):
            yield _Element("*", fold(part[:-1]))
        else:
            for token in tokens_of(fold(part)):
                yield _Element("=", token.stem)


def _end(elements: tuple[_Element, ...], at: int, tokens: Sequence[Token], position: int) -> int:
    """Where the phrase ends when its element `at` begins with token `position`; 0: it does not fit."""
    for place in range(at, len(elements)):
        kind, value = elements[place]
        if kind == "~":
            for skipped in range(_GAP + 1):
                end = _end(elements, place + 1, tokens, position + skipped)
                if end:
                    return end
            return 0
        if position >= len(tokens):
            return 0
        token = tokens[position]
        if position and place and not token.glued:
            return 0
        if (token.stem != value) if kind == "=" else not token.word.startswith(value):
            return 0
        position += 1
    return position
