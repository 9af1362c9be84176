"""A writer that is killed at any moment loses and doubles nothing: the next one ends its work.

The longer run, on a whole crawl, is bench/crash.py's matter; here are a few kills.
"""

# ruff: noqa: E501 - a table of values reads better in one line

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from storage.archive import open_archive

KILLS = 10

# Visits 12 pages in 4 rounds and understands each visit; every start goes on where the last one stopped.
WRITER = """
import datetime as dt, sys
from tests_words import Words
from storage.archive import open_archive

with open_archive(sys.argv[1], write=True, create=True, now=Words.noon) as archive:
    archive.sync_sources({"site-en": "en"})
    archive.add_baseline(Words.text("Rubezh-2025 is planned for October."), ((Words.window(Words.autumn),),), Words.noon)
    run = archive.begin_run(Words.noon, "crawl", ["site-en"])
    print("started", flush=True)

    def understand():
        for capture in archive.pending():
            fetched, url = capture.fetched, capture.fetched.url
            if capture.sha256 == capture.previous_sha256:
                archive.settle(capture.id, Words.outcome.UNCHANGED)
                continue
            text = fetched.body.decode()
            statements = [Words.statement(line, index) for index, line in enumerate(text.splitlines())]
            first = archive.revision(url) is None
            archive.record_revision(
                capture.id, Words.outcome.NEW if first else Words.outcome.CHANGED, Words.document(), statements,
                [[Words.window()]] + [[]] * (len(statements) - 1), [Words.rescheduled()],
                said_on=fetched.fetched_at.date(), extractor="1", understood_at=fetched.fetched_at,
                accepted=range(len(statements)), text_hash=text,
            )

    understand()
    for round_ in range(4):
        at = Words.noon + dt.timedelta(hours=round_)
        for page in range(12):
            url = f"https://en.example.org/news/{page}/"
            state = archive.page_state(url)
            if state is None or state.last_visit < at:
                edited = 0 if page % 3 == 0 else round_
                body = f"Page {page} says Rubezh-{edited} moves.\\nThe range of Edelweiss {page * edited}.\\n" + "Words. " * 40
                archive.record_capture(run, Words.fetched(url, at=at, body=body.encode()))
                understand()
print("done", flush=True)
"""


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command of the writer, but for the database."""
    folder = tmp_path_factory.mktemp("writer")
    words = Path(__file__).with_name("conftest.py").read_text(encoding="utf-8")
    (folder / "tests_words.py").write_text(words + "\nWords.outcome = Outcome\n", encoding="utf-8")
    (folder / "writer.py").write_text(WRITER, encoding="utf-8")
    return [sys.executable, str(folder / "writer.py")]


def _state(database: Path) -> tuple[object, ...]:
    """All that was recorded, but for numbers of runs."""
    with open_archive(database) as archive:
        assert archive.verify() == ()
        assert list(archive.pending()) == []
        pages = archive.page_states("site-en")
        return (
            pages,
            [
                archive.revision(page.url, revision.number)
                for page in pages
                for revision in archive.revisions(page.url)
            ],
            archive.changes(),
            archive.events(),
            archive.coverage(pages[0].first_seen, pages[0].last_visit),
            archive.sizes().captures,
            archive.sizes().known_statements,
            [archive.last_good_body(page.url) for page in pages],
            archive.search("rubezh"),
        )


def test_kill_9_at_any_moment_loses_and_doubles_nothing(tmp_path: Path, writer: list[str]) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    undisturbed = tmp_path / "undisturbed.db"
    subprocess.run([*writer, str(undisturbed)], check=True, capture_output=True, env=environment)
    wanted = _state(undisturbed)
    moment = random.Random()
    killed = tmp_path / "killed.db"
    kills = 0

    while kills < KILLS:
        with subprocess.Popen(
            [*writer, str(killed)], stdout=subprocess.PIPE, text=True, env=environment
        ) as process:
            process.stdout.readline()
            try:
                process.wait(moment.uniform(0.0, 0.12))
            except subprocess.TimeoutExpired:
                process.kill()
            kills += 1
    subprocess.run([*writer, str(killed)], check=True, capture_output=True, env=environment)

    assert _state(killed) == wanted
