"""The date a page prints as its own, by a stated order of evidence."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from zoneinfo import ZoneInfo

from htmldate import find_date
from lxml import html
from lxml.etree import _Element

from crawler.chrome import is_chrome
from crawler.pieces import squeezed
from diffing.languages import LANGUAGES

__all__ = [
    "date_in_head",
    "leading_date",
    "lone_date",
    "read_date",
    "stated_articles",
    "stated_name",
    "structured_date",
    "trailing_date",
]

_MONTHS = {
    word[:3]: number for language in LANGUAGES.values() for word, number in language.dates.months.items()
}
_NUMERIC = r"(?P<d>\d{1,2})(?P<sep>[./-])(?P<m>\d{1,2})(?P=sep)(?P<y>\d{4})"
_ISO = r"(?P<iy>\d{4})[-./](?P<im>\d{1,2})[-./](?P<id>\d{1,2})"
_DAY_FIRST = r"(?P<wd>\d{1,2})(?:st|nd|rd|th)?(?: of)? (?P<wm>[^\W\d_]{3,9})\.?,? (?P<wy>\d{4})"
_MONTH_FIRST = r"(?P<am>[^\W\d_]{3,9})\.? (?P<ad>\d{1,2})(?:st|nd|rd|th)?,? (?P<ay>\d{4})"
_DATE = rf"(?:{_NUMERIC}|{_ISO}|{_DAY_FIRST}|{_MONTH_FIRST})"
_TIME = r"(?:\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?(?:am|pm|msk|мск|gmt|utc))?)"
_BEFORE = (
    r"(?:(?:published|posted|date|created|опубликовано|размещено|дата(?: публикации)?|news|новости)"
    r"(?: on)? ?[:|]? ?)?"
    rf"(?:[^\W\d_]{{3,12}},? )?(?:{_TIME}[ ,|/–—-]{{1,3}})?"
)
_AFTER = (
    rf"(?: ?(?:г\.?|года))?(?:[ ,|/–—-]{{1,3}}(?:at |в )?{_TIME})?(?: ?[|,/] ?[^\d|]{{1,40}}| \d{{1,6}})?\.?"
)
_ANYWHERE = re.compile(_DATE, re.IGNORECASE)
_LONE = re.compile(rf"{_BEFORE}{_DATE}{_AFTER}", re.IGNORECASE)
_GLUED = re.compile(rf"(?:{_NUMERIC})(?=[^\W\d_]|[\"“”«„'‘(]|\d{{1,2}}[ -])", re.IGNORECASE)
_TRAILING = re.compile(rf"(?P<rest>.{{3,400}}?)[ ,|–—-]{{1,3}}(?:{_NUMERIC})(?:,? {_TIME})?", re.IGNORECASE)
_OTHER_DATE = re.compile(
    r"\W*(?:updated|last|modified|обновл|измен|©|\(c\)|copyright|москов|moscow)", re.IGNORECASE
)
_STAMP = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?)?")

_HAS_YEAR = re.compile(r"\d{4}")

LONGEST_DATE_LINE = 80
"""Characters of a line that is a date, with time, weekday and a rubric."""

_META = {
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "datepublished",
    "og:published_time",
    "publication_date",
    "publish_date",
    "published_time",
    "pubdate",
    "publishdate",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.issued",
    "parsely-pub-date",
    "sailthru.date",
}
_ARTICLES = ("Article", "NewsArticle", "BlogPosting", "ReportageNewsArticle", "Report", "WebPage")
LARGEST_JSON = 400_000
"""Characters of one JSON-LD block that are parsed; real ones have 1,000 to 20,000."""


def read_date(text: str) -> dt.date | None:
    """The first date written out in the text, day before month in numbers; None: there is none."""
    for found in _ANYWHERE.finditer(text[:2000]):
        if (day := _date_of(found)) is not None:
            return day
    return None


def lone_date(text: str) -> dt.date | None:
    """The date of a line that is nothing but a date, with time or rubric; None: another line.

    >>> lone_date("29 October 2025, 14:26"), lone_date("It began on 29 October 2025")
    (datetime.date(2025, 10, 29), None)
    """
    return _lone_date(text) if len(text) <= LONGEST_DATE_LINE else None


@lru_cache(maxsize=4096)
def _lone_date(text: str) -> dt.date | None:
    """As `lone_date`, for a line of its length: each line is asked for by several that stand beside it."""
    if _HAS_YEAR.search(text) is None:
        return None
    found = _LONE.fullmatch(" ".join(text.split()))
    if found is not None:
        return _date_of(found)
    # a date among counters and clocks, but not that of an update or a copyright
    return read_date(text) if is_chrome(text) and _OTHER_DATE.match(text) is None else None


def leading_date(text: str) -> tuple[dt.date, str] | None:
    """A date glued to the first word, and the text without it; None: the text starts otherwise.

    >>> leading_date("09.06.2018On June 9, 2018, they met.")
    (datetime.date(2018, 6, 9), 'On June 9, 2018, they met.')
    """
    found = _GLUED.match(text)
    day = None if found is None else _date_of(found)
    return None if found is None or day is None else (day, text[found.end() :].lstrip())


def trailing_date(text: str) -> tuple[str, dt.date] | None:
    """A line that ends in a date in numbers: the words before it and the date; None: it does not.

    >>> trailing_date("The session took place 12.03.2024")
    ('The session took place', datetime.date(2024, 3, 12))
    """
    found = _TRAILING.fullmatch(text) if len(text) <= 440 and text[-1:].isdigit() else None
    day = None if found is None else _date_of(found)
    return None if found is None or day is None else (found["rest"].strip(), day)


def _date_of(found: re.Match[str]) -> dt.date | None:
    """The date of a match of `_DATE`; None: no such day, or outside 1990 to 2099."""
    group = found.groupdict()
    if group.get("y"):
        day, month, year = group["d"], group["m"], group["y"]
    elif group.get("iy"):
        day, month, year = group["id"], group["im"], group["iy"]
    elif group.get("wy"):
        day, month, year = group["wd"], _month(group["wm"]), group["wy"]
    elif group.get("ay"):
        day, month, year = group["ad"], _month(group["am"]), group["ay"]
    else:
        return None
    return _plausible(int(year), int(month), int(day))


def _month(word: str) -> int:
    """The month's number, 0 for another word."""
    return _MONTHS.get(word.casefold()[:3], 0)


