"""Where digests and alerts go: the `[[notify]]` tables of the configuration, checked."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from diffing.model import ChangeKind, Significance, series_and_edition
from monitor.errors import InvalidConfig

__all__ = ["LANGUAGES", "Body", "Channel", "Topic", "channels_of", "secrets_in", "with_secrets"]


class Topic(StrEnum):
    """What a channel can be told."""

    DIGEST = "digest"
    ALERTS = "alerts"


class Body(StrEnum):
    """The form in which a channel is handed its messages."""

    HTML = "html"
    TEXT = "text"
    MARKDOWN = "md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One place to tell. `url` is an Apprise address with `${NAME}` where the environment holds a secret.

    Empty `kinds`, `sources` and `events` let all through; `events` are keys or whole series.
    `significance` is the least that is told; None: all in a digest, only high as an alert. `body` None: HTML
    with a plain part in mail, plain text elsewhere. `template` replaces the digest's own one. `web` is
    where the web view is reached, for links to what is stored (None: no such links), `zone` the one whose
    days and hours it is told in.
    """

    name: str
    url: str
    topics: frozenset[Topic] = frozenset(Topic)
    kinds: frozenset[ChangeKind] = frozenset()
    significance: Significance | None = None
    sources: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    language: str = "en"
    body: Body | None = None
    template: Path | None = None
    web: str | None = None
    zone: dt.tzinfo = dt.UTC

    def tells_of(self, event: str | None) -> bool:
        """Whether the filter of events lets one through; a change of no event passes only without one."""
        if not self.events:
            return True
        if event is None:
            return False
        return bool(self.events & {event.casefold(), series_and_edition(event)[0].casefold()})


