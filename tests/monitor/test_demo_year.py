"""The year that the demo plays comes out as it happened: what moved is told once, the rest is not told."""

import json
import os
import shlex
import subprocess
import sys

import pytest

# One worker plays the year for all who look at it.
pytestmark = pytest.mark.xdist_group("demo")

PAGE_KINDS = {
    "statement_added",
    "statement_removed",
    "statement_edited",
    "statement_moved",
    "title_edited",
    "page_removed",
    "page_restored",
}
EDITED = "/en/news/news_odkb/na-poligone-edelveys-proydet-uchenie-rubezh-2025/"
GONE = "/en/news/news_odkb/programma-dnya-dlya-nablyudateley/"
COMPANIONS = ("Interaction-2025", "Search-2025", "Echelon-2025")


def run(*words, cwd):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CSTOWATCH_")}
    return subprocess.run(
        [sys.executable, "-m", "monitor", *words],
        cwd=cwd,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def year(played_demo):
    return played_demo.directory, played_demo.demo


@pytest.fixture(scope="module")
def changes(year):
    folder, _ = year
    answer = run("--db", "demo/cstowatch.db", "changes", "--format", "json", cwd=folder)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def told(changes, *, kind=None, event=None):
    return [
        each
        for each in changes
        if (kind is None or each["kind"] == kind) and (event is None or each["event"] == event)
    ]


def day(change):
    return change["detected"][:10]


def test_it_leaves_a_report_and_three_commands_that_work(year):
    folder, demo = year
    tries = demo.stdout.partition("\nTry:\n")[2].splitlines()
    calls = [shlex.split(line)[1:] for line in tries]
    programs = {shlex.split(line)[0].rpartition("/")[2] for line in tries}

    assert (
        (folder / "demo" / "report.html").read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype")
    )
    assert programs == {"cstowatch"}
    assert [call[2] for call in calls] == ["events", "changes", "diff"]
    for call in calls:
        answer = run(*call, cwd=folder)
        assert answer.returncode == 0, answer.stderr
        assert answer.stdout.strip()


def test_a_day_of_redesign_and_counters_is_one_line(year):
    _, demo = year

    assert "\n30 June 2025: nothing new, " in demo.stdout


def test_rubezh_is_rescheduled_once_and_then_refined(changes):
    moved = told(changes, kind="rescheduled", event="Rubezh-2025")

    assert [(day(each), each["new"]["start"], each["new"]["end"], each["shift_days"]) for each in moved] == [
        ("2025-08-21", "2025-09-11", "2025-09-20", -20)
    ]
    assert moved[0]["old"] == {"start": "2025-10-01", "end": "2025-10-15", "precision": "part"}
    assert ("2025-09-11", {"start": "2025-09-17", "end": "2025-09-20", "precision": "day"}) in [
        (day(each), each["new"]) for each in told(changes, kind="refined", event="Rubezh-2025")
    ]


@pytest.mark.parametrize("event", COMPANIONS)
def test_the_trainings_in_belarus_start_a_day_early_told_in_russian_and_not_again_in_english(changes, event):
    (moved,) = told(changes, kind="rescheduled", event=event)

    assert (day(moved), moved["lang"], moved["shift_days"]) == ("2025-08-25", "ru", -1)
    assert any("/en/" in url for url in moved["also_seen"])


@pytest.mark.parametrize("event", ["Indestructible Brotherhood-2025", "Barrier-2025"])
def test_the_trainings_in_tajikistan_are_only_refined(changes, event):
    kinds = {each["kind"] for each in told(changes, event=event)}

    assert "refined" in kinds
    assert not kinds & {"rescheduled", "relocated", "postponed", "cancelled"}


def test_a_denied_cancellation_is_none(changes):
    assert told(changes, kind="cancelled") == []
    assert told(changes, kind="postponed") == []


def test_of_all_pages_one_was_edited_and_one_withdrawn(changes):
    found = {
        (each["kind"], each["url"].partition("/en/")[2], day(each))
        for each in changes
        if each["kind"] in PAGE_KINDS
    }

    assert found == {
        ("statement_edited", EDITED.removeprefix("/en/"), "2025-09-12"),
        ("page_removed", GONE.removeprefix("/en/"), "2025-09-22"),
    }


def test_staff_talks_and_regrouping_move_no_training(changes):
    moved = {each["event"] for each in told(changes, kind="rescheduled")}

    assert moved == {"Rubezh-2025", *COMPANIONS}


def test_what_was_held_is_told_as_completed(changes):
    completed = {each["event"] for each in told(changes, kind="completed")}

    assert {"Rubezh-2025", *COMPANIONS} <= completed


def test_what_was_only_talked_about_is_not_told_as_held(changes):
    completed = {(each["event"], day(each)) for each in told(changes, kind="completed")}

    assert completed == {
        ("Strategic Command-Staff Training-2025", "2025-03-21"),
        *((event, "2025-09-11") for event in COMPANIONS),
        ("Rubezh-2025", "2025-09-22"),
    }


def test_next_years_editions_are_events_of_their_own(changes):
    announced = {each["event"] for each in told(changes, kind="announced")}

    assert {"Interaction-2026", "Indestructible Brotherhood-2026"} <= announced
