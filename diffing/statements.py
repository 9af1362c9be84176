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
_BULLETS = "•▪●○◦‣"
# The stop, what closes after it, and marks of footnotes: ".”", "?", ".[1]", ".²".
_END = re.compile(rf"([.!?…]+)([{re.escape(CLOSERS)}]*)(?:\[\d{{1,3}}\]|[¹²³⁰⁴-⁹*])*")
_NEXT = re.compile(
    rf"\s+((?:[—–\-{_BULLETS}]\s+|[§№$€£₽]\s?)?[{re.escape(_OPENERS)}]*(?:…|\.{{3}})?)(\w[\w’'-]{{0,40}})(\.?)"
)
_GLUED_NEXT = re.compile(rf"([{re.escape(_OPENERS)}]*)([^\W\d_][^\W\d_]{{1,40}})(?![\w/@=(]|\.[^\W_])(\.?)")
_LIST_MARK = re.compile(r"(?:[^\W\d_]|\d{1,3})\)\s")
_WORDS = re.compile(r"[^\W\d_]+")
_ENUMERATOR = re.compile(r"(?:\d{1,3}(?:\.\d{1,3}){0,3}|[IVXLC]{1,6}|[^\W\d_])$")
_ROMAN = re.compile(r"(?:[IVXLCХ]{2,6}|[IVX])$")
_INITIALS = re.compile(r"(?:[^\W\d_]{1,4}\.-?)*[^\W\d_]{1,4}$")
_DOTTED = re.compile(r"(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,3}$")
_SPACED = re.compile(r"\b([^\W\d_]{1,3})\.$")
_SPACED_INITIALS = re.compile(r"\b(?:[^\W\d_a-zа-я]\.[\s-]?)+$")
# What a year's number may end in: "2024", "1990-х", "90-е", "XX".
_YEAR_NUMBER = re.compile(r"(?:\d(?:-[^\W\d_]{1,2})?|[IVXХ])$")
# "Ready, – he said. – The tasks are clear.": the dash after what is quoted, before who says it.
_SPEECH_DASH = re.compile(rf"[,!?…][{re.escape(CLOSERS)}]*\s+[—–-]\s+[^\W\d_]")
_PIECES = re.compile(r"[-‑–/.]")
_VOWEL = re.compile(r"[aeiouyаеёиоуыэюяіїє]", re.IGNORECASE)
# Behind no more than what is no statement: "! 12.03.2025On June 9".
_GLUED_DATE = re.compile(
    rf"(?:[\W_]*[.!?…][{re.escape(CLOSERS)}]*(?=\s))?"
    r"\s*\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})(?:г\.?)?(?=[«“\"]?[^\W\d_])"
)
_CLAUSE_END = re.compile(r"[,.;:!?]")
_URL = re.compile(r"[/@\\_=]|www")
_SUBSTANCE = re.compile(r"[^\W_]")

# What may follow the point of a name that is no sentence's end: "Lenta.Ru", "Газета.Ру".
_DOMAINS = frozenset("com net org info gov edu ru su by kz kg tj am uz ua js ру".split())

# How far a look around a full stop goes, in characters; more than any abbreviation, bracketed remark or
# run of words needs, and a bound on what a hostile page can cost.
_LOOK = 300
_LONGEST_TOKEN = 80

# "At 10 a.m. General Ivanov": what has so few words has said nothing yet.
_TOO_FEW_WORDS = 3

# Letters of a first name's beginning: "Im. Tasmagambetov".
_SHORT_NAME = 2

# Letters. A longer word without points is no number, no initial and no abbreviation but those listed.
_LONGEST_SHORT = 6


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


def _clause(following: re.Match[str]) -> list[str]:
    """The words from the one that follows on, until a mark ends their clause."""
    at = following.start(2)
    clause = _CLAUSE_END.split(following.string[at : at + 60], maxsplit=1)[0]
    return [word.casefold() for word in _WORDS.findall(clause)]


