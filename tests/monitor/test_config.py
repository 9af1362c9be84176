"""What the daemon reads of cstowatch.toml."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.config import load_config
from monitor.errors import InvalidConfig


def loaded(tmp_path, text):
    file = tmp_path / "cstowatch.toml"
    file.write_text(text, encoding="utf-8")
    return load_config(file, None)


def test_the_digest_is_made_at_seven_unless_another_time_is_named(tmp_path):
    assert loaded(tmp_path, "").digest_at == dt.time(7)
    assert loaded(tmp_path, 'digest_at = "18:30"').digest_at == dt.time(18, 30)


@pytest.mark.parametrize("value", ["7", "7:00", "24:00", "07:60", "07:00+03:00", "noon"])
def test_what_is_no_time_of_day_is_refused_with_an_example(tmp_path, value):
    with pytest.raises(InvalidConfig, match=r'digest_at must be a time of day such as "07:00", found'):
        loaded(tmp_path, f'digest_at = "{value}"')


def test_the_file_of_metrics_lies_beside_the_configuration(tmp_path):
    assert loaded(tmp_path, 'metrics_file = "c.prom"').metrics_file == tmp_path / "c.prom"
    assert loaded(tmp_path, "").metrics_file is None
