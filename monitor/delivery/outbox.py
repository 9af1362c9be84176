"""Tells channels what they are to be told: queued once, and tried again with growing pauses."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import os
import signal
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from diffing.model import RecordedChange, Significance, Trouble, TroubleKind
from monitor.delivery.channels import Body, Channel, Topic, with_secrets
from monitor.errors import InvalidConfig

if TYPE_CHECKING:
    from diffing.model import Gazetteer
    from monitor.delivery.sending import Message
    from storage.archive import Archive
    from storage.records import Delivery

__all__ = [
    "ATOM_FILE",
    "METRICS_FILE",
    "Delivered",
    "Told",
    "deliver",
    "failure_of",
    "open_secrets",
    "queue_alerts",
    "queue_digest",
]

# Files that are kept up to date for others, by their keys in the configuration: what cannot be written is a
# trouble under this name, as what cannot be sent is one under its channel's.
ATOM_FILE, METRICS_FILE = "atom_file", "metrics_file"

# How long to wait after each failure; the last for all further ones. A server that restarts is back within
# the first two; one that is down for days is asked four times a day by a channel, not by each message.
_PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (5, 15, 30, 60, 120, 240, 360))
_GIVE_UP = dt.timedelta(days=7)

# So long may a message wait before a person is told that its channel is in trouble.
_PATIENCE = dt.timedelta(hours=1)

# An alert is of what is new: what was detected earlier than this was imported, or stood in a digest.
_FRESH = dt.timedelta(days=2)

# A message that ends the process that sends it is not tried for ever.
_CUT_SHORT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of one message: its subjects, and why it did not go (None: the channel took it)."""

    channel: str
    subjects: tuple[str, ...]
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What one call sent and what failed; `busy` where another process is sending, which nothing was then."""

    told: tuple[Told, ...] = ()
    busy: bool = False

    @property
    def sent(self) -> tuple[Told, ...]:
        """The messages that went."""
        return tuple(each for each in self.told if each.reason is None)

    @property
    def failed(self) -> tuple[Told, ...]:
        """Those that did not; they are tried again, unless their time is over."""
        return tuple(each for each in self.told if each.reason is not None)


def queue_digest(archive: Archive, day: dt.date, channels: Collection[Channel], now: dt.datetime) -> int:
    """Queues the kept digest of the day for every channel of digests; how many did not have it yet."""
    chosen = [channel.name for channel in channels if Topic.DIGEST in channel.topics]
    archive.meet_channels(chosen, now)
    return sum(archive.queue_messages(name, [f"digest:{day.isoformat()}"], now) for name in chosen)


def queue_alerts(archive: Archive, channels: Collection[Channel], now: dt.datetime) -> int:
    """Queues what every channel of alerts was not told yet; how many subjects are new.

    The high changes recorded since the last call, which go as one message, and troubles that began or
    ended. A channel that is met for the first time starts now: nothing of the past is queued for it, so call
    this once before the first run.
    """
    chosen = [channel for channel in channels if Topic.ALERTS in channel.topics]
    met = archive.meet_channels([channel.name for channel in chosen], now)
    newest = archive.newest_change()
    queued = 0
    for channel in chosen:
        start = met[channel.name]
        changes = archive.changes_after(start.change, now - _FRESH, _at_least(channel))
        subjects = [f"alert:change:{change.id}" for change in changes if _wanted(channel, change)]
        since = max(start.since, now - _GIVE_UP)
        if start.since - now > _FRESH:
            # The channel was met by a clock that ran ahead and was set right since: it would hear of no
            # trouble until that day.
            since = now - _GIVE_UP
        subjects += _turns(archive, channel, since)
        queued += archive.queue_messages(channel.name, subjects, now, seen=newest)
    return queued


def deliver(
    archive: Archive,
    channels: Collection[Channel],
    now: dt.datetime,
    environment: Mapping[str, str] = os.environ,
    *,
    gazetteer: Gazetteer | None = None,
    wait: bool = False,
    at_once: bool = False,
) -> Delivered:
    """Sends what waits and is due, for all channels of the configuration; one's failure delays no other.

    Each message is noted as being sent before it is, so that it goes once; one that was cut short in
    between, by a kill or a power cut, is sent again: better twice than never. `archive` is open for writing
    beside others, and no transaction is open while the network is used. Where another process is
    sending, `wait` waits for it. `at_once` tries what waits after a failure too: a person asked for it.
    `gazetteer` has what events are called (None: the bundled one).
    """
    post = _Post(archive=archive, now=now, environment=environment, gazetteer=gazetteer)
    with archive.sending(wait=wait) as mine:
        if not mine:
            return Delivered(busy=True)
        told = [told for channel in channels for told in _deliver_to(post, channel, at_once=at_once)]
        _end_troubles_of_others(archive, {ATOM_FILE, METRICS_FILE, *(each.name for each in channels)}, now)
    return Delivered(told=tuple(told))


def failure_of(channel: Channel, now: dt.datetime, environment: Mapping[str, str] = os.environ) -> str | None:
    """Sends the channel a sample at once; why it did not go, None: the channel took it."""
    from monitor.delivery.messages import sample_message
    from monitor.delivery.sending import CannotSend, Mode, send, service_of

    key = f"csto-watch.{hashlib.sha256(f'{channel.name}|{now.isoformat()}'.encode()).hexdigest()[:32]}"
    try:
        service = service_of(with_secrets(channel.url, environment))
        send(service, sample_message(channel, key), Mode(channel=channel.name, body=channel.body), now)
    except (CannotSend, InvalidConfig) as error:
        return _hiding(str(error), environment, channel)
    return None


def open_secrets(channel: Channel, environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """What of the channel's address its service calls private, though it stands in the configuration."""
    from monitor.delivery.sending import CannotSend, private_parts, service_of

    try:
        parts = private_parts(service_of(with_secrets(channel.url, environment)))
    except (CannotSend, InvalidConfig):
        return ()
    written = unquote(channel.url)
    return tuple(name for name, value in parts if value in written)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Post:
    """What one delivery works with, whatever the channel."""

    archive: Archive
    now: dt.datetime
    environment: Mapping[str, str]
    gazetteer: Gazetteer | None


