"""The timeline of a digest: each announced window as a bar, its earlier versions above it; as SVG."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from diffing.changes import shift_days
from diffing.digest import Digest
from diffing.formats.sheet import Reader
from diffing.model import Attribute, KnownFact, Window
from diffing.vocabulary import Vocabulary
from diffing.wording import (
    counted,
    day_in_words,
    event_in_words,
    plain,
    shift_in_words,
    shortened,
    value_in_words,
)

__all__ = ["Bar", "Lane", "Timeline", "beside", "digest_timeline", "in_words", "timeline_of"]

# A picture is taken in at a glance: beyond these the digest's cards tell it.
_LANES = 8
_EARLIER = 3
_NAME_LENGTH = 40

# Longer spans come from a year that was misread, or from events that have nothing to do with each other; the
# bars of one month would be too thin to see.
_MOST_DAYS = 800

# The day of the digest is drawn where it is so near that the bars do not shrink for it.
_NEAR = dt.timedelta(days=62)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A window as it was announced. `label` says it in words, and for the one that `stands` how far it moved.

    `said` says when the window was announced; empty: nobody knows.
    """

    window: Window
    label: str
    said: str
    stands: bool

    @property
    def line(self) -> str:
        """The label as it stands at the bar: when an earlier window was said is what tells them apart."""
        return self.label if self.stands or not self.said else f"{self.label}, {self.said}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """An event with its bars, oldest first; `more` counts older ones that are not shown (None: all are)."""

    event: str
    bars: tuple[Bar, ...]
    more: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What is drawn: whole months from `first` to the day before `last`, and the day of the digest."""

    title: str
    explanation: str
    lanes: tuple[Lane, ...]
    first: dt.date
    last: dt.date
    today: dt.date
    words: Vocabulary

    @property
    def months(self) -> tuple[dt.date, ...]:
        """The first day of each month, and of the one after the last."""
        found = [self.first]
        while found[-1] < self.last:
            found.append(_next_month(found[-1]))
        return tuple(found)

    def share(self, day: dt.date) -> float:
        """Where a day begins, from 0 to 1."""
        return (day - self.first).days / (self.last - self.first).days


def timeline_of(digest: Digest, reader: Reader) -> Timeline | None:
    """The windows of the events that the digest tells of; None: none of them has one."""
    words = reader.words
    lanes: list[Lane] = []
    for card in digest.events:
        announced = digest.period.windows.get(card.events[0], ())
        if announced and len(lanes) < _LANES:
            lanes.append(_lane(card.events, announced, words))
    windows = [bar.window for lane in lanes for bar in lane.bars]
    if not windows:
        return None
    today = (digest.until - dt.timedelta(microseconds=1)).date()
    start, end = min(window.start for window in windows), max(window.end for window in windows)
    if start - _NEAR <= today <= end + _NEAR:
        start, end = min(start, today), max(end, today)
    first, last = start.replace(day=1), _next_month(end)
    if (last - first).days > _MOST_DAYS:
        return None
    return Timeline(
        title=words.texts["timeline heading"],
        explanation=words.texts["timeline"],
        lanes=tuple(lanes),
        first=first,
        last=last,
        today=today,
        words=words,
    )


def _lane(events: Sequence[str], windows: Sequence[KnownFact], words: Vocabulary) -> Lane:
    earlier = len(windows) - 1 - _EARLIER
    shown = [windows[0], *windows[-_EARLIER:]] if earlier > 0 else list(windows)
    skipped = len(windows) - len(shown)
    bars = []
    for at, known in enumerate(shown):
        window = known.fact.value
        if isinstance(window, Window):
            stands = at == len(shown) - 1
            first, day = shown[0].fact.value, known.statement.said_on
            label = value_in_words(Attribute.WINDOW, window, words)
            if stands and isinstance(first, Window) and (days := shift_days(first, window)):
                label += f", {shift_in_words(days, words)}"
            said = words.texts["said"].format(day=day_in_words(day, words)) if day else ""
            bars.append(Bar(window=window, label=label, said=said, stands=stands))
    return Lane(
        event=shortened(", ".join(event_in_words(event, words) for event in events), _NAME_LENGTH),
        bars=tuple(bars),
        more=words.texts["more"].format(count=counted(skipped, "earlier window", words)) if skipped else None,
    )


def _next_month(day: dt.date) -> dt.date:
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


# The picture's measures, in its own units: as wide as a telephone's screen, so that its words can be read
# there, and made larger elsewhere. `_LETTER` is an average width of a letter at 11 units.
_WIDTH = 360
_MARGIN = 8
_TOP = 22
_NAME = 30
_LABEL = 15
_BAR = 10
_GAP = 5
_LETTER = 5.9
_BOLD = 1.08
_HATCH = "earlier-window"
# Words stay clear of the lines behind them, on the page's own ground, light or dark.
_HALO = {"paint-order": "stroke", "stroke": "Canvas", "stroke-width": "3", "stroke-linejoin": "round"}


