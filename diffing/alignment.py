"""Two revisions of a page set against each other: what became of each statement."""

from __future__ import annotations

import heapq
import re
from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import pairwise
from math import isqrt

from diffing.model import Op, Statement, StatementDiff, WordSpan
from diffing.spans import word_spans

__all__ = ["align"]

# All thresholds: `python -m bench.alignment` (generated edits of real and of formulaic sentences, 10 to 60 %
# of statements). Lower ones call an added sentence an edit of a removed one, higher ones call rewritten
# sentences removed, a false alarm of medium significance.

# At this `ratio` of their normal forms two statements can be one that was edited, whatever words they share.
SURE_STATEMENT = 75.0
# Below it the share of words in common speaks as loud as the letters: chance makes letters alike (an English
# sentence is 45 like any other, and up to 59), not words. This mean of both is asked for.
SAME_STATEMENT = 53.0
# Between the same two neighbours that did not change, less likeness will do;
SAME_PLACE = 48.0
# and less again where both stand there alone, so that nothing else can have become of either.
ALONE_IN_PLACE = 43.0
# No pair with a lower `ratio` is looked at.
_LEAST_RATIO = 45.0

# What joining a part must explain, as a share of its letters, and how many letters of its words must stand in
# the whole, for a split or a merge; and how like the whole all parts must be together. By chance a part
# explains next to nothing of itself.
PART_EXPLAINS = 0.15
PART_WORDS = 40.0
SPLIT_SCORE = 70.0

# Letters of a statement that are compared; no sentence has so many, and a page on one line is bounded.
_READ = 4_000
# The most work of comparing two revisions, in pairs of letters: about a second.
_MOST_WORK = 60_000_000_000
# Quoted names beyond which a statement is a list, told apart by its words.
_MOST_NAMES = 12

# Equal statements in order are found exactly up to this many pairs of statements (3 MB, 10 ms).
_MOST_EXACT = 25_000_000

_DIGITS = re.compile(r"\d+")
_WORDS = re.compile(r"\w+")
# A quotation of more words is speech, not a name.
_NAME_WORDS = 6
_NAME_LENGTH = 60
# A statement that is nothing but a quotation of more words is speech too.
_NAME_ALONE = 3
# Two quoted names with the same numbers at this `ratio` are one, mistyped.
_SAME_NAME = 80.0

# Up to so many pairs of statements all are compared (0.1 s). Of larger revisions each statement is compared
# with those that share most of its words, reckoned from the rarest one up and no further than so many
# postings; and with those that stand nearest to where it stood.
_ALL_PAIRS = 250_000
_POSTINGS = 300
_BEST_WORDS = 16
_NEAREST = 4
# Splits and merges are looked for around the best pairs of each statement.
_AROUND_BEST = 3

# Candidates are exchanged for each other up to so many (a few ms); what an exchange must gain, so that one
# of equal worth does not undo another.
_MOST_EXCHANGED = 2_000
_WORTH_EXCHANGING = 0.01

# Copies of repeated statements are exchanged for each other up to so often.
_MOST_COPIES = 100

# Words that must stand beside a name in quotes for the sentence to be known again under another name.
_NAMELESS_WORDS = 3

# What standing in the same place is worth in points of `ratio`, and what each step away within it costs:
# enough to settle which of several sentences that differ in a number only was edited, too little to
# overrule the words.
_PLACE_BONUS = 6.0
_STEP_COST = 1.0

_Indexes = tuple[int, ...]
_Row = tuple[Op, _Indexes, _Indexes]


def _names(normal: str) -> frozenset[str]:
    if normal.count('"') % 2:
        return frozenset()  # quotes of which nobody can tell where they open
    pieces = normal.split('"')
    if len(pieces) == 3 and not pieces[0] and not pieces[2] and len(pieces[1].split()) > _NAME_ALONE:
        return frozenset()
    quoted = (piece.strip(" .,;") for piece in pieces[1::2])
    names = {name for name in quoted if 0 < len(name) <= _NAME_LENGTH and len(name.split()) <= _NAME_WORDS}
    return frozenset(names) if len(names) <= _MOST_NAMES else frozenset()


def _nameless(normal: str) -> str:
    """The text with each quotation short enough for a name left out."""
    pieces = normal.split('"')
    return '"'.join("" if at % 2 and len(piece) <= _NAME_LENGTH else piece for at, piece in enumerate(pieces))


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
    if all(one[1] < other[1] for one, other in pairwise(pairs)):
        return list(pairs)
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


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(text))


