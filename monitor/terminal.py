"""A comparison for the terminal: side by side where the width allows, colour where it is a terminal."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from diffing.model import Op, StatementDiff, WordOp
from diffing.wording import plain

__all__ = ["diff_in_terminal"]

# Below this two columns of sentences are harder to read than one under the other.
_SIDE_BY_SIDE = 110

# Without colour the marks have to say it: [-gone-] {+come+}, as wdiff writes them.
_MARKS = {WordOp.DELETE: ("[-", "-]", "red strike"), WordOp.INSERT: ("{+", "+}", "green underline")}


def diff_in_terminal(url: str, old: str, new: str, diffs: Sequence[StatementDiff]) -> str:
    """The comparison as lines; only what changed, each with its operation; says so where nothing did."""
    colour = sys.stdout.isatty()
    width = shutil.get_terminal_size((100, 24)).columns
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=colour, no_color=not colour, highlight=False)
    console.print(Text(plain(url), style="bold"))
    console.print(Text(f"{plain(old)} → {plain(new)}"))
    changed = [diff for diff in diffs if diff.op is not Op.EQUAL]
    if not changed:
        console.print(Text("No statement differs."))
    elif width >= _SIDE_BY_SIDE:
        console.print(_columns(changed, colour))
    else:
        for diff in changed:
            console.print(Text(f"\n{diff.op.value}", style="bold"))
            for text in _lines(diff, colour):
                console.print(text)
    return out.getvalue()


def _columns(diffs: Sequence[StatementDiff], colour: bool) -> Table:
    table = Table(show_header=False, padding=(0, 1, 1, 0), expand=True)
    table.add_column(width=8)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    for diff in diffs:
        table.add_row(
            Text(diff.op.value, style="bold"),
            _side(diff, WordOp.DELETE, colour),
            _side(diff, WordOp.INSERT, colour),
        )
    return table


def _lines(diff: StatementDiff, colour: bool) -> Sequence[Text]:
    if diff.spans:
        return [_spans(diff, set(WordOp), colour)]
    if diff.op is Op.MOVED:
        return [Text(plain(" ".join(statement.full_text for statement in diff.new)))]
    return [side for op in (WordOp.DELETE, WordOp.INSERT) if (side := _side(diff, op, colour))]


def _side(diff: StatementDiff, op: WordOp, colour: bool) -> Text:
    if diff.spans:
        return _spans(diff, {WordOp.EQUAL, op}, colour)
    statements = diff.old if op is WordOp.DELETE else diff.new
    text = plain(" ".join(statement.full_text for statement in statements))
    return _marked(text, op, colour) if text and diff.op in {Op.ADDED, Op.REMOVED} else Text(text)


def _spans(diff: StatementDiff, shown: set[WordOp], colour: bool) -> Text:
    line = Text()
    for span in diff.spans:
        if span.op not in shown:
            continue
        line.append(span.text if span.op is WordOp.EQUAL else _marked(span.text, span.op, colour))
    return line


def _marked(text: str, op: WordOp, colour: bool) -> Text:
    before, after, style = _MARKS[op]
    return Text(text, style=style) if colour else Text(f"{before}{text}{after}")
