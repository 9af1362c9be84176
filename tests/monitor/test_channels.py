"""The `[[notify]]` tables: what they may hold, every fault told at once, no secret in the open."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from diffing.digest import Period, build_digest
from diffing.formats import Reader
from diffing.model import ChangeKind, Significance
from monitor.config import _KEYS as CONFIG_KEYS
from monitor.config import load_config
from monitor.delivery.channels import _KEYS as CHANNEL_KEYS
from monitor.delivery.channels import Body, Topic, with_secrets
from monitor.delivery.templates import rendered
from monitor.errors import InvalidConfig

OPERATE = Path(__file__).resolve().parents[2] / "docs" / "operate.md"
TOML = re.compile(r"^```toml\n(.*?)^```$", re.DOTALL | re.MULTILINE)
DESK = '[[notify]]\nname = "desk"\nurl = "mailtos://watch:${PW}@example.org?to=desk@example.org"\n'


@pytest.fixture
def config(tmp_path):
    """Reads a configuration of these lines."""

    def read(text):
        file = tmp_path / "cstowatch.toml"
        file.write_text(text, encoding="utf-8")
        return load_config(file, None)

    return read


def refused(config, text):
    with pytest.raises(InvalidConfig) as refusal:
        config(text)
    return str(refusal.value)


def test_a_channel_is_told_everything_unless_it_says_otherwise(config):
    (channel,) = config(DESK).notify

    assert channel.topics == {Topic.DIGEST, Topic.ALERTS}
    assert (channel.body, channel.significance, channel.kinds) == (None, None, frozenset())
    assert channel.tells_of("Rubezh-2025")
    assert channel.tells_of(None)


def test_every_channel_is_told_in_the_zone_of_the_configuration(config):
    (channel,) = config('timezone = "Europe/Moscow"\n' + DESK).notify

    assert channel.zone == ZoneInfo("Europe/Moscow")


def test_every_key_of_a_channel_is_read(config, tmp_path):
    (tmp_path / "own.j2").touch()

    (channel,) = config(
        DESK + 'what = "alerts"\nkinds = ["rescheduled", "page_removed"]\nsignificance = "medium"\n'
        'sources = ["csto-en"]\nevents = ["rubezh", "Interaction-2025"]\nlanguage = "ru"\nformat = "md"\n'
        'template = "own.j2"\n'
    ).notify

    assert channel.topics == {Topic.ALERTS}
    assert channel.kinds == {ChangeKind.RESCHEDULED, ChangeKind.PAGE_REMOVED}
    assert (channel.significance, channel.language, channel.body) == (
        Significance.MEDIUM,
        "ru",
        Body.MARKDOWN,
    )
    assert channel.sources == {"csto-en"}
    assert channel.template == tmp_path / "own.j2"
    assert channel.tells_of("Rubezh-2026")
    assert channel.tells_of("Interaction-2025")
    assert not channel.tells_of("Interaction-2026")
    assert not channel.tells_of(None)


def test_all_faults_are_told_at_once_each_with_its_channel(config):
    said = refused(
        config,
        'nix = 1\nweb = "example.org"\n'
        + DESK
        + 'wat = 1\nkinds = ["reschedule"]\nlanguage = "de"\ntemplate = "none.j2"\n'
        + DESK
        + '[[notify]]\nwhat = 3\nurl = "not an address"\n',
    )

    for fault in (
        "unknown key 'nix'",
        "web must be an address",
        "notify 'desk': unknown key 'wat'; did you mean 'what'?",
        "kinds knows no 'reschedule'; did you mean 'rescheduled'?",
        "language must be",
        "no template at",
        "notify table 3: name is missing",
        "what must be",
        "notify table 3: url must be",
    ):
        assert fault in said


def test_an_address_that_cannot_be_taken_apart_is_refused(config):
    said = refused(config, '[[notify]]\nname = "desk"\nurl = "json://[::1/hook"\n')

    assert "notify 'desk': url cannot be read as an address" in said


def test_two_channels_of_one_name_are_refused(config):
    assert "two notify tables are named 'desk'" in refused(config, DESK + DESK)


def test_tables_that_are_none_are_refused(config):
    assert "notify must be tables headed [[notify]]" in refused(config, 'notify = "mailto://x"')


@pytest.mark.parametrize(
    "url",
    [
        "mailtos://watch:hunter2@example.org",
        "mailtos://watch:hunter2${PW}@example.org",
        "jsons://watch:hunter2@example.org/hook",
        "mailtos://example.org?user=watch&pass=hunter2",
        "ntfys://example.org/topic?token=hunter2",
    ],
)
def test_a_secret_in_the_open_is_refused_and_not_repeated(config, url):
    said = refused(config, f'[[notify]]\nname = "desk"\nurl = "{url}"\n')

    assert "in the open" in said
    assert "${NAME}" in said
    assert "hunter2" not in said


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mailtos://w:${A}@example.org", "mailtos://w:p%40s%3As%2F@example.org"),
        ("tgram://${B}/12345/", "tgram://123:abc/12345/"),
        ("${C}", "json://127.0.0.1:1/"),
        ("mailtos://w:${A}@example.org?to=${D}", "mailtos://w:p%40s%3As%2F@example.org?to=x@example.org"),
    ],
)
def test_secrets_come_from_the_environment_and_a_password_may_hold_anything(url, expected):
    environment = {"A": "p@s:s/", "B": "123:abc", "C": "json://127.0.0.1:1/", "D": "x@example.org"}

    assert with_secrets(url, environment) == expected


def test_a_secret_that_is_not_there_is_missed_by_name_and_only_when_it_is_needed(config):
    channel = config(DESK).notify[0]

    with pytest.raises(InvalidConfig, match="the environment lacks PW"):
        with_secrets(channel.url, {})


def test_the_channels_that_the_documentation_shows_are_read(config, tmp_path):
    (tmp_path / "archive.j2").touch()
    shown = [block for block in TOML.findall(OPERATE.read_text(encoding="utf-8")) if "[[notify]]" in block]

    named = [channel.name for block in shown for channel in config(block).notify]

    assert named == ["desk", "duty", "archive"]


def test_the_template_that_the_documentation_shows_tells_a_digest(tmp_path):
    (example,) = re.findall(r"```jinja\n(.*?)```", OPERATE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "own.j2").write_text(example, encoding="utf-8")
    day = dt.datetime(2025, 9, 11, tzinfo=dt.UTC)
    digest = build_digest(Period(since=day, until=day + dt.timedelta(hours=7)))

    text = rendered(tmp_path / "own.j2", Body.TEXT, digest, Reader())

    assert text.startswith("csto-watch digest, 11 September 2025: Nothing can be said")


@pytest.mark.parametrize("key", [*CONFIG_KEYS, *CHANNEL_KEYS])
def test_every_key_of_the_configuration_is_documented(key):
    text = OPERATE.read_text(encoding="utf-8")

    assert f"`{key}`" in text or f"\n{key} = " in text
