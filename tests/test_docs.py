"""What the documentation shows is what the program prints; `pytest --accept` rewrites what is shown."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from diffing.formats import FORMATS
from diffing.languages import LANGUAGES
from diffing.model import Attribute, ChangeKind
from monitor.commands import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)

# What differs from run to run: the free port of the replica and all that is hashed over addresses.
VOLATILE = ((re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:8000"), (re.compile(r"\b[0-9a-f]{64}\b"), "0" * 64))


def settled(text: str) -> str:
    for pattern, stable in VOLATILE:
        text = pattern.sub(stable, text)
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


def shown(block: str, cwd: Path) -> str:
    """The block with each command's output as it is now."""
    commands = [line for line in block.splitlines() if line.startswith("$ ")]
    return "\n".join(f"{command}\n{settled(output(command[2:], cwd))}" for command in commands)


def output(command: str, cwd: Path) -> str:
    bins = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=cwd,
        env={**os.environ, "PATH": bins, "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return done.stdout


@pytest.mark.xdist_group("demo")
@pytest.mark.parametrize(
    "page", [page for page in PAGES if BLOCK.search(page.read_text(encoding="utf-8"))], ids=str
)
def test_every_shown_command_prints_what_is_shown(page, played_demo, request):
    text = page.read_text(encoding="utf-8")

    now = BLOCK.sub(lambda found: f"```console\n{shown(found[1], played_demo.directory)}\n```", text)

    if request.config.getoption("--accept"):
        page.write_text(now, encoding="utf-8")
    assert settled(text) == settled(now)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_to_a_file_leads_somewhere(page):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize(
    "named",
    [
        *(f"cstowatch {command.name}" for command in COMMANDS),
        *FORMATS,
        *(language.name for language in LANGUAGES.values()),
        *(kind.value for kind in ChangeKind),
        *(attribute.value for attribute in Attribute),
    ],
)
def test_every_command_format_kind_and_language_is_mentioned(named):
    assert any(named in page.read_text(encoding="utf-8") for page in PAGES)
