"""One line an event, whatever it holds."""

from __future__ import annotations

import datetime as dt
import io
import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from monitor.logs import Level, Log, LogFormat

NOON = dt.datetime(2025, 9, 11, 12, tzinfo=dt.UTC)
TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
TEXTS = st.text() | st.sampled_from(["https://user:secret@example.org/a", "a\r\nb\x1b[31m\u202e", "\udcff"])


def told(style, *event, **fields):
    stream = io.StringIO()
    Log(lambda: NOON, style, stream)(*event, **fields)
    return stream.getvalue()


def test_an_event_is_a_line_for_people():
    line = told(
        LogFormat.TEXT, "crawl_ended", Level.WARNING, sources=["a", "b"], code=1, said="no answer", at=None
    )

    assert line == ('2025-09-11T12:00:00.000Z warning crawl_ended sources=a,b code=1 said="no answer"\n')


def test_an_event_is_an_object_for_programs():
    line = told(LogFormat.JSON, "crawl_ended", sources=["a"], code=0)

    assert json.loads(line) == {
        "ts": "2025-09-11T12:00:00.000Z", "level": "info", "event": "crawl_ended", "sources": ["a"], "code": 0
    }  # fmt: skip


def test_no_user_name_and_password_is_told():
    assert "secret" not in told(LogFormat.TEXT, "x", url="smtps://me:secret@mail.example.org/?to=a@b.org")
    assert "a@b.org" in told(LogFormat.TEXT, "x", url="smtps://me:secret@mail.example.org/?to=a@b.org")


@given(st.sampled_from(LogFormat), TEXTS, st.lists(TEXTS))
def test_whatever_is_told_stays_one_line_without_control(style, text, texts):
    line = told(style, "x", text=text, texts=texts)

    assert line.endswith("\n")
    assert line.count("\n") == 1
    assert not any(unicodedata.category(each) in {"Cc", "Cs", "Zl", "Zp"} for each in line[:-1])
    assert not any(unicodedata.bidirectional(each) in TURNS for each in line)
    assert "secret" not in line


def test_a_stderr_that_is_gone_stops_nothing():
    stream = io.StringIO()
    stream.close()

    Log(lambda: NOON, stream=stream)("x")


def test_quiet_it_tells_only_what_went_wrong():
    stream = io.StringIO()
    log = Log(lambda: NOON, LogFormat.TEXT, stream, quiet=True)
    log("crawl_ended")
    log("missed", Level.WARNING, slots=2)

    assert stream.getvalue() == "2025-09-11T12:00:00.000Z warning missed slots=2\n"
