"""The cycle on a site in memory: real archive, real extraction, no network."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diffing.model import ChangeKind, Significance

MOVED = "The training “Rubezh-2025” will be held from 17 to 20 September at the Edelweiss training ground."
PLACE = "About 1,200 servicemen of the collective forces will take part in it, said the press service."
AIM = "The commanders will work out how to localise an armed conflict in the mountains of the region."
STAFF = "The staff finished the planning of the joint training of the forces in the capital this week."
FILLER = (
    "The head of the joint staff thanked the officers who had prepared the documents for the talks.",
    "The parties agreed to go on with the exchange of experience in the training of mountain units.",
    "The next meeting of the working group will be held in the usual format in the autumn of the year.",
)
CAPTCHA = (
    b"<html><body><h1>Please verify you are human</h1><p>Complete the captcha to go on.</p></body></html>"
)
MAINTENANCE = (
    b"<html><body><h1>Site</h1><p>The site is under maintenance. We will be back soon.</p></body></html>"
)
EMPTY = b"<html><head><title>x</title></head><body><div class='content'></div></body></html>"


def rescheduled(site):
    (found,) = site.archive.changes(kinds=[ChangeKind.RESCHEDULED])
    return found


def test_a_new_page_brings_a_revision_its_news_and_what_it_says_of_events(site, page):
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, PLACE, AIM)

    report = site.run("2025-09-11T06:00")

    assert report.outcomes == {"new": 1}
    assert rescheduled(site).change.shift_days == -14
    assert rescheduled(site).change.significance is Significance.HIGH
    assert site.window("Rubezh-2025") == ("2025-09-17", "2025-09-20")
    assert [s.text for s in site.archive.revision(site.url("exercise")).statements][:2] == [MOVED, PLACE]


def test_the_same_bytes_are_unchanged(site, page):
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, PLACE, AIM)
    site.run("2025-09-11T06:00")
    before = site.rows()

    report = site.run("2025-09-12T06:00")

    assert report.outcomes == {"unchanged": 1}
    assert site.rows() == before


def test_what_a_glance_tells_to_be_as_it_was_needs_no_earlier_body(site, page, monkeypatch):
    site.pages = {name: page(f"Rubezh-2025 {name}", MOVED, PLACE, AIM) for name in ("moves", "stands")}
    site.run("2025-09-11T06:00")
    site.pages = {name: body.replace(b"Views: 7", b"Views: 99") for name, body in site.pages.items()}
    site.pages["stands"] = site.pages["stands"].replace(AIM.encode(), STAFF.encode())

    asked = []
    monkeypatch.setattr(site.archive, "last_good_body", asked.append)
    report = site.run("2025-09-12T06:00")

    assert report.outcomes == {"unchanged": 1, "changed": 1}
    assert asked == [site.url("stands")]


@pytest.mark.parametrize("rules", [b"others", None])
def test_what_was_shown_by_other_rules_or_is_not_known_is_compared(site, page, monkeypatch, rules):
    site.pages = {"moves": page("Rubezh-2025 moves", MOVED, PLACE, AIM)}
    site.run("2025-09-11T06:00")
    if rules:
        monkeypatch.setattr("crawler.visible.SHOWN_BY", rules)
    else:
        site.archive._connection.run("UPDATE pages SET shown = NULL")
    (known,) = site.archive._connection.numbers("SELECT shown FROM pages WHERE role = 'article'")

    for day, views in ((12, 8), (13, 9)):
        site.pages = {"moves": page("Rubezh-2025 moves", MOVED, PLACE, AIM, views=views)}
        site.run(f"2025-09-{day}T06:00")

    assert site.outcomes("moves") == ["new", "unchanged", "unchanged"]
    (shown,) = site.archive._connection.numbers("SELECT shown FROM pages WHERE role = 'article'")
    assert shown not in {known, None}


@pytest.mark.parametrize("begun", ["rejected", 304, 404])
def test_what_a_page_showed_counts_whatever_came_of_it_in_between(site, page, begun):
    known = page("Rubezh-2025 moves", MOVED, PLACE, AIM)
    wall = b"<html><body><p>Please verify you are human to go on.</p></body></html>"
    site.pages = {"moves": known}
    site.run("2025-09-11T06:00")

    site.pages = {"moves": wall if begun == "rejected" else begun}
    site.run("2025-09-12T06:00")
    site.pages = {"moves": page("Rubezh-2025 moves", MOVED, PLACE, STAFF)}
    site.run("2025-09-13T06:00")
    site.pages = {"moves": page("Rubezh-2025 moves", MOVED, PLACE, AIM, views=8)}
    site.run("2025-09-14T06:00")

    assert site.outcomes("moves")[2:] == ["changed", "changed"]


def test_a_counter_and_new_teasers_around_the_same_text_are_unchanged(site, page):
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, PLACE, AIM)
    site.pages["talks"] = page("Talks on joint training", STAFF, *FILLER)
    site.run("2025-09-11T06:00")
    before = site.rows()
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, PLACE, AIM, teasers=(STAFF,), views=99)

    report = site.run("2025-09-12T06:00")

    assert report.outcomes == {"unchanged": 2}
    assert site.rows() == before


def test_an_edit_of_a_date_is_a_statement_edited_of_high_significance_and_a_rescheduling(site, page):
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, PLACE, AIM)
    site.run("2025-09-11T06:00")
    site.pages["exercise"] = page(
        "Rubezh-2025 moves", MOVED.replace("17 to 20 September", "1 to 4 October"), PLACE, AIM
    )

    report = site.run("2025-09-12T06:00")

    assert report.outcomes == {"changed": 1}
    assert report.changes == {"statement_edited": 1, "rescheduled": 1}
    edited, moved = site.archive.changes(limit=2)
    assert edited.change.significance is Significance.HIGH
    assert (edited.from_revision, edited.to_revision) == (1, 2)
    assert moved.change.shift_days == 14
    assert site.window("Rubezh-2025") == ("2025-10-01", "2025-10-04")


def test_a_silent_edit_of_words_is_told_with_both_wordings(site, page):
    site.pages["talks"] = page("Talks on joint training", STAFF, *FILLER)
    site.run("2025-09-11T06:00")
    site.pages["talks"] = page("Talks on joint training", STAFF.replace("this week", "last week"), *FILLER)

    report = site.run("2025-09-12T06:00")

    assert report.changes == {"statement_edited": 1}
    (edited,) = site.archive.changes(limit=1)
    assert edited.change.old_statements == (STAFF,)
    assert edited.change.significance is Significance.LOW


def test_an_edited_title_is_title_edited_and_nothing_else(site, page):
    site.pages["talks"] = page("Talks on joint training", STAFF, *FILLER)
    site.run("2025-09-11T06:00")
    site.pages["talks"] = page("Talks on joint training ended", STAFF, *FILLER)

    report = site.run("2025-09-12T06:00")

    assert report.changes == {"title_edited": 1}


def test_a_page_is_withdrawn_when_a_second_visit_half_a_day_later_agrees_and_restored_when_it_answers(
    site, page
):
    body = page("Talks on joint training", STAFF, *FILLER)
    site.pages["talks"] = body
    site.run("2025-09-11T06:00")
    site.pages["talks"] = 404

    assert site.run("2025-09-12T06:00").changes == {}
    assert site.run("2025-09-12T10:00").changes == {}
    assert site.run("2025-09-12T18:00").changes == {"page_removed": 1}
    assert site.run("2025-09-13T18:00").changes == {}
    site.pages["talks"] = body
    assert site.run("2025-09-14T06:00").changes == {"page_restored": 1}
    assert site.run("2025-09-15T06:00").changes == {}


def test_a_page_that_was_gone_once_was_never_withdrawn(site, page):
    body = page("Talks on joint training", STAFF, *FILLER)
    for day, answer in enumerate([body, 410, body, 404, body], 11):
        site.pages["talks"] = answer
        site.run(f"2025-09-{day}T06:00")

    assert site.outcomes("talks") == ["new", "gone", "unchanged", "gone", "unchanged"]
    assert not {"page_removed", "page_restored"} & set(site.changes())


def test_a_site_that_answers_404_for_a_fifth_of_its_pages_withdrew_none(site, page):
    for number in range(8):
        site.pages[f"talks-{number}"] = page(f"Talks number {number}", f"Talk {number}: {STAFF}", *FILLER[:2])
    site.run("2025-09-11T06:00")
    for number in range(5):
        site.pages[f"talks-{number}"] = 404

    site.run("2025-09-12T06:00")
    report = site.run("2025-09-13T06:00")

    assert report.changes == {}
    assert "5 of 8 pages look wrong or are gone" in report.failures["site-en"]


def test_a_few_pages_of_a_small_site_can_be_withdrawn_together(site, page):
    for name in ("talks", "plans", "guests"):
        site.pages[name] = page(f"About the {name}", f"{name}: {STAFF}", *FILLER[:2])
    site.run("2025-09-11T06:00")
    site.pages["talks"] = site.pages["plans"] = 410

    site.run("2025-09-12T06:00")
    report = site.run("2025-09-13T06:00")

    assert report.changes == {"page_removed": 2}


@pytest.mark.parametrize("answer", [500, 503, 403, "connection refused"], ids=str)
def test_a_failed_fetch_is_a_fact_to_keep_and_removes_nothing(site, page, answer):
    site.pages["talks"] = page("Talks on joint training", STAFF, *FILLER)
    site.run("2025-09-11T06:00")
    before = site.rows()
    site.pages["talks"] = answer

    report = site.run("2025-09-12T06:00")

    assert report.outcomes == {"failed": 1}
    assert site.rows() == before


@pytest.mark.parametrize(
    "answer", [CAPTCHA, MAINTENANCE, EMPTY, b""], ids=["captcha", "maintenance", "empty page", "no body"]
)
def test_a_200_that_is_not_the_article_is_rejected_and_the_last_good_revision_stands(site, page, answer):
    body = page("Talks on joint training", STAFF, *FILLER)
    site.pages["talks"] = body
    site.run("2025-09-11T06:00")
    before = site.rows()
    site.pages["talks"] = answer

    report = site.run("2025-09-12T06:00")

    assert report.outcomes == {"rejected": 1}
    assert site.rows() == before
    site.pages["talks"] = body
    assert site.run("2025-09-13T06:00").outcomes == {"unchanged": 1}


def test_a_text_that_collapsed_is_rejected(site, page):
    site.pages["talks"] = page("Talks on joint training", STAFF, *FILLER)
    site.run("2025-09-11T06:00")
    site.pages["talks"] = page("Talks on joint training", "Text follows in the course of the day.")

    report = site.run("2025-09-12T06:00")

    assert report.outcomes == {"rejected": 1}
    assert "collapsed" in site.archive._connection.value(
        "SELECT reason FROM captures ORDER BY id DESC LIMIT 1"
    )


def test_where_more_than_a_fifth_of_the_pages_look_wrong_all_changes_are_held_until_they_do_not(site, page):
    for number in range(6):
        site.pages[f"talks-{number}"] = page(f"Talks number {number}", f"Talk {number}: {STAFF}", *FILLER[:2])
    site.run("2025-09-11T06:00")
    good = dict(site.pages)
    site.pages.update({"talks-0": CAPTCHA, "talks-1": MAINTENANCE})
    site.pages["talks-5"] = page(
        "Talks number 5", f"Talk 5: {STAFF}", *FILLER[:2], "Six officers spoke there."
    )

    report = site.run("2025-09-12T06:00")

    assert report.changes == {}
    assert report.failures == {"site-en": "2 of 6 pages look wrong: all changes of this run are held back"}
    site.pages.update({"talks-0": good["talks-0"], "talks-1": good["talks-1"]})
    assert site.run("2025-09-13T06:00").changes == {"statement_added": 1}


def test_a_translation_tells_no_statement_twice_and_is_named_in_also_seen(bilingual, page):
    site = bilingual
    site.pages["uchenie-rubezh-2025-perenesli"] = page("Rubezh-2025 moves", MOVED, PLACE, AIM)
    site.pages["ru/uchenie-rubezh-2025-perenesli"] = page(
        "«Рубеж-2025» перенесли",
        "Учение «Рубеж-2025» пройдёт с 17 по 20 сентября на полигоне «Эдельвейс».",
        "В нём примут участие около 1200 военнослужащих коллективных сил, сообщила пресс-служба.",
        "Командиры отработают локализацию вооружённого конфликта в горах региона.",
    )

    site.run("2025-09-11T06:00")

    english, russian = map(site.url, site.pages)
    assert rescheduled(site).also_seen == (russian,)
    news = site.archive.changes(kinds=[ChangeKind.STATEMENT_NEW])
    assert news
    assert {(new.url, new.also_seen) for new in news} == {(english, (russian,))}


def test_two_pages_that_tell_the_same_change_are_one_record(site, page):
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, PLACE, AIM)
    again = "“Rubezh-2025” will take place on 17-20 September, the press service said."
    site.pages["press"] = page("Press service on Rubezh-2025", again, *FILLER[:2], date="12.09.2025")

    site.run("2025-09-12T06:00")

    assert rescheduled(site).url == site.url("exercise")
    assert rescheduled(site).also_seen == (site.url("press"),)


def test_a_page_published_before_what_stands_changes_nothing(site, page):
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, PLACE, AIM)
    site.run("2025-09-11T06:00")
    site.pages["old"] = page(
        "Plans of the year",
        "The training “Rubezh-2025” will be held on 8-11 October.",
        *FILLER[:2],
        date="05.02.2025",
    )

    report = site.run("2025-09-12T06:00")

    assert report.outcomes == {"new": 1, "unchanged": 1}
    assert set(report.changes) <= {"statement_new"}
    assert site.window("Rubezh-2025") == ("2025-09-17", "2025-09-20")


def test_a_quotation_of_an_older_page_does_not_move_the_ledger_back(site, page):
    old = "The training “Rubezh-2025” will be held from 8 to 11 October at the Edelweiss training ground."
    site.pages["plans"] = page("Plans for the autumn", old, *FILLER, date="01.06.2025")
    site.run("2025-06-01T06:00")
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, PLACE, AIM)
    site.run("2025-09-11T06:00")
    site.pages["review"] = page("The week in review", STAFF, old, FILLER[1], AIM, date="12.09.2025")

    site.run("2025-09-12T06:00")

    assert site.window("Rubezh-2025") == ("2025-09-17", "2025-09-20")
    review = site.url("review")
    assert not [
        known for known in site.archive.event_facts("Rubezh-2025") if known.statement.origin == review
    ]


def test_a_change_that_another_page_repeats_word_for_word_is_seen_there_too(site, page):
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, PLACE, AIM)
    site.pages["press"] = page("Press service on the training", STAFF, MOVED, FILLER[0], date="12.09.2025")

    site.run("2025-09-12T06:00")

    assert rescheduled(site).also_seen == (site.url("press"),)


def test_a_page_that_goes_back_to_its_own_old_words_moves_the_ledger_back(site, page):
    later = MOVED.replace("17 to 20 September", "1 to 4 October")
    for day, words in enumerate([MOVED, later, MOVED], 11):
        site.pages["exercise"] = page("Rubezh-2025 moves", words, PLACE, AIM)
        site.run(f"2025-09-{day}T06:00")

    assert site.window("Rubezh-2025") == ("2025-09-17", "2025-09-20")


def test_a_page_that_goes_back_to_its_own_old_words_is_told_as_moved_back(site, page):
    later = MOVED.replace("17 to 20 September", "1 to 4 October")
    site.pages["other"] = page("Talks on joint training", STAFF, *FILLER, date="10.09.2025")
    for day, words in enumerate([MOVED, later, MOVED, MOVED], 11):
        site.pages["exercise"] = page("Rubezh-2025 moves", words, PLACE, AIM)
        site.run(f"2025-09-{day}T06:00")

    changes = [told.change for told in site.archive.changes(url=site.url("exercise"))]
    moved = [change for change in changes if change.kind is ChangeKind.RESCHEDULED]
    assert [(change.old.start.isoformat(), change.shift_days) for change in reversed(moved)] == [
        ("2025-10-01", -14),
        ("2025-09-17", 14),
        ("2025-10-01", -14),
    ]
    assert [change.kind for change in changes].count(ChangeKind.STATEMENT_EDITED) == 2


def test_a_page_that_goes_back_to_old_words_without_a_fact_tells_of_nothing_but_the_edit(site, page):
    for day, words in enumerate([STAFF, FILLER[1], STAFF], 11):
        site.pages["talks"] = page("Talks on joint training", words, PLACE, AIM, FILLER[0])
        report = site.run(f"2025-09-{day}T06:00")

    assert set(report.changes) <= {"statement_edited", "statement_added", "statement_removed"}


def test_a_redirect_to_an_article_is_that_article_and_the_old_address_has_moved(site, page):
    body = page("Talks on joint training", STAFF, *FILLER)
    site.pages["talks"] = body
    site.run("2025-09-11T06:00")
    site.pages["talks"] = ("talks-on-training", body)

    report = site.run("2025-09-12T06:00")

    assert report.outcomes == {"moved": 1, "unchanged": 1}
    assert report.changes == {}
    assert [revision.number for revision in site.archive.revisions(site.url("talks-on-training"))] == [1]


def test_a_redirect_to_the_front_page_concerns_the_old_address_alone(site, page):
    site.pages["talks"] = page("Talks on joint training", STAFF, *FILLER)
    site.run("2025-09-11T06:00")
    site.pages["talks"] = ("", page("Site", *FILLER))

    report = site.run("2025-09-12T06:00")

    assert report.outcomes == {"moved": 1}
    assert report.changes == {}
    assert site.archive.page_state(site.url("")) is None


def test_the_history_of_a_page_that_moved_goes_on_at_its_new_address(site, page):
    site.pages["talks"] = page("Talks on joint training", STAFF, *FILLER)
    site.run("2025-09-11T06:00")
    site.pages["talks"] = ("talks-on-training", page("Talks on joint training", STAFF, *FILLER[:2]))
    moved = site.run("2025-09-12T06:00")
    del site.pages["talks"]
    site.pages["talks-on-training"] = page("Talks on joint training", STAFF, FILLER[0])

    edited = site.run("2025-09-13T06:00")

    old, new = site.url("talks"), site.url("talks-on-training")
    assert moved.changes == edited.changes == {"statement_removed": 1}
    assert [revision.number for revision in site.archive.revisions(new)] == [1, 2, 3]
    assert len(site.archive.revision(new, 1).statements) == 4
    assert site.archive.address_today(old) == new
    told = [
        (change.url, change.from_revision, change.to_revision) for change in site.archive.changes(url=new)
    ]
    assert told[:2] == [(new, 2, 3), (new, 1, 2)]
    assert {url for url, _, _ in told[2:]} == {old}
    assert site.archive.page_state(old).moved_to == new
    assert site.archive.verify() == ()


def test_a_page_that_moved_there_and_back_is_one_page_all_the_while(site, page):
    site.pages["talks"] = page("Talks on joint training", STAFF, *FILLER)
    site.run("2025-09-11T06:00")
    site.pages["talks"] = ("training", page("Talks on joint training", STAFF, *FILLER[:2]))
    site.run("2025-09-12T06:00")
    site.pages = {"training": ("talks", page("Talks on joint training", STAFF, FILLER[0]))}

    report = site.run("2025-09-13T06:00")

    assert report.changes == {"statement_removed": 1}
    assert [revision.number for revision in site.archive.revisions(site.url("talks"))] == [1, 2, 3]
    assert site.archive.address_today(site.url("training")) == site.url("talks")
    assert site.archive.verify() == ()


def test_a_page_that_moved_and_goes_back_to_its_own_old_words_moves_the_ledger_back(site, page):
    later = MOVED.replace("17 to 20 September", "1 to 4 October")
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, PLACE, AIM)
    site.run("2025-09-11T06:00")
    site.pages = {"exercise": ("rubezh", page("Rubezh-2025 moves", later, PLACE, AIM))}
    site.run("2025-09-12T06:00")
    site.pages = {"rubezh": page("Rubezh-2025 moves", MOVED, PLACE, AIM)}

    site.run("2025-09-13T06:00")

    assert site.window("Rubezh-2025") == ("2025-09-17", "2025-09-20")


def test_an_old_address_under_which_another_article_stands_is_a_page_of_its_own(site, page):
    site.pages["talks"] = page("Talks on joint training", STAFF, *FILLER)
    site.run("2025-09-11T06:00")
    site.pages["talks"] = ("training", page("Talks on joint training", STAFF, *FILLER))
    site.run("2025-09-12T06:00")
    site.pages = {"talks": page("Rubezh-2025 moves", MOVED, PLACE, AIM)}

    report = site.run("2025-09-13T06:00")

    assert report.outcomes == {"new": 1}
    assert "rescheduled" in report.changes
    assert site.archive.page_state(site.url("talks")).moved_to is None
    assert site.archive.address_today(site.url("talks")) == site.url("talks")
    assert len(site.archive.revisions(site.url("training"))) == 1


def test_a_withdrawn_page_that_comes_back_at_another_address_is_restored_there(site, page):
    body = page("Talks on joint training", STAFF, *FILLER)
    for at, answer in (
        ("11T06:00", body),
        ("12T06:00", 404),
        ("13T06:00", 404),
        ("14T06:00", ("training", body)),
    ):
        site.pages["talks"] = answer
        report = site.run(f"2025-09-{at}")

    assert report.changes == {"page_restored": 1}
    assert site.archive.changes(limit=1)[0].url == site.url("training")


def test_an_address_that_led_on_and_then_ends_has_withdrawn_nothing(site, page):
    body = page("Talks on joint training", STAFF, *FILLER)
    for at, answer in (("11", body), ("12", ("training", body)), ("13", 404), ("14", 404)):
        site.pages["talks"] = answer
        site.run(f"2025-09-{at}T06:00")

    assert "page_removed" not in site.changes()


def test_an_address_that_was_withdrawn_led_on_and_is_a_page_again_is_restored_and_can_be_withdrawn(
    site, page
):
    body, other = page("Talks on joint training", STAFF, *FILLER), page("Other talks", *FILLER[::-1])
    told = []
    for at, answer in (
        ("11T06:00", body),
        ("12T06:00", 404),
        ("13T06:00", 404),
        ("14T06:00", ("training", body)),
        ("25T06:00", other),
        ("26T06:00", 404),
        ("27T06:00", 404),
    ):
        site.pages["talks"] = answer
        told.append([*site.run(f"2025-09-{at}").changes])

    assert told[2:4] == [["page_removed"], ["page_restored"]]
    assert "page_restored" in told[4]
    assert told[5:] == [[], ["page_removed"]]


def test_many_pages_that_lead_to_one_are_not_that_page(site, page):
    for number in range(3):
        site.pages[f"talks-{number}"] = page(f"Talks number {number}", f"Talk {number}: {STAFF}", *FILLER[:2])
    site.run("2025-09-11T06:00")
    all_of_it = page("Talks", *(f"Talk {number}: {STAFF}" for number in range(3)), *FILLER[:2])
    site.pages = {f"talks-{number}": ("all-talks", all_of_it) for number in range(3)}

    report = site.run("2025-09-12T06:00")

    assert report.outcomes == {"moved": 3, "new": 1}
    assert [revision.number for revision in site.archive.revisions(site.url("all-talks"))] == [1]


def test_a_redirect_to_another_article_is_no_edit_of_the_first(site, page):
    site.pages["talks"] = page("Talks on joint training", STAFF, *FILLER)
    site.run("2025-09-11T06:00")
    site.pages["talks"] = ("exercise", page("Rubezh-2025 moves", MOVED, PLACE, AIM))

    report = site.run("2025-09-12T06:00")

    assert report.outcomes == {"moved": 1, "new": 1}
    assert not set(report.changes) & {"statement_edited", "statement_removed", "page_removed"}


def test_a_redirect_to_an_error_page_is_a_page_that_is_gone(site, page):
    site.pages["talks"] = page("Talks on joint training", STAFF, *FILLER)
    site.run("2025-09-11T06:00")
    site.pages["talks"] = ("not-found", 404)
    site.run("2025-09-12T06:00")

    report = site.run("2025-09-13T06:00")

    assert report.changes == {"page_removed": 1}


def naming(body, address):
    return body.replace(b"</head>", f"<link rel='canonical' href='{address}'></head>".encode())


def test_a_page_that_names_another_address_which_shows_the_same_is_that_page(site, page):
    body = page("Talks on joint training", STAFF, *FILLER)
    site.pages["print-talks"] = naming(body, site.url("talks"))
    site.pages["talks"] = naming(body, site.url("talks"))

    first = site.run("2025-09-11T06:00")
    site.pages["talks"] = naming(page("Talks on joint training", STAFF, *FILLER[:2]), site.url("talks"))
    site.pages["print-talks"] = site.pages["talks"]
    second = site.run("2025-09-12T06:00")

    assert first.outcomes == {"moved": 1, "new": 1}
    assert second.outcomes == {"moved": 1, "changed": 1}
    assert second.changes == {"statement_removed": 1}
    assert site.archive.page_state(site.url("print-talks")).moved_to == site.url("talks")


def test_a_page_that_comes_to_name_a_new_address_goes_on_there(site, page):
    body = page("Talks on joint training", STAFF, *FILLER)
    site.pages["talks"] = body
    site.run("2025-09-11T06:00")
    site.pages["talks"] = naming(body, site.url("training"))
    site.pages["training"] = naming(body, site.url("training"))

    report = site.run("2025-09-12T06:00")

    assert report.outcomes == {"moved": 1, "unchanged": 1}
    assert site.archive.address_today(site.url("talks")) == site.url("training")


@pytest.mark.parametrize("named", ["talks-0", "", "https://elsewhere.example/news/x/"])
def test_a_template_that_names_one_address_on_every_page_collapses_none(site, page, named):
    address = named if named.startswith("http") else site.url(named)
    for number in range(4):
        own = page(f"Talks number {number}", f"Talk {number}: {STAFF}", *FILLER[:2])
        site.pages[f"talks-{number}"] = naming(own, address)

    report = site.run("2025-09-11T06:00")

    assert report.outcomes == {"new": 4}


def test_two_pages_that_name_each_other_are_two(site, page):
    body = page("Talks on joint training", STAFF, *FILLER)
    site.pages["one"], site.pages["two"] = naming(body, site.url("two")), naming(body, site.url("one"))

    assert site.run("2025-09-11T06:00").outcomes == {"new": 2}


def test_what_a_run_that_broke_off_had_fetched_is_understood_by_the_next(site, page):
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, PLACE, AIM)
    site.pages["talks"] = page("Talks on joint training", STAFF, *FILLER)
    site.breaks_after = 1
    with pytest.raises(ConnectionError):
        site.run("2025-09-11T06:00")
    assert site.changes() == []
    site.breaks_after = None
    site.pages["exercise"] = page(
        "Rubezh-2025 moves", MOVED.replace("17 to 20 September", "1 to 4 October"), PLACE, AIM
    )

    report = site.run("2025-09-12T06:00")

    assert report.outcomes == {"new": 2, "changed": 1}
    assert site.outcomes("exercise") == ["new", "changed"]
    assert [r.change.shift_days for r in reversed(site.archive.changes(kinds=[ChangeKind.RESCHEDULED]))] == [
        -14,
        14,
    ]
    assert site.window("Rubezh-2025") == ("2025-10-01", "2025-10-04")


def test_a_run_that_broke_off_and_is_done_again_is_told_once(site, sites, page):
    whole = sites()
    for one in (site, whole):
        one.pages["exercise"] = page("Rubezh-2025 moves", MOVED, PLACE, AIM)
        one.pages["talks"] = page("Talks on joint training", STAFF, *FILLER)
    site.breaks_after = 1
    with pytest.raises(ConnectionError):
        site.run("2025-09-11T06:00")
    site.breaks_after = None
    site.run("2025-09-11T07:00")
    whole.run("2025-09-11T07:00")

    assert sorted(site.changes()) == sorted(whole.changes())
    assert site.outcomes("exercise") == ["new", "unchanged"]


def test_the_same_day_twice_changes_no_row_but_the_captures(site, page):
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, PLACE, AIM)
    site.pages["talks"] = page("Talks on joint training", STAFF, *FILLER)
    site.run("2025-09-11T06:00")
    before = site.rows()

    report = site.run("2025-09-11T06:00")

    assert report.changes == {}
    assert site.rows() == before


def test_a_page_that_names_itself_by_a_teaser_learned_later_has_lost_nothing(site, page):
    """The lead of a page that was not known yet was taken for the first page's own; then it rotated off."""
    site.pages["talks"] = page("Talks on joint training", STAFF, *FILLER, teasers=(MOVED,))
    site.run("2025-09-11T06:00")
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED, PLACE, AIM)
    site.pages["third"] = page(
        "Third page of the site", FILLER[0], PLACE, STAFF + " Really.", teasers=(MOVED,)
    )
    site.run("2025-09-12T06:00")
    site.pages["talks"] = page("Talks on joint training", STAFF, *FILLER[:2], FILLER[2] + " In Dushanbe.")

    report = site.run("2025-09-13T06:00")

    assert report.changes == {"statement_added": 1}


