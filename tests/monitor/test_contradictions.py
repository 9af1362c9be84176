"""What is told of an event where pages contradict each other, cancel it, revive it or look back on it."""

from __future__ import annotations

import datetime as dt

from diffing.digest import Digest
from diffing.formats import FORMATS
from diffing.histories import in_newest_words, said_on, whole_history
from diffing.ledger import contradictions, current
from diffing.model import Attribute, ChangeKind, Significance, Status
from monitor.digests import digest_of
from monitor.readers import reader_of

FIRST = "The training “Rubezh-2027” will be held in Kyrgyzstan in the first half of September 2027."
ENGLISH = "The training “Rubezh-2027” will be held in Kyrgyzstan from 3 to 8 October 2027."
RUSSIAN = "Учение «Рубеж-2027» пройдёт в Кыргызстане с 13 по 18 октября 2027 года."
AIM = "The commanders will work out how to localise an armed conflict in the mountains of the region."
AIM_RU = "Командиры отработают вопросы локализации вооружённого конфликта в горах региона."
SLUG = "v-kirgizii-proydet-uchenie-rubezh-2027"
EVENT = "Rubezh-2027"


def digest(site, day: str) -> Digest:
    since = dt.datetime.fromisoformat(day).replace(tzinfo=dt.UTC)
    return digest_of(site.archive, since, since + dt.timedelta(days=1))


def text(site, day: str, form: str = "text") -> str:
    return FORMATS[form](digest(site, day), reader_of("en", None))


def two_editions(bilingual, page) -> None:
    bilingual.pages["plan"] = page("Plans", FIRST, AIM, date="10.11.2026")
    bilingual.run("2026-11-10T06:00")
    bilingual.pages[SLUG] = page("Rubezh-2027", ENGLISH, AIM, date="20.11.2026")
    bilingual.pages[f"ru/{SLUG}"] = page("Рубеж-2027", RUSSIAN, AIM_RU, date="20.11.2026")
    bilingual.run("2026-11-20T06:00")


def test_editions_that_disagree_on_one_day_are_one_contradiction_and_no_second_move(bilingual, page):
    two_editions(bilingual, page)

    moved, against = sorted(
        (
            recorded.change
            for recorded in bilingual.archive.changes(since=dt.datetime(2026, 11, 20, tzinfo=dt.UTC))
            if recorded.change.of_event
        ),
        key=lambda change: change.contradicts,
    )

    assert (moved.kind, moved.significance) == (ChangeKind.RESCHEDULED, Significance.HIGH)
    assert against.contradicts
    assert against.significance is Significance.HIGH
    assert against.old == moved.new
    assert against.shift_days is None
    assert bilingual.window(EVENT) == ("2027-10-03", "2027-10-08")
    assert list(contradictions(bilingual.archive.event_facts(EVENT))) == [Attribute.WINDOW]


def test_a_contradiction_is_told_once_beside_the_event_with_both_quotations(bilingual, page):
    two_editions(bilingual, page)

    for form in ("text", "md", "html"):
        told = text(bilingual, "2026-11-20", form)
        assert told.count("CONTRADICTION") == 1
        assert "Contradictions" not in told
        assert "13-18 октября" not in told
        assert "с 13 по 18 октября" in told
    assert "3-8 October 2027 ≠ 13-18 October 2027" in text(bilingual, "2026-11-20")
    assert "four weeks" not in text(bilingual, "2026-11-20")


def test_further_words_of_either_edition_move_nothing(bilingual, page):
    two_editions(bilingual, page)
    before = bilingual.changes()
    again = "«Рубеж-2027» состоится с 13 по 18 октября 2027 года, сообщили в штабе."
    bilingual.pages["ru/itogi-soveshchaniya-v-bishkeke"] = page("Совещание", again, date="22.11.2026")
    bilingual.run("2026-11-22T06:00")
    bilingual.pages["meeting"] = page(
        "A meeting", "“Rubezh-2027” is to take place from 3 to 8 October 2027.", date="23.11.2026"
    )
    bilingual.run("2026-11-23T06:00")
    bilingual.pages["ru/o-podgotovke-k-ucheniyu"] = page("О подготовке", again, date="24.11.2026")
    bilingual.run("2026-11-24T06:00")

    assert bilingual.changes() == before
    assert bilingual.window(EVENT) == ("2027-10-03", "2027-10-08")


