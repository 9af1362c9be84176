"""Where a listing leads, whatever it is."""

import gzip

import pytest

from crawler.links import LONGEST_MET, MOST_LINKS, MOST_MET, Met, read_listing

URL = "https://x.org/news/"


def test_links_of_a_page_are_canonical_in_order_and_each_once():
    body = b"""<base href="/press/"><a href="b/?utm_source=1">b</a><a name="x">no</a><a href="/a/#top">a</a>
    <a href="b/">again</a><a href="mailto:a@x.org">m</a><a href="javascript:x()">j</a>
    <a href="//y.org/c">c</a>    <a href="http://[::1">bad</a><a href="">empty</a>
    <!-- <a href="/no/">no</a> -->
    <script>x = '<a href="/no/">'</script><A
 CLASS=x HREF='/d/?a=1&amp;b=2'>d</A><a href=/e/>e</a>
    <link rel="stylesheet" href="/no.css"><link rel="next" href="?PAGEN_1=2">"""

    assert read_listing(body, "text/html", URL).pages == (
        "https://x.org/press/b/",
        "https://x.org/a/",
        "https://y.org/c",
        "https://x.org/d/?a=1&b=2",
        "https://x.org/e/",
        "https://x.org/press/?PAGEN_1=2",
    )


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("https://x.org/news/", ("https://x.org/a/", "https://x.org/news/b/", "https://y.org/c/")),
        ("https://x.org/press/", ("https://x.org/a/", "https://x.org/press/b/", "https://y.org/c/")),
        ("http://x.org/news/", ("http://x.org/a/", "http://x.org/news/b/", "https://y.org/c/")),
    ],
)
def test_the_same_tags_lead_from_each_page_where_they_lead_from_there(page, found):
    body = b'<a href="/a/">a</a><a href="b/">b</a><a href="https://y.org/c/">c</a>'

    assert read_listing(body, "text/html", page).pages == found
    assert read_listing(b'<base href="//z.org/">' + body, "text/html", "https://x.org/").pages == (
        "https://z.org/a/",
        "https://z.org/b/",
        "https://y.org/c/",
    )


def test_where_a_tag_led_from_an_earlier_page_it_leads_from_the_next():
    body, met = (
        b'<!-- <a href="/a/"> --><a href="/a/">a</a><a href="b/">b</a><a href="https://y.org/c/">c</a>',
        Met(),
    )
    read_listing(body, "text/html", "https://x.org/news/", met)

    again = read_listing(body + b'<a href="/d/">d</a>', "text/html", "https://x.org/press/", met)
    elsewhere = read_listing(b'<base href="//z.org/">' + body, "text/html", "https://x.org/news/", met)

    assert again.pages == ("https://x.org/press/b/", "https://x.org/d/")
    assert elsewhere.pages == ("https://z.org/a/", "https://z.org/b/", "https://y.org/c/")


def test_what_is_remembered_of_tags_is_bounded():
    met = Met()
    for page in range(3):
        tags = "".join(f"<a href='/{page}-{number}/'>" for number in range(MOST_MET - 1))
        read_listing(f"{tags}<a href='/{LONGEST_MET * 'a'}/'>".encode(), "text/html", URL, met)

        assert len(met.tags) <= MOST_MET
        assert all(len(tag) <= LONGEST_MET for tag in met.tags)


@pytest.mark.parametrize(
    "tag",
    [
        '<a title="a > b" href="/a/">',
        '<a title="<b>" href="/a/">',
        "<a title='\"' href='/a/'>",
        "<a title=it's href=/a/ >",
        '<a href="/a/"title="b"/>',
        "<a\nhref = '/a/'\n>",
        "<a <b href=/a/>",
        '<a href="/a/" title="' + 2000 * "b" + '">',
    ],
)
def test_tags_are_read_however_they_are_written(tag):
    assert read_listing(f"{tag}<a href='/b/'>".encode(), "text/html", URL).pages == (
        "https://x.org/a/",
        "https://x.org/b/",
    )


