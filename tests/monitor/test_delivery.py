"""Digests and alerts on their way to real servers on loopback: mail by SMTP, a webhook by HTTP."""

from __future__ import annotations

import contextlib
import datetime as dt
import html
import json
import re
import signal
import ssl
import subprocess
import sys
import threading
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.smtp import AuthResult
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diffing.formats import FORMATS
from diffing.formats.markdown import escaped
from diffing.model import Change, ChangeKind, Ruling, Significance, TroubleKind
from monitor.delivery import deliver, failure_of, queue_alerts, queue_digest
from monitor.delivery.channels import Body, Channel, Topic, with_secrets
from monitor.delivery.messages import alert_message
from monitor.delivery.sending import PICTURE_NAME, CannotSend, Message, Mode, send, service_of
from monitor.digests import close_day
from monitor.readers import names_to_tell_by
from seeds.gazetteer import load_gazetteer
from storage.archive import open_archive
from storage.records import DeliveryState

DAY = dt.date(2025, 9, 11)
SIX = dt.datetime(2025, 9, 11, 6, tzinfo=dt.UTC)
SEVEN = SIX + dt.timedelta(hours=1)
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
MOVED = "The training “Rubezh-2025” will be held from 17 to 20 September at the Edelweiss training ground."
HOSTILE = (
    '<script>alert(1)</script> [x](javascript:y) =HYPERLINK("z") @everyone \u202egnp\r\nBcc: evil@example.org'
)


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
    plain, related = letter.iter_parts()
    page, picture = related.iter_parts()
    assert [part.get_content_type() for part in (plain, page, picture)] == [
        "text/plain",
        "text/html",
        "image/png",
    ]
    assert picture["Content-ID"] == f"<{PICTURE_NAME}>"
    assert f'src="cid:{PICTURE_NAME}"' in page.get_content()
    assert "<svg" not in page.get_content()
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


def test_a_channel_met_by_a_clock_that_ran_ahead_is_told_of_troubles_all_the_same(moved, desk):
    year = dt.timedelta(days=365)
    archive = moved(desk, at=SIX + year)
    archive.begin_trouble("site-en", TroubleKind.FAILING, "no answer", SEVEN)

    queue_alerts(archive, [desk], SEVEN)

    assert "alert:trouble:1:began" in [each.subject for each in archive.open_deliveries("desk")]


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


def test_a_server_that_is_busy_or_refuses_gets_the_message_later_and_once(moved, desk, postbox):
    archive = moved(desk)
    queue_alerts(archive, [desk], SEVEN)
    postbox.answers += ["451 try again later", "552 too large"]

    busy = deliver(archive, [desk], SEVEN)
    refused = deliver(archive, [desk], SEVEN + HOUR)
    sent = deliver(archive, [desk], SEVEN + 2 * HOUR)

    assert [each.failed[0].reason for each in (busy, refused)] == [
        "the server answered 451 try again later",
        "the server answered 552 too large",
    ]
    assert len(sent.sent) == len(postbox.letters) == 1


def test_the_pauses_grow_until_it_is_given_up_after_a_week(moved, desk):
    archive = moved(desk)
    queue_alerts(archive, [desk], SEVEN)
    down = replace(desk, url="mailto://127.0.0.1:1/?from=a@example.org")
    now, pauses = SEVEN, []

    while True:
        deliver(archive, [down], now)
        waiting = archive.open_deliveries("desk")
        if not waiting:
            break
        pauses.append(waiting[0].next_try - now)
        now = waiting[0].next_try

    assert pauses[:7] == [minutes * MINUTE for minutes in (5, 15, 30, 60, 120, 240, 360)]
    assert set(pauses[7:]) == {6 * HOUR}
    assert set(states(archive)) == {DeliveryState.GIVEN_UP}
    assert dt.timedelta(days=7) <= now - SEVEN < dt.timedelta(days=7, hours=6)
    (trouble,) = archive.troubles(open_only=True)
    assert (trouble.kind, trouble.source) == (TroubleKind.UNSENT, "desk")


def test_a_clock_that_leaps_by_weeks_gives_no_message_up_at_its_first_failure(
    moved, desk, postbox, mailserver
):
    archive = moved(desk)
    queue_alerts(archive, [desk], SEVEN)
    mailserver.down()
    deliver(archive, [desk], SEVEN + dt.timedelta(days=20))
    waits = set(states(archive))
    mailserver.up()

    deliver(archive, [desk], SEVEN + dt.timedelta(days=20, minutes=5))

    assert waits == {DeliveryState.WAITING}
    assert len(postbox.letters) == 1


