"""The served replica behaves as an official site does: it pages, moves, edits, withdraws and says 304."""

import datetime as dt
import re
import tomllib
import urllib.error
import urllib.request
from http import HTTPStatus

import pytest
from lxml import html

from monitor.replica import served
from seeds.replica import load_replica

SITE = load_replica()
RUBEZH = "na-poligone-edelveys-proydet-uchenie-rubezh-2025"
GONE = "programma-dnya-dlya-nablyudateley"
TAGGED = "otkrylas-fotovystavka-o-mirotvortsakh"
DATED = "delegatsiya-posetila-vystavku-voennoy-tekhniki"
FIRST, LAST = SITE.days[0], SITE.days[-1]


@pytest.fixture
def replica():
    with served(SITE, FIRST) as replica:
        yield replica


def get(replica, path, **headers):
    request = urllib.request.Request(
        replica.origin + path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read().decode()


def page(slug, language="en"):
    return f"/{language}/news/news_odkb/{slug}/"


def text(body):
    """Visible words in order, one space between."""
    tree = html.fromstring(body)
    for hidden in tree.xpath("//script|//head"):
        hidden.drop_tree()
    return " ".join(tree.text_content().split())


def links(replica, body):
    """Addresses of the body's links, absolute, without the session parameter."""
    tree = html.fromstring(body, base_url=replica.origin)
    tree.make_links_absolute(replica.origin)
    addresses = [re.sub(r"[?&]bxajaxid=\w+", "", each) for each in tree.xpath("//a/@href")]
    return [address.replace(replica.origin + "?", "") for address in addresses]


def test_the_links_of_all_listing_pages_are_the_articles_of_the_day(replica):
    for day in SITE.days:
        replica.day = day
        for source in tomllib.loads(SITE.sources_at(replica.origin))["source"]:
            found, todo, seen = set(), list(source["start"]), set()
            while todo:
                url = todo.pop()
                seen.add(url)
                status, _, body = get(replica, url.removeprefix(replica.origin))
                assert status == HTTPStatus.OK
                found |= {each for each in links(replica, body) if re.search(source["articles"], each)}
                todo += (
                    {each for each in links(replica, body) if re.search(source["follow"], each)}
                    - seen
                    - set(todo)
                )

            expected = {
                replica.origin + page(each.slug, source["language"])
                for each in SITE.on(day, source["language"])
            }
            assert found == expected


def test_every_page_of_every_look_holds_its_title_and_all_its_text(replica):
    for day in SITE.days:
        replica.day = day
        for language in SITE.words:
            for article in SITE.on(day, language):
                status, _, body = get(replica, page(article.slug, language))
                shown = text(body)

                assert status == HTTPStatus.OK
                assert all(block.text in shown for block in article.blocks), article.slug


def test_a_page_opens_with_teasers_that_are_other_ones_on_another_day(replica):
    def before_own_text(day):
        replica.day = day
        shown = text(get(replica, page("sostoyalsya-brifing-nachalnika-obedinennogo-shtaba"))[2])
        return shown.partition("On 30 January, Colonel-General")[0]

    early, late = before_own_text(FIRST), before_own_text(LAST)

    assert "A photo exhibition about the everyday life" in early
    assert "started on 20 October at the Fakhrabad" in late
    assert early != late


def test_titles_stand_twice_once_or_not_at_all(replica):
    replica.day = LAST
    counts = {}
    for article in SITE.on(LAST, "en"):
        shown = text(get(replica, page(article.slug))[2])
        own = shown.partition("Read also")[0]
        counts[article.titles] = own.count(article.title)

    assert counts == {0: 0, 1: 1, 2: 2}


def test_counters_and_clock_differ_at_every_fetch_and_the_article_does_not(replica):
    first, second = (
        get(replica, page("sostoyalos-rabochee-soveshchanie-po-planu-meropriyatiy"))[2] for _ in "ab"
    )
    views = [re.search(r"views: (\d+)", body)[1] for body in (first, second)]

    assert views[0] != views[1]
    assert re.sub(r"\d+", "", text(first)) == re.sub(r"\d+", "", text(second))


def test_a_redesign_changes_the_markup_and_no_word_of_the_article(replica):
    bodies = []
    for day in (dt.date(2025, 6, 6), dt.date(2025, 6, 30)):
        replica.day = day
        bodies.append(get(replica, page("v-bishkeke-proshli-shtabnye-peregovory"))[2])

    assert "news-detail" in bodies[0]
    assert "news-detail" not in bodies[1]
    assert all("From 8 to 10 April, staff talks" in text(body) for body in bodies)


def test_an_edited_page_reads_otherwise_under_the_same_date(replica):
    shown = []
    for day in (dt.date(2025, 9, 11), dt.date(2025, 9, 12)):
        replica.day = day
        shown.append(text(get(replica, page(RUBEZH))[2]))

    assert "About 1,000 personnel" in shown[0]
    assert "Some 1,200 personnel" in shown[1]
    assert all(" 11.09.2025 " in each for each in shown)


def test_a_withdrawn_page_is_not_found_and_no_longer_listed(replica):
    for day in (dt.date(2025, 9, 11), dt.date(2025, 9, 12), dt.date(2025, 9, 22)):
        replica.day = day
        status, _, _ = get(replica, page(GONE))
        listed = GONE in get(replica, "/en/news/news_odkb/")[2]

        stands = day < dt.date(2025, 9, 12)
        assert (status == HTTPStatus.OK, listed) == (stands, stands)


def test_an_entity_tag_that_still_holds_is_answered_304_and_a_stale_one_is_not(replica):
    _, headers, _ = get(replica, page(TAGGED))

    status, again, body = get(replica, page(TAGGED), If_None_Match=headers["ETag"])
    assert (status, again["ETag"], body) == (HTTPStatus.NOT_MODIFIED, headers["ETag"], "")

    replica.day = LAST
    status, later, _ = get(replica, page(TAGGED), If_None_Match=headers["ETag"])
    assert status == HTTPStatus.OK
    assert later["ETag"] != headers["ETag"]


def test_a_date_of_change_that_still_holds_is_answered_304_and_a_stale_one_is_not(replica):
    replica.day = dt.date(2025, 8, 21)
    _, headers, _ = get(replica, page(DATED))
    assert headers["Last-Modified"] == "Thu, 21 Aug 2025 00:00:00 GMT"

    assert get(replica, page(DATED), If_Modified_Since=headers["Last-Modified"])[0] == HTTPStatus.NOT_MODIFIED
    assert get(replica, page(DATED), If_Modified_Since="yesterday")[0] == HTTPStatus.OK
    replica.day = LAST
    assert get(replica, page(DATED), If_Modified_Since=headers["Last-Modified"])[0] == HTTPStatus.OK


def test_a_validator_is_never_false(replica):
    """Whenever the bytes differ from one played day to the next, so does the validator."""
    kept = {}
    for day in SITE.days:
        replica.day = day
        for language in SITE.words:
            for article in SITE.on(day, language):
                if article.validator != "none":
                    _, headers, body = get(replica, page(article.slug, language))
                    mark = headers.get("ETag") or headers["Last-Modified"]
                    assert kept.setdefault((article.slug, language, mark), body) == body


def test_most_pages_have_no_validator(replica):
    _, headers, _ = get(replica, page("sostoyalos-rabochee-soveshchanie-po-planu-meropriyatiy"))

    assert "ETag" not in headers
    assert "Last-Modified" not in headers


def test_robots_txt_forbids_what_the_pages_link_to_beside_articles(replica):
    status, headers, body = get(replica, "/robots.txt")

    assert (status, headers["Content-Type"]) == (HTTPStatus.OK, "text/plain; charset=utf-8")
    assert "Disallow: /ru/search/" in body


def test_a_number_without_a_page_shows_the_first_page(replica):
    first = links(replica, get(replica, "/en/news/news_odkb/")[2])

    for number in ("99999999999", "0", "-1", "x", "²"):
        address = f"/en/news/news_odkb/?PAGEN_1={urllib.request.quote(number)}"
        assert links(replica, get(replica, address)[2]) == first


@pytest.mark.parametrize(
    "path", ["/", "/en/news/", "/en/news/news_odkb/nothing/", "/../x", "/de/news/news_odkb/"]
)
def test_what_is_not_there_is_not_found(replica, path):
    assert get(replica, path)[0] == HTTPStatus.NOT_FOUND


def test_requests_are_remembered_in_order(replica):
    get(replica, "/robots.txt")
    get(replica, page(TAGGED) + "?bxajaxid=1")

    assert replica.requests == ("/robots.txt", page(TAGGED) + "?bxajaxid=1")
