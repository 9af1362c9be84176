"""A file of sources is believed whole or refused with all its faults."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from seeds.errors import InvalidSeed
from seeds.sources import Source, load_sources

GOOD = """
[[source]]
name = "csto-en"
language = "en"
start = ["https://en.odkb-csto.org/news/"]
articles = '/news/news_odkb/[^/?]+/$'
"""


@pytest.fixture
def faults_of(tmp_path):
    def load(text):
        path = tmp_path / "sources.toml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InvalidSeed) as caught:
            load_sources(path)
        assert caught.value.path == path
        return caught.value.faults

    return load


@pytest.fixture
def load(tmp_path):
    def load(text):
        path = tmp_path / "sources.toml"
        path.write_text(text, encoding="utf-8")
        return load_sources(path)

    return load


def test_the_bundled_sources_are_the_official_editions():
    sources = {source.name: source for source in load_sources()}

    assert {name: source.language for name, source in sources.items()} == {"csto-en": "en", "csto-ru": "ru"}
    assert sources["csto-en"].start[0] == "https://en.odkb-csto.org/news/news_odkb/"
    assert all(source.timezone == ZoneInfo("Europe/Moscow") for source in sources.values())
    assert not any(source.private for source in sources.values())


def test_what_is_left_out_is_what_the_contract_says(load):
    assert load(GOOD) == (
        Source(
            name="csto-en",
            language="en",
            start=("https://en.odkb-csto.org/news/",),
            articles="/news/news_odkb/[^/?]+/$",
            follow=None,
            timezone=ZoneInfo("UTC"),
            interval=dt.timedelta(hours=1),
            delay=2.0,
            content=None,
            date=None,
            private=False,
        ),
    )


def test_every_key_is_read(load):
    (source,) = load(
        GOOD
        + """
follow = '/news/\\?PAGEN_1=\\d+$'
timezone = "Europe/Moscow"
interval = "2d"
delay = 3
content = "div.news-detail"
date = "span.news-date-time"
private = true
"""
    )

    assert source.follow == r"/news/\?PAGEN_1=\d+$"
    assert source.timezone == ZoneInfo("Europe/Moscow")
    assert (source.interval, source.delay) == (dt.timedelta(days=2), 3.0)
    assert (source.content, source.date, source.private) == ("div.news-detail", "span.news-date-time", True)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("artcles = 'x'", ("'artcles'", "did you mean 'articles'")),
        ("zzz = 1", ("'zzz'", "the keys are name, language, start")),
        ('timezone = "Moscow"', ("timezone", "'Moscow'", "Europe/Moscow")),
        ('timezone = "../etc/passwd"', ("no such time zone",)),
        ("interval = 3600", ("interval", "a number", "in quotation marks")),
        ('interval = "1 hour"', ("interval", "'30m', '1h' or '2d'")),
        ('interval = "0h"', ("interval",)),
        ('delay = "2"', ("delay", "a text", "number of seconds")),
        ("delay = true", ("delay", "true or false")),
        ("delay = -1", ("delay", "0 to 3600")),
        ("delay = nan", ("delay", "0 to 3600")),
        ('private = "yes"', ("private", "true or false, without quotation marks")),
        ("follow = '(x'", ("follow", "no regular expression")),
        ('content = ""', ("content", "is empty")),
        ("date = 2025-01-30", ("date", "a date or time")),
    ],
)
def test_a_faulty_key_is_named_with_what_was_found_and_the_remedy(faults_of, line, words):
    (fault,) = faults_of(GOOD + line + "\n")

    assert fault.startswith("source 'csto-en': ")
    for word in words:
        assert word in fault


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ('"https://x.org/"', "a list"),
        ("[]", "a list"),
        ("[1]", "a number"),
        ('["/news/"]', "relative"),
        ('["ftp://x.org/"]', "'ftp'"),
        ('["file:///etc/passwd"]', "'file'"),
        ('["https:///news/"]', "no host"),
        ('["https://user:pw@x.org/"]', "user name"),
        ('["https://x.org:99999/"]', "no URL"),
        ('["https://x.org/a b"]', "no URL"),
    ],
)
def test_a_start_that_no_one_can_ask_for_is_a_fault(faults_of, start, words):
    (fault,) = faults_of(GOOD.replace('["https://en.odkb-csto.org/news/"]', start))

    assert "start" in fault
    assert words in fault


def test_all_faults_of_a_file_come_at_once(faults_of):
    faults = faults_of(
        GOOD
        + GOOD
        + """
[[source]]
language = "fr"
start = ["news/", "ftp://x.org/", "https://fine.org/"]
artikles = "("
"""
    )

    assert len(faults) == 6
    assert "the name was given to source 1 already" in faults[0]
    assert faults[1].startswith("source 3: unknown key 'artikles'; did you mean 'articles'?")
    assert "'name' is missing" in faults[2]
    assert "known are en, ru" in faults[3]
    assert "'news/' is a relative URL" in faults[4]
    assert "'ftp'" in faults[4]
    assert "fine.org" not in faults[4].partition(": ")[2].partition("]: ")[2]
    assert "'articles' is missing" in faults[5]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there is no source"),
        ("[[source]", "not TOML"),
        ('source = "x"', "[[source]]"),
        (GOOD.replace("[[source]]", "[source]"), "[[source]]"),
        (GOOD.replace("[[source]]", "[[sources]]"), "'sources'"),
    ],
)
def test_a_file_of_another_shape_is_refused(faults_of, text, words):
    assert any(words in fault for fault in faults_of(text))


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(InvalidSeed, match="cannot be read"):
        load_sources(tmp_path / "missing.toml")


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "sources.toml"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(InvalidSeed, match="not TOML"):
        load_sources(path)


@pytest.mark.parametrize("key", ["content", "date"])
@pytest.mark.parametrize(
    ("selector", "words"),
    [
        ("div[", "no CSS selector"),
        ("p::text", "Pseudo-elements are not supported"),
        ("p:unknown", "pseudo-class :unknown"),
        ("svg|a", "namespace"),
    ],
)
def test_a_selector_that_could_match_nothing_is_a_fault_and_not_ignored(faults_of, key, selector, words):
    (fault,) = faults_of(f"{GOOD}\n{key} = {selector!r}\n")

    assert f"{key} = {selector!r}" in fault
    assert words in fault


@pytest.mark.parametrize("selector", ["div.text > time", "[lang|='en'], [title='a|b']", "p:first-child"])
def test_a_good_selector_is_kept_as_it_is(tmp_path, selector):
    path = tmp_path / "sources.toml"
    path.write_text(f'{GOOD}\ndate = "{selector}"\n', encoding="utf-8")

    assert load_sources(path)[0].date == selector
