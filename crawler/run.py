"""One run over all sources: owns the reactor, and raises what went wrong in it. Once a process."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import logging
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from types import FrameType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler import settings
from crawler.errors import CrawlFailed
from crawler.scheduling import KnownPages, PagesAtHand
from crawler.urls import canonical
from diffing.model import Fetched, Manner
from seeds.sources import Source

if TYPE_CHECKING:
    from crawler.guard import Policy
    from crawler.spiders.watch import Errand, Walk

__all__ = ["Bounds", "crawl", "fetch"]


# Seconds. Without any delay Scrapy 2.19 starts all waiting requests of a host before it counts the
# first as started, and so opens several connections at once; seen by the test of one connection a host.
LEAST_DELAY = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a run may spend, on one answer and in all; the defaults are those of crawler/settings.py.

    `timeout` seconds for a whole answer, `size` bytes of it (packed and unpacked), `retries` after a
    passing failure, `pause` seconds before the first of them. `time` seconds after which a run asks for
    nothing more; what it did not come to stays due.
    """

    timeout: float = settings.DOWNLOAD_TIMEOUT
    size: int = settings.DOWNLOAD_MAXSIZE
    retries: int = settings.RETRY_TIMES
    pause: float = settings.PAUSE_SECONDS
    time: float = settings.RUN_SECONDS


def crawl(
    sources: Sequence[Source],
    pages: Mapping[str, KnownPages],
    deliver: Callable[[Fetched], None],
    *,
    now: dt.datetime,
    contact: str,
    limit: int | None = None,
    full: bool = False,
    bounds: Bounds | None = None,
    manners: Iterable[Manner] = (),
    learned: Callable[[Manner], None] | None = None,
) -> None:
    """Visits what is new or due of every source, and gives `deliver` one Fetched a visit, failures too.

    `pages` tells what is known, by source name, and is asked while the run goes on; `now` (aware) is the
    clock of the run and the `fetched_at` of every visit. `contact` is the address that the User-Agent names.
    `limit` bounds the article pages asked for of each source. `full` asks for every known page without
    validators, and walks all listing pages. `manners` are what sites asked of earlier runs; `learned` is
    given what they ask of this one.

    Raises what `deliver` or `learned` raised, once the run has stopped; KeyboardInterrupt after SIGINT or
    SIGTERM, when what was under way is delivered; CrawlFailed where the run could not start, or a second one
    is started in the same process (the network engine cannot start twice: use a process a run).
    """
    from crawler.spiders.watch import Walk

    nothing = PagesAtHand()
    walks = [
        Walk.of(source, pages.get(source.name, nothing), now, limit=limit, full=full) for source in sources
    ]
    plan = _Plan(walks=walks, policy=_policy(sources), delays=_delays(sources))
    _run(plan, manners, deliver, learned, now=now, contact=contact, bounds=bounds or Bounds())


