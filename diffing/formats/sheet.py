"""A digest laid out for a reader: every word of it in order, which each format only has to set."""

from __future__ import annotations

import datetime as dt
import re
import shlex
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from diffing.digest import Basis, Digest, EventCard, PageCard
from diffing.formats.layout import (
    by_whom,
    confirmation,
    coverage_line,
    covers,
    dismissed_line,
    in_all,
    period,
    quiet_line,
    said_by,
    shows_old,
    trouble_line,
)
from diffing.model import (
    Change,
    ChangeKind,
    KnownFact,
    RecordedChange,
    Significance,
    Status,
    WordOp,
    WordSpan,
    series_and_edition,
)
from diffing.phrases import fold, tokens_of
from diffing.spans import word_spans
from diffing.vocabulary import VOCABULARIES, Vocabulary
from diffing.wording import (
    counted,
    day_in_words,
    deed,
    event_in_words,
    headline,
    is_revival,
    kind_in_words,
    plain,
    plain_run,
    value_in_words,
    values_in_words,
)

__all__ = [
    "TWO_MINUTES",
    "WHOLE",
    "Card",
    "Item",
    "Link",
    "Quotation",
    "Reader",
    "Room",
    "Section",
    "Sheet",
    "clipped",
    "encoded",
    "laid_out",
    "set_in_line",
]

_GLANCED_AT = 7

_UNRESERVED = frozenset(string.ascii_letters + string.digits + "-._~")

# With no more events than these the first screen shows them all, and a summary would only say it twice.
_FEW = 3

# Below this share of common letters two texts are told one after the other: as one text with marks it
# would be confetti. Set by reading edits of the demo's pages.
_ALIKE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom a digest is told: the language of its own words, and the address of the web view.

    `web` is where the stored revisions can be read, `https://watch.example.org` (None: nowhere). `names` are
    what series and grounds are called in the language. Raises ValueError on a language without a vocabulary.
    """

    language: str = "en"
    web: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.language not in VOCABULARIES:
            known = ", ".join(sorted(VOCABULARIES))
            message = f"No language {self.language!r} to tell a digest in; known: {known}"
            raise ValueError(message)

    @property
    def words(self) -> Vocabulary:
        """The words of the language."""
        return replace(VOCABULARIES[self.language], names=self.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much is shown before the rest is only counted (None: all).

    Cards of `events` and of `pages`, `items` of a card, and `statements` of a page that has only new ones.
    """

    events: int | None = None
    pages: int | None = None
    items: int | None = None
    statements: int | None = None