class _Places:
    """Where statements stand: between which ones that are paired with each other, in order."""

    def __init__(self, anchors: Sequence[tuple[int, int]]) -> None:
        self._old, self._new = [at for at, _ in anchors], [to for _, to in anchors]

    def gap(self, at: int, to: int) -> tuple[int, int]:
        """The numbers of the gaps in which the two stand; the same gap where these are the same."""
        return bisect_left(self._old, at), bisect_left(self._new, to)

    def apart(self, at: int, to: int) -> tuple[bool, int]:
        """Whether both stand in the same gap, and how many steps they are apart."""
        one, other = self.gap(at, to)
        return one == other, abs(self.home(at) - to) if one == other else abs(one - other)

    def home(self, at: int) -> int:
        """Where in the new revision a statement of the old one would stand, had it stayed."""
        before = bisect_left(self._old, at) - 1
        return at if before < 0 else self._new[before] + at - self._old[before]


class _Likeness:
    """How alike the statements are that no equal one was found for."""

    def __init__(
        self, old: Sequence[str], new: Sequence[str], left: Sequence[int], right: Sequence[int]
    ) -> None:
        # Imported here, so that whoever only carries diffs about does not load it.
        from rapidfuzz import fuzz, process

        self._ratio, self._extract = fuzz.ratio, process.extract
        self.left, self.right = left, right
        letters = sum(len(old[at][:_READ]) for at in left) * sum(len(new[at][:_READ]) for at in right)
        self._all = len(left) * len(right) <= _ALL_PAIRS and letters <= _MOST_WORK
        read = _READ
        if not self._all:
            read = min(read, isqrt(_MOST_WORK // (len(left) * (_BEST_WORDS + 2 * _NEAREST))))
        gone, came = {at: old[at][:read] for at in left}, {at: new[at][:read] for at in right}
        self._old_text, self._new_text = gone, came
        self._old_words = {at: _words(text) for at, text in gone.items()}
        self._new_words = {at: _words(text) for at, text in came.items()}
        self._old_letters = {at: sum(map(len, words)) for at, words in self._old_words.items()}
        self._new_letters = {at: sum(map(len, words)) for at, words in self._new_words.items()}
        self._old_names = {at: names for at in left if (names := _names(old[at]))}
        self._new_names = {at: names for at in right if (names := _names(new[at]))}
        self._old: Mapping[int, str | bytes] = gone
        self._new: Mapping[int, str | bytes] = came
        if not all(map(str.isascii, (*gone.values(), *came.values()))):
            # Cyrillic as bytes, which rapidfuzz compares four times as fast with the same scores.
            with suppress(UnicodeEncodeError):
                encoded = [{at: text.encode("cp1251") for at, text in side.items()} for side in (gone, came)]
                self._old, self._new = encoded

    def names_allow(self, old: _Indexes, new: _Indexes) -> bool:
        """False where both sides name things in quotes and share no name: other things, however alike.

        A name that only gained or lost words is shared, and so is one that was mistyped or that keeps half
        of its words; its numbers must be the same.
        """
        ours = [name for at in old for name in self._old_names.get(at, ())]
        theirs = [name for at in new for name in self._new_names.get(at, ())]
        return (
            not (ours and theirs)
            or not set(ours).isdisjoint(theirs)
            or any(self._same_name(one, other) for one in ours for other in theirs)
        )

    def _same_name(self, one: str, other: str) -> bool:
        fewer, more = sorted((_words(one), _words(other)), key=len)
        if fewer and fewer <= more:
            return True
        common = sum(not word.isdigit() for word in fewer & more)
        return _DIGITS.findall(one) == _DIGITS.findall(other) and (
            2 * common >= len(more) or bool(self._ratio(one, other) >= _SAME_NAME)
        )

    def pairs(self, places: _Places) -> Iterator[tuple[int, int, float]]:
        """(old, new, `ratio`) of the pairs worth weighing."""
        near = self._near(places) if not self._all else ((at, self.right) for at in self.left)
        for at, others in near:
            found = self._extract(
                self._old[at],
                [self._new[to] for to in others],
                scorer=self._ratio,
                processor=None,
                score_cutoff=_LEAST_RATIO,
                limit=None,
            )
            for _, score, place in found:
                yield at, others[place], score

    def _near(self, places: _Places) -> Iterator[tuple[int, list[int]]]:
        """Each old statement with the new ones that share most of its words or stand about its place."""
        standing: dict[str, list[int]] = defaultdict(list)
        for order, to in enumerate(self.right):
            for word in self._new_words[to]:
                standing[word].append(order)
        for at in self.left:
            known = [(len(standing[word]), word) for word in self._old_words[at] if word in standing]
            common: Counter[int] = Counter()
            read = 0
            for count, word in sorted(known):
                read += count
                if read > _POSTINGS:
                    break
                for order in standing[word]:
                    common[order] += len(word)
            home = bisect_left(self.right, places.home(at))
            orders = set(range(max(0, home - _NEAREST), min(len(self.right), home + _NEAREST + 1)))
            most = heapq.nsmallest(_BEST_WORDS, common, key=lambda o: (-common[o], abs(o - home), o))
            yield at, [self.right[order] for order in sorted(orders.union(most))]

    def same(self, at: int, to: int, ratio: float) -> tuple[float, bool]:
        """The likeness that thresholds ask about, and whether the words of one stand mostly in the other.

        That likeness is of the letters, and of the words too where the letters leave doubt.
        """
        common = sum(map(len, self._old_words[at] & self._new_words[to]))
        gone, came = self._old_letters[at], self._new_letters[to]
        part = 100 * common >= PART_WORDS * max(1, min(gone, came))
        if ratio >= SURE_STATEMENT:
            return ratio, part
        return (ratio + 200 * common / max(1, gone + came)) / 2, part

    def twins(self, gone: Sequence[int], came: Sequence[int]) -> list[tuple[int, int]]:
        """Those that differ in numbers only, or in what they name in quotes, each like one other only."""
        pairs = []
        for bare in (partial(_DIGITS.sub, "0"), _nameless):
            ours, theirs = defaultdict(list), defaultdict(list)
            for at in gone:
                ours[bare(self._old_text[at])].append(at)
            for to in came:
                theirs[bare(self._new_text[to])].append(to)
            pairs += [
                (ones[0], theirs[text][0])
                for text, ones in ours.items()
                if len(ones) == len(theirs[text]) == 1 and len(_words(text)) >= _NAMELESS_WORDS
            ]
            gone = _without(gone, ((at,) for at, _ in pairs))
            came = _without(came, ((to,) for _, to in pairs))
        return pairs

    def alone(self, at: int, to: int) -> bool:
        """Whether two statements are one that was edited, where nothing else can have become of either."""
        if _DIGITS.sub("0", self._old_text[at]) == _DIGITS.sub("0", self._new_text[to]):
            return True
        likely, _ = self.same(at, to, self._ratio(self._old[at], self._new[to]))
        return likely >= ALONE_IN_PLACE and self.names_allow((at,), (to,))

    def whole(self, old: _Indexes, new: _Indexes) -> float:
        """The likeness of one statement to several on the other side, 0 where they are no parts of it."""
        gone, came = [self._old[at] for at in old], [self._new[at] for at in new]
        whole, parts = (gone[0], came) if len(old) == 1 else (came[0], gone)
        space = b" " if isinstance(parts[0], bytes) else " "
        joined = space.join(parts)  # type: ignore[arg-type]
        score: float = self._ratio(whole, joined, score_cutoff=SPLIT_SCORE)
        if not score or not all(self.same(at, to, score)[1] for at in old for to in new):
            return 0.0
        # A hundred times the letters taken out or put in: without a part they must be more than with it.
        apart = (100 - score) * (len(whole) + len(joined))
        for part, others in ((parts[0], parts[1:]), (parts[-1], parts[:-1])):
            rest = space.join(others)  # type: ignore[arg-type]
            without = (100 - self._ratio(whole, rest)) * (len(whole) + len(rest))
            if without - apart < 100 * PART_EXPLAINS * len(part):
                return 0.0
        return score


def _neighbourhoods(at: int, free: frozenset[int]) -> Iterator[_Indexes]:
    """Runs of two and three neighbouring free places with `at` among them."""
    for size in (2, 3):
        for start in range(at - size + 1, at + 1):
            run = tuple(range(start, start + size))
            if free.issuperset(run):
                yield run


# What two statements are worth as one, the less the better; then ties: steps apart, place; then which.
_Candidate = tuple[float, int, int, _Indexes, _Indexes]


def _candidates(likeness: _Likeness, places: _Places) -> list[_Candidate]:
    """What could be an edit, a split or a merge, the most alike first."""
    candidates: list[_Candidate] = []

    def weigh(old: _Indexes, new: _Indexes, score: float, likely: float) -> None:
        same, steps = places.apart(old[0], new[0])
        if likely >= (SAME_PLACE if same else SAME_STATEMENT) and likeness.names_allow(old, new):
            worth = score + (max(0.0, _PLACE_BONUS - _STEP_COST * steps) if same else 0.0)
            candidates.append((-worth, steps, old[0] + new[0], old, new))

    parts: dict[tuple[str, int], list[tuple[float, int, int]]] = defaultdict(list)
    for at, to, score in likeness.pairs(places):
        likely, part = likeness.same(at, to, score)
        if likely >= SAME_PLACE:
            weigh((at,), (to,), score, likely)
        if part:
            parts["old", at].append((-score, at, to))
            parts["new", to].append((-score, at, to))
    around = {pair for pairs in parts.values() for pair in heapq.nsmallest(_AROUND_BEST, pairs)}
    left, right = frozenset(likeness.left), frozenset(likeness.right)
    runs: set[tuple[_Indexes, _Indexes]] = set()
    for _, at, to in around:
        runs.update(((at,), run) for run in _neighbourhoods(to, right))
        runs.update((run, (to,)) for run in _neighbourhoods(at, left))
    for old, new in runs:
        score = likeness.whole(old, new)
        if score:
            weigh(old, new, score, score)
    return sorted(candidates)


class _Choice:
    """Which of the candidates hold, each statement once."""

    def __init__(self) -> None:
        self._old: dict[int, _Candidate] = {}
        self._new: dict[int, _Candidate] = {}

    def rivals(self, candidate: _Candidate) -> set[_Candidate]:
        """The chosen ones that stand in the way of this one; itself, where it is chosen."""
        found = {self._old[at] for at in candidate[3] if at in self._old}
        return found.union(self._new[at] for at in candidate[4] if at in self._new)

    def take(self, candidate: _Candidate) -> None:
        self._old.update(dict.fromkeys(candidate[3], candidate))
        self._new.update(dict.fromkeys(candidate[4], candidate))

    def drop(self, candidate: _Candidate) -> None:
        for at in candidate[3]:
            del self._old[at]
        for at in candidate[4]:
            del self._new[at]

    def all(self) -> list[_Candidate]:
        return sorted(set(self._old.values()))


def _gain(candidate: _Candidate) -> float:
    """What a candidate adds to the whole, above leaving its statements alone; by how many it accounts for."""
    return (-candidate[0] - _LEAST_RATIO) * (len(candidate[3]) + len(candidate[4])) / 2


def _chosen(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Those worth most together: the best first, then exchanged for what they stand in the way of."""
    choice = _Choice()
    beaten = []
    for candidate in candidates:
        if choice.rivals(candidate):
            beaten.append(candidate)
        else:
            choice.take(candidate)
    if not beaten or len(candidates) > _MOST_EXCHANGED:
        return choice.all()
    about: dict[tuple[bool, int], list[_Candidate]] = defaultdict(list)
    for candidate in candidates:
        for at in candidate[3]:
            about[True, at].append(candidate)
        for at in candidate[4]:
            about[False, at].append(candidate)
    for candidate in beaten:
        rivals = choice.rivals(candidate)
        if candidate in rivals:
            continue
        for rival in rivals:
            choice.drop(rival)
        choice.take(candidate)
        freed = {(True, at) for rival in rivals for at in rival[3]}
        freed |= {(False, at) for rival in rivals for at in rival[4]}
        instead = []
        for other in sorted({other for statement in freed for other in about[statement]}):
            if not choice.rivals(other):
                choice.take(other)
                instead.append(other)
        if _gain(candidate) + sum(map(_gain, instead)) > sum(map(_gain, rivals)) + _WORTH_EXCHANGING:
            continue
        for other in (candidate, *instead):
            choice.drop(other)
        for rival in rivals:
            choice.take(rival)
    return choice.all()


def _in_order_rows(rows: Iterable[_Row]) -> list[tuple[int, int]]:
    """The longest common order of all rows: their first statements in the old and in the new revision.

    Edited ones count for the order: where most statements were edited, the few equal ones alone
    cannot tell which of them left its place.
    """
    return _longest_increasing(sorted((old[0], new[0]) for _, old, new in rows))


def _left_in_place(
    rows: Sequence[_Row], left: Sequence[int], right: Sequence[int], likeness: _Likeness
) -> Iterator[_Row]:
    """Edits among what is left between the same neighbours: of those that only one can have become of."""
    places = _Places(_in_order_rows(rows))
    gone, came = defaultdict(list), defaultdict(list)
    for at in left:
        gone[places.gap(at, 0)[0]].append(at)
    for to in right:
        came[places.gap(0, to)[1]].append(to)
    for gap in gone:
        pairs = likeness.twins(gone[gap], came[gap])
        yield from ((Op.EDITED, (at,), (to,)) for at, to in pairs)
        gone[gap], came[gap] = (
            _without(gone[gap], ((at,) for at, _ in pairs)),
            _without(came[gap], ((to,) for _, to in pairs)),
        )
        match gone[gap], came[gap]:
            case [at], [to] if likeness.alone(at, to):
                yield Op.EDITED, (at,), (to,)


def _of_copies(rows: list[_Row], old: Sequence[str]) -> list[_Row]:
    """The rows, with another copy of a repeated old statement where that leaves more of them in order."""
    kept = _in_order_rows(rows)
    if len(kept) == len(rows):
        return rows
    copies: dict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(old):
        copies[text].append(at)
    tries = 0
    owners = {at: where for where, row in enumerate(rows) for at in row[1]}
    for place in range(len(rows)):
        op, gone, came = rows[place]
        others = copies[old[gone[0]]]
        if op not in _SAME or len(others) == 1:
            continue
        stray = (gone[0], came[0]) not in kept
        for other in others[: _MOST_COPIES - tries]:
            owner = owners.get(other)
            if owner is not None and (owner == place or len(rows[owner][1]) > 1):
                continue
            if not stray and (owner is None or (other, rows[owner][2][0]) in kept):
                continue
            tries += 1
            instead = list(rows)
            instead[place] = op, (other,), came
            if owner is not None:
                instead[owner] = rows[owner][0], gone, rows[owner][2]
            order = _in_order_rows(instead)
            if len(order) > len(kept):
                rows, kept = instead, order
                owners = {at: where for where, row in enumerate(rows) for at in row[1]}
                break
    return rows


def _turned(rows: Iterable[_Row]) -> list[_Row]:
    return [(op, came, gone) for op, gone, came in rows]


def _without(places: Sequence[int], taken: Iterable[_Indexes]) -> list[int]:
    gone = {at for indexes in taken for at in indexes}
    return [at for at in places if at not in gone]


def _rows(old: Sequence[str], new: Sequence[str]) -> list[_Row]:
    """What became of each statement, by index; every index once."""
    anchors = _in_order(old, new)
    rows: list[_Row] = [(Op.EQUAL, (at,), (to,)) for at, to in anchors]
    kept_old, kept_new = {at for at, _ in anchors}, {to for _, to in anchors}
    left = [at for at in range(len(old)) if at not in kept_old]
    right = [at for at in range(len(new)) if at not in kept_new]
    moved = _occurrences(left, right, old, new) if left and right else []
    if moved:
        rows += [(Op.MOVED, (at,), (to,)) for at, to in moved]
        left = _without(left, ((at,) for at, _ in moved))
        right = _without(right, ((to,) for _, to in moved))
    if left and right:
        likeness = _Likeness(old, new, left, right)
        for *_, gone, came in _chosen(_candidates(likeness, _Places(anchors))):
            op = Op.SPLIT if len(came) > 1 else Op.MERGED if len(gone) > 1 else Op.EDITED
            rows.append((op, gone, came))
        left, right = _without(left, (row[1] for row in rows)), _without(right, (row[2] for row in rows))
        if left and right:
            rows += _left_in_place(rows, left, right, likeness)
            left, right = _without(left, (row[1] for row in rows)), _without(right, (row[2] for row in rows))
    if len(_in_order_rows(rows)) < len(rows):
        rows = _turned(_of_copies(_turned(_of_copies(rows, old)), new))
        left = _without(range(len(old)), (row[1] for row in rows))
        right = _without(range(len(new)), (row[2] for row in rows))
        kept = set(_in_order_rows(rows))
        rows = [
            ((Op.EQUAL if (gone[0], came[0]) in kept else Op.MOVED) if op in _SAME else op, gone, came)
            for op, gone, came in rows
        ]
    elif moved:
        rows = [(Op.EQUAL if op is Op.MOVED else op, gone, came) for op, gone, came in rows]
    rows += [(Op.REMOVED, (at,), ()) for at in left]
    rows += [(Op.ADDED, (), (at,)) for at in right]
    return rows


_SAME = frozenset({Op.EQUAL, Op.MOVED})
_REVERSED = {Op.ADDED: Op.REMOVED, Op.REMOVED: Op.ADDED, Op.SPLIT: Op.MERGED, Op.MERGED: Op.SPLIT}


def _reading_order(rows: Iterable[_Row]) -> list[_Row]:
    """Rows in the order of the new revision, what was removed behind what stood before it."""
    rows = list(rows)
    if all(new for _, _, new in rows):
        return sorted(rows, key=lambda row: row[2])
    rows.sort(key=lambda row: row[1][:1])
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
