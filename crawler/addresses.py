"""Which addresses are a source's, and which of them are one page's."""

from __future__ import annotations

import re

from crawler.urls import canonical, host_of
from seeds.sources import Source

__all__ = ["article_named", "hosts_of", "own_address", "twin_of"]


def hosts_of(source: Source) -> frozenset[str]:
    """The hosts that are the source's: those of its start URLs, with and without `www.`."""
    hosts = {host_of(url) for url in source.start}
    return frozenset(hosts | {twin_of(host) for host in hosts})


def twin_of(host: str) -> str:
    """The host with `www.` where it has none, and without it where it has."""
    return host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"


def own_address(url: str, source: Source) -> str:
    """A canonical URL under the source's own scheme and host.

    A page must not be two pages, one without the s or the www. What is no address of the source comes
    back as it is.
    """
    if url.startswith("http://") and all(start.startswith("https://") for start in source.start):
        url = canonical(f"https://{url.removeprefix('http://')}")
    host, named = host_of(url), {host_of(start) for start in source.start}
    if host not in named and twin_of(host) in named:
        url = canonical(url.replace(f"//{host}", f"//{twin_of(host)}", 1))
    return url


def article_named(link: str | None, url: str, source: Source) -> str | None:
    """The article of the source that the page at `url` names as its own address by a `canonical_link`.

    None: it names itself, nothing, or what is no article of the source. To be believed only where that
    address shows the same: some templates name one address on every page.
    """
    if link is None or host_of(link) not in hosts_of(source):
        return None
    named = own_address(link, source)
    return named if named != url and re.search(source.articles, named) else None
