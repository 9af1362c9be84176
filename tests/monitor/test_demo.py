"""The demo clears what an earlier one left, touches nothing else, and says so when a crawl fails."""

import datetime as dt

import pytest

from monitor.demo import CrawlStopped, play, prepared
from monitor.errors import InvalidInput
from seeds.replica import load_replica

DAY = dt.date(2025, 9, 11)


def sources_of_a_demo(folder):
    (folder / "sources.toml").write_text(load_replica().sources_at("http://127.0.0.1:1"), encoding="utf-8")


def test_a_missing_directory_is_made_with_its_parents(tmp_path):
    with prepared(tmp_path / "a b" / "demo"):
        pass

    assert (tmp_path / "a b" / "demo").is_dir()


def test_what_an_earlier_demo_left_is_cleared(tmp_path):
    sources_of_a_demo(tmp_path)
    for name in ("cstowatch.db", "cstowatch.db-wal", "report.html"):
        (tmp_path / name).write_text("old")

    with prepared(tmp_path):
        pass

    assert list(tmp_path.iterdir()) == []


def test_a_directory_with_a_file_that_no_demo_made_is_refused_untouched(tmp_path):
    sources_of_a_demo(tmp_path)
    (tmp_path / "cstowatch.db").write_text("old")
    (tmp_path / "thesis.odt").write_text("mine")

    with pytest.raises(InvalidInput, match=r"holds 'thesis\.odt'.*name an empty"), prepared(tmp_path):
        pass

    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("name", ["cstowatch.db", "report.html"])
def test_a_database_or_report_without_the_sources_of_a_demo_is_somebodys_work(tmp_path, name):
    (tmp_path / name).write_text("mine")

    with pytest.raises(InvalidInput, match=name), prepared(tmp_path):
        pass

    assert (tmp_path / name).read_text() == "mine"


def test_sources_that_a_person_wrote_are_not_the_demos(tmp_path):
    (tmp_path / "sources.toml").write_text('[[source]]\nname = "mine"\n')

    with pytest.raises(InvalidInput, match=r"sources\.toml"), prepared(tmp_path):
        pass


def test_a_link_is_not_followed_and_not_removed(tmp_path):
    (tmp_path / "demo").mkdir()
    (tmp_path / "kept.db").write_text("mine")
    (tmp_path / "demo" / "cstowatch.db").symlink_to(tmp_path / "kept.db")
    sources_of_a_demo(tmp_path / "demo")

    with pytest.raises(InvalidInput, match=r"cstowatch\.db"), prepared(tmp_path / "demo"):
        pass

    assert (tmp_path / "kept.db").read_text() == "mine"


def test_a_second_demo_in_the_same_directory_is_refused_and_clears_nothing(tmp_path):
    with prepared(tmp_path):
        sources_of_a_demo(tmp_path)
        (tmp_path / "cstowatch.db").write_text("being written")

        with pytest.raises(InvalidInput, match=r"Another demo is running in .*; wait"), prepared(tmp_path):
            pass

        assert (tmp_path / "cstowatch.db").read_text() == "being written"
    with prepared(tmp_path):
        assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_the_directory_is_refused(tmp_path):
    (tmp_path / "demo").write_text("mine")

    with pytest.raises(InvalidInput, match="is a file"), prepared(tmp_path / "demo"):
        pass


def test_a_stopped_crawl_names_day_code_words_and_remedy():
    error = CrawlStopped(DAY, 3, "The database is damaged.")

    assert all(word in str(error) for word in ("2025-09-11", "exit code 3", "is damaged", "empty directory"))
    assert error.code == 3
    assert CrawlStopped(DAY, -9, "").code == 1


def test_a_directory_that_takes_no_files_is_told_with_a_remedy(tmp_path):
    with pytest.raises(InvalidInput, match=r"sources\.toml cannot be written .*; name another"):
        play(tmp_path / "absent", tell=print, say=print)


def test_a_database_that_cannot_be_used_stops_the_demo_with_the_crawls_own_code(tmp_path):
    (tmp_path / "cstowatch.db").write_bytes(b"no database " * 1000)
    told = []

    with pytest.raises(CrawlStopped, match="The crawl of 2025-01-30 ended with exit code 3: ") as caught:
        play(tmp_path, tell=told.append, say=told.append)

    assert caught.value.code == 3
    assert told[0].startswith("The replica of an official news site is served at http://127.0.0.1:")
    assert "Crawling the site of 30 January 2025" in told[-1]
