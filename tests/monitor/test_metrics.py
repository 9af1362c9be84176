"""What Prometheus is told is what the archive holds."""

from __future__ import annotations

import datetime as dt

import pytest
from prometheus_client.parser import text_string_to_metric_families

from diffing.model import TroubleKind
from monitor.errors import InvalidConfig
from monitor.metrics import metrics_text, write_metrics

NOON = dt.datetime(2025, 9, 11, 12, tzinfo=dt.UTC)


def samples(archive):
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(metrics_text(archive, NOON))
        for sample in family.samples
    }


def test_every_number_is_read_from_the_archive(site, page):
    site.pages = {"one": page("One", "The training “Rubezh-2025” will be held from 17 to 20 September.")}
    site.run(NOON - dt.timedelta(hours=2))
    site.run(NOON - dt.timedelta(hours=1))
    site.archive.plan_slots("crawl:site-en", 0, [NOON - dt.timedelta(hours=1), NOON], NOON)
    site.archive.begin_trouble("site-en", TroubleKind.SILENT, "since March", NOON)
    site.archive.queue_messages("desk", ["digest:2025-09-11"], NOON)

    told = samples(site.archive)

    assert told["cstowatch_runs_total", "crawl", "finished"] == 2
    assert told["cstowatch_visits_total", "new"] == 1
    assert told["cstowatch_visits_total", "unchanged"] == 1
    assert told["cstowatch_changes_total", "high", "rescheduled"] == 1
    assert told["cstowatch_slots", "crawl:site-en", "missed"] == 1
    assert told["cstowatch_slots", "crawl:site-en", "due"] == 1
    assert told["cstowatch_deliveries", "desk", "waiting"] == 1
    assert told["cstowatch_trouble_since_timestamp_seconds", "silent", "site-en"] == NOON.timestamp()
    last = (NOON - dt.timedelta(hours=1)).timestamp()
    assert told["cstowatch_source_last_success_timestamp_seconds", "site-en"] == last
    assert told["cstowatch_database_bytes",] > 100_000


def test_a_name_from_outside_is_told_as_a_label_and_nothing_more(site):
    site.archive.begin_trouble('x"} 1\ncstowatch_forged 1', TroubleKind.UNSENT, "x", NOON)

    assert not any(name == "cstowatch_forged" for name, *_ in samples(site.archive))


def test_the_file_is_replaced_at_once_and_others_may_read_it(site, tmp_path):
    file = tmp_path / "cstowatch.prom"
    file.write_text("old", encoding="utf-8")

    write_metrics(site.archive, file, NOON)

    assert file.read_text(encoding="utf-8") == metrics_text(site.archive, NOON)
    assert file.stat().st_mode & 0o777 == 0o644
    assert [each for each in tmp_path.iterdir() if "prom" in each.name] == [file]


def test_a_file_that_cannot_be_written_is_told_with_its_remedy(site, tmp_path):
    with pytest.raises(InvalidConfig, match=r"metrics_file .* cannot be written"):
        write_metrics(site.archive, tmp_path / "nowhere" / "x.prom", NOON)
