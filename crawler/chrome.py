"""The words of page furniture, English and Russian: what no author's statement consists of."""

from __future__ import annotations

import re
from functools import lru_cache

from diffing.normal import normalise

__all__ = [
    "ends_the_article",
    "is_chrome",
    "is_cookie_notice",
    "is_rubric",
    "opens_other_pages",
    "points_elsewhere",
    "teaser_form",
]

_WORDS = """
print | print version | printable version | version for print | share | share on social media | share
this | share via | tweet | send | copy link | link copied | subscribe | follow us | read more | more |
details | back | back to list | back to the list | back to news | all news | all materials | other news |
home | main | main page | menu | search | site map | sitemap | close | open | next | previous | prev |
top | to top | up | download | log in | login | sign in | register | listen | advertisement | ad |
comments | leave a comment | add comment | no comments | found an error in the text? | found an error in
the text | select it and press ctrl enter | this audio is created with ai assistance | loading |
loading... | show more | view all | see all | rss | facebook | twitter | x | telegram | whatsapp | viber
| vk | vkontakte | ok | odnoklassniki | youtube | instagram | email | e-mail | linkedin | pinterest |
skip to content | skip to main content | accept | accept all | tags | tags: | photo | video
| english | eng | rus | en | ru
| печать | распечатать | версия для печати | на печать | поделиться | поделиться в соцсетях | поделиться в
социальных сетях | поделиться: | отправить | скопировать ссылку | ссылка скопирована | подписаться |
подписаться на новости | подробнее | читать далее | читать полностью | далее | назад | назад к списку |
назад к новостям | возврат к списку | вернуться к списку | к списку новостей | все новости | все
материалы | другие новости | главная | на главную | меню | поиск | карта сайта | закрыть | открыть |
следующая | предыдущая | наверх | вверх | скачать | войти | вход | регистрация | слушать | реклама |
комментарии | оставить комментарий | добавить комментарий | нет комментариев | нашли ошибку в тексте? |
нашли ошибку | загрузка | загрузить еще | показать еще | вконтакте | одноклассники | фейсбук | твиттер |
телеграм | ватсап | теги | теги: | фото | видео | на русском | русский | выйти из полноэкранного режима |
вернуться | выделите ее и нажмите ctrl+enter | принять | версия для слабовидящих
"""
_PHRASES = frozenset(" ".join(word.split()) for word in _WORDS.split("|"))

