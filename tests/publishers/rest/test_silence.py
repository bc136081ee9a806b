"""Alarms that are kept silent, over REST."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from automation.testing.clock import FakeClock
from automation.testing.web import ServedPlant

Call = Callable[..., Any]
ALARM = "/api/alarms/TK101.LT.HI"


@pytest.fixture
def raised(call: Call, plant: ServedPlant) -> Call:
    plant.measure("TK101.LT", 9.0)
    return call


def counts(call: Call) -> tuple[int, int]:
    told = call("GET", "/api/alarms").json["counts"]
    return told["unack"], told["active"]


def test_an_alarm_is_shelved_and_heard_again(raised: Call, plant: ServedPlant, clock: FakeClock) -> None:
    assert counts(raised) == (1, 1)

    shelved = raised("PUT", f"{ALARM}/shelf", json={"reason": "sensor is replaced", "for_s": 600}).json
    assert (shelved["state"], shelved["core_state"], shelved["active"]) == ("SHLVD", "UNACK", True)
    assert (shelved["silence"], shelved["silent_by"]) == ("sensor is replaced", "operator")
    assert shelved["silent_until"] == clock.now() + 600
    assert counts(raised) == (0, 0)

    heard = raised("DELETE", f"{ALARM}/shelf").json
    again = raised("DELETE", f"{ALARM}/shelf")

    assert (heard["state"], heard["silence"], heard["silent_until"]) == ("UNACK", "", None)
    assert (again.status_code, again.json["error"]["code"]) == (409, "not_shelved")
    assert [event.kind for event in plant.alarm_store.events][-2:] == ["alarm.shelved", "alarm.unshelved"]


def test_a_shelf_ends_by_itself(raised: Call, plant: ServedPlant, clock: FakeClock) -> None:
    raised("PUT", f"{ALARM}/shelf", json={"reason": "noisy", "for_s": 60})

    clock.advance(61.0)
    plant.alarms.step(clock.now())

    assert counts(raised) == (1, 1)


def test_a_shelf_needs_a_reason_and_an_end_within_limits(raised: Call) -> None:
    for body in ({}, {"reason": "  "}, {"reason": "x", "for_s": 0}, {"reason": "x", "for_s": 86_400}):
        assert raised("PUT", f"{ALARM}/shelf", json=body).status_code == 422, body
    assert raised("PUT", "/api/alarms/NOBODY/shelf", json={"reason": "x"}).status_code == 404


def test_maintenance_hides_an_alarm_until_it_is_over(raised: Call) -> None:
    body = {"reason": "calibration", "work_order": "WO-17"}
    assert raised("PUT", f"{ALARM}/out-of-service", json=body).status_code == 403

    out = raised("PUT", f"{ALARM}/out-of-service", json=body, as_="supervisor").json
    refused = raised("POST", f"{ALARM}/acknowledge", json={})
    back = raised("DELETE", f"{ALARM}/out-of-service", as_="supervisor").json

    assert (out["state"], out["silence"]) == ("OOSRV", "calibration (WO-17)")
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "out_of_service")
    assert back["state"] == "UNACK"


def test_logic_suppresses_for_reasons_and_people_comment(raised: Call, plant: ServedPlant) -> None:
    assert raised("POST", f"{ALARM}/suppress", json={"reason": "start-up"}).status_code == 403
    silent = raised("POST", f"{ALARM}/suppress", json={"reason": "start-up"}, as_="engineer").json
    commented = raised("POST", f"{ALARM}/comment", json={"comment": "looked at it"}).json
    heard = raised("POST", f"{ALARM}/unsuppress", json={"reason": "start-up"}, as_="engineer").json

    assert (silent["state"], commented["state"], heard["state"]) == ("DSUPR", "DSUPR", "UNACK")
    row = next(event for event in plant.alarm_store.events if event.kind == "alarm.commented")
    assert (row.actor, row.details["comment"], row.details["suppressed"]) == ("operator", "looked at it", True)


def test_what_is_not_latched_is_not_reset(raised: Call) -> None:
    active = raised("POST", f"{ALARM}/reset", json={"comment": "seen"})
    assert (active.status_code, active.json["error"]["code"]) == (409, "still_active")
    assert raised("POST", f"{ALARM}/reset", json={"comment": "x" * 501}).status_code == 422
    assert raised("POST", f"{ALARM}/reset", json={}, as_="viewer").status_code == 403


def test_an_alarm_explains_itself(raised: Call, plant: ServedPlant) -> None:
    told = raised("GET", f"{ALARM}/why").json

    assert told["state"] == "UNACK"
    assert "It waits to be acknowledged." in told["sentences"]
    assert (told["pending"], told["overlays"]) == (None, [])
    assert raised("GET", "/api/alarms/NOBODY/why").status_code == 404