_NAME = re.compile(r"[\w][\w .-]{0,63}\Z")
_ADDRESS = re.compile(r"[a-z][a-z0-9]*://\S+\Z", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_USERINFO = re.compile(r"\A[A-Za-z][A-Za-z0-9]*://([^/?#]*)@")
# Query keys under which Apprise takes a credential whatever the service.
_SECRET_KEYS = frozenset({"pass", "password", "token", "apikey", "key", "secret"})

# Those in which a digest can be told. Not asked of diffing.languages: every command reads the configuration,
# and the lexicons take longer to load than a quick command may take.
LANGUAGES = ("en", "ru")

_KEYS: Mapping[str, str] = {
    "name": "a short word, unique among the channels",
    "url": "an Apprise address such as mailtos://user:${MAIL_PASSWORD}@example.org?to=desk@example.org",
    "what": '"digest", "alerts" or both in a list',
    "kinds": "a list of kinds of change",
    "significance": " or ".join(f'"{significance.value}"' for significance in Significance),
    "sources": "a list of sources' names",
    "events": "a list of events such as Rubezh-2025, or of series such as Rubezh",
    "language": " or ".join(f'"{code}"' for code in LANGUAGES),
    "format": " or ".join(f'"{body.value}"' for body in Body),
    "template": "a path to a Jinja2 template",
}

Word = TypeVar("Word", bound=StrEnum)


def channels_of(
    tables: object, beside: Path, language: str = "en", web: str | None = None, zone: dt.tzinfo = dt.UTC
) -> tuple[tuple[Channel, ...], tuple[str, ...]]:
    """The channels that the tables declare, and every fault of them; relative paths start at `beside`.

    `language` is that of a channel which names none, `web` where all find the web view, `zone` that of all.
    """
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return (), (f"notify must be tables headed [[notify]], found {tables!r}",)
    channels: list[Channel] = []
    faults: list[str] = []
    for place, table in enumerate(tables, start=1):
        reader = _Table(table, place)
        channel = reader.channel(beside, language, web, zone)
        faults += reader.faults
        if channel is None:
            continue
        if channel.name in {other.name for other in channels}:
            faults.append(f"two notify tables are named {channel.name!r}; give each its own name")
        channels.append(channel)
    return tuple(channels), tuple(faults)


def with_secrets(url: str, environment: Mapping[str, str]) -> str:
    """The address with every `${NAME}` put in; between // and @ it is quoted, so any password works.

    Raises InvalidConfig naming every variable that is not set.
    """
    missing = [name for name in secrets_in(url) if not environment.get(name)]
    if missing:
        raise InvalidConfig(
            f"the environment lacks {', '.join(missing)}, which the channel's url asks for; set it"
        )
    userinfo = _USERINFO.match(url)
    until = userinfo.end() if userinfo else 0

    def put(found: re.Match[str]) -> str:
        value = environment[found[1]]
        return quote(value, safe="") if found.start() < until else value

    return _PLACEHOLDER.sub(put, url)


def secrets_in(url: str) -> tuple[str, ...]:
    """The names of the environment's variables that the address asks for, each once."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(url)))


class _Table:
    """Reads one table and gathers what is wrong with it."""

    def __init__(self, table: Mapping[str, object], place: int) -> None:
        name = table.get("name")
        self._table = table
        self._title = f"notify {name!r}" if isinstance(name, str) and name else f"notify table {place}"
        self.faults: list[str] = []

    def channel(self, beside: Path, language: str, web: str | None, zone: dt.tzinfo) -> Channel | None:
        for key in self._table:
            if key not in _KEYS:
                self._fault(f"unknown key {key!r}; {_near(key, _KEYS)}")
        name, url = self._required("name"), self._required("url")
        if name and not _NAME.match(name):
            self._fault(f"name must be {_KEYS['name']}, found {name!r}")
        if url:
            self._check(url)
        template = self._text("template")
        template_file = beside / template if template else None
        if template_file and not template_file.is_file():
            self._fault(f"no template at {template_file}; name an existing file or leave the key out")
        channel = Channel(
            name=name or "",
            url=url or "",
            topics=frozenset(self._words("what", Topic) or Topic),
            kinds=frozenset(self._words("kinds", ChangeKind)),
            significance=self._word("significance", Significance),
            sources=frozenset(self._texts("sources")),
            events=frozenset(event.casefold() for event in self._texts("events")),
            language=self._language() or language,
            web=web,
            zone=zone,
            body=self._word("format", Body),
            template=template_file,
        )
        return None if self.faults else channel

    def _check(self, url: str) -> None:
        if not _ADDRESS.match(url) and not _PLACEHOLDER.fullmatch(url):
            self._fault(f"url must be {_KEYS['url']}, found {_hidden(url)!r}")
        elif "${" in _PLACEHOLDER.sub("", url):
            self._fault("url has a ${ that names no variable; write ${NAME}")
        elif not _is_split(url):
            self._fault(f"url cannot be read as an address: {_hidden(url)!r}; write {_KEYS['url']}")
        elif where := _literal_secret(url):
            self._fault(
                f"url holds {where} in the open; keep it in an environment variable and write "
                "${NAME} in its place"
            )

    def _required(self, key: str) -> str | None:
        if key not in self._table:
            self._fault(f"{key} is missing: {_KEYS[key]}")
            return None
        return self._text(key)

    def _text(self, key: str) -> str | None:
        value = self._table.get(key)
        if value is None or (isinstance(value, str) and value):
            return value
        self._fault(f"{key} must be {_KEYS[key]}, found {value!r}")
        return None

    def _texts(self, key: str) -> Sequence[str]:
        value = self._table.get(key, [])
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, list) and all(isinstance(each, str) and each for each in listed):
            return listed
        self._fault(f"{key} must be {_KEYS[key]}, found {value!r}")
        return ()

    def _word(self, key: str, words: type[Word]) -> Word | None:
        text = self._text(key)
        return self._known(key, text, words) if text else None

    def _words(self, key: str, words: type[Word]) -> tuple[Word, ...]:
        found = (self._known(key, text, words) for text in self._texts(key))
        return tuple(word for word in found if word is not None)

    def _known(self, key: str, text: str, words: Callable[[str], Word]) -> Word | None:
        try:
            return words(text)
        except ValueError:
            known = [str(word) for word in words]  # type: ignore[attr-defined]  # an enumeration, always
            self._fault(f"{key} knows no {text!r}; {_near(text, known)}")
            return None

    def _language(self) -> str | None:
        language = self._text("language")
        if language is not None and language not in LANGUAGES:
            self._fault(f"language must be {_KEYS['language']}, found {language!r}")
        return language

    def _fault(self, what: str) -> None:
        self.faults.append(f"{self._title}: {what}")


def _near(word: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"


def _is_split(url: str) -> bool:
    try:
        urlsplit(url)
    except ValueError:  # a bracket that opens an IPv6 address and is not closed
        return False
    return True


def _literal_secret(url: str) -> str | None:
    """What of the address is a credential written out; None: nothing that can be told without its service."""
    found = _USERINFO.match(url)
    if found and _PLACEHOLDER.sub("", found[1].partition(":")[2]):
        return "a password"
    for key, value in parse_qsl(urlsplit(url).query):
        if key.lower() in _SECRET_KEYS and _PLACEHOLDER.sub("", unquote(value)):
            return f"{key}="
    return None


def _hidden(url: str) -> str:
    """The address as an error may show it: what stands before an @ may be a password."""
    return re.sub(r"//[^/@]*@", "//…@", url)
