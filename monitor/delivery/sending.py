"""Hands one message to one channel: mail by smtplib, every other service by Apprise."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import re
import smtplib
import ssl
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr
from typing import TYPE_CHECKING, Any

from diffing.wording import plain, shortened
from monitor.delivery.channels import Body

if TYPE_CHECKING:
    from apprise import NotifyBase

__all__ = ["PICTURE_NAME", "CannotSend", "Message", "Mode", "is_mail", "private_parts", "send", "service_of"]

# A server that says nothing for so long is taken for dead; the next try is minutes away. A mail server that
# looks a sender up before it answers may take some ten seconds.
_PATIENCE = 30.0

# Lines are mail's: base64 or quoted-printable, so that a server without 8BITMIME takes them too.
_POLICY = SMTP.clone(cte_type="7bit")

# Of the room a service has for a message so much is used: escaping, which it does itself, needs the rest.
_ROOM = 0.8

# What a program reads must come as it is. What people read must not call them by their handles, nor lead
# elsewhere than it says: several services take plain text for Markdown, and the text that Apprise makes of
# HTML likewise. A character without width parts both.
_FOR_PROGRAMS = frozenset({"json", "jsons", "xml", "xmls", "form", "forms"})
_ACTIVE = re.compile(r"(?<=@)(?=\w)|(?<=\])(?=[(\[])")
_MARKUP = re.compile(r"(<style\b.*?</style>|<[^>]*>)", re.DOTALL | re.IGNORECASE)
_HEADER = re.compile(r"[!-9;-~]+\Z")


class CannotSend(Exception):
    """A message that did not go: why, and whether trying again can help without a person.

    `remaining` are the recipients still to be reached where others took it; empty: all.
    """

    def __init__(self, reason: str, *, needs_person: bool = False, remaining: Collection[str] = ()) -> None:
        super().__init__(reason)
        self.needs_person = needs_person
        self.remaining = tuple(remaining)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a channel is told, in every form. `picture` is a PNG that `html` shows as `cid:` and its name.

    The same `key` gives the same Message-ID, by which a mail program folds a message that came twice.
    `urgent` is an alert, as services call it that know degrees.
    """

    key: str
    subject: str
    text: str = field(repr=False)
    markdown: str = field(repr=False)
    html: str = field(repr=False)
    picture: bytes | None = field(default=None, repr=False)
    urgent: bool = False


PICTURE_NAME = "timeline.png"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """How a message is handed over: the channel's name, its form (None: the service's own best), and to whom.

    `only` are the recipients of a mail that has reached the others; empty: all. `again`: an earlier try was
    cut short, so that it may have gone already.
    """

    channel: str
    body: Body | None
    only: Sequence[str] = ()
    again: bool = False


def service_of(url: str) -> NotifyBase:
    """The service behind an Apprise address with its secrets put in. Raises CannotSend."""
    import apprise

    # Nothing of what is sent is read as an escape or an emoji, nothing is stored, no secret is logged.
    asset = apprise.AppriseAsset(
        app_id="csto-watch", app_desc="csto-watch", app_url="", async_mode=False, secure_logging=True,
        interpret_escapes=False, interpret_emojis=False,
    )  # fmt: skip
    with _said() as said:
        service = apprise.Apprise.instantiate(url, asset=asset)
    if not isinstance(service, apprise.NotifyBase):
        scheme = url.partition("://")[0]
        why = f": {said[-1]}" if said else ""
        raise CannotSend(f"no service understands this {scheme}:// address{why}", needs_person=True)
    return service


def private_parts(service: NotifyBase) -> Iterator[tuple[str, str]]:
    """What the service itself calls private of its address: the name of each part, and its value."""
    for key, token in {**service.template_tokens, **service.template_args}.items():
        value = getattr(service, str(token.get("map_to", key)), None)
        if token.get("private") and isinstance(value, str) and value:
            yield plain(str(token.get("name", key))).lower(), value


def is_mail(service: NotifyBase) -> bool:
    """Whether the service is mail that we write ourselves.

    Apprise's own gives every try another Message-ID and makes the plain part of the HTML one; it keeps PGP.
    """
    from apprise.plugins.email import NotifyEmail

    return type(service) is NotifyEmail and service.pgp_mode == "no"


