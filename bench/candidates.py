"""Finding the closest known statement in an archive, against brute force over all of it.

    python -m bench.candidates [--sizes 10000,100000,1000000] [--queries N] [--seed N]

One line a size, each step in a process of its own. The archive holds real sentences, English and Russian,
texts that a Markov chain made of them (three in four), and near twins of them with 2 to 5 other words.
Asked are edits of known statements, of seven kinds, and (one in four) real sentences that are not in the
archive. The truth is rapidfuzz's `ratio` against every statement; a find counts as missed unless a candidate
scores as high. At a million it takes some fifteen minutes, most of them for the truth.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import multiprocessing
import os
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path

from rapidfuzz import fuzz, process

from diffing.matching import closest
from diffing.model import Document, Fetched, KnownText, Outcome, PageRole, Statement
from diffing.normal import normalise
from diffing.statements import split_text
from storage.archive import open_archive

GOLD = Path(__file__).resolve().parents[1].parent / "shared" / "gold"
SIZES = (10_000, 100_000, 1_000_000)
NOON = dt.datetime(2025, 9, 11, 12, tzinfo=dt.UTC)

BAR_SHARE, BAR_MEDIAN_MS, BAR_SLOW_MS, BAR_GROWTH = 0.995, 3.0, 15.0, 4.0
BAR_MB, BAR_RATE, BAR_BYTES, BAR_PAGE_MS = 150, 15_000, 250, 20.0
FOUND = 70.0

RUSSIAN = 0.3
TWINS = 0.25
KINDS = ("numbers", "words", "order", "insertions", "truncation", "typos", "rewritten")
PAGES, PAGE = 60, 30


def real_sentences():
    """(language, text) of the gold's sentences; those that cp1251 can write, so that brute force is fast."""
    found = {}
    for name in ("revisions_dev.jsonl", "pages/index.jsonl"):
        for line in (GOLD / name).read_text(encoding="utf-8").split("\n")[:-1]:
            row = json.loads(line)
            if (language := row.get("lang")) not in {"en", "ru"}:
                continue
            for key in ("before", "after", "gold_text"):
                for statement in split_text(row.get(key) or "", language):
                    if is_sentence(statement.normal):
                        found.setdefault(statement.normal, (language, statement.text))
    return list(found.values())


def is_sentence(normal):
    """Whether it is no code, table or list of links."""
    dense = normal.replace(" ", "")
    letters = sum(map(str.isalpha, dense))
    return (
        25 <= len(normal) <= 600
        and normal.count(" ") >= 3
        and letters >= 0.8 * len(dense)
        and normal.encode("cp1251", "ignore").decode("cp1251") == normal
    )


