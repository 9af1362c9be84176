"""A month left alone, with all that bench/year.py throws in but for real processes."""

from __future__ import annotations

import pytest

from bench.year import lived


@pytest.mark.parametrize("seed", [7])
def test_whatever_is_thrown_in_each_slot_runs_once_and_each_change_is_told_once(tmp_path, seed):
    world, faults = lived(tmp_path, 30, seed, real_every=10**9)

    assert faults == []
    assert len(world.visible) > 20
    assert world.counts["suspends"] == world.counts["jumps back"] == 1
    assert sum(count for what, count in world.counts.items() if "killed" in what) > 10
