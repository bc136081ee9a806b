"""Starts: apps that declare otherwise than before, apps that are not enabled, objects that do not fit any more, and the gate."""

from __future__ import annotations

import pytest

from automation.model.configuration import Put
from automation.model.errors import StorageError
from automation.project.apps import AppObjects
from automation.project.configuration import Configuration, Context
from automation.project.desired import Desired
from automation.testing.configuration import MemoryConfigStore
from tests.project.plant import (
    ALARM,
    DEMO,
    EQUIPMENT,
    HIGH,
    LEVEL,
    PUMP,
    SETPOINT,
    TAG,
    TYPE,
    VALVE,
    Plant,
    alarm,
    app,
    files,
    tag,
)

NEWER = app({**LEVEL, "precision": 4}, VALVE, SETPOINT, HIGH)

COMMS = ("LINK.plc.COMMS", "LINK.meter.COMMS")


@pytest.fixture
def plant() -> Plant:
    return Plant()


def precision(plant: Plant) -> object:
    return plant.entry(TAG, "LT1").object.body.get("precision")


def test_a_first_start_journals_how_many_objects_came(plant):
    assert [(event.kind, event.message) for event in plant.store.events] == [("config.loaded", "app:demo: 6 objects added")]


def test_a_start_without_changes_writes_nothing(plant):
    saves = plant.store.saves

    assert plant.restart(DEMO).store.saves == saves


def test_what_nobody_edited_follows_the_app(plant):
    tag_id = plant.entry(TAG, "LT1").id

    newer = plant.restart(NEWER)

    assert (precision(newer), newer.entry(TAG, "LT1").id, newer.configuration.edits) == (4, tag_id, [])
    assert newer.store.kinds[-1] == "config.tag.changed"


def test_an_edit_stays_when_the_app_changes_and_is_a_conflict(plant):
    plant.edit(TAG, "LT1", precision=3)

    newer = plant.restart(NEWER)

    assert precision(newer) == 3
    assert [line.action.value for line in newer.configuration.plan(Desired()).lines] == ["conflict"]


def test_an_edit_that_the_app_takes_over_is_none_any_more(plant):
    plant.edit(TAG, "LT1", precision=4)

    assert plant.restart(NEWER).configuration.edits == []


def test_what_files_say_stays_when_the_app_changes(plant):
    plant.apply(files(tag(**{**LEVEL, "precision": 3}), removed=[(TAG, "SP1")]))

    newer = plant.restart(app({**LEVEL, "precision": 4}, VALVE, {**SETPOINT, "precision": 4}, HIGH))

    assert precision(newer) == 3
    assert "SP1" not in newer.names(TAG)
    assert newer.configuration.edits == []


def test_what_was_removed_stays_removed_over_starts(plant):
    plant.delete(TAG, "SP1")

    again = plant.restart(app(LEVEL, VALVE, {**SETPOINT, "precision": 4}, HIGH))

    assert "SP1" not in again.names(TAG)
    assert again.configuration.edits == [(TAG, "SP1")]


def test_what_an_app_declares_no_more_goes_unless_it_was_edited(plant):
    plant.edit(TAG, "SP1", precision=4)

    newer = plant.restart(app(LEVEL, HIGH))

    assert newer.names(TAG) == {"LT1", "SP1"}
    assert (newer.entry(TAG, "SP1").owner, newer.entry(TAG, "SP1").edited) == ("project", True)
    assert [line.action.value for line in newer.configuration.plan(Desired()).lines] == ["drift"]
    assert "config.tag.removed" in newer.store.kinds


def test_objects_of_an_app_that_is_not_enabled_sleep_and_wake_with_their_ids(plant):
    plant.edit(TAG, "LT1", precision=4)
    tag_id = plant.entry(TAG, "LT1").id
    without = plant.restart(app(name="other"))

    assert without.names(TAG) == set()
    assert without.configuration.exported().objects == []
    back = without.restart(DEMO)
    assert (precision(back), back.entry(TAG, "LT1").id) == (4, tag_id)


def test_a_sleeping_name_may_be_used_and_keeps_its_id(plant):
    tag_id = plant.entry(TAG, "SP1").id
    without = plant.restart(app(name="other"))

    without.make(TAG, {"name": "SP1", "unit": "m", "precision": 4})

    entry = without.entry(TAG, "SP1")
    assert (entry.id, entry.owner) == (tag_id, "project")
    assert without.restart(app(name="other")).entry(TAG, "SP1").id == tag_id


def test_an_object_of_the_project_that_an_app_declares_now_is_the_apps(plant):
    plant.make(TAG, {"name": "PT1", "unit": "bar"})
    plant.make(TAG, {"name": "PT2", "unit": "bar"})

    newer = plant.restart(app(LEVEL, VALVE, SETPOINT, HIGH, {"name": "PT1", "unit": "bar"}, {"name": "PT2", "unit": "mbar"}))

    assert newer.entry(TAG, "PT1").owner == newer.entry(TAG, "PT2").owner == "app:demo"
    assert newer.configuration.edits == [(TAG, "PT2")]
    newer.delete(TAG, "PT2")
    assert newer.configuration.edits == [(TAG, "PT2")]
    assert newer.configuration.plan(Desired()).lines[0].action.value == "drift"