def test_a_trouble_that_is_over_before_anybody_was_told_is_no_alert(moved, desk, postbox):
    archive = moved(desk)
    queue_alerts(archive, [desk], SEVEN)
    deliver(archive, [desk], SEVEN)
    trouble = archive.begin_trouble("site-en", TroubleKind.FAILING, "no answer", SEVEN + MINUTE)
    archive.end_trouble(trouble.id, SEVEN + 2 * MINUTE)

    assert queue_alerts(archive, [desk], SEVEN + 3 * MINUTE) == 0


def test_a_trouble_that_is_over_while_its_alert_waits_is_not_told(moved, desk, postbox):
    archive = moved(desk)
    queue_alerts(archive, [desk], SEVEN)
    deliver(archive, [desk], SEVEN)
    trouble = archive.begin_trouble("site-en", TroubleKind.FAILING, "no answer", SEVEN + MINUTE)
    queue_alerts(archive, [desk], SEVEN + MINUTE)
    archive.end_trouble(trouble.id, SEVEN + 2 * MINUTE)

    queue_alerts(archive, [desk], SEVEN + 3 * MINUTE)
    deliver(archive, [desk], SEVEN + 3 * MINUTE)

    assert len(postbox.letters) == 1
    assert states(archive)[-1] is DeliveryState.DROPPED


def test_a_watch_that_did_not_run_is_told_in_one_message_whatever_the_channel_filters(moved, hook):
    channel = Channel(name="hook", url=hook.url, sources=("site-ru",))
    archive = moved(channel)
    queue_alerts(archive, [channel], SEVEN)
    trouble = archive.begin_trouble("csto-watch", TroubleKind.DOWN, "nobody looked", SEVEN)
    archive.end_trouble(trouble.id, SEVEN + HOUR)

    queue_alerts(archive, [channel], SEVEN + HOUR)
    deliver(archive, [channel], SEVEN + HOUR)

    assert [body["title"] for body in hook.bodies] == [
        "csto-watch alert: over: csto-watch: the watch did not run, since 11 September 2025, 07:00 UTC"
    ]


def test_a_channel_in_trouble_is_told_of_once_when_it_begins_and_once_when_it_ends(
    moved, desk, postbox, mailserver, hook
):
    other = Channel(name="other", url=hook.url)
    archive = moved(desk, other)
    queue_alerts(archive, [desk, other], SEVEN)
    mailserver.down()

    def hour(number):
        now = SEVEN + number * HOUR
        queue_alerts(archive, [desk, other], now)
        deliver(archive, [desk, other], now)

    for number in range(5):
        hour(number)
    mailserver.up()
    for number in range(5, 12):
        hour(number)

    titles = [body["title"] for body in hook.bodies]
    began = "desk: a message could not be delivered, since 11 September 2025, 08:00 UTC"
    assert titles[1:] == [f"csto-watch alert: {began}", f"csto-watch alert: over: {began}"]
    assert len(postbox.letters) == 1


def test_a_channel_that_fails_delays_no_other(moved, desk, postbox, hook):
    dead = Channel(name="dead", url="mailto://127.0.0.1:1/?from=a@example.org")
    odd = Channel(name="odd", url="nosuch://x")
    bare = Channel(name="bare", url="mailto://w:${CSTOWATCH_NOT_SET}@127.0.0.1")
    channels = [dead, odd, bare, Channel(name="hook", url=hook.url), desk]
    archive = moved(*channels)
    queue_alerts(archive, channels, SEVEN)

    delivered = deliver(archive, channels, SEVEN, {})

    assert [told.channel for told in delivered.sent] == ["hook", "desk"]
    reasons = {told.channel: told.reason for told in delivered.failed}
    assert "refused" in reasons["dead"]
    assert "no service understands this nosuch:// address" in reasons["odd"]
    assert "CSTOWATCH_NOT_SET" in reasons["bare"]
    assert len(postbox.letters) == len(hook.bodies) == 1