_COUNTED = (
    r"views?|reads?|comments?|shares?|likes?|просмотр(?:а|ов|ы)?|прочтени[йея]|комментари(?:й|я|ев|и)"
    r"|прочитал[аио]?"
    r"|показ(?:а|ов|ы)?|лайк(?:а|ов)?|голос(?:а|ов)?"
)
_NUMBER = r"\d{1,3}(?:[  ., ]?\d{3}){0,3}[kкmм]?"
_CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?"
_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
    r"|(?:янв|фев|мар|апр|ма|июн|июл|авг|сен|окт|ноя|дек)[а-я]{0,5}\.?"
)
_DAY = (
    r"(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTH}),?(?: \d{{4}})?|(?:{_MONTH}) \d{{1,2}}(?:st|nd|rd"
    rf"|th)?,?(?: \d{{4}})?)"
)
_WEEKDAY = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье)"
)
_YEAR = r"(?: ?(?:г\.?|года|year))?"
_STAMP = (
    rf"(?:{_WEEKDAY},? )?(?:{_CLOCK}[,|/ –—-]{{0,3}})?{_DAY}{_YEAR}"
    rf"(?:,? ?(?:at|в|[|/–—-])? ?{_CLOCK})?(?: ?(?:msk|мск|gmt|utc|am|pm))?"
)
_UNIT = "|".join(
    (
        rf"(?:{_COUNTED}) ?:? ?{_NUMBER}",
        rf"{_NUMBER} (?:{_COUNTED})",
        _STAMP,
        rf"{_CLOCK}(?: ?(?:msk|мск|am|pm))?",
        rf"(?:today|yesterday|сегодня|вчера)(?:,? ?(?:at|в)? ?{_CLOCK})?",
        r"(?:\d{1,2}|an?|one) (?:seconds?|minutes?|mins?|hours?|days?|weeks?) ago",
        r"(?:\d{1,2} )?(?:секунд\w?|минут\w?|час(?:а|ов)?|день|дня|дней|недел[юиь]) назад",
        rf"{_NUMBER}(?= |$)",
    )
)
_MONEY = r"(?:byn|rub|usd|eur|kzt|kgs|amd|tjs|cny|[$€₽])"
_LINES = re.compile(
    "|".join(
        (
            rf"(?:(?:{_UNIT})[,|/· –—-]{{0,3}}){{1,5}}",
            r"[\d\s.,:;/|+\-–—−↺%()№$€₽]{1,40}(?:px)?",
            (
                r"(?:updated|last updated|last modified|published|posted|date|обновлен[ао]?|опубликовано"
                r"|дата публикации|дата|время"
                rf"|московское время|moscow time) ?:? ?(?:on )?(?:{_STAMP}|{_CLOCK})?(?: ?,? ?{_STAMP})?"
            ),
            (
                r"(?:photos?|images?|picture|video|фото|фотографи[яи]|снимок|видео) ?"
                r"(?:(?:by|credit|courtesy of|из архива) .{0,50}|(?::|©|/).{0,90}|предоставлен[оаы]? .{0,60})"
            ),
            r"(?:©|\(c\)|copyright).{0,140}",
            rf"(?:[\d.,]+ ?{_MONEY} ?/? ?){{1,4}}",
            rf"(?:{_MONEY} ?[\d.,]+ ?){{1,4}}",
            r"(?:share|поделиться) (?:on|in|via|with|в|через|с) .{1,40}",
            r"(?:all rights reserved|все права защищены).{0,120}",
        )
    )
)
_SHARE_WORDS = (
    "facebook twitter telegram whatsapp viber vk вконтакте вк одноклассники linkedin pinterest reddit email "
    "e-mail print печать share поделиться копировать copy link ссылку x ok livejournal skype max дзен rutube "
    "youtube instagram social media network networks социальные социальных сети сетях соцсети соцсетях "
    "на on в via"
).split()
# The longest word first and never given back: the names of networks stand glued together, and one
# that is the beginning of another ("в", "вк", "вконтакте") must not make a long line cost all the ways
# to cut it.
_NETWORKS = re.compile(
    rf"(?>{'|'.join(sorted(map(re.escape, _SHARE_WORDS), key=len, reverse=True))}|\W+){{3,}}+"
)
_COOKIE = re.compile(r"\bcookies?\b|\bкук(?:и|ов|ами?)\b|\bcookie-файл", re.IGNORECASE)
_CONSENT = re.compile(
    r"\b(?:we|us|our|your|you|this site|these|essential|necessary|optional|third[- ]part\w+|allow|accept"
    r"|decline|reject|agree|consent|settings|preferences|browser|websites?|мы|нам|нас|наш\w*|ваш\w*|вы|сайт\w*"
    r"|этот|эти|принять|принимаю|соглас\w+|отклон\w+|настро\w+|браузер\w*|обязательн\w+|необходим\w+)\b",
    re.IGNORECASE,
)
LONGEST_NOTICE = 1_000
"""Characters of a line that are searched for what a site says of its cookies."""

LONGEST_CHROME = 200
"""Characters above which a piece is never taken for furniture: sentences are about this long."""

LONGEST_TEASER = 3_000
"""Characters of a block that decide whether it is a teaser; leads have 100 to 600."""

_DATE_BEFORE = re.compile(r"^\d{1,2}[./]\d{1,2}[./]\d{4}[ ,|-]{0,3}")
_DATE_BEHIND = re.compile(r"[ ,|-]{1,3}\d{1,2}[./]\d{1,2}[./]\d{4}$")
_OTHER_PAGES = re.compile(
    r"(?:(?:read|see|watch) (?:also|more|next|this)|related(?: (?:news|articles|stories|materials|topics"
    r"|posts|links))?|similar (?:news|articles)"
    r"|(?:more|other|latest|recent|top|popular|most read) (?:news|stories|articles|materials|posts"
    r"|on this topic)|most (?:read|popular|viewed)"
    r"|more on (?:the|this) (?:topic|story)|you (?:may|might) (?:also )?(?:like|be interested in).{0,12}"
    r"|recommended(?: for you)?|latest|popular|(?:related|useful) links"
    r"|news feed|on the topic|in other news"
    r"|читайте(?: также| ещ[её])?|(?:читайте|смотрите) (?:другие|также) .{0,30}по теме|смотрите(?: также"
    r"| ещ[её])|похожие (?:новости|материалы|статьи)|(?:другие|последние|свежие|главные"
    r"|популярные) (?:новости|материалы|статьи)"
    r"|(?:новости|материалы|ещ[её]|статьи|публикации|ссылки) по теме|по теме|по этой теме"
    r"|вам (?:может быть )?(?:будет )?интересно|рекомендуем(?: прочитать)?|самое (?:читаемое|популярное"
    r"|интересное)"
    r"|лента(?: новостей)?|связанные материалы|ещ[её] новости|ранее по теме|сейчас читают"
    r"|выбор редакции)(?: ?[:…>»]| ?\.\.\.)?",
    re.IGNORECASE,
)
_RUBRIC_WORDS = frozenset(
    """
    news the of latest all press center centre release releases service media events event statements
    statement speeches documents articles article publications archive organization csto odkb site official
    our company and page main
    новости новость все последние пресс центр служба релиз релизы медиа события событие заявления заявление
    выступления документы статьи статья публикации архив организации организация одкб сайт официальный наши
    наша компании и страница главная сми
    """.split()
)
_RUBRIC_WORD = re.compile(r"[^\W\d_]+")
_END = re.compile(
    r"(?:(?:\d{1,5} )?comments?|(?:\d{1,5} )?комментари(?:и|ев|й|я)|leave a (?:reply|comment)"
    r"|оставить комментарий|обсуждение)(?: ?[:(].{0,12})?",
    re.IGNORECASE,
)


