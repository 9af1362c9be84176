"""What is like the statements of new pages, looked for ahead: the same as when each is judged."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import select
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from diffing.facts import read_statements
from diffing.matching import likeness
from diffing.statements import split_text
from monitor import foresight
from monitor.foresight import Foresight, NewText
from storage.knowledge import ArchiveKnown

SAID = (
    "The staff finished the planning of the joint training of the forces in the {} this week.",
    "The head of the joint staff thanked the officers who had prepared the documents for the {}.",
    "The training “Rubezh-2025” will be held from {} to 20 September at the Edelweiss training ground.",
    "The joint training was cancelled because of the {} rains in the mountains.",
    "The parties agreed to go on with the exchange of experience in the training of {} units.",
)


NOON = dt.datetime(2025, 9, 11, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _few(monkeypatch):
    """Few pages are many to these tests, and so are two cores."""
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    for name, value in (("FORESEEN_FROM", 3), ("FORESEEN_TO", 7), ("TOGETHER", 2), ("AHEAD", 2)):
        monkeypatch.setattr(foresight, name, value)


def _pages(page):
    """Ten pages that repeat each other, in part word for word."""
    return {
        f"{number}": page(f"News {number}", *(line.format(number // 2 + 10) for line in SAID[number % 2 :]))
        for number in range(10)
    }


def test_pages_judged_with_what_was_foreseen_give_the_same_archive(sites, page, monkeypatch):
    asked = []
    candidates = ArchiveKnown.candidates

    def counted(known, normal, events):
        asked.append(normal)
        return candidates(known, normal, events)

    monkeypatch.setattr(ArchiveKnown, "candidates", counted)

    def rows():
        asked.clear()
        site = sites()
        site.pages = _pages(page)
        site.run("2025-09-11T06:00")
        site.pages = {"edited": page("Old", SAID[4]), **site.pages, "later": page("Last", SAID[1])}
        site.pages["3"] = page("News 3", SAID[0].format("mountains"), *SAID[1:])
        site.run("2025-09-12T06:00")
        return site.rows(), len(asked)

    foreseen, few = rows()
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    alone, many = rows()

    assert foreseen == alone
    assert few < many


def _texts(gazetteer):
    for number in range(10):
        statements = tuple(split_text(" ".join(line.format(number) for line in SAID), "en"))
        told = read_statements(statements, NOON.date(), gazetteer)
        url = f"https://en.example.org/{number}/"
        yield NewText(url=url, said_on=NOON.date(), captured_at=NOON, statements=statements, told=told)


def test_what_is_foreseen_is_what_is_like_each_statement_that_tells_of_no_event(site):
    texts = list(_texts(site.gazetteer))

    found = list(chain(*Foresight(site.archive.path).foresee(iter(texts), len(texts))))

    assert [text for text, _ in found] == texts
    assert [sorted(likenesses) for _, likenesses in found] == [[0, 1, 4]] * 10
    first, second = found[0][1], found[1][1]
    assert all(like.closest is None for like in first.values())
    assert second[0].closest is not None
    assert second[0].closest.statement.text == texts[0].statements[0].text
    assert second[0] == likeness(texts[1].statements[0], [second[0].closest.statement])


def test_a_process_begun_before_there_are_texts_is_the_one_that_looks_and_ends_with_the_block(site):
    texts = list(_texts(site.gazetteer))[:7]

    with Foresight(site.archive.path) as foresight:
        foresight.begin(2)
        assert not multiprocessing.active_children(), "for two pages it is not worth it"
        foresight.begin(len(texts))
        (begun,) = multiprocessing.active_children()
        found = foresight.foresee(iter(texts), len(texts))
        (first, likenesses), _ = next(found)
        assert multiprocessing.active_children() == [begun]

    assert first == texts[0]
    assert likenesses
    assert not multiprocessing.active_children()


def test_where_its_process_is_killed_the_run_looks_for_itself(site):
    texts = list(_texts(site.gazetteer))
    found = []

    for some in Foresight(site.archive.path).foresee(iter(texts), len(texts)):
        found += some
        if len(found) == 2:
            for child in multiprocessing.active_children():
                child.kill()
                child.join()

    assert [text for text, _ in found] == texts
    assert found[0][1]
    assert not any(likenesses for _, likenesses in found[4:7]), "asked for after it was killed"
    assert all(likenesses for _, likenesses in found[7:]), "by the process of the next stretch"


def test_a_process_that_was_not_told_of_all_answers_nothing_more(site, monkeypatch, tmp_path):
    # The archive is away for the first task and there again for the second.
    texts = list(_texts(site.gazetteer))[:7]
    database = site.archive.path
    asked = foresight._asked

    def at_first_elsewhere(process, path, some):
        return asked(process, tmp_path / "away.db" if some[0] is texts[0] else path, some)

    monkeypatch.setattr(foresight, "_asked", at_first_elsewhere)

    found = list(chain(*Foresight(database).foresee(iter(texts), len(texts))))

    assert [text for text, _ in found] == texts
    assert not any(likenesses for _, likenesses in found)


KILLED = """
import multiprocessing, os, signal, sys
from pathlib import Path

from monitor import foresight
from tests.monitor.test_foresight import _texts
from seeds.gazetteer import load_gazetteer

if __name__ == "__main__":
    foresight.FORESEEN_FROM = 1
    os.cpu_count = lambda: 2
    for _ in foresight.Foresight(Path(sys.argv[1])).foresee(_texts(load_gazetteer()), 10):
        print(*(child.pid for child in multiprocessing.active_children()), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_its_process_ends_with_a_run_that_is_killed(site, tmp_path):
    script = tmp_path / "killed.py"
    script.write_text(KILLED, encoding="utf-8")
    root = Path(__file__).resolve().parents[2]

    said = subprocess.run(
        [sys.executable, str(script), str(site.archive.path)],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    (child,) = map(int, said.stdout.split())
    assert _has_ended(child), said.stderr


def _has_ended(process: int) -> bool:
    """Whether the process ends within ten seconds."""
    try:
        waiting = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([waiting], [], [], 10)[0])
    finally:
        os.close(waiting)
