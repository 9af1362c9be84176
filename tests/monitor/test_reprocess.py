"""Better rules are not news: what was captured before is read anew, and nothing tells of it."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from dataclasses import replace

import pytest

from diffing.model import Attribute, Outcome, RevisionOrigin, Series
from monitor import cycle, rereading
from storage.archive import open_archive

MOVED = "The training “Rubezh-2025” will be held from 17 to 20 September at the Edelweiss training ground."
LATER = MOVED.replace("17 to 20 September", "1 to 4 October")
SHIELD = "The training “Mountain Shield-2025” will be held from 5 to 9 November in the Kyrgyz Republic."
OTHERS = (
    "About 1,200 servicemen of the collective forces will take part in it, said the press service.",
    "The commanders will work out how to localise an armed conflict in the mountains of the region.",
)
REPORTED = "SELECT * FROM changes", "SELECT * FROM captures", "SELECT * FROM sightings", "SELECT * FROM runs"


@pytest.fixture
def upgraded(monkeypatch):
    """Makes today's rules other ones than those that read what was captured before."""

    def upgrade(read=None):
        for module in (cycle, rereading):
            monkeypatch.setattr(module, "EXTRACTOR_VERSION", "better")
        if read is not None:
            monkeypatch.setattr("crawler.extraction.read", read)

    return upgrade


def without(words):
    """A reading that leaves out every block with these words."""
    from crawler.extraction import read

    def better(*arguments, **options):
        reading = read(*arguments, **options)
        blocks = tuple(block for block in reading.document.blocks if words not in block.text)
        return replace(reading, document=replace(reading.document, blocks=blocks))

    return better


def reprocessed(site, at="2025-10-01T06:00"):
    now = dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)
    return rereading.reprocess(site.archive, site.sources, site.gazetteer, now)


def reported(site):
    return [list(map(tuple, site.archive._connection.rows(sql))) for sql in REPORTED]


def texts(site, name, number=None):
    return [statement.text for statement in site.archive.revision(site.url(name), number).statements]


def test_the_same_rules_change_no_row(site, page):
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, *OTHERS)
    site.run("2025-09-11T06:00")
    site.pages["exercise"] = page("Rubezh-2025 moves", LATER, *OTHERS)
    site.run("2025-09-12T06:00")
    before = site.rows()

    done = reprocessed(site)

    assert (done.pages, done.replaced, done.unreadable) == (1, 0, {})
    assert site.rows() == before


def test_a_page_that_prints_another_day_at_each_visit_keeps_that_of_its_words(site, page):
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, *OTHERS, date="11.09.2025")
    site.run("2025-09-11T06:00")
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, *OTHERS, date="12.09.2025")
    report = site.run("2025-09-12T06:00")
    before = site.rows()

    assert (report.outcomes, reprocessed(site).replaced) == ({"unchanged": 1}, 0)
    assert site.rows() == before


def test_what_better_rules_leave_out_is_gone_quietly_and_the_history_stays(site, page, upgraded):
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, SHIELD, *OTHERS)
    site.run("2025-09-11T06:00")
    before = reported(site)
    assert site.window("Mountain Shield-2025") == ("2025-11-05", "2025-11-09")
    upgraded(without("Mountain Shield"))

    done = reprocessed(site)

    assert (done.pages, done.replaced) == (1, 1)
    assert reported(site) == before
    assert site.window("Mountain Shield-2025") is None
    assert site.window("Rubezh-2025") == ("2025-09-17", "2025-09-20")
    old, new = site.archive.revisions(site.url("exercise"))
    assert (old.origin, new.origin) == (RevisionOrigin.VISIT, RevisionOrigin.UPGRADE)
    assert (old.extractor, new.extractor) == (cycle_version(), "better")
    assert old.captured_at == new.captured_at
    assert SHIELD in texts(site, "exercise", 1)
    assert SHIELD not in texts(site, "exercise")
    assert site.archive.verify() == ()


def cycle_version():
    from crawler.readings import EXTRACTOR_VERSION

    return EXTRACTOR_VERSION


def test_what_was_understood_when_is_still_answered_as_of_then(site, page, upgraded):
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, SHIELD, *OTHERS)
    site.run("2025-09-11T06:00")
    upgraded(without("Mountain Shield"))
    reprocessed(site, "2025-10-01T06:00")

    def facts(at):
        return site.archive.event_facts(
            "Mountain Shield-2025", dt.datetime.fromisoformat(at + "T12:00+00:00")
        )

    assert facts("2025-09-10") == ()
    assert Attribute.WINDOW in {known.fact.attribute for known in facts("2025-09-30")}
    assert facts("2025-10-01") == ()


