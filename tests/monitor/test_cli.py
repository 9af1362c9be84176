"""The command line keeps the contract: help, exit codes, errors of one line with their remedy."""

from __future__ import annotations

import csv
import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import pytest

from storage.archive import open_archive


def cstowatch(*arguments, cwd, stdin="", env=None):
    return subprocess.run(
        [sys.executable, "-m", "monitor", *map(str, arguments)],
        capture_output=True, text=True, check=False, cwd=cwd, input=stdin, env=env,
    )  # fmt: skip


COMMANDS = [
    ["crawl"], ["check"], ["changes"], ["note"], ["diff"], ["events"], ["search"], ["digest"],
    ["baseline", "add"], ["baseline", "list"], ["sources"], ["sources", "test"], ["reprocess"],
    ["captures"], ["status"], ["verify"], ["backup"], ["prune"], ["export"], ["import"], ["demo"],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(command, tmp_path):
    done = cstowatch(*command, "--help", cwd=tmp_path)

    assert done.returncode == 0
    assert "Example:" in done.stdout
    assert f"cstowatch {' '.join(command)}" in done.stdout.replace("| ", "")


WRONG = [
    (["no-such-command"], "no-such-command"),
    (["changes", "--since", "someday"], "someday"),
    (["changes", "--kind", "moved"], "rescheduled"),
    (["digest", "--date", "2025-13-01"], "2025-13-01"),
    (["digest", "--date", "9999-12-31"], "9999-12-31"),
    (["digest", "--date", "today", "--since", "7d"], "--date"),
    (["check", "missing.txt"], "missing.txt"),
    (["check", "-", "--baseline", "missing.txt"], "missing.txt"),
    (["crawl", "csto-em"], "csto-en"),
    (["note", "1"], "--dismiss"),
    (["note", "1", "--dismiss", "a", "--confirm", "b"], "--dismiss"),
    (["note", "1", "--dismiss", " "], "why"),
    (["note", "99", "--dismiss", "a repeat"], "no change 99"),
    (["crawl", "--sources", "missing.toml"], "missing.toml"),
    (["diff", "a", "b", "c"], "two files"),
    (["--config", "missing.toml", "changes"], "missing.toml"),
]


@pytest.mark.parametrize(
    ("arguments", "named"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_wrong_usage_is_exit_2_in_one_line_that_names_it(arguments, named, tmp_path):
    open_archive(
        tmp_path / "cstowatch.db", write=True, create=True, now=dt.datetime(2025, 1, 30, tzinfo=dt.UTC)
    ).close()

    done = cstowatch(*arguments, cwd=tmp_path)

    assert done.returncode == 2
    assert named in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


@pytest.mark.parametrize(
    "arguments", [["changes"], ["events"], ["search", "x"], ["status"], ["verify"], ["digest"]]
)
def test_a_question_to_a_missing_database_is_exit_3_and_makes_none(arguments, tmp_path):
    done = cstowatch(*arguments, cwd=tmp_path)

    assert done.returncode == 3
    assert "cstowatch.db" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "cstowatch.db").exists()


def test_a_file_that_is_no_database_is_exit_3_and_stays_as_it_was(tmp_path):
    file = tmp_path / "notes.db"
    file.write_text("not a database" * 500)

    done = cstowatch("--db", file, "changes", cwd=tmp_path)

    assert done.returncode == 3
    assert file.read_text() == "not a database" * 500


def test_every_fault_of_a_configuration_is_told_at_once(tmp_path):
    (tmp_path / "cstowatch.toml").write_text('contakt = "x"\ntimezone = "Europe"\ndatabase = 3\n')

    done = cstowatch("changes", cwd=tmp_path)

    assert done.returncode == 2
    for named in ("contakt", "'contact'", "Europe", "database"):
        assert named in done.stderr


def test_check_judges_a_text_against_the_bundled_briefing_without_a_database(tmp_path):
    done = cstowatch(
        "check", "-", "--date", "2025-09-11", "--format", "json",
        cwd=tmp_path, stdin="The command-staff training “Rubezh-2025” will be held from 17 to 20 September.",
    )  # fmt: skip

    (record,) = json.loads(done.stdout)
    assert done.returncode == 0
    assert record["verdict"] == "changed"
    assert record["changes"][0]["shift_days"] == -14
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_json_lines_means_the_same_by_its_ending_as_by_the_option(tmp_path):
    line = '{"text": "Rubezh-2025 will be held in May. It is in Tajikistan.", "date": "2025-02-01"}\n'
    for name in ("my.jsonl", "my.txt"):
        (tmp_path / name).write_text(line)

    by_ending = cstowatch("check", "my.jsonl", "--format", "json", cwd=tmp_path)
    by_option = cstowatch("check", "my.txt", "--input", "jsonl", "--format", "json", cwd=tmp_path)

    assert len(json.loads(by_ending.stdout)) == 1
    assert by_ending.stdout == by_option.stdout


def test_check_as_csv_has_flat_columns(tmp_path):
    done = cstowatch(
        "check", "-", "--date", "2025-09-11", "--format", "csv",
        cwd=tmp_path, stdin="The training “Rubezh-2025” will be held from 17 to 20 September.",
    )  # fmt: skip

    (row,) = csv.DictReader(done.stdout.splitlines())
    assert (row["event"], row["window_start"], row["window_end"]) == (
        "Rubezh-2025",
        "2025-09-17",
        "2025-09-20",
    )
    assert "{" not in done.stdout


def test_a_page_of_a_private_network_is_refused_in_words_for_a_reader_of_pages(tmp_path):
    done = cstowatch("check", "http://127.0.0.1:9/page/", cwd=tmp_path)

    assert done.returncode == 2
    assert "only public addresses" in done.stderr
    assert "give its file" in done.stderr
    assert "private =" not in done.stderr


def test_check_tells_every_faulty_line_of_its_input(tmp_path):
    done = cstowatch(
        "check",
        "-",
        "--input",
        "jsonl",
        cwd=tmp_path,
        stdin='{"text": 1}\n{"text": "x", "lang": "de"}\nnope\n',
    )

    assert done.returncode == 2
    for named in ("line 1", "line 2", "line 3"):
        assert named in done.stderr


def test_without_a_command_the_help_is_shown_as_it_is(tmp_path):
    asked = cstowatch("--help", cwd=tmp_path)
    done = cstowatch(cwd=tmp_path)

    assert done.returncode == 2
    assert done.stderr == asked.stdout


@pytest.mark.parametrize("command", ["check --help", "check many.txt --format jsonl"])
def test_a_reader_that_goes_away_ends_the_program_quietly(command, tmp_path):
    # More than a pipe holds, so that the program writes after its reader has gone.
    (tmp_path / "many.txt").write_text("The training Rubezh-2025 was planned.\n" * 300)
    done = subprocess.run(
        ["bash", "-c", f'"{sys.executable}" -m monitor {command} | head -n 1; exit ${{PIPESTATUS[0]}}'],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_behind_stdout_is_told_as_such(tmp_path):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "monitor", "check", "--help"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=tmp_path,
        )  # fmt: skip

    assert done.returncode == 2
    assert "to stdout" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_baseline_that_was_added_is_listed_and_adding_it_again_changes_nothing(tmp_path):
    (tmp_path / "plan.txt").write_text("The training “Cobalt-2026” will be held in Armenia in July 2026.")
    first = cstowatch("baseline", "add", "plan.txt", "--date", "2026-01-10", cwd=tmp_path)
    again = cstowatch("baseline", "add", "plan.txt", "--date", "2026-01-10", cwd=tmp_path)

    listed = json.loads(cstowatch("baseline", "list", "--format", "json", cwd=tmp_path).stdout)

    assert "1 statement added" in first.stderr
    assert "already known" in again.stderr
    assert [row["origin"] for row in listed].count("plan") == 1
    assert any(row["origin"] == "joint-staff-briefing-2025-01-30" for row in listed)


def test_a_baseline_of_json_lines_is_told_in_one_line_and_listed_with_numbers(tmp_path):
    lines = [{"text": f"The staffs met for the {n}. time in Minsk.", "lang": "en"} for n in range(3)]
    (tmp_path / "v.jsonl").write_text("\n".join(map(json.dumps, lines)))
    first = cstowatch("baseline", "add", "v.jsonl", "--date", "2026-01-10", cwd=tmp_path)
    with (tmp_path / "v.jsonl").open("a") as more:
        more.write("\n" + json.dumps({"text": "They will meet in Dushanbe, too.", "lang": "en"}))
    second = cstowatch("baseline", "add", "v.jsonl", "--date", "2026-01-10", cwd=tmp_path)
    listed = json.loads(cstowatch("baseline", "list", "--format", "json", cwd=tmp_path).stdout)

    assert "v: 3 texts, 3 statements added." in first.stderr
    assert "v: 1 text, 1 statement added, 3 already known." in second.stderr
    assert [text["origin"] for text in listed if text["origin"].startswith("v")] == [
        "v #1", "v #2", "v #3", "v #4"
    ]  # fmt: skip
