"""What each noun answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from automation.model.quality import Quality
from automation.model.tag import Tag
from automation.system.clock import Stopwatch
from automation.testing.clock import FakeClock
from automation.testing.web import ServedPlant, rest_app

Call = Callable[..., Any]


def test_a_tag_is_told_with_its_declaration_its_sample_and_its_alarms(call: Call, plant: ServedPlant, clock: FakeClock) -> None:
    plant.measure("TK101.LT", 1.5)

    assert call("GET", "/api/tags/TK101.LT").json == {
        "name": "TK101.LT",
        "id": plant.cvt.tag("TK101.LT").id,
        "type": "float",
        "display_name": "",
        "unit": "m",
        "unit_symbol": "m",
        "display_unit": "",
        "display_unit_symbol": "",
        "description": "Level of the tank",
        "area": "north",
        "kind": "field",
        "source": "plc/input:0",
        "expression": None,
        "function": False,
        "scan": "normal",
        "range": [0.0, 10.0],
        "precision": 2,
        "width": None,
        "states": {},
        "scale": None,
        "deadband": 0.0,
        "history_deadband": None,
        "writable": False,
        "write_role": "",
        "retained": False,
        "history": True,
        "recording": None,
        "metadata": {},
        "manufacturer": "",
        "segment": "",
        "kilometre_post": None,
        "owner": "app:plant",
        "override": None,
        "value": 1.5,
        "quality": 0,
        "severity": "GOOD",
        "reason": "",
        "source_time": clock.now(),
        "server_time": clock.now(),
        "alarms": ["TK101.LT.HI"],
    }


def test_a_bad_tag_says_why(call: Call, plant: ServedPlant) -> None:
    plant.measure("TK101.LT", None, Quality.BAD_NOT_CONNECTED)

    view = call("GET", "/api/tags/TK101.LT").json

    assert (view["severity"], view["reason"], view["quality"]) == ("BAD", "not connected", 0x808A0000)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("search=level", ["TK101.LT", "TK101.SP"]),
        ("search=tk101.f", ["TK101.FV"]),
        ("kind=soft", ["TK101.SP", "BATCH.ID"]),
        ("kind=output", ["TK101.FV"]),
        ("kind=system", ["LINK.plc.UP"]),
        ("area=north&kind=field", ["TK101.LT", "TK101.TT"]),
        ("limit=2&offset=1", ["TK101.TT", "TK101.SP"]),
        ("offset=100", []),
    ],
)
def test_tags_are_found_by_name_area_and_kind_and_come_in_pages(call: Call, query: str, names: list[str]) -> None:
    answer = call("GET", f"/api/tags?{query}").json

    assert [tag["name"] for tag in answer["items"]] == names
    assert answer["total"] == (6 if query.startswith(("limit", "offset")) else len(names))


def test_a_put_is_answered_with_what_was_read_back_and_journalled(call: Call, plant: ServedPlant) -> None:
    answer = call("PUT", "/api/tags/TK101.SP/value", json={"value": 3})

    assert answer.status_code == 200
    assert answer.json["value"] == 3.0
    assert plant.journal.events[-1].kind == "tag.put"
    assert plant.journal.events[-1].origin == "rest 127.0.0.1"
    assert call("GET", "/api/events?kind=tag&subject=TK101.SP").json["items"][0]["details"]["new"] == 3.0


def test_values_of_many_tags_come_in_short_form(call: Call, clock: FakeClock) -> None:
    answer = call("POST", "/api/tags/values", json={"names": ["TK101.SP", "LINK.plc.UP"]})

    now = clock.now()
    assert answer.json["items"] == [["TK101.SP", 2.0, 0, now, now], ["LINK.plc.UP", True, 0, now, now]]
    assert call("POST", "/api/tags/values", json={"names": ["NOPE"]}).status_code == 404


def test_history_comes_in_buckets_or_raw(call: Call) -> None:
    buckets = call("GET", "/api/history?tags=TK101.LT,TK101.TT&buckets=4").json["series"]
    raw = call("GET", "/api/history?tags=TK101.LT&mode=raw").json["series"]

    assert [one["tag"] for one in buckets] == ["TK101.LT", "TK101.TT"]
    assert buckets[0]["unit"] == "m"
    assert len(buckets[0]["time"]) == len(buckets[0]["min"]) == len(buckets[0]["quality"]) == 4
    assert raw[0]["mode"] == "raw"
    assert raw[0]["truncated"] is False


def test_an_alarm_is_seen_and_acknowledged_once(call: Call, plant: ServedPlant) -> None:
    plant.measure("TK101.LT", 9.0)
    alarm = call("GET", "/api/alarms").json
    occurred = next(item for item in alarm["items"] if item["name"] == "TK101.LT.HI")
    path = "/api/alarms/TK101.LT.HI/acknowledge"

    stale = call("POST", path, json={"occurrence_id": "another"})
    done = call("POST", path, json={"comment": "seen", "occurrence_id": occurred["occurrence_id"]})
    again = call("POST", path, json={})

    assert occurred["state"] == "UNACK"
    assert alarm["counts"] == {"unack": 1, "active": 1, "by_priority": {"1": 0, "2": 1, "3": 0, "4": 0, "5": 0}}
    assert (stale.status_code, stale.json["error"]["code"]) == (409, "stale_occurrence")
    assert (done.status_code, done.json["state"], done.json["ack_by"]) == (200, "ACKED", "operator")
    assert (again.status_code, again.json["error"]["code"]) == (409, "already_acked")


def test_a_stop_is_cleared_with_a_token_of_the_last_minutes_only(call: Call, plant: ServedPlant, clock: FakeClock) -> None:
    tripped, old = call("POST", "/api/estop/trip", json={}).json, plant.token("supervisor")
    clock.advance(301.0)

    refused = call("POST", "/api/estop/clear", json={"id": tripped["id"], "reason": "checked"}, headers=bearer(old), as_=None)
    fresh = call("POST", "/api/auth/refresh", headers=bearer(old), as_=None).json["token"]
    cleared = call("POST", "/api/estop/clear", json={"id": tripped["id"], "reason": "checked"}, headers=bearer(fresh), as_=None)

    assert refused.status_code == 403
    assert cleared.json["latched"] is False


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_machine_takes_a_command(call: Call) -> None:
    assert call("POST", "/api/machines/pumps/commands/start").json["state"] == "running"
    assert call("GET", "/api/machines").json["items"][0]["ports"] == [{"name": "level", "tag": "TK101.LT", "direction": "in"}]


def test_a_link_tells_how_it_stands_and_what_its_scans_do(call: Call) -> None:
    link = call("GET", "/api/links/plc", as_="viewer").json

    assert link == call("GET", "/api/links").json["items"][0]
    assert (link["state"], link["errors"], link["errors_by_kind"]) == ("up", 2, {"timeout": 2})
    assert [link[f"latency_p{point}_ms"] for point in (50, 95, 99)] == [1.0, 2.0, 4.0]
    assert link["scans"] == [
        {
            "name": "normal",
            "period_s": 1.0,
            "tags": 3,
            "subscribed": False,
            "received": 0,
            "dropped": 0,
            "overruns": 1,
            "lateness_ms": 0.5,
            "lateness_p99_ms": 20.0,
        }
    ]


def test_a_link_that_is_not_there_is_not_found(call: Call) -> None:
    answer = call("GET", "/api/links/nope")

    assert (answer.status_code, answer.json["error"]["message"]) == (404, "unknown link nope")


def test_the_emergency_stop_is_tripped_stops_puts_and_is_cleared_by_its_id(call: Call, plant: ServedPlant) -> None:
    tripped = call("POST", "/api/estop/trip", json={"reason": "smoke"}, as_="viewer").json
    refused = call("PUT", "/api/tags/TK101.SP/value", json={"value": 3.0})
    wrong = call("POST", "/api/estop/clear", json={"id": "other", "reason": "checked"}, as_="supervisor")
    cleared = call("POST", "/api/estop/clear", json={"id": tripped["id"], "reason": "checked"}, as_="supervisor")

    assert tripped["latched"]
    assert (tripped["reason"], tripped["actor"], tripped["guard"]) == ("smoke", "viewer", "up")
    assert (refused.status_code, refused.json["error"]["code"]) == (423, "estop_active")
    assert wrong.status_code == 409
    assert cleared.json["latched"] is False
    plant.guard_up = False
    assert call("GET", "/api/estop").json["guard"] == "down"


def test_the_emergency_stop_needs_no_reason_and_no_body(call: Call) -> None:
    assert call("POST", "/api/estop/trip").json["latched"]


def test_applications_and_their_screens_are_listed(call: Call) -> None:
    apps = call("GET", "/api/apps").json["items"]

    assert apps[0]["screens"] == [{"id": "overview", "title": "Overview"}]
    assert call("GET", "/api/apps/tank/screens/overview").json["elements"] == []


def test_an_administrator_adds_a_user(call: Call) -> None:
    body = {"username": "Anna", "password": "a long enough password", "role": "engineer"}

    added = call("POST", "/api/users", as_="admin", json=body)

    assert added.status_code == 201
    assert added.json["name"] == "anna"
    assert added.json["must_change_password"] is True
    assert body["password"] not in added.text
    assert "hash" not in added.text
    assert call("POST", "/api/users", as_="admin", json=body).json["error"]["code"] == "exists"
    assert call("POST", "/api/users", as_="admin", json={**body, "password": "short"}).status_code == 422


def test_health_is_degraded_by_one_failed_check(call: Call) -> None:
    health = call("GET", "/api/health", as_=None).json

    assert health["checks"] == {"database": {"ok": True, "message": ""}}
    assert (health["site"], health["version"]) == ("test", "1.2.3")


def test_what_is_recorded_of_a_tag_is_told_where_it_is_not_every_change(clock: FakeClock) -> None:
    door = Tag(name="T", history={"mode": "swinging_door", "deviation": 0.5})
    plant = ServedPlant(clock, tags=[door, Tag(name="N", history=False)], definitions=())
    http: FlaskClient = rest_app(plant)[0].test_client()
    items = http.get("/api/tags", headers={"Authorization": f"Bearer {plant.token()}"}).json["items"]
    told = {item["name"]: (item["history"], item["recording"]) for item in items}

    assert told["T"] == (
        True,
        {
            "mode": "swinging_door",
            "deadband": None,
            "deviation": 0.5,
            "interval_s": None,
            "min_interval_s": None,
            "max_interval_s": 60.0,
        },
    )
    assert told["N"] == (False, None)


def test_a_page_of_a_thousand_tags_is_quick(clock: FakeClock) -> None:
    plant = ServedPlant(clock, tags=[Tag(name=f"T{i:04}", initial=1.5, range=(0.0, 9.0)) for i in range(1000)], definitions=())
    http: FlaskClient = rest_app(plant)[0].test_client()
    header = {"Authorization": f"Bearer {plant.token()}"}
    times = []

    for _ in range(15):
        stopwatch = Stopwatch()
        answer = http.get("/api/tags?limit=1000", headers=header)
        times.append(stopwatch.elapsed_s())

    assert len(answer.json["items"]) == 1000
    assert sorted(times)[7] < 0.060
