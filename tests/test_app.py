"""The manifest: every mistake is named, all at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from automation import (
    AlarmDefinition,
    App,
    Checks,
    Comms,
    ConfigError,
    DataType,
    Equipment,
    EquipmentType,
    FaceplateItem,
    High,
    In,
    Machine,
    ModbusLink,
    NotFoundError,
    Out,
    Output,
    Parameter,
    ParameterType,
    Simulator,
    State,
    Tag,
    Value,
    command,
    state,
)
from automation.model.configuration import InvalidConfigurationError, ObjectKind
from automation.project.apps import app_objects
from automation.project.codec import equipment_of, type_of
from automation.project.configuration import Configuration
from automation.runtime import apps
from automation.runtime.apps import GROUP
from automation.settings import Apps, Settings
from automation.testing.configuration import MemoryConfigStore


class Valve(Machine):
    """Follow the level."""

    level: In
    valve: Out

    @state()
    def idle(self) -> State | None:
        """Do nothing."""
        return None

    @command(idle)
    def stop(self) -> State | None:
        """Do nothing."""
        return None

    initial = idle


LEVEL = Tag(name="LT", source="plant/input:0", range=(0.0, 5.0))
VALVE = Output(name="XV", type=DataType.BOOL, source="plant/coil:0", safe=False, continuous=True)
APP = App(
    name="small",
    title="Small",
    links=(ModbusLink(name="plant", host="127.0.0.1", guarded=True),),
    tags=(LEVEL, VALVE),
    alarms=(AlarmDefinition(name="LT.H", tag="LT", condition=High(limit=4.0)),),
    machines=(Valve("valve", level="LT", valve="XV"),),
)


def mistake_of(app: App) -> str:
    with pytest.raises(ConfigError) as refused:
        app.validate()
    return str(refused.value)


def with_screen(folder: Path, *elements: object, **changes: object) -> App:
    content = {"id": "overview", "title": "Overview", "width": 1600, "height": 900, "elements": list(elements), **changes}
    (folder / "overview.json").write_text(json.dumps(content), encoding="utf-8")
    return replace(APP, screens=folder)


def test_an_application_whose_parts_fit_is_valid() -> None:
    APP.validate()


def test_duplicates_are_named_with_their_kind() -> None:
    app = replace(APP, tags=(*APP.tags, LEVEL), alarms=APP.alarms * 2, machines=APP.machines * 3, links=APP.links * 2)

    mistakes = mistake_of(app).splitlines()

    assert mistakes == [
        "link plant: declared 2 times",
        "tag LT: declared 2 times",
        "alarm LT.H: declared 2 times",
        "machine valve: declared 3 times",
    ]


def test_a_tag_on_an_unknown_link_is_named() -> None:
    tag = Tag(name="PT", source="plc9/input:1")

    assert mistake_of(replace(APP, tags=(*APP.tags, tag))) == "tag PT: source: unknown link plc9"


def test_a_tag_of_an_unknown_unit_is_named_with_the_one_that_was_meant() -> None:
    tag = Tag(name="FT", source="plant/input:1", unit="m3/hr")

    assert mistake_of(replace(APP, tags=(*APP.tags, tag))) == "tag FT: unit: unknown unit 'm3/hr'; did you mean m3/h?"


def test_a_tag_of_an_unknown_scan_class_is_named() -> None:
    tag = Tag(name="PT", source="plant/input:1", scan="hourly")

    assert mistake_of(replace(APP, tags=(*APP.tags, tag))) == (
        "tag PT: scan: unknown scan class hourly; link plant has fast, normal, slow"
    )


def test_an_output_on_a_link_without_a_guard_is_named() -> None:
    app = replace(APP, links=(ModbusLink(name="plant", host="127.0.0.1"),))

    assert mistake_of(app) == "tag XV: source: an output on this kind of link needs a guarded one, and plant is not"


def test_two_outputs_at_one_address_are_named() -> None:
    app = replace(APP, tags=(*APP.tags, replace(VALVE, name="XV2")))

    assert mistake_of(app) == "tag XV2: source: plant/coil:0 is already the output XV"


def test_an_alarm_on_an_unknown_tag_is_named() -> None:
    alarm = AlarmDefinition(name="PT.H", tag="PT", condition=High(limit=1.0))

    assert mistake_of(replace(APP, alarms=(alarm,))) == "alarm PT.H: tag: unknown tag PT"


def test_an_alarm_outside_the_range_of_its_tag_is_named() -> None:
    alarm = AlarmDefinition(name="LT.H", tag="LT", condition=High(limit=7.0))

    assert mistake_of(replace(APP, alarms=(alarm,))) == "alarm LT.H: condition.limit: limit 7: out of the range 0 to 5 of LT"


def test_a_limit_on_text_is_named() -> None:
    app = replace(
        APP,
        tags=(*APP.tags, Tag(name="NOTE", type=DataType.STRING)),
        alarms=(AlarmDefinition(name="NOTE.H", tag="NOTE", condition=High(limit=7.0)),),
    )

    assert mistake_of(app) == "alarm NOTE.H: condition: high: tag NOTE is string; a limit needs a number"


def test_a_comms_alarm_watches_a_declared_link() -> None:
    good = AlarmDefinition(name="A", tag="LINK.plant.UP", condition=Comms())
    wrong = AlarmDefinition(name="B", tag="LINK.plc9.UP", condition=Comms())

    replace(APP, alarms=(good,)).validate()
    assert mistake_of(replace(APP, alarms=(wrong,))) == (
        "alarm B: tag: a comms alarm watches LINK.<link>.UP of a link, not LINK.plc9.UP; did you mean LINK.plant.UP?"
    )


def test_a_machine_on_an_unknown_tag_is_named_with_its_port() -> None:
    app = replace(APP, machines=(Valve("valve", level="PT", valve="XV"),))

    assert mistake_of(app) == "machine valve: port level: unknown tag PT"


def test_a_machine_that_would_write_an_input_is_named() -> None:
    app = replace(APP, machines=(Valve("valve", level="LT", valve="LT"),))

    assert mistake_of(app) == "machine valve: port valve: LT cannot be written"


def test_two_machines_at_one_output_are_named() -> None:
    app = replace(APP, machines=(*APP.machines, Valve("other", level="LT", valve="XV")))

    assert mistake_of(app) == "machine other: port valve: output XV is already put by machine valve"


def test_all_mistakes_are_told_at_once() -> None:
    app = replace(APP, tags=(Tag(name="PT", source="plc9/input:1"),))

    assert mistake_of(app).splitlines() == [
        "tag PT: source: unknown link plc9",
        "alarm LT.H: tag: unknown tag LT",
        "machine valve: port level: unknown tag LT",
        "machine valve: port valve: unknown tag XV",
    ]


def test_screens_are_listed_with_the_overview_first(tmp_path: Path) -> None:
    for name in ("alpha", "overview"):
        (tmp_path / f"{name}.json").write_text(json.dumps({"id": name, "title": name.title(), "elements": []}), encoding="utf-8")
    app = replace(APP, screens=tmp_path)

    assert [(screen.id, screen.title) for screen in app.screen_list()] == [("overview", "Overview"), ("alpha", "Alpha")]
    assert app.screen("alpha").content["title"] == "Alpha"
    with pytest.raises(NotFoundError, match="app small has no screen beta"):
        app.screen("beta")


def test_an_application_may_have_no_screens() -> None:
    assert APP.screen_list() == ()


def test_what_a_screen_is_bound_to_must_exist(tmp_path: Path) -> None:
    app = with_screen(
        tmp_path,
        {"id": "a", "type": "tank", "bind": {"level": "LT"}},
        {"id": "b", "type": "indicator", "bind": {"value": "LINK.plant.UP"}},
        {"id": "c", "type": "tank", "bind": {"level": "PT"}},
        {"id": "d", "type": "state", "bind": {"machine": "pump"}},
        {"id": "e", "type": "button", "props": {"command": "dance"}, "bind": {"machine": "valve"}},
        {"id": "f", "type": "link", "props": {"screen": "moon"}},
    )

    assert mistake_of(app).splitlines() == [
        "screen overview: element c: unknown tag PT",
        "screen overview: element d: unknown machine pump",
        "screen overview: element e: machine valve has no command dance",
        "screen overview: element f: unknown screen moon",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "Expecting property name"),
        ("[]", "expected an object with 'elements'"),
        ('{"elements": []}', "is not the file's name"),
    ],
)
def test_a_screen_file_that_is_no_screen_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "overview.json").write_text(text, encoding="utf-8")

    mistake = mistake_of(replace(APP, screens=tmp_path))

    assert f"{tmp_path}/overview.json" in mistake
    assert message in mistake


def test_a_folder_of_screens_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert mistake_of(replace(APP, screens=tmp_path / "none")) == f"app small: screens: {tmp_path}/none is not a folder"


def test_a_link_can_be_moved_and_the_manifest_stays_as_it_was() -> None:
    moved = APP.with_link("plant", port=15020)

    assert (moved.links[0].host, moved.links[0].port, moved.links[0].guarded) == ("127.0.0.1", 15020, True)
    assert APP.links[0].port == 502
    assert APP.with_link("plant", host="plc1", unit_id=7).links[0].unit_id == 7
    with pytest.raises(ConfigError, match="app small: unknown link plc9"):
        APP.with_link("plc9", port=1)


def test_a_simulator_is_started_by_its_module_and_tells_its_ports() -> None:
    simulator = Simulator(module="apps.small.simulator", link="plant")

    assert simulator.arguments(port=5020) == (
        "-m",
        "apps.small.simulator",
        "--port",
        "5020",
        "--control-port",
        "0",
        "--speed",
        "1",
    )
    assert Simulator.ports("ready 5020 5021\n") == (5020, 5021)
    with pytest.raises(ConfigError, match="expected 'ready <port> <control port>', got 'Traceback'"):
        Simulator.ports("Traceback")


def test_derived_tags_fit_together() -> None:
    app = replace(
        APP, tags=(*APP.tags, Tag(name="VOL", expression="2 * LT"), Tag(name="OK", expression="good(VOL) and LINK.plant.UP"))
    )

    app.validate()


def test_all_mistakes_of_derived_tags_are_named_at_once() -> None:
    wrong = {"D1": "2 *", "D2": "LT1 + 1", "D3": "D4", "D4": "D3 + LT", "D5": "().__class__"}
    app = replace(APP, tags=(*APP.tags, *(Tag(name=name, expression=text) for name, text in wrong.items())))

    mistakes = list(app.mistakes())

    assert [mistake.partition(":")[0] for mistake in mistakes] == ["tag D1", "tag D2", "tag D5", "tag D3"]
    assert mistakes[1] == "tag D2: expression: unknown tag LT1; did you mean LT?"
    assert mistakes[3].endswith("D3 -> D4 -> D3")


def test_a_machine_cannot_put_a_derived_tag() -> None:
    machine = Valve("valve", level="LT", valve="VOL")
    app = replace(APP, tags=(*APP.tags, Tag(name="VOL", expression="2 * LT")), machines=(machine,))

    assert "machine valve: port valve: VOL cannot be written" in mistake_of(app)


PUMP = EquipmentType(
    name="pump",
    parameters={
        "run": Parameter(type=ParameterType.INTEGER),
        "limit": Parameter(type=ParameterType.NUMBER, default=40.0, description="Highest current, A"),
    },
    tags=(
        {"name": "{name}.CMD", "type": "bool", "source": "plant/coil:{run}", "output": {"safe": False, "continuous": True}},
        {"name": "{name}.IT", "unit": "A", "source": "plant/input:{run}", "range": (0.0, 50.0)},
        {"name": "{name}.DOUBLE", "unit": "A", "expression": "2 * {name}.IT"},
    ),
    alarms=({"name": "{name}.IT.H", "tag": "{name}.IT", "condition": {"kind": "high", "limit": "{limit}"}},),
    faceplate=(FaceplateItem(tag="{name}.IT", label="Current"),),
)
P1 = Equipment(name="P1", type="pump", area="station/pumps", parameters={"run": 7})
PUMPED = replace(APP, types=(PUMP,), equipment=(P1,))


def test_equipment_brings_tags_and_alarms_after_the_declared_ones() -> None:
    assert [tag.name for tag in PUMPED.all_tags] == ["LT", "XV", "P1.CMD", "P1.IT", "P1.DOUBLE"]
    assert [alarm.name for alarm in PUMPED.all_alarms] == ["LT.H", "P1.IT.H"]
    command, current, _ = PUMPED.all_tags[2:]
    assert isinstance(command, Output)
    assert (current.source, current.range, current.area) == ("plant/input:7", (0.0, 50.0), "station/pumps")
    assert PUMPED.all_alarms[1].condition == High(limit=40.0)


def test_an_application_without_equipment_has_what_it_declares() -> None:
    assert list(APP.all_tags) == list(APP.tags)
    assert list(APP.all_alarms) == list(APP.alarms)


def test_machines_screens_alarms_and_derived_tags_may_use_the_tags_of_equipment(tmp_path: Path) -> None:
    app = replace(
        with_screen(tmp_path, {"id": "a", "type": "pump", "bind": {"current": "P1.IT"}}),
        types=PUMPED.types,
        equipment=PUMPED.equipment,
        tags=(*APP.tags, Tag(name="SUM", unit="A", expression="P1.IT + P1.DOUBLE")),
        alarms=(AlarmDefinition(name="SUM.H", tag="P1.IT", condition=High(limit=30.0)),),
        machines=(Valve("valve", level="P1.IT", valve="P1.CMD"),),
    )

    app.validate()


def test_what_is_declared_and_made_by_equipment_too_is_named() -> None:
    app = replace(PUMPED, tags=(*APP.tags, Tag(name="P1.IT", unit="A")), alarms=())

    assert mistake_of(app).splitlines()[0] == "equipment P1: it would make tag P1.IT; there is one of that name already"


def test_types_and_equipment_declared_twice_are_named() -> None:
    app = replace(PUMPED, types=(PUMP, PUMP), equipment=(P1, P1, P1))

    assert mistake_of(app).splitlines() == ["type pump: declared 2 times", "equipment P1: declared 3 times"]


def test_equipment_of_an_unknown_type_is_named_with_the_one_that_was_meant() -> None:
    app = replace(PUMPED, equipment=(replace(P1, type="pumps"),))

    assert mistake_of(app) == "equipment P1: type: unknown type pumps; did you mean pump?"
    assert list(app.all_tags) == list(APP.tags)


@pytest.mark.parametrize(
    ("parameters", "mistake"),
    [
        ({}, "equipment P1: parameters.run: type pump needs a value"),
        ({"run": "seven"}, "equipment P1: parameters.run: expected a whole number of 64 bits, got 'seven'"),
        ({"run": 7, "limits": 1.0}, "equipment P1: parameters.limits: type pump has no such parameter; did you mean limit?"),
        ({"run": 7, "limit": 60.0}, "alarm P1.IT.H: condition.limit: limit 60 A: out of the range 0 to 50 of P1.IT"),
    ],
)
def test_a_wrong_parameter_of_equipment_is_named(parameters: Mapping[str, Value], mistake: str) -> None:
    assert mistake_of(replace(PUMPED, equipment=(replace(P1, parameters=parameters),))) == mistake


def test_a_wrong_field_in_a_template_is_named_with_its_place() -> None:
    kind = replace(PUMP, tags=({"name": "{name}.IT", "unitt": "A"},), alarms=(), faceplate=())

    assert "type pump: tags.0.unitt: unknown field; did you mean unit?" in mistake_of(replace(PUMPED, types=(kind,)))


def test_a_template_that_uses_an_unknown_link_or_tag_is_named_by_what_it_makes() -> None:
    kind = replace(PUMP, tags=({"name": "{name}.IT", "source": "plc9/input:1"}, {"name": "{name}.X", "expression": "{name}.IR"}))

    mistakes = mistake_of(replace(PUMPED, types=(kind,))).splitlines()

    assert mistakes == [
        "tag P1.IT: source: unknown link plc9",
        "tag P1.X: expression: unknown tag P1.IR; did you mean P1.IT?",
    ]


def test_a_formula_that_does_not_come_out_in_the_unit_of_its_tag_is_named() -> None:
    level = replace(LEVEL, unit="m")
    app = replace(APP, tags=(level, VALVE, Tag(name="CM", unit="cm", expression="max(LT, LT)")))

    mistake = mistake_of(app)

    assert mistake.startswith("tag CM: expression: ")
    assert 'use convert(..., "m", "cm")' in mistake


def with_limit(limit: float, unit: str) -> App:
    alarm = AlarmDefinition(name="LT.H", tag="LT", condition=High(limit=limit, unit=unit))
    return replace(APP, tags=(replace(LEVEL, unit="m"), VALVE), alarms=(alarm,))


def test_an_alarm_limit_in_another_unit_counts_in_the_unit_of_the_tag() -> None:
    with_limit(400.0, "cm").validate()

    assert mistake_of(with_limit(4.0, "km")) == "alarm LT.H: condition.limit: limit 4000 m: out of the range 0 to 5 of LT"
    assert "alarm LT.H: condition.unit: bar cannot be converted to m" in mistake_of(with_limit(4.0, "bar"))


def test_a_check_against_a_tag_that_is_not_there_is_named() -> None:
    level = replace(LEVEL, checks=Checks(agrees_with="LT2", within=0.1))

    assert mistake_of(replace(APP, tags=(level, VALVE))).startswith("tag LT: checks.agrees_with: unknown tag LT2")


def test_the_configuration_has_types_and_equipment_as_objects_of_the_application() -> None:
    found = app_objects(PUMPED)

    assert [str(given.kind.value) + " " + given.name for given in found.objects] == [
        "link plant",
        "type pump",
        "equipment P1",
        "tag LT",
        "tag XV",
        "alarm LT.H",
    ]
    assert type_of(found.objects[1].body).faceplate == PUMP.faceplate
    assert equipment_of(found.objects[2].body) == P1


def test_equipment_of_an_application_runs_and_belongs_to_it() -> None:
    configuration = Configuration(MemoryConfigStore(), [app_objects(PUMPED)])
    configuration.load(0.0)

    assert configuration.left_out == {}
    assert [tag.name for tag in configuration.tags()] == [tag.name for tag in PUMPED.all_tags]
    owners = [configuration.entry(*key).owner for key in ((ObjectKind.TYPE, "pump"), (ObjectKind.EQUIPMENT, "P1"))]
    assert owners == ["app:small", "app:small"]
    assert configuration.entry(ObjectKind.TAG, "P1.IT").owner == "equipment:P1"


CONTROL = {"kind": "valve", "name": "{name}_control", "ports": {"level": "{name}.IT", "valve": "{name}.CMD"}}
CONTROLLED = replace(PUMPED, types=(replace(PUMP, machines=(CONTROL,)),), machine_kinds={"valve": Valve})


class Demanding(Valve):
    """Cannot be made from a declaration."""

    def __init__(self, name: str, speed: float, **tags: str) -> None:
        super().__init__(name, **tags)
        self.speed = speed


def test_equipment_brings_machines_after_the_declared_ones() -> None:
    assert list(CONTROLLED.mistakes()) == []
    own, made = CONTROLLED.all_machines
    assert (own.name, made.name, made.area) == ("valve", "P1_control", "station/pumps")
    assert isinstance(made, Valve)
    assert [port.tag_name for port in made.ports] == ["P1.IT", "P1.CMD"]


def test_a_screen_may_command_a_machine_of_equipment(tmp_path: Path) -> None:
    button = {"id": "a", "type": "button", "bind": {"machine": "P1_control"}, "props": {"command": "stop"}}
    screens = with_screen(tmp_path, button).screens

    assert list(replace(CONTROLLED, screens=screens).mistakes()) == []
    assert mistake_of(replace(PUMPED, screens=screens)) == "screen overview: element a: unknown machine P1_control"


def test_machines_of_equipment_that_do_not_fit_are_named() -> None:
    def with_machine(**fields: object) -> App:
        return replace(CONTROLLED, types=(replace(PUMP, machines=({**CONTROL, **fields},)),))

    assert "type pump: machines.0.kind: no application offers machines of the kind valv" in mistake_of(with_machine(kind="valv"))
    assert mistake_of(with_machine(name="valve")) == "machine valve: name: an application has a machine of that name already"
    assert "output XV is already put by machine valve" in mistake_of(with_machine(ports={"level": "LT", "valve": "XV"}))
    assert "ports.valve: LT cannot be written" in mistake_of(with_machine(ports={"level": "LT", "valve": "LT"}))


def test_a_kind_of_machines_that_cannot_be_made_from_a_declaration_is_named() -> None:
    mistakes = mistake_of(replace(CONTROLLED, machine_kinds={"valve": Demanding, "1st": Valve})).splitlines()

    assert mistakes[0].startswith("machine kind valve: ")
    assert mistakes[1].startswith("machine kind '1st': a name in code")


def test_the_configuration_runs_the_machines_of_equipment() -> None:
    configuration = Configuration(MemoryConfigStore(), [app_objects(CONTROLLED)])
    configuration.load(0.0)

    assert configuration.left_out == {}
    assert [machine.name for machine in configuration.machines()] == ["P1_control"]


def test_a_type_that_makes_no_sense_is_refused_as_an_object() -> None:
    kind = replace(PUMP, tags=({"name": "{name}.IT", "scan": 3},), alarms=(), faceplate=())

    with pytest.raises(InvalidConfigurationError, match=r"type pump: tags\.0\.scan: "):
        app_objects(replace(PUMPED, types=(kind,)))


SAME_PUMP = App(
    name="other", title="Other", links=(ModbusLink(name="plant", host="127.0.0.1", guarded=True),), types=(PUMP,), equipment=(P1,)
)


ONE_KIND = App(name="small", title="Small", machine_kinds={"valve": Valve})
SAME_KIND = App(name="other", title="Other", machine_kinds={"valve": Valve})


def test_applications_must_not_offer_machines_under_the_same_name(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [EntryPoint(name, f"{__name__}:{value}", GROUP) for name, value in (("small", "ONE_KIND"), ("other", "SAME_KIND"))]
    monkeypatch.setattr(apps, "entry_points", lambda group: [point for point in points if point.group == group])

    with pytest.raises(ConfigError, match="machine kind valve: declared by small and by other"):
        apps.load_apps(Settings(apps=Apps(enabled=("small", "other"))))


def test_applications_must_not_make_the_same_types_equipment_and_tags(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [EntryPoint(name, f"{__name__}:{value}", GROUP) for name, value in (("small", "PUMPED"), ("other", "SAME_PUMP"))]
    monkeypatch.setattr(apps, "entry_points", lambda group: [point for point in points if point.group == group])

    with pytest.raises(ConfigError) as refused:
        apps.load_apps(Settings(apps=Apps(enabled=("small", "other"))))

    assert str(refused.value).splitlines() == [
        "link plant: declared by small and by other",
        "type pump: declared by small and by other",
        "equipment P1: declared by small and by other",
        "tag P1.CMD: declared by small and by other",
        "tag P1.IT: declared by small and by other",
        "tag P1.DOUBLE: declared by small and by other",
        "alarm P1.IT.H: declared by small and by other",
    ]
