"""Captures leave as WARC and come back as if crawled then."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from diffing.model import ChangeKind, Outcome, PageRole
from monitor.importing import import_captures
from storage.archive import Archive, open_archive
from storage.importing import WarcFiles

MOVED = "The training “Rubezh-2025” will be held from 17 to 20 September at the Edelweiss training ground."
STAFF = "The staff finished the planning of the joint training of the forces in the capital this week."
FILLER = (
    "The head of the joint staff thanked the officers who had prepared the documents for the talks.",
    "The parties agreed to go on with the exchange of experience in the training of mountain units.",
    "The next meeting of the working group will be held in the usual format in the autumn of the year.",
)


def told(archive: Archive, *, sources: tuple[str, ...]) -> dict[str, object]:
    """All that was seen and understood, but for numbers of runs."""
    states = [state for name in sources for role in PageRole for state in archive.page_states(name, role)]
    return {
        "pages": states,
        "looks": [archive.looks(state.url) for state in states],
        "revisions": [
            archive.revision(state.url, revision.number)
            for state in states
            for revision in archive.revisions(state.url)
        ],
        "changes": archive.changes(),
        "events": archive.events(),
        "sizes": {
            name: getattr(archive.sizes(), name)
            for name in ("captures", "bodies", "body_bytes", "revisions", "statements", "facts")
        },
        "verified": archive.verify(),
    }  # fmt: skip


def cstowatch(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CSTOWATCH_")}
    command = [sys.executable, "-m", "monitor", *map(str, words)]
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", check=False, cwd=cwd, env=environment
    )


@pytest.mark.xdist_group("demo")
def test_a_whole_year_exported_and_imported_is_the_same_year(played_demo, tmp_path):
    database, sources = (played_demo.directory / "demo" / name for name in ("cstowatch.db", "sources.toml"))

    exported = cstowatch("--db", database, "export", tmp_path / "warc", cwd=tmp_path)
    files = sorted((tmp_path / "warc").iterdir())
    imported = cstowatch("--db", "past.db", "import", "--sources", sources, *files, cwd=tmp_path)
    again = cstowatch("--db", "past.db", "import", "--sources", sources, *files, cwd=tmp_path)

    assert (exported.returncode, imported.returncode, again.returncode) == (0, 0, 0), imported.stderr
    assert "0 captures of 0 runs taken in" in again.stderr
    with open_archive(database) as year, open_archive(tmp_path / "past.db") as past:
        names = tuple(health.source for health in year.source_health())
        assert told(past, sources=names) == told(year, sources=names)
        assert past.head() == year.head()
        captures = year.sizes().captures
    assert captures > 200
    assert f"Left out: {captures} captures that are there already." in again.stderr


@pytest.fixture
def visited(site, page):
    """A site with a page of every fate, looked at on six days."""
    site.pages = {
        "exercise": page("Rubezh-2025 moves", MOVED, *FILLER),
        "talks": page("Talks on joint training", STAFF, *FILLER),
        "gone": page("Talks that are withdrawn", f"Once: {STAFF}", *FILLER[:2]),
        "old": ("talks", page("Talks on joint training", STAFF, *FILLER)),
        "down": "connection refused",
    }
    site.run("2025-09-11T06:00")
    site.pages["exercise"] = page(
        "Rubezh-2025 moves", MOVED.replace("17 to 20 September", "1 to 4 October"), *FILLER
    )
    site.pages["gone"] = 404
    for day in (12, 13):
        site.run(f"2025-09-{day}T06:00")
    site.pages["talks"] = page("Talks on joint training", STAFF.replace("this week", "last week"), *FILLER)
    site.pages["down"] = b"<html><h1>Please verify you are human</h1></html>"
    site.run("2025-09-14T06:00")
    return site


def exported(archive: Archive, directory: Path) -> list[Path]:
    directory.mkdir()
    return [directory / name for name in archive.export(directory).files]


def imported(site, files: list[Path]):
    found = WarcFiles.of(files)
    try:
        return import_captures(site.archive, found, site.sources, site.gazetteer)
    finally:
        found.close()


def test_pages_of_every_fate_come_back_as_they_were(visited, sites, tmp_path):
    past = sites()

    done = imported(past, exported(visited.archive, tmp_path / "warc"))

    assert told(past.archive, sources=("site-en",)) == told(visited.archive, sources=("site-en",))
    assert set(done.outcomes) >= {"new", "changed", "unchanged", "gone", "moved", "failed", "rejected"}
    assert done.changes == {
        kind: count for kind, count in done.changes.items() if count == visited.changes().count(kind)
    }
    assert done.left_out == {}


def test_what_is_there_or_older_is_left_out_and_a_page_never_seen_is_taken_in(visited, sites, tmp_path, page):
    here = sites()
    here.pages["talks"] = page("Talks on joint training", STAFF.replace("this week", "last week"), *FILLER)
    here.run("2025-09-20T06:00")
    before = here.changes(url=here.url("talks"))

    done = imported(here, exported(visited.archive, tmp_path / "warc"))
    again = imported(here, sorted((tmp_path / "warc").iterdir()))

    # The page that moved to the talks was seen four times, and so was what it led to; the listing four times.
    assert done.left_out["captures older than what is known of their page"] == 8
    assert here.changes(url=here.url("talks")) == before
    assert here.window("Rubezh-2025") == ("2025-10-01", "2025-10-04")
    assert again.captures == 0
    assert here.archive.verify() == ()


def test_captures_that_go_on_where_the_archive_ends_are_taken_in(visited, sites, tmp_path):
    whole = exported(visited.archive, tmp_path / "warc")
    here = sites()
    files = WarcFiles.of(whole)
    first = [visit for visit in files.visits if visit.at.day < 13]
    later = [visit for visit in files.visits if visit.at.day >= 13]

    for part in (first, later):
        files.visits = part
        import_captures(here.archive, files, here.sources, here.gazetteer)
    files.close()

    assert told(here.archive, sources=("site-en",)) == told(visited.archive, sources=("site-en",))


def test_after_retention_only_what_changed_nothing_is_missing(visited, sites, tmp_path, page):
    for day in (15, 16, 17):
        visited.pages["talks"] = page(
            "Talks on joint training", STAFF.replace("this week", "last week"), *FILLER, views=day
        )
        visited.run(f"2025-09-{day}T06:00")
    visited.archive.prune(visited._now)
    past = sites()

    done = imported(past, exported(visited.archive, tmp_path / "warc"))

    dropped = visited.archive.sizes().dropped_bodies
    assert done.left_out == {"records that repeat a body that is in none of the files": dropped}
    assert dropped >= 2
    one, other = (told(site.archive, sources=("site-en",)) for site in (past, visited))
    assert one["revisions"] == other["revisions"]
    assert [recorded.change for recorded in one["changes"]] == [
        recorded.change for recorded in other["changes"]
    ]


def foreign(path: Path, visits: list[tuple[str, str, bytes]]) -> Path:
    """A WARC file that is not ours: address, time, body (b"" leads to the next address)."""
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for url, at, body in visits:
            moved = not body
            headers = [("Location", "/news/talks/")] if moved else [("Content-Type", "text/html")]
            http = StatusAndHeaders("301 Moved" if moved else "200 OK", headers, protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    url,
                    "response",
                    payload=io.BytesIO(body),
                    length=len(body),
                    http_headers=http,
                    warc_headers_dict={"WARC-Date": at},
                )
            )
    return path


def test_a_foreign_archive_is_read_run_by_run_in_the_order_of_time(site, page, tmp_path):
    talks = page("Talks on joint training", STAFF, *FILLER)
    edited = page("Talks on joint training", STAFF.replace("this week", "last week"), *FILLER)
    url = site.url("talks")
    late = foreign(tmp_path / "late.warc.gz", [(f"{url}?utm_source=x", "2025-09-12T06:00:00Z", edited)])
    early = foreign(
        tmp_path / "early.warc.gz",
        [
            (url, "2025-09-11T06:00:10Z", talks),
            ("https://en.example.org/old/", "2025-09-11T06:00:05Z", b""),
            (site.url("old"), "2025-09-11T06:00:05Z", b""),
            ("https://en.example.org/news/", "2025-09-11T06:00:00Z", b"<a href='talks/'>Talks</a>"),
            ("https://elsewhere.example/news/talks/", "2025-09-11T06:00:00Z", talks),
        ],
    )

    done = imported(site, [late, early])

    assert (done.captures, done.runs) == (4, 2)
    assert done.left_out == {"captures of pages of no source": 2}
    assert site.outcomes("talks") == ["new", "changed"]
    assert site.outcomes("old") == ["moved"]
    assert [change for change in site.changes() if change == "statement_edited"] == ["statement_edited"]
    newest = site.archive.changes(kinds=[ChangeKind.STATEMENT_EDITED])[0]
    assert f"{newest.detected:%Y-%m-%d}" == "2025-09-12"
    assert [run.command for run in site.archive.runs()] == ["import", "import"]
    assert site.archive.looks(url)[0].outcome is Outcome.NEW


def test_export_refuses_a_directory_with_an_export_and_says_why(visited, tmp_path):
    database = visited.archive.path
    first = cstowatch("--db", database, "export", "warc", cwd=tmp_path)
    before = {file.name: file.read_bytes() for file in (tmp_path / "warc").iterdir()}

    second = cstowatch("--db", database, "export", "warc", cwd=tmp_path)
    (tmp_path / "file").touch()
    third = cstowatch("--db", database, "export", "file", cwd=tmp_path)

    assert first.returncode == 0
    assert "1 file in warc" in first.stderr
    assert second.returncode == third.returncode == 2
    assert "name an empty directory" in second.stderr
    assert len(third.stderr.strip().splitlines()) == 1
    assert {file.name: file.read_bytes() for file in (tmp_path / "warc").iterdir()} == before


def test_import_refuses_what_is_no_warc_before_it_makes_a_database(tmp_path):
    (tmp_path / "diary.warc").write_text("Dear diary")

    done = cstowatch("import", "diary.warc", cwd=tmp_path)

    assert done.returncode == 2
    assert "diary.warc cannot be read as WARC" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "cstowatch.db").exists()
