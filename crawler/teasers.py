"""Blocks that stand on a page and belong to another one: learned per source, explainable, kept."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from crawler.chrome import teaser_form
from crawler.readings import Dropped
from diffing.model import Block, BlockKind, Document
from diffing.normal import normalise

__all__ = ["Teaser", "Teasers", "learn", "without_teasers"]

MANY_PAGES = 3
"""Pages on whose edge a block must stand to be furniture without being anybody's lead.

Two news items on one event share a sentence on purpose; three with the same first or last block do not.
"""

SHORTEST_LEAD = 30
"""Characters of a cut-off lead ("... will be held in…") that still tell whose it is."""

OWN_WORDS = 0.5
"""Share of the title's words in a block from which it is taken for that page's own lead."""

MOSTLY_SHARED = 0.5
"""Share of a page's text above which blocks shared with another page make it a twin, not a teaser bearer."""

MOST_KEPT = 4000
"""Teasers kept per source; those that were not seen for longest go first. About a year of a daily site."""

_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaser:
    """One block that belongs elsewhere: `owners` the pages whose lead it is, `pages` where it was seen."""

    reason: str
    owners: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Teasers:
    """What is known of one source's teasers, by normal form, the longest unseen first."""

    known: Mapping[str, Teaser] = field(default_factory=dict)

    def __contains__(self, normal: object) -> bool:
        return normal in self.known

    def to_json(self) -> str:
        """One JSON object; `from_json` gives an equal value back."""
        rows = {n: [t.reason, list(t.owners), list(t.pages)] for n, t in self.known.items()}
        return json.dumps(rows, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | None) -> Teasers:
        """The inverse of `to_json`; None: nothing is known. Raises ValueError on another shape."""
        rows = json.loads(text) if text else {}
        if not isinstance(rows, dict):
            raise ValueError(  # noqa: TRY004  # what is wrong is the text
                f"Teasers are stored as an object, not as {type(rows).__name__}"
            )
        return cls(
            known={
                normal: Teaser(reason=reason, owners=tuple(owners), pages=tuple(pages))
                for normal, (reason, owners, pages) in rows.items()
            }
        )


def learn(previous: Teasers, pages: Mapping[str, Document], leads: Mapping[str, Sequence[str]]) -> Teasers:
    """What is known of a source's teasers after a run that read `pages`, by URL.

    `leads` are the beginnings of pages known before: title, then the first sentences or paragraphs. A
    block is a teaser on every page but its owner's where it is the lead or title of another page and
    stands before the first or after the last own block, or inside the text of at least `MANY_PAGES`;
    or where it stands on the edge of at least `MANY_PAGES`, or of two in a row of such blocks. It
    never is the block that says what the page's own title says, and where more than half of a page
    is shared with another the two are twins and nothing is learned from them but leads.
    """
    normals = {url: [teaser_form(block.text) for block in document.blocks] for url, document in pages.items()}
    standing: dict[str, set[str]] = defaultdict(set)
    for url, page in normals.items():
        for normal in page:
            standing[normal].add(url)
    ownership = _Leads.of(pages, normals, standing, leads)
    found: dict[str, Teaser] = {}
    inside: dict[str, set[str]] = defaultdict(set)
    edges: dict[str, set[str]] = defaultdict(set)
    in_rows: set[str] = set()
    for url, document in pages.items():
        page = normals[url]
        foreign = [
            bool(ownership.others(normal, url)) or len(standing[normal]) > 1 or normal in previous
            for normal in page
        ]
        foreign = [
            strange and not _says_the_title(document, normal) and url not in ownership.owners(normal)
            for strange, normal in zip(foreign, page, strict=True)
        ]
        edge = _edges(document.blocks, foreign)
        twin = _is_twin(page, standing)
        for index, normal in enumerate(page):
            if not foreign[index]:
                continue
            if index not in edge:
                inside[normal].add(url)
            elif not twin or ownership.others(normal, url):
                edges[normal].add(url)
                if (index - 1 in edge or index + 1 in edge) and len(standing[normal]) > 1:
                    in_rows.add(normal)
    for normal in {**edges, **inside}:
        seen = edges[normal] | (inside[normal] if len(inside[normal]) >= MANY_PAGES else set())
        owners = tuple(sorted(ownership.owners(normal)))
        earlier = previous.known.get(normal)
        if earlier is not None:
            owners = tuple(sorted({*owners, *earlier.owners}))
            seen |= set(earlier.pages)
        if owners and seen - set(owners):
            reason = f"the lead of {owners[0]}"
        elif len(edges[normal]) >= MANY_PAGES or (normal in in_rows and len(edges[normal]) > 1):
            reason = f"stands on the edge of {len(edges[normal])} pages"
        elif earlier is not None:
            reason = earlier.reason
        else:
            continue
        found[normal] = Teaser(reason=reason, owners=owners, pages=tuple(sorted(seen))[:20])
    kept = {normal: teaser for normal, teaser in previous.known.items() if normal not in found} | found
    return Teasers(known=dict(list(kept.items())[-MOST_KEPT:]))


