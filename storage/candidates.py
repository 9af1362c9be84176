"""The index of words by which statements close to a new one are found: kept, made anew, asked."""

from __future__ import annotations

import json
import math
from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from storage.connection import Connection
from storage.rows import json_text, text_key
from storage.terms import TERMS, Terms, pairs_of, sketch, terms_of, words_of

__all__ = [
    "candidate_of",
    "expect_candidate",
    "hold_candidates",
    "index_candidate",
    "likely",
    "make_candidates_anew",
    "tidy_candidates",
    "write_candidates",
]

# What is read of the index for one statement, at half a microsecond a row. Set by `python -m
# bench.candidates` at a million statements with near twins: half of any of these loses finds (up to one in
# four hundred), twice as much finds no more.
_RARE = 200  # statements of a word that is read alone (no more than of a pair),
_RARE_ALL = 400  # and of all such words together
_ASKED = 8  # known words whose pairs are read: two more than are indexed, as an edit puts in words
_PAIR = 300  # statements of a pair, the oldest,
_PAIRS_ALL = 3000  # and of all pairs together

# A term of so few statements may find one alone; of commoner terms two have to.
_TELLING = 10

# Who shares less than this of what the first one shares is not worth fetching, but for so many anyway: that
# spares most statements five of six fetches. 0.33 loses one find in three hundred.
_FAR_BEHIND = 0.2
_ANYWAY = 25

# Pages of 4 KB that one tidying merges: 25 ms after a run of fifty pages, and few segments to ask.
_TIDIED = 500

# Statements whose words are counted in memory before they are written, when the index is made anew.
_COUNTED = 20_000

# So many statements wait to be written into the index together, as each transaction that writes into it
# leaves a segment, and a question asks them all. Of more the page that has them written takes longer.
_WAITING = 300

# What is remembered of the index, each some 10 MB at most: statements under the terms asked for, and counts.
_REMEMBERED = 200_000
_COUNTS_REMEMBERED = 50_000

# Terms that are read of the index in one question: a question costs as much as two terms, and what it
# reads beyond `_PAIRS_ALL` is read in vain.
_READ_AT_ONCE = 10


class _Recent:
    """What is in memory of the index: what waits to be written into it, and what was asked of it lately."""

    def __init__(self) -> None:
        self.loaded = False
        self.all_wait = False
        self.waiting: dict[int, str] = {}
        self.waiting_words: Counter[str] = Counter()
        self.waiting_under: defaultdict[str, list[int]] = defaultdict(list)
        self.counts: dict[str, int] = {}
        self.under: dict[str, list[int]] = {}
        self.remembered = 0

    def wait(self, statement: int, normal: str) -> None:
        """Takes up a statement that is not in the index yet, and will be written into it."""
        terms = TERMS[normal]
        self.waiting[statement] = terms.text
        self.take_up(statement, terms)

    def take_up(self, statement: int, terms: Terms) -> None:
        """Has a statement that is not in the index found as if it were."""
        each = terms.each()
        # The empty word counts the statements.
        words = ["", *each[: terms.counted]]
        self.waiting_words.update(words)
        for term in each:
            self.waiting_under[term].append(statement)
        for word in words if self.counts else ():
            if word in self.counts:
                self.counts[word] += 1
        for term in each if self.under else ():
            if (known := self.under.get(term)) is not None:
                insort(known, statement)
                del known[_PAIR:]

    def written(self) -> None:
        """All that waited is in the index now."""
        self.waiting.clear()
        self.waiting_words.clear()
        self.waiting_under.clear()
        self.all_wait = False

    def remember(self, term: str, statements: list[int]) -> None:
        """Keeps the first statements under a term, those that wait among them."""
        if self.remembered > _REMEMBERED:
            self.under.clear()
            self.remembered = 0
        if term in self.waiting_under:
            statements = sorted({*statements, *self.waiting_under[term]})[:_PAIR]
        self.under[term] = statements
        self.remembered += 1 + len(statements)