def test_the_other_edition_coming_round_decides(bilingual, page):
    two_editions(bilingual, page)
    bilingual.pages["later"] = page(
        "Dates", "The training “Rubezh-2027” will be held from 13 to 18 October 2027.", date="01.12.2026"
    )
    report = bilingual.run("2026-12-01T06:00")

    assert report.changes == {"rescheduled": 1}
    assert bilingual.window(EVENT) == ("2027-10-13", "2027-10-18")
    assert contradictions(bilingual.archive.event_facts(EVENT)) == {}


def test_a_page_corrected_on_the_same_day_is_a_real_change(bilingual, page):
    two_editions(bilingual, page)
    bilingual.pages[SLUG] = page("Rubezh-2027", ENGLISH.replace("3 to 8", "13 to 18"), AIM, date="20.11.2026")
    report = bilingual.run("2026-11-20T15:00")

    assert report.changes == {"statement_edited": 1, "rescheduled": 1}
    assert bilingual.window(EVENT) == ("2027-10-13", "2027-10-18")
    assert contradictions(bilingual.archive.event_facts(EVENT)) == {}


def test_an_edition_corrected_to_what_stands_ends_the_contradiction(bilingual, page):
    two_editions(bilingual, page)
    bilingual.pages[f"ru/{SLUG}"] = page(
        "Рубеж-2027", RUSSIAN.replace("с 13 по 18", "с 3 по 8"), AIM_RU, date="20.11.2026"
    )
    report = bilingual.run("2026-11-20T15:00")

    assert report.changes == {"statement_edited": 1}
    assert bilingual.window(EVENT) == ("2027-10-03", "2027-10-08")
    assert contradictions(bilingual.archive.event_facts(EVENT)) == {}


OFF = "The training “Echelon-2027” will not be held."
ON = "Учение «Эшелон-2027» пройдёт в июне 2027 года в Казахстане."


def test_what_was_cancelled_first_is_cancelled_and_then_revived_with_high_significance(bilingual, page):
    bilingual.pages["off"] = page("Echelon-2027", OFF, AIM, date="20.11.2026")
    bilingual.pages["ru/eshelon"] = page("Эшелон-2027", ON, AIM_RU, date="21.11.2026")
    bilingual.run("2026-11-21T06:00")

    told = [recorded.change for recorded in reversed(bilingual.archive.changes(event="Echelon-2027"))]

    assert [change.kind.value for change in told] == ["announced", "cancelled", "rescheduled"]
    revived = told[2]
    assert (revived.significance, revived.attribute) == (Significance.HIGH, Attribute.STATUS)
    assert (revived.old, revived.new) == (Status.CANCELLED, Status.PLANNED)
    stands = current(bilingual.archive.event_facts("Echelon-2027"))
    assert stands[Attribute.STATUS].fact.value is Status.PLANNED
    assert bilingual.window("Echelon-2027") == ("2027-06-01", "2027-06-30")
    shown = text(bilingual, "2026-11-21")
    assert "to be held after all" in shown
    assert "June 2027" in shown
    assert "Kazakhstan" in shown


def test_a_cancellation_and_a_plan_of_one_day_contradict_each_other(bilingual, page):
    bilingual.pages["off"] = page("Echelon-2027", OFF, AIM, date="20.11.2026")
    bilingual.pages["ru/eshelon"] = page("Эшелон-2027", ON, AIM_RU, date="20.11.2026")
    bilingual.run("2026-11-20T06:00")

    told = [recorded.change for recorded in reversed(bilingual.archive.changes(event="Echelon-2027"))]

    assert [(change.kind.value, change.contradicts) for change in told] == [
        ("announced", False),
        ("cancelled", False),
        ("statement_new", True),
    ]
    stands = current(bilingual.archive.event_facts("Echelon-2027"))
    assert stands[Attribute.STATUS].fact.value is Status.CANCELLED
    assert "cancelled ≠ planned" in text(bilingual, "2026-11-20")


