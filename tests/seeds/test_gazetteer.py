"""Names are data: what is bundled is whole, and a file with faults is refused with all of them."""

from __future__ import annotations

import pytest

from seeds.errors import InvalidSeed
from seeds.gazetteer import load_gazetteer


def refusal(tmp_path, text: str) -> InvalidSeed:
    path = tmp_path / "names.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidSeed) as refused:
        load_gazetteer(path)
    return refused.value


def test_the_bundled_names_hold_the_series_the_states_and_the_grounds():
    gazetteer = load_gazetteer()

    assert {"Interaction", "Search", "Echelon", "Rubezh", "Indestructible Brotherhood", "Barrier"} <= {
        series.name for series in gazetteer.series
    }
    assert {"AM", "BY", "KZ", "KG", "RU", "TJ"} <= set(gazetteer.states)
    assert {("Edelweiss", "KG"), ("Fakhrabad", "TJ"), ("Losvido", "BY")} <= {
        (ground.name, ground.country) for ground in gazetteer.grounds
    }
    assert "КСОР" in gazetteer.forces["CRRF"]
    assert "Belarusian" in gazetteer.adjectives["BY"]


def test_a_user_adds_a_name_without_code(tmp_path):
    path = tmp_path / "names.toml"
    path.write_text('[[series]]\nname = "Steppe Shield"\naliases = ["Степной щит"]\n', encoding="utf-8")

    assert [series.name for series in load_gazetteer(path).series] == ["Steppe Shield"]


def test_every_fault_is_told_at_once_with_a_near_miss(tmp_path):
    refused = refusal(
        tmp_path,
        """
        [[series]]
        name = "Search"
        alises = ["Поиск"]
        plain_words = ["Serch"]

        [[series]]
        aliases = ["Search"]

        [[ground]]
        name = "Losvido"
        country = "BX"

        [state.BY]
        adjectives = "Belarusian"

        [state.Belarus]
        names = ["Belarus"]
        """,
    )

    line = str(refused)
    assert "\n" not in line
    for fault in (
        "unknown key 'alises' (did you mean 'aliases'?)",
        "plain word 'Serch' is none of its names (did you mean 'Search'?)",
        "[[series]] 2: name is missing",
        "'Search' already names 'Search'",
        "no [state.BX]",
        "[state.BY]: adjectives is 'Belarusian', not a list of words",
        "[state.BY]: names is missing",
        "'Belarus' is no ISO 3166-1 alpha-2 code",
    ):
        assert fault in line
    assert len(refused.faults) == 8


def test_a_member_must_have_a_table(tmp_path):
    path = tmp_path / "names.toml"
    path.write_text(
        '[state.BY]\nnames = ["Belarus"]\n[organisers]\nmembers = ["BY", "BX"]\n', encoding="utf-8"
    )

    with pytest.raises(InvalidSeed, match=r"no \[state\.BX\].*add the state, or take it out of members"):
        load_gazetteer(path)


@pytest.mark.parametrize("text", ["[[series]", "series = 3\n", "state = []\n"])
def test_a_file_of_another_shape_is_refused_in_words(tmp_path, text):
    assert str(refusal(tmp_path, text)).startswith(str(tmp_path / "names.toml"))
