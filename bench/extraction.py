"""Recall, rejection and F1 of the extraction beside trafilatura's default, and what each costs, in one run.

    .venv/bin/python bench/extraction.py [--pages DIR] [--limit N]

Needs the pages with gold segments of ../shared/gold/pages; says so where they are absent.
"""

from __future__ import annotations

import argparse
import collections
import datetime as dt
import gzip
import json
import re
import statistics
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import trafilatura
from lxml.html import document_fromstring
from selectolax.lexbor import LexborHTMLParser

from crawler.decoding import decode
from crawler.errors import NothingReadable
from crawler.extraction import extract, visible_digest, visible_text

PAGES = Path(__file__).resolve().parents[2] / "shared" / "gold" / "pages"
WORD = re.compile(r"\w+")


def main() -> None:
    """Prints a table of quality per language and a table of speed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=Path, default=PAGES)
    parser.add_argument("--limit", type=int)
    parser.add_argument("-v", "--verbose", action="store_true", help="one line a page")
    options = parser.parse_args()
    index = options.pages / "index.jsonl"
    if not index.exists():
        sys.exit(f"No gold pages at {options.pages}: name their folder with --pages")
    rows = [json.loads(line) for line in index.read_text(encoding="utf-8").splitlines()][: options.limit]
    bodies = {
        row["id"]: gzip.decompress((options.pages / f"{row['id']}.html.gz").read_bytes()) for row in rows
    }
    scores = collections.defaultdict(list)
    dates = collections.Counter()
    for row in rows:
        body = bodies[row["id"]]
        ours, document = _ours(body, row)
        theirs = _theirs(body)
        visible = visible_text(body)
        pair = [_score(text, row["gold_text"], visible) for text in (ours, theirs)]
        scores[row["lang"]].append(pair)
        if row["published"] and document is not None:
            # these rows give the day the page was collected: its own date is a little earlier
            collected = dt.datetime.strptime(re.sub(r"\D", "", row["published"])[:8], "%Y%m%d").date()
            found = document.published
            age = None if found is None else (collected - found).days
            dates["none" if age is None else "within 10 days before" if 0 <= age <= 10 else "other"] += 1
        if options.verbose:
            print(
                row["id"],
                *(f"{value:.3f}" for one in pair for value in one),
                document and document.published,
                row["published"],
            )
    print(f"{'':6}{'pages':>6}  recall / rejection / F1: ours    trafilatura default")
    everything = [pair for pairs in scores.values() for pair in pairs]
    for name, pairs in (*sorted(scores.items()), ("all", everything)):
        means = [
            [statistics.fmean(pair[who][what] for pair in pairs) for what in range(3)] for who in range(2)
        ]
        print(
            f"{name:6}{len(pairs):>6}  "
            + "    ".join(" / ".join(f"{value:.4f}" for value in mean) for mean in means)
        )
    print("printed date against the day of collection:", dict(dates))
    _speed(rows, bodies)


def _ours(body: bytes, row: dict[str, str]):
    try:
        document = extract(body, (), row["url"] or "", language=row["lang"], timezone=ZoneInfo("UTC"))
    except NothingReadable:
        return "", None
    # the title is a field of its own here: it counts where the gold has it in the text
    title = document.title if document.title and document.title in row["gold_text"] else ""
    return "\n".join((title, *(block.text for block in document.blocks))), document


def _theirs(body: bytes) -> str:
    return trafilatura.extract(body, include_comments=False) or ""


def _shingles(text: str) -> collections.Counter:
    words = WORD.findall(text.casefold())
    return collections.Counter(
        zip(words, words[1:], words[2:], words[3:], strict=False)
    ) or collections.Counter({tuple(words): 1})


def _score(text: str, gold: str, visible: str) -> tuple[float, float, float]:
    """Share of the gold's 4-grams found; share of the page's other 4-grams left out; F1 of found and gold."""
    got, want = _shingles(text), _shingles(gold)
    unwanted = _shingles(visible) - want
    hit = (got & want).total()
    recall, precision = hit / want.total(), hit / max(1, got.total())
    wrong = (got & unwanted).total() if unwanted else 0
    rejection = 1 - wrong / max(1, unwanted.total())
    return recall, rejection, 2 * recall * precision / (recall + precision) if hit else 0.0


def _speed(rows: list[dict[str, str]], bodies: dict[str, bytes]) -> None:
    texts = {key: decode(body) for key, body in bodies.items()}
    tasks = {
        "ours, from bytes": lambda row: _ours(bodies[row["id"]], row),
        "trafilatura default, from bytes": lambda row: trafilatura.bare_extraction(
            bodies[row["id"]], include_comments=False
        ),
        "visible_digest": lambda row: visible_digest(bodies[row["id"]]),
        "visible_text": lambda row: visible_text(bodies[row["id"]]),
        "lxml parse": lambda row: document_fromstring(texts[row["id"]].encode()),
        "selectolax parse": lambda row: LexborHTMLParser(texts[row["id"]]),
    }
    spent = dict.fromkeys(tasks, 0.0)
    # page by page in turn, so that a busy moment of the machine slows all of them alike
    for row in rows:
        for name, task in tasks.items():
            start = time.process_time()
            task(row)
            spent[name] += time.process_time() - start
    theirs = spent["trafilatura default, from bytes"]
    for name, seconds in spent.items():
        print(
            f"{name:34}{len(rows) / seconds:>9.1f} pages/s"
            f" {seconds / len(rows) * 1e3:>8.2f} ms {seconds / theirs:>6.2f} x trafilatura"
        )


if __name__ == "__main__":
    main()
