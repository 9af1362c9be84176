"""The archive's counters for Prometheus: as text for the web view, as a file for the node exporter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from monitor.files import replace_text

if TYPE_CHECKING:
    from storage.archive import Archive

__all__ = ["metrics_text", "write_metrics"]


def metrics_text(archive: Archive, now: dt.datetime) -> str:
    """All that can be counted as of now (aware), in the text format of Prometheus 0.0.4.

    Read from the archive at every call: nothing is counted in a process, so restarts lose nothing.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(archive, now))
    return generate_latest(registry).decode()


def write_metrics(archive: Archive, file: Path, now: dt.datetime) -> None:
    """Writes the text into the file at once: a reader finds the old text whole, or the new.

    Raises InvalidConfig where it cannot be written.
    """
    replace_text(file, metrics_text(archive, now), "metrics_file")


class _Collector:
    """Reads the archive when it is asked."""

    def __init__(self, archive: Archive, now: dt.datetime) -> None:
        self._archive = archive
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """Every metric with its samples, as of one moment."""
        with self._archive.of_one_moment():
            yield from self._counted()
            yield from self._sources()
            yield from self._size()

    def _counted(self) -> Iterator[Metric]:
        totals = self._archive.totals()
        yield _family(
            CounterMetricFamily, "cstowatch_runs", "Runs by command, and whether they came to their end.",
            ("command", "state"), totals.runs.items(),
        )  # fmt: skip
        yield _family(
            CounterMetricFamily, "cstowatch_visits", "Visits to articles by what they found.",
            ("outcome",), [((outcome,), count) for outcome, count in totals.visits.items()],
        )  # fmt: skip
        yield _family(
            CounterMetricFamily, "cstowatch_changes", "Changes recorded, by kind and significance.",
            ("kind", "significance"), totals.changes.items(),
        )  # fmt: skip
        yield _family(
            GaugeMetricFamily, "cstowatch_deliveries", "Messages by channel and state.",
            ("channel", "state"), totals.deliveries.items(),
        )  # fmt: skip

    def _sources(self) -> Iterator[Metric]:
        health = self._archive.source_health()
        yield _family(
            GaugeMetricFamily, "cstowatch_source_last_success_timestamp_seconds",
            "When the source last gave an answer.", ("source",),
            [((each.source,), each.last_success.timestamp()) for each in health if each.last_success],
        )  # fmt: skip
        yield _family(
            GaugeMetricFamily, "cstowatch_source_last_change_timestamp_seconds",
            "When the last change of the source was detected.", ("source",),
            [((each.source,), each.last_change.timestamp()) for each in health if each.last_change],
        )  # fmt: skip
        yield _family(
            GaugeMetricFamily, "cstowatch_trouble_since_timestamp_seconds",
            "What needs a person, and since when; no sample where all is well.", ("source", "kind"),
            [
                ((trouble.source, trouble.kind.value), trouble.began.timestamp())
                for trouble in self._archive.troubles(open_only=True)
            ],
        )  # fmt: skip
        yield _family(
            GaugeMetricFamily, "cstowatch_slots", "Times at which a job was due, by what became of them.",
            ("job", "state"),
            [((job, state.value), count) for (job, state), count in self._archive.slot_counts().items()],
        )  # fmt: skip

    def _size(self) -> Iterator[Metric]:
        path = self._archive.path
        size = sum(
            file.stat().st_size for file in (path, path.with_name(path.name + "-wal")) if file.exists()
        )
        yield GaugeMetricFamily("cstowatch_database_bytes", "Size of the database and its log.", value=size)
        yield GaugeMetricFamily(
            "cstowatch_read_timestamp_seconds", "When this was read.", value=self._now.timestamp()
        )


def _family(
    kind: type[CounterMetricFamily | GaugeMetricFamily],
    name: str,
    help_: str,
    labels: Sequence[str],
    samples: Iterable[tuple[Sequence[str], float]],
) -> Metric:
    family = kind(name, help_, labels=labels)
    for values, value in samples:
        family.add_metric(values, value)
    return family
