"""One whole round into an archive in a process of its own: task on stdin, what it took on stdout, as JSON."""

import datetime as dt
import functools
import json
import sys
from pathlib import Path

from run_crawl import peak_kb

import crawler.workers
import monitor.cycle
from crawler.run import Bounds, crawl
from crawler.workers import Extractor
from seeds.gazetteer import load_gazetteer
from seeds.sources import load_sources
from storage.archive import open_archive


def main() -> None:
    task = json.load(sys.stdin)
    # A hostile page costs a test what it costs until its deadline, which is 4.5 s for real ones.
    monitor.cycle.Extractor = functools.partial(Extractor, deadline=task["deadline"])
    # Nor does a small run need a pool, whose start costs more than its pages.
    crawler.workers.READ_AT_HOME = task.get("read_at_home", crawler.workers.READ_AT_HOME)
    now = dt.datetime.fromisoformat(task["now"])
    sources = load_sources(Path(task["sources"]))
    with open_archive(task["database"], write=True, create=True) as archive:

        def visits(sources, pages, deliver):
            bounds = Bounds(**task.get("bounds", {}))
            crawl(sources, pages, deliver, now=now, contact="test@example.org", bounds=bounds)

        report = monitor.cycle.run_cycle(archive, sources, load_gazetteer(), visits, now)
    json.dump({"failures": dict(report.failures), "peak_kb": peak_kb()}, sys.stdout)


if __name__ == "__main__":
    main()
