"""Finds phrases of a lexicon in a text: folded words, Russian ones by their stems, in linear time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Generic, NamedTuple, TypeVar

from diffing.remembered import Remembered

__all__ = ["Hit", "Phrasebook", "Token", "fold", "stem", "tokens_of", "words_of"]

Payload = TypeVar("Payload")

# A letter that stays as it is costs less where it is looked up than where it is missed: ASCII to Cyrillic.
_ONE_FOR_ONE = str.maketrans(
    {letter: letter for letter in map(chr, range(0x0530))}
    | {
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
# Most texts have letters of one script only, which is found out several times faster than that none mix.
_LATIN_LETTER = re.compile(r"[a-z]")
_CYRILLIC_LETTER = re.compile(r"[а-яі]")
_MIXED = re.compile(r"[a-z][а-яі]|[а-яі][a-z]")
_LETTERS = re.compile(r"[a-zа-яі]+")
_WORD = re.compile(r"([^\W_]+)")

# The endings of Russian nouns and adjectives, the longest wins: enough to bring the cases of one name
# together, and too few to bring two names together (measured by the tests of naming).
_CASES = """
    ами ями ого его ому ему ыми ими иях иям ием ией ая яя ое ее ые ие ой ей ую юю ом ем ым им ых их ий ый
    ья ью ьи ия ию ии ам ям ах ях ов ев а я о е ы и у ю ь й
