"""Floors for pages composed from independent choices, and the law that only the author's words count.

Seeds below 10,000 are looked at; those from 10,000 on are only measured.
`.venv/bin/python tests/quality/test_layouts.py [SEED]` prints what each choice costs, or one page's faults.
"""

from __future__ import annotations

import importlib.util
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crawler.errors import NothingReadable
from crawler.extraction import extract
from crawler.teasers import Teasers, learn, without_teasers
from diffing.normal import normalise
from diffing.statements import split

_SPEC = importlib.util.spec_from_file_location("layouts", Path(__file__).with_name("layouts.py"))
layouts = importlib.util.module_from_spec(_SPEC)
sys.modules["layouts"] = layouts
_SPEC.loader.exec_module(layouts)

FLOOR, DATES_FLOOR = 0.98, 0.95
HELD = 10_000
MOSCOW = ZoneInfo("Europe/Moscow")


def document(page):
    """What is read from the page; None: nothing."""
    language = page.choices["language"]
    try:
        return extract(page.body, (), page.url, language=language, timezone=MOSCOW)
    except NothingReadable:
        return None


def crawled(pages):
    """What is read from each page of a site, without the teasers that its pages teach."""
    read = {page.url: document(page) for page in pages}
    teasers = learn(Teasers(), {url: found for url, found in read.items() if found is not None}, {})
    return [
        (page, read[page.url] and without_teasers(read[page.url], page.url, teasers)[0]) for page in pages
    ]


def alone(seeds):
    """The first page of each site, read with nothing known of the site."""
    pages = [layouts.sites(seed, 1)[0] for seed in seeds]
    return [(page, document(page)) for page in pages if page.is_plain]


def together(seeds, size=6):
    return [pair for seed in seeds for pair in crawled(layouts.sites(seed, size))]


def said(found):
    return Counter(normalise(statement.full_text) for statement in split(found)) if found else Counter()


def wanted(page):
    return Counter(normalise(text) for text in page.statements)


class Tally:
    """How many statements were read, how many of them rightly, how many there are; and dates."""

    def __init__(self):
        self.right = self.read = self.there = self.printed = self.dated = self.misdated = self.pages = 0

    def add(self, page, found):
        got, want = said(found), wanted(page)
        self.pages += 1
        self.right += (got & want).total()
        self.read += got.total()
        self.there += want.total()
        published = found.published if found else None
        if page.published is None:
            self.misdated += published is not None
        else:
            self.printed += 1
            self.dated += published == page.published

    @property
    def figures(self):
        """Precision, recall, share of printed dates that are right."""
        return self.right / self.read, self.right / self.there, self.dated / max(1, self.printed)


def tally(pairs):
    total = Tally()
    for page, found in pairs:
        total.add(page, found)
    return total


@pytest.mark.parametrize("first", [0, HELD], ids=["dev", "held"])
@pytest.mark.parametrize("read", [alone, together])
def test_any_layout_is_read(read, first):
    total = tally(read(range(first, first + (300 if read is alone else 80))))
    precision, recall, dates = total.figures

    assert (precision >= FLOOR, recall >= FLOOR, dates >= DATES_FLOOR) == (True, True, True), total.figures
    assert total.misdated <= 0.02 * total.pages


@pytest.mark.parametrize("seed", range(HELD, HELD + 40))
def test_another_template_around_the_same_words_changes_no_statement(seed):
    """Teasers, counters, share lines, cookie bars, side columns, markup: everything but the words."""
    rng = random.Random(seed)
    language = rng.choice(("en", "ru"))
    article, *others = layouts.articles_of(language, rng, 7)
    own = {name: rng.choice(layouts.CHOICES[name]) for name in ("body", "length")}

    said_by_template = set()
    for _ in range(4):
        choices = layouts.choose(rng, language=language, titles=rng.choice((1, 2)), head="suffix", **own)
        page = layouts.render(article, rng.sample(others, len(others)), choices, rng)
        said_by_template.add(tuple(normalise(statement.full_text) for statement in split(document(page))))

    assert said_by_template == {tuple(normalise(text) for text in page.statements)}


def test_a_doubled_heading_above_a_glued_date_is_the_title():
    body = """<html><head><title>Rubezh-2025 – CSTO</title></head><body>
    <div><p>The Secretary General met the ambassador of Serbia in Moscow on Wednesday.</p>
    <p>The exercise Barrier-2025 was cancelled by the decision of the host country.</p></div>
    <div class="news-detail"><h3>Exercise Rubezh-2025 will be held in Kyrgyzstan</h3>
    <h3>Exercise Rubezh-2025 will be held in Kyrgyzstan</h3>
    11.09.2025On September 11, the staff said that it will be held from 17 to 20 September.<br><br>
    More than 1,000 people will take part.</div></body></html>"""

    found = extract(body.encode(), (), "", language="en", timezone=MOSCOW)

    assert found.title == "Exercise Rubezh-2025 will be held in Kyrgyzstan"
    assert str(found.published) == "2025-09-11"
    assert [statement.text for statement in split(found)] == [
        "On September 11, the staff said that it will be held from 17 to 20 September.",
        "More than 1,000 people will take part.",
    ]


@pytest.mark.parametrize("sentence", ["It is off.", "Учение отменено.", "The exercise has been cancelled."])
@pytest.mark.parametrize("box", ["<div>{}</div>", "<p>{}</p>", "{}", "<table><tr><td>{}</td></tr></table>"])
def test_a_page_of_one_short_sentence_is_read(sentence, box):
    body = (
        f"<html><head><title>Notice of the staff</title></head><body><h1>Notice of the staff</h1>{box}</body>"
    )

    found = extract(body.format(sentence).encode(), (), "", language=None, timezone=MOSCOW)

    assert [block.text for block in found.blocks] == [sentence]


def _print_table(name, pairs):
    choices = defaultdict(Tally)
    for page, found in pairs:
        for choice in page.choices.items():
            choices[choice].add(page, found)
    total = tally(pairs)
    print(name, total.pages, "pages", *(f"{figure:.4f}" for figure in total.figures), total.misdated)  # noqa: T201  # a command
    for (choice, value), cost in sorted(choices.items(), key=lambda item: min(item[1].figures[:2]))[:15]:
        print(f"  {choice:14}{value!s:16}", *(f"{figure:.3f}" for figure in cost.figures))  # noqa: T201  # a command


if __name__ == "__main__":
    if len(sys.argv) > 1:
        for site_page, site_found in together([int(sys.argv[1])]):
            print(site_page.choices, site_found and site_found.published, site_page.published)  # noqa: T201  # a command
            print(*(said(site_found) - wanted(site_page)), sep="\n  + ")  # noqa: T201  # a command
            print(*(wanted(site_page) - said(site_found)), sep="\n  - ")  # noqa: T201  # a command
    else:
        for half in (0, HELD):
            _print_table("alone", alone(range(half, half + 600)))
            _print_table("together", together(range(half, half + 160)))
