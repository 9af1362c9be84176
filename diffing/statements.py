"""A document's blocks as statements: sentences, and list items with the words that introduce them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from diffing.languages import LANGUAGES
from diffing.languages.sentences import SentenceWords
from diffing.model import Block, BlockKind, Document, Statement
from diffing.normal import normalise
from diffing.wrapping import BULLET, CLOSERS, HASHES, NUMBERED, unwrapped

__all__ = ["blocks_of_text", "split", "split_text"]

_OPENERS = "\"'«“„‘‹(["
_END = re.compile(rf"[.!?…]+[{re.escape(CLOSERS)}]*")
_NEXT = re.compile(rf"\s+((?:[—–-]\s+|[§№]\s?)?[{re.escape(_OPENERS)}]*)(\w[\w’'-]{{0,40}})(\.?)")
_WORDS = re.compile(r"[^\W\d_]+")
_ENUMERATOR = re.compile(r"(?:\d{1,3}(?:\.\d{1,3}){0,3}|[IVXLC]{1,6}|[^\W\d_])$")
_INITIALS = re.compile(r"(?:[^\W\d_]{1,4}\.-?)*[^\W\d_]{1,4}$")
_DOTTED = re.compile(r"(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,3}$")
_PIECES = re.compile(r"[-‑–/.]")
_VOWEL = re.compile(r"[aeiouyаеёиоуыэюяіїє]", re.IGNORECASE)
_GLUED_DATE = re.compile(r"\s*\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})(?:г\.?)?(?=[«“\"]?[^\W\d_])")
_SUBSTANCE = re.compile(r"[^\W_]")

_TOO_FEW_WORDS = 3

# How far a look around a full stop goes, in characters; more than any abbreviation, bracketed remark or
# run of words needs, and a bound on what a hostile page can cost.
_LOOK = 300


def _is_initials(token: str, words: SentenceWords) -> bool:
    """True for "A", "A.N", "Дж", "Zh.M": capital letters, or two-letter initials, with points."""
    if not _INITIALS.match(token):
        return False
    parts = [part for part in _PIECES.split(token) if part]
    return all(
        part[0].isupper() and (len(part) == 1 or (part[1:].islower() and part.casefold() in words.digraphs))
        for part in parts
    )


def _has_verb(text: str, words: SentenceWords) -> bool:
    found = (word.casefold() for word in _WORDS.findall(text))
    return any(
        len(word) > 3 and word.endswith(words.verb_ends) and word not in words.not_verbs for word in found
    )


def _goes_on(before: str, token: str, opener: str, following: str, words: SentenceWords) -> bool:
    """True where the full stop after `token` does not end the sentence whose words so far are `before`."""
    folded = token.casefold()
    number = following[0].isdigit()
    begins = following.casefold() in words.openers
    earlier = before.removesuffix(token).rstrip(_OPENERS).rstrip()
    after_number = earlier[-1:].isdigit()
    if _ENUMERATOR.match(token) and all(_ENUMERATOR.match(part.rstrip(".)")) for part in earlier.split()):
        return True  # "1. Approve", "1. 2. Approve"
    if words.ordinal_points and token.isdigit() and len(token) <= 2:
        return True  # "am 17. September"
    if folded in words.yearly:
        if not (after_number or earlier.endswith(("I", "V", "X", "Х"))):
            return True
        return not (begins or number or opener or _has_verb(before, words))
    whole = any(folded in kind for kind in (words.closing, words.leading, words.numbering, words.joining))
    if not whole and _is_initials(token, words):
        surname = _WORDS.findall(earlier[-40:])[-1:]
        if surname and surname[0][0].isupper() and surname[0].endswith(words.surname_ends):
            return following.endswith(words.surname_ends)
        return not (begins or number)
    # "ген.-полк" is known by its last piece, "в.д" as a whole.
    known = folded if whole else _PIECES.split(folded)[-1]
    leads, numbers = known in words.leading, known in words.numbering
    if folded in words.closing and (
        not (leads or numbers) or after_number or earlier.endswith(words.conjunctions)
    ):
        # "At 10 a.m. Moscow time": what has so few words has said nothing yet.
        return after_number and (number or (not begins and len(before.split()) <= _TOO_FEW_WORDS))
    if leads or numbers:
        return leads or number
    if known in words.joining:
        return not (begins or opener)
    shortened = token.islower() and (
        _DOTTED.match(token) or (token.isalpha() and len(token) > 1 and not _VOWEL.search(token))
    )
    return bool(shortened) and not begins


def _in_brackets(text: str, start: int, end: re.Match[str]) -> bool:
    """True where a sentence's end lies in brackets that were opened within the sentence."""
    at = end.start()
    low = max(start, at - _LOOK)
    opened = text.rfind("(", low, at)
    if ")" in end[0] or opened <= text.rfind(")", low, at) or not text[low:opened].strip():
        return False
    closed = text.find(")", end.end(), end.end() + _LOOK)
    return closed >= 0 and text.find("(", end.end(), closed) < 0


