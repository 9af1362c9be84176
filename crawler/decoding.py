"""Bytes to text: which encoding a page is really written in."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from functools import lru_cache

from charset_normalizer import from_bytes

from crawler.errors import NothingReadable
from crawler.settings import DOWNLOAD_MAXSIZE

__all__ = ["LARGEST_PAGE", "decode", "printable"]

LARGEST_PAGE = DOWNLOAD_MAXSIZE
"""Bytes of the largest page that is read: no larger one is downloaded."""

WORST_SHARE = 0.001
"""Share of U+FFFD (or of letters of no language) above which an encoding was not the right one.

A page with one broken emoji stays below it, a windows-1251 page read as UTF-8 is at 0.3 or more.
Lower: pages with a stray byte are guessed anew; higher: mojibake is believed.
"""

GUESSED_FROM = 64 << 10
"""Bytes shown to charset-normalizer, which takes 20 ms on this much and minutes on megabytes."""

MOST_ATTRIBUTES = 20_000
"""Words of one tag that are parsed: every parser's time grows with their square."""

DEEPEST_NESTING = 2_000
"""Tags open at once that are parsed, again for quadratic time; pages of editors gone wild reach 300."""

_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"PK\x03\x04", "a zip archive or office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x1f\x8b", "compressed data"),
    (b"\x7fELF", "a program"),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"charset\s{0,8}=\s{0,8}[\"']?\s{0,8}([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\xad\ud800-\udfff\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff]+"
)
_LINE_ENDS = re.compile("[\x0c\x85\u2028\u2029]")
_UTF8_READ_AS_1251 = re.compile(r"(?:[РС][\u0080-\u00bf\u0400-\u040f\u0450-\u045f\u0490\u2010-\u2122]){3}")
_CONTROLS = bytes({*range(0x20), 0x7F} - {*b"\t\n\f\r"})
# the first two letters of tags that HTML lets stay open, and of what is no tag
_LEFT_OPEN = frozenset(
    f"{a}{b}"
    for name in (
        "p ",
        "p>",
        "br",
        "hr",
        "li",
        "im",
        "in",
        "me",
        "td",
        "th",
        "tr",
        "tb",
        "dd",
        "dt",
        "op",
        "!-",
        "!d",
    )
    for a in (name[0], name[0].upper())
    for b in (name[1], name[1].upper())
)
# what a tag must be to hold so many attributes; without one, few pages need a look at every tag
_LONG_TAG = re.compile(f"<[^<>]{{{MOST_ATTRIBUTES},}}")
_BAD = "\ufffd"


def printable(text: str) -> str:
    """The text without control, zero-width and bidi characters and lone surrogates: safe to keep."""
    return text if text.isprintable() else _LINE_ENDS.sub("\n", _UNPRINTABLE.sub("", text))


def decode(body: bytes, headers: Iterable[tuple[str, str]] = ()) -> str:
    """The page's text, by byte order mark, HTTP header, meta element, else by what the bytes look like.

    A declared encoding that spoils more than `WORST_SHARE` of the text is not believed. Raises
    NothingReadable for an empty body, another file type, a page that is too large, and bytes that
    make sense in no encoding.
    """
    return _text_of(body, tuple(headers))


# The last one is kept: of a new page it is asked for twice, for the article and for all that the page shows.
@lru_cache(maxsize=1)
def _text_of(body: bytes, headers: tuple[tuple[str, str], ...]) -> str:
    if not body.strip(b" \t\r\n\0"):
        raise NothingReadable("the body is empty")
    if len(body) > LARGEST_PAGE:
        raise NothingReadable(f"the page has {len(body):,} bytes; pages up to {LARGEST_PAGE:,} are read")
    start = body[:64].lstrip()
    for magic, what in _MAGIC:
        if start.startswith(magic):
            raise NothingReadable(f"the answer is {what}, not a page")
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _parseable(_checked(body[len(mark) :].decode(encoding, "replace"), encoding))
    return _parseable(_decoded(body, headers))


