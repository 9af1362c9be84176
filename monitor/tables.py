"""Records to text for people and programs: table, JSON, JSON lines, CSV, Markdown."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
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
_CELL = 300

# A table that goes into a file has no terminal to fit into, unless COLUMNS says how wide it shall be.
_PIPED_WIDTH = 160

# What Markdown takes for an address as it stands, in a cell of a table too.
_ADDRESS = re.compile(r"https?://[^\s<>|]+")

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
        return _json(list(records)) + "\n"
    if fmt == "jsonl":
        return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    if fmt == "csv":
        return _csv(records, columns)
    if fmt == "md":
        return _markdown(records, columns)
    return _table(records, columns)


def _json(records: list[Record]) -> str:
    """As the standard library indents it, in a tenth of its time: that was a third of `events` as JSON."""
    import orjson

    try:
        return orjson.dumps(records, option=orjson.OPT_INDENT_2).decode()
    except TypeError:
        # A lone surrogate, which it refuses: pages and file names can hold one.
        return json.dumps(records, ensure_ascii=False, indent=2)


def _csv(records: Sequence[Record], columns: Sequence[str]) -> str:
    names = list(dict.fromkeys(name for record in records for name in record)) or list(columns)
    if not names:
        return ""
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
    lines = [f"| {' | '.join(columns)} |", f"| {' | '.join('---' for _ in columns)} |"]
    lines += [f"| {' | '.join(_markdown_cell(record.get(name)) for name in columns)} |" for record in records]
    return "\n".join(lines) + "\n"


def _markdown_cell(value: JsonValue) -> str:
    from diffing.formats.markdown import escaped

    parts = value if isinstance(value, list) else [value]
    if parts and all(isinstance(part, str) and _ADDRESS.fullmatch(part) for part in parts):
        return " ".join(f"<{part}>" for part in parts)
    return escaped(_cell(value))


def _table(records: Sequence[Record], columns: Sequence[str]) -> str:
    from monitor.columns import in_columns

    if not records:
        return "Nothing found.\n"
    rows = [{name: shortened(_cell(record.get(name)), _CELL) for name in columns} for record in records]
    return in_columns(rows, columns, shutil.get_terminal_size((_PIPED_WIDTH, 24)).columns)


def _cell(value: JsonValue) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return plain("; ".join(str(item) for item in value))
    return plain(json.dumps(value, ensure_ascii=False))
