"""A crawl over real sockets: what is asked for, what is delivered, and what no server can break."""

import datetime as dt
import gzip
import random
import socket
import ssl
import threading
import time
from ipaddress import IPv4Address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def page(url, **keys):
    return {
        "url": url,
        "first_seen": "2025-09-10T06:00:00+00:00",
        "last_visit": "2025-09-10T06:00:00+00:00",
        **keys,
    }


def test_new_articles_are_found_over_all_listing_pages_and_delivered_as_they_came(site, crawl_site):
    site.listing("/news/", "/news/one/?utm_source=list#top", "two/", "/about/", "/news/?PAGEN_1=2")
    site.listing("/news/?PAGEN_1=2", "/news/three/", "/news/", "https://elsewhere.example/news/x/")
    body = "<p>В учении участвовали силы ОДКБ.</p>".encode("cp1251")
    site.answer("/news/one/", body, headers=('ETag: "v1"', "X-Twice: a", "X-Twice: b"))
    site.article("/news/two/")
    site.article("/news/three/")

    result = crawl_site()

    assert (result.code, result.stderr) == (0, "")
    assert result.urls("article") == [site.url(f"/news/{name}/") for name in ("one", "two", "three")]
    assert result.urls("listing") == [site.url("/news/"), site.url("/news/?PAGEN_1=2")]
    one = result.of(site.url("/news/one/"))
    assert one["body"] == body
    assert ("Etag", '"v1"') in one["headers"]
    assert [value for name, value in one["headers"] if name == "X-Twice"] == ["a", "b"]
    assert (one["status"], one["final_url"], one["address"]) == (200, one["url"], "127.0.0.1")
    assert one["fetched_at"] == "2025-09-11T06:00:00+00:00"
    agent = one["request_headers"]["User-Agent"]
    assert agent.startswith("csto-watch/0.1")
    assert agent.endswith("(+test@example.org)")
    assert site.requests[-1].headers["Accept-Language"] == "en,*;q=0.5"


def test_pagination_stops_at_a_page_that_shows_only_known_articles(site, crawl_site):
    site.listing("/news/", "/news/new/", "/news/?PAGEN_1=2", "/news/?PAGEN_1=3")
    site.listing("/news/?PAGEN_1=2", "/news/old/", "/news/?PAGEN_1=3", "/news/?PAGEN_1=4")
    site.article("/news/new/")
    known = page(site.url("/news/old/"), first_seen="2024-01-01T00:00:00+00:00")

    result = crawl_site(pages={"test": [known]})

    assert result.urls("listing") == [site.url("/news/"), site.url("/news/?PAGEN_1=2")]
    assert result.urls("article") == [site.url("/news/new/")]


def test_the_first_page_under_another_address_does_not_end_the_pagination(site, crawl_site):
    # As many sites have it: the second page leads back to the first by its number.
    back = "/news/?PAGEN_1=1"
    site.listing("/news/", "/news/pinned/", "/news/6/", "/news/?PAGEN_1=2")
    site.listing(back, "/news/pinned/", "/news/6/", "/news/?PAGEN_1=2")
    site.listing("/news/?PAGEN_1=2", "/news/5/", "/news/4/", back, "/news/?PAGEN_1=3")
    site.listing("/news/?PAGEN_1=3", "/news/3/", "/news/?PAGEN_1=2", "/news/?PAGEN_1=4")
    site.listing("/news/?PAGEN_1=4", "/news/2/", "/news/?PAGEN_1=3")
    for number in range(2, 7):
        site.article(f"/news/{number}/")
    known = page(site.url("/news/pinned/"), first_seen="2024-01-01T00:00:00+00:00")

    result = crawl_site(pages={"test": [known]})

    assert set(result.urls("article")) == {site.url(f"/news/{number}/") for number in range(2, 7)}


def test_news_in_the_side_column_of_every_page_does_not_lengthen_the_pagination(site, crawl_site):
    site.listing("/news/", "/news/new/", "/news/?PAGEN_1=2")
    site.listing("/news/?PAGEN_1=2", "/news/old/", "/news/new/", "/news/?PAGEN_1=3")
    site.listing("/news/?PAGEN_1=3", "/news/older/", "/news/new/", "/news/?PAGEN_1=4")
    site.article("/news/new/")
    known = [
        page(site.url(f"/news/{name}/"), first_seen="2024-01-01T00:00:00+00:00") for name in ("old", "older")
    ]

    result = crawl_site(pages={"test": known})

    assert result.urls("listing") == [site.url("/news/"), site.url("/news/?PAGEN_1=2")]


