"""`cstowatch check`: judges any text against what is known, storing nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from diffing.model import Gazetteer, JsonValue, Judgement, Known
from monitor.choices import LANGUAGE
from monitor.session import Session, pass_session
from monitor.tables import format_option, print_records

if TYPE_CHECKING:
    from monitor.inputs import InputText

__all__ = ["check"]

_COLUMNS = ("verdict", "statement", "says", "closest")


@click.command(short_help="Judge a text against what is known, storing nothing.")
@click.argument("inputs", nargs=-1, metavar="[FILE|URL|-]...")
@click.option(
    "--input",
    "kind",
    type=click.Choice(["text", "html", "jsonl"]),
    help="What the input is; by default its ending tells.",
)
@click.option(
    "--baseline",
    "baselines",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Judge against these files only (text, HTML or JSON lines); no database is needed. May be repeated.",
)
@click.option(
    "--date",
    help="The day the text was said; by default the day in its file name or on its page, else today.",
)
@click.option("--lang", type=LANGUAGE, help="Its language; by default its letters tell.")
@format_option
@pass_session
def check(
    session: Session,
    inputs: tuple[str, ...],
    kind: str | None,
    baselines: tuple[Path, ...],
    date: str | None,
    lang: str | None,
    fmt: str | None,
) -> None:
    """Judges every statement of a text: new, changed, updated, restated or unrelated.

    Without FILE it reads standard input. Of JSON lines (a file ending in .jsonl, or `--input jsonl`)
    each line is one statement. As csv one row a statement and event.

    \b
    Example:
      echo "Rubezh-2025 will be held from 17 to 20 September." | cstowatch check - --date 2025-09-11
    """
    from diffing.formats.records import judgement_record
    from monitor.flat import flat_judgements
    from monitor.times import read_day

    said_on = read_day(date, session.now, session.config.timezone) if date else None
    gazetteer = session.gazetteer()
    known = _known(session, baselines, gazetteer, lang)
    judgements = [
        judgement
        for text in _texts(session, inputs or ("-",), kind, lang, said_on)
        for judgement in _judge(text, known, said_on or text.said_on or session.now.date(), gazetteer)
    ]
    if session.format(fmt) in {"table", "md"}:
        print_records(session, [_row(judgement) for judgement in judgements], _COLUMNS, fmt)
        return
    records = [judgement_record(judgement) for judgement in judgements]
    if session.format(fmt) == "csv":
        records = [row for record in records for row in flat_judgements(record)]
    print_records(session, records, (), fmt)


def _judge(text: InputText, known: Known, said_on: dt.date, gazetteer: Gazetteer) -> tuple[Judgement, ...]:
    from diffing.judging import judge_text
    from monitor.inputs import single_statement

    if text.of_line:
        text = single_statement(text)
        said_on = text.said_on or said_on
    return judge_text(text.statements, known, said_on, gazetteer, text.title)


def _texts(
    session: Session, inputs: Sequence[str], kind: str | None, lang: str | None, said_on: dt.date | None
) -> Iterator[InputText]:
    from monitor.inputs import read_file, read_stdin

    for name in inputs:
        if name == "-":
            yield from read_stdin(kind, lang, said_on)
        elif name.startswith(("http://", "https://")):
            yield _fetched(session, name, lang, said_on)
        else:
            yield from read_file(Path(name), kind, lang, said_on)


def _fetched(session: Session, url: str, lang: str | None, said_on: dt.date | None) -> InputText:
    from monitor.fetching import fetch_text

    return fetch_text(session, url, lang, said_on)


def _known(session: Session, baselines: Sequence[Path], gazetteer: Gazetteer, lang: str | None) -> Known:
    from monitor.baselines import known_of_files, known_of_seeds

    if baselines:
        return known_of_files(baselines, gazetteer, lang)
    if session.config.database.is_file():
        return session.read_archive().known()
    return known_of_seeds(gazetteer)


def _row(judgement: Judgement) -> dict[str, JsonValue]:
    """A judgement on one line, for people: what it changes, else what it says, and what it is close to."""
    from diffing.wording import headline, value_in_words

    told = [f"{change.event}: {headline(change)}" for change in judgement.changes if change.of_event] or [
        f"{fact.event}: {value_in_words(fact.attribute, fact.value)}" for fact in judgement.facts
    ]
    match = judgement.match
    return {
        "verdict": judgement.verdict.value,
        "statement": judgement.statement.full_text,
        "says": "; ".join(told),
        "closest": f"{match.score:.0f}: {match.statement.text}" if match else None,
    }
