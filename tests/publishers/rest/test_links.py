"""Links over REST: made, changed, renamed, removed, and a look at the devices behind them."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from automation.testing.web import ServedPlant

Call = Callable[..., Any]
METER = {"name": "meter", "kind": "modbus", "host": "127.0.0.1", "port": 1502}


@pytest.fixture
def engineer(call: Call) -> Call:
    """As ``call``, by an engineer."""

    def send(method: str, path: str, **more: Any) -> Any:
        return call(method, f"/api{path}", as_="engineer", **more)

    return send


def test_a_link_is_made_read_changed_and_removed(engineer: Call, plant: ServedPlant) -> None:
    made = engineer("POST", "/links", json={"body": METER})
    assert (made.status_code, made.json["body"], made.json["owner"]) == (201, METER, "project")

    seen = made.json["hash"]
    changed = engineer("PUT", "/links/meter", json={"body": {**METER, "timeout_s": 2}, "seen": seen})
    stale = engineer("PUT", "/links/meter", json={"body": METER, "seen": seen})
    patched = engineer("PATCH", "/links/meter", json={"timeout_s": None, "unit_id": 7})

    assert changed.json["body"]["timeout_s"] == 2.0
    assert (stale.status_code, stale.json["error"]["code"]) == (409, "changed")
    assert patched.json["body"] == {**METER, "unit_id": 7}
    assert engineer("DELETE", "/links/meter").json == {"ok": True}
    assert engineer("GET", "/links/meter/definition").status_code == 404
    assert plant.config_store.kinds == [
        "config.link.added",
        "config.link.changed",
        "config.link.changed",
        "config.link.removed",
    ]


def test_a_link_with_mistakes_is_refused_with_its_fields(engineer: Call) -> None:
    body = {"name": "meter", "kind": "modbus", "hosst": "x", "port": 0}

    checked = engineer("POST", "/links/check", json={"body": body})
    refused = engineer("POST", "/links", json={"body": body})

    assert {mistake["field"] for mistake in checked.json["mistakes"]} == {"hosst", "port", "host"}
    assert refused.status_code == 422
    assert [mistake["suggestion"] for mistake in refused.json["error"]["mistakes"] if mistake["field"] == "hosst"] == ["host"]
    assert engineer("POST", "/links/check", json={"body": METER}).json == {"mistakes": []}


def test_a_link_with_tags_stays_and_says_which(engineer: Call) -> None:
    definition = engineer("GET", "/links/plc/definition").json
    refused = engineer("DELETE", "/links/plc")

    assert definition["tags"] == len(definition["users"]) > 0
    assert definition["users"][0] == {"kind": "tag", "name": definition["users"][0]["name"], "how": "source"}
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "in_use")
    assert definition["users"][0]["name"] in refused.json["error"]["message"]


def test_a_renamed_link_takes_its_tags_along(engineer: Call) -> None:
    tags = [use["name"] for use in engineer("GET", "/links/plc/definition").json["users"]]

    renamed = engineer("POST", "/links/plc/rename", json={"name": "controller"})

    assert renamed.json["name"] == "controller"
    assert all(engineer("GET", f"/tags/{tag}").json["source"].startswith("controller/") for tag in tags)


def test_the_list_says_of_what_kind_a_link_is_and_whose(call: Call) -> None:
    link = call("GET", "/api/links", as_="viewer").json["items"][0]

    assert (link["name"], link["kind"], link["owner"], link["edited"], link["tags"]) == ("plc", "modbus", "app:plant", False, 3)


def test_tags_are_made_on_a_link_all_or_none(engineer: Call, plant: ServedPlant) -> None:
    good = {"name": "A1", "source": "plc/holding:1"}
    bad = {"name": "A2", "source": "plc/holding:2", "scan": "never"}

    refused = engineer("POST", "/links/plc/tags", json={"tags": [good, bad]})
    elsewhere = engineer("POST", "/links/plc/tags", json={"tags": [{"name": "A3", "source": "meter/1"}]})
    made = engineer("POST", "/links/plc/tags", json={"tags": [good, {**bad, "scan": "fast"}]})

    assert refused.status_code == 422
    assert [(one["subject"], one["field"]) for one in refused.json["error"]["mistakes"]] == [("tag A2", "scan")]
    assert elsewhere.status_code == 422
    assert "tag A3: source: expected plc/address" in elsewhere.json["error"]["message"]
    assert (made.status_code, [key["name"] for key in made.json["added"]]) == (201, ["A1", "A2"])
    assert "A2" in plant.cvt
    assert engineer("POST", "/links/nobody/tags", json={"tags": [good]}).status_code == 404


def test_a_connection_is_tried_before_it_is_made(engineer: Call, plant: ServedPlant) -> None:
    good = engineer("POST", "/links/test", json={"body": METER, "address": "holding:1"}).json
    plant.workbench.away = True
    bad = engineer("POST", "/links/test", json={"body": METER}).json
    wrong = engineer("POST", "/links/test", json={"body": {**METER, "port": 0}})
    plant.workbench.busy = True
    busy = engineer("POST", "/links/test", json={"body": METER})

    assert (good["ok"], good["reading"]["value"], [step["step"] for step in good["steps"]]) == (True, 42, ["connect", "read"])
    assert (bad["ok"], bad["reading"]) == (False, None)
    assert wrong.status_code == 422
    assert (busy.status_code, busy.json["error"]["code"]) == (409, "busy")
    assert [event.kind for event in plant.journal.events if event.kind.startswith("link.test")][:2] == ["link.test", "link.test"]


def test_addresses_are_watched(engineer: Call, plant: ServedPlant) -> None:
    items = engineer("POST", "/links/plc/read", json={"addresses": ["holding:1", "holding:9"]}).json["items"]
    plant.workbench.away = True

    assert (items[0]["value"], items[0]["severity"], items[0]["error"]) == (42, "GOOD", "")
    assert (items[1]["value"], items[1]["severity"]) == (None, "BAD")
    assert "no such address" in items[1]["error"]
    assert engineer("POST", "/links/plc/read", json={"addresses": ["holding:1"]}).status_code == 503
    assert engineer("POST", "/links/plc/read", json={"addresses": []}).status_code == 422
    assert engineer("POST", "/links/nobody/read", json={"addresses": ["1"]}).status_code == 404


def test_a_server_is_browsed_as_a_tree_and_flat(engineer: Call) -> None:
    root = engineer("POST", "/links/browse", json={"link": "plc"}).json["items"]
    below = engineer("POST", "/links/browse", json={"link": "plc", "address": root[0]["address"]}).json["items"]
    flat = engineer("POST", "/links/variables", json={"link": "plc"}).json

    assert (root[0]["kind"], below[0]["kind"]) == ("object", "variable")
    assert flat["complete"] is True
    assert (flat["items"][0]["path"], flat["items"][0]["range"]) == ("Tank/Level", [0.0, 5.0])


def test_a_server_is_discovered_and_its_certificate_pinned(engineer: Call, plant: ServedPlant) -> None:
    found = engineer("POST", "/links/discover", json={"url": "opc.tcp://127.0.0.1:4840"}).json
    certificate = found["endpoints"][0]["certificate"]

    kept = engineer("POST", "/links/certificates", json={"certificate": certificate})

    assert base64.b64decode(certificate) == b"der"
    assert (kept.status_code, kept.json["thumbprint"]) == (201, found["endpoints"][0]["thumbprint"])
    assert plant.workbench.pinned == {kept.json["thumbprint"]: b"der"}
    assert engineer("POST", "/links/certificates", json={"certificate": "no base64!"}).status_code == 422


def test_the_kinds_come_with_what_a_form_needs(call: Call) -> None:
    kinds = {kind["kind"]: kind for kind in call("GET", "/api/link-kinds", as_="viewer").json["items"]}

    assert {"modbus", "opcua", "mqtt", "http_push"} <= kinds.keys()
    assert (kinds["opcua"]["browse"], kinds["opcua"]["discover"], kinds["http_push"]["connects"]) == (True, True, False)
    assert kinds["modbus"]["schema"]["properties"]["host"]["description"]
    assert kinds["modbus"]["schema"]["required"] == ["name", "kind"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/links", {"body": METER}),
        ("PUT", "/links/plc", {"body": METER}),
        ("DELETE", "/links/plc", None),
        ("POST", "/links/plc/rename", {"name": "x"}),
        ("POST", "/links/test", {"body": METER}),
        ("POST", "/links/plc/read", {"addresses": ["1"]}),
        ("POST", "/links/browse", {"link": "plc"}),
        ("POST", "/links/discover", {"url": "opc.tcp://127.0.0.1:4840"}),
        ("POST", "/links/certificates", {"certificate": "AAAA"}),
        ("POST", "/links/plc/tags", {"tags": [{"name": "A1", "source": "plc/1"}]}),
    ],
)
def test_an_operator_neither_changes_links_nor_looks_at_devices(call: Call, method: str, path: str, body: Any) -> None:
    assert call(method, f"/api{path}", json=body).status_code == 403


def test_a_stop_forbids_changes_but_not_a_look(engineer: Call, call: Call) -> None:
    call("POST", "/api/estop/trip", json={"reason": "smoke"})

    assert engineer("POST", "/links", json={"body": METER}).status_code == 423
    assert engineer("POST", "/links/plc/tags", json={"tags": [{"name": "A1", "source": "plc/1"}]}).status_code == 423
    assert engineer("POST", "/links/test", json={"body": METER}).json["ok"] is True