def digest_timeline(digest: Digest, reader: Reader) -> str | None:
    """The timeline as one `<svg>` element, with words for who cannot see it; None: there is no window.

    What stands is a solid bar, what was announced before a hatched one with a broken edge above it, each with
    its dates in words: it can be read without colour. It takes the colour of the text around it.
    """
    timeline = timeline_of(digest, reader)
    if timeline is None:
        return None
    height = _TOP + sum(_height(lane) for lane in timeline.lanes) + _MARGIN
    svg = ET.Element("svg", {
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {_WIDTH} {height}", "role": "img",
        "aria-labelledby": "timeline-title timeline-desc", "font-family": "system-ui, sans-serif",
        "font-size": "11", "fill": "currentColor",
    })  # fmt: skip
    ET.SubElement(svg, "title", {"id": "timeline-title"}).text = plain(timeline.title)
    ET.SubElement(svg, "desc", {"id": "timeline-desc"}).text = plain(in_words(timeline))
    pattern = ET.SubElement(ET.SubElement(svg, "defs"), "pattern", {
        "id": _HATCH, "width": "5", "height": "5", "patternUnits": "userSpaceOnUse",
        "patternTransform": "rotate(45)",
    })  # fmt: skip
    ET.SubElement(pattern, "path", {"d": "M0 0V5", "stroke": "#808080", "stroke-width": "2.5"})
    _months(svg, timeline, height)
    top = float(_TOP)
    for lane in timeline.lanes:
        _draw(svg, timeline, lane, top)
        top += _height(lane)
    return ET.tostring(svg, encoding="unicode")


def in_words(timeline: Timeline) -> str:
    """What the picture shows, for who cannot see it."""
    lanes = (
        f"{lane.event}: {' → '.join(bar.line for bar in lane.bars)}"
        + (f" ({lane.more})" if lane.more else "")
        for lane in timeline.lanes
    )
    return f"{timeline.explanation} {'; '.join(lanes)}."


def _height(lane: Lane) -> int:
    return _NAME + len(lane.bars) * (_LABEL + _BAR + _GAP)


def _at(timeline: Timeline, day: dt.date) -> float:
    return round(_MARGIN + timeline.share(day) * (_WIDTH - 2 * _MARGIN), 1)


def _months(svg: ET.Element, timeline: Timeline, height: int) -> None:
    months = timeline.months
    every = -(-(len(months) - 1) // 9)  # no more names than have room beside each other
    for number, month in enumerate(months):
        x = _at(timeline, month)
        _path(svg, f"M{x} {_TOP - 4}V{height - _MARGIN}", {"stroke-opacity": ".18"})
        if number % every == 0 and month < timeline.last:
            name = timeline.words.months_short[month.month - 1]
            year = f" {month.year}" if number == 0 or month.month <= every else ""
            _text(svg, x + 2, _TOP - 10, f"{name}{year}", {"fill-opacity": ".75"})
    if timeline.first <= timeline.today < timeline.last:
        x = _at(timeline, timeline.today)
        _path(svg, f"M{x} {_TOP - 4}V{height - _MARGIN}", {"stroke-dasharray": "2 3", "stroke-width": "1.5"})
        near_end = x > _WIDTH - 60
        _text(svg, x + (-3 if near_end else 3), _TOP + 5, timeline.words.texts["today"],
              {"text-anchor": "end" if near_end else "start", "font-size": "9"})  # fmt: skip


def _draw(svg: ET.Element, timeline: Timeline, lane: Lane, top: float) -> None:
    more = f" ({lane.more})" if lane.more else ""
    _text(svg, _MARGIN, top + 22, f"{lane.event}{more}", {"font-weight": "700", "font-size": "13", **_HALO})
    y = top + _NAME
    for bar in lane.bars:
        start, end = _at(timeline, bar.window.start), _at(timeline, bar.window.end + dt.timedelta(days=1))
        anchor, place = beside(timeline, bar, _LETTER / (_WIDTH - 2 * _MARGIN))
        x = _MARGIN + place * (_WIDTH - 2 * _MARGIN)
        weight = {"font-weight": "600"} if bar.stands else {"fill-opacity": ".75"}
        _text(svg, x, y + _LABEL - 4, bar.line, {"text-anchor": anchor, **weight, **_HALO})
        look = (
            {"fill": "currentColor", "stroke": "currentColor"}
            if bar.stands
            else {"fill": f"url(#{_HATCH})", "stroke": "#808080", "stroke-dasharray": "3 2"}
        )
        ET.SubElement(svg, "rect", {
            "x": str(start), "y": str(y + _LABEL), "width": str(round(max(end - start, 3), 1)),
            "height": str(_BAR), "rx": "2", **look,
        })  # fmt: skip
        y += _LABEL + _BAR + _GAP


def beside(timeline: Timeline, bar: Bar, letter: float) -> tuple[str, float]:
    """Where a bar's words go above it: `start` and where they start, or `end` and where they end; 0 to 1.

    `letter` is the width of a letter. From the bar's start, else to its end, else where they fit.
    """
    width = len(bar.line) * letter * (_BOLD if bar.stands else 1)
    start, end = (timeline.share(day) for day in (bar.window.start, bar.window.end + dt.timedelta(days=1)))
    if start + width <= 1:
        return "start", start
    return "end", end if end >= width else 1.0


def _path(svg: ET.Element, path: str, look: Mapping[str, str]) -> None:
    ET.SubElement(svg, "path", {"d": path, "stroke": "currentColor", "fill": "none", **look})


def _text(svg: ET.Element, x: float, y: float, text: str, look: Mapping[str, str]) -> None:
    ET.SubElement(svg, "text", {"x": str(round(x, 1)), "y": str(y), **look}).text = plain(text)
