"""When a known page is asked for again and why: the looks that a source allows go where they catch most.

What counts is the time from an edit to the look that finds it. A page with r looks and λ edits a day costs
λ / 2r edits times days; of all ways to share out a number of looks, those in proportion to √λ cost least.
So a page is due when λ times the square of the days since the last look has grown to what a look costs
at the source. λ is estimated from what was seen of the page and of the source's other pages.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from operator import itemgetter, mul
from typing import Protocol, TypeAlias

from diffing.model import PageState
from seeds.sources import Source

__all__ = ["CONFIRM_GONE", "KnownPages", "NextVisit", "Pace", "PagesAtHand", "Plan", "due", "pace_of"]

DAY = dt.timedelta(days=1)

# A page found gone counts as removed when a second visit, at least this much later, finds it gone
# too (the contract's rule); from then on it is only looked at to notice that it came back.
CONFIRM_GONE = dt.timedelta(hours=12)
RECHECK_GONE = dt.timedelta(days=7)

# However still a page is, it may vanish: it is looked at once in so long. Where a source has so many pages
# that this alone would take more than a fifth of its looks, the wait grows: looks at what is edited matter
# more. Trades the notice of a removal against that of edits, see `python -m bench.freshness`.
LONGEST = dt.timedelta(days=30)
FLOOR_SHARE = 0.2

# What a look must save to be worth asking for, in edits times days: a page that is edited once in 500 days
# is looked at once a day, one that is edited daily every hour. Set by hand; it trades freshness against
# requests where a source has few pages. Where it has many, its budget asks for more. With five times as
# much the demo's 40 pages took four weeks longer to find a page withdrawn.
WORTH = 0.001

# A server that answers "not modified" to everything is found out by asking without validators now and
# then: after so long with no body, and so many answers. Of the looks at a page that is looked at weekly
# that is one in four, of those at one that is looked at hourly one in 170.
WHOLE_AFTER = dt.timedelta(days=7)
WHOLE_LOOKS = 3

# A page is looked at daily from so long before an event that it names until so long after it. Of 29
# recorded edits of government pages about an event 6 came in the two weeks before its day, 5 within three
# days of it.
AROUND_EVENT = dt.timedelta(days=2)

# The rates that a page can have, in edits a day when it is new: six a decade, so that the estimate is within
# a fifth of a truth between two of them, which costs less than 1 % of the mean delay.
RATES = tuple(10 ** (step / 6) for step in range(-30, 10))

# Before anything was seen of a source: its pages have rates from one edit in ten thousand days to one a day,
# each as likely, as if that had been learned from so many pages. What is seen soon outweighs it.
EXPECTED = tuple(1.0 if 1e-4 <= rate <= 1.0 else 0.01 for rate in RATES)
EXPECTED_PAGES = 20.0

# The share of a new page's rate that lasts for good; the rest thins out as one over the square of the days
# since it came out or was last edited: of 30 recorded edits of dated pages 17 came within two days of the
# date, 3 in the month after those, 6 after a year. Which share fits best is learned a source; before anything
# was seen it is the first.
LASTING = (0.01, 0.001, 0.1, 1.0)

# Steps of learning. Twice as many change the mean delay in bench/freshness.py by less than 1 %.
ROUNDS = 12

# Pages of which nearly the same was seen share one estimate: so many kinds of amount an octave, and in the
# number of changes beyond FEW. It makes 20,000 pages cost what some hundred do.
FINE = 3
FEW = 8

# Pages whose rates have nearly the same root share one place when looks are shared out: so many places an
# octave. Only a page at the edge of what it may be given at least or at most can be taken for one beyond it.
ROOTS_FINE = 64

_NOTHING = -99

# What was seen of a page, coarsely: changes, the mean exposure before one, and the exposure without.
_Seen: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How many looks at known pages a source allows a day, and how often a run comes."""

    looks_a_day: float
    interval: dt.timedelta

    @property
    def shortest(self) -> float:
        """The least number of days between two looks at a page: half a run, as runs are not on the dot."""
        return self.interval / DAY / 2


