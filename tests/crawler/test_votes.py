"""What trafilatura is asked about a page, and what it answers."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from crawler.pieces import pieces_of
from crawler.votes import votes_for

TEXT = (
    "The joint exercise will be held in September at the Edelweiss training ground in Kyrgyzstan.",
    "About five hundred servicemen of the contingents will take part in it, the staff said on Tuesday.",
    "The plan was agreed upon by the deputy ministers of defence of all member states in Minsk in June.",
    "Rescuers and the border forces will train beside them for the first time since the spring.",
)


def voted(body):
    root = document_fromstring(f"<html><head><title>News</title></head><body>{body}</body></html>")
    return [piece.text for piece in votes_for(root, pieces_of(root), "")]


def paragraphs(lines):
    return "".join(f"<p>{line}</p>" for line in lines)


def links(texts):
    return "".join(f'<li><a href="/{number}/">{text}</a></li>' for number, text in enumerate(texts))


def test_the_text_is_voted_for_and_a_menu_is_not():
    menu = links(f"Section {number}" for number in range(40))

    assert voted(f"<div><ul>{menu}</ul></div><div>{paragraphs(TEXT)}</div>") == list(TEXT)


def test_a_menu_with_the_articles_own_words_wins_no_vote():
    menu = links(["News", TEXT[3][:60], TEXT[0][:60]])

    assert voted(f"<div>{paragraphs(TEXT)}</div><ul>{menu}</ul>") == list(TEXT)


def test_a_sentence_that_is_a_link_keeps_its_vote_amid_the_text():
    linked = f'<a href="/x/">{TEXT[1]}</a>'

    assert voted(f"<div>{paragraphs((TEXT[0], linked, *TEXT[2:]))}</div>") == list(TEXT)


def test_a_row_of_links_as_long_as_sentences_is_left_to_trafilatura():
    documents = [f"Decision {number} on {TEXT[number][:-1]} and on its report" for number in range(3)]

    assert voted(f"<article>{paragraphs(TEXT)}<ul>{links(documents)}</ul></article>")[4:] == documents


def test_a_menu_in_one_line_wins_no_vote():
    line = " ".join(f'<a href="/{number}/">Section {number}</a>' for number in range(40))

    assert voted(f"<div>{paragraphs(TEXT)}<p>{line}</p></div>") == list(TEXT)


@pytest.mark.parametrize("size", [1, 4])
def test_lines_that_breaks_part_are_voted_for_each(size):
    lines = "<br>".join(TEXT)

    assert voted(f"<h1>Exercise</h1><div>{lines}</div>" + f"<div>{size} views</div>" * size)[-4:] == list(
        TEXT
    )


def test_a_row_of_data_is_voted_for_whole():
    cells = [(f"{day} September", f"Stage number {day} of the exercise at the range") for day in range(3, 9)]
    table = "".join(f"<tr><td>{day}</td><td>{stage}</td></tr>" for day, stage in cells)

    assert voted(f"<div>{paragraphs(TEXT)}<table>{table}</table></div>")[4:] == [
        f"{day} | {stage}" for day, stage in cells
    ]


@pytest.mark.parametrize("tag", ["o:p", "my-text", "x.y", 'a"b', "div class='a&#1;b'", "div class='a\x01b'"])
def test_a_tag_or_an_attribute_that_nobody_may_write_costs_no_vote(tag):
    name = tag.partition(" ")[0]

    assert voted(f"<{tag}>{paragraphs(TEXT)}</{name}>") == list(TEXT)


@pytest.mark.parametrize("body", ["", f"<ul>{links(f'Section {number}' for number in range(9))}</ul>"])
def test_a_page_without_a_text_has_no_votes(body):
    assert voted(f"<div>{body}</div>") == []
