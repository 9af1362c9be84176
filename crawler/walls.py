"""The words of pages that stand in an article's place: bot walls, faults, soft 404s, logins."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["kind_of_wall", "says_it_is_faulty"]

# What is said of the page, the site, the visitor's request or browser: no article speaks of those so. A
# bare "not found", "404", "access denied" or "maintenance" is said of pilots, ranges and bridges, too.
_GONE = (
    r"\bpage (?:(?:you|that you|which you)\b|(?:was|could|can|is|does|has|may|might|cannot|can.t"
    r"|doesn.t|isn.t)"
    r"[^.!?]{0,30}(?:found|exist|removed|deleted|moved|available))|\bpage not found|page no longer"
    r"|find th(?:e|is) page|requested (?:page|url|address|document|resource|file|material|content)"
    r"|\bth(?:is|e requested) (?:material|article|document|item|content|news)\b[^.!?]{0,30}"
    r"(?:removed|deleted|not exist|not available|unavailable|no longer|not found)"
    r"|\b(?:document|file|resource|url)\b[^.!?]{0,30}not found on (?:this|the|our)"
    r"|nothing (?:was |has been )?found (?:at|here|for)|(?:at|on) this (?:address|location|url)\b"
    r"|link you (?:followed|clicked)|(?:element|section|item|content) not found|error 404|404 error"
    r"|404 not found"
    r"|страниц\w{1,2}\b[^.!?]{0,40}(?:не найден|не существует|удал[её]н|перемещ[её]н|отсутств"
    r"|которую вы|нет\b"
    r"|недоступн)|(?:такой|найти|этой) страницы?\b[^.!?]{0,25}(?:нет|вы ищете|не )|найти страницу"
    r"|(?:запрашиваем|запрошенн)\w{2,3} [^.!?]{0,40}(?:не найден|не существует|отсутств|удал[её]н)"
    r"|(?:элемент|раздел) (?:\w+ )?не найден"
    r"|(?:^|[.!?\n] ?|этот |данный |такая |эта )(?:материал|документ|новость|запись"
    r"|публикация)\b[^.,!?]{0,25}"
    r"(?:не найден|не существу|удал[её]н|был[аи]? удал)"
    r"|(?:документ|файл)\w*[^.!?]{0,20}отсутствует на (?:сервер|сайт)|по (?:этому|данному"
    r"|указанному) адресу ничего"
    r"|(?:устаревш|неверн|неправильн)\w{2,3} (?:ссылк|адрес)|ошибка 404|нет такой страницы"
    r"|ничего не найдено"
)
_WALL = (
    r"(?:verify|prove|confirm|make sure|check)(?:ing)?(?: that| if)? you(?: are|.re)(?: a| not a)? "
    r"(?:human|robot|bot|person|real)|(?:^|[\n.!?] ?)are you (?:a )?(?:human|robot|bot)"
    r"|i.?a?m not a robot"
    r"|checking (?:if the site|your browser)|your browser (?:before|will|is being)|browser before access"
    r"|(?:enable|activate|allow|turn on|requires?) (?:java ?script|cookies)|turn (?:java ?script"
    r"|cookies) on"
    r"|java ?script (?:is |and cookies )?(?:disabled|required|must|to continue|turned off)"
    r"|(?:complete|solve|enter|pass) (?:the|a|this) (?:captcha|security check)|before accessing the"
    r"|(?:characters|letters|code|symbols|text)[^.!?]{0,20}(?:picture|image)\b|to access (?:the"
    r"|this) (?:web)?site"
    r"|unusual (?:traffic|activity) (?:from|on) (?:your|this)|ddos[- ](?:protection|guard)"
    r"|your (?:ip\b|ip address|network|request|connection|access)[^.!?]{0,40}"
    r"(?:blocked|suspicious|banned|limited|denied|list of)|you have been (?:blocked|banned)"
    r"|you have sent too many"
    r"|(?:you )?(?:don.t|do not) have (?:the )?(?:permission|rights)|(?:prove"
    r"|verify)[^.!?]{0,20}\bhuman\b"
    r"|access to th(?:is|e) (?:page|site|website|resource|section)[^.!?]{0,20}(?:denied|restricted"
    r"|blocked|forbidden)"
    r"|403 forbidden|error 1020|detected unusual"
    r"|(?:вы|я) не робот|а не робот|подтвердите,? что (?:вы|запросы)|проверк\w{1,2} (?:вашего )?браузера"
    r"|провер\w{2,5} ваш браузер|(?:введите|наберите) (?:символы|код|текст|буквы)[^.!?]{0,15}"
    r"(?:картинк|изображен|рисунк)|\bваш\w{0,3} ip|с вашего (?:ip|адреса|компьютера|устройства)"
    r"|похожи на автоматическ|(?:включите|разрешите|активируйте) (?:java ?script|cookies?|куки|поддержку)"
    r"|java ?script (?:отключ|выключ|должен|не поддерж)|у вас (?:нет|недостаточно) прав"
    r"|доступ к (?:этому |данному |запрашиваем\w{2,3} )?(?:сайту|странице|ресурсу|разделу"
    r"|порталу)[^.!?]{0,20}"
    r"(?:огранич|запрещ|закрыт|заблокир)|безопасности (?:соединения|подключения)|перед (?:доступом"
    r"|входом) (?:к|на) "
    r"сайт|поставьте галочку|защит\w{1,2} от ddos|пройдите (?:проверку|капчу)"
    r"|слишком много запросов (?:с|от) ваш"
)
_DOWN = (
    r"\b(?:our|this|the)(?: new| whole)? (?:web ?site|site|portal|server|web ?server) (?:is|will"
    r"|encountered|has "
    r"encountered)\b[^.!?]{0,60}(?:maintenance|unavailable|unable|construction|updat|upgrad|back"
    r"|available|offline"
    r"|closed|open soon|error|down\b)|\bour new (?:web)?site will|(?:web)?site under construction"
    r"|we(?: are|.re)(?: currently| now)? (?:performing|doing|updating|upgrading|carrying out"
    r"|working on)[^.!?]{0,30}"
    r"(?:maintenance|site|server|update)|we(?: will|.ll) be (?:right )?back|(?:down|offline) for "
    r"(?:scheduled |planned )?maintenance|maintenance mode|sorry for (?:the|any) inconvenience"
    r"|bad gateway"
    r"|gateway time-?out|internal server error|(?:503|http) service unavailable|\berror 5\d\d\b"
    r"|\b5\d\d error"
    r"|database connection|unexpected error (?:has )?occurred|encountered an (?:internal "
    r"|unexpected )?error"
    r"|(?:try|please) (?:reloading|reload) (?:the|this) page|(?:please )?try again later"
    r"|(?:please )?come back "
    r"(?:later|in (?:an?|a few|\d+) )|temporarily unable to|contact the (?:site |server )?administrator"
    r"|(?:сайт|портал|сервис|сервер|ресурс) (?:сейчас |пока |уже )?(?:временно|недоступ|не работает"
    r"|обновляется"
    r"|на (?:реконструкции|обслуживании|ремонте)|находится на|скоро (?:от|за)|не отвечает|закрыт на)"
    r"|сайт будет (?:снова )?(?:доступ|недоступ|работать|открыт)|на (?:нашем )?(?:сайте|портале|сервере) "
    r"(?:сейчас )?(?:ведутся|проводятся|идут|производятся)|(?:зайдите|заходите|возвращайтесь|загляните) "
    r"(?:позже|позднее|через|к нам)|попробуйте (?:позже|повторить|обновить|перезагрузить|зайти"
    r"|ещ[её] раз)"
    r"|повторите (?:попытку|запрос)|приносим (?:свои |вам )?извинения за (?:временные "
    r"|доставленные |возможные )?"
    r"неудобства|обратитесь к администратору|ошибка (?:5\d\d|сервера|соединения|подключения|базы данных)"
    r"|внутренняя ошибка|непредвиденн\w{2,3} ошибк|не может обработать ваш запрос"
)
_LOGIN = (
    r"(?:please|must|need to|have to|or|to) (?:be )?(?:log|sign)(?:ged|ed)?[ -]?in\b|(?:log"
    r"|sign)[ -]?in (?:or|with|to "
    r"(?:view|read|continue|access|see|your|the (?:site|system)))|(?:log|sign)[ -]?in is required"
    r"|(?:login|user ?name"
    r"|e-?mail|account) and password|forgot(?:ten)? (?:your |the )?password|\bremember me\b|(?:for"
    r"|to) (?:subscribers|"
    r"members|registered users) only|only (?:for|to) (?:subscribers|members|registered users)"
    r"|subscribers only"
    r"|subscribe to (?:read|continue)|register to (?:read|continue)"
    r"|authori[sz]ation (?:is )?(?:required|necessary)"
    r"|(?:введите|укажите) (?:ваш\w{0,2} |свой |свои )?(?:логин|имя пользователя|пароль|e-?mail)"
    r"|логин и пароль"
    r"|забыли (?:свой )?пароль|запомнить меня|необходим\w{0,2} (?:авториз|войти|вход на сайт)"
    r"|авторизуйтесь"
    r"|требуется (?:авторизация|вход)|оформите подписку|только (?:для )?(?:подписчик|зарегистрирован)"
    r"|войдите (?:в (?:систему|личный|аккаунт|уч[её]тную)|на сайт|чтобы|под|или)|войдите, чтобы"
    r"|уч[её]тной записью"
    r"|вход в (?:систему|личный кабинет)"
)
_KINDS = (
    (re.compile(_GONE, re.IGNORECASE), "the page says that it was not found"),
    (re.compile(_WALL, re.IGNORECASE), "a bot wall stands before the page"),
    (re.compile(_DOWN, re.IGNORECASE), "the site says that it is under maintenance"),
    (re.compile(_LOGIN, re.IGNORECASE), "the page asks to log in"),
)

# What such a page is called: a title or first line of only these words.
_NAMES = {
    "the page says that it was not found": """
        404 | error 404 | 404 error | 404 not found | not found | page not found | nothing here |
        nothing found | element not found | oops | whoops | page does not exist | this page isn't
        available | страница не найдена | ошибка 404 | не найдено | ничего не найдено | элемент не
        найден | упс | документ не найден | новость не найдена | материал не найден | страница удалена
    """,
    "a bot wall stands before the page": """
        403 | 403 forbidden | forbidden | access denied | access forbidden | just a moment | one more
        step | attention required | robot check | captcha | are you a robot | are you human | checking
        your browser | human verification | security check | too many requests | blocked | ddos-guard |
        please wait | verification | доступ запрещен | доступ ограничен | доступ закрыт | проверка
        браузера | вы не робот | вы робот | капча | один момент | слишком много запросов | подтверждение
        | проверка безопасности | проверка
    """,
    "the site says that it is under maintenance": """
        maintenance | scheduled maintenance | under maintenance | site under maintenance | under
        construction | site under construction | service unavailable | 503 service unavailable | 503 |
        502 | 502 bad gateway | 500 | bad gateway | internal server error | 500 internal server error |
        504 gateway time-out | something went wrong | update in progress | we'll be back soon | be back
        soon | coming soon | технические работы | технический перерыв | ведутся технические работы |
        сайт закрыт | сайт недоступен | сайт временно недоступен | мы скоро вернемся | скоро вернемся |
        сервис недоступен | что-то пошло не так | внутренняя ошибка сервера | ошибка сервера | сайт на
        реконструкции | сайт в разработке | ошибка 503 | на сайте ведутся технические работы
    """,
    "the page asks to log in": """
        sign in | log in | login | authorization | authorisation | members only | subscribers only |
        restricted area | registration required | вход | войти | вход на сайт | авторизация | личный
        кабинет | только для подписчиков | вход в систему | требуется авторизация
    """,
}
# What such pages are written in, by the beginnings of words: nearly all their words are of these, while an
# article about a fault, a search or a restriction also says whose, where and when.
_STEMS = frozenset(
    """
    page site websit web portal server host brows connect network request address url link file resourc
    content titl name home main menu databas error fault fail wrong unexpect broken incorrect invalid
    mistak typ expir found find exist avail unavail remov delet renam moved missing look try tri again
    later back go going return search use check verif prov confirm human robot captcha puzzle piece slid
    drag click press tick box pictur imag charact symbol code enter ip ban banned block denied access
    allow forbid permi restrict countr reason secur protect javascript cooki enabl disabl setting turn
    reload refresh redirect wait stand moment second minut hour soon short load process automat comput
    devic continu proceed view read login log sign password user usernam email e-mail mail account member
    subscri regist author section closed welcom mainten technic work schedul updat upgrad improv tempor
    offline online respon unab contact administr support sorry apolog inconven pleas visit want need help
    sent many requir longer square select choos slider expir session application publicat withdrawn such
    problem specialist identif limit exceed traffic suspicio detect article item document material news
    changed item страниц сайт портал сервер хост браузер соединени подключ сеть запрос запраш запрош адрес
    ip ссылк файл ресурс содержим главн меню базе базы данны ошибк сбой неверн неправильн устарел правильн
    найти найд найт существ доступ недоступ удал перемещ переимен ищет искал попробу попыт повтор снова
    позж поздн назад вернит вернут вернем вернём перейд поиск воспольз провер подтверд человек робот капч
    ползун сдвин картин изображен символ код введ введит нажм поставь галоч клик включ отключ javascript
    cooki настро обнов перезагруз перенаправ подожд ждит секунд минут загруз автоматич компьютер устройств
    продолж просмотр чтен чита вход войд войт логин парол пользоват имя почт электрон учетн учётн аккаунт
    подписк подпиш регистр зарегистр авториз раздел закрыт возвращени техническ профилактич планов работ
    выполня обслужив реконструкц временн отвеч администрат обратит поддержк извин неудобств сожален
    приносим пожалуйст нужн необходим помощ заблок блокир огранич запрещ разреш страны безопасн защит
    удалось требу выбер способ квадрат сеанс приложен публикац снят идентиф специалист проблем похож сесси
    истек истёк возможн больше материал документ новость статья
    """.split()
)
_NEUTRAL = frozenset(
    """
    the and for that this with from are was were has have had been not but you your our its can could may
    might will would must should does did any all some one also then than there here what which who when
    where how into out about before after only just very more most other being able made make couldn didn
    doesn don isn its it we to of in on at is be as by or an up if us so do he she they them cannot due
    six csto odkb organization ваш ваша ваше вашего вашей вашем вы вас вам мы нас нам наш это эта этот эту
    этой этом эти или для при как что чтобы где уже еще ещё был была было были быть есть нет под над без
    того тому тем так такой такая если они она его который которая которую которые свой свою своей может
    можно вашу ваши этого не на по из до за от со во но да же ли бы то все ничего вами связи сейчас только
    одкб организация
    """.split()
)
_STEM_LENGTHS = range(2, 13)

_ALL_OF_THEM, _MOST_OF_THEM = 0.75, 0.6
"""Share of a short page's words that must be a wall's own; and where it speaks to its reader, as walls do.

