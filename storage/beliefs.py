"""What is believed to be known: statements with their facts, and the words they are found by."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from diffing.model import Fact, JsonValue, KnownFact, KnownText, Statement
from storage.candidates import index_candidate, make_candidates_anew, write_candidates
from storage.knowledge import ArchiveKnown, said_again
from storage.part import Part
from storage.records import BaselineText
from storage.rows import (
    content_digest,
    date_from_text,
    date_to_text,
    fact_to_row,
    statement_digest,
    statement_from_row,
    text_key,
    time_to_text,
)
from storage.seals import Subject, seal
from storage.standing import Standing, event_records, keep_standing, make_standing_anew, standing
from storage.terms import search_terms

__all__ = ["EVER", "Beliefs", "Owner", "Said", "Wanted"]

# Until when a statement is believed that no better reading has replaced; later than any time in a row.
EVER = "99999"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Where and when a statement was said, in the form of rows."""

    origin: str
    url: str | None
    said_on: str | None
    known_at: str
    baseline: int | None = None
    revision: int | None = None
    believed_from: str | None = None

    @property
    def key(self) -> str:
        """The day it counts from: an undated statement counts as said on the day it was captured."""
        return self.said_on or self.known_at[:10]


# The text or the revision that a belief comes from, with which it is sealed.
Owner: TypeAlias = tuple[Subject, int]

# By statement and day what shall be believed: where it was said, its normal form, its facts.
Wanted: TypeAlias = dict[tuple[int, str], tuple[Said, str, list[Fact]]]


