"""How long an edit waits for the look that finds it: against looks at all pages in turn, and knowing all.

    python -m bench.freshness [--pages N] [--days N] [--seed N] [SETTING...]

One line a setting with its bars; some two minutes in all. The simulation runs crawler/scheduling.py itself:
`due` chooses the pages of each run, three runs a day, `Plan` learns once a day, and `PageState.looked` keeps
what was seen. Every edit counts, also the second between two looks; it waits until the next look at its
page, or until the end. `in turn` is the mean wait where as many requests go round the same pages evenly.

poisson  Pages whose edits come at random at rates over four orders of magnitude (one in 1,000 days to ten a
         day, each order as frequent), up to 1,000 days old at the start; a look in five days for each.
         `knowing` is the least mean wait that as many requests reach with the true rates, by looks at even
         distances of no less than the eight hours between two runs. Told for the whole time, in which all is
         learned from nothing, and for its second half.
gaps     The same with real distances: the gold's revisions hold two edits each of 44 pages. Edits come at
         random, at the rate that the distance of the two suggests.
dated    Real ages: the gold's edits of the pages whose address holds the day on which they came out, or that
         of their event. The site around them is made up: each page stands on it several times, at times of
         its own, and to each come three that are never edited; an announcement came out a month before its
         event. There are no true rates to know.

The gold's 170 edits were drawn from the histories of 126 pages, one or two a page: the whole histories are
not at hand. Where the gold is absent, the last two are left out with a word.
"""

from __future__ import annotations

import argparse
import datetime as dt
import functools
import json
import math
import random
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.scheduling import Pace, Plan, due
from diffing.model import PageState

GOLD = Path(__file__).resolve().parents[1].parent / "shared" / "gold" / "revisions_dev.jsonl"
START = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
RUN = dt.timedelta(hours=8)
RUNS_A_DAY = DAY // RUN

BAR_IN_TURN, BAR_KNOWING = 0.5, 1.25

PAGES, DAYS = 10_000, 240
TURN = 5
"""Days that the looks would take to go round all pages once."""

OLDEST = 1000.0
COPIES, NEVER_EDITED = 8, 3

Learn = Callable[[Sequence[PageState]], Plan]


@dataclass(slots=True)
class Page:
    """A simulated page: when it came out and was edited, in days from the start, and what is known of it."""

    born: float
    edits: Sequence[float]
    state: PageState
    rate: float = 0.0
    found: int = 0


@dataclass(slots=True)
class Waits:
    """How long edits waited, in days, from `since` on, and what it took: looks, and days times pages."""

    since: float = 0.0
    edits: int = 0
    days: float = 0.0
    looks: int = 0
    page_days: float = 0.0

    def end(self, edits: Iterable[float], at: float) -> None:
        for edit in edits:
            if edit >= self.since:
                self.edits += 1
                self.days += at - edit

    @property
    def mean(self) -> float:
        return self.days / self.edits

    @property
    def in_turn(self) -> float:
        return self.page_days / self.looks / 2


def learning(pace: Pace) -> Learn:
    return functools.partial(Plan.of, pace=pace)


def page_of(
    number: int, born: float, edits: Iterable[float], *, rate: float = 0.0, event: float | None = None
) -> Page:
    """The page as it is known when it is first seen: when it came out, or at the start."""
    seen = START + max(0.0, born) * DAY
    day = None if event is None else (START + event * DAY).date()
    state = PageState(
        url=f"https://example.org/{number}/",
        source="simulated",
        first_seen=seen,
        last_visit=seen,
        published=(START + born * DAY).date(),
        event=None if day is None else (day, day),
    ).looked(seen, changed=False)
    return Page(born=born, edits=[edit for edit in edits if edit > max(0.0, born)], state=state, rate=rate)


def simulate(pages: Iterable[Page], pace: Pace, days: int, learn: Learn) -> tuple[Waits, Waits]:
    """The waits of the whole time, and of its second half."""
    both = Waits(), Waits(since=days / 2)
    coming = sorted(pages, key=lambda page: -page.born)
    known: dict[str, Page] = {}
    plan = None
    for run in range(1, days * RUNS_A_DAY + 1):
        now, at = START + run * RUN, run / RUNS_A_DAY
        while coming and coming[-1].born < at:
            known[coming[-1].state.url] = coming[-1]
            coming.pop()
        states = [page.state for page in known.values()]
        if plan is None or run % RUNS_A_DAY == 1:
            plan = learn(states)
        chosen = due(states, now, pace, plan=plan)
        for waits in both:
            if at > waits.since:
                waits.looks += len(chosen)
                waits.page_days += len(states) / RUNS_A_DAY
        for state in chosen:
            look(known[state.url], now, at, both)
    for page in known.values():
        for waits in both:
            waits.end((edit for edit in page.edits[page.found :] if edit < days), days)
    return both


def look(page: Page, now: dt.datetime, at: float, both: Iterable[Waits]) -> None:
    """One look: the edits that it finds wait no longer."""
    before = page.found
    while page.found < len(page.edits) and page.edits[page.found] <= at:
        page.found += 1
    for waits in both:
        waits.end(page.edits[before : page.found], at)
    page.state = page.state.looked(now, changed=page.found > before)


def at_random(dice: random.Random, rate: float, days: float) -> Iterator[float]:
    at = dice.expovariate(rate)
    while at < days:
        yield at
        at += dice.expovariate(rate)


