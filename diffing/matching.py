"""Finds the known statement that is closest to a new one, and says whether the two say the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import partial, reduce
from operator import or_
from typing import NamedTuple
from zlib import crc32

from rapidfuzz import fuzz, process

from diffing.languages import LANGUAGES
from diffing.languages.function_words import FunctionWords
from diffing.model import Known, KnownStatement, Match, Statement
from diffing.normal import normalise
from diffing.remembered import Remembered

__all__ = [
    "CLOSE",
    "Difference",
    "Likeness",
    "Matter",
    "closest",
    "closest_of",
    "content_words",
    "is_occasion",
    "likeness",
    "material_differences",
    "restatement_of",
    "says_the_same",
    "similarity",
]

# Below this score a known statement is not close and is not shown. Of held-out sentences of the same
# sites, `ratio` finds 0.4 % of truly new ones at 80 and above, and 85-91 % of edited ones at 70
# (WRatio calls 98 % of the new ones similar); half the letters in common is still chance.
CLOSE = 55.0

# From here on two statements are the same text with small edits, which `material_differences` weighs.
_SAME_TEXT = 88.0

# Share of a statement's content words that the known one must have too, where the wording differs.
# Lower: a new report on a known theme passes for a rewording; higher: a rewording passes for news.
# A number that both give is strong evidence of one subject, so less has to be in common then.
# Measured on the cases of tests/diffing/test_matching.py, both languages; measure again there.
_REWORDED = 0.75
_REWORDED_WITH_NUMBERS = 0.6
# A long known statement contains many words by chance; the share asked rises with how much longer.
_MUCH_LONGER = 2.5
_REWORDED_IN_LONG = 0.9
# A statement of fewer content words than this has too little to go by: only small edits count.
_ENOUGH_WORDS = 3
# How many of the known statements with most words in common are scored, and how many of the best are
# looked at word by word. Of more, those that say the same come first anyway; all cost time.
_SCORED = 16
_LOOKED_AT = 4

_TOKEN = re.compile(r"\d+(?:[ .,]\d{3}(?!\d))*(?:[.,:]\d+)?|[^\W\d_]+(?:'[^\W\d_]+)?")
_SEPARATED = re.compile(r"[ ,.](?=\d{3}(?!\d))")
_DECIMAL = re.compile(r"\d{1,12}(?:[.,]\d{1,6})?")
_QUOTED = re.compile(r'"([^"]{2,120})"')
_PROPER = re.compile(r"(?<=[\w,;:)»”\"-] )[(«“„\"]?((?:[A-ZА-ЯЁ][^\W\d_]+[ -]?)+)")
# Stems are cut here: long enough to tell words apart, short enough for "peacekeepers/-keeping".
_STEM = 6


class Matter(StrEnum):
    """What kind of thing two statements differ in, where a difference must not be smoothed away."""

    NUMBER = "number"
    DATE = "date"
    NEGATION = "negation"
    NAME = "name"
    QUOTED_NAME = "quoted_name"
    OPPOSITE = "opposite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What the old statement says and the new one does not, and the other way round, of one matter."""

    matter: Matter
    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


class _Word(NamedTuple):
    """What a word of a normal form is, whatever the statement that it stands in.

    `occasion`: any statement about an event may have it; `head`: its first letters, as a bit of a number.
    """

    stem: str
    number: bool
    content: bool
    occasion: bool
    month: bool
    denies: bool
    head: int


