"""Floors for reading hand-written pages: statements right and complete, printed dates right.

Forty pages in eight templates, labelled before the code was measured on them. The half marked `held`
was looked at as figures only. `.venv/bin/python tests/quality/test_pages.py` prints both halves.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crawler.extraction import extract
from crawler.teasers import Teasers, learn, without_teasers
from diffing.normal import normalise
from diffing.statements import split

PAGES = Path(__file__).parent / "pages"
FLOOR = 0.98
DATES_FLOOR = 0.95


def labels():
    return [(path, json.loads(path.read_text(encoding="utf-8"))) for path in sorted(PAGES.glob("*.json"))]


def read_pages():
    """Each label with its document, teasers taken out as a crawl of the template's site would."""
    sites = defaultdict(dict)
    known = {}
    for path, label in labels():
        body = path.with_suffix(".html").read_bytes()
        document = extract(
            body, (), label["url"], language=label["language"], timezone=ZoneInfo("Europe/Moscow")
        )
        sites[label["template"], label["language"]][label["url"]] = document
        name = label["url"].rsplit("/", 2)[1]
        known[label["language"], name] = (label["title"], *label["statements"][:2])
    cleaned = {}
    for (template, language), pages in sites.items():
        leads = {
            f"https://{language}.t{template}.example.org/news/{name}/": lead
            for (of_language, name), lead in known.items()
            if of_language == language
        }
        teasers = learn(Teasers(), pages, leads)
        for url, document in pages.items():
            cleaned[url] = without_teasers(document, url, teasers)[0]
    return [(path.stem, label, cleaned[label["url"]]) for path, label in labels()]


def measure(pages):
    """Statements found, read and labelled; dates right and printed; and what went wrong, in words."""
    hit = got_all = want_all = right = printed = 0
    faults = []
    for name, label, document in pages:
        got = Counter(normalise(statement.full_text) for statement in split(document))
        want = Counter(normalise(text) for text in label["statements"])
        hit += (got & want).total()
        got_all += got.total()
        want_all += want.total()
        faults += [f"{name} lost: {text}" for text in want - got]
        faults += [f"{name} extra: {text}" for text in got - want]
        published = label["published"] and dt.date.fromisoformat(label["published"])
        if published is not None:
            printed += 1
            right += document.published == published
        if document.published != published:
            faults.append(
                f"{name} date: {document.published} for {published} ({document.published_evidence})"
            )
        if document.title != label["title"]:
            faults.append(f"{name} title: {document.title}")
    return hit / got_all, hit / want_all, right / printed, faults


@pytest.mark.parametrize("held", [False, True], ids=["dev", "held"])
def test_the_statements_and_dates_of_labelled_pages_are_read(held):
    precision, recall, dates, faults = measure([page for page in read_pages() if page[1]["held"] is held])

    assert (precision >= FLOOR, recall >= FLOOR, dates >= DATES_FLOOR) == (True, True, True), faults


def test_there_are_forty_pages_in_eight_templates():
    gold = [label for _, label in labels()]

    assert (len(gold), len({label["template"] for label in gold})) == (40, 8)


if __name__ == "__main__":
    for half in (False, True):
        *figures, wrong = measure([page for page in read_pages() if page[1]["held"] is half])
        print("held" if half else "dev ", *(f"{figure:.4f}" for figure in figures))  # noqa: T201  # a command
        if not half:
            print(*wrong, sep="\n")  # noqa: T201  # a command