def test_what_does_not_fit_any_more_is_left_out_with_what_depends_on_it(plant, caplog):
    plant.make(TAG, {"name": "TWICE", "unit": "m", "expression": "SP1 * 2"})
    plant.make(ALARM, alarm("TWICE.H", "TWICE").body)

    newer = plant.restart(app(LEVEL, VALVE, HIGH))

    assert list(newer.configuration.left_out) == [(TAG, "TWICE"), (ALARM, "TWICE.H")]
    assert "unknown tag SP1" in caplog.text
    assert newer.store.kinds[-2:] == ["config.left_out", "config.left_out"]
    assert newer.live.tags.keys() == {"LT1", "FV1"}
    assert newer.entry(TAG, "TWICE").object.body["expression"] == "SP1 * 2"


def test_what_was_left_out_runs_once_it_is_mended(plant):
    plant.make(TAG, {"name": "TWICE", "unit": "m", "expression": "SP1 * 2"})
    plant.make(ALARM, alarm("TWICE.H", "TWICE").body)
    newer = plant.restart(app(LEVEL, VALVE, HIGH))
    newer.edit(TAG, "LT1", precision=4)
    assert len(newer.configuration.left_out) == 2

    newer.make(TAG, SETPOINT)

    assert newer.configuration.left_out == {}
    assert newer.live.tags.keys() == {"LT1", "FV1", "SP1", "TWICE"}
    assert newer.follows()


def test_what_was_left_out_may_be_removed(plant):
    plant.make(TAG, {"name": "TWICE", "unit": "m", "expression": "SP1 * 2"})
    newer = plant.restart(app(LEVEL, VALVE, HIGH))

    newer.delete(TAG, "TWICE")

    assert (newer.configuration.left_out, newer.names(TAG)) == ({}, {"LT1", "FV1"})


def test_equipment_whose_link_is_gone_is_left_out_as_a_whole(plant):
    plant.change(
        Put(kind=TYPE, body=PUMP),
        Put(kind=EQUIPMENT, body={"name": "P1", "type": "PUMP", "parameters": {"address": 1}}),
    )
    ids = dict(plant.store.made_ids)
    without = plant.restart(AppObjects(name="other"))

    assert list(without.configuration.left_out) == [(EQUIPMENT, "P1")]
    assert without.names(TAG) == set()
    assert {name: without.restart(DEMO).live.tags[name].id for name in ids} == ids


def test_a_store_that_cannot_be_read_is_told():
    store = MemoryConfigStore()
    store.failing = StorageError("gone")

    with pytest.raises(StorageError):
        Configuration(store, [DEMO]).load(1.0)


# the gate

NORTH = {"name": "N", "unit": "m", "segment": "north", "source": "plc/1"}
SOUTH = {"name": "S", "unit": "m", "segment": "south", "source": "plc/2", "checks": {"agrees_with": "N", "within": 0.1}}
BOTH = {"name": "SUM", "unit": "m", "expression": "N + S"}
AGAIN = {"name": "AGAIN", "unit": "m", "expression": "SUM * 1"}
GATED = app(NORTH, SOUTH, BOTH, AGAIN, LEVEL, alarm("N.H", "N").body, alarm("S.H", "S").body)


def test_the_gate_lets_in_one_segment_and_what_belongs_to_none():
    plant = Plant(GATED, context=Context(segment="south"))

    assert plant.live.tags.keys() == {"S", "LT1"}
    assert plant.live.alarms.keys() == {"S.H", *COMMS}
    assert plant.live.tags["S"].checks is not None
    assert plant.live.tags["S"].checks.agrees_with is None
    assert plant.names(TAG) == {"N", "S", "SUM", "AGAIN", "LT1"}


def test_without_a_gate_everything_runs():
    assert Plant(GATED).live.tags.keys() == {"N", "S", "SUM", "AGAIN", "LT1"}


def test_a_manufacturer_is_a_gate_too():
    plant = Plant(
        app(LEVEL, {"name": "A", "manufacturer": "x"}, {"name": "B", "manufacturer": "y"}), context=Context(manufacturer="x")
    )

    assert plant.live.tags.keys() == {"LT1", "A"}


def test_a_change_may_take_tags_through_the_gate():
    plant = Plant(GATED, context=Context(segment="south"))

    plant.edit(TAG, "N", segment="south")

    assert plant.live.tags.keys() == {"N", "S", "SUM", "AGAIN", "LT1"}
    assert plant.live.alarms.keys() == {"N.H", "S.H", *COMMS}
    assert plant.live.tags["S"].checks.agrees_with == "N"
    plant.edit(TAG, "N", segment="north")
    assert plant.live.tags.keys() == {"S", "LT1"}
    assert plant.follows()
