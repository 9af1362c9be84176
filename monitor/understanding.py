"""What a page says beyond its words: since when, what of it is new to the page, what goes into the ledger."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Sequence

from crawler.visible import visible_text
from diffing.judging import same_meaning
from diffing.model import Document, Fact, Fetched, Known, Op, Revision, Statement, StatementDiff
from diffing.normal import normalise
from diffing.statements import split
from seeds.sources import Source

__all__ = ["borne_out", "is_same_article", "newly_said", "said_anew", "said_on", "text_hash"]

# What an edit makes a page say that it did not say before.
_SAYS_ANEW = frozenset({Op.ADDED, Op.EDITED, Op.SPLIT, Op.MERGED})


def said_on(document: Document, seen: dt.datetime, source: Source, *, edited: bool = False) -> dt.date:
    """The day from which a page's statements count: the printed one, else that on which it was seen.

    What a page says after an edit was said on the day of the edit, whatever date it still prints.
    """
    day = seen.astimezone(source.timezone).date()
    printed = document.published or day
    return max(printed, day) if edited else printed


def said_anew(diffs: Iterable[StatementDiff]) -> frozenset[int]:
    """The places of the new statements that the page did not say before."""
    return frozenset(new.index for diff in diffs if diff.op in _SAYS_ANEW for new in diff.new)


def borne_out(diffs: Sequence[StatementDiff], before: Fetched, after: Fetched) -> tuple[StatementDiff, ...]:
    """The differences that the pages bear out, as the two visits showed them.

    Taking a paragraph out of a page changes which other lines an extractor chooses, on 6 to 10 % of
    pages (engine.md part 2): a statement that still stands on the page was not removed, and one that
    stood there before was not added.
    """
    if not any(diff.op in {Op.ADDED, Op.REMOVED} for diff in diffs):
        return tuple(diffs)
    shown_before = normalise(visible_text(before.body, before.headers))
    shown_after = normalise(visible_text(after.body, after.headers))
    return tuple(
        diff
        for diff in diffs
        if not (diff.op is Op.REMOVED and all(old.normal in shown_after for old in diff.old))
        and not (diff.op is Op.ADDED and all(new.normal in shown_before for new in diff.new))
    )


SAME_ARTICLE = 0.5
"""Share of a page's statements that stand at another address to which it led, where that is the same article.

Set by hand: a page that moves is seldom rewritten, and another article shares a formula or two.
"""


def is_same_article(document: Document, last: Revision, *, whole: bool = False) -> bool:
    """Whether a page shows what another one was last read to say; `whole`: title and every statement."""
    shown = {statement.normal for statement in split(document)}
    kept = sum(statement.normal in shown for statement in last.statements)
    if whole:
        same_title = normalise(document.title or "") == normalise(last.title or "")
        return same_title and kept == len(last.statements)
    return kept > 0 and kept >= SAME_ARTICLE * len(last.statements)


def newly_said(
    statement: Statement, facts: Sequence[Fact], known: Known, day: dt.date, addresses: Collection[str]
) -> tuple[Fact, ...]:
    """The facts without those that another page had asserted before `day` in these very words.

    `addresses` are all that the page itself had.

    A quotation, or a teaser that was not seen for one, would else move the ledger back to the day of
    what it repeats.
    """
    exact = known.exact(statement.normal) if facts else None
    if exact is None or exact.origin in addresses or not same_meaning(exact, day):
        return tuple(facts)
    return tuple(
        fact
        for fact in facts
        if not any(
            old.fact.attribute is fact.attribute
            and old.fact.value == (fact.shift or fact.value)
            and old.statement.normal == statement.normal
            and old.statement.origin not in addresses
            and (old.statement.said_on or old.known_at.date()) <= day
            for old in known.facts_of(fact.event)
        )
    )


def text_hash(document: Document, statements: Iterable[Statement]) -> str:
    """SHA-256 of what the page says in comparison form: equal for glyph variants and templates."""
    lines = [normalise(document.title or ""), *(statement.normal for statement in statements)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
