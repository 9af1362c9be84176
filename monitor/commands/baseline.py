"""`cstowatch baseline`: what is taken as known beside what was crawled."""

from __future__ import annotations

from pathlib import Path

import click

from diffing.model import JsonValue
from monitor.choices import LANGUAGE
from monitor.session import Session, pass_session
from monitor.tables import format_option, print_records

__all__ = ["baseline"]


@click.group(short_help="The baseline: add texts, list them.")
def baseline() -> None:
    """What is taken as known: the bundled briefing, then every text that is added here."""


@baseline.command(short_help="Take files as known.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--date", required=True, help="The day they were said.")
@click.option("--lang", type=LANGUAGE, help="Their language; by default their letters tell.")
@click.option("--url", help="Where they were said.")
@pass_session
def add(session: Session, files: tuple[Path, ...], date: str, lang: str | None, url: str | None) -> None:
    """Takes text, HTML or JSON lines as known; adding the same again changes nothing.

    \b
    Example:
      cstowatch baseline add briefing-2025-01-30.txt --date 2025-01-30 --lang en
    """
    from monitor.baselines import add_to_baseline, load_seeds
    from monitor.inputs import read_file
    from monitor.times import read_day

    said_on = read_day(date, session.now, session.config.timezone)
    texts = [text for path in files for text in read_file(path, None, lang, said_on)]
    gazetteer = session.gazetteer()
    with session.write_archive() as archive:
        load_seeds(archive, gazetteer, session.now)
        for text, added in add_to_baseline(archive, texts, gazetteer, session.now, url):
            count = len(text.statements)
            told = f"{count} statement{'' if count == 1 else 's'} added" if added else "already known"
            session.say(f"{text.origin}: {told}.")


@baseline.command("list", short_help="List what was taken as known.")
@format_option
@pass_session
def list_(session: Session, fmt: str | None) -> None:
    """Lists each text of the baseline with its date, language and origin.

    \b
    Example:
      cstowatch baseline list
    """
    with session.read_archive() as archive:
        texts = archive.baseline_list()
    records: list[dict[str, JsonValue]] = [
        {
            "origin": text.origin,
            "date": text.said_on.isoformat() if text.said_on else None,
            "lang": text.language,
            "url": text.url,
            "statements": text.statements,
        }
        for text in texts
    ]
    print_records(session, records, ("origin", "date", "lang", "statements", "url"), fmt)
