"""Lines of a plain text that were broken to fit a width, put together again."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from diffing.languages import LANGUAGES

__all__ = ["BULLET", "CLOSERS", "HASHES", "NUMBERED", "unwrapped"]

CLOSERS = "\"'»”’“›)]"  # “ closes too, where „ opens
BULLET = re.compile(r"\s*(?:[•▪●○◦‣∙·*–—-]|\uf0b7)\s+(?=\S)")
NUMBERED = re.compile(r"\s*(?:\d{1,3}|[a-zа-я])[.)]\s+(?=\S)")
HASHES = re.compile(r"#{1,6}\s+(?=\S)")

_STOPS = frozenset(".!?…")
_DASHES = frozenset("–—-")
_PAIRS = (("“", "”"), ("«", "»"), ("(", ")"), ("[", "]"))
_SPACED_DASH = re.compile(r"\s[–—-]\s")
_WORD = re.compile(r"[^\W\d_]+|\d+")

# No sentence and no heading ends in one of these, in any language that is read.
_BINDING = frozenset(word for language in LANGUAGES.values() for word in language.sentences.binding)
_MONTHS = frozenset(month for language in LANGUAGES.values() for month in language.dates.months)

# Characters. A shorter line was not broken for want of room, as far as its length tells: the narrowest
# column that text is set in by machine is about so wide.
_NARROWEST = 20

# Characters. The lines of a paragraph set in a column are as long as the column, less the word that did
# not fit; between longer ones than the widest nothing was broken.
_COLUMN, _WIDEST, _RAGGED = 50, 130, 25


def unwrapped(lines: Sequence[str]) -> list[str]:
    """The lines of one paragraph (none of them blank), those joined that one sentence was broken over.

    A line goes on in the next where it ends no sentence and the next begins with a small letter, or where
    nothing can end so: in a comma, a dash, an article, or within brackets. In a paragraph where that is
    seen, a line also goes on where the next word did not fit it. Items of a list, and a heading before its
    text, stay lines of their own.
    """
    if _fills_a_column(lines):
        return [_glued(lines)]
    groups = [[line] for line in lines[:1]]
    for line, goes_on in zip(lines[1:], _ties(lines), strict=True):
        if goes_on:
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_glued(group) for group in groups]


def _fills_a_column(lines: Sequence[str]) -> bool:
    """Whether all but the last line are about as long, and one at least ends within a sentence."""
    body = [len(line) for line in lines[:-1]]
    return (
        bool(body)
        and min(body) >= _COLUMN
        and max(body) <= _WIDEST
        and max(body) - min(body) <= _RAGGED
        and len(lines[-1]) <= max(body) + 5
        and not any(line.rstrip().endswith((";", ":")) or BULLET.match(line) for line in lines)
        and any(line.rstrip()[-1] not in (*_STOPS, *CLOSERS) for line in lines[:-1])
    )


def _glued(lines: Sequence[str]) -> str:
    if len(lines) == 1:
        return lines[0]
    parts: list[str] = []
    for line in map(str.strip, lines):
        # "command-" and "staff" are one word.
        if parts and not (parts[-1].endswith("-") and parts[-1][-2:-1].isalnum()):
            parts.append(" ")
        parts.append(line)
    return "".join(parts)


def _ties(lines: Sequence[str]) -> Iterator[bool]:
    """For each line but the first: whether it goes on with the one before."""
    width = max(map(len, lines), default=0)
    no_room = [
        len(line) >= _NARROWEST and len(line) + 1 + len(following.split(maxsplit=1)[0]) > width
        for line, following in itertools.pairwise(lines)
    ]
    seen = list(_seen_ties(lines))
    wrapped = any(tie is True and full for tie, full in zip(seen, no_room, strict=True))
    for tie, full in zip(seen, no_room, strict=True):
        yield wrapped and full if tie is None else tie


def _seen_ties(lines: Sequence[str]) -> Iterator[bool | None]:
    """Whether each line but the first goes on with the one before; None: only the width can tell."""
    semicolons = any(line.rstrip().endswith(";") for line in lines)
    dash_of_its_own = sum(BULLET.match(line) is not None for line in lines) == 1
    first_item: str | None = None
    for line, following in itertools.pairwise(lines):
        if line.rstrip().endswith(":"):
            first_item = following
        bullet = BULLET.match(following)
        if _stands_alone(line, following):
            yield False
        elif bullet:
            yield dash_of_its_own and bullet[0].strip() in _DASHES and _end(line) not in _STOPS
        elif first_item is not None and not semicolons and _alike(first_item, following):
            yield False
        else:
            yield _seen_tie(line, following, listed=first_item is not None)


def _stands_alone(line: str, following: str) -> bool:
    """Whether one of the two is marked as a line of its own, or the first as one that ends."""
    return (
        _end(line) in {":", ";"}
        or HASHES.match(line.lstrip()) is not None
        or HASHES.match(following.lstrip()) is not None
        or (NUMBERED.match(following) is not None and not _cannot_end(line))
    )


def _alike(item: str, line: str) -> bool:
    """Whether the line is built as the first item of its list is: "in May - …", "in June - …"."""
    same_word = item.split(maxsplit=1)[0] == line.split(maxsplit=1)[0]
    return same_word or (_SPACED_DASH.search(item) is not None and _SPACED_DASH.search(line) is not None)


def _seen_tie(line: str, following: str, *, listed: bool) -> bool | None:
    small = following.lstrip()[0].islower()
    if _end(line) in _STOPS:
        # It may be the point of an abbreviation ("5 тыс." and "человек"), but not between items of a list.
        return False if listed else None
    if small or _cannot_end(line) or _is_date(line, following):
        return True
    # An item that is indented under its bullet goes on.
    bullet = BULLET.match(line)
    if bullet and len(following) - len(following.lstrip()) > len(bullet[0]) - len(bullet[0].lstrip()):
        return True
    return None


def _end(line: str) -> str:
    """The last character that is no closing mark; empty where there is none."""
    return line.rstrip().rstrip(CLOSERS)[-1:]


def _cannot_end(line: str) -> bool:
    """Whether nothing ends so: in a comma or a dash, in a word that binds, or within brackets."""
    text = line.rstrip()
    if text.endswith((",", "–", "—", "-", "(", "[", "“", "«", "„")):
        return not text.endswith("“") or "„" not in text
    words = _WORD.findall(text[-20:])
    if words and text.endswith(words[-1]) and words[-1].casefold() in _BINDING:
        return True
    return any(text.rfind(opening) > text.rfind(closing) for opening, closing in _PAIRS)


def _is_date(line: str, following: str) -> bool:
    """Whether a day and its month, or a month and its year, are parted."""
    last, first = _WORD.findall(line[-20:])[-1:], _WORD.findall(following[:20])[:1]
    if not (last and first and line.rstrip().endswith(last[0])):
        return False
    return (last[0].casefold() in _MONTHS and first[0].isdigit()) or (
        last[0].isdigit() and first[0].casefold() in _MONTHS
    )
