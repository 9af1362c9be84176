"""The digest as Markdown; what a page said can neither link, embed nor format."""

from __future__ import annotations

import re
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
from diffing.model import RecordedChange
from diffing.wording import kind_in_words, plain, shortened

__all__ = ["digest_markdown", "escaped"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&])")
_QUOTE_LENGTH = 400


def escaped(text: str) -> str:
    """Text that shows as itself in Markdown, whatever it holds."""
    return _SPECIAL.sub(r"\\\1", plain(text))


def digest_markdown(digest: Digest) -> str:
    """The digest as Markdown."""
    return "\n".join(_lines(digest)) + "\n"


def _lines(digest: Digest) -> Iterator[str]:
    yield f"# csto-watch digest, {period(digest)}"
    if digest.is_quiet:
        yield ""
        yield quiet_line(digest)
    for card in digest.events:
        yield ""
        yield from _event(card, digest)
    yield from _pages("Withdrawn pages", digest.withdrawn)
    yield from _pages("Edited pages", digest.edited)
    yield from _new(digest.new)
    yield ""
    yield "## Looked at"
    yield ""
    for source in digest.coverage:
        yield f"- {escaped(coverage_line(source))}"
    if line := dismissed_line(digest):
        yield ""
        yield line
    if digest.head:
        yield ""
        yield f"Evidence chain: `{digest.head}`"


def _event(card: EventCard, digest: Digest) -> Iterator[str]:
    yield f"## {escaped(', '.join(card.events))}"
    for recorded in card.shown:
        change = recorded.change
        yield ""
        first, *more_told = told(recorded)
        yield f"**{escaped(first)}**{_confirmed(recorded)}"
        yield ""
        yield from (f"- {escaped(line)}" for line in more_told)
        if total := in_all(recorded, digest):
            yield f"- {escaped(total)}"
        if shows_old(recorded):
            quotation = escaped(shortened(change.old_statements[0], _QUOTE_LENGTH))
            yield f"- was: “{quotation}” {_link(change.old_origin)}"
        if change.new_statements:
            yield f"- now: “{escaped(shortened(change.new_statements[0], _QUOTE_LENGTH))}”"
        yield f"- {_link(recorded.url)} {escaped(said(recorded))}"
        for url in recorded.also_seen:
            yield f"- also: {_link(url)}"


def _pages(heading: str, cards: Sequence[PageCard]) -> Iterator[str]:
    if not cards:
        return
    yield ""
    yield f"## {heading}"
    for card in cards:
        yield ""
        yield f"**{escaped(page_heading(card))}** {_link(card.url)}"
        yield ""
        for recorded in card.changes:
            change = recorded.change
            old = escaped(shortened(" ".join(change.old_statements), _QUOTE_LENGTH))
            new = escaped(shortened(" ".join(change.new_statements), _QUOTE_LENGTH))
            words = " → ".join(f"“{side}”" for side in (old, new) if side)
            yield f"- {kind_in_words(change.kind)}: {words}{_confirmed(recorded)}"


def _new(cards: Sequence[PageCard]) -> Iterator[str]:
    if not cards:
        return
    yield ""
    yield "## New statements"
    for card in cards[:NEW_PAGES_SHOWN]:
        yield ""
        yield f"**{escaped(page_heading(card))}** {_link(card.url)}"
        yield ""
        for recorded in card.changes[:STATEMENTS_SHOWN]:
            text = escaped(shortened(" ".join(recorded.change.new_statements), _QUOTE_LENGTH))
            yield f"- {text}{_confirmed(recorded)}"
        yield from more("- ", len(card.changes) - STATEMENTS_SHOWN, "statement")
    yield from more("\n", len(cards) - NEW_PAGES_SHOWN, "page")


def _confirmed(recorded: RecordedChange) -> str:
    words = confirmation(recorded)
    return f" {escaped(words)}" if words else ""


def _link(url: str | None) -> str:
    """The address as an autolink where it is one of the web, as text else."""
    if not url:
        return ""
    address = plain(url)
    if address.startswith(("http://", "https://")) and not re.search(r"[<>\s]", address):
        return f"<{address}>"
    return escaped(address)
