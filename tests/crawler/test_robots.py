"""robots.txt by RFC 9309: a file that is missing allows, a server that fails does not."""

import datetime as dt
from itertools import pairwise

import pytest

from crawler.manners import Manners, Resting
from crawler.robots import LIMIT, rules_of
from diffing.model import Rest

URL = "https://x.org/news/a/"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_file_that_is_not_there_allows_everything(status):
    assert rules_of(status, b"User-agent: *\nDisallow: /\n").refusal(URL) is None


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 304, 302])
def test_a_server_that_fails_allows_nothing(status):
    assert str(status) in rules_of(status, b"").refusal(URL)


@pytest.mark.parametrize(
    ("body", "allowed"),
    [
        (b"User-agent: *\nDisallow: /\n", False),
        (b"User-agent: *\nDisallow: /news/\n", False),
        (b"User-agent: *\nDisallow: /news/\nAllow: /news/a/\n", True),
        (b"User-agent: *\nDisallow: /\n\nUser-agent: csto-watch\nAllow: /\n", True),
        (b"User-agent: CSTO-Watch\nDisallow: /\n", False),
        (b"User-agent: other\nDisallow: /\n", True),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n", False),
        (b"User-agent: *\nDisallow:\n", True),
        (bytes(range(256)) * 2000, True),
        (b"<html>please log in</html>", True),
        (b"", True),
    ],
)
def test_the_group_that_names_us_counts_else_that_for_all(body, allowed):
    assert (rules_of(200, body).refusal(URL) is None) is allowed


