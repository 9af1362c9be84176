"""Records of the contract as flat rows for a spreadsheet: a column a plain value, always the same columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from diffing.model import Attribute, JsonValue

__all__ = ["flat_change", "flat_event", "flat_judgements"]

Record = Mapping[str, JsonValue]
Row = dict[str, JsonValue]

_WINDOW = ("start", "end", "precision")
_PLACE = ("country", "name")
_COUNT = ("count", "qualifier")
_PARTS: Mapping[str, tuple[str, ...]] = {
    Attribute.WINDOW: _WINDOW,
    Attribute.PLACE: _PLACE,
    Attribute.PERSONNEL: _COUNT,
    Attribute.EQUIPMENT: _COUNT,
}


def flat_change(record: Record) -> Row:
    """A change as one row; `old` and `new` hold a plain value, `old_start`, `new_country` … its parts."""
    row: Row = {}
    for name, value in record.items():
        if name in {"old", "new"}:
            row[name] = None if isinstance(value, dict) else value
            row |= _parts(name, value, (*_WINDOW, *_PLACE, *_COUNT))
        elif name == "note":
            row |= _parts(name, value, ("ruling", "why", "noted"))
        else:
            row[name] = value
    return row


def flat_event(record: Record) -> Row:
    """An event as one row: each fact that stands as `window_start`, `place_name` …, with since and where."""
    row: Row = {name: record.get(name) for name in ("event", "series", "edition", "aliases", "status")}
    facts = record.get("facts")
    for attribute in Attribute:
        fact = facts.get(attribute.value) if isinstance(facts, dict) else None
        known = fact if isinstance(fact, dict) else {}
        if attribute is not Attribute.STATUS:
            row |= _value(attribute, known.get("value"))
        row |= _parts(attribute.value, known, ("since", "url", "origin", "quote"))
    return row


def flat_judgements(record: Record) -> Iterator[Row]:
    """A judgement as a row for each event that its facts and changes are of; one row where there is none."""
    facts, changes = _records(record.get("facts")), _records(record.get("changes"))
    head: Row = {name: record.get(name) for name in ("statement", "verdict", "lang")}
    head |= _parts("match", record.get("match"), ("statement", "score", "date", "origin"))
    for event in dict.fromkeys(part.get("event") for part in (*facts, *changes)) or (None,):
        row: Row = {**head, "event": event}
        for attribute in Attribute:
            said = (
                fact["value"] for fact in facts if (fact["event"], fact["attribute"]) == (event, attribute)
            )
            row |= _value(attribute, next(said, None))
        made = [change for change in changes if change.get("event") == event]
        row["changes"] = [str(change["kind"]) for change in made]
        row["shift_days"] = next(
            (change["shift_days"] for change in made if change.get("shift_days") is not None), None
        )
        yield row


def _records(value: JsonValue) -> list[dict[str, JsonValue]]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _value(attribute: Attribute, value: JsonValue) -> Row:
    parts = _PARTS.get(attribute)
    return _parts(attribute.value, value, parts) if parts else {attribute.value: value}


def _parts(name: str, value: JsonValue, parts: tuple[str, ...]) -> Row:
    known = value if isinstance(value, dict) else {}
    return {f"{name}_{part}": known.get(part) for part in parts}
