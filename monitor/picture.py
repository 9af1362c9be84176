"""The timeline of a digest as a PNG picture, for mail, where no SVG is shown."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from typing import TYPE_CHECKING

from diffing.formats.timeline import Bar, Lane, Timeline, beside, timeline_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from diffing.digest import Digest
    from diffing.formats import Reader

__all__ = ["timeline_png"]

# Inches and dots an inch: 1280 dots wide, sharp on a telephone and still some 50 kB.
_WIDTH = 8.0
_DOTS = 160
_ROW = 0.52  # inches a bar with its label takes
_NAME = 0.42
_DARK, _GREY = "#1a1a1a", "#767676"

# The average width of a letter of a label, as a share of the picture's; measured on both languages.
_LETTER = 0.0117

# Words stay clear of the lines behind them.
_GROUND = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}


def timeline_png(digest: Digest, reader: Reader) -> bytes | None:
    """The same timeline as in HTML, as a PNG; None: there is no window to draw.

    Black and grey: what stands is solid, what was announced before is hatched, so that it can be read
    without colour and printed.
    """
    timeline = timeline_of(digest, reader)
    if timeline is None:
        return None
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    rows = sum(_NAME + _ROW * len(lane.bars) for lane in timeline.lanes)
    # Not pyplot: it keeps every figure of a daemon's year until it is told to close it.
    figure = Figure(figsize=(_WIDTH, rows + 0.55), dpi=_DOTS, facecolor="white")
    FigureCanvasAgg(figure)
    height = rows + 0.55
    axes = figure.add_axes((0.02, 0.06 / height, 0.96, rows / height))
    axes.set_xlim(timeline.first.toordinal(), timeline.last.toordinal())
    axes.set_ylim(rows, 0)
    axes.set_yticks([])
    for side in ("top", "left", "right", "bottom"):
        axes.spines[side].set_visible(False)
    _months(axes, timeline)
    top = 0.0
    for lane in timeline.lanes:
        _draw(axes, timeline, lane, top)
        top += _NAME + _ROW * len(lane.bars)
    written = io.BytesIO()
    with warnings.catch_warnings():
        # A letter of a script that the font has not shows as a box, here as anywhere; nobody can act on it.
        warnings.filterwarnings("ignore", message=r"Glyph \d+")
        figure.savefig(written, format="png", metadata={"Software": None, "Title": timeline.title})
    return written.getvalue()


def _months(axes: Axes, timeline: Timeline) -> None:
    months = timeline.months
    every = -(-(len(months) - 1) // 14)
    names = [
        f"{timeline.words.months_short[month.month - 1]}"
        + (f" {month.year}" if number == 0 or month.month <= every else "")
        for number, month in enumerate(months[:-1])
    ]
    axes.xaxis.tick_top()
    axes.set_xticks([month.toordinal() for month in months[:-1:every]], names[::every], ha="left")
    axes.tick_params(length=0, labelsize=10, labelcolor=_GREY)
    for month in months:
        axes.axvline(month.toordinal(), color=_GREY, alpha=0.25, linewidth=0.8)
    if timeline.first <= timeline.today < timeline.last:
        day = timeline.today.toordinal()
        axes.axvline(day, color=_DARK, linewidth=1.2, linestyle=(0, (2, 3)))
        late = timeline.share(timeline.today) > 0.85
        axes.annotate(
            timeline.words.texts["today"], (day, 0.14), xytext=(-4 if late else 4, 0),
            textcoords="offset points", ha="right" if late else "left", va="center", fontsize=8.5,
            color=_DARK, parse_math=False,
        )  # fmt: skip


def _draw(axes: Axes, timeline: Timeline, lane: Lane, top: float) -> None:
    more = f" ({lane.more})" if lane.more else ""
    # What a page said is no formula: between two dollar signs matplotlib would read one.
    axes.text(
        timeline.first.toordinal(), top + _NAME - 0.04, f"{lane.event}{more}", fontsize=13,
        fontweight="bold", va="bottom", color=_DARK, bbox=_GROUND, parse_math=False,
    )  # fmt: skip
    for number, bar in enumerate(lane.bars):
        _bar(axes, timeline, bar, top + _NAME + number * _ROW)


def _bar(axes: Axes, timeline: Timeline, bar: Bar, top: float) -> None:
    start, end = bar.window.start.toordinal(), (bar.window.end + dt.timedelta(days=1)).toordinal()
    axes.barh(
        top + 0.36, max(end - start, 1), 0.2, left=start, color=_DARK if bar.stands else "white",
        edgecolor=_DARK if bar.stands else _GREY, hatch=None if bar.stands else "////", linewidth=1,
        linestyle="solid" if bar.stands else (0, (3, 2)),
    )  # fmt: skip
    anchor, place = beside(timeline, bar, _LETTER)
    axes.text(
        place, top + 0.24, bar.line, fontsize=10.5, ha="right" if anchor == "end" else "left", va="bottom",
        color=_DARK if bar.stands else _GREY, fontweight="bold" if bar.stands else "normal",
        transform=axes.get_yaxis_transform(), bbox=_GROUND, parse_math=False,
    )  # fmt: skip
