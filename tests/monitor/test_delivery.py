"""Digests and alerts on their way to real servers on loopback: mail by SMTP, a webhook by HTTP."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import json
import os
import signal
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller

from diffing.formats import FORMATS
from diffing.model import Ruling
from monitor.channels import Channel
from monitor.delivery import deliver, queue_alerts, queue_digest
from monitor.digests import close_day
from storage.records import DeliveryState

DAY = dt.date(2025, 9, 11)
SIX = dt.datetime(2025, 9, 11, 6, tzinfo=dt.UTC)
SEVEN = SIX + dt.timedelta(hours=1)
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
MOVED = "The training “Rubezh-2025” will be held from 17 to 20 September at the Edelweiss training ground."
HOSTILE = (
    '<script>alert(1)</script> [x](javascript:y) =HYPERLINK("z") @everyone \u202egnp\r\nBcc: evil@example.org'
)


@dataclass
class Postbox:
    """An SMTP server's memory; `answers` are given to the messages that come, then all are taken."""

    letters: list[email.message.EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    kill: int | None = None

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answers:
            return self.answers.pop(0)
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        self.recipients.append(list(envelope.rcpt_tos))
        if self.kill is not None:
            os.kill(self.kill, signal.SIGKILL)
        return "250 OK"


class Mailserver:
    """A server that can be taken down and come back on the same port."""

    def __init__(self, postbox):
        self.port = _free_port()
        self._postbox = postbox
        self._controller = None
        self.up()

    def up(self):
        self._controller = Controller(self._postbox, hostname="127.0.0.1", port=self.port, ready_timeout=10)
        self._controller.start()

    def down(self):
        if self._controller is not None:
            self._controller.stop(no_assert=True)
        self._controller = None


def _free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def postbox():
    return Postbox()


@pytest.fixture
def mailserver(postbox):
    server = Mailserver(postbox)
    yield server
    server.down()


@pytest.fixture
def desk(mailserver):
    return Channel(
        name="desk",
        url=f"mailto://127.0.0.1:{mailserver.port}/?from=watch@example.org&to=desk@example.org",
    )


@dataclass
class Hook:
    """A webhook's memory; `statuses` are answered in turn, then 200."""

    url: str
    bodies: list[dict] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)


@pytest.fixture
def hook():
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = memory.statuses.pop(0) if memory.statuses else 200
            if status == 200:
                memory.bodies.append(json.loads(body))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    memory = Hook(url=f"json://127.0.0.1:{server.server_port}/")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield memory
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def moved(site, page):
    """The archive after a run over a page that moves an exercise; the channels were met before."""

    def run(*channels, title="Rubezh-2025 moves", text=MOVED, at=SIX):
        queue_alerts(site.archive, channels, at - HOUR)
        site.pages["exercise"] = page(title, text)
        site.run(at)
        return site.archive

    return run


def states(archive, channel="desk"):
    return [each.state for each in reversed(archive.deliveries(channel))]


def test_a_digest_goes_by_mail_with_a_complete_plain_part_and_the_html_one(moved, desk, postbox):
    archive = moved(desk)
    digest = close_day(archive, DAY, ZoneInfo("UTC"), SEVEN)
    queue_digest(archive, DAY, [desk], SEVEN)

    delivered = deliver(archive, [desk], SEVEN)

    (letter,) = postbox.letters
    assert [told.subjects for told in delivered.sent] == [("digest:2025-09-11",)]
    assert letter.get_content_type() == "multipart/alternative"
    plain, rich = letter.iter_parts()
    assert plain.get_content_type() == "text/plain"
    assert plain.get_content().splitlines() == FORMATS["text"](digest).splitlines()
    assert "Rubezh-2025" in letter.get_body(("html",)).get_content()
    assert letter["Subject"].startswith("csto-watch digest, 11 September 2025: Rubezh-2025 rescheduled")
    assert letter["To"] == "desk@example.org"
    assert letter["Date"].datetime == SEVEN
    assert letter["List-Id"] == "csto-watch <desk.csto-watch.example.org>"
    assert letter["Message-ID"].endswith("@example.org>")


def test_high_changes_of_one_run_go_at_once_as_one_message(moved, desk, postbox):
    archive = moved(desk)
    queue_alerts(archive, [desk], SEVEN)

    deliver(archive, [desk], SEVEN)
    queue_alerts(archive, [desk], SEVEN + MINUTE)
    deliver(archive, [desk], SEVEN + MINUTE)

    (letter,) = postbox.letters
    assert letter["Subject"].startswith("csto-watch alert: Rubezh-2025: rescheduled, two weeks earlier")
    assert "17-20 September 2025" in letter.get_body(("plain",)).get_content()


def test_what_changed_before_a_channel_was_there_is_not_told_to_it(moved, desk, postbox):
    archive = moved()

    assert queue_alerts(archive, [desk], SEVEN) == 0
    deliver(archive, [desk], SEVEN)

    assert postbox.letters == []


def test_a_change_that_an_editor_dismissed_before_it_went_is_not_sent(moved, desk, postbox):
    archive = moved(desk)
    queue_alerts(archive, [desk], SEVEN)
    for delivery in archive.open_deliveries("desk"):
        archive.record_note(int(delivery.subject.rpartition(":")[2]), Ruling.DISMISSED, "an old plan", SEVEN)

    deliver(archive, [desk], SEVEN)

    assert postbox.letters == []
    assert set(states(archive)) == {DeliveryState.DROPPED}


def test_a_server_that_is_down_and_then_up_gets_the_message_once(moved, desk, postbox, mailserver):
    archive = moved(desk)
    queue_alerts(archive, [desk], SEVEN)
    mailserver.down()

    failed = deliver(archive, [desk], SEVEN)
    too_early = deliver(archive, [desk], SEVEN + MINUTE)
    mailserver.up()
    sent = deliver(archive, [desk], SEVEN + 10 * MINUTE)
    again = deliver(archive, [desk], SEVEN + 20 * MINUTE)

    assert "refused" in failed.failed[0].reason
    assert (too_early.told, len(sent.sent), again.told) == ((), 1, ())
    assert len(postbox.letters) == 1
