"""What a channel is told, composed: its share of a digest, an alert, a sample, each in every form."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from diffing.digest import Basis, Digest, Period, build_digest
from diffing.formats import FORMATS, Reader
from diffing.formats.layout import period
from diffing.formats.markdown import escaped, linked
from diffing.formats.sheet import TWO_MINUTES, Card, Link, Sheet, laid_out, set_in_line
from diffing.formats.text import addressed, bracketed
from diffing.formats.webpage import digest_webpage
from diffing.model import Gazetteer, RecordedChange, Ruling, Significance, Trouble, TroubleKind
from diffing.wording import counted, deed, event_in_words, moment_in_words, plain, shortened
from monitor.delivery.channels import Body, Channel
from monitor.delivery.sending import PICTURE_NAME, Message
from monitor.readers import reader_of

__all__ = ["Turn", "alert_message", "concerns", "digest_message", "narrowed", "sample_message", "wants"]

_QUOTE_LENGTH = 240
_SUBJECT_LENGTH = 150

# An alert is read on a telephone; what is beyond these stands in the next digest.
_SHOWN = 20
_ROOM = replace(TWO_MINUTES, events=None, pages=None)

_ORDER = tuple(Significance)
_ALERT = {"en": "csto-watch alert", "ru": "Срочно от csto-watch"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A trouble that began, or one that is over."""

    trouble: Trouble
    began: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line of an alert: a heading where it is one, with the address it leads to (None: it is only read)."""

    text: str
    heading: bool = False
    url: str | None = None


def wants(channel: Channel, recorded: RecordedChange, least: Significance) -> bool:
    """Whether the channel is told of the change; `least` counts where it sets no significance."""
    change = recorded.change
    return (
        _ORDER.index(change.significance) <= _ORDER.index(channel.significance or least)
        and (not channel.kinds or change.kind in channel.kinds)
        and (not channel.sources or recorded.source in channel.sources)
        and channel.tells_of(change.event)
        and not _is_dismissed(recorded)
    )


def concerns(channel: Channel, trouble: Trouble) -> bool:
    """Whether the channel's filter lets the trouble through; what is wrong with the watch itself always."""
    of_itself = trouble.kind in {TroubleKind.UNSENT, TroubleKind.DOWN}
    return of_itself or not channel.sources or trouble.source in channel.sources


def narrowed(digest: Digest, channel: Channel) -> Digest:
    """The digest with what the channel's filters let through; without filters the digest itself."""
    if not (channel.kinds or channel.significance or channel.sources or channel.events):
        return digest
    whole = digest.period
    changes = tuple(change for change in whole.changes if wants(channel, change, Significance.LOW))
    told = {change.change.event for change in changes}
    return build_digest(
        replace(
            whole,
            changes=changes,
            coverage=tuple(
                source for source in whole.coverage if not channel.sources or source.source in channel.sources
            ),
            windows={event: facts for event, facts in whole.windows.items() if event in told},
            contradictions={event: facts for event, facts in whole.contradictions.items() if event in told},
            troubles=tuple(trouble for trouble in whole.troubles if concerns(channel, trouble)),
            going_on=tuple(trouble for trouble in whole.going_on if concerns(channel, trouble)),
        )
    )


def digest_message(
    digest: Digest,
    channel: Channel,
    form: Body,
    key: str,
    *,
    pictured: bool,
    gazetteer: Gazetteer | None = None,
) -> Message:
    """The channel's share of the digest. `form` is the one that the channel's template, if any, replaces.

    `gazetteer` has what events are called (None: the bundled one). `pictured`: the HTML shows the timeline
    as a picture that goes with it, for mail, which shows no SVG. A template that fails loses nothing: the
    message is our own, with a last line that says what is wrong.
    """
    share, reader = narrowed(digest, channel), reader_of(channel.language, channel.web, gazetteer)
    picture = _picture(share, reader) if pictured else None
    message = Message(
        key=key,
        subject=_digest_subject(share, reader),
        text=FORMATS["text"](share, reader),
        markdown=FORMATS["md"](share, reader),
        html=digest_webpage(share, reader, f"cid:{PICTURE_NAME}" if picture else None),
        picture=picture,
    )
    if channel.template is None:
        return message
    from monitor.delivery.templates import TemplateFault, rendered

    try:
        own = rendered(channel.template, form, share, reader)
    except TemplateFault as fault:
        return _with_last_line(message, f"{fault}; this message has the built-in form.")
    match form:
        case Body.HTML:
            return replace(message, html=own)
        case Body.MARKDOWN:
            return replace(message, markdown=own)
        case Body.TEXT:
            return replace(message, text=own)


def alert_message(
    changes: Sequence[RecordedChange],
    turns: Sequence[Turn],
    channel: Channel,
    key: str,
    now: dt.datetime,
    gazetteer: Gazetteer | None = None,
    bases: Mapping[int, Basis] | None = None,
) -> Message:
    """One message about all of them, changes first; beyond twenty it says how many more there are.

    `bases` has by a change's number what the ledger knows behind it (None: nothing is known). Days and
    hours are those of the channel's zone, events called as in the gazetteer (None: the bundled one).
    """
    reader = reader_of(channel.language, channel.web, gazetteer)
    blocks = [
        *_changes(changes, bases or {}, reader, now.astimezone(channel.zone)),
        *(_trouble(turn, reader, channel.zone) for turn in turns),
    ]
    more = len(blocks) - _SHOWN
    if more > 0:
        rest = reader.words.texts["more"].format(count=counted(more, "more change", reader.words))
        blocks = [*blocks[:_SHOWN], [_Line(text=f"{rest}: cstowatch changes")]]
    subject = f"{_ALERT[reader.language]}: {blocks[0][0].text}"
    if len(blocks) > 1:
        subject = f"{shortened(subject, _SUBJECT_LENGTH - 8)} (+{len(changes) + len(turns) - 1})"
    return _lined(key, subject, blocks, urgent=True)


