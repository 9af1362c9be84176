"""The words of digests and tables in the languages that they are told in, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from diffing.model import Attribute, ChangeKind, Op, Outcome, Qualifier, Status, TroubleKind

__all__ = ["ENGLISH", "RUSSIAN", "VOCABULARIES", "Noun", "Vocabulary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """The forms of a noun beside a number, as many as the language has: one page, two pages.

    `of` are those after "about", "more than" and "up to", where they differ. `numbers` are the words for
    0, 1, 2, … before it, where a shift is told.
    """

    forms: tuple[str, ...]
    of: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """One language. `plural` tells which of a noun's forms a number takes.

    `texts` are phrases with the names of what is filled in; a day in words, a noun, a list come as text.
    `names` are what series and grounds are called, where that is known to be another name.
    """

    code: str
    plural: Callable[[int], int]
    thousands: str
    months: tuple[str, ...]
    months_of: tuple[str, ...]
    months_short: tuple[str, ...]
    seasons: Mapping[int, str]
    qualifiers: Mapping[Qualifier, str]
    counted: Mapping[Attribute, Noun]
    countries: Mapping[str, str]
    statuses: Mapping[Status, str]
    kinds: Mapping[ChangeKind, str]
    attributes: Mapping[Attribute, str]
    outcomes: Mapping[Outcome, str]
    ops: Mapping[Op, str]
    troubles: Mapping[TroubleKind, str]
    nouns: Mapping[str, Noun]
    texts: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)


def _english_plural(count: int) -> int:
    return 0 if count == 1 else 1


def _russian_plural(count: int) -> int:
    """1, 21, 101 take the first form, 2-4, 22-24 the second; all others, 11-14 among them, the third."""
    if count % 10 == 1 and count % 100 != 11:
        return 0
    return 1 if count % 10 in {2, 3, 4} and count % 100 not in {12, 13, 14} else 2


_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ZERO_RU = ("ноль",)
_SMALL_RU = ("три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять")

ENGLISH = Vocabulary(
    code="en",
    plural=_english_plural,
    thousands=",",
    months=(
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    months_of=(
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    months_short=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    seasons={3: "spring", 6: "summer", 9: "autumn", 12: "winter"},
    qualifiers={
        Qualifier.ABOUT: "about ",
        Qualifier.MORE_THAN: "more than ",
        Qualifier.UP_TO: "up to ",
        Qualifier.EXACTLY: "",
    },
    counted={
        Attribute.PERSONNEL: Noun(forms=("people", "people")),
        Attribute.EQUIPMENT: Noun(forms=("pieces of equipment", "pieces of equipment")),
    },
    countries={
        "AF": "Afghanistan", "AM": "Armenia", "AZ": "Azerbaijan", "BY": "Belarus", "CN": "China",
        "IN": "India", "IR": "Iran", "KG": "Kyrgyzstan", "KZ": "Kazakhstan", "MN": "Mongolia",
        "PK": "Pakistan", "RS": "Serbia", "RU": "Russia", "TJ": "Tajikistan", "TM": "Turkmenistan",
        "UZ": "Uzbekistan",
    },
    statuses={status: status.value.replace("_", " ") for status in Status},
    kinds={kind: kind.value.replace("_", " ") for kind in ChangeKind},
    attributes={attribute: attribute.value for attribute in Attribute},
    outcomes={outcome: outcome.value for outcome in Outcome},
    ops={op: op.value for op in Op},
    troubles={
        TroubleKind.FAILING: "cannot be looked at",
        TroubleKind.SILENT: "has been silent for longer than its habit",
        TroubleKind.NO_LINKS: "a list page leads to no article",
        TroubleKind.REJECTED: "more pages than usual are not the article",
        TroubleKind.SHRUNK: "the text of many pages shrank at once",
        TroubleKind.OVERDUE: "was not looked at when it should have been",
        TroubleKind.DOWN: "the watch did not run",
        TroubleKind.UNSENT: "a message could not be delivered",
    },
    nouns={
        "day": Noun(forms=("day", "days"), numbers=_SMALL),
        "week": Noun(forms=("week", "weeks"), numbers=_SMALL),
        "page": Noun(forms=("page", "pages")),
        "source": Noun(forms=("source", "sources")),
        "change": Noun(forms=("change", "changes")),
        "event": Noun(forms=("event", "events")),
        "more page": Noun(forms=("more page", "more pages")),
        "more event": Noun(forms=("more event", "more events")),
        "more change": Noun(forms=("more change", "more changes")),
        "more statement": Noun(forms=("more statement", "more statements")),
        "earlier window": Noun(forms=("earlier window", "earlier windows")),
    },
    texts={
        "title": "csto-watch digest, {period}",
        "period": "{first} to {last}",
        "covers": "What was found from {since} to {until}",
        "earlier": "{shift} earlier",
        "later": "{shift} later",
        "same day": "starting on the same day",
        "glance": "In short",
        "legend": "!! matters most, * matters",
        "marks": "[-words that went or hold no longer-] {+words that came+}",
        "high": "matters most",
        "medium": "matters",
        "low": "for the record",
        "moved": "{events} with news",
        "new": "{pages} with new statements",
        "edited": "{pages} edited",
        "silently": "{count} of them silently",
        "withdrawn": "{pages} withdrawn",
        "restored": "{pages} restored",
        "quiet": "Nothing new.",
        "blind": "Nothing can be said: no source was looked at.",
        "half blind": "Nothing new on the sources that answered; {sources} did not.",
        "events heading": "Events",
        "new heading": "New statements",
        "edited heading": "Edited pages",
        "withdrawn heading": "Withdrawn pages",
        "restored heading": "Restored pages",
        "contradictions heading": "Contradictions",
        "noticed": "noticed {day} on a page dated {page}",
        "first announced": "first announced",
        "here": "{event} (here: “{name}”)",
        "contradiction": "CONTRADICTION, two pages of one day",
        "held after all": "to be held after all",
        "troubles heading": "What needs a person",
        "coverage heading": "Looked at",
        "timeline heading": "Timeline",
        "no source": "no source in this period",
        "today": "this digest",
        "was": "was",
        "now": "now",
        "also": "also",
        "said": "said {day}",
        "undated": "undated",
        "stored": "stored copy",
        "difference": "both revisions compared",
        "compare": "compare: {command}",
        "silent edit": "SILENT EDIT: the printed date did not change",
        "in all": "in all {shift} than first announced ({window}{said})",
        "confirmed": "confirmed on {day}: {why}",
        "dismissed": "{changes} dismissed by an editor",
        "more": "… and {count}",
        "all changes": "All of them: {command}",
        "began": "begun",
        "ended": "over",
        "going on": "goes on",
        "outcome": "{count} {word}",
        "since": "since {moment}",
        "distrust": "NOT TO BE TRUSTED: {reason}",
        "last answer": "last answer {moment}",
        "never": "never answered",
        "chain": "Evidence chain: {head}",
        "timeline": (
            "Each announced window as a bar, the earlier ones hatched above the one that stands now."
        ),
        "the same": "the same",
        "no difference": "no statement differs",
    },
)  # fmt: skip

RUSSIAN = Vocabulary(
    code="ru",
    plural=_russian_plural,
    thousands="\u00a0",
    months=(
        "январь", "февраль", "март", "апрель", "май", "июнь",
        "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
    ),
    months_of=(
        "января", "февраля", "марта", "апреля", "мая", "июня",
        "июля", "августа", "сентября", "октября", "ноября", "декабря",
    ),
    months_short=("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
    seasons={3: "весна", 6: "лето", 9: "осень", 12: "зима"},
    qualifiers={
        Qualifier.ABOUT: "около ",
        Qualifier.MORE_THAN: "более ",
        Qualifier.UP_TO: "до ",
        Qualifier.EXACTLY: "",
    },
    counted={
        Attribute.PERSONNEL: Noun(
            forms=("человек", "человека", "человек"), of=("человека", "человек", "человек")
        ),
        Attribute.EQUIPMENT: Noun(
            forms=("единица техники", "единицы техники", "единиц техники"),
            of=("единицы техники", "единиц техники", "единиц техники"),
        ),
    },
    countries={
        "AF": "Афганистан", "AM": "Армения", "AZ": "Азербайджан", "BY": "Беларусь", "CN": "Китай",
        "IN": "Индия", "IR": "Иран", "KG": "Киргизия", "KZ": "Казахстан", "MN": "Монголия",
        "PK": "Пакистан", "RS": "Сербия", "RU": "Россия", "TJ": "Таджикистан", "TM": "Туркмения",
        "UZ": "Узбекистан",
    },
    statuses={
        Status.PLANNED: "запланировано",
        Status.UNDER_WAY: "идёт",
        Status.HELD: "проведено",
        Status.POSTPONED: "отложено",
        Status.CANCELLED: "отменено",
    },
    kinds={
        ChangeKind.STATEMENT_NEW: "новое высказывание",
        ChangeKind.STATEMENT_ADDED: "добавлено",
        ChangeKind.STATEMENT_REMOVED: "убрано",
        ChangeKind.STATEMENT_EDITED: "исправлено",
        ChangeKind.STATEMENT_MOVED: "переставлено",
        ChangeKind.PAGE_REMOVED: "страница удалена",
        ChangeKind.PAGE_RESTORED: "страница возвращена",
        ChangeKind.TITLE_EDITED: "изменён заголовок",
        ChangeKind.ANNOUNCED: "объявлено",
        ChangeKind.RESCHEDULED: "сроки перенесены",
        ChangeKind.REFINED: "уточнено",
        ChangeKind.RELOCATED: "место изменено",
        ChangeKind.POSTPONED: "отложено",
        ChangeKind.CANCELLED: "отменено",
        ChangeKind.RENAMED: "переименовано",
        ChangeKind.RESIZED: "численность изменена",
        ChangeKind.PARTICIPANTS_CHANGED: "состав участников изменён",
        ChangeKind.STARTED: "началось",
        ChangeKind.COMPLETED: "завершилось",
    },
    attributes={
        Attribute.WINDOW: "сроки",
        Attribute.PLACE: "место",
        Attribute.PARTICIPANTS: "участники",
        Attribute.PERSONNEL: "численность",
        Attribute.EQUIPMENT: "техника",
        Attribute.STATUS: "состояние",
        Attribute.NAME: "название",
    },
    outcomes={
        Outcome.NEW: "новых",
        Outcome.CHANGED: "изменённых",
        Outcome.UNCHANGED: "без изменений",
        Outcome.NOT_MODIFIED: "не изменялись",
        Outcome.MOVED: "с новым адресом",
        Outcome.GONE: "исчезнувших",
        Outcome.FAILED: "без ответа",
        Outcome.REJECTED: "отклонённых",
    },
    ops={
        Op.EQUAL: "без изменений",
        Op.EDITED: "исправлено",
        Op.ADDED: "добавлено",
        Op.REMOVED: "убрано",
        Op.MOVED: "переставлено",
        Op.SPLIT: "разделено",
        Op.MERGED: "объединено",
    },
    troubles={
        TroubleKind.FAILING: "источник недоступен",
        TroubleKind.SILENT: "источник молчит дольше обычного",
        TroubleKind.NO_LINKS: "список не ведёт ни к одной статье",
        TroubleKind.REJECTED: "необычно много страниц без статьи",
        TroubleKind.SHRUNK: "текст многих страниц разом сократился",
        TroubleKind.OVERDUE: "источник не проверен в срок",
        TroubleKind.DOWN: "наблюдение не работало",
        TroubleKind.UNSENT: "сообщение не доставлено",
    },
    nouns={
        "day": Noun(forms=("день", "дня", "дней"), numbers=(*_ZERO_RU, "один", "два", *_SMALL_RU)),
        "week": Noun(forms=("неделю", "недели", "недель"), numbers=(*_ZERO_RU, "одну", "две", *_SMALL_RU)),
        "page": Noun(forms=("страница", "страницы", "страниц")),
        "source": Noun(forms=("источник", "источника", "источников")),
        "change": Noun(forms=("изменение", "изменения", "изменений")),
        "event": Noun(forms=("событие", "события", "событий")),
        "more page": Noun(forms=("страница", "страницы", "страниц")),
        "more event": Noun(forms=("событие", "события", "событий")),
        "more change": Noun(forms=("изменение", "изменения", "изменений")),
        "more statement": Noun(forms=("высказывание", "высказывания", "высказываний")),
        "earlier window": Noun(forms=("прежний срок", "прежних срока", "прежних сроков")),
    },
    texts={
        "title": "Дайджест csto-watch, {period}",
        "period": "{first} – {last}",
        "covers": "Найдено с {since} по {until}",
        "earlier": "на {shift} раньше",
        "later": "на {shift} позже",
        "same day": "начало в тот же день",
        "glance": "Коротко",
        "legend": "!! самое важное, * важное",
        "marks": "[-слова, которые убраны или больше не верны-] {+новые слова+}",
        "high": "самое важное",
        "medium": "важное",
        "low": "для сведения",
        "moved": "{events}",
        "new": "{pages} с новыми высказываниями",
        "edited": "{pages} с правками",
        "silently": "из них незаметно: {count}",
        "withdrawn": "удалено: {pages}",
        "restored": "возвращено: {pages}",
        "quiet": "Ничего нового.",
        "blind": "Сказать ничего нельзя: ни один источник не проверен.",
        "half blind": "На ответивших источниках ничего нового; не ответили: {sources}.",
        "events heading": "События",
        "new heading": "Новые высказывания",
        "edited heading": "Исправленные страницы",
        "withdrawn heading": "Удалённые страницы",
        "restored heading": "Возвращённые страницы",
        "contradictions heading": "Противоречия",
        "noticed": "замечено {day} на странице от {page}",
        "first announced": "сначала объявлено",
        "here": "{event} (здесь: «{name}»)",
        "contradiction": "ПРОТИВОРЕЧИЕ, две страницы одного дня",
        "held after all": "всё-таки состоится",
        "troubles heading": "Требует внимания",
        "coverage heading": "Проверено",
        "timeline heading": "Сроки",
        "no source": "за это время ни одного источника",
        "today": "этот дайджест",
        "was": "было",
        "now": "стало",
        "also": "также",
        "said": "сказано {day}",
        "undated": "без даты",
        "stored": "сохранённая копия",
        "difference": "сравнение редакций",
        "compare": "сравнить: {command}",
        "silent edit": "НЕЗАМЕТНАЯ ПРАВКА: дата на странице не изменилась",
        "in all": "всего {shift}, чем было объявлено сначала ({window}{said})",
        "confirmed": "подтверждено {day}: {why}",
        "dismissed": "отклонено редактором: {changes}",
        "more": "… и ещё {count}",
        "all changes": "Все изменения: {command}",
        "began": "началось",
        "ended": "закончилось",
        "going on": "продолжается",
        "outcome": "{word}: {count}",
        "since": "с {moment}",
        "distrust": "ДОВЕРЯТЬ НЕЛЬЗЯ: {reason}",
        "last answer": "последний ответ {moment}",
        "never": "не отвечал ни разу",
        "chain": "Цепочка доказательств: {head}",
        "timeline": "Каждый объявленный срок показан полосой, прежние – штриховкой над нынешним.",
        "the same": "без изменений",
        "no difference": "ни одно высказывание не отличается",
    },
)  # fmt: skip

VOCABULARIES: Mapping[str, Vocabulary] = {words.code: words for words in (ENGLISH, RUSSIAN)}
