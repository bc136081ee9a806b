"""Modbus as a kind of link."""

from __future__ import annotations

from automation.drivers.base import Driver, DriverContext, DriverKind
from automation.drivers.modbus.build import build_driver
from automation.model.link import ModbusLink


def _build(link: ModbusLink, context: DriverContext) -> Driver:
    return build_driver(link, context.gateway)


KIND = DriverKind(declaration=ModbusLink, build=_build)
