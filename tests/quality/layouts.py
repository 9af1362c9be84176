"""Pages of an imaginary news site, composed from independent choices, with what they say as the truth."""

from __future__ import annotations

import datetime as dt
import html
import json
import random
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["CHOICES", "Article", "Page", "articles_of", "choose", "render", "sites"]

_TEXTS = tomllib.loads((Path(__file__).parent / "layout_texts.toml").read_text(encoding="utf-8"))

CHOICES = {
    "language": ("en", "ru"),
    "template": ("bitrix", "article", "main", "bare", "tables", "sections"),
    "markup": ("clean", "clean", "upper", "unclosed", "one line"),
    "encoding": ("utf-8", "utf-8", "windows-1251", "undeclared"),
    "title tag": ("h1", "h2", "h3", "div.class", "div", "span", "b", "strong"),
    "titles": (0, 1, 1, 2),
    "head": ("equal", "suffix", "prefix", "shortened", "site only", "event and site", "missing"),
    "og": ("none", "none", "equal", "suffix"),
    "rubric": ("none", "none", "h1", "div", "crumbs"),
    "date": ("same line", "own line", "glued", "time", "json-ld", "before", "absent"),
    "date form": ("numeric", "numeric", "long", "with time"),
    "teasers": (0, 1, 2, 3, 5),
    "teaser tag": ("p", "div", "a", "li"),
    "teaser link": (True, False),
    "teaser date": ("none", "line", "inline"),
    "teaser title": (False, True),
    "teaser box": ("same", "other"),
    "side": ("none", "none", "before", "after"),
    "below": ("none", "list", "lines", "one line"),
    "share": (False, True),
    "counter": (False, True),
    "clock": (False, True),
    "caption": ("none", "none", "figcaption", "p"),
    "cookie": ("none", "none", "bar", "wall"),
    "footer": ("none", "short", "long"),
    "body": (
        "p",
        "div",
        "br",
        "single br",
        "flat",
        "ul",
        "ol",
        "lines",
        "quote",
        "table",
        "bold lead",
        "repeated",
        "nested",
        "subheading",
    ),
    "length": (1, 2, 3, 4, 8, 14),
}
"""Every choice and what it may be; a value that stands twice comes up twice as often."""

OF_THE_PAGE = ("body", "length", "caption")
"""What differs between two pages of one site; the rest is its template."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What an author wrote: a title, sentences, and a list with the words that lead it in."""

    number: int
    title: str
    sentences: tuple[str, ...]
    lead_in: str
    items: tuple[str, ...]
    published: dt.date
    event: str

    @property
    def url(self) -> str:
        return f"https://x.example/news/news_odkb/{self.number}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Bytes and what they say; `choices` are those the page was made from."""

    url: str
    body: bytes = field(repr=False)
    title: str
    published: dt.date | None
    statements: tuple[str, ...]
    choices: dict[str, object]

    @property
    def is_plain(self) -> bool:
        """False where no reader who sees this page alone could tell what on it is the author's.

        Without a title on the page nothing parts plain teasers from the text in one column; and a
        title in a plain box, which neither the page's head nor a date tells, is a line like any other.
        """
        c = self.choices
        named = c["head"] not in {"site only", "event and site", "missing"} or c["og"] != "none"
        dated = c["date"] in {"same line", "own line", "glued", "time"}
        if c["titles"] == 0:
            return c["teasers"] == 0
        if c["titles"] == 1 and c["title tag"] in {"div", "span"}:
            return named or dated
        return True


def articles_of(language: str, rng: random.Random, count: int) -> list[Article]:
    """Articles on different matters, newest first; no two hold one sentence."""
    found = []
    day = dt.date(rng.randint(2012, 2026), rng.randint(1, 12), rng.randint(1, 28))
    for number, text in enumerate(rng.sample(_TEXTS[language], min(count, len(_TEXTS[language])))):
        slots = {
            "a": rng.randint(2014, 2027),
            "b": rng.randint(3, 19),
            "c": rng.randint(101, 979) * 10,
            "d": rng.randint(21, 96),
        }
        found.append(
            Article(
                number=number + 1,
                title=text["title"].format(**slots),
                sentences=tuple(line.format(**slots) for line in text["sentences"]),
                lead_in=text["lead_in"],
                items=tuple(item.format(**slots) for item in text["items"]),
                published=day,
                event=f"Rubezh-{slots['a']}" if language == "en" else f"Рубеж-{slots['a']}",
            )
        )
        day -= dt.timedelta(days=rng.randint(0, 9))
    return found


