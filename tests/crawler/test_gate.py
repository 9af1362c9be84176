"""What answers 200 and is not the article."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crawler.errors import NothingReadable
from crawler.extraction import extract
from crawler.gate import hold, refusal
from diffing.model import Fetched, PageRole, Revision
from diffing.statements import split

NOW = dt.datetime(2025, 9, 11, 6, tzinfo=dt.UTC)
LINES = [
    f"On day {n} the agency said that {n * 7} vehicles had crossed the pass of the region." for n in range(12)
]


def html(lines, title="Vehicles crossed the pass", lang="en"):
    body = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f"<html lang={lang}><head><title>{title}</title></head>"
        f"<body><div><h1>{title}</h1>{body}</div></body></html>"
    ).encode()


def fetched(body, status=200, headers=(), flags=(), error=None):
    return Fetched(
        source="s",
        role=PageRole.ARTICLE,
        url="https://x.example/1/",
        final_url="https://x.example/1/",
        fetched_at=NOW,
        status=status,
        headers=headers,
        body=body,
        flags=flags,
        error=error,
    )


def judged(body, last=None, language="en", **visit):
    try:
        document = extract(body, (), "", language=language, timezone=ZoneInfo("UTC"))
    except NothingReadable as error:
        return refusal(fetched(body, **visit), None, last, unreadable=error.reason, language=language)
    return refusal(fetched(body, **visit), document, last, language=language)


def revision(lines=LINES, title="Vehicles crossed the pass"):
    document = extract(html(lines, title), (), "", language="en", timezone=ZoneInfo("UTC"))
    return Revision(
        url="https://x.example/1/",
        number=1,
        title=document.title,
        published=None,
        captured_at=NOW,
        statements=split(document),
    )


@pytest.mark.parametrize(
    "lines",
    [
        LINES,
        [*LINES[:4], "The agency corrected the figure.", *LINES[5:]],
        LINES[:5] + LINES[6:],
        LINES[:6],
        LINES * 2,
    ],
    ids=["unchanged", "corrected", "one removed", "half removed", "doubled"],
)
def test_an_edited_article_is_the_article(lines):
    assert judged(html(lines), revision()) is None


@pytest.mark.parametrize(
    ("title", "line", "said"),
    [
        ("Just a moment...", "Please verify you are human before you go on to the site.", "bot wall"),
        ("Проверка", "Подтвердите, что вы не робот, и нажмите на кнопку ниже.", "bot wall"),
        ("Maintenance", "We are down for maintenance. We will be back soon.", "maintenance"),
        ("Внимание", "На сайте ведутся технические работы. Приносим извинения за неудобства.", "maintenance"),
        ("Error", "Sorry, the page not found. It may have been moved to the archive.", "not found"),
        ("Ошибка", "Запрашиваемая страница не существует или была удалена с нашего сайта.", "not found"),
        ("Sign in", "Please sign in to read this page of the site. Forgot your password?", "log in"),
        ("Вход", "Войдите в личный кабинет, чтобы читать дальше. Забыли пароль?", "log in"),
    ],
)
@pytest.mark.parametrize("known", [False, True], ids=["first visit", "known page"])
def test_walls_and_error_pages_are_refused_with_their_words(title, line, said, known):
    assert said in judged(html([line], title), revision() if known else None)


PAGES = tomllib.loads(Path(__file__).with_name("gate_pages.toml").read_text(encoding="utf-8"))
LAYOUTS = (
    "<html lang={lang}><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>",
    (
        "<html lang={lang}><head><title>{title}</title></head><body><div class=menu><a href=/>Home</a> "
        "<a href=/n/>News</a></div><div><h2>{title}</h2>{text}</div><div class=footer>© 2026</div></html>"
    ),
    "<html><head><title>Organization</title></head><body><center><b>{title}</b><br><br>{text}</center></html>",
)


def of_kind(kind):
    """Every (language, title, text) of the gate's pages of this kind."""
    return [
        (name.rpartition("_")[2], *[part.strip() for part in line.split("|")][-2:])
        for name, lines in PAGES.items()
        if kind in name
        for line in lines
    ]


