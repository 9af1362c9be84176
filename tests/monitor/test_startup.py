"""What a quick command may not pay for."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import pytest

from storage.archive import open_archive

HEAVY = {
    "apprise", "apscheduler", "datasette", "lxml", "matplotlib", "rapidfuzz", "scrapy", "trafilatura",
    "twisted",
}  # fmt: skip


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "cstowatch.db"
    open_archive(path, write=True, create=True, now=dt.datetime(2025, 1, 30, tzinfo=dt.UTC)).close()
    return path


@pytest.mark.parametrize("arguments", [["--help"], ["changes"], ["search", "word"], ["status"], ["events"]])
def test_a_quick_command_imports_neither_crawler_nor_extractor(arguments, database):
    script = (
        "import sys, monitor.__main__ as program\n"
        "try:\n    program.main(sys.argv[1:])\n"
        "finally:\n    print('MODULES', *{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "--db", str(database), *arguments],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    loaded = set(done.stderr.rpartition("MODULES")[2].split())
    assert done.returncode == 0, done.stderr
    assert not loaded & HEAVY


def test_a_crawl_begins_without_what_reads_pages_and_what_of_scrapy_it_does_not_use(database, tmp_path):
    (tmp_path / "sources.toml").write_text(
        '[[source]]\nname = "s"\nlanguage = "en"\nprivate = true\ndelay = 0\n'
        'start = ["http://127.0.0.1:9/news/"]\narticles = "/news/"\n'
    )
    script = (
        "import sys, monitor.__main__ as program\n"
        "try:\n    program.main(sys.argv[1:])\n"
        "finally:\n    print('MODULES', *sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "--db", str(database), "crawl", "--sources", "sources.toml"],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip

    loaded = set(done.stderr.rpartition("MODULES")[2].split())
    assert "crawler.spiders.watch" in loaded, done.stderr
    assert not loaded & {"trafilatura", "aiohttp", "tldextract", "scrapy.extensions.remote_control"}
