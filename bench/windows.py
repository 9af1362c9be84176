"""Share of the date-range gold that is read exactly, and the time a sentence takes; one line.

Counted are the rows whose kind lies in the contract's windows (issue 4 lists them: days, ranges within and
across months, months, two months, halves, ten-day periods, early to late, seasons, years, this and next,
start plus length, end only), a single day as a range of one. `KINDS_OUTSIDE` says which rows are of another
kind, `NOTATIONS_OUTSIDE` which are of these kinds but written as no statement writes: the line gives the
share with these counted too. Both look at the words of the expression alone, never at the answer or at what
we read.

Right is a row where both bounds are equal to the answer or its second reading. Where the contract has a
convention of its own and the sources another, a hit is an overlap by half, as the gold's README has it for
`vague_part`: seasons (December to February; the sources let winter start on the 21st) and a start plus a
length (five days from the 8th end on the 12th; the sources say the 13th).

    .venv/bin/python -m bench.windows [-v] [--compare]

`-v` lists the misses and what was left out; `--compare` adds dateparser.search on the same ranges, where it
is installed.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from diffing.windows import read_windows

GOLD = Path(__file__).resolve().parents[1].parent / "shared" / "gold" / "date_ranges_dev.jsonl"
SENTENCES = Path(__file__).resolve().parents[1] / "tests" / "quality" / "windows.jsonl"

_SPAN = r"(?:\d+|few|two|three|four|five|eleven|два|две|три)"
_UNIT = r"(?:days?|weeks?|months?|quarters?|years?|дня|недели|месяца|года)"
_NEAR = r"(?:next|last|past|previous|coming|upcoming|последние|следующие)"

KINDS_OUTSIDE = {
    "times of day": r"""\b(?:am|pm|hours?|mins?|minutes?|night)\b | ноч | (?<!from)\s\d{4}-\d{4}(?:\+1)?$
        | [+]\d | \dhr | \bmin\sout | at\sthis\stime""",
    "lengths that end or begin now": rf"""\b{_NEAR}\s{_SPAN}\s{_UNIT}\b
        | (?<!to\s)\b{_SPAN}\s{_NEAR}\s{_UNIT}\b | \bwithin\b | in\sthe\sfuture | days\slater | to\sdate""",
    "decades and centuries": r"\bdecades?\b | \bcentury\b | \d0'?s\b | seventies | \btens\b",
    "weeks and days by number or from the end": rf"""\bweek\s\d | (?:third|second|3rd|2nd|fifth)\slast
        | closest | \blast\s{_SPAN}\sweeks\sof""",
    "weekends, holidays, seasons without a name": r"weekend | \bseasons?\b",
    "units that nothing names": r"^(?:my|the|all|same)\s(?:week|month|year)$",
    "what is left of a week": r"\brest\b | remaining",  # they end it on Saturday, their "this week" on Sunday
}
NOTATIONS_OUTSIDE = {
    "office shorthand": r"\b[eb]o[my]\b | \bcy\s?\d | \bw/c\b",
    "years in words": r"two\sthousand",
    "figures alone": r"^\d{1,2}\s[-/]\s\d{1,2}$ | ^\d+\.\d\.?$",
}
CONVENTIONS = re.compile(
    rf"""\b(?:winter|spring|summer|autumn|fall)\b | зим | весн | осен | летом
    | \b{_SPAN}\s{_UNIT},?\s(?:starting\s)?from\b(?!\snow) | \bfor\s{_SPAN}\s{_UNIT}$""",
    re.VERBOSE | re.IGNORECASE,
)


def outside(row: dict[str, Any], reasons: dict[str, str]) -> str | None:
    """The first reason that fits the row's expression."""
    said = row["expr"] or row["text"]
    fits = (reason for reason, words in reasons.items() if re.search(words, said, re.VERBOSE | re.IGNORECASE))
    return next(fits, None)


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
        if row["kind"] == "vague_part" or CONVENTIONS.search(row["expr"] or row["text"]):
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


def time_of_a_sentence() -> float:
    """The median over the project's own sentences, each at its best of many: what the machine can do."""
    rows = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    taken = []
    for row in rows:
        day = dt.date.fromisoformat(row["said_on"])
        runs = []
        for _ in range(20):
            began = time.perf_counter()
            read_windows(row["text"], day, row["lang"], row["year"])
            runs.append(time.perf_counter() - began)
        taken.append(min(runs))
    return statistics.median(taken) * 1e6


def main() -> None:
    if not GOLD.exists():
        sys.exit("windows: no ../shared/gold here, nothing was measured")
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    told = "-v" in sys.argv
    hits: Counter[str] = Counter()
    total: Counter[str] = Counter()
    other_year = odd = odd_hits = 0
    inside = []
    for row in rows:
        found = ours(row)
        hit = any(right(row, bounds) for bounds in found)
        said = row["text"], f"{row['start']}..{row['end']}", [f"{a}..{b}" for a, b in found]
        if (reason := outside(row, KINDS_OUTSIDE)) is not None:
            if told:
                print("left out,", reason, "|", *said)
            continue
        if (reason := outside(row, NOTATIONS_OUTSIDE)) is not None:
            odd += 1
            odd_hits += hit
            if told:
                print("written oddly,", reason, "|", *said)
            continue
        inside.append(row)
        total[row["kind"]] += 1
        hits[row["kind"]] += hit
        other_year += not hit and any(right(row, moved) for bounds in found for moved in years_beside(bounds))
        if told and not hit:
            print("missed,", row["kind"], row["lang"], row["ref"], "|", *said)
    kinds = ", ".join(f"{kind} {hits[kind]}/{total[kind]}" for kind in sorted(total))
    exact = sum(hits.values())
    print(
        f"windows: {exact / len(inside):.1%} of {len(inside)} of {len(rows)} ranges exact "
        f"(bar 95 %; {kinds}), "
        f"{(exact + odd_hits) / (len(inside) + odd):.1%} with {odd} odd notations counted, "
        f"{other_year} more but for the year of a date without one; "
        f"{time_of_a_sentence():.0f} us a sentence (bar 60)"
        + (compared(inside) if "--compare" in sys.argv else "")
    )


if __name__ == "__main__":
    main()
