"""The index of words by which statements close to a new one are found: kept, made anew, asked."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import chain, combinations

from storage.connection import Connection
from storage.rows import json_text, text_key
from storage.terms import pairs_of, sketch, terms_of, words_of

__all__ = ["index_candidate", "likely", "make_candidates_anew", "tidy_candidates"]

# What is read of the index for one statement, at half a microsecond a row. Set by `python -m
# bench.candidates` at a million statements with near twins: half of any of these loses finds (up to one in
# four hundred), twice as much finds no more.
_RARE = 200  # statements of a word that is read alone,
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


def index_candidate(connection: Connection, statement: int, normal: str) -> None:
    """Makes a known statement findable by its words; one is enough for each normal form."""
    if connection.one(
        "SELECT 1 FROM statements WHERE normal_key = ? AND candidate = 1 AND normal = ?",
        (text_key(normal), normal),
    ):
        return
    words, terms = terms_of(normal)
    connection.run("UPDATE statements SET candidate = 1 WHERE id = ?", (statement,))
    connection.run("INSERT INTO candidate_index (rowid, terms) VALUES (?, ?)", (statement, terms))
    # The empty word counts the statements.
    _count(connection, dict.fromkeys(("", *words), 1))


def make_candidates_anew(connection: Connection) -> None:
    """Makes the index from the statements that are known, in memory that does not grow with them."""
    connection.run("INSERT INTO candidate_index (candidate_index) VALUES ('delete-all')")
    connection.run("DELETE FROM words")
    connection.run(
        "UPDATE statements SET candidate = NOT candidate WHERE candidate <> ("
        "EXISTS (SELECT 1 FROM known k WHERE k.statement_id = statements.id) AND NOT EXISTS ("
        "SELECT 1 FROM statements e JOIN known k ON k.statement_id = e.id WHERE e.id < statements.id "
        "AND e.normal_key = statements.normal_key AND e.normal = statements.normal))"
    )
    counts: Counter[str] = Counter()

    def terms() -> Iterator[tuple[int, str]]:
        rows = connection.each("SELECT id, normal FROM statements WHERE candidate = 1 ORDER BY id")
        for number, (statement, normal) in enumerate(rows, 1):
            words, text = terms_of(normal)
            counts.update(words)
            counts[""] += 1
            if number % _COUNTED == 0:
                _count(connection, counts)
                counts.clear()
            yield statement, text

    connection.many("INSERT INTO candidate_index (rowid, terms) VALUES (?, ?)", terms())
    _count(connection, counts)
    connection.run("INSERT INTO candidate_index (candidate_index) VALUES ('optimize')")


def tidy_candidates(connection: Connection) -> None:
    """Merges what many small transactions left in the index; a query asks each part, so few are fast."""
    connection.run("INSERT INTO candidate_index (candidate_index, rank) VALUES ('merge', ?)", (_TIDIED,))


def likely(connection: Connection, normal: str, most: int) -> list[int]:
    """The statements that share most with this one, at most so many, best first; of equals the older.

    What is shared are rare words, and pairs of the words in both sketches, weighted by rarity.
    """
    words = set(words_of(normal))
    rows = connection.rows(
        "SELECT word, statements FROM words WHERE word IN (SELECT value FROM json_each(?)) OR word = ''",
        (json_text(sorted(words)),),
    )
    frequency: dict[str, int] = dict(map(tuple, rows))
    total = frequency.pop("", 0)
    lists: list[list[int]] = []
    read = set()
    left = _RARE_ALL
    for word in sorted(frequency, key=lambda word: (frequency[word], word)):
        left -= frequency[word]
        if frequency[word] > _RARE or left < 0:
            break
        read.add(word)
        lists.append(_statements_with(connection, f'"{word}"', _RARE))
    sketched = sketch(frequency, _ASKED)
    left = _PAIRS_ALL
    for pair, both in zip(pairs_of(sketched), combinations(sketched, 2), strict=True):
        # Who has both words of the pair was found by each of them already.
        if left > 0 and not read.issuperset(both):
            lists.append(_statements_with(connection, pair, _PAIR))
            left -= len(lists[-1])
    return _heaviest([found for found in lists if found], total, most)


def _heaviest(lists: Collection[list[int]], total: int, most: int) -> list[int]:
    """The statements that are in most lists, the shorter the list the more it counts."""
    hits = Counter(chain.from_iterable(lists))
    chosen = {statement for statement, times in hits.items() if times > 1}
    chosen.update(chain.from_iterable(found for found in lists if len(found) <= _TELLING))
    if len(chosen) < most:
        chosen = set(hits)
    weights = dict.fromkeys(chosen, 0.0)
    for found in lists:
        weight = math.log(1 + total / len(found))
        for statement in chosen.intersection(found):
            weights[statement] += weight
    # Sorting keeps the order of equals, so the older is first.
    ranked = sorted(sorted(weights), key=weights.__getitem__, reverse=True)[:most]
    floor = weights[ranked[0]] * _FAR_BEHIND if ranked else 0.0
    return [one for place, one in enumerate(ranked) if place < _ANYWAY or weights[one] >= floor]


def _statements_with(connection: Connection, term: str, most: int) -> list[int]:
    return connection.numbers(
        "SELECT rowid FROM candidate_index WHERE candidate_index MATCH ? LIMIT ?", (term, most)
    )


def _count(connection: Connection, counts: Mapping[str, int]) -> None:
    connection.many(
        "INSERT INTO words (word, statements) VALUES (?, ?) "
        "ON CONFLICT (word) DO UPDATE SET statements = statements + excluded.statements",
        sorted(counts.items()),
    )