def without_teasers(document: Document, url: str, teasers: Teasers) -> tuple[Document, tuple[Dropped, ...]]:
    """The document without the blocks that are known to belong to other pages, and those blocks.

    A teaser quoted in the middle of the page's own text stays, unless it was learned from the middle
    of many pages; so does everything where nothing would be left.
    """
    normals = [teaser_form(block.text) for block in document.blocks]
    foreign = []
    for normal in normals:
        teaser = teasers.known.get(normal)
        foreign.append(
            teaser is not None and url not in teaser.owners and not _says_the_title(document, normal)
        )
    edge = _edges(document.blocks, foreign)
    gone = {
        index
        for index, strange in enumerate(foreign)
        if strange and (index in edge or len(teasers.known[normals[index]].pages) >= MANY_PAGES)
    }
    if not gone or len(gone) == len(foreign):
        return document, ()
    blocks = tuple(block for index, block in enumerate(document.blocks) if index not in gone)
    dropped = tuple(
        Dropped(text=document.blocks[index].text, reason=teasers.known[normals[index]].reason)
        for index in sorted(gone)
    )
    return replace(document, blocks=blocks), dropped


def _says_the_title(document: Document, normal: str) -> bool:
    """True where the block holds at least half of the words of the page's own title."""
    if not document.title:
        return False
    words = _words_of(document.title)
    return len(words) >= 2 and len(words & set(_WORD.findall(normal))) >= OWN_WORDS * len(words)


@lru_cache(maxsize=16)
def _words_of(title: str) -> frozenset[str]:
    """Remembered, because a page's title is asked for with each of its blocks."""
    return frozenset(_WORD.findall(normalise(title)))


def _is_twin(page: Sequence[str], standing: Mapping[str, set[str]]) -> bool:
    """True where most of the page's text stands on another page, too."""
    shared = sum(len(normal) for normal in page if 1 < len(standing[normal]) < 2 * MANY_PAGES)
    return shared > MOSTLY_SHARED * sum(map(len, page))


def _edges(blocks: Sequence[Block], foreign: Sequence[bool]) -> set[int]:
    """The foreign blocks before the first and after the last own one; headings are nobody's own text."""
    own = [
        index
        for index, strange in enumerate(foreign)
        if not strange and blocks[index].kind is not BlockKind.HEADING
    ]
    if not own:
        return set()
    return {index for index, strange in enumerate(foreign) if strange and not own[0] < index < own[-1]}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leads:
    """Beginnings of pages by their first characters: tell whose lead or title a block is."""

    by_start: Mapping[str, Sequence[tuple[str, str]]]

    @classmethod
    def of(
        cls,
        pages: Mapping[str, Document],
        normals: Mapping[str, Sequence[str]],
        standing: Mapping[str, set[str]],
        leads: Mapping[str, Sequence[str]],
    ) -> _Leads:
        by_start: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for url, normal in _beginnings(pages, normals, standing, leads):
            by_start[normal[:SHORTEST_LEAD]].append((normal, url))
        return cls(by_start=by_start)

    def owners(self, normal: str) -> set[str]:
        """The pages that begin with this block, or with a text of which it is the start."""
        if len(normal) < SHORTEST_LEAD:
            return {url for lead, url in self.by_start.get(normal, ()) if lead == normal}
        return {url for lead, url in self.by_start.get(normal[:SHORTEST_LEAD], ()) if lead.startswith(normal)}

    def others(self, normal: str, url: str) -> set[str]:
        """The owners, without this page; empty where this page is one of them."""
        owners = self.owners(normal)
        return set() if url in owners else owners


def _beginnings(
    pages: Mapping[str, Document],
    normals: Mapping[str, Sequence[str]],
    standing: Mapping[str, set[str]],
    leads: Mapping[str, Sequence[str]],
) -> Iterator[tuple[str, str]]:
    """Every (URL, normal form) of a title, a first own block, or first sentences joined."""
    for url, parts in leads.items():
        bare = [teaser_form(part) for part in parts if part]
        yield from ((url, normal) for normal in bare[:2] if normal)
        for count in range(2, min(len(parts), 7)):
            yield url, teaser_form(" ".join(parts[1 : count + 1]))
    taken: set[str] = set()
    untitled = []
    for url, document in pages.items():
        if document.title:
            taken.add(teaser_form(document.title))
            yield url, teaser_form(document.title)
        first = _titled(document, normals[url])
        if first:
            taken.add(first)
            yield from ((url, start) for start in _starts(first, normals[url]))
        else:
            untitled.append(url)
    for url in untitled:
        first = _first_own(pages[url], normals[url], standing, taken)
        if first:
            yield from ((url, start) for start in _starts(first, normals[url]))


def _starts(first: str, normals: Sequence[str]) -> Iterator[str]:
    """The page's first own block alone, and with those behind it: a teaser may hold more than the first."""
    place = normals.index(first)
    yield first
    for count in (2, 3):
        yield teaser_form(". ".join(normal.rstrip(".") for normal in normals[place : place + count]))


def _paragraphs(document: Document, normals: Sequence[str]) -> list[str]:
    """The normal forms of the blocks that may be a page's lead."""
    return [
        normal
        for block, normal in zip(document.blocks, normals, strict=True)
        if block.kind is BlockKind.PARAGRAPH and len(normal) >= SHORTEST_LEAD
    ]


def _titled(document: Document, normals: Sequence[str]) -> str | None:
    """The block near the beginning that says what the page's title says; None: none does."""
    beginning = _paragraphs(document, normals)[:8]
    return next((normal for normal in beginning if _says_the_title(document, normal)), None)


def _first_own(
    document: Document, normals: Sequence[str], standing: Mapping[str, set[str]], taken: Container[str]
) -> str | None:
    """The first block that no other page shows and none is known to begin with or to be called."""
    return next(
        (
            normal
            for normal in _paragraphs(document, normals)
            if len(standing[normal]) == 1 and normal not in taken
        ),
        None,
    )
