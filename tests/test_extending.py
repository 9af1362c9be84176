"""docs/extending.md is true: what it shows is done to a copy of the tree, and a child process uses it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "extending.md"
PACKAGES = ("crawler", "diffing", "monitor", "seeds", "storage")
STEP = re.compile(
    r"^`(?P<path>[^`\n]+)`, (?:(?P<how>new|at the end)|(?P<where>after|instead of) `(?P<line>[^`\n]+)`):\n\n"
    r"```(?:python|text|toml)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)

SCRIPT = Path(__file__).with_name("extending") / "use_the_additions.py"


def done(steps: list[re.Match[str]], tree: Path) -> None:
    """Does each step to the tree. Fails where a line that the page names is not there just once."""
    for step in steps:
        path, text = tree / step["path"], step["text"]
        if step["how"] == "new":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            continue
        before = path.read_text(encoding="utf-8")
        if step["how"]:
            path.write_text(f"{before}\n{text}", encoding="utf-8")
            continue
        line = step["line"] + "\n"
        assert f"\n{before}".count(f"\n{line}") == 1, f"{step['path']} has not one line {step['line']!r}"
        after = before.replace(line, line + text if step["where"] == "after" else text)
        path.write_text(after, encoding="utf-8")


def ran(arguments: list[str], tree: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CSTOWATCH_")}
    finished = subprocess.run(
        [sys.executable, *arguments],
        cwd=tree,
        env={**environment, "PYTHONPATH": str(tree), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the packages with every addition that the page shows."""
    copy = tmp_path_factory.mktemp("extended")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    done(list(STEP.finditer(PAGE.read_text(encoding="utf-8"))), copy)
    return copy


@pytest.fixture(scope="module")
def found(tree):
    return json.loads(ran([str(SCRIPT)], tree))


def window(start: str, end: str) -> dict[str, str]:
    return {"start": start, "end": end, "precision": "day"}


def test_every_snippet_of_the_page_says_where_it_goes():
    text = PAGE.read_text(encoding="utf-8")

    assert len(STEP.findall(text)) == text.count("```") // 2 > 0


def test_the_copy_is_what_the_child_uses(found, tree):
    assert Path(found["where"]) == tree / "diffing" / "__init__.py"


def test_an_added_language_is_read_split_judged_and_recognised(found):
    days = window("2025-09-17", "2025-09-20")

    assert ["Rubezh-2025", "window", days] in found["german"]
    assert ["Rubezh-2025", "status", "planned"] in found["german"]
    assert found["german sentences"] == 2
    assert found["german verdicts"] == ["restated", "changed", "changed"]
    assert found["german denial"] == []
    assert found["guesses"] == ["de", "en", "ru"]
    assert found["page date"] == "2025-10-11"


def test_an_added_language_is_offered_by_the_commands(tree):
    assert "[en|ru|de]" in ran(["-m", "monitor", "check", "--help"], tree)


def test_an_added_kind_of_fact_is_read_and_compared_in_its_languages(found):
    assert ["Rubezh-2025", "theme", "Joint operation"] in found["theme"]
    assert ["Rubezh-2025", "theme", "Совместная операция"] in found["тема"]
    assert found["another theme"] == [["refined", "Joint operation", "Search and rescue"]]
    assert found["denied theme"] == []


def test_an_added_kind_of_change_is_made_weighed_and_told(found):
    assert found["longer"] == ["changed", [["prolonged", "medium"]]]
    assert found["moved"] == ["rescheduled"]
    assert "prolonged: 17-20 September 2025 → 17-23 September 2025\n" in found["text"]
    assert json.loads(found["json"])["events"]


def test_an_added_digest_format_is_offered_and_written(found, tree):
    assert found["csv"].splitlines()[1].startswith("2025-09-11,Rubezh-2025,prolonged,")
    assert "|csv]" in ran(["-m", "monitor", "digest", "--help"], tree)


def test_an_added_source_and_name_are_known(found):
    assert found["source"] == ["wochenschau", "de"]
    assert found["names"] == ["Steppe Shield-2026", "Steppe Shield-2026"]


def test_what_is_shown_keeps_the_style_of_the_house(tree):
    settings = ["--no-cache", "--config", str(ROOT / "pyproject.toml"), "diffing"]

    assert ran(["-m", "ruff", "check", *settings], tree) == "All checks passed!\n"
    assert ran(["-m", "ruff", "format", "--check", *settings], tree)
