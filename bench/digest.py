"""CPU of a day with 1,000 changes told: archive to text and HTML, against reading the same rows plainly.

    python bench/digest.py

One line out; the bar is one second of CPU. The floor reads the changes' rows with sqlite3 and nothing else.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from diffing.formats import FORMATS
from diffing.model import (
    Attribute,
    Change,
    ChangeKind,
    Document,
    Fact,
    Fetched,
    Outcome,
    PageRole,
    Precision,
    Statement,
    Window,
)
from diffing.normal import normalise
from monitor.digests import close_day, digest_of, kept_digest
from storage.archive import Archive, open_archive

DAY = dt.datetime(2025, 9, 11, 6, tzinfo=dt.UTC)
ROUNDS = 5
EVENTS, PAGES = 100, 140
FILLER = "Units of the Collective Forces will practise actions in mountainous terrain and cross a river"


def cpu(job: Callable[[], object]) -> float:
    """The least seconds of CPU that the job took in a few rounds."""
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        job()
        spent.append(time.process_time() - began)
    return min(spent)


def window(day: int, month: int) -> Window:
    return Window(start=dt.date(2025, month, day), end=dt.date(2025, month, day + 3), precision=Precision.DAY)


def visited(archive: Archive, number: int, at: dt.datetime, told: list[tuple[Statement, list[Fact]]],
            changes: list[Change]) -> None:  # fmt: skip
    run = archive.begin_run(at, "crawl", ["csto-en"])
    url = f"https://en.example.org/news/{number}/"
    capture = archive.record_capture(
        run,
        Fetched(
            source="csto-en", role=PageRole.ARTICLE, url=url, final_url=url, fetched_at=at, status=200,
            body=f"{number} {at}".encode(),
        ),
    )  # fmt: skip
    archive.record_revision(
        capture, Outcome.NEW,
        Document(
            language="en", title=f"Page {number}", published=at.date(), published_evidence=None, blocks=()
        ),
        [statement for statement, _ in told], [facts for _, facts in told], changes, said_on=at.date(),
        extractor="1", understood_at=at, accepted=range(len(told)), text_hash=f"{number} {at}",
    )  # fmt: skip


def statement(index: int, text: str) -> Statement:
    return Statement(index=index, text=text, normal=normalise(text), language="en")


def fill(archive: Archive) -> None:
    """Three earlier words on each of a hundred events, and the day: 300 moves, 500 news, 200 edits."""
    archive.sync_sources({"csto-en": "en"})
    for number in range(EVENTS):
        event = f"Training {number}-2025"
        for month in (1, 4, 7):
            day = window(1 + month, 10 + month % 2)
            words = statement(0, f"“{event}” will be held in the window {month} of it. {FILLER} {number}.")
            fact = Fact(event=event, attribute=Attribute.WINDOW, value=day, quote=f"window {month}")
            visited(archive, 1000 * month + number, dt.datetime(2025, month, 1, tzinfo=dt.UTC),
                    [(words, [fact])], [])  # fmt: skip
    for number in range(PAGES):
        told, changes = [], []
        if number < EVENTS:
            event = f"Training {number}-2025"
            for attribute in range(3):
                new = window(11 + attribute, 9)
                text = f"“{event}” will be held on other days, says word {attribute}. {FILLER} {number}."
                told.append((
                    statement(attribute, text),
                    [Fact(event=event, attribute=Attribute.WINDOW, value=new, quote="other days")],
                ))  # fmt: skip
                changes.append(Change(
                    kind=ChangeKind.RESCHEDULED, significance=ChangeKind.RESCHEDULED.significance,
                    event=event, attribute=Attribute.WINDOW, old=window(8, 11), new=new, shift_days=-54,
                    old_statements=(f"“{event}” will be held in the window 7 of it. {FILLER} {number}.",),
                    new_statements=(text,), old_origin=f"https://en.example.org/news/{7000 + number}/",
                    reason="known: other days",
                ))  # fmt: skip
            for news in range(5):
                text = f"{FILLER}, says news {news} of {number}."
                told.append((statement(3 + news, text), []))
                changes.append(Change(
                    kind=ChangeKind.STATEMENT_NEW, significance=ChangeKind.STATEMENT_NEW.significance,
                    new_statements=(text,),
                ))  # fmt: skip
        else:
            changes = [
                Change(
                    kind=ChangeKind.STATEMENT_EDITED, significance=ChangeKind.STATEMENT_EDITED.significance,
                    old_statements=(f"{FILLER} {number} {edit} on 17 September.",),
                    new_statements=(f"{FILLER} {number} {edit} on 18 September.",),
                )
                for edit in range(5)
            ]  # fmt: skip
        visited(archive, number, DAY, told, changes)


def told_again(archive: Archive) -> str:
    kept = kept_digest(archive, DAY.date())
    assert kept is not None
    return FORMATS["html"](kept)


def main() -> None:
    since, until = DAY - dt.timedelta(hours=6), DAY + dt.timedelta(hours=18)
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "cstowatch.db"
        with open_archive(database, write=True, create=True, now=DAY) as archive:
            fill(archive)
            told = len(digest_of(archive, since, until).period.changes)
            made = cpu(lambda: [FORMATS[name](digest_of(archive, since, until)) for name in ("text", "html")])
            began = time.process_time()
            close_day(archive, DAY.date(), ZoneInfo("UTC"), until)
            closed = time.process_time() - began
            again = cpu(
                lambda: FORMATS["html"](kept_digest(archive, DAY.date()) or digest_of(archive, since, until))
            )
        plain = sqlite3.connect(database)
        bounds = (since.strftime("%Y-%m-%dT%H:%M"), until.strftime("%Y-%m-%dT%H:%M"))
        rows = "SELECT * FROM v_changes WHERE detected >= ? AND detected < ?"
        floor = cpu(lambda: plain.execute(rows, bounds).fetchall())
        plain.close()
    print(
        f"digest of {told} changes: text and HTML {made * 1000:.0f} ms of CPU (x{made / floor:.0f} of "
        f"reading the rows, {floor * 1000:.1f} ms); closing the day {closed * 1000:.0f} ms; a kept one as "
        f"HTML again {again * 1000:.0f} ms; bar 1000 ms"
    )


if __name__ == "__main__":
    main()
