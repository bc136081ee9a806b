"""From a declaration to its driver, or to a look around."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from automation.drivers.opcua.browse import OpcUaBrowser
from automation.drivers.opcua.certificates import credentials_of
from automation.drivers.opcua.driver import OpcUaDriver
from automation.model.opcua_link import OpcUaLink

_HERE = Path()


def build_driver(link: OpcUaLink, environment: Mapping[str, str] = os.environ, folder: Path = _HERE) -> OpcUaDriver:
    """The driver of the link. environment: where its password is; folder: where the names of its files begin.

    Raises ``ConfigError`` naming the link and the file or variable that is missing.
    """
    return OpcUaDriver(link, credentials_of(link, environment, folder))


def open_browser(link: OpcUaLink, environment: Mapping[str, str] = os.environ, folder: Path = _HERE) -> OpcUaBrowser:
    """A session of its own with the link's server, to be closed. Raises ``LinkDownError``, and what ``build_driver`` raises."""
    return OpcUaBrowser(link, credentials_of(link, environment, folder))
