"""Word-level spans: which words and numbers an edit took out and put in."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from diffing.model import WordOp, WordSpan

__all__ = ["word_spans"]

# A word, a number (5,000; 5 000; 1,2; 12.03.2025; 17:30) with what is glued to it, or one mark. "17-20" is
# three tokens, so that a moved end of a range shows as that end alone; so is "Rubezh-2025".
_TOKEN = re.compile(
    r"[^\W\d]\w*(?:['’]\w+)*"
    r"|\d+(?:[.,:]\d+|[ \u00a0\u2009\u202f]\d{3}(?!\w))*\w*"
    r"|[^\w\s]"
)
_WORDLIKE = re.compile(r"\w")

# Above this many pairs of tokens an edit is shown as one deletion and one insertion: the exact answer grows
# with the product, and nobody reads word by word what is longer (2,000 words on either side).
_MOST_PAIRS = 4_000_000


def _tokens(text: str) -> tuple[list[str], list[str]]:
    """The tokens, and the gap before each; a last empty token carries what follows the last one."""
    tokens, gaps, at = [], [], 0
    for found in _TOKEN.finditer(text):
        tokens.append(found[0])
        gaps.append(text[at : found.start()])
        at = found.end()
    return [*tokens, ""], [*gaps, text[at:]]


def _steps(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, int, int, int, int]]:
    """Runs (equal?, old start, old end, new start, new end) that cover both."""
    start, ends = 0, 0
    shorter = min(len(old), len(new))
    while start < shorter and old[start] == new[start]:
        start += 1
    while ends < shorter - start and old[-1 - ends] == new[-1 - ends]:
        ends += 1
    old_end, new_end = len(old) - ends, len(new) - ends
    yield True, 0, start, 0, start
    if (old_end - start) * (new_end - start) > _MOST_PAIRS:
        yield False, start, old_end, start, new_end
    elif old_end > start and new_end > start:
        from rapidfuzz.distance import Indel

        for step in Indel.opcodes(old[start:old_end], new[start:new_end]):
            yield (
                step.tag == "equal",
                start + step.src_start,
                start + step.src_end,
                start + step.dest_start,
                start + step.dest_end,
            )
    else:
        yield False, start, old_end, start, new_end
    yield True, old_end, len(old), new_end, len(new)


def _pieces(old: str, new: str) -> Iterator[tuple[bool, str, str]]:
    """Pieces (equal?, of the old, of the new) that cover both texts; equal ones are the same in both."""
    (old_tokens, old_gaps), (new_tokens, new_gaps) = _tokens(old), _tokens(new)
    for equal, old_start, old_end, new_start, new_end in _steps(old_tokens, new_tokens):
        gone = zip(old_gaps[old_start:old_end], old_tokens[old_start:old_end], strict=True)
        if equal and old_gaps[old_start:old_end] == new_gaps[new_start:new_end]:
            text = "".join(itertools.chain.from_iterable(gone))
            yield True, text, text
            continue
        came = zip(new_gaps[new_start:new_end], new_tokens[new_start:new_end], strict=True)
        if equal:
            for (old_gap, token), (new_gap, _) in zip(gone, came, strict=True):
                yield old_gap == new_gap, old_gap, new_gap
                yield True, token, token
        else:
            yield (
                False,
                "".join(itertools.chain.from_iterable(gone)),
                "".join(itertools.chain.from_iterable(came)),
            )


def _framed(old: str, new: str) -> tuple[str, str, str, str]:
    """Both texts without the words at either end that they share, and these: (start, old, new, end).

    Most edits touch a word or two, and comparing letters costs far less than telling words apart. Cut is
    only at a space beside which no digit stands: "5 000" is one number.
    """
    from rapidfuzz.distance import Postfix, Prefix

    start = old.rfind(" ", 0, Prefix.similarity(old, new))
    while start > 0 and old[start - 1].isdigit():
        start = old.rfind(" ", 0, start)
    start = max(0, start)
    most = min(Postfix.similarity(old, new), len(old) - start, len(new) - start)
    end = old.find(" ", len(old) - most)
    while end >= 0 and old[end + 1 : end + 2].isdigit():
        end = old.find(" ", end + 1)
    after = len(old) - end if end >= 0 else 0
    return old[:start], old[start : len(old) - after], new[start : len(new) - after], old[len(old) - after :]


def _runs(pieces: Iterable[tuple[bool, str, str]]) -> Iterator[tuple[bool, str, str]]:
    """Neighbours of one kind joined, empty ones left out; white space that both sides share is equal."""
    filled = (piece for piece in pieces if piece[1] or piece[2])
    for equal, group in itertools.groupby(filled, key=lambda piece: piece[0]):
        members = list(group)
        gone, came = "".join(piece[1] for piece in members), "".join(piece[2] for piece in members)
        before = gone[: len(gone) - len(gone.lstrip())]
        if not equal and before and before == came[: len(came) - len(came.lstrip())]:
            yield True, before, before
            gone, came = gone[len(before) :], came[len(before) :]
        if gone or came:
            yield equal, gone, came


def word_spans(old: str, new: str) -> tuple[WordSpan, ...]:
    """What an edit did to a text, in reading order, deletions before insertions.

    Words and numbers are never cut. The texts of `equal` and `delete` joined are exactly `old`,
    those of `equal` and `insert` exactly `new`; no two neighbours have the same op, none is empty.

    >>> [(span.op.value, span.text) for span in word_spans("17-20 May", "17-21 May")]
    [('equal', '17-'), ('delete', '20'), ('insert', '21'), ('equal', ' May')]
    """
    start, gone, came, end = _framed(old, new)
    runs = list(_runs([(True, start, start), *_pieces(gone, came), (True, end, end)]))
    last = len(runs) - 1
    # Marks that stand alone between two changes read better as part of them, spaces between words do not.
    loud = (
        (equal and (at in {0, last} or gone.isspace() or bool(_WORDLIKE.search(gone))), gone, came)
        for at, (equal, gone, came) in enumerate(runs)
    )
    spans = []
    for equal, group in itertools.groupby(loud, key=lambda run: run[0]):
        members = list(group)
        gone, came = "".join(run[1] for run in members), "".join(run[2] for run in members)
        kinds = [(WordOp.EQUAL, gone)] if equal else [(WordOp.DELETE, gone), (WordOp.INSERT, came)]
        spans += [WordSpan(op=op, text=text) for op, text in kinds if text]
    return tuple(spans)