def send(service: NotifyBase, message: Message, mode: Mode, now: dt.datetime) -> None:
    """Hands the message over; returns when it was taken. Raises CannotSend."""
    if is_mail(service):
        _mail(service, message, mode, now)
    else:
        _notify(service, message, mode)


def _notify(service: NotifyBase, message: Message, mode: Mode) -> None:
    import apprise

    formats = apprise.NotifyFormat
    text, form = {
        Body.HTML: (message.html, formats.HTML),
        Body.MARKDOWN: (message.markdown, formats.MARKDOWN),
    }.get(mode.body or Body.TEXT, (message.text, formats.TEXT))
    # A mail program folds a double by its Message-ID; elsewhere the reader must be told.
    subject = f"{message.subject} (perhaps a repeat)" if mode.again else message.subject
    schemes = (service.protocol or (), service.secure_protocol or ())
    if not {*_words(schemes[0]), *_words(schemes[1])} & _FOR_PROGRAMS:
        subject = _ACTIVE.sub("\u200b", subject)
        if form is not formats.MARKDOWN:
            text = _inactive(text, markup=form is formats.HTML)
    if form is formats.TEXT:
        text = _cut(text, int(service.body_maxlen * _ROOM) - len(subject))
    if service.overflow_mode == apprise.OverflowMode.UPSTREAM:
        # A message too long is refused upstream again and again; one that is cut arrives.
        service.overflow_mode = apprise.OverflowMode.TRUNCATE
    hub = apprise.Apprise()
    hub.add(service)
    kind = apprise.NotifyType.WARNING if message.urgent else apprise.NotifyType.INFO
    with _said() as said:
        taken = hub.notify(body=text, title=subject, body_format=form, notify_type=kind)
    if not taken:
        raise CannotSend(said[-1] if said else "the service did not take the message")


def _inactive(text: str, *, markup: bool) -> str:
    parts = _MARKUP.split(text) if markup else [text]
    # What splits stands at every second place.
    parts[::2] = [_ACTIVE.sub("\u200b", part) for part in parts[::2]]
    return "".join(parts)


def _cut(text: str, room: int) -> str:
    """Whole lines of the text, as many as there is room for, and how many are missing."""
    if len(text) <= room:
        return text
    lines, kept, used = text.splitlines(), [], 0
    for line in lines:
        used += len(line) + 1
        if used > room - 40:
            break
        kept.append(line)
    return "\n".join([*kept, f"… {len(lines) - len(kept)} more lines"])


@contextlib.contextmanager
def _said() -> Iterator[list[str]]:
    """What Apprise, which answers only yes or no, says of its reasons in its log meanwhile."""
    said: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(plain(record.getMessage()))

    logger, listener = logging.getLogger("apprise"), Listener(logging.WARNING)
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(listener)
    try:
        yield said
    finally:
        logger.removeHandler(listener)
        logger.propagate = propagate