def _parseable(text: str) -> str:
    """The text. Raises NothingReadable where its markup would keep any parser busy for minutes."""
    tags = text.count("<")
    if (tags <= DEEPEST_NESTING or tags - text.count("</") <= DEEPEST_NESTING) and (
        _ends_tags_often(text) or _LONG_TAG.search(text) is None
    ):
        return text
    standing = deepest = 0
    for tag in text.split("<"):
        if tag[:1] == "/":
            standing -= tag[1:3] not in _LEFT_OPEN
        elif tag[:2] not in _LEFT_OPEN:
            standing += 1
            deepest = max(deepest, standing)
        if (
            len(tag) > MOST_ATTRIBUTES
            and len(tag.partition(">")[0].split(None, MOST_ATTRIBUTES)) > MOST_ATTRIBUTES
        ):
            raise NothingReadable(f"a tag of the page has more than {MOST_ATTRIBUTES:,} attributes")
    if deepest > DEEPEST_NESTING:
        raise NothingReadable(f"the page nests more than {DEEPEST_NESTING:,} tags: no parser reads it")
    return text


def _ends_tags_often(text: str) -> bool:
    """True where a tag ends among any `MOST_ATTRIBUTES` characters: told by a look at a few of them."""
    position = 0
    while len(text) - position > MOST_ATTRIBUTES:
        end = text.rfind(">", position, position + MOST_ATTRIBUTES)
        if end < 0:
            return False
        position = end + 1
    return True


def _decoded(body: bytes, headers: Iterable[tuple[str, str]]) -> str:
    """The text in the encoding that spoils the least of it."""
    body = body.translate(None, _CONTROLS)
    best, best_share = "", 1.0
    for encoding in _candidates(body, headers):
        text = body.decode(encoding, "replace")
        share = _spoilt(text)
        if share <= WORST_SHARE:
            return text
        if share < best_share:
            best, best_share = text, share
    guess = from_bytes(body[:GUESSED_FROM]).best()
    if guess is not None:
        text = body.decode(guess.encoding, "replace")
        if (share := _spoilt(text)) < best_share:
            best, best_share = text, share
    return _checked(best or _BAD, "any known encoding")


def _candidates(body: bytes, headers: Iterable[tuple[str, str]]) -> Iterable[str]:
    """Known encodings in the order of trial, each once: header, meta, UTF-8, windows-1251."""
    content_type = next((value for key, value in headers if key.lower() == "content-type"), "")
    named = [
        *_DECLARED.findall(content_type.encode("latin-1", "replace")),
        *_DECLARED.findall(body[:4096])[:2],
    ]
    seen = set()
    for name in (*(raw.decode("ascii") for raw in named), "utf-8", "windows-1251"):
        encoding = _known(name)
        if encoding and encoding not in seen:
            seen.add(encoding)
            yield encoding


def _known(name: str) -> str | None:
    """The codec's name; None: Python has no such text encoding. Browsers read latin-1 as windows-1252."""
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if not getattr(info, "_is_text_encoding", True) or info.name in {
        "idna",
        "punycode",
        "unicode_escape",
        "utf-7",
    }:
        return None
    return "cp1252" if info.name in {"iso8859-1", "ascii"} else info.name


def _spoilt(text: str) -> float:
    """Share of the text that shows a wrong encoding: U+FFFD, or UTF-8 Cyrillic read as windows-1251."""
    if not text:
        return 1.0
    bad, sample = text.count(_BAD) / len(text), text[:GUESSED_FROM]
    # every second letter of Cyrillic so misread is one of these two: nothing else is worth the slow look
    if (sample.count("Р") + sample.count("С")) * 50 < len(sample):
        return bad
    return max(bad, sum(map(len, _UTF8_READ_AS_1251.findall(sample))) / len(sample))


def _checked(text: str, encoding: str) -> str:
    """The text. Raises NothingReadable where too much of it could not be decoded."""
    share = text.count(_BAD) / max(1, len(text))
    if share > WORST_SHARE:
        raise NothingReadable(f"undecodable: {share:.1%} of the characters make no sense in {encoding}")
    return text
