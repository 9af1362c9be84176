"""The one spider: it asks for listings and pages, and hands over what came back, untouched."""

from __future__ import annotations

import asyncio
import datetime as dt
import math
import re
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider, signals
from scrapy.http.request import NO_CALLBACK
from twisted.internet.defer import AlreadyCalledError

from crawler.addresses import article_named, hosts_of, own_address, twin_of
from crawler.failures import Trouble, trouble
from crawler.guard import headers_of
from crawler.links import Met, canonical_link, read_listing
from crawler.manners import manners_of
from crawler.scheduling import KnownPages, due, pace_of
from crawler.urls import canonical, host_of
from diffing.model import Fetched, Manner, PageRole, PageState
from seeds.sources import Source

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

__all__ = ["Errand", "Visit", "Walk", "WatchSpider"]

# How far pagination is followed from one start URL, and how many new pages one source may bring in one
# run. At a delay of 2 s the two bound a first run to about 20 minutes; `--limit` bounds it further,
# `--full` does not lift them.
MOST_LISTINGS = 20
MOST_ARTICLES = 500

# Links in the text of a new article lead to older ones and to what no listing shows. Those of articles
# that a listing named are followed, no farther and no more than so many a source and run: by steps of
# "previous article" a run would walk through years, and tell them as new.
MOST_MENTIONED = 50

# Addresses that were looked at once and need no second look; a hostile site names millions.
MOST_MET = 20_000

# An address that led elsewhere is asked again where a listing links it, after so long.
ASK_MOVED_AGAIN = dt.timedelta(days=7)

# A host that gave this many answers in a row which say that it is down, or busy, is left alone for the
# rest of the run, after the first of them one page is asked for at a time. Pages not asked for stay due.
GIVE_UP_AFTER = 3

# Requests of one source under way at a time: two more than the one connection uses, so that the next
# is ready when the connection is; a source's other pages wait here, not in Scrapy's memory.
UNDER_WAY = 3

