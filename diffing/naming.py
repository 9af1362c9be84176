"""Which events a text names: one key for an event in every language, case form and translation."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from diffing.languages import LANGUAGES
from diffing.languages.assertions import Cue
from diffing.model import Gazetteer
from diffing.phrases import Hit, Token
from diffing.reading import FALLBACK, Alias, Force, Reading, read

__all__ = ["OURS", "EventMention", "Holders", "Naming", "events_named", "holders_of", "mentions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMention:
    """An event named in a text: its key, and the words from `start` to `end` that name it.

    `meeting`: it is a meeting of a council, of which a text speaks mostly as the frame of something else.
    """

    event: str
    start: int
    end: int
    text: str
    meeting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Holders:
    """Whose exercises a text speaks of, where names of series may be others' too.

    `by_others`: a weak name (“Border-2027” of border guards) names an event of another organiser here.
    `elsewhere`: so far as names that are everyday words too go, the text does not speak of the
    organisation's events at all; with such names it names no event.
    """

    by_others: bool = False
    elsewhere: bool = False


OURS = Holders()
"""What most texts speak of: exercises of the organisation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What the text around a statement says of editions that it leaves out.

    `year` is that of the section or lead-in (None: none is said), `editions` the edition of each
    series named earlier in the text, `holders` whose the names are that others use too.
    """

    year: int | None = None
    editions: Mapping[str, str] | None = None
    holders: Holders = OURS


def events_named(
    text: str, said_on: dt.date, gazetteer: Gazetteer, language: str
) -> tuple[EventMention, ...]:
    """The events that a text names, in text order, keyed by canonical name and edition.

    An edition that the name leaves out is taken from its list, from the year of the text, or from
    `said_on`. Everyday words count only where they are used as names.
    """
    reading = read(text, language, gazetteer)
    return mentions(reading, said_on, Naming(holders=holders_of([reading])))


def holders_of(text: Sequence[Reading]) -> Holders:
    """Whose the weak and everyday names of series in this text (title and statements) are.

    A bare name is the organisation's: what is watched are its pages. A weak name is another organiser's
    where one stands in a statement with it, or anywhere in a text that does not name the organisation,
    unless the text also has a name that is the series' alone, or a force of the organisation. An everyday
    name is one from elsewhere where a state or alliance outside stands in a statement with it, and the
    text speaks neither of the organisation nor of a state of it.
    """
    named = [reading for reading in text if any(_is_everyday_name(reading, hit) for hit in reading.aliases)]
    if not named:
        return OURS
    foreign = any(reading.abroad and not _tells_who_comes(reading) for reading in named)
    elsewhere = foreign and not (any(reading.at_home for reading in text) or _named_alone(text, weak=False))
    return Holders(by_others=_held_by_others(text), elsewhere=elsewhere)


def _tells_who_comes(reading: Reading) -> bool:
    """True where a foreign state may be a guest: "Uzbekistan joins the participants of X"."""
    return any(cue.payload in _COMING for cue in reading.cues)


_COMING = frozenset({Cue.PARTICIPATION, Cue.JOINING, Cue.LEAVING})


def _held_by_others(text: Sequence[Reading]) -> bool:
    weak = [reading for reading in text if any(_is_weak_name(reading, hit) for hit in reading.aliases)]
    if not weak or _named_alone(text, weak=True):
        return False
    if any(isinstance(hit.payload, Force) for reading in text for hit in reading.places):
        return False
    if any(False in reading.organisers for reading in weak):
        return True
    named = {ours for reading in text for ours in reading.organisers}
    return named == {False}


def _named_alone(text: Sequence[Reading], *, weak: bool) -> bool:
    """Whether a series stands there by a name that is its alone too; `weak`: else by a weak one only."""
    aliases = [hit.payload for reading in text for hit in reading.aliases]
    meant = {alias.series for alias in aliases if alias.weak or (alias.plain and not weak)}
    return any(alias.series in meant and not alias.weak and (weak or not alias.plain) for alias in aliases)


def _is_everyday_name(reading: Reading, hit: Hit[Alias]) -> bool:
    everyday = hit.payload.plain or hit.payload.weak
    return bool(everyday) and reading.text[reading.tokens[hit.first].start].isupper()


def _is_weak_name(reading: Reading, hit: Hit[Alias]) -> bool:
    """Whether a weak name stands there as a name: "cooperation" and "border" are words of any page."""
    return bool(hit.payload.weak) and reading.text[reading.tokens[hit.first].start].isupper()


# What may stand between a name and its edition: closing quotation mark, dash, spaces.
_EDITION = re.compile(r"[\"']?\s{0,2}(?P<dash>-?)\s{0,2}[\"']?(?P<year>20\d\d)(?![\d.,]?\d)(?!-\d)")
# What stands in every text with a name that nobody listed; most texts have none.
_UNKNOWN = re.compile(r"-\s{0,2}[\"']?20\d\d")
_LONGEST_UNKNOWN = 4
"""Words that an unknown name may have before its edition; real names have one to three."""

_LIST_REACH = 8
"""Words between two names of one list ("Search" and the special training "Echelon-2025")."""


@dataclass(slots=True)
class _Named:
    """A mention while it is being read; tokens `first` to `last`, `edition` None while it is open."""

    series: str
    first: int
    last: int
    end: int
    edition: str | None
    monthly: bool = False


def mentions(reading: Reading, said_on: dt.date, naming: Naming) -> tuple[EventMention, ...]:
    """As `events_named`, for a text that was read, in the context of the text around it."""
    named = _known(reading, naming.holders)
    if _UNKNOWN.search(reading.folded):
        named += _unknown(reading, named)
    named = [name for name in named if name.series]
    if not named:
        return ()
    named.sort(key=lambda name: name.first)
    named = _without_descriptions(reading, named)
    _share_editions(reading, named)
    years = _Years(reading, said_on)
    months: _Months | None = None
    found = []
    for name in named:
        edition = name.edition or years.edition_of(name, naming)
        series = name.series
        if name.monthly:
            months = months or _Months(reading)
            month = months.of(name)
            if month is None:
                continue
            series, edition = month[0], month[1] or edition
        start = reading.tokens[name.first].start
        found.append(
            EventMention(
                event=f"{series}-{edition}",
                start=start,
                end=name.end,
                text=reading.text[start : name.end],
                meeting=name.monthly,
            )
        )
    return tuple(found)


def _known(reading: Reading, holders: Holders) -> list[_Named]:
    if not reading.aliases:
        return []
    tokens = reading.tokens
    found: list[_Named | None] = []
    for first, last, alias in reading.aliases:
        edition = _EDITION.match(reading.folded, tokens[last - 1].end)
        if edition and not (edition["dash"] or _capital(reading, first)):
            edition = None
        if not edition and not _is_name(reading, first, last, alias):
            found.append(None)
            continue
        end = edition.end() if edition else tokens[last - 1].end
        if edition and edition.group().endswith(("'", '"')):
            end -= 1
        year = edition["year"] if edition else None
        if holders.by_others and alias.weak:
            series = _canonical(alias.weak)
        elif holders.elsewhere and (alias.plain or alias.weak):
            series = ""  # an event of somebody else's, under the key of one of ours
        else:
            series = alias.series
        found.append(_Named(series, first, last, end, year, alias.monthly))
    return _with_neighbours(reading, found)


def _with_neighbours(reading: Reading, found: list[_Named | None]) -> list[_Named]:
    """Everyday words are names too where they stand in a list with a name: “Search, Echelon and …”."""
    tokens = reading.tokens
    for place in range(len(found) - 2, -1, -1):
        following = found[place + 1]
        first, last, alias = reading.aliases[place]
        if found[place] is None and following is not None and _capital(reading, first):
            between = reading.folded[tokens[last - 1].end : tokens[following.first].start]
            between = between.strip(" \"'")
            if between in _LIST_MARKS or between.removeprefix(",").strip() in reading.words.joins:
                found[place] = _Named(alias.series, first, last, tokens[last - 1].end, None)
    return [name for name in found if name is not None]


_LIST_MARKS = frozenset({",", "/"})


class _Months:
    """The months that a text names, looked up once for all meetings that it names."""

    def __init__(self, reading: Reading) -> None:
        self._tokens = tokens = reading.tokens
        self._months = LANGUAGES.get(reading.language, LANGUAGES[FALLBACK]).dates.months
        self._places = [
            place
            for place, token in enumerate(tokens)
            if token.word in self._months
            and (_beside_month(tokens, place - 1) or _beside_month(tokens, place + 1))
        ]

    def of(self, name: _Named) -> tuple[str, str | None] | None:
        """The series with the month that stands nearest to its name, and the year right after that month.

        A council meets several times a year: without the month two of its meetings would be one event.
        None: the text names no month.
        """
        after = bisect_left(self._places, name.first)
        near = self._places[max(after - 1, 0) : after + 1]
        if not near:
            return None
        place = min(near, key=lambda place: abs(place - name.first))
        month = self._months[self._tokens[place].word]
        names = LANGUAGES[FALLBACK].dates.months
        series = f"{name.series} {next(word for word in names if names[word] == month).capitalize()}"
        following = self._tokens[place + 1] if place + 1 < len(self._tokens) else None
        return series, following.word if following and _is_year(following) else None


def _beside_month(tokens: list[Token], place: int) -> bool:
    """True where the word makes a month of the name beside it, which may be a verb or a first name too."""
    return 0 <= place < len(tokens) and (tokens[place].word.isdigit() or tokens[place].word in _BEFORE_MONTH)


_BEFORE_MONTH = frozenset({"in", "for", "of", "this", "next", "last", "early", "mid", "late", "в", "на"})
"""Words beside a month's name that make it one, not a verb or a first name."""


