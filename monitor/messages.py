"""What a channel is told, composed: its share of a digest, an alert, a sample, each in every form."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from diffing.digest import Digest, build_digest
from diffing.formats import FORMATS
from diffing.formats.layout import period, said, shows_old, told
from diffing.formats.markdown import escaped
from diffing.model import RecordedChange, Ruling, Significance, Trouble, TroubleKind
from diffing.wording import deed, plain, shortened
from monitor.channels import Body, Channel
from monitor.sending import Message

__all__ = ["Turn", "alert_message", "digest_message", "narrowed", "sample_message", "wants"]

_QUOTE_LENGTH = 240
_SUBJECT_LENGTH = 150

# An alert is read on a telephone; what is beyond these stands in the next digest.
_SHOWN = 20

_ORDER = tuple(Significance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A trouble that began, or one that is over."""

    trouble: Trouble
    began: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line of an alert: its words, as a heading, a quotation or a link where it is one."""

    text: str
    heading: bool = False
    link: bool = False


def wants(channel: Channel, recorded: RecordedChange, least: Significance) -> bool:
    """Whether the channel is told of the change; `least` counts where it sets no significance."""
    change = recorded.change
    return (
        _ORDER.index(change.significance) <= _ORDER.index(channel.significance or least)
        and (not channel.kinds or change.kind in channel.kinds)
        and (not channel.sources or recorded.source in channel.sources)
        and channel.tells_of(change.event)
        and not (recorded.note is not None and recorded.note.ruling is Ruling.DISMISSED)
    )


def narrowed(digest: Digest, channel: Channel) -> Digest:
    """The digest with what the channel's filters let through; without filters the digest itself."""
    if not (channel.kinds or channel.significance or channel.sources or channel.events):
        return digest
    whole = digest.period
    changes = tuple(change for change in whole.changes if wants(channel, change, Significance.LOW))
    kept = {change.change.event for change in changes}
    return build_digest(
        replace(
            whole,
            changes=changes,
            coverage=tuple(
                source for source in whole.coverage if not channel.sources or source.source in channel.sources
            ),
            windows={event: facts for event, facts in whole.windows.items() if event in kept},
            contradictions={event: facts for event, facts in whole.contradictions.items() if event in kept},
            troubles=tuple(trouble for trouble in whole.troubles if _concerns(channel, trouble)),
        )
    )


def _concerns(channel: Channel, trouble: Trouble) -> bool:
    return not channel.sources or trouble.kind is TroubleKind.UNSENT or trouble.source in channel.sources


def digest_message(digest: Digest, channel: Channel, form: Body, key: str) -> Message:
    """The channel's share of the digest. `form` is the one that the channel's template, if any, replaces.

    A template that fails loses nothing: the message is our own, with a last line that says what is wrong.
    """
    share = narrowed(digest, channel)
    message = Message(
        key=key,
        subject=_digest_subject(share),
        text=FORMATS["text"](share),
        markdown=FORMATS["md"](share),
        html=FORMATS["html"](share),
    )
    if channel.template is None:
        return message
    from monitor.templates import TemplateFault, rendered

    try:
        own = rendered(channel.template, form, share, message.subject)
    except TemplateFault as fault:
        return _with_last_line(message, f"{fault}; this message has the built-in form.")
    match form:
        case Body.HTML:
            return replace(message, html=own)
        case Body.MARKDOWN:
            return replace(message, markdown=own)
        case Body.TEXT:
            return replace(message, text=own)


def _with_last_line(message: Message, line: str) -> Message:
    paragraph = f"<p>{html.escape(plain(line))}</p>"
    return replace(
        message,
        text=f"{message.text}\n{plain(line)}\n",
        markdown=f"{message.markdown}\n{escaped(line)}\n",
        html=message.html.replace("</body>", f"{paragraph}</body>"),
    )


