"""Flat rows for a spreadsheet: plain values only, and the same columns whatever the records hold."""

from __future__ import annotations

from monitor.flat import flat_change, flat_event, flat_judgements

WINDOW = {"start": "2025-09-17", "end": "2025-09-20", "precision": "day"}
PLACE = {"country": "KG", "name": "Edelweiss"}


def fact(event, attribute, value):
    return {"event": event, "attribute": attribute, "value": value, "quote": "…"}


def judgement(*facts, changes=()):
    match = {"statement": "…", "score": 71.4, "date": "2025-01-30", "origin": "briefing"}
    return {
        "statement": "S.", "verdict": "changed", "lang": "en", "match": match,
        "facts": list(facts), "changes": list(changes),
    }  # fmt: skip


def test_a_judgement_is_a_row_for_each_event_it_speaks_of():
    moved = {"kind": "rescheduled", "event": "Rubezh-2025", "shift_days": -14}
    record = judgement(
        fact("Rubezh-2025", "window", WINDOW), fact("Barrier-2025", "place", PLACE), changes=[moved]
    )

    rubezh, barrier = flat_judgements(record)

    assert (rubezh["window_start"], rubezh["window_precision"]) == ("2025-09-17", "day")
    assert (rubezh["changes"], rubezh["shift_days"]) == (["rescheduled"], -14)
    assert (barrier["place_country"], barrier["window_start"], barrier["changes"]) == ("KG", None, [])
    assert rubezh["match_score"] == 71.4


def test_a_judgement_without_events_is_one_row_with_the_same_columns():
    (row,) = flat_judgements({**judgement(), "match": None})

    assert row["event"] is None
    assert list(row) == list(next(flat_judgements(judgement(fact("Rubezh-2025", "window", WINDOW)))))


def test_a_change_has_the_same_columns_whatever_its_values_are():
    rows = [
        flat_change({"id": 1, "old": old, "new": WINDOW, "note": None}) for old in (None, PLACE, "planned")
    ]

    assert rows[0].keys() == rows[1].keys() == rows[2].keys()
    assert (rows[1]["old_name"], rows[2]["old"], rows[0]["new_end"]) == ("Edelweiss", "planned", "2025-09-20")


def test_an_event_is_one_row_with_each_fact_its_date_and_its_source():
    record = {
        "event": "Rubezh-2025", "series": "Rubezh", "edition": "2025", "aliases": ["Рубеж"], "status": "held",
        "facts": {"window": {"value": WINDOW, "since": "2025-09-11", "url": "https://x.org/", "quote": "…"}},
    }  # fmt: skip

    row = flat_event(record)

    assert (row["window_start"], row["window_since"], row["window_url"]) == (
        "2025-09-17",
        "2025-09-11",
        "https://x.org/",
    )
    assert (row["status"], row["place_country"]) == ("held", None)
    assert not any(isinstance(value, dict) for value in row.values())
