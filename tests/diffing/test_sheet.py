"""A digest laid out: the order, the marks, what is left out and said to be, links to what is stored."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.digest import Basis, Period, build_digest
from diffing.formats import FORMATS, Reader
from diffing.formats.sheet import Quotation, clipped, encoded, laid_out
from diffing.model import (
    Attribute,
    Change,
    ChangeKind,
    Fact,
    KnownFact,
    KnownStatement,
    Note,
    Place,
    Precision,
    RecordedChange,
    Ruling,
    Significance,
    SourceCoverage,
    Status,
    Trouble,
    TroubleKind,
    Window,
    WordOp,
    WordSpan,
)
from diffing.spans import word_spans

SINCE = dt.datetime(2025, 9, 11, tzinfo=dt.UTC)
UNTIL = SINCE + dt.timedelta(days=1)
PAGE = "http://127.0.0.1/news/a b/?x=1&y=2"


def window(first: int, last: int, month: int = 9) -> Window:
    return Window(start=dt.date(2025, month, first), end=dt.date(2025, month, last), precision=Precision.DAY)


def recorded(number: int, kind: ChangeKind, old: str = "", new: str = "", **fields: object) -> RecordedChange:
    change = Change(
        kind=kind,
        significance=kind.significance,
        event=fields.pop("event", None),  # type: ignore[arg-type]
        attribute=fields.pop("attribute", None),  # type: ignore[arg-type]
        old=fields.pop("was", None),  # type: ignore[arg-type]
        new=fields.pop("now", None),  # type: ignore[arg-type]
        shift_days=fields.pop("shift", None),  # type: ignore[arg-type]
        old_statements=(old,) if old else (),
        new_statements=(new,) if new else (),
        old_origin=fields.pop("origin", None),  # type: ignore[arg-type]
    )
    defaults = {
        "url": f"http://127.0.0.1/{number}/", "source": "csto-en", "language": "en",
        "published": dt.date(2025, 9, 11), "detected": SINCE, "page_title": f"Page {number}",
    }  # fmt: skip
    return RecordedChange(id=number, change=change, **{**defaults, **fields})  # type: ignore[arg-type]


def moved(number: int = 1, event: str = "Rubezh-2025") -> RecordedChange:
    return recorded(
        number, ChangeKind.RESCHEDULED, "It is to be held in the first half of October.",
        "It will be held from 17 to 20 September.", event=event, attribute=Attribute.WINDOW,
        was=window(1, 15, 10), now=window(17, 20), shift=-14, origin="briefing", to_revision=3,
    )  # fmt: skip


def text(period: Period, reader: Reader | None = None) -> str:
    return FORMATS["text"](build_digest(period), reader)


def period(*changes: RecordedChange, **fields: object) -> Period:
    return Period(since=SINCE, until=UNTIL, changes=changes, **fields)  # type: ignore[arg-type]


def known(value: Window | Place, origin: str, quote: str = "") -> KnownFact:
    attribute = Attribute.WINDOW if isinstance(value, Window) else Attribute.PLACE
    return KnownFact(
        fact=Fact(event="Rubezh-2025", attribute=attribute, value=value, quote=quote),
        statement=KnownStatement(
            text=f"So says {origin}.", normal="", language="en", said_on=dt.date(2025, 9, 11), origin=origin
        ),
        known_at=SINCE,
    )  # fmt: skip


def test_the_words_that_say_the_old_and_the_new_value_are_marked_in_their_quotations():
    basis = Basis(old="first half of October", new="17 to 20 september", said_before=dt.date(2025, 1, 30))
    told = period(moved(), bases={1: basis})

    assert "was, said 30 January 2025: “It is to be held in the [-first half of October-].”" in text(told)
    assert "now, csto-en, 11 September 2025: “It will be held from {+17 to 20 September+}.”" in text(told)
    markdown = FORMATS["md"](build_digest(told))
    assert "~~first half of October~~" in markdown
    assert "**17 to 20 September**" in markdown
    page = FORMATS["html"](build_digest(told))
    assert "<del>first half of October</del>" in page
    assert "<ins>17 to 20 September</ins>" in page
    assert "[-words that went" in text(told)


def test_what_was_only_made_more_precise_is_not_struck_out():
    finer = recorded(
        1, ChangeKind.REFINED, "In September.", "On 17 September.", event="Rubezh-2025",
        attribute=Attribute.WINDOW, was=window(1, 30), now=window(17, 17),
    )  # fmt: skip

    page = FORMATS["html"](build_digest(period(finer, bases={1: Basis(old="September", new="17 September")})))

    assert "<del>" not in page
    assert "<ins>17 September</ins>" in page


def test_an_edit_is_told_once_with_its_words_marked_and_how_to_compare():
    edit = recorded(
        1, ChangeKind.STATEMENT_EDITED, "About 1,000 soldiers will take part in it.",
        "About 1,200 soldiers will take part in it.", url=PAGE, from_revision=1, to_revision=2,
        published_before=dt.date(2025, 9, 11),
    )  # fmt: skip

    shown = text(period(edit))

    assert "“About [-1,000-] {+1,200+} soldiers will take part in it.”" in shown
    assert f"compare: cstowatch diff '{PAGE}' --from 1 --to 2" in shown
    assert "SILENT EDIT" in shown


def test_texts_that_have_little_in_common_are_told_one_after_the_other():
    edit = recorded(
        1, ChangeKind.STATEMENT_EDITED, "The guests will be met.", "Nobody was seen there at all."
    )

    shown = text(period(edit))

    assert "was: “[-The guests will be met.-]”" in shown
    assert "now: “{+Nobody was seen there at all.+}”" in shown


def test_links_lead_to_the_stored_revision_and_to_both_where_there_is_a_web_view():
    reader = Reader(web="https://watch.example.org/")
    edit = recorded(
        2, ChangeKind.STATEMENT_EDITED, "One two three.", "One two four.", url=PAGE, from_revision=1,
        to_revision=2,
    )  # fmt: skip

    page = FORMATS["html"](build_digest(period(moved(), edit)), reader)

    quoted = "http%3A%2F%2F127.0.0.1%2Fnews%2Fa%20b%2F%3Fx%3D1%26y%3D2"
    assert f'href="https://watch.example.org/-/revision?url={quoted}&amp;n=2"' in page
    assert f'href="https://watch.example.org/-/difference?url={quoted}&amp;from=1&amp;to=2"' in page
    assert "n=3" in page
    assert "cstowatch diff" not in page


def test_the_sections_stand_in_the_order_of_the_house():
    trouble = Trouble(id=1, source="csto-ru", kind=TroubleKind.SILENT, detail="since May", began=SINCE)
    told = period(
        recorded(4, ChangeKind.PAGE_REMOVED, "Old."), recorded(3, ChangeKind.STATEMENT_ADDED, "", "New."),
        recorded(2, ChangeKind.STATEMENT_NEW, "", "New."), moved(), troubles=(trouble,),
        contradictions={"Rubezh-2025": (known(window(17, 20), "a"), known(window(16, 20), "b"))},
    )  # fmt: skip

    keys = [section.key for section in laid_out(build_digest(told), Reader()).sections]

    assert keys == ["events", "new", "edited", "withdrawn", "contradictions", "troubles"]


def test_a_contradiction_shows_both_values_and_who_says_them():
    shown = text(
        period(contradictions={"Rubezh-2025": (known(window(17, 20), "a"), known(window(16, 20), "b"))})
    )

    assert "Rubezh-2025: window (17-20 September 2025 ≠ 16-20 September 2025)" in shown
    assert "16-20 September 2025, said 11 September 2025: “So says b.”" in shown


def test_troubles_are_told_when_they_begin_when_they_end_and_while_they_last():
    hour = dt.timedelta(hours=1)
    before = SINCE - hour
    troubles = (
        Trouble(id=1, source="a", kind=TroubleKind.FAILING, detail="no answer", began=SINCE + hour),
        Trouble(id=2, source="b", kind=TroubleKind.SILENT, detail="", began=before, ended=SINCE + hour),
    )
    going_on = (Trouble(id=4, source="d", kind=TroubleKind.OVERDUE, detail="", began=before),)

    shown = text(period(troubles=troubles, going_on=going_on))

    assert "begun: a, cannot be looked at, since 11 September 2025, 01:00 UTC: no answer" in shown
    assert "over: b, has been silent" in shown
    assert "goes on: d" in shown


def test_an_announcement_tells_all_that_was_said():
    said = (
        Fact(event="Rubezh-2026", attribute=Attribute.WINDOW, value=window(17, 20), quote=""),
        Fact(event="Rubezh-2026", attribute=Attribute.PLACE, value=Place(country="TJ"), quote=""),
        Fact(event="Rubezh-2026", attribute=Attribute.STATUS, value=Status.PLANNED, quote=""),
        Fact(event="Search-2026", attribute=Attribute.PLACE, value=Place(country="KZ"), quote=""),
    )
    first = recorded(
        1, ChangeKind.ANNOUNCED, "", "In September.", event="Rubezh-2026", attribute=Attribute.WINDOW,
        now=window(17, 20),
    )  # fmt: skip

    shown = text(period(first, bases={1: Basis(facts=said)}))

    assert "announced: 17-20 September 2025; Tajikistan\n" in shown


def test_a_thousand_changes_stay_readable():
    changes = [
        *(moved(number, f"Event {number}-2025") for number in range(1, 301)),
        *(recorded(number, ChangeKind.STATEMENT_NEW, "", f"News {number}.", url=f"http://a/{number % 60}/")
          for number in range(301, 801)),
        *(recorded(number, ChangeKind.STATEMENT_EDITED, "One two.", "One three.", from_revision=1,
                   to_revision=2, url=f"http://a/e{number % 40}/") for number in range(801, 981)),
        *(recorded(number, ChangeKind.PAGE_REMOVED, "Gone.") for number in range(981, 1001)),
    ]  # fmt: skip
    # Moved apart, so that they do not share a card.
    changes = [
        replace(change, change=replace(change.change, new_statements=(f"So it is {change.id}.",)))
        if change.change.event else change for change in changes
    ]  # fmt: skip
    digest = build_digest(period(*changes))
    sheet = laid_out(digest, Reader())

    assert sheet.summary == (
        "300 events with news; 20 pages withdrawn; 40 pages edited; 60 pages with new statements"
    )
    shown = FORMATS["text"](digest)
    for expected in ("… and 270 more events", "… and 40 more pages", "… and 20 more pages", "more statement"):
        assert expected in shown
    assert len(sheet.glance) == 8
    assert sheet.glance[-1] == "… and 313 more changes"
    assert "All of them: cstowatch changes --since 2025-09-11T00:00:00Z --until 2025-09-12T00:00:00Z" in shown
    assert len(shown) < 60_000
    assert (
        sum(len(card.changes) for card in (*digest.events, *digest.new, *digest.edited, *digest.withdrawn))
        == 1000
    )


def test_a_feed_has_room_for_every_change():
    changes = [
        *(moved(number, f"Event {number}-2025") for number in range(1, 51)),
        *(recorded(number, ChangeKind.STATEMENT_NEW, "", f"News {number}.", url=f"http://a/{number % 30}/")
          for number in range(51, 201)),
    ]  # fmt: skip
    changes = [
        replace(change, change=replace(change.change, new_statements=(f"So it is {change.id}.",)))
        for change in changes
    ]

    feed = FORMATS["atom"](build_digest(period(*changes)))

    assert [number for number in range(1, 201) if f"So it is {number}." not in feed] == []
    assert feed.count("<entry>") == 50 + 30


def test_an_editors_word_and_what_the_sources_did_are_told_in_the_days_of_the_zone():
    moscow = dt.timezone(dt.timedelta(hours=3))
    late = dt.datetime(2025, 9, 10, 22, 30, tzinfo=dt.UTC)
    note = Note(ruling=Ruling.CONFIRMED, why="the ministry says so [1]", noted=late)
    told = Period(
        since=SINCE.astimezone(moscow), until=UNTIL.astimezone(moscow),
        changes=(replace(moved(), note=note),),
        coverage=(SourceCoverage(
            source="csto-en", looks=1, pages=1, outcomes={}, last_success=late, reason="no answer",
        ),),
    )  # fmt: skip

    shown = text(told)

    assert "confirmed on 11 September 2025: the ministry says so [1]\n" in shown
    assert "last answer 11 September 2025, 01:30 +03:00" in shown


def test_a_russian_digest_has_russian_words():
    basis = Basis(old="first half of October", new="17 to 20 September", said_before=dt.date(2025, 1, 30))
    told = period(
        moved(), recorded(2, ChangeKind.STATEMENT_NEW, "", "New."), bases={1: basis}, day=dt.date(2025, 9, 11)
    )
    shown = text(told, Reader(language="ru", names={"Rubezh": "Рубеж"}))

    assert "Дайджест csto-watch, 11 сентября 2025" in shown
    assert (
        "Рубеж-2025\n!! сроки перенесены, на две недели раньше: 1-15 октября 2025 → 17-20 сентября" in shown
    )
    assert "было, сказано 30 января 2025" in shown
    assert "1 событие; 1 страница с новыми высказываниями" in shown
    assert '<html lang="ru">' in FORMATS["html"](build_digest(told), Reader(language="ru"))


def test_a_language_without_words_is_refused():
    with pytest.raises(ValueError, match="No language 'de' to tell a digest in; known: en, ru"):
        Reader(language="de")


def test_a_kept_digest_says_from_when_to_when():
    noon = SINCE + dt.timedelta(hours=7)
    told = Period(since=noon, until=noon + dt.timedelta(days=1), day=dt.date(2025, 9, 12))

    assert "digest, 12 September 2025" in text(told)
    assert "from 11 September 2025, 07:00 UTC to 12 September 2025, 07:00 UTC" in text(told)


@given(
    old=st.lists(st.sampled_from(["one", "two", "three", "September", "17"]), max_size=200),
    new=st.lists(st.sampled_from(["one", "two", "three", "October", "20"]), max_size=200),
    length=st.integers(40, 400),
)
def test_a_text_that_is_cut_keeps_every_mark_and_invents_no_word(old, new, length):
    spans = word_spans(" ".join(old), " ".join(new))

    cut = clipped(spans, length)

    marks = [span.op for span in spans if span.op is not WordOp.EQUAL]
    assert [span.op for span in cut if span.op is not WordOp.EQUAL] == marks
    assert {word.strip("…") for span in cut for word in span.text.split()} <= {*old, *new, ""}


def test_a_long_text_is_cut_around_what_changed():
    start, end = "before " * 100, " after" * 100
    cut = clipped(word_spans(f"{start}17{end}", f"{start}18{end}"), 200)

    shown = "".join(span.text for span in cut)
    assert len(shown) < 250
    assert shown.startswith("…before")
    assert shown.endswith("after…")
    assert [span for span in cut if span.op is not WordOp.EQUAL] == [
        WordSpan(op=WordOp.DELETE, text="17"),
        WordSpan(op=WordOp.INSERT, text="18"),
    ]


@given(st.text())
def test_an_address_is_encoded_as_the_standard_library_does_it(address):
    assert encoded(address) == quote(address, safe="", errors="replace")


def test_significance_is_told_by_marks_and_words_not_by_colour_alone():
    shown = FORMATS["html"](build_digest(period(moved())))

    assert '<span class="badge">matters most</span>' in shown
    assert moved().change.significance is Significance.HIGH


@pytest.mark.parametrize(
    ("said", "marks"),
    [
        ("The training “Rubezh-2025” moves.", "“”"),
        ("“Rubezh-2025” moves.", "«»"),
        ("It is called “Rubezh-2025”", "«»"),
        ("«Рубеж-2025» перенесён.", "“”"),
    ],
)
def test_a_quotation_has_other_marks_than_those_with_which_it_begins_or_ends(said, marks):
    shown = Quotation(spans=(WordSpan(op=WordOp.EQUAL, text=said),))

    assert "".join(shown.marks) == marks


def test_no_format_doubles_a_quotation_mark():
    edit = recorded(
        2, ChangeKind.STATEMENT_EDITED, "“Rubezh-2025” begins in May.", "“Rubezh-2025” begins in June.",
        url=PAGE, from_revision=1, to_revision=2,
    )  # fmt: skip

    for name in ("text", "md", "html", "atom"):
        assert "««" not in (shown := FORMATS[name](build_digest(period(edit)), Reader()))
        assert "““" not in shown
        assert "«" in shown, name
