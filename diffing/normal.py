"""The comparison form of a text: what two texts share when only glyphs tell them apart."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["normalise"]

_APOSTROPHES = "'`´ʹʻʼʽˈ‘’‚‛′‵＇"
_QUOTES = '"«»“”„‟″‶‹›「」『』〝〞〟＂'
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2e3a\u2e3b\ufe31\ufe32\ufe58\ufe63\uff0d"

# Of what NFKC changes these are in every other text: changed with the glyphs, they call for no NFKC.
_COMMON = "\u00a0\u2009\u202f…№"

# ASCII to Cyrillic: most letters of any text that is read here.
_USUAL = range(0x0530)


def _glyphs() -> dict[int, str | None]:
    """What each code point becomes, whatever stands around it (None: it goes)."""
    table: dict[int, str | None] = {}
    # Cc and Cf: C0 and C1 controls, zero-width and bidirectional marks, soft hyphen, byte order mark.
    for code in (*range(0x3000), *range(0xFE00, 0x10000), *range(0xE0000, 0xE0080)):
        letter = chr(code)
        if unicodedata.category(letter) in {"Cc", "Cf"} and not letter.isspace():
            table[code] = None
    table.update(dict.fromkeys(range(0xFE00, 0xFE10)))  # variation selectors
    table.update(dict.fromkeys(map(ord, _APOSTROPHES), "'"))
    table.update(dict.fromkeys(map(ord, _QUOTES), '"'))
    table.update(dict.fromkeys(map(ord, _DASHES), "-"))
    # Old forms of Cyrillic letters, which folding makes today's: words must have their script before it.
    table.update({code: chr(code).casefold() for code in range(0x1C80, 0x1C89)})
    table.update({ord(letter): unicodedata.normalize("NFKC", letter) for letter in _COMMON})
    table |= {ord("ё"): "е", ord("Ё"): "Е", ord("ë"): "e", ord("Ë"): "E"}
    # A letter that stays as it is costs less where it is looked up than where it is missed.
    return {code: chr(code) for code in _USUAL} | table


_GLYPHS = _glyphs()

# A folded text of these alone is composed, and has one glyph for each mark.
_PLAIN = re.compile(r"[\t\n\r -_a-~а-я]*+")

_LATIN = "ABEKMHOPCTXYaceopxy"
_CYRILLIC = "АВЕКМНОРСТХУасеорху"
# No Russian word has these Cyrillic letters, so only the way to Latin is open to them.
_TO_LATIN = str.maketrans(_CYRILLIC + "ІЈЅіјѕ", _LATIN + "IJSijs")
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)

_WORD = re.compile(r"[^\W\d_]+")
_HAS_LATIN = re.compile(r"[A-Za-z]")
_HAS_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_SURELY_LATIN = re.compile(
    rf"(?![{_LATIN}])[A-Za-z\u00c0-\u02af\u1d00-\u1dbf\u1e00-\u1eff\u2c60-\u2c7f\ua720-\ua7ff\uab30-\uab6f]"
)
_SURELY_CYRILLIC = re.compile(rf"(?![{_CYRILLIC}ІЈЅіјѕ])[\u0400-\u052f]")
_QUOTING_APOSTROPHE = re.compile(r"(?<!\w)'|'(?!\w)")
_RUN = re.compile(r'"{2,}|-{2,}')


def _one_script_a_word(text: str) -> str:
    """The text with look-alike letters in the script of their word.

    A word's script is that of most of its letters that exist in one script only; where it has none,
    or as many of each, the script of most other words; Latin where these do not decide either. Words
    vote, not letters: the vote is then the same on the outcome, whose case is folded.
    """
    if not _HAS_CYRILLIC.search(text) or (not _HAS_LATIN.search(text) and _SURELY_CYRILLIC.search(text)):
        return text

    def lean(word: str) -> int:
        return len(_SURELY_CYRILLIC.findall(word)) - len(_SURELY_LATIN.findall(word))

    leans = {word: lean(word) for word in set(_WORD.findall(text))}
    vote = sum((found > 0) - (found < 0) for found in map(leans.__getitem__, _WORD.findall(text)))

    def rewritten(word: re.Match[str]) -> str:
        cyrillic = (leans[word[0]] or vote) > 0
        return word[0].translate(_TO_CYRILLIC if cyrillic else _TO_LATIN)

    return _WORD.sub(rewritten, text)


def _composed(text: str) -> str:
    """The text with one glyph for each kind of mark, in NFKC; each step can call for the other."""
    text = text.translate(_GLYPHS)
    while not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text).translate(_GLYPHS)
    return text


def normalise(text: str) -> str:
    """The form in which texts are compared: equal where only glyphs, case or spacing differ.

    NFKC; one double quote, one apostrophe (between letters), one dash; invisible characters gone;
    white space collapsed; case folded; ё as е; look-alike Cyrillic and Latin letters in the script
    of their word. Normalising twice changes nothing more. For comparison only: never shown.

    >>> normalise("«Рубеж–2025»")
    '"рубеж-2025"'
    """
    if not text.isascii():
        text = _one_script_a_word(_composed(text))
    folded = text.casefold()
    if not _PLAIN.fullmatch(folded):
        folded = _composed(folded)
        # Greek letters with a circumflex are taken apart by folding and put together by NFKC, for ever.
        again = folded.casefold()
        if again != folded and _composed(again) != folded:
            return normalise(folded)
    if "'" in folded:
        folded = _QUOTING_APOSTROPHE.sub('"', folded)
    if '""' in folded or "--" in folded:
        folded = _RUN.sub(lambda run: run[0][0], folded)
    return " ".join(folded.split())
