"""The process that makes a report of a long time: what is asked on standard input, the report on standard output.

One line of JSON in, one out: the report, or ``error`` with its kind.
"""

from __future__ import annotations

import os
import sys
from typing import IO

import orjson

from automation.model.errors import AutomationError
from automation.observers.alarms.analytics.reading import Asked, report_of
from automation.settings import AlarmTargets
from automation.storage.database import Database
from automation.storage.days import local_day

NICE = 10


def report_order(asked: Asked, zone: str, targets: AlarmTargets, config_url: str) -> bytes:
    """The line that the process is told. zone: in which days are counted."""
    told = {
        "start": asked.start,
        "end": asked.end,
        "area": asked.area,
        "now": asked.now,
        "configured": sorted(asked.configured.items()),
        "zone": zone,
        "targets": targets.model_dump(mode="json"),
        "config": config_url,
    }
    return orjson.dumps(told) + b"\n"


def serve_report(given: IO[bytes], told: IO[bytes]) -> int:
    """Make the report of the one line that is given; the exit status."""
    os.nice(NICE)
    order = orjson.loads(given.readline())
    asked = Asked(**{name: order[name] for name in ("start", "end", "area", "now")}, configured=dict(order["configured"]))
    try:
        database = Database(order["config"], read_only=True)
        try:
            answer = report_of(database, asked, local_day(order["zone"]), AlarmTargets.model_validate(order["targets"]))
        finally:
            database.close()
    except AutomationError as error:
        told.write(orjson.dumps({"error": str(error), "kind": type(error).__name__}))
        return 1
    told.write(orjson.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(serve_report(sys.stdin.buffer, sys.stdout.buffer))
