"""Where a page's text is cut into pieces."""

import time

import pytest
from lxml.html import document_fromstring

from crawler.pieces import pieces_of


def cut(body: str) -> list[str]:
    return [
        piece.text for piece in pieces_of(document_fromstring(f"<html><body><p>{body}</p></body></html>"))
    ]


@pytest.mark.parametrize(
    ("body", "pieces"),
    [
        ("Joint Staff<br>of the Organization", ["Joint Staff of the Organization"]),
        ("A sentence.<br>Another one", ["A sentence.", "Another one"]),
        ("A line<br> <br>behind a blank one", ["A line", "behind a blank one"]),
        ("<br>12 May 2020<br>Behind a date", ["12 May 2020", "Behind a date"]),
        ("Minsk<br>12 May 2020<br>in a letterhead", ["Minsk 12 May 2020 in a letterhead"]),
        ("<b>All in</b><br><b>bold</b><br>and not", ["All in", "bold", "and not"]),
        ("Not all<br><b>in bold</b><br>of it", ["Not all in bold of it"]),
    ],
)
def test_a_break_ends_a_piece_behind_what_stands_alone(body, pieces):
    assert cut(body) == pieces


def test_the_time_for_a_page_of_breaks_grows_with_their_number():
    began = time.process_time()

    assert cut("word<br>" * 40_000) == [" ".join(["word"] * 40_000)]
    # a tenth of a second; it was 13 when each looked at all before it
    assert time.process_time() - began < 3
