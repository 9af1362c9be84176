"""Bytes to document: what a page says, whatever surrounds it."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.decoding import printable
from crawler.errors import NothingReadable
from crawler.extraction import extract, read, read_html, visible_digest, visible_text
from diffing.model import BlockKind
from diffing.normal import normalise
from diffing.statements import split

MOSCOW = ZoneInfo("Europe/Moscow")
TITLE = "Deputy ministers met in Minsk"
BODY = (
    "<p>On 12 March the deputy ministers met in Minsk and agreed on the plan of the year.</p>"
    "<p>The plan envisages holding:</p>"
    "<ul><li>in September, the exercise Rubezh-2025;</li><li>in October, the exercise Barrier-2025.</li></ul>"
    "<p>More than 1,200 people will take part in the two exercises, the communique says.</p>"
)


def page(body=BODY, title=TITLE, above="", below="", head="", heading="h1", lang="en"):
    return (
        f"<!DOCTYPE html><html lang={lang}><head><title>{title}</title>{head}</head><body>"
        f"<div class=menu><a href=/>Home</a> <a href=/news/>News</a></div>"
        f"<div class=column>{above}<{heading}>{title}</{heading}>{body}{below}</div></body></html>"
    ).encode()


def document(body, headers=(), language="en", **selectors):
    return extract(
        body, headers, "https://x.example/news/1/", language=language, timezone=MOSCOW, **selectors
    )


def texts(found):
    return [block.text for block in found.blocks]


def statements(found):
    return [normalise(statement.full_text) for statement in split(found)]


OWN = texts(document(page()))


def test_a_list_keeps_the_words_that_lead_it_in():
    items = [block for block in document(page()).blocks if block.kind is BlockKind.ITEM]

    assert [(item.lead_in, item.text) for item in items] == [
        ("The plan envisages holding:", "in September, the exercise Rubezh-2025;"),
        ("The plan envisages holding:", "in October, the exercise Barrier-2025."),
    ]


def test_an_item_of_an_inner_list_is_led_in_by_the_item_around_it():
    inner = (
        "<ul><li>In autumn:<ul><li>Rubezh-2025 in the mountains;</li><li>Barrier-2025.</li></ul></li></ul>"
    )

    blocks = document(page(BODY + "<p>The order of the year is this:</p>" + inner)).blocks

    assert [(block.lead_in, block.text) for block in blocks[-3:]] == [
        ("The order of the year is this:", "In autumn:"),
        ("In autumn:", "Rubezh-2025 in the mountains;"),
        ("In autumn:", "Barrier-2025."),
    ]


def test_lines_that_end_in_semicolons_below_a_colon_are_list_items():
    lines = "<p>They agreed on three things:</p><p>the plan;</p><p>the place;</p><p>the time.</p>"
    lines += "<p>Then they left.</p>"

    blocks = document(page(BODY + lines)).blocks

    assert [block.lead_in for block in blocks[-4:]] == ["They agreed on three things:"] * 3 + [None]


@pytest.mark.parametrize("heading", ["h1", "h2", "h3"])
@pytest.mark.parametrize("box", ["article", "main", "div", "section"])
def test_a_redesign_changes_nothing(box, heading):
    other = page().decode().replace("div class=column", box).replace("<h1>", f"<{heading}>").encode()

    found = document(other)

    assert (found.title, texts(found)) == (TITLE, OWN)


def test_the_title_is_no_block_wherever_and_however_often_it_stands():
    for above in ("", f"<h1>{TITLE}</h1>", f"<div>{TITLE}</div>", f"<p><a href=/n/>{TITLE}</a></p>"):
        assert texts(document(page(above=above))) == OWN


NOTICE = (
    "<div><p>We use cookies to show you what you like.</p><p>Essential cookies cannot be switched off.</p>"
    "<p>They keep your language for a year.</p><a href=#>Accept</a></div>"
)


@pytest.mark.parametrize("place", ["above", "below"])
def test_a_cookie_notice_longer_than_the_text_is_no_part_of_it(place):
    found = document(page("<p>The exercise is off.</p>", **{place: NOTICE}))

    assert texts(found) == ["The exercise is off."]


def test_an_article_about_cookies_keeps_them():
    line = "<p>We asked the ministry why its site keeps cookies for so long, and nobody knew.</p>"

    assert len(texts(document(page(BODY + line + BODY)))) == 2 * len(OWN) + 1


def test_a_row_of_links_is_a_menu():
    menu = "<table><tr><td><a href=/1/>Home</a></td><td><a href=/2/>News</a></td></tr></table>"

    assert texts(document(page(above=menu))) == OWN


def test_a_date_in_an_element_of_its_own_is_no_part_of_the_sentence_behind_it():
    found = document(page("<span>12 March 2024</span> The ministers met in Minsk." + BODY))

    assert (found.published, found.blocks[0].text) == (dt.date(2024, 3, 12), "The ministers met in Minsk.")


@pytest.mark.parametrize(
    "title",
    [
        "<div>{}</div>",
        "<b>{}</b><br>",
        "<h3>{}</h3><h3>{}</h3>",
        "<p><strong>{}</strong></p><p>12.03.2024</p>",
    ],
)
@pytest.mark.parametrize("named", ["Rubezh-2025 – CSTO", "Collective Security Treaty Organization", ""])
def test_a_title_that_the_head_does_not_name_is_known_by_what_stands_around_it(title, named):
    head = f"<title>{named}</title>" if named else ""
    body = (
        f"<html><head>{head}</head><body><div><p>The ambassador was received.</p></div>"
        f"<div>{title.replace('{}', TITLE)}{BODY}</div></body></html>"
    )

    found = document(body.encode())

    assert (found.title, texts(found)) == (TITLE, OWN)


def test_equal_paragraphs_come_out_as_often_as_they_stand():
    line = "<p>The same words were said again, and nobody objected to them.</p>"

    found = texts(document(page(BODY + line * 30)))

    assert found.count("The same words were said again, and nobody objected to them.") == 30


def test_what_stands_above_the_title_belongs_to_other_pages():
    teasers = (
        "<p>01.06.2025</p><p>The Secretary General received the ambassador on the first of June.</p>" * 3
    )

    reading = read(page(above=teasers), (), "", language="en", timezone=MOSCOW)

    assert [block.text for block in reading.document.blocks] == OWN
    assert reading.document.published is None
    assert {dropped.reason for dropped in reading.dropped} == {"stands before the page's title"}


def test_teasers_longer_than_the_article_are_not_taken_for_it():
    teasers = "".join(
        f"<p>Teaser number {n} tells at length what was said at another meeting, in another town.</p>"
        for n in range(12)
    )
    short = "<div>The meeting was moved to Friday, the press service says.</div>"

    assert texts(document(page(short, above=teasers))) == [
        "The meeting was moved to Friday, the press service says."
    ]


FURNITURE = [
    "<p>1610 views</p>",
    "<p>views: 47</p>",
    "<p>28.05.2025, 14:26 45981</p>",
    "<p>Share on social media</p>",
    "<div>FacebookTwitterTelegramWhatsApp</div>",
    "<p>Print version</p>",
    "<p>обновлено: 12:49 27.12.2025</p>",
    "<p>Photo: press service</p>",
    "<p>© 2026</p>",
    "<p>Read also:</p><ul><li><a href=/1/>Another meeting took place</a></li></ul>",
    "<p>See also: <a href=/2/>The exercise has ended</a></p>",
    "<h3>Comments (3)</h3><p>I do not believe a word of what they say here.</p>",
]


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_is_no_statement(line):
    assert texts(document(page(below=line))) == OWN


@given(st.lists(st.sampled_from(FURNITURE), max_size=5), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_changing_only_furniture_changes_no_statement(lines, rng: random.Random):
    lines = sorted(lines, key=lambda line: "Comments" in line)
    glyphs = rng.choice(
        [("the plan", "the\u00a0plan"), (", the exercise", ",  the exercise"), ("-2025", "\u20112025")]
    )

    changed = document(page(BODY.replace(*glyphs), below="".join(lines)))

    assert statements(changed) == statements(document(page()))


def test_a_table_of_data_is_read_row_by_row():
    table = "<table><tr><td>Rubezh-2025</td><td>September</td></tr>"
    table += "<tr><td>Barrier-2025</td><td>October</td></tr></table>"

    rows = [block.text for block in document(page(BODY + table)).blocks if block.kind is BlockKind.ROW]

    assert rows == ["Rubezh-2025 | September", "Barrier-2025 | October"]


def test_quotations_in_the_body_stay():
    quote = "<blockquote><p>“We are ready for it,” the minister said.</p></blockquote>"
    quote += "<p>He left at noon that day.</p>"

    found = document(page(BODY + quote))

    assert [block.kind for block in found.blocks[-2:]] == [BlockKind.QUOTE, BlockKind.PARAGRAPH]


@pytest.mark.parametrize(
    ("below_title", "evidence"),
    [
        ("<span>12.03.2024</span>", "beside title"),
        ("<p>12 March 2024, 14:26</p>", "beside title"),
        (f"<h2>{TITLE} 12.03.2024</h2>", "beside title"),
        ("<time datetime='2024-03-12T10:00:00+03:00'>Yesterday, 10:00</time>", "structured data"),
    ],
)
def test_the_date_below_the_title_is_the_pages(below_title, evidence):
    found = document(page(below_title + BODY))

    assert (found.published, found.published_evidence, texts(found)) == (dt.date(2024, 3, 12), evidence, OWN)


@pytest.mark.parametrize(
    "first", ["On June 9, 2018, they met.", "“This union” is old.", "9 июня они встретились."]
)
def test_a_date_glued_to_the_first_word_is_split_off(first):
    found = document(page(f"<p>09.06.2018{first}</p>" + BODY))

    assert (found.published, found.blocks[0].text) == (dt.date(2018, 6, 9), first)


def test_a_sentence_that_begins_with_a_date_keeps_it():
    found = document(page("<p>12.03.2024 the session of the council took place.</p>" + BODY))

    assert found.blocks[0].text == "12.03.2024 the session of the council took place."


def test_structured_data_is_dated_in_the_sources_time_zone():
    meta = '<meta property="article:published_time" content="2024-03-11T22:30:00Z">'

    assert document(page(head=meta)).published == dt.date(2024, 3, 12)


def test_json_ld_of_another_article_is_not_believed():
    ld = (
        '<script type="application/ld+json">[{"@type": "NewsArticle", "headline": "Other", '
        '"datePublished": "2020-01-01"},'
        f'{{"@type": "NewsArticle", "headline": "{TITLE}", "datePublished": "2024-03-12"}}]</script>'
    )

    assert document(page(head=ld)).published == dt.date(2024, 3, 12)


def test_the_sources_selector_for_the_date_comes_first():
    body = "<p class=when>Published in the evening of 11 March 2024</p><span>12.03.2024</span>" + BODY

    found = document(page(body), date=".when")

    assert (found.published, found.published_evidence) == (dt.date(2024, 3, 11), "selector")


def test_the_sources_selector_for_the_content_leaves_the_rest_out():
    found = document(
        page(f"<div class=text>{BODY}</div><p>This stands beside the text, and it is long.</p>"),
        content=".text",
    )

    assert texts(found) == OWN


@pytest.mark.parametrize("selector", [".none", "p[", ""])
def test_a_selector_that_matches_nothing_is_ignored(selector):
    assert texts(document(page(), content=selector, date=selector)) == OWN


RUSSIAN = (
    "<p>Учение пройдёт в сентябре на полигоне Эдельвейс.</p><p>В нём примут участие более тысячи человек.</p>"
)


@pytest.mark.parametrize("declared", ["utf-8", "windows-1251", None])
@pytest.mark.parametrize("written", ["utf-8", "windows-1251"])
def test_a_wrongly_declared_encoding_is_not_believed(written, declared):
    body = page(RUSSIAN * 3, title="Учение пройдёт в сентябре", lang="ru").decode().encode(written)
    headers = [("Content-Type", f"text/html; charset={declared}")] if declared else []

    found = document(body, headers, language="ru")

    assert (found.title, found.blocks[0].text) == (
        "Учение пройдёт в сентябре",
        "Учение пройдёт в сентябре на полигоне Эдельвейс.",
    )


def test_a_page_in_another_script_than_declared_says_so():
    assert document(page(RUSSIAN * 3, lang="ru"), language="en").language == "ru"


def test_control_characters_are_gone():
    found = document(page(BODY.replace("More", "M\x00o\x07r\u200be")))

    assert found.blocks[-1].text.startswith("More than")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 and so on", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "PNG"),
        (b"<html><body></body></html>", "no text"),
        (b"<html><body>" + b"<div>" * 100_000, "nests"),
        (b"<html><body><p " + b"a " * 100_000 + b">", "attributes"),
        (bytes(range(128, 256)) * 100, "undecodable"),
    ],
)
def test_what_is_no_page_is_nothing_readable_and_says_why(body, said):
    with pytest.raises(NothingReadable, match=said):
        document(body)


def test_a_thousand_nested_tags_hide_no_article():
    assert texts(document(page(above="<div>" * 1000, below="</div>" * 1000))) == OWN


@given(st.binary(max_size=400), st.integers(0, 2))
@settings(max_examples=150, deadline=None)
def test_no_bytes_raise_anything_else(noise, place):
    whole = page()
    body = [noise, whole[:200] + noise + whole[200:], whole[: len(noise) * 3] + noise][place]
    with contextlib.suppress(NothingReadable):
        assert document(body) == document(body)
    assert isinstance(visible_text(body), str)
    assert visible_digest(body) == visible_digest(body)


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_no_text_in_the_body_raises_anything_else(text):
    try:
        found = document(page(f"<p>{text}</p>"))
    except NothingReadable:
        return
    assert all(block.text == printable(block.text).strip() != "" for block in found.blocks)


def test_a_file_given_by_hand_is_read_without_a_source():
    found = read_html(page(lang="ru"))

    assert (found.title, found.language, texts(found)) == (TITLE, "en", OWN)


def test_the_visible_text_holds_what_the_extraction_left_out():
    assert "Read also:" in visible_text(page(below=FURNITURE[9])).splitlines()


def test_the_digest_is_blind_to_furniture_and_known_teasers_only():
    teaser = "<p>Another exercise has ended, and all its goals were achieved.</p>"
    known = {normalise("Another exercise has ended, and all its goals were achieved")}
    plain = visible_digest(page(), known)

    same = [page(below=f"<p>{n} views</p><nav>menu {n}</nav>", above=teaser) for n in (5, 1610)]

    assert [visible_digest(body, known) for body in same] == [plain, plain]
    assert visible_digest(page(BODY.replace("1,200", "1,300")), known) != plain
    assert visible_digest(page(title="Ministers met"), known) != plain


def test_the_digest_sees_a_number_change_in_a_table():
    def table(count):
        return page(BODY + f"<table><tr><td>{count}</td><td>450</td></tr></table>")

    assert visible_digest(table("1,200")) != visible_digest(table("5,000"))
