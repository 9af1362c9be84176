"""The replica of an official news site, read from its data files: what stands on it on a given day."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from importlib.resources.abc import Traversable

from diffing.languages import LANGUAGES
from diffing.model import Block, BlockKind
from seeds.errors import InvalidSeed

__all__ = ["Article", "Edit", "ReplicaSite", "load_replica"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """From `day` on, the words `old` of title or text read `new`; the displayed date stays."""

    day: dt.date
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One page of one edition. The keys of seeds/replica/README.md, under the same names.

    `since` is its first day on the site, `until` the first day it is gone (None: it stays).
    """

    slug: str
    language: str
    published: dt.date
    since: dt.date
    until: dt.date | None
    title: str
    blocks: tuple[Block, ...] = field(repr=False)
    edits: tuple[Edit, ...] = ()
    titles: int = 2
    date: str = "same line"
    teasers: int = 3
    counter: bool = True
    validator: str = "none"
    session: bool = False
    salutation: str | None = None

    @property
    def lead(self) -> str:
        """The first paragraph: what other pages show of this one."""
        return self.blocks[0].text

    def on(self, day: dt.date) -> Article | None:
        """The page as it reads on `day`, edits made; None: it is not on the site that day."""
        if day < self.since or (self.until is not None and day >= self.until):
            return None
        page = self
        for edit in sorted(self.edits, key=lambda edit: edit.day):
            if edit.day <= day:
                page = replace(
                    page,
                    title=page.title.replace(edit.old, edit.new),
                    blocks=tuple(
                        replace(block, text=block.text.replace(edit.old, edit.new)) for block in page.blocks
                    ),
                )
        return page


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaSite:
    """The whole site over the year.

    `days` are those the demo plays. `looks` are (first day, template name), oldest first. `templates`
    holds Jinja2 source by name, `words` the texts around the articles by language.
    """

    days: tuple[dt.date, ...]
    page_size: int
    looks: tuple[tuple[dt.date, str], ...]
    words: Mapping[str, Mapping[str, str | list[str]]] = field(repr=False)
    templates: Mapping[str, str] = field(repr=False)
    articles: tuple[Article, ...] = field(repr=False)
    sources: str = field(repr=False)

    def on(self, day: dt.date, language: str) -> tuple[Article, ...]:
        """The pages of an edition as they read on `day`, newest first."""
        pages = [
            page for article in self.articles if article.language == language and (page := article.on(day))
        ]
        return tuple(sorted(pages, key=lambda page: (page.published, page.slug), reverse=True))

    def look(self, day: dt.date) -> str:
        """The name of the template in use on `day`."""
        return next((name for since, name in reversed(self.looks) if since <= day), self.looks[0][1])

    def changed(self, day: dt.date, language: str) -> dt.date:
        """The last day, `day` or before it, on which any page of the edition came to look otherwise."""
        days = [since for since, _ in self.looks]
        for article in self.articles:
            if article.language == language:
                days += [article.since, *(edit.day for edit in article.edits)]
                days += [article.until] if article.until else []
        return max((changed for changed in days if changed <= day), default=min(days))

    def sources_at(self, origin: str) -> str:
        """A sources file for the site served at `origin`, such as http://127.0.0.1:8000."""
        return self.sources.replace("{origin}", origin)


_DATES = ("same line", "own line", "glued", "absent")
_VALIDATORS = ("none", "etag", "modified")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


@dataclass(frozen=True, slots=True)
class _Key:
    """What a key of an article may hold, in words and as a test."""

    wanted: str
    is_right: Callable[[object], bool]


def _is_day(value: object) -> bool:
    return isinstance(value, dt.date) and not isinstance(value, dt.datetime)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


_DAY = _Key("a day such as 2025-01-30, without quotation marks", _is_day)
_FLAG = _Key("true or false", lambda value: isinstance(value, bool))
_ARTICLE_KEYS: Mapping[str, _Key] = {
    "published": _DAY,
    "since": _DAY,
    "until": _DAY,
    "titles": _Key("0, 1 or 2", lambda value: type(value) is int and 0 <= value <= 2),
    "date": _Key(f"one of {', '.join(_DATES)}", lambda value: value in _DATES),
    "teasers": _Key("0 to 5", lambda value: type(value) is int and 0 <= value <= 5),
    "counter": _FLAG,
    "validator": _Key(f"one of {', '.join(_VALIDATORS)}", lambda value: value in _VALIDATORS),
    "session": _FLAG,
    "salutation": _Key("a line of text", _is_text),
    "edits": _Key(
        "tables of day, old and new", lambda value: isinstance(value, list) and all(map(_is_edit, value))
    ),
}


def _is_edit(value: object) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"day", "old", "new"}
        and _is_day(value["day"])
        and _is_text(value["old"])
        and isinstance(value["new"], str)
    )


def load_replica(folder: Traversable | None = None) -> ReplicaSite:
    """The site in `folder` (None: the bundled one).

    Raises InvalidSeed for the first faulty file, with all of that file's faults.
    """
    folder = folder if folder is not None else files("seeds") / "replica"
    site = folder / "site.toml"
    try:
        values = tomllib.loads(_text(site))
    except tomllib.TOMLDecodeError as error:
        raise InvalidSeed(str(site), [f"cannot be read as TOML: {error}; mend the line"]) from error
    templates = {
        file.name.removesuffix(".html"): _text(file)
        for file in (folder / "templates").iterdir()
        if file.name.endswith(".html")
    }
    if faults := list(_site_faults(values, templates)):
        raise InvalidSeed(str(site), faults)
    return ReplicaSite(
        days=tuple(sorted(values["days"])),
        page_size=values["page_size"],
        looks=tuple(sorted((look["since"], look["template"]) for look in values["look"])),
        words=values["words"],
        templates=templates,
        articles=tuple(_articles(folder / "articles", values["words"])),
        sources=_text(folder / "sources.toml"),
    )


