"""Each contract of the house is seen to break: a bad import in a copy of the tree is named by the linter."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAP = ROOT / "docs" / "architecture.md"
PACKAGES = ("crawler", "diffing", "monitor", "seeds", "storage")
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"

# Contract, module that breaks it, what the module is made to say besides.
BROKEN = (
    ("Parts depend downwards only", "seeds/errors.py", "import crawler.urls"),
    ("Parts depend downwards only", "crawler/urls.py", "import storage.errors"),
    ("Inside diffing", "diffing/wording.py", "import diffing.judging"),
    ("Inside diffing", "diffing/helpers.py", ""),
    ("No two rooms need each other", "crawler/chrome.py", "import crawler.extraction"),
    ("No two rooms need each other", "diffing/languages/base.py", "import diffing.languages.en.dates"),
    ("The core does no I/O", "diffing/normal.py", "import time"),
    ("SQL only in storage", "crawler/urls.py", "import sqlite3"),
    ("SQL stays behind the archive", "monitor/cycle.py", "import sqlite3"),
    ("HTML only in crawler", "monitor/cycle.py", "import lxml.html"),
)


def linted(tree: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "PYTHONUTF8": "1", "COLUMNS": "200"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def tree(tmp_path):
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "*.md", "*.html")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_house_keeps_its_contracts(tree):
    kept = linted(tree)

    assert kept.returncode == 0, kept.stdout


@pytest.mark.parametrize(("contract", "module", "line"), BROKEN)
def test_a_bad_import_breaks_its_contract(tree, contract, module, line):
    path = tree / module
    said = path.read_text(encoding="utf-8") if path.exists() else '"""Helps."""\n'
    path.write_text(f"{said}\n{line}\n", encoding="utf-8")

    found = linted(tree)

    assert found.returncode == 1
    assert f"{contract} BROKEN" in found.stdout


def test_every_contract_is_seen_to_break():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert {contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]} == {
        contract for contract, _, _ in BROKEN
    }


def test_the_map_of_the_house_shows_every_room():
    shown = re.findall(
        r"`((?:crawler|diffing|monitor|seeds|storage)/[^`]*)`", MAP.read_text(encoding="utf-8")
    )
    patterns = [f"{place}*" if place.endswith("/") else place for place in shown]
    rooms = [
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if path.name != "__init__.py"
    ]

    assert [room for room in rooms if not any(fnmatch(room, pattern) for pattern in patterns)] == []
    assert [pattern for pattern in patterns if not list(ROOT.glob(pattern))] == []
