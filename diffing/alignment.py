"""Two revisions of a page set against each other: what became of each statement."""

from __future__ import annotations

import heapq
import re
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence

from diffing.model import Op, Statement, StatementDiff, WordSpan
from diffing.spans import word_spans

__all__ = ["align"]

# Two statements at this `ratio` of their normal forms or above can be one that was edited. Measured with
# `python -m bench.alignment` (generated edits, 10 to 60 % of statements; 55 to 62 differ by 0.004 in F1 of
# `added` and `removed`, 61 is best). Lower calls an added sentence an
# edit of a removed one; higher calls rewritten ones removed, a false alarm of medium significance.
SAME_STATEMENT = 61.0

# Between the same two neighbours that did not change, less likeness will do.
SAME_PLACE = 53.0

# How much better two halves together must be than the better half alone, and what they must reach, for a
# split or a merge; and how well each half must be found within the whole. Same measurement.
SPLIT_GAIN = 4.0
SPLIT_SCORE = 80.0
PART_SCORE = 70.0

# The most work of scoring, in pairs of letters: 2,000 statements of 150 letters against 2,000 others, about
# a second. Beyond it each statement is compared with those about as far down the other revision only.
_MOST_WORK = 90_000_000_000

# Letters of a statement that are compared; no sentence has so many, and a page on one line is bounded.
_READ = 4_000
# Quoted names beyond which a statement is a list, told apart by its words.
_MOST_NAMES = 12

# Equal statements in order are found exactly up to this many pairs of statements (3 MB, 10 ms).
_MOST_EXACT = 25_000_000

_DIGITS = re.compile(r"\d+")
# A quotation of more words is speech, not a name.
_NAME_WORDS = 6
_NAME_LENGTH = 60
# Two quoted names with the same numbers at this `ratio` are one, mistyped.
_SAME_NAME = 80.0

# Pairs of small revisions are all weighed; of large ones only so many of the best for each old statement.
_ALL_PAIRS = 250_000
_BEST_PAIRS = 8
# Splits and merges are looked for around the best pairs of each statement.
_AROUND_BEST = 3

# What standing in the same place is worth in points of `ratio`, and what each step away within it costs:
# enough to settle which of several sentences that differ in a number only was edited, too little to
# overrule the words.
_PLACE_BONUS = 6.0
_STEP_COST = 1.0

_Indexes = tuple[int, ...]
_Row = tuple[Op, _Indexes, _Indexes]


def _names(normal: str) -> frozenset[str]:
    pieces = normal.split('"')
    if len(pieces) % 2 == 0:
        return frozenset()  # quotes of which nobody can tell where they open
    names = {name for name in pieces[1::2] if len(name) <= _NAME_LENGTH and len(name.split()) <= _NAME_WORDS}
    return frozenset(names) if len(names) <= _MOST_NAMES else frozenset()