@dataclass(frozen=True, eq=False, slots=True)
class _Words:
    """A statement taken apart, numbers left out of its `words`; `heads` has how each of them begins.

    As many are remembered, little of each is: what few comparisons ask for is worked out again.
    """

    text: str
    language: str
    form: str
    words: tuple[_Word, ...]
    heads: int

    @property
    def every(self) -> frozenset[str]:
        """The stems of all words."""
        return frozenset([word.stem for word in self.words])

    @property
    def content(self) -> frozenset[str]:
        """The stems of the words that carry content."""
        return frozenset([word.stem for word in self.words if word.content])

    @property
    def numbers(self) -> frozenset[str]:
        """Every number, as digits."""
        return _NUMBERS[self.language][self.form]

    @property
    def months(self) -> frozenset[str]:
        """The stems of months and weekdays."""
        return frozenset([word.stem for word in self.words if word.month])

    @property
    def names(self) -> frozenset[tuple[str, ...]]:
        """The names inside the sentence, by the stems of their parts."""
        return frozenset(filter(None, map(self._name, _PROPER.findall(self.text))))

    @property
    def quoted(self) -> frozenset[str]:
        """What stands in quotation marks, in stems."""
        return frozenset(
            " ".join([_WORD[self.language][part].stem for part in _TOKEN.findall(quoted)])
            for quoted in _QUOTED.findall(self.form)
        )

    @property
    def denials(self) -> int:
        """How many words turn it round."""
        return sum([word.denies for word in self.words])

    def _name(self, run: str) -> tuple[str, ...]:
        parts = [_WORD[self.language][part] for part in _TOKEN.findall(normalise(run))]
        return tuple(part.stem for part in parts if part.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What of the known statements is like a new one: the closest, and the one that says all that it says.

    Each is None where there is none.
    """

    closest: Match | None
    restated: Match | None


def similarity(old: str, new: str) -> float:
    """How alike two normal forms are, 0 to 100: as they stand, or with their words sorted."""
    return max(fuzz.ratio(old, new), fuzz.token_sort_ratio(old, new))


def closest(statement: Statement, known: Known, events: Iterable[str]) -> Match | None:
    """The closest known statement; None where none reaches `CLOSE`. Of equals the oldest is taken.

    The exact normal form wins with score 100; else the candidates that `known` offers for the words
    and for `events` (keys of the events named) are scored.
    """
    exact = known.exact(statement.normal)
    if exact is not None:
        return Match(statement=exact, score=100.0)
    return closest_of(statement, known.candidates(statement.normal, events))


def closest_of(statement: Statement, candidates: Sequence[KnownStatement]) -> Match | None:
    """The closest of the candidates, the first among equals; None where none reaches `CLOSE`."""
    forms = [candidate.normal for candidate in candidates]
    best: tuple[float, int] | None = None
    # The second is `token_sort_ratio`, with the words of the known statements sorted once.
    for form, others in (
        (statement.normal, forms),
        (_IN_ORDER[statement.normal], [_IN_ORDER[form] for form in forms]),
    ):
        floor = CLOSE if best is None else best[0]
        found = process.extractOne(form, others, scorer=fuzz.ratio, score_cutoff=floor)
        if found is None:
            continue
        _, score, place = found
        if best is None or (-score, place) < (-best[0], best[1]):
            best = (score, place)
    if best is None:
        return None
    return Match(statement=candidates[best[1]], score=round(best[0], 1))


def likeness(statement: Statement, candidates: Sequence[KnownStatement]) -> Likeness:
    """What of the candidates is like the statement."""
    closest = closest_of(statement, candidates)
    same_text = closest is not None and closest.score >= _SAME_TEXT
    return Likeness(closest=closest, restated=_restatement(statement, candidates, same_text=same_text))


def _sorted(normal: str) -> str:
    """The words of a normal form in one order."""
    return " ".join(sorted(normal.split()))


_IN_ORDER = Remembered(_sorted, 65536)
"""By normal form, as the same known statements come up again."""


def restatement_of(statement: Statement, candidates: Sequence[KnownStatement]) -> Match | None:
    """The candidate that says all that the statement says, perhaps in more words; None: none does."""
    return _restatement(statement, candidates, same_text=True)


def _restatement(
    statement: Statement, candidates: Sequence[KnownStatement], *, same_text: bool
) -> Match | None:
    """As `restatement_of`; without `same_text` no normal form is the statement's but for small edits."""
    text, language = statement.full_text, statement.language
    candidates = [candidate for candidate in candidates if candidate.language == language]
    words = _WORDS[language]
    befores, after = [words[candidate.text] for candidate in candidates], words[text]
    unscored = befores
    if not same_text and after.form == statement.normal:
        # What is left are items, whose lead-ins are no part of their normal forms.
        unscored = [
            before
            for before, candidate in zip(befores, candidates, strict=True)
            if before.form != candidate.normal
        ]
    like = {*_covering(befores, after), *_edited_little(unscored, after)}
    if not like:
        return None  # as for most statements, which are spared the slow scores below
    shared = [_words_shared(candidate.normal, statement.normal) for candidate in candidates]
    most = sorted(range(len(candidates)), key=shared.__getitem__, reverse=True)[:_SCORED]
    forms = [candidates[place].normal for place in most]
    likely = process.extract(
        statement.normal, forms, scorer=fuzz.token_set_ratio, limit=_LOOKED_AT, score_cutoff=CLOSE
    )
    for _, _, place in sorted(likely, key=lambda found: (-found[1], found[2])):
        candidate = candidates[most[place]]
        if befores[most[place]] in like and says_the_same(candidate.text, text, language, language):
            score = similarity(candidate.normal, statement.normal)
            return Match(statement=candidate, score=round(score, 1))
    return None


def _words_shared(one: str, other: str) -> int:
    """How many words two normal forms share."""
    return len(set(one.split()).intersection(other.split()))


def says_the_same(old: str, new: str, old_language: str, new_language: str) -> bool:
    """Whether the new text says nothing that the old one does not: the same, reworded, or shorter.

    Words decide, so texts in two languages never say the same; there facts have to tell.
    """
    if old_language != new_language:
        return False
    before, after = _WORDS[old_language][old], _WORDS[new_language][new]
    if before.form == after.form:
        return True
    like = _covering([before], after) or _edited_little([before], after)
    return bool(like) and not _adds(before, after)


def _covering(befores: Sequence[_Words], after: _Words) -> list[_Words]:
    """Those old texts in which nearly all content words of the new one stand."""
    words = [word for word in after.words if word.content]
    telling = [word for word in words if not word.occasion]
    content, needed = {word.stem for word in words}, {word.stem for word in telling}
    heads = _heads(words)
    # No text covers the new one that has not as many of its words' beginnings, counted faster than words.
    missing = int((1 - _REWORDED_WITH_NUMBERS) * len(content) + 1e-6)
    enough = min(heads.bit_count() - missing, _heads(telling).bit_count())
    likely = [before for before in befores if (heads & before.heads).bit_count() >= enough]
    return [before for before in likely if _covers(before, after, content, needed)]


def _covers(before: _Words, after: _Words, content: set[str], needed: set[str]) -> bool:
    """Whether nearly all of `content` stand in the old text; with a number in common, all of `needed`."""
    told = before.content
    covered = 1 - len(content - told) / len(content) if len(content) >= _ENOUGH_WORDS else 0.0
    longer = len(told) > _MUCH_LONGER * len(content)
    if covered >= (_REWORDED_IN_LONG if longer else _REWORDED):
        return True
    if needed <= told or (not longer and covered >= _REWORDED_WITH_NUMBERS):
        # Asked for last, as few texts come so far and to read numbers takes long.
        return not before.numbers.isdisjoint(after.numbers)
    return False


def _edited_little(befores: Sequence[_Words], after: _Words) -> list[_Words]:
    """Those old texts that are the new one but for small edits; the others are not aligned to the end."""
    # A text of small edits shares half of the words, and how words begin is counted faster than letters.
    every, heads = after.every, after.heads
    enough = heads.bit_count() - len(every) // 2
    likely = [before for before in befores if (heads & before.heads).bit_count() >= enough]
    if not likely:
        return []
    forms = [before.form for before in likely]
    found = [
        likely[place]
        for form, others in (
            (after.form, forms),
            (_IN_ORDER[after.form], [_IN_ORDER[form] for form in forms]),
        )
        for _, _, place in process.extract(
            form, others, scorer=fuzz.ratio, limit=None, score_cutoff=_SAME_TEXT
        )
    ]
    return [before for before in found if 2 * len(every & before.every) >= len(every)]


def _adds(before: _Words, after: _Words) -> bool:
    """Whether the new text says more or otherwise; leaving out a number or a name only says less."""
    return any(difference.new for difference in _differences(before, after))


def material_differences(old: str, new: str, language: str) -> tuple[Difference, ...]:
    """What the two texts of one language differ in that no likeness may smooth away.

    Numbers, months and weekdays, negation, names inside a sentence, names in quotation marks, and
    words that exclude each other ("opened", "closed"). Empty: any difference is one of wording.
    """
    return _differences(_WORDS[language][old], _WORDS[language][new])


def content_words(text: str, language: str) -> frozenset[str]:
    """The stems of the words that carry content, without numbers; order and inflection are gone."""
    return _WORDS[language][text].content


def is_occasion(stem: str, language: str) -> bool:
    """Whether any statement about an event may have this word ("will be held", "exercise", "forces")."""
    return stem.startswith(_OCCASIONS[language])


def _differences(before: _Words, after: _Words) -> tuple[Difference, ...]:
    found = [
        Difference(matter=matter, old=tuple(sorted(old)), new=tuple(sorted(new)))
        for matter, old, new in (
            (Matter.NUMBER, before.numbers - after.numbers, after.numbers - before.numbers),
            (Matter.DATE, before.months - after.months, after.months - before.months),
            (Matter.NAME, *_other_names(before, after)),
            (Matter.QUOTED_NAME, before.quoted - after.quoted, after.quoted - before.quoted),
        )
        if old or new
    ]
    if before.denials % 2 != after.denials % 2:
        denials = (f"denied {before.denials} times",), (f"denied {after.denials} times",)
        found.append(Difference(matter=Matter.NEGATION, old=denials[0], new=denials[1]))
    found += _opposites(before.every - after.every, after.every - before.every, after.language)
    return tuple(found)


def _opposites(went: frozenset[str], came: frozenset[str], language: str) -> Iterator[Difference]:
    """Words that went while their opposites came."""
    opposed = _OPPOSED[language]
    old = [word for word in sorted(went) if word.startswith(opposed)]
    new = [word for word in sorted(came) if word.startswith(opposed)]
    if not old or not new:
        return
    for one, other in _OPPOSITES[language]:
        for first, second in ((one, other), (other, one)):
            before = next((word for word in old if word.startswith(first)), None)
            after = next((word for word in new if word.startswith(second)), None)
            if before and after:
                yield Difference(matter=Matter.OPPOSITE, old=(before,), new=(after,))


def _other_names(before: _Words, after: _Words) -> tuple[set[str], set[str]]:
    """The names that only one side has.

    A name that the other side has in part ("Taalatbek Masadykov", "Masadykov") is the same one, unless
    each side has a part that the other lacks ("Minister Ivanov", "Minister Petrov").
    """

    def parts(names: frozenset[tuple[str, ...]], others: frozenset[str], *, whole: bool) -> set[str]:
        return {
            part
            for name in names
            if not whole or not others.intersection(name)
            for part in name
            if part not in others
        }

    gone, come = (
        parts(before.names, after.every, whole=False),
        parts(after.names, before.every, whole=False),
    )
    if gone and come:
        return gone, come
    return (
        parts(before.names, after.every, whole=True),
        parts(after.names, before.every, whole=True),
    )


def _taken_apart(text: str, language: str) -> _Words:
    form = normalise(text)
    words = [word for word in map(_WORD[language].__getitem__, _TOKEN.findall(form)) if not word.number]
    return _Words(text=text, language=language, form=form, words=tuple(words), heads=_heads(words))


def _looked_up(word: str, language: str) -> _Word:
    data = LANGUAGES[language].function_words
    stem = _stem(word, data.endings)
    month = word.startswith(data.months)
    empty = month or word in data.empty or word in data.negations or word.startswith(_SCALES[language])
    return _Word(
        stem=stem,
        number=word[0].isdigit() or word in data.numbers,
        content=not empty,
        occasion=is_occasion(stem, language),
        month=month,
        denies=word in data.negations or word.endswith("n't") or word.startswith(data.denying),
        head=1 << crc32(word[:_HEAD].encode("utf-8", "replace")) % _BITS,
    )


_WORDS = {code: Remembered(partial(_taken_apart, language=code), 32768) for code in LANGUAGES}
"""By language and text, because the same known statements come up for one page after another."""

_WORD = {code: Remembered(partial(_looked_up, language=code), 65536) for code in LANGUAGES}

_HEAD = 3
"""Letters that `_stem` takes from no word."""

_BITS = 509
"""A prime well above the words of a statement, so that two seldom fall on one bit."""


def _heads(words: Iterable[_Word]) -> int:
    """How the words begin, as bits of one number."""
    return reduce(or_, [word.head for word in words], 0)


def _numbers(form: str, data: FunctionWords) -> frozenset[str]:
    """Every number as digits: "1,200", "1 200", "1.2 thousand" and "two" are read, "1,2" is not 12."""
    tokens = _TOKEN.findall(form)
    found = set()
    for place, token in enumerate(tokens):
        if token in data.numbers:
            value = str(data.numbers[token])
        elif token[0].isdigit():
            value = _SEPARATED.sub("", token)
        else:
            continue
        following = tokens[place + 1] if place + 1 < len(tokens) else ""
        scale = next((by for word, by in data.scales.items() if following.startswith(word)), None)
        if scale is not None and _DECIMAL.fullmatch(value):
            value = f"{Fraction(value.replace(',', '.')) * scale}"
        found.add(value)
    return frozenset(found)


_NUMBERS = {
    code: Remembered(partial(_numbers, data=language.function_words), 4096)
    for code, language in LANGUAGES.items()
}
"""By language and normal form."""


def _stem(word: str, endings: frozenset[str]) -> str:
    """A crude stem: enough to see "peacekeepers" in "peacekeeping" and "учения" in "учение"."""
    for length in (4, 3, 2, 1):
        if len(word) >= length + 3 and word[-length:] in endings:
            return word[: min(len(word) - length, _STEM)]
    return word[:_STEM]


_SCALES = {code: tuple(language.function_words.scales) for code, language in LANGUAGES.items()}
_OCCASIONS = {
    code: tuple(stem[:_STEM] for stem in language.function_words.occasions)
    for code, language in LANGUAGES.items()
}
_OPPOSITES = {
    code: tuple((one[:_STEM], other[:_STEM]) for one, other in language.function_words.opposites)
    for code, language in LANGUAGES.items()
}
_OPPOSED = {code: tuple({stem for pair in pairs for stem in pair}) for code, pairs in _OPPOSITES.items()}
