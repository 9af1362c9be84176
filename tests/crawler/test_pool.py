"""Work in processes that can be killed: bounded time and memory, whatever becomes of one task."""

import signal
import subprocess
import sys
import time

import pytest

from crawler.pool import OutOfBounds, Pool


@pytest.fixture
def pool():
    pool = Pool(1, deadline=0.5, memory=100 << 20)
    yield pool
    pool.close()


def test_a_task_that_takes_too_long_or_too_much_is_ended_and_the_next_is_done(pool):
    slow, large, good = pool.run(time.sleep, 60), pool.run(bytearray, 200 << 20), pool.run(abs, -1)

    with pytest.raises(OutOfBounds, match=r"took longer than 0.5 s"):
        slow()
    with pytest.raises(OutOfBounds, match="took more than 100 MB"):
        large()
    assert good() == 1


def test_a_task_that_kills_its_process_is_told_so(pool):
    task = pool.run(exit_at_once, 7)

    with pytest.raises(OutOfBounds, match=r"killed its process \(exit code"):
        task()


def exit_at_once(code):
    import os

    os._exit(code)


def test_what_is_started_beside_the_run_is_there_when_it_is_needed(pool):
    assert not pool.is_started
    pool.start()
    pool.start()

    assert pool.is_started
    assert pool.run(abs, -1)() == 1
    assert pool.is_ready
    assert pool.has_room


def test_a_pool_that_is_closed_while_it_starts_leaves_nothing_behind(pool):
    pool.start()
    pool.close()

    assert not pool.is_started


PREPARED = """
import os
from pathlib import Path

from crawler.pool import prepare

if __name__ == "__main__":
    prepare()
    for child in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
        if b"forkserver" in Path(f"/proc/{child}/cmdline").read_bytes():
            told = Path(f"/proc/{child}/status").read_text().splitlines()
            print(*(line for line in told if "SigBlk" in line))
"""


def test_who_interrupts_a_run_does_not_interrupt_the_imports_of_its_fork_server():
    # In a process of its own, in which nothing of multiprocessing has begun.
    said = subprocess.run(
        [sys.executable, "-c", PREPARED], capture_output=True, text=True, check=True, timeout=60
    )

    (blocked,) = said.stdout.splitlines()
    assert int(blocked.split()[1], 16) & 1 << (signal.SIGINT - 1)
