"""A comparison for the terminal: side by side where the width allows, colour where it is a terminal."""

from __future__ import annotations

import io
import itertools
import os
import shutil
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from diffing.model import Op, Statement, StatementDiff, WordOp
from diffing.wording import differences_in_words, plain, plain_run

__all__ = ["diff_in_terminal"]

# Below this two columns of sentences are harder to read than one under the other.
_SIDE_BY_SIDE = 110

# Without colour the marks have to say it: [-gone-] {+come+}, as wdiff writes them.
_MARKS = {WordOp.DELETE: ("[-", "-]", "red strike"), WordOp.INSERT: ("{+", "+}", "green underline")}


def diff_in_terminal(
    url: str,
    old: str,
    new: str,
    diffs: Sequence[StatementDiff],
    titles: tuple[str | None, str | None] = (None, None),
) -> str:
    """The comparison as lines: how much differs, then only what changed, each with its operation and place.

    Places count statements from 1, in the old revision and the new one; `titles` are shown where they
    differ. What a page said cannot move the cursor, colour the screen or turn the reading direction. Lines
    are wrapped to the terminal, or to COLUMNS; in a pipe without it they are as long as they are.
    """
    terminal = sys.stdout.isatty()
    colour = terminal and not os.environ.get("NO_COLOR")
    unwrapped = not terminal and not os.environ.get("COLUMNS")
    width = shutil.get_terminal_size((100, 24)).columns
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=colour, no_color=not colour, highlight=False)
    console.print(Text(plain(url), style="bold"), soft_wrap=True)
    console.print(Text(f"{plain(old)} → {plain(new)}"), soft_wrap=True)
    console.print(Text(differences_in_words(diffs)))
    if titles[0] != titles[1]:
        console.print(_title(*titles, colour), soft_wrap=unwrapped)
    changed = [diff for diff in diffs if diff.op is not Op.EQUAL]
    if changed and width >= _SIDE_BY_SIDE and not unwrapped:
        console.print(_columns(changed, colour))
        return out.getvalue()
    for op, group in itertools.groupby(changed, key=lambda diff: diff.op):
        console.print(Text(f"\n{op.value}", style="bold"))
        for diff in group:
            if unwrapped:
                console.print(Text.assemble("  ", _line(diff, colour)), soft_wrap=True)
            else:
                console.print(Padding(_line(diff, colour), (0, 0, 0, 2)))
    return "".join(line.rstrip() + "\n" for line in out.getvalue().split("\n")[:-1])


def _columns(diffs: Sequence[StatementDiff], colour: bool) -> Table:
    table = Table(show_header=False, show_lines=True, padding=(0, 1), expand=True)
    table.add_column(width=8)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    for diff in diffs:
        table.add_row(
            Text(f"{diff.op.value}\n{_place(diff)}", style="bold"),
            _side(diff, WordOp.DELETE, colour),
            _side(diff, WordOp.INSERT, colour),
        )
    return table


def _place(diff: StatementDiff) -> str:
    """Where it stood and stands: `3`, `3 → 7`, or the side that there is."""

    def numbers(statements: Sequence[Statement]) -> str:
        return "-".join(dict.fromkeys(str(end.index + 1) for end in (statements[0], statements[-1])))

    return " → ".join(dict.fromkeys(numbers(side) for side in (diff.old, diff.new) if side))


def _title(old: str | None, new: str | None, colour: bool) -> Text:
    sides = ((old, WordOp.DELETE), (new, WordOp.INSERT))
    shown = [_marked(plain(text), op, colour) for text, op in sides if text]
    return Text.assemble("title: ", Text(" → ").join(shown))


def _line(diff: StatementDiff, colour: bool) -> Text:
    gone = WordOp.DELETE if diff.op is Op.REMOVED else WordOp.INSERT
    words = _spans(diff, set(WordOp), colour) if diff.spans else _side(diff, gone, colour)
    return Text.assemble((f"{_place(diff)}: ", "dim"), words)


def _side(diff: StatementDiff, op: WordOp, colour: bool) -> Text:
    if diff.spans:
        return _spans(diff, {WordOp.EQUAL, op}, colour)
    statements = diff.old if op is WordOp.DELETE else diff.new
    text = plain(" ".join(statement.full_text for statement in statements))
    return _marked(text, op, colour) if text and diff.op in {Op.ADDED, Op.REMOVED} else Text(text)


def _spans(diff: StatementDiff, shown: set[WordOp], colour: bool) -> Text:
    line = Text()
    for span in diff.spans:
        if span.op in shown:
            text = plain_run(span.text)
            line.append(text if span.op is WordOp.EQUAL else _marked(text, span.op, colour))
    return line


def _marked(text: str, op: WordOp, colour: bool) -> Text:
    before, after, style = _MARKS[op]
    return Text(text, style=style) if colour else Text(f"{before}{text}{after}")
