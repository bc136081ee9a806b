"""Outputs over REST: lives, keys, locks, leases, zones and the guard."""

from __future__ import annotations

from typing import get_args

from automation.guard.status import GuardInputStatus, GuardLinkStatus, GuardOutputStatus, GuardStatus
from automation.model.errors import DeviceTimeoutError
from automation.model.estop import EstopState
from automation.model.operation import Life
from automation.publishers.rest.output_models import LifeWord

VALVE = "/api/tags/TK101.FV"


def test_the_document_knows_every_state_of_a_life():
    assert set(get_args(LifeWord)) == {life.value for life in Life}


def test_a_put_answers_with_the_tag_and_its_operation(call):
    answer = call("PUT", f"{VALVE}/value", json={"value": True, "for_s": 30, "key": "k1"})

    assert answer.status_code == 200
    assert answer.json["value"] is True
    told = answer.json["operation"]
    assert (told["state"], told["running"], told["for_s"], told["key"]) == ("confirmed", True, 30.0, "k1")
    assert [step["state"] for step in told["life"]] == ["accepted", "sent", "confirmed"]
    assert call("GET", f"/api/operations/{told['id']}").json == told
    assert call("GET", "/api/operations?subject=TK101.FV&state=confirmed").json["items"] == [told]
    assert call("GET", f"{VALVE}/output").json["operation"] == told


def test_a_command_with_the_same_key_is_done_once(call, plant):
    first = call("PUT", f"{VALVE}/value", json={"value": True}, headers={"Idempotency-Key": "abc"})
    second = call("PUT", f"{VALVE}/value", json={"value": True, "key": "abc"})

    assert first.json["operation"]["id"] == second.json["operation"]["id"]
    assert len(plant.outputs.puts) == 1
    other = call("PUT", f"{VALVE}/value", json={"value": False, "key": "abc"})
    assert (other.status_code, other.json["error"]["code"]) == (422, "invalid_value")
    assert call("PUT", f"{VALVE}/value", json={"value": True, "key": "x"}, headers={"Idempotency-Key": "y"}).status_code == 422


def test_a_running_operation_is_cancelled_by_its_id(call):
    operation = call("PUT", f"{VALVE}/value", json={"value": True, "for_s": 30}).json["operation"]["id"]

    cancelled = call("POST", f"/api/operations/{operation}/cancel")
    again = call("POST", f"/api/operations/{operation}/cancel")

    assert (cancelled.status_code, cancelled.json["state"], again.json["state"]) == (200, "cancelled", "cancelled")
    assert call("GET", VALVE).json["value"] is False
    setpoint = call("PUT", "/api/tags/TK101.SP/value", json={"value": 3}).json["operation"]["id"]
    refused = call("POST", f"/api/operations/{setpoint}/cancel")
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "not_running")
    assert call("POST", "/api/operations/nope/cancel").status_code == 404


def test_what_fails_leaves_an_operation_that_says_why(call, plant):
    plant.outputs.failing = DeviceTimeoutError("no answer")

    assert call("PUT", f"{VALVE}/value", json={"value": True}).status_code == 504
    (told,) = call("GET", "/api/operations").json["items"]
    assert (told["state"], told["message"]) == ("failed", "no answer")


def test_an_output_tells_its_rules_and_what_stands_in_its_way(call):
    before = call("GET", f"{VALVE}/output").json
    hung = call("PUT", f"{VALVE}/tag-out", json={"note": "seal is out"})

    assert (before["operate"], before["restart"], before["continuous"], before["blocked"]) == ("direct", "safe", True, [])
    assert hung.json["blocked"] == ["tagged out by operator: seal is out"]
    assert call("GET", "/api/tag-outs").json["items"][0]["note"] == "seal is out"
    refused = call("PUT", f"{VALVE}/value", json={"value": True})
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "interlocked")
    assert call("PUT", f"{VALVE}/tag-out", json={"note": "again"}).status_code == 409
    assert call("DELETE", f"{VALVE}/tag-out").json["tag_out"] is None
    assert call("DELETE", f"{VALVE}/tag-out").status_code == 404
    assert call("GET", "/api/tags/TK101.SP/output").status_code == 403
    assert call("GET", "/api/tags/NOPE/output").status_code == 404


def test_a_selection_is_made_and_given_up(call):
    made = call("POST", f"{VALVE}/selection")

    assert (made.status_code, made.json["tag"], made.json["owner"]) == (201, "TK101.FV", "operator")
    assert call("GET", f"{VALVE}/output").json["selection"]["id"] == made.json["id"]
    assert call("DELETE", f"{VALVE}/selection").json == {"ok": True}
    assert call("GET", f"{VALVE}/output").json["selection"] is None


def test_a_lease_keeps_others_away_until_it_is_given_back(call, plant):
    taken = call("POST", "/api/leases", json={"device": "TK101", "for_s": 60})

    assert (taken.status_code, taken.json["owner"]) == (201, "operator")
    assert call("GET", "/api/leases").json["items"] == [taken.json]
    refused = call("PUT", f"{VALVE}/value", json={"value": True}, as_="supervisor")
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "leased")
    assert call("DELETE", "/api/leases/TK101", as_="supervisor").status_code == 200
    assert call("DELETE", "/api/leases/TK101").status_code == 404


def test_a_zone_is_tripped_and_cleared_apart_from_the_plant(call, plant):
    tripped = call("POST", "/api/estop/trip", json={"reason": "smoke", "zone": "south"})
    (zone,) = tripped.json["zones"]

    assert (tripped.json["latched"], zone["latched"], zone["reason"]) == (False, True, "smoke")
    assert call("POST", "/api/estop/trip", json={"zone": "north"}).status_code == 404
    cleared = call("POST", "/api/estop/clear", json={"id": zone["id"], "reason": "looked"}, as_="supervisor")
    assert cleared.json["zones"][0]["latched"] is False


def test_the_guard_is_told_as_it_was_heard(call, plant):
    assert call("GET", "/api/guard").json["pid"] is None
    plant.outputs.status = GuardStatus(
        time=5.0,
        pid=7,
        estop=EstopState(),
        runtime_heard=True,
        latch_saved=True,
        realtime=False,
        trip_ms=3.5,
        trip_max_ms=4.5,
        trips=2,
        links=(
            GuardLinkStatus(name="plc", up=True, since=1.0, last_error="", requests=3, errors=0, reconnects=0, latency_ms=1.0),
        ),
        outputs=(GuardOutputStatus(name="V", active=True, safe_pending=False, deadline=None),),
        inputs=(GuardInputStatus(name="ES1", zone="", pressed=False, since=2.0, last_error=""),),
    )

    told = call("GET", "/api/guard").json

    assert (told["up"], told["pid"], told["trips"], told["trip_ms"]) == (True, 7, 2, 3.5)
    assert told["inputs"][0] == {"name": "ES1", "zone": "", "pressed": False, "since": 2.0, "last_error": ""}
    assert "estop" not in told
