"""A news site of three hosts on loopback, of which any number of pages can be asked for: bench.crawling's.

    python -m bench.loopback.site PAGES    serves until its stdin ends; the first line of stdout is the port

A page has about 80 kB, as real ones have (77 kB is the median of 189): styles and scripts, a menu, a side
column, a footer, and in between one article of a dozen sentences and a list. Pages of an edition differ
from those of another in their furniture alone: a view counter, a clock, the newest teasers. `GET
/-/edition/N` makes the site answer with edition N; an ETag names the edition, and is answered with 304.
"""

# ruff: noqa: E501 - lists of words, and markup as a server sends it
from __future__ import annotations

import asyncio
import functools
import itertools
import random
import sys
from collections.abc import Iterator

__all__ = ["HOSTS", "LANGUAGES", "body_of", "sources_table", "tag_of", "urls_of"]

# Three sites, as a user watches: one connection each.
HOSTS = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
LANGUAGES = ("en", "en", "ru")
PER_LISTING = 50

_EN = {
    "who": "Secretariat|Joint Staff|Permanent Council|Council of Ministers of Defence|Secretary General|"
    "press service|Academy of Sciences|Parliamentary Assembly|working group|delegation of Armenia|"
    "ministry of emergencies|delegation of Belarus|rescue service|border committee|staff of observers".split("|"),
    "did": "discussed|approved|prepared|considered|presented|signed|published|examined|coordinated|reviewed|"
    "received|improved|supported|inspected".split("|"),
    "what": "the programme of military cooperation|a draft agreement on transport|the plan of joint training|"
    "new means of communication|the report on peacekeeping|measures against drug trafficking|the rules of "
    "procedure|the medical service of the contingents|a statement on regional security|training of rescuers|"
    "the budget of the organization|cooperation with the United Nations|a list of equipment|the field camp"
    "|the results of the inspection|an exhibition of photographs".split("|"),
    "where": "in Moscow|in Minsk|in Dushanbe|in Astana|in Bishkek|in Yerevan|at the Harbmaidon training "
    "ground|at the headquarters|in the Academy|by video link".split("|"),
    "how": "together with experts of all states|after two days of talks|at the request of the chairman|"
    "for the first time since the spring|in accordance with the decision of the presidents|without further "
    "remarks|on the basis of a detailed report|with the participation of journalists".split("|"),
    "month": "January|February|March|April|May|June|July|August|September|October|November|December".split("|"),
    "forms": (
        "The {who} {did} {words} {where} on {day} {month}.",
        "On {day} {month} {number} {words} {did} {what}.",
        "{what} {words} {how}.",
        "As the {who} reported, {number} {words}.",
        "The {who} also {did} {words} and {what}.",
        "{words}, {words} {where}.",
    ),
    "event": "The joint exercise “Rubezh-{year}” will be held in {month} {year} {where}, about {number}00 "
    "servicemen will take part.",
    "title": "The {who} {did} {what} {where}: {words}",
    "lead": "The agenda of the meeting on {day} {month} included:",
    "menu": "Section", "teaser": "News item", "views": "Views: {n}", "clock": "11 September 2026 / {h:02}:{m:02}",
}  # fmt: skip
_RU = {
    "who": "Секретариат|Объединённый штаб|Постоянный совет|Совет министров обороны|Генеральный секретарь|"
    "Парламентская ассамблея|рабочая группа|делегация Армении|министерство по чрезвычайным ситуациям|"
    "делегация Белоруссии|спасательная служба|пограничный комитет".split("|"),
    "did": "обсудил|одобрил|подготовил|рассмотрел|представил|подписал|опубликовал|изучил|согласовал|"
    "поддержал|проверил".split("|"),
    "what": "программу военного сотрудничества|проект соглашения о перевозках|план совместной подготовки|"
    "новые средства связи|доклад о миротворческой деятельности|меры против оборота наркотиков|правила "
    "процедуры|медицинскую службу контингентов|заявление о региональной безопасности|подготовку спасателей|"
    "бюджет организации|сотрудничество с Организацией Объединённых Наций|перечень техники".split("|"),
    "where": "в Москве|в Минске|в Душанбе|в Астане|в Бишкеке|в Ереване|на полигоне Харбмайдон|в штабе".split("|"),
    "how": "вместе с экспертами всех государств|после двух дней переговоров|по просьбе председателя|впервые "
    "с весны|в соответствии с решением президентов|без замечаний|на основе подробного доклада".split("|"),
    "month": "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря".split("|"),
    "forms": (
        "{who} {did} {words} {where} {day} {month}.",
        "{day} {month} {number} {words} {did} {what}.",
        "{what} {words} {how}.",
        "Как сообщил {who}, {number} {words}.",
        "{who} также {did} {words} и {what}.",
        "{words}, {words} {where}.",
    ),
    "event": "Совместное учение «Рубеж-{year}» пройдёт {day} {month} {year} года {where}, примут участие "
    "около {number}00 военнослужащих.",
    "title": "{who} {did} {what} {where}: {words}",
    "lead": "В повестку заседания {day} {month} вошли:",
    "menu": "Раздел", "teaser": "Новость", "views": "Просмотров: {n}", "clock": "11 сентября 2026 / {h:02}:{m:02}",
}  # fmt: skip
_TEXTS = {"en": _EN, "ru": _RU}