def pace_of(source: Source) -> Pace:
    """The source's `visits_per_day`, or half of what its delay leaves time for where that is less."""
    room = DAY.total_seconds() / source.delay / 2 if source.delay else math.inf
    return Pace(looks_a_day=min(float(source.visits_per_day), room), interval=source.interval)


class KnownPages(Protocol):
    """What is known of a source's pages when a run begins: asked for anew each time rather than held.

    So a run takes as much memory with a hundred thousand pages as with a hundred.
    """

    def __iter__(self) -> Iterator[PageState]:
        """All of them once, in any order."""

    def get(self, url: str, /) -> PageState | None:
        """The page at that address, without the event that it names; None: nothing is known of it."""


@dataclass(frozen=True, slots=True)
class PagesAtHand:
    """Known pages that are few enough to be held."""

    pages: Sequence[PageState] = ()

    def __iter__(self) -> Iterator[PageState]:
        return iter(self.pages)

    def get(self, url: str, /) -> PageState | None:
        """The page at that address."""
        return next((page for page in self.pages if page.url == url), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextVisit:
    """The earliest moment (UTC) at which a page is due, and one line of why."""

    at: dt.datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How the looks of a source are shared out, as learned from all its pages.

    `lasting` is the share of a new page's rate that stays. `shares` says which share of the pages has
    which of RATES. `price` is what a look costs, in edits times days, `longest` the longest wait in days.
    """

    pace: Pace
    lasting: float
    price: float
    longest: float
    shares: Sequence[float] = field(repr=False)
    _rates: Mapping[_Seen, float] = field(repr=False)

    @classmethod
    def of(cls, pages: Iterable[PageState], pace: Pace) -> Plan:
        """What the pages of a source, as they were last seen, make of its pace.

        They are walked through twice and not held. Addresses that moved are none.
        """
        number, lasting, shares, rates = _learned(_present(pages))
        floor = min(DAY / LONGEST, FLOOR_SHARE * pace.looks_a_day / max(1, number))
        plan = cls(pace=pace, lasting=lasting, price=WORTH, longest=1 / floor, shares=shares, _rates=rates)
        roots = _counted(math.sqrt(plan.edits_a_day(page)) for page in _present(pages))
        scale = _scale(roots, pace.looks_a_day, floor, max(1 / pace.shortest, floor))
        return replace(plan, price=max(WORTH, 0.5 / scale**2))

    def edits_a_day(self, page: PageState) -> float:
        """How often the page was edited when it was last looked at, as far as can be told."""
        age = (1 + _quiet(page)) ** 2
        if page.event is not None:
            age = min(age, 1 + _days_from(page.event, page.last_visit))
        return self._rate(page) * (self.lasting + (1 - self.lasting) / age)

    def wait(self, page: PageState) -> float:
        """How many days after the last good look the page is due, as long as it is there."""
        rate, fading, start = self._rate(page), 1 - self.lasting, 1 + _quiet(page)
        worth = self.price / rate
        days = math.sqrt(2 * worth / (self.lasting + fading / start**2))
        # What edits cost in so many days rises ever faster, so Newton's steps come down to the days at once.
        for _ in range(12 if fading else 0):
            end = start + days
            cost = self.lasting * days * days / 2 + fading * (days / start - math.log(end / start))
            step = (cost - worth) / (self.lasting * days + fading * (1 / start - 1 / end))
            days -= step
            if abs(step) < 1e-6 * days:
                break
        if page.event is not None:
            near = fading / (1 + _days_from(page.event, page.last_visit))
            days = min(days, math.sqrt(2 * worth / (self.lasting + near)), _until_event(page))
        return max(min(days, self.longest), self.pace.shortest)

    def next_visit(self, page: PageState) -> NextVisit:
        """When the page is due, and why then. Looks to spare may go to it before."""
        at = self.next_at(page)
        if page.gone_since is not None:
            return NextVisit(at=at, why=_why_gone(page))
        if (failing := _failing(page)) is not None:
            wait = self._wait_failing(page, failing)
            return NextVisit(at=at, why=f"could not be read for {_span(failing)}: again after {_span(wait)}")
        return NextVisit(at=at, why=self._why(page, self.wait(page)))

    def next_at(self, page: PageState) -> dt.datetime:
        """The same without the reason, for which words would have to be found."""
        if page.gone_since is not None:
            return _when_gone(page)
        failing = _failing(page)
        wait = self.wait(page) if failing is None else self._wait_failing(page, failing)
        return page.last_visit + wait * DAY

    def ripeness(self, page: PageState, now: dt.datetime) -> float:
        """The share of its wait that has passed at `now`: 1 and more where the page is due."""
        if page.gone_since is not None:
            due_at = _when_gone(page)
            # What is to be confirmed goes before all else.
            urgent = (
                math.inf
                if due_at - page.last_visit < RECHECK_GONE
                else (now - page.last_visit) / RECHECK_GONE
            )
            return urgent if due_at <= now else -math.inf
        failing = _failing(page)
        wait = self.wait(page) if failing is None else self._wait_failing(page, failing)
        waited = (now - page.last_visit) / DAY
        # Of the runs before and after its moment the nearer one is meant, or every wait grew by half a run.
        early = self.pace.interval / DAY / 2
        return (waited + early) / wait if waited >= self.pace.shortest else -math.inf

    def _wait_failing(self, page: PageState, failing: float) -> float:
        return max(self.pace.shortest, min(failing, self.wait(page)))

    def _rate(self, page: PageState) -> float:
        seen = _seen(page, self.lasting)
        known = self._rates.get(seen)
        return _expected_rate(seen, self.shares) if known is None else known

    def _why(self, page: PageState, wait: float) -> str:
        found = _found(page)
        if page.event is not None and wait <= _until_event(page):
            found = f"names an event {_event_in_words(page.event, page.last_visit)}; {found}"
        return f"{found}: about one edit in {_span(1 / self.edits_a_day(page))}, so after {_span(wait)}"


def due(
    pages: Iterable[PageState],
    now: dt.datetime,
    pace: Pace,
    *,
    plan: Plan | None = None,
    full: bool = False,
) -> tuple[PageState, ...]:
    """The pages to ask for again at `now` (aware), most urgent first; all of them where `full`.

    A run gets the looks of the time since the last one, at most of a day. What of them the pages that are
    due leave over goes to those that are nearest to it, as far as a look at them is worth a request.
    A page is without its validators where a body is wanted whatever the server says of them. `plan` is what
    was learned before; None: it is learned now.

    `pages` must be such that they can be walked through again; no more of them are held than a day's looks.
    Addresses that moved are left out.
    """
    plan = plan or Plan.of(pages, pace)
    generous = replace(plan, price=WORTH)
    ripest = _Ripest(most=None if full else math.ceil(pace.looks_a_day))
    newest: dt.datetime | None = None
    for page in pages:
        if page.moved_to is not None:
            continue
        newest = page.last_visit if newest is None else max(newest, page.last_visit)
        ripeness = plan.ripeness(page, now)
        place = (-ripeness, page.last_visit, page.url)
        # Due, or as good as due if a look cost no more than it must be worth.
        if ripest.has_room(place) and (full or ripeness >= 1 or generous.ripeness(page, now) >= 1):
            ripest.add(place, page)
    looks = None if full or newest is None else _looks(newest, now, pace)
    return tuple(_whole(page, now) for page in ripest.first(looks))


# By what pages are ordered, most urgent first: ripeness turned round, when it was last visited, its address.
_Place: TypeAlias = tuple[float, dt.datetime, str]


@dataclass(slots=True)
class _Ripest:
    """The first of many pages in their order, without holding them all; None: there is no bound."""

    most: int | None
    _found: list[tuple[_Place, PageState]] = field(default_factory=list)
    _last: _Place | None = None

    def has_room(self, place: _Place) -> bool:
        """Whether a page with that place may be among the first."""
        return self._last is None or place < self._last

    def add(self, place: _Place, page: PageState) -> None:
        """Takes the page among them."""
        self._found.append((place, page))
        if self.most is not None and len(self._found) > 2 * self.most:
            self._sort()
            del self._found[self.most :]
            self._last = self._found[-1][0] if self._found else None

    def first(self, number: int | None) -> Iterator[PageState]:
        """So many of them, in order."""
        self._sort()
        return (page for _, page in self._found[:number])

    def _sort(self) -> None:
        self._found.sort(key=itemgetter(0))


def _present(pages: Iterable[PageState]) -> Iterator[PageState]:
    return (page for page in pages if page.gone_since is None and page.moved_to is None)


def _looks(newest: dt.datetime, now: dt.datetime, pace: Pace) -> int:
    """How many looks a run at `now` has where the newest was at `newest`."""
    return math.ceil(pace.looks_a_day * min(max(now - newest, pace.interval), DAY) / DAY)


def _whole(page: PageState, now: dt.datetime) -> PageState:
    since = page.last_body or page.first_seen
    if page.bodiless >= WHOLE_LOOKS and now - since >= WHOLE_AFTER:
        return replace(page, etag=None, last_modified=None)
    return page


def _when_gone(page: PageState) -> dt.datetime:
    since = page.gone_since or page.last_visit
    confirmed = page.last_visit - since >= CONFIRM_GONE
    return page.last_visit + RECHECK_GONE if confirmed else since + CONFIRM_GONE


def _why_gone(page: PageState) -> str:
    since = page.gone_since or page.last_visit
    if page.last_visit - since < CONFIRM_GONE:
        return f"found gone on {since:%Y-%m-%d %H:%MZ}: again 12 hours later, to be sure"
    return f"gone since {since:%Y-%m-%d}: once a week, in case it comes back"


def _failing(page: PageState) -> float | None:
    """For how many days the page could not be read when it was last tried; None: it could."""
    good = page.first_seen if page.last_good is None else page.last_good
    if page.last_good is not None and page.last_visit <= good:
        return None
    return (page.last_visit - good) / DAY


def _days_from(event: tuple[dt.date, dt.date], moment: dt.datetime) -> float:
    """The days between the moment and the event; 0 while it is under way."""
    begins, ends = _bounds(event)
    return max(0.0, (begins - moment) / DAY, (moment - ends) / DAY)


def _bounds(event: tuple[dt.date, dt.date]) -> tuple[dt.datetime, dt.datetime]:
    first, last = (dt.datetime.combine(day, dt.time(), dt.UTC) for day in event)
    return first, last + DAY


def _until_event(page: PageState) -> float:
    """The longest wait, in days, that an event allows: half of the time until it, about it a day."""
    if page.event is None:
        return math.inf
    begins, ends = _bounds(page.event)
    if page.last_visit > ends + AROUND_EVENT:
        return math.inf
    return max(1.0, (begins - page.last_visit) / DAY / 2)


def _event_in_words(event: tuple[dt.date, dt.date], moment: dt.datetime) -> str:
    begins, ends = _bounds(event)
    if moment < begins:
        return f"of {event[0]}, {_span((begins - moment) / DAY)} ahead"
    return f"that ended on {event[1]}" if moment >= ends else f"under way until {event[1]}"


def _quiet(page: PageState) -> float:
    """For how many days the page had been as it was when it was last looked at."""
    return max(0.0, (page.last_visit - page.quiet_since) / DAY)


def _found(page: PageState) -> str:
    quiet = _quiet(page)
    if page.changes_seen:
        times = "once" if page.changes_seen == 1 else f"{page.changes_seen} times"
        return f"edited {times}, quiet for {_span(quiet)} when last seen"
    return f"never seen edited, {_span(quiet)} old when last seen" if quiet else "new when last seen"


def _span(days: float) -> str:
    """A span in words, in the unit that suits it."""
    for unit, length in (("year", 365.25), ("day", 1.0), ("hour", 1 / 24)):
        if days >= 2 * length:
            return f"{days / length:,.0f} {unit}s"
    minutes = round(days * 24 * 60)
    return "a minute" if minutes == 1 else f"{minutes} minutes"


def _octave(amount: float) -> int:
    return round(FINE * math.log2(amount)) if amount > 0 else _NOTHING


def _amount(octave: int) -> float:
    return 0.0 if octave == _NOTHING else 2 ** (octave / FINE)


def _seen(page: PageState, lasting: float) -> _Seen:
    fading = 1 - lasting
    without = _octave(lasting * page.unchanged_days + fading * page.unchanged_youth)
    changes = page.changes_timed
    if not changes:
        return 0, _NOTHING, without
    before = _octave((lasting * page.changed_days + fading * page.changed_youth) / changes)
    return changes if changes <= FEW else FEW + _octave(changes / FEW), before, without


def _chances(seen: _Seen) -> tuple[list[float], float]:
    """How likely what was seen is at each of RATES, over the most likely, and the logarithm of that one.

    A look finds a change with the probability 1 - exp(-rate · exposure); of several the mean exposure
    stands for each.
    """
    number, before, without = seen[0], _amount(seen[1]), _amount(seen[2])
    if not number:
        return [math.exp(-rate * without) for rate in RATES], 0.0
    changes = number if number <= FEW else FEW * _amount(number - FEW)
    logs = [changes * math.log(-math.expm1(-rate * before)) - rate * without for rate in RATES]
    most = max(logs)
    return [math.exp(value - most) for value in logs], most


def _expected_rate(seen: _Seen, shares: Sequence[float]) -> float:
    weights = list(map(mul, _chances(seen)[0], shares))
    return math.fsum(map(mul, weights, RATES)) / math.fsum(weights)


def _learned(pages: Iterable[PageState]) -> tuple[int, float, Sequence[float], Mapping[_Seen, float]]:
    """How many pages there are, and what was seen of them all.

    That is which of LASTING makes it likeliest, the shares of RATES, and the rates by what was seen.
    """
    number = 0
    counts: dict[float, Counter[_Seen]] = {lasting: Counter() for lasting in LASTING}
    for page in pages:
        number += 1
        for lasting, seen in counts.items():
            seen[_seen(page, lasting)] += 1
    fits = []
    for lasting, seen in counts.items():
        shares, likelihood = _shares(seen)
        fits.append((likelihood, lasting, shares, seen))
    _, lasting, shares, seen = max(fits, key=lambda fit: fit[0])
    return number, lasting, shares, {kind: _expected_rate(kind, shares) for kind in seen}


def _shares(seen: Mapping[_Seen, int]) -> tuple[Sequence[float], float]:
    """Which share of the pages has which of RATES, and the logarithm of how likely it makes what was seen.

    The shares that make it most likely are approached step by step (expectation and maximisation).
    """
    expected = [EXPECTED_PAGES * share / sum(EXPECTED) for share in EXPECTED]
    pages = EXPECTED_PAGES + sum(seen.values())
    shares = [share / EXPECTED_PAGES for share in expected]
    chances = [(*_chances(kind), count) for kind, count in seen.items()]
    likelihood = 0.0
    for _ in range(ROUNDS):
        sums, likelihood = expected, 0.0
        for chance, most, count in chances:
            weights = list(map(mul, chance, shares))
            whole = sum(weights)
            factor = count / whole
            sums = [before + factor * weight for before, weight in zip(sums, weights, strict=True)]
            likelihood += count * (most + math.log(whole))
        shares = [share / pages for share in sums]
    return shares, likelihood


def _counted(roots: Iterable[float]) -> Sequence[tuple[float, int]]:
    """The roots, ascending, each with how many are about it."""
    alike: dict[int, tuple[float, int]] = {}
    for root in roots:
        place = round(ROOTS_FINE * math.log2(root))
        total, number = alike.get(place, (0.0, 0))
        alike[place] = (total + root, number + 1)
    return sorted((total / number, number) for total, number in alike.values())


def _scale(roots: Sequence[tuple[float, int]], looks: float, floor: float, most: float) -> float:
    """What turns each root (ascending, with how many there are) into its looks a day, so many in all.

    Each has its looks within the bounds. Infinite where all pages together cannot use so many.
    """
    numbers = [0, *accumulate(number for _, number in roots)]
    if not roots or most * numbers[-1] <= looks:
        return math.inf
    sums = [0.0, *accumulate(root * number for root, number in roots)]
    values = [root for root, _ in roots]

    def spent(scale: float) -> float:
        slow, quick = bisect_left(values, floor / scale), bisect_left(values, most / scale)
        bounded = floor * numbers[slow] + most * (numbers[-1] - numbers[quick])
        return bounded + scale * (sums[quick] - sums[slow])

    low, high = floor / values[-1], most / values[0]
    for _ in range(50):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if spent(middle) <= looks else (low, middle)
    return low