def understood(site):
    """All that was understood, without numbers of rows."""
    changes = [
        {**row, "id": None} for row in map(dict, site.archive._connection.rows("SELECT * FROM v_changes"))
    ]
    columns = {
        "v_revisions": "url, number, title, published, said_on, text_sha256, origin",
        "v_facts": "event, attribute, value, statement, said_on, origin",
        "words": "word, statements",
    }
    return sorted(map(str, changes)), {
        view: sorted(map(str, map(tuple, site.archive._connection.rows(f"SELECT {names} FROM {view}"))))
        for view, names in columns.items()
    }


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(["exercise", "press", "plans"]))
def test_the_order_in_which_pages_are_delivered_changes_nothing(sites, page, order):
    pages = {
        "exercise": page("Rubezh-2025 moves", MOVED, PLACE, AIM),
        "press": page("Press service on Rubezh-2025", STAFF, MOVED, FILLER[0], date="12.09.2025"),
        "plans": page(
            "Plans of the year", MOVED.replace("17 to 20 September", "8 to 11 October"), date="05.02.2025"
        ),
    }
    expected, site = sites(), sites()
    for one, names in ((expected, sorted(pages)), (site, order)):
        one.pages = {name: pages[name] for name in names}
        one.run(dt.datetime(2025, 9, 12, 6, tzinfo=dt.UTC))

    assert understood(site) == understood(expected)


