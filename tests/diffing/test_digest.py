"""Laws and examples of the digest: every change once, what matters first."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.digest import Digest, Period, build_digest
from diffing.formats import FORMATS
from diffing.model import (
    EVENT_KINDS,
    Attribute,
    Change,
    ChangeKind,
    Fact,
    KnownFact,
    KnownStatement,
    Note,
    Outcome,
    Precision,
    RecordedChange,
    Ruling,
    Significance,
    SourceCoverage,
    Window,
)

SINCE = dt.datetime(2025, 9, 11, tzinfo=dt.UTC)
UNTIL = SINCE + dt.timedelta(days=1)
KNOWN = Window(start=dt.date(2025, 10, 1), end=dt.date(2025, 10, 15), precision=Precision.PART)
NOW = Window(start=dt.date(2025, 9, 17), end=dt.date(2025, 9, 20), precision=Precision.DAY)

ESCAPED_IN_MARKDOWN = re.compile(r"\\.")

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[click](javascript:alert(1))",
    "![beacon](http://attacker.example/x.png)",
    "=HYPERLINK(1)",
    "\x1b[31mred\x1b[0m \u202egnirts\u202c \x00 ]]>",
]


def recorded(number: int, kind: ChangeKind, **fields: object) -> RecordedChange:
    event = "Rubezh-2025" if kind in EVENT_KINDS else None
    change = Change(
        kind=kind,
        significance=fields.pop("significance", Significance.HIGH),  # type: ignore[arg-type]
        event=fields.pop("event", event),  # type: ignore[arg-type]
        attribute=Attribute.WINDOW if event else None,
        old=KNOWN if event else None,
        new=NOW if event else None,
        shift_days=-14 if event else None,
        old_statements=("It was to be in October.",),
        new_statements=(str(fields.pop("text", "It will be in September.")),),
        old_origin="briefing",
    )
    defaults = {
        "url": "http://127.0.0.1/news/a/",
        "source": "csto-en",
        "language": "en",
        "published": dt.date(2025, 9, 11),
        "detected": SINCE,
    }
    return RecordedChange(id=number, change=change, **{**defaults, **fields})  # type: ignore[arg-type]


def digest_of(*changes: RecordedChange) -> Digest:
    coverage = SourceCoverage(
        source="csto-en", looks=3, pages=2, outcomes={Outcome.NEW: 1}, last_success=SINCE, reason=None
    )
    return build_digest(Period(since=SINCE, until=UNTIL, changes=changes, coverage=(coverage,)))


@given(st.lists(st.sampled_from(list(ChangeKind)), max_size=30), st.randoms(use_true_random=False))
def test_every_change_stands_in_exactly_one_card_in_any_order(kinds, random):
    changes = [recorded(number, kind) for number, kind in enumerate(kinds)]
    shuffled = random.sample(changes, len(changes))

    digest = digest_of(*shuffled)

    cards = (*digest.events, *digest.withdrawn, *digest.restored, *digest.edited, *digest.new)
    assert sorted(change.id for card in cards for change in card.changes) == list(range(len(kinds)))
    assert digest == digest_of(*changes)


def test_what_matters_most_comes_first_and_then_the_earlier_event():
    late = Window(start=dt.date(2025, 10, 20), end=dt.date(2025, 10, 24), precision=Precision.DAY)
    later = recorded(1, ChangeKind.RESCHEDULED, event="Barrier-2025")
    digest = digest_of(
        recorded(0, ChangeKind.REFINED, event="Search-2025", significance=Significance.MEDIUM),
        RecordedChange(
            id=1,
            detected=SINCE,
            url="u",
            source=None,
            language=None,
            published=None,
            change=Change(
                kind=later.change.kind, significance=Significance.HIGH, event="Barrier-2025", new=late
            ),
        ),
        recorded(2, ChangeKind.RESCHEDULED),
    )

    assert [card.events[0] for card in digest.events] == ["Rubezh-2025", "Barrier-2025", "Search-2025"]


def test_of_pages_that_matter_alike_the_one_published_last_comes_first():
    days = [dt.date(2025, 9, 1), None, dt.date(2025, 9, 10)]
    digest = digest_of(
        *(
            recorded(number, ChangeKind.STATEMENT_NEW, published=day, url=f"http://127.0.0.1/{number}/")
            for number, day in enumerate(days)
        )
    )

    assert [card.published for card in digest.new] == [dt.date(2025, 9, 10), dt.date(2025, 9, 1), None]


def test_an_edit_that_leaves_the_printed_date_alone_is_called_silent():
    day = dt.date(2025, 9, 11)
    edit = recorded(
        0, ChangeKind.STATEMENT_EDITED, from_revision=1, to_revision=2, published=day, published_before=day
    )

    assert "SILENT EDIT" in FORMATS["text"](digest_of(edit))


@pytest.mark.parametrize("name", FORMATS)
def test_a_rescheduled_event_shows_both_windows_and_both_quotations_in_every_format(name):
    shown = FORMATS[name](digest_of(recorded(0, ChangeKind.RESCHEDULED)))

    for expected in ("Rubezh", "It was to be in October", "It will be in September"):
        assert expected in shown
    assert "two weeks earlier" in shown or '"shift_days": -14' in shown


@pytest.mark.parametrize("name", FORMATS)
def test_a_quiet_day_says_so_with_its_coverage(name):
    shown = FORMATS[name](digest_of())

    assert name in {"json", "atom"} or "Nothing new." in shown
    assert name == "atom" or "csto" in shown


@pytest.mark.parametrize("kind", list(ChangeKind))
@pytest.mark.parametrize("name", FORMATS)
def test_what_a_page_said_shows_as_text_in_every_format(name, kind):
    for number, text in enumerate(HOSTILE):
        shown = FORMATS[name](digest_of(recorded(number, kind, text=text, page_title=text, url=text)))

        live = ESCAPED_IN_MARKDOWN.sub("", shown) if name == "md" else shown
        if name not in {"json", "text"}:
            assert "<script" not in live
            assert "<img" not in live
            assert name != "md" or "](" not in live
        assert 'href="javascript' not in shown
        assert "\x1b" not in shown
        assert "\u202e" not in shown or name == "json"


def test_events_that_one_statement_moved_alike_share_a_card():
    names = ("Echelon-2025", "Interaction-2025", "Search-2025")
    moved = [recorded(number, ChangeKind.RESCHEDULED, event=name) for number, name in enumerate(names)]

    (card,) = digest_of(*moved).events

    assert card.events == names
    assert [change.change.event for change in card.shown] == ["Echelon-2025"]
    assert [change.id for change in card.changes] == [0, 1, 2]


def test_a_day_on_which_nobody_could_look_does_not_say_that_nothing_is_new():
    down = SourceCoverage(
        source="csto-en", looks=1, pages=0, outcomes={}, last_success=None, reason="no answer"
    )

    none_answered = FORMATS["text"](build_digest(Period(since=SINCE, until=UNTIL, coverage=(down,))))
    half_answered = FORMATS["text"](
        build_digest(Period(since=SINCE, until=UNTIL, coverage=(*digest_of().coverage, down)))
    )

    assert "Nothing can be said" in none_answered
    assert "1 source did not" in half_answered
    assert "Nothing new." not in none_answered + half_answered


def test_a_day_on_which_nobody_looked_does_not_say_that_nothing_is_new():
    asleep = SourceCoverage(
        source="csto-en",
        looks=0,
        pages=0,
        outcomes={},
        last_success=SINCE - dt.timedelta(days=2),
        reason=None,
    )

    for coverage in ((), (asleep,)):
        shown = FORMATS["text"](build_digest(Period(since=SINCE, until=UNTIL, coverage=coverage)))
        assert "Nothing can be said: no source was looked at." in shown


@pytest.mark.parametrize("name", ["text", "md", "html"])
def test_a_window_moved_twice_is_measured_from_the_one_first_announced(name):
    statement = KnownStatement(
        text="first half of October",
        normal="",
        language="en",
        said_on=dt.date(2025, 1, 30),
        origin="briefing",
    )
    first = KnownFact(
        fact=Fact(event="Rubezh-2025", attribute=Attribute.WINDOW, value=KNOWN, quote=""),
        statement=statement,
        known_at=SINCE,
    )
    middle = Window(start=dt.date(2025, 9, 11), end=dt.date(2025, 9, 20), precision=Precision.PART)
    finer = recorded(0, ChangeKind.REFINED)
    finer = replace(finer, change=replace(finer.change, old=middle, shift_days=None))

    shown = FORMATS[name](
        build_digest(Period(since=SINCE, until=UNTIL, changes=(finer,), windows={"Rubezh-2025": (first,)}))
    )

    plain_words = shown.replace("\\", "")
    assert "in all two weeks earlier than first announced" in plain_words
    assert "said 30 January 2025" in plain_words


def noted(change: RecordedChange, ruling: Ruling, why: str = "the ministry says so too") -> RecordedChange:
    return replace(change, note=Note(ruling=ruling, why=why, noted=SINCE))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "kind", [ChangeKind.RESCHEDULED, ChangeKind.STATEMENT_EDITED, ChangeKind.STATEMENT_NEW]
)
def test_a_dismissed_change_is_hidden_and_a_confirmed_one_says_why(name, kind):
    dismissed = FORMATS[name](digest_of(noted(recorded(0, kind, text="Hidden."), Ruling.DISMISSED)))
    confirmed = FORMATS[name](digest_of(noted(recorded(0, kind), Ruling.CONFIRMED)))

    assert "Hidden" not in dismissed
    assert "the ministry says so too" in confirmed


def test_a_digest_counts_what_was_dismissed():
    changes = [recorded(0, ChangeKind.RESCHEDULED), noted(recorded(1, ChangeKind.REFINED), Ruling.DISMISSED)]

    digest = digest_of(*changes)

    assert digest.dismissed == 1
    assert digest.is_quiet is False
    assert "1 change dismissed by an editor" in FORMATS["text"](digest)
    assert '"dismissed": 1' in FORMATS["json"](digest)
    assert digest_of(changes[1]).is_quiet


def test_events_that_moved_together_part_where_an_editor_spoke_of_one():
    together = [recorded(number, ChangeKind.RESCHEDULED, event=f"E-{number}") for number in range(2)]
    together[1] = noted(together[1], Ruling.CONFIRMED)

    assert [card.events for card in digest_of(*together).events] == [("E-0",), ("E-1",)]
