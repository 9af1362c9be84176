"""Commands in processes of their own: they are limited, and they end."""

from __future__ import annotations

import os
import subprocess
import sys

from monitor.children import MOST_MEMORY, start

LIMITS = """
import resource, sys, monitor.__main__ as program
def command(arguments):
    try:
        bytearray(6 << 30)
    except MemoryError:
        print(*resource.getrlimit(resource.RLIMIT_DATA), *arguments)
program.main = command
from monitor.children import main
main([sys.argv[1], "crawl", "one"])
"""


def test_a_child_may_use_so_much_memory_and_runs_the_command():
    done = subprocess.run(
        [sys.executable, "-c", LIMITS, str(os.getpid())], capture_output=True, text=True, check=False
    )

    assert done.stdout.split()[0] == str(MOST_MEMORY)
    assert done.stdout.split()[2:] == ["crawl", "one"]


def test_a_child_whose_parent_is_gone_already_does_nothing():
    done = subprocess.run([sys.executable, "-c", LIMITS, "1"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (130, "")


def test_what_a_child_said_is_there_when_it_has_ended(tmp_path):
    child = start(["--db", str(tmp_path / "none.db"), "changes"])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)

    assert child.poll() == 3
    assert "No database at" in child.said()[-1]
    assert child.said() == ()
    child.kill()
