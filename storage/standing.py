"""What stands of each event, kept as the ledger worked it out, so that a list of all weighs nothing anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, cast

import diffing
from diffing.model import Attribute, FactValue, value_from_json, value_to_json
from storage.connection import Connection
from storage.knowledge import ArchiveKnown
from storage.rows import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from diffing.model import KnownFact

__all__ = [
    "Standing",
    "keep_standing",
    "make_standing_anew",
    "standing_now",
    "standing_unlike",
    "values_standing",
]

Standing: TypeAlias = Mapping[Attribute, FactValue]


def standing_now(connection: Connection) -> dict[str, Standing]:
    """What stands of every event of which something is believed; keys sorted.

    As it is kept, and out of the facts where they have changed since, as in the middle of a run.
    """
    found: dict[str, Standing] = {}
    rules = _rules()
    with connection.snapshot():
        for event, kept, ledger in connection.rows(
            "SELECT event, facts, ledger FROM standing ORDER BY event"
        ):
            if ledger == rules:
                found[event] = _from_text(kept)
            elif facts := ArchiveKnown(connection).facts_of(event):
                found[event] = values_standing(facts)
    return found


def values_standing(facts: Iterable[KnownFact]) -> Standing:
    """What the ledger makes of the facts of one event."""
    # Only who asks for what is not kept pays for this import.
    from diffing.ledger import standing

    return {attribute: known[0].fact.value for attribute, known in standing(facts).items()}


def keep_standing(connection: Connection) -> None:
    """Works out and keeps what stands of each event whose facts have changed since it was kept last.

    Call it in a unit of work. An event of which nothing is believed any more is forgotten.
    """
    rules = _rules()
    for (event,) in connection.rows("SELECT event FROM standing WHERE ledger IS NOT ?", (rules,)):
        if facts := ArchiveKnown(connection).facts_of(event):
            connection.run(
                "UPDATE standing SET facts = ?, ledger = ? WHERE event = ?",
                (_to_text(values_standing(facts)), rules, event),
            )
        else:
            connection.run("DELETE FROM standing WHERE event = ?", (event,))


def make_standing_anew(connection: Connection) -> None:
    """Works out what stands of every event, whatever is kept of it; call it in a unit of work."""
    connection.run("DELETE FROM standing")
    connection.run("INSERT INTO standing (event) SELECT DISTINCT event FROM facts")
    keep_standing(connection)


def standing_unlike(connection: Connection) -> Iterator[str]:
    """Each event of which something else is kept than its facts make; what is not kept is not unlike."""
    for event, kept in connection.each(
        "SELECT e.event, s.facts FROM (SELECT event FROM facts UNION SELECT event FROM standing) e "
        "LEFT JOIN standing s ON s.event = e.event WHERE s.event IS NULL OR s.ledger = ? ORDER BY e.event",
        (_rules(),),
    ):
        facts = ArchiveKnown(connection).facts_of(event)
        if kept != (_to_text(values_standing(facts)) if facts else None):
            yield f"what is kept to stand of {event} is not what its facts make"


def _to_text(values: Standing) -> str:
    return json_text({attribute.value: value_to_json(value) for attribute, value in values.items()})


def _from_text(kept: str) -> Standing:
    told = ((Attribute(name), data) for name, data in json.loads(kept).items())
    return {attribute: cast("FactValue", value_from_json(attribute, data)) for attribute, data in told}


@cache
def _rules() -> str:
    """By which rules something was worked out: what was kept by others counts for nothing.

    A digest of the rules as they are written, so that nobody who changes them can forget to say so. What
    diffing knows of languages and formats is no part of them.
    """
    written = Path(diffing.__file__).parent
    digest = hashlib.sha256()
    for file in sorted((*written.glob("*.py"), *written.glob("attributes/*.py"))):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