def _capital(reading: Reading, first: int) -> bool:
    letter = reading.text[reading.tokens[first].start]
    return letter.isupper() or letter.lower() == letter.upper()


def _is_name(reading: Reading, first: int, last: int, alias: Alias) -> bool:
    if _quoted(reading, first, last):
        return True
    if alias.lower:
        return True
    if not _capital(reading, first):
        return False
    if not alias.plain:
        return True
    tokens, exercise = reading.tokens, reading.exercise
    if first - 1 in exercise and tokens[first].glued:
        return True
    return first > 0 and last in exercise and tokens[last].glued


def _quoted(reading: Reading, first: int, last: int) -> bool:
    """True where quotation marks close around the name alone, or around a list that it belongs to."""
    folded, tokens = reading.folded, reading.tokens
    start, end = tokens[first].start, tokens[last - 1].end
    opens = start > 0 and folded[start - 1] == '"'
    edition = _EDITION.match(folded, end)
    closes = folded[end : end + 1] == '"' or (
        edition is not None and folded[edition.end() - 1 : edition.end() + 1].endswith('"')
    )
    return opens and (closes or folded[end : end + 2] in (", ", ",\n"))


def _unknown(reading: Reading, named: list[_Named]) -> list[_Named]:
    """Names that nobody listed: “Something-2026”, Something-2026."""
    tokens, folded = reading.tokens, reading.folded
    taken = {place for name in named for place in range(name.first, name.last + 1)}
    no_names: set[int] | None = None
    found = []
    for place, token in enumerate(tokens):
        if not _is_year(token) or not place or place in taken or place - 1 in taken:
            continue
        if not _EDITION.fullmatch(folded, tokens[place - 1].end, token.end):
            continue
        between = folded[tokens[place - 1].end : token.start]
        if "-" not in between or _EDITION.match(folded, tokens[place - 1].end) is None:
            continue
        if no_names is None:
            no_names = {cue.first for cue in reading.cues if cue.payload is Cue.NO_NAME}
        first = _beginning(reading, place, between, taken)
        if first is None or first in no_names or place - 1 in no_names:
            continue
        words = reading.text[tokens[first].start : tokens[place - 1].end]
        found.append(_Named(_canonical(words), first, place + 1, token.end, token.word))
    return found


