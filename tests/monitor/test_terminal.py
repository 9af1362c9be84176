"""A comparison in the terminal: what it shows, in which shape, and that no page can drive the terminal."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.alignment import align
from diffing.model import Statement
from diffing.normal import normalise
from monitor.terminal import diff_in_terminal

SAME = "The Secretary General thanked the hosts for their hospitality."
OLD = "The training “Rubezh-2025” will be held in the first half of October."
NEW = "The training “Rubezh-2025” will be held in the first half of September."
ADDED = "Journalists may apply for accreditation until the end of next week."


def revision(*texts):
    return [
        Statement(index=at, text=text, normal=normalise(text), language="en") for at, text in enumerate(texts)
    ]


def shown(old, new, width, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    return diff_in_terminal("https://a.example/1", "revision 1", "revision 2", align(old, new))


def test_only_what_changed_is_shown_with_its_place_and_a_count_of_the_rest(monkeypatch):
    told = shown(revision(SAME, OLD), revision(SAME, NEW, ADDED), 100, monkeypatch)

    assert "1 edited, 1 added; 1 the same" in told
    assert "2: The training “Rubezh-2025” will be held in the first half of [-October-]{+September+}." in told
    assert f"3: {{+{ADDED}+}}" in told
    assert SAME not in told


def test_where_nothing_changed_the_count_says_so(monkeypatch):
    assert "no statement differs; 1 the same" in shown(revision(SAME), revision(SAME), 100, monkeypatch)


def test_a_wide_terminal_sets_old_and_new_side_by_side(monkeypatch):
    told = shown(revision(SAME, OLD), revision(SAME, NEW), 200, monkeypatch)

    assert [line for line in told.splitlines() if "[-October-]" in line and "{+September+}" in line]


def test_a_narrow_terminal_is_kept_within_its_width(monkeypatch):
    told = shown(revision(SAME, OLD), revision(SAME, NEW, ADDED), 40, monkeypatch)

    assert max(map(len, told.splitlines())) <= 40


def test_a_moved_statement_shows_whence_and_whither(monkeypatch):
    told = shown(revision(ADDED, SAME, OLD), revision(SAME, OLD, ADDED), 100, monkeypatch)

    assert f"1 → 3: {ADDED}" in told


def test_a_changed_title_is_shown_and_one_that_stayed_is_not(monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    diffs = align(revision(SAME), revision(SAME))

    changed = diff_in_terminal("u", "1", "2", diffs, ("Rubezh to be held", "Rubezh put off"))
    stayed = diff_in_terminal("u", "1", "2", diffs, ("Rubezh put off", "Rubezh put off"))

    assert "title: [-Rubezh to be held-] → {+Rubezh put off+}" in changed
    assert "title" not in stayed


def test_in_a_pipe_no_line_is_wrapped(monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    long = " ".join([ADDED] * 5)

    told = diff_in_terminal("https://a.example/1", "1", "2", align(revision(SAME), revision(SAME, long)))

    assert f"2: {{+{long}+}}" in told


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_colour_is_for_a_terminal_whose_user_did_not_refuse_it(no_color, coloured, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", no_color)

    assert ("\x1b[" in shown(revision(SAME, OLD), revision(SAME, NEW), 80, monkeypatch)) is coloured


@pytest.mark.parametrize("width", [40, 80, 200])
def test_an_address_is_never_cut(width, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    url = f"https://en.odkb-csto.org/news/{'a-long-name-' * 10}/"

    assert url in diff_in_terminal(url, "1", "2", align(revision(SAME), revision(NEW))).splitlines()


HOSTILE = st.lists(
    st.sampled_from(
        ["\x1b[31m", "\x1b]0;own\x07", "\x9b2J", "\r", "\b", "\u202e", "[bold]", "[/]", "word ", "17 "]
    ),
    max_size=8,
).map("".join)


@pytest.mark.parametrize("width", [60, 200])
@given(HOSTILE, HOSTILE)
def test_no_text_of_a_page_drives_the_terminal(width, old, new):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(width))
        diffs = align(revision(SAME, f"{OLD}{old}"), revision(SAME, f"{NEW}{new}", f"{new}!"))

        told = diff_in_terminal(f"https://a.example/{old}", old, new, diffs)

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", told)
