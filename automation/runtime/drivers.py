"""The drivers of all links, made once: they judge addresses before anything runs, and then speak to the devices."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from automation.app import App
from automation.drivers.base import Driver, DriverContext, Gateway
from automation.drivers.http_push.intake import Intake
from automation.drivers.registry import DriverRegistry
from automation.guard.lanes import Lane
from automation.model.errors import AutomationError, ConfigError, GuardUnavailableError
from automation.model.link import LinkDeclaration
from automation.model.opcua_link import OpcUaLink
from automation.model.output import Output
from automation.model.tag import Tag
from automation.security.key_pair import own_key_pair
from automation.settings import Settings

_OPCUA = "opcua"  # folder of the key pair that all OPC UA links share unless they say otherwise


class LateGateway:
    """The guard's gateway for drivers that are made before the guard."""

    def __init__(self) -> None:
        self._gateway: Gateway | None = None

    def attach(self, gateway: Gateway) -> None:
        """Let requests through from now on."""
        self._gateway = gateway

    def execute(self, link: str, unit: int, pdu: bytes, lane: Lane = Lane.POLL) -> bytes:
        """As the guard's; raises ``GuardUnavailableError`` while there is none."""
        return self._ready().execute(link, unit, pdu, lane)

    def execute_many(
        self, link: str, unit: int, pdus: Sequence[bytes], lane: Lane = Lane.POLL
    ) -> Sequence[bytes | AutomationError]:
        """As the guard's; raises ``GuardUnavailableError`` while there is none."""
        return self._ready().execute_many(link, unit, pdus, lane)

    def write(self, link: str, unit: int, pdu: bytes, epoch: int | None = None) -> bytes:
        """As the guard's; raises ``GuardUnavailableError`` while there is none."""
        return self._ready().write(link, unit, pdu, epoch)

    def _ready(self) -> Gateway:
        if self._gateway is None:
            raise GuardUnavailableError("there is no guard yet")
        return self._gateway


class Drivers:
    """One driver per link of the applications, not connected.

    keys: where key pairs that are missing are made, the site's data folder if None; a mere look passes a folder of its own.
    push: the way in for devices that post, see ``Intake.push``.
    Raises ``ConfigError`` naming the link that cannot be made, ``StorageError`` for a key pair that cannot be kept.
    """

    def __init__(
        self, apps: Sequence[App], settings: Settings, environment: Mapping[str, str], now: float, keys: Path | None = None
    ) -> None:
        self.gateway = LateGateway()
        context = DriverContext(gateway=self.gateway, environment=environment, folder=settings.data)
        registry = DriverRegistry()
        links = [_with_keys(link, settings, now, keys) for app in apps for link in app.links]
        self._drivers = {link.name: registry.build(link, context) for link in links}
        self.push = Intake(self._drivers).push

    def __getitem__(self, link: str) -> Driver:
        """The driver of the link, which must be one of the applications'."""
        return self._drivers[link]

    def check(self, tag: Tag) -> None:
        """Do nothing if the tag's link can read its address, and write it where it is written. Raises ``ConfigError``."""
        driver = self._drivers.get(tag.link or "")
        if driver is None:
            raise ConfigError(f"unknown link {tag.link}")
        driver.check(tag.address or "")
        if tag.writable or isinstance(tag, Output):
            driver.check_write(tag.address or "")


def _with_keys(link: LinkDeclaration, settings: Settings, now: float, keys: Path | None) -> LinkDeclaration:
    """The link, whose key pair is there now if it needs one."""
    if not isinstance(link, OpcUaLink) or not link.secure:
        return link
    folder = (keys or settings.data) / (link.certificates or _OPCUA)
    own_key_pair(folder, f"urn:automation-runtime:{settings.site.id}:client", socket.gethostname(), now)
    return link if keys is None else replace(link, certificates=str(folder.resolve()))
