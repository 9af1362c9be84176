"""The way through a source: what an answer leads to, and in which order, whatever order the answers have."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.scheduling import PagesAtHand
from crawler.spiders.watch import MOST_ARTICLES, MOST_LISTINGS, MOST_MENTIONED, Walk
from diffing.model import Fetched, PageState
from seeds.sources import Source

NOW = dt.datetime(2025, 9, 11, 6, tzinfo=dt.UTC)
ROOT = "https://x.org"
SOURCE = Source(
    name="s", language="en", start=(f"{ROOT}/news/",), articles=r"/news/[^/?]+/$", follow=r"/news/\?p=\d+$"
)


def links(*paths):
    return "".join(f'<a href="{path}">x</a>' for path in paths).encode()


def answered(visit, body, status=200, url=None):
    return Fetched(
        source="s",
        role=visit.role,
        url=visit.url,
        final_url=url or visit.url,
        fetched_at=NOW,
        status=status,
        body=body,
    )


def walked(site, pages=(), *, source=SOURCE, choose=lambda waiting: 0, **options):
    """The paths asked for, where `site` gives the body of each; `choose` says which answer comes next."""
    walk = Walk.of(source, PagesAtHand(pages), NOW, **{"limit": None, "full": False, **options})
    asked, under_way = [], []
    while True:
        while (visit := walk.take()) is not None:
            asked.append(visit.url.removeprefix(ROOT))
            under_way.append(visit)
        if not under_way:
            return asked
        visit = under_way.pop(choose(under_way))
        body = site.get(visit.url.removeprefix(ROOT))
        found = answered(visit, body or b"", 404 if body is None else 200)
        walk.note(visit, found, site_is_down=False)


def known(path, **more):
    seen = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    more = {"first_seen": seen, "last_visit": NOW - dt.timedelta(minutes=1), **more}
    return PageState(url=f"{ROOT}{path}", source="s", **more)


def test_articles_that_a_new_one_mentions_are_asked_for_and_lead_no_farther():
    site = {
        "/news/": links("/news/a/"),
        "/news/a/": links("/news/old/", "/about/", "/news/?p=9", "https://y.org/news/z/"),
        "/news/old/": links("/news/older/"),
    }

    assert walked(site) == ["/news/", "/news/a/", "/news/old/"]


def test_a_known_article_mentions_nothing_new():
    site = {"/news/": links("/news/a/"), "/news/a/": links("/news/old/")}
    page = known("/news/a/", last_visit=NOW - dt.timedelta(days=60))

    assert walked(site, [page], full=True) == ["/news/", "/news/a/"]


def test_an_address_that_a_new_article_names_as_its_own_is_asked_for():
    named = b'<head><link rel="canonical" href="/news/talks/"></head>'

    assert walked({"/news/": links("/news/print-talks/"), "/news/print-talks/": named}) == [
        "/news/", "/news/print-talks/", "/news/talks/",
    ]  # fmt: skip


def test_an_article_that_mentions_thousands_brings_a_few():
    site = {
        "/news/": links("/news/a/"),
        "/news/a/": links(*(f"/news/{number:04}/" for number in range(4000))),
    }

    asked = walked(site)

    assert asked[2:] == [f"/news/{number:04}/" for number in range(MOST_MENTIONED)]


def test_a_limit_counts_what_is_mentioned_too():
    site = {"/news/": links("/news/a/"), "/news/a/": links("/news/b/", "/news/c/")}

    assert walked(site, limit=2) == ["/news/", "/news/a/", "/news/b/"]


def test_a_listing_of_thousands_is_bounded():
    site = {"/news/": links(*(f"/news/{number}/" for number in range(4000)))}

    assert len(walked(site)) == 1 + MOST_ARTICLES


def test_a_calendar_without_end_is_bounded():
    class Calendar(dict):
        def get(self, path):
            number = int(path.partition("=")[2] or 0)
            return links(f"/news/?p={number + 1}", f"/news/?p={number + 9999}")

    assert len(walked(Calendar())) == 1 + MOST_LISTINGS


@pytest.mark.parametrize(("days", "asked"), [(6, False), (7, True)])
def test_an_address_that_moved_is_asked_again_after_a_week_where_a_listing_links_it(days, asked):
    old = known("/news/old/", moved_to=f"{ROOT}/news/new/", last_visit=NOW - dt.timedelta(days=days))

    assert ("/news/old/" in walked({"/news/": links("/news/old/")}, [old])) is asked
    assert "/news/old/" not in walked({"/news/": links("/news/other/")}, [old])


def test_the_sources_own_scheme_and_host_are_a_pages():
    site = {"/news/": links("http://x.org/news/a/", "https://www.x.org/news/a/", "http://www.x.org/news/b/")}

    assert walked(site) == ["/news/", "/news/a/", "/news/b/"]


def test_the_parts_of_a_sitemap_come_newest_first_and_one_of_known_pages_ends_nothing():
    index = "".join(
        f"<sitemap><loc>{ROOT}/map-{year}.xml</loc><lastmod>{year}-01-01</lastmod></sitemap>"
        for year in (2023, 2025, 2024)
    )
    site = {
        "/news/": f"<sitemapindex>{index}</sitemapindex>".encode(),
        "/map-2025.xml": f"<urlset><url><loc>{ROOT}/news/a/</loc></url></urlset>".encode(),
        "/map-2023.xml": f"<urlset><url><loc>{ROOT}/news/b/</loc></url></urlset>".encode(),
    }

    assert walked(site, [known("/news/a/")]) == [
        "/news/", "/map-2025.xml", "/map-2024.xml", "/map-2023.xml", "/news/b/",
    ]  # fmt: skip


SITE = {
    "/news/": links("/news/a/", "/news/b/", "/news/c/", "/news/?p=2"),
    "/news/?p=2": links("/news/d/", "/news/a/", "/news/?p=3"),
    "/news/a/": links("/news/m/", "/news/d/", "/news/n/"),
    "/news/b/": links("/news/n/", "/news/known/", "/news/gone/"),
    "/news/c/": links("/news/o/", "/news/a/"),
    "/news/d/": links("/news/p/"),
    "/news/m/": links("/news/q/"),
    "/news/known/": links("/news/r/"),
}


@given(random=st.randoms(use_true_random=False), limit=st.sampled_from([None, 3, 5, 7]))
def test_any_order_of_answers_leads_to_the_same_pages(random: random.Random, limit):
    pages = [
        known("/news/known/", last_visit=NOW - dt.timedelta(days=90)),
        known("/news/gone/", gone_since=NOW),
    ]

    asked = walked(SITE, pages, choose=lambda waiting: random.randrange(len(waiting)), limit=limit)

    assert sorted(asked) == sorted(walked(SITE, pages, limit=limit))
    assert len(asked) == len(set(asked))
