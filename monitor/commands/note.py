"""`cstowatch note`: an editor's word on a change."""

from __future__ import annotations

import click

from diffing.model import Ruling
from monitor.errors import InvalidInput
from monitor.session import Session, pass_session

__all__ = ["note"]


@click.command(short_help="An editor's word on a change: it is true, or it is none.")
@click.argument("change", metavar="ID", type=click.IntRange(min=1))
@click.option("--confirm", "confirmed", metavar="WHY", help="The change is true: digests say so, with WHY.")
@click.option("--dismiss", "dismissed", metavar="WHY", help="It is no change: digests leave it out.")
@pass_session
def note(session: Session, change: int, confirmed: str | None, dismissed: str | None) -> None:
    """Keeps a note on change ID, the number that `cstowatch changes` shows; the newest note counts.

    Nothing is taken away: `changes` shows a dismissed change with its note, digests count it.

    \b
    Example:
      cstowatch note 41 --dismiss "the page repeats the plan of January"
    """
    if (confirmed is None) == (dismissed is None):
        raise InvalidInput("Give either --confirm or --dismiss, with the reason.")
    ruling = Ruling.DISMISSED if confirmed is None else Ruling.CONFIRMED
    why = " ".join((confirmed or dismissed or "").split())
    if not why:
        raise InvalidInput("Say why: a note without a reason helps nobody later.")
    with session.write_beside() as archive:
        if not archive.record_note(change, ruling, why, session.now):
            raise InvalidInput(f"There is no change {change}; `cstowatch changes` shows their numbers.")
    session.say(f"Change {change} is {ruling.value}.")