def choose(rng: random.Random, **fixed: object) -> dict[str, object]:
    """One value for every choice; `fixed` ones (underscores for spaces) are kept."""
    kept = {name.replace("_", " "): value for name, value in fixed.items()}
    choices = {name: kept.get(name, rng.choice(values)) for name, values in CHOICES.items()}
    if choices["language"] == "en" and choices["encoding"] == "windows-1251":
        choices["encoding"] = "utf-8"
    if choices["titles"] == 0 and choices["date"] == "same line":
        choices["date"] = "own line"
    return choices


_WORDS = {
    "en": {
        "site": "CSTO",
        "longsite": "Collective Security Treaty Organization",
        "menu": ["Home", "News", "Documents", "Structure", "Contacts"],
        "news": "News of the Organization",
        "also": "Read also:",
        "one": "Read also",
        "side": "Latest news",
        "share": ["Share on social media", "FacebookTwitterTelegramWhatsApp", "Share"],
        "views": ["views: {n}", "{n} views"],
        "clock": "{d} {m} 2026 / 06:0{n}",
        "caption": "Photo: press service of the Ministry of Defence",
        "cookie": [
            "We use cookies to make this site work better. By staying on it you agree to their use.",
            "Essential cookies are needed for the site to work and cannot be switched off.",
            "They keep your choice of language and the size of the letters for a year.",
            "Cookies of other companies help us to count our visitors and to show their videos.",
            "You can change your choice at any time in the settings of your browser.",
        ],
        "accept": "Accept",
        "footer": "Reception: +7 (495) 621-33-2{n}, odkb@gov.example",
        "back": "Back to the list",
        "months": "January February March April May June July August September October November December",
        "heading": "What comes next",
        "rows": [("Country", "Servicemen in {y}"), ("Belarus", "4{n}"), ("Tajikistan", "1,2{n}")],
        "said": "“We are ready for all {n} tasks,” the commander said.",
        "part": "Part {part} of the report tells what delegation number {n} did on that day.",
    },
    "ru": {
        "site": "ОДКБ",
        "longsite": "Организация Договора о коллективной безопасности",
        "menu": ["Главная", "Новости", "Документы", "Структура", "Контакты"],
        "news": "Новости Организации",
        "also": "Читайте также:",
        "one": "Читайте также",
        "side": "Последние новости",
        "share": ["Поделиться в соцсетях", "ВКонтактеОдноклассникиTelegram", "Поделиться"],
        "views": ["Просмотров: {n}", "{n} просмотров"],
        "clock": "{d} {m} 2026 / 06:0{n}",
        "caption": "Фото: пресс-служба Министерства обороны",
        "cookie": [
            "Мы используем файлы cookie, чтобы сайт работал лучше. Оставаясь, вы согласны с этим.",
            "Обязательные файлы cookie нужны для работы сайта, отключить их нельзя.",
            "Они год хранят выбранный вами язык и размер букв.",
            "Файлы cookie других компаний помогают нам считать посетителей и показывать видео.",
            "Изменить выбор можно в любое время в настройках браузера.",
        ],
        "accept": "Принять",
        "footer": "Приёмная: +7 (495) 621-33-2{n}, odkb@gov.example",
        "back": "Возврат к списку",
        "months": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "heading": "Что будет дальше",
        "rows": [("Страна", "Военнослужащих в {y}"), ("Белоруссия", "4{n}"), ("Таджикистан", "1 2{n}")],
        "said": "«Мы готовы ко всем {n} задачам», — сказал командующий.",
        "part": "Часть {part} доклада рассказывает, что в тот день делала делегация номер {n}.",
    },
}


