"""`cstowatch events`: the ledger, what is known of each event and how it came to be known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import click

from diffing.model import Attribute, JsonValue, KnownFact, RecordedChange, series_and_edition
from monitor.errors import InvalidInput
from monitor.session import Session, pass_session
from monitor.tables import format_option, print_records

__all__ = ["events"]

_SHOWN = (Attribute.STATUS, Attribute.WINDOW, Attribute.PLACE, Attribute.PERSONNEL)


@click.command(short_help="The ledger: what is known of each event.")
@click.argument("event", required=False)
@click.option("--as-of", help="As known at this time: 2025-09-01, 2025-09-11T06:00Z, 30d.")
@format_option
@pass_session
def events(session: Session, event: str | None, as_of: str | None, fmt: str | None) -> None:
    """Lists each event with its current facts; with EVENT its whole history.

    \b
    Example:
      cstowatch events Rubezh-2025 --as-of 2025-08-01
    """
    from diffing.formats.records import event_record
    from diffing.ledger import contradictions, current
    from monitor.names import event_key
    from monitor.times import end_of

    moment = end_of(as_of, session.now, session.config.timezone) if as_of else None
    gazetteer = session.gazetteer()
    key = event_key(event, gazetteer, session.now.date()) if event else None
    with session.read_archive() as archive:
        known = {name: facts for name, facts in archive.events(moment) if key in {None, name}}
        changes = archive.changes(until=moment, event=key)
    if key and not known:
        raise InvalidInput(f"No event {key!r} is known; `cstowatch events` lists those that are.")
    history: dict[str | None, list[RecordedChange]] = defaultdict(list)
    for change in changes:
        history[change.change.event].append(change)
    if session.format(fmt) in {"table", "md"}:
        rows = [_row(name, current(facts)) for name, facts in known.items()]
        print_records(session, rows, ("event", *(attribute.value for attribute in _SHOWN)), fmt)
        if key:
            _print_history(session, history[key], fmt)
        return
    aliases = {series.name: series.aliases for series in gazetteer.series}
    records = [
        event_record(
            name,
            aliases.get(series_and_edition(name)[0], ()),
            current(facts),
            history[name],
            contradictions(facts),
        )
        for name, facts in known.items()
    ]
    print_records(session, records, (), fmt)


def _row(event: str, facts: Mapping[Attribute, KnownFact]) -> dict[str, JsonValue]:
    from diffing.wording import value_in_words

    return {
        "event": event,
        **{
            attribute.value: value_in_words(attribute, facts[attribute].fact.value)
            if attribute in facts
            else None
            for attribute in _SHOWN
        },
    }


def _print_history(session: Session, changes: list[RecordedChange], fmt: str | None) -> None:
    from diffing.wording import headline

    rows: list[dict[str, JsonValue]] = [
        {
            "said": (change.published or change.detected.date()).isoformat(),
            "change": headline(change.change),
            "quotation": "; ".join(change.change.new_statements),
            "url": change.url,
        }
        for change in changes
    ]
    print_records(session, rows, ("said", "change", "quotation", "url"), fmt)
