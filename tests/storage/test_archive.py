"""Every door of the archive: what goes in comes out, and the same again changes nothing."""

# ruff: noqa: E501 - a table of values reads better in one line

from __future__ import annotations

import datetime as dt
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from diffing.model import Change, ChangeKind, Outcome, PageRole, Precision, Significance, Window
from diffing.normal import normalise
from storage.archive import Archive, open_archive
from storage.errors import ArchiveError, UnknownCapture

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def test_opening_an_archive_to_read_imports_no_heavy_library(archive: Archive) -> None:
    code = (
        "import sys; from pathlib import Path; from storage.archive import open_archive;"
        f"a = open_archive(Path({str(archive.path)!r})); a.changes(); a.events();"
        "heavy = {'zstandard', 'rapidfuzz', 'lxml', 'scrapy', 'twisted', 'trafilatura', 'sqlite_utils'};"
        "print(sorted(heavy & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_a_baseline_loaded_twice_changes_nothing(archive: Archive, words) -> None:
    text = words.text("Rubezh-2025 is planned for October.", "The staff met.")
    facts = ((words.window(words.autumn),), ())

    assert archive.add_baseline(text, facts, words.noon) is True
    before = archive.sizes().known_statements, archive.sizes().facts
    assert archive.add_baseline(text, facts, words.noon + DAY) is False

    assert (archive.sizes().known_statements, archive.sizes().facts) == before == (2, 1)
    assert [(row.origin, row.said_on, row.statements) for row in archive.baseline_list()] == [
        ("briefing", dt.date(2025, 1, 30), 2)
    ]


def test_a_run_comes_back_as_it_was_told(archive: Archive, words) -> None:
    run = archive.begin_run(words.noon, "crawl", ["site-en", "site-ru"])
    (running,) = archive.runs()
    archive.end_run(
        run,
        words.noon + HOUR,
        outcomes={"new": 2},
        changes={"announced": 1},
        failures={"site-ru": "no route"},
    )
    (ended,) = archive.runs()

    assert running.ended is None
    assert (ended.id, ended.command, ended.sources) == (run, "crawl", ("site-en", "site-ru"))
    assert (ended.started, ended.ended) == (words.noon, words.noon + HOUR)
    assert (ended.outcomes, ended.changes, ended.failures) == (
        {"new": 2},
        {"announced": 1},
        {"site-ru": "no route"},
    )


def test_a_visit_waits_as_the_network_gave_it_and_is_kept_once(archive: Archive, words) -> None:
    run = archive.begin_run(words.noon, "crawl", [])
    fetched = words.fetched(
        headers=(("Set-Cookie", "a=1"), ("Server", "nginx"), ("set-cookie", "b=2"), ("X-Ж", "ё\udce9")),
        body=b"\x00\xff" * 999,
    )

    first = archive.record_capture(run, fetched)
    again = archive.record_capture(run, fetched)
    (waiting,) = archive.pending()

    assert first == again == waiting.id
    assert waiting.fetched == fetched
    assert (waiting.run, waiting.previous_sha256) == (run, None)
    assert archive.body_of(first) == fetched.body
    assert archive.page_state(words.url).visits == 1


def test_a_failed_visit_is_a_capture_without_a_body(archive: Archive, words) -> None:
    run = archive.begin_run(words.noon, "crawl", [])
    fetched = words.fetched(status=None, body=b"", headers=(), error="timed out after 30 s")

    capture = archive.record_capture(run, fetched)
    (waiting,) = archive.pending()
    archive.settle(capture, Outcome.FAILED, "timed out after 30 s")

    assert waiting.fetched == fetched
    assert waiting.sha256 is None
    assert archive.body_of(capture) == b""
    (health, _) = archive.source_health()
    assert (health.failure, health.last_failure, health.last_success) == (
        "timed out after 30 s",
        words.noon,
        None,
    )


@pytest.mark.parametrize(
    ("visits", "outcomes"),
    [
        (
            [(200, b"a"), (200, b"a"), (200, b"b"), (304, b"")],
            ["new", "unchanged", "changed", "not_modified"],
        ),
        ([(None, b""), (500, b"oops"), (200, b"a")], ["failed", "failed", "new"]),
    ],
)
def test_a_listing_has_its_outcome_at_once(archive: Archive, words, visits, outcomes) -> None:
    for number, (status, body) in enumerate(visits):
        at = words.noon + number * HOUR
        run = archive.begin_run(at, "crawl", [])
        archive.record_capture(run, words.fetched(at=at, status=status, body=body, role=PageRole.LISTING))

    assert list(archive.pending()) == []
    with closing(sqlite3.connect(archive.path)) as connection:
        kept = connection.execute("SELECT outcome FROM v_captures ORDER BY id").fetchall()
    assert [outcome for (outcome,) in kept] == outcomes


def test_pending_captures_may_be_settled_while_they_are_read(archive: Archive, words) -> None:
    run = archive.begin_run(words.noon, "crawl", [])
    wanted = [archive.record_capture(run, words.fetched(f"https://x.example/{n}/")) for n in range(5)]

    seen = []
    for capture in archive.pending():
        seen.append(capture.id)
        archive.settle(capture.id, Outcome.UNCHANGED)

    assert seen == wanted
    assert list(archive.pending()) == []


def test_equal_bytes_are_told_by_the_digest_of_the_last_good_body(archive: Archive, words) -> None:
    words.page(archive, "It moves.", body=b"<p>It moves.</p>")
    run = archive.begin_run(words.noon + HOUR, "crawl", [])
    rejected = archive.record_capture(run, words.fetched(at=words.noon + HOUR, body=b"captcha"))
    archive.settle(rejected, Outcome.REJECTED, "a captcha")
    archive.record_capture(run, words.fetched(at=words.noon + 2 * HOUR, body=b"<p>It moves.</p>"))

    (waiting,) = archive.pending()

    assert waiting.sha256 == waiting.previous_sha256
    assert archive.last_good_body(words.url) == b"<p>It moves.</p>"
    assert archive.last_good_body("https://nowhere.example/") is None


def test_a_rejected_page_does_not_lend_its_validators(archive: Archive, words) -> None:
    words.page(archive, "It moves.")
    run = archive.begin_run(words.noon + HOUR, "crawl", [])
    fetched = words.fetched(at=words.noon + HOUR, body=b"captcha", headers=(("ETag", '"captcha"'),))
    archive.settle(archive.record_capture(run, fetched), Outcome.REJECTED, "a captcha")

    assert archive.page_state(words.url).etag == '"v1"'


def test_gone_is_counted_from_the_first_visit_that_found_it_so_and_ends_when_it_is_back(
    archive: Archive, words
) -> None:
    words.page(archive, "It moves.")
    removed = Change(kind=ChangeKind.PAGE_REMOVED, significance=Significance.HIGH, reason="404 twice")
    for hours, changes in ((1, ()), (14, (removed,))):
        at = words.noon + hours * HOUR
        run = archive.begin_run(at, "crawl", [])
        archive.settle(
            archive.record_capture(run, words.fetched(at=at, status=404)), Outcome.GONE, changes=changes
        )
    gone = archive.page_state(words.url)
    words.page(archive, "It is back.", at=words.noon + DAY)

    assert (gone.gone_since, gone.etag, gone.visits) == (words.noon + HOUR, None, 3)
    (recorded,) = archive.changes(kinds=[ChangeKind.PAGE_REMOVED])
    assert (recorded.from_revision, recorded.to_revision, recorded.page_title) == (1, None, "It moves")
    assert recorded.detected == words.noon + 14 * HOUR
    back = archive.page_state(words.url)
    assert (back.gone_since, back.changes_seen, back.first_seen) == (None, 1, words.noon)


def test_a_capture_keeps_its_first_outcome(archive: Archive, words) -> None:
    capture = words.page(archive, "It moves.", changes=(words.rescheduled(),))

    archive.settle(capture, Outcome.FAILED, "no")
    again = archive.record_revision(
        capture, Outcome.CHANGED, words.document(), (), (), (words.rescheduled(),),
        said_on=None, extractor="2", understood_at=words.noon, accepted=(), text_hash="",
    )  # fmt: skip

    assert again == 1
    assert len(archive.revisions(words.url)) == len(archive.changes()) == 1
    with pytest.raises(UnknownCapture, match="No capture 99"):
        archive.settle(99, Outcome.FAILED)


def test_a_revision_comes_back_with_its_statements_by_number_and_by_time(archive: Archive, words) -> None:
    words.page(archive, "It moves.", "It stays.", "It moves.")
    words.page(archive, "It moved.", at=words.noon + DAY, title="It moved")

    first, last = archive.revision(words.url, 1), archive.revision(words.url)

    assert [statement.text for statement in first.statements] == ["It moves.", "It stays.", "It moves."]
    assert [statement.index for statement in first.statements] == [0, 1, 2]
    assert (last.number, last.title, last.captured_at) == (2, "It moved", words.noon + DAY)
    assert archive.revision(words.url, at=words.noon + HOUR) == first
    assert archive.revision(words.url, at=words.noon - HOUR) is None
    assert archive.revision("https://nowhere.example/") is None
    assert [(revision.number, revision.statements) for revision in archive.revisions(words.url)] == [
        (1, ()),
        (2, ()),
    ]


def test_when_it_was_printed_captured_and_understood_are_three_columns(archive: Archive, words) -> None:
    run = archive.begin_run(words.noon, "crawl", ["site-en"])
    capture = archive.record_capture(run, words.fetched())
    archive.record_revision(
        capture, Outcome.NEW, words.document(published=dt.date(2025, 9, 9)), (), (), (), said_on=None,
        extractor="1", understood_at=words.noon + dt.timedelta(days=2), accepted=(), text_hash="",
    )  # fmt: skip

    (row,) = archive._connection.rows("SELECT published, captured, understood FROM v_revisions")

    assert [text[:10] for text in row] == ["2025-09-09", "2025-09-11", "2025-09-13"]


def test_a_list_item_is_kept_with_its_lead_in(archive: Archive, words) -> None:
    item = words.statement("in September, Rubezh-2025;", lead_in="The plans envisage holding:")
    run = archive.begin_run(words.noon, "crawl", [])
    archive.record_revision(
        archive.record_capture(run, words.fetched()), Outcome.NEW, words.document(), (item,), ((words.window(),),), (),
        said_on=None, extractor="1", understood_at=words.noon, accepted=(0,), text_hash="",
    )  # fmt: skip

    assert archive.revision(words.url).statements == (item,)
    assert archive.known().exact(item.normal).text == item.full_text
    assert archive.search("plans rubezh")[0].statement == item.full_text


def test_a_change_says_where_when_and_between_which_revisions(archive: Archive, words) -> None:
    words.page(archive, "October.")
    words.page(archive, "September.", at=words.noon + DAY, changes=(words.rescheduled(),))

    (recorded,) = archive.changes()

    assert recorded.change == words.rescheduled()
    assert (recorded.url, recorded.source, recorded.language) == (words.url, "site-en", "en")
    assert (recorded.from_revision, recorded.to_revision) == (1, 2)
    assert (recorded.published, recorded.published_before) == (dt.date(2025, 9, 11), dt.date(2025, 9, 11))
    assert (recorded.detected, recorded.page_title) == (words.noon + DAY, "It moves")


def test_changes_are_told_newest_first_and_filtered(archive: Archive, words) -> None:
    added = Change(kind=ChangeKind.STATEMENT_ADDED, significance=Significance.LOW, new_statements=("More.",))
    words.page(archive, "One.", changes=(words.rescheduled(), added))
    words.page(
        archive, "Two.", url="https://ru.example/x/", source="site-ru", at=words.noon + DAY, changes=(added,)
    )

    def told(**filters: object) -> list[int]:
        return [recorded.id for recorded in archive.changes(**filters)]

    assert told() == [3, 2, 1]
    assert told(limit=2) == [3, 2]
    assert told(since=words.noon + HOUR) == [3]
    assert told(until=words.noon + DAY) == [2, 1]
    assert told(since=words.noon, until=words.noon) == []
    assert (
        told(kinds=[ChangeKind.RESCHEDULED])
        == told(event="Rubezh-2025")
        == told(significances=[Significance.HIGH])
        == [1]
    )
    assert told(source="site-ru") == told(url="https://ru.example/x/") == [3]
    assert told(source="nobody") == []


def test_a_page_that_says_the_same_is_a_sighting_once(archive: Archive, words) -> None:
    words.page(archive, "It moves.", changes=(words.rescheduled(),))
    other = "https://ru.example/x/"

    for _ in range(2):
        archive.record_sightings(other, [words.window()], words.noon + HOUR)
        archive.record_sightings(words.url, [words.window()], words.noon + HOUR)
        archive.record_sightings(
            other, [words.window(words.autumn), words.window(event="Echelon-2025")], words.noon
        )

    assert archive.changes()[0].also_seen == (other,)


def test_a_sighting_belongs_to_the_latest_change_only(archive: Archive, words) -> None:
    later = Window(start=dt.date(2025, 9, 18), end=dt.date(2025, 9, 21), precision=Precision.DAY)
    words.page(archive, "It moves.", changes=(words.rescheduled(),))
    words.page(archive, "It moves again.", at=words.noon + DAY, changes=(words.rescheduled(later),))

    archive.record_sightings("https://ru.example/x/", [words.window()], words.noon + 2 * DAY)

    assert [recorded.also_seen for recorded in archive.changes()] == [(), ()]


def test_a_translation_is_a_sighting_of_its_counterpart_s_new_statements(archive: Archive, words) -> None:
    new = Change(kind=ChangeKind.STATEMENT_NEW, significance=Significance.LOW, new_statements=("It moves.",))
    words.page(archive, "It moves.", changes=(new, words.rescheduled()))
    other = "https://ru.example.org/news/exercise-moves-to-september/"

    published = archive.revisions(words.url)[0].published
    assert published is not None

    assert archive.counterpart(other, "site-ru", published) == words.url
    assert archive.counterpart(other, "site-ru", None) == words.url
    assert archive.counterpart(other, "site-ru", published + 400 * DAY) is None
    assert archive.counterpart(other, "site-en", published) is None
    plain = "https://ru.example.org/news/12345678901234567890/"
    assert archive.counterpart(plain, "site-ru", published) is None
    archive.record_sighting_of_page(other, words.url)
    archive.record_sighting_of_page(words.url, words.url)

    assert [recorded.also_seen for recorded in archive.changes()] == [(), (other,)]


def test_events_tell_what_was_known_on_a_day(archive: Archive, words) -> None:
    archive.add_baseline(
        words.text("Rubezh-2025 is planned for October."), ((words.window(words.autumn),),), words.noon - HOUR
    )
    words.page(archive, "Rubezh-2025 moves.", facts=(words.window(),))

    ((event, facts),) = archive.events()

    assert event == "Rubezh-2025"
    assert [known.fact.value for known in facts] == [words.autumn, words.september]
    assert [known.statement.origin for known in facts] == ["briefing", words.url]
    assert [known.known_at for known in facts] == [words.noon - HOUR, words.noon]
    assert [known.fact.value for known in archive.event_facts(event, words.noon - DAY)] == [words.autumn]
    assert archive.events(dt.datetime(2025, 1, 29, tzinfo=dt.UTC)) == ()
    assert archive.event_facts("Echelon-2025") == ()


@pytest.mark.parametrize(
    "query", ['"', "'", "a OR", "NEAR(", "*", "rubezh AND NOT", "", "^x", "(((", "\x00", "-- ;", "{a b}:c"]
)
def test_any_text_is_a_query(archive: Archive, words, query: str) -> None:
    words.page(archive, "Rubezh-2025 moves.")

    assert archive.search(query) == ()


def test_search_finds_beginnings_of_words_with_either_form_of_yo(archive: Archive, words) -> None:
    words.page(archive, "Учения пройдут в Берёзовке.", source="site-ru", language="ru")
    words.page(archive, "Они прошли в Березовке.", source="site-ru", language="ru", at=words.noon + DAY)

    assert [hit.revision for hit in archive.search("БЕРЕЗОВ")] == [2, 1]
    assert [hit.revision for hit in archive.search("берёзовке пройдут")] == [1]
    assert [hit.revision for hit in archive.search("берёзов", since=words.noon + HOUR)] == [2]
    assert archive.search("берёзов", language="en") == ()
    assert len(archive.search("берёзов", limit=1)) == 1


def test_a_statement_is_told_once_a_page_with_the_revision_that_first_had_it(archive: Archive, words) -> None:
    words.page(archive, "Rubezh-2025 moves.", "One.")
    words.page(archive, "Rubezh-2025 moves.", "Two.", at=words.noon + DAY)

    (hit,) = archive.search("rubezh 2025")

    assert (hit.revision, hit.captured, hit.source, hit.language) == (1, words.noon, "site-en", "en")


def test_coverage_counts_looks_articles_and_their_outcomes_in_the_period(archive: Archive, words) -> None:
    words.page(archive, "It moves.")
    run = archive.begin_run(words.noon + HOUR, "crawl", [])
    archive.record_capture(
        run,
        words.fetched(
            at=words.noon + HOUR,
            status=503,
            body=b"",
            error=None,
            role=PageRole.LISTING,
            url="https://en.example.org/news/",
        ),
    )
    english, russian = archive.coverage(words.noon, words.noon + DAY)

    assert (english.source, english.looks, english.pages) == ("site-en", 2, 1)
    assert english.outcomes == {Outcome.NEW: 1}
    assert (english.last_success, english.reason) == (words.noon, "HTTP 503")
    assert (russian.looks, russian.outcomes, russian.last_success, russian.reason) == (0, {}, None, None)
    assert archive.coverage(words.noon + HOUR, words.noon + DAY)[0].outcomes == {}
    assert archive.source_health()[0].silent_since == words.noon


def test_a_source_that_is_no_longer_watched_keeps_its_history(archive: Archive, words) -> None:
    words.page(archive, "It moves.")
    archive.sync_sources({"site-ru": "ru"})

    assert [health.source for health in archive.source_health()] == ["site-ru"]
    assert len(archive.page_states("site-en")) == 1


def test_teasers_are_kept_and_replaced(archive: Archive, words) -> None:
    assert archive.teasers("site-en") is None
    assert archive.teasers_through("site-en") == 0
    archive.save_teasers("site-en", "{}", words.noon, through=7)
    archive.save_teasers("site-en", '{"a": 1}', words.noon)
    archive.save_teasers("site-new", "{}", words.noon)

    assert (archive.teasers("site-en"), archive.teasers("site-new")) == ('{"a": 1}', "{}")
    assert (archive.teasers_through("site-en"), archive.teasers_through("site-new")) == (7, 0)


def test_leads_are_the_normal_forms_of_title_and_first_statements(archive: Archive, words) -> None:
    words.page(archive, "One.", "Two.", "Three.", "Four.", title="«Rubezh» moves")

    assert archive.leads("site-en") == {words.url: (normalise("«Rubezh» moves"), "one.", "two.", "three.")}
    assert archive.leads("site-ru") == {}


def test_a_page_is_found_with_or_without_its_last_slash(archive: Archive, words) -> None:
    words.page(archive, "It moves.")

    assert archive.resolve_url(words.url) == archive.resolve_url(words.url.rstrip("/")) == words.url
    assert archive.resolve_url("https://nowhere.example/") is None


def test_articles_and_listings_are_asked_for_apart(archive: Archive, words) -> None:
    words.page(archive, "It moves.")
    run = archive.begin_run(words.noon, "crawl", [])
    archive.record_capture(run, words.fetched("https://en.example.org/news/", role=PageRole.LISTING))

    assert [page.url for page in archive.page_states("site-en")] == [words.url]
    assert [page.url for page in archive.page_states("site-en", PageRole.LISTING)] == [
        "https://en.example.org/news/"
    ]


def test_a_reader_never_waits_for_a_writer(archive: Archive, words, opened: Callable[[], Archive]) -> None:
    words.page(archive, "One.", changes=(words.rescheduled(),))
    with opened() as reader, archive._connection.unit():
        words.page(archive, "Two.", url="https://en.example.org/2/", changes=(words.rescheduled(),))

        assert len(reader.changes()) == 1


def test_a_reader_cannot_write(archive: Archive, words, opened: Callable[[], Archive]) -> None:
    with opened() as reader, pytest.raises(ArchiveError, match="may not be written"):
        reader.begin_run(words.noon, "crawl", [])


def test_a_backup_is_a_whole_archive_and_overwrites_nothing(
    archive: Archive, words, tmp_path: Path, opened
) -> None:
    words.page(archive, "It moves.", changes=(words.rescheduled(),))
    copy = tmp_path / "copy.db"

    with opened() as reader:
        assert reader.backup(copy) == copy.stat().st_size
    with pytest.raises(ArchiveError, match="exists"):
        archive.backup(copy)
    with pytest.raises(ArchiveError, match="no directory"):
        archive.backup(tmp_path / "none" / "copy.db")

    with open_archive(copy) as kept:
        assert kept.changes() == archive.changes()
        assert kept.verify() == ()


def test_a_naive_time_is_refused(archive: Archive) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        archive.begin_run(dt.datetime(2025, 9, 11), "crawl", [])


def test_looks_tell_what_each_visit_found_and_when_nobody_had_looked(archive: Archive, words) -> None:
    words.page(archive, "It moves.")
    run = archive.begin_run(words.noon + DAY, "crawl", [])
    for hours, status, outcome in ((24, 304, Outcome.NOT_MODIFIED), (30, 404, Outcome.GONE)):
        at = words.noon + hours * HOUR
        capture = archive.record_capture(run, words.fetched(at=at, status=status, body=b""))
        archive.settle(capture, outcome, "not found" if status == 404 else None)
    words.page(archive, "It moved.", at=words.noon + 2 * DAY)

    looks = archive.looks(words.url)

    assert [(look.outcome.value, look.status, look.revision) for look in looks] == [
        ("new", 200, 1), ("not_modified", 304, 1), ("gone", 404, 1), ("changed", 200, 2),
    ]  # fmt: skip
    assert [look.previous for look in looks] == [None, *(look.at for look in looks[:-1])]
    assert [look.reason for look in looks] == [None, None, "not found", None]
    assert (looks[0].size, looks[1].size) == (len(b"It moves."), None)
    assert archive.looks(words.url, words.noon + HOUR, words.noon + 30 * HOUR) == looks[1:2]
    assert archive.last_look(words.url, words.noon + DAY) == words.noon
    assert archive.last_look(words.url, words.noon) is None
    assert archive.looks("https://nowhere.example/") == ()


def test_a_run_keeps_the_size_that_the_database_had_when_it_ended(archive: Archive, words) -> None:
    for number in range(2):
        run = archive.begin_run(words.noon, "crawl", [])
        archive.record_capture(run, words.fetched(body=bytes(range(256)) * 40 * (number + 1)))
        words.page(
            archive, *(f"Statement {number} {line}." for line in range(50)), at=words.noon + number * DAY
        )
        archive.end_run(run, words.noon, outcomes={}, changes={}, failures={})
    sizes = [run.bytes for run in reversed(archive.runs()) if run.bytes]

    assert 0 < sizes[0] < sizes[1]


def test_a_page_is_withdrawn_until_it_is_restored_at_whatever_address(archive: Archive, words) -> None:
    def look(hours: int, kind: ChangeKind) -> None:
        change = Change(kind=kind, significance=Significance.MEDIUM, reason="a visit found it so")
        words.page(archive, "First.", f"At {hours}.", at=words.noon + hours * HOUR, changes=(change,))

    assert not archive.is_withdrawn(words.url)
    look(1, ChangeKind.STATEMENT_NEW)
    assert not archive.is_withdrawn(words.url)
    look(2, ChangeKind.PAGE_REMOVED)
    look(3, ChangeKind.STATEMENT_NEW)
    assert archive.is_withdrawn(words.url)
    archive.record_capture(1, words.fetched(new := f"{words.url}new/"))
    archive.continue_page(new, words.url)
    assert archive.is_withdrawn(new)
    words.page(
        archive, "First.", url=new, at=words.noon + 4 * HOUR,
        changes=(Change(kind=ChangeKind.PAGE_RESTORED, significance=Significance.MEDIUM, reason="is back"),),
    )  # fmt: skip
    assert not archive.is_withdrawn(new)