def _counts(earlier: str, token: str) -> bool:
    """True where the token numbers an item: "1. Approve", "1. 2. Approve", "decided: 1. Approve"."""
    if not _ENUMERATOR.match(token):
        return False
    marks = (part.strip(f".)—–-{_BULLETS}") for part in earlier.split())
    return earlier.endswith((":", ";")) or all(not mark or _ENUMERATOR.match(mark) for mark in marks)


def _initials_go_on(earlier: str, token: str, following: str, words: SentenceWords) -> bool | None:
    """Whether the name that `token` begins goes on after its point; None where it begins no name."""
    if not _is_initials(token, words):
        return None
    others = _SPACED_INITIALS.search(earlier)
    if others:  # "Путин В. В.": what stands before all of them
        token, earlier = others[0] + token, earlier[: others.start()].rstrip()
    led, named = ["", "", *_WORDS.findall(earlier[-40:])][-2:]
    if named[:1].isupper() and named.endswith(words.surname_ends) and earlier.endswith(named):
        return following.endswith(words.surname_ends)
    if (
        "." in token
        and named[1:].islower()
        and named[0].isupper()
        and earlier.endswith(named)
        and led.casefold().endswith(words.verb_ends)
        and led.islower()
        and named.casefold() not in words.posts
    ):
        return following.endswith(words.surname_ends)  # "signed by Zas S.V. The seal"
    if len(token) == 1 and named.casefold() in words.lettered:
        return bool(words.surname_ends) and following.endswith(words.surname_ends)
    return not (following.casefold() in words.openers or following[0].isdigit())


def _shortens_a_name(earlier: str, token: str, following: str, words: SentenceWords) -> bool:
    """True for the "Iv" of "Secretary Iv. Semerikov": short, between a capital's word and a surname."""
    if not (token.istitle() and token.isalpha()) or token.casefold() in words.short_names:
        return False
    (named,) = earlier.split()[-1:] or [""]
    return named[:1].isupper() and following.endswith(words.surname_ends or "\0")


def _unit_goes_on(known: str, before: str, following: re.Match[str], words: SentenceWords) -> bool:
    """Whether a number and the unit `known` are followed by more of the same: "10 a.m. Moscow time"."""
    if known in words.hours and following[2].casefold() not in words.openers:
        clause = _clause(following)
        return (
            bool(words.after_hours.intersection(clause[:1]))
            or words.hour_noun in clause[1:4]
            or len(before.split()) <= _TOO_FEW_WORDS
        )
    return known in words.compound and following[2][0].isdigit() and not following[1]


