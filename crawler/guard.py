"""Which addresses may be asked at all: the wall between a page's links and this machine's network.

Three layers, each closed by default. The name resolver that the connection itself uses lets only
permitted addresses through, so what is checked is what is connected to: a name that resolves
differently the second time, or an address spelt `2130706433` or `0x7f.1`, gains nothing. A downloader
middleware nearest the network judges scheme, port and host of every hop, redirects and robots.txt
included. And the address that answered is looked at once more.
"""

from __future__ import annotations

import ipaddress
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, TypeAlias
from urllib.parse import urlsplit

from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]  # zope ships no types

from crawler.settings import DOWNLOAD_MAXSIZE
from crawler.urls import host_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Headers, Response

__all__ = ["GuardMiddleware", "GuardedResolver", "Policy", "ReactorResolver", "Refused", "WithinSource"]

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# zope's interfaces are no types to a checker: whatever provides one is Any.
_Provider: TypeAlias = Any

# What `is_global` of the standard library calls global, or called so in some versions of Python, and
# what is no public server all the same: CGNAT, 6to4 relays, multicast, reserved, site-local,
# documentation, segment routing, local-use NAT64. The list that crawlers' advisories arrived at.
_NOT_PUBLIC: tuple[_Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "64:ff9b:1::/48",
        "100::/64",
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
        "ff00::/8",
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_IPV4_COMPATIBLE = ipaddress.IPv6Network("::/96")
_PORTS = {"http": 80, "https": 443}
# Unpacked in parts of 64 KiB up to what is read of any page.
_PART = 64 << 10
_MOST_PARTS = DOWNLOAD_MAXSIZE // _PART


class Refused(IgnoreRequest):
    """An address that this program does not ask; the message says why, in words for the operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a run may reach. `ports` holds, per host, the ports that start URLs name.

    `remedy` is what to do where an address is not public.
    """

    private_hosts: frozenset[str] = frozenset()
    remedy: str = "set `private = true` for the source if it may be asked"
    ports: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def url_refusal(self, url: str) -> str | None:
        """Why this URL may not be asked for, judged by its spelling; None: it may, as far as it shows."""
        if "\\" in url:
            return "there is a backslash in the URL"
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            return f"no URL ({error})"
        if parts.scheme not in _PORTS:
            return f"the scheme is {parts.scheme!r}; only http and https are asked"
        if parts.username is not None or parts.password is not None:
            return "there is a user name or password in the URL"
        host = host_of(url)
        if not host:
            return "the URL names no host"
        port = _PORTS[parts.scheme] if port is None else port
        if not (
            port in _PORTS.values() or host in self.private_hosts or port in self.ports.get(host, frozenset())
        ):
            return f"port {port} is asked only where a source's start URL names it"
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return None  # a name, or an address in another notation: the resolver judges it
        return self.address_refusal(host, host)

    def address_refusal(self, host: str, address: str) -> str | None:
        """Why the host may not be asked at this address (an IP in any standard form); None: it may."""
        if host in self.private_hosts:
            return None
        try:
            ip = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return f"{address!r} is no IP address"
        for inner in (ip, *_embedded(ip)):
            if not _is_public(inner):
                return f"{address} is an address of this machine or of a private network; {self.remedy}"
        return None


def _embedded(ip: _Address) -> Sequence[_Address]:
    """The IPv4 addresses that an IPv6 address carries inside, by any of the transition schemes."""
    if not isinstance(ip, ipaddress.IPv6Address):
        return ()
    found: list[_Address] = [inner for inner in (ip.ipv4_mapped, ip.sixtofour) if inner is not None]
    found += ip.teredo or ()
    if ip in _NAT64 or ip in _IPV4_COMPATIBLE:
        found.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return found


def _is_public(ip: _Address) -> bool:
    if isinstance(ip, ipaddress.IPv6Address) and (ip.ipv4_mapped is not None or ip in _NAT64):
        return True  # judged by the IPv4 address inside
    return (
        ip.is_global
        and not ip.is_multicast
        and not ip.is_reserved
        and not any(ip.version == network.version and ip in network for network in _NOT_PUBLIC)
    )


@implementer(IResolutionReceiver)
class _Sieve:
    """Receives a name's addresses, and passes them on only when every one of them may be asked."""

    def __init__(self, receiver: _Provider, resolver: GuardedResolver, host: str) -> None:
        self._receiver = receiver
        self._resolver = resolver
        self._host = host
        self._addresses: list[_Provider] = []

    def resolutionBegan(self, resolutionInProgress: _Provider) -> None:  # noqa: N802, N803 (Twisted's interface)
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: _Provider) -> None:  # noqa: N802 (Twisted's interface)
        self._addresses.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802 (Twisted's interface)
        reason = self._resolver.reason_against(self._host, self._addresses)
        if reason is None:
            self._resolver.refusals.pop(self._host, None)
            for address in self._addresses:
                self._receiver.addressResolved(address)
        else:
            self._resolver.refusals[self._host] = reason
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class GuardedResolver:
    """A name resolver that answers nothing for a name of which any address is refused.

    `refusals` says, by host, why the newest look-up was refused.
    """

    def __init__(self, inner: _Provider, policy: Policy) -> None:
        self._inner = inner
        self._policy = policy
        self.refusals: dict[str, str] = {}

    def resolveHostName(  # noqa: N802 (Twisted's interface)
        self,
        resolutionReceiver: _Provider,  # noqa: N803 (Twisted's interface)
        hostName: str,  # noqa: N803 (Twisted's interface)
        portNumber: int = 0,  # noqa: N803 (Twisted's interface)
        addressTypes: Sequence[_Provider] | None = None,  # noqa: N803 (Twisted's interface)
        transportSemantics: str = "TCP",  # noqa: N803 (Twisted's interface)
    ) -> _Provider:
        """Twisted's promise, with the refused addresses withheld."""
        sieve = _Sieve(resolutionReceiver, self, hostName.lower().rstrip("."))
        return self._inner.resolveHostName(
            sieve, hostName, portNumber, addressTypes or [IPv4Address, IPv6Address], transportSemantics
        )

    def reason_against(self, host: str, addresses: Iterable[_Provider]) -> str | None:
        """Why the name may not be connected to; one bad address spoils it. None: it may."""
        for address in addresses:
            ip = address.host if isinstance(address, IPv4Address | IPv6Address) else str(address)
            if reason := self._policy.address_refusal(host, ip):
                return reason
        return None


class ReactorResolver:
    """What Scrapy's process installs as its resolver: ours, instead of its own caching one."""

    def __init__(self, reactor: _Provider, policy: Policy) -> None:
        self._reactor = reactor
        self._policy = policy

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: _Provider) -> Self:
        """Scrapy's way to build it; `GUARD_POLICY` is the run's policy."""
        return cls(reactor, _policy_of(crawler))

    def install_on_reactor(self) -> None:
        """From now on every connection of the process resolves its host through the guard."""
        self._reactor.installNameResolver(GuardedResolver(self._reactor.nameResolver, self._policy))