def _plausible(year: int, month: int, day: int) -> dt.date | None:
    """The date, None where the calendar has no such day or no news site had it."""
    try:
        return dt.date(year, month, day) if 1990 <= year < 2100 else None
    except ValueError:
        return None


def _stamped(text: str, timezone: ZoneInfo) -> dt.date | None:
    """The day of a machine-readable time in the source's time zone; a time without a zone is local."""
    found = _STAMP.match(text.strip()[:40])
    if found is None:
        return read_date(text[:60])
    try:
        moment = dt.datetime.fromisoformat(found.group())
        day = moment.astimezone(timezone).date() if moment.tzinfo else moment.date()
    except (ValueError, OverflowError):
        return None
    return _plausible(day.year, day.month, day.day)


def structured_date(
    root: _Element,
    stated: Sequence[Mapping[str, object]],
    title: str | None,
    near: Sequence[_Element],
    timezone: ZoneInfo,
) -> dt.date | None:
    """The date stated for machines: JSON-LD of the article, meta elements, `<time>` by the title.

    `stated` are the page's `stated_articles`, `near` the elements around the title, where a `<time>` is the
    page's own and no teaser's.
    """
    for published in _json_dates(stated, title):
        if (day := _stamped(published, timezone)) is not None:
            return day
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").casefold()
        if name in _META and (day := _stamped(meta.get("content") or "", timezone)) is not None:
            return day
    for element in near:
        for time in element.iter("time"):
            stamp = time.get("datetime") or ""
            if stamp and (day := _stamped(stamp, timezone)) is not None:
                return day
    return None


def stated_articles(root: _Element) -> list[Mapping[str, object]]:
    """The articles that the page describes for machines (JSON-LD), with what they are called and dated."""
    articles: list[Mapping[str, object]] = []
    for script in root.iter("script"):
        if script.get("type") != "application/ld+json" or not script.text or len(script.text) > LARGEST_JSON:
            continue
        try:
            data = json.loads(script.text, strict=False)
        except (ValueError, RecursionError):
            continue
        articles += _articles(data)
    return articles


def stated_name(article: Mapping[str, object]) -> str:
    """What an article described for machines is called; empty where it has no name."""
    return str(article.get("headline") or article.get("name") or "")


def _json_dates(stated: Sequence[Mapping[str, object]], title: str | None) -> Iterator[str]:
    """`datePublished` of the page's own article: the one with its title first, else the only one."""
    named = [article for article in stated if title and squeezed(stated_name(article)) == squeezed(title)]
    for article in named or (stated if len(stated) == 1 else ()):
        yield str(article["datePublished"])


def _articles(data: object) -> Iterator[dict[str, object]]:
    """The article objects at the top or in `@graph` that state when they were published."""
    todo = [data]
    while todo:
        item = todo.pop(0)
        if isinstance(item, list):
            todo += item[:50]
        elif isinstance(item, dict):
            kinds = item.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if item.get("datePublished") and any(kind in _ARTICLES for kind in kinds):
                yield item
            if "@graph" in item:
                todo.append(item["@graph"])


def date_in_head(head: Iterable[_Element], url: str) -> dt.date | None:
    """The last resort: htmldate over the page's head and address, never over its text.

    In the text it takes the first date it likes, which on pages that open with teasers is theirs.
    """
    page, copy = html.Element("html"), html.Element("head")
    page.append(copy)
    for element in head:
        if element.tag in {"meta", "link"}:
            twin = html.Element(element.tag)
            twin.attrib.update(element.attrib)
            copy.append(twin)
    page.append(html.Element("body"))
    found = find_date(
        page, url=url or None, original_date=True, extensive_search=False, max_date="2099-12-31"
    )
    return None if found is None else _plausible(*map(int, found.split("-")))
