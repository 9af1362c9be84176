"""Files, standard input and addresses handed to a command, as texts ready to be judged or compared."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from diffing.guessing import guess_language
from diffing.languages import LANGUAGES
from diffing.model import Document, Statement
from diffing.normal import normalise
from diffing.statements import blocks_of_text, split
from monitor.errors import InvalidInput

__all__ = ["InputText", "read_file", "read_jsonl", "read_stdin", "single_statement"]

# A file's name often carries the day it was published; nothing else dates a plain text.
_DAY_IN_NAME = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)")
_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
_JSONL_SUFFIXES = frozenset({".jsonl", ".ndjson"})


@dataclass(frozen=True, slots=True, kw_only=True)
class InputText:
    """One text: where it came from, when it was said (None: nothing dates it), its statements.

    `of_line`: it is a line of JSON lines, which `check` judges as one statement.
    """

    origin: str
    language: str
    said_on: dt.date | None
    title: str | None = None
    of_line: bool = False
    statements: tuple[Statement, ...] = field(repr=False)


def read_file(
    path: Path, kind: str | None, language: str | None, said_on: dt.date | None
) -> tuple[InputText, ...]:
    """The texts of a file; `kind` None: by its ending, text where that says nothing.

    Raises InvalidInput where it cannot be read as that.
    """
    try:
        body = path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read ({error.strerror}); name an existing file.") from error
    suffix = path.suffix.lower()
    if kind is None:
        kind = "html" if suffix in _HTML_SUFFIXES else "jsonl" if suffix in _JSONL_SUFFIXES else "text"
    in_name = _DAY_IN_NAME.search(path.stem)
    said_on = said_on or (_day(in_name[1]) if in_name else None)
    return read_bytes(body, kind, path.stem, str(path), language, said_on)


def read_stdin(kind: str | None, language: str | None, said_on: dt.date | None) -> tuple[InputText, ...]:
    """The texts of standard input; `kind` None: HTML where it begins with a tag, else text."""
    body = sys.stdin.buffer.read()
    if kind is None:
        kind = "html" if body.lstrip()[:1] == b"<" else "text"
    return read_bytes(body, kind, "stdin", "standard input", language, said_on)


def read_bytes(
    body: bytes, kind: str, origin: str, name: str, language: str | None, said_on: dt.date | None
) -> tuple[InputText, ...]:
    """The texts in `body`, read as `kind`; `name` is what an error calls it. Raises InvalidInput."""
    if kind == "html":
        return (_html(body, origin, name, language, said_on),)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"{name} is not UTF-8 (byte {error.start}); convert it or use --input html."
        ) from error
    if kind == "jsonl":
        return tuple(read_jsonl(text, origin, name, language, said_on))
    language = language or guess_language(text)
    document = Document(
        language=language,
        title=None,
        published=said_on,
        published_evidence="given" if said_on else None,
        blocks=blocks_of_text(text),
    )
    return (InputText(origin=origin, language=language, said_on=said_on, statements=split(document)),)


def read_jsonl(
    text: str, origin: str, name: str, language: str | None, said_on: dt.date | None
) -> Iterator[InputText]:
    """One text a line, `{"text", "date", "lang"}`; a line's own date and language win.

    Raises InvalidInput with every faulty line of the file.
    """
    faults: list[str] = []
    found: list[InputText] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(_json_line(line, origin, language, said_on))
        except ValueError as error:
            faults.append(f"line {number}: {error}")
    if faults:
        more = f"; and {len(faults) - 5} more" if len(faults) > 5 else ""
        raise InvalidInput(
            f'{name} is not JSON lines of {{"text", "date", "lang"}}: {"; ".join(faults[:5])}{more}'
        )
    yield from found


def _json_line(line: str, origin: str, language: str | None, said_on: dt.date | None) -> InputText:
    row = json.loads(line)
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise ValueError('no "text"')  # noqa: TRY004 - one kind of error gathers all faults of a line
    lang = row.get("lang") or language or guess_language(row["text"])
    if lang not in LANGUAGES:
        raise ValueError(f"no language {lang!r}; known: {', '.join(LANGUAGES)}")
    day = dt.date.fromisoformat(str(row["date"])[:10]) if row.get("date") else said_on
    document = Document(
        language=lang,
        title=None,
        published=day,
        published_evidence="given" if day else None,
        blocks=blocks_of_text(row["text"]),
    )
    return InputText(origin=origin, language=lang, said_on=day, of_line=True, statements=split(document))


def single_statement(text: InputText) -> InputText:
    """The same text as one statement, whatever its sentences."""
    if not text.statements:
        return text
    whole = " ".join(statement.text for statement in text.statements)
    lead_in = text.statements[0].lead_in
    return InputText(
        origin=text.origin,
        language=text.language,
        said_on=text.said_on,
        title=text.title,
        statements=(
            Statement(
                index=0,
                text=f"{lead_in} {whole}" if lead_in else whole,
                normal=normalise(whole),
                language=text.language,
            ),
        ),
    )


def _html(body: bytes, origin: str, name: str, language: str | None, said_on: dt.date | None) -> InputText:
    from crawler.errors import NothingReadable
    from crawler.extraction import read_html

    try:
        document = read_html(body, language=language)
    except NothingReadable as error:
        raise InvalidInput(f"{name} holds no readable article: {error}") from error
    return InputText(
        origin=origin,
        language=document.language,
        said_on=said_on or document.published,
        title=document.title,
        statements=split(document),
    )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
