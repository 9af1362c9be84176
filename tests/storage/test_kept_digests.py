"""Laws of the kept digests: every change in exactly one, and each comes back as it went in."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffing.digest import Basis, Period
from diffing.model import (
    Attribute,
    Change,
    ChangeKind,
    Count,
    Fact,
    FactValue,
    KnownFact,
    KnownStatement,
    Note,
    Outcome,
    Place,
    Precision,
    RecordedChange,
    Ruling,
    Significance,
    SourceCoverage,
    Status,
    Trouble,
    TroubleKind,
    Window,
)
from storage.archive import Archive, open_archive

DAY = dt.date(2025, 9, 11)
SOON = dt.datetime(2025, 9, 11, 7, tzinfo=dt.timezone(dt.timedelta(hours=3)))
VALUES: tuple[FactValue, ...] = (
    Window(start=DAY, end=DAY, precision=Precision.DAY),
    Place(country="KG", name=None),
    Count(count=1200),
    Status.HELD,
    ("BY", "RU"),
    "held",
    (),
)

times = st.datetimes(
    dt.datetime(2020, 1, 1),
    dt.datetime(2030, 1, 1),
    timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=3))]),
)
words = st.text(max_size=20)
maybe = st.none() | words
days = st.none() | st.dates()
values = st.sampled_from(VALUES)
notes = st.builds(Note, ruling=st.sampled_from(Ruling), why=words, noted=times)
changes = st.builds(
    RecordedChange,
    id=st.integers(1, 9),
    change=st.builds(
        Change,
        kind=st.sampled_from(ChangeKind),
        significance=st.sampled_from(Significance),
        event=maybe,
        attribute=st.sampled_from(Attribute),
        old=st.none() | values,
        new=st.none() | values,
        old_statements=st.tuples(words),
        score=st.none() | st.floats(0, 100),
        reason=words,
    ),
    url=maybe,
    source=maybe,
    language=maybe,
    published=days,
    detected=times,
    also_seen=st.tuples(words, words),
    note=st.none() | notes,
)
facts = st.builds(
    KnownFact,
    fact=st.builds(
        Fact, event=words, attribute=st.sampled_from(Attribute), value=values, quote=words,
        joining=st.none() | st.booleans(),
    ),
    statement=st.builds(
        KnownStatement, text=words, normal=words, language=words, said_on=days, origin=words, url=maybe
    ),
    known_at=times,
)  # fmt: skip
ledgers = st.dictionaries(words, st.lists(facts, max_size=2).map(tuple), max_size=2)
periods = st.builds(
    Period,
    since=times,
    until=times,
    day=st.just(DAY),
    changes=st.lists(changes, max_size=3).map(tuple),
    coverage=st.lists(
        st.builds(
            SourceCoverage, source=words, looks=st.integers(0, 9), pages=st.integers(0, 9),
            outcomes=st.dictionaries(st.sampled_from(Outcome), st.integers(0, 9)),
            last_success=st.none() | times, reason=maybe,
            found=st.none() | st.dictionaries(st.sampled_from(Outcome), st.integers(0, 9)),
        ),
        max_size=2,
    ).map(tuple),
    windows=ledgers,
    contradictions=ledgers,
    bases=st.dictionaries(
        st.integers(1, 9), st.builds(Basis, old=maybe, new=maybe, said_before=days), max_size=2
    ),
    troubles=st.lists(
        st.builds(
            Trouble, id=st.integers(1, 9), source=words, kind=st.sampled_from(TroubleKind), detail=words,
            began=times, ended=st.none() | times,
        ),
        max_size=2,
    ).map(tuple),
    head=maybe,
)  # fmt: skip


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    with open_archive(tmp_path_factory.mktemp("shelf") / "db", write=True, create=True) as archive:
        yield archive


@settings(max_examples=60, deadline=None)
@given(period=periods)
def test_what_a_digest_is_made_of_comes_back_as_it_went_in(shelf: Archive, period: Period) -> None:
    with shelf.together():
        shelf.keep_digest(period, 0, 0, SOON)
        kept = shelf.kept_period(DAY)
        shelf._connection.run("DELETE FROM digests")
        shelf._connection.run("DELETE FROM seals")

    assert kept == period
    assert kept is not None
    assert [moment.utcoffset() for moment in (kept.since, kept.until)] == [
        moment.utcoffset() for moment in (period.since, period.until)
    ]


def _period(day: dt.date) -> Period:
    return Period(since=SOON, until=SOON, day=day)


def test_a_day_has_one_digest_and_the_first_stays(archive: Archive, words) -> None:
    words.page(archive, "It moves.", changes=(words.rescheduled(),))
    first = _period(DAY)

    assert archive.keep_digest(first, 0, 0, SOON)
    assert not archive.keep_digest(_period(DAY), 0, 1, SOON)
    assert archive.kept_period(DAY) == first
    assert archive.kept_period(DAY + dt.timedelta(days=1)) is None
    assert [(kept.place, kept.after, kept.last) for kept in archive.kept_digests()] == [(1, 0, 0)]
    assert archive.verify() == ()


def test_a_digest_that_would_tell_a_change_twice_or_pass_one_over_is_refused(archive: Archive) -> None:
    archive.keep_digest(_period(DAY), 0, 3, SOON)

    for after, last in ((0, 5), (4, 5), (3, 2)):
        with pytest.raises(ValueError, match="changes after 3"):
            archive.keep_digest(_period(DAY + dt.timedelta(days=1)), after, last, SOON)
    with pytest.raises(ValueError, match="give the period its day"):
        archive.keep_digest(Period(since=SOON, until=SOON), 3, 3, SOON)