def fetch(
    url: str,
    *,
    contact: str,
    now: dt.datetime,
    private: bool = False,
    language: str = "en",
    bounds: Bounds | None = None,
) -> Fetched:
    """One visit to one page of any site, under the same guards; the failure is in what it returns.

    `private` allows addresses of this machine or a private network. Raises what `crawl` raises.
    """
    from crawler.guard import Policy
    from crawler.spiders.watch import Errand

    errand = Errand(url=canonical(url), language=language)
    named = urlsplit(errand.url).port
    plan = _Plan(
        walks=[errand],
        policy=Policy(
            private_hosts=errand.hosts if private else frozenset(),
            ports={host: frozenset({named} if named else ()) for host in errand.hosts},
            remedy="only public addresses are read this way",
        ),
        delays=dict.fromkeys(errand.hosts, LEAST_DELAY),
    )
    found: list[Fetched] = []
    _run(plan, (), found.append, None, now=now, contact=contact, bounds=bounds or Bounds())
    if not found:
        raise CrawlFailed(f"{url} was not visited, and nothing says why")
    return found[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """Where a run goes: its ways, what it may reach, and per host the seconds between two requests."""

    walks: Sequence[Walk | Errand]
    policy: Policy
    delays: Mapping[str, float]


_started = False


def _run(
    plan: _Plan,
    manners: Iterable[Manner],
    deliver: Callable[[Fetched], None],
    learned: Callable[[Manner], None] | None,
    *,
    now: dt.datetime,
    contact: str,
    bounds: Bounds,
) -> None:
    global _started  # noqa: PLW0603 (Twisted's reactor is one a process, and cannot start twice)
    if _started:
        raise CrawlFailed(
            "A second run in one process: the network engine cannot start twice; use a process a run"
        )
    _started = True
    from scrapy.crawler import AsyncCrawlerProcess

    from crawler.manners import Manners
    from crawler.spiders.watch import WatchSpider

    process = AsyncCrawlerProcess(_settings(plan, contact, bounds))
    # Afterwards: Scrapy takes away the handlers that its loggers had.
    _keep_quiet()
    logging.getLogger("scrapy").setLevel(logging.WARNING)
    crawler = process.create_crawler(WatchSpider)
    # Not in the settings, which are copied: what the run learns is asked for by all that run in it.
    crawler.manners = Manners.of(manners, now)  # type: ignore[attr-defined]
    task = process.crawl(
        crawler, walks=plan.walks, deliver=deliver, learned=learned, now=now, seconds=bounds.time
    )
    # What the imports made stays, and need not be looked through for cycles again and again.
    gc.freeze()
    with _stopping_politely(process) as received:
        process.start(install_signal_handlers=False)
    spider = crawler.spider
    if isinstance(spider, WatchSpider) and spider.error is not None:
        raise spider.error
    if task.done() and not task.cancelled() and (error := task.exception()):
        raise CrawlFailed(f"The run could not start ({type(error).__name__}: {error})") from error
    if received:
        raise KeyboardInterrupt


def _settings(plan: _Plan, contact: str, bounds: Bounds) -> Any:
    from scrapy.settings import Settings

    chosen = Settings()
    chosen.setmodule("crawler.settings", priority="project")
    values: dict[str, object] = {
        "USER_AGENT": f"csto-watch/{_version()} (+{' '.join(contact.split())})",
        "DOWNLOAD_TIMEOUT": bounds.timeout,
        "DOWNLOAD_MAXSIZE": bounds.size,
        "RETRY_TIMES": bounds.retries,
        "PAUSE_SECONDS": bounds.pause,
        "DOWNLOAD_SLOTS": {
            host: {"concurrency": 1, "delay": delay, "jitter": 0.0} for host, delay in plan.delays.items()
        },
        "GUARD_POLICY": plan.policy,
    }
    chosen.setdict(values, priority="cmdline")
    return chosen


def _version() -> str:
    try:
        return version("csto-watch")
    except PackageNotFoundError:
        return "0"


def _delays(sources: Sequence[Source]) -> Mapping[str, float]:
    """Per host the largest delay of the sources that share it."""
    from crawler.addresses import hosts_of

    delays: dict[str, float] = {}
    for source in sources:
        for host in hosts_of(source):
            delays[host] = max(source.delay, delays.get(host, LEAST_DELAY))
    return delays


def _policy(sources: Sequence[Source]) -> Policy:
    from crawler.addresses import hosts_of
    from crawler.guard import Policy

    ports: dict[str, frozenset[int]] = {}
    for source in sources:
        named = {port for url in source.start if (port := urlsplit(url).port) is not None}
        for host in hosts_of(source):
            ports[host] = ports.get(host, frozenset()) | named
    private = frozenset(host for source in sources if source.private for host in hosts_of(source))
    return Policy(private_hosts=private, ports=ports)


def _keep_quiet() -> None:
    """Without a handler of the user's, Python itself would print Scrapy's warnings to stderr."""
    for name in ("scrapy", "twisted", "asyncio", "py.warnings"):
        logging.getLogger(name).addHandler(logging.NullHandler())


@contextlib.contextmanager
def _stopping_politely(process: Any) -> Iterator[list[int]]:
    """While inside, the first SIGINT or SIGTERM lets what is under way finish, the second does not.

    Yields the list of signals received. Off the main thread Python takes no signals: none are set.
    """
    received: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        del frame
        from twisted.internet import reactor

        running: Any = reactor
        received.append(number)
        if len(received) == 1:
            running.callFromThread(process._graceful_stop_reactor)  # noqa: SLF001 (Scrapy's own handler does this)
        else:
            running.callFromThread(process._stop_reactor)  # noqa: SLF001 (Scrapy's own handler does this)

    previous: dict[signal.Signals, Any] = {}
    with contextlib.suppress(ValueError):
        for which in (signal.SIGINT, signal.SIGTERM):
            previous[which] = signal.signal(which, stop)
    try:
        yield received
    finally:
        for which, handler in previous.items():
            signal.signal(which, handler)
