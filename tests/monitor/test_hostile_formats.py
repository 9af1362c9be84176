"""Whatever a page says shows as text: a table of hostile texts over every form in which they are told."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import warnings
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from diffing.digest import Basis, Digest, Period, build_digest
from diffing.formats import FORMATS, Reader
from diffing.formats.records import change_record
from diffing.formats.timeline import digest_timeline
from diffing.model import (
    EVENT_KINDS,
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
    Trouble,
    TroubleKind,
    Window,
)
from diffing.wording import plain
from monitor.picture import timeline_png
from monitor.tables import ROW_FORMATS, render_rows

ATTRIBUTES = {
    ChangeKind.RESCHEDULED: Attribute.WINDOW, ChangeKind.ANNOUNCED: Attribute.PLACE,
    ChangeKind.RENAMED: Attribute.NAME,
}  # fmt: skip
NOW = dt.datetime(2025, 9, 11, 7, tzinfo=dt.UTC)
OCTOBER = Window(start=dt.date(2025, 10, 1), end=dt.date(2025, 10, 15), precision=Precision.PART)
SEPTEMBER = Window(start=dt.date(2025, 9, 17), end=dt.date(2025, 9, 20), precision=Precision.DAY)

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attribute": "\"><img src=x onerror=alert(1)>'",
    "svg": "</text></svg><svg onload=alert(1)>",
    "comment": "<!-- --!> <![CDATA[ x ]]> ]]>",
    "entity": "&lt;b&gt; &amp; &#60;script&#62;",
    "template": "{{ 7 * 7 }} {% raw %} ${HOME} `id`",
    "link": "[click](javascript:alert(1))",
    "image": "![beacon](http://attacker.example/x.png)",
    "reference": "[a]: http://attacker.example 'x'",
    "address": "http://attacker.example www.attacker.example mail@attacker.example",
    "javascript": "javascript:alert(1)",
    "data": "data:text/html,<script>alert(1)</script>",
    "heading": "# Heading ## *bold* _italic_ ~~gone~~ **new**",
    "list": "- one 1. two > three --- === ||| `code`",
    "numbered": "1. April 2025",
    "formula": '=HYPERLINK("http://attacker.example","x")',
    "plus": "+1-800-CALL",
    "minus": "-2+3|cmd' /C calc'!A0",
    "at": "@SUM(1+1)",
    "tab": "\t=1+1",
    "newline": "one\r\nBcc: two\n\n# three",
    "terminal": "\x1b[31mred\x1b[0m \x9b2J \x07 \x00",
    "bidi": "\u202egnirts\u202c \u2066x\u2069 \u200f \u061c",
    "invisible": "a\ufeffb \u2028 \u2029 \ufffe \uffff \U000e0041",
    "surrogate": "\ud83d alone \udc80",
    "marks": "[-fake-] {+marks+}",
    "dollar": "$\\frac{a}{b}$ \\input{x}",
}  # fmt: skip

TOLD = (
    ChangeKind.RESCHEDULED, ChangeKind.ANNOUNCED, ChangeKind.RENAMED, ChangeKind.STATEMENT_NEW,
    ChangeKind.STATEMENT_EDITED, ChangeKind.STATEMENT_REMOVED, ChangeKind.TITLE_EDITED,
    ChangeKind.PAGE_REMOVED,
)  # fmt: skip
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def changes(text: str) -> list[RecordedChange]:
    """Every family of change, with the text wherever a page or an editor can put one."""
    found = []
    for number, kind in enumerate(TOLD, 1):
        event = f"Rubezh {text}-2025" if kind in EVENT_KINDS else None
        values = {
            ChangeKind.RESCHEDULED: (OCTOBER, SEPTEMBER),
            ChangeKind.ANNOUNCED: (None, Place(country=text, name=text)),
            ChangeKind.RENAMED: (text, text),
        }.get(kind, (None, None))
        change = Change(
            kind=kind, significance=Significance.HIGH, event=event, old=values[0], new=values[1],
            attribute=ATTRIBUTES.get(kind),
            shift_days=-14 if kind is ChangeKind.RESCHEDULED else None,
            old_statements=(f"It was {text} in October.",), new_statements=(f"It is {text} in September.",),
            old_origin=text, reason=text,
        )  # fmt: skip
        page = f"http://127.0.0.1/{number}/" if number % 2 else text
        found.append(
            RecordedChange(
                id=number, change=change, url=page, source=text, language="en", detected=NOW,
                published=dt.date(2025, 9, 11), published_before=dt.date(2025, 9, 11), from_revision=1,
                to_revision=2, also_seen=(text, "https://ru.example.org/b/"), page_title=text,
                note=Note(ruling=Ruling.CONFIRMED, why=text, noted=NOW),
            )
        )  # fmt: skip
    return found


def digest(text: str) -> Digest:
    event = f"Rubezh {text}-2025"

    def known(value, said: str) -> KnownFact:
        return KnownFact(
            fact=Fact(event=event, attribute=Attribute.WINDOW, value=value, quote=text),
            statement=KnownStatement(
                text=f"It was {text} in October.", normal="", language="en", said_on=dt.date(2025, 1, 30),
                origin=text, url=said,
            ),
            known_at=NOW,
        )  # fmt: skip

    return build_digest(
        Period(
            since=NOW - dt.timedelta(days=1), until=NOW, day=NOW.date(), changes=tuple(changes(text)),
            coverage=(
                SourceCoverage(source=text, looks=1, pages=1, outcomes={}, last_success=NOW, reason=text),
            ),
            windows={event: (known(OCTOBER, text), known(SEPTEMBER, text))},
            contradictions={event: (known(OCTOBER, text), known(SEPTEMBER, text))},
            bases={1: Basis(old=text, new=text, said_before=dt.date(2025, 1, 30))},
            troubles=(
                Trouble(id=1, source=text, kind=TroubleKind.SILENT, detail=text, began=NOW, ended=None),
            ),
            head="00",
        )
    )  # fmt: skip


def flat(text: str) -> str:
    """What is left of a text when it is shown: white space and nothing else may differ."""
    return "".join(plain(text).split())


def shows_as_text(page: str, text: str) -> None:
    """No element, handler or address in the page but those that a digest is made of."""
    tree = lxml_html.document_fromstring(page)
    for element in tree.iter("*"):
        assert element.tag in {
            "html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "ul", "li", "section",
            "article", "div", "span", "small", "a", "figure", "figcaption", "blockquote", "del", "ins",
            "code", "svg", "desc", "defs", "pattern", "path", "rect", "text", "strong", "s", "br",
        }  # fmt: skip
        assert not [name for name in element.attrib if name.startswith("on")]
        assert element.get("href", "http://").startswith(
            ("http://127.0.0.1/", "https://ru.example.org/")
        ) or (element.get("href") is None)
        assert "src" not in element.attrib
    assert flat(text) in flat("".join(tree.itertext()))


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_web_page_shows_it_as_text(name, language):
    shown = FORMATS["html"](digest(HOSTILE[name]), Reader(language=language))

    shows_as_text(shown, HOSTILE[name])
    assert not UNPRINTABLE.search(shown)
    shown.encode()


@pytest.mark.parametrize("name", HOSTILE)
def test_markdown_shows_it_as_text(name):
    shown = FORMATS["md"](digest(HOSTILE[name]))
    # As the sites do that show Markdown to many: with HTML, tables and struck words let through.
    page = MarkdownIt("commonmark", {"html": True}).enable(["strikethrough", "table"]).render(shown)

    shows_as_text(page, HOSTILE[name])
    assert not UNPRINTABLE.search(shown)
    # Nor where bare addresses become links, without any sign around them.
    bare = re.sub(r"<https?://[^>]*>|\\.", "", shown)
    assert not re.search(r"https?://|www\.|\S@\S", bare)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_feed_holds_it_as_text(name):
    shown = FORMATS["atom"](digest(HOSTILE[name]))

    feed = ET.fromstring(shown.encode())
    atom = "{http://www.w3.org/2005/Atom}"
    tags = {"feed", "title", "subtitle", "id", "updated", "author", "name", "entry", "link", "content"}
    assert {element.tag.removeprefix(atom) for element in feed.iter()} <= tags
    assert {link.get("href", "").split("/")[2] for link in feed.iter(f"{atom}link")} <= {"127.0.0.1"}
    assert flat(HOSTILE[name]) in flat("".join(feed.itertext()))
    assert not UNPRINTABLE.search(shown)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_terminal_shows_it_as_text(name):
    shown = FORMATS["text"](digest(HOSTILE[name]))

    assert not UNPRINTABLE.search(shown)
    assert flat(HOSTILE[name]) in flat(shown)
    shown.encode()


@pytest.mark.parametrize("name", sorted(set(HOSTILE) - {"surrogate"}))
def test_json_holds_it_as_it_is(name):
    told = json.loads(FORMATS["json"](digest(HOSTILE[name])))

    assert told["edited"][0]["title"] == HOSTILE[name]


@pytest.mark.parametrize("name", HOSTILE)
def test_the_timeline_shows_it_as_text(name):
    drawn = digest_timeline(digest(HOSTILE[name]), Reader())

    assert drawn is not None
    svg = ET.fromstring(drawn)
    spaced = "{http://www.w3.org/2000/svg}"
    assert {element.tag.removeprefix(spaced) for element in svg.iter()} <= {
        "svg", "title", "desc", "defs", "pattern", "path", "rect", "text",
    }  # fmt: skip
    assert not [key for element in svg.iter() for key in element.attrib if "href" in key or key[:2] == "on"]
    assert "Rubezh" in "".join(svg.itertext())
    assert not UNPRINTABLE.search(drawn)


@pytest.mark.parametrize("name", ["dollar", "bidi", "surrogate", "invisible"])
def test_the_picture_is_drawn_whatever_an_event_is_called(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture = timeline_png(digest(HOSTILE[name]), Reader())

    assert picture is not None
    assert picture.startswith(b"\x89PNG")


@pytest.mark.parametrize("fmt", [name for name in ROW_FORMATS if name not in {"json", "jsonl"}])
@pytest.mark.parametrize("name", HOSTILE)
def test_rows_show_it_as_text(name, fmt):
    records = [change_record(replace(change, url=None)) for change in changes(HOSTILE[name])]
    shown = render_rows(records, ("event", "title", "reason", "old_statements"), fmt)

    assert not UNPRINTABLE.search(shown)
    if fmt == "csv":
        rows = list(csv.reader(io.StringIO(shown)))
        assert not [cell for row in rows for cell in row if cell[:1] in {"=", "+", "@", "\t", "\r"}]
        assert not [cell for row in rows for cell in row if cell[:1] == "-" and cell != "-14"]
        assert flat(HOSTILE[name]) in flat(" ".join(cell.lstrip("'") for row in rows for cell in row))
    elif fmt == "md":
        page = MarkdownIt("commonmark", {"html": True}).enable(["strikethrough", "table"]).render(shown)
        tree = lxml_html.document_fromstring(page)
        assert {element.tag for element in tree.iter("*")} <= {
            "html", "body", "table", "thead", "tbody", "tr", "th", "td", "p",
        }  # fmt: skip
        assert flat(HOSTILE[name]) in flat("".join(tree.itertext()))
