"""Alignment on edits of known truth, so that its F1 cannot fall, and the laws on real pairs of revisions."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from pathlib import Path

import pytest

from diffing.alignment import align
from diffing.model import Op
from diffing.statements import split_text

ROOT = Path(__file__).resolve().parents[2]
REVISIONS = ROOT.parent / "shared" / "gold" / "revisions_dev.jsonl"

# The bars of the alignment; measured (python -m bench.alignment): 1.000 nearly everywhere. Never lowered.
FLOOR, FLOOR_OF_PARTS = 0.99, 0.97


def _bench():
    spec = importlib.util.spec_from_file_location("bench_alignment", ROOT / "bench" / "alignment.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BENCH = _bench()


@pytest.mark.parametrize("kind", ["formulaic", "repeated"])
@pytest.mark.parametrize("rate", [0.1, 0.3, 0.6])
def test_what_became_of_each_statement_is_told_as_well_as_was_measured(kind, rate):
    pairs = BENCH.generated_pairs(60, rate, kind, seed=20, gold=False)

    f1, false_removed, _ = BENCH.measure(pairs, {"ours": BENCH.by_us})["ours"]

    short = {
        op.value: round(found, 4)
        for op, found in f1.items()
        if found < (FLOOR_OF_PARTS if op in {Op.SPLIT, Op.MERGED} else FLOOR)
    }
    assert short == {}
    assert rate > 0.1 or false_removed == 0


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.6])
def test_the_peers_tell_no_operation_better_on_the_same_pairs(rate):
    pairs = BENCH.generated_pairs(20, rate, "formulaic", seed=21)

    results = {name: f1 for name, (f1, _, _) in BENCH.measure(pairs).items()}

    ours = results.pop("ours")
    assert {(name, op.value) for name, f1 in results.items() for op in Op if f1[op] > ours[op]} == set()


def _real():
    if not REVISIONS.exists():
        pytest.skip("../shared/gold is absent")
    return [json.loads(line) for line in REVISIONS.read_text(encoding="utf-8").split("\n")[:-1]]


def test_a_diff_of_real_revisions_uses_each_statement_once_and_rebuilds_the_new_one():
    for row in _real():
        old, new = split_text(row["before"], row["lang"]), split_text(row["after"], row["lang"])

        diffs = align(old, new)

        assert sorted(s.index for d in diffs for s in d.old) == list(range(len(old))), row["id"]
        built = []
        for diff in diffs:
            if diff.op in {Op.EQUAL, Op.MOVED}:
                assert diff.old[0].normal == diff.new[0].normal, row["id"]
                built.append(diff.old[0].normal)
            elif diff.op is not Op.REMOVED:
                built += [s.normal for s in diff.new]
            if diff.spans:
                texts = [" ".join(s.text for s in side) for side in (diff.old, diff.new)]
                told = ["".join(s.text for s in diff.spans if s.op != op) for op in ("insert", "delete")]
                assert told == texts, row["id"]
        assert built == [s.normal for s in new], row["id"]


def test_as_many_statements_of_real_revisions_are_equal_as_are_the_same_in_both():
    for row in _real():
        old, new = split_text(row["before"], row["lang"]), split_text(row["after"], row["lang"])

        kept = Counter(d.old[0].normal for d in align(old, new) if d.op in {Op.EQUAL, Op.MOVED})

        assert kept == Counter(s.normal for s in old) & Counter(s.normal for s in new), row["id"]


def test_real_revisions_the_other_way_round_give_the_same_diff_reversed():
    turned = {"added": "removed", "removed": "added", "split": "merged", "merged": "split"}
    for row in _real():
        old, new = split_text(row["before"], row["lang"]), split_text(row["after"], row["lang"])

        there = sorted(
            (turned.get(d.op, d.op), [s.index for s in d.new], [s.index for s in d.old])
            for d in align(old, new)
        )

        back = [(d.op, [s.index for s in d.old], [s.index for s in d.new]) for d in align(new, old)]
        assert there == sorted(back), row["id"]
