"""What is told of each event is kept, and is always what is known of it."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import diffing
from diffing.formats.records import event_record
from diffing.ledger import current
from diffing.model import Attribute, Fact, FactValue, Place, Precision, Ruling, Shift, Status, Window
from storage.archive import Archive, open_archive
from storage.records import Rereading
from storage.standing import _rules as rules_of_today

EVENTS = ("Rubezh-2025", "Echelon-2025")
URLS = ("https://en.example.org/a/", "https://en.example.org/b/")
OCTOBER = Window(start=dt.date(2025, 10, 1), end=dt.date(2025, 10, 15), precision=Precision.PART)
SEPTEMBER = Window(start=dt.date(2025, 9, 17), end=dt.date(2025, 9, 20), precision=Precision.DAY)
A_WEEK_LATER = Shift(start=7, end=7)


def _fact(attribute: Attribute, value: FactValue, event: str, *, joining: bool | None = None) -> Fact:
    return Fact(event=event, attribute=attribute, value=value, quote="so", joining=joining)


# Of all sorts: what the ledger takes as it was said, and what it makes of what stood before.
FACTS = tuple(
    fact
    for event in EVENTS
    for fact in (
        _fact(Attribute.WINDOW, OCTOBER, event),
        _fact(Attribute.WINDOW, SEPTEMBER, event),
        _fact(Attribute.WINDOW, A_WEEK_LATER, event),
        _fact(Attribute.PLACE, Place(country="KG", name="Edelweiss"), event),
        _fact(Attribute.STATUS, Status.PLANNED, event),
        _fact(Attribute.STATUS, Status.CANCELLED, event),
        _fact(Attribute.PARTICIPANTS, ("KG", "RU"), event),
        _fact(Attribute.PARTICIPANTS, ("KZ",), event, joining=True),
        _fact(Attribute.PARTICIPANTS, ("RU",), event, joining=False),
    )
)


def _weighed(archive: Archive) -> Mapping[str, Mapping[Attribute, FactValue]]:
    """What stands, worked out of all facts at once."""
    return {
        event: {attribute: known.fact.value for attribute, known in current(facts).items()}
        for event, facts in archive.events()
    }


def _recorded(archive: Archive) -> Mapping[str, object]:
    """The record of each event, made of all that is known of it at once."""
    return {
        event: event_record(event, facts, archive.changes(event=event)) for event, facts in archive.events()
    }


def _kept(archive: Archive) -> int:
    return int(archive._connection.value("SELECT count(*) FROM standing"))


class _Story:
    """An archive to which things happen, one after another."""

    def __init__(self, archive: Archive, words) -> None:
        self.archive, self.words, self.hour = archive, words, 0

    @property
    def now(self) -> dt.datetime:
        return self.words.noon + dt.timedelta(hours=self.hour)

    def happens(self, what: str, place: int, facts: Sequence[Fact]) -> None:
        # What is read anew at the moment at which it was said was never believed as it was told.
        self.hour += 7 if what in {"a page says", "a text is known"} else 0
        {
            "a page says": self._page_says,
            "a page is read anew": self._page_is_read_anew,
            "a text is known": self._text_is_known,
            "a text is read anew": self._text_is_read_anew,
            "another page says so too": self._another_page_says_so_too,
            "an editor notes": self._an_editor_notes,
            "a run ends": self._run_ends,
        }[what](place, facts)

    def _page_says(self, place: int, facts: Sequence[Fact]) -> None:
        told = f"Told at hour {self.hour}."
        changes = (self.words.rescheduled(),) if len(facts) > 1 else ()
        self.words.page(self.archive, told, url=URLS[place], at=self.now, facts=tuple(facts), changes=changes)

    def _page_is_read_anew(self, place: int, facts: Sequence[Fact]) -> None:
        readings = [
            Rereading(
                visit=visit, document=self.words.document(), statements=found.statements, facts=[facts],
                accepted=(0,) if facts else (), said_on=visit.captured_at.date(), text_hash="anew",
            )
            for visit in self.archive.kept_visits(URLS[place])
            if (found := self.archive.revision(URLS[place], visit.number))
        ]  # fmt: skip
        self.archive.replace_readings(URLS[place], readings, extractor="2", understood_at=self.now)

    def _text_is_known(self, place: int, facts: Sequence[Fact]) -> None:
        text = self.words.text(f"Known at hour {self.hour}.", origin=f"text {place}")
        self.archive.add_baseline(text, [facts], self.now)

    def _text_is_read_anew(self, place: int, facts: Sequence[Fact]) -> None:
        for number, text in self.archive.baseline_texts()[place : place + 1]:
            told = [facts] * len(text.statements)
            self.archive.replace_baseline_facts(number, text.statements, told, self.now)

    def _another_page_says_so_too(self, place: int, _facts: Sequence[Fact]) -> None:
        self.archive.record_sightings(URLS[place], [self.words.window()], self.now)

    def _an_editor_notes(self, place: int, facts: Sequence[Fact]) -> None:
        self.archive.record_note(1 + place, Ruling.DISMISSED, f"{len(facts)} reasons", self.now)

    def _run_ends(self, _place: int, _facts: Sequence[Fact]) -> None:
        run = self.archive.begin_run(self.now, "crawl", ["site-en"])
        self.archive.end_run(run, self.now, outcomes={}, changes={}, failures={})


HAPPENINGS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "a page says", "a page is read anew", "a text is known", "a text is read anew",
                "another page says so too", "an editor notes", "a run ends",
            ]
        ),
        st.integers(0, 1),
        st.lists(st.sampled_from(FACTS), max_size=3, unique=True),
    ),
    max_size=15,
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HAPPENINGS)
def test_whatever_happens_what_is_told_is_what_all_that_is_known_makes(words, happenings) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        open_archive(Path(folder) / "x.db", write=True, create=True) as archive,
    ):
        archive.sync_sources({"site-en": "en"})
        story = _Story(archive, words)
        for happening in happenings:
            story.happens(*happening)

            assert archive.standing() == _weighed(archive)
            assert archive.event_records() == _recorded(archive)
            assert archive.event_names() == tuple(_weighed(archive))
        assert archive.verify() == ()
        archive.keep_standing()

        assert archive.standing() == _weighed(archive)
        assert archive.event_records() == _recorded(archive)
        assert _kept(archive) == len(archive.events())
        assert archive.verify() == ()


@pytest.fixture
def told(archive: Archive, words) -> Archive:
    """Two events, of which a run kept what stands."""
    story = _Story(archive, words)
    story.happens("a page says", 0, FACTS[:1])
    story.happens("a page says", 1, FACTS[9:11])
    story.happens("a run ends", 0, ())
    assert _kept(archive) == 2
    return archive


def test_what_stands_is_read_as_it_was_kept(told: Archive) -> None:
    told._connection.run("UPDATE standing SET facts = '{}', record = '{}' WHERE event = 'Rubezh-2025'")

    assert told.standing()["Rubezh-2025"] == {}
    assert told.event_records(["Rubezh-2025"]) == {"Rubezh-2025": {}}


def test_an_event_of_which_nothing_stands_is_known_all_the_same(archive: Archive, words) -> None:
    story = _Story(archive, words)
    story.happens("a page says", 0, FACTS[7:8])
    story.happens("a run ends", 0, ())

    assert archive.standing() == {"Rubezh-2025": {}}
    assert _kept(archive) == 1


def test_a_run_that_was_killed_leaves_an_archive_that_says_what_stands(
    told: Archive, words, opened: Callable[[], Archive]
) -> None:
    words.page(told, "It moves.", url=URLS[0], at=words.noon + dt.timedelta(days=2), facts=FACTS[1:2])

    with opened() as reader:
        assert reader.standing()["Rubezh-2025"] == {Attribute.WINDOW: SEPTEMBER}
        assert _kept(reader) == 1


def test_what_another_program_does_to_the_facts_is_not_overlooked(told: Archive) -> None:
    told._connection.run("DELETE FROM facts WHERE event = 'Rubezh-2025'")
    told._connection.run("UPDATE known SET believed_until = '2025-09-12' WHERE url = ?", (URLS[1],))

    assert told.standing() == {}


def test_what_was_known_then_is_worked_out_of_the_history(told: Archive, words) -> None:
    moment = words.noon + dt.timedelta(hours=8)
    told._connection.run("UPDATE standing SET facts = '{}', record = '{}'")

    assert told.standing(moment) == {"Rubezh-2025": {Attribute.WINDOW: OCTOBER}}
    assert list(told.event_records(as_of=moment)) == ["Rubezh-2025"]
    assert told.event_records(["Echelon-2025"], moment) == {}


def test_what_was_kept_by_other_rules_counts_for_nothing_and_is_kept_anew(told: Archive) -> None:
    told._connection.run("UPDATE standing SET facts = '{}', record = '{}', rules = 'others'")

    assert told.standing() == _weighed(told)
    assert told.event_records() == _recorded(told)
    assert told.verify() == ()
    told.keep_standing()
    assert told._connection.value("SELECT count(*) FROM standing WHERE rules <> 'others'") == 2


def test_rules_are_others_as_soon_as_they_are_written_otherwise(tmp_path: Path, monkeypatch) -> None:
    copied = shutil.copytree(Path(diffing.__file__).parent, tmp_path / "diffing")
    monkeypatch.setattr(diffing, "__file__", str(copied / "__init__.py"))
    before = rules_of_today.__wrapped__()

    with (copied / "attributes" / "window.py").open("a", encoding="utf-8") as written:
        written.write("# otherwise")

    assert rules_of_today.__wrapped__() != before


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE standing SET facts = replace(facts, '2025', '2026') WHERE event = 'Rubezh-2025'",
        "UPDATE standing SET record = replace(record, '2025', '2026') WHERE event = 'Rubezh-2025'",
        "UPDATE standing SET event = 'Rubezh-2099' WHERE event = 'Rubezh-2025'",
    ],
)
def test_what_is_kept_wrongly_is_named_and_made_anew(told: Archive, tampering: str) -> None:
    told._connection.run(tampering)

    (finding,) = told.verify()
    told.rebuild_indexes()

    assert finding.check == "indexes"
    assert "what is kept to stand of Rubezh-20" in finding.first
    assert told.verify() == ()
    assert told.standing() == _weighed(told)
