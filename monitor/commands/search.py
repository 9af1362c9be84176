"""`cstowatch search`: statements by their words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from diffing.model import JsonValue
from monitor.choices import LANGUAGE
from monitor.errors import InvalidInput
from monitor.session import Session, pass_session
from monitor.tables import format_option, print_records

if TYPE_CHECKING:
    from storage.records import SearchHit

__all__ = ["search"]


@click.command(short_help="Full text over statements of all revisions.")
@click.argument("query")
@click.option("--since", help="Captured from this time on.")
@click.option("--lang", type=LANGUAGE, help="In this language only.")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True, help="At most so many.")
@format_option
@pass_session
def search(
    session: Session, query: str, since: str | None, lang: str | None, limit: int, fmt: str | None
) -> None:
    """Finds statements by their words, in every revision of every page.

    QUERY is words: a statement is found when all of them occur in it, in any order, each as the
    beginning of a word ("train" finds training and trainings; a Russian word is found in its other
    cases, too). Letter case, ё and quotation marks make no difference; there are neither phrases nor
    operators. Texts of the baseline are no pages, and not searched.

    \b
    Example:
      cstowatch search "Edelweiss" --lang en
    """
    from monitor.times import start_of

    if not (words := _stems(query)):
        raise InvalidInput("There is no word to search for; give one that is to occur in a statement.")
    start = start_of(since, session.now, session.config.timezone) if since else None
    with session.read_archive() as archive:
        found = archive.search(words, since=start, language=lang, limit=limit)
    print_records(
        session,
        [_hit_record(hit) for hit in found],
        ("published", "source", "statement", "url", "revision"),
        fmt,
    )


def _stems(query: str) -> str:
    """The query's words without what their case adds; the index finds whatever begins so."""
    from diffing.normal import normalise
    from diffing.phrases import stem

    return " ".join(stem(word) for word in re.findall(r"\w+", normalise(query)))


def _hit_record(hit: SearchHit) -> dict[str, JsonValue]:
    from diffing.formats.records import stamp

    return {
        "statement": hit.statement,
        "url": hit.url,
        "source": hit.source,
        "lang": hit.language,
        "published": hit.published.isoformat() if hit.published else None,
        "captured": stamp(hit.captured),
        "revision": hit.revision,
    }