def test_a_server_that_is_down_is_asked_once_a_pause_and_a_bad_message_stops_no_other(moved, desk, postbox):
    archive = moved(desk)
    queue_alerts(archive, [desk], SEVEN)
    close_day(archive, DAY, ZoneInfo("UTC"), SEVEN)
    queue_digest(archive, DAY, [desk], SEVEN)
    postbox.answers += ["552 this one is too large"]

    first = deliver(archive, [desk], SEVEN)
    second = deliver(archive, [desk], SEVEN + 6 * MINUTE)

    assert len(first.told) == 1
    assert second.sent[0].subjects == ("digest:2025-09-11",)
    assert len(postbox.letters) == 2


CHILD = """
import datetime as dt, sys
from monitor.delivery.channels import Channel
from monitor.delivery import deliver
from storage.archive import open_archive
channel = Channel(name="desk", url=sys.argv[2])
with open_archive(sys.argv[1], beside=True) as archive:
    print("ready", flush=True)
    sys.stdin.readline()
    deliver(archive, [channel], dt.datetime.fromisoformat(sys.argv[3]))
"""


@pytest.fixture
def sent_by_a_child(moved, desk, postbox):
    """Sends an alert in a process that gets the signal while it is at it; the archive afterwards."""
    children = []

    def send_it(signal, *, before):
        archive = moved(desk)
        queue_alerts(archive, [desk], SEVEN)
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(archive.path), desk.url, SEVEN.isoformat()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        children.append(child)
        assert child.stdout.readline() == "ready\n"
        postbox.kill, postbox.kill_before, postbox.signal = child.pid, before, signal
        child.communicate("go\n")
        postbox.kill = None
        assert child.returncode == -signal
        return archive

    yield send_it
    for child in children:
        child.kill()
        child.wait()


@pytest.mark.parametrize("before", [True, False])
def test_a_kill_while_sending_loses_nothing_and_a_double_is_one_to_a_mail_program(
    sent_by_a_child, desk, postbox, before
):
    archive = sent_by_a_child(signal.SIGKILL, before=before)

    assert set(states(archive)) == {DeliveryState.SENDING}
    delivered = deliver(archive, [desk], SEVEN + MINUTE)
    after = deliver(archive, [desk], SEVEN + 2 * MINUTE)

    assert (len(delivered.sent), after.told) == (1, ())
    assert len(postbox.letters) == (1 if before else 2)
    assert len({letter["Message-ID"] for letter in postbox.letters}) == 1


def test_whoever_asks_it_to_end_while_it_sends_waits_until_that_is_noted(sent_by_a_child, desk, postbox):
    archive = sent_by_a_child(signal.SIGTERM, before=True)

    assert set(states(archive)) == {DeliveryState.SENT}
    assert deliver(archive, [desk], SEVEN + MINUTE).told == ()
    assert len(postbox.letters) == 1


def test_only_one_process_sends_at_a_time(moved, desk, postbox):
    archive = moved(desk)
    queue_alerts(archive, [desk], SEVEN)

    with archive.sending(wait=False):
        delivered = deliver(archive, [desk], SEVEN)

    assert delivered.busy
    assert postbox.letters == []
    assert len(deliver(archive, [desk], SEVEN).sent) == 1


def test_a_recipient_who_was_refused_is_tried_again_without_the_others(moved, desk, postbox):
    two = replace(desk, url=desk.url + ",second@example.org&cc=third@example.org")
    archive = moved(two)
    queue_alerts(archive, [two], SEVEN)
    postbox.refused["second@example.org"] = "450 greylisted"

    failed = deliver(archive, [two], SEVEN)
    postbox.refused.clear()
    deliver(archive, [two], SEVEN + HOUR)

    assert "second@example.org: the server answered 450 greylisted" in failed.failed[0].reason
    assert sorted(postbox.recipients[0]) == ["desk@example.org", "third@example.org"]
    assert postbox.recipients[1:] == [["second@example.org"]]


def test_a_recipient_whose_address_a_person_mended_gets_what_the_old_one_did_not(moved, desk, postbox):
    wrong = replace(desk, url=desk.url.replace("desk@", "dekc@"))
    archive = moved(wrong)
    postbox.refused["dekc@example.org"] = "550 no such mailbox"
    queue_alerts(archive, [wrong], SEVEN)
    deliver(archive, [wrong], SEVEN)

    delivered = deliver(archive, [desk], SEVEN + HOUR)

    assert [told.reason for told in delivered.told] == [None]
    assert [letter["To"] for letter in postbox.letters] == ["desk@example.org"]