def test_doing_so_again_changes_no_row(site, page, upgraded):
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, SHIELD, *OTHERS)
    site.run("2025-09-11T06:00")
    upgraded(without("Mountain Shield"))
    reprocessed(site)
    before = site.rows()

    assert reprocessed(site, "2025-10-02T06:00").replaced == 0
    assert site.rows() == before


def test_a_changed_page_is_read_anew_before_it_is_compared(site, page, upgraded):
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, SHIELD, *OTHERS)
    site.run("2025-09-11T06:00")
    upgraded(without("Mountain Shield"))
    site.pages["exercise"] = page("Rubezh-2025 moves", LATER, SHIELD, *OTHERS)

    report = site.run("2025-09-12T06:00")

    assert report.changes == {"statement_edited": 1, "rescheduled": 1}
    assert [r.origin.value for r in site.archive.revisions(site.url("exercise"))] == [
        "visit",
        "upgrade",
        "visit",
    ]
    edited, _ = site.archive.changes(limit=2)
    assert (edited.from_revision, edited.to_revision) == (2, 3)
    assert site.window("Mountain Shield-2025") is None


def test_a_page_of_which_only_our_reading_changed_is_unchanged(site, page, upgraded):
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, SHIELD, *OTHERS)
    site.run("2025-09-11T06:00")
    upgraded(without("Mountain Shield"))
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, SHIELD.replace("will be", "is to be"), *OTHERS)

    report = site.run("2025-09-12T06:00")

    assert report.outcomes == {"unchanged": 1}
    assert report.changes == {}
    assert site.archive.revision(site.url("exercise")).origin is RevisionOrigin.UPGRADE


def test_what_better_rules_leave_out_is_no_collapse_of_the_text(site, page, upgraded):
    noise = tuple(
        f"Chatter number {n} of the readers of this page about the weather and the roads." for n in range(12)
    )
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, *OTHERS, *noise)
    site.run("2025-09-11T06:00")
    upgraded(without("Chatter"))
    site.pages["exercise"] = page("Rubezh-2025 moves", LATER, *OTHERS, *noise)

    report = site.run("2025-09-12T06:00")

    assert report.outcomes == {"changed": 1}
    assert report.changes == {"statement_edited": 1, "rescheduled": 1}


def test_facts_of_earlier_revisions_are_read_anew_too(site, page, upgraded):
    """Believing only the last reading would leave an old window of an event that the page never spoke of."""
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, SHIELD, *OTHERS)
    site.run("2025-09-11T06:00")
    site.pages["exercise"] = page("Rubezh-2025 moves", LATER, *OTHERS)
    site.run("2025-09-12T06:00")
    assert site.window("Mountain Shield-2025") is not None
    upgraded(without("Mountain Shield"))

    reprocessed(site)

    assert site.window("Mountain Shield-2025") is None
    assert [
        known.statement.said_on.day
        for known in site.archive.event_facts("Rubezh-2025")
        if known.fact.attribute is Attribute.WINDOW and known.statement.url == site.url("exercise")
    ] == [11, 12]


def test_a_name_that_is_learned_later_counts_from_the_day_it_was_said(site, page):
    site.pages["exercise"] = page(
        "Plans", MOVED, "“Granite Wall-2025” will take place on 5-9 November.", *OTHERS
    )
    site.run("2025-09-11T06:00")
    known = site.gazetteer
    site.gazetteer = replace(
        known, series=(*known.series, Series(name="Stone Wall", aliases=("Granite Wall",)))
    )

    reprocessed(site)

    (window,) = (
        known
        for known in site.archive.event_facts("Stone Wall-2025")
        if known.fact.attribute is Attribute.WINDOW
    )
    assert window.statement.said_on == dt.date(2025, 9, 11)
    assert site.window("Granite Wall-2025") is None


def test_a_name_that_is_learned_later_is_read_from_the_baseline_too(site):
    site.run("2025-09-11T06:00")
    known = site.gazetteer
    series = tuple(
        Series(name="Frontier", aliases=(*one.aliases, "Rubezh")) if one.name == "Rubezh" else one
        for one in known.series
    )
    site.gazetteer = replace(known, series=series)

    reprocessed(site)

    assert site.window("Rubezh-2025") is None
    assert site.window("Frontier-2025") == ("2025-10-01", "2025-10-15")
    before = site.rows()
    reprocessed(site, "2025-10-02T06:00")
    assert site.rows() == before