def _boundaries(text: str, words: SentenceWords) -> Iterator[int]:
    """Offsets just behind each sentence's end, without that of the text."""
    start = 0
    for end in _END.finditer(text):
        following = _NEXT.match(text, end.end())
        if following is None or following[2][0].islower() or _in_brackets(text, start, end):
            continue
        opener, word, point = following.groups()
        closed = end[0][-1] in CLOSERS
        if closed and opener.startswith(("—", "–", "-")):
            continue  # “We are ready!” — Ivanov said.
        if end[0].rstrip(CLOSERS) == ".":
            low = max(start, end.start() - _LOOK)
            before = text[low : end.start()].lstrip() if low == start else "… " + text[low : end.start()]
            token = "" if before[-1:].isspace() else (before.split()[-1:] or [""])[0].lstrip(_OPENERS)
            if point and len(word) == 1 and _is_initials(token, words):
                continue  # И. В. Иванов
            if token and _goes_on(before, token, opener, word, words):
                continue
        elif closed:
            clause = re.split(r"[,.;:!?]", text[following.start(2) : following.start(2) + 60], maxsplit=1)[0]
            if any(said in words.speech for said in _WORDS.findall(clause)[:5]):
                continue  # “We are ready!” General Ivanov said.
        start = end.end()
        yield start


def _sentences(text: str, words: SentenceWords) -> Iterator[str]:
    cuts = [0, *_boundaries(text, words), len(text)]
    for start, end in itertools.pairwise(cuts):
        piece = text[start:end].strip()
        if _SUBSTANCE.search(piece):
            yield piece


# How many blocks that are no items may stand within a list before it is over: an editor's remark on one item
# ("It is planned to link these trainings…"), not a new section.
_INTERRUPTION = 2
_HEADING_LENGTH = 150


def _itemised(blocks: Sequence[Block], words: SentenceWords) -> Iterator[Block]:
    """The blocks, with paragraphs that follow a paragraph ending in a colon as its list's items.

    An item starts with a small letter, ends in a semicolon, or follows one that does.
    """
    lead_in: str | None = None
    more = False
    interrupted = 0
    for block in blocks:
        text = block.text.strip()
        if block.kind is not BlockKind.PARAGRAPH or block.lead_in is not None:
            lead_in = None
            yield block
        elif lead_in is not None and (text[:1].islower() or text.endswith(";") or more):
            more = text.endswith((";", ","))
            interrupted = 0
            yield replace(block, kind=BlockKind.ITEM, lead_in=lead_in)
        elif text.endswith(":"):
            lead_in = _last_sentence(text, words)
            more, interrupted = False, 0
            yield block
        else:
            interrupted += 1
            if interrupted > _INTERRUPTION:
                lead_in = None
            yield block


def _last_sentence(text: str, words: SentenceWords) -> str | None:
    return next(reversed(list(_sentences(text, words))), None)


def _words_of(language: str) -> SentenceWords:
    # An unknown language is split by the rules that need no words, and English ones do it least harm.
    return LANGUAGES.get(language, LANGUAGES["en"]).sentences


def split(document: Document) -> tuple[Statement, ...]:
    """The statements of a document, in page order, numbered from 0; the title is none.

    Paragraphs and quotes give their sentences, an item its sentences (the first with the lead-in), a
    heading or a table's row one statement. Paragraphs that are a list in all but name ("…holding:",
    then lines that start with a small letter or end in a semicolon) become items with their lead-in.
    A date glued to a block's first word is no part of it. A piece without a letter or digit is none.
    """
    words = _words_of(document.language)
    found: list[Statement] = []
    for block in _itemised(document.blocks, words):
        glued = _GLUED_DATE.match(block.text)
        text = block.text[glued.end() :] if glued else block.text
        whole = block.kind in {BlockKind.HEADING, BlockKind.ROW}
        pieces = filter(_SUBSTANCE.search, [text.strip()]) if whole else _sentences(text, words)
        # A paragraph may say more before the words that introduce its list.
        lead_in = _last_sentence(block.lead_in, words) if block.lead_in else None
        for place, piece in enumerate(pieces):
            found.append(
                Statement(
                    index=len(found),
                    text=piece,
                    normal=normalise(piece),
                    language=document.language,
                    lead_in=lead_in if place == 0 else None,
                    kind=block.kind,
                )
            )
    return tuple(found)


def blocks_of_text(text: str) -> tuple[Block, ...]:
    """The blocks of a plain text: a line each, wrapped lines joined; bullets and `#` are not kept.

    A short line without a final stop before one that has it is a heading; a bulleted or numbered
    line is an item, with the paragraph before the list as its lead-in where that ends in a colon.
    """
    chunks = itertools.groupby(text.splitlines(), key=lambda line: bool(line.strip()))
    lines = [line for filled, chunk in chunks if filled for line in unwrapped(list(chunk))]
    blocks: list[Block] = []
    lead_in: str | None = None
    for line, after in itertools.zip_longest(lines, lines[1:]):
        bullet = BULLET.match(line)
        content = line[bullet.end() :].strip() if bullet else line.strip()
        if bullet or (NUMBERED.match(line) and (lead_in or content.endswith(";"))):
            blocks.append(Block(kind=BlockKind.ITEM, text=content, lead_in=lead_in))
            continue
        lead_in = content if content.endswith(":") else None
        if HASHES.match(content):
            blocks.append(Block(kind=BlockKind.HEADING, text=HASHES.sub("", content, count=1)))
        elif (
            after is not None
            and len(content) <= _HEADING_LENGTH
            and (content[0].isupper() or content[0].isdigit())
            and content[-1] not in ".!?…:;,"
            and after.rstrip().rstrip(CLOSERS)[-1:] in {".", "!", "?", "…", ":"}
        ):
            blocks.append(Block(kind=BlockKind.HEADING, text=content))
        else:
            blocks.append(Block(kind=BlockKind.PARAGRAPH, text=content))
    return tuple(blocks)


def split_text(text: str, language: str) -> tuple[Statement, ...]:
    """The statements of a plain text: `split` of its `blocks_of_text`."""
    blocks = blocks_of_text(text)
    return split(
        Document(language=language, title=None, published=None, published_evidence=None, blocks=blocks)
    )