def _deliver_to(post: _Post, channel: Channel, *, at_once: bool) -> Iterator[Told]:
    """Sends one channel what is due until something fails: what follows then waits as long, and goes first.

    So a server that is down is asked once a pause, and a message that it will never take stops no other one.
    """
    from monitor.delivery.sending import CannotSend

    archive, now = post.archive, post.now
    sent = needs_person = False
    failure: str | None = None
    waiting = _groups(archive.open_deliveries(channel.name))
    due = [group for group in waiting if at_once or _is_due(group[0], now)]
    due.sort(key=lambda group: (group[0].tries, group[0].id))
    for place, group in enumerate(due, start=1):
        numbers, subjects = [each.id for each in group], tuple(each.subject for each in group)
        try:
            gone = _send(post, channel, group)
        except (CannotSend, InvalidConfig) as error:
            later = _next_try(group[0], now)
            needs_person = later is None or not isinstance(error, CannotSend) or error.needs_person
            remaining = error.remaining if isinstance(error, CannotSend) else ()
            failure = _hiding(str(error), post.environment, channel)
            archive.note_failed(numbers, failure, later, remaining or group[0].remaining)
            behind = [each.id for later_group in due[place:] for each in later_group]
            archive.put_off(behind, later or now + _PAUSES[0])
            yield Told(channel=channel.name, subjects=subjects, reason=failure)
            break
        if gone:
            sent = True
            yield Told(channel=channel.name, subjects=subjects)
    _note_trouble(archive, channel, now, sent=sent, failure=failure, needs_person=needs_person)


def _send(post: _Post, channel: Channel, group: Sequence[Delivery]) -> bool:
    """Sends one message; False: there was nothing left to tell. Raises CannotSend or InvalidConfig."""
    from monitor.delivery.sending import CannotSend, Mode, is_mail, send, service_of
    from storage.records import DeliveryState

    archive, numbers = post.archive, [each.id for each in group]
    cut_short = group[0].state is DeliveryState.SENDING
    if cut_short and group[0].tries >= _CUT_SHORT:
        raise CannotSend(f"cut short {group[0].tries} times while it was sent", needs_person=True)
    archive.note_sending(numbers)
    service = service_of(with_secrets(channel.url, post.environment))
    form = channel.body or (Body.HTML if is_mail(service) else Body.TEXT)
    message = _composed(post, channel, group, form, pictured=is_mail(service) and form is Body.HTML)
    if message is None:
        archive.note_dropped(numbers)
        return False
    mode = Mode(channel=channel.name, body=channel.body, only=group[0].remaining, again=cut_short)
    with _undisturbed():
        send(service, message, mode, post.now)
        archive.note_sent(numbers, post.now)
    return True


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Puts off SIGTERM and Ctrl-C meanwhile: who asks us to end shall not make a message go twice."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _composed(
    post: _Post, channel: Channel, group: Sequence[Delivery], form: Body, *, pictured: bool
) -> Message | None:
    """The message of the group; None: there is nothing left to tell."""
    from monitor.delivery.messages import Turn, alert_message, digest_message
    from monitor.digests import bases_of, kept_digest

    archive, subjects = post.archive, [each.subject for each in group]
    key = _key(channel, group)
    if subjects[0].startswith("digest:"):
        digest = kept_digest(archive, dt.date.fromisoformat(subjects[0].removeprefix("digest:")))
        if digest is None:
            return None
        return digest_message(digest, channel, form, key, pictured=pictured, gazetteer=post.gazetteer)
    numbers = [int(subject.rpartition(":")[2]) for subject in subjects if subject.startswith("alert:change:")]
    changes = [each for each in archive.changes_numbered(numbers) if _wanted(channel, each)]
    troubles = {trouble.id: trouble for trouble in archive.troubles()}
    turns = [
        Turn(trouble=troubles[int(number)], began=turn == "began")
        for kind, number, turn in (
            subject.removeprefix("alert:").split(":") for subject in subjects if subject.count(":") == 3
        )
        if kind == "trouble" and int(number) in troubles
    ]
    if not changes and not turns:
        return None
    bases = bases_of(archive, changes, post.now)
    return alert_message(changes, turns, channel, key, post.now, post.gazetteer, bases)


