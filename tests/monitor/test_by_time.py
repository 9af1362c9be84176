"""What a page said on a day is answered from its history: a comparison names times as well as numbers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor.cli import cstowatch

TEXT = "The training “Rubezh-2025” will be held from {} September at the Edelweiss training ground."
FILLER = (
    "The head of the joint staff thanked the officers who had prepared the documents for the talks.",
    "The parties agreed to go on with the exchange of experience in the training of mountain units.",
)


@pytest.fixture
def edited(site, page) -> tuple[Path, str]:
    """A page that says something else on the 11th, the 13th and the 20th, looked at on each; its URL."""
    for day, window in (("11", "10 to 12"), ("12", "10 to 12"), ("13", "14 to 16"), ("20", "17 to 20")):
        site.pages["exercise"] = page("Rubezh-2025 moves", TEXT.format(window), *FILLER)
        site.run(f"2025-09-{day}T06:00")
    site.archive.close()
    return site.archive.path, site.url("exercise")


@pytest.mark.parametrize(
    ("old", "new", "revisions"),
    [
        ("2025-09-11", "2025-09-13", (1, 2)),
        ("2025-09-12", "2025-09-19", (1, 2)),
        ("2025-09-13T05:59Z", "2025-09-13T06:00Z", (1, 2)),
        ("2025-09-12", "2025-09-30", (1, 3)),
        ("1", "2025-09-20", (1, 3)),
        ("2025-09-13", None, (2, 3)),
    ],
)
def test_two_times_are_compared_by_the_revisions_that_stood_then(
    edited, capsys: pytest.CaptureFixture[str], old: str, new: str | None, revisions: tuple[int, int]
) -> None:
    database, url = edited
    words = ["--db", str(database), "diff", url, "--from", old, *(["--to", new] if new else [])]

    cstowatch.main([*words, "--format", "json"], prog_name="cstowatch", standalone_mode=False)

    told = json.loads(capsys.readouterr().out)
    assert (told["from"]["revision"], told["to"]["revision"]) == revisions
    (difference,) = [found for found in told["statements"] if found["op"] != "equal"]
    windows = ("10 to 12", "14 to 16", "17 to 20")
    assert windows[revisions[0] - 1] in difference["old"][0]["text"]
    assert windows[revisions[1] - 1] in difference["new"][0]["text"]