def _recent(connection: Connection) -> _Recent:
    recent = connection.remembered(_Recent)
    if not recent.loaded:
        recent.loaded = True
        recent.all_wait = connection.one("SELECT 1 FROM words LIMIT 1") is None
        for statement, normal in connection.rows(
            "SELECT s.id, s.normal FROM candidates_waiting w JOIN statements s ON s.id = w.statement"
        ):
            recent.wait(statement, normal)
    return recent


def index_candidate(connection: Connection, statement: int, normal: str) -> int:
    """Makes a known statement findable by its words; one is enough for each normal form. Which one it is."""
    found = candidate_of(connection, normal)
    if found is not None:
        return found
    recent = _recent(connection)
    connection.run("UPDATE statements SET candidate = 1 WHERE id = ?", (statement,))
    connection.run("INSERT INTO candidates_waiting (statement) VALUES (?)", (statement,))
    recent.wait(statement, normal)
    if len(recent.waiting) >= _WAITING:
        write_candidates(connection)
    return statement


def candidate_of(connection: Connection, normal: str) -> int | None:
    """The recorded statement by which those of this normal form are found; None: none of them is known."""
    found: int | None = connection.value(
        "SELECT id FROM statements WHERE normal_key = ? AND candidate = 1 AND normal = ?",
        (text_key(normal), normal),
    )
    return found


def hold_candidates(connection: Connection, statements: Iterable[tuple[int, str]]) -> None:
    """Has all candidates, given by ascending ids with their normal forms, found in memory alone."""
    recent = connection.remembered(_Recent)
    recent.loaded = recent.all_wait = True
    for statement, normal in statements:
        recent.take_up(statement, terms_of(normal))


def expect_candidate(connection: Connection, statement: int, terms: Terms) -> None:
    """Makes a statement findable, by this connection alone, before it is recorded under that id."""
    _recent(connection).take_up(statement, terms)


def write_candidates(connection: Connection) -> None:
    """Writes into the index what waits for it; what is found stays the same. Call it in a unit of work."""
    recent = _recent(connection)
    if not recent.waiting:
        return
    connection.many(
        "INSERT INTO candidate_index (rowid, terms) VALUES (?, ?)",
        sorted(recent.waiting.items()),
    )
    _count(connection, recent.waiting_words)
    connection.run("DELETE FROM candidates_waiting")
    recent.written()


def make_candidates_anew(connection: Connection) -> None:
    """Makes the index from the statements that are known, in memory that does not grow with them."""
    connection.run("INSERT INTO candidate_index (candidate_index) VALUES ('delete-all')")
    connection.run("DELETE FROM words")
    connection.run("DELETE FROM candidates_waiting")
    connection.forget()
    connection.run(
        "UPDATE statements SET candidate = NOT candidate WHERE candidate <> ("
        "EXISTS (SELECT 1 FROM known k WHERE k.statement_id = statements.id) AND NOT EXISTS ("
        "SELECT 1 FROM statements e JOIN known k ON k.statement_id = e.id WHERE e.id < statements.id "
        "AND e.normal_key = statements.normal_key AND e.normal = statements.normal))"
    )
    counts: Counter[str] = Counter()

    def indexed() -> Iterator[tuple[int, str]]:
        rows = connection.each("SELECT id, normal FROM statements WHERE candidate = 1 ORDER BY id")
        for number, (statement, normal) in enumerate(rows, 1):
            terms = terms_of(normal)
            counts.update(terms.each()[: terms.counted])
            counts[""] += 1
            if number % _COUNTED == 0:
                _count(connection, counts)
                counts.clear()
            yield statement, terms.text

    connection.many("INSERT INTO candidate_index (rowid, terms) VALUES (?, ?)", indexed())
    _count(connection, counts)
    connection.run("INSERT INTO candidate_index (candidate_index) VALUES ('optimize')")


def tidy_candidates(connection: Connection) -> None:
    """Writes what waits, and merges the parts of the index; a query asks each of them, so few are fast."""
    write_candidates(connection)
    connection.run("INSERT INTO candidate_index (candidate_index, rank) VALUES ('merge', ?)", (_TIDIED,))


