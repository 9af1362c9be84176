"""robots.txt by RFC 9309: a file that is missing allows, a server that fails does not."""

from itertools import pairwise

import pytest

from crawler.robots import LIMIT, rules_of

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
