"""Commands in processes of their own: they are limited, and they end."""

from __future__ import annotations

import os
import subprocess
import sys

from monitor.children import start


def test_a_child_whose_parent_is_gone_already_does_nothing():
    done = subprocess.run(
        [sys.executable, "-m", "monitor.children", "1", "--help"], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (130, "")


def test_what_a_child_said_is_there_when_it_has_ended(tmp_path):
    child = start(["--db", str(tmp_path / "none.db"), "changes"])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)

    assert child.poll() == 3
    assert "No database at" in child.said()[-1]
    assert child.said() == ()
    child.kill()