def is_chrome(text: str) -> bool:
    """True when the whole line is furniture: print, share, a counter, a clock, a bare date, a photo credit.

    >>> is_chrome("1610 views"), is_chrome("Поделиться"), is_chrome("1,610 people took part.")
    (True, True, False)
    """
    return len(text) <= LONGEST_CHROME and _is_furniture(text)


@lru_cache(maxsize=4096)
def _is_furniture(text: str) -> bool:
    """As `is_chrome`, for a line of its length: the same few lines are asked for again and again."""
    plain = " ".join(text.split()).strip(" .|/·•›»«<>→←▲▼+-–—").casefold()
    if not plain or plain in _PHRASES:
        return True
    # Patterns of small letters take half the time of those that ignore case, to which the Turkish ı is an i.
    plain = plain.replace("ı", "i")
    return _LINES.fullmatch(plain) is not None or _NETWORKS.fullmatch(plain) is not None


def opens_other_pages(text: str) -> bool:
    """True for the line above a list of other pages: "Read also:", "Читайте также".

    >>> opens_other_pages("Read also:"), opens_other_pages("Read also the order of the minister.")
    (True, False)
    """
    return len(text) <= 60 and _OTHER_PAGES.fullmatch(text.strip()) is not None


def is_rubric(text: str) -> bool:
    """True for the name of a section: it heads every page of the section, and is no page's title.

    >>> is_rubric("News of the Organization"), is_rubric("News of the flood")
    (True, False)
    """
    return len(text) <= 60 and _RUBRIC_WORDS.issuperset(_RUBRIC_WORD.findall(text.casefold()))


def is_cookie_notice(text: str) -> bool:
    """True for a line that tells the reader of the site's cookies or asks to accept them.

    >>> is_cookie_notice("We use cookies. By staying you agree."), is_cookie_notice("Cookies cost votes.")
    (True, False)
    """
    start = text[:LONGEST_NOTICE]
    folded = start.casefold()
    # asked of every line of a page, which hardly ever holds either
    if "cook" not in folded and "кук" not in folded:
        return False
    return _COOKIE.search(start) is not None and _CONSENT.search(start) is not None


def points_elsewhere(text: str) -> bool:
    """True for a line that names one other page in passing: "See also: ...". Ask for its links, too.

    >>> points_elsewhere("Читайте также: Учения завершились"), points_elsewhere("See also what was said.")
    (True, False)
    """
    head, colon, _ = text[:40].partition(":")
    return bool(colon) and _OTHER_PAGES.fullmatch(head.strip()) is not None


# Those of some hundred pages are asked for twice: to learn of them, and to tell theirs apart.
@lru_cache(maxsize=8192)
def teaser_form(text: str) -> str:
    """The form in which teasers are known: normal, without a date before or behind, or the dots of a cut.

    >>> teaser_form("12.03.2024 The exercise will be held in…")
    'the exercise will be held in'
    """
    form = normalise(text[:LONGEST_TEASER])
    # Few begin or end with a digit, and each character that a pattern may begin with takes a trial.
    if form[:1].isdigit():
        form = _DATE_BEFORE.sub("", form)
    if form[-1:].isdigit():
        form = _DATE_BEHIND.sub("", form)
    return form.rstrip(" .…").strip()


def ends_the_article(text: str) -> bool:
    """True for the heading of the readers' comments."""
    return len(text) <= 40 and _END.fullmatch(text.strip()) is not None
