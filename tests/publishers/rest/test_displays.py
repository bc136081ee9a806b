"""Trend groups and dashboards, over REST."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from automation.testing.clock import FakeClock
from automation.testing.web import ServedPlant

Call = Callable[..., Any]
GROUPS, BOARDS = "/api/trend-groups", "/api/dashboards"
PEN = {"tag": "TK101.LT", "colour": 0, "own_axis": False, "low": None, "high": None, "style": "auto"}
OPTIONS = {
    "range_s": 600,
    "start": None,
    "end": None,
    "limits": False,
    "alarms": True,
    "notes": True,
    "compare_s": 0,
    "table": False,
    "step": "",
}
STRIP = {"x": 0, "y": 0, "width": 6, "height": 4, "pens": [{"tag": "TK101.LT"}], "span_min": 10}


def test_a_trend_group_is_saved_found_changed_and_removed(call: Call, plant: ServedPlant, clock: FakeClock) -> None:
    made = call(
        "POST", GROUPS, json={"name": " Levels ", "pens": [{"tag": "TK101.LT"}, {"tag": "TK101.TT", "low": 0, "high": 90}]}
    )

    assert made.status_code == 201
    facts = {
        "id": 1,
        "name": "Levels",
        "description": "",
        "shared": False,
        "owner": "operator",
        "version": 1,
        "created": clock.now(),
        "changed": clock.now(),
        "changed_by": "operator",
        "editable": True,
    }
    warm = {**PEN, "tag": "TK101.TT", "low": 0.0, "high": 90.0}
    assert made.json == {**facts, **OPTIONS, "pens": [PEN, warm], "gone": []}
    assert call("GET", GROUPS).json == {"items": [{**facts, "tags": 2}]}
    assert call("GET", GROUPS, as_="viewer").json == {"items": []}
    assert call("GET", f"{GROUPS}/1", as_="supervisor").status_code == 404

    body = {"name": "Levels", "shared": True, "pens": [{"tag": "TK101.LT", "style": "step"}], "range_s": 3600, "version": 1}
    changed = call("PUT", f"{GROUPS}/1", json=body)
    assert changed.json["pens"] == [{**PEN, "style": "step"}]
    assert (changed.json["version"], changed.json["range_s"], changed.json["shared"]) == (2, 3600, True)
    assert call("GET", f"{GROUPS}/1", as_="viewer").json == {**changed.json, "editable": False}

    assert call("DELETE", f"{GROUPS}/1?version=2").json == changed.json
    assert call("GET", GROUPS).json == {"items": []}
    assert plant.journal.kinds == ["trend_group.added", "trend_group.changed", "trend_group.removed"]


def test_a_dashboard_is_saved_found_changed_and_removed(call: Call, plant: ServedPlant) -> None:
    made = call(
        "POST", BOARDS, json={"name": "Tanks", "shared": True, "strips": [{**STRIP, "title": "Level", "low": 0, "high": 8}]}
    )

    assert made.status_code == 201
    assert made.json["strips"] == [{**STRIP, "title": "Level", "low": 0.0, "high": 8.0, "pens": [PEN]}]
    listed = call("GET", BOARDS, as_="viewer").json["items"]
    assert [(one["name"], one["strips"], one["tags"], one["editable"]) for one in listed] == [("Tanks", 1, 1, False)]

    changed = call("PUT", f"{BOARDS}/1", json={"name": "Tanks", "strips": [], "version": 1})
    assert (changed.json["strips"], changed.json["shared"], changed.json["version"]) == ([], False, 2)
    assert call("DELETE", f"{BOARDS}/1", as_="admin").status_code == 200
    assert plant.journal.kinds == ["dashboard.added", "dashboard.changed", "dashboard.removed"]


@pytest.mark.parametrize(
    ("method", "path", "body", "as_", "status", "code"),
    [
        ("POST", GROUPS, {"name": "x", "pens": [{"tag": "TK101.LT"}]}, "viewer", 403, "not_allowed"),
        ("POST", GROUPS, {"name": "Levels", "pens": [{"tag": "TK101.LT"}]}, "operator", 409, "name_taken"),
        ("POST", GROUPS, {"name": "x", "pens": [{"tag": "NOPE"}]}, "operator", 404, "unknown_tag"),
        ("PUT", f"{GROUPS}/1", {"name": "x", "pens": [{"tag": "TK101.LT"}], "version": 9}, "operator", 409, "overtaken"),
        ("PUT", f"{GROUPS}/1", {"name": "x", "pens": [{"tag": "TK101.LT"}], "version": 1}, "engineer", 403, "not_allowed"),
        ("PUT", f"{GROUPS}/1", {"name": "x", "pens": [{"tag": "TK101.LT"}]}, "operator", 422, "invalid_request"),
        ("DELETE", f"{GROUPS}/1?version=9", None, "operator", 409, "overtaken"),
        ("DELETE", f"{GROUPS}/1", None, "engineer", 403, "not_allowed"),
        ("DELETE", f"{BOARDS}/1", None, "operator", 404, "not_found"),
        ("GET", f"{GROUPS}/99999999999999999999", None, "operator", 404, "not_found"),
    ],
)
def test_what_is_not_taken_has_the_right_status_and_code(
    call: Call, method: str, path: str, body: dict[str, Any] | None, as_: str, status: int, code: str
) -> None:
    call("POST", GROUPS, json={"name": "Levels", "shared": True, "pens": [{"tag": "TK101.LT"}]})

    answer = call(method, path, as_=as_, **({} if body is None else {"json": body}))

    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("strip", "words"),
    [
        ({"x": 11}, "strips.0.x: "),
        ({"x": 8}, "strips.0.width: expected 2 to 4, not 6"),
        ({"pens": []}, "strips.0.pens: "),
        ({"low": 1}, "strips.0.high: is needed with strips.0.low"),
        ({"span_min": 0}, "strips.0.span_min: "),
        ({"colour": "red"}, "strips.0.colour: is not known here"),
        ({"pens": [{"tag": "TK101.LT", "colour": 17}]}, "strips.0.pens.0.colour: "),
    ],
)
def test_a_strip_that_makes_no_sense_is_refused_by_its_field(call: Call, strip: dict[str, Any], words: str) -> None:
    answer = call("POST", BOARDS, json={"name": "x", "strips": [{**STRIP, **strip}]})

    assert answer.status_code == 422
    assert words in answer.json["error"]["message"]


def test_a_tag_that_is_gone_is_told_and_is_no_error(call: Call, plant: ServedPlant) -> None:
    call("POST", GROUPS, json={"name": "Levels", "pens": [{"tag": "TK101.LT"}, {"tag": "TK101.TT"}]})
    plant.records.displays.rename([("TK101.TT", "GONE")], 5.0)

    told = call("GET", f"{GROUPS}/1").json

    assert ([pen["tag"] for pen in told["pens"]], told["gone"], told["version"]) == (["TK101.LT", "GONE"], ["GONE"], 2)