def test_a_webhook_is_told_as_plain_text(moved, hook):
    channel = Channel(name="hook", url=hook.url)
    archive = moved(channel)
    queue_alerts(archive, [channel], SEVEN)
    hook.statuses += [500]

    failed = deliver(archive, [channel], SEVEN)
    deliver(archive, [channel], SEVEN + HOUR)

    (body,) = hook.bodies
    assert failed.failed
    assert body["title"].startswith("csto-watch alert: Rubezh-2025: rescheduled")
    assert "now, site-en, 11 September 2025: “" in body["message"]
    assert body["type"] == "warning"


def test_what_a_page_says_cannot_break_a_subject_or_show_as_anything_but_text(moved, desk, postbox, hook):
    channels = [desk, Channel(name="hook", url=hook.url, body=Body.HTML)]
    archive = moved(*channels, title=HOSTILE, text=f"{MOVED} {HOSTILE.splitlines()[0]}")
    queue_alerts(archive, channels, SEVEN)
    close_day(archive, DAY, ZoneInfo("UTC"), SEVEN)
    queue_digest(archive, DAY, channels, SEVEN)

    deliver(archive, channels, SEVEN)

    for letter in postbox.letters:
        assert not set("\r\n\u202e") & set(letter["Subject"])
        assert letter["Bcc"] is None
        page = letter.get_body(("html",)).get_content()
        assert "<script>" not in page
        assert "\u202e" not in page + letter.get_body(("plain",)).get_content()
    assert len(postbox.letters) == len(hook.bodies) == 2
    assert all("<script>" not in body["message"] for body in hook.bodies)


@pytest.mark.parametrize("body", [None, *Body])
@pytest.mark.parametrize("service", ["mmost", "ntfy", "gotify"])
def test_chats_that_take_text_for_markdown_get_no_link_or_call_that_a_page_wrote(hook, service, body):
    said = "<script>alert(1)</script> [x](http://e.example) ![i](http://e.example/i.png) @everyone <!channel>"
    page = (
        f"<html><style>@media print {{}}</style><p>{html.escape(said)} <a href='http://a@b/'>a</a></p></html>"
    )
    message = Message(key="k", subject=said, text=said, markdown=escaped(said), html=page)
    address = hook.url.replace("json://", f"{service}://") + "3ccdd113474722377935511fc85d3dd4"

    send(service_of(address), message, Mode(channel="chat", body=body), SEVEN)

    for told in hook.bodies[0].values():
        assert not re.search(r"(?<!\\)(\]\(|@everyone)", str(told))


def test_a_subject_that_a_page_wrote_stays_one_line_whatever_it_holds(desk, postbox):
    for title in (HOSTILE, "я" * 400, "\x00\x1b[31m\x85\u2028x", "=?utf-8?q?=0D=0ABcc:_x?=", " \r\n "):
        message = Message(key="k", subject=f"csto-watch: {title}", text=title, markdown=title, html=title)
        send(service_of(desk.url), message, Mode(channel="desk", body=None), SEVEN)
        subject = postbox.letters[-1]["Subject"]
        assert subject.startswith("csto-watch")
        assert not any(letter in subject for letter in "\r\n\x00\x1b\u202e")
        assert set(postbox.letters[-1].keys()) == {
            "Subject", "From", "To", "Date", "Message-ID", "List-Id", "Auto-Submitted", "MIME-Version",
            "Content-Type",
        }  # fmt: skip


def test_a_picture_stands_inline_in_the_page(desk, postbox):
    png = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
    page = f'<html><body><img src="cid:{PICTURE_NAME}" alt="timeline"></body></html>'
    message = Message(key="k", subject="s", text="plain", markdown="md", html=page, picture=png)

    send(service_of(desk.url), message, Mode(channel="desk", body=None), SEVEN)

    (letter,) = postbox.letters
    plain, related = letter.iter_parts()
    shown, picture = related.iter_parts()
    assert (plain.get_content_type(), related.get_content_type()) == ("text/plain", "multipart/related")
    assert shown.get_content_type() == "text/html"
    assert (picture["Content-ID"], picture.get_content_disposition()) == (f"<{PICTURE_NAME}>", "inline")
    assert picture.get_content_type() == "image/png"
    assert picture.get_content() == png


