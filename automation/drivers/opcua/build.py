"""From a declaration to its driver."""

from __future__ import annotations

import os
from collections.abc import Mapping

from automation.drivers.opcua.certificates import credentials_of
from automation.drivers.opcua.driver import OpcUaDriver
from automation.model.opcua_link import OpcUaLink


def build_driver(link: OpcUaLink, environment: Mapping[str, str] = os.environ) -> OpcUaDriver:
    """The driver of the link. Raises ``ConfigError`` naming the link and the file or variable that is missing."""
    return OpcUaDriver(link, credentials_of(link, environment))
