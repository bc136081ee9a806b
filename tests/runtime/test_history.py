"""The historian of a running installation: what it tells of itself, and what is there after ``kill -9``."""

from __future__ import annotations

import time
from typing import Any

import pytest

from automation.model.tag import DataType
from automation.observers.historian.rows import Row
from automation.observers.historian.sql import SqlHistoryStore
from automation.storage.database import Database
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


def test_old_samples_go_into_the_archive_and_are_still_answered(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = (time.time() // 86_400 - 5) * 86_400
    given = [Row(LEVEL, DataType.FLOAT, round((begin + minute * 60) * 1e6), float(minute), 0) for minute in range(6_000)]
    (site.folder / "data").mkdir(mode=0o700)
    database = Database(f"sqlite:///{site.folder / 'data' / 'history.db'}")
    database.migrate("history")
    store = SqlHistoryStore(database)
    store.append(given, given[-1].time)
    store.compact_all()
    database.close()

    monkeypatch.setenv("AUTOMATION__HISTORY__KEEP__RAW", "2")
    monkeypatch.setenv("AUTOMATION__HISTORY__ARCHIVE", "true")
    site.start()
    removed = wait_for(lambda: events(site, "history.removed"), 30, "the removal of old history")

    assert "were removed because they were old" in removed[0]["message"]
    asked = {"tags": LEVEL, "start": begin, "end": begin + 100_000, "mode": "raw"}
    answer = site.ask("GET", "/history", params=asked).json()["series"][0]
    assert answer["value"][:3] == [0.0, 1.0, 2.0]
    assert len(answer["value"]) == 1_667
    assert list((site.folder / "data" / "archive").glob("*/*.parquet"))


def events(site: Site, kind: str) -> list[Any]:
    found: list[Any] = site.ask("GET", "/events", params={"kind": kind}).json()["items"]
    return found
