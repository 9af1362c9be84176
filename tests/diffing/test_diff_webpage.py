"""A comparison as a web page: what it shows, and that nothing a page said becomes markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from diffing.alignment import align
from diffing.formats.webpage import diff_webpage
from diffing.model import Statement
from diffing.normal import normalise

SAME = "The Secretary General thanked the hosts for their hospitality."
OLD = "The training “Rubezh-2025” will be held in the first half of October."
NEW = "The training “Rubezh-2025” will be held in the first half of September."
ADDED = "Journalists may apply for accreditation until the end of next week."


def revision(*texts):
    return [
        Statement(index=at, text=text, normal=normalise(text), language="en") for at, text in enumerate(texts)
    ]


def page(old, new, title="https://a.example/1"):
    return diff_webpage(title, "revision 1", "revision 2", align(old, new))


def row(html, op):
    cells = LexborHTMLParser(html).css_first(f".row.{op}").css("div[dir]")
    return [" ".join(cell.text().split()) for cell in cells]


def test_an_edit_stands_side_by_side_with_its_words_marked():
    html = page(revision(SAME, OLD), revision(SAME, NEW))

    assert row(html, "edited") == [OLD, NEW]
    assert "<del>October</del>" in html
    assert "<ins>September</ins>" in html


def test_what_was_added_or_removed_stands_on_its_side_only():
    assert row(page(revision(SAME), revision(SAME, ADDED)), "added") == ["", ADDED]
    assert row(page(revision(SAME, ADDED), revision(SAME)), "removed") == [ADDED, ""]


def test_statements_that_are_the_same_are_folded_away_and_counted():
    html = page(revision(SAME, ADDED, OLD), revision(SAME, ADDED, NEW))

    tree = LexborHTMLParser(html)
    assert [node.text() for node in tree.css("details > summary")] == ["2 the same"]
    assert not tree.css_first("details").css(".edited")
    assert "1 edited; 2 the same" in html


def test_the_place_is_given_once_where_it_stayed_and_twice_where_it_moved():
    html = page(revision(ADDED, SAME, OLD), revision(SAME, OLD, ADDED))

    tree = LexborHTMLParser(html)
    assert tree.css_first(".row.moved small").text() == "1 → 3"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "</del></div><img src=x onerror=alert(1)>",
        '"><svg/onload=alert(1)>',
        "{{ 7 * 7 }}{% raw %}",
        "</style></title><iframe src=//evil.example>",
        "<!--",
        "&lt;script&gt;",
        "<a href='javascript:alert(1)'>x</a>",
    ],
)
def test_hostile_text_shows_as_the_text_it_is(hostile):
    html = page(
        revision(f"{hostile} {SAME}", f"{OLD} {hostile}", hostile * 2, f"{hostile} stays."),
        revision(f"{NEW} {hostile} {hostile}", f"{hostile} stays.", f"{ADDED} {hostile}"),
        title=hostile,
    )

    tree = LexborHTMLParser(html)
    assert not tree.css("script, img, svg, iframe, a, [onerror], [onload], [href], [src]")
    assert tree.css_first("h1").text() == hostile
    assert any(hostile in cell.text() for cell in tree.css("div[dir]"))
    assert "49" not in html


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_of_a_page_adds_an_element_or_turns_the_reading_direction(old, new):
    def elements(html):
        return [node.tag for node in LexborHTMLParser(html).css("*") if node.tag not in {"ins", "del"}]

    plainly = page(revision(SAME, OLD), revision(SAME, NEW))
    html = page(revision(SAME, f"{OLD} {old}"), revision(SAME, f"{NEW} {new}"))

    assert elements(html) == elements(plainly)
    assert not set(html) & set("\x00\x1b\u202e\u2066")