_STYLES = "\n".join(
    f".c{n} > .b{n * 7 % 101}, #i{n} a:hover {{ margin: {n % 13}px {n % 7}px; color: #{n * 7919 % 4096:03x}; }}"
    for n in range(330)
)
_SCRIPTS = "\n".join(
    f"BX.setCSSList['{n * 104_729 % 99_991}'] = function (a, b) {{ if (a < {n} && b) return '<i>' + b; }};"
    for n in range(290)
)


@functools.cache
def _words(language: str) -> tuple[list[str], list[float]]:
    """Made-up words, and how common each is: as in real text a few often, most seldom."""
    vowels, others = ("aeiou", "bcdfghklmnprstvz") if language == "en" else ("аеиоуы", "бвгдзклмнпрст")
    maker = random.Random(1)
    words = dict.fromkeys(
        "".join(maker.choice((others, vowels)[place % 2]) for place in range(maker.randint(3, 10)))
        for _ in range(20_000)
    )
    return list(words), list(itertools.accumulate(1 / (rank + 3) for rank in range(len(words))))


def _path(page: int) -> str:
    """Pages are numbered over all hosts, in turn."""
    return f"/news/{page // len(HOSTS) + 1}/"


def urls_of(pages: int, port: int) -> Iterator[str]:
    """The addresses of all pages."""
    return (f"http://{HOSTS[page % len(HOSTS)]}:{port}{_path(page)}" for page in range(pages))


def tag_of(page: int, edition: int) -> str:
    """The ETag of a page."""
    return f'"e{edition}-{page // len(HOSTS)}"'


def sources_table(port: int) -> str:
    """The site as sources.toml for csto-watch, manners off: every host is this machine."""
    return "\n".join(
        f'[[source]]\nname = "site-{number}"\nlanguage = "{language}"\nprivate = true\ndelay = 0\n'
        f"start = ['http://{host}:{port}/news/']\narticles = '/news/\\d+/$'\nfollow = '/news/\\?PAGEN_1=\\d+$'"
        for number, (host, language) in enumerate(zip(HOSTS, LANGUAGES, strict=True), start=1)
    )


@functools.cache
def _article(page: int) -> tuple[str, str]:
    """The title and the markup of one article."""
    chance = random.Random(page)
    language = LANGUAGES[page % len(HOSTS)]
    text, (vocabulary, weights) = _TEXTS[language], _words(language)

    def said(form: str) -> str:
        first = {key: chance.choice(text[key]) for key in ("who", "did", "what", "where", "how", "month")}
        words = chance.choices(vocabulary, cum_weights=weights, k=chance.randint(6, 14))
        line = form.format(
            **first, words=" ".join(words), day=chance.randint(1, 28),
            number=chance.randint(11, 9999), year=chance.randint(2020, 2030),
        )  # fmt: skip
        return line[:1].upper() + line[1:]

    title = said(text["title"])
    lines = [said(chance.choice(text["forms"])) for _ in range(12)]
    if page % 5 == 0:
        lines[1] = said(text["event"])
    items = [said("{what} {words}, {number}.").rstrip(".") for _ in range(3)]
    paragraphs = "\n".join(f"<p>{a} {b}</p>" for a, b in zip(lines[::2], lines[1::2], strict=True))
    listed = "".join(f"<li>{item};</li>" for item in items)
    day = f"{1 + page % 28:02}.{1 + page % 12:02}.{2015 + page % 10}"
    markup = (
        f'<h1 class="title">{title}</h1><div class="news-date">{day}</div>\n'
        f'<div class="news-detail">{paragraphs}\n<p>{said(text["lead"])}</p><ul>{listed}</ul></div>'
    )
    return title, markup


