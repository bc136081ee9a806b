"""The configuration over REST: tags, alarms, types, equipment, projects and tables, on a plant that follows at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from automation.model.configuration import ObjectKind
from automation.model.errors import ConfigError, StorageError
from automation.publishers.rest.operation import UPLOAD_LIMIT
from automation.testing.clock import FakeClock
from automation.testing.web import ServedPlant, rest_app

Call = Callable[..., Any]

BODY = {"name": "TK102.LT", "unit": "m", "description": "Level", "area": "south", "range": [0, 5], "initial": 1.5}
ALARM = {"name": "TK101.TT.HI", "tag": "TK101.TT", "condition": {"kind": "high", "limit": 60.0}, "priority": 1}
PUMP = {
    "name": "pump",
    "parameters": {"speed": {"type": "number", "default": 1450.0}},
    "tags": [
        {"name": "{name}.SPEED", "unit": "rpm", "initial": "{speed}"},
        {"name": "{name}.ON", "type": "bool", "initial": False},
    ],
    "alarms": [{"name": "{name}.ON.AL", "tag": "{name}.ON", "condition": {"kind": "bool"}}],
    "faceplate": [{"tag": "{name}.SPEED", "label": "Speed of {name}, {speed} rpm at most"}],
}


@pytest.fixture
def engineer(call: Call) -> Call:
    """As ``call``, by an engineer."""

    def send(method: str, path: str, **more: Any) -> Any:
        return call(method, f"/api{path}", as_="engineer", **more)

    return send


def test_a_new_tag_runs_at_once(engineer: Call, plant: ServedPlant) -> None:
    answer = engineer("POST", "/tags", json={"body": BODY})

    assert answer.status_code == 201
    assert (answer.json["name"], answer.json["value"], answer.json["owner"]) == ("TK102.LT", 1.5, "project")
    assert answer.json["id"] == plant.cvt.tag("TK102.LT").id != ""
    assert engineer("GET", "/tags?search=TK102").json["total"] == 1
    row = plant.config_store.events[-1]
    assert (row.actor, row.origin) == ("engineer", "rest 127.0.0.1")


def test_a_name_that_is_taken_is_a_conflict(engineer: Call) -> None:
    answer = engineer("POST", "/tags", json={"body": {"name": "TK101.LT"}})

    assert (answer.status_code, answer.json["error"]["code"]) == (409, "name_taken")


def test_every_mistake_of_a_body_is_told_with_its_field(engineer: Call, plant: ServedPlant) -> None:
    answer = engineer("POST", "/tags", json={"body": {"name": "TK102.LT", "unit": "metre", "precision": 12, "rnage": [0, 1]}})

    error = answer.json["error"]
    assert (answer.status_code, error["code"]) == (422, "invalid_configuration")
    assert {mistake["field"] for mistake in error["mistakes"]} == {"unit", "precision", "rnage"}
    assert {mistake["suggestion"] for mistake in error["mistakes"]} >= {"range"}
    assert all(mistake["subject"] == "tag TK102.LT" for mistake in error["mistakes"])
    assert "TK102.LT" in error["message"]
    assert "TK102.LT" not in plant.cvt


def test_a_definition_is_replaced_under_the_hash_that_was_seen(engineer: Call, plant: ServedPlant) -> None:
    seen = engineer("POST", "/tags", json={"body": BODY}) and engineer("GET", "/tags/TK102.LT/detail").json["hash"]

    replaced = engineer("PUT", "/tags/TK102.LT", json={"body": {"unit": "cm"}, "seen": seen})
    late = engineer("PUT", "/tags/TK102.LT", json={"body": {"unit": "mm"}, "seen": seen})

    assert (replaced.status_code, replaced.json["unit"], replaced.json["area"]) == (200, "cm", "")
    assert (late.status_code, late.json["error"]["code"]) == (409, "changed")
    assert plant.cvt.tag("TK102.LT").unit == "cm"


def test_some_fields_are_changed_and_null_takes_one_away(engineer: Call, plant: ServedPlant) -> None:
    engineer("POST", "/tags", json={"body": {**BODY, "metadata": {"loop": "12", "vendor": "Acme"}}})
    before = plant.cvt.tag("TK102.LT").id

    answer = engineer("PATCH", "/tags/TK102.LT", json={"area": None, "precision": 3, "metadata": {"vendor": None}})

    tag = plant.cvt.tag("TK102.LT")
    assert answer.status_code == 200
    assert (tag.area, tag.precision, tag.unit, tag.metadata, tag.id) == ("", 3, "m", {"loop": "12"}, before)
    assert plant.cvt.read("TK102.LT").value == 1.5


def test_a_patch_that_makes_no_sense_changes_nothing(engineer: Call, plant: ServedPlant) -> None:
    for fields, field in (({"precision": 99}, "precision"), ({"colour": "red"}, "colour"), ({"name": "X"}, "name")):
        answer = engineer("PATCH", "/tags/TK101.TT", json=fields)

        assert answer.status_code == 422
        assert [mistake["field"] for mistake in answer.json["error"]["mistakes"]] == [field]
    assert plant.config_store.events == []


def test_a_tag_that_is_used_is_not_deleted_and_its_users_are_named(engineer: Call, plant: ServedPlant) -> None:
    answer = engineer("DELETE", "/tags/TK101.LT")

    assert (answer.status_code, answer.json["error"]["code"]) == (409, "in_use")
    assert "TK101.LT.HI" in answer.json["error"]["message"]
    assert "TK101.LT" in plant.cvt


def test_a_deleted_tag_is_gone_and_a_second_delete_finds_nothing(engineer: Call, plant: ServedPlant) -> None:
    engineer("POST", "/tags", json={"body": BODY})

    first = engineer("DELETE", "/tags/TK102.LT")
    rows = len(plant.config_store.events)
    second = engineer("DELETE", "/tags/TK102.LT")

    assert first.json == {"ok": True}
    assert second.status_code == 404
    assert engineer("GET", "/tags/TK102.LT").status_code == 404
    assert len(plant.config_store.events) == rows


def test_a_delete_under_another_hash_is_refused(engineer: Call) -> None:
    engineer("POST", "/tags", json={"body": BODY})

    assert engineer("DELETE", f"/tags/TK102.LT?seen={'0' * 64}").json["error"]["code"] == "changed"
    assert engineer("DELETE", "/tags/TK102.LT?seen=0").status_code == 422
    seen = engineer("GET", "/tags/TK102.LT/detail").json["hash"]
    assert engineer("DELETE", f"/tags/TK102.LT?seen={seen}").json == {"ok": True}


def test_a_renamed_tag_keeps_id_and_value_and_its_alarms_follow(engineer: Call, plant: ServedPlant) -> None:
    plant.measure("TK101.LT", 4.0)
    before = plant.cvt.tag("TK101.LT").id

    answer = engineer("POST", "/tags/TK101.LT/rename", json={"name": "TK101-A.LT"})

    assert (answer.status_code, answer.json["id"], answer.json["value"]) == (200, before, 4.0)
    assert answer.json["alarms"] == ["TK101.LT.HI"]
    assert engineer("GET", "/tags/TK101.LT").status_code == 404
    assert engineer("GET", "/tags/TK101-A.LT").json["id"] == before
    assert engineer("GET", "/alarms/TK101.LT.HI/definition").json["body"]["tag"] == "TK101-A.LT"


@pytest.mark.parametrize(("name", "status"), [("TK101.TT", 409), ("a b", 422), ("", 422), ("x" * 129, 422)])
def test_a_name_that_is_taken_or_none_is_no_new_name(engineer: Call, name: str, status: int) -> None:
    assert engineer("POST", "/tags/TK101.LT/rename", json={"name": name}).status_code == status


def test_everything_about_a_tag_is_told_in_one_answer(engineer: Call, call: Call, plant: ServedPlant) -> None:
    plant.measure("TK101.LT", 4.0)
    plant.raw["TK101.LT"] = (13107, 0, 12.5)
    call("PUT", "/api/tags/TK101.LT/force", as_="supervisor", json={"value": 7.0, "reason": "test"})

    detail = engineer("GET", "/tags/TK101.LT/detail").json

    assert (detail["tag"]["value"], detail["tag"]["override"]) == (7.0, "forced")
    assert detail["own"][:3] == ["TK101.LT", 4.0, 0]
    assert detail["raw"] == {"value": 13107, "quality": 0, "time": 12.5}
    assert {**detail["override"], "time": 0} == {
        "kind": "forced",
        "value": 7.0,
        "reason": "test",
        "actor": "supervisor",
        "time": 0,
    }
    assert detail["body"]["source"] == "plc/input:0"
    assert (detail["owner"], detail["edited"], len(detail["hash"])) == ("app:plant", False, 64)
    assert {"kind": "alarm", "name": "TK101.LT.HI", "how": detail["users"][0]["how"]} in detail["users"]
    assert detail["expression_tags"] == []


def test_a_derived_tag_tells_what_it_reads(engineer: Call) -> None:
    engineer("POST", "/tags", json={"body": {"name": "DIFF", "unit": "m", "expression": "TK101.LT - TK101.SP"}})

    assert engineer("GET", "/tags/DIFF/detail").json["expression_tags"] == ["TK101.LT", "TK101.SP"]


def test_who_changes_the_limit_of_an_alarm_is_in_the_rows_of_the_alarm(engineer: Call) -> None:
    """Case 68 of the alarm specification."""
    body = engineer("GET", "/alarms/TK101.LT.HI/definition").json["body"]

    engineer("PUT", "/alarms/TK101.LT.HI/definition", json={"body": {**body, "condition": {**body["condition"], "limit": 7.9}}})

    row = engineer("GET", "/alarms/journal?event=changed").json["items"][0]
    assert (row["alarm"], row["actor"], row["origin"], row["limit"]) == ("TK101.LT.HI", "engineer", "rest 127.0.0.1", 7.9)
    assert "limit 8 -> 7.9" in row["message"]


def test_a_system_tag_has_no_definition(engineer: Call) -> None:
    detail = engineer("GET", "/tags/LINK.plc.UP/detail").json

    assert (detail["body"], detail["hash"], detail["owner"], detail["raw"]) == (None, None, "system", None)
    assert engineer("GET", "/tags/NOPE/detail").json["error"]["code"] == "unknown_tag"


def test_an_edit_of_what_an_app_declares_is_told_as_one(engineer: Call) -> None:
    engineer("PATCH", "/tags/TK101.TT", json={"description": "Temperature of the tank"})

    detail = engineer("GET", "/tags/TK101.TT/detail").json
    project = engineer("GET", "/project").json

    assert (detail["owner"], detail["edited"], detail["changed_by"]) == ("app:plant", True, "engineer")
    assert (project["edited"], project["edited_objects"]) == (1, [{"kind": "tag", "name": "TK101.TT", "owner": "app:plant"}])


def test_an_object_of_an_app_that_was_removed_is_an_edit_too(engineer: Call) -> None:
    engineer("DELETE", "/alarms/TK101.LT.HI")

    project = engineer("GET", "/project").json

    assert project["edited_objects"] == [{"kind": "alarm", "name": "TK101.LT.HI", "owner": ""}]
    assert project["objects"] == {"link": 1, "type": 0, "equipment": 0, "tag": 5, "alarm": 0}


def test_a_tag_of_a_segment_that_others_run_is_kept_and_told_but_does_not_run(clock: FakeClock) -> None:
    plant = ServedPlant(clock, segment="north")
    http, header = rest_app(plant)[0].test_client(), {"Authorization": f"Bearer {plant.token('engineer')}"}

    made = http.post("/api/tags", json={"body": {**BODY, "segment": "south"}}, headers=header)
    detail = http.get("/api/tags/TK102.LT/detail", headers=header).json
    patched = http.patch("/api/tags/TK102.LT", json={"segment": None}, headers=header)

    assert (made.status_code, made.json["severity"], made.json["owner"]) == (201, "BAD", "project")
    assert (detail["body"]["segment"], detail["own"], detail["raw"]) == ("south", None, None)
    assert patched.json["value"] == plant.cvt.read("TK102.LT").value == 1.5


def test_a_form_is_checked_without_a_change(engineer: Call, plant: ServedPlant) -> None:
    good = engineer("POST", "/tags/check", json={"body": BODY})
    bad = engineer("POST", "/tags/check", json={"body": {**BODY, "unit": "metre"}})
    edited = engineer("POST", "/tags/check", json={"body": {"name": "TK101.TT", "unit": "degC"}, "name": "TK101.TT"})

    assert good.json == {"mistakes": []}
    assert [mistake["field"] for mistake in bad.json["mistakes"]] == ["unit"]
    assert edited.json == {"mistakes": []}
    assert "TK102.LT" not in plant.cvt


def test_a_tag_is_forced_and_released(call: Call, plant: ServedPlant) -> None:
    body = {"value": 150, "unit": "cm", "reason": "sensor is out"}

    forced = call("PUT", "/api/tags/TK101.LT/force", as_="supervisor", json=body)
    refused = call("PUT", "/api/tags/TK101.SP/force", as_="supervisor", json={"value": 99, "reason": "test"})
    released = call("DELETE", "/api/tags/TK101.LT/force", as_="supervisor")
    again = call("DELETE", "/api/tags/TK101.LT/force", as_="supervisor")

    assert (forced.json["value"], forced.json["override"], forced.json["reason"]) == (1.5, "forced", "local override")
    assert (refused.status_code, refused.json["error"]["code"]) == (422, "invalid_value")
    assert released.json["override"] is again.json["override"] is None
    assert plant.journal.kinds == ["tag.forced", "tag.forced.refused", "tag.released", "tag.released"]


def test_a_tag_out_of_service_is_bad_and_is_not_put(call: Call) -> None:
    out = call("PUT", "/api/tags/TK101.SP/service", as_="supervisor", json={"in_service": False, "reason": "calibration"})
    put = call("PUT", "/api/tags/TK101.SP/value", json={"value": 3.0})
    back = call("PUT", "/api/tags/TK101.SP/service", as_="supervisor", json={"in_service": True, "reason": "calibrated"})

    assert (out.json["severity"], out.json["override"]) == ("BAD", "out_of_service")
    assert (put.status_code, put.json["error"]["code"]) == (409, "out_of_service")
    assert (back.json["severity"], back.json["override"]) == ("GOOD", None)


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("force", {"value": 1.0}, "reason"),
        ("force", {"value": 1.0, "reason": " "}, "reason"),
        ("force", {"value": 1.0, "reason": "x" * 501}, "reason"),
        ("force", {"reason": "test"}, "value"),
        ("force", {"value": None, "reason": "test"}, "value"),
        ("force", {"value": 1.0, "reason": "test", "unit": ""}, "unit"),
        ("service", {"in_service": 1, "reason": "test"}, "in_service"),
        ("service", {"reason": "test"}, "in_service"),
        ("service", {"in_service": True}, "reason"),
    ],
)
def test_an_override_names_what_it_lacks(call: Call, path: str, body: object, field: str) -> None:
    answer = call("PUT", f"/api/tags/TK101.SP/{path}", as_="supervisor", json=body)

    assert answer.status_code == 422
    assert f"body: {field}" in answer.json["error"]["message"]


def test_an_alarm_is_made_changed_and_deleted_while_running(engineer: Call, plant: ServedPlant) -> None:
    made = engineer("POST", "/alarms", json={"body": ALARM})
    plant.measure("TK101.TT", 65.0)
    names = [alarm.name for alarm in plant.alarms.list(standing=True)]
    changed = engineer(
        "PUT", "/alarms/TK101.TT.HI/definition", json={"body": {**ALARM, "priority": 2}, "seen": made.json["hash"]}
    )
    late = engineer("PUT", "/alarms/TK101.TT.HI/definition", json={"body": ALARM, "seen": made.json["hash"]})
    gone = engineer("DELETE", "/alarms/TK101.TT.HI")

    assert (made.status_code, made.json["owner"], made.json["body"]["priority"]) == (201, "project", 1)
    assert names == ["TK101.TT.HI"]
    assert changed.json["body"]["priority"] == 2
    assert (late.status_code, late.json["error"]["code"]) == (409, "changed")
    assert gone.json == {"ok": True}
    assert engineer("GET", "/alarms/TK101.TT.HI/definition").status_code == 404
    assert engineer("DELETE", "/alarms/TK101.TT.HI").status_code == 404


def test_a_renamed_alarm_keeps_its_state(engineer: Call, plant: ServedPlant) -> None:
    engineer("POST", "/alarms", json={"body": ALARM})
    engineer("PUT", "/alarms/TK101.LT.HI/shelf", json={"reason": "noisy"})

    renamed = engineer("POST", "/alarms/TK101.LT.HI/rename", json={"name": "TK101.FULL"})
    taken = engineer("POST", "/alarms/TK101.FULL/rename", json={"name": ALARM["name"]})

    assert (renamed.status_code, renamed.json["name"], renamed.json["changed_by"]) == (200, "TK101.FULL", "engineer")
    assert plant.alarms.get("TK101.FULL").silence == "noisy"
    assert engineer("GET", "/alarms/TK101.LT.HI/definition").status_code == 404
    assert (taken.status_code, taken.json["error"]["code"]) == (409, "name_taken")
    assert engineer("POST", "/alarms/nobody/rename", json={"name": "X"}).status_code == 404


def test_mistakes_of_an_alarm_are_told_without_making_it(engineer: Call, plant: ServedPlant) -> None:
    rows = len(plant.config_store.events)
    wrong = {**ALARM, "tag": "TK101.TTT", "condition": {"kind": "high", "limit": "x"}, "priority": 9}

    fields = [one["field"] for one in engineer("POST", "/alarms/check", json={"body": wrong}).json["mistakes"]]
    unknown = engineer("POST", "/alarms/check", json={"body": {**ALARM, "tag": "TK101.TTT"}}).json["mistakes"]
    own = engineer("POST", "/alarms/check", json={"body": {**ALARM, "name": "TK101.LT.HI"}, "name": "TK101.LT.HI"})
    taken = engineer("POST", "/alarms/check", json={"body": {**ALARM, "name": "TK101.LT.HI"}})

    assert sorted(fields) == ["condition.limit", "priority"]
    assert [(one["field"], one["suggestion"]) for one in unknown] == [("tag", "TK101.TT")]
    assert own.json["mistakes"] == []
    assert [one["field"] for one in taken.json["mistakes"]] == ["name"]
    assert len(plant.config_store.events) == rows


def test_an_alarm_on_a_tag_that_is_not_there_is_refused(engineer: Call) -> None:
    answer = engineer("POST", "/alarms", json={"body": {**ALARM, "tag": "TK101.TTT"}})

    (mistake,) = answer.json["error"]["mistakes"]
    assert (answer.status_code, mistake["subject"], mistake["field"]) == (422, "alarm TK101.TT.HI", "tag")
    assert mistake["suggestion"] == "TK101.TT"


def test_a_type_is_made_once_and_its_equipment_runs_with_tags_alarms_and_faceplate(engineer: Call, plant: ServedPlant) -> None:
    made = engineer("POST", "/types", json={"body": PUMP})
    unit = engineer(
        "POST", "/equipment", json={"body": {"name": "P1", "type": "pump", "area": "north", "parameters": {"speed": 960}}}
    )
    whole = engineer("GET", "/equipment/P1").json

    assert (made.status_code, unit.status_code) == (201, 201)
    assert (whole["tags"], whole["alarms"]) == (["P1.SPEED", "P1.ON"], ["P1.ON.AL"])
    assert whole["faceplate"] == [{"tag": "P1.SPEED", "label": "Speed of P1, 960 rpm at most"}]
    assert plant.cvt.read("P1.SPEED").value == 960.0
    assert engineer("GET", "/tags/P1.SPEED").json["owner"] == "equipment:P1"
    assert [item["name"] for item in engineer("GET", "/types").json["items"]] == ["pump"]
    assert [item["body"]["type"] for item in engineer("GET", "/equipment").json["items"]] == ["pump"]
    assert engineer("DELETE", "/tags/P1.SPEED").json["error"]["code"] == "belongs_to_equipment"


def test_a_change_of_a_type_is_planned_and_then_followed_by_every_unit(engineer: Call, plant: ServedPlant) -> None:
    engineer("POST", "/types", json={"body": PUMP})
    for name in ("P1", "P2"):
        engineer("POST", "/equipment", json={"body": {"name": name, "type": "pump"}})
    newer = {**PUMP, "tags": [*PUMP["tags"], {"name": "{name}.HOURS", "unit": "h", "initial": 0}]}

    plan = engineer("PUT", "/types/pump?dry_run=true", json={"body": newer}).json
    assert "P1.HOURS" not in plant.cvt
    done = engineer("PUT", "/types/pump", json={"body": newer})

    assert {("add", "tag", "P1.HOURS"), ("add", "tag", "P2.HOURS")} <= {
        (line["action"], line["kind"], line["name"]) for line in plan["lines"]
    }
    assert plan["conflicts"] == 0
    assert (done.status_code, len(done.json["body"]["tags"])) == (200, 3)
    assert plant.cvt.read("P2.HOURS").value == 0.0


def test_a_type_with_equipment_is_not_deleted_before_it(engineer: Call, plant: ServedPlant) -> None:
    engineer("POST", "/types", json={"body": PUMP})
    engineer("POST", "/equipment", json={"body": {"name": "P1", "type": "pump"}})

    assert engineer("DELETE", "/types/pump").json["error"]["code"] == "in_use"
    assert engineer("DELETE", "/equipment/P1").json == {"ok": True}
    assert "P1.SPEED" not in plant.cvt
    assert engineer("DELETE", "/types/pump").json == {"ok": True}
    assert engineer("GET", "/types/pump").status_code == 404
    assert engineer("GET", "/equipment/P1").status_code == 404


def test_equipment_whose_type_is_gone_is_still_told_to_be_mended(engineer: Call, plant: ServedPlant) -> None:
    engineer("POST", "/types", json={"body": PUMP})
    engineer("POST", "/equipment", json={"body": {"name": "P1", "type": "pump"}})
    del plant.config_store.records[ObjectKind.TYPE, "pump"]
    plant.configuration.load(plant.clock.now())

    unit = engineer("GET", "/equipment/P1")

    assert (unit.status_code, unit.json["body"]["type"]) == (200, "pump")
    assert (unit.json["tags"], unit.json["alarms"], unit.json["faceplate"]) == ([], [], [])


def test_files_are_validated_planned_and_applied_and_come_back(engineer: Call, plant: ServedPlant) -> None:
    files = {"project.toml": "format = 1\n", "tags/south.toml": '[[tag]]\nname = "TK102.LT"\nunit = "m"\ninitial = 1.5\n'}

    found = engineer("POST", "/project/validate", json={"files": files}).json
    plan = engineer("POST", "/project/plan", json={"files": files}).json
    assert "TK102.LT" not in plant.cvt
    applied = engineer("POST", "/project/apply", json={"files": files})
    exported = engineer("GET", "/project/export").json["files"]

    assert (found["mistakes"], found["objects"]["tag"]) == ([], 1)
    assert [(line["action"], line["name"]) for line in plan["lines"]] == [("add", "TK102.LT")]
    assert applied.json["added"] == [{"kind": "tag", "name": "TK102.LT"}]
    assert plant.cvt.read("TK102.LT").value == 1.5
    assert any("TK102.LT" in text for text in exported.values())
    assert engineer("POST", "/project/plan", json={"files": exported}).json["lines"] == []


def test_every_mistake_of_the_files_is_told_with_its_line(engineer: Call, plant: ServedPlant) -> None:
    files = {
        "project.toml": "format = 1\n",
        "a.toml": '[[tag]]\nname = "A"\nunit = "metre"\n\n[[tag]]\nname = "B"\nprecison = 1\n',
    }

    found = engineer("POST", "/project/validate", json={"files": files}).json["mistakes"]
    applied = engineer("POST", "/project/apply", json={"files": files})

    assert [mistake["place"].partition(":")[0] for mistake in found] == ["a.toml", "a.toml"]
    assert {mistake["field"] for mistake in found} == {"unit", "precison"}
    assert applied.status_code == 422
    assert applied.json["error"]["mistakes"] == found
    assert "A" not in plant.cvt


def test_an_edit_that_was_not_exported_is_not_overwritten(engineer: Call, plant: ServedPlant) -> None:
    files = {"project.toml": "format = 1\n", "a.toml": '[[tag]]\nname = "A"\nunit = "m"\n'}
    engineer("POST", "/project/apply", json={"files": files})
    engineer("PATCH", "/tags/A", json={"unit": "cm"})

    refused = engineer("POST", "/project/apply", json={"files": files})
    plan = engineer("POST", "/project/plan", json={"files": files}).json
    forced = engineer("POST", "/project/apply", json={"files": files, "overwrite": True})

    assert (refused.status_code, refused.json["error"]["code"]) == (409, "conflict")
    assert "A" in refused.json["error"]["message"]
    assert plan["conflicts"] == 1
    assert forced.status_code == 200
    assert plant.cvt.tag("A").unit == "m"


def test_a_marked_export_ends_the_drift(engineer: Call) -> None:
    engineer("POST", "/tags", json={"body": BODY})
    before = engineer("GET", "/project").json

    engineer("POST", "/project/export")

    assert (before["edited"], engineer("GET", "/project").json["edited"]) == (1, 0)
    assert before["objects"]["tag"] == 6
    assert before["owners"]["project"] == 1


@pytest.mark.parametrize("kind", [kind.value for kind in ObjectKind])
def test_each_kind_has_a_schema(engineer: Call, kind: str) -> None:
    schema = engineer("GET", f"/project/schemas/{kind}").json

    assert all("name" in one["properties"] for one in schema.get("oneOf", [schema]))


def test_a_schema_of_nothing_is_not_found(engineer: Call) -> None:
    assert engineer("GET", "/project/schemas/valve").status_code == 404


@pytest.mark.parametrize("kind", ["tags", "alarms"])
def test_a_table_comes_back_as_it_went_out(engineer: Call, kind: str) -> None:
    for format, media in (("csv", "text/csv"), ("xlsx", "spreadsheetml")):
        table = engineer("GET", f"/{kind}/export?format={format}")
        report = engineer("POST", f"/{kind}/import?format={format}", data=table.data).json

        assert media in table.mimetype
        assert f'filename="{kind}.{format}"' in table.headers["Content-Disposition"]
        assert {row["action"] for row in report["rows"]} == {"same"}
        assert (report["bad"], report["applied"]) == (0, False)


def test_a_table_holds_the_tags_that_match(engineer: Call) -> None:
    table = engineer("GET", "/tags/export?area=north&kind=field").text

    assert ("TK101.LT" in table, "TK101.TT" in table, "BATCH.ID" in table) == (True, True, False)
    assert "LINK.plc.UP" not in engineer("GET", "/tags/export?search=plc").text


def test_rows_are_looked_at_first_and_applied_when_told_to(engineer: Call, plant: ServedPlant) -> None:
    table = "name,unit,initial\r\nTK102.LT,m,1.5\r\nTK103.LT,metre,1\r\nTK101.TT,degC,\r\n"

    looked = engineer("POST", "/tags/import", data=table).json
    refused = engineer("POST", "/tags/import?dry_run=false", data=table).json
    assert "TK102.LT" not in plant.cvt
    applied = engineer("POST", "/tags/import?dry_run=false&good_rows=true", data=table).json

    assert (looked["total"], looked["good"], looked["bad"], looked["applied"]) == (3, 2, 1, False)
    assert [row["action"] for row in looked["rows"]][:2] == ["add", "bad"]
    assert looked["rows"][1]["mistakes"][0]["field"] == "unit"
    assert refused["applied"] is False
    assert (applied["applied"], applied["added"]) == (True, 1)
    assert plant.cvt.read("TK102.LT").value == 1.5
    assert "TK103.LT" not in plant.cvt


def test_a_table_of_new_tags_refuses_what_is_there(engineer: Call) -> None:
    report = engineer("POST", "/tags/import?mode=create", data="name,unit\r\nTK101.TT,degF\r\n").json

    assert [row["action"] for row in report["rows"]] == ["bad"]


@pytest.mark.parametrize("query", ["format=ods", "mode=replace", "dry_run=maybe", "good_rows=2", "colour=red"])
def test_a_way_of_importing_that_there_is_not_is_refused(engineer: Call, query: str) -> None:
    assert engineer("POST", f"/tags/import?{query}", data="name\r\nA\r\n").status_code == 422


def test_a_file_that_is_no_table_is_told_so(engineer: Call) -> None:
    assert engineer("POST", "/tags/import?format=xlsx", data=b"name\r\nA\r\n").status_code == 422
    assert engineer("POST", "/tags/import", data=b"\xff\xfe\x00").status_code == 422
    assert engineer("POST", "/tags/import", data=b"").status_code == 400


def test_uploads_may_be_long_and_other_bodies_may_not(engineer: Call) -> None:
    long = "#" * 2_000_000

    assert engineer("POST", "/project/validate", json={"files": {"project.toml": f"format = 1\n{long}"}}).status_code == 200
    assert engineer("POST", "/tags/import", data=f"name\r\n{'x' * 2_000_000}\r\n").status_code in (200, 422)
    assert engineer("POST", "/tags", json={"body": {"name": "A", "description": long}}).status_code == 413


def test_an_upload_has_its_limit_too(engineer: Call) -> None:
    answer = engineer("POST", "/project/validate", environ_overrides={"CONTENT_LENGTH": str(UPLOAD_LIMIT + 1)})

    assert (answer.status_code, answer.json["error"]["code"]) == (413, "body_too_large")


CHANGES: list[tuple[str, str, Any]] = [
    ("POST", "/tags", {"json": {"body": BODY}}),
    ("PUT", "/tags/TK101.TT", {"json": {"body": {"unit": "K"}}}),
    ("PATCH", "/tags/TK101.TT", {"json": {"unit": "K"}}),
    ("DELETE", "/tags/TK101.TT", {}),
    ("POST", "/tags/TK101.TT/rename", {"json": {"name": "X"}}),
    ("POST", "/tags/import?dry_run=false", {"data": "name\r\nA\r\n"}),
    ("PUT", "/tags/TK101.TT/force", {"json": {"value": 1.0, "reason": "test"}}),
    ("DELETE", "/tags/TK101.TT/force", {}),
    ("PUT", "/tags/TK101.TT/service", {"json": {"in_service": False, "reason": "test"}}),
    ("POST", "/alarms", {"json": {"body": ALARM}}),
    ("PUT", "/alarms/TK101.LT.HI/definition", {"json": {"body": {**ALARM, "name": "TK101.LT.HI"}}}),
    ("DELETE", "/alarms/TK101.LT.HI", {}),
    ("POST", "/alarms/TK101.LT.HI/rename", {"json": {"name": "TK101.FULL"}}),
    ("POST", "/alarms/import?dry_run=false", {"data": "name\r\nA\r\n"}),
    ("POST", "/types", {"json": {"body": PUMP}}),
    ("PUT", "/types/pump", {"json": {"body": PUMP}}),
    ("DELETE", "/types/pump", {}),
    ("POST", "/equipment", {"json": {"body": {"name": "P1", "type": "pump"}}}),
    ("PUT", "/equipment/P1", {"json": {"body": {"type": "pump"}}}),
    ("DELETE", "/equipment/P1", {}),
    ("POST", "/project/apply", {"json": {"files": {"project.toml": "format = 1\n"}}}),
    ("POST", "/project/export", {}),
]


@pytest.mark.parametrize(("method", "path", "more"), CHANGES, ids=[f"{method} {path}" for method, path, _ in CHANGES])
def test_nothing_is_changed_while_the_emergency_stop_is_latched(
    engineer: Call, plant: ServedPlant, method: str, path: str, more: Any
) -> None:
    plant.outputs.trip("smoke", "test")
    tags = plant.cvt.tags()

    answer = engineer(method, path, **more)

    assert (answer.status_code, answer.json["error"]["code"]) == (423, "estop_active")
    assert plant.cvt.tags() == tags
    assert plant.config_store.events == []
    assert plant.journal.events[-1].kind.endswith(".refused")


def test_a_database_that_fails_is_told_and_nothing_has_changed(engineer: Call, plant: ServedPlant) -> None:
    plant.config_store.failing = StorageError("disk full")

    answer = engineer("POST", "/tags", json={"body": BODY})

    assert (answer.status_code, answer.json["error"]["code"]) == (503, "storage_failed")
    assert "TK102.LT" not in plant.cvt


def test_what_the_running_parts_cannot_do_is_told_and_nothing_has_changed(engineer: Call, plant: ServedPlant) -> None:
    plant.live.refusing = ConfigError("tag TK102.LT: not now")

    answer = engineer("POST", "/tags", json={"body": BODY})

    assert (answer.status_code, answer.json["error"]["code"]) == (422, "invalid_configuration")
    assert "TK102.LT" not in plant.cvt
    assert plant.config_store.events == []


def test_alarms_on_several_tags_and_on_alarms_are_made_over_rest_and_follow_renames(call: Call) -> None:
    bodies = [
        {"name": "DEV", "tag": "TK101.LT", "condition": {"kind": "deviation", "high": {"limit": 1.0}, "setpoint": 3.0}},
        {"name": "LIM", "tag": "TK101.LT", "condition": {"kind": "high", "limit_tag": "SP"}, "first_out": "trip"},
        {"name": "ANY", "condition": {"kind": "group", "members": ["DEV", "LIM"]}},
        {"name": "BOTH", "condition": {"kind": "correlated", "members": ["DEV", "LIM"], "count": 2, "window_s": 60.0}},
    ]
    soft = {"name": "SP", "type": "float", "unit": "m", "initial": 5.0}
    assert call("POST", "/api/tags", as_="engineer", json={"body": soft}).status_code == 201
    for body in bodies:
        made = call("POST", "/api/alarms", as_="engineer", json={"body": body})
        assert made.status_code == 201, made.json

    assert call("DELETE", "/api/tags/SP", as_="engineer").status_code == 409
    assert call("DELETE", "/api/alarms/DEV", as_="engineer").status_code == 409
    renamed = call("POST", "/api/tags/SP/rename", as_="engineer", json={"name": "SETPOINT"})
    assert renamed.status_code == 200, renamed.json
    told = call("GET", "/api/alarms/LIM/definition", as_="engineer").json
    assert told["body"]["condition"]["limit_tag"] == "SETPOINT"
    (any_view,) = [item for item in call("GET", "/api/alarms", as_="viewer").json["items"] if item["name"] == "ANY"]
    assert (any_view["tag"], any_view["condition"], any_view["state"]) == ("", "group", "NORM")


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"kind": "high", "limit": 1.0, "limit_tag": "TK101.LT"}, "not both"),
        ({"kind": "high"}, "is missing"),
        ({"kind": "high", "limit_tag": "NONE"}, "NONE"),
        ({"kind": "deviation", "high": {"limit": 1.0}}, "is missing"),
        ({"kind": "discrepancy", "other": "NONE"}, "NONE"),
        ({"kind": "group", "members": ["X"]}, "watches its members"),
    ],
)
def test_a_condition_that_makes_no_sense_is_told(call: Call, condition: dict[str, Any], words: str) -> None:
    body = {"name": "X", "tag": "TK101.LT", "condition": condition}
    answer = call("POST", "/api/alarms", as_="engineer", json={"body": body})
    assert answer.status_code == 422
    assert words in str(answer.json)


def test_a_group_that_would_watch_itself_is_refused(call: Call) -> None:
    body = {"name": "G", "condition": {"kind": "group", "members": ["G"]}}
    answer = call("POST", "/api/alarms", as_="engineer", json={"body": body})
    assert (answer.status_code, "would watch itself" in str(answer.json)) == (422, True)
