"""Who refers to which tag, what apps bring along, and names that were probably meant."""

from __future__ import annotations

import time
from dataclasses import replace

from apps.demo_plant.manifest import APP
from automation.model.configuration import ObjectKind
from automation.model.output import Output
from automation.observers.alarms.validation import in_tag_unit
from automation.project.apps import app_objects
from automation.project.codec import link_of
from automation.project.suggest import Suggestions, enumerated, meant
from automation.project.usage import computed_from, references, renamed_references
from tests.project.plant import PUMP, TYPE, Plant, alarm, tag
from tests.project.plant import checked as body_of


def never(text: str, old: str, new: str) -> str:
    raise AssertionError(text)


def test_references_of_a_tag_in_the_order_of_its_body():
    given = tag(name="A", source="plc/1", checks={"agrees_with": "B", "within": 1.0})
    derived = tag(name="C", expression="max(B, D) + B")

    assert [(reference.tag, reference.how) for reference in references(given)] == [("B", "checks.agrees_with")]
    assert [(reference.tag, reference.how) for reference in references(derived)] == [("B", "expression"), ("D", "expression")]
    assert computed_from(references(given)) == ()
    assert computed_from(references(derived)) == ("B", "D")
    assert references(body_of(TYPE, PUMP)) == ()


def test_a_rename_touches_only_what_refers_to_the_old_name():
    given = tag(name="A", description="B", expression="C + 1")

    assert renamed_references(given, "B", "X", never) == given.body
    assert renamed_references(alarm("A", "C"), "B", "X", never) == alarm("A", "C").body
    assert renamed_references(alarm("A", "B"), "B", "X", never)["tag"] == "X"


def test_an_application_brings_objects_links_and_what_its_machines_and_screens_use():
    found = app_objects(APP)

    assert len(found.objects) == len(APP.links) + len(APP.types) + len(APP.equipment) + len(APP.tags) + len(APP.alarms)
    assert [link_of(one.body) for one in found.objects if one.kind is ObjectKind.LINK] == list(APP.links)
    kinds = {use.kind for use in found.uses}
    assert kinds == {"machine", "screen"}
    assert any(use.how.startswith("port ") and use.writes for use in found.uses)


def test_the_demo_plant_runs_as_declared():
    plant = Plant(app_objects(APP))

    assert plant.configuration.left_out == {}
    tags = {declared.name: declared for declared in APP.all_tags}
    assert [replace(running, id="") for running in plant.configuration.tags()] == list(APP.all_tags)
    alarms = {alarm.name: alarm for alarm in plant.configuration.alarms()}
    assert [alarms.pop(declared.name) for declared in APP.all_alarms] == [
        in_tag_unit(declared, tags[declared.tag]) for declared in APP.all_alarms
    ]
    own = [f"LINK.{link.name}.COMMS" for link in APP.links]
    own += [f"{tag.name}.MISMATCH" for tag in APP.all_tags if isinstance(tag, Output)]
    assert alarms.keys() == set(own)


def test_the_nearest_name_is_meant_whatever_its_case():
    assert meant("tk101.lt", ["TK101.LT", "TK102.LT"]) == "TK101.LT"
    assert meant("nothing like it", ["TK101.LT"]) == ""


def test_the_nearest_of_very_many_names_is_found_in_time():
    names = [f"AREA{number % 50}.LINE{number // 50}.PT{number}" for number in range(100_000)]
    suggestions = Suggestions(names)

    began = time.perf_counter()
    assert suggestions("AREA7.LINE3.PT157X") == "AREA7.LINE3.PT157"
    assert time.perf_counter() - began < 2.0


def test_after_the_first_few_there_are_no_more_suggestions():
    suggestions = Suggestions(["PUMP1", "TANK1"], most=2)

    assert [suggestions(wrong) for wrong in ("PUMP2", "TANK2", "PUMP3", "PUMP2")] == ["PUMP1", "TANK1", "", "PUMP1"]


def test_a_long_list_of_names_is_cut():
    assert enumerated(["a", "b"]) == "a, b"
    assert enumerated([str(number) for number in range(25)]).endswith("19 and 5 more")
