"""One address a page."""

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.urls import canonical, host_of


@pytest.mark.parametrize(
    ("spelling", "address"),
    [
        ("https://en.odkb-csto.org/news/x/?bxajaxid=3f#top", "https://en.odkb-csto.org/news/x/"),
        ("HTTPS://EN.odkb-csto.org:443/News/", "https://en.odkb-csto.org/News/"),
        ("http://odkb-csto.org:80", "http://odkb-csto.org/"),
        ("http://odkb-csto.org:8080/a", "http://odkb-csto.org:8080/a"),
        ("https://x.org/?utm_source=a&UTM_Medium=b&PAGEN_1=2", "https://x.org/?PAGEN_1=2"),
        ("https://x.org/?ELEMENT_ID=7&clear_cache=Y", "https://x.org/?ELEMENT_ID=7"),
        ("https://x.org/?fbclid=1&gclid=2&yclid=3&_openstat=4&PHPSESSID=5&sid=6", "https://x.org/"),
        ("https://x.org/a;jsessionid=0A1B?b=2&a=1", "https://x.org/a?a=1&b=2"),
        ("https://x.org/a/../b/./c", "https://x.org/b/c"),
        ("https://x.org/учение/?q=поиск", "https://x.org/%D1%83%D1%87%D0%B5%D0%BD%D0%B8%D0%B5/?q=%D0%BF%D0%BE%D0%B8%D1%81%D0%BA"),
        ("https://пример.рф/", "https://xn--e1afmkfd.xn--p1ai/"),
        ("  https://x.org/a \n", "https://x.org/a"),
    ],
)  # fmt: skip
def test_every_spelling_of_a_page_is_one_address(spelling, address):
    assert canonical(spelling) == address


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://x.org/news/?PAGEN_1=1", "https://x.org/news/?PAGEN_1=2"),
        ("https://x.org/p/?ELEMENT_ID=1", "https://x.org/p/?ELEMENT_ID=2"),
        ("https://x.org/a", "https://x.org/a/"),
        ("https://x.org/A/", "https://x.org/a/"),
        ("https://x.org/obsidian/?size=1", "https://x.org/obsidian/"),
    ],
)
def test_another_page_keeps_another_address(one, other):
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "no url",
        "http://[::1",
        "http://x.org:99999/",
        "http://x.org:port/",
        "mailto:a@b",
        "javascript:void(0)",
        "http://",
        "http://\ud800.org/",
        "http://xn--/",
        "//x.org/a",
        "http://" + "a" * 300 + ".org/",
    ],
)
def test_what_is_no_url_comes_back_without_an_error(junk):
    assert canonical(canonical(junk)) == canonical(junk)
    assert isinstance(host_of(junk), str)


WORDS = """
    http:// https:// X.org :80 :443 : / ? & = # ; % %2f %zz .. . utm_source sid PAGEN_1 @ [ ] ::1 ы \\ + é
    jsessionid
"""
PIECES = st.lists(st.sampled_from([*WORDS.split(), " ", "\t", "\n", "\ud800"]), max_size=14).map("".join)


@given(st.one_of(st.text(), PIECES, PIECES.map("https://x.org/{}".format)))
@example("https://x.org/?a=%2B+&a=&&;")
@example("http://x.org:80:80/")
def test_the_canonical_address_is_its_own(url):
    once = canonical(url)

    assert canonical(once) == once


def test_a_long_hostile_url_takes_no_time():
    for character in "?&;%/.#=[:@":
        canonical("https://x.org/" + character * 1_000_000)


def test_the_light_modules_bring_no_network_engine():
    code = (
        "import sys, crawler.urls, crawler.scheduling, crawler.run, seeds.sources\n"
        "assert not {'scrapy', 'twisted', 'lxml', 'trafilatura'} & set(sys.modules), sorted(sys.modules)"
    )

    subprocess.run([sys.executable, "-c", code], check=True)
