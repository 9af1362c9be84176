"""Time to first output: CPU of `--help` and `changes` against importing click and sqlite_utils.

    python bench/startup.py

One line out; the bar is a ratio of at most 3.
"""

from __future__ import annotations

import datetime as dt
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from storage.archive import open_archive

ROUNDS = 7


def cpu(command: list[str]) -> float:
    """Median seconds of CPU (user and system) that the command costs, start-up included."""
    spent = []
    for _ in range(ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(spent)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "empty.db"
        open_archive(database, write=True, create=True, now=dt.datetime(2025, 1, 1, tzinfo=dt.UTC)).close()
        floor = cpu([sys.executable, "-c", "import click, sqlite_utils"])
        ours = [sys.executable, "-m", "monitor"]
        helped = cpu([*ours, "--help"])
        changes = cpu([*ours, "--db", str(database), "changes"])
    print(
        f"startup: import click, sqlite_utils {floor * 1000:.0f} ms; --help {helped * 1000:.0f} ms "
        f"(x{helped / floor:.2f}); changes {changes * 1000:.0f} ms (x{changes / floor:.2f}); bar x3"
    )


if __name__ == "__main__":
    main()
