"""What a statement does to what is known: verdict, match, changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.judging import edited_significance, judge
from diffing.model import (
    Attribute,
    ChangeKind,
    Count,
    Fact,
    FactValue,
    Judgement,
    KnownFact,
    KnownStatement,
    Place,
    Precision,
    Qualifier,
    Significance,
    Statement,
    Status,
    Verdict,
    Window,
)
from diffing.normal import normalise

EVENT = "Rubezh-2025"
BRIEFING = "The training “Rubezh-2025” is planned in Kyrgyzstan in the first half of October."
SAID = dt.date(2025, 1, 30)
LATER = dt.date(2025, 9, 11)


def window(start: str, end: str, precision: str = "day") -> Window:
    return Window(
        start=dt.date.fromisoformat(f"2025-{start}"),
        end=dt.date.fromisoformat(f"2025-{end}"),
        precision=Precision(precision),
    )


FIRST_HALF = window("10-01", "10-15", "part")
DAYS = window("09-17", "09-20")
KG = Place(country="KG")


def fact(attribute: str, value: FactValue, quote: str = "…", *, event: str = EVENT) -> Fact:
    return Fact(event=event, attribute=Attribute(attribute), value=value, quote=quote)


class Shelf:
    """A `Known` of hand-made statements and facts."""

    def __init__(self) -> None:
        self.statements: list[KnownStatement] = []
        self.facts: list[KnownFact] = []

    def takes(
        self,
        text: str,
        *facts: Fact,
        said_on: dt.date | None = SAID,
        language: str = "en",
        origin: str = "briefing",
    ) -> Shelf:
        statement = KnownStatement(
            text=text, normal=normalise(text), language=language, said_on=said_on, origin=origin
        )
        self.statements.append(statement)
        at = dt.datetime.combine(said_on or SAID, dt.time(), tzinfo=dt.UTC)
        self.facts += [KnownFact(fact=found, statement=statement, known_at=at) for found in facts]
        return self

    def exact(self, normal: str) -> KnownStatement | None:
        return next((found for found in self.statements if found.normal == normal), None)

    def candidates(self, normal: str, events: Iterable[str]) -> Sequence[KnownStatement]:
        return self.statements

    def facts_of(self, event: str) -> Sequence[KnownFact]:
        return [known for known in self.facts if known.fact.event == event]


def shelf(*more: Fact) -> Shelf:
    return Shelf().takes(
        BRIEFING,
        fact("window", FIRST_HALF),
        fact("place", KG),
        fact("status", Status.PLANNED),
        *more,
    )


def judged(
    text: str,
    *facts: Fact,
    known: Shelf | None = None,
    said_on: dt.date = LATER,
    language: str = "en",
    events: Sequence[str] = (),
) -> Judgement:
    statement = Statement(index=0, text=text, normal=normalise(text), language=language)
    return judge(statement, facts, known or shelf(), said_on, events=events)


def kinds(judgement: Judgement) -> list[str]:
    return [change.kind.value for change in judgement.changes]


def test_new_dates_are_rescheduled_with_both_quotations_and_a_reason() -> None:
    judgement = judged("“Rubezh-2025” will be held from 17 to 20 September.", fact("window", DAYS))

    (change,) = judgement.changes
    assert judgement.verdict is Verdict.CHANGED
    assert (change.kind, change.shift_days, change.old, change.new) == (
        ChangeKind.RESCHEDULED,
        -14,
        FIRST_HALF,
        DAYS,
    )
    assert change.old_statements == (BRIEFING,)
    assert change.new_statements == ("“Rubezh-2025” will be held from 17 to 20 September.",)
    assert change.old_origin == "briefing"
    assert change.reason == "known: 1-15 October 2025, said 30 January 2025; now: 17-20 September 2025"
    assert judgement.match is not None


@pytest.mark.parametrize(
    ("facts", "expected", "verdict"),
    [
        ([fact("window", window("10-07", "10-10"))], ["refined"], Verdict.UPDATED),
        ([fact("place", Place(country="KG", name="Edelweiss"))], ["refined"], Verdict.UPDATED),
        ([fact("place", Place(country="KZ"))], ["relocated"], Verdict.CHANGED),
        ([fact("status", Status.POSTPONED)], ["postponed"], Verdict.CHANGED),
        ([fact("status", Status.CANCELLED)], ["cancelled"], Verdict.CHANGED),
        ([fact("status", Status.UNDER_WAY)], ["started"], Verdict.UPDATED),
        ([fact("status", Status.HELD)], ["completed"], Verdict.UPDATED),
        ([fact("name", "Frontier Shield-2025")], ["renamed"], Verdict.CHANGED),
        ([fact("window", window("11-03", "11-07")), fact("status", Status.POSTPONED)],
         ["rescheduled"], Verdict.CHANGED),
        ([fact("window", FIRST_HALF), fact("status", Status.POSTPONED)], ["postponed"], Verdict.CHANGED),
        ([fact("window", window("09-09", "09-09")), fact("status", Status.CANCELLED)],
         ["cancelled"], Verdict.CHANGED),
    ],
)  # fmt: skip
def test_each_fact_makes_the_change_of_its_kind(
    facts: list[Fact], expected: list[str], verdict: Verdict
) -> None:
    judgement = judged("Of “Rubezh-2025” this is now said.", *facts)
    assert (kinds(judgement), judgement.verdict) == (expected, verdict)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (fact("personnel", Count(count=1500, qualifier=Qualifier.ABOUT)),
         fact("personnel", Count(count=3500, qualifier=Qualifier.MORE_THAN)), ["resized"]),
        (fact("personnel", Count(count=1000, qualifier=Qualifier.MORE_THAN)),
         fact("personnel", Count(count=1200)), []),
        (fact("equipment", Count(count=450)), fact("equipment", Count(count=300)), ["resized"]),
        (fact("participants", ("BY", "KG")), fact("participants", ("BY", "KG", "RU")),
         ["participants_changed"]),
        (fact("participants", ("BY", "KG", "RU")), fact("participants", ("BY", "KG")), []),
    ],
)  # fmt: skip
def test_counts_and_states_change_only_where_they_contradict(
    old: Fact, new: Fact, expected: list[str]
) -> None:
    judgement = judged("Many take part in “Rubezh-2025”.", new, known=shelf(old))
    assert kinds(judgement) == expected
    assert judgement.verdict is (Verdict.CHANGED if expected else Verdict.RESTATED)


def test_the_first_count_of_a_known_event_is_a_new_statement_that_matters() -> None:
    judgement = judged("About 1,500 personnel will take part.", fact("personnel", Count(count=1500)))
    (change,) = judgement.changes
    assert (change.kind, change.significance) == (ChangeKind.STATEMENT_NEW, Significance.MEDIUM)


def test_an_unknown_event_is_announced_once_whatever_is_said_of_it() -> None:
    judgement = judged(
        "“Cobalt-2026” will be held in Armenia in July 2026.",
        fact("place", Place(country="AM"), event="Cobalt-2026"),
        fact("window", FIRST_HALF, event="Cobalt-2026"),
        fact("status", Status.PLANNED, event="Cobalt-2026"),
    )
    (change,) = judgement.changes
    assert (change.kind, change.attribute, judgement.verdict) == (
        ChangeKind.ANNOUNCED,
        Attribute.WINDOW,
        Verdict.UPDATED,
    )


def test_the_cancellation_of_an_unknown_event_is_not_lost() -> None:
    judgement = judged("“Cobalt-2026” is cancelled.", fact("status", Status.CANCELLED, event="Cobalt-2026"))
    assert kinds(judgement) == ["announced", "cancelled"]
    assert judgement.verdict is Verdict.CHANGED


@pytest.mark.parametrize(
    "text",
    [
        "Rubezh-2025 is to take place in the Kyrgyz Republic in early autumn.",
        "In October Kyrgyzstan will host the training “Rubezh-2025”.",
    ],
)
def test_known_facts_in_other_words_are_restated(text: str) -> None:
    judgement = judged(text, fact("window", FIRST_HALF, "October"), fact("place", KG, "Kyrgyzstan"))
    assert judgement.verdict is Verdict.RESTATED
    assert judgement.changes == ()


def test_known_facts_in_another_language_are_restated_and_matched_with_who_said_them() -> None:
    judgement = judged(
        "Учение «Рубеж-2025» пройдёт в первой половине октября.", fact("window", FIRST_HALF), language="ru"
    )
    assert judgement.verdict is Verdict.RESTATED
    assert judgement.match is not None
    assert judgement.match.statement.text == BRIEFING


def test_a_known_date_does_not_hide_what_else_a_long_statement_says() -> None:
    judgement = judged(
        "During “Rubezh-2025” in the first half of October paratroopers will rescue hostages from a flooded"
        " village and drones will map the minefields along the river.",
        fact("window", FIRST_HALF, "first half of October"),
    )
    assert (judgement.verdict, kinds(judgement)) == (Verdict.NEW, ["statement_new"])


def test_a_statement_older_than_what_stands_changes_nothing() -> None:
    known = shelf().takes("“Rubezh-2025”: 17-20 September.", fact("window", DAYS), said_on=LATER)
    judgement = judged(
        "In the first half of October “Rubezh-2025” is planned.",
        fact("window", FIRST_HALF, "first half of October"),
        known=known,
        said_on=dt.date(2025, 5, 1),
    )
    assert judgement.verdict is Verdict.RESTATED


def test_words_known_already_are_restated_even_where_the_window_has_moved_on() -> None:
    known = shelf().takes(
        "“Rubezh-2025”: 17-20 September.", fact("window", DAYS), said_on=dt.date(2025, 6, 1)
    )
    judgement = judged(BRIEFING, fact("window", FIRST_HALF), known=known, said_on=dt.date(2025, 7, 1))
    assert (judgement.verdict, judgement.match and judgement.match.score) == (Verdict.RESTATED, 100.0)


def test_the_same_words_a_year_later_speak_of_another_event() -> None:
    judgement = judged(
        BRIEFING.replace("-2025", ""),
        fact("place", KG, event="Rubezh-2026"),
        known=Shelf().takes(BRIEFING.replace("-2025", ""), fact("place", KG)),
        said_on=dt.date(2026, 2, 1),
    )
    assert kinds(judgement) == ["announced"]


def test_talks_about_a_known_event_are_new_and_matter() -> None:
    judgement = judged("Staff talks on “Rubezh-2025” took place in Minsk.", events=[EVENT])
    (change,) = judgement.changes
    assert (judgement.verdict, change.significance) == (Verdict.NEW, Significance.MEDIUM)


def test_will_not_is_new_where_will_was_known_and_the_match_is_shown() -> None:
    known = Shelf().takes("The Secretary General will attend the summit.")
    judgement = judged("The Secretary General will not attend the summit.", known=known)
    assert judgement.verdict is Verdict.NEW
    assert judgement.match is not None
    assert judgement.match.score > 90


def test_a_shorter_rewording_of_a_known_statement_is_restated() -> None:
    known = Shelf().takes("More than 200 guests from 12 countries attended the conference in Minsk.")
    judgement = judged("The conference in Minsk was attended by over 200 guests.", known=known)
    assert judgement.verdict is Verdict.RESTATED


def test_nothing_close_means_no_match() -> None:
    judgement = judged("Children's drawings decorate the hall of the Secretariat.")
    assert (judgement.verdict, judgement.match) == (Verdict.NEW, None)
    assert judgement.changes[0].significance is Significance.LOW


def test_a_caption_is_unrelated_and_makes_nothing_known() -> None:
    judgement = judged("Photo: the active phase of “Rubezh-2025”", fact("status", Status.UNDER_WAY))
    assert (judgement.verdict, judgement.facts, judgement.changes) == (Verdict.UNRELATED, (), ())


def test_an_edit_takes_the_highest_significance_of_the_facts_it_changes() -> None:
    before = [fact("window", FIRST_HALF), fact("personnel", Count(count=1500))]
    assert edited_significance(before, before) is Significance.LOW
    assert edited_significance(before, before[:1]) is Significance.MEDIUM
    assert edited_significance(before, [fact("window", DAYS), before[1]]) is Significance.HIGH
    assert (
        edited_significance(before, [before[0], fact("personnel", Count(count=9000))]) is Significance.MEDIUM
    )


def test_an_edit_that_calls_an_event_off_matters_most() -> None:
    before, after = [fact("status", Status.PLANNED)], [fact("status", Status.CANCELLED)]
    assert edited_significance(before, after) is Significance.HIGH


@pytest.mark.parametrize(
    "hostile", ["a" * 1_000_000, "1-" * 500_000, "((" * 500_000, '"' * 1_000_000, "A " * 500_000]
)
def test_a_long_hostile_line_is_judged_in_linear_time(hostile: str) -> None:
    asserted = judged(hostile, fact("window", FIRST_HALF))
    assert asserted.verdict is not Verdict.CHANGED
    assert judged(hostile).verdict in {Verdict.NEW, Verdict.UNRELATED}


day = st.dates(dt.date(2025, 1, 1), dt.date(2025, 11, 1))


@given(day, st.integers(0, 9), st.integers(-60, 60).filter(bool))
def test_law_a_window_moved_by_n_days_is_rescheduled_by_n_and_back_by_minus_n(
    start: dt.date, length: int, moved: int
) -> None:
    by, end = dt.timedelta(days=moved), start + dt.timedelta(days=length)
    before_all = dt.date(2024, 6, 1)
    old = Window(start=start, end=end, precision=Precision.DAY)
    new = Window(start=start + by, end=end + by, precision=Precision.DAY)
    for before, after, expected in ((old, new, moved), (new, old, -moved)):
        known = Shelf().takes(BRIEFING, fact("window", before), said_on=before_all)
        (change,) = judged(
            "“Rubezh-2025” has other dates.", fact("window", after), known=known, said_on=before_all
        ).changes
        assert (change.kind, change.shift_days) == (ChangeKind.RESCHEDULED, expected)


values = st.one_of(
    st.builds(
        lambda start, length, precision: fact(
            "window", Window(start=start, end=start + dt.timedelta(days=length), precision=precision)
        ),
        day,
        st.integers(0, 40),
        st.sampled_from(Precision),
    ),
    st.builds(lambda status: fact("status", status), st.sampled_from(Status)),
    st.builds(
        lambda name: fact("place", Place(country="KG", name=name)), st.sampled_from([None, "Edelweiss"])
    ),
    st.builds(lambda count: fact("personnel", Count(count=count)), st.integers(1, 9000)),
)


@given(st.lists(values, max_size=4, unique_by=lambda found: found.attribute))
def test_law_a_statement_against_itself_is_restated(facts: list[Fact]) -> None:
    text = "The units will do so."
    known = Shelf().takes(text, *facts)
    assert judged(text, *facts, known=known).verdict is Verdict.RESTATED


@given(st.lists(values, min_size=1, max_size=4, unique_by=lambda found: found.attribute))
def test_law_known_facts_in_other_words_change_nothing(facts: list[Fact]) -> None:
    known = Shelf().takes("The units will do so.", *facts)
    assert judged("So do they say here.", *facts, known=known).changes == ()


def test_dates_that_were_long_past_when_they_were_said_move_nothing_anybody_could_act_on() -> None:
    held = [fact("window", DAYS), fact("status", Status.HELD)]
    late, soon = (
        judged("“Rubezh-2025” was held from 17 to 20 September.", *held, said_on=said_on)
        for said_on in (dt.date(2026, 11, 20), dt.date(2025, 10, 1))
    )

    assert kinds(late) == ["refined", "completed"]
    assert late.verdict is Verdict.UPDATED
    assert all(change.significance is not Significance.HIGH for change in late.changes)
    assert kinds(soon) == ["rescheduled", "completed"]


def test_days_and_places_of_what_was_cancelled_refine_nothing() -> None:
    known = Shelf().takes("“Rubezh-2025” is cancelled.", fact("status", Status.CANCELLED))
    judgement = judged(
        "“Rubezh-2025”: 17 to 20 September, Kyrgyzstan.", fact("window", DAYS), fact("place", KG), known=known
    )

    assert kinds(judgement) == ["statement_new"]
    assert judgement.changes[0].significance is Significance.MEDIUM