@pytest.mark.parametrize("layout", LAYOUTS, ids=["h1", "menu and footer", "2005"])
def test_nearly_every_wall_in_either_language_is_refused(layout):
    walls = of_kind("walls")

    passed = [
        title + ": " + text
        for lang, title, text in walls
        if judged(layout.format(lang=lang, title=title, text=text).encode(), language=lang) is None
    ]

    assert len(passed) <= 0.06 * len(walls), passed


@pytest.mark.parametrize("layout", LAYOUTS, ids=["h1", "menu and footer", "2005"])
def test_no_short_article_in_the_words_of_walls_is_refused(layout):
    refused = {
        title: reason
        for lang, title, text in of_kind("articles")
        if (reason := judged(layout.format(lang=lang, title=title, text=text).encode(), language=lang))
    }

    assert refused == {}


def test_an_error_page_under_a_long_cookie_notice_is_refused():
    notice = "We use cookies to show you what you like. You can change the settings of cookies at any time. "
    body = (
        "<html lang=en><head><title>Terms</title></head><body><div><h2>This page isn't available</h2></div>"
        f"<div><h2>Allow cookies on this browser?</h2><p>{notice * 3}</p></div></body></html>"
    )

    assert "not found" in judged(body.encode())


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("Captcha law adopted", "The law says that sites must not ask whether you are human more than once."),
        (
            "Maintenance of the dam goes on",
            "The dam is under maintenance, and the service is temporarily unavailable.",
        ),
        (
            "В ведомстве прошли технические работы",
            "Ведомство сообщило, что ведутся технические работы на сетях.",
        ),
    ],
)
def test_an_article_about_walls_and_maintenance_passes(title, topic):
    lang = "ru" if "в" in topic else "en"
    more = (
        "Подробности решения будут сообщены позже, когда их утвердит правительство страны. "
        if lang == "ru"
        else LINES[3]
    )

    assert judged(html([topic] + [more + " " + more] * 8, title, lang), language=lang) is None


def test_a_collapsed_text_is_refused():
    assert "collapsed" in judged(html(LINES[:3]), revision())


def test_another_text_under_another_title_is_refused():
    other = ["Contacts and reception hours are listed on this page together with maps."] * 12

    assert "another" in judged(html(other, "Contacts"), revision())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body></body></html>",
        b"%PDF-1.7",
        bytes(range(128, 256)) * 50,
        b"<html><body><nav>Home</nav>",
    ],
)
def test_an_unreadable_answer_is_refused(body):
    assert judged(body, revision()) is not None


@pytest.mark.parametrize("known", [False, True])
def test_a_body_that_ends_in_a_word_is_refused(known):
    assert "cut off" in judged(html(LINES)[:700], revision() if known else None)


@pytest.mark.parametrize(
    "visit",
    [
        {"flags": ("dataloss",)},
        {"headers": (("Content-Length", "900000"),)},
    ],
)
def test_a_body_shorter_than_promised_is_refused(visit):
    assert "cut off" in judged(html(LINES), **visit)


def test_a_compressed_answer_has_another_length_than_its_header_says():
    headers = (("Content-Length", "900000"), ("Content-Encoding", "gzip"))

    assert judged(html(LINES), headers=headers) is None


def test_the_other_language_edition_is_refused():
    russian = ["Агентство сообщило, что через перевал прошли все машины колонны."] * 9

    assert "another language" in judged(html(russian, "Машины прошли перевал", "ru"), language="en")


@pytest.mark.parametrize("visit", [{"status": 503}, {"status": None, "error": "timed out"}])
def test_no_answer_is_no_article(visit):
    assert judged(html(LINES), **visit)


@pytest.mark.parametrize(
    ("suspect", "visited", "held"),
    [(0, 0, False), (1, 2, False), (2, 10, False), (3, 10, True), (3, 12, True), (2, 3, True)],
)
def test_a_run_with_more_than_a_fifth_suspect_is_held(suspect, visited, held):
    assert hold(suspect, visited) is held
