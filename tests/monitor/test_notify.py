"""`cstowatch notify` and `cstowatch digest --send` from the command line to a server."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from monitor.__main__ import main

MOVED = "The training “Rubezh-2025” will be held from 17 to 20 September at the Edelweiss training ground."


@pytest.fixture
def program(site, page, mailserver, tmp_path, monkeypatch, capsys):
    """A database with a change and a mail channel, and a call of the program on them."""
    site.pages["exercise"] = page("Rubezh-2025 moves", MOVED)
    site.run("2025-09-11T06:00")
    site.archive.close()
    config = tmp_path / "cstowatch.toml"
    config.write_text(
        f'[[notify]]\nname = "desk"\nurl = "mailto://127.0.0.1:{mailserver.port}/?from=w@example.org&to=${{DESK}}"\n',
        encoding="utf-8",
    )

    def call(*words, desk="desk@example.org", config=config):
        monkeypatch.setenv("DESK", desk)
        with pytest.raises(SystemExit) as ended:
            main(["--config", str(config), "--db", str(site.archive.path), *words])
        out, err = capsys.readouterr()
        return SimpleNamespace(returncode=ended.value.code, stdout=out, stderr=err)

    return call


def test_a_sample_reaches_each_channel_and_says_so(program, postbox):
    done = program("notify", "test")

    assert (done.returncode, done.stderr) == (0, "desk: sent.\n")
    assert postbox.letters[0]["Subject"] == "csto-watch test: the channel desk works"
    assert "<b>not bold</b>" in postbox.letters[0].get_body(("plain",)).get_content()
    assert "&lt;b&gt;not bold" in postbox.letters[0].get_body(("html",)).get_content()


def test_a_channel_that_does_not_take_the_sample_is_named_with_the_reason(program):
    done = program("notify", "test", "desk", desk="")

    assert done.returncode == 1
    assert done.stderr == (
        "desk: NOT sent: the environment lacks DESK, which the channel's url asks for; set it\n"
    )


def test_a_filter_of_a_source_that_there_is_not_is_said(program, tmp_path, mailserver):
    config = tmp_path / "filtered.toml"
    config.write_text(
        f'[[notify]]\nname = "desk"\nurl = "mailto://127.0.0.1:{mailserver.port}/?from=w@example.org&to=${{DESK}}"\n'
        'sources = ["csto-eng"]\n',
        encoding="utf-8",
    )

    done = program("notify", "test", config=config)

    assert done.returncode == 0
    assert "desk: there is no source 'csto-eng'; did you mean 'csto-en'?" in done.stderr


def test_a_channel_that_there_is_not_is_missed_with_a_near_one(program):
    done = program("notify", "test", "disk")

    assert done.returncode == 2
    assert "did you mean 'desk'?" in done.stderr


def test_the_digest_is_sent_once_and_a_channel_that_has_it_gets_it_no_second_time(program, postbox):
    first = program("digest", "--send", "--date", "2025-09-11")
    second = program("digest", "--send", "--date", "2025-09-11")

    assert (first.returncode, first.stdout, first.stderr) == (0, "", "desk: sent digest:2025-09-11.\n")
    assert (second.returncode, second.stderr) == (0, "Every channel has the digest of 2025-09-11 already.\n")
    assert len(postbox.letters) == 1
    (listed,) = json.loads(program("notify", "list", "--format", "json").stdout)
    assert (listed["channel"], listed["service"], listed["waiting"]) == ("desk", "mailto", 0)
    assert listed["last_sent"].endswith("Z")


def test_a_digest_that_did_not_go_is_said_with_exit_code_one_and_goes_when_asked_again(program, postbox):
    done = program("digest", "--send", "--date", "2025-09-11", desk="")

    assert done.returncode == 1
    assert done.stderr.startswith("desk: NOT sent, it will be tried again: the environment lacks DESK")
    (listed,) = json.loads(program("notify", "list", "--format", "json").stdout)
    assert listed["waiting"] == 1
    assert "DESK" in listed["error"]
    assert program("digest", "--send", "--date", "2025-09-11").returncode == 0
    assert len(postbox.letters) == 1


def test_without_a_channel_the_remedy_is_said(program, tmp_path):
    (tmp_path / "bare.toml").touch()

    for words in (("digest", "--send"), ("notify", "test"), ("notify", "list")):
        done = program(*words, config=tmp_path / "bare.toml")
        assert done.returncode == 2
        assert "No channel is configured. Add a table" in done.stderr


def test_a_digest_of_a_day_to_come_or_of_a_period_is_not_sent(program, postbox):
    assert "yet to come" in program("digest", "--send", "--date", "2999-01-01").stderr
    assert "--send sends the digest of a day" in program("digest", "--send", "--since", "7d").stderr
    assert postbox.letters == []