def _is_year(token: Token) -> bool:
    return len(token.word) == 4 and token.word.isascii() and token.word.isdigit() and token.word[:2] == "20"


def _beginning(reading: Reading, year: int, between: str, taken: set[int]) -> int | None:
    """The first word of the unknown name that ends before the year; None: it is none."""
    tokens, folded = reading.tokens, reading.folded
    lowest = max(0, year - _LONGEST_UNKNOWN)
    for first in range(year - 1, lowest - 1, -1):
        if first in taken or tokens[first].word.isdigit():
            return None
        if tokens[first].start and folded[tokens[first].start - 1] == '"':
            return first if _capital(reading, first) else None
        if not tokens[first].glued:
            break
    if between != "-":
        return None
    first = year - 1
    if not _proper(reading, first):
        return None
    while (
        first - 1 >= lowest and tokens[first].glued and _proper(reading, first - 1) and first - 1 not in taken
    ):
        first -= 1
    sentence_start = first == 0 and year - first > 1
    return first + 1 if sentence_start and tokens[0].word in {"the", "a", "an"} else first


def _proper(reading: Reading, place: int) -> bool:
    word = reading.text[reading.tokens[place].start : reading.tokens[place].end]
    return (
        len(word) > 1 and word[0].isupper() and not word.isdigit() and not (word.isupper() and len(word) < 6)
    )


_LATIN = {
    **dict(zip("абвгдезийклмнопрстуфыэёіў", "abvgdeziyklmnoprstufyeeiw", strict=True)),
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ю": "yu",
    "я": "ya",
    "ь": "",
    "ъ": "",
}
"""Russian letters in the Latin spelling that agencies use for names; one key for both spellings."""