"""
_ENDINGS = frozenset(_CASES.split())
_LONGEST_ENDING = 3
_SHORTEST_STEM = 3


class Token(NamedTuple):
    """One word of a folded text; `glued`: only spaces, hyphens or apostrophes stand before it."""

    start: int
    end: int
    word: str
    stem: str
    glued: bool


_token = Token._make  # half the time of a call with five arguments, for every word of every statement


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
    if text.isascii():
        return folded.replace("`", "'")
    if len(folded) != len(text):
        folded = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    folded = folded.translate(_ONE_FOR_ONE)
    if _LATIN_LETTER.search(folded) and _CYRILLIC_LETTER.search(folded) and _MIXED.search(folded):
        return _LETTERS.sub(_one_script, folded)
    return folded


def _one_script(found: re.Match[str]) -> str:
    word = found.group()
    latin = sum("a" <= letter <= "z" for letter in word)
    if latin in (0, len(word)):
        return word
    changed = word.translate(_TO_LATIN if latin * 2 >= len(word) else _TO_CYRILLIC)
    # A mixture that no look-alike explains (a Latin stem with a Russian ending) stays as it is.
    return changed if changed.isascii() or not _MIXED.search(changed) else word


def stem(word: str) -> str:
    """A Russian word without its case ending, any other word itself.

    >>> stem("рубежа"), stem("нерушимом"), stem("братстве"), stem("rubezh")
    ('рубеж', 'нерушим', 'братств', 'rubezh')
    """
    if not "а" <= word[-1] <= "я":
        return word
    for length in range(min(_LONGEST_ENDING, len(word) - _SHORTEST_STEM), 0, -1):
        if word[-length:] in _ENDINGS:
            return word[:-length]
    return word


_STEMS = Remembered(stem, 65536)


def words_of(folded: str) -> list[str]:
    """The words of the tokens of a folded text."""
    return _WORD.findall(folded)


def tokens_of(folded: str) -> list[Token]:
    """The words and numbers of a folded text, in order."""
    pieces = _WORD.split(folded)  # gaps and words in turn; after the last word only a gap is left
    gaps, words = pieces[:-1:2], pieces[1::2]
    bounds = list(accumulate(map(len, pieces)))
    glued = [gap in _GLUE or not gap.strip(" -'") for gap in gaps]
    return list(
        map(
            _token,
            zip(bounds[:-1:2], bounds[1::2], words, map(_STEMS.__getitem__, words), glued, strict=True),
        )
    )


_GLUE = frozenset({" ", "-", "'", ""})


_GAP = 2
"""Words that `~` may stand for: "will now also be held" has two."""


class _Node(Generic[Payload]):
    """What may follow in a phrase, and what the phrase stands for when it ends here."""

    __slots__ = ("beginnings", "forms", "gap", "leaf", "payloads", "stems")

    def __init__(self) -> None:
        self.stems: dict[str, _Node[Payload]] = {}
        self.forms: dict[str, _Node[Payload]] = {}
        self.beginnings: dict[str, dict[str, _Node[Payload]]] = {}
        self.gap: _Node[Payload] | None = None
        self.payloads: list[Payload] = []
        self.leaf = True


class Phrasebook(Generic[Payload]):
    """A lexicon: phrases with what they stand for.

    In a phrase `word*` is any word that begins so (three letters at least), `=word` that very form
    of a word, and `~` stands for at most two words of any kind.
    """

    def __init__(self) -> None:
        self._root: _Node[Payload] = _Node()
        self._opened_by = self._nothing_opened()

    def add(self, phrases: Iterable[str], payload: Payload) -> None:
        """Adds phrases."""
        self._opened_by = self._nothing_opened()
        for phrase in phrases:
            node = self._root
            for part in phrase.split():
                node = self._grown(node, part)
            if node is not self._root and payload not in node.payloads:
                node.payloads.append(payload)

    def _grown(self, node: _Node[Payload], part: str) -> _Node[Payload]:
        node.leaf = False
        if part == "~":
            if node.gap is None:
                node.gap = _Node()
            return node.gap
        if part.endswith("*"):
            beginning = fold(part[:-1])
            shelf = node.beginnings.setdefault(beginning[:_SHORTEST_STEM], {})
            return shelf.setdefault(beginning, _Node())
        if part.startswith("="):
            return node.forms.setdefault(fold(part[1:]), _Node())
        for its_stem in _stems_of(part):
            node.leaf = False
            node = node.stems.setdefault(its_stem, _Node())
        return node

    def may_be_in(self, words: Sequence[str]) -> bool:
        """Whether one of these words, all of a text, begins a phrase that ends or goes on with the next.

        `find` finds nothing in a text without one, and most have none.
        """
        opened = list(map(self._opened_by.__getitem__, words))
        return any(opened) and any(
            node.payloads or node.gap or _after(node, following, _STEMS[following])
            for nodes, following in zip(opened, (*words[1:], words[-1]), strict=True)
            for node in nodes
        )

    def find(self, tokens: Sequence[Token]) -> list[Hit[Payload]]:
        """Every phrase found from left to right, the longest first, none overlapping.

        A phrase that stands for several things is found once for each.
        """
        hits: list[Hit[Payload]] = []
        free = 0
        for position, opened in enumerate(map(self._opened_by.__getitem__, [token.word for token in tokens])):
            if not opened or position < free:
                continue
            ends: dict[int, list[Payload]] = {}
            for node in opened:
                _walk(node, tokens, position + 1, ends)
            if ends:
                free = max(ends)
                hits += [Hit(position, free, payload) for payload in dict.fromkeys(ends[free])]
        return hits

    def _nothing_opened(self) -> Remembered[tuple[_Node[Payload], ...]]:
        return Remembered(self._opened, _OPENERS_KEPT)

    def _opened(self, word: str) -> tuple[_Node[Payload], ...]:
        """Where a phrase stands after its first word; most words open none."""
        return tuple(_after(self._root, word, _STEMS[word]))


@lru_cache(maxsize=4096)
def _stems_of(part: str) -> tuple[str, ...]:
    """The stems of one part of a phrase; the phrases of a lexicon are made of few."""
    return tuple(token.stem for token in tokens_of(fold(part)))


_OPENERS_KEPT = 16_384
"""Words whose openings a phrasebook remembers: more than a site's pages have, and a bound on memory."""


def _after(node: _Node[Payload], word: str, its_stem: str) -> list[_Node[Payload]]:
    """The nodes that a word leads to."""
    found = []
    if its_stem in node.stems:
        found.append(node.stems[its_stem])
    if word in node.forms:
        found.append(node.forms[word])
    if node.beginnings:
        for beginning, following in node.beginnings.get(word[:_SHORTEST_STEM], {}).items():
            if word.startswith(beginning):
                found.append(following)
    return found


def _walk(
    node: _Node[Payload], tokens: Sequence[Token], position: int, ends: dict[int, list[Payload]]
) -> None:
    """Notes in `ends` where phrases that reach this node end, and what they stand for."""
    if node.payloads:
        ends.setdefault(position, []).extend(node.payloads)
    if node.leaf:
        return
    if node.gap is not None:
        for skipped in range(_GAP + 1):
            _walk(node.gap, tokens, position + skipped, ends)
    if position < len(tokens) and tokens[position].glued:
        token = tokens[position]
        for following in _after(node, token.word, token.stem):
            _walk(following, tokens, position + 1, ends)