def edited(text, kind, spare, rng):
    words = text.split()

    def some(most):
        return rng.sample(range(len(words)), min(most, len(words)))

    match kind:
        case "numbers" if re.search(r"\d", text):
            return re.sub(r"\d", lambda _: str(rng.randrange(10)), text)
        case "numbers" | "words":
            for at in some(rng.randint(1, 3)):
                words[at] = rng.choice(spare)
        case "rewritten":
            for at in some(int(0.4 * len(words))):
                words[at] = rng.choice(spare)
        case "order" if rng.random() < 0.5:
            at = rng.randrange(1, len(words))
            words = words[at:] + words[:at]
        case "order":
            for at in some(3):
                words.insert(at, words.pop())
        case "insertions":
            for at in some(rng.randint(1, 4)):
                words[at] += " " + rng.choice(spare)
        case "truncation":
            left = max(3, int(len(words) * rng.uniform(0.6, 0.9)))
            words = words[:left] if rng.random() < 0.7 else words[-left:]
        case "typos":
            for at in some(rng.randint(1, max(1, len(words) // 4))):
                words[at] = misspelt(words[at], rng)
    return " ".join(words)


def misspelt(word, rng):
    if len(word) < 3:
        return word
    at = rng.randrange(len(word) - 1)
    return rng.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + rng.choice("aeiouаеиоу") + word[at:],
        )
    )


class Corpus:
    """Known statements, and others to ask for."""

    def __init__(self, rng):
        sentences = real_sentences()
        rng.shuffle(sentences)
        self.rng = rng
        self.unseen, self.known = sentences[: len(sentences) // 10], sentences[len(sentences) // 10 :]
        self.texts, self.words = defaultdict(list), defaultdict(list)
        self.following = defaultdict(lambda: defaultdict(list))
        for language, text in self.known:
            words = text.split()
            self.texts[language].append(text)
            self.words[language] += words
            for word, after in zip(("", *words), (*words, ""), strict=True):
                self.following[language][word].append(after)

    def statements(self, size):
        """`size` pairs of language and text, no two with one normal form."""
        seen = set()
        for language, text in self.endless():
            normal = normalise(text)
            if normal not in seen and len(normal) >= 20:
                seen.add(normal)
                yield language, text
                if len(seen) == size:
                    return

    def endless(self):
        yield from self.known
        rng = self.rng
        while True:
            language = "ru" if rng.random() < RUSSIAN else "en"
            pattern = rng.choice(self.texts[language]).split()
            if rng.random() < TWINS:
                for at in rng.sample(range(len(pattern)), min(len(pattern), rng.randint(2, 5))):
                    pattern[at] = rng.choice(self.words[language])
                yield language, " ".join(pattern)
            else:
                yield language, " ".join(self._chain(language, len(pattern)))

    def _chain(self, language, length):
        words, word = [], ""
        while len(words) < length + 8:
            word = self.rng.choice(self.following[language][word])
            if word:
                words.append(word)
            elif len(words) > 0.6 * length:
                break
        return words

    def query(self, number, statements):
        """(kind, language, normal form) to ask for; the kinds take turns."""
        if number % 4 == 0:
            language, text = self.rng.choice(self.unseen)
            return "unseen", language, normalise(text)
        language, text = self.rng.choice(statements)
        kind = KINDS[number % len(KINDS)]
        return kind, language, normalise(edited(text, kind, self.words[language], self.rng))


def write_corpus(folder, size, count, seed):
    corpus = Corpus(random.Random(seed))
    statements = list(corpus.statements(size))
    queries = [corpus.query(number, statements) for number in range(count)]
    extra = islice(corpus.endless(), len(corpus.known), len(corpus.known) + PAGES * PAGE)
    for name, rows in (("known", statements), ("queries", queries), ("pages", extra)):
        with (folder / name).open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def rows_of(folder, name):
    with (folder / name).open(encoding="utf-8") as file:
        yield from map(json.loads, file)


_FORMS: list[bytes] = []


def _best(normal):
    found = process.extractOne(normal.encode("cp1251"), _FORMS, scorer=fuzz.ratio, score_cutoff=FOUND)
    return None if found is None else found[1]


def brute_force(folder):
    """The best score of each query where it is a find, and milliseconds of CPU a query."""
    _FORMS.extend(normalise(text).encode("cp1251", "replace") for _, text in rows_of(folder, "known"))
    queries = [normal for _, _, normal in rows_of(folder, "queries")]
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        best = pool.map(_best, queries, chunksize=10)
    before = time.process_time()
    for normal in queries[:10]:
        process.extractOne(normal, _FORMS, scorer=fuzz.ratio)
    return best, (time.process_time() - before) * 100


def statement(index, language, text, normal=None):
    return Statement(
        index=index, text=text, normal=normalise(text) if normal is None else normal, language=language
    )


def load(folder):
    """All statements as texts of a thousand, the way bundled texts are taken as known."""
    rows = rows_of(folder, "known")
    with open_archive(folder / "bench.db", write=True, create=True, now=NOON) as archive:
        for number in range(10**9):
            statements = [statement(at, *row) for at, row in enumerate(islice(rows, 1000))]
            if not statements:
                break
            text = KnownText(
                origin=f"text {number}", language="en", said_on=NOON.date(), statements=tuple(statements)
            )
            archive.add_baseline(text, [()] * len(statements), NOON)
    return memory()


def build(folder):
    """CPU seconds to make the indexes anew, their bytes, and memory."""
    with open_archive(folder / "bench.db", write=True, now=NOON) as archive:
        before = time.process_time()
        archive.rebuild_indexes()
        spent = time.process_time() - before
    with sqlite3.connect(folder / "bench.db") as database:
        (size,) = database.execute(
            "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'candidate_index%' OR name = 'words'"
        ).fetchone()
    return spent, size, memory()


def add_pages(folder):
    """Milliseconds of CPU that each page of 30 statements costs, all that is recorded of it."""
    rows = rows_of(folder, "pages")
    spent = []
    with open_archive(folder / "bench.db", write=True, now=NOON) as archive:
        archive.sync_sources({"bench": "en"})
        run = archive.begin_run(NOON, "crawl", ["bench"])
        for number in range(PAGES):
            statements = tuple(statement(at, *row) for at, row in enumerate(islice(rows, PAGE)))
            url = f"https://en.example.org/{number}/"
            fetched = Fetched(
                source="bench", role=PageRole.ARTICLE, url=url, final_url=url, fetched_at=NOON, status=200,
                request_headers=(), headers=(), body=url.encode(), error=None, address="127.0.0.1",
            )  # fmt: skip
            document = Document(
                language="en", title=url, published=NOON.date(), published_evidence="bench", blocks=()
            )
            before = time.process_time_ns()
            archive.record_revision(
                archive.record_capture(run, fetched), Outcome.NEW, document, statements, [()] * PAGE, (),
                said_on=NOON.date(), extractor="bench", understood_at=NOON, accepted=range(PAGE),
                text_hash=url,
            )  # fmt: skip
            spent.append((time.process_time_ns() - before) / 1e6)
        archive.end_run(run, NOON, outcomes={}, changes={}, failures={})
    return spent, memory()


def ask(folder, truth):
    """Milliseconds of CPU a query, kinds missed and asked, finds missed altogether, and memory."""
    spent, missed, asked, lost = [], Counter(), Counter(), 0
    with open_archive(folder / "bench.db") as archive:
        known = archive.known()
        for (kind, language, normal), best in zip(rows_of(folder, "queries"), truth, strict=True):
            query = statement(0, language, normal, normal)
            before = time.process_time_ns()
            closest(query, known, ())
            spent.append((time.process_time_ns() - before) / 1e6)
            if best is None:
                continue
            asked[kind] += 1
            if known.exact(normal) is None:
                found = max(
                    (fuzz.ratio(normal, other.normal) for other in known.candidates(normal, ())), default=0
                )
                missed[kind] += found < best - 1e-6
                lost += found < FOUND
        used = memory()
    return spent, missed, asked, lost, used


def memory():
    """The most memory that this process had resident, in MB above an empty one."""
    report = "import re; print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])"  # in KB
    empty = subprocess.run([sys.executable, "-c", report], capture_output=True, check=True, text=True).stdout
    ours = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))
    return (int(ours[1]) - int(empty)) / 1024


