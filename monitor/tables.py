"""Records to text for people and programs: table, JSON, JSON lines, CSV, Markdown."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

import click

from diffing.model import JsonValue
from diffing.wording import plain, shortened

if TYPE_CHECKING:
    from monitor.session import Session

__all__ = ["ROW_FORMATS", "format_option", "print_records", "render_rows"]

ROW_FORMATS = ("table", "json", "jsonl", "csv", "md")

Record = Mapping[str, JsonValue]
_Command = TypeVar("_Command", bound=Callable[..., object])

# Longer cells make a table unreadable; the other formats hold everything.
_CELL = 100
_UNBROKEN = frozenset({"id", "detected", "said", "published", "event", "window", "significance", "source"})

# A table that goes into a file has no terminal to fit into.
_PIPED_WIDTH = 160

# A spreadsheet runs what begins with one of these; the apostrophe makes it text.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def format_option(command: _Command) -> _Command:
    """The `--format` that every command with rows shares."""
    return click.option(
        "--format", "fmt", type=click.Choice(ROW_FORMATS), help="Default: table on a terminal, else json."
    )(command)


def print_records(
    session: Session, records: Sequence[Record], columns: Sequence[str], fmt: str | None
) -> None:
    """Writes the records to stdout in the chosen format."""
    click.echo(render_rows(records, columns, session.format(fmt)), nl=False)


def render_rows(records: Sequence[Record], columns: Sequence[str], fmt: str) -> str:
    """The records as text; `columns` are those that a table or Markdown shows, in this order."""
    if fmt == "json":
        return json.dumps(list(records), ensure_ascii=False, indent=2) + "\n"
    if fmt == "jsonl":
        return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    if fmt == "csv":
        return _csv(records, columns)
    if fmt == "md":
        return _markdown(records, columns)
    return _table(records, columns)


def _csv(records: Sequence[Record], columns: Sequence[str]) -> str:
    names = list(dict.fromkeys(name for record in records for name in record)) or list(columns)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for record in records:
        writer.writerow(_spreadsheet_cell(record.get(name)) for name in names)
    return out.getvalue()


def _spreadsheet_cell(value: JsonValue) -> str | int | float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = _cell(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _markdown(records: Sequence[Record], columns: Sequence[str]) -> str:
    from diffing.formats.markdown import escaped

    lines = [f"| {' | '.join(columns)} |", f"| {' | '.join('---' for _ in columns)} |"]
    lines += [f"| {' | '.join(escaped(_cell(record.get(name))) for name in columns)} |" for record in records]
    return "\n".join(lines) + "\n"


def _table(records: Sequence[Record], columns: Sequence[str]) -> str:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not records:
        return "Nothing found.\n"
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        # An address cut short cannot be followed; what people compare must not wrap.
        table.add_column(name.replace("_", " "), overflow="fold", no_wrap=name in _UNBROKEN)
    for record in records:
        table.add_row(*(Text(shortened(_cell(record.get(name)), _CELL)) for name in columns))
    out = io.StringIO()
    Console(file=out, width=None if sys.stdout.isatty() else _PIPED_WIDTH).print(table)
    return out.getvalue()


def _cell(value: JsonValue) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict) and {"start", "end"} <= value.keys():
        start, end = str(value["start"]), str(value["end"])
        return start if start == end else f"{start}..{end}"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return plain("; ".join(str(item) for item in value))
    return json.dumps(value, ensure_ascii=False)