def _groups(waiting: Sequence[Delivery]) -> Iterator[Sequence[Delivery]]:
    """What goes as one message: a digest alone, alerts that were queued together."""
    digests = [each for each in waiting if each.subject.startswith("digest:")]
    alerts = [each for each in waiting if not each.subject.startswith("digest:")]
    together = [tuple(group) for _, group in itertools.groupby(alerts, key=lambda each: each.queued)]
    yield from ((each,) for each in digests)
    yield from together


def _is_due(first: Delivery, now: dt.datetime) -> bool:
    # A pause longer than any is one of a clock that was put back since.
    return first.next_try is None or not now < first.next_try <= now + _PAUSES[-1]


def _next_try(first: Delivery, now: dt.datetime) -> dt.datetime | None:
    # Both: after a clock that leapt, or a machine that was off for weeks, the first failure is not the last.
    if now - first.queued >= _GIVE_UP and first.tries >= len(_PAUSES):
        return None
    return now + _PAUSES[min(first.tries, len(_PAUSES) - 1)]


def _key(channel: Channel, group: Sequence[Delivery]) -> str:
    """The same for the same message at every try, and for no other one."""
    parts = (channel.name, group[0].queued.isoformat(), *(each.subject for each in group))
    return f"csto-watch.{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:32]}"


def _at_least(channel: Channel) -> Collection[Significance]:
    ordered = tuple(Significance)
    return ordered[: ordered.index(channel.significance or Significance.HIGH) + 1]


def _wanted(channel: Channel, change: RecordedChange) -> bool:
    from monitor.delivery.messages import wants

    return wants(channel, change, Significance.HIGH)


def _turns(archive: Archive, channel: Channel, since: dt.datetime) -> list[str]:
    """The beginnings and ends of troubles since then; of a channel's own trouble the others are told."""
    from monitor.delivery.messages import concerns

    subjects: list[str] = []
    for trouble in archive.troubles(since):
        if trouble.kind is TroubleKind.UNSENT:
            if trouble.source == channel.name:
                continue
        elif not concerns(channel, trouble):
            continue
        began, ended = (f"alert:trouble:{trouble.id}:{turn}" for turn in ("began", "ended"))
        if trouble.ended is None:
            subjects += [began] if trouble.began >= since else []
        elif trouble.ended >= since and (
            trouble.kind is TroubleKind.DOWN or trouble.began < since or _was_told(archive, channel, began)
        ):
            subjects.append(ended)
    return subjects


def _was_told(archive: Archive, channel: Channel, subject: str) -> bool:
    """Whether the channel heard of it; one that still waits is let go: it is over before anybody was told."""
    from storage.records import DeliveryState

    delivery = archive.delivery(channel.name, subject)
    if delivery is None:
        return False
    # Of those with several recipients some may have it.
    if delivery.state is DeliveryState.WAITING and not delivery.remaining:
        archive.note_dropped([delivery.id])
        return False
    return delivery.state in {DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.SENT}


def _note_trouble(
    archive: Archive,
    channel: Channel,
    now: dt.datetime,
    *,
    sent: bool,
    failure: str | None,
    needs_person: bool,
) -> None:
    """A channel that fails is in trouble after an hour, or at once where waiting cannot help."""
    failing = [each for each in archive.open_deliveries(channel.name) if each.error]
    trouble = _open_trouble(archive, channel.name)
    if trouble is not None:
        if sent and not failing:
            archive.end_trouble(trouble.id, now)
    elif failure and (needs_person or (failing and now - failing[0].queued >= _PATIENCE)):
        archive.begin_trouble(channel.name, TroubleKind.UNSENT, failure, now)


def _end_troubles_of_others(archive: Archive, names: Collection[str], now: dt.datetime) -> None:
    for trouble in archive.troubles(open_only=True):
        if trouble.kind is TroubleKind.UNSENT and trouble.source not in names:
            archive.end_trouble(trouble.id, now)


def _open_trouble(archive: Archive, name: str) -> Trouble | None:
    return next(
        (
            trouble
            for trouble in archive.troubles(open_only=True)
            if trouble.kind is TroubleKind.UNSENT and trouble.source == name
        ),
        None,
    )


def _hiding(reason: str, environment: Mapping[str, str], channel: Channel) -> str:
    """The reason without the secrets of the channel's address, which a server may repeat."""
    from monitor.delivery.channels import secrets_in

    for name in secrets_in(channel.url):
        if secret := environment.get(name):
            reason = reason.replace(secret, "…").replace(quote(secret, safe=""), "…")
    return " ".join(reason.split())
