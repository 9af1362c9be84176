"""Rows of words set in columns as wide as the terminal allows; what finds no room goes under its row."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from rich.cells import cell_len

__all__ = ["in_columns"]

_GAP = 2

# Cells of running text narrower than this are harder to read than a line of their own under the row.
_READABLE = 40

_INDENT = 4


def in_columns(rows: Sequence[Mapping[str, str]], names: Sequence[str], width: int) -> str:
    """The rows under a header, within `width` cells wherever their words allow it; no word is broken.

    The columns `names` stand beside each other, first those that fit: an address that does not fit whole,
    and running text that would get fewer than 40 cells, stands under its row, across the whole width.
    """
    beside, beneath = _divided(rows, names, width)
    widths = _widths(rows, beside, width)
    lines = [*_row({name: _title(name) for name in names}, beside, widths)]
    lines.append("─" * min(width, max([sum(widths) + _GAP * (len(widths) - 1), *map(_cells, lines)])))
    # The row's own address needs no name; that of something else in it does.
    own_address = next((name for name in beneath if _is_address(rows, name)), None)
    labels = {name: "" if name == own_address else f"{_title(name)}: " for name in beneath}
    for row in rows:
        lines += _row(row, beside, widths)
        for name in beneath:
            if row[name]:
                lines += _wrapped(f"{labels[name]}{row[name]}", width, indent=_INDENT)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _cells(text: str) -> int:
    # Most words are plain letters, of which nothing has to be looked up.
    return len(text) if text.isascii() else cell_len(text)


def _title(name: str) -> str:
    return name.replace("_", " ")


def _is_address(rows: Sequence[Mapping[str, str]], name: str) -> bool:
    return any(row[name].startswith(("http://", "https://")) for row in rows)


def _natural(rows: Sequence[Mapping[str, str]], name: str) -> int:
    return max(map(_cells, (_title(name), *(row[name] for row in rows))))


def _least(rows: Sequence[Mapping[str, str]], name: str) -> int:
    """The narrowest that the column can be: its longest word, and for running text what is readable."""
    natural = _natural(rows, name)
    if _is_address(rows, name):
        return natural
    words = (word for text in (_title(name), *(row[name] for row in rows)) for word in text.split())
    return max([*map(_cells, words), _READABLE if natural > _READABLE else 0])


def _divided(
    rows: Sequence[Mapping[str, str]], names: Sequence[str], width: int
) -> tuple[list[str], list[str]]:
    """The columns that stand beside each other, and those under the row."""
    beside = list(names)

    def room(name: str) -> tuple[bool, int]:
        return _is_address(rows, name), _natural(rows, name)

    while len(beside) > 1 and sum(_least(rows, name) + _GAP for name in beside) - _GAP > width:
        beside.remove(max(beside[1:], key=room))
    return beside, [name for name in names if name not in beside]


def _widths(rows: Sequence[Mapping[str, str]], beside: Sequence[str], width: int) -> list[int]:
    """How wide each column is: the least, and a share of what is left, running text last."""
    widths = {name: _least(rows, name) for name in beside}
    natural = {name: _natural(rows, name) for name in beside}
    for running in (False, True):
        left = max(0, width - sum(widths.values()) - _GAP * (len(beside) - 1))
        names = [name for name in beside if (natural[name] > _READABLE) is running]
        wanted = sum(natural[name] - widths[name] for name in names)
        share = min(1.0, left / wanted) if wanted else 0.0
        for name in names:
            widths[name] += int((natural[name] - widths[name]) * share)
    return list(widths.values())


def _row(row: Mapping[str, str], beside: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    cells = [list(_wrapped(row[name], width)) for name, width in zip(beside, widths, strict=True)]
    for at in range(max(1, *map(len, cells))):
        parts = [cell[at] if at < len(cell) else "" for cell in cells]
        yield (" " * _GAP).join(
            part + " " * (width - _cells(part)) for part, width in zip(parts, widths, strict=True)
        )


def _wrapped(text: str, width: int, *, indent: int = 0) -> list[str]:
    if len(text) <= width and not indent and text.isprintable() and text == text.strip():
        # Most cells are one line: the wrapper would take half of the time of a long table to say so.
        return [text] if text else []
    return textwrap.wrap(
        text,
        max(1, width),
        initial_indent=" " * indent,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
