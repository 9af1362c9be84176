"""Alignment against difflib and a greedy rapidfuzz matcher, on generated edits of known truth and real pairs.

    python -m bench.alignment [--articles N]

One line a set: F1 by operation (ours, difflib's, greedy's from the same run) and median milliseconds.
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
import re
import statistics
import time
from collections import Counter
from pathlib import Path

from rapidfuzz import fuzz

from diffing.alignment import align
from diffing.model import Op, Statement
from diffing.normal import normalise
from diffing.statements import split_text

GOLD = Path(__file__).resolve().parents[1].parent / "shared" / "gold"
OPS = list(Op)
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


def edited(text, rng, spare):
    """One to three words replaced, put in or taken out, or a number changed; one in four: 40 % of words."""
    words = text.split()
    numbers = [
        at for at, word in enumerate(words) if re.search(r"\d", word) and not re.search("[“«»”]", word)
    ]
    if numbers and rng.random() < 0.4:
        at = rng.choice(numbers)
        words[at] = re.sub(r"\d", lambda _: str(rng.randint(0, 9)), words[at])
        return " ".join(words)
    times = (
        max(1, int(0.4 * len(words)))
        if rng.random() < 0.25
        else rng.randint(1, min(3, max(1, len(words) // 4)))
    )
    for at in rng.sample(range(len(words)), min(times, len(words))):
        match rng.choice(["replace", "replace", "insert", "drop"]):
            case "replace":
                words[at] = rng.choice(spare)
            case "insert":
                words[at] += " " + rng.choice(spare)
            case "drop" if len(words) > 4:
                words[at] = ""
    return " ".join(" ".join(words).split())


def cut(text):
    """The text as two sentences, at the comma or space nearest to its middle; None: too short."""
    places = [m.start() for m in re.finditer(r",? ", text) if 25 < m.start() < len(text) - 25]
    if not places:
        return None
    at = min(places, key=lambda place: abs(place - len(text) // 2) - (15 if text[place] == "," else 0))
    rest = text[at:].lstrip(", ")
    return text[:at] + ".", rest[0].upper() + rest[1:]


def generated(texts, language, rate, rng, foreign):
    """Old and new texts, and what really happened."""
    spare = [word for text in foreign for word in text.split()]
    rows, at = [], 0
    while at < len(texts):
        text = texts[at]
        kind = rng.choice(
            [Op.EDITED, Op.EDITED, Op.EDITED, Op.ADDED, Op.REMOVED, Op.MOVED, Op.SPLIT, Op.MERGED]
        )
        kind = kind if rng.random() < rate else Op.EQUAL
        at += 1
        if kind is Op.ADDED:
            rows += [(Op.EQUAL, (text,), (text,)), (Op.ADDED, (), (rng.choice(foreign),))]
        elif kind is Op.REMOVED:
            rows.append((kind, (text,), ()))
        elif kind is Op.EDITED:
            new = edited(text, rng, spare)
            rows.append((kind if normalise(new) != normalise(text) else Op.EQUAL, (text,), (new,)))
        elif kind is Op.SPLIT and (parts := cut(text)):
            rows.append((kind, (text,), parts))
        elif kind is Op.MERGED and at < len(texts):
            other = texts[at]
            at += 1
            rows.append(
                (
                    kind,
                    (text, other),
                    (text.rstrip(".") + LINKS.get(language, ", ") + other[0].lower() + other[1:],),
                )
            )
        else:
            rows.append((Op.MOVED if kind is Op.MOVED else Op.EQUAL, (text,), (text,)))
    old = [text for row in rows for text in row[1]]
    moved = [row for row in rows if row[0] is Op.MOVED]
    after = [row for row in rows if row[0] is not Op.MOVED]
    for row in moved:
        home = rows.index(row)
        far = [place for place in range(len(after) + 1) if abs(place - home) > 4] or [0]
        after.insert(rng.choice(far), row)
    return old, [text for row in after for text in row[2]], Counter(rows)


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


def by_greedy(old, new):
    rows, free, last = Counter(), list(new), -1
    for one in old:
        best = max(free, key=lambda s: fuzz.ratio(one.normal, s.normal), default=None)
        if best is None or fuzz.ratio(one.normal, best.normal) < 60:
            rows[Op.REMOVED, (one.text,), ()] += 1
            continue
        free.remove(best)
        same = one.normal == best.normal
        op = (Op.EQUAL if best.index > last else Op.MOVED) if same else Op.EDITED
        last = max(last, best.index) if op is Op.EQUAL else last
        rows[op, (one.text,), (best.text,)] += 1
    rows.update((Op.ADDED, (), (s.text,)) for s in free)
    return rows


def by_us(old, new):
    return Counter(
        (d.op, tuple(s.text for s in d.old), tuple(s.text for s in d.new)) for d in align(old, new)
    )


ALIGNERS = {"ours": by_us, "difflib": by_difflib, "greedy": by_greedy}


def statements(texts, language):
    return [Statement(index=n, text=t, normal=normalise(t), language=language) for n, t in enumerate(texts)]


def measure(pairs, aligners=None):
    """F1 by op, false removals and median ms of each aligner over (old, new, truth)."""
    results = {}
    for name, aligner in (aligners or ALIGNERS).items():
        right, said, true, false_removed, times = Counter(), Counter(), Counter(), 0, []
        for old, new, truth in pairs:
            started = time.perf_counter()
            found = aligner(old, new)
            times.append((time.perf_counter() - started) * 1000)
            for row, count in found.items():
                said[row[0]] += count
                right[row[0]] += min(count, truth[row])
                false_removed += max(0, count - truth[row]) if row[0] is Op.REMOVED else 0
            for row, count in truth.items():
                true[row[0]] += count
        f1 = {op: 2 * right[op] / (said[op] + true[op]) if said[op] + true[op] else 1.0 for op in OPS}
        results[name] = (f1, false_removed, statistics.median(times))
    return results


def generated_pairs(count, rate, *, plain, seed=0):
    """(old, new, truth) triples: formulaic articles, or (plain) real ones where the gold is there."""
    rng = random.Random(seed)
    pool = (
        articles()
        if plain
        else [(language, formulaic(language, rng)) for language in ("en", "ru") for _ in range(40)]
    )
    pairs = []
    for at in range(count if pool else 0):
        language, texts = pool[at % len(pool)]
        own = {normalise(text) for text in texts}
        named = {name for text in texts for name in names(text)}
        foreign = [
            text
            for other, others in rng.sample(pool, min(4, len(pool)))
            if other == language
            for text in others
            # Of one template, only what another name in quotes tells apart can be known to be another thing.
            if normalise(text) not in own and (plain or (names(text) and names(text).isdisjoint(named)))
        ] or [f"Sentence {rng.random()} of another page."]
        old, new, truth = generated(texts, language, rate, rng, foreign)
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
            changed[place] = edited(texts[place], rng, ["forces", "of", "the", "states", "on"])
        pairs.append((statements(texts, language), statements(changed, language), Counter()))
    return pairs


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
    for plain in (True, False):
        for rate in (0.1, 0.3, 0.6):
            pairs = generated_pairs(count, rate, plain=plain)
            show(
                f"{'real sentences' if plain else 'formulaic'} {rate:.0%}", measure(pairs)
            ) if pairs else None
    _, _, ms = measure(two_edits(count), {"ours": by_us})["ours"]
    print(f"30 statements, two edits: {ms:.2f} ms at the median (bar 0.30)")
    pairs = real_pairs()
    if not pairs:
        print("real pairs: ../shared/gold is absent, not measured")
        return
    for who, aligner in ALIGNERS.items():
        counts, times = Counter(), []
        for old, new, _ in pairs:
            started = time.perf_counter()
            rows = aligner(old, new)
            times.append((time.perf_counter() - started) * 1000)
            for row, times_found in rows.items():
                counts[row[0].value] += times_found
        print(f"real pairs, {who}: {dict(counts)}, {statistics.median(times):.2f} ms")


if __name__ == "__main__":
    main()
