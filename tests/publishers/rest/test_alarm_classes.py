"""Classes of alarms over REST: what they allow, to whom, and how it is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from automation.model.philosophy import AlarmClass, Guidance, Philosophy
from automation.testing.clock import FakeClock
from automation.testing.web import ALARMS, ServedPlant

Call = Callable[..., Any]
ALARM = "/api/alarms/TK101.LT.HI"
SAFETY = AlarmClass(name="safety", description="Protects people", shelvable=False, ack_permission="force")
PROCESS = AlarmClass(name="process", max_shelve_s=600.0)


@pytest.fixture
def plant(clock: FakeClock) -> ServedPlant:
    """Its alarm is of the class safety, and raised."""
    plant = ServedPlant(
        clock,
        definitions=[replace(alarm, alarm_class="safety") for alarm in ALARMS],
        philosophy=Philosophy(
            classes={"safety": SAFETY, "process": PROCESS},
            guidance={"plant": Guidance(cause="Mains are low.", response_s=600.0)},
        ),
    )
    plant.measure("TK101.LT", 9.0)
    return plant


def test_classes_are_listed_with_what_counts_for_their_alarms(call: Call) -> None:
    told = call("GET", "/api/alarms/classes", as_="viewer").json

    assert [one["name"] for one in told["items"]] == ["safety", "process"]
    safety, process = told["items"]
    assert (safety["description"], safety["shelvable"], safety["max_shelve_s"]) == ("Protects people", False, None)
    assert set(safety["longest_shelf_s"].values()) == {0.0}
    assert (safety["ack_permission"], safety["ack_role"]) == ("force", "supervisor")
    assert set(process["longest_shelf_s"].values()) == {600.0}
    assert (process["ack_permission"], process["ack_role"]) == ("acknowledge", "operator")
    assert told["default"]["longest_shelf_s"]["1"] == 3_600.0


def test_an_alarm_that_is_not_shelvable_is_refused_with_its_reason_and_the_refusal_is_journalled(
    call: Call, plant: ServedPlant
) -> None:
    shelved = call("PUT", f"{ALARM}/shelf", json={"reason": "noisy"})
    suppressed = call("POST", f"{ALARM}/suppress", as_="engineer", json={"reason": "testing"})

    for answer in (shelved, suppressed):
        assert (answer.status_code, answer.json["error"]["code"]) == (403, "not_shelvable")
    assert "class safety" in shelved.json["error"]["message"]
    assert [(row.kind, row.actor, row.subject) for row in plant.journal.events] == [
        ("alarm.shelve.refused", "operator", "TK101.LT.HI"),
        ("alarm.suppress.refused", "engineer", "TK101.LT.HI"),
    ]
    view = next(one for one in call("GET", "/api/alarms").json["items"] if one["name"] == "TK101.LT.HI")
    assert (view["state"], view["shelvable"], view["longest_shelf_s"]) == ("UNACK", False, 0.0)


def test_acknowledging_needs_what_the_class_asks_for(call: Call, plant: ServedPlant) -> None:
    refused = call("POST", f"{ALARM}/acknowledge", json={})
    done = call("POST", f"{ALARM}/acknowledge", as_="supervisor", json={})

    assert (refused.status_code, refused.json["error"]["code"]) == (403, "not_allowed")
    assert "class safety" in refused.json["error"]["message"]
    assert "permission force, supervisor" in refused.json["error"]["message"]
    assert (done.status_code, done.json["ack_by"]) == (200, "supervisor")
    assert [row.kind for row in plant.journal.events] == ["alarm.acknowledge.refused"]


def test_one_of_several_alarms_that_asks_for_more_is_refused_by_itself(call: Call) -> None:
    told = call("POST", "/api/alarms/acknowledge", json={"all": True}).json
    shelved = call("POST", "/api/alarms/shelve", json={"names": ["TK101.LT.HI"], "reason": "noisy"}).json

    assert [(one["ok"], one["reason"]) for one in told["results"]] == [(False, "not_allowed")]
    assert "class safety" in told["results"][0]["error"]
    assert [(one["ok"], one["reason"]) for one in shelved["results"]] == [(False, "not_shelvable")]


def test_an_alarm_of_an_unknown_class_is_not_saved(call: Call) -> None:
    body = {"name": "TK101.LT.HH", "tag": "TK101.LT", "condition": {"kind": "high", "limit": 9.0}, "alarm_class": "proces"}

    answer = call("POST", "/api/alarms", as_="engineer", json={"body": body})

    assert answer.status_code == 422
    (mistake,) = answer.json["error"]["mistakes"]
    assert (mistake["subject"], mistake["field"]) == ("alarm TK101.LT.HH", "alarm_class")
    assert mistake["message"] == "proces: unknown class; known are safety, process"
    assert mistake["suggestion"] == "process"


def test_a_definition_that_is_looked_at_tells_what_its_area_says_in_its_place(call: Call) -> None:
    body = {"name": "NEW", "tag": "TK101.LT", "condition": {"kind": "high", "limit": 4.0}}

    in_plant = call("POST", "/api/alarms/check", as_="engineer", json={"body": {**body, "area": "plant/south"}}).json
    nowhere = call("POST", "/api/alarms/check", as_="engineer", json={"body": {**body, "area": "elsewhere"}}).json
    nonsense = call("POST", "/api/alarms/check", as_="engineer", json={"body": {"area": 7, "tag": ["x"]}}).json

    told = {"consequence": "", "cause": "Mains are low.", "action": "", "response_s": 600.0, "display": ""}
    assert (in_plant["guidance"], in_plant["guidance_from"]) == (told, "plant")
    assert in_plant["guidance_origins"] == {"cause": "plant", "response_s": "plant"}
    assert (nowhere["guidance"]["cause"], nowhere["guidance_from"], nowhere["guidance_origins"]) == ("", "", {})
    assert nonsense["guidance_from"] == ""


def test_saving_an_alarm_tells_what_operators_will_miss(call: Call) -> None:
    body = {"name": "TK101.LT.HH", "tag": "TK101.LT", "condition": {"kind": "high", "limit": 9.0}, "cause": "stuck valve"}

    made = call("POST", "/api/alarms", as_="engineer", json={"body": body})
    mended = {**body, "consequence": "spill", "action": "close it", "response_s": 300.0, "display": "/overview"}
    kept = call("PUT", "/api/alarms/TK101.LT.HH/definition", as_="engineer", json={"body": mended})

    assert (made.status_code, kept.status_code) == (201, 200)
    assert made.json["warnings"] == ["alarm TK101.LT.HH: not rationalized, it has no consequence, action and no response time"]
    assert kept.json["warnings"] == []
    view = next(one for one in call("GET", "/api/alarms").json["items"] if one["name"] == "TK101.LT.HH")
    assert (view["display"], view["guidance_from"]) == ("/overview", "")


def test_a_project_is_validated_planned_and_applied_with_what_should_be_mended(call: Call) -> None:
    text = '[[alarm]]\nname = "TK101.LT.HH"\ntag = "TK101.LT"\ncondition = { kind = "bad_quality" }\n'
    asked = {"json": {"files": {"alarms/north.toml": text}}, "as_": "engineer"}
    warned = "alarm TK101.LT.HH: not rationalized, it has no consequence, cause, action and no response time"

    validated = call("POST", "/api/project/validate", **asked).json["warnings"]
    planned = call("POST", "/api/project/plan", **asked).json["warnings"]
    applied = call("POST", "/api/project/apply", **asked).json["warnings"]

    assert (validated[-1], planned, applied) == (warned, [warned], [warned])