def test_a_password_from_the_environment_goes_to_the_server_and_into_no_error(desk, mailserver):
    secret = "p@ss:wörd/?#"
    channel = replace(desk, url=f"mailto://user:${{PW}}@127.0.0.1:{mailserver.port}/?from=a@example.org")

    assert service_of(with_secrets(channel.url, {"PW": secret})).password == secret
    reason = failure_of(channel, SEVEN, {"PW": secret})
    assert reason is not None
    assert secret not in reason


def test_a_filtered_channel_is_told_its_share_only(moved, desk, postbox):
    others = replace(desk, name="others", events=frozenset({"interaction"}))
    low = replace(desk, name="low", topics=frozenset({Topic.ALERTS}), significance=Significance.LOW)
    archive = moved(others, low)
    close_day(archive, DAY, ZoneInfo("UTC"), SEVEN)
    queue_digest(archive, DAY, [others, low], SEVEN)

    assert queue_alerts(archive, [others], SEVEN) == 0
    assert queue_alerts(archive, [low], SEVEN) == len(archive.changes())
    deliver(archive, [others, low], SEVEN)

    share, alert = (letter.get_body(("plain",)).get_content() for letter in postbox.letters)
    assert "Rubezh" not in share
    assert "site-en" in share
    assert "Rubezh" in alert


def test_a_long_digest_is_cut_to_what_the_service_takes(hook):
    service = service_of(hook.url)
    service.body_maxlen = 500
    message = Message(key="k", subject="s", text="a line of text\n" * 100, markdown="", html="")

    send(service, message, Mode(channel="hook", body=None), SEVEN)

    text = hook.bodies[0]["message"]
    assert len(text) <= 500
    assert text.endswith("more lines")


TEMPLATES = {
    "fine.html": (
        "html",
        "<p>{{ sheet.title }}</p>{% for c in digest.events %}<b>{{ c.events|join(', ') }}</b>{% endfor %}",
    ),
    "fine.txt": ("text", "{{ sheet.title }}: {{ digest.events|length }}"),
    "fine.md": ("md", "# {{ sheet.title }}"),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_users_template_replaces_ours_and_escapes_for_its_form_whatever_its_name(
    moved, hook, tmp_path, name
):
    form, source = TEMPLATES[name]
    (tmp_path / name).write_text(source + "{{ digest.period.changes[0].page_title }}", encoding="utf-8")
    channel = Channel(name="hook", url=hook.url, body=Body(form), template=tmp_path / name)
    archive = moved(channel, title="&lt;i&gt;[x](y)&#x202e;")
    close_day(archive, DAY, ZoneInfo("UTC"), SEVEN)
    queue_digest(archive, DAY, [channel], SEVEN)

    deliver(archive, [channel], SEVEN)

    message = hook.bodies[0]["message"]
    assert message.startswith({"html": "<p>csto-watch", "text": "csto-watch", "md": "# csto"}[form])
    shown = {"html": "&lt;i&gt;[x](y)", "text": "<i>[x](y)", "md": escaped("<i>[x](y)")}[form]
    assert message.endswith(shown)


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("one\n{% if %}", "own.txt, line 2"),
        ("one\ntwo\n{{ digest.nothing.more }}", "own.txt, line 3"),
        ("{{ ''.__class__.__mro__ }}", "own.txt, line 1"),
        ("{% include '../../etc/passwd' %}", "own.txt, line 1"),
        ("{{ 1 // 0 }}", "own.txt, line 1"),
    ],
)
def test_a_template_that_fails_names_its_line_and_the_message_goes_in_our_form(
    moved, hook, tmp_path, source, where
):
    (tmp_path / "own.txt").write_text(source, encoding="utf-8")
    channel = Channel(name="hook", url=hook.url, template=tmp_path / "own.txt")
    archive = moved(channel)
    close_day(archive, DAY, ZoneInfo("UTC"), SEVEN)
    queue_digest(archive, DAY, [channel], SEVEN)

    deliver(archive, [channel], SEVEN)

    message = hook.bodies[0]["message"]
    assert "Rubezh-2025" in message
    assert where in message.splitlines()[-1]


class Cut(BaseException):
    """The end of the process, as a kill is, without the process."""