def _canonical(words: str) -> str:
    """A name in Latin letters, each word in its usual case when the text shouts.

    >>> _canonical("STEPPE SHIELD"), _canonical("Гром"), _canonical("Степной щит")
    ('Steppe Shield', 'Grom', 'Stepnoy Shchit')
    """
    return " ".join(map(_in_latin, re.split(r"\s+", words)))


def _in_latin(word: str) -> str:
    spelled = "".join(_LATIN.get(letter, letter) for letter in word.lower())
    shouts = word.isupper() and len(word) > 1
    if spelled != word.lower() or shouts:
        return spelled.capitalize()
    return word


def _without_descriptions(reading: Reading, named: list[_Named]) -> list[_Named]:
    """A description ("the strategic command-staff training") gives way to the name that follows it."""
    kept = []
    for place, name in enumerate(named):
        following = named[place + 1] if place + 1 < len(named) else None
        described = (
            name.edition is None
            and name.last - name.first > 2
            and following is not None
            and following.first == name.last
            and reading.folded[
                reading.tokens[name.last - 1].end : reading.tokens[following.first].start
            ].strip()
            in ("", '"')
        )
        if not described:
            kept.append(name)
    return kept


def _share_editions(reading: Reading, named: list[_Named]) -> None:
    """In a list the last name carries the edition of all: «Взаимодействие», «Поиск» и «Эшелон – 2025»."""
    if all(name.edition for name in named):
        return
    verbs = {cue.first for cue in reading.cues if cue.payload not in _NO_VERBS}
    for place in range(len(named) - 2, -1, -1):
        name, following = named[place], named[place + 1]
        if name.edition or following.first - name.last > _LIST_REACH:
            continue
        between = reading.folded[name.end : reading.tokens[following.first].start]
        if (
            following.edition
            and name.series != following.series
            and not any(mark in between for mark in ";:.")
            and verbs.isdisjoint(range(name.last, following.first))
        ):
            name.edition = following.edition


_NO_VERBS = frozenset(
    {
        Cue.EXERCISE,
        Cue.ANAPHOR,
        Cue.AND,
        Cue.FROM,
        Cue.IN,
        Cue.TO,
        Cue.YEAR,
        Cue.OBLIQUE,
        Cue.CONTRAST,
        Cue.NO_NAME,
    }
)


_YEARS = {Cue.LAST_YEAR: -1, Cue.THIS_YEAR: 0, Cue.NEXT_YEAR: 1}


_BEFORE_NAME = 4
"""Words between "last year's" and the name whose edition it gives."""


class _Years:
    """The years that a text speaks of, asked for once by each name without an edition."""

    def __init__(self, reading: Reading, said_on: dt.date) -> None:
        self._reading = reading
        self._said_on = said_on

    @cached_property
    def _relative(self) -> dict[int, int]:
        """The year of each "last year", by the token after it."""
        return {
            cue.last: self._said_on.year + _YEARS[cue.payload]
            for cue in self._reading.cues
            if cue.payload in _YEARS
        }

    @cached_property
    def _said(self) -> set[str]:
        return _years_said(self._reading)

    def edition_of(self, name: _Named, naming: Naming) -> str:
        """The edition of a name that has none of its own: from its words, its text, or the day."""
        for last in range(name.first, max(name.first - _BEFORE_NAME, 1) - 1, -1):
            if last in self._relative:
                return str(self._relative[last])
        if len(self._said) == 1:
            return next(iter(self._said))
        spoken = set(self._relative.values())
        if not self._said and len(spoken) == 1:
            return str(next(iter(spoken)))
        if not self._said and naming.editions and name.series in naming.editions:
            return naming.editions[name.series]
        return str(naming.year or self._said_on.year)


def _years_said(reading: Reading) -> set[str]:
    """Years that the text itself says, numbers of editions left out."""
    tokens = reading.tokens
    marks = {cue.first for cue in reading.cues if cue.payload is Cue.YEAR} | {
        cue.last - 1 for cue in reading.cues if cue.payload is Cue.YEAR
    }
    return {
        token.word
        for place, token in enumerate(tokens)
        if _is_year(token) and (place - 1 in marks or place + 1 in marks or _after_month(tokens, place))
    }


def _after_month(tokens: list[Token], place: int) -> bool:
    """A year that follows a word in a date: "September 2026", "20 September, 2026"."""
    return (
        place > 0
        and not tokens[place - 1].word.isdigit()
        and tokens[place - 1].word.isalpha()
        and tokens[place].glued
    )