def _policy_of(crawler: Crawler) -> Policy:
    policy = crawler.settings["GUARD_POLICY"]
    return policy if isinstance(policy, Policy) else Policy()


class WithinSource:
    """Refuses what leads out of the source's own hosts: a redirect elsewhere is not the source's page.

    Stands before robots.txt is asked for, so that not even that request leaves. It also takes the
    validators off a redirected request: they belong to the page that sent us away. And it notes each
    request on its `way`, so that the spider knows which was the last where none is answered.
    """

    def process_request(self, request: Request) -> None:
        """Scrapy's hook; raises Refused."""
        if "way" in request.meta:
            request.meta["way"].append(request)
        hosts = request.meta.get("hosts")
        if hosts is not None and host_of(request.url) not in hosts:
            came_from = request.meta.get("redirect_urls")
            way = "redirected to" if came_from else "leads to"
            raise Refused(f"{way} {request.url[:200]}, which is no host of the source")
        if request.meta.get("redirect_times"):
            request.headers.pop("If-None-Match", None)
            request.headers.pop("If-Modified-Since", None)


class GuardMiddleware:
    """The middleware nearest the network: no request passes it that the policy refuses.

    It also notes the response's headers as they came, before decoding takes some of them away, and
    flags a packed body that was cut off `partial`, as Scrapy does with plain ones.
    """

    def __init__(self, policy: Policy, resolver: object) -> None:
        if not isinstance(resolver, GuardedResolver):
            raise TypeError("The guard needs its resolver on the reactor; start the run with crawler.run")
        self._policy = policy
        self._resolver = resolver

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to build it; raises TypeError where the reactor resolves names unguarded."""
        from twisted.internet import reactor

        resolver: Any = reactor
        return cls(_policy_of(crawler), resolver.nameResolver)

    def process_request(self, request: Request) -> None:
        """Scrapy's hook; raises Refused."""
        if request.meta.get("proxy"):
            raise Refused("a proxy would resolve the name for us, unguarded")
        if reason := self._policy.url_refusal(request.url):
            raise Refused(_told(request, reason))

    def process_response(self, request: Request, response: Response) -> Response:
        """Scrapy's hook; raises Refused where an address answered that should not have been asked."""
        if response.ip_address is not None and (
            reason := self._policy.address_refusal(host_of(request.url), str(response.ip_address))
        ):
            raise Refused(f"{request.url[:200]} was answered, and is not believed: {reason}")
        request.meta["headers_as_received"] = headers_of(response.headers)
        if _is_cut_gzip(response) and "partial" not in response.flags:
            response.flags.append("partial")
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Scrapy's hook: says why the resolver had no answer, before anything retries."""
        if isinstance(exception, CannotResolveHostError):
            reason = self._resolver.refusals.get(host_of(request.url))
            if reason is not None:
                raise Refused(_told(request, reason)) from exception


def _told(request: Request, reason: str) -> str:
    """The reason; with the address, where it is another than the page's."""
    return f"{request.url[:200]} is not asked: {reason}" if request.meta.get("redirect_urls") else reason


def _is_cut_gzip(response: Response) -> bool:
    """Whether a packed body ends before its end: Scrapy unpacks what there is, and says nothing."""
    encodings = response.headers.getlist("Content-Encoding")
    if [encoding.strip().lower() for encoding in encodings] not in ([b"gzip"], [b"x-gzip"]):
        return False
    unpacking = zlib.decompressobj(wbits=31)
    rest = response.body
    try:
        # In parts, so that a bomb needs no memory here; the decoder behind refuses it.
        for _ in range(_MOST_PARTS):
            if not rest or unpacking.eof:
                break
            unpacking.decompress(rest, _PART)
            rest = unpacking.unconsumed_tail
    except zlib.error:
        return False
    return bool(response.body) and not rest and not unpacking.eof


def headers_of(headers: Headers) -> tuple[tuple[str, str], ...]:
    """Scrapy's headers as pairs, in order of their names, repeated ones repeated."""
    # As a plain dictionary: Scrapy's own `items` looks each name up again, in title case.
    items: Iterable[tuple[bytes, list[bytes]]] = dict.items(headers)
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, values in items for value in values
    )