def _site_faults(values: Mapping[str, object], templates: Mapping[str, str]) -> Iterator[str]:
    known = ("days", "page_size", "look", "words")
    yield from (f"unknown key {key!r} (known: {', '.join(known)})" for key in values if key not in known)
    days, size, looks, words = (values.get(key) for key in known)
    if not (isinstance(days, list) and days and all(map(_is_day, days))):
        yield f"days must be a list of days, found {days!r}"
    if not (type(size) is int and size > 0):
        yield f"page_size must be a number above 0, found {size!r}"
    if not (isinstance(looks, list) and looks):
        yield "no [[look]]; add at least one with since and template"
    else:
        yield from (
            f"a [[look]] must hold a day `since` and a `template` among {', '.join(sorted(templates))}; "
            f"found {look!r}"
            for look in looks
            if not (
                isinstance(look, dict) and _is_day(look.get("since")) and look.get("template") in templates
            )
        )
    if not (isinstance(words, dict) and words and all(language in LANGUAGES for language in words)):
        yield f"words must hold a table for each edition's language (known: {', '.join(LANGUAGES)})"


def _articles(folder: Traversable, languages: Iterable[str]) -> Iterator[Article]:
    for language in sorted(languages):
        for file in sorted((folder / language).iterdir(), key=lambda file: file.name):
            if file.name.endswith(".md"):
                yield _article(file, language)


def _article(file: Traversable, language: str) -> Article:
    head, body = _parted(file)
    try:
        values = tomllib.loads(head)
    except tomllib.TOMLDecodeError as error:
        raise InvalidSeed(
            str(file), [f"its settings cannot be read as TOML: {error}; mend the line"]
        ) from error
    slug = file.name.removesuffix(".md")
    title, *paragraphs = body.split("\n\n") if body else [""]
    blocks = tuple(_blocks(paragraphs))
    if faults := list(_article_faults(slug, values, title, blocks)):
        raise InvalidSeed(str(file), faults)
    edits = tuple(Edit(**edit) for edit in values.pop("edits", ()))
    published = values.pop("published")
    return Article(
        slug=slug,
        language=language,
        published=published,
        since=values.pop("since", published),
        until=values.pop("until", None),
        title=title.removeprefix("# "),
        blocks=blocks,
        edits=edits,
        **values,
    )


def _parted(file: Traversable) -> tuple[str, str]:
    """Settings and body, without the lines between."""
    fence, _, rest = _text(file).partition("+++\n")
    head, closing, body = rest.partition("+++\n")
    if fence or not closing:
        raise InvalidSeed(str(file), ["must open with its settings between two lines `+++`"])
    return head, body.strip()


def _blocks(paragraphs: Iterable[str]) -> Iterator[Block]:
    """A block a line. What leads into a list is for the reader of the page to find out."""
    for line in (line for paragraph in paragraphs for line in paragraph.split("\n") if line):
        if line.startswith("- "):
            yield Block(kind=BlockKind.ITEM, text=line[2:])
        elif line.startswith("> "):
            yield Block(kind=BlockKind.QUOTE, text=line[2:])
        else:
            yield Block(kind=BlockKind.PARAGRAPH, text=line)


def _article_faults(
    slug: str, values: Mapping[str, object], title: str, blocks: tuple[Block, ...]
) -> Iterator[str]:
    if not _SLUG.match(slug):
        yield f"its name {slug!r} must be small Latin letters, digits and hyphens"
    for key, value in values.items():
        if key not in _ARTICLE_KEYS:
            near = difflib.get_close_matches(key, _ARTICLE_KEYS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(_ARTICLE_KEYS)}"
            yield f"unknown key {key!r} ({hint})"
        elif not _ARTICLE_KEYS[key].is_right(value):
            yield f"{key} must be {_ARTICLE_KEYS[key].wanted}; found {value!r}"
    if "published" not in values:
        yield f"no published; add {_DAY.wanted}"
    if not title.startswith("# ") or "\n" in title:
        yield "no title; open the text with a line `# Title` and a blank line"
    if not blocks or blocks[0].kind is not BlockKind.PARAGRAPH:
        yield "the text must begin with a paragraph: other pages show it as this one's teaser"
    if values.get("validator", "none") != "none" and values.get("counter", True):
        yield "a validator would be false on a page whose counter changes at every fetch; set counter = false"
    edits = values.get("edits")
    if isinstance(edits, list):
        yield from (
            f"edits names words that do not stand in title or text: {edit['old']!r}"
            for edit in edits
            if _is_edit(edit)
            and edit["old"] not in title
            and all(edit["old"] not in block.text for block in blocks)
        )


def _text(file: Traversable) -> str:
    try:
        return file.read_text(encoding="utf-8").replace("\r\n", "\n")
    except OSError as error:
        raise InvalidSeed(str(file), [f"cannot be read ({error.strerror}); put the file there"]) from error
    except UnicodeDecodeError as error:
        raise InvalidSeed(str(file), [f"is not UTF-8 (byte {error.start}); save it as UTF-8"]) from error
