"""The page's own title: which heading it is, and where it stands among the pieces."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.etree import _Element

from crawler.dates import trailing_date
from crawler.decoding import printable
from crawler.pieces import Piece, squeezed

__all__ = ["is_title", "own_title"]

_SITE_SEPARATOR = re.compile(r"\s+[|–—·»«/•-]\s+|\s*::\s*|\s*\|\s*")
SHORTEST_TITLE = 8
"""Characters below which a part of `<title>` is a rubric or a site name."""


def own_title(root: _Element, pieces: Sequence[Piece]) -> str | None:
    """The title without the site's name, as the page shows it; None: it has none.

    A heading that the page's head also names wins; then the only `<h1>`; then `og:title`; then `<title>`.
    """
    stated = _stated_titles(root)
    by_key = {squeezed(text).casefold(): text for text in reversed(stated)}
    headings = [piece for piece in pieces if piece.level and len(piece.text) >= 3]
    for piece in sorted(headings, key=lambda piece: piece.level):
        text = _undated(piece.text)
        if squeezed(text).casefold() in by_key:
            return text
    shown = {squeezed(_undated(piece.text)).casefold() for piece in pieces if len(piece.text) <= 400}
    for text in stated:
        if len(text) >= SHORTEST_TITLE and squeezed(text).casefold() in shown:
            return text
    first = [piece for piece in headings if piece.level == 1]
    if len({piece.key for piece in first}) == 1:
        return _undated(first[0].text)
    return stated[0] if stated else None


def is_title(piece: Piece, title_key: str) -> bool:
    """True where the piece is the title, alone or with a date behind it."""
    if not len(title_key) <= len(piece.key) <= len(title_key) + 40:
        return False
    return piece.key.casefold() == title_key or squeezed(_undated(piece.text)).casefold() == title_key


def _undated(text: str) -> str:
    found = trailing_date(text)
    return text if found is None else found[0]


def _stated_titles(root: _Element) -> list[str]:
    """What the page's head calls the page, most trusted first, each also without the site's name."""
    stated: list[str] = []
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").casefold()
        if name in {"og:title", "twitter:title"}:
            stated += _with_parts(meta.get("content") or "")
    title = next(iter(root.iter("title")), None)
    if title is not None:
        stated += _with_parts("".join(title.itertext()))
    return list(dict.fromkeys(stated))


def _with_parts(text: str) -> list[str]:
    """The text whole, and cut at its separators from the front and from the back, longest first."""
    text = " ".join(printable(text[:1000]).split())
    if not text:
        return []
    cuts = [found.span() for found in _SITE_SEPARATOR.finditer(text)][:6]
    parts = [text[:start].strip() for start, _ in cuts] + [text[end:].strip() for _, end in cuts]
    parts = sorted((part for part in parts if len(part) >= SHORTEST_TITLE), key=len, reverse=True)
    return [*parts, text] if parts else [text]