def test_cyrillic_addresses_are_read_in_the_encoding_of_the_page():
    body = '<meta charset="windows-1251"><a href="/учение/">Учение</a>'.encode("cp1251")

    assert read_listing(body, "text/html", URL).pages == (
        "https://x.org/%D1%83%D1%87%D0%B5%D0%BD%D0%B8%D0%B5/",
    )


@pytest.mark.parametrize(
    "start", [b"", b"\xef\xbb\xbf", b"<?xml version='1.0' encoding='utf-8'?>\n<!-- x -->\n"]
)
def test_feeds_are_known_by_their_body(start):
    body = (
        start
        + b"<rss><channel><link>https://x.org/</link><item><link> https://x.org/a/ </link></item>"
        + b"<item><link><![CDATA[https://x.org/b/?c=1&d=2]]></link></item></channel></rss>"
    )

    assert read_listing(body, "text/html", URL).pages == (
        "https://x.org/",
        "https://x.org/a/",
        "https://x.org/b/?c=1&d=2",
    )


def test_an_atom_feed_names_its_entries_and_not_itself():
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="https://x.org/atom"/>
    <entry><link rel="alternate" type="text/html" href="https://x.org/a/"/></entry>
    <entry><link rel='enclosure' href='https://x.org/a.mp3'/><link href='/b/'/></entry></feed>"""

    assert read_listing(body, "text/html", URL).pages == ("https://x.org/a/", "https://x.org/b/")


def test_a_news_sitemap_names_pages_and_no_pictures():
    body = b"""<urlset xmlns:image="x"><url><loc>https://x.org/a/</loc><image:image>
    <image:loc>https://x.org/a.png</image:loc></image:image></url></urlset>"""

    assert read_listing(body, None, URL).pages == ("https://x.org/a/",)


def test_a_sitemap_index_names_further_sitemaps():
    body = b"<sitemapindex><sitemap><loc>https://x.org/news.xml</loc></sitemap></sitemapindex>"

    listing = read_listing(gzip.compress(body), None, URL)

    assert (listing.pages, listing.sitemaps) == ((), ("https://x.org/news.xml",))


def test_a_broken_feed_gives_what_can_be_read():
    body = b"<rss><channel><item><link>https://x.org/a/</link></item><item><link>https://x.org/b"

    assert read_listing(body, None, URL).pages[0] == "https://x.org/a/"


def test_entities_of_a_feed_are_not_expanded():
    body = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>
    <rss><channel><item><link>https://x.org/&a;</link></item></channel></rss>"""

    assert "root" not in "".join(read_listing(body, None, URL).pages)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x89PNG\0\0",
        b"\x1f\x8bgarbage",
        b"<rss",
        b"<a " + b"x=1 " * 100_000 + b"href=/a/>",
        b"<div>" * 100_000,
        b"<!--" * 100_000,
        b"<?xml " * 100_000,
        b"<?xml ?>" * 100_000,
        b"<a " * 300_000,
        b"<a href='" * 100_000,
        b"<a x" + b" " * 1_000_000,
        b"<a " + b"/ " * 500_000,
        b"<a " + b" ".join(b"x%d=1" % number for number in range(100_000)) + b">",
        b"<script>" * 100_000,
        "<meta charset=utf-8><\u017fcript x><lin\u212a x>".encode(),
        b"<rss>" + b"<link " * 200_000,
        b"<rss>" + b"<link>" * 200_000,
        b"<rss>" + b"<link" + b" " * 1_000_000,
        b" " * 1_000_000,
        b"<a href=/" + b"a" * 1_000_000 + b"/>x</a>",
        gzip.compress(b" " * 50_000_000),
    ],
)
def test_hostile_bodies_lead_nowhere_far_and_take_no_time(body):
    assert len(read_listing(body, "text/html", URL).pages) <= 1


def test_links_are_bounded():
    body = b"".join(b"<a href=/%d/>x</a>" % number for number in range(MOST_LINKS * 2))

    assert len(read_listing(body, "text/html", URL).pages) == MOST_LINKS
