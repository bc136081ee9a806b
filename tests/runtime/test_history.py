"""The historian of a running installation: what it tells of itself, and what is there after ``kill -9``."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.runtime.site import Device, Site, wait_for

pytestmark = [pytest.mark.process, pytest.mark.timeout(120)]
LEVEL = "TK101.LT"


def test_the_historian_tells_how_it_fares_and_a_kill_takes_nothing_that_counts(
    site: Site, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOMATION__HISTORY__DURABILITY", "sync")
    site.start()
    wait_for(lambda: len(recorded(site)) > 3 and recorded(site), 20, "some history")
    tags = {row["name"]: row for row in site.ask("GET", "/tags", params={"search": "HISTORY."}).json()["items"]}
    alarms = {row["name"]: row["state"] for row in site.ask("GET", "/alarms").json()["items"]}
    health = site.ask("GET", "/health").json()["checks"]["history"]

    assert (health["ok"], health["message"]) == (True, "")
    assert {name: row["value"] for name, row in tags.items() if name != "HISTORY.WAITING"} == {
        "HISTORY.UP": True, "HISTORY.SPOOL": 0.0, "HISTORY.LOST": 0, "HISTORY.QUARANTINED": 0,
    }  # fmt: skip
    assert {alarms[name] for name in ("HISTORY.DOWN", "HISTORY.SPOOL", "HISTORY.LOST", "HISTORY.QUARANTINED")} == {"NORM"}

    before = recorded(site)
    site.kill()
    site.start()

    assert set(before) <= set(recorded(site))


def recorded(site: Site) -> list[Any]:
    now = time.time()
    answer = site.ask("GET", "/history", params={"tags": LEVEL, "start": now - 600, "end": now + 1, "mode": "raw"}).json()
    return list(zip(answer["series"][0]["time"], answer["series"][0]["value"], strict=True))
