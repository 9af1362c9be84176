"""One statement looked up once in every lexicon: words, cues, names of events, places and states."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from diffing.languages import LANGUAGES
from diffing.languages.assertions import AssertionWords, Cue
from diffing.model import Gazetteer, Place
from diffing.phrases import Hit, Phrasebook, Token, fold, tokens_of, words_of

__all__ = ["Alias", "Names", "Reading", "names_of", "read"]

FALLBACK = "en"
"""The language whose cues are used for a language that has none."""


class Alias(NamedTuple):
    """A name of a series. `plain`: an everyday word too; `lower`: names the event without a capital.

    `monthly`: the event's key has the month too. `weak`: the name as it is listed, where an exercise
    of another organiser may have it too; else empty.
    """

    series: str
    plain: bool
    lower: bool
    monthly: bool
    weak: str


class Whose(NamedTuple):
    """An adjective of a state."""

    country: str


class Force(NamedTuple):
    """A name of a force; inside it no word means what it means elsewhere."""

    key: str


@dataclass(frozen=True, slots=True)
class Names:
    """A gazetteer made ready for look-up."""

    series: Phrasebook[Alias] = field(default_factory=Phrasebook)
    places: Phrasebook[Place | Whose | Force] = field(default_factory=Phrasebook)
    organisers: Phrasebook[bool] = field(default_factory=Phrasebook)
    abroad: Phrasebook[str] = field(default_factory=Phrasebook)
    members: set[str] = field(default_factory=set)
    capitals: set[str] = field(default_factory=set)
    states: set[str] = field(default_factory=set)
    plain_forms: set[str] = field(default_factory=set)


_LONGEST_ACRONYM = 4
"""Letters of a short name that capitals alone may mean something else by."""


@dataclass(frozen=True)
class Reading:
    """What the lexicons say of one text. Hits are in text order; offsets are those of `text`.

    Everything is looked up when first asked for: most statements of a page name no event and never are,
    which their words tell before they are made tokens.
    """

    text: str
    folded: str
    language: str
    names: Names

    @property
    def words(self) -> AssertionWords:
        """The words of its language that assert something."""
        return _words_of(self.language)

    @cached_property
    def tokens(self) -> list[Token]:
        """The words and numbers."""
        return tokens_of(self.folded)

    @cached_property
    def aliases(self) -> list[Hit[Alias]]:
        """Names of series."""
        series = self.names.series
        return series.find(self.tokens) if series.may_be_in(words_of(self.folded)) else []

    @cached_property
    def places(self) -> list[Hit[Place | Whose | Force]]:
        """Names of places, states and forces, and adjectives of states."""
        found = self.names.places.find(self.tokens)
        return [hit for hit in found if not self._acronym(hit)]

    @cached_property
    def organisers(self) -> frozenset[bool]:
        """Who is said to hold something: True for who holds the series, False for others."""
        return frozenset(hit.payload for hit in self.names.organisers.find(self.tokens))

    @cached_property
    def abroad(self) -> bool:
        """Whether it speaks of a state or an alliance outside the organisation."""
        found = (self.tokens[hit.first] for hit in self.names.abroad.find(self.tokens))
        return any(
            self.text[token.start].isupper()
            # «польский» has no capital where it stands; «дан» is no Denmark, nor is "polish" Polish.
            or (not token.word.isascii() and len(token.word) > _LONGEST_ACRONYM)
            for token in found
        )

    @cached_property
    def at_home(self) -> bool:
        """Whether it speaks of the organisation: of itself, a force or a state of it."""
        return True in self.organisers or any(
            isinstance(hit.payload, Force) or hit.payload.country in self.names.members for hit in self.places
        )

    def _acronym(self, hit: Hit[Place | Whose | Force]) -> bool:
        """True for capitals that only spell a place's name: «в ОШ ОДКБ» is no town."""
        token = self.tokens[hit.first]
        if hit.last - hit.first > 1 or token.end - token.start > _LONGEST_ACRONYM:
            return False
        shouted = self.text[token.start : token.end].isupper()
        return shouted and token.word not in self.names.capitals and not self.text.isupper()

    def names_itself(self, hit: Hit[Place | Whose | Force]) -> bool:
        """True for a state's name in the form that the gazetteer has, in which it is who does something."""
        return self.folded[self.tokens[hit.first].start : self.tokens[hit.last - 1].end] in self.names.states

    @cached_property
    def cues(self) -> list[Hit[Cue]]:
        """What the other words do, those inside a longer name left out."""
        return _outside(cues_of(self.language).find(self.tokens), self.aliases, self.places)

    @cached_property
    def exercise(self) -> frozenset[int]:
        """The tokens that say "exercise", as a noun or as what was spoken of before."""
        return frozenset(
            place
            for cue in self.cues
            if cue.payload in (Cue.EXERCISE, Cue.ANAPHOR)
            for place in range(cue.first, cue.last)
        )


