"""Logic of equipment: machines that a type describes and every unit of plant runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.model.configuration import Delete, InvalidConfigurationError, Put, Usage
from automation.model.equipment import EquipmentType
from automation.model.errors import ConflictError
from automation.model.machine import MachineDeclaration
from automation.project.apps import AppObjects, KindFacts
from automation.project.codec import checked, object_of_type, type_of
from automation.project.configuration import Context
from automation.project.files.reader import read_files
from automation.project.files.writer import write_files
from automation.project.json_schema import json_schema
from automation.project.usage import AppUse
from tests.project.plant import EQUIPMENT, LEVEL, SETPOINT, TAG, TYPE, VALVE, Plant, app, files

CONTROL = {"kind": "pump_control", "name": "{name}_control", "ports": {"level": "{level}", "command": "{name}.CMD"}}
PUMP = {
    "name": "PUMP",
    "parameters": {"coil": {"type": "integer"}, "level": {"default": "LT1"}},
    "tags": [{"name": "{name}.CMD", "type": "bool", "source": "plc/{coil}", "output": {"safe": False, "continuous": True}}],
    "machines": [CONTROL],
}
P1 = {"name": "P1", "type": "PUMP", "area": "station/pumps", "parameters": {"coil": 11}}
P2 = {"name": "P2", "type": "PUMP", "parameters": {"coil": 12}}
KINDS = [
    KindFacts(name="pump_control", ports={"level": "in", "command": "out"}),
    KindFacts(name="pump_watch", ports={"command": "in", "count": "inout"}),
]
USES = [AppUse(tag="FV1", kind="machine", name="filling", how="port valve", writes=True, puts=True)]
CONTROL_OF_P1 = MachineDeclaration(
    name="P1_control", kind="pump_control", area="station/pumps", ports={"level": "LT1", "command": "P1.CMD"}
)


def demo(**fields: object) -> AppObjects:
    return replace(app(LEVEL, VALVE, SETPOINT, uses=USES), kinds=KINDS, machines=["filling"], **fields)


def with_machines(*machines: object, **fields: object) -> dict[str, object]:
    return {**PUMP, "machines": list(machines), **fields}


@pytest.fixture
def plant() -> Plant:
    plant = Plant(demo())
    plant.change(Put(kind=TYPE, body=PUMP), Put(kind=EQUIPMENT, body=P1), Put(kind=EQUIPMENT, body=P2))
    return plant


def mistakes(plant: Plant, *changes: object) -> list[str]:
    with pytest.raises(InvalidConfigurationError) as caught:
        plant.change(*changes)
    assert plant.follows()
    return [str(mistake) for mistake in caught.value.mistakes]


def test_a_unit_of_plant_has_the_machines_of_its_type(plant):
    assert set(plant.live.machines) == {"P1_control", "P2_control"}
    assert plant.live.machines["P1_control"] == CONTROL_OF_P1
    assert plant.configuration.machines_of("P1") == ["P1_control"]
    assert plant.configuration.machines_of("NOBODY") == []
    assert plant.follows()
    assert plant.restart(demo()).configuration.machines() == plant.configuration.machines()


def test_machines_go_with_their_unit(plant):
    plant.delete(EQUIPMENT, "P1")

    [effects] = plant.live.effects[-1:]
    assert (effects.machines_removed, [tag.name for tag in effects.tags_removed]) == ([CONTROL_OF_P1], ["P1.CMD"])
    assert plant.follows()


def test_another_parameter_binds_the_machine_to_another_tag(plant):
    plant.change(Put(kind=EQUIPMENT, body={**P1, "parameters": {"coil": 11, "level": "SP1"}}))

    [(old, new)] = plant.live.effects[-1].machines_changed
    assert (old, new.ports["level"]) == (CONTROL_OF_P1, "SP1")
    assert not new.like(old)
    assert plant.follows()


def test_a_type_that_gets_a_machine_gives_it_to_every_unit(plant):
    watch = {"kind": "pump_watch", "name": "{name}_watch", "ports": {"command": "{name}.CMD", "count": "{name}.COUNT"}}
    count = {"name": "{name}.COUNT", "type": "int", "initial": 0}
    body = with_machines(CONTROL, watch, tags=[*PUMP["tags"], count])

    plan = plant.configuration.plan_changes([Put(kind=TYPE, body=body)])
    result = plant.change(Put(kind=TYPE, body=body))

    assert [machine.name for machine in plant.live.effects[-1].machines_added] == ["P1_watch", "P2_watch"]
    assert plant.live.effects[-1].machines_changed == []
    assert result.changed == [(TYPE, "PUMP"), (EQUIPMENT, "P1"), (EQUIPMENT, "P2")]
    lines = {line.name: line for line in plan.lines}
    assert set(lines) == {"PUMP", "P1", "P2", "P1.COUNT", "P2.COUNT"}
    assert lines["P1"].touches == ["machine P1_watch starts"]
    assert lines["P1"].fields["machines.P1_watch.ports.count"] == (None, "P1.COUNT")
    assert plant.follows()


def test_the_plan_tells_what_becomes_of_machines(plant):
    def touched(*machines: object) -> list[str]:
        [_, line, _] = plant.configuration.plan_changes([Put(kind=TYPE, body=with_machines(*machines))]).lines
        assert line.name == "P1"
        return list(line.touches)

    other = {**CONTROL, "ports": {**CONTROL["ports"], "level": "SP1"}}
    assert touched() == ["machine P1_control stops, and its outputs go to safe"]
    assert touched({**CONTROL, "description": "Pumps"}) == ["machine P1_control goes on under other texts"]
    assert touched(other) == ["machine P1_control is made anew: it stops, its outputs go to safe, and it starts over"]
    [removed, _] = plant.configuration.plan_changes([Delete(kind=EQUIPMENT, name="P1")]).lines
    assert removed.touches == ["machine P1_control stops, and its outputs go to safe"]


def test_the_users_of_a_tag_are_the_machines_too(plant):
    assert plant.configuration.users_of("P1.CMD") == [
        Usage(kind="equipment", name="P1", how="makes it"),
        Usage(kind="machine", name="P1_control", how="port command"),
    ]
    assert Usage(kind="machine", name="P2_control", how="port level") in plant.configuration.users_of("LT1")
    with pytest.raises(ConflictError, match="used by machine P1_control, port level, machine P2_control, port level") as caught:
        plant.delete(TAG, "LT1")
    assert caught.value.reason == "in_use"


def test_a_renamed_tag_is_followed_by_the_parameter_that_names_it():
    plant = Plant(demo())
    plant.change(
        Put(kind=TYPE, body=PUMP),
        Put(kind=EQUIPMENT, body={**P1, "parameters": {"coil": 11, "level": "SP1"}}),
    )

    plant.rename("SP1", "SP2")

    assert plant.live.machines["P1_control"].ports["level"] == "SP2"
    assert plant.follows()


def test_a_renamed_tag_that_a_template_names_is_refused(plant):
    with pytest.raises(ConflictError, match="used by machine P1_control, port level"):
        plant.rename("LT1", "LT2")


def test_what_no_application_offers_is_a_mistake_of_the_type(plant):
    wrong = {"kind": "pump_contol", "name": "{name}_x"}
    ports = {**CONTROL, "name": "{name}_y", "ports": {"levl": "LT1", "command": "{name}.CMD"}}

    assert mistakes(plant, Put(kind=TYPE, body={**with_machines(wrong, ports), "name": "OTHER"})) == [
        "type OTHER: machines.0.kind: no application offers machines of the kind pump_contol; did you mean pump_control?",
        "type OTHER: machines.1.ports.levl: machines of the kind pump_control have no such port; did you mean level?",
        "type OTHER: machines.1.ports.level: machines of the kind pump_control need a tag here",
    ]


def test_ports_on_tags_that_are_not_there_or_cannot_be_written_are_mistakes(plant):
    lost = {**CONTROL, "ports": {"level": "LT9", "command": "LT1"}}

    assert mistakes(plant, Put(kind=TYPE, body={**with_machines(lost), "name": "OTHER"}), of("OTHER")) == [
        "machine P9_control: ports.level: unknown tag LT9; did you mean LT1?",
        "machine P9_control: ports.command: LT1 cannot be written",
    ]


def of(kind: str, **fields: object) -> Put:
    return Put(kind=EQUIPMENT, body={"name": "P9", "type": kind, "parameters": {"coil": 19}, **fields})


def test_an_output_has_one_machine_that_puts_it(plant):
    def with_output(tag: str) -> Put:
        body = with_machines({**CONTROL, "ports": {"level": "LT1", "command": tag}})
        return Put(kind=TYPE, body={**body, "name": "OTHER"})

    assert mistakes(plant, with_output("P1.CMD"), of("OTHER")) == [
        "machine P9_control: ports.command: output P1.CMD is already put by machine P1_control"
    ]
    assert mistakes(plant, with_output("FV1"), of("OTHER")) == [
        "machine P9_control: ports.command: output FV1 is already put by machine filling"
    ]
    twice = with_machines(CONTROL, {**CONTROL, "name": "{name}_again"})
    assert mistakes(plant, Put(kind=TYPE, body=twice)) == [
        "machine P1_again: ports.command: output P1.CMD is already put by machine P1_control",
        "machine P2_again: ports.command: output P2.CMD is already put by machine P2_control",
    ]


def test_names_of_machines_are_used_once(plant):
    body = {**with_machines({**CONTROL, "name": "P1_control", "ports": {"level": "LT1", "command": "SP1"}}), "name": "OTHER"}
    assert mistakes(plant, Put(kind=TYPE, body=body), of("OTHER")) == ["machine P1_control: name: equipment P1 makes it too"]
    assert mistakes(
        plant, Put(kind=TYPE, body=with_machines({**CONTROL, "name": "filling"})), Delete(kind=EQUIPMENT, name="P2")
    ) == ["machine filling: name: an application has a machine of that name already"]
    assert "equipment P1: it makes machine P1_control twice" in mistakes(
        plant, Put(kind=TYPE, body=with_machines(CONTROL, {**CONTROL, "name": "{name}_{c}"}, parameters=with_c()))
    )


def with_c() -> dict[str, object]:
    return {**PUMP["parameters"], "c": {"default": "control"}}


def test_a_wrong_template_is_told_with_its_place():
    def refused(**fields: object) -> str:
        with pytest.raises(InvalidConfigurationError) as caught:
            checked(TYPE, with_machines({**CONTROL, **fields}))
        return str(caught.value)

    assert refused(kind="{kind}").startswith("type PUMP: machines.0.kind: a name in code has")
    assert refused(port={}) == "type PUMP: machines.0.port: unknown field; did you mean ports?"
    assert refused(name="{nam}_x") == "type PUMP: machines.0.name: {nam} is no parameter of the type; did you mean {name}?"
    assert refused(area="a//b").startswith("type PUMP: machines.0.area: ")
    assert "kind: is missing" in refused_without_kind()


def refused_without_kind() -> str:
    with pytest.raises(InvalidConfigurationError) as caught:
        checked(TYPE, with_machines({"name": "{name}_x"}))
    return str(caught.value)


def test_a_name_that_comes_out_wrong_is_told_of_the_unit(plant):
    bad = with_machines({**CONTROL, "name": "{name}{c}"}, name="OTHER", parameters={**PUMP["parameters"], "c": {}})

    assert mistakes(plant, Put(kind=TYPE, body=bad), of("OTHER", parameters={"coil": 19, "c": " x"})) == [
        "equipment P9: type OTHER: machines.0.name: a name has 1 to 128 letters, digits, '_', '.' or '-'"
    ]


def test_a_tag_that_a_machine_puts_stays_writable(plant):
    plant.change(
        Put(kind=TYPE, body=with_machines({**CONTROL, "ports": {"level": "LT1", "command": "SP1"}})),
        Delete(kind=EQUIPMENT, name="P2"),
    )

    assert mistakes(plant, Put(kind=TAG, body={"name": "SP1", "unit": "m", "expression": "LT1 * 2"})) == [
        "machine P1_control: ports.command: SP1 cannot be written"
    ]


def test_a_machine_that_needs_a_tag_of_another_segment_does_not_run_here(plant):
    plant.edit(TAG, "LT1", segment="south")

    here = plant.restart(demo(), context=Context(segment="north"))

    assert here.configuration.machines() == []
    assert here.configuration.machines_of("P1") == ["P1_control"]
    here.edit(TAG, "LT1", segment="north")
    assert set(here.live.machines) == {"P1_control", "P2_control"}
    assert here.follows()


def test_units_whose_machine_no_application_offers_any_more_are_left_out_and_told(plant):
    again = plant.restart(replace(demo(), kinds=[]))

    assert [str(mistake) for mistake in again.configuration.left_out[TYPE, "PUMP"]] == [
        "type PUMP: machines.0.kind: no application offers machines of the kind pump_control"
    ]
    assert again.configuration.machines() == []
    assert plant.restart(demo()).configuration.machines() == plant.configuration.machines()


def test_files_hold_the_machines_of_a_type_and_come_to_the_same(plant):
    objects, removed = plant.configuration.exported()
    written = write_files(objects, removed)

    desired = read_files(written)

    assert "[[type.machines]]" in written["types/PUMP.toml"]
    assert desired.objects[TYPE, "PUMP"].body["machines"] == [CONTROL]
    assert plant.configuration.plan(files(*objects)).changes == []
    assert plant.configuration.plan(desired).changes == []


def test_a_type_keeps_its_machines_as_an_object():
    kind = EquipmentType(name="T", machines=({"kind": "pump_watch", "name": "{name}_w", "ports": {"command": "{name}.CMD"}},))

    given = object_of_type(kind)

    assert type_of(given.body).machines == list(kind.machines)
    schema = json_schema(TYPE)["$defs"]["MachineBody"]["properties"]
    assert schema["kind"]["pattern"] == "^[A-Za-z][A-Za-z0-9_]{0,127}$"
    assert "anyOf" in schema["name"]
