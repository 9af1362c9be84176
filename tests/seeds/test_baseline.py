"""The bundled texts load as what they are, and a faulty companion file is refused with all its faults."""

import datetime as dt

import pytest

from seeds.baseline import load_baseline
from seeds.errors import InvalidSeed

GOOD = (
    'date = 2025-01-30\nlanguage = "en"\norigin = "a-text"\nurl = "https://example.org/a/"\nteasers = [1]\n'
)


def write(folder, *, toml=GOOD, text="A teaser.\nA line.\n", name="a-text"):
    (folder / f"{name}.toml").write_text(toml, encoding="utf-8")
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")


def test_the_briefing_of_30_january_2025_is_bundled():
    (briefing,) = load_baseline()

    assert briefing.origin == "joint-staff-briefing-2025-01-30"
    assert briefing.language == "en"
    assert briefing.said_on == dt.date(2025, 1, 30)
    assert briefing.url.startswith("https://en.odkb-csto.org/")
    assert len(briefing.lines) > 40


def test_the_first_line_of_the_briefing_is_a_teaser_not_to_be_believed():
    (briefing,) = load_baseline()

    assert [briefing.lines[index] for index in briefing.teasers] == [briefing.lines[0]]
    assert "Babaev" in briefing.lines[0]


def test_loading_twice_gives_the_same():
    assert load_baseline() == load_baseline()


def test_a_text_without_address_and_teasers_is_whole(tmp_path):
    write(tmp_path, toml='date = 2025-01-30\nlanguage = "ru"\norigin = "a-text"\n')

    (text,) = load_baseline(tmp_path)

    assert (text.url, text.teasers, text.lines) == (None, (), ("A teaser.", "A line."))


def test_all_faults_of_a_companion_file_are_told_at_once(tmp_path):
    write(tmp_path, toml='date = "2025-01-30"\nlanguage = "xx"\nurll = "x"\nurl = "ftp://x"\nteasers = [0]\n')

    with pytest.raises(InvalidSeed) as caught:
        load_baseline(tmp_path)

    told = " ".join(caught.value.faults)
    assert len(caught.value.faults) == 6
    assert all(
        word in told
        for word in ("'urll'", "did you mean 'url'", "no origin", "date must", "'xx'", "ftp:", "[0]")
    )
    assert "\n" not in str(caught.value)


def test_a_teaser_beyond_the_last_line_is_a_fault(tmp_path):
    write(tmp_path, toml=GOOD.replace("[1]", "[1, 9]"))

    with pytest.raises(InvalidSeed, match=r"line 9, but the text has 2"):
        load_baseline(tmp_path)


@pytest.mark.parametrize("missing", [".txt", ".toml"])
def test_a_file_that_stands_alone_is_a_fault(tmp_path, missing):
    write(tmp_path)
    (tmp_path / f"a-text{missing}").unlink()

    with pytest.raises(InvalidSeed, match=f"a-text{missing} beside it"):
        load_baseline(tmp_path)


def test_a_time_of_day_is_no_date(tmp_path):
    write(tmp_path, toml=GOOD.replace("2025-01-30", "2025-01-30T06:00:00Z", 1))

    with pytest.raises(InvalidSeed, match="date must be a day"):
        load_baseline(tmp_path)


def test_broken_toml_and_broken_text_are_told_with_the_file(tmp_path):
    write(tmp_path, toml="date = [")
    with pytest.raises(InvalidSeed, match=r"a-text\.toml: cannot be read as TOML"):
        load_baseline(tmp_path)

    write(tmp_path)
    (tmp_path / "a-text.txt").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(InvalidSeed, match="not UTF-8"):
        load_baseline(tmp_path)
