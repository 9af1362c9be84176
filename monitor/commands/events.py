"""`cstowatch events`: the ledger, what is known of each event and how it came to be known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Sized

import click

from diffing.model import Attribute, FactValue, JsonValue, KnownFact, RecordedChange, series_and_edition
from monitor.session import Session, pass_session
from monitor.tables import format_option, print_records

__all__ = ["events"]

_SHOWN = (Attribute.STATUS, Attribute.WINDOW, Attribute.PLACE, Attribute.PERSONNEL)

Record = dict[str, JsonValue]


@click.command(short_help="The ledger: what is known of each event.")
@click.argument("event", required=False)
@click.option("--as-of", help="As known at this time: 2025-09-01, 2025-09-11T06:00Z, 30d.")
@format_option
@pass_session
def events(session: Session, event: str | None, as_of: str | None, fmt: str | None) -> None:
    """Lists each event with its current facts; with EVENT its whole history.

    EVENT is a name in any language (Rubezh-2025, Рубеж-2025); without an edition all editions are
    listed. With EVENT each fact and each change comes with its quotation, where it was said and when.
    As csv one row an event.

    \b
    Example:
      cstowatch events Rubezh-2025 --as-of 2025-08-01
    """
    from monitor.names import editions
    from monitor.times import end_of

    moment = end_of(as_of, session.now, session.config.timezone) if as_of else None
    known: Sized
    with session.read_archive() as archive:
        keys: Sequence[str] = ()
        if event:
            # A name that is known today and was not then is no slip of the keyboard.
            keys = editions(event, session.gazetteer(), session.now.date(), archive.event_names())
        if session.format(fmt) not in {"table", "md"}:
            known = archive.event_records(keys, moment)
            _print_whole(session, known, fmt)
        elif len(keys) == 1 and (facts := archive.event_facts(keys[0], moment)):
            known = facts
            _print_one(session, facts, archive.changes(until=moment, event=keys[0]), fmt)
        else:
            stands = archive.standing(moment)
            known = stands = {key: stands[key] for key in keys or stands if key in stands}
            _print_list(session, stands, fmt)
    if moment and not known:
        session.say(f"{event or 'Any event'}: not known yet on {as_of}.")


def _print_whole(session: Session, known: Mapping[str, Record], fmt: str | None) -> None:
    """For programs: the contract's record of each event, or a flat row of it."""
    from monitor.flat import flat_event

    aliases = {each.name: list[JsonValue](each.aliases) for each in session.gazetteer().series}
    records = [
        record | {"aliases": aliases.get(series_and_edition(event)[0], [])} for event, record in known.items()
    ]
    if session.format(fmt) == "csv":
        records = [flat_event(record) for record in records]
    print_records(session, records, (), fmt)


def _print_list(
    session: Session, events: Mapping[str, Mapping[Attribute, FactValue]], fmt: str | None
) -> None:
    """For people: an event a row, with what stands."""
    from diffing.wording import value_in_words

    rows: list[Record] = []
    for name, stands in events.items():
        row: Record = {"event": name}
        for kind in _SHOWN:
            row[kind.value] = value_in_words(kind, stands[kind]) if kind in stands else None
        rows.append(row)
    print_records(session, rows, ("event", *(kind.value for kind in _SHOWN)), fmt)


def _print_one(
    session: Session, facts: Sequence[KnownFact], recorded: Sequence[RecordedChange], fmt: str | None
) -> None:
    """For people: what stands of one event, then how it came to it, each with who said so and when."""
    from diffing.histories import in_newest_words, said_before, said_on, whole_history
    from diffing.wording import headline, value_in_words

    stands = in_newest_words(facts)
    rows: list[Record] = [
        {
            "fact": kind.value,
            "value": value_in_words(kind, stands[kind].fact.value),
            "said": _day(stands[kind]),
            "quotation": stands[kind].statement.text,
            "where": stands[kind].statement.url or stands[kind].statement.origin,
        }
        for kind in Attribute
        if kind in stands
    ]
    print_records(session, rows, ("fact", "value", "said", "quotation", "where"), fmt)
    click.echo()
    rows = []
    told = whole_history(facts, recorded)
    for change in told:
        if not change.change.of_event:
            continue
        before = said_before(change, facts)
        old = "; ".join(change.change.old_statements)
        rows.append(
            {
                "said": said_on(change).isoformat(),
                "change": headline(change.change),
                "quotation": "; ".join(change.change.new_statements),
                "where": change.url,
                "before": f"{_day(before)}: {old}" if before else old,
                "where_before": before.statement.url or before.statement.origin
                if before
                else change.change.old_origin,
            }
        )
    print_records(session, rows, ("said", "change", "quotation", "where", "before", "where_before"), fmt)
    if others := len(told) - len(rows):
        session.say(
            f"Besides, {others} new statement{' speaks' if others == 1 else 's speak'} of it: "
            f"`cstowatch changes --event '{told[0].change.event}'` lists them."
        )


def _day(known: KnownFact) -> str:
    return (known.statement.said_on or known.known_at.date()).isoformat()