@functools.cache
def _furniture(host: int) -> tuple[str, str]:
    """What stands before and after the article on every page of a host."""
    word = _TEXTS[LANGUAGES[host]]["menu"]
    menu = "".join(
        f'<li class="item-{n % 7}"><a href="/section/{n * 7919 % 997}/" title="{word} {n}">{word} '
        f"{n * 104_729 % 9973}</a></li>\n"
        for n in range(260)
    )
    foot = "".join(f'<a class="f{n % 5}" href="/about/{n}/">{word} {n * 31}</a>\n' for n in range(190))
    return f'<div id="top"><ul class="menu">{menu}</ul></div>', f'<div id="footer">{foot}</div>'


@functools.lru_cache(maxsize=64)
def _side(host: int, edition: int) -> str:
    word = _TEXTS[LANGUAGES[host]]["teaser"]
    teasers = "".join(
        f'<div class="teaser"><span>{n % 28 + 1:02}.06.2025</span><a href="/news/{edition * 30 + n + 1}/">'
        f"{word} {edition * 977 + n * 13}: {word.lower()} {n * edition} {word.lower()}</a></div>\n"
        for n in range(20)
    )
    return f'<div id="side" role="complementary">{teasers}</div>'


def body_of(page: int, edition: int) -> bytes:
    """The page as sent."""
    host = page % len(HOSTS)
    language = LANGUAGES[host]
    text = _TEXTS[language]
    title, markup = _article(page)
    before, after = _furniture(host)
    views = text["views"].format(n=page * 31 % 977 + edition * (page % 50 + 1))
    clock = text["clock"].format(h=edition * 7 % 24, m=(edition * 13 + page) % 60)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>\n'
        f"<style>{_STYLES}</style><script>var session = '{edition}-{page}';\n{_SCRIPTS}</script></head>\n"
        f'<body>{before}<div class="clock">{clock}</div>\n<div id="workarea"><div class="column">{markup}'
        f'<div class="views">{views}</div></div>\n{_side(host, edition)}</div>{after}</body></html>'
    ).encode()


def _listing(host: int, number: int, pages: int) -> bytes:
    own = range(host, pages, len(HOSTS))[(number - 1) * PER_LISTING : number * PER_LISTING]
    links = "".join(f'<a href="{_path(page)}">{_article(page)[0]}</a>\n' for page in own)
    onward = f'<a href="/news/?PAGEN_1={number + 1}">&gt;</a>' if len(own) == PER_LISTING else ""
    return f"<html><body>{links}{onward}</body></html>".encode()


class _Site(asyncio.Protocol):
    """Answers GET on a kept connection; knows nothing that a client of this bench does not send."""

    edition = 1
    pages = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.host = HOSTS.index(transport.get_extra_info("sockname")[0])
        self.heard = b""

    def data_received(self, data: bytes) -> None:
        self.heard += data
        while (end := self.heard.find(b"\r\n\r\n")) >= 0:
            head, self.heard = self.heard[:end], self.heard[end + 4 :]
            self._answer(head)

    def _answer(self, head: bytes) -> None:
        path = head.split(b" ", 2)[1].decode()
        if path.startswith("/-/edition/"):
            _Site.edition = int(path.rpartition("/")[2])
            return self._send(b"200 OK", b"", b"done")
        if path == "/robots.txt":
            return self._send(b"404 Not Found", b"", b"none")
        if path.startswith("/news/?") or path == "/news/":
            number = int(path.partition("=")[2] or 1)
            return self._send(b"200 OK", b"", _listing(self.host, number, self.pages))
        number = int(path.split("/")[2]) - 1
        page = number * len(HOSTS) + self.host
        tag = tag_of(page, self.edition).encode()
        if b": " + tag in head:
            return self._send(b"304 Not Modified", tag, b"")
        return self._send(b"200 OK", tag, body_of(page, self.edition))

    def _send(self, status: bytes, tag: bytes, body: bytes) -> None:
        length = b"" if status.startswith(b"304") else b"Content-Length: %d\r\n" % len(body)
        etag = b"ETag: %s\r\n" % tag if tag else b""
        self.transport.write(
            b"HTTP/1.1 %s\r\nServer: nginx\r\nDate: Thu, 11 Sep 2025 12:00:00 GMT\r\n"
            b"Content-Type: text/html; charset=UTF-8\r\nX-Powered-CMS: Bitrix Site Manager\r\n%s%s\r\n"
            % (status, etag, length)
            + body
        )


async def _serve(pages: int) -> None:
    _Site.pages = pages
    for page in range(pages):
        _article(page)
    loop = asyncio.get_running_loop()
    first = await loop.create_server(_Site, HOSTS[0], 0)
    port = first.sockets[0].getsockname()[1]
    others = [await loop.create_server(_Site, host, port) for host in HOSTS[1:]]
    print(port, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    for server in (first, *others):
        server.close()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
