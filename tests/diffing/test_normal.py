"""The comparison form: laws first, then the glyphs that official sites really mix."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.normal import normalise

MIXED = st.text(
    alphabet=st.one_of(
        st.characters(), st.sampled_from("аАвВсСнНжЖёЁaAbBcChHzZ іІѕ'’\"«»“”--–—\u00a0\u200b\u0301\u0308")
    ),
    max_size=40,
)


@given(MIXED)
def test_normalising_twice_changes_nothing_more(text):
    assert normalise(normalise(text)) == normalise(text)


@given(MIXED)
def test_case_never_matters_to_the_normal_form_of_a_normal_form(text):
    assert normalise(normalise(text).swapcase().casefold()) == normalise(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Rubezh-2025”", "«Rubezh–2025»"),
        ("“Rubezh-2025”", '"Rubezh—2025"'),
        ("„Рубеж“", "''Рубеж''"),
        ("‘Echelon’", "“Echelon”"),
        ("the Organization’s area", "the Organization's area"),
        ("17 to\u00a020\u2009March", "17  to 20\tMarch\n"),
        ("co\u00adoperation \u200bmeet\u200cing\ufeff", "cooperation meeting"),
        ("CSTO \u202ameeting\u202c\x00", "csto meeting"),
        ("Ещё раз учёт", "Еще раз учет"),
        ("Е\u0308лка", "ёлка"),
        ("СSTO mееting", "CSTO meeting"),  # Cyrillic С, е, е
        ("ОДКБ проводит cбор", "ОДКБ проводит сбор"),  # Latin c
        ("c 5 октября", "с 5 октября"),  # a word of one look-alike letter, Latin
        ("CCCP и Россия", "СССР и Россия"),
        ("mіlіtary", "military"),
        ("и так далее…", "и так далее..."),
        ("ﬁrst ﬂight", "first flight"),
        ("５０００", "5000"),
        ("a −5 °C", "a -5 °C"),
    ],
)
def test_glyph_variants_share_a_normal_form(one, other):
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5,000 people", "50,000 people"),
        ("17-20 March", "17-21 March"),
        ("не состоится", "состоится"),
        ("“Rubezh-2025”", "“Rubezh-2026”"),
        ("Иран", "Ирак"),
    ],
)
def test_what_says_something_else_keeps_another_normal_form(one, other):
    assert normalise(one) != normalise(other)


def test_russian_and_english_words_of_one_text_keep_their_own_script():
    assert normalise("Учение CSTO Rubezh и «Рубеж»") == 'учение csto rubezh и "рубеж"'


def test_a_megabyte_of_hostile_text_is_normalised_in_linear_time():
    for piece in ("'", '"', "-", "—", "а", "a", "aа ", "\u0301", "1", " \u00a0", "«", "е\u0308"):
        started = time.process_time()
        normalise(piece * (1_000_000 // len(piece)))
        assert time.process_time() - started < 3


@pytest.mark.parametrize("text", ["ῖ", "яῖx", "яƁx", "ΐ ᾷ ﬃ"])
def test_letters_that_folding_takes_apart_and_composing_puts_together_have_one_form(text):
    assert normalise(normalise(text)) == normalise(text)
