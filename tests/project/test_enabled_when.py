"""The condition under which an alarm is heard, as a part of the configuration."""

from __future__ import annotations

import pytest

from automation.model.configuration import InvalidConfigurationError
from automation.model.errors import ConflictError
from tests.project.plant import ALARM, EQUIPMENT, HIGH, LEVEL, LINK, PUMP, SETPOINT, TAG, TYPE, VALVE, Plant, app

RUN = {"name": "RUN", "type": "bool", "writable": True}


@pytest.fixture
def plant() -> Plant:
    return Plant(app(LEVEL, VALVE, SETPOINT, RUN, {**HIGH, "enabled_when": "RUN and SP1 > 1"}))


def heard_when(plant: Plant) -> object:
    return plant.entry(ALARM, "LT1.H").object.body["enabled_when"]


def test_a_renamed_tag_is_followed(plant: Plant) -> None:
    plant.rename("RUN", "P1.RUNNING")

    assert heard_when(plant) == "P1.RUNNING and SP1 > 1"
    assert plant.live.alarms["LT1.H"].enabled_when == "P1.RUNNING and SP1 > 1"
    assert plant.follows()


def test_an_alarm_that_also_watches_the_tag_follows_in_both(plant: Plant) -> None:
    plant.edit(ALARM, "LT1.H", enabled_when="LT1 < 4.9")

    plant.rename("LT1", "LT2")

    assert (plant.entry(ALARM, "LT1.H").object.body["tag"], heard_when(plant)) == ("LT2", "LT2 < 4.9")
    assert [(use.name, use.how) for use in plant.configuration.users_of("LT2")] == [("LT1.H", "tag"), ("LT1.H", "enabled_when")]


def test_its_tags_are_in_use(plant: Plant) -> None:
    assert [(use.kind, use.name, use.how) for use in plant.configuration.users_of("RUN")] == [("alarm", "LT1.H", "enabled_when")]
    with pytest.raises(ConflictError, match=r"tag RUN: used by alarm LT1\.H"):
        plant.delete(TAG, "RUN")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("RUM", r"alarm LT1\.H: enabled_when: unknown tag RUM; did you mean RUN\?"),
        ("SP1", r"alarm LT1\.H: enabled_when: .*SP1 is no bool; compare it with something"),
        ("LT1 + 1", r"alarm LT1\.H: enabled_when: .*comes out as a number"),
        ("RUN and", r"alarm LT1\.H: enabled_when: "),
        ("delay(RUN, 5)", r"alarm LT1\.H: enabled_when: it depends on the past"),
        ("LT1 > convert(1, 'bar', 'kPa')", r"alarm LT1\.H: enabled_when: "),
    ],
)
def test_what_is_no_condition_over_tags_is_refused_when_it_is_saved(plant: Plant, text: str, words: str) -> None:
    with pytest.raises(InvalidConfigurationError, match=words):
        plant.edit(ALARM, "LT1.H", enabled_when=text)


def test_a_tag_that_would_be_no_bool_any_more_is_refused(plant: Plant) -> None:
    plant.edit(ALARM, "LT1.H", enabled_when="RUN")

    with pytest.raises(InvalidConfigurationError, match=r"alarm LT1\.H: enabled_when: .*RUN is no bool"):
        plant.edit(TAG, "RUN", type="int")


def test_a_type_gives_each_unit_its_own_condition(plant: Plant) -> None:
    plant.make(TYPE, {**PUMP, "alarms": [{**PUMP["alarms"][0], "enabled_when": "{name}.RUN"}]})
    plant.make(EQUIPMENT, {"name": "P7", "type": "PUMP", "parameters": {"address": 10}})

    assert plant.live.alarms["P7.FLOW.H"].enabled_when == "P7.RUN"


def test_a_link_keeps_its_own_alarm_though_another_is_heard_only_while_it_is_up(plant: Plant) -> None:
    plant.edit(ALARM, "LT1.H", enabled_when="LINK.plc.UP")

    assert "LINK.plc.COMMS" in plant.live.alarms
    plant.rename("plc", "plc2", LINK)
    assert heard_when(plant) == "LINK.plc2.UP"
