"""How well the splitter does on hand-labelled paragraphs that try it, by language and half.

Labelled before the splitter was measured; the rules were mended on the open half only. The held half's
figures are what to expect of a text nobody has looked at.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from diffing.model import Block, BlockKind, Document
from diffing.statements import split

GOLD = [
    json.loads(line)
    for line in Path(__file__).with_name("sentences.jsonl").read_text(encoding="utf-8").strip().split("\n")
]

# (share of sentences found, share of those found that are right). Measured: open halves 1.000 (before the
# rules were mended on them 0.954 in English, 0.955 in Russian), held halves 0.984 and 0.968 in English, 1.000
# in Russian, the same before and after. A floor leaves one paragraph's room.
FLOORS = {
    ("en", False): (0.97, 0.97),
    ("en", True): (0.95, 0.95),
    ("ru", False): (0.97, 0.97),
    ("ru", True): (0.97, 0.97),
}


def statements(row):
    block = Block(kind=BlockKind.PARAGRAPH, text=" ".join(row["sentences"]))
    document = Document(
        language=row["lang"], title=None, published=None, published_evidence=None, blocks=(block,)
    )
    return [statement.text for statement in split(document)]


def figures(language, held):
    """(recall, precision, paragraphs wholly right, paragraphs) over one half."""
    rows = [row for row in GOLD if (row["lang"], row["held"]) == (language, held)]
    found = [statements(row) for row in rows]
    right = sum(len(set(ours) & set(row["sentences"])) for ours, row in zip(found, rows, strict=True))
    whole = sum(ours == row["sentences"] for ours, row in zip(found, rows, strict=True))
    return right / sum(len(r["sentences"]) for r in rows), right / sum(map(len, found)), whole, len(rows)


@pytest.mark.parametrize(("language", "held"), list(FLOORS))
def test_the_splitter_keeps_its_floors_on_labelled_paragraphs(language, held):
    recall, precision, whole, rows = figures(language, held)

    told = f"{language} held={held}: recall {recall:.3f}, precision {precision:.3f}, whole {whole} of {rows}"
    assert recall >= FLOORS[language, held][0], told
    assert precision >= FLOORS[language, held][1], told


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_gold_is_as_large_as_its_floors_need(language):
    sizes = {
        held: sum(len(r["sentences"]) for r in GOLD if (r["lang"], r["held"]) == (language, held))
        for held in (True, False)
    }

    assert sum(sizes.values()) >= 120
    assert min(sizes.values()) >= 55


def test_every_open_paragraph_differs_from_every_held_one():
    texts = [" ".join(row["sentences"]) for row in GOLD]

    assert all(one != other for one, other in itertools.combinations(texts, 2))