def _goes_on(before: str, token: str, following: re.Match[str], words: SentenceWords) -> bool:
    """True where the full stop after `token` does not end the sentence whose words so far are `before`."""
    folded = token.casefold()
    opener, word = following[1], following[2]
    initial = bool(following[3]) and len(word) == 1  # "А" of "А. Иванов" is no conjunction
    begins = word.casefold() in words.openers and not initial
    number = (word[0].isdigit() or (_ROMAN.match(word) is not None and not begins)) and not _LIST_MARK.match(
        following.string, following.start(2)
    )
    earlier = before.removesuffix(token).rstrip(_OPENERS).rstrip()
    spaced = _SPACED.search(earlier) if len(token) == 1 and token.islower() else None
    pieces = f"{spaced[1].casefold()}.{folded}" if spaced else ""
    if spaced and (pieces in words.abbreviations or pieces in words.yearly):
        folded = pieces  # "и т. д.", "ст. м."
        earlier = earlier[: spaced.start()].rstrip()
    after_number = earlier[-1:].isdigit()
    if _counts(earlier, token):
        return True
    if words.ordinal_points and token.isdigit() and len(token) <= 2:
        return True  # "am 17. September"
    if folded in words.yearly and (token.islower() or after_number):
        if "." not in folded and not _YEAR_NUMBER.search(earlier):
            return True
        if opener.startswith("№"):
            return True  # "the law of 5 May 2020 № 5"
        return not (begins or number or opener or _has_verb(before, words))
    if len(token) == 1 and token.isupper() and number and folded in words.numbering:
        return True  # "P. 5"
    if folded not in words.abbreviations or (len(token) == 1 and token.isupper()):
        initials = _initials_go_on(earlier, token, word, words)
        if initials is not None:
            return initials
    # "ген.-полк" is known by its last piece, "в.д" as a whole.
    known = folded if folded in words.abbreviations else _last_piece(folded, words)
    if (
        len(token) <= _SHORT_NAME
        and known not in words.abbreviations
        and _shortens_a_name(earlier, token, word, words)
    ):
        return True
    if known in words.abbreviations and _is_aside(following):
        return True
    if known in words.abbreviations and before[0] != "…" and _only_leads_up(before, words):
        return not begins
    if known in words.homographs and folded not in words.leading:
        return initial or word.endswith(words.surname_ends)
    leads = known in words.leading or (
        known in words.titles and (initial or word.casefold() not in words.determiners)
    )
    numbers = known in words.numbering
    joins = known in words.joining
    if folded in words.suffixes and word.casefold() in words.suffixes | words.offices:
        return True  # "Co. Ltd.", "Corp. Vice President"
    if folded in words.closing and (
        not (leads or numbers or joins) or after_number or earlier.endswith(words.conjunctions)
    ):
        return after_number and _unit_goes_on(folded, before, following, words)
    if leads or numbers:
        return leads or number
    if joins:
        located = folded in words.regions and earlier.endswith(",")
        return not (begins or opener or located or word.casefold() in words.names)
    shortened = token[1:].islower() and (
        (token.islower() and _DOTTED.match(token)) or (token.isalpha() and not _VOWEL.search(token))
    )
    return bool(shortened) and not (begins or after_number)


def _only_leads_up(before: str, words: SentenceWords) -> bool:
    """True for "In Oct" and "In the U.S": a preposition and its noun have said nothing yet."""
    parts = before.split(maxsplit=_TOO_FEW_WORDS)
    return 1 < len(parts) <= _TOO_FEW_WORDS and parts[0].casefold() in words.binding


def _last_piece(folded: str, words: SentenceWords) -> str:
    """The abbreviation that a compound ends in, "полк" of "ген.-полк"; a name like "cloud.gov" whole."""
    *others, last = _PIECES.split(folded)
    named = "." in folded and any(piece and piece not in words.abbreviations for piece in others)
    return folded if named else last


def _is_aside(following: re.Match[str]) -> bool:
    """True where an abbreviation is followed by a remark: "etc. (22 in all)", "in Aug. – “Echelon”"."""
    if following[1].startswith(("—", "–", "-")):
        return True
    if "(" not in following[1]:
        return False
    text, at = following.string, following.start(2)
    closed = text.find(")", at, at + _LOOK)
    return closed > 0 and text[closed - 1] not in ".!?…"


def _in_brackets(text: str, start: int, end: re.Match[str]) -> bool:
    """True where a sentence's end lies in brackets that were opened within the sentence."""
    at = end.start()
    low = max(start, at - _LOOK)
    opened = text.rfind("(", low, at)
    if opened < 0 or ")" in end[2] or opened <= text.rfind(")", low, at) or not text[low:opened].strip():
        return False
    closed = text.find(")", end.end(), end.end() + _LOOK)
    return closed >= 0 and text.find("(", end.end(), closed) < 0


def _boundaries(text: str, words: SentenceWords) -> Iterator[int]:
    """Offsets just behind each sentence's end, without that of the text."""
    start = 0
    for end in _END.finditer(text):
        cut = end.end()
        if (
            text[cut : cut + 1] == " "
            and text[cut + 1 : cut + 2].islower()
            and text[cut + 2 : cut + 3] != ")"
        ):
            continue  # most stops that end nothing, at the cost of three letters
        following = _NEXT.match(text, cut)
        if following is None:
            glued = text[cut : cut + 1]
            if not glued or not (glued.isupper() or glued in _OPENERS):
                continue
            cut -= _opens(text, start, end)
            following = _GLUED_NEXT.match(text, cut)
            if following is None or not _is_glued(text, end, following):
                continue
        if _ends(text, start, end, following, words):
            start = cut
            yield start


