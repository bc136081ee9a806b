"""The manifest as a whole."""

from __future__ import annotations

from apps.demo_plant.manifest import APP
from apps.demo_plant.physics import COMMANDS
from automation import Kind, Output

TYPES = {
    *("tank", "pump", "valve", "valve_control", "motor", "heater", "sensor", "indicator", "bar", "pipe"),
    *("setpoint", "state", "button", "text", "link", "box"),
}


def test_all_parts_fit_together() -> None:
    assert list(APP.mistakes()) == []


def test_there_are_about_sixty_tags_each_with_area_and_description() -> None:
    assert 55 <= len(APP.tags) <= 70
    for tag in APP.tags:
        assert tag.area.startswith("station"), tag.name
        assert tag.description, tag.name


def test_every_output_and_setpoint_is_one_of_the_plant() -> None:
    written = {tag.name for tag in APP.tags if tag.kind is not Kind.SOFT and tag.writable}

    assert written == set(COMMANDS)


def test_the_outputs_that_heat_fill_or_sound_have_a_cap() -> None:
    caps = {tag.name: tag.max_on_s for tag in APP.tags if isinstance(tag, Output)}

    assert {name for name, cap in caps.items() if cap is not None} == {"XV101.CMD", "E101.CMD", "XA901.CMD"}


def test_every_alarm_tells_cause_and_action() -> None:
    for alarm in APP.alarms:
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