_BUSY = frozenset({429, 503})
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One page to ask for; `known` is what is known of it (None: nothing, or nothing to be used).

    `listed`: a listing names it, so that the links in it are followed.
    """

    url: str
    role: PageRole
    known: PageState | None = None
    listed: bool = False


@dataclass(slots=True, kw_only=True)
class Walk:
    """The way through one source in one run: which page comes next, and when there is none.

    Listings come first, one at a time, because what the first shows decides whether the second is
    asked for; then new pages, then known ones that are due. `budget` article pages are left to ask for,
    `bounded` by the user. `expected` are the addresses that were due when it began, and those that were gone
    or had moved and that a listing shows again. `shown` are the articles that listings named so far,
    `mentioned` the unknown ones to which new articles lead; `awaited` such articles are under way.
    """

    source: Source
    hosts: frozenset[str]
    known: KnownPages
    now: dt.datetime
    due: deque[PageState]
    budget: int
    bounded: bool = False
    full: bool = False
    expected: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    mentioned: set[str] = field(default_factory=set)
    met: set[str] = field(default_factory=set)
    met_tags: Met = field(default_factory=Met)
    awaited: int = 0
    parts: set[str] = field(default_factory=set)
    starts: deque[str] = field(default_factory=deque)
    further: deque[str] = field(default_factory=deque)
    fresh: deque[str] = field(default_factory=deque)
    seen: set[str] = field(default_factory=set)
    listings_left: int = MOST_LISTINGS
    listing_under_way: bool = False
    under_way: int = 0
    failures_in_a_row: int = 0

    @classmethod
    def of(
        cls, source: Source, pages: KnownPages, now: dt.datetime, *, limit: int | None, full: bool
    ) -> Walk:
        """The walk through `source` at `now`, of which `pages` are known."""
        walk = cls(
            source=source,
            hosts=hosts_of(source),
            known=pages,
            now=now,
            due=deque(),
            budget=MOST_ARTICLES if limit is None else limit,
            bounded=limit is not None,
            full=full,
            starts=deque(dict.fromkeys(canonical(url) for url in source.start)),
        )
        walk.seen.update(walk.starts)
        walk.due.extend(
            page for page in due(pages, now, pace_of(source), full=full) if not walk.is_listing(page.url)
        )
        walk._allow(len(walk.due))
        walk.expected.update(page.url for page in walk.due)
        return walk

    @property
    def name(self) -> str:
        """The source's."""
        return self.source.name

    @property
    def render(self) -> bool:
        """Whether a browser runs the scripts of its pages."""
        return self.source.render

    @property
    def language(self) -> str:
        """The source's."""
        return self.source.language

    def _allow(self, pages: int) -> None:
        """Known pages that are due are always looked at, unless the user set a limit for all pages."""
        self.budget += 0 if self.bounded else pages

    def is_listing(self, url: str) -> bool:
        """Whether the URL is a start, or a listing page that `follow` names and `articles` does not."""
        return url in self.starts or (
            self.source.follow is not None
            and re.search(self.source.follow, url) is not None
            and re.search(self.source.articles, url) is None
        )

    def take(self) -> Visit | None:
        """The next visit, or None where there is none for now."""
        in_trouble = self.failures_in_a_row > 0
        if self.failures_in_a_row >= GIVE_UP_AFTER or self.under_way >= (1 if in_trouble else UNDER_WAY):
            return None
        visit = self._next()
        if visit is not None:
            self.seen.add(visit.url)
            self.under_way += 1
            self.listing_under_way |= visit.role is PageRole.LISTING
            self.budget -= visit.role is PageRole.ARTICLE
            self.awaited += visit.listed
        return visit

    def _next(self) -> Visit | None:
        if self.listing_under_way:
            return None
        if self.budget > 0 and self.fresh:
            return Visit(url=self.fresh.popleft(), role=PageRole.ARTICLE, listed=True)
        if self.further and self.listings_left > 0 and self.budget > 0:
            self.listings_left -= 1
            return Visit(url=self.further.popleft(), role=PageRole.LISTING)
        if self.starts:
            self.further.clear()
            self.listings_left = MOST_LISTINGS
            return Visit(url=self.starts.popleft(), role=PageRole.LISTING)
        if self.awaited:
            return None
        # In an order that does not depend on that of the answers.
        while self.budget > 0 and self.mentioned:
            url = min(self.mentioned)
            self.mentioned.remove(url)
            if url not in self.seen:
                return Visit(url=url, role=PageRole.ARTICLE)
        while self.budget > 0 and self.due:
            page = self.due.popleft()
            if page.url not in self.seen:
                return Visit(url=page.url, role=PageRole.ARTICLE, known=page)
        return None

    def note(self, visit: Visit, fetched: Fetched, *, site_is_down: bool) -> None:
        """Learns from what a visit brought: links of a listing, and whether the host is well."""
        self.under_way -= 1
        down = site_is_down or fetched.status in _BUSY
        self.failures_in_a_row = self.failures_in_a_row + 1 if down else 0
        if visit.role is PageRole.LISTING:
            self.listing_under_way = False
            if fetched.status == 200:
                self._learn(fetched)
        elif visit.listed:
            self.awaited -= 1
            if fetched.status == 200:
                self._learn_of_article(fetched)
            if not self.awaited and not self.fresh and not self.starts:
                self.mentioned = set(sorted(self.mentioned - self.seen)[:MOST_MENTIONED])

    def _learn(self, fetched: Fetched) -> None:
        listing = read_listing(fetched.body, fetched.header("Content-Type"), fetched.final_url)
        found = (self.settled(link) for link in listing.pages if host_of(link) in self.hosts)
        links = list(dict.fromkeys(found))
        articles = [link for link in links if re.search(self.source.articles, link)]
        known = [page for page in map(self.known.get, articles) if page is not None]
        addresses = {page.url for page in known}
        new = [link for link in articles if link not in addresses and link not in self.seen]
        self.seen.update(new)
        self.fresh.extend(new)
        # What the site shows again may be back: it is not left until its weekly look.
        away = [page for page in known if page.url not in self.expected and self._is_away(page)]
        returned = sorted(away, key=lambda page: page.gone_since is None)
        self.expected.update(page.url for page in returned)
        self.due.extendleft(reversed(returned))
        self._allow(len(returned))
        # What an earlier listing showed says nothing of this one: page 2 leads back to page 1.
        own = [link for link in articles if link not in self.shown]
        self.shown.update(own)
        if own and not new and not self.full:
            # Only known articles: what comes after them on the same kind of list is older, and known.
            kind = _DIGITS.sub("#", fetched.url)
            # The parts of a sitemap are in no such order.
            self.further = deque(
                url for url in self.further if url in self.parts or _DIGITS.sub("#", url) != kind
            )
            return
        if articles and not own and fetched.url not in map(canonical, self.source.start):
            # Nor does it say where to go on: some sites answer any number of a page with their last one.
            return
        follow = self.source.follow
        onward = [link for link in links if follow and link not in articles and re.search(follow, link)]
        parts = [self.settled(link) for link in listing.sitemaps if host_of(link) in self.hosts]
        self.parts.update(parts)
        onward += parts
        for link in onward:
            if link not in self.seen:
                self.seen.add(link)
                self.further.append(link)

    def _is_away(self, page: PageState) -> bool:
        """Whether it was found gone, or to lead to another address a while ago."""
        if page.moved_to is not None and (self.full or self.now - page.last_visit >= ASK_MOVED_AGAIN):
            return True
        return page.gone_since is not None

    def _learn_of_article(self, fetched: Fetched) -> None:
        """The articles to which a new one leads, and the address that it names as its own."""
        kind = fetched.header("Content-Type")
        link = canonical_link(fetched.body, kind, fetched.final_url)
        named = article_named(link, fetched.final_url, self.source)
        links = read_listing(fetched.body, kind, fetched.final_url, self.met_tags).pages
        if len(self.met) > MOST_MET:
            self.met.clear()
        for link in (*([named] if named else []), *links):
            if link in self.met:
                continue
            self.met.add(link)
            if host_of(link) not in self.hosts:
                continue
            address = self.settled(link)
            if (
                address not in self.seen
                and re.search(self.source.articles, address)
                and self.known.get(address) is None
            ):
                self.mentioned.add(address)

    def settled(self, url: str) -> str:
        """The address under the source's own scheme and host."""
        return own_address(url, self.source)