def test_a_run_cut_short_after_its_refusals_still_holds_back_what_it_would_have_held(site, page, monkeypatch):
    for number in range(10):
        site.pages[f"talks-{number}"] = page(f"Talks number {number}", f"Talk {number}: {STAFF}", *FILLER[:2])
    site.run("2025-09-11T06:00")
    for number in range(10):
        broken = b"<html><body><p>Please verify you are human to go on.</p></body></html>"
        edited = page(f"Talks number {number}", f"Talk {number} was moved. {STAFF}", *FILLER[:2])
        site.pages[f"talks-{number}"] = broken if number < 3 else edited
    kept = type(site.archive).settle
    settled = []

    def breaking(archive, *words, **more):
        if len(settled) == 3:
            raise KeyboardInterrupt
        settled.append(words)
        return kept(archive, *words, **more)

    with monkeypatch.context() as killed:
        killed.setattr(type(site.archive), "settle", breaking)
        with pytest.raises(KeyboardInterrupt):
            site.run("2025-09-12T06:00")

    report = site.run("2025-09-12T07:00")

    assert "3 of 10 pages look wrong" in report.failures["site-en"]
    assert "statement_edited" not in report.changes


def test_a_crawl_of_one_source_leaves_the_others_watched(bilingual, page):
    site = bilingual
    site.pages["talks"] = page("Talks on joint training", STAFF, *FILLER)
    site.run("2025-09-11T06:00")

    site.watched = site.sources
    site.sources = site.sources[:1]
    site.run("2025-09-12T06:00")

    assert [health.source for health in site.archive.source_health()] == ["site-en", "site-ru"]


def test_one_page_that_fails_is_no_failing_source(site, page):
    site.pages["talks"] = page("Talks on joint training", STAFF, *FILLER)
    site.pages["plans"] = page("Plans of joint training", FILLER[0], *FILLER[1:])
    site.run("2025-09-11T06:00")
    site.pages["plans"] = 403
    site.run("2025-09-12T06:00")

    (health,) = site.archive.source_health()
    assert health.silent_since is None
