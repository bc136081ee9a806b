"""Plans: what apply would do, which edits it would meet, and what is touched."""

from __future__ import annotations

import pytest

from automation.model.configuration import Action, InvalidConfigurationError, Plan
from automation.model.errors import ConfigError
from automation.project.desired import Desired
from automation.project.usage import AppUse
from tests.project.plant import ALARM, EQUIPMENT, HIGH, LEVEL, PUMP, SETPOINT, TAG, TYPE, Plant, alarm, app, files, tag
from tests.project.plant import checked as body_of


@pytest.fixture
def plant() -> Plant:
    return Plant()


def lines(plan: Plan) -> list[tuple[str, str]]:
    return [(line.action.value, line.name) for line in plan.lines]


def test_apps_alone_are_what_runs(plant):
    assert plant.configuration.plan(Desired()) == Plan(lines=[])


def test_files_add_change_and_remove(plant):
    desired = files(tag(name="PT1", unit="bar"), tag(**{**LEVEL, "precision": 4}), removed=[(TAG, "SP1")])

    plan = plant.configuration.plan(desired)

    assert lines(plan) == [("change", "LT1"), ("remove", "SP1"), ("add", "PT1")]
    assert plan.lines[0].fields == {"precision": (None, 4)}
    assert plan.lines[2].fields == {"name": (None, "PT1"), "unit": (None, "bar")}


def test_fields_within_fields_are_told_by_their_dotted_names(plant):
    changed = {**HIGH, "condition": {"kind": "high", "limit": 4.0}}

    [line] = plant.configuration.plan(files(body_of(ALARM, changed))).lines

    assert line.fields == {"condition.limit": (4.5, 4.0), "condition.deadband": (0.1, None)}


def test_an_edit_that_files_do_not_speak_of_is_drift(plant):
    plant.edit(TAG, "LT1", precision=4)
    plant.make(TAG, {"name": "NEW"})
    plant.delete(TAG, "SP1")

    plan = plant.configuration.plan(files(tag(name="PT1")))

    assert lines(plan) == [("drift", "LT1"), ("drift", "SP1"), ("add", "PT1"), ("drift", "NEW")]
    assert plan.lines[0].fields == {"precision": (None, 4)}
    assert plan.conflicts == []
    assert [line.name for line in plan.changes] == ["PT1"]


def test_an_edit_that_files_speak_of_otherwise_is_a_conflict(plant):
    plant.edit(TAG, "LT1", precision=4)
    plant.delete(TAG, "SP1")
    plant.make(TAG, {"name": "NEW", "unit": "m"})

    plan = plant.configuration.plan(files(tag(**LEVEL), tag(**SETPOINT), tag(name="NEW", unit="mm")))

    assert lines(plan) == [("conflict", "LT1"), ("conflict", "SP1"), ("conflict", "NEW")]
    assert plan.conflicts[0].fields == {"precision": (4, None)}
    assert plan.conflicts[2].fields == {"unit": ("m", "mm")}


def test_an_edit_that_files_want_just_so_is_none(plant):
    plant.edit(TAG, "LT1", precision=4)

    assert plant.configuration.plan(files(tag(**{**LEVEL, "precision": 4}))).lines == []


def test_lines_tell_what_they_touch():
    uses = [AppUse(tag="LT1", kind="machine", name="fill", how="port level")]
    plant = Plant(app(LEVEL, SETPOINT, HIGH, uses=uses))
    plant.make(TAG, {"name": "TWICE", "unit": "m", "expression": "LT1 * 2"})

    plan = plant.configuration.plan(
        files(
            tag(**{**LEVEL, "precision": 4}),
            tag(**{**SETPOINT, "history": False, "display_name": "Wanted"}),
            tag(name="NEW", display_name="Wanted"),
            body_of(ALARM, {**HIGH, "priority": 1}),
        )
    )

    touches = {line.name: list(line.touches) for line in plan.lines}
    assert touches["LT1"] == ["alarm LT1.H", "tag TWICE", "machine fill, port level", "history of LT1"]
    assert touches["SP1"] == ["history of SP1", "display name also of tag NEW"]
    assert touches["LT1.H"] == ["running alarm LT1.H"]


def test_parts_of_equipment_have_lines_of_their_own(plant):
    desired = files(body_of(TYPE, PUMP), body_of(EQUIPMENT, {"name": "P1", "type": "PUMP", "parameters": {"address": 1}}))

    plan = plant.configuration.plan(desired)

    assert {line.name for line in plan.lines if line.touches == ["equipment P1"]} == {
        "P1.RUN",
        "P1.FLOW",
        "P1.TWICE",
        "P1.FLOW.H",
    }
    assert all(line.action is Action.ADD for line in plan.lines)


def test_a_plan_with_mistakes_is_refused_with_all_of_them_and_their_places(plant):
    with pytest.raises(InvalidConfigurationError) as caught:
        plant.configuration.plan(files(tag(name="A", source="plx/1"), alarm("B", "NOWHERE")))

    assert [mistake.place for mistake in caught.value.mistakes] == ["plant.toml:1", "plant.toml:2"]


def test_files_that_remove_what_others_use_are_refused(plant):
    with pytest.raises(InvalidConfigurationError, match=r"alarm LT1\.H: tag: unknown tag LT1"):
        plant.configuration.plan(files(removed=[(TAG, "LT1")]))
    used = Plant(app(LEVEL, uses=[AppUse(tag="LT1", kind="machine", name="fill", how="port level")]))
    with pytest.raises(InvalidConfigurationError, match=r"applications use it: machine fill \(port level\)"):
        used.configuration.plan(files(removed=[(TAG, "LT1")]))


def test_a_plan_asks_the_running_parts_and_changes_nothing(plant):
    plant.live.restart = ["a restart"]
    desired = files(tag(name="NEW"))

    assert plant.configuration.plan(desired).restart == ("a restart",)
    plant.live.refusing = ConfigError("no")
    with pytest.raises(ConfigError):
        plant.configuration.plan(desired)
    assert (plant.configuration.revision, plant.live.effects) == (1, [])
