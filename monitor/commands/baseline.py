"""`cstowatch baseline`: what is taken as known beside what was crawled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from diffing.model import JsonValue
from monitor.choices import LANGUAGE
from monitor.session import Session, pass_session
from monitor.tables import format_option, print_records

if TYPE_CHECKING:
    from monitor.inputs import InputText

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
        found: dict[str, list[tuple[InputText, bool]]] = {}
        for text, added in add_to_baseline(archive, texts, gazetteer, session.now, url):
            found.setdefault(text.origin, []).append((text, added))
        for origin, of_file in found.items():
            session.say(f"{origin}: {_added(of_file)}.")


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
    alike, met = Counter(text.origin for text in texts), Counter[str]()
    records: list[dict[str, JsonValue]] = []
    for text in texts:
        met[text.origin] += 1
        # Each line of a file of JSON lines is a text of its own.
        number = f" #{met[text.origin]}" if alike[text.origin] > 1 else ""
        records.append(
            {
                "origin": text.origin + number,
                "date": text.said_on.isoformat() if text.said_on else None,
                "lang": text.language,
                "url": text.url,
                "statements": text.statements,
            }
        )
    print_records(session, records, ("origin", "date", "lang", "statements", "url"), fmt)


def _added(of_file: Sequence[tuple[InputText, bool]]) -> str:
    """What became of the texts of one file."""
    new = [text for text, added in of_file if added]
    if not new:
        return "already known"
    statements = _counted(sum(len(text.statements) for text in new), "statement")
    if len(of_file) == 1:
        return f"{statements} added"
    known = len(of_file) - len(new)
    return f"{_counted(len(new), 'text')}, {statements} added" + (f", {known} already known" if known else "")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