def render(article: Article, others: list[Article], choices: dict[str, object], rng: random.Random) -> Page:
    """The page of an article under these choices; `others` are the site's other articles, newest first.

    `rng` only decides what is no choice: counters, class names, the order of furniture.
    """
    maker = _Maker(article, others, choices, rng)
    text = maker.whole()
    if choices["markup"] == "upper":
        text = _upper(text)
    elif choices["markup"] == "unclosed":
        text = _unclosed(text, rng)
    elif choices["markup"] == "one line":
        text = text.replace("\n", " ")
    encoding = "windows-1251" if choices["encoding"] == "windows-1251" else "utf-8"
    return Page(
        url=article.url,
        body=text.encode(encoding, "xmlcharrefreplace"),
        title=article.title,
        published=None if choices["date"] == "absent" else article.published,
        statements=tuple(maker.statements),
        choices=choices,
    )


def sites(seed: int, pages: int, **fixed: object) -> list[Page]:
    """The pages of one site: one template, bodies that differ, teasers of the newest ones on each."""
    rng = random.Random(seed)
    template = choose(rng, **fixed)
    articles = articles_of(str(template["language"]), rng, pages + 5)
    own = {name: CHOICES[name] for name in OF_THE_PAGE if name not in {f.replace("_", " ") for f in fixed}}
    return [
        render(
            article,
            [other for other in articles if other is not article],
            {**template, **{name: rng.choice(values) for name, values in own.items()}},
            rng,
        )
        for article in articles[:pages]
    ]


