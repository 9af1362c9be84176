"""A run that was cut short is taken up by the next: what it leaves is what an undisturbed one leaves."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from monitor import cycle
from monitor.importing import import_captures
from storage.importing import WarcFiles

PLAN = "The training “Rubezh-2025” will be held in the first half of October in the Kyrgyz Republic."
MOVED = "The training “Rubezh-2025” will be held from 17 to 20 September at the Edelweiss training ground."
HELD = "The training “Rubezh-2025” was completed on 20 September at the Edelweiss training ground."
FILLER = (
    "The head of the joint staff thanked the officers who had prepared the documents for the talks.",
    "The parties agreed to go on with the exchange of experience in the training of mountain units.",
)


TASKS = ("The first task is to take up positions.", "The second task is to restore communications.")


@pytest.fixture
def pages_with_tasks(page):
    """Three pages that end with the same lines, two of which are twins."""
    plan = (PLAN, *FILLER, "The officers will take part in a rehearsal of the parade on the square.", *TASKS)
    dates = (MOVED, "More will be told by the press service.", *TASKS)
    return {
        "a": page("Of the plan", *plan, date="10.02.2025"),
        "b": page("Of the plan, again", *plan, date="11.02.2025"),
        "c": page("Of the dates", *dates, date="12.02.2025"),
    }


@pytest.fixture
def pages(page):
    """Three pages that speak of one event, the oldest asked for last."""
    told = {"held": (HELD, "21.09.2025"), "moved": (MOVED, "11.09.2025"), "plan": (PLAN, "10.02.2025")}
    return {
        name: page(f"Of {name}", text, *(f"{name}: {line}" for line in FILLER), date=date)
        for name, (text, date) in told.items()
    }


def told(site) -> list[object]:
    """What is known and told, but for numbers of rows."""
    urls = sorted(site.url(name) for name in site.pages)
    archive = site.archive
    return [
        sorted(repr(dataclasses.replace(change, id=0)) for change in archive.changes()),
        archive.events(),
        [[archive.revision(url, revision.number) for revision in archive.revisions(url)] for url in urls],
        [[(look.at, look.outcome) for look in archive.looks(url)] for url in urls],
        archive.verify(),
    ]


def cut_short(site, at: str, *, after: int) -> None:
    site.breaks_after = after
    with pytest.raises(ConnectionError):
        site.run(at)
    site.breaks_after = None


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_run_cut_short_while_it_visits_ends_as_if_it_had_not_been(sites, pages, after):
    disturbed, undisturbed = sites(), sites()
    disturbed.pages = undisturbed.pages = pages

    cut_short(disturbed, "2025-09-22T06:00", after=after)
    disturbed.run("2025-09-22T06:00")
    undisturbed.run("2025-09-22T06:00")

    assert told(disturbed) == told(undisturbed)
    (run,) = disturbed.archive.runs()
    assert run.ended is not None


@pytest.fixture
def cut_short_after(monkeypatch):
    """Has a run end as if it were killed, once it has recorded so many pages."""
    record = cycle._record

    def run(site, at, after):
        recorded = []

        def killed(*arguments):
            if len(recorded) == after:
                raise KeyboardInterrupt
            recorded.append(arguments)
            record(*arguments)

        with monkeypatch.context() as patch:
            patch.setattr(cycle, "_record", killed)
            with pytest.raises(KeyboardInterrupt):
                site.run(at)

    return run


@pytest.mark.parametrize("after", [1, 2])
def test_a_run_cut_short_while_it_understands_ends_as_if_it_had_not_been(
    sites, pages, after, cut_short_after
):
    disturbed, undisturbed = sites(), sites()
    disturbed.pages = undisturbed.pages = pages

    cut_short_after(disturbed, "2025-09-22T06:00", after)
    disturbed.run("2025-09-22T06:00")
    undisturbed.run("2025-09-22T06:00")

    assert told(disturbed) == told(undisturbed)


@pytest.mark.parametrize("after", [0, 1, 2])
def test_what_stands_on_the_rest_of_its_pages_is_no_teaser_to_a_run_taken_up(
    sites, pages_with_tasks, after, cut_short_after
):
    disturbed, undisturbed = sites(), sites()
    disturbed.pages = undisturbed.pages = pages_with_tasks

    cut_short_after(disturbed, "2025-09-22T06:00", after)
    disturbed.run("2025-09-22T06:00")
    undisturbed.run("2025-09-22T06:00")

    assert told(disturbed) == told(undisturbed)
    assert disturbed.archive.teasers("site-en") == undisturbed.archive.teasers("site-en")


def test_nor_is_it_where_the_run_finds_news_when_it_is_taken_up(
    site, page, pages_with_tasks, cut_short_after
):
    site.pages = dict(pages_with_tasks)
    cut_short_after(site, "2025-09-22T06:00", 1)
    site.pages["news"] = page("Of the end", HELD, "The flags were lowered.", date="22.09.2025")

    site.run("2025-09-22T06:10")

    said = [statement.text for statement in site.archive.revision(site.url("c")).statements]
    assert said[-2:] == list(TASKS)
    assert site.outcomes("news") == ["new"]


def test_news_that_a_run_finds_when_it_is_taken_up_teaches_of_teasers_too(site, page, cut_short_after):
    site.pages = {"plan": page("The training will be held in October", PLAN, *FILLER, date="10.02.2025")}
    cut_short_after(site, "2025-09-22T06:00", 0)
    site.pages["dates"] = page("Of the dates", MOVED, FILLER[1], PLAN, date="12.02.2025")

    site.run("2025-09-22T06:10")

    shown = [statement.text for statement in site.archive.revision(site.url("dates")).statements]
    assert shown == [MOVED, FILLER[1]]


def test_a_page_that_was_looked_at_twice_is_read_in_the_order_of_its_looks(site, page, pages):
    site.pages = {"moved": pages["moved"], "held": pages["held"]}
    cut_short(site, "2025-09-22T06:00", after=1)
    site.pages["moved"] = page("Of moved", MOVED.replace("17 to 20", "18 to 21"), *FILLER, date="01.09.2025")

    site.run("2025-09-22T06:10")

    assert site.outcomes("moved") == ["new", "changed"]
    assert "18 to 21" in site.archive.revision(site.url("moved")).statements[0].text
    assert len(site.archive.runs()) == 1


def test_after_a_run_that_was_cut_short_only_what_a_whole_one_found_counts_as_known(site, pages):
    known: list[list[str]] = []

    def look(*names: str, breaks: bool = False) -> None:
        def crawl(sources, states, deliver):
            known.append([state.url for state in states["site-en"]])
            site.pages = {name: pages[name] for name in names}
            for name, body in site.pages.items():
                deliver(site._answered(sources[0], name, body))
            if breaks:
                raise ConnectionError

        site._now = site._now + dt.timedelta(days=1)
        cycle.run_cycle(site.archive, site.sources, site.gazetteer, crawl, site._now)

    site._now = dt.datetime(2025, 9, 22, tzinfo=dt.UTC)
    look("plan")
    for name in ("moved", "held"):
        with pytest.raises(ConnectionError):
            look(name, breaks=True)
    look("plan", "moved", "held")
    look("plan")

    plan = site.url("plan")
    assert known == [[], [plan], [plan], [plan], sorted([plan, site.url("moved"), site.url("held")])]


@pytest.mark.parametrize("later", ["2025-09-22T06:31", "2025-09-22T05:59", "2025-09-23T06:00"])
def test_a_run_much_later_or_by_another_clock_is_a_round_of_its_own(site, pages, later):
    site.pages = pages
    cut_short(site, "2025-09-22T06:00", after=1)

    site.run(later)

    assert len(site.archive.runs()) == 2
    assert list(site.archive.pending()) == []


def test_a_run_over_other_sources_does_not_take_it_up(bilingual, pages):
    bilingual.pages = pages
    cut_short(bilingual, "2025-09-22T06:00", after=1)
    bilingual.sources = bilingual.sources[:1]

    bilingual.run("2025-09-22T06:00")

    assert len(bilingual.archive.runs()) == 2


@pytest.mark.parametrize("after", [1, 3])
def test_an_import_cut_short_ends_as_if_it_had_not_been(sites, pages, tmp_path, after, monkeypatch):
    here, past = sites(), sites()
    here.pages = past.pages = pages
    here.run("2025-09-22T06:00")
    here.run("2025-09-23T06:00")
    names = here.archive.export(tmp_path).files
    files = WarcFiles.of([tmp_path / name for name in names])
    record, count = past.archive.record_capture, 0

    def killed(*arguments):
        nonlocal count
        count += 1
        if count > after:
            raise KeyboardInterrupt
        return record(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(past.archive, "record_capture", killed)
        with pytest.raises(KeyboardInterrupt):
            import_captures(past.archive, files, past.sources, past.gazetteer)
    import_captures(past.archive, files, past.sources, past.gazetteer)
    files.close()

    assert told(past) == told(here)
    assert [run.ended for run in past.archive.runs()] == [
        dt.datetime(2025, 9, day, 6, tzinfo=dt.UTC) for day in (23, 22)
    ]