def _mail(service: Any, message: Message, mode: Mode, now: dt.datetime) -> None:
    letter = _letter(service, message, mode, now)
    everybody = list(dict.fromkeys([*(address for _, address in service.targets), *service.cc, *service.bcc]))
    if not everybody:
        raise CannotSend("the address names nobody to send to", needs_person=True)
    # Where none of those still to be reached is in the address any more, a person has mended it since: who is
    # new there has had nothing, and who had it gets the same Message-ID.
    recipients = [address for address in everybody if address in mode.only] or everybody
    try:
        server = _server(service)
    except smtplib.SMTPResponseException as error:
        raise CannotSend(_answer(error.smtp_code, error.smtp_error), needs_person=_final(error)) from error
    except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
        raise CannotSend(f"{service.smtp_host}: {plain(str(error))}", needs_person=True) from error
    except (OSError, smtplib.SMTPException) as error:
        raise CannotSend(f"{service.smtp_host}:{service.port}: {_reason(error)}") from error
    try:
        refused = server.send_message(letter, service.from_addr[1], recipients)
    except smtplib.SMTPRecipientsRefused as error:
        raise _refusal(error.recipients) from error
    except smtplib.SMTPResponseException as error:
        raise CannotSend(_answer(error.smtp_code, error.smtp_error), needs_person=_final(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise CannotSend(f"{service.smtp_host}:{service.port}: {_reason(error)}") from error
    finally:
        # The message was taken or refused by now: how the connection ends changes nothing.
        with contextlib.suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()
    if refused:
        raise _refusal(refused)


def _server(service: Any) -> smtplib.SMTP:
    host, port = service.smtp_host, service.port
    server: smtplib.SMTP
    if service.secure_mode == "ssl":
        server = smtplib.SMTP_SSL(host, port, timeout=_PATIENCE, context=_trust(service))
    else:
        server = smtplib.SMTP(host, port, timeout=_PATIENCE)
    try:
        if service.secure_mode == "starttls":
            server.starttls(context=_trust(service))
        if service.user and service.password:
            server.login(service.user, service.password)
    except BaseException:
        server.close()
        raise
    return server


def _trust(service: Any) -> ssl.SSLContext:
    """Whom the connection trusts: what the system does, unless the address says `verify=no`."""
    context = ssl.create_default_context()
    if not service.verify_certificate:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _letter(service: Any, message: Message, mode: Mode, now: dt.datetime) -> EmailMessage:
    letter = EmailMessage(policy=_POLICY)
    host = parseaddr(service.from_addr[1])[1].rpartition("@")[2] or "localhost"
    letter["Subject"] = _header(shortened(message.subject, 200))
    letter["From"] = _mailbox(service.from_addr[0] or "csto-watch", service.from_addr[1])
    letter["To"] = ", ".join(_mailbox(name, address) for name, address in service.targets)
    for header, addresses in (("Cc", service.cc), ("Reply-To", service.reply_to)):
        if addresses:
            letter[header] = ", ".join(_mailbox(service.names.get(each), each) for each in sorted(addresses))
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = f"<{message.key}@{host}>"
    slug = re.sub(r"[^a-z0-9]+", "-", mode.channel.casefold()).strip("-") or "channel"
    letter["List-Id"] = f"csto-watch <{slug}.csto-watch.{host}>"
    letter["Auto-Submitted"] = "auto-generated"
    for name, value in service.headers.items():
        if name not in letter and _HEADER.match(name):
            letter[name] = _header(value)
    letter.set_content(message.markdown if mode.body is Body.MARKDOWN else message.text)
    if mode.body in {None, Body.HTML}:
        letter.add_alternative(message.html, subtype="html")
        if message.picture is not None:
            (_, page) = letter.iter_parts()
            page.add_related(
                message.picture, "image", "png",
                cid=f"<{PICTURE_NAME}>", filename=PICTURE_NAME, disposition="inline",
            )  # fmt: skip
    return letter


def _header(text: str) -> str:
    """The text on one line, and not in the form of an encoded word.

    Python's own header decodes such a word as it is assigned, line breaks and all: a page's title could add
    headers, or recipients, of its own.
    """
    return plain(text).replace("=?", "= ?")


def _mailbox(name: str | bool | None, address: str) -> str:
    shown = _header(str(name or ""))
    try:
        return str(Address(display_name=shown, addr_spec=address))
    except (ValueError, IndexError):
        return formataddr((shown, address))


def _refusal(refused: dict[str, tuple[int, bytes]]) -> CannotSend:
    """What the server answered of those it refused; only those whom it may yet take are tried again."""
    later = [address for address, (code, _) in refused.items() if code < 500]
    address, (code, answer) = next(iter(refused.items()))
    more = f" and {len(refused) - 1} more" if len(refused) > 1 else ""
    return CannotSend(
        f"{plain(address)}{more}: {_answer(code, answer)}", needs_person=not later, remaining=later or refused
    )


def _final(error: smtplib.SMTPResponseException) -> bool:
    return 500 <= error.smtp_code < 600


def _answer(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return shortened(f"the server answered {code} {text}", 300)


def _reason(error: Exception) -> str:
    return shortened(str(error) or type(error).__name__, 300)


def _words(names: str | Collection[str]) -> Collection[str]:
    return (names,) if isinstance(names, str) else names