def test_a_site_that_answers_any_number_with_its_last_page_is_not_asked_for_more(site, crawl_site):
    site.listing("/news/", "/news/2/", "/news/?PAGEN_1=2")
    for number in range(2, 9):
        site.listing(f"/news/?PAGEN_1={number}", "/news/1/", f"/news/?PAGEN_1={number + 1}")
    site.article("/news/1/")
    site.article("/news/2/")

    result = crawl_site()

    assert set(result.urls("listing")) == {
        site.url(path) for path in ("/news/", "/news/?PAGEN_1=2", "/news/?PAGEN_1=3")
    }
    assert set(result.urls("article")) == {site.url("/news/1/"), site.url("/news/2/")}


def test_endless_pagination_is_bounded(site, crawl_site):
    def trap(connection, request):
        number = int(request.path.partition("=")[2] or 1)
        body = f'<a href="/news/trap-{number}/">x</a><a href="/news/?PAGEN_1={number + 1}">next</a>'.encode()
        connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + body)

    for number in range(1, 200):
        site.pages["/news/" if number == 1 else f"/news/?PAGEN_1={number}"] = trap
        site.article(f"/news/trap-{number}/")

    result = crawl_site()

    assert len(result.urls("listing")) == 21
    assert len(result.urls("article")) == 21


def test_known_pages_are_asked_for_with_the_servers_own_validators(site, crawl_site):
    site.listing("/news/")
    tag, date = 'W/"a\'b, c"', "Thu,  11 sep 2025 06:00:00 GMT"
    site.answer("/news/same/", b"", "304 Not Modified", headers=("ETag: x",))
    known = page(site.url("/news/same/"), etag=tag, last_modified=date)

    result = crawl_site(pages={"test": [known]})

    visit = result.of(site.url("/news/same/"))
    assert (visit["status"], visit["body"], visit["role"]) == (304, b"", "article")
    sent = site.requests[-1].headers
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == (tag, date)


def test_a_full_run_asks_for_everything_without_validators(site, crawl_site):
    site.listing("/news/", "/news/?PAGEN_1=2", "/news/same/")
    site.listing("/news/?PAGEN_1=2", "/news/same/")
    site.article("/news/same/")
    known = page(site.url("/news/same/"), etag='"v1"', first_seen="2024-01-01T00:00:00+00:00")

    result = crawl_site(pages={"test": [known]}, full=True)

    assert result.of(site.url("/news/same/"))["status"] == 200
    assert not any("If-None-Match" in request.headers for request in site.requests)
    assert len(result.urls("listing")) == 2


def test_a_limit_takes_new_articles_first(site, crawl_site):
    site.listing("/news/", "/news/a/", "/news/b/")
    site.article("/news/a/")
    site.article("/news/b/")

    result = crawl_site(pages={"test": [page(site.url("/news/old/"))]}, limit=2)

    assert result.urls("article") == [site.url("/news/a/"), site.url("/news/b/")]


def test_a_withdrawn_page_that_a_listing_links_again_is_asked_for_in_that_run(site, crawl_site):
    site.listing("/news/", "/news/back/")
    site.article("/news/back/")
    site.article("/news/away/")
    seen = {"first_seen": "2024-01-01T00:00:00+00:00", "gone_since": "2025-09-01T06:00:00+00:00"}
    known = [page(site.url(f"/news/{name}/"), **seen) for name in ("back", "away")]

    result = crawl_site(pages={"test": known})

    assert result.urls("article") == [site.url("/news/back/")]


def test_a_run_whose_time_is_up_asks_for_nothing_more_and_ends_well(site, crawl_site):
    def slow(connection, request):
        time.sleep(0.2)
        connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok")

    paths = [f"/news/{number}/" for number in range(100)]
    site.listing("/news/", *paths)
    site.pages |= dict.fromkeys(paths, slow)

    result = crawl_site(bounds={"time": 1.0})

    assert (result.code, result.stderr) == (0, "")
    assert 1 < len(result.visits) < 50