# Compiled gazetteers by identity, each kept with its gazetteer so that an identity cannot come back
# for another one. A process uses one or two; tests make many, hence the bound.
_COMPILED: dict[int, tuple[Gazetteer, Names]] = {}
_COMPILED_BOUND = 16


def names_of(gazetteer: Gazetteer) -> Names:
    """The gazetteer made ready, once for each value."""
    kept = _COMPILED.get(id(gazetteer))
    if kept:
        return kept[1]
    names = Names()
    for series in gazetteer.series:
        plain = {fold(word) for word in series.plain_words}
        lower = {fold(alias) for alias in series.aliases if alias == alias.lower() and " " in alias}
        weak = {fold(alias): alias for alias in series.weak}
        spelled = series.aliases if series.monthly else (series.name, *series.aliases)
        for alias in dict.fromkeys(map(fold, spelled)):
            names.plain_forms.add(tokens_of(alias)[0].word)
            names.series.add(
                [alias],
                Alias(series.name, alias in plain, alias in lower, series.monthly, weak.get(alias, "")),
            )
    for country, words in gazetteer.states.items():
        names.places.add(words, Place(country=country))
        names.states.update(map(fold, words))
    for ground in gazetteer.grounds:
        names.places.add((ground.name, *ground.aliases), Place(country=ground.country, name=ground.name))
    for country, words in gazetteer.adjectives.items():
        names.places.add(words, Whose(country))
    for key, words in gazetteer.forces.items():
        names.places.add(words, Force(key))
    names.organisers.add(gazetteer.ours, True)
    names.organisers.add(gazetteer.others, False)
    names.members.update(gazetteer.members)
    for country in gazetteer.states if gazetteer.members else ():
        if country not in names.members:
            foreign = (*gazetteer.states[country], *gazetteer.adjectives.get(country, ()))
            names.abroad.add(foreign, country)
    names.abroad.add(gazetteer.abroad, "")
    for words in (*gazetteer.states.values(), *gazetteer.forces.values()):
        names.capitals.update(fold(word) for word in words if word.isupper())
    if len(_COMPILED) >= _COMPILED_BOUND:
        _COMPILED.pop(next(iter(_COMPILED)))
    _COMPILED[id(gazetteer)] = (gazetteer, names)
    return names


def _words_of(language: str) -> AssertionWords:
    return LANGUAGES.get(language, LANGUAGES[FALLBACK]).assertions


@lru_cache(maxsize=8)
def cues_of(language: str) -> Phrasebook[Cue]:
    """The cues of a language as a phrasebook; those of English for a language that is not known."""
    book: Phrasebook[Cue] = Phrasebook()
    for cue, phrases in _words_of(language).cues.items():
        book.add(phrases, cue)
    return book


def read(text: str, language: str, gazetteer: Gazetteer) -> Reading:
    """The text, to be looked up in every lexicon."""
    return Reading(text, fold(text), language, names_of(gazetteer))


def _outside(
    cues: list[Hit[Cue]], aliases: list[Hit[Alias]], places: list[Hit[Place | Whose | Force]]
) -> list[Hit[Cue]]:
    """The cues that are not themselves part of a longer name ("command-staff training" of a series)."""
    covered: set[int] = set()
    for alias in aliases:
        if alias.last - alias.first > 1:
            covered.update(range(alias.first, alias.last))
    for place in places:
        if isinstance(place.payload, Force):
            covered.update(range(place.first, place.last))
    if not covered:
        return cues
    return [cue for cue in cues if cue.first not in covered]