def least_wait(rates: Sequence[float], looks_a_day: float) -> float:
    """The least mean wait, in days: looks in proportion to the roots of the rates, but no more than runs."""
    low, high = 1e-9, 1e9
    for _ in range(100):
        scale = math.sqrt(low * high)
        spent = sum(min(RUNS_A_DAY, scale * math.sqrt(rate)) for rate in rates)
        low, high = (scale, high) if spent <= looks_a_day else (low, scale)
    return sum(rate / (2 * min(RUNS_A_DAY, low * math.sqrt(rate))) for rate in rates) / sum(rates)


def poisson_site(dice: random.Random, rates: Iterable[float], days: int) -> list[Page]:
    return [
        page_of(number, -dice.uniform(0.5, OLDEST), at_random(dice, rate, days), rate=rate)
        for number, rate in enumerate(rates)
    ]


def poisson(rates: Sequence[float], days: int, seed: int) -> tuple[Row, Row]:
    site = poisson_site(random.Random(seed), rates, days)
    pace = Pace(looks_a_day=len(site) / TURN, interval=RUN)
    whole, later = simulate(site, pace, days, learning(pace))
    return (
        Row(whole, least_wait(rates, whole.looks / days)),
        Row(later, least_wait(rates, 2 * later.looks / days)),
    )


def spread_rates(pages: int, seed: int) -> list[float]:
    dice = random.Random(seed)
    return [10 ** dice.uniform(-3, 1) for _ in range(pages)]


def histories() -> dict[str, list[dt.datetime]]:
    """The times of the gold's edits in order, by page."""
    found: dict[str, list[dt.datetime]] = {}
    for line in GOLD.read_text(encoding="utf-8").split("\n")[:-1]:
        row = json.loads(line)
        key = f"{row['source'].split('@')[0]} {row['path']}"
        found.setdefault(key, []).append(dt.datetime.fromisoformat(row["t_after"]))
    return {key: sorted(times) for key, times in found.items()}


def gap_rates() -> list[float]:
    gaps = [times[1] - times[0] for times in histories().values() if len(times) > 1]
    return [DAY / max(gap, RUN) for gap in gaps for _ in range(COPIES)]


def dated_site(days: int, seed: int) -> list[Page]:
    dice = random.Random(seed)
    made: list[Page] = []
    for key, times in histories().items():
        printed = re.search(r"(\d{4})-(\d\d)-(\d\d)", key)
        if printed is None:
            continue
        about_event = "/events/" in key
        year, month, day = map(int, printed.groups())
        ages = [(when - dt.datetime(year, month, day, tzinfo=dt.UTC)) / DAY for when in times]
        for _ in range(COPIES):
            on = dice.uniform(-days, days)
            born = on + min(-30.0 if about_event else 0.0, ages[0] - 1 if ages[0] < 0 else 0.0)
            edits = [on + age for age in ages if on + age < days]
            made.append(page_of(len(made), born, edits, event=on if about_event else None))
            made += [page_of(len(made) + one, dice.uniform(-days, days), ()) for one in range(NEVER_EDITED)]
    return made


def dated(days: int, seed: int) -> Row:
    site = dated_site(days, seed)
    pace = Pace(looks_a_day=len(site) / TURN, interval=RUN)
    whole, _ = simulate(site, pace, days, learning(pace))
    return Row(whole, None)


@dataclass(frozen=True, slots=True)
class Row:
    """What a setting gave; `knowing` is the mean wait of one who knows the true rates (None: nobody can)."""

    waits: Waits
    knowing: float | None

    @property
    def in_turn_ratio(self) -> float:
        return self.waits.mean / self.waits.in_turn

    @property
    def knowing_ratio(self) -> float | None:
        return None if self.knowing is None else self.waits.mean / self.knowing

    @property
    def ok(self) -> bool:
        return self.in_turn_ratio <= BAR_IN_TURN and (self.knowing_ratio or 0.0) <= BAR_KNOWING

    def told(self, name: str) -> str:
        known = "" if self.knowing_ratio is None else f", {self.knowing_ratio:.3f} of knowing ({BAR_KNOWING})"
        return (
            f"freshness, {name}: {self.waits.edits:,} edits waited {self.waits.mean:.2f} days, "
            f"{self.in_turn_ratio:.3f} of in turn (bar {BAR_IN_TURN}){known}; {self.waits.looks:,} looks"
            f"{'' if self.ok else ': MISSED'}"
        )


def rows(chosen: Sequence[str], pages: int, days: int, seed: int) -> Iterator[tuple[str, Row]]:
    """Each setting as it is done."""
    if "dated" in chosen:
        yield "dated", dated(days, seed)
    if "gaps" in chosen:
        whole, later = poisson(gap_rates(), days, seed)
        yield from (("gaps", whole), ("gaps, second half", later))
    if "poisson" in chosen:
        whole, later = poisson(spread_rates(pages, seed), days, seed)
        yield from (("poisson", whole), ("poisson, second half", later))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("settings", nargs="*", default=["poisson", "gaps", "dated"])
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    settings = set(options.settings)
    if not GOLD.is_file() and settings & {"gaps", "dated"}:
        sys.stderr.write(f"{GOLD} is absent: gaps and dated are left out\n")
        settings -= {"gaps", "dated"}
    missed = 0
    for name, row in rows(sorted(settings), options.pages, options.days, options.seed):
        sys.stdout.write(row.told(name) + "\n")
        sys.stdout.flush()
        missed += not row.ok
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main())
