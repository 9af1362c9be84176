"""Looks, sizes and retention from the command line."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys

import pytest

from monitor.health import growth
from storage.records import RunRecord

STAFF = "The staff finished the planning of the joint training of the forces in the capital this week."
FILLER = (
    "The head of the joint staff thanked the officers who had prepared the documents for the talks.",
    "The parties agreed to go on with the exchange of experience in the training of mountain units.",
)
DAY = dt.timedelta(days=1)
BEGAN = dt.datetime(2025, 9, 11, 6, tzinfo=dt.UTC)


@pytest.fixture
def watched(site, page, tmp_path):
    """A page looked at on five days, of which only its counter moved; and a call of the program."""
    for day in (11, 12, 13, 14, 18):
        site.pages["talks"] = page("Talks on joint training", STAFF, *FILLER, views=day)
        site.run(f"2025-09-{day}T06:00")
    site.archive.close()

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "monitor", "--db", str(site.archive.path), *words]
        return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, cwd=tmp_path)

    return site.url("talks"), call


def test_captures_show_that_a_page_was_unchanged_and_when_nobody_looked(watched):
    url, call = watched

    done = call("captures", url.rstrip("/"), "--until", "2025-09-19T06:00Z", "--format", "json")

    looks = json.loads(done.stdout)
    assert [look["outcome"] for look in looks] == ["new", *["unchanged"] * 4, "nobody_looked"]
    assert [look["hours_unwatched"] for look in looks] == [None, 24, 24, 24, 96, 24]
    assert looks[4]["unwatched_since"] == "2025-09-14T06:00:00Z"
    assert len({look["sha256"] for look in looks[:5]}) == 5
    assert "5 looks: 1 new, 4 unchanged" in done.stderr
    assert "from 2025-09-14 06:00Z to 2025-09-18 06:00Z" in done.stderr


def test_a_period_without_a_look_says_so(watched):
    url, call = watched

    done = call("captures", url, "--since", "2025-09-15", "--until", "2025-09-16", "--format", "json")

    (only,) = json.loads(done.stdout)
    assert (only["outcome"], only["capture"]) == ("nobody_looked", None)
    assert only["unwatched_since"] == "2025-09-14T06:00:00Z"
    assert "Nobody looked" in done.stderr
    assert "the last look was at 2025-09-14 06:00Z" in done.stderr
    assert call("captures", url, "--since", "2025-09-16", "--until", "2025-09-15").returncode == 2


def test_a_page_that_was_never_looked_at_is_wrong_usage_with_the_one_that_may_be_meant(watched):
    url, call = watched

    for done in (
        call("captures", url.replace("talks", "tolks")),
        call("diff", url.replace("talks", "tolks")),
    ):
        assert done.returncode == 2
        assert f"did you mean {url}?" in done.stderr


def test_a_search_without_a_word_is_wrong_usage(watched):
    _, call = watched

    assert [call("search", query).returncode for query in ("", " … ", "talks")] == [2, 2, 0]


def test_a_backup_onto_a_file_is_wrong_usage_and_leaves_it_alone(watched, tmp_path):
    _, call = watched
    (tmp_path / "kept.db").write_text("kept")

    done = call("backup", "kept.db")

    assert (done.returncode, (tmp_path / "kept.db").read_text()) == (2, "kept")
    assert "kept.db exists" in done.stderr


def test_prune_keeps_all_bodies_until_the_configuration_says_otherwise(watched, tmp_path):
    _, call = watched

    as_it_is = call("prune")
    (tmp_path / "cstowatch.toml").write_text('keep_bodies = "changed"\n')
    planned = call("prune", "--dry-run")
    done = call("prune")
    verified = call("verify")

    assert "Every body is kept" in as_it_is.stderr
    assert "3 bodies of " in planned.stderr
    assert "would be let go" in planned.stderr
    assert "3 bodies of " in done.stderr
    assert "bytes smaller" in done.stderr
    assert verified.returncode == 0
    assert "3 bodies were let go by `cstowatch prune`; their hashes stand in the chain." in verified.stdout
    assert "3 of them let go" in call("status").stderr


def test_an_unknown_rule_of_retention_is_refused(watched, tmp_path):
    _, call = watched
    (tmp_path / "cstowatch.toml").write_text('keep_bodies = "some"\n')

    done = call("prune")

    assert done.returncode == 2
    assert 'keep_bodies must be "all" or "changed", found \'some\'' in done.stderr


def test_a_schedule_that_stopped_long_ago_needs_a_person(watched):
    _, call = watched

    done = call("status", "--format", "json")

    (source,) = json.loads(done.stdout)
    assert (done.returncode, source["state"]) == (1, "overdue")
    assert source["reason"] == "last looked at on 2025-09-18; does the schedule still run?"


def test_status_tells_sizes_and_growth(watched):
    _, call = watched

    said = call("status").stderr

    assert "10 captures with 6 bodies" in said
    assert "bytes a day over the last 5 runs (7 days)" in said


def _run(number: int, size: int | None) -> RunRecord:
    started = BEGAN + number * DAY
    return RunRecord(id=number, command="crawl", sources=(), started=started, ended=started, bytes=size)


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ([], "shows after runs on two days"),
        ([1000], "shows after runs on two days"),
        ([1000, None, 3000], "1,000 bytes a day over the last 2 runs (2 days)"),
        ([1000, 2000, 500, 1500], "667 bytes a day over the last 4 runs (3 days)"),
    ],
)
def test_growth_is_what_came_whatever_was_let_go(sizes, told):
    runs = [_run(number, size) for number, size in enumerate(sizes)]

    assert told in growth(runs[::-1])
