"""The page family of changes, shifts and significance."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.changes import SIGNIFICANCE, highest, page_changes, shift_days, verdict_of
from diffing.model import (
    Change,
    ChangeKind,
    Op,
    Precision,
    Significance,
    Statement,
    StatementDiff,
    Verdict,
    Window,
    WordOp,
    WordSpan,
)
from diffing.normal import normalise


def window(start: str, end: str, precision: str = "day") -> Window:
    return Window(
        start=dt.date.fromisoformat(start), end=dt.date.fromisoformat(end), precision=Precision(precision)
    )


def said(text: str, index: int = 0) -> Statement:
    return Statement(index=index, text=text, normal=normalise(text), language="en")


def low(_: StatementDiff) -> Significance:
    return Significance.LOW


def test_every_kind_has_a_significance() -> None:
    assert set(SIGNIFICANCE) == set(ChangeKind)


@pytest.mark.parametrize(
    ("old", "new", "days"),
    [
        (("2025-10-01", "2025-10-15", "part"), ("2025-09-17", "2025-09-20", "day"), -14),
        (("2025-10-16", "2025-10-31", "part"), ("2025-11-03", "2025-11-07", "day"), 3),
        (("2025-09-01", "2025-09-30", "month"), ("2025-08-31", "2025-09-06", "day"), -1),
        (("2025-09-01", "2025-09-30", "month"), ("2025-09-29", "2025-10-03", "day"), 0),
        (("2025-09-17", "2025-09-20", "day"), ("2025-09-24", "2025-09-27", "day"), 7),
        (("2025-09-01", "2025-09-30", "month"), ("2025-10-01", "2025-10-31", "month"), 30),
        (("2025-09-17", "2025-09-20", "day"), ("2025-10-01", "2025-10-31", "month"), 14),
        (("2025-12-01", "2026-02-28", "season"), ("2026-03-02", "2026-03-04", "day"), 2),
    ],
)
def test_a_shift_counts_from_the_bound_that_is_violated(
    old: tuple[str, str, str], new: tuple[str, str, str], days: int
) -> None:
    assert shift_days(window(*old), window(*new)) == days


starts = st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31))


@given(starts, st.integers(0, 30), st.integers(-400, 400), st.sampled_from(Precision))
def test_law_a_window_moved_by_n_days_is_shifted_by_n_and_back_by_minus_n(
    start: dt.date, length: int, moved: int, precision: Precision
) -> None:
    end, by = start + dt.timedelta(days=length), dt.timedelta(days=moved)
    old = Window(start=start, end=end, precision=precision)
    new = Window(start=start + by, end=end + by, precision=precision)
    assert shift_days(old, new) == moved
    assert shift_days(new, old) == -moved


@pytest.mark.parametrize(
    ("op", "kind"),
    [
        (Op.ADDED, ChangeKind.STATEMENT_ADDED),
        (Op.REMOVED, ChangeKind.STATEMENT_REMOVED),
        (Op.MOVED, ChangeKind.STATEMENT_MOVED),
        (Op.EDITED, ChangeKind.STATEMENT_EDITED),
    ],
)
def test_each_operation_is_a_change_of_its_kind(op: Op, kind: ChangeKind) -> None:
    old = () if op is Op.ADDED else (said("It begins on 3 June."),)
    new = () if op is Op.REMOVED else (said("It begins on 5 June.", 4),)
    (change,) = page_changes([StatementDiff(op=op, old=old, new=new)], None, None, edited_significance=low)
    assert change.kind is kind
    assert "\n" not in change.reason


def test_an_edit_matters_as_much_as_the_facts_it_changes() -> None:
    diff = StatementDiff(op=Op.EDITED, old=(said("On 3 June."),), new=(said("On 5 June."),))
    (change,) = page_changes([diff], None, None, edited_significance=lambda _: Significance.HIGH)
    assert change.significance is Significance.HIGH


def test_an_edit_says_which_words_went_and_came() -> None:
    diff = StatementDiff(
        op=Op.EDITED,
        old=(said("On 3 June."),),
        new=(said("On 5 June."),),
        spans=(
            WordSpan(op=WordOp.EQUAL, text="On "),
            WordSpan(op=WordOp.DELETE, text="3"),
            WordSpan(op=WordOp.INSERT, text="5"),
            WordSpan(op=WordOp.EQUAL, text=" June."),
        ),
    )
    (change,) = page_changes([diff], None, None, edited_significance=low)
    assert change.reason == "words out: “3”; words in: “5”"


def test_a_split_that_changes_no_word_is_no_change() -> None:
    diff = StatementDiff(
        op=Op.SPLIT,
        old=(said("The talks ended, the training goes on."),),
        new=(said("The talks ended."), said("The training goes on.", 1)),
    )
    assert page_changes([diff], "T", "T", edited_significance=low) == ()


def test_a_merge_that_changes_a_word_is_one_edit_of_several_statements() -> None:
    diff = StatementDiff(
        op=Op.MERGED,
        old=(said("The talks ended."), said("The training goes on.", 1)),
        new=(said("The talks ended, the training was broken off."),),
    )
    (change,) = page_changes([diff], None, None, edited_significance=low)
    assert (change.kind, len(change.old_statements)) == (ChangeKind.STATEMENT_EDITED, 2)


def test_equal_statements_are_no_change() -> None:
    same = said("Nothing new.")
    assert (
        page_changes(
            [StatementDiff(op=Op.EQUAL, old=(same,), new=(same,))], "T", "T", edited_significance=low
        )
        == ()
    )


def test_a_title_that_differs_in_glyphs_only_is_not_edited() -> None:
    assert page_changes([], "“Rubezh–2025” begins", '"Rubezh-2025"  begins', edited_significance=low) == ()


def test_another_title_is_reported_with_both() -> None:
    (change,) = page_changes([], "Talks held", "Talks broken off", edited_significance=low)
    assert (change.kind, change.old_statements, change.new_statements) == (
        ChangeKind.TITLE_EDITED,
        ("Talks held",),
        ("Talks broken off",),
    )


@pytest.mark.parametrize(
    ("kinds", "verdict"),
    [
        ([], Verdict.RESTATED),
        ([ChangeKind.STATEMENT_NEW], Verdict.NEW),
        ([ChangeKind.REFINED, ChangeKind.STARTED], Verdict.UPDATED),
        ([ChangeKind.REFINED, ChangeKind.RELOCATED], Verdict.CHANGED),
        ([ChangeKind.RESIZED], Verdict.CHANGED),
    ],
)
def test_the_verdict_follows_from_the_kinds(kinds: list[ChangeKind], verdict: Verdict) -> None:
    assert verdict_of([Change(kind=kind, significance=SIGNIFICANCE[kind]) for kind in kinds]) is verdict


def test_the_highest_of_none_is_low() -> None:
    assert highest([]) is Significance.LOW
