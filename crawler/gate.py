"""Whether a 200 is the article: walls, maintenance, soft 404s, and texts that collapsed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.glances import TAME_SIZE
from crawler.visible import visible_text
from crawler.walls import kind_of_wall, says_it_is_faulty
from diffing.model import Document, Fetched, Revision

__all__ = ["hold", "refusal"]

SHORT_PAGE = 900
"""Characters of text up to which a page may be a wall: real walls measured 30 to 600, articles mostly more.

Above it no words of a wall count, so that an article about captchas or maintenance passes.
"""

SHORT_WHOLE = 3_000
"""Characters of all that a page shows up to which a fault that it tells of outside its text is believed."""

COLLAPSED_TO = 0.4
"""Share of the last revision's text below which an extraction is not believed.

Taking half of an article away is an edit that was seen; four fifths going is a broken template or a cut.
Set by hand on hand-made cases; measure again with tests/crawler/test_gate.py.
"""

SMALLEST_TO_COLLAPSE = 300
"""Characters that the last revision must have for its loss to be a collapse rather than an edit."""

SUSPECT_SHARE, LEAST_SUSPECT = 0.2, 2
"""More than this share of a source's pages, and so many at least, suspect in a run: hold its changes."""

SAME_TEXT_PAGES = 3
"""Addresses with one and the same text from which it is a wall or a soft 404, not three articles."""

_CUT_FLAGS = frozenset({"partial", "dataloss", "truncated", "download_stopped"})
_WORDS = re.compile(r"\w{4,}")


def refusal(
    fetched: Fetched,
    document: Document | None,
    last: Revision | None,
    *,
    unreadable: str | None = None,
    language: str | None = None,
) -> str | None:
    """Why an answer is not the article, in one line; None: it is.

    `document` None: nothing could be read, and `unreadable` says why. `last` is the page's last good
    revision (None: first visit). `language` is the source's.
    """
    if fetched.status is None:
        return fetched.error or "no answer came"
    if fetched.status not in {200, 203}:
        return f"the answer has status {fetched.status}"
    if (cut := _cut_off(fetched)) is not None:
        return cut
    if document is None and len(fetched.body) > TAME_SIZE:
        return unreadable or "no text of an article was found on the page"
    shown = _text(document) if document is not None else visible_text(fetched.body, fetched.headers)
    titled = f"{document.title or ''}\n{shown}" if document is not None else shown
    if (document is None or document.published is None) and len(shown) <= SHORT_PAGE:
        if (wall := kind_of_wall(titled.split("\n", 3)[:3], titled[: SHORT_PAGE + 400])) is not None:
            return wall
        whole = visible_text(fetched.body, fetched.headers)
        if len(whole) <= SHORT_WHOLE and (fault := says_it_is_faulty(whole)) is not None:
            return fault
    if document is None:
        return unreadable or "no text of an article was found on the page"
    if not document.blocks:
        return "no text of an article was found on the page"
    if language is not None and document.language != language:
        return f"the page is in another language: {document.language} instead of {language}"
    return None if last is None else _collapsed(fetched, document, shown, last)


def hold(suspect: int, visited: int) -> bool:
    """True when so many of a source's pages look wrong in one run that the fault is the site's or ours."""
    return suspect >= LEAST_SUSPECT and suspect > SUSPECT_SHARE * visited


def _text(document: Document) -> str:
    return "\n".join(block.text for block in document.blocks)


def _cut_off(fetched: Fetched) -> str | None:
    """Why the body is not whole; None: as far as can be seen it is."""
    flags = _CUT_FLAGS & set(fetched.flags)
    if fetched.header("content-encoding") is None and fetched.header("content-length") is None:
        # Scrapy flags every answer that ends with its connection, as HTTP/1.0 servers have them end.
        flags -= {"partial"}
    if flags:
        return f"the body was cut off on the way ({', '.join(sorted(flags))})"
    stated = fetched.header("content-length") or ""
    if (
        stated.isdecimal()
        and len(stated) < 12
        and fetched.header("content-encoding") is None
        and len(fetched.body) < int(stated)
    ):
        return f"the body was cut off: {len(fetched.body):,} of {int(stated):,} bytes came"
    end = fetched.body[-4096:].rstrip().lower()
    if b"<html" in fetched.body[:2048].lower() and b"</html" not in end and b"</body" not in end:
        # many pages never close their elements, but none ends within a tag or a word
        tag_open = end.rfind(b"<") > end.rfind(b">")
        if tag_open or (not end.endswith((b">", b";", b"."))):
            return "the body was cut off: it ends in the middle of a tag or a sentence"
    return None


def _collapsed(fetched: Fetched, document: Document, shown: str, last: Revision) -> str | None:
    """Why a text that was good before is not believed to be the same page's; None: it may be."""
    before = sum(len(statement.text) for statement in last.statements)
    if before < SMALLEST_TO_COLLAPSE:
        return None
    if len(shown) < COLLAPSED_TO * before:
        return f"the text collapsed from {before:,} to {len(shown):,} characters"
    if not fetched.body.rstrip()[-200:].lower().endswith((b"</html>", b"-->")) and _is_beginning(
        shown, last.statements
    ):
        return "the body was cut off: only the beginning of the last text came"
    if document.title != last.title and _kept_words(shown, last.statements) < 0.1:
        return "the page shows another text under another title"
    return None


def _is_beginning(shown: str, statements: Sequence[object]) -> bool:
    """True where the text is shorter and ends inside one of the last revision's statements."""
    tail = " ".join(shown[-60:].split())
    texts = [" ".join(str(getattr(statement, "text", "")).split()) for statement in statements]
    return any(tail[-30:] in text and not text.endswith(tail[-30:]) for text in texts)


def _kept_words(shown: str, statements: Sequence[object]) -> float:
    """Share of the last revision's words that still stand in the text."""
    before = {word for s in statements for word in _WORDS.findall(str(getattr(s, "text", "")).casefold())}
    now = set(_WORDS.findall(shown.casefold()))
    return len(before & now) / len(before) if before else 1.0
