"""What a sentence splitter must know of a language."""

from __future__ import annotations

from dataclasses import dataclass, field

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
    - `titles`: belongs to it, unless it is one of the `determiners` ("Gen. Ivanov", "a Lt. Gen. The");
    - `homographs`: belongs to it where it is an initial or a surname: what they shorten is rarer than the
      whole word ("полк. Иванов", but "прибыл полк. Командир");
    - `numbering`: a number belongs to it ("No. 5"), a word begins a sentence;
    - `closing`: begins a sentence ("etc. The"); where it also leads or numbers, only after a number
      or one of the `conjunctions` ("5 см. В", "и др. В", but "см. Приложение");
    - `joining`: begins a sentence only where the word is an `opener` or one of the `names` of states and
      the like ("the U.S. It", "the U.S. Russia", but "the U.S. Army"), and after a comma for one of
      `regions` ("from Norfolk, Va. Crews", but "the Va. Guard");
    - `yearly`: goes on after a number where the sentence has no verb yet; without a number it leads, unless
      it has a point within ("с.г").

    After a number, one of `hours` (also `closing`) goes on before one of `after_hours` and before what has
    `hour_noun` behind it ("10 a.m. Friday", "10 a.m. Moscow time"), one of `compound` before a number
    ("5 hrs. 30 min.").

    `openers` open sentences and are no names; `speech` are the verbs after a quoted question or
    exclamation, unless one of `objects` is what they say ("This he said twice"); `verb_ends` are
    endings of words of four letters or more that tell a verb, except those in `not_verbs`; `posts` are
    words with a capital letter between a verb and the initials of who holds the post, and no surnames;
    `short_names` of two letters are whole names, not beginnings of one; a company's `suffixes` stay
    together and with the `offices` of those who run it ("Corp. Vice President");
    `surname_ends` endings of surnames; `digraphs` initials of two letters; a single letter after one
    of `lettered` is no initial ("Group A. Command");
    `binding` words end no sentence and no heading: articles, prepositions, conjunctions;
    `ordinal_points`: a number of one or two digits with a point is an ordinal ("17. September").
    """

    leading: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    determiners: frozenset[str] = frozenset()
    homographs: frozenset[str] = frozenset()
    numbering: frozenset[str] = frozenset()
    closing: frozenset[str] = frozenset()
    conjunctions: tuple[str, ...] = ()
    joining: frozenset[str] = frozenset()
    yearly: frozenset[str] = frozenset()
    hours: frozenset[str] = frozenset()
    after_hours: frozenset[str] = frozenset()
    hour_noun: str = ""
    compound: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    speech: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    verb_ends: tuple[str, ...] = ()
    not_verbs: frozenset[str] = frozenset()
    posts: frozenset[str] = frozenset()
    short_names: frozenset[str] = frozenset()
    suffixes: frozenset[str] = frozenset()
    offices: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    surname_ends: tuple[str, ...] = ()
    digraphs: frozenset[str] = frozenset()
    lettered: frozenset[str] = frozenset()
    binding: frozenset[str] = frozenset()
    ordinal_points: bool = False
    abbreviations: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        kinds = (
            self.leading,
            self.titles,
            self.homographs,
            self.numbering,
            self.closing,
            self.joining,
        )
        object.__setattr__(self, "abbreviations", frozenset().union(*kinds))
