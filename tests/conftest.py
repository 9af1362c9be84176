"""What tests of several packages share."""

from __future__ import annotations

import subprocess
import sys

import pytest


def pytest_addoption(parser):
    parser.addoption("--accept", action="store_true", help="rewrite what the documentation shows")


@pytest.fixture(scope="session")
def played_demo(tmp_path_factory):
    """A directory in which `cstowatch demo` was run; its database is demo/cstowatch.db."""
    directory = tmp_path_factory.mktemp("a demo")
    subprocess.run(
        [sys.executable, "-m", "monitor", "-q", "demo"], cwd=directory, check=True, stdout=subprocess.DEVNULL
    )
    return directory
