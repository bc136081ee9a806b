"""Alarms that are enabled and disabled over REST."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from automation.testing.web import ServedPlant

Call = Callable[..., Any]
ALARM = "/api/alarms/TK101.LT.HI"


@pytest.fixture
def raised(call: Call, plant: ServedPlant) -> Call:
    plant.measure("TK101.LT", 9.0)
    return lambda method, path, as_="engineer", **more: call(method, path, as_=as_, **more)


def test_an_alarm_is_disabled_and_judged_at_once_when_it_is_enabled(raised: Call, plant: ServedPlant) -> None:
    off = raised("POST", f"{ALARM}/disable", json={"reason": "being rebuilt"})
    assert (off.status_code, off.json["state"]) == (200, "DSBLD")
    plant.measure("TK101.LT", 1.0)

    on = raised("POST", f"{ALARM}/enable", json={"reason": "done"})
    plant.alarms.step(plant.clock.now())

    assert (on.status_code, on.json["state"]) == (200, "RTNUN")
    rows = [(row.kind, row.actor, row.details.get("comment")) for row in plant.alarm_store.events]
    assert rows[1:4] == [
        ("alarm.disabled", "engineer", "being rebuilt"),
        ("alarm.enabled", "engineer", "done"),
        ("alarm.returned", "system", None),
    ]
    assert [row.details["reason"] for row in plant.config_store.events] == ["being rebuilt", "done"]


def test_the_definition_tells_of_it_as_of_any_edit(raised: Call) -> None:
    raised("POST", f"{ALARM}/disable", json={"reason": "being rebuilt"})

    told = raised("GET", f"{ALARM}/definition").json

    assert (told["body"]["enabled"], told["edited"]) == (False, True)


def test_what_is_so_already_is_refused_with_a_code(raised: Call, plant: ServedPlant) -> None:
    enabled = raised("POST", f"{ALARM}/enable", json={"reason": "x"})
    raised("POST", f"{ALARM}/disable", json={"reason": "x"})
    disabled = raised("POST", f"{ALARM}/disable", json={"reason": "x"})

    assert [(one.status_code, one.json["error"]["code"]) for one in (enabled, disabled)] == [(409, "enabled"), (409, "disabled")]
    assert [row.kind for row in plant.journal.events] == ["alarm.enable.refused", "alarm.disable.refused"]


def test_it_needs_an_engineer_a_reason_and_an_alarm(raised: Call) -> None:
    assert raised("POST", f"{ALARM}/disable", as_="supervisor", json={"reason": "x"}).status_code == 403
    for body in ({}, {"reason": ""}, {"reason": "   "}, {"reason": "x" * 501}):
        assert raised("POST", f"{ALARM}/disable", json=body).status_code == 422, body
    assert raised("POST", "/api/alarms/NOBODY/enable", json={"reason": "x"}).status_code == 404


def test_an_emergency_stop_forbids_it(raised: Call) -> None:
    raised("POST", "/api/estop/trip", json={"reason": "drill"})

    assert raised("POST", f"{ALARM}/disable", json={"reason": "x"}).status_code == 423


def test_several_are_disabled_at_once_each_with_its_own_outcome(raised: Call) -> None:
    told = raised("POST", "/api/alarms/disable", json={"names": ["TK101.LT.HI", "NOBODY"], "reason": "test run"}).json
    again = raised("POST", "/api/alarms/enable", json={"names": ["TK101.LT.HI"], "reason": "over"}).json

    assert [(one["name"], one["ok"], one["state"]) for one in told["results"]] == [
        ("TK101.LT.HI", True, "DSBLD"),
        ("NOBODY", False, None),
    ]
    assert (told["results"][1]["reason"], again["done"]) == ("not_found", 1)
