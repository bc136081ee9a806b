"""Alarms that are enabled and disabled as an edit of what makes them."""

from __future__ import annotations

import pytest

from automation.model.configuration import Action, Enable, InvalidConfigurationError, Put
from automation.model.errors import ConflictError, NotFoundError
from tests.project.plant import ALARM, DEMO, EQUIPMENT, PUMP, TYPE, Plant, checked, files

P1 = {"name": "P1", "type": "PUMP", "parameters": {"address": 10}}


@pytest.fixture
def plant() -> Plant:
    plant = Plant()
    plant.change(Put(kind=TYPE, body=PUMP), Put(kind=EQUIPMENT, body=P1))
    return plant


def switch(plant: Plant, name: str, *, enabled: bool) -> None:
    plant.change(Enable(name=name, enabled=enabled))


def said(plant: Plant) -> dict[tuple[object, str], str]:
    """What an export says, by object."""
    return {key: given.hash for key, given in plant.exported().objects.items()}


def reason_of(plant: Plant, name: str, *, enabled: bool) -> str:
    with pytest.raises(ConflictError) as refused:
        switch(plant, name, enabled=enabled)
    return refused.value.reason


@pytest.mark.parametrize("name", ["LT1.H", "P1.FLOW.H", "LINK.plc.COMMS", "FV1.MISMATCH"])
def test_every_alarm_can_be_disabled_whoever_brings_it_and_enabled_again(plant: Plant, name: str) -> None:
    before = said(plant)

    switch(plant, name, enabled=False)

    assert plant.live.alarms[name].enabled is False
    assert reason_of(plant, name, enabled=False) == "disabled"
    assert plant.follows()
    again = plant.restart(DEMO)
    assert {alarm.name: alarm.enabled for alarm in again.configuration.alarms()}[name] is False

    switch(again, name, enabled=True)

    assert again.live.alarms[name].enabled is True
    assert reason_of(again, name, enabled=True) == "enabled"
    assert said(again) == before


def test_a_disabled_alarm_is_an_edit_that_plans_and_exports_show(plant: Plant) -> None:
    plant.configuration.mark_exported(1_800_000_150.0)
    exported = plant.exported()

    switch(plant, "LT1.H", enabled=False)

    assert plant.entry(ALARM, "LT1.H").edited
    [line] = plant.configuration.plan(exported).lines
    assert (line.action, line.name, line.fields) == (Action.DRIFT, "LT1.H", {"enabled": (None, False)})
    assert plant.exported().objects[ALARM, "LT1.H"].body["enabled"] is False


def test_the_part_of_a_unit_of_plant_is_disabled_at_the_unit(plant: Plant) -> None:
    switch(plant, "P1.FLOW.H", enabled=False)

    assert plant.entry(EQUIPMENT, "P1").object.body["disabled_alarms"] == ["P1.FLOW.H"]
    assert plant.entry(ALARM, "P1.FLOW.H").object.body["enabled"] is False
    assert plant.store.events[-1].kind == "config.equipment.changed"


def test_what_the_type_disables_is_not_enabled_at_the_unit(plant: Plant) -> None:
    plant.edit(TYPE, "PUMP", alarms=[{**PUMP["alarms"][0], "enabled": False}])

    assert reason_of(plant, "P1.FLOW.H", enabled=True) == "belongs_to_equipment"


def test_a_unit_that_disables_what_it_does_not_make_is_a_mistake(plant: Plant) -> None:
    with pytest.raises(InvalidConfigurationError) as refused:
        plant.edit(EQUIPMENT, "P1", disabled_alarms=["P1.FLOW.HH"])

    assert str(refused.value) == "equipment P1: disabled_alarms: it makes no alarm P1.FLOW.HH; did you mean P1.FLOW.H?"


def test_an_unknown_alarm_is_named(plant: Plant) -> None:
    with pytest.raises(NotFoundError, match="there is no alarm NOBODY"):
        switch(plant, "NOBODY", enabled=False)


def test_the_reason_is_in_the_row_of_the_change_and_goes_to_what_runs(plant: Plant) -> None:
    plant.configuration.change((Enable(name="LT1.H", enabled=False),), "eve", "rest", 1_800_000_100.0, "being rebuilt")

    assert plant.store.events[-1].details["reason"] == "being rebuilt"


def test_files_may_disable_what_a_link_brings(plant: Plant) -> None:
    body = {"name": "LINK.plc.COMMS", "tag": "LINK.plc.UP", "condition": {"kind": "comms"}, "enabled": False}

    plant.apply(files(checked(ALARM, body)), overwrite=True)

    assert plant.live.alarms["LINK.plc.COMMS"].enabled is False