def test_what_is_said_of_an_event_long_over_is_no_alarm(site, page):
    site.pages["history"] = page(
        "History", "Last year, “Rubezh-2025” was held from 17 to 20 September.", AIM, date="20.11.2026"
    )
    report = site.run("2026-11-20T06:00")

    assert report.changes["completed"] == 1
    assert "rescheduled" not in report.changes
    assert not site.archive.changes(significances=[Significance.HIGH])
    assert site.window("Rubezh-2025") == ("2025-09-17", "2025-09-20")


def test_an_edit_is_told_as_noticed_when_it_was_seen(site, page):
    words = "The training “Rubezh-2027” will be held in Kyrgyzstan from 3 to 8 May 2027."
    site.pages["exercise"] = page("Rubezh-2027", words, AIM, date="20.11.2026")
    site.run("2026-11-20T06:00")
    site.pages["exercise"] = page(
        "Rubezh-2027", words.replace("3 to 8 May", "10 to 15 May"), AIM, date="20.11.2026"
    )
    site.run("2026-11-23T06:00")

    told = text(site, "2026-11-23")
    assert "noticed 23 November 2026 on a page dated 20 November 2026" in told
    assert "now, site-en, 20 November 2026" not in told
    moved = site.archive.changes(event=EVENT, kinds=[ChangeKind.RESCHEDULED])[0]
    assert said_on(moved) == dt.date(2026, 11, 23)
    facts = site.archive.event_facts(EVENT)
    place = in_newest_words(facts)[Attribute.PLACE]
    assert "10 to 15 May" in place.statement.text
    assert place.statement.said_on == dt.date(2026, 11, 23)
    since = in_newest_words(facts, since_first=True)[Attribute.PLACE]
    assert (since.statement.text, since.statement.said_on) == (place.statement.text, dt.date(2026, 11, 20))


def test_an_announcement_that_was_overtaken_on_the_same_day_reads_as_the_past(site, page):
    plan, moved = (
        f"The training “Rubezh-2027” will be held in Kyrgyzstan from {days} May 2027."
        for days in ("10 to 15", "3 to 8")
    )
    site.pages["plan"] = page("Plans", plan, AIM, date="18.11.2026")
    site.pages["exercise"] = page("Rubezh-2027", moved, AIM, date="20.11.2026")
    site.run("2026-11-20T06:00")

    told = text(site, "2026-11-20")
    assert told.index("3-8 May 2027") < told.index("first announced: Kyrgyzstan; 10-15 May 2027")


def test_an_event_is_told_under_the_name_that_the_page_has_for_it_too(site, page):
    site.pages["thunder"] = page(
        "Thunder", "The exercise “Thunder-2027” will be held in Kazakhstan in May 2027.", date="20.11.2026"
    )
    site.pages["plain"] = page("Rubezh", ENGLISH, date="20.11.2026")
    site.run("2026-11-20T06:00")

    told = text(site, "2026-11-20")
    assert "Grom-2027 (here: “Thunder-2027”)" in told
    assert "Rubezh-2027 (here" not in told


def test_the_first_word_of_an_event_announces_it_though_it_cancels_it_and_a_reader_is_told_once(site, page):
    site.pages["off"] = page("Echelon-2027", OFF, AIM, date="20.11.2026")
    site.run("2026-11-20T06:00")
    facts = site.archive.event_facts("Echelon-2027")

    history = whole_history(facts, site.archive.changes(event="Echelon-2027"))

    assert [recorded.change.kind for recorded in history] == [ChangeKind.CANCELLED, ChangeKind.ANNOUNCED]
    told = text(site, "2026-11-20")
    assert ("cancelled" in told, "announced" in told) == (True, False)
