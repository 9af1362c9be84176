"""Alignment against difflib, diff-match-patch and a greedy rapidfuzz matcher, on edits of known truth.

    python -m bench.alignment [--articles N]

One line a set and rate: F1 by operation and median CPU milliseconds, ours and each peer's from the same run.
"""

from __future__ import annotations

import argparse
import difflib
import functools
import itertools
import json
import random
import re
import statistics
import time
from bisect import bisect_right
from collections import Counter, defaultdict
from pathlib import Path

from rapidfuzz import fuzz, process

from diffing.alignment import align
from diffing.model import Op, Statement
from diffing.normal import normalise
from diffing.statements import split_text

GOLD = Path(__file__).resolve().parents[1].parent / "shared" / "gold"
OPS = list(Op)
KINDS = ("real", "formulaic", "repeated")
RATES = (0.1, 0.3, 0.6)
Truth = Counter[tuple[Op, tuple[str, ...], tuple[str, ...]]]

OWN = {
    "en": [
        "On {day} {month} the training “{name}-20{nn}” began at the {place} range.",
        "More than {nn},{nn}0 personnel of {nn} states take part in it.",
        "The {place} range has received {nn} units of equipment.",
        "The head of the {place} garrison briefed journalists on {day} {month}.",
        "Units of the {name} group moved to the {place} area by rail.",
        "Medical teams from {place} treated {nn} soldiers during the {name} march.",
    ],
    "ru": [
        "{day} {month} на полигоне {place} началось учение «{name}-20{nn}».",
        "В нём участвуют более {nn} тысяч человек из {nn} государств.",
        "На полигон {place} прибыло {nn} единиц техники.",
        "Начальник гарнизона {place} провёл брифинг {day} {month}.",
        "Подразделения группировки {name} перемещены в район {place} железной дорогой.",
        "Медики из {place} оказали помощь {nn} военнослужащим на марше {name}.",
    ],
}
NAMES = {
    "en": ["Rubezh", "Search", "Echelon", "Barrier", "Cobalt", "Skala", "Frontier", "Shield", "Bridge"],
    "ru": ["Рубеж", "Поиск", "Эшелон", "Барьер", "Кобальт", "Скала", "Граница", "Щит", "Мост", "Гром"],
}
PLACES = {
    "en": ["Edelweiss", "Lepelsky", "Harbmaidon", "Fakhrabad", "Losvido", "Baghramyan", "Matybulak"],
    "ru": ["Эдельвейс", "Лепельский", "Харбмайдон", "Фахрабад", "Лосвидо", "Баграмян", "Матыбулак"],
}
MONTHS = {"en": ["May", "June", "September", "October"], "ru": ["мая", "июня", "сентября", "октября"]}
LINKS = {"en": ", and ", "ru": ", а также "}


def formulaic(language, rng):
    """The texts of an article in which many sentences differ in a number or a name only."""

    def filling(hole):
        match hole[1]:
            case "day":
                return str(rng.randint(1, 28))
            case "nn":
                return str(rng.randint(10, 99))
            case "month":
                return rng.choice(MONTHS[language])
            case "name":
                return rng.choice(NAMES[language])
        return rng.choice(PLACES[language])

    return [re.sub(r"\{(\w+)\}", filling, sentence) for _ in range(5) for sentence in OWN[language]]


def articles():
    """(language, texts of statements) of real pages: formulaic ones only, where the gold is absent."""
    found = []
    for name in ("revisions_dev.jsonl", "pages/index.jsonl"):
        path = GOLD / name
        for line in path.read_text(encoding="utf-8").split("\n")[:-1] if path.exists() else ():
            row = json.loads(line)
            text, language = row.get("before") or row.get("gold_text"), row.get("lang") or "en"
            texts = [s.text for s in split_text(text, language) if len(s.text) > 25][:60]
            if len(texts) >= 12:
                found.append((language, texts))
    return found


def names(text):
    return set(re.findall("[“«]([^”»]+)[”»]", text))


@functools.lru_cache(100_000)
def words_of(text):
    return re.findall(r"\w+", normalise(text))


def shared(one, other):
    """The share of the words of the shorter text that stand in the other."""
    ours, theirs = Counter(words_of(one)), Counter(words_of(other))
    return (ours & theirs).total() / max(1, min(ours.total(), theirs.total()))