@dataclass(slots=True, kw_only=True)
class Errand:
    """The way to one page of any site and no further."""

    url: str
    language: str
    name: str = "url"
    full: bool = True
    render: bool = False
    done: bool = False

    @property
    def hosts(self) -> frozenset[str]:
        """Those that may answer: the page's own, with and without `www.`."""
        host = host_of(self.url)
        return frozenset({host, twin_of(host)})

    def take(self) -> Visit | None:
        """The page, once."""
        if self.done:
            return None
        self.done = True
        return Visit(url=self.url, role=PageRole.ARTICLE)

    def settled(self, url: str) -> str:
        """The address as it is: there is no other to be kept apart from."""
        return url

    def note(self, visit: Visit, fetched: Fetched, *, site_is_down: bool) -> None:
        """Whatever it brought, there is nothing more to ask for."""
        del visit, fetched, site_is_down


class WatchSpider(Spider):
    """Walks all sources of a run at once, each politely, and delivers every visit.

    It asks Scrapy's downloader itself: scheduler, scraper and item pipeline would queue again what a walk
    has in order already, and take half of all processor time of a page for it.
    """

    name = "watch"

    def __init__(
        self,
        walks: Sequence[Walk | Errand] = (),
        deliver: Callable[[Fetched], None] | None = None,
        learned: Callable[[Manner], None] | None = None,
        now: dt.datetime | None = None,
        seconds: float = math.inf,
        **arguments: Any,
    ) -> None:
        super().__init__(**arguments)
        self._walks = walks
        self._deliver = deliver
        self._learned = learned
        self._now = now
        self._seconds = seconds
        self._ends_at = math.inf
        self._over = False
        self._under_way: set[asyncio.Task[None]] = set()
        self.error: BaseException | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *arguments: Any, **named: Any) -> Self:
        """Scrapy's way to build it."""
        spider = super().from_crawler(crawler, *arguments, **named)
        crawler.signals.connect(spider.finish, signal=signals.spider_closed)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Visits what there is to visit, and ends when all is delivered; leaves no request to Scrapy."""
        self._ends_at = asyncio.get_running_loop().time() + self._seconds
        try:
            for walk in self._walks:
                self._begin(self._set_out(walk))
            await self.finish()
        finally:
            # Scrapy cancels this where a signal ends the run.
            self._over = True
        none: tuple[Request, ...] = ()
        for request in none:
            yield request

    async def finish(self) -> None:
        """Waits until all that is under way is delivered."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._under_way.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """What went wrong ends the run, which raises it when it has stopped."""
        self._under_way.discard(task)
        if not task.cancelled() and self.error is None:
            self.error = task.exception()

    async def _set_out(self, walk: Walk | Errand) -> None:
        self._go_on(walk)

    def _go_on(self, walk: Walk | Errand) -> None:
        """Begins the visits that the walk has for now; each brings the next."""
        while self._is_asking() and (visit := walk.take()) is not None:
            self._begin(self._visit(walk, visit))

    def _is_asking(self) -> bool:
        return not self._over and self.error is None and asyncio.get_running_loop().time() < self._ends_at

    async def _visit(self, walk: Walk | Errand, visit: Visit) -> None:
        engine = self.crawler.engine
        if engine is None:
            raise RuntimeError("Pages are asked for only while a crawl runs")
        way: list[Request] = []
        try:
            response = await engine.download_async(_request(walk, visit, way))
        except AlreadyCalledError:
            # It leads to another address, and the run has begun to end meanwhile: the page stays due.
            return
        except Exception as error:  # noqa: BLE001 (whatever keeps an answer from us is told of the visit)
            found = trouble(error, host_of(way[-1].url if way else visit.url))
            fetched, site_is_down = self._failed(walk, visit, way, found), found.site_is_down
        else:
            fetched, site_is_down = self._answered(walk, visit, response), False
        if self.error is not None or self._deliver is None:
            return
        self._deliver(fetched)
        self._tell()
        walk.note(visit, fetched, site_is_down=site_is_down)
        self._go_on(walk)

    def _answered(self, walk: Walk | Errand, visit: Visit, response: Response) -> Fetched:
        """The visit where an answer came, of whatever status."""
        asked = response.request
        return Fetched(
            source=walk.name,
            role=visit.role,
            url=visit.url,
            final_url=visit.url
            if asked is None or not asked.meta.get("redirect_urls")
            else walk.settled(canonical(response.url)),
            fetched_at=self._clock(),
            status=response.status,
            request_headers=() if asked is None else headers_of(asked.headers),
            headers=() if asked is None else asked.meta.get("headers_as_received", ()),
            body=response.body,
            address=None if response.ip_address is None else str(response.ip_address),
            flags=tuple(response.flags),
        )

    def _failed(self, walk: Walk | Errand, visit: Visit, way: Sequence[Request], found: Trouble) -> Fetched:
        """The visit where no answer came, or none that may be kept."""
        return Fetched(
            source=walk.name,
            role=visit.role,
            url=visit.url,
            final_url=visit.url,
            fetched_at=self._clock(),
            status=None,
            request_headers=headers_of(way[-1].headers) if way else (),
            error=found.reason,
            flags=(found.flag,),
        )

    def _tell(self) -> None:
        """Hands on what the sites asked of us meanwhile."""
        learned = manners_of(self.crawler).learned
        while learned:
            manner = learned.pop(0)
            if self._learned is not None:
                self._learned(manner)

    def _clock(self) -> dt.datetime:
        if self._now is None:
            raise RuntimeError("The spider was started without a clock; start it with crawler.run.crawl")
        return self._now


def _request(walk: Walk | Errand, visit: Visit, way: list[Request]) -> Request:
    """What is asked for; `way` is to hold each request that becomes of it, redirects and further tries."""
    headers = {"Accept-Language": f"{walk.language},*;q=0.5"}
    # The validators of a page that scripts write say nothing of what they write.
    if visit.known is not None and not walk.full and not walk.render:
        headers |= _validators(visit.known)
    return Request(
        visit.url,
        callback=NO_CALLBACK,
        headers=headers,
        meta={"hosts": walk.hosts, "render": walk.render, "way": way},
    )


def _validators(page: PageState) -> Mapping[str, str]:
    """The server's own validators, byte for byte."""
    pairs = {"If-None-Match": page.etag, "If-Modified-Since": page.last_modified}
    return {name: value for name, value in pairs.items() if value is not None}
