"""Words that say nothing by themselves, that turn a statement round, or that belong to the page's frame.

Comparison of statements needs to know which words carry content. Stems are prefixes: a word belongs
to a set of stems where it begins with one of them. All words are in normal form (`diffing.normal`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["FUNCTION_WORDS", "FunctionWords"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionWords:
    """The words of one language that decide how much two statements have in common.

    `empty` carry no content; `negations` deny what they stand in, `denying` are prefixes of words
    that do ("cancel"); `occasions` are stems that any statement about an event shares ("will be
    held", "exercise"); `months` stems of month names; `opposites` pairs of stems that exclude each
    other; `titles` stems of honorifics and ranks that may come or go before a name.
    `captions`, `salutations` and `frame` are how captions, greetings and the page's own controls
    begin; `verb_words` and `verb_endings` tell that a sentence has a verb, `not_verbs` are words
    with such an ending that are none.
    """

    empty: frozenset[str]
    negations: frozenset[str]
    denying: tuple[str, ...]
    occasions: tuple[str, ...]
    months: tuple[str, ...]
    opposites: tuple[tuple[str, str], ...]
    captions: tuple[str, ...]
    salutations: tuple[str, ...]
    frame: tuple[str, ...]
    verb_words: frozenset[str]
    verb_endings: tuple[str, ...]
    not_verbs: tuple[str, ...]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENGLISH = FunctionWords(
    empty=_words(
        """a an the this that these those such same other another each every all both any some its his her
        their our your my it he she they we you who whom whose which what where when while there here
        and or but nor as if than then so also too very of in on at by for from to into onto with within
        without during between among over under about around after before until till since through
        throughout via per upon against toward towards along across behind near is are was were be been
        being am has have had having do does did will would shall should can could may might must not no
        out up down off again more most less least only just already still yet ago mr mrs ms dr next
        last current previous year years month months week weeks day days today tomorrow yesterday time
        first second third half part early late mid middle beginning end number amount total according
        including well place due set pieces people"""
    ),
    negations=_words(
        """not no never nor neither without cannot n't won't isn't aren't wasn't weren't doesn't don't
        didn't hasn't haven't hadn't wouldn't shouldn't couldn't can't"""
    ),
    denying=("cancel", "call off", "called off", "abandon", "refus", "reject", "deni", "deny", "fail"),
    occasions=(
        "train",
        "exerc",
        "drill",
        "maneuv",
        "manoeuv",
        "held",
        "hold",
        "host",
        "conduct",
        "plan",
        "take",
        "took",
        "place",
        "part",
        "partic",
        "will",
        "sched",
        "joint",
        "command",
        "staff",
        "speci",
        "envis",
        "expect",
        "organi",
        "carri",
        "carry",
        "go",
        "event",
        "activ",
        "militar",
        "csto",
        "odkb",
        "territor",
        "republic",
        "involv",
        "invol",
        "member",
        "state",
        "due",
        "set",
        "provid",
        "intend",
        "phase",
        "name",
        "practic",
        "collect",
        "force",
        "troop",
        "unit",
        "contingent",
        "person",
        "servic",
        "soldier",
        "about",
        "peacek",
        "rapid",
        "reaction",
        "deploy",
        "intelligence",
        "logist",
        "strateg",
        "operat",
        "train",
        "system",
        "securit",
        "organ",
        "countr",
        "begin",
        "began",
        "start",
        "run",
        "last",
        "ground",
        "range",
        "centre",
        "center",
        "complet",
        "finish",
        "end",
        "announc",
        "confirm",
        "decid",
        "code",
    ),
    months=(
        "januar",
        "februar",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "septemb",
        "octob",
        "novemb",
        "decemb",
        "spring",
        "summer",
        "autumn",
        "winter",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ),
    opposites=(
        ("open", "clos"),
        ("increas", "decreas"),
        ("increas", "reduc"),
        ("rais", "lower"),
        ("join", "left"),
        ("join", "leav"),
        ("join", "withdr"),
        ("accept", "reject"),
        ("approv", "reject"),
        ("adopt", "reject"),
        ("arriv", "depart"),
        ("arriv", "left"),
        ("start", "end"),
        ("start", "finish"),
        ("start", "complet"),
        ("begin", "end"),
        ("began", "end"),
        ("began", "finish"),
        ("began", "complet"),
        ("begin", "complet"),
        ("sign", "terminat"),
        ("support", "oppos"),
        ("expand", "reduc"),
        ("deploy", "withdr"),
        ("appoint", "dismiss"),
        ("confirm", "den"),
        ("strengthen", "weaken"),
        ("resum", "suspend"),
        ("allow", "ban"),
        ("before", "after"),
        ("improv", "worsen"),
        ("win", "lose"),
        ("won", "lost"),
        ("successful", "unsuccessful"),
        ("earlier", "later"),
        ("higher", "lower"),
        ("first", "second"),
        ("first", "last"),
        ("second", "third"),
        ("north", "south"),
        ("east", "west"),
    ),
    captions=(
        "photo",
        "photos",
        "image",
        "images",
        "picture",
        "pictured",
        "video",
        "screenshot",
        "infographic",
        "caption",
        "illustration",
        "source",
        "credit",
        "copyright",
    ),
    salutations=(
        "dear ",
        "distinguished ",
        "esteemed ",
        "good morning",
        "good afternoon",
        "good evening",
        "ladies and gentlemen",
        "hello",
        "greetings",
        "welcome!",
        "thank you for your attention",
        "thanks for your attention",
        "thank you!",
        "thank you.",
        "best regards",
        "sincerely",
        "yours ",
        "happy ",
        "congratulations",
        "colleagues,",
        "comrades",
        "friends,",
    ),
    frame=(
        "share",
        "subscribe",
        "follow us",
        "read also",
        "read more",
        "see also",
        "related",
        "print",
        "views",
        "print version",
        "all news",
        "more news",
        "latest news",
        "back to",
        "next news",
        "previous news",
        "download",
        "tags",
        "tag:",
        "comments",
        "leave a comment",
        "found an error",
        "found a mistake",
        "if you find",
        "click here",
        "sign up",
        "log in",
        "login",
        "sign in",
        "search",
        "home",
        "menu",
        "contacts",
        "site map",
        "all rights reserved",
        "cookie",
        "we use cookies",
        "to be continued",
        "updated:",
        "published:",
        "last updated",
        "on the same topic",
        "on this topic",
        "editor:",
        "author:",
        "text:",
        "tell your friends",
        "send by e-mail",
        "copy link",
        "go to",
        "learn more",
        "watch the video",
        "watch also",
        "listen to",
        "join our",
        "join us",
        "our channel",
        "follow our",
        "report an error",
        "this audio",
        "exit full screen",
        "reading time",
        "photo gallery",
        "press service of",
        "rss",
        "advertis",
        "enlarge",
        "show more",
        "load more",
        "scroll",
        "facebook",
        "telegram",
        "twitter",
        "vkontakte",
    ),
    verb_words=_words(
        """is are was were be been am has have had do does did will would shall should can could may might
        must cannot won't isn't aren't wasn't weren't don't doesn't didn't held took began begun met
        said went sent left led won gave made got came became rose fell grew kept told thought brought
        built bought caught drew drove fought found flew forgot knew lost paid ran saw set shot showed
        spoke spent stood taught understood wrote read put cut hit let says takes holds plays plan plans
        begins starts ends continues remains includes hosts opens closes runs goes comes gives makes
        meets travels arrives leaves aims provides involves sees becomes participate participates take
        hold host begin start continue include involve travel arrive remain stay go come meet practise
        practice perform conduct carry prepare expect intend consider discuss note believe think know
        see hope thank ask call urge support confirm express invite underway visits discusses receives
        signs joins agrees calls thanks confirms supports expects considers presents addresses
        congratulates notes marks reports announces cancels postpones moves sends shows tells leads
        works enters passes awards completes launches trains"""
    ),
    verb_endings=("ed", "izes", "ises", "ifies"),
    not_verbs=(
        "unit",
        "red",
        "speed",
        "need",
        "feed",
        "bed",
        "indeed",
        "seed",
        "hundred",
        "armed",
        "united",
        "unmanned",
        "advanced",
        "interested",
        "combined",
    ),
)

_RUSSIAN = FunctionWords(
    empty=_words(
        """и а но или либо да же ли бы б в во на над под по при про о об обо от ото до из изо с со к ко у
        за для без через между среди после перед около вокруг против вдоль вне ради как так такой такая
        такое такие что чтобы чем тем то тот та те этот эта это эти этого этой этих этом того той тех
        том он она оно они его ее их им ими ему ей нем ней них мы вы нас вас нам вам наш ваш свой свои
        своих я меня который которая которое которые которого которой которых котором которому кто где
        когда куда там тут здесь если уже еще лишь только также тоже более менее самый весь все всех
        всего всей каждый другой иной один быть был была было были будет будут есть не нет ни вновь вот
        очень год года году годом лет месяц месяца неделя неделю день дня дни сегодня завтра вчера
        текущего текущем прошлого прошлом прошлый следующего следующем г гг первой первый первая первого
        второй второго третьей половине половина начале начало конце конец середине середина декаде
        декада ходе рамках время числе число количество итого согласно включая"""
    ),
    negations=_words("не нет ни без никогда нельзя невозможно"),
    denying=("отмен", "отказ", "отклон", "опроверг", "запрет", "прекра"),
    occasions=(
        "учени", "трениров", "маневр", "провед", "провод", "прове", "пройд", "проход", "прош", "состо",
        "заплан",
        "планир", "план", "предусм", "совмест", "команд", "штаб", "специал", "миротвор", "одкб", "участ",
        "принима", "террит", "респуб", "военн", "колле", "оперативн", "быстр", "развер", "реагир",
        "сил", "войск", "подразд", "контин", "органи", "госуд", "член", "страт", "этап", "активн", "мероп",
        "стран", "ксор", "ксбр", "разве", "матер", "обесп", "полиг", "учебн", "центр", "начал", "начн",
        "заверш", "оконч", "соглас", "подтв", "безоп", "догов", "назван", "намеч", "ожида",
        "будет", "примут", "формир", "средст", "личн", "состав", "человек", "военнос", "служащ", "кодов",
    ),
    months=(
        "январ", "феврал", "март", "апрел", "мая", "май", "мае", "июн", "июл", "август", "сентябр",
        "октябр", "ноябр", "декабр",
        "весн", "лето", "лета", "осен", "зим", "понедельник", "вторник", "среду", "среды", "среда",
        "четверг", "пятниц", "суббот", "воскресен",
    ),
    opposites=(
        ("откры", "закры"), ("увелич", "уменьш"), ("увелич", "сократ"), ("расшир", "сократ"), ("повыс",
        "сниз"),
        ("рост", "сниж"), ("вступ", "вышл"), ("вступ", "выход"), ("присоедин", "вышл"), ("присоедин",
        "покин"),
        ("прибы", "убы"), ("прибы", "покин"), ("нача", "заверш"), ("нача", "оконч"), ("приня", "отклон"),
        ("одобр", "отклон"), ("подтверд", "опроверг"), ("назнач", "освобод"), ("назнач", "уволен"),
        ("возобнов", "приостан"), ("ввод", "вывод"), ("укреп", "ослаб"), ("поддерж", "осуд"),
        ("до", "после"), ("раньше", "позже"), ("перв", "втор"), ("втор", "трет"), ("север", "юг"),
        ("восто", "запад"), ("разреш", "запрет"), ("улучш", "ухудш"),
    ),
    captions=(
        "фото", "фотография", "фотографии", "видео", "изображение", "снимок", "скриншот", "инфографика",
        "кадр",
        "иллюстрация", "источник", "на фото", "на снимке",
    ),
    salutations=(
        "уважаем", "дорогие ", "дорогой ", "дорогая ", "доброе утро", "добрый день", "добрый вечер",
        "здравствуйте", "приветств", "дамы и господа", "спасибо за внимание", "благодарю за внимание",
        "благодарим за внимание", "с уважением", "коллеги,", "коллеги!", "товарищи", "друзья", "поздравля",
        "с праздником", "с новым годом", "спасибо!", "глубокоуважаем",
    ),
    frame=(
        "поделиться", "поделитесь", "подписаться", "подписывайтесь", "подпишитесь", "читайте также",
        "читайте", "читать также", "читать далее", "читать дал", "смотрите также", "смотрите", "смотреть",
        "слушайте", "слушать", "подробнее", "просмотр", "распечатать", "печать", "версия для печати",
        "все новости", "другие новости", "последние новости", "новости по теме", "по теме", "еще по теме",
        "материалы по теме", "вернуться", "назад к", "скачать", "теги", "тэги", "метки", "комментари",
        "оставить комментарий", "нашли ошибку", "если вы нашли", "заметили ошибку", "сообщить об ошибке",
        "войти", "вход", "регистрация", "поиск", "главная", "меню", "контакты", "карта сайта",
        "все права защищены", "мы используем", "продолжение следует", "обновлено", "опубликовано",
        "дата публикации", "автор:", "редактор:", "текст:", "отправить", "копировать ссылку",
        "скопировать ссылку", "перейти", "узнать больше", "вступайте", "присоединяйтесь", "наш канал",
        "следите за", "оформить подписку", "выйти из", "время чтения", "фотогалерея", "фоторепортаж",
        "показать еще", "загрузить еще", "рубрика", "раздел:", "категория:", "реклама", "вконтакте",
        "одноклассники", "пресс-служба", "увеличить", "ссылка скопирована", "рассказать друзьям",
    ),
    verb_words=_words(
        """есть был была было были будет будут нет может могут должен должна должны надо нужно можно
        необходимо идет идут провел провели вел вели шел шла шли пришел прошел прошла прошло прошли
        принял приняли начал дал взял стал могли мог планируется намечено готов готова готовы"""
    ),
    verb_endings=(
        "ет", "ют", "ут", "ит", "ат", "ят", "ал", "ала", "ало", "али", "ил", "ила", "ило", "или", "ел",
        "ела",
        "ело", "ели", "ял", "яла", "яло", "яли", "ул", "ула", "ули", "тся", "лся", "лась", "лось", "лись",
        "ется", "ится", "ены", "ена", "ено", "ен", "ан", "ана", "ано", "аны", "ята", "яты", "ято", "ыт",
        "ыта", "ыты", "ем", "им", "ешь", "ишь", "те", "ись", "ось",
    ),
    not_verbs=(
        "комитет", "совет", "пакет", "бюджет", "кабинет", "портрет", "приоритет", "авторитет",
        "университет",
        "факультет", "суверенитет", "генерал", "адмирал", "журнал", "канал", "материал", "потенциал",
        "персонал", "арсенал", "школ", "отдел", "раздел", "предел", "член", "план", "стран", "страна",
        "район", "регион", "закон", "полигон", "дивизион", "гарнизон", "батальон", "президент",
        "документ", "контингент", "инструмент", "парламент", "департамент", "аппарат", "мандат", "солдат",
        "формат", "кандидат", "результат", "институт", "маршрут", "минут", "лимит", "кредит", "визит",
        "саммит", "транзит", "казахстан", "кыргызстан", "таджикистан", "узбекистан", "афганистан",
        "туркменистан", "туман", "один", "обмен", "уровен", "ведущ", "всем", "этим", "таким", "своим", "им",
        "моменте", "комплексе", "группе", "система", "систем", "тем", "зам", "заместител", "военным", "или",
        "если", "силы", "село", "дело", "дела", "тело", "числ", "неделя", "цел", "цели", "статья", "лет",
        "свет", "ответ", "привет", "предмет", "проспект", "кем", "чем", "объем", "прием", "подъем", "фильм",
        "режим", "рим", "ведомств", "апреле", "те", "сайте", "агенте", "работе", "защите", "борьбе",
        "результате", "квартале", "этот", "сотрудникам", "сотрудничестве", "отрасли", "области", "мысли",
        "стали", "дали", "связи", "апрель", "март",
    ),
)  # fmt: skip

FUNCTION_WORDS: Mapping[str, FunctionWords] = {"en": _ENGLISH, "ru": _RUSSIAN}
