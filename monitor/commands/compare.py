"""`cstowatch diff`: two revisions of a page, or two files, statement by statement and word by word."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from diffing.model import RevisionOrigin
from monitor.errors import InvalidInput
from monitor.session import Session, pass_session

if TYPE_CHECKING:
    from diffing.model import Revision, Statement

__all__ = ["diff"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """One side of a comparison; `revision` is None for a file."""

    name: str
    title: str | None
    statements: tuple[Statement, ...]
    revision: Revision | None = None


@click.command(short_help="Two revisions of a page, word by word.")
@click.argument("what", nargs=-1, required=True, metavar="URL | OLD_FILE NEW_FILE")
@click.option("--from", "old", help="Revision number, or a time; default: the one before the last.")
@click.option("--to", "new", help="Revision number, or a time; default: the last.")
@click.option(
    "--format", "fmt", type=click.Choice(["term", "html", "json"]), default="term", show_default=True
)
@pass_session
def diff(session: Session, what: tuple[str, ...], old: str | None, new: str | None, fmt: str) -> None:
    """Compares two revisions of a page that was crawled, or any two HTML or text files.

    \b
    Example:
      cstowatch diff https://en.odkb-csto.org/news/news_odkb/some-page/ --from 1 --to 2
      cstowatch diff before.html after.html --format html > diff.html
    """
    if len(what) == 2 and not old and not new:
        sides = _of_file(Path(what[0])), _of_file(Path(what[1]))
        url = what[1]
    elif len(what) == 1:
        from crawler.urls import canonical

        url = canonical(what[0])
        sides = _of_page(session, url, old, new)
    else:
        raise InvalidInput("Give one URL, with --from and --to if wanted, or two files.")
    if sides[0].revision is not None and sides[0].revision == sides[1].revision:
        session.say(f"{_why_alone(sides[0].revision, old, new)}; nothing is compared: {sides[0].name}.")
        if fmt == "term":
            return
    click.echo(_rendered(url, *sides, fmt), nl=False)


def _of_file(path: Path) -> _Side:
    from monitor.inputs import read_file

    texts = read_file(path, None, None, None)
    statements = tuple(statement for text in texts for statement in text.statements)
    return _Side(name=str(path), title=texts[0].title if texts else None, statements=statements)


def _why_alone(revision: Revision, old: str | None, new: str | None) -> str:
    """Why both sides are the same revision."""
    if old and new:
        return "Both sides are one revision"
    return (
        "Only one revision is kept" if revision.number == 1 and not new else "No revision before it is kept"
    )


def _of_page(session: Session, url: str, old: str | None, new: str | None) -> tuple[_Side, _Side]:
    with session.read_archive() as archive:
        url = archive.address_today(url)
        known = archive.revisions(url)
        if not known:
            from monitor.names import near_page

            raise InvalidInput(f"No revision of {url} is kept; {near_page(url, archive.urls())}")
        newer = _number(session, new, known, known[-1].number)
        older = _number(session, old, known, max(1, newer - 1))
        return tuple(  # type: ignore[return-value]
            _Side(
                name=f"revision {number}, captured {revision.captured_at:%Y-%m-%d %H:%MZ}"
                + (", read anew" if revision.origin is RevisionOrigin.UPGRADE else ""),
                title=revision.title,
                statements=revision.statements,
                revision=revision,
            )
            for number in (older, newer)
            if (revision := archive.revision(url, number)) is not None
        )


def _number(session: Session, text: str | None, known: Sequence[Revision], default: int) -> int:
    """The number of the revision that `text` names: a number, or the one that stood at a time."""
    from monitor.times import end_of

    if text is None:
        return default
    numbers = [revision.number for revision in known]
    if text.isdigit() and len(text) < 5:
        if int(text) not in numbers:
            raise InvalidInput(f"No revision {text} is kept; there are {numbers[0]} to {numbers[-1]}.")
        return int(text)
    moment = end_of(text, session.now, session.config.timezone)
    standing = [revision.number for revision in known if revision.captured_at <= moment]
    if not standing:
        raise InvalidInput(
            f"Nothing of this page was kept by {text}; "
            f"its first revision is of {known[0].captured_at:%Y-%m-%d %H:%MZ}."
        )
    return standing[-1]


def _rendered(url: str, old: _Side, new: _Side, fmt: str) -> str:
    from diffing.alignment import align
    from diffing.formats.records import diff_record

    diffs = align(old.statements, new.statements)
    if fmt == "json":
        record = diff_record(url, old.revision, new.revision, (old.title, new.title), diffs)
        return json.dumps(record, ensure_ascii=False, indent=2) + "\n"
    if fmt == "html":
        from diffing.formats.webpage import diff_webpage

        # The page has no place for titles of its own, so each side is named with its title where they differ.
        was, now = (f"{side.name}: {side.title or 'no title'}" for side in (old, new))
        same = old.title == new.title
        return diff_webpage(url, old.name if same else was, new.name if same else now, diffs)
    from monitor.terminal import diff_in_terminal

    return diff_in_terminal(url, old.name, new.name, diffs, (old.title, new.title))
