"""Backups over REST."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from automation.testing.web import ServedPlant

Call = Callable[..., Any]
URL = "/api/backups"


def test_an_administrator_makes_a_backup_and_sees_it(call: Call, plant: ServedPlant) -> None:
    asked = call("POST", URL, as_="admin", json={})
    assert (asked.status_code, asked.json["by"], asked.json["progress"]) == (202, "admin", 0.5)
    plant.backups.finish("test.20270115T080000Z", 1_800_000_000.0)

    told = call("GET", URL, as_="admin").json

    assert [item["name"] for item in told["items"]] == ["test.20270115T080000Z"]
    assert told["status"]["last"] == 1_800_000_000.0
    assert told["keep"] == 7
    assert "backup.start" in plant.journal.kinds


def test_one_backup_is_made_at_a_time(call: Call) -> None:
    call("POST", URL, as_="admin", json={})

    answer = call("POST", URL, as_="admin", json={})

    assert (answer.status_code, answer.json["error"]["code"]) == (409, "running")


def test_a_backup_is_removed(call: Call, plant: ServedPlant) -> None:
    call("POST", URL, as_="admin", json={})
    plant.backups.finish("test.20270115T080000Z", 1_800_000_000.0)

    assert call("DELETE", f"{URL}/test.20270115T080000Z", as_="admin").json == {"removed": "test.20270115T080000Z"}
    assert call("DELETE", f"{URL}/test.20270115T080000Z", as_="admin").status_code == 404
    assert "backup.remove" in plant.journal.kinds


def test_only_administrators_have_to_do_with_backups(call: Call, plant: ServedPlant) -> None:
    for method, path in (("GET", URL), ("POST", URL), ("DELETE", f"{URL}/x")):
        assert call(method, path, as_="engineer").status_code == 403
    assert plant.backups.items == []