def likely(connection: Connection, normal: str, most: int) -> list[int]:
    """The statements that share most with this one, at most so many, best first; of equals the older.

    What is shared are rare words, and pairs of the words in both sketches, weighted by rarity.
    """
    recent = _recent(connection)
    frequency = _counts(connection, recent, {"", *words_of(normal)})
    total = frequency.pop("", 0)
    ordered = sorted(frequency)
    telling = []
    left = _RARE_ALL
    # Sorting keeps the order of equals, here and below.
    for word in sorted(ordered, key=frequency.__getitem__):
        left -= frequency[word]
        if frequency[word] > _RARE or left < 0:
            break
        telling.append(word)
    lists = _statements_under(connection, recent, telling)
    sketched = sketch(ordered, _ASKED)
    read = set(telling)
    # Who has both words of a pair was found by each of them already.
    pairs = [
        pair
        for pair, both in zip(pairs_of(sketched), combinations(sketched, 2), strict=True)
        if not read.issuperset(both)
    ]
    left = _PAIRS_ALL
    for start in range(0, len(pairs), _READ_AT_ONCE):
        for found in _statements_under(connection, recent, pairs[start : start + _READ_AT_ONCE]):
            if left > 0:
                lists.append(found)
                left -= len(found)
        if left <= 0:
            break
    return _heaviest(lists, total, most)


def _heaviest(lists: Collection[list[int]], total: int, most: int) -> list[int]:
    """The statements that are in most lists, the shorter the list the more it counts."""
    weights: dict[int, float] = {}
    again: list[int] = []
    for found in lists:
        weight = math.log(1 + total / len(found))
        for statement in found:
            if statement in weights:
                weights[statement] += weight
                again.append(statement)
            else:
                weights[statement] = weight
    chosen = set(again).union(*[found for found in lists if len(found) <= _TELLING])
    if len(chosen) >= most:
        weights = {statement: weights[statement] for statement in chosen}
    floor = max(weights.values(), default=0.0) * _FAR_BEHIND
    near = [statement for statement, weight in weights.items() if weight >= floor]
    few = len(near) < _ANYWAY
    # Of equals the older is first.
    ranked = sorted(sorted(weights if few else near), key=weights.__getitem__, reverse=True)
    return ranked[: _ANYWAY if few else most]


def _counts(connection: Connection, recent: _Recent, words: Collection[str]) -> dict[str, int]:
    """How many statements have each of the words; without those that none has."""
    if recent.all_wait:
        return {word: count for word in words if (count := recent.waiting_words.get(word, 0))}
    counts = recent.counts
    unknown = [word for word in words if word not in counts]
    if unknown:
        if len(counts) > _COUNTS_REMEMBERED:
            counts.clear()
            unknown = list(words)
        rows = connection.rows(
            "SELECT word, statements FROM words WHERE word IN (SELECT value FROM json_each(?))",
            (json_text(unknown),),
        )
        written: dict[str, int] = dict(map(tuple, rows))
        counts.update({word: written.get(word, 0) + recent.waiting_words.get(word, 0) for word in unknown})
    return {word: count for word in words if (count := counts[word])}


def _statements_under(connection: Connection, recent: _Recent, terms: Sequence[str]) -> list[list[int]]:
    """The statements under each of the terms that has any, the oldest `_PAIR` of each, oldest first."""
    if recent.all_wait:
        lists = map(recent.waiting_under.get, dict.fromkeys(terms))
        return [statements[:_PAIR] for statements in lists if statements]
    found = {term: recent.under.get(term) for term in terms}
    unknown = [term for term, statements in found.items() if statements is None]
    if unknown:
        rows = connection.rows(
            "SELECT (SELECT json_group_array(rowid) FROM (SELECT rowid FROM candidate_index "
            "WHERE candidate_index MATCH '\"' || j.value || '\"' LIMIT ?)) FROM json_each(?) j",
            (_PAIR, json_text(unknown)),
        )
        for term, (statements,) in zip(unknown, rows, strict=True):
            recent.remember(term, json.loads(statements))
            found[term] = recent.under[term]
    return [statements for statements in found.values() if statements]


def _count(connection: Connection, counts: Mapping[str, int]) -> None:
    connection.many(
        "INSERT INTO words (word, statements) VALUES (?, ?) "
        "ON CONFLICT (word) DO UPDATE SET statements = statements + excluded.statements",
        sorted(counts.items()),
    )
