"""The digest as plain text for a terminal or a mail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diffing.digest import Digest, EventCard, PageCard
from diffing.formats.layout import (
    NEW_PAGES_SHOWN,
    STATEMENTS_SHOWN,
    confirmation,
    coverage_line,
    dismissed_line,
    in_all,
    more,
    page_heading,
    period,
    quiet_line,
    said,
    shows_old,
    told,
)
from diffing.model import RecordedChange, Significance
from diffing.wording import kind_in_words, plain, shortened

__all__ = ["digest_text"]

_MARKS = {Significance.HIGH: "!!", Significance.MEDIUM: " *", Significance.LOW: "  "}
_QUOTE_LENGTH = 240


def digest_text(digest: Digest) -> str:
    """The digest as lines of text; holds no control character, whatever a page contained."""
    return "\n".join(_lines(digest)) + "\n"


def _lines(digest: Digest) -> Iterator[str]:
    title = f"csto-watch digest, {period(digest)}"
    yield title
    yield "=" * len(title)
    if digest.is_quiet:
        yield ""
        yield quiet_line(digest)
    if digest.events:
        yield ""
        yield "!! matters most, * matters"
    for card in digest.events:
        yield ""
        yield from _event(card, digest)
    yield from _pages("Withdrawn pages", digest.withdrawn)
    yield from _pages("Edited pages", digest.edited)
    yield from _new(digest.new)
    yield ""
    yield "Looked at"
    for source in digest.coverage:
        yield f"  {coverage_line(source)}"
    if not digest.coverage:
        yield "  no source in this period"
    if line := dismissed_line(digest):
        yield line
    if digest.head:
        yield f"Evidence chain: {digest.head}"


def _event(card: EventCard, digest: Digest) -> Iterator[str]:
    yield plain(", ".join(card.events))
    for recorded in card.shown:
        first, *more_told = told(recorded)
        yield f"{_MARKS[recorded.change.significance]} {first}{confirmation(recorded)}"
        yield from (f"     {line}" for line in more_told)
        if total := in_all(recorded, digest):
            yield f"     {total}"
        yield from _quotations(recorded)


def _quotations(recorded: RecordedChange) -> Iterator[str]:
    change = recorded.change
    if shows_old(recorded):
        yield f"     was: “{shortened(change.old_statements[0], _QUOTE_LENGTH)}”"
        if change.old_origin:
            yield f"          {plain(change.old_origin)}"
    if change.new_statements:
        yield f"     now: “{shortened(change.new_statements[0], _QUOTE_LENGTH)}”"
    if recorded.url:
        yield f"          {plain(recorded.url)} {said(recorded)}"
    for url in recorded.also_seen:
        yield f"          also: {plain(url)}"


def _pages(heading: str, cards: Sequence[PageCard]) -> Iterator[str]:
    if not cards:
        return
    yield ""
    yield heading
    for card in cards:
        yield f"  {page_heading(card)}"
        yield f"     {plain(card.url)}"
        for recorded in card.changes:
            change = recorded.change
            yield f"   {_MARKS[change.significance]} {kind_in_words(change.kind)}{confirmation(recorded)}"
            if change.old_statements:
                yield f"     was: “{shortened(' '.join(change.old_statements), _QUOTE_LENGTH)}”"
            if change.new_statements:
                yield f"     now: “{shortened(' '.join(change.new_statements), _QUOTE_LENGTH)}”"


def _new(cards: Sequence[PageCard]) -> Iterator[str]:
    if not cards:
        return
    yield ""
    yield "New statements"
    for card in cards[:NEW_PAGES_SHOWN]:
        yield f"  {page_heading(card)}"
        yield f"     {plain(card.url)}"
        for url in card.also_seen:
            yield f"     also: {plain(url)}"
        for recorded in card.changes[:STATEMENTS_SHOWN]:
            mark = _MARKS[recorded.change.significance]
            text = shortened(" ".join(recorded.change.new_statements), _QUOTE_LENGTH)
            yield f"  {mark} {text}{confirmation(recorded)}"
        yield from more("     ", len(card.changes) - STATEMENTS_SHOWN, "statement")
    yield from more("  ", len(cards) - NEW_PAGES_SHOWN, "page")
