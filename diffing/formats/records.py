"""Values in the shapes of the contract's JSON: judgements, changes, comparisons, events, digests."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence

from diffing.digest import Digest, PageCard
from diffing.formats.sheet import Reader
from diffing.histories import in_newest_words, whole_history
from diffing.ledger import contradictions
from diffing.model import (
    Attribute,
    Fact,
    JsonValue,
    Judgement,
    KnownFact,
    RecordedChange,
    Revision,
    Shift,
    StatementDiff,
    series_and_edition,
    value_to_json,
)

__all__ = [
    "change_record",
    "coverage_records",
    "diff_record",
    "digest_json",
    "event_record",
    "judgement_record",
    "stamp",
]

Record = dict[str, JsonValue]


def stamp(moment: dt.datetime) -> str:
    """UTC, ISO 8601, to the second: 2025-09-11T06:00:04Z."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def judgement_record(judgement: Judgement) -> Record:
    """What `check` prints of one statement."""
    match = judgement.match
    return {
        "statement": judgement.statement.full_text,
        "verdict": judgement.verdict.value,
        "lang": judgement.statement.language,
        "match": None
        if match is None
        else {
            "statement": match.statement.text,
            "score": round(match.score, 1),
            "date": _day(match.statement.said_on),
            "origin": match.statement.origin,
        },
        "facts": [_fact_record(fact) for fact in judgement.facts if not isinstance(fact.value, Shift)],
        "changes": [
            {
                "kind": change.kind.value,
                "significance": change.significance.value,
                "event": change.event,
                "attribute": change.attribute.value if change.attribute else None,
                "old": value_to_json(change.old),
                "new": value_to_json(change.new),
                "shift_days": change.shift_days,
                "reason": change.reason,
            }
            for change in judgement.changes
        ],
    }


def _fact_record(fact: Fact) -> Record:
    return {
        "event": fact.event,
        "attribute": fact.attribute.value,
        "value": value_to_json(fact.value),
        "quote": fact.quote,
    }


def change_record(recorded: RecordedChange) -> Record:
    """What `changes` prints of one change; fields that do not apply are null."""
    change = recorded.change
    return {
        "id": recorded.id or None,  # none: read from the ledger, never recorded
        "kind": change.kind.value,
        "significance": change.significance.value,
        "event": change.event,
        "attribute": change.attribute.value if change.attribute else None,
        "old": value_to_json(change.old),
        "new": value_to_json(change.new),
        "shift_days": change.shift_days,
        "old_statements": list(change.old_statements),
        "new_statements": list(change.new_statements),
        "old_origin": change.old_origin,
        "score": None if change.score is None else round(change.score, 1),
        "reason": change.reason or None,
        "url": recorded.url,
        "title": recorded.page_title,
        "source": recorded.source,
        "lang": recorded.language,
        "published": _day(recorded.published),
        "detected": stamp(recorded.detected),
        "from_revision": recorded.from_revision,
        "to_revision": recorded.to_revision,
        "also_seen": list(recorded.also_seen),
        "note": None
        if recorded.note is None
        else {
            "ruling": recorded.note.ruling.value,
            "why": recorded.note.why,
            "noted": stamp(recorded.note.noted),
        },
    }


def diff_record(
    url: str,
    old: Revision | None,
    new: Revision | None,
    titles: tuple[str | None, str | None],
    diffs: Sequence[StatementDiff],
) -> Record:
    """What `diff` prints; `old` and `new` None: two files were compared, not stored revisions."""
    return {
        "url": url,
        "from": _side(old, titles[0]),
        "to": _side(new, titles[1]),
        "statements": [
            {
                "op": diff.op.value,
                "old": [{"index": statement.index, "text": statement.text} for statement in diff.old],
                "new": [{"index": statement.index, "text": statement.text} for statement in diff.new],
                "spans": [{"op": span.op.value, "text": span.text} for span in diff.spans],
            }
            for diff in diffs
        ],
    }


def _side(revision: Revision | None, title: str | None) -> Record:
    return {
        "revision": revision.number if revision else None,
        "captured": stamp(revision.captured_at) if revision else None,
        "title": title,
    }


def event_record(event: str, facts: Sequence[KnownFact], changes: Sequence[RecordedChange]) -> Record:
    """What `events` prints of one event: what stands now, and how it came to it, newest first.

    `facts` are all that is known of it, `changes` those recorded of it, newest first. Its aliases are left to
    who has the gazetteer.
    """
    series, edition = series_and_edition(event)
    stands = in_newest_words(facts, since_first=True)
    status = stands.get(Attribute.STATUS)
    return {
        "event": event,
        "series": series,
        "edition": edition,
        "aliases": [],
        "status": value_to_json(status.fact.value) if status else None,
        "facts": {attribute.value: _known_fact(known) for attribute, known in stands.items()},
        "contradictions": {
            attribute.value: [_known_fact(fact) for fact in against]
            for attribute, against in contradictions(facts).items()
        },
        "history": [change_record(change) for change in whole_history(facts, changes)],
    }


def _known_fact(known: KnownFact) -> Record:
    return {
        "value": value_to_json(known.fact.value),
        "since": _day(known.statement.said_on),
        "url": known.statement.url,
        "origin": known.statement.origin,
        "quote": known.fact.quote,
        "statement": known.statement.text,
    }


def coverage_records(digest: Digest) -> list[JsonValue]:
    """What was looked at, a record a source."""
    return [
        {
            "source": source.source,
            "looks": source.looks,
            "pages": source.pages,
            "outcomes": {outcome.value: count for outcome, count in source.outcomes.items()},
            "found": None
            if source.found is None
            else {outcome.value: count for outcome, count in source.found.items()},
            "last_success": stamp(source.last_success) if source.last_success else None,
            "reason": source.reason,
        }
        for source in digest.coverage
    ]


def digest_json(digest: Digest, reader: Reader | None = None) -> str:  # noqa: ARG001 - values have no language
    """The digest as one JSON object, the same in every language."""
    return (
        json.dumps(
            {
                "day": _day(digest.period.day),
                "since": stamp(digest.since),
                "until": stamp(digest.until),
                "events": [
                    {
                        "events": list(card.events),
                        "significance": card.significance.value,
                        "changes": [change_record(change) for change in card.changes],
                    }
                    for card in digest.events
                ],
                "withdrawn": _pages(digest.withdrawn),
                "restored": _pages(digest.restored),
                "edited": _pages(digest.edited),
                "new": _pages(digest.new),
                "contradictions": {
                    event: [
                        {"attribute": known.fact.attribute.value, **_known_fact(known)} for known in standing
                    ]
                    for event, standing in digest.period.contradictions.items()
                },
                "troubles": [
                    {
                        "source": trouble.source,
                        "kind": trouble.kind.value,
                        "detail": trouble.detail,
                        "began": stamp(trouble.began),
                        "ended": stamp(trouble.ended) if trouble.ended else None,
                    }
                    for trouble in (*digest.troubles, *digest.period.going_on)
                ],
                "coverage": coverage_records(digest),
                "dismissed": digest.dismissed,
                "head": digest.head,
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
    )


def _pages(cards: Sequence[PageCard]) -> list[JsonValue]:
    return [
        {
            "url": card.url,
            "source": card.source,
            "title": card.title,
            "published": _day(card.published),
            "silent": card.silent,
            "changes": [change_record(change) for change in card.changes],
        }
        for card in cards
    ]


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