def test_feeds_and_sitemaps_are_listings_too(site, crawl_site):
    base = site.url("")
    site.answer(
        "/rss",
        f"<?xml version='1.0'?><rss><channel><link>{base}/</link><item><link>{base}/news/rss/</link>"
        "</item></channel></rss>".encode(),
        kind="text/html",
    )
    site.answer(
        "/atom",
        f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="{base}/news/atom/"/>'
        "</entry></feed>".encode(),
        kind="application/atom+xml",
    )
    site.answer(
        "/sitemap.xml",
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>{base}/part.xml.gz'
        "</loc></sitemap></sitemapindex>".encode(),
        kind="application/xml",
    )
    part = f"<urlset><url><loc>{base}/news/map/</loc></url></urlset>".encode()
    site.answer("/part.xml.gz", gzip.compress(part), kind="application/gzip")
    for name in ("rss", "atom", "map"):
        site.article(f"/news/{name}/")

    result = crawl_site({"start": [site.url(path) for path in ("/rss", "/atom", "/sitemap.xml")]})

    assert sorted(result.urls("article")) == [site.url(f"/news/{name}/") for name in ("atom", "map", "rss")]
    assert {visit["status"] for visit in result.visits} == {200}


def test_a_redirect_within_the_source_is_delivered_under_the_address_asked_for(site, crawl_site):
    site.listing("/news/", "/news/old-name/")
    site.redirect("/news/old-name/", "/news/new-name/?bxajaxid=1")
    site.article("/news/new-name/?bxajaxid=1", "moved")

    visit = crawl_site(pages={"test": [page(site.url("/news/old-name/"), etag='"v1"')]}).of(
        site.url("/news/old-name/")
    )

    assert visit["final_url"] == site.url("/news/new-name/")
    assert b"moved" in visit["body"]
    assert "If-None-Match" not in site.requests[-1].headers


def test_a_page_that_is_gone_or_broken_is_a_visit_and_not_an_error(site, crawl_site):
    site.listing("/news/", "/news/gone/", "/news/broken/", "/news/fine/")
    site.answer("/news/gone/", b"gone", "410 Gone")
    site.answer("/news/broken/", b"", "500 Internal Server Error")
    site.article("/news/fine/")

    result = crawl_site()

    assert [result.of(site.url(f"/news/{name}/"))["status"] for name in ("gone", "broken", "fine")] == [
        410,
        500,
        200,
    ]
    assert site.asked().count("/news/broken/") == 2
    assert result.of(site.url("/news/gone/"))["body"] == b"gone"


def test_two_sources_of_one_host_are_asked_one_request_at_a_time(new_site, crawl_of):
    from_here = new_site()
    busy, most = 0, 0
    lock = threading.Lock()

    def slow(connection, request):
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        time.sleep(0.02)
        with lock:
            busy -= 1
        connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok")

    for language in ("en", "ru"):
        paths = [f"/{language}/news/{number}/" for number in range(5)]
        from_here.listing(f"/{language}/", *paths)
        for path in paths:
            from_here.pages[path] = slow
    tables = [
        f'[[source]]\nname = "{language}"\nlanguage = "{language}"\n'
        f'start = ["{from_here.url(f"/{language}/")}"]\n'
        "articles = '/news/'\ndelay = 0\nprivate = true"
        for language in ("en", "ru")
    ]

    result = crawl_of(*tables)

    assert len(result.urls("article")) == 10
    assert most == 1


def test_an_exception_of_deliver_ends_the_run_and_is_raised(site, crawl_site):
    paths = [f"/news/{number}/" for number in range(50)]
    site.listing("/news/", *paths)
    for path in paths:
        site.article(path)

    result = crawl_site(fail_at=3)

    assert "ZeroDivisionError: the archive is full" in result.stderr
    assert result.code == 1
    assert len(result.visits) == 2
    assert len(site.requests) < 10


def test_a_fault_of_our_own_code_ends_the_run_and_is_raised(site, crawl_site):
    site.listing("/news/", "/news/one/")

    result = crawl_site(faulty=True)

    assert "ZeroDivisionError: a fault of our own" in result.stderr
    assert (result.code, len(result.visits)) == (1, 1)