Set on tests/crawler/gate_pages.toml, where walls have 0.75 to 1 and articles in the same words up to 0.67.
"""

_FEWEST, _MOST = 3, 60
"""Words of a page that are counted: two may be anything, and a wall of more says so plainly."""

_TO_THE_READER = re.compile(
    r"\b(?:you|your|our|please|sorry|вы|вас|вам|ваш\w{0,3}|наш\w{0,3}|\w{3,12}(?:йте|ите)(?:сь)?|пожалуйста|извините)\b"
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_BY_NAME = {
    " ".join(name.split()): kind
    for kind, names in _NAMES.items()
    for name in names.split("|")
    if name.strip()
}


def says_it_is_faulty(whole: str) -> str | None:
    """Why a page is no article by what it says anywhere of itself; None: nothing there says so.

    Walls and logins do not count: most pages say somewhere how to log in.
    """
    for pattern, kind in (_KINDS[0], _KINDS[2]):
        if (found := pattern.search(whole)) is not None:
            return f"{kind} (“{found.group().strip()[:60]}”)"
    return None


def kind_of_wall(lines: Iterable[str], text: str) -> str | None:
    """Why a short page is no article, with the words that say so; None: nothing says so.

    `lines` are what the page is called: its title and its first lines; `text` is all that it says.

    >>> kind_of_wall(["Notice"], "The pilot was not found."), kind_of_wall(["404"], "")
    (None, 'the page says that it was not found (“404”)')
    """
    for pattern, kind in _KINDS:
        if (found := pattern.search(text)) is not None:
            return f"{kind} (“{found.group().strip()[:60]}”)"
    for line in lines:
        name = " ".join(line.casefold().replace("ё", "е").replace("’", "'").split()).strip(" .!?…:–—-")
        if (called := _BY_NAME.get(name)) is not None:
            return f"{called} (“{line.strip()[:60]}”)"
    words = [word for word in _WORD.findall(text.casefold()[:2000]) if word not in _NEUTRAL and len(word) > 1]
    walls = sum(any(word[:length] in _STEMS for length in _STEM_LENGTHS) for word in words)
    least = _MOST_OF_THEM if _TO_THE_READER.search(text.casefold()) is not None else _ALL_OF_THEM
    if _FEWEST <= len(words) <= _MOST and walls >= least * len(words):
        return f"the page speaks of nothing but itself (“{' '.join(text.split())[:60]}”)"
    return None
