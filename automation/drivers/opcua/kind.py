"""OPC UA as a kind of link."""

from __future__ import annotations

from pathlib import Path

from automation.drivers.base import Driver, DriverContext, DriverKind
from automation.drivers.opcua.build import build_driver
from automation.model.opcua_link import OpcUaLink


def _build(link: OpcUaLink, context: DriverContext) -> Driver:
    return build_driver(link, context.environment, context.folder or Path())


KIND = DriverKind(declaration=OpcUaLink, build=_build)
