"""Kinds of links by entry point: our own, those of other packages, and what is said when one does not fit."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint
from pathlib import Path
from textwrap import dedent

import pytest

from automation.drivers.base import DriverContext
from automation.drivers.modbus.driver import ModbusDriver
from automation.drivers.registry import GROUP, DriverRegistry, own_kinds
from automation.model.errors import ConfigError
from automation.model.link import ModbusLink


@dataclass(frozen=True, kw_only=True)
class OtherLink:
    """A declaration that no driver was made for."""

    name: str = "plc"
    kind: str = "modbus"
    scans: dict[str, float] = field(default_factory=dict)
    guarded: bool = False
    endpoint: str = "nowhere"


@pytest.fixture
def package(tmp_path: Path, monkeypatch):
    """An installed distribution with a driver of its own."""
    (tmp_path / "acme_counter.py").write_text(
        dedent('''
            """A counter that counts by itself."""

            from dataclasses import dataclass, field

            from automation.drivers.base import DriverKind
            from automation.testing.drivers import FakeDriver


            @dataclass(frozen=True, kw_only=True)
            class CounterLink:
                name: str
                begin: int = 0
                kind: str = "acme_counter"
                guarded: bool = False
                endpoint: str = "here"
                scans: dict[str, float] = field(default_factory=lambda: {"normal": 0.5})


            def build(link, context):
                return FakeDriver({"count": link.begin})


            KIND = DriverKind(declaration=CounterLink, build=build)
        ''')
    )
    info = tmp_path / "acme_counter-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-counter\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{GROUP}]\nacme_counter = acme_counter:KIND\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    sys.modules.pop("acme_counter", None)


def points(**values: str) -> list[EntryPoint]:
    return [EntryPoint(name=name, value=value, group=GROUP) for name, value in values.items()]


def test_every_own_kind_can_be_imported():
    registry = DriverRegistry()

    assert {"http_push", "modbus", "mqtt", "opcua"} <= set(registry.names)
    for point in own_kinds():
        assert registry.places[point.name] == point.value
        assert registry.kind(point.name).declaration.__name__.endswith("Link")


def test_a_link_gets_the_driver_of_its_kind():
    driver = DriverRegistry().build(ModbusLink(name="plc", host="127.0.0.1"), DriverContext())

    assert isinstance(driver, ModbusDriver)


def test_a_driver_of_another_package_is_found_by_its_entry_point(package):
    registry = DriverRegistry()
    declaration = registry.kind("acme_counter").declaration(name="counter", begin=7)

    driver = registry.build(declaration, DriverContext())

    driver.connect()
    assert driver.read(("count",))[0].value == 7


def test_a_guarded_link_without_a_guard_is_refused():
    with pytest.raises(ConfigError, match="link plc: guarded, but there is no guard"):
        DriverRegistry().build(ModbusLink(name="plc", host="127.0.0.1", guarded=True), DriverContext())


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("modbsu", "link plc: unknown kind modbsu; did you mean modbus?"),
        ("zzz", "link plc: unknown kind zzz; installed: absent, empty, modbus, wrong"),
        ("absent", "link plc: kind absent: cannot be imported from no_such_module:KIND"),
        ("empty", "link plc: kind empty: cannot be imported from automation.drivers:KIND"),
        ("wrong", "link plc: kind wrong: automation.drivers.base:Reading is not a DriverKind"),
        ("modbus", "link plc: declared as OtherLink, but links of kind modbus are ModbusLink"),
    ],
)
def test_a_link_that_cannot_be_built_is_told_what_is_wrong(kind, words):
    registry = DriverRegistry(
        points(
            modbus="automation.drivers.modbus.kind:KIND",
            absent="no_such_module:KIND",
            empty="automation.drivers:KIND",
            wrong="automation.drivers.base:Reading",
        )
    )

    with pytest.raises(ConfigError) as caught:
        registry.build(OtherLink(kind=kind), DriverContext())

    assert words in str(caught.value)


def test_a_kind_that_two_packages_register_is_refused_naming_both():
    registry = DriverRegistry([*points(modbus="acme:KIND"), *own_kinds()])

    with pytest.raises(ConfigError, match="modbus: registered twice, as acme:KIND and automation"):
        registry.build(ModbusLink(name="plc", host="127.0.0.1"), DriverContext())


def test_an_own_kind_that_is_also_in_the_installation_is_one_kind():
    registry = DriverRegistry([*own_kinds(), *own_kinds()])

    assert registry.kind("modbus").declaration is ModbusLink
