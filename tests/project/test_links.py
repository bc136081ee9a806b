"""Links as objects of the configuration: made, changed, renamed and removed, with what hangs on them."""

from __future__ import annotations

import pytest

from automation.model.configuration import InvalidConfigurationError
from automation.model.errors import ConfigError, ConflictError, NotFoundError
from automation.model.link import ModbusLink
from automation.model.mqtt_link import MqttLink
from automation.project.apps import AppObjects
from automation.project.codec import checked, object_of_link
from automation.project.configuration import Context
from automation.project.link_bodies import link_of, link_schema
from automation.project.usage import AppUse
from tests.project.plant import ALARM, EQUIPMENT, LEVEL, LINK, PUMP, TAG, TYPE, VALVE, Plant, app, files

METER2 = {"name": "meter2", "kind": "modbus", "host": "10.0.0.7", "scans": {"slow": 5}}
BROKER = {"name": "broker", "kind": "mqtt", "host": "10.0.0.8"}


@pytest.fixture
def plant() -> Plant:
    return Plant()


def test_a_link_and_tags_on_it_run_at_once(plant: Plant) -> None:
    plant.make(LINK, METER2)
    plant.make(TAG, {"name": "FT9", "source": "meter2/input:1", "scan": "slow"})

    assert plant.live.links["meter2"] == ModbusLink(name="meter2", host="10.0.0.7", scans={"slow": 5.0})
    assert plant.configuration.tags_on("meter2") == ["FT9"]
    assert plant.follows()


def test_a_link_of_another_kind_is_its_own_declaration(plant: Plant) -> None:
    plant.make(LINK, BROKER)

    assert plant.live.links["broker"] == MqttLink(name="broker", host="10.0.0.8")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"kind": "modbus", "host": "h"}, "link: name: is missing"),
        ({"name": "a b", "kind": "modbus", "host": "h"}, "name: a name has 1 to 128"),
        ({"name": "x", "kind": "modbuss", "host": "h"}, "kind: unknown kind modbuss; did you mean modbus?"),
        ({"name": "x", "kind": "modbus", "hots": "h"}, "hots: unknown field; did you mean host?"),
        ({"name": "x", "kind": "modbus"}, "host: transport tcp needs one"),
        ({"name": "x", "kind": "modbus", "host": "h", "port": "502"}, "port: expected a whole number"),
        ({"name": "x", "kind": "modbus", "host": "h", "port": 0}, "port: 0: out of range"),
        ({"name": "x", "kind": "modbus", "host": "h", "transport": "udp"}, "transport: expected one of tcp, rtu"),
        ({"name": "x", "kind": "modbus", "host": "h", "scans": {"fast": 0.001}}, "scans: scan class fast"),
        ({"name": "x", "kind": "mqtt", "host": "h", "password_env": "P"}, "password_env: needs a user"),
        ({"name": "x", "kind": "opcua", "url": "http://h"}, "url"),
    ],
)
def test_a_link_that_cannot_be_is_refused_with_its_field(plant: Plant, body: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidConfigurationError) as refused:
        plant.make(LINK, body)  # type: ignore[arg-type]

    assert words in str(refused.value)
    assert plant.follows()


def test_a_link_that_cannot_be_built_is_refused() -> None:
    def refuse(link: object) -> None:
        raise ConfigError("link broker: password_env: there is no environment variable SECRET")

    plant = Plant(context=Context(check_link=lambda link: refuse(link) if link.name == "broker" else None))

    with pytest.raises(InvalidConfigurationError, match="no environment variable SECRET"):
        plant.make(LINK, BROKER)


def test_a_used_link_stays_and_its_users_are_named(plant: Plant) -> None:
    with pytest.raises(ConflictError, match="link plc: used by tag LT1, tag FV1"):
        plant.delete(LINK, "plc")
    plant.delete(LINK, "meter")

    assert plant.live.links.keys() == {"plc"}
    assert "LINK.meter.COMMS" not in plant.live.alarms
    assert plant.follows()


def test_a_link_that_goes_elsewhere_takes_its_tags_along(plant: Plant) -> None:
    plant.edit(LINK, "plc", host="10.1.1.1", timeout_s=2)

    assert plant.live.links["plc"].endpoint == "modbus tcp 10.1.1.1:502 unit 1"
    assert [(old.name, new.name) for old, new in plant.live.effects[-1].links_changed] == [("plc", "plc")]
    assert plant.live.effects[-1].tags_changed == []


def test_tags_are_judged_again_when_their_link_changes(plant: Plant) -> None:
    with pytest.raises(InvalidConfigurationError, match="tag LT1: scan: unknown scan class normal; link plc has slow"):
        plant.edit(LINK, "plc", scans={"slow": 2.0})
    with pytest.raises(InvalidConfigurationError, match="tag FV1: source: an output on this kind of link needs a guarded one"):
        plant.edit(LINK, "plc", guarded=False)