def test_only_the_first_half_megabyte_counts_and_no_line_cut_in_two():
    head = b"User-agent: *\n"
    filler = b"# " + b"x" * 97 + b"\n"
    body = head + filler * ((LIMIT - len(head)) // len(filler))
    body += b"Disallow: /news/a/nowhere-near\n" * 100

    assert rules_of(200, body).refusal(URL) is None


def test_a_delay_that_is_asked_for_is_read():
    assert rules_of(200, b"User-agent: *\nCrawl-delay: 7\n").delay == 7.0
    assert rules_of(200, b"User-agent: *\nCrawl-delay: soon\n").delay == 0.0
    assert rules_of(404, b"").delay == 0.0


def test_what_robots_txt_forbids_is_not_asked_for_and_told(site, crawl_site):
    site.answer("/robots.txt", b"User-agent: *\nDisallow: /news/secret/\n", kind="text/plain")
    site.listing("/news/", "/news/secret/", "/news/open/")
    site.article("/news/open/")

    result = crawl_site()

    secret = result.of(site.url("/news/secret/"))
    assert secret["status"] is None
    assert secret["error"] == "robots.txt forbids this address"
    assert site.asked() == ["/robots.txt", "/news/", "/news/open/"]


def hang(connection, request):
    connection.recv(1)


@pytest.mark.parametrize("reply", ["503", "hang"])
def test_a_robots_txt_that_cannot_be_read_stops_everything(site, crawl_site, reply):
    if reply == "hang":
        site.pages["/robots.txt"] = hang
    else:
        site.answer("/robots.txt", b"", "503 Service Unavailable")
    site.listing("/news/", "/news/a/")

    result = crawl_site(bounds={"timeout": 0.3})

    assert site.asked() == ["/robots.txt", "/robots.txt"]
    why = "the server answered 503" if reply == "503" else "no whole answer came in time"
    assert result.of(site.url("/news/"))["error"] == f"robots.txt could not be read ({why})"


def test_a_huge_robots_txt_is_obeyed_and_not_read_to_its_end(site, crawl_site):
    sent = 0

    def huge(connection, request):
        nonlocal sent
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 31457280\r\n\r\n")
        connection.sendall(b"User-agent: *\nDisallow: /news/secret/\n")
        block = b"# nothing of interest\n" * 3000
        while sent < 31_000_000:
            connection.sendall(block)
            sent += len(block)

    site.pages["/robots.txt"] = huge
    site.listing("/news/", "/news/secret/")

    result = crawl_site(bounds={"timeout": 5})

    assert result.of(site.url("/news/"))["status"] == 200
    assert "forbids" in result.of(site.url("/news/secret/"))["error"]
    assert sent < 10_000_000
    assert (result.peak_kb or 0) < 150_000


def test_a_crawl_delay_wins_where_it_is_larger(site, crawl_site):
    site.answer("/robots.txt", b"User-agent: *\nCrawl-delay: 0.4\n", kind="text/plain")
    site.listing("/news/", "/news/a/", "/news/b/")
    site.article("/news/a/")
    site.article("/news/b/")

    crawl_site()

    times = [request.at for request in site.requests]
    assert all(later - earlier >= 0.38 for earlier, later in pairwise(times[1:]))


def test_a_redirected_robots_txt_is_followed(site, crawl_site):
    site.redirect("/robots.txt", "/real-robots.txt")
    site.answer("/real-robots.txt", b"User-agent: *\nDisallow: /\n", kind="text/plain")

    assert "forbids" in crawl_site().of(site.url("/news/"))["error"]


DENY = "User-agent: *\nDisallow: /news/secret/\n"


def test_a_robots_txt_is_told_as_it_was_read_so_that_it_can_be_kept(site, crawl_site):
    site.answer("/robots.txt", DENY.encode(), kind="text/plain")

    result = crawl_site()

    assert result.manners == [
        {"origin": site.url(""), "at": "2025-09-11T06:00:00+00:00", "status": 200, "body": DENY}
    ]


def test_one_run_keeps_to_what_each_site_says_and_said(new_site, crawl_of, table_of):
    """Rows 36, 42 and 43, and what a copy of an earlier run is good for, a site each."""
    names = ["fresh", "stale", "fresh-and-down", "stale-and-down", "elsewhere", "slow"]
    sites = {name: new_site() for name in names}
    for name, site in sites.items():
        site.listing("/news/", "/news/secret/")
        site.article("/news/secret/")
        if name.endswith("down"):
            site.answer("/robots.txt", b"", "503 Service Unavailable")
    other = new_site()
    other.host = "localhost"
    other.answer("/robots.txt", b"User-agent: *\nDisallow: /\n", kind="text/plain")
    sites["elsewhere"].redirect("/robots.txt", other.url("/robots.txt"))
    sites["slow"].answer("/robots.txt", b"User-agent: *\nCrawl-delay: 86400\n", kind="text/plain")
    copies = [
        {"origin": site.url(""), "status": 200, "body": DENY}
        | {"at": "2025-09-10T06:00:01+00:00" if "fresh" in name else "2025-09-10T06:00:00+00:00"}
        for name, site in sites.items()
    ]

    result = crawl_of(
        *(table_of(site, name=name) for name, site in sites.items()), table_of(other, name="other"),
        manners=copies, bounds={"retries": 0},
    )  # fmt: skip

    def said(name, path="/news/"):
        visit = result.of(sites[name].url(path))
        return visit["status"] or visit["error"]

    assert [(said(name), said(name, "/news/secret/")) for name in names[:2]] == [
        (200, "robots.txt forbids this address"),
        (200, 200),
    ]
    assert ["/robots.txt" in sites[name].asked() for name in names[:4]] == [False, True, False, True]
    assert said("fresh-and-down") == 200
    assert said("stale-and-down") == "robots.txt could not be read (the server answered 503)"
    assert said("elsewhere") == "robots.txt forbids this address"
    assert "86400 s between two requests" in said("slow")
    down = {sites[name].url("") for name in names if name.endswith("down")}
    assert not down & {manner["origin"] for manner in result.manners}


def test_row_32_a_host_that_asks_for_long_is_left_alone_from_then_on_and_a_day_at_most(
    new_site, crawl_of, table_of
):
    hour, years = new_site(), new_site()
    years.host = "localhost"
    hour.answer("/news/", b"", "429 Too Many Requests", headers=("Retry-After: 3600",))
    years.answer("/news/", b"", "503 Service Unavailable", headers=("Retry-After: 999999999",))

    result = crawl_of(table_of(hour), table_of(years, name="years"))

    until = {manner["host"]: manner["until"] for manner in result.manners if "host" in manner}
    assert until["127.0.0.1"].startswith("2025-09-11T07:0")
    assert until["localhost"].startswith("2025-09-12T06:0")


def test_a_rest_lasts_until_its_end_and_by_no_clock_longer_than_a_day():
    until = dt.datetime(2025, 9, 11, 7, tzinfo=dt.UTC)
    rest = Rest(host="x.org", until=until)

    with pytest.raises(Resting, match="until 2025-09-11 07:00:00Z"):
        Manners.of([rest], until - dt.timedelta(minutes=1)).refuse_while_resting("x.org")
    Manners.of([rest], until).refuse_while_resting("x.org")
    Manners.of([rest], until - dt.timedelta(days=2)).refuse_while_resting("x.org")
    Manners.of([rest], until - dt.timedelta(minutes=1)).refuse_while_resting("y.org")


def test_no_host_that_rests_is_asked_for_anything(site, crawl_site):
    rest = {"host": "127.0.0.1", "until": "2025-09-11T07:00:00+00:00"}

    result = crawl_site(manners=[rest])

    assert "left alone until 2025-09-11 07:00:00Z" in result.of(site.url("/news/"))["error"]
    assert site.asked() == []