WHOLE = Room()
# A digest is read in two minutes: beyond these it says how many more there are, and how to list them. Set by
# reading the demo's digests and one of a thousand changes, not by measurement.
TWO_MINUTES = Room(events=30, pages=20, items=8, statements=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where something can be read: `url` leads there (None: the words only name it)."""

    words: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """What was said, word for word, with the difference marked: `delete` no longer holds, `insert` is new.

    `label` says which side it is and who said it when; empty: the card says so.
    """

    spans: tuple[WordSpan, ...]
    label: str = ""
    links: tuple[Link, ...] = ()

    @property
    def marks(self) -> tuple[str, str]:
        """The quotation marks around it: other ones than those with which it itself begins or ends."""
        text = "".join(span.text for span in self.spans).strip()
        return ("«", "»") if text.startswith(("“", "„", '"')) or text.endswith(("”", '"')) else ("“", "”")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One change: what was done, `old` → `new` where there are values, and who said what.

    `holds`: the old value is not wrong, only less precise. `change` None: it is no change, but what was said
    contradicts itself.
    """

    change: RecordedChange | None = None
    deed: str = ""
    old: str = ""
    new: str = ""
    holds: bool = False
    notes: tuple[str, ...] = ()
    quotations: tuple[Quotation, ...] = ()

    @property
    def significance(self) -> Significance:
        """How much it matters."""
        return self.change.change.significance if self.change else Significance.MEDIUM

    @property
    def line(self) -> str:
        """What was done, with old and new value, in one line; empty: the card says it."""
        values = " → ".join(value for value in (self.old, self.new) if value)
        return ": ".join(part for part in (self.deed, values) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An event or a page, with its changes; `more` counts those that are not shown (None: all are).

    `note` is what a reader must know before anything else: that an edit was silent (None: nothing).
    """

    heading: str
    significance: Significance
    by: str = ""
    links: tuple[Link, ...] = ()
    items: tuple[Item, ...] = ()
    more: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Cards of one kind under a heading; `more` counts those that are not shown (None: all are)."""

    key: str
    heading: str
    cards: tuple[Card, ...] = ()
    lines: tuple[str, ...] = ()
    more: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The whole digest in words. `summary` counts what there is, `glance` names what matters most.

    `closing` are the last lines: what is not shown and where it is, the evidence.
    """

    reader: Reader
    title: str
    covers: str | None
    summary: str
    glance: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    coverage: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    head: str | None = None
    marked: bool = field(default=False)


def laid_out(digest: Digest, reader: Reader, room: Room = TWO_MINUTES) -> Sheet:
    """The digest in the order of the house: what matters first, last what was looked at."""
    words = reader.words
    sections = tuple(
        section
        for section in (
            _events(digest, reader, room),
            _pages("new", digest, digest.new, reader, room),
            _pages("edited", digest, digest.edited, reader, room),
            _pages("withdrawn", digest, digest.withdrawn, reader, room),
            _pages("restored", digest, digest.restored, reader, room),
            _contradictions(digest, reader, room),
            Section(
                key="troubles",
                heading=words.texts["troubles heading"],
                lines=tuple(
                    trouble_line(trouble, digest, words)
                    for trouble in (*digest.troubles, *digest.period.going_on)
                ),
            ),
        )
        if section.cards or section.lines
    )
    closing = [
        line for line in (dismissed_line(digest, words), _how_to_list(digest, sections, words)) if line
    ]
    return Sheet(
        reader=reader,
        title=words.texts["title"].format(period=period(digest, words)),
        covers=covers(digest, words),
        summary=quiet_line(digest, words) if digest.is_quiet else _summary(digest, words),
        glance=_glance(digest, words),
        sections=sections,
        coverage=tuple(coverage_line(source, digest, words) for source in digest.coverage)
        or (words.texts["no source"],),
        closing=tuple(closing),
        head=digest.head,
        marked=any(
            span.op is not WordOp.EQUAL
            for section in sections
            for card in section.cards
            for item in card.items
            for quotation in item.quotations
            for span in quotation.spans
        ),
    )


def clipped(spans: Sequence[WordSpan], length: int) -> tuple[WordSpan, ...]:
    """The spans on one line, and what is the same cut to its ends near the marks, until about `length`.

    What an edit did stays in sight, wherever in a long statement it is. Longer marks are cut themselves.
    """
    spans = _plain_spans(spans)
    if sum(len(span.text) for span in spans) <= length:
        return spans
    if all(span.op is WordOp.EQUAL for span in spans):
        return (WordSpan(op=WordOp.EQUAL, text=_head("".join(span.text for span in spans), length)),)
    share = max(length // (2 * len(spans)), 24)
    found = []
    for at, span in enumerate(spans):
        text, first, last = span.text, at == 0, at == len(spans) - 1
        if span.op is not WordOp.EQUAL:
            text = _head(text, max(length // 2, share))
        elif len(text) > 2 * share:
            begin = "" if first else _head(text, share)
            end = "" if last else _tail(text, share)
            text = begin + (" " if begin and end else "") + (end.removeprefix("…") if begin else end)
        found.append(WordSpan(op=span.op, text=text))
    return tuple(found)


def set_in_line(quotation: Quotation, length: int, mark: Callable[[WordOp, str], str]) -> str:
    """A quotation in one line, cut to about `length`; `mark` sets a run of its words.

    A mark stands close to its words, and a word that came stands apart from the one that went.
    """
    pieces = []
    gone = False
    for span in clipped(quotation.spans, length):
        core = span.text.strip()
        at = span.text.find(core) if core else len(span.text)
        apart = " " if gone and span.op is WordOp.INSERT else ""
        words = mark(span.op, core) if core else ""
        pieces.append(f"{apart}{span.text[:at]}{words}{span.text[at + len(core) :]}")
        gone = span.op is WordOp.DELETE
    return plain("".join(pieces))


def _head(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def _tail(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    return "…" + text[1 - length :].split(" ", 1)[-1].lstrip(" ,;:")


def _plain_spans(spans: Iterable[WordSpan]) -> tuple[WordSpan, ...]:
    runs = (WordSpan(op=span.op, text=plain_run(span.text)) for span in spans)
    return tuple(run for run in runs if run.text)


def _summary(digest: Digest, words: Vocabulary) -> str:
    """How much there is of what: the first line a reader sees."""
    texts, parts = words.texts, []
    events = sum(len(card.events) for card in digest.events)
    if events:
        parts.append(texts["moved"].format(events=counted(events, "event", words)))
    if digest.withdrawn:
        parts.append(texts["withdrawn"].format(pages=counted(len(digest.withdrawn), "page", words)))
    if digest.restored:
        parts.append(texts["restored"].format(pages=counted(len(digest.restored), "page", words)))
    if digest.edited:
        line = texts["edited"].format(pages=counted(len(digest.edited), "page", words))
        silent = sum(card.silent for card in digest.edited)
        parts.append(f"{line} ({texts['silently'].format(count=silent)})" if silent else line)
    if digest.new:
        parts.append(texts["new"].format(pages=counted(len(digest.new), "page", words)))
    return "; ".join(parts)


def _glance(digest: Digest, words: Vocabulary) -> tuple[str, ...]:
    """What matters most, a line each, where it would not be on the first screen anyway."""
    if len(digest.events) + len(digest.withdrawn) <= _FEW and not (digest.withdrawn and digest.new):
        return ()
    lines = [
        f"{_called(card.events, words)}: {headline(recorded.change, words)}"
        for card in digest.events
        for recorded in card.shown
        if recorded.change.significance is Significance.HIGH
    ]
    lines += [f"{kind_in_words(ChangeKind.PAGE_REMOVED, words)}: {_title(card)}" for card in digest.withdrawn]
    rest = len(lines) - _GLANCED_AT
    if rest > 1:
        lines = [*lines[:_GLANCED_AT], words.texts["more"].format(count=counted(rest, "more change", words))]
    return tuple(lines)


def _events(digest: Digest, reader: Reader, room: Room) -> Section:
    words = reader.words
    return Section(
        key="events",
        heading=words.texts["events heading"],
        cards=tuple(_event(card, digest, reader, room) for card in digest.events[: room.events]),
        more=_more(len(digest.events), room.events, "more event", words),
    )


def _called(events: Iterable[str], words: Vocabulary) -> str:
    return ", ".join(event_in_words(event, words) for event in events)


def _event(card: EventCard, digest: Digest, reader: Reader, room: Room) -> Card:
    shown = [recorded for recorded in card.shown if not _told_by_another(recorded, card)]
    return Card(
        heading=_called_here(card, reader),
        significance=card.significance,
        items=tuple(
            _event_item(recorded, digest, reader, overtaken=at > 0)
            for at, recorded in enumerate(shown[: room.items])
        ),
        more=_more(len(shown), room.items, "more change", reader.words),
    )


def _told_by_another(recorded: RecordedChange, card: EventCard) -> bool:
    """True for the announcement of what was cancelled or put off in the same breath: that says it all."""
    change = recorded.change
    return (
        change.kind is ChangeKind.ANNOUNCED
        and isinstance(change.new, Status)
        and any(other is not recorded and other.change.new is change.new for other in card.shown)
    )


def _called_here(card: EventCard, reader: Reader) -> str:
    """What the event is called, with the other name that a page in the reader's language has for it."""
    called = _called(card.events, reader.words)
    name = None
    if len(card.events) == 1:
        name = next((found for change in card.shown if (found := _own_name(change, called, reader))), None)
    return reader.words.texts["here"].format(event=called, name=plain(name)) if name else called


# A name in quotation marks with its edition, “Thunder-2027”.
_NAMED = re.compile(r"[“«\"„]([^“”«»\"„]{2,60}?)\s?[-–—]?\s?[”»\"“]?\s?[-–—]?\s?(20\d\d)[”»\"“]?(?!\d)")


def _own_name(recorded: RecordedChange, called: str, reader: Reader) -> str | None:
    """The only name with the event's edition in the quoted statement, where it is another one; else None."""
    change = recorded.change
    series, edition = series_and_edition(change.event or "")
    if edition is None or recorded.language != reader.language or not change.new_statements:
        return None
    names = {name.strip(" -–—") for name, year in _NAMED.findall(change.new_statements[0]) if year == edition}
    if len(names) != 1:
        return None
    (name,) = names
    known = (series, series_and_edition(called)[0])
    return None if _stems(name) in map(_stems, known) else f"{name}-{edition}"


def _stems(name: str) -> tuple[str, ...]:
    return tuple(token.stem for token in tokens_of(fold(name)))


def _event_item(recorded: RecordedChange, digest: Digest, reader: Reader, *, overtaken: bool) -> Item:
    """`overtaken`: something that matters more became of the event, so that its announcement is the past."""
    change, words = recorded.change, reader.words
    basis = digest.period.bases.get(recorded.id)
    notes = [confirmation(recorded, digest, words), in_all(recorded, digest, words)]
    old, new = _values(change, basis, words)
    return Item(
        change=recorded,
        deed=words.texts["first announced"]
        if overtaken and change.kind is ChangeKind.ANNOUNCED
        else deed(change, words),
        old=old,
        new=new,
        holds=change.kind.forward,
        notes=tuple(note for note in notes if note),
        quotations=_event_quotations(recorded, basis, digest, reader),
    )


def _values(change: Change, basis: Basis | None, words: Vocabulary) -> tuple[str, str]:
    """Old and new value; of an announcement all that it says. Empty: the kind of change says it."""
    if change.contradicts:
        return "", values_in_words(change, words)
    if isinstance(change.new, Status) and not is_revival(change):
        return "", ""
    if (change.kind is ChangeKind.ANNOUNCED or is_revival(change)) and basis:
        told = [
            value_in_words(fact.attribute, fact.value, words)
            for fact in basis.facts
            if fact.event == change.event and not isinstance(fact.value, Status)
        ]
        return "", "; ".join(dict.fromkeys(told)) or values_in_words(change, words)
    old = value_in_words(change.attribute, change.old, words) if change.old is not None else ""
    return old, value_in_words(change.attribute, change.new, words) if change.new is not None else ""


def _event_quotations(
    recorded: RecordedChange, basis: Basis | None, digest: Digest, reader: Reader
) -> tuple[Quotation, ...]:
    change, words = recorded.change, reader.words
    found = []
    if shows_old(recorded):
        day = basis.said_before if basis else None
        by = f", {words.texts['said'].format(day=day_in_words(day, words))}" if day else ""
        found.append(
            Quotation(
                label=by.removeprefix(", ") if change.contradicts else words.texts["was"] + by,
                # What was only made more precise still holds, and so does what is contradicted.
                spans=_marked(
                    change.old_statements[0],
                    basis.old if basis else None,
                    WordOp.EQUAL if change.kind.forward or change.contradicts else WordOp.DELETE,
                ),
                links=(_link(change.old_origin),) if change.old_origin else (),
            )
        )
    if change.new_statements:
        label = words.texts["now"] if found and not change.contradicts else ""
        found.append(
            Quotation(
                label=", ".join(part for part in (label, said_by(recorded, digest, words)) if part),
                spans=_marked(
                    change.new_statements[0],
                    basis.new if basis else None,
                    WordOp.EQUAL if change.contradicts else WordOp.INSERT,
                ),
                links=_links(recorded, reader),
            )
        )
    return tuple(found)


def _marked(statement: str, phrase: str | None, op: WordOp) -> tuple[WordSpan, ...]:
    """The statement with the phrase marked, where it has it."""
    at = statement.casefold().find(phrase.casefold()) if phrase else -1
    # Folding may change the length of a text (ß): what is marked must be the phrase itself.
    if not phrase or at < 0 or statement[at : at + len(phrase)].casefold() != phrase.casefold():
        return (WordSpan(op=WordOp.EQUAL, text=statement),)
    pieces = (
        WordSpan(op=WordOp.EQUAL, text=statement[:at]),
        WordSpan(op=op, text=statement[at : at + len(phrase)]),
        WordSpan(op=WordOp.EQUAL, text=statement[at + len(phrase) :]),
    )
    return tuple(piece for piece in pieces if piece.text)


def _pages(key: str, digest: Digest, cards: Sequence[PageCard], reader: Reader, room: Room) -> Section:
    words = reader.words
    return Section(
        key=key,
        heading=words.texts[f"{key} heading"],
        cards=tuple(_page(key, card, digest, reader, room) for card in cards[: room.pages]),
        more=_more(len(cards), room.pages, "more page", words),
    )


def _title(card: PageCard) -> str:
    return plain(card.title) if card.title else plain(card.url)


def _page(key: str, card: PageCard, digest: Digest, reader: Reader, room: Room) -> Card:
    words = reader.words
    most, noun = (room.statements, "more statement") if key == "new" else (room.items, "more change")
    return Card(
        heading=_title(card),
        significance=min(
            (recorded.change.significance for recorded in card.changes), key=list(Significance).index
        ),
        by=by_whom(card.source, card.published, words),
        note=words.texts["silent edit"] if card.silent else None,
        links=(*_links(card.changes[-1], reader, card.also_seen), *_compared(card, reader)),
        items=tuple(_page_item(key, recorded, digest, words) for recorded in card.changes[:most]),
        more=_more(len(card.changes), most, noun, words),
    )


def _page_item(key: str, recorded: RecordedChange, digest: Digest, words: Vocabulary) -> Item:
    change = recorded.change
    old, new = " ".join(change.old_statements), " ".join(change.new_statements)
    label = "" if key == "new" else kind_in_words(change.kind, words)
    spans: tuple[WordSpan, ...] = ()
    if old and new and old != new:
        spans = word_spans(old, new)
        same = sum(len(span.text) for span in spans if span.op is WordOp.EQUAL)
        if same < _ALIKE * max(len(old), len(new)):
            spans = ()
    elif key != "new" and bool(old) != bool(new) and change.kind is not ChangeKind.PAGE_REMOVED:
        spans = (WordSpan(op=WordOp.DELETE if old else WordOp.INSERT, text=old or new),)
    elif old or new:
        spans = (WordSpan(op=WordOp.EQUAL, text=new or old),)
    if spans:
        quotations: tuple[Quotation, ...] = (Quotation(spans=spans),)
    else:
        quotations = tuple(
            Quotation(label=words.texts[side], spans=(WordSpan(op=op, text=text),))
            for side, op, text in (("was", WordOp.DELETE, old), ("now", WordOp.INSERT, new))
            if text
        )
    note = confirmation(recorded, digest, words)
    return Item(change=recorded, deed=label, notes=(note,) if note else (), quotations=quotations)


def _contradictions(digest: Digest, reader: Reader, room: Room) -> Section:
    words = reader.words
    cards = []
    told = {
        (recorded.change.event, recorded.change.attribute)
        for card in digest.events
        for recorded in card.changes
        if recorded.change.contradicts
    }
    for event, standing in sorted(digest.period.contradictions.items()):
        for attribute in dict.fromkeys(known.fact.attribute for known in standing):
            if (event, attribute) in told:
                continue  # it is told at the top
            against = [known for known in standing if known.fact.attribute is attribute]
            of_what = words.attributes.get(attribute, attribute.value)
            cards.append(
                Card(
                    heading=f"{event_in_words(event, words)}: {of_what}",
                    significance=Significance.MEDIUM,
                    by=" ≠ ".join(
                        dict.fromkeys(value_in_words(attribute, known.fact.value, words) for known in against)
                    ),
                    items=(Item(quotations=tuple(_against(known, words) for known in against)),),
                )
            )
    return Section(
        key="contradictions",
        heading=words.texts["contradictions heading"],
        cards=tuple(cards[: room.events]),
        more=_more(len(cards), room.events, "more event", words),
    )


def _against(known: KnownFact, words: Vocabulary) -> Quotation:
    value = value_in_words(known.fact.attribute, known.fact.value, words)
    day = known.statement.said_on
    said = words.texts["said"].format(day=day_in_words(day, words)) if day else words.texts["undated"]
    return Quotation(
        label=f"{value}, {said}",
        spans=_marked(known.statement.text, known.fact.quote, WordOp.EQUAL),
        links=(_link(known.statement.url or known.statement.origin),),
    )


def _link(address: str) -> Link:
    """An address of the web leads there; the name of a file only names it."""
    shown = plain(address)
    leads = shown.startswith(("http://", "https://")) and shown == address and " " not in shown
    return Link(words=shown, url=shown if leads else None)


def _links(recorded: RecordedChange, reader: Reader, also: Sequence[str] | None = None) -> tuple[Link, ...]:
    """The live page, our stored copy of it, and the other pages that say so."""
    words = reader.words
    links = [_link(recorded.url)] if recorded.url else []
    number = recorded.to_revision or recorded.from_revision
    if reader.web is not None and recorded.url and number:
        links.append(
            Link(
                words=words.texts["stored"],
                url=f"{reader.web.rstrip('/')}/-/revision?url={encoded(recorded.url)}&n={number}",
            )
        )
    for url in recorded.also_seen if also is None else also:
        link = _link(url)
        links.append(Link(words=f"{words.texts['also']}: {link.words}", url=link.url))
    return tuple(links)


def encoded(address: str) -> str:
    """An address as a value in another one (RFC 3986): all but the unreserved characters as %XX."""
    return "".join(
        chr(byte) if chr(byte) in _UNRESERVED else f"%{byte:02X}"
        for byte in address.encode("utf-8", "replace")
    )


def _compared(card: PageCard, reader: Reader) -> tuple[Link, ...]:
    """Both revisions of an edited page beside each other: in the web view, else by a command."""
    words, last = reader.words, card.changes[-1]
    first = next((change.from_revision for change in card.changes if change.from_revision), None)
    if first is None or last.to_revision is None or first == last.to_revision:
        return ()
    if reader.web is not None:
        address = (
            f"{reader.web.rstrip('/')}/-/difference?url={encoded(card.url)}"
            f"&from={first}&to={last.to_revision}"
        )
        return (Link(words=words.texts["difference"], url=address),)
    command = f"cstowatch diff {shlex.quote(plain(card.url))} --from {first} --to {last.to_revision}"
    return (Link(words=words.texts["compare"].format(command=command)),)


def _more(count: int, most: int | None, noun: str, words: Vocabulary) -> str | None:
    if most is None or count <= most:
        return None
    return words.texts["more"].format(count=counted(count - most, noun, words))


def _how_to_list(digest: Digest, sections: Iterable[Section], words: Vocabulary) -> str | None:
    """The command that lists what is not shown; None: all is."""
    if not any(section.more or any(card.more for card in section.cards) for section in sections):
        return None
    since, until = (moment.astimezone(dt.UTC) for moment in (digest.since, digest.until))
    command = f"cstowatch changes --since {since:%Y-%m-%dT%H:%M:%SZ} --until {until:%Y-%m-%dT%H:%M:%SZ}"
    return words.texts["all changes"].format(command=command)