def test_a_renamed_link_takes_tags_alarms_types_and_equipment_along(plant: Plant) -> None:
    plant.make(TYPE, {**PUMP, "parameters": {"link": {}, "limit": {"type": "number", "default": 40.0}}, "tags": [
        {"name": "{name}.RUN", "type": "bool", "source": "{link}/1"},
        {"name": "{name}.FLOW", "unit": "l/s", "range": [0.0, 100.0], "source": "plc/77"},
        {"name": "{name}.TWICE", "unit": "l/s", "expression": "{name}.FLOW * 2"},
    ]})  # fmt: skip
    plant.make(EQUIPMENT, {"name": "P1", "type": "PUMP", "parameters": {"link": "plc"}})
    plant.make(ALARM, {"name": "PLC.AWAY", "tag": "LINK.plc.UP", "condition": {"kind": "comms"}})
    ids = {tag.name: tag.id for tag in plant.configuration.tags()}

    result = plant.rename("plc", "controller", LINK)

    sources = {tag.name: tag.source for tag in plant.configuration.tags() if tag.source}
    assert sources == {"LT1": "controller/40", "FV1": "controller/3", "P1.RUN": "controller/1", "P1.FLOW": "controller/77"}
    assert {tag.name: tag.id for tag in plant.configuration.tags()} == ids
    assert plant.live.alarms["PLC.AWAY"].tag == "LINK.controller.UP"
    assert [(old.name, new.name) for old, new in plant.live.effects[-1].links_changed] == [("plc", "controller")]
    assert (LINK, "controller") in result.changed
    assert plant.store.kinds.count("config.link.renamed") == 1
    assert plant.follows()
    assert plant.restart().live.links.keys() == {"controller", "meter"}


def test_a_rename_to_a_taken_or_impossible_name_is_refused(plant: Plant) -> None:
    with pytest.raises(ConflictError, match="the name is taken"):
        plant.rename("plc", "meter", LINK)
    with pytest.raises(InvalidConfigurationError):
        plant.rename("plc", "a b", LINK)
    with pytest.raises(NotFoundError):
        plant.rename("nobody", "x", LINK)


def test_a_link_that_an_application_stands_in_for_keeps_its_name() -> None:
    demo = app(LEVEL)
    plant = Plant(AppObjects(name="demo", objects=demo.objects, simulated=["plc", "meter"]))

    with pytest.raises(ConflictError, match="the simulator of demo"):
        plant.rename("plc", "x", LINK)
    with pytest.raises(ConflictError, match="used by the simulator of application demo"):
        plant.delete(LINK, "meter")


def test_a_link_whose_tag_a_screen_shows_keeps_its_name() -> None:
    plant = Plant(app(LEVEL, uses=[AppUse(tag="LINK.plc.UP", kind="screen", name="demo/overview", how="element a: value")]))

    with pytest.raises(ConflictError, match="screen demo/overview"):
        plant.rename("plc", "x", LINK)


def test_links_come_from_files_and_go_with_them(plant: Plant) -> None:
    link, tag = checked(LINK, BROKER), checked(TAG, {"name": "B1", "source": "broker/a/b"})
    plant.apply(files(link, tag))
    assert plant.live.links["broker"].kind == "mqtt"

    plant.apply(files())

    assert "broker" not in plant.live.links
    assert plant.follows()


def test_files_may_not_take_a_link_from_its_tags(plant: Plant) -> None:
    with pytest.raises(InvalidConfigurationError, match="tag LT1: source: unknown link plc"):
        plant.apply(files(removed=[(LINK, "plc")]))


def test_an_export_says_what_the_application_does_not(plant: Plant) -> None:
    plant.make(LINK, METER2)
    plant.edit(LINK, "plc", timeout_s=1.5)

    assert {name for kind, name in plant.exported().objects if kind is LINK} == {"meter2", "plc"}


def test_every_link_and_output_has_an_alarm_unless_one_is_configured(plant: Plant) -> None:
    assert plant.live.alarms["LINK.plc.COMMS"].tag == "LINK.plc.UP"
    assert plant.live.alarms["FV1.MISMATCH"].tag == "OUTPUT.FV1.MISMATCH"

    plant.make(ALARM, {"name": "PLC.AWAY", "tag": "LINK.plc.UP", "condition": {"kind": "comms"}, "priority": 1})
    assert "LINK.plc.COMMS" not in plant.live.alarms
    plant.make(ALARM, {"name": "FV1.MISMATCH", "tag": "OUTPUT.FV1.MISMATCH", "condition": {"kind": "bool"}, "priority": 5})
    assert plant.live.alarms["FV1.MISMATCH"].priority == 5
    plant.delete(ALARM, "PLC.AWAY")
    plant.delete(ALARM, "FV1.MISMATCH")

    assert plant.live.alarms["LINK.plc.COMMS"].priority == 2
    assert plant.live.alarms["FV1.MISMATCH"].priority == 2
    assert plant.follows()


def test_the_alarms_of_links_and_outputs_come_and_go_with_them(plant: Plant) -> None:
    plant.make(LINK, METER2)
    plant.make(TAG, {**VALVE, "name": "FV2", "source": "plc/4"})
    assert {"LINK.meter2.COMMS", "FV2.MISMATCH"} <= plant.live.alarms.keys()

    plant.delete(LINK, "meter2")
    plant.rename("FV2", "FV3")

    assert "LINK.meter2.COMMS" not in plant.live.alarms
    assert "FV2.MISMATCH" not in plant.live.alarms
    assert "FV3.MISMATCH" in plant.live.alarms
    assert plant.follows()


def test_a_body_of_a_declared_link_says_only_what_differs() -> None:
    link = ModbusLink(name="plc", host="h", timeout_s=1, scans={"fast": 1})

    body = object_of_link(link).body

    assert body == {"name": "plc", "kind": "modbus", "host": "h", "timeout_s": 1.0, "scans": {"fast": 1.0}}
    assert link_of(body) == link


def test_a_schema_tells_a_form_what_it_needs() -> None:
    properties = link_schema("modbus")["properties"]

    assert list(properties)[:4] == ["name", "kind", "transport", "host"]
    assert properties["serial_port"]["x-only-for"] == {"transport": ["rtu", "ascii"]}
    assert properties["timeout_s"]["x-unit"] == "s"
    assert properties["parity"]["enum"] == ["none", "even", "odd"]
    assert properties["max_gap"]["x-advanced"] is True