def _in_order(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of indexes of equal texts in the longest common order (nearly, for very long revisions)."""
    start, ends, shorter = 0, 0, min(len(old), len(new))
    while start < shorter and old[start] == new[start]:
        start += 1
    while ends < shorter - start and old[-1 - ends] == new[-1 - ends]:
        ends += 1
    pairs = [(at, at) for at in range(start)]
    shared = set(old[start : len(old) - ends]) & set(new[start : len(new) - ends])
    left = [at for at in range(start, len(old) - ends) if old[at] in shared]
    right = [at for at in range(start, len(new) - ends) if new[at] in shared]
    if not shared:
        pass
    elif len(left) * len(right) <= _MOST_EXACT:
        from rapidfuzz.distance import LCSseq

        blocks = LCSseq.editops([old[at] for at in left], [new[at] for at in right]).as_matching_blocks()
        pairs += [(left[b.a + step], right[b.b + step]) for b in blocks for step in range(b.size)]
    else:
        pairs += _longest_increasing(_occurrences(left, right, old, new))
    pairs += [(len(old) - ends + at, len(new) - ends + at) for at in range(ends)]
    return pairs


def _occurrences(
    left: Iterable[int], right: Iterable[int], old: Sequence[str], new: Sequence[str]
) -> list[tuple[int, int]]:
    """The first of each text with the first, the second with the second; in the order of the old."""
    places: dict[str, deque[int]] = defaultdict(deque)
    for at in right:
        places[new[at]].append(at)
    return [(at, places[old[at]].popleft()) for at in left if places.get(old[at])]


def _longest_increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most pairs, of those in the order of their first members, whose second members increase too."""
    tails: list[int] = []
    tail_at: list[int] = []
    before: list[int] = []
    for at, (_, second) in enumerate(pairs):
        place = bisect_left(tails, second)
        before.append(tail_at[place - 1] if place else -1)
        tails[place : place + 1] = [second]
        tail_at[place : place + 1] = [at]
    chain = []
    at = tail_at[-1] if tail_at else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


class _Likeness:
    """How alike the statements are that no equal one was found for."""

    def __init__(
        self, old: Sequence[str], new: Sequence[str], left: Sequence[int], right: Sequence[int]
    ) -> None:
        # Imported here, so that whoever only carries diffs about does not load it.
        from rapidfuzz import fuzz, process

        self._ratio, self._partial, self._extract = fuzz.ratio, fuzz.partial_ratio, process.extract
        self.left, self.right = left, right
        self._old = dict(zip(left, self._encoded(old, left, new, right), strict=True))
        self._new = dict(zip(right, self._encoded(new, right, old, left), strict=True))
        self._old_names = {at: names for at in left if (names := _names(old[at]))}
        self._new_names = {at: names for at in right if (names := _names(new[at]))}

    @staticmethod
    def _encoded(
        texts: Sequence[str], places: Sequence[int], others: Sequence[str], other_places: Sequence[int]
    ) -> list[str] | list[bytes]:
        """Cyrillic as bytes, which rapidfuzz compares four times as fast with the same scores."""
        own = [texts[at][:_READ] for at in places]
        if all(map(str.isascii, own)) and all(others[at][:_READ].isascii() for at in other_places):
            return own
        try:
            for at in other_places:
                others[at][:_READ].encode("cp1251")
            return [text.encode("cp1251") for text in own]
        except UnicodeEncodeError:
            return own

    def names_allow(self, old: _Indexes, new: _Indexes) -> bool:
        """False where both sides name things in quotes and share no name: other things, however alike."""
        ours = [name for at in old for name in self._old_names.get(at, ())]
        theirs = [name for at in new for name in self._new_names.get(at, ())]
        return (
            not (ours and theirs)
            or not set(ours).isdisjoint(theirs)
            or any(
                _DIGITS.findall(one) == _DIGITS.findall(other) and self._ratio(one, other) >= _SAME_NAME
                for one in ours
                for other in theirs
            )
        )

    def pairs(self) -> Iterator[tuple[int, int, float]]:
        """(old, new, score) of the pairs worth weighing."""
        count = len(self.left) * len(self.right)
        limit = None if count <= _ALL_PAIRS else _BEST_PAIRS
        work = sum(map(len, self._old.values())) * sum(map(len, self._new.values()))
        band = max(1, min(len(self.right), len(self.right) * _MOST_WORK // max(1, work)))
        for order, at in enumerate(self.left):
            middle = order * len(self.right) // len(self.left)
            low = max(0, min(middle - band // 2, len(self.right) - band))
            near = self.right[low : low + band]
            found = self._extract(
                self._old[at],
                [self._new[to] for to in near],
                scorer=self._ratio,
                processor=None,
                score_cutoff=SAME_PLACE,
                limit=limit,
            )
            for _, score, place in found:
                yield at, near[place], score

    def whole(self, old: _Indexes, new: _Indexes) -> float:
        """The likeness of one statement to several on the other side, 0 where they are no parts of it."""
        gone, came = [self._old[at] for at in old], [self._new[at] for at in new]
        whole, parts = (gone[0], came) if len(old) == 1 else (came[0], gone)
        joined = (b" " if isinstance(parts[0], bytes) else " ").join(parts)  # type: ignore[arg-type]
        score: float = self._ratio(whole, joined, score_cutoff=SPLIT_SCORE)
        if score and all(self._partial(part, whole) >= PART_SCORE for part in parts):
            return score
        return 0.0


def _neighbourhoods(at: int, free: frozenset[int]) -> Iterator[_Indexes]:
    """Runs of two and three neighbouring free places with `at` among them."""
    for size in (2, 3):
        for start in range(at - size + 1, at + 1):
            run = tuple(range(start, start + size))
            if free.issuperset(run):
                yield run


def _matched(likeness: _Likeness, gaps: Callable[[int, int], tuple[bool, int]]) -> Iterator[_Row]:
    """Edits, splits and merges, the most alike first, each statement once."""
    candidates: list[tuple[float, int, int, _Indexes, _Indexes]] = []

    def weigh(old: _Indexes, new: _Indexes, score: float) -> tuple[float, int, int, _Indexes, _Indexes]:
        same, steps = gaps(old[0], new[0])
        worth = score + (max(0.0, _PLACE_BONUS - _STEP_COST * steps) if same else 0.0)
        candidate = (-worth, steps, old[0] + new[0], old, new)
        if score >= (SAME_PLACE if same else SAME_STATEMENT) and likeness.names_allow(old, new):
            candidates.append(candidate)
        return candidate

    best = defaultdict(list)
    alone: dict[tuple[_Indexes, _Indexes], float] = {}
    for at, to, score in likeness.pairs():
        candidate = weigh((at,), (to,), score)
        alone[(at,), (to,)] = score
        best["old", at].append(candidate)
        best["new", to].append(candidate)
    around = {pair[-2:] for pairs in best.values() for pair in heapq.nsmallest(_AROUND_BEST, pairs)}
    left, right = frozenset(likeness.left), frozenset(likeness.right)
    halves: dict[tuple[_Indexes, _Indexes], float] = defaultdict(float)
    for old, new in around:
        runs = [(old, run) for run in _neighbourhoods(new[0], right)]
        runs += [(run, new) for run in _neighbourhoods(old[0], left)]
        for run in runs:
            halves[run] = max(halves[run], alone[old, new])
    for (old, new), half in halves.items():
        score = likeness.whole(old, new)
        if score >= half + SPLIT_GAIN:
            weigh(old, new, score)

    taken_old: set[int] = set()
    taken_new: set[int] = set()
    for *_, old, new in sorted(candidates):
        if taken_old.isdisjoint(old) and taken_new.isdisjoint(new):
            taken_old.update(old)
            taken_new.update(new)
            op = Op.SPLIT if len(new) > 1 else Op.MERGED if len(old) > 1 else Op.EDITED
            yield op, old, new


def _in_their_places(rows: list[_Row]) -> list[_Row]:
    """The rows, with equal statements as moved where they are out of the longest common order of all.

    Edited ones count for the order: where most statements were edited, the few equal ones alone
    cannot tell which of them left its place.
    """
    rows = sorted(rows, key=lambda row: row[1])
    order = [(old[0], new[0]) for _, old, new in rows]
    kept = set(_longest_increasing(order))
    if len(kept) == len(order):
        return [(Op.EQUAL if op is Op.MOVED else op, old, new) for op, old, new in rows]
    return [
        ((Op.EQUAL if (old[0], new[0]) in kept else Op.MOVED) if op in {Op.EQUAL, Op.MOVED} else op, old, new)
        for op, old, new in rows
    ]


def _rows(old: Sequence[str], new: Sequence[str]) -> list[_Row]:
    """What became of each statement, by index; every index once."""
    anchors = _in_order(old, new)
    rows: list[_Row] = [(Op.EQUAL, (at,), (to,)) for at, to in anchors]
    kept_old, kept_new = {at for at, _ in anchors}, {to for _, to in anchors}
    left = [at for at in range(len(old)) if at not in kept_old]
    right = [at for at in range(len(new)) if at not in kept_new]
    if left and right:
        moved = _occurrences(left, right, old, new)
        rows += [(Op.MOVED, (at,), (to,)) for at, to in moved]
        gone, come = {at for at, _ in moved}, {to for _, to in moved}
        left = [at for at in left if at not in gone]
        right = [at for at in right if at not in come]
    if left and right:
        ends_old, ends_new = [at for at, _ in anchors], [to for _, to in anchors]

        def gaps(at: int, to: int) -> tuple[bool, int]:
            """Whether both stand between the same equal statements, and how many steps they are apart."""
            one, other = bisect_left(ends_old, at), bisect_left(ends_new, to)
            if one != other:
                return False, abs(one - other)
            start, begin = (ends_old[one - 1], ends_new[one - 1]) if one else (-1, -1)
            return True, abs((at - start) - (to - begin))

        matched = list(_matched(_Likeness(old, new, left, right), gaps))
        rows += matched
        gone = {at for _, places, _ in matched for at in places}
        come = {to for _, _, places in matched for to in places}
        left = [at for at in left if at not in gone]
        right = [at for at in right if at not in come]
    rows = _in_their_places(rows)
    rows += [(Op.REMOVED, (at,), ()) for at in left]
    rows += [(Op.ADDED, (), (at,)) for at in right]
    return rows


_REVERSED = {Op.ADDED: Op.REMOVED, Op.REMOVED: Op.ADDED, Op.SPLIT: Op.MERGED, Op.MERGED: Op.SPLIT}


def _reading_order(rows: Iterable[_Row]) -> list[_Row]:
    """Rows in the order of the new revision, what was removed behind what stood before it."""
    rows = sorted(rows, key=lambda row: row[1][:1])
    placed: list[tuple[int, int, int, _Row]] = []
    last = -1
    for row in rows:
        op, old, new = row
        if op is Op.REMOVED:
            placed.append((last, 1, old[0], row))
        else:
            placed.append((new[0], 0, 0, row))
            if op is not Op.ADDED and op is not Op.MOVED:
                last = new[-1]
    return [row for *_, row in sorted(placed)]


def align(old: Sequence[Statement], new: Sequence[Statement]) -> tuple[StatementDiff, ...]:
    """What became of each statement of the old revision, in the order of the new one.

    Each statement of either stands in just one row. `equal`: the same normal form in the same order
    (the words may differ in glyphs); `moved`: the same normal form out of that order; `edited`: one
    for one, with word spans; `split` and `merged`: one against its parts in order, with spans over
    the parts joined by a space; else `added` and `removed`. The rows of two revisions the other way
    round are the same ones reversed.
    """
    before, after = [s.normal for s in old], [s.normal for s in new]
    # One direction is reckoned and the other read off it, so that ties are broken alike in both.
    backwards = before > after
    rows = _rows(after, before) if backwards else _rows(before, after)
    if backwards:
        rows = [(_REVERSED.get(op, op), new_at, old_at) for op, old_at, new_at in rows]
    return tuple(
        StatementDiff(op=op, old=(old[gone[0]],), new=(new[came[0]],))
        if op is Op.EQUAL
        else _told(op, [old[at] for at in gone], [new[at] for at in came])
        for op, gone, came in _reading_order(rows)
    )


def _told(op: Op, old: Sequence[Statement], new: Sequence[Statement]) -> StatementDiff:
    spans: tuple[WordSpan, ...] = ()
    if op in {Op.EDITED, Op.SPLIT, Op.MERGED}:
        spans = word_spans(" ".join(s.text for s in old), " ".join(s.text for s in new))
    return StatementDiff(op=op, old=tuple(old), new=tuple(new), spans=spans)
