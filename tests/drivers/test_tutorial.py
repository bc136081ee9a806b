"""The tutorial in docs/drivers.md: its driver keeps the contract, its kind is registered as it says."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

import pytest

from automation.drivers.base import DriverContext
from automation.drivers.registry import GROUP, DriverRegistry

PAGE = Path(__file__).parents[2] / "docs" / "drivers.md"
BLOCK = re.compile(r"^```(?:python|toml)\n# (?P<name>\S+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> Mapping[str, str]:
    return {found["name"]: found["text"] for found in BLOCK.finditer(PAGE.read_text(encoding="utf-8"))}


def module(name: str) -> ModuleType:
    made = sys.modules[name] = ModuleType(name)
    exec(compile(blocks()[f"{name}.py"], str(PAGE), "exec"), made.__dict__)  # noqa: S102 - our own page
    return made


thermometer = module("thermometer")
TestThermometer = module("test_thermometer").TestThermometer


@pytest.fixture(scope="module", autouse=True)
def _forgotten():
    yield
    for name in ("thermometer", "test_thermometer"):
        sys.modules.pop(name, None)


def test_its_entry_point_is_a_kind_of_link():
    line = re.search(r'^(\w+) = "(.+)"$', blocks()["pyproject.toml"], re.MULTILINE)
    assert line is not None
    assert f'"{GROUP}"' in blocks()["pyproject.toml"]
    registry = DriverRegistry([EntryPoint(name=line[1], value=line[2], group=GROUP)])

    driver = registry.build(thermometer.ThermometerLink(name="t1", host="127.0.0.1"), DriverContext())

    assert isinstance(driver, thermometer.ThermometerDriver)