@pytest.mark.parametrize("signal", ["SIGINT", "SIGTERM"])
def test_a_signal_lets_what_is_under_way_finish_and_asks_for_nothing_more(site, crawl_site, signal):
    paths = [f"/news/{number}/" for number in range(50)]
    site.listing("/news/", *paths)
    for path in paths:
        site.article(path)

    result = crawl_site(signal_at=5, signal=signal)

    assert result.stderr.rstrip().endswith("KeyboardInterrupt")
    assert 5 <= len(result.visits) < 12


def test_a_host_that_is_down_is_told_and_left_alone(crawl_site):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed = listener.getsockname()[1]
    start = f"http://127.0.0.1:{closed}/news/"
    pages = [page(f"http://127.0.0.1:{closed}/news/{number}/") for number in range(20)]

    result = crawl_site({"start": [start]}, pages={"test": pages})

    assert result.code == 0
    assert len(result.visits) == 3
    assert {visit["status"] for visit in result.visits} == {None}
    assert "refused the connection" in result.of(start)["error"]


def test_a_busy_host_is_asked_again_after_a_pause_and_then_left_alone(site, crawl_site):
    site.answer("/news/", b"", "503 Service Unavailable", headers=("Retry-After: 1",))
    pages = [page(site.url(f"/news/{number}/")) for number in range(20)]
    for number in range(20):
        site.answer(f"/news/{number}/", b"", "429 Too Many Requests", headers=("Retry-After: 3600",))

    result = crawl_site(pages={"test": pages})

    first, second = [request.at for request in site.requests if request.path == "/news/"]
    assert 1.0 <= second - first < 5
    assert [visit["status"] for visit in result.visits] == [503, 429, None]
    assert "asked to be left alone until" in result.visits[-1]["error"]
    assert site.asked()[-2:] == ["/news/", "/news/0/"]


# -- hostile servers ------------------------------------------------------------------------------


def head(*lines):
    return "\r\n".join(["HTTP/1.1 200 OK", "Content-Type: text/html", *lines]).encode() + b"\r\n\r\n"


@pytest.fixture
def self_signed(tmp_path):
    """A certificate that nobody vouches for, for 127.0.0.1 and for the year of the test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)  # noqa: TID251 (TLS looks at the real clock)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "site.pem"
    plain = serialization.NoEncryption()
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path.write_bytes(key.private_bytes(pem, pkcs8, plain) + certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def test_a_certificate_that_nobody_vouches_for_is_refused(site, crawl_site, self_signed):
    site.tls = self_signed
    site.listing("/news/")

    visit = crawl_site(bounds={"retries": 0}).of(site.url("/news/"))

    assert visit["status"] is None
    assert "certificate" in visit["error"]
    assert site.requests == []


def test_an_answer_that_was_cut_off_is_flagged(site, crawl_site):
    body = random.Random(1).randbytes(20_000)
    packed = gzip.compress(body)
    replies = {
        "cut-gzip": head("Content-Encoding: gzip", "Connection: close", "Content-Length: 9000")
        + packed[:9000],
        "whole-gzip": head("Content-Encoding: gzip", f"Content-Length: {len(packed)}") + packed,
        "no-length": head("Connection: close") + b"<p>half",
    }
    site.listing("/news/", *(f"/news/{name}/" for name in replies))
    site.pages |= {f"/news/{name}/": reply for name, reply in replies.items()}

    result = crawl_site()

    flags = {name: result.of(site.url(f"/news/{name}/"))["flags"] for name in replies}
    assert flags == {"cut-gzip": ["partial"], "whole-gzip": [], "no-length": ["partial"]}
    assert result.of(site.url("/news/whole-gzip/"))["body"] == body


def test_a_listing_that_is_no_text_leads_nowhere(site, crawl_site):
    site.answer("/news/", b"\x89PNG\r\n\x1a\n" + b"\0" * 5000)

    assert [visit["status"] for visit in crawl_site().visits] == [200]


# -- one page ---------------------------------------------------------------------------------------


def test_fetch_brings_one_page_under_the_same_guards(site, fetch_page):
    site.article("/any/page", "hello")

    allowed = fetch_page(site.url("/any/page"), private=True)
    refused = fetch_page(site.url("/any/page"), private=False)

    assert (allowed["status"], b"hello" in allowed["body"]) == (200, True)
    assert refused["status"] is None
    assert refused["error"].endswith("private network; only public addresses are read this way")
    assert site.asked() == ["/robots.txt", "/any/page"]
