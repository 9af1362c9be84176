"""No address of this machine or its network is ever asked, in whatever notation, unless it is allowed."""

import pytest
from twisted.internet.address import IPv4Address, IPv6Address

from crawler.guard import GuardedResolver, Policy

PUBLIC = Policy()


NOT_PUBLIC = """
    127.0.0.1 127.255.255.254 0.0.0.0 0.1.2.3 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1
    100.127.255.254 192.0.0.8 192.0.2.1 192.88.99.1 198.18.0.1 203.0.113.7 224.0.0.1 240.0.0.1 255.255.255.255
    ::1 :: fe80::1 fe80::1%eth0 fc00::1 fd12::1 fec0::1 ff02::1 2001:db8::1 3fff::1 5f00::1 100::1
    ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 2002:7f00:1::
    2001:0:7f00:1::"""


@pytest.mark.parametrize("address", NOT_PUBLIC.split())
def test_an_address_that_is_no_public_server_is_refused(address):
    assert "private = true" in PUBLIC.address_refusal("x.org", address)


@pytest.mark.parametrize(
    "address",
    ["93.184.215.14", "1.1.1.1", "100.63.255.255", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"],
)
def test_a_public_address_is_asked(address):
    assert PUBLIC.address_refusal("x.org", address) is None


NOT_ASKED = """
    http://127.0.0.1/ http://[::1]/ http://[::ffff:127.0.0.1]/ http://169.254.169.254/latest/meta-data/
    ftp://x.org/ file:///etc/passwd data:text/html,x gopher://x.org/ http://x.org:22/ http://x.org:8080/
    http://user:pw@x.org/ http://@x.org/ http://x.org\\@127.0.0.1/ http:///x http://x.org:99999/ http://[::1
    javascript:alert(1) s3://b/k"""


@pytest.mark.parametrize("url", NOT_ASKED.split())
def test_a_url_that_may_not_be_asked_is_refused_by_its_spelling(url):
    assert PUBLIC.url_refusal(url)


def test_ports_are_those_of_the_web_unless_a_start_url_names_another():
    policy = Policy(ports={"x.org": frozenset({8080})})

    assert policy.url_refusal("http://x.org/") is None
    assert policy.url_refusal("http://x.org:443/") is None
    assert policy.url_refusal("http://x.org:8080/") is None
    assert "port 8081" in policy.url_refusal("http://x.org:8081/")
    assert "port 8080" in policy.url_refusal("http://y.org:8080/")


def test_private_addresses_are_allowed_for_the_host_that_is_private_and_for_no_other():
    policy = Policy(private_hosts=frozenset({"intranet"}))

    assert policy.url_refusal("http://intranet:8080/") is None
    assert policy.address_refusal("intranet", "10.0.0.1") is None
    assert policy.address_refusal("x.org", "10.0.0.1")
    assert policy.url_refusal("http://10.0.0.1/")


class Answers:
    """The names of a scripted DNS: what it answers to one look-up after the other."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def resolveHostName(self, receiver, host, port=0, kinds=None, transport="TCP"):  # noqa: N802
        receiver.resolutionBegan(self)
        for address in self.answers.pop(0):
            kind = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, port))
        receiver.resolutionComplete()
        return self


class Connection:
    """What is connected to: the addresses that came through."""

    def __init__(self):
        self.addresses = []

    def resolutionBegan(self, resolution):  # noqa: N802
        self.addresses = []

    def addressResolved(self, address):  # noqa: N802
        self.addresses.append(address.host)

    def resolutionComplete(self):  # noqa: N802
        pass


def resolved(resolver, host="x.org"):
    connection = Connection()
    resolver.resolveHostName(connection, host)
    return connection.addresses


def test_one_private_answer_spoils_the_whole_name():
    resolver = GuardedResolver(Answers(["1.1.1.1", "10.0.0.1"], ["1.1.1.1", "::ffff:10.0.0.1"]), PUBLIC)

    assert resolved(resolver) == []
    assert "10.0.0.1" in resolver.refusals["x.org"]
    assert resolved(resolver) == []


def test_a_name_that_resolves_differently_the_second_time_gains_nothing():
    resolver = GuardedResolver(Answers(["1.1.1.1"], ["127.0.0.1"], ["1.1.1.1"]), PUBLIC)

    assert [resolved(resolver) for _ in range(3)] == [["1.1.1.1"], [], ["1.1.1.1"]]
    assert resolver.refusals == {}


def test_the_resolver_allows_private_answers_for_private_hosts_only():
    policy = Policy(private_hosts=frozenset({"intranet"}))
    resolver = GuardedResolver(Answers(["10.0.0.1"], ["10.0.0.1"]), policy)

    assert resolved(resolver, "Intranet") == ["10.0.0.1"]
    assert resolved(resolver, "x.org") == []


def test_no_notation_of_this_machine_is_asked_by_a_crawl(site, crawl_of):
    site.article("/news/", "INTERNAL")
    hosts = ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "127.1", "0",
             "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "①②⑦.0.0.1"]  # fmt: skip
    tables = [
        f'[[source]]\nname = "s{number}"\nlanguage = "en"\nstart = ["http://{host}:{site.port}/news/"]\n'
        "articles = 'x'\ndelay = 0"
        for number, host in enumerate(hosts)
    ]

    result = crawl_of(*tables, bounds={"retries": 0})

    assert result.code == 0, result.stderr
    assert [(visit["source"], visit["status"]) for visit in result.visits if visit["status"]] == []
    assert len(result.visits) == len(hosts)
    assert site.requests == []