def _digest_subject(digest: Digest) -> str:
    title = f"csto-watch digest, {period(digest)}"
    if digest.events:
        first, *rest = digest.events
        more = f" and {len(rest)} more" if rest else ""
        return _subject(f"{title}: {', '.join(first.events)} {deed(first.shown[0].change)}{more}")
    if digest.withdrawn:
        return _subject(f"{title}: withdrawn “{digest.withdrawn[0].title or digest.withdrawn[0].url}”")
    return _subject(title)


def alert_message(changes: Sequence[RecordedChange], turns: Sequence[Turn], key: str) -> Message:
    """One message about all of them, changes first; beyond twenty it says how many more there are."""
    blocks = [*map(_change_lines, changes), *map(_trouble_lines, turns)]
    more = len(blocks) - _SHOWN
    if more > 0:
        blocks = [*blocks[:_SHOWN], [_Line(text=f"… and {more} more, in `cstowatch changes` and the digest")]]
    first = blocks[0][0].text
    count = len(changes) + len(turns) - 1
    return _lined(
        key, f"csto-watch alert: {first}" + (f" and {count} more" if count else ""), blocks, urgent=True
    )


def sample_message(channel: Channel, key: str) -> Message:
    """What `cstowatch notify test` sends: that the channel works, and what it will be told."""
    topics = " and ".join(sorted(topic.value for topic in channel.topics))
    lines = [
        _Line(text=f"The channel {channel.name} works", heading=True),
        _Line(
            text=f"It will be told: {topics}. A page's text such as <b>this</b> or [this](x) shows as text."
        ),
    ]
    return _lined(key, f"csto-watch test: the channel {channel.name} works", [lines], urgent=False)


def _change_lines(recorded: RecordedChange) -> list[_Line]:
    change = recorded.change
    about = change.event or recorded.page_title or recorded.url or ""
    first, *more = told(recorded)
    lines = [_Line(text=f"{about}: {first}", heading=True), *(_Line(text=line) for line in more)]
    if shows_old(recorded):
        lines.append(_Line(text=f"was: “{shortened(change.old_statements[0], _QUOTE_LENGTH)}”"))
    if change.new_statements:
        lines.append(_Line(text=f"now: “{shortened(change.new_statements[0], _QUOTE_LENGTH)}”"))
    if recorded.url:
        lines.append(_Line(text=recorded.url, link=True))
    return [*lines, _Line(text=said(recorded))]


def _trouble_lines(turn: Turn) -> list[_Line]:
    trouble = turn.trouble
    what = f"{trouble.source}: {trouble.kind.value.replace('_', ' ')}"
    when = trouble.began if turn.began else trouble.ended or trouble.began
    state = "since" if turn.began else "over since"
    heading = f"{what}, {state} {when:%Y-%m-%d %H:%MZ}"
    return [_Line(text=heading, heading=True), _Line(text=trouble.detail)]


def _lined(key: str, subject: str, blocks: Iterable[Sequence[_Line]], *, urgent: bool) -> Message:
    blocks = list(blocks)
    return Message(
        key=key,
        subject=_subject(subject),
        text="\n\n".join("\n".join(plain(line.text) for line in block) for block in blocks) + "\n",
        markdown="\n\n".join("  \n".join(map(_markdown, block)) for block in blocks) + "\n",
        html="<html><body>"
        + "".join(f"<p>{'<br>'.join(map(_html, block))}</p>" for block in blocks)
        + "</body></html>",
        urgent=urgent,
    )


def _markdown(line: _Line) -> str:
    if line.link and _is_web(line.text):
        return f"<{plain(line.text)}>"
    return f"**{escaped(line.text)}**" if line.heading else escaped(line.text)


def _html(line: _Line) -> str:
    text = html.escape(plain(line.text))
    if line.link and _is_web(line.text):
        return f'<a href="{text}" rel="noopener noreferrer nofollow">{text}</a>'
    return f"<strong>{text}</strong>" if line.heading else text


def _is_web(address: str) -> bool:
    return address.startswith(("http://", "https://")) and not any(c in "<> \t\n" for c in address)


def _subject(text: str) -> str:
    return shortened(text, _SUBJECT_LENGTH)
