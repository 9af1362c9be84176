"""`cstowatch reprocess`: what was captured before, read anew with today's rules."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.session import Session, pass_session

__all__ = ["reprocess"]


@click.command(short_help="Read what was captured before with today's rules, quietly.")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--sources",
    "file",
    type=click.Path(path_type=Path),
    help="The sources' file; default: the bundled official sites.",
)
@pass_session
def reprocess(session: Session, names: tuple[str, ...], file: Path | None) -> None:
    """Reads the stored pages of every source (or the named ones) anew, without asking the network.

    Better rules are not news: no change is recorded and no digest tells of it. What the pages showed
    and what was reported stays; `events --as-of` still answers with what was understood then. Run it
    after an upgrade of cstowatch or an edit of the gazetteer; doing so again changes nothing.

    \b
    Example:
      cstowatch reprocess csto-en
    """
    from diffing.wording import plain
    from monitor.commands.crawl import chosen_sources

    sources = chosen_sources(session.sources(file), names)
    gazetteer = session.gazetteer()
    with session.write_archive(create=False) as archive:
        from monitor.rereading import reprocess as read_anew

        done = read_anew(archive, sources, gazetteer, session.now)
    for url, reason in sorted(done.unreadable.items()):
        session.warn(f"{plain(url)} cannot be read any more, so what was read before stays: {plain(reason)}")
    session.say(f"Pages: {done.pages} read anew, {done.replaced} of them say something else now.")