class Beliefs(Part):
    """The baseline, from bundled texts and from pages, and the ledger of facts; nothing is overwritten."""

    def known(self, as_of: dt.datetime | None = None) -> ArchiveKnown:
        """All that is known, for judging; with `as_of` only what was known by then.

        A bundled or named text counts as known from the day it was said, a page from its capture.
        """
        return ArchiveKnown(self._connection, as_of)

    def add_baseline(self, text: KnownText, facts: Iterable[Sequence[Fact]], now: dt.datetime) -> bool:
        """Takes a text as known, with the facts of each statement, which are only asked for where it is new.

        False: it was there already.
        """
        said_on = date_to_text(text.said_on)
        content = (
            text.origin,
            text.language,
            said_on,
            text.url,
            text.title,
            [s.full_text for s in text.statements],
        )
        digest = content_digest(content)
        with self._connection.unit():
            if self._connection.one("SELECT 1 FROM baselines WHERE digest = ?", (digest,)):
                return False
            baseline = self._connection.insert(
                "INSERT INTO baselines (digest, origin, language, said_on, url, title, statements, "
                "loaded_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    digest,
                    text.origin,
                    text.language,
                    said_on,
                    text.url,
                    text.title,
                    len(text.statements),
                    time_to_text(now),
                ),
            )
            source = Said(
                origin=text.origin,
                url=text.url,
                said_on=said_on,
                known_at=time_to_text(now),
                baseline=baseline,
            )
            for statement, read in zip(text.statements, facts, strict=True):
                number, new = self._statement_id(statement)
                self._accept(number, statement.normal, read, source, new=new)
            write_candidates(self._connection)
            seal(self._connection, Subject.BASELINE, baseline)
            keep_standing(self._connection)
        return True

    def baseline_list(self) -> tuple[BaselineText, ...]:
        """The texts taken as known, in the order they were loaded; pages are not among them."""
        return tuple(
            BaselineText(
                origin=row["origin"],
                said_on=date_from_text(row["said_on"]),
                language=row["language"],
                url=row["url"],
                statements=row["statements"],
            )
            for row in self._connection.rows("SELECT * FROM baselines ORDER BY id")
        )

    def baseline_texts(self) -> tuple[tuple[int, KnownText], ...]:
        """The texts taken as known, each with its number, their statements as they are believed."""
        found = []
        for row in self._connection.rows("SELECT * FROM baselines ORDER BY id"):
            # A statement's number tells its place, as they were kept in the text's order.
            statements = self._connection.rows(
                "SELECT DISTINCT 0 AS position, s.* FROM known k JOIN statements s ON s.id = k.statement_id "
                "WHERE k.baseline_id = ? AND k.believed_until = ? ORDER BY s.id",
                (row["id"], EVER),
            )
            text = KnownText(
                origin=row["origin"],
                language=row["language"],
                said_on=date_from_text(row["said_on"]) or date_from_text(row["loaded_at"][:10]),
                url=row["url"],
                title=row["title"],
                statements=tuple(
                    replace(statement_from_row(told), index=place) for place, told in enumerate(statements)
                ),
            )
            found.append((row["id"], text))
        return tuple(found)

    def replace_baseline_facts(
        self,
        baseline: int,
        statements: Sequence[Statement],
        facts: Sequence[Sequence[Fact]],
        now: dt.datetime,
    ) -> bool:
        """Quietly puts what today's rules read of one of the `baseline_texts` in the place of what was.

        `facts` are per statement. False: it was that already.
        """
        at = time_to_text(now)
        with self._connection.unit():
            found = self._connection.rows(
                "SELECT * FROM known WHERE baseline_id = ? AND believed_until = ?", (baseline, EVER)
            )
            rows = {row["statement_id"]: row for row in found}
            wanted: Wanted = {}
            for statement, told in zip(statements, facts, strict=True):
                row = rows[self._statement_id(statement)[0]]
                said = Said(
                    origin=row["origin"],
                    url=row["url"],
                    said_on=row["said_on"],
                    known_at=row["known_at"],
                    baseline=baseline,
                    believed_from=max(row["believed_from"], at),
                )
                wanted[row["statement_id"], row["said_key"]] = (said, statement.normal, list(told))
            replaced = self._believe_instead(found, wanted, at)
            self._seal(replaced)
            return bool(replaced)

    def events(self, as_of: dt.datetime | None = None) -> tuple[tuple[str, tuple[KnownFact, ...]], ...]:
        """Every event's key with its facts by (said_on, known_at), as known at `as_of`; keys sorted."""
        found: dict[str, list[KnownFact]] = {}
        for known in self.known(as_of).facts():
            found.setdefault(known.fact.event, []).append(known)
        return tuple((event, tuple(facts)) for event, facts in found.items())

    def standing(self, as_of: dt.datetime | None = None) -> Mapping[str, Standing]:
        """What stands of every event, by attribute, as known at `as_of`; keys sorted.

        Of now it is kept, and costs little however often it was said; of then it is worked out.
        """
        return standing(self._connection, as_of)

    def event_records(
        self, events: Sequence[str] = (), as_of: dt.datetime | None = None
    ) -> Mapping[str, dict[str, JsonValue]]:
        """The contract's record of each of these events, or of all, but for its aliases; kept as `standing`.

        Keys sorted; an event of which nothing is known has none.
        """
        return event_records(self._connection, events, as_of)

    def keep_standing(self) -> None:
        """Works out what is told of the events of which more is known by now, as the end of a run does."""
        with self._connection.unit():
            keep_standing(self._connection)

    def event_names(self) -> tuple[str, ...]:
        """The keys of all events of which anything is known, sorted."""
        return tuple(
            row["event"]
            for row in self._connection.rows(
                "SELECT e.event FROM (SELECT DISTINCT event FROM facts) e WHERE EXISTS "
                "(SELECT 1 FROM facts f JOIN known k ON k.id = f.known_id "
                "WHERE f.event = e.event AND k.believed_until = ?) ORDER BY e.event",
                (EVER,),
            )
        )

    def event_facts(self, event: str, as_of: dt.datetime | None = None) -> tuple[KnownFact, ...]:
        """The facts of one event by (said_on, known_at); empty: none known."""
        return tuple(self.known(as_of).facts_of(event))

    def rebuild_indexes(self) -> int:
        """Makes both word indexes anew from the statements, and what is told of each event.

        The number of statements indexed.
        """
        from diffing.normal import normalise

        with self._connection.unit():
            make_standing_anew(self._connection)
            make_candidates_anew(self._connection)
            self._connection.run("INSERT INTO search_index (search_index) VALUES ('delete-all')")
            self._connection.run(
                "UPDATE statements SET searchable = NOT searchable WHERE searchable <> EXISTS "
                "(SELECT 1 FROM revision_statements r WHERE r.statement_id = statements.id)"
            )
            rows = self._connection.each(
                "SELECT id, ifnull(lead_in || ' ', '') || text AS whole FROM statements "
                "WHERE searchable = 1 ORDER BY id"
            )
            self._index_search((row["id"], normalise(row["whole"])) for row in rows)
            return int(
                self._connection.value(
                    "SELECT count(*) FROM statements WHERE candidate = 1 OR searchable = 1"
                )
            )

    def _believe_instead(self, found: Sequence[sqlite3.Row], wanted: Wanted, at: str) -> set[Owner]:
        """Puts what is wanted in the place of the known rows found; whose beliefs are others now."""
        left = dict(wanted)
        replaced: set[Owner] = set()
        for row in found:
            key = (row["statement_id"], row["said_key"])
            believed = {
                (fact["event"], fact["attribute"], fact["value"]): (
                    fact["quote"],
                    fact["vague"],
                    fact["joining"],
                )
                for fact in self._connection.rows("SELECT * FROM facts WHERE known_id = ?", (row["id"],))
            }
            told: dict[tuple[str, str, str], tuple[str, int, int | None]] = {}
            for fact in left[key][2] if key in left else ():
                event, attribute, value, quote, vague, joining = fact_to_row(fact)
                told.setdefault((event, attribute, value), (quote, vague, joining))
            if key in left and believed == told:
                del left[key]
                continue
            replaced.add(_owner_of(row))
            self._disbelieve(row, at)
        for (number, _), (said, normal, facts) in left.items():
            replaced.add(self._accept(number, normal, facts, said))
        return replaced

    def _disbelieve(self, known: sqlite3.Row, at: str) -> None:
        said_again(self._connection)
        if known["believed_from"] < at:
            self._connection.run("UPDATE known SET believed_until = ? WHERE id = ?", (at, known["id"]))
            return
        # Nobody can ask for a time at which it was believed.
        self._connection.run("DELETE FROM facts WHERE known_id = ?", (known["id"],))
        self._connection.run("DELETE FROM known WHERE id = ?", (known["id"],))

    def _statement_id(self, statement: Statement, *, searchable: bool = False) -> tuple[int, bool]:
        """The statement's number, and whether nobody had said it before: then it is kept as `searchable`."""
        digest = statement_digest(statement)
        made = self._connection.run(
            "INSERT INTO statements (digest, normal_key, language, kind, lead_in, text, normal, searchable) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (
                digest, text_key(statement.normal), statement.language, statement.kind.value,
                statement.lead_in, statement.text, statement.normal, searchable,
            ),
        )  # fmt: skip
        if made.rowcount:
            return int(made.lastrowid or 0), True
        return int(self._connection.value("SELECT id FROM statements WHERE digest = ?", (digest,))), False

    def _accept(
        self, statement: int, normal: str, facts: Sequence[Fact], said: Said, *, new: bool = False
    ) -> Owner:
        """Takes a statement and its facts into the baseline; the first time it was said there counts.

        Whose belief it is. `new`: nothing is known of the statement yet.
        """
        said_key = said.key
        before = None if new else self._believed(statement, said)
        if before is not None:
            known, owner = before["id"], _owner_of(before)
        else:
            owner = _owner(said.revision, said.baseline)
            dated = said.baseline is not None and said.said_on is not None
            known = self._connection.insert(
                "INSERT INTO known (statement_id, said_on, said_key, origin, url, known_at, believed_from, "
                "baseline_id, revision_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    statement, said.said_on, said_key, said.origin, said.url, said.known_at,
                    said.believed_from or (min(said.known_at, said_key) if dated else said.known_at),
                    said.baseline, said.revision,
                ),
            )  # fmt: skip
            said_again(self._connection, index_candidate(self._connection, statement, normal))
        if facts:
            self._connection.many(
                "INSERT INTO facts (known_id, event, attribute, value, quote, vague, joining) "
                "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                [(known, *fact_to_row(fact)) for fact in facts],
            )
        return owner

    def _believed(self, statement: int, said: Said) -> sqlite3.Row | None:
        """What is believed of the statement as said on that day and there; None: nothing yet."""
        return self._connection.one(
            "SELECT id, revision_id, baseline_id FROM known WHERE statement_id = ? AND said_key = ? "
            "AND origin = ? AND believed_until = ?",
            (statement, said.key, said.origin, EVER),
        )

    def _seal(self, owners: Iterable[Owner]) -> None:
        for subject, row in sorted(owners):
            seal(self._connection, subject, row)

    def _index_search(self, statements: Iterable[tuple[int, str]]) -> None:
        """Makes statements findable: of each its number, and the normal form of its lead-in and words."""
        self._connection.many(
            "INSERT INTO search_index (rowid, terms) VALUES (?, ?)",
            ((number, search_terms(normal)) for number, normal in statements),
        )


def _owner_of(known: sqlite3.Row) -> Owner:
    return _owner(known["revision_id"], known["baseline_id"])


def _owner(revision: int | None, baseline: int | None) -> Owner:
    return (Subject.REVISION, revision) if revision is not None else (Subject.BASELINE, baseline or 0)
