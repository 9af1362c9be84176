"""Words that say nothing by themselves, that turn a statement round, or that belong to the page's frame.

Comparison of statements needs to know which words carry content. Stems are prefixes: a word belongs
to a set of stems where it begins with one of them. All words are in normal form (`diffing.normal`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["FunctionWords"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionWords:
    """The words of one language that decide how much two statements have in common.

    `empty` carry no content; being the commonest, they also tell the language (`diffing.guessing`).
    `negations` deny what they stand in, `denying` are prefixes of words that do ("cancel"); `occasions`
    are stems that any statement about an event shares ("will be held", "exercise"); `months` stems of
    month names; `opposites` pairs of stems that exclude each other. `numbers` are small numbers in
    words, `scales` stems of the words that multiply the number before them, `endings` inflections that
    a stem leaves off. `captions`, `salutations` and `frame` are how captions, greetings and the page's
    own controls begin. `verb_words` and `verb_endings` tell that a sentence has a verb; `not_verbs` are
    stems of nouns that look like one, alone or with one of `noun_endings`; `dash_is_verb`: a dash
    stands for "is".
    """

    empty: frozenset[str]
    negations: frozenset[str] = frozenset()
    denying: tuple[str, ...] = ()
    occasions: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    opposites: tuple[tuple[str, str], ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)
    scales: Mapping[str, int] = field(default_factory=dict)
    endings: frozenset[str] = frozenset()
    captions: tuple[str, ...] = ()
    salutations: tuple[str, ...] = ()
    frame: tuple[str, ...] = ()
    verb_words: frozenset[str]
    verb_endings: tuple[str, ...] = ()
    not_verbs: tuple[str, ...] = ()
    noun_endings: frozenset[str] = frozenset()
    dash_is_verb: bool = False
