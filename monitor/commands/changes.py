"""`cstowatch changes`: the diff history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from diffing.model import ChangeKind, JsonValue, RecordedChange, Significance
from monitor.session import Session, pass_session
from monitor.tables import format_option, print_records

if TYPE_CHECKING:
    from storage.archive import Archive

__all__ = ["changes"]

# Of each side of an edit; the other formats and `diff` hold the whole.
_WORDS_SHOWN = 80


@click.command(short_help="The diff history.")
@click.option("--since", help="From this time on: 2025-09-11, 2025-09-11T06:00Z, yesterday, 7d.")
@click.option("--until", help="Up to this time; a day counts whole.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([kind.value for kind in ChangeKind]),
    help="May be repeated.",
)
@click.option(
    "--event",
    help="Of this event, under any of its names: Rubezh-2025, Frontier-2025; Rubezh is all editions.",
)
@click.option("--source", help="Seen on this source.")
@click.option("--url", help="Seen on this page.")
@click.option(
    "--significance",
    "significances",
    multiple=True,
    type=click.Choice([s.value for s in Significance]),
    help="May be repeated.",
)
@click.option("--limit", type=click.IntRange(min=1), help="At most so many, the newest.")
@format_option
@pass_session
def changes(
    session: Session,
    since: str | None,
    until: str | None,
    kinds: tuple[str, ...],
    event: str | None,
    source: str | None,
    url: str | None,
    significances: tuple[str, ...],
    limit: int | None,
    fmt: str | None,
) -> None:
    """Lists what changed, newest first, with both quotations.

    \b
    Example:
      cstowatch changes --since 7d --significance high
    """
    from crawler.urls import canonical
    from diffing.formats.records import change_record
    from monitor.flat import flat_change
    from monitor.times import end_of, start_of

    zone = session.config.timezone
    with session.read_archive() as archive:
        found = archive.changes(
            since=start_of(since, session.now, zone) if since else None,
            until=end_of(until, session.now, zone) if until else None,
            kinds=tuple(ChangeKind(kind) for kind in kinds),
            events=_events(session, archive, event) if event else (),
            source=_source(session, archive, source) if source else None,
            url=archive.address_today(canonical(url)) if url else None,
            significances=tuple(Significance(name) for name in significances),
            limit=limit,
        )
    if session.format(fmt) in {"table", "md"}:
        rows = [_row(change) for change in found]
        print_records(session, rows, ("id", "detected", "significance", "event", "change", "url"), fmt)
        return
    records = [change_record(change) for change in found]
    if session.format(fmt) == "csv":
        records = [flat_change(record) for record in records]
    print_records(session, records, (), fmt)


def _events(session: Session, archive: Archive, text: str) -> tuple[str, ...]:
    """The keys of the events that are meant. Raises InvalidInput where nothing is known of any such."""
    from monitor.names import editions, event_key

    gazetteer, today = session.gazetteer(), session.now.date()
    known = set(archive.event_names())
    # What was told of an event stays told, even where it is understood otherwise today.
    if archive.changes(event=(key := event_key(text, gazetteer, today)), limit=1):
        known.add(key)
    return editions(text, gazetteer, today, sorted(known))


def _source(session: Session, archive: Archive, name: str) -> str:
    """The source's name. Raises InvalidInput where neither the database nor the sources' file has it."""
    from monitor.names import known_source

    if archive.changes(source=name, limit=1):
        return name
    listed = [source.source for source in archive.source_health()]
    return known_source(name, dict.fromkeys((*listed, *(source.name for source in session.sources()))))


def _row(recorded: RecordedChange) -> dict[str, JsonValue]:
    """A change on one line, for people; a change of a page shows the words that came or went."""
    from diffing.wording import headline, shortened

    change = recorded.change
    # The statement that a new one is closest to is no part of what happened.
    old = () if change.kind is ChangeKind.STATEMENT_NEW else change.old_statements
    words = " → ".join(
        shortened(" ".join(side), _WORDS_SHOWN) for side in (old, change.new_statements) if side
    )
    told = headline(change)
    return {
        "id": recorded.id,
        "detected": f"{recorded.detected:%Y-%m-%d}",
        "significance": change.significance.value,
        "event": change.event,
        "change": (f"{told}: {words}" if words and not change.of_event else told)
        + (f" [{recorded.note.ruling}: {recorded.note.why}]" if recorded.note else ""),
        "url": recorded.url,
    }