def kept(one, other):
    """The share of the letters of the longer text, in words, that stand in words of the other."""
    ours, theirs = Counter(words_of(one)), Counter(words_of(other))
    longer = max(sum(len(word) * n for word, n in side.items()) for side in (ours, theirs))
    return sum(len(word) * n for word, n in (ours & theirs).items()) / max(1, longer)


def renamed(text, rng, spare):
    """The text with another name in its (one, short) quotation; None: it has none such."""
    found = re.findall("[“«][^”»]+[”»]", text)
    if len(found) != 1 or len(found[0].split()) > 3:
        return None
    words = [word for word in spare if word.isalpha()]
    name = rng.choice(words).capitalize() if words else "Other"
    return text.replace(found[0], found[0][0] + name + found[0][-1])


def edited(text, rng, spare):
    """The text after an edit, or None where it has no words to spare.

    One to three words are replaced, put in or taken out; or a number changes; or a name in quotes, and then
    nothing else; one in five loses or changes 40 % of its words. What an edit is (the truth) rests on three
    rules: half of the letters stay, in words that stay; words in quotes change on their own only, as another
    name beside other changes is what a schedule's added item looks like; of one or two words only the number
    changes.
    """
    if re.search("[“«]", text) and rng.random() < 0.15:
        return renamed(text, rng, spare)
    words = text.split()
    inside, plain, numbers = 0, [], []
    for at, word in enumerate(words):
        inside += len(re.findall("[“«]", word))
        if not inside and not re.search('[”»"]', word):
            plain.append(at)
            numbers += [at] if re.search(r"\d", word) else []
        inside = max(0, inside - len(re.findall("[”»]", word)))
    if numbers and rng.random() < 0.4:
        at = rng.choice(numbers)
        words[at] = re.sub(r"\d", lambda _: str(rng.randint(0, 9)), words[at])
        return " ".join(words)
    if len(words) < 3 or not plain:
        return None
    times = max(1, int(0.4 * len(words))) if rng.random() < 0.2 else rng.randint(1, min(3, len(words) // 3))
    for at in rng.sample(plain, min(times, len(plain))):
        match rng.choice(["replace", "replace", "insert", "drop"]):
            case "replace":
                words[at] = rng.choice(spare)
            case "insert":
                words[at] += " " + rng.choice(spare)
            case "drop" if len(words) > 4:
                words[at] = ""
    new = " ".join(" ".join(words).split())
    return new if kept(text, new) >= 0.5 else None


def cut(text):
    """The text as two sentences of two words or more, nearest to its middle; or None."""
    places = [m.start() for m in re.finditer(r",? ", text) if 25 < m.start() < len(text) - 25]
    if not places:
        return None
    at = min(places, key=lambda place: abs(place - len(text) // 2) - (15 if text[place] == "," else 0))
    rest = text[at:].lstrip(", ")
    if min(len(words_of(text[:at])), len(words_of(rest))) < 2:
        return None
    return text[:at] + ".", rest[0].upper() + rest[1:]


def orders(pairs):
    """How long the longest common order is, and in how many ways it can be chosen."""
    best = []
    for at, (_, second) in enumerate(pairs):
        before = [best[other] for other in range(at) if pairs[other][1] < second]
        length = max((length for length, _ in before), default=0)
        best.append((length + 1, sum(ways for reached, ways in before if reached == length) or 1))
    length = max((length for length, _ in best), default=0)
    return length, sum(ways for reached, ways in best if reached == length)


def placed(rows, rng):
    """The rows in the order of the new text, moved ones elsewhere; None: which of them moved can't be told.

    It can where one set of statements only is the longest that kept its order, and it is all but the moved.
    """
    after = [row for row in rows if row[0] is not Op.MOVED]
    for home, row in enumerate(rows):
        if row[0] is Op.MOVED:
            far = [place for place in range(len(after) + 1) if abs(place - home) > 4] or [0]
            after.insert(rng.choice(far), row)
    at_home = {id(row): at for at, row in enumerate(rows)}
    where = {at_home[id(row)]: to for to, row in enumerate(after)}
    stay = [(at, where[at]) for at, row in enumerate(rows) if row[0] not in {Op.ADDED, Op.REMOVED}]
    kept = sum(row[0] not in {Op.ADDED, Op.REMOVED, Op.MOVED} for row in rows)
    return after if orders(stay) == (kept, 1) else None


def repeating(texts, rng):
    """The texts with some of them said again, up to four times each, wherever it falls."""
    for text in rng.sample(texts, min(4, len(texts))):
        for _ in range(rng.randint(1, 3)):
            texts = [*texts]
            texts.insert(rng.randint(0, len(texts)), text)
    return texts


def generated(texts, language, rate, rng, foreign, *, named=False):
    """Old and new texts, and what really happened; by rules under which it can be known.

    A statement that moves, or is joined to its neighbour, stands once in the text. An edit does not make it
    another statement of the old text. What is removed is less like each edited text, in letters of words that
    stay, than the statement that this one was made of. What is added shares less than half of its words
    with each statement of the old text, or (`named`) names a thing in quotes that none of them names.
    """
    spare = [word for text in foreign for word in text.split() if not re.search('[“«»”"]', word)]
    spare = [word for word in spare if len(word) <= 20] or ["of", "the", "на", "и"]
    own = {normalise(text) for text in texts}
    known = {name for text in texts for name in names(text)}
    spare += [word.strip(".,;") for text in texts for word in text.split() if word.isalpha()]

    def strange(text):
        if named:
            return names(text) and names(text).isdisjoint(known)
        return all(shared(text, other) < 0.5 for other in texts)

    once = {text for text, times in Counter(texts).items() if times == 1}
    rows, at = [], 0
    while at < len(texts):
        text = texts[at]
        kind = rng.choice(
            [Op.EDITED, Op.EDITED, Op.EDITED, Op.ADDED, Op.REMOVED, Op.MOVED, Op.SPLIT, Op.MERGED]
        )
        kind = kind if rng.random() < rate else Op.EQUAL
        at += 1
        # One split or merge in four has its words touched too.
        touched = rng.random() < 0.25
        tried = rng.sample(foreign, min(20, len(foreign))) if kind is Op.ADDED else []
        if more := next(filter(strange, tried), None):
            rows += [(Op.EQUAL, (text,), (text,)), (Op.ADDED, (), (more,))]
        elif kind is Op.REMOVED:
            rows.append((kind, (text,), ()))
        elif kind is Op.EDITED and (new := edited(text, rng, spare)) and normalise(new) not in own:
            rows.append((kind, (text,), (new,)))
        elif kind is Op.SPLIT and (parts := cut((touched and lightly(text, rng, spare)) or text)):
            rows.append((kind, (text,), parts))
        elif kind is Op.MERGED and at < len(texts) and {text, texts[at]} <= once:
            other = (touched and lightly(texts[at], rng, spare)) or texts[at]
            joined = text.rstrip(".") + LINKS.get(language, ", ") + other[0].lower() + other[1:]
            rows.append((kind, (text, texts[at]), (joined,)))
            at += 1
        else:
            moves = kind is Op.MOVED and text in once
            rows.append((Op.MOVED if moves else Op.EQUAL, (text,), (text,)))
    edits = [(row[1][0], row[2][0]) for row in rows if row[0] is Op.EDITED]
    rows = [
        (Op.EQUAL, row[1], row[1])
        if row[0] is Op.REMOVED and any(kept(row[1][0], new) >= kept(one, new) for one, new in edits)
        else row
        for row in rows
    ]
    for _ in range(20):
        if (after := placed(rows, rng)) is not None:
            break
    else:
        rows = after = [(Op.EQUAL if row[0] is Op.MOVED else row[0], *row[1:]) for row in rows]
    return (
        [text for row in rows for text in row[1]],
        [text for row in after for text in row[2]],
        Counter(rows),
    )


def lightly(text, rng, spare):
    """The text with one word in its inside replaced; None: it is too short."""
    words = text.split()
    inside = [at for at in range(1, len(words) - 1) if not re.search("[“«»”]", words[at])]
    if len(words) < 8 or not inside:
        return None
    words[rng.choice(inside)] = rng.choice(spare)
    return " ".join(words)


def by_difflib(old, new):
    rows = Counter()
    before, after = [s.normal for s in old], [s.normal for s in new]
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, came = [s.text for s in old[a:b]], [s.text for s in new[c:d]]
        pairs = list(zip(gone, came, strict=False))
        rows.update((Op.EQUAL if tag == "equal" else Op.EDITED, (one,), (other,)) for one, other in pairs)
        rows.update((Op.REMOVED, (text,), ()) for text in gone[len(pairs) :])
        rows.update((Op.ADDED, (), (text,)) for text in came[len(pairs) :])
    return rows


def by_dmp(old, new):
    """Diff-match-patch on the letters; two statements belong together that share half of the shorter one."""
    from diff_match_patch import diff_match_patch

    peer = diff_match_patch()
    peer.Diff_Timeout = 0.5
    before, after = "\n".join(s.text for s in old), "\n".join(s.text for s in new)
    starts = [[0, *itertools.accumulate(len(s.text) + 1 for s in side)][:-1] for side in (old, new)]
    common = Counter()
    at = to = 0
    for op, text in peer.diff_main(before, after):
        if op == 0 and old and new:
            for step in range(len(text)):
                common[bisect_right(starts[0], at + step) - 1, bisect_right(starts[1], to + step) - 1] += 1
        at += len(text) if op <= 0 else 0
        to += len(text) if op >= 0 else 0
    links = [
        (one, other)
        for (one, other), letters in common.items()
        if letters >= 0.5 * min(len(old[one].text), len(new[other].text))
    ]
    ours, theirs = defaultdict(list), defaultdict(list)
    for one, other in sorted(links):
        ours[one].append(other)
        theirs[other].append(one)
    rows, used = Counter(), set()
    for other, ones in theirs.items():
        mates = ours[ones[0]]
        if len(ones) == 1 and mates[0] == other:
            op = Op.SPLIT if len(mates) > 1 else Op.EDITED
            op = Op.EQUAL if op is Op.EDITED and old[ones[0]].normal == new[other].normal else op
        elif len(ones) > 1 and all(ours[one] == [other] for one in ones):
            op, mates = Op.MERGED, [other]
        else:
            continue
        rows[op, tuple(old[one].text for one in ones), tuple(new[mate].text for mate in mates)] += 1
        used |= {(True, one) for one in ones} | {(False, mate) for mate in mates}
    rows.update((Op.REMOVED, (s.text,), ()) for n, s in enumerate(old) if (True, n) not in used)
    rows.update((Op.ADDED, (), (s.text,)) for n, s in enumerate(new) if (False, n) not in used)
    return rows


def by_greedy(old, new):
    """The most alike pair of all first (60 and above), each statement once; moved: out of order."""
    pairs = sorted(
        (-score, abs(at - to), at, to)
        for at, one in enumerate(old)
        for _, score, to in process.extract(
            one.normal, [s.normal for s in new], scorer=fuzz.ratio, score_cutoff=60, limit=None
        )
    )
    ours, theirs = {}, {}
    for _, _, at, to in pairs:
        if at not in ours and to not in theirs:
            ours[at], theirs[to] = to, at
    best = []
    for at, to in sorted(ours.items()):
        before = max((chain for chain in best if chain[-1][1] < to), key=len, default=())
        best.append((*before, (at, to)))
    kept = set(max(best, key=len, default=()))
    rows = Counter()
    for at, to in ours.items():
        same = old[at].normal == new[to].normal
        op = (Op.EQUAL if (at, to) in kept else Op.MOVED) if same else Op.EDITED
        rows[op, (old[at].text,), (new[to].text,)] += 1
    rows.update((Op.REMOVED, (s.text,), ()) for n, s in enumerate(old) if n not in ours)
    rows.update((Op.ADDED, (), (s.text,)) for n, s in enumerate(new) if n not in theirs)
    return rows


def by_us(old, new):
    return Counter(
        (d.op, tuple(s.text for s in d.old), tuple(s.text for s in d.new)) for d in align(old, new)
    )


ALIGNERS = {"ours": by_us, "difflib": by_difflib, "dmp": by_dmp, "greedy": by_greedy}


def statements(texts, language):
    return [Statement(index=n, text=t, normal=normalise(t), language=language) for n, t in enumerate(texts)]


def measure(pairs, aligners=None):
    """F1 by op, false removals and median ms of each aligner over (old, new, truth)."""
    results = {}
    for name, aligner in (aligners or ALIGNERS).items():
        right, said, true, false_removed, times = Counter(), Counter(), Counter(), 0, []
        for old, new, truth in pairs:
            started = time.process_time()
            found = aligner(old, new)
            times.append((time.process_time() - started) * 1000)
            for row, count in found.items():
                said[row[0]] += count
                right[row[0]] += min(count, truth[row])
                false_removed += max(0, count - truth[row]) if row[0] is Op.REMOVED else 0
            for row, count in truth.items():
                true[row[0]] += count
        f1 = {op: 2 * right[op] / (said[op] + true[op]) if said[op] + true[op] else 1.0 for op in OPS}
        results[name] = (f1, false_removed, statistics.median(times))
    return results


def generated_pairs(count, rate, kind, seed=0, *, gold=True):
    """(old, new, truth) triples from "real" articles (none where the gold is absent), from "formulaic" ones,
    or from those of either in which some sentences are "repeated" (without `gold`: of the formulaic ones).
    """
    rng = random.Random(seed)
    own = [(language, formulaic(language, rng)) for language in ("en", "ru") for _ in range(40)]
    pool = (
        own
        if kind == "formulaic"
        else articles()
        if kind == "real"
        else [*own[::2], *(articles()[::2] if gold else ())]
    )
    pairs = []
    for at in range(count if pool else 0):
        language, texts = pool[at * 7 % len(pool)]
        named = (language, texts) in own
        foreign = [
            text
            for other, others in rng.sample(pool, min(6, len(pool)))
            if other == language and others is not texts
            for text in others
        ]
        if kind == "repeated":
            texts = repeating(texts, rng)
        old, new, truth = generated(texts, language, rate, rng, foreign, named=named)
        pairs.append((statements(old, language), statements(new, language), truth))
    return pairs


def two_edits(count, seed=1):
    """Pairs of revisions of 30 statements of which two were edited."""
    rng = random.Random(seed)
    pairs = []
    for at in range(count):
        language = ("en", "ru")[at % 2]
        texts = formulaic(language, rng)[:30]
        changed = list(texts)
        for place in rng.sample(range(30), 2):
            changed[place] = (
                edited(texts[place], rng, ["forces", "of", "the", "states"]) or texts[place] + "!"
            )
        pairs.append((statements(texts, language), statements(changed, language), Counter()))
    return pairs


def unrelated(language):
    """CPU seconds for two articles of 2,000 statements of 20 words each, drawn from one vocabulary."""
    rng = random.Random(2)
    words = [word for _ in range(60) for text in formulaic(language, rng) for word in text.split()]
    words += [
        word for other, texts in articles() if other == language for text in texts for word in text.split()
    ]
    sides = [[" ".join(rng.choices(words, k=20)) for _ in range(2_000)] for _ in "ab"]
    old, new = (statements(texts, language) for texts in sides)
    started = time.process_time()
    align(old, new)
    return time.process_time() - started


def real_pairs():
    path = GOLD / "revisions_dev.jsonl"
    rows = map(json.loads, path.read_text(encoding="utf-8").split("\n")[:-1]) if path.exists() else ()
    return [
        (split_text(row["before"], row["lang"]), split_text(row["after"], row["lang"]), Counter())
        for row in rows
    ]


def show(name, results):
    print(
        f"{name}: "
        + "; ".join(
            f"{who} "
            + " ".join(f"{op.value} {f1[op]:.3f}" for op in OPS)
            + f", false removed {false}, {ms:.2f} ms"
            for who, (f1, false, ms) in results.items()
        )
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=200)
    count = parser.parse_args().articles
    for kind in KINDS:
        for rate in RATES:
            pairs = generated_pairs(count, rate, kind)
            if pairs:
                show(f"{kind} {rate:.0%}", measure(pairs))
    _, _, ms = measure(two_edits(count), {"ours": by_us})["ours"]
    print(f"30 statements, two edits: {ms:.2f} ms at the median (bar 0.30)")
    for language in ("en", "ru"):
        print(f"two unrelated articles of 2,000 statements, {language}: {unrelated(language):.2f} s (bar 1)")
    pairs = real_pairs()
    if not pairs:
        print("real pairs: ../shared/gold is absent, not measured")
        return
    for who, aligner in ALIGNERS.items():
        counts, times = Counter(), []
        for old, new, _ in pairs:
            started = time.process_time()
            rows = aligner(old, new)
            times.append((time.process_time() - started) * 1000)
            for row, times_found in rows.items():
                counts[row[0].value] += times_found
        print(f"real pairs, {who}: {dict(counts)}, {statistics.median(times):.2f} ms")


if __name__ == "__main__":
    main()