def alone(step, *arguments):
    """The step's result from a process of its own, whose memory is its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(step, *arguments).result()


def measure(size, count, seed, smallest):
    """Prints the size's line; the median milliseconds of a query."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        alone(write_corpus, folder, size, count, seed)
        truth, peer = alone(brute_force, folder)
        alone(load, folder)
        built, size_of_index, built_in = alone(build, folder)
        pages, _ = alone(add_pages, folder)
        spent, missed, asked, lost, asked_in = alone(ask, folder, truth)
    finds = sum(asked.values())
    median, slow = statistics.median(spent), statistics.quantiles(spent, n=100)[98]
    growth = "" if smallest is None else f", {median / smallest:.1f} times the smallest (bar {BAR_GROWTH:g})"
    print(
        f"candidates, {size:,} statements: share of brute force's {finds} finds "
        f"{1 - sum(missed.values()) / finds:.4f} (bar {BAR_SHARE}), {lost} with nothing from {FOUND:g} up; "
        f"{median:.2f} ms median, {slow:.2f} ms 99th percentile (bars {BAR_MEDIAN_MS:g}, {BAR_SLOW_MS:g})"
        f"{growth}; brute force {peer:.1f} ms, ratio {peer / median:.0f}; "
        f"index {size / built:,.0f} statements/s (bar {BAR_RATE:,}), "
        f"{size_of_index / size:.0f} bytes each (bar {BAR_BYTES}); "
        f"page of {PAGE} {statistics.median(pages):.1f} ms, at most {max(pages):.1f} (bar {BAR_PAGE_MS:g}); "
        f"memory {asked_in:.0f} MB asking, {built_in:.0f} MB building (bar {BAR_MB}); "
        f"missed {dict(+missed)}",
        flush=True,
    )
    return median


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of statements")
    parser.add_argument("--queries", type=int, default=1_200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not GOLD.exists():
        print("candidates: skipped, ../shared/gold is absent")
        return
    smallest = None
    for size in map(int, options.sizes.split(",")):
        median = measure(size, options.queries, options.seed, smallest)
        smallest = smallest or median


if __name__ == "__main__":
    main()