def sample_message(channel: Channel, key: str) -> Message:
    """What `cstowatch notify test` sends: that the channel works, and what it will be told."""
    topics = " and ".join(sorted(topic.value for topic in channel.topics))
    lines = [
        _Line(text=f"The channel {channel.name} works", heading=True),
        _Line(text=f"It will be told: {topics}."),
        _Line(text="What pages say shows as text: <b>not bold</b>, [no link](https://example.org)."),
    ]
    return _lined(key, f"csto-watch test: the channel {channel.name} works", [lines], urgent=False)


def _is_dismissed(recorded: RecordedChange) -> bool:
    return recorded.note is not None and recorded.note.ruling is Ruling.DISMISSED


def _picture(digest: Digest, reader: Reader) -> bytes | None:
    from monitor.picture import timeline_png

    return timeline_png(digest, reader)


def _with_last_line(message: Message, line: str) -> Message:
    paragraph = f"<p>{html.escape(plain(line))}</p>"
    return replace(
        message,
        text=f"{message.text}\n{plain(line)}\n",
        markdown=f"{message.markdown}\n{escaped(line)}\n",
        html=message.html.replace("</body>", f"{paragraph}</body>"),
    )


def _digest_subject(digest: Digest, reader: Reader) -> str:
    words = reader.words
    title = words.texts["title"].format(period=period(digest, words))
    if not digest.events:
        return _subject(title)
    first, *rest = digest.events
    events = ", ".join(event_in_words(event, words) for event in first.events)
    line = f"{title}: {events} {deed(first.shown[0].change, words)}"
    return f"{shortened(line, _SUBJECT_LENGTH - 8)} (+{len(rest)})" if rest else _subject(line)


def _changes(
    changes: Sequence[RecordedChange], bases: Mapping[int, Basis], reader: Reader, now: dt.datetime
) -> Iterator[Sequence[_Line]]:
    """A block of lines for each card that a digest of these changes has."""
    if changes:
        since = min(change.detected for change in changes).astimezone(now.tzinfo)
        digest = build_digest(Period(since=since, until=now, changes=tuple(changes), bases=bases))
        sheet = laid_out(digest, reader, _ROOM)
        yield from (_card(card) for card in _cards(sheet))


def _cards(sheet: Sheet) -> Iterator[Card]:
    return (card for section in sheet.sections for card in section.cards)


def _card(card: Card) -> Sequence[_Line]:
    lines = [_Line(text=card.note)] if card.note else []
    lines += [_Line(text=link.words, url=link.url) for link in card.links]
    heading, *more = [item.line for item in card.items if item.line] or [card.by]
    for item in card.items:
        lines += [_Line(text=note) for note in item.notes]
        for quotation in item.quotations:
            said = set_in_line(quotation, _QUOTE_LENGTH, bracketed)
            begin, end = quotation.marks
            label = f"{quotation.label}: " if quotation.label else ""
            lines.append(_Line(text=f"{label}{begin}{said}{end}"))
            lines += [_Line(text=link.words, url=link.url) for link in quotation.links]
    if card.more:
        lines.append(_Line(text=card.more))
    return [
        _Line(text=f"{card.heading}: {heading}", heading=True),
        *(_Line(text=line, heading=True) for line in more),
        *lines,
    ]


def _trouble(turn: Turn, reader: Reader, zone: dt.tzinfo) -> Sequence[_Line]:
    trouble, words = turn.trouble, reader.words
    what = f"{trouble.source}: {words.troubles[trouble.kind]}"
    since = words.texts["since"].format(moment=moment_in_words(trouble.began.astimezone(zone), words))
    heading = f"{what}, {since}" if turn.began else f"{words.texts['ended']}: {what}, {since}"
    return [_Line(text=heading, heading=True), _Line(text=trouble.detail)]


def _lined(key: str, subject: str, blocks: Iterable[Sequence[_Line]], *, urgent: bool) -> Message:
    blocks = list(blocks)
    return Message(
        key=key,
        subject=_subject(subject),
        text="\n\n".join("\n".join(map(_text, block)) for block in blocks) + "\n",
        markdown="\n\n".join("  \n".join(map(_markdown, block)) for block in blocks) + "\n",
        html="<!DOCTYPE html>\n<html><body>\n"
        + "\n".join(f"<p>{'<br>'.join(map(_html, block))}</p>" for block in blocks)
        + "\n</body></html>\n",
        urgent=urgent,
    )


def _text(line: _Line) -> str:
    return addressed(Link(words=plain(line.text), url=line.url))


def _markdown(line: _Line) -> str:
    if line.url:
        return linked(Link(words=line.text, url=line.url))
    return f"**{escaped(line.text)}**" if line.heading else escaped(line.text)


def _html(line: _Line) -> str:
    text = html.escape(plain(line.text))
    if line.url:
        return f'<a href="{html.escape(line.url)}" rel="noopener noreferrer nofollow">{text}</a>'
    return f"<strong>{text}</strong>" if line.heading else text


def _subject(text: str) -> str:
    return shortened(text, _SUBJECT_LENGTH)