@pytest.fixture
def closed(tmp_path):
    """An archive with the digest of a day."""
    with open_archive(tmp_path / "law.db", write=True, create=True) as archive:
        close_day(archive, DAY, ZoneInfo("UTC"), SEVEN)
        yield archive


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["failed", "cut before", "cut after"]), max_size=8))
def test_whatever_happens_before_a_message_is_taken_it_is_taken_at_last_and_then_left_alone(
    closed, monkeypatch, steps
):
    taken, coming = [], [*steps, "taken"]

    def hand_over(_, message, *__):
        step = coming.pop(0)
        if step in {"taken", "cut after"}:
            taken.append(message.key)
        if step.startswith("cut"):
            raise Cut
        if step == "failed":
            raise CannotSend("not now")

    monkeypatch.setattr("monitor.delivery.sending.send", hand_over)
    channel = Channel(name=f"channel {len(closed.deliveries())}", url="json://127.0.0.1:1/")
    queue_digest(closed, DAY, [channel], SEVEN)
    for step in range(len(steps) + 2):
        with contextlib.suppress(Cut):
            deliver(closed, [channel], SEVEN + step * 6 * HOUR)

    assert len(taken) == 1 + steps.count("cut after")
    assert len(set(taken)) == 1
    assert coming == []
    assert states(closed, channel.name) == [DeliveryState.SENT]


def test_an_alert_says_in_every_form_and_language_what_happened_and_leads_to_the_page(moved, hook):
    channels = [
        Channel(
            name=f"{body}-{language}", url=hook.url, body=body, language=language, web="https://w.example"
        )
        for body in Body
        for language in ("en", "ru")
    ]
    archive = moved(*channels)
    queue_alerts(archive, channels, SEVEN)

    deliver(archive, channels, SEVEN)

    url = "https://en.example.org/news/exercise/"
    for channel, body in zip(channels, hook.bodies, strict=True):
        told = body["message"].replace("\\", "")
        assert ("rescheduled" if channel.language == "en" else "перенес") in told
        assert ("17-20 September 2025" if channel.language == "en" else "17-20 сентября 2025") in told
        assert f'href="{url}"' in told if channel.body is Body.HTML else url in told
        assert "https://w.example/" in told


def test_more_than_twenty_alerts_are_one_message_that_counts_the_rest(moved, hook):
    channel = Channel(name="hook", url=hook.url)
    archive = moved(channel)
    recorded = archive.changes()[0]
    many = [
        replace(
            recorded,
            id=number,
            url=f"https://en.example.org/{number}/",
            change=replace(recorded.change, event=f"Exercise-{2000 + number}"),
        )
        for number in range(1, 41)
    ]

    message = alert_message(many, [], channel, "k", SEVEN)

    assert message.subject.endswith("(+39)")
    assert message.text.count("\n\n") == 20
    assert "20 more changes: cstowatch changes" in message.text


def test_an_alert_tells_when_a_trouble_began_in_the_zone_of_the_configuration(moved, hook):
    channel = Channel(name="hook", url=hook.url, zone=ZoneInfo("Europe/Moscow"))
    archive = moved(channel)
    archive.begin_trouble("site-en", TroubleKind.SILENT, "nothing new", SEVEN)
    queue_alerts(archive, [channel], SEVEN)

    deliver(archive, [channel], SEVEN)

    assert "since 11 September 2025, 10:00 +03:00" in hook.bodies[0]["message"]


def test_events_are_called_as_in_the_gazetteer_of_the_configuration(moved, hook):
    channel = Channel(name="hook", url=hook.url, language="ru")
    archive = moved(channel)
    close_day(archive, DAY, ZoneInfo("UTC"), SEVEN)
    queue_digest(archive, DAY, [channel], SEVEN)
    queue_alerts(archive, [channel], SEVEN)
    bundled = load_gazetteer()
    own = replace(
        bundled,
        series=tuple(
            replace(series, aliases=("Граница",)) if series.name == "Rubezh" else series
            for series in bundled.series
        ),
    )

    deliver(archive, [channel], SEVEN, gazetteer=own)

    assert len(hook.bodies) == 2
    assert all("Граница-2025" in body["message"] for body in hook.bodies)


@pytest.mark.parametrize("text", [None, "series = 3", "\ufffd = ["])
def test_a_gazetteer_that_is_faulty_keeps_nothing_from_being_told(tmp_path, text):
    file = tmp_path / "names.toml"
    if text is not None:
        file.write_text(text, encoding="utf-8")

    assert names_to_tell_by(file) == load_gazetteer()