def test_a_quotation_stays_one(site, page):
    """What a later page repeats word for word must not move the ledger back when it is read anew."""
    site.pages["plans"] = page("Plans for the autumn", LATER, *OTHERS, date="01.06.2025")
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, *OTHERS)
    site.pages["review"] = page("The week in review", OTHERS[1], LATER, "So it was said.", date="12.09.2025")
    site.run("2025-09-12T06:00")

    assert reprocessed(site).replaced == 0
    assert site.window("Rubezh-2025") == ("2025-09-17", "2025-09-20")


def test_a_page_that_cannot_be_read_any_more_keeps_what_was_read(site, page, upgraded):
    from crawler.errors import NothingReadable

    def unable(*_, **__):
        raise NothingReadable("the new rules find nothing")

    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, *OTHERS)
    site.run("2025-09-11T06:00")
    before = site.rows()
    upgraded(unable)

    done = reprocessed(site)

    assert done.unreadable == {site.url("exercise"): "the new rules find nothing"}
    assert site.rows() == before


def test_pages_that_never_were_understood_are_left_alone(site, page):
    site.pages["gone"] = 404
    site.pages["empty"] = b""
    site.run("2025-09-11T06:00")

    assert reprocessed(site).pages == 0


def test_neither_digest_nor_coverage_tells_of_it(site, page, upgraded):
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, SHIELD, *OTHERS)
    site.run("2025-09-11T06:00")
    since, until = (dt.datetime(2025, 10, day, tzinfo=dt.UTC) for day in (1, 2))
    upgraded(without("Mountain Shield"))
    reprocessed(site, "2025-10-01T06:00")

    assert site.archive.changes(since, until) == ()
    assert [(covered.looks, dict(covered.outcomes)) for covered in site.archive.coverage(since, until)] == [
        (0, {})
    ]
    assert Outcome.CHANGED not in site.archive.coverage(since, until)[0].outcomes


@pytest.mark.parametrize("arguments", [[], ["site-en"]], ids=["all", "one"])
def test_the_command_says_what_it_did(site, page, tmp_path, arguments):
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, *OTHERS)
    site.run("2025-09-11T06:00")
    site.archive.close()
    file = tmp_path / "sources.toml"
    file.write_text(
        '[[source]]\nname = "site-en"\nlanguage = "en"\nstart = ["https://en.example.org/news/"]\n'
        "articles = '/news/[^/?]+/$'\n"
    )

    done = cstowatch("reprocess", *arguments, "--sources", file, cwd=tmp_path)

    assert done.returncode == 0
    assert done.stderr == "Pages: 1 read anew, 0 of them say something else now.\n"


def test_without_a_database_the_command_makes_none(tmp_path):
    done = cstowatch("reprocess", cwd=tmp_path)

    assert done.returncode == 3
    assert "cstowatch.db" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.xdist_group("demo")
def test_a_replica_that_was_crawled_for_a_year_says_the_same_when_it_is_read_anew(played_demo, tmp_path):
    copy, sources = tmp_path / "cstowatch.db", played_demo.directory / "demo" / "sources.toml"
    with open_archive(played_demo.directory / "demo" / "cstowatch.db") as archive:
        archive.backup(copy)
    with open_archive(copy) as archive:
        before = [(event, len(facts)) for event, facts in archive.events()]

    done = cstowatch("reprocess", "--sources", sources, cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "read anew, 0 of them say something else now" in done.stderr
    with open_archive(copy) as archive:
        assert [(event, len(facts)) for event, facts in archive.events()] == before
        assert archive.verify() == ()


def cstowatch(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-m", "monitor", *map(str, arguments)],
        capture_output=True, text=True, check=False, cwd=cwd,
    )  # fmt: skip


def test_an_edit_reads_one_earlier_visit_anew_however_many_there_are(site, page, monkeypatch):
    whole, asked = site.archive.kept_visits, []
    monkeypatch.setattr(site.archive, "kept_visits", lambda url: asked.append(url) or whole(url))
    for day in range(1, 6):
        site.pages["exercise"] = page("Rubezh-2025", MOVED.replace("17", str(day)), *OTHERS)
        site.run(f"2025-09-0{day}T06:00")

    assert len(site.archive.revisions(site.url("exercise"))) == 5
    assert asked == []
