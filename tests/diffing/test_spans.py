"""Word spans: laws, and edits as an analyst reads them."""

from __future__ import annotations

import itertools
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.model import WordOp
from diffing.spans import word_spans

TEXT = st.lists(
    st.sampled_from(
        [
            "17",
            "20",
            "-",
            " ",
            "  ",
            "5,000",
            "5 000",
            "Rubezh",
            "‑2025",
            ",",
            ".",
            "май",
            "мая",
            "\u00a0",
            "1",
        ]
    ),
    max_size=14,
).map("".join) | st.text(max_size=30)


def joined(spans, *ops):
    return "".join(span.text for span in spans if span.op in ops)


def readable(old, new):
    return "".join(
        {"equal": "{}", "delete": "[-{}-]", "insert": "[+{}+]"}[s.op].format(s.text)
        for s in word_spans(old, new)
    )


@given(TEXT, TEXT)
def test_equal_and_insert_give_the_new_text_and_equal_and_delete_the_old(old, new):
    spans = word_spans(old, new)

    assert joined(spans, WordOp.EQUAL, WordOp.INSERT) == new
    assert joined(spans, WordOp.EQUAL, WordOp.DELETE) == old


@given(TEXT, TEXT)
def test_spans_are_never_empty_and_no_two_neighbours_share_an_op(old, new):
    spans = word_spans(old, new)

    assert all(span.text for span in spans)
    assert all(one.op != other.op for one, other in itertools.pairwise(spans))


@given(TEXT)
def test_a_text_against_itself_is_one_equal_span(text):
    assert {span.op for span in word_spans(text, text)} <= {WordOp.EQUAL}
    assert len(word_spans(text, text)) <= 1


@given(TEXT, TEXT)
def test_no_word_is_cut(old, new):
    def words(text):
        return [m.span() for m in re.finditer(r"\w+", text)]

    for text, ops in ((old, {WordOp.EQUAL, WordOp.DELETE}), (new, {WordOp.EQUAL, WordOp.INSERT})):
        cuts, at = set(), 0
        for span in word_spans(old, new):
            if span.op in ops:
                at += len(span.text)
                cuts.add(at)
        assert not any(start < cut < end for start, end in words(text) for cut in cuts)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("from 17 to 20 May", "from 3 to 6 May", "from [-17-][+3+] to [-20-][+6+] May"),
        (
            "more than 5,000 took part",
            "more than 50,000 took part",
            "more than [-5,000-][+50,000+] took part",
        ),
        ("около 5 000 человек", "около 5 500 человек", "около [-5 000-][+5 500+] человек"),
        ("Rubezh-2025 begins", "Rubezh-2026 begins", "Rubezh-[-2025-][+2026+] begins"),
        ("in May 2025.", "in May.", "in May[- 2025-]."),
        ("12.03.2025 в Минске", "13.03.2025 в Минске", "[-12.03.2025-][+13.03.2025+] в Минске"),
        ("with Armenia", "with Armenia, Belarus and Russia", "with Armenia[+, Belarus and Russia+]"),
        ("the 20th of May", "the 21st of May", "the [-20th-][+21st+] of May"),
    ],
)
def test_an_edit_reads_well(old, new, shown):
    assert readable(old, new) == shown


@pytest.mark.parametrize("piece", ["1", "1,", "a ", "'a", "1 000 ", "- ", " "])
def test_a_megabyte_of_hostile_text_is_compared_in_bounded_time(piece):
    text = piece * (1_000_000 // len(piece))
    started = time.process_time()

    word_spans(text, "x" + text[::-1])

    assert time.process_time() - started < 15
