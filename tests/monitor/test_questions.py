"""What a reader asks of a year's database, as a reader asks it: who said what and when."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys

import pytest

# One worker plays the year for all who look at it.
pytestmark = pytest.mark.xdist_group("demo")

OCTOBER, EXACT = "in the first half of October", "from 17 to 20 September"


@pytest.fixture
def ask(played_demo):
    """Asks the demo's database; what is printed is as wide as `columns`."""

    def ask(*words, columns=100):
        environment = {name: value for name, value in os.environ.items() if "CSTOWATCH" not in name}
        return subprocess.run(
            [sys.executable, "-m", "monitor", "--db", "demo/cstowatch.db", *words],
            cwd=played_demo.directory, env={**environment, "COLUMNS": str(columns)},
            capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip

    return ask


def words_of(text):
    """The text as one line, wherever it was wrapped."""
    return " ".join(text.split())


def test_the_history_of_an_event_tells_both_quotations_with_their_days_and_places(ask):
    # So wide that each row is one line.
    told = ask("events", "Rubezh-2025", "--format", "table", columns=1000).stdout

    facts, _, history = told.partition("\n\n")
    (window,) = (line for line in facts.splitlines() if line.startswith("window"))
    assert re.search(rf"17-20 September 2025 +2025-09-11 .*{EXACT}.* http\S+", window)
    (moved,) = (line for line in history.splitlines() if "rescheduled" in line)
    assert re.search(
        r"2025-08-21 .*in the second ten days of September.* http\S+ "
        rf"+2025-01-30: In the current year.*{OCTOBER}.* http\S+",
        moved,
    )


def test_the_history_ends_with_the_first_announcement(ask):
    told = words_of(ask("events", "Рубеж-2025", "--format", "table").stdout)

    last = told[told.rindex("2025-01-30 announced: 1-15 October 2025") :]
    assert OCTOBER in last
    (record,) = json.loads(ask("events", "Rubezh-2025", "--format", "json").stdout)
    assert (record["history"][-1]["kind"], record["history"][-1]["id"]) == ("announced", None)


def test_before_a_change_what_stood_then_is_told_with_who_said_so(ask):
    told = words_of(ask("events", "Rubezh-2025", "--as-of", "2025-08-01", "--format", "table").stdout)

    assert "1-15 October 2025" in told
    assert OCTOBER in told
    assert EXACT not in told


def test_before_anything_was_known_that_is_said(ask):
    done = ask("events", "Rubezh-2025", "--as-of", "2024-01-01", "--format", "json")

    assert (done.returncode, json.loads(done.stdout)) == (0, [])
    assert "not known yet on 2024-01-01" in done.stderr


def test_a_series_without_an_edition_lists_all_that_are_known(ask):
    found = json.loads(ask("events", "Rubezh", "--format", "json").stdout)

    assert [each["event"] for each in found] == ["Rubezh-2024", "Rubezh-2025"]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["changes", "--source", "nope"], "replica-en"),
        (["changes", "--source", "replica-de"], "did you mean 'replica-"),
        (["changes", "--event", "Nope-2025"], "cstowatch events"),
        (["changes", "--event", "Rubezh-2019"], "'Rubezh-2025'"),
        (["events", "Rubezh-2019"], "'Rubezh-2025'"),
        (["events", "Nope-2025"], "cstowatch events"),
    ],
    ids=" ".join,
)
def test_what_is_not_known_is_wrong_usage_with_what_may_be_meant(ask, words, named):
    done = ask(*words)

    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr


def test_a_new_statement_is_told_alone_and_a_change_without_words_ends_without_a_colon(ask):
    told = ask("changes", "--kind", "statement_new", "--format", "md").stdout

    assert "statement new: " in told
    assert "→" not in told
    for line in ask("changes", "--format", "md").stdout.splitlines():
        assert not line.split(" | ")[-2].endswith(":")


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize(
    "words", [["changes"], ["events"], ["events", "Rubezh-2025"], ["search", "Edelweiss"]], ids=" ".join
)
def test_a_table_keeps_within_its_width_and_cuts_neither_words_nor_addresses(ask, words, columns):
    told = ask(*words, "--format", "table", columns=columns).stdout
    links = {line.strip() for line in told.splitlines() if "http" in line}

    assert all(len(line) <= columns for line in told.splitlines() if "http" not in line)
    assert all(re.search(r"http://127\.0\.0\.1:\d+/\w\w/news/news_odkb/[\w-]+/$", link) for link in links)


def test_in_markdown_two_tables_are_parted_and_addresses_can_be_followed(ask):
    told = ask("events", "Rubezh-2025", "--format", "md").stdout

    assert len(told.split("\n\n")) == 2
    assert re.search(r"\| <http://127\.0\.0\.1:\d+/en/news/news_odkb/[\w-]+/> \|", told)


@pytest.mark.parametrize("words", [["events"], ["events", "Rubezh-2025"], ["changes"]], ids=" ".join)
def test_csv_has_plain_values_only(ask, words):
    rows = list(csv.DictReader(ask(*words, "--format", "csv").stdout.splitlines()))

    assert rows
    assert not any(value.startswith(("{", "[")) for row in rows for value in row.values())
    if words[0] == "events":
        (rubezh,) = (row for row in rows if row["event"] == "Rubezh-2025")
        assert (rubezh["window_start"], rubezh["window_end"]) == ("2025-09-17", "2025-09-20")


def test_a_page_with_one_revision_is_compared_with_nothing(ask):
    (announced, *_) = json.loads(ask("changes", "--kind", "announced", "--format", "json").stdout)

    done = ask("diff", announced["url"])

    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("Only one revision is kept")


@pytest.mark.parametrize(("query", "other"), [("учения", "учение"), ("полигон", "полигоне")])
def test_a_russian_word_is_found_in_its_other_cases(ask, query, other):
    found = {
        word: {
            hit["statement"]
            for hit in json.loads(ask("search", word, "--lang", "ru", "--format", "json").stdout)
        }
        for word in (query, other)
    }

    assert found[query] == found[other] != set()


def test_changes_of_a_series_are_those_of_all_its_editions(ask):
    every, one = (
        {change["event"] for change in json.loads(ask("changes", "--event", name, "--format", "json").stdout)}
        for name in ("Взаимодействие", "Interaction-2025")
    )

    assert one == {"Interaction-2025"}
    assert every > one
    assert {event.partition("-")[0] for event in every} == {"Interaction"}
