"""The manifest as a whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from apps.demo_plant.manifest import APP
from apps.demo_plant.physics import COMMANDS
from automation import DataType, High, Kind, Output

TYPES = {
    *("tank", "pump", "valve", "valve_control", "motor", "heater", "sensor", "indicator", "bar", "pipe"),
    *("setpoint", "state", "button", "text", "link", "box"),
}


def test_all_parts_fit_together() -> None:
    assert list(APP.mistakes()) == []


def test_there_are_seventy_tags_each_with_area_and_description() -> None:
    assert len(APP.all_tags) == 70
    for tag in APP.all_tags:
        assert tag.area.startswith("station"), tag.name
        assert tag.description, tag.name


def test_every_output_and_setpoint_is_one_of_the_plant() -> None:
    written = {tag.name for tag in APP.all_tags if tag.kind is not Kind.SOFT and tag.writable}

    assert written == set(COMMANDS)


def test_the_outputs_that_heat_fill_or_sound_have_a_cap() -> None:
    caps = {tag.name: tag.max_on_s for tag in APP.all_tags if isinstance(tag, Output)}

    assert {name for name, cap in caps.items() if cap is not None} == {"XV101.CMD", "E101.CMD", "XA901.CMD"}


def test_every_alarm_tells_cause_and_action() -> None:
    for alarm in APP.all_alarms:
        assert alarm.description, alarm.name
        assert alarm.cause, alarm.name
        assert alarm.action, alarm.name


def test_the_overview_is_a_screen_of_known_elements_inside_its_frame() -> None:
    for screen in APP.screen_list():
        content = screen.content
        ids = [element["id"] for element in content["elements"]]
        assert len(ids) == len(set(ids))
        for element in content["elements"]:
            assert element["type"] in TYPES, element["id"]
            assert 0 <= element["x"] <= element["x"] + element["w"] <= content["width"], element["id"]
            assert 0 <= element["y"] <= element["y"] + element["h"] <= content["height"], element["id"]
    assert APP.screen_list()[0].id == "overview"


def test_every_machine_can_be_seen_and_reset_on_the_overview() -> None:
    elements = APP.screen("overview").content["elements"]
    seen = {e["bind"]["machine"] for e in elements if e["type"] == "state"}
    reset = {e["bind"]["machine"] for e in elements if e["type"] == "button" and e["props"]["command"] == "reset"}

    assert seen == {machine.name for machine in APP.machines}
    assert reset == seen


def test_both_pumps_are_made_from_one_type_and_differ_in_addresses_and_letters_only() -> None:
    tags = {tag.name: tag for tag in APP.all_tags}
    parts = ("CMD", "RUN", "FLT", "IT", "VT", "TT", "HRS", "STARTS")

    assert [kind.name for kind in APP.types] == ["pump"]
    assert [equipment.name for equipment in APP.equipment] == ["P101A", "P101B"]
    for part in parts:
        a, b = tags[f"P101A.{part}"], tags[f"P101B.{part}"]
        assert a.source != b.source
        assert a.description.casefold().replace("pump a", "pump b") == b.description.casefold()
        assert replace(a, name=b.name, source=b.source, description=b.description) == b


def test_the_pumps_stand_where_they_are_wired() -> None:
    tags = {tag.name: tag for tag in APP.all_tags}

    assert tags["P101A.CMD"] == Output(
        name="P101A.CMD", type=DataType.BOOL, source="plant/coil:1", scan="fast", safe=False, continuous=True,
        area="station/pumps", description="Run pump A",
    )  # fmt: skip
    assert tags["P101B.STARTS"].source == "plant/input:70:uint32"
    assert tags["P101B.IT"].display_band == pytest.approx(0.025)


def test_every_pump_has_a_faceplate_of_its_own_tags() -> None:
    tags = {tag.name for tag in APP.all_tags}
    (kind,) = APP.types

    shown = {item.tag.replace("{name}", equipment.name) for item in kind.faceplate for equipment in APP.equipment}

    assert shown <= tags
    assert len(shown) == 14


def test_the_limit_in_kilopascal_is_meant_in_the_unit_of_its_tag() -> None:
    (alarm,) = (alarm for alarm in APP.alarms if alarm.name == "P101.PT2.H")

    assert alarm.condition == High(limit=405.0, deadband=10.0, unit="kPa")


def test_what_the_next_shift_needs_outlives_a_restart() -> None:
    assert {tag.name for tag in APP.all_tags if tag.retained} == {"P101.DUTY", "STATION.NOTE"}