class _Maker:
    """Writes one page; gathers the statements of its author while it writes the body."""

    def __init__(
        self, article: Article, others: list[Article], choices: dict[str, object], rng: random.Random
    ) -> None:
        self.article = article
        self.others = others
        self.c = choices
        self.rng = rng
        self.words = _WORDS[str(choices["language"])]
        self.statements: list[str] = []

    def whole(self) -> str:
        before, after = self.column()
        side = self.side() if self.c["side"] != "none" else ""
        column = {
            "bitrix": lambda: (
                f'<div id="workarea">\n{before}<div class="news-detail">\n{after}</div>\n</div>'
            ),
            "article": lambda: f"{before}<article>\n{after}</article>",
            "main": lambda: f"<main>\n{before}{after}</main>",
            "bare": lambda: f"<div>\n{before}<div>\n{after}</div>\n</div>",
            "tables": lambda: f"{before}{after}",
            "sections": lambda: f"<section class=content>\n{before}<section>\n{after}</section>\n</section>",
        }[str(self.c["template"])]()
        foot, menu = self.footer(), self.menu()
        cookie = self.cookie()
        if self.c["template"] == "tables":
            cells = [f"<td valign=top>{column}</td>"]
            if side:
                cells.insert(0 if self.c["side"] == "before" else 1, f"<td width=200>{side}</td>")
            middle = f"<table width=100%><tr>{''.join(cells)}</tr></table>\n"
        else:
            middle = side + column if self.c["side"] == "before" else column + side
        lang = f' lang="{self.c["language"]}"' if self.rng.random() < 0.7 else ""
        return (
            f"<!DOCTYPE html>\n<html{lang}>\n<head>\n{self.head()}</head>\n<body>\n"
            f"{cookie if self.c['template'] != 'main' else ''}{menu}{middle}{foot}"
            f"{cookie if self.c['template'] == 'main' else ''}"
            f"</body>\n</html>\n"
        )

    def cookie(self) -> str:
        if self.c["cookie"] == "none":
            return ""
        lines = self.words["cookie"][: 1 if self.c["cookie"] == "bar" else None]
        text = "".join(f"<p>{line}</p>" for line in lines)
        box = self.rng.choice(['div class="bar"', "div", 'div role="dialog"'])
        return f'<{box}>{text}<a href="#">{self.words["accept"]}</a></div>\n'

    def head(self) -> str:
        title, site = self.article.title, self.words["site"]
        dash = self.rng.choice([" – ", " | ", " - ", " — "])
        short = " ".join(title.split()[:5]) + "…"
        named = {
            "equal": title,
            "suffix": title + dash + site,
            "prefix": site + dash + title,
            "shortened": short,
            "site only": self.words["longsite"],
            "event and site": f"{self.article.event} – {site}",
            "missing": None,
        }[str(self.c["head"])]
        lines = []
        if self.c["encoding"] != "undeclared":
            lines.append(f'<meta charset="{self.c["encoding"]}">')
        if named is not None:
            lines.append(f"<title>{html.escape(named)}</title>")
        if self.c["og"] != "none":
            og = title if self.c["og"] == "equal" else f"{title} | {site}"
            lines.append(f'<meta property="og:title" content="{html.escape(og)}">')
        if self.c["date"] == "json-ld":
            data = {
                "@context": "https://schema.org",
                "@type": "NewsArticle",
                "headline": title,
                "datePublished": f"{self.article.published}T12:30:00+03:00",
            }
            lines.append(f'<script type="application/ld+json">{json.dumps(data)}</script>')
        return "\n".join(lines) + "\n"

    def menu(self) -> str:
        links = [f'<a href="/{n}/">{word}</a>' for n, word in enumerate(self.words["menu"])]
        clock = ""
        if self.c["clock"]:
            month = self.words["months"].split()[self.rng.randrange(12)]
            clock = self.words["clock"].format(d=self.rng.randint(1, 28), m=month, n=self.rng.randint(0, 9))
            clock = f"<div>{clock}</div>\n"
        if self.c["template"] == "tables":
            return f"<table><tr>{''.join(f'<td>{link}</td>' for link in links)}</tr></table>\n{clock}"
        if self.rng.random() < 0.5:
            return f"<ul class=menu>{''.join(f'<li>{link}</li>' for link in links)}</ul>\n{clock}"
        return f"<div>{' '.join(links)}</div>\n{clock}"

    def footer(self) -> str:
        line = self.words["footer"].format(n=self.rng.randint(0, 9))
        if self.c["footer"] == "none":
            return ""
        rights = f"<p>© 2026 {self.words['longsite']}</p>"
        if self.c["footer"] == "short":
            return f'<div class="footer">{rights}</div>\n'
        tag = self.rng.choice(["footer", 'div id="footer"'])
        return f"<{tag}>{rights}<p>{line}</p></{tag.split()[0]}>\n"

    def printed(self, day: dt.date) -> str:
        months = self.words["months"].split()
        numeric = f"{day:%d.%m.%Y}"
        month = months[day.month - 1]
        long = f"{day.day} {month} {day.year}"
        if self.c["language"] == "en" and self.rng.random() < 0.3:
            long = f"{month} {day.day}, {day.year}"
        return {"numeric": numeric, "long": long, "with time": f"{numeric}, 1{self.rng.randint(0, 9)}:26"}[
            str(self.c["date form"])
        ]

    def title(self, extra: str = "") -> str:
        text = html.escape(self.article.title, quote=False) + extra
        kind = self.rng.choice(["title", "news-title", "zag", "name"])
        return {
            "div.class": f'<div class="{kind}">{text}</div>\n',
            "div": f"<div>{text}</div>\n",
            "span": f"<div><span>{text}</span></div>\n",
            "b": f"<p><b>{text}</b></p>\n",
            "strong": f"<div><strong>{text}</strong></div>\n",
        }.get(str(self.c["title tag"])) or f"<{self.c['title tag']}>{text}</{self.c['title tag']}>\n"

    def column(self) -> tuple[str, str]:
        """What stands before the article's own box, and what stands in it."""
        before, inside = "", ""
        rubric = self.words["news"]
        if self.c["rubric"] == "h1":
            before += f"<h1>{rubric}</h1>\n"
        elif self.c["rubric"] == "div":
            before += f"<div class=rubric>{rubric}</div>\n"
        elif self.c["rubric"] == "crumbs":
            before += f'<div><a href="/">{self.words["menu"][0]}</a> / <a href="/news/">{rubric}</a></div>\n'
        teasers = self.teasers()
        if self.c["teaser box"] == "other":
            box = self.rng.choice(["div", 'div class="news-list"', 'div class="last"'])
            before += f"<{box}>\n{teasers}</div>\n" if teasers else ""
        else:
            inside += teasers
        date, place = self.printed(self.article.published), self.c["date"]
        if place == "before":
            inside += f'<span class="news-date-time">{date}</span>\n'
        titles = int(str(self.c["titles"]))
        for number in range(titles):
            last = number == titles - 1
            inside += self.title(
                f" {self.article.published:%d.%m.%Y}" if last and place == "same line" else ""
            )
        if place == "own line":
            tag = self.rng.choice(["p", "div", "span", 'span class="news-date-time"', "br"])
            inside += f"{date}<br>\n" if tag == "br" else f"<{tag}>{date}</{tag.split()[0]}>\n"
        elif place == "time":
            inside += f'<time datetime="{self.article.published}T10:00:00+03:00">{date}</time>\n'
        picture, caption = '<img src="/1.jpg" alt="">', self.words["caption"]
        if self.c["caption"] == "figcaption":
            inside += f"<figure>{picture}<figcaption>{caption}</figcaption></figure>\n"
        elif self.c["caption"] == "p":
            inside += f"<p>{picture}</p><p>{caption}</p>\n"
        text = self.body(f"{self.article.published:%d.%m.%Y}" if place == "glued" else "")
        # an open paragraph would take the bare text below it in
        inside += f"<div>{text}</div>\n" if self.c["markup"] == "unclosed" else text
        if self.c["counter"]:
            views = self.rng.choice(self.words["views"]).format(n=self.rng.randint(20, 9000))
            inside += f"<div>{views}</div>\n"
        if self.c["share"]:
            inside += f"<div>{self.rng.choice(self.words['share'])}</div>\n"
        inside += self.below()
        if self.rng.random() < 0.3:
            inside += f'<p><a href="/news/">{self.words["back"]}</a></p>\n'
        return before, inside

    def teasers(self) -> str:
        lines = [self.teaser(other) for other in self.others[: int(str(self.c["teasers"]))]]
        if self.c["teaser tag"] == "li" and lines:
            return f"<ul>\n{''.join(lines)}</ul>\n"
        return "".join(lines)

    def teaser(self, other: Article) -> str:
        tag, date = str(self.c["teaser tag"]), f"{other.published:%d.%m.%Y}"
        lead, title = html.escape(other.sentences[0], quote=False), html.escape(other.title, quote=False)
        if self.rng.random() < 0.2:
            lead += " " + html.escape(other.sentences[1], quote=False)
        if self.c["teaser title"]:
            lead = (
                f'<a href="{other.url}"><b>{title}</b></a><br>{lead}'
                if self.c["teaser link"] and tag != "a"
                else f"<b>{title}</b><br>{lead}"
            )
        elif self.c["teaser link"] and tag != "a":
            lead = f'<a href="{other.url}">{lead}</a>'
        if self.c["teaser date"] == "inline":
            lead = f"<span>{date}</span> {lead}"
        line = f'<a href="{other.url}">{lead}</a>' if tag == "a" else f"<{tag}>{lead}</{tag}>"
        if tag == "a":
            line = f"<div>{line}</div>"
        if self.c["teaser date"] == "line":
            dated = f"<span>{date}</span>" if tag == "a" else date
            line = f"<{tag if tag != 'a' else 'div'}>{dated}</{tag if tag != 'a' else 'div'}>{line}"
        return line + "\n"

    def side(self) -> str:
        lines = []
        for other in self.others[:4]:
            title = html.escape(other.title, quote=False)
            link = f'<a href="{other.url}">{title}</a>'
            lead = html.escape(other.sentences[0], quote=False)
            lines.append(
                f"<div>{link}<p>{lead}</p></div>\n" if self.rng.random() < 0.4 else f"<p>{link}</p>\n"
            )
        box = self.rng.choice(['div class="sidebar"', "aside", "div", 'div id="right"'])
        return f"<{box}><h3>{self.words['side']}</h3>\n{''.join(lines)}</{box.split()[0]}>\n"

    def below(self) -> str:
        links = [
            f'<a href="{other.url}">{html.escape(other.title, quote=False)}</a>' for other in self.others[1:4]
        ]
        rows = "".join(f"<li>{link}</li>" for link in links)
        return {
            "none": "",
            "list": f"<h3>{self.words['one']}</h3>\n<ul>{rows}</ul>\n",
            "lines": f"<p>{self.words['also']}</p>\n{''.join(f'<p>{link}</p>' for link in links)}\n",
            "one line": f"<p>{self.words['also']} {links[0]}</p>\n",
        }[str(self.c["below"])]

    def body(self, glued: str) -> str:
        length = int(str(self.c["length"]))
        lines = list(self.article.sentences[:length])
        later = 0
        while len(lines) < length:  # a long page goes on in the words of its time
            later += 1
            lines.append(self.words["part"].format(part=later, n=self.article.number * 100 + later))
        form = str(self.c["body"])
        own = self.statements
        shown = [html.escape(line, quote=False) for line in lines]
        shown[0] = glued + shown[0]
        groups = (
            [shown[n : n + 2] for n in range(0, len(shown), 2)] if length > 4 else [[line] for line in shown]
        )
        paragraphs = [" ".join(group) for group in groups]
        own += lines
        if form in {"ul", "ol", "lines"}:
            lead, items = self.article.lead_in, list(self.article.items)
            marked = [item + (";" if n < len(items) - 1 else ".") for n, item in enumerate(items)]
            own += [lead, *(f"{lead} {item}" for item in marked)]
            text = "".join(f"<p>{line}</p>\n" for line in paragraphs)
            if form == "lines":
                return text + "".join(
                    f"<p>{html.escape(line, quote=False)}</p>\n" for line in (lead, *marked)
                )
            rows = "".join(f"<li>{html.escape(item, quote=False)}</li>\n" for item in marked)
            return f"{text}<p>{lead}</p>\n<{form}>{rows}</{form}>\n"
        if form == "quote":
            said = self.words["said"].format(n=self.article.number + 20)
            own.append(said)
            return (
                "".join(f"<p>{line}</p>\n" for line in paragraphs)
                + f"<blockquote><p>{said}</p></blockquote>\n"
            )
        if form == "table":
            number, year = self.article.number + 20, self.article.published.year
            rows = [tuple(cell.format(n=number, y=year) for cell in row) for row in self.words["rows"]]
            own += [f"{a} | {b}" for a, b in rows]
            cells = "".join(f"<tr><td>{a}</td><td>{b}</td></tr>\n" for a, b in rows)
            return "".join(f"<p>{line}</p>\n" for line in paragraphs) + f"<table border=1>{cells}</table>\n"
        if form == "bold lead":
            first, *rest = paragraphs
            return f"<p><b>{first}</b></p>\n" + "".join(f"<p>{line}</p>\n" for line in rest)
        if form == "repeated":
            own += [lines[-1]] if length > 1 else []
            again = [html.escape(lines[-1], quote=False)] if length > 1 else []
            return "".join(f"<p>{line}</p>\n" for line in (*paragraphs, *again))
        if form == "subheading":
            more = self.article.lead_in.rstrip(":") + " " + ", ".join(self.article.items) + "."
            own += [self.words["heading"], more]
            more = html.escape(more, quote=False)
            text = "".join(f"<p>{line}</p>\n" for line in paragraphs)
            return f"{text}<h4>{self.words['heading']}</h4>\n<p>{more}</p>\n"
        return {
            "p": lambda: "".join(f"<p>{line}</p>\n" for line in paragraphs),
            "div": lambda: "".join(f"<div>{line}</div>\n" for line in paragraphs),
            "br": lambda: "<br>\n<br>\n".join(paragraphs) + "<br>\n",
            "single br": lambda: f"<div>{'<br>'.join(paragraphs)}</div>\n",
            "flat": lambda: "\n".join(paragraphs) + "\n",
            "nested": lambda: "".join(f"<div><div><p>{line}</p></div></div>\n" for line in paragraphs),
        }[form]()


def _upper(text: str) -> str:
    """Tag names in capitals, as editors wrote them in 2005."""
    parts = text.split("<")
    for place, part in enumerate(parts[1:], 1):
        name = len(part) - len(part.lstrip("/"))
        end = name
        while end < len(part) and part[end].isalnum():
            end += 1
        parts[place] = part[:name] + part[name:end].upper() + part[end:]
    return "<".join(parts)


def _unclosed(text: str, rng: random.Random) -> str:
    """Paragraphs, items and cells left open, a stray end tag, an unquoted address, bare ampersands."""
    for tag in ("</p>", "</li>", "</td>", "</tr>"):
        text = text.replace(tag, "")
    text = text.replace("</body>\n</html>\n", "</font></body>")
    return text.replace('href="', "href=").replace('/">', "/>") if rng.random() < 0.5 else text
