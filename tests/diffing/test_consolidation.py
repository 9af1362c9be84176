"""One page, one change a fact."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from diffing.changes import SIGNIFICANCE, verdict_of
from diffing.consolidation import consolidate
from diffing.model import (
    Attribute,
    Change,
    ChangeKind,
    Fact,
    FactValue,
    Judgement,
    KnownStatement,
    Match,
    Place,
    Precision,
    Statement,
    Status,
    Verdict,
    Window,
)

EVENT = "Rubezh-2025"


def window(start: str, end: str, precision: str = "day") -> Window:
    return Window(
        start=dt.date.fromisoformat(f"2025-{start}"),
        end=dt.date.fromisoformat(f"2025-{end}"),
        precision=Precision(precision),
    )


DAYS = window("09-17", "09-20")
SEPTEMBER = window("09-01", "09-30", "month")


def attribute_of(value: FactValue) -> Attribute:
    kinds = {Window: Attribute.WINDOW, Place: Attribute.PLACE, Status: Attribute.STATUS}
    return kinds[type(value)]


def judged(
    text: str, *told: tuple[FactValue, str | None], vague: bool = False, event: str = EVENT
) -> Judgement:
    """A statement that asserts each value, with the change of that kind (None: it changes nothing)."""
    changes = tuple(
        Change(
            kind=ChangeKind(kind),
            significance=SIGNIFICANCE[ChangeKind(kind)],
            event=event,
            attribute=attribute_of(value),
            new=value,
            new_statements=(text,),
        )
        for value, kind in told
        if kind
    )
    return Judgement(
        statement=Statement(index=0, text=text, normal=text, language="en"),
        verdict=verdict_of(changes),
        match=None,
        facts=tuple(
            Fact(event=event, attribute=attribute_of(value), value=value, quote=text, vague=vague)
            for value, _ in told
        ),
        changes=changes,
    )


def kept(judgements: tuple[Judgement, ...]) -> list[list[str]]:
    return [[change.kind.value for change in judgement.changes] for judgement in judgements]


def test_the_finest_window_keeps_the_change_and_quotes_the_others() -> None:
    lead = judged("In September.", (SEPTEMBER, "rescheduled"))
    body = judged("From 17 to 20 September.", (DAYS, "rescheduled"))

    first, second = consolidate([lead, body])

    assert (first.changes, first.verdict) == ((), Verdict.RESTATED)
    assert second.changes[0].new_statements == ("From 17 to 20 September.", "In September.")


def test_of_equals_the_first_keeps_the_change() -> None:
    one, other = judged("a", (DAYS, "rescheduled")), judged("b", (window("09-18", "09-21"), "rescheduled"))
    assert kept(consolidate([one, other])) == [["rescheduled"], []]


def test_days_as_known_outweigh_a_coarser_contradiction_on_the_same_page() -> None:
    exact = judged("From 17 to 20 September.", (DAYS, None))
    loose = judged("In early October.", (window("10-01", "10-10", "part"), "rescheduled"), vague=True)
    assert kept(consolidate([loose, exact])) == [[], []]


def test_one_day_said_elsewhere_does_not_outweigh_the_range_of_the_lead() -> None:
    lead = judged("From 17 to 20 September.", (DAYS, None))
    summing_up = judged("On 25 September.", (window("09-25", "09-25"), "rescheduled"))
    assert kept(consolidate([lead, summing_up])) == [[], []]


def test_an_edited_sentence_outweighs_an_old_one_that_stayed_on_the_page() -> None:
    stayed = judged("From 17 to 20 September.", (DAYS, None))
    same = KnownStatement(text="a", normal="a", language="en", said_on=None, origin="page")
    stayed = replace(stayed, match=Match(statement=same, score=100.0))
    edited = judged("From 24 to 27 September.", (window("09-24", "09-27"), "rescheduled"))
    assert kept(consolidate([stayed, edited])) == [[], ["rescheduled"]]


def test_a_ground_outweighs_a_bare_country() -> None:
    lead = judged("In Belarus.", (Place(country="BY"), "relocated"))
    body = judged("At Edelweiss.", (Place(country="KG", name="Edelweiss"), None))
    assert kept(consolidate([lead, body])) == [[], []]


def test_an_event_is_announced_once() -> None:
    one = judged("It will be in Kyrgyzstan.", (Place(country="KG"), "announced"))
    other = judged("It will be in September.", (SEPTEMBER, "announced"))
    assert kept(consolidate([one, other])) == [[], ["announced"]]


def test_put_off_and_given_new_dates_elsewhere_on_the_page_is_rescheduled_alone() -> None:
    put_off = judged("It is postponed.", (Status.POSTPONED, "postponed"))
    dates = judged("It will be on 17-20 September.", (DAYS, "rescheduled"))
    assert kept(consolidate([put_off, dates])) == [[], ["rescheduled"]]


def test_what_ended_is_not_also_reported_as_started() -> None:
    began = judged("It began on Monday.", (Status.UNDER_WAY, "started"))
    ended = judged("It ended on Friday.", (Status.HELD, "completed"))
    assert kept(consolidate([began, ended])) == [[], ["completed"]]


def test_changes_of_two_events_stand_side_by_side() -> None:
    one = judged("a", (DAYS, "rescheduled"))
    other = judged("b", (DAYS, "rescheduled"), event="Search-2025")
    assert kept(consolidate([one, other])) == [["rescheduled"], ["rescheduled"]]


def test_new_statements_stay_as_they_are() -> None:
    new = Change(kind=ChangeKind.STATEMENT_NEW, significance=SIGNIFICANCE[ChangeKind.STATEMENT_NEW])
    judgement = Judgement(
        statement=Statement(index=0, text="a", normal="a", language="en"),
        verdict=Verdict.NEW,
        match=None,
        facts=(),
        changes=(new,),
    )
    assert consolidate([judgement, judgement]) == (judgement, judgement)


told = st.sampled_from(
    [
        (DAYS, "rescheduled"),
        (DAYS, None),
        (SEPTEMBER, "rescheduled"),
        (SEPTEMBER, "refined"),
        (window("09-18", "09-18"), "announced"),
        (Place(country="KG"), "relocated"),
        (Place(country="KG", name="Edelweiss"), "refined"),
        (Place(country="KG", name="Edelweiss"), None),
        (Status.POSTPONED, "postponed"),
        (Status.UNDER_WAY, "started"),
        (Status.HELD, "completed"),
    ]
)
pages = st.lists(
    st.builds(
        lambda text, values, vague, event: judged(text, *values, vague=vague, event=event),
        st.sampled_from(["a", "b", "c"]),
        st.lists(told, max_size=3, unique_by=lambda pair: attribute_of(pair[0])),
        st.booleans(),
        st.sampled_from([EVENT, "Search-2025"]),
    ),
    max_size=5,
)


@given(pages)
def test_law_to_consolidate_twice_is_to_consolidate_once(page: list[Judgement]) -> None:
    once = consolidate(page)
    assert consolidate(once) == once


@given(pages)
def test_law_each_event_and_attribute_has_one_change_at_most(page: list[Judgement]) -> None:
    subjects = [
        (change.event, None if change.kind is ChangeKind.ANNOUNCED else change.attribute)
        for judgement in consolidate(page)
        for change in judgement.changes
    ]
    assert len(subjects) == len(set(subjects))
