"""One crawl in a process of its own: a task as JSON on stdin, deliveries as JSON lines on stdout.

Twisted's reactor cannot start twice, so a test that crawls starts this.
"""

import base64
import datetime as dt
import json
import os
import signal
import sys
from pathlib import Path

from crawler.run import Bounds, crawl, fetch
from crawler.scheduling import PagesAtHand
from crawler.spiders.watch import Walk
from diffing.model import Fetched, PageState, Rest, RobotsCopy
from seeds.sources import load_sources


def main() -> None:
    task = json.load(sys.stdin)
    now = dt.datetime.fromisoformat(task["now"])
    bounds = Bounds(**{"timeout": 2.0, "pause": 0.05, **task.get("bounds", {})})
    delivered = 0

    def deliver(fetched: Fetched) -> None:
        nonlocal delivered
        delivered += 1
        if delivered == task.get("fail_at"):
            raise ZeroDivisionError("the archive is full")
        show(fetched)
        if delivered == task.get("signal_at"):
            os.kill(os.getpid(), signal.Signals[task["signal"]])

    if "faulty" in task:
        Walk.note = faulty
    if "fetch" in task:
        show(
            fetch(task["fetch"], contact="test@example.org", now=now, private=task["private"], bounds=bounds)
        )
    else:
        pages = {
            source: PagesAtHand(
                [
                    PageState(
                        **{
                            **page,
                            "source": source,
                            "first_seen": dt.datetime.fromisoformat(page["first_seen"]),
                            "last_visit": dt.datetime.fromisoformat(page["last_visit"]),
                            "last_good": dt.datetime.fromisoformat(page["last_visit"]),
                            "gone_since": dt.datetime.fromisoformat(page["gone_since"])
                            if "gone_since" in page
                            else None,
                        }
                    )
                    for page in known
                ]
            )
            for source, known in task.get("pages", {}).items()
        }
        crawl(
            load_sources(Path(task["sources"])),
            pages,
            deliver,
            now=now,
            contact="test@example.org",
            limit=task.get("limit"),
            full=task.get("full", False),
            bounds=bounds,
            manners=[manner_of(record) for record in task.get("manners", [])],
            learned=lambda manner: say({"manner": manner_record(manner)}),
        )
    say({"peak_kb": peak_kb()})


def faulty(*_: object, **__: object) -> None:
    raise ZeroDivisionError("a fault of our own")


def manner_record(manner: RobotsCopy | Rest) -> dict:
    if isinstance(manner, RobotsCopy):
        at = manner.fetched_at.isoformat()
        return {"origin": manner.origin, "at": at, "status": manner.status, "body": manner.body.decode()}
    return {"host": manner.host, "until": manner.until.isoformat()}


def manner_of(record: dict) -> RobotsCopy | Rest:
    if "host" in record:
        return Rest(host=record["host"], until=dt.datetime.fromisoformat(record["until"]))
    at = dt.datetime.fromisoformat(record["at"])
    return RobotsCopy(
        origin=record["origin"], fetched_at=at, status=record["status"], body=record["body"].encode()
    )


def show(fetched: Fetched) -> None:
    record = {
        "source": fetched.source,
        "role": fetched.role.value,
        "url": fetched.url,
        "final_url": fetched.final_url,
        "fetched_at": fetched.fetched_at.isoformat(),
        "status": fetched.status,
        "request_headers": fetched.request_headers,
        "headers": fetched.headers,
        "body": base64.b64encode(fetched.body).decode(),
        "error": fetched.error,
        "address": fetched.address,
        "flags": fetched.flags,
    }
    say(record)


def peak_kb() -> int | None:
    """The peak of this program's own memory; getrusage would tell that of the parent, were it larger."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), None)


def say(record: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(record) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
