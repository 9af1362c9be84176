"""When a known page is asked for again; pure, so that it can be explained."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from diffing.model import PageState

__all__ = ["due", "next_visit"]

# Set by hand from the editing habits of news sites that reliability.md and domain.md report: most
# silent edits come within days of publication, then they thin out with age. Trades freshness against
# requests; measure again with the simulation over recorded edit histories in `bench/`.
YOUNG = dt.timedelta(days=3)
AGE_SHARE = 20
LONGEST = dt.timedelta(days=7)

# A page found gone counts as removed when a second visit, at least this much later, finds it gone
# too (the contract's rule); from then on it is only looked at to notice that it came back.
CONFIRM_GONE = dt.timedelta(hours=12)
RECHECK_GONE = dt.timedelta(days=7)


def next_visit(page: PageState) -> dt.datetime:
    """The earliest moment (UTC) at which the page may be asked for again.

    Young pages: at once. Older ones: after a twentieth of the age they had when they were last looked
    at, at most a week. Pages found gone: 12 hours later for confirmation, then weekly; one that a listing
    of the run links again is asked for whatever this says (crawler/spiders/watch.py).
    """
    if page.gone_since is not None:
        if page.last_visit - page.gone_since < CONFIRM_GONE:
            return page.gone_since + CONFIRM_GONE
        return page.last_visit + RECHECK_GONE
    young_until = page.first_seen + YOUNG
    if page.last_visit < young_until:
        # A last look in youth: due while it lasts, and afterwards once the wait has grown.
        return page.last_visit
    age = page.last_visit - page.first_seen
    return page.last_visit + min(age / AGE_SHARE, LONGEST)


def due(pages: Iterable[PageState], now: dt.datetime, *, full: bool = False) -> tuple[PageState, ...]:
    """The pages to ask for again at `now` (aware), longest overdue first; all of them where `full`."""
    chosen = [page for page in pages if full or next_visit(page) <= now]
    return tuple(sorted(chosen, key=lambda page: (next_visit(page), page.url)))