def test_an_alert_of_one_event_says_how_many_of_its_changes_it_does_not_show(moved, hook):
    channel = Channel(name="hook", url=hook.url)
    recorded = moved(channel).changes()[0]

    message = alert_message(
        [replace(recorded, id=number) for number in range(1, 12)], [], channel, "k", SEVEN
    )

    assert "… and 3 more changes" in message.text


def test_an_alert_of_an_edited_page_marks_what_went_and_what_came_and_calls_it_silent(moved, hook):
    channel = Channel(name="hook", url=hook.url, significance=Significance.LOW)
    edited = replace(
        moved(channel).changes()[0],
        from_revision=1,
        to_revision=2,
        published=DAY,
        published_before=DAY,
        change=Change(
            kind=ChangeKind.STATEMENT_EDITED,
            significance=Significance.MEDIUM,
            old_statements=("The meeting of the ministers will take place in Minsk in October.",),
            new_statements=("The meeting of the ministers will take place in Minsk in November.",),
        ),
    )

    message = alert_message([edited], [], channel, "k", SEVEN)

    assert "in Minsk in [-October-] {+November+}." in message.text
    assert "SILENT EDIT" in message.text


def test_the_subject_of_a_digest_calls_an_event_as_its_reader_does(moved, desk, postbox):
    russian = replace(desk, language="ru")
    archive = moved(russian)
    close_day(archive, DAY, ZoneInfo("UTC"), SEVEN)
    queue_digest(archive, DAY, [russian], SEVEN)

    deliver(archive, [russian], SEVEN)

    (letter,) = postbox.letters
    assert letter["Subject"].startswith("Дайджест csto-watch, 11 сентября 2025: Рубеж-2025 сроки перенесены")


@pytest.fixture
def self_signed(tmp_path):
    """A server's context with a certificate that nobody else vouches for."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    begin = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, begin, begin + dt.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    return context


def test_mail_with_tls_goes_to_a_server_that_can_be_trusted_only(mailservers, self_signed, postbox):
    server = mailservers(
        tls_context=self_signed,
        require_starttls=True,
        auth_required=True,
        authenticator=lambda *answer: AuthResult(success=answer[-1].password == b"p@ss", handled=False),
    )
    url = f"mailtos://watch:${{PW}}@127.0.0.1:{server.port}/?from=a@example.org&mode=starttls"
    desk = Channel(name="desk", url=url)

    assert "certificate verify failed" in failure_of(desk, SEVEN, {"PW": "p@ss"})
    trusted = replace(desk, url=f"{url}&verify=no")
    assert "535" in failure_of(trusted, SEVEN, {"PW": "wrong"})
    assert postbox.letters == []
    assert failure_of(trusted, SEVEN, {"PW": "p@ss"}) is None
    assert len(postbox.letters) == 1


def test_mail_with_a_password_to_a_server_without_tls_goes_nowhere(desk, mailserver, postbox):
    url = f"mailtos://watch:${{PW}}@127.0.0.1:{mailserver.port}/?from=a@example.org&mode=starttls"

    reason = failure_of(replace(desk, url=url), SEVEN, {"PW": "p@ss"})

    assert "STARTTLS" in reason
    assert postbox.letters == []


def test_an_alert_says_when_what_was_known_was_said(moved, hook):
    channel = Channel(name="hook", url=hook.url)
    archive = moved(channel)
    queue_alerts(archive, [channel], SEVEN)

    deliver(archive, [channel], SEVEN)

    assert "was, said 30 January 2025: " in hook.bodies[0]["message"]


def test_pages_that_contradict_each_other_are_one_alert_beside_the_move(site, page, hook):
    channel = Channel(name="hook", url=hook.url)
    queue_alerts(site.archive, [channel], SIX - HOUR)
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED)
    site.pages["other"] = page("Dates", "The training “Rubezh-2025” will be held from 1 to 4 November 2025.")
    site.run(SIX)
    queue_alerts(site.archive, [channel], SEVEN)

    deliver(site.archive, [channel], SEVEN)

    (body,) = hook.bodies
    assert body["message"].count("CONTRADICTION") == 1
    assert body["message"].count("rescheduled") == 1
    assert queue_alerts(site.archive, [channel], SEVEN + MINUTE) == 0
