"""A crawl from the command line on a loopback site: what it tells while it runs and when it is done."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys

import pytest

from monitor.replica import served
from seeds.replica import load_replica

SITE = load_replica()
DAY = SITE.days[0]
PAGE = "/en/news/news_odkb/sostoyalsya-brifing-nachalnika-obedinennogo-shtaba/"


@pytest.fixture
def sources(tmp_path):
    """The replica on its first day, served while the test runs, as a sources' file."""
    with served(SITE, DAY) as replica:
        file = tmp_path / "sources.toml"
        file.write_text(SITE.sources_at(replica.origin), encoding="utf-8")
        yield file


def cstowatch(*words, cwd, **more):
    command = [sys.executable, "-m", "monitor", *map(str, words)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, cwd=cwd, **more)


def test_with_v_each_visit_is_told_and_what_became_of_it(sources, tmp_path):
    done = cstowatch("-v", "crawl", "--sources", sources, "--now", f"{DAY}T06:00Z", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (0, "")
    lines = done.stderr.splitlines()
    assert any(line.startswith("listing http://127.0.0.1") and ": 200, " in line for line in lines)
    assert any(line.startswith("article http://127.0.0.1") and PAGE in line for line in lines)
    assert any(line.startswith("new http://127.0.0.1") and line.endswith(PAGE) for line in lines)
    assert lines[-1].startswith("Pages: ")


def test_in_a_pipe_nothing_but_the_counts_is_told(sources, tmp_path):
    done = cstowatch("crawl", "--sources", sources, "--now", f"{DAY}T06:00Z", cwd=tmp_path)

    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(("options", "shown"), [([], True), (["-q"], False)])
def test_on_a_terminal_a_bar_shows_how_far_it_is_unless_quiet(options, shown, sources, tmp_path):
    terminal, end = pty.openpty()
    words = [*options, "crawl", "--sources", str(sources), "--now", f"{DAY}T06:00Z"]
    with subprocess.Popen(
        [sys.executable, "-m", "monitor", *words],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=end, env={**os.environ, "TERM": "xterm"},
    ) as crawl:  # fmt: skip
        os.close(end)
        told = read_all(terminal)
        assert crawl.stdout is not None
        assert crawl.stdout.read() == b""

    assert crawl.returncode == 0
    assert (b"visited, last of replica-" in told) is shown


def read_all(terminal):
    parts = []
    try:
        while part := os.read(terminal, 65536):
            parts.append(part)
    except OSError:  # how Linux tells that the other end of a terminal is closed
        pass
    finally:
        os.close(terminal)
    return b"".join(parts)


def test_where_pages_were_visited_nobody_says_that_nothing_could_be_looked_at(sources, tmp_path):
    text = sources.read_text(encoding="utf-8")
    # The listings lead nowhere now, which is a fault of every source; the pages are still visited.
    cstowatch("crawl", "--sources", sources, "--now", f"{DAY}T06:00Z", cwd=tmp_path)
    sources.write_text(text.replace('/news/news_odkb/"]', '/news/no_such_list/"]'), encoding="utf-8")

    done = cstowatch("crawl", "--full", "--sources", sources, "--now", f"{DAY}T18:00Z", cwd=tmp_path)

    assert done.returncode == 1
    assert "404" in done.stderr
    assert "No source could be looked at" not in done.stderr


def test_where_no_listing_came_a_dry_run_does_not_count_its_links(sources, tmp_path):
    text = sources.read_text(encoding="utf-8")
    sources.write_text(text.replace('/news/news_odkb/"]', '/news/no_such_list/"]'), encoding="utf-8")

    done = cstowatch("sources", "test", "replica-en", "--sources", sources, cwd=tmp_path)

    assert done.returncode == 1
    assert "links match" not in done.stdout
    assert "unknown, as no listing could be read" in done.stdout


def test_sources_that_the_file_lacks_are_named_when_pages_are_read_anew(sources, tmp_path):
    cstowatch("crawl", "--sources", sources, "--now", f"{DAY}T06:00Z", cwd=tmp_path)

    skipped = cstowatch("reprocess", cwd=tmp_path)
    asked = cstowatch("reprocess", "replica-en", cwd=tmp_path)
    read = cstowatch("reprocess", "--sources", sources, cwd=tmp_path)

    assert (skipped.returncode, asked.returncode, read.returncode) == (0, 2, 0)
    assert "Not read anew: replica-en, replica-ru" in skipped.stderr
    assert "--sources FILE" in skipped.stderr
    assert "replica-en" in asked.stderr
    assert "--sources FILE" in asked.stderr
    assert "Not read anew" not in read.stderr


def test_a_page_on_the_host_of_a_private_source_can_be_checked(sources, tmp_path):
    (tmp_path / "cstowatch.toml").write_text('sources = "sources.toml"\n')
    origin = re.search(r"http://127\.0\.0\.1:\d+", sources.read_text())[0]

    done = cstowatch("check", origin + PAGE, "--format", "json", cwd=tmp_path)

    assert done.returncode == 0
    assert "Rubezh-2025" in done.stdout


def test_a_replay_is_called_one_and_needs_nobody(sources, tmp_path):
    cstowatch("crawl", "--sources", sources, "--now", f"{DAY}T06:00Z", cwd=tmp_path)

    done = cstowatch("status", "--format", "json", cwd=tmp_path)

    assert done.returncode == 0
    assert {source["state"] for source in json.loads(done.stdout)} == {"replayed"}
    assert f"last looked at on {DAY} by a run whose clock was set" in done.stdout
