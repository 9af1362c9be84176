"""Work in processes that can be killed: bounded time and memory, whatever becomes of one task."""

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
