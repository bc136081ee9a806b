"""Warnings of alarms that lack what operators need."""

from __future__ import annotations

import pytest

from automation.model.configuration import Enable, Put
from automation.model.philosophy import AlarmClass, Guidance, Philosophy
from automation.project.configuration import Context
from automation.project.service import Project
from tests.project.plant import ALARM, DEMO, EQUIPMENT, HIGH, PUMP, TYPE, Plant, alarm, files

GUIDED = {"consequence": "spill", "cause": "stuck valve", "action": "close it", "response_s": 300.0}
SITE = Philosophy(guidance={"north": Guidance(consequence="spill", action="close it"), "north/a": Guidance(response_s=60.0)})
ALL = "not rationalized, it has no consequence, cause, action and no response time"


@pytest.fixture
def plant() -> Plant:
    return Plant(context=Context(philosophy=SITE))


def test_saving_tells_what_is_missing_and_saves(plant: Plant) -> None:
    body = {**HIGH, "name": "LT1.HH", "cause": "stuck valve"}

    result = plant.make(ALARM, body)

    assert result.warnings == ("alarm LT1.HH: not rationalized, it has no consequence, action and no response time",)
    assert "LT1.HH" in plant.live.alarms


def test_what_is_complete_warns_of_nothing(plant: Plant) -> None:
    assert plant.make(ALARM, {**HIGH, "name": "LT1.HH", **GUIDED}).warnings == ()


def test_what_the_area_gives_is_not_missing(plant: Plant) -> None:
    result = plant.make(ALARM, {**HIGH, "name": "LT1.HH", "area": "north/a"})

    assert result.warnings == ("alarm LT1.HH: not rationalized, it has no cause",)


def test_only_what_changes_is_told_of_by_a_save_and_a_plan(plant: Plant) -> None:
    assert plant.change(Enable(name="LT1.H", enabled=False)).warnings == (f"alarm LT1.H: {ALL}",)
    assert plant.configuration.plan(files(alarm("LT1.X", "LT1"))).warnings == (f"alarm LT1.X: {ALL}",)
    assert plant.apply(files(alarm("LT1.X", "LT1"))).warnings == (f"alarm LT1.X: {ALL}",)


def test_the_alarms_of_a_unit_of_plant_are_told_of_too(plant: Plant) -> None:
    p1 = {"name": "P1", "type": "PUMP", "parameters": {"address": 10}}

    result = plant.change(Put(kind=TYPE, body=PUMP), Put(kind=EQUIPMENT, body=p1))

    assert result.warnings == (f"alarm P1.FLOW.H: {ALL}",)


def test_an_alarm_whose_class_is_gone_from_the_settings_is_left_out_and_told_of() -> None:
    site = Context(philosophy=Philosophy(classes={"safety": AlarmClass(name="safety")}))
    plant = Plant(DEMO, context=site)
    plant.edit(ALARM, "LT1.H", alarm_class="safety")

    again = plant.restart(DEMO)

    (mistakes,) = again.configuration.left_out.values()
    assert [str(one) for one in mistakes] == ["alarm LT1.H: alarm_class: safety: no classes are configured"]
    assert again.store.events[-1].kind == "config.left_out"


def test_very_many_are_summed_up(plant: Plant) -> None:
    bodies = [{**HIGH, "name": f"LT1.A{i}", "cause": "x" if i % 2 else ""} for i in range(100)]

    result = plant.change(*(Put(kind=ALARM, body=body) for body in bodies))

    assert len(result.warnings) == 21
    assert result.warnings[-1] == (
        "80 more alarms are not rationalized: 80 have no consequence, 40 have no cause, 80 have no action, "
        "80 have no response time"
    )


def test_validating_files_tells_of_all_alarms_that_would_run() -> None:
    project = Project(Plant(DEMO).configuration)
    text = '[[alarm]]\nname = "LT1.X"\ntag = "LT1"\ncondition = { kind = "bad_quality" }\ncause = "cable"\n'

    assert project.warnings({"alarms/north.toml": text}) == (
        f"alarm LT1.H: {ALL}",
        "alarm LT1.X: not rationalized, it has no consequence, action and no response time",
    )
    assert project.warnings({"alarms/north.toml": "[[alarm]]\n"}) == []