def _ends(text: str, start: int, end: re.Match[str], following: re.Match[str], words: SentenceWords) -> bool:
    """True where the stop `end`, which `following` comes after, ends the sentence from `start`."""
    opener, word, point = following.groups()
    if opener and opener[0] in _BULLETS:
        return True
    if word[0].islower() and not _LIST_MARK.match(text, following.start(2)):
        return False
    closers = end[2]
    if _in_brackets(text, start, end) or (closers and _left_out(text, end)):
        return False
    at = end.start()
    low = max(start, at - _LOOK)
    if opener.startswith(("—", "–", "-")) and (closers or _SPEECH_DASH.search(text, low, at)):
        return False  # “We are ready!” — Ivanov said. — “Quite ready.”
    if end[1] == ".":
        last = text[text.rfind(" ", low, at) + 1 : at]
        if _is_plain(last, words):
            return True  # what most sentences end in: nothing more to ask
        before = text[low:at].lstrip() if low == start else "… " + text[low:at]
        token = "" if not before or before[-1].isspace() else before.rsplit(maxsplit=1)[-1].lstrip(_OPENERS)
        if closers.startswith(")") and last.startswith("(") and last[1:].casefold() in words.abbreviations:
            return word.casefold() in words.openers  # Col. (ret.) Ivanov
        if point and len(word) == 1 and _is_initials(token, words):
            return False  # И. В. Иванов
        return not (token and _goes_on(before, token, following, words))
    return not (closers and _tags(following, words))


def _is_plain(word: str, words: SentenceWords) -> bool:
    """True for a word that nothing could take for a number, an initial or an abbreviation."""
    return (
        word.isalpha()
        and (
            len(word) > _LONGEST_SHORT
            or (word.islower() and len(word) > _SHORT_NAME and bool(_VOWEL.search(word)))
        )
        and word.casefold() not in words.abbreviations
    )


def _tags(following: re.Match[str], words: SentenceWords) -> bool:
    """True where a quotation is followed by who said it, and no more: “Ready?” General Ivanov asked."""
    clause = _clause(following)
    said = next((at for at, word in enumerate(clause[:5]) if word in words.speech), None)
    return said is not None and words.objects.isdisjoint(clause[: said + 2])


def _opens(text: str, start: int, end: re.Match[str]) -> bool:
    """True where the last mark behind the stop opens what is glued to it: "is over.“Next"."""
    mark = end[2][-1:]
    if mark not in {"“", '"'}:
        return False
    before = text[max(start, end.start() - _LOOK) : end.start()]
    return "„" not in before if mark == "“" else before.count('"') % 2 == 0


def _is_glued(text: str, end: re.Match[str], following: re.Match[str]) -> bool:
    """True for "is over.The troops" and "in 2024.Next", not for "Mr.Lee", "lenta.Ru" or "a/b.Html"."""
    word = following[2]
    low = max(0, end.start() - _LONGEST_TOKEN)
    (token,) = text[low : end.start()].rsplit(maxsplit=1)[-1:] or [""]
    token = token.rstrip(CLOSERS)
    if not (word[0].isupper() and word[1].islower()) or word.casefold() in _DOMAINS:
        return False
    if token[-3:].isdigit():
        return len(token) >= len("2024")
    return token[-3:].isalpha() and (token[-2:].islower() or token[-3:].isupper()) and not _URL.search(token)


def _left_out(text: str, end: re.Match[str]) -> bool:
    """True for "[...]" within a sentence."""
    opened = end.start() - 1
    if not end[2].startswith((")", "]")) or text[opened : opened + 1] not in {"(", "["}:
        return False
    return text[max(0, opened - 2) : opened].rstrip()[-1:] not in {".", "!", "?", "…"}


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
