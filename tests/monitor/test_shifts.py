"""What is told only by how much it moves is worked out, kept as it was told, and moved once."""

from __future__ import annotations

import datetime as dt

from diffing.formats import FORMATS
from diffing.model import ChangeKind, Shift
from monitor import rereading
from monitor.digests import digest_of
from monitor.readers import reader_of

EVENT = "Rubezh-2027"
PLAN = "The training “Rubezh-2027” will be held in Kyrgyzstan on 14-18 September 2027."
LATER = "The training “Rubezh-2027” will begin a week later than planned."
AGAIN = "“Rubezh-2027” has been put off by a week, the Joint Staff announced."
AIM = "The commanders will work out how to localise an armed conflict in the mountains of the region."
NEW = ("2027-09-21", "2027-09-25")


def moved(site, page):
    site.pages["plan"] = page("Plans", PLAN, AIM, date="10.11.2026")
    site.run("2026-11-10T06:00")
    site.pages["later"] = page("Later", LATER, AIM, date="20.11.2026")
    site.run("2026-11-20T06:00")


def event_changes(site):
    return [told.change for told in site.archive.changes(event=EVENT) if told.change.of_event]


def test_a_week_later_is_told_with_its_days_and_moves_the_event_once(site, page):
    moved(site, page)
    site.pages["again"] = page("Again", AGAIN, AIM, date="21.11.2026")
    site.run("2026-11-21T06:00")

    kinds = sorted(change.kind for change in event_changes(site))

    assert kinds == [ChangeKind.ANNOUNCED, ChangeKind.RESCHEDULED]
    assert [change.shift_days for change in event_changes(site) if change.shift_days is not None] == [7]
    assert site.window(EVENT) == NEW


def test_a_shift_is_kept_as_it_was_told_and_the_same_rules_change_no_row(site, page):
    moved(site, page)
    told = [known.fact.value for known in site.archive.event_facts(EVENT)]
    before = site.rows()

    assert Shift(start=7, end=7) in told
    assert site.archive.verify() == ()
    rereading.reprocess(site.archive, site.sources, site.gazetteer, dt.datetime(2026, 11, 22, tzinfo=dt.UTC))
    assert site.rows() == before


def test_a_digest_tells_the_days_that_a_shift_leads_to(site, page):
    moved(site, page)
    since = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    digest = digest_of(site.archive, since, since + dt.timedelta(days=1))

    text = FORMATS["text"](digest, reader_of("en", None))

    assert "21-25 September 2027" in text.replace("–", "-")
    windows = [known.fact.value.start.day for known in digest.period.windows[EVENT]]
    assert windows == [14, 21]


def test_a_page_edited_to_a_later_start_moves_the_event(site, page):
    site.pages["plan"] = page("Plans", PLAN, AIM, date="10.11.2026")
    site.run("2026-11-10T06:00")
    site.pages["plan"] = page("Plans", PLAN, LATER, AIM, date="10.11.2026")
    site.run("2026-11-20T06:00")

    assert site.window(EVENT) == NEW
    assert ChangeKind.RESCHEDULED in {change.kind for change in event_changes(site)}


BESIDE = "The training “Rubezh-2027” will open on 16 September, two days later than planned."


def test_days_said_beside_a_shift_are_kept_with_it_and_the_same_rules_change_no_row(site, page):
    site.pages["plan"] = page("Plans", PLAN, AIM, date="10.11.2026")
    site.run("2026-11-10T06:00")
    site.pages["later"] = page("Later", BESIDE, AIM, date="20.11.2026")
    site.run("2026-11-20T06:00")
    before = site.rows()

    assert site.window(EVENT) == ("2027-09-16", "2027-09-20")
    assert [change.shift_days for change in event_changes(site) if change.shift_days is not None] == [2]
    assert site.archive.verify() == ()
    rereading.reprocess(site.archive, site.sources, site.gazetteer, dt.datetime(2026, 11, 22, tzinfo=dt.UTC))
    assert site.rows() == before
