"""What a sentence splitter must know of a language."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SentenceWords", "words"]


def words(text: str) -> frozenset[str]:
    """The words of a text that white space separates, as data files list them."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceWords:
    """Abbreviations by what may follow their point, and words that give a beginning away.

    All casefolded, abbreviations without their last point. A capital letter (or digit) after the
    point of one of

    - `leading`: belongs to it, always: a title, a rank, "see";
    - `numbering`: a number belongs to it ("No. 5"), a word begins a sentence;
    - `closing`: begins a sentence ("etc. The"); where it also leads or numbers, only after a number
      or one of the `conjunctions` ("5 см. В", "и др. В", but "см. Приложение");
    - `joining`: begins a sentence only where the word is an `opener` ("the U.S. It");
    - `yearly`: goes on after a number where the sentence has no verb yet; without a number it leads.

    `openers` open sentences and are no names; `speech` are the verbs after a quoted question or
    exclamation; `verb_ends` are endings of words of four letters or more that tell a verb, except
    those in `not_verbs`; `surname_ends` endings of surnames; `digraphs` initials of two letters;
    `binding` words end no sentence and no heading: articles, prepositions, conjunctions;
    `ordinal_points`: a number of one or two digits with a point is an ordinal ("17. September").
    """

    leading: frozenset[str] = frozenset()
    numbering: frozenset[str] = frozenset()
    closing: frozenset[str] = frozenset()
    conjunctions: tuple[str, ...] = ()
    joining: frozenset[str] = frozenset()
    yearly: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()
    speech: frozenset[str] = frozenset()
    verb_ends: tuple[str, ...] = ()
    not_verbs: frozenset[str] = frozenset()
    surname_ends: tuple[str, ...] = ()
    digraphs: frozenset[str] = frozenset()
    binding: frozenset[str] = frozenset()
    ordinal_points: bool = False
