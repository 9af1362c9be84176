"""Share of the date-range gold that is read exactly, and the time a sentence takes; one line.

Ranges are counted whose kind lies in the contract's windows. Left out, by their words alone: times of day,
durations and runs of units ("next 3 weeks"), decades of years, weeks by number, bare numbers, words that
no statement uses ("EOY").
`vague_part` counts where the windows overlap by half (the sources disagree on where "early" ends), anything
else where both bounds are equal to the answer or its second reading.

    .venv/bin/python -m bench.windows [-v] [--compare]

`-v` lists the misses; `--compare` adds dateparser.search on the same ranges, where it is installed.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from diffing.windows import read_windows

GOLD = Path(__file__).resolve().parents[1].parent / "shared" / "gold" / "date_ranges_dev.jsonl"
SENTENCES = Path(__file__).resolve().parents[1] / "tests" / "quality" / "windows.jsonl"

# What is no window of the contract. Each line a reason; only words of the expression are looked at.
OUTSIDE = re.compile(
    r"""\b(?:am|pm|hours?|mins?|minutes?|night)\b | ноч | \b\d{4}[ -]\d{4}(?:\+1)?$  # times of day
    | ^[+]\d | \d+d\s\d+hr | \bmin\sout | at\sthis\stime
    | (?:\d|\b(?:two|three|four|five|eleven|few|два|две|три))\s(?:\w+\s)?  # runs of units
      (?:days?|weeks?|months?|quarters?|years?|дня|недели|месяца|года|quarter|sundays|fridays)\b
      (?!\s(?:ago|from\snow|hence|назад))
    | \bwithin\b | \bseasons?\b | in\sthe\sfuture | \bto\sdate | days\slater
    | \bweek\s\d | decades?\b | century | \d0'?s\b | seventies | \btens\b  # weeks by number, decades
    | weekend | \b(?:e|b)o[my]\b | \bcy ?\d | \bw/c\b | \brest\b | remaining  # no words of the domain
    | two\sthousand | (?:third|second|3rd|2nd|fifth)\slast | closest
    | ^(?:my|the|all|same)\s(?:week|month|year)$  # "partner of the year": no window at all
    | ^(?:on\s)?(?:the\s)?\d+(?:st|nd|rd|th)?$ | ^\d+\s[-/]\s\d+$ | ^\d+\.\d\.?$  # a number alone
    """,
    re.VERBOSE | re.IGNORECASE,
)


def whole_last_unit(row: dict[str, Any], end: dt.date, want: dt.date) -> bool:
    """Two habits of the sources that the contract does not share: "May to June" ends before June, and a month
    is its first day. Ours must then be exactly the whole of that last month or year."""
    last = want + dt.timedelta(days=1 if row["kind"] != "single_day" else 0)
    if last.day != 1 or not re.search("recognizers|chrono|hors", row["source"], re.IGNORECASE):
        return False
    month_end = (last.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    return end == month_end or (last.month == 1 and end == dt.date(last.year, 12, 31))


def right(row: dict[str, Any], bounds: tuple[dt.date, dt.date]) -> bool:
    for start, end in filter(None, ((row["start"], row["end"]), row["alt"])):
        want = dt.date.fromisoformat(start), dt.date.fromisoformat(end)
        if bounds == want:
            return True
        if bounds[0] == want[0] and whole_last_unit(row, bounds[1], want[1]):
            return True
        if row["kind"] == "vague_part":
            shared = (min(bounds[1], want[1]) - max(bounds[0], want[0])).days + 1
            union = (max(bounds[1], want[1]) - min(bounds[0], want[0])).days + 1
            if shared * 2 >= union:
                return True
    return False


def years_beside(bounds: tuple[dt.date, dt.date]) -> list[tuple[dt.date, dt.date]]:
    """Ours a year on, and a year back: the sources take the coming year, the house the nearest."""
    first, last = bounds
    leap = (2, 29) in ((first.month, first.day), (last.month, last.day))
    steps = () if leap else (1, -1)
    return [(first.replace(year=first.year + by), last.replace(year=last.year + by)) for by in steps]


def ours(row: dict[str, Any]) -> list[tuple[dt.date, dt.date]]:
    found = read_windows(row["text"], dt.date.fromisoformat(row["ref"]), row["lang"])
    return [(m.window.start, m.window.end) for m in found]


def compared(rows: list[dict[str, Any]]) -> str:
    try:
        from dateparser.search import search_dates  # a dependency of a dependency: it may be absent
    except ImportError:
        return "; dateparser is not installed"
    hits = 0
    for row in rows:
        base = dt.datetime.fromisoformat(row["ref"])
        found = search_dates(row["text"], languages=[row["lang"]], settings={"RELATIVE_BASE": base}) or []
        hits += any(right(row, (when.date(), when.date())) for _, when in found)
    return f"; dateparser {hits / len(rows):.1%}"


def main() -> None:
    if not GOLD.exists():
        sys.exit("windows: no ../shared/gold here, nothing was measured")
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    inside = [row for row in rows if not OUTSIDE.search(row["expr"] or row["text"])]
    hits: Counter[str] = Counter()
    total: Counter[str] = Counter()
    other_year = 0
    for row in inside:
        found = ours(row)
        hit = any(right(row, bounds) for bounds in found)
        total[row["kind"]] += 1
        hits[row["kind"]] += hit
        other_year += not hit and any(right(row, moved) for bounds in found for moved in years_beside(bounds))
        if "-v" in sys.argv and not hit:
            said = [f"{a}..{b}" for a, b in found]
            print(
                row["kind"], row["lang"], row["ref"], row["text"], row["start"], row["end"], said, sep=" | "
            )
    sentences = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    days = [dt.date.fromisoformat(s["said_on"]) for s in sentences]
    began = time.perf_counter()
    for _ in range(20):
        for sentence, day in zip(sentences, days, strict=True):
            read_windows(sentence["text"], day, sentence["lang"])
    taken = (time.perf_counter() - began) / (20 * len(sentences)) * 1e6
    kinds = ", ".join(f"{kind} {hits[kind]}/{total[kind]}" for kind in sorted(total))
    share = sum(hits.values()) / len(inside)
    print(
        f"windows: {share:.1%} of {len(inside)} of {len(rows)} ranges exact ({kinds}), {other_year} more but "
        f"for the year of a date without one; {taken:.0f} us a sentence"
        + (compared(inside) if "--compare" in sys.argv else "")
    )


if __name__ == "__main__":
    main()
