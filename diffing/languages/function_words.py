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
    other. `numbers` are small numbers in words, `scales` stems of the words that multiply the number
    before them, `endings` inflections that a stem leaves off.
    `captions`, `salutations` and `frame` are how captions, greetings and the page's own controls
    begin. `verb_words` and `verb_endings` tell that a sentence has a verb; `not_verbs` are stems of
    nouns that look like one, alone or with one of `noun_endings`; `dash_is_verb`: a dash stands for
    "is".
    """

    empty: frozenset[str]
    negations: frozenset[str]
    denying: tuple[str, ...]
    occasions: tuple[str, ...]
    months: tuple[str, ...]
    opposites: tuple[tuple[str, str], ...]
    numbers: Mapping[str, int]
    scales: Mapping[str, int]
    endings: frozenset[str]
    captions: tuple[str, ...]
    salutations: tuple[str, ...]
    frame: tuple[str, ...]
    verb_words: frozenset[str]
    verb_endings: tuple[str, ...]
    not_verbs: tuple[str, ...]
    noun_endings: frozenset[str]
    dash_is_verb: bool


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
        including well place due set pieces people some approximately nearly almost roughly"""
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
        "took", "taking",
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
    numbers={
        "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
        "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
        "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    },
    scales={"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000},
    endings=_words("'s s"),
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
        """i'm it's that's there's we're they're you're we've they've i've we'll
        is are was were be been am has have had do does did will would shall should can could may might
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
        works enters passes awards completes launches trains
        prepares practises practices rehearses attends welcomes elects adopts approves bans backs wins loses
        seeks wants needs faces plans denies rejects accepts appoints names keeps brings builds turns grows
        falls rises stays covers develops improves strengthens reviews summarises
        summarizes proposes stresses"""
    ),
    verb_endings=("ed", "izes", "ises", "ifies"),
    not_verbs=(
        "red", "speed", "need", "feed", "bed", "indeed", "seed", "hundred", "armed", "united", "unmanned",
        "advanced", "interested", "combined", "so-called", "detailed", "limited", "breed", "naked", "sacred",
    ),
    noun_endings=_words("s"),
    dash_is_verb=False,
)  # fmt: skip

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
        декада ходе рамках время числе число количество итого согласно включая свыше порядка примерно почти"""
    ),
    negations=_words("не нет ни без никогда нельзя невозможно"),
    denying=("отмен", "отказ", "отклон", "опроверг", "запрет", "прекра"),
    occasions=(
        "учени", "трениров", "маневр", "провед", "провод", "прове", "пройд", "проход", "прош", "состо",
        "заплан",
        "планир", "план", "предусм", "совмест", "команд", "штаб", "специал", "миротвор", "одкб", "участ",
        "принима", "принял", "террит", "респуб", "военн", "колле", "оперативн", "быстр", "развер", "реагир",
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
    numbers={
        form: number
        for number, forms in {
            2: "два две двух двум двумя двое",
            3: "три трех трем тремя трое",
            4: "четыре четырех четырем четырьмя четверо",
            5: "пять пяти пятью пятеро",
            6: "шесть шести шестью шестеро",
            7: "семь семи семью семеро",
            8: "восемь восьми восемью",
            9: "девять девяти девятью",
            10: "десять десяти десятью",
            11: "одиннадцать одиннадцати",
            12: "двенадцать двенадцати",
            15: "пятнадцать пятнадцати",
            20: "двадцать двадцати",
            30: "тридцать тридцати",
            100: "сто ста",
        }.items()
        for form in forms.split()
    },
    scales={"тыс": 1_000, "млн": 1_000_000, "миллион": 1_000_000, "млрд": 1_000_000_000},
    endings=_words(
        """иями ями ами ого его ому ему ыми ими ием иях ая яя ое ее ые ие ый ий ой ей ою ею ом ем ам ям
        ах ях ов ев ью ья ию ии ия ых их ую юю ым им а я о е ы и у ю ь й"""
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
        "ет", "ют", "ут", "ит", "ат", "ят", "ал", "ала", "ало", "али", "ил", "ила", "ило", "или", "ел", "ела",
        "ело", "ели", "ял", "яла", "яло", "яли", "ул", "ула", "ули", "ыл", "ыла", "ыло", "ыли", "тся",
        "лся", "лась", "лось", "лись", "ята", "яты",
        "ято", "ыта", "ыто", "ыты", "аем", "яем", "уем", "еем", "ать", "ять", "ить", "еть", "уть", "ться",
        *(
            stem + ending
            for stem in "ован дан сан тан жен чен шен лен ден рен щен мен нен сен тен пен".split()
            for ending in ("", "а", "о", "ы")
        ),
    ),
    not_verbs=(
        "комитет", "совет", "пакет", "бюджет", "кабинет", "портрет", "приоритет", "авторитет", "университет",
        "факультет", "суверенитет", "паритет", "иммунитет", "генерал", "адмирал", "журнал", "канал",
        "материал", "потенциал", "персонал",
        "арсенал", "сигнал", "школ", "отдел", "раздел", "предел", "член", "план",
        "стран", "президент", "парламент", "аппарат", "мандат", "солдат", "формат", "кандидат", "результат",
        "делегат", "институт", "маршрут", "минут", "лимит", "кредит", "визит", "саммит", "транзит", "защит",
        "казахстан", "кыргызстан", "таджикистан", "узбекистан", "афганистан", "туркменистан", "пакистан",
        "иран", "ереван", "душанб", "туман", "обмен", "сил", "дел", "цел", "лет", "свет", "ответ", "привет",
        "предмет", "проспект", "автомобил", "недел", "ветеран", "охран", "смен", "цен", "океан", "орган",
        "капитал", "интервал", "финал", "портал", "зал", "вокзал", "интеграл", "печать", "сеть", "треть",
        "память", "мать", "путь", "суть", "рать", "интернет", "турист", "мил", "тыл", "модел", "отрасл",
        "артел", "параллел", "деятел", "один", "экран", "кран", "клан", "диван", "роман", "карман", "капитан",
        "партизан", "ураган", "замен", "перемен", "измен", "сцен", "стен", "времен", "имен", "плен", "отмен",
        "дат", "палат", "плат", "зарплат", "вахт", "атташат", "секретариат", "аттестат", "формат", "адвокат",
        "елен", "богдан", "степан", "степен", "руслан", "султан", "жен", "колен", "поколен", "явлен",
    ),
    noun_endings=_words("а у ом е ы и ов ам ами ах ем ей я ю ой ию ии ия"),
    dash_is_verb=True,
)  # fmt: skip

FUNCTION_WORDS: Mapping[str, FunctionWords] = {"en": _ENGLISH, "ru": _RUSSIAN}
