"""`cstowatch events`: the ledger, what is known of each event and how it came to be known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import click

from diffing.model import Attribute, FactValue, JsonValue, KnownFact, RecordedChange, series_and_edition
from monitor.session import Session, pass_session
from monitor.tables import format_option, print_records

__all__ = ["events"]

_SHOWN = (Attribute.STATUS, Attribute.WINDOW, Attribute.PLACE, Attribute.PERSONNEL)

Row = dict[str, JsonValue]


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
    for_people = session.format(fmt) in {"table", "md"}
    facts: Mapping[str, Sequence[KnownFact]] = {}
    stands: Mapping[str, Mapping[Attribute, FactValue]] = {}
    recorded: dict[str, list[RecordedChange]] = defaultdict(list)
    with session.read_archive() as archive:
        keys: Sequence[str] = ()
        if event:
            # A name that is known today and was not then is no slip of the keyboard.
            keys = editions(event, session.gazetteer(), session.now.date(), archive.event_names())
        only = keys[0] if len(keys) == 1 else None
        if for_people and only is None:
            stands = archive.standing(moment)
            stands = {key: stands[key] for key in keys or stands if key in stands}
        else:
            told = [(key, archive.event_facts(key, moment)) for key in keys] or archive.events(moment)
            facts = {key: known for key, known in told if known}
            for change in archive.changes(until=moment, event=only, of_events=True):
                recorded[change.change.event or ""].append(change)
    if moment and not (facts or stands):
        session.say(f"{event or 'Any event'}: not known yet on {as_of}.")
    if not for_people:
        aliases = {each.name: each.aliases for each in session.gazetteer().series}
        _print_whole(session, facts, recorded, aliases, fmt)
    elif only is not None and only in facts:
        _print_one(session, facts[only], recorded[only], fmt)
    else:
        _print_list(session, stands, fmt)


def _print_whole(
    session: Session,
    known: Mapping[str, Sequence[KnownFact]],
    recorded: Mapping[str, Sequence[RecordedChange]],
    aliases: Mapping[str, Sequence[str]],
    fmt: str | None,
) -> None:
    """For programs: the contract's record of each event, or a flat row of it."""
    from diffing.formats.records import event_record
    from diffing.ledger import contradictions
    from monitor.flat import flat_event
    from monitor.histories import in_newest_words, whole_history

    records = [
        event_record(
            name,
            aliases.get(series_and_edition(name)[0], ()),
            in_newest_words(facts, since_first=True),
            whole_history(facts, recorded.get(name, ())),
            contradictions(facts),
        )
        for name, facts in known.items()
    ]
    if session.format(fmt) == "csv":
        records = [flat_event(record) for record in records]
    print_records(session, records, (), fmt)


def _print_list(
    session: Session, events: Mapping[str, Mapping[Attribute, FactValue]], fmt: str | None
) -> None:
    """For people: an event a row, with what stands."""
    from diffing.wording import value_in_words

    rows: list[Row] = []
    for name, stands in events.items():
        row: Row = {"event": name}
        for kind in _SHOWN:
            row[kind.value] = value_in_words(kind, stands[kind]) if kind in stands else None
        rows.append(row)
    print_records(session, rows, ("event", *(kind.value for kind in _SHOWN)), fmt)


def _print_one(
    session: Session, facts: Sequence[KnownFact], recorded: Sequence[RecordedChange], fmt: str | None
) -> None:
    """For people: what stands of one event, then how it came to it, each with who said so and when."""
    from diffing.wording import headline, value_in_words
    from monitor.histories import in_newest_words, said_before, said_on, whole_history

    stands = in_newest_words(facts)
    rows: list[Row] = [
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
