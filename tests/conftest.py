"""What tests of several packages share."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

# That the machine is busy with other work is no fault of a law.
settings.register_profile("cstowatch", settings(), deadline=None)
settings.load_profile("cstowatch")


def pytest_addoption(parser):
    parser.addoption("--accept", action="store_true", help="rewrite what the documentation shows")


# Additions to a copy of the house (docs/extending.md): only there can they be imported.
collect_ignore = ["extending"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedDemo:
    """A finished `cstowatch demo`: its database is demo/cstowatch.db in the directory."""

    directory: Path
    demo: subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def played_demo(tmp_path_factory):
    """The demo, played once in a directory with a space in its name, without settings of cstowatch."""
    directory = tmp_path_factory.mktemp("a year")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CSTOWATCH_")}
    demo = subprocess.run(
        [sys.executable, "-m", "monitor", "demo"],
        cwd=directory, env=environment, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert demo.returncode == 0, demo.stderr
    return PlayedDemo(directory=directory, demo=demo)
