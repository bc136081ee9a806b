"""The drivers of links: each is made once for its declaration, judges addresses at first, then speaks to its device."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from automation.drivers.base import Browser, Driver, DriverContext, Gateway
from automation.drivers.http_push.driver import HttpPushDriver
from automation.drivers.http_push.intake import Intake
from automation.drivers.registry import installed
from automation.guard.lanes import Lane
from automation.model.errors import AutomationError, ConfigError, GuardUnavailableError
from automation.model.link import LinkDeclaration
from automation.model.opcua_link import OpcUaLink
from automation.model.output import Output
from automation.model.tag import Tag
from automation.runtime.simulators import Simulated
from automation.security.key_pair import own_key_pair
from automation.settings import Settings

_OPCUA = "opcua"  # folder of the key pair that all OPC UA links share unless they say otherwise
_KEPT = 2  # drivers of one name: the one that runs, and the one that is being thought of


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
    """Makes the driver of a declaration, not connected, once: equal declarations share it. From any thread.

    keys: where key pairs that are missing are made, the site's data folder if None; a mere look passes a folder of its own.
    simulated: links whose devices are stood in for. push: the way in for devices that post, see ``Intake.push``.
    """

    def __init__(
        self,
        settings: Settings,
        environment: Mapping[str, str],
        now: float,
        *,
        keys: Path | None = None,
        simulated: Simulated | None = None,
    ) -> None:
        self.gateway = LateGateway()
        self._settings = settings
        self._now = now
        self._keys = keys
        self._simulated = simulated or Simulated()
        self._context = DriverContext(gateway=self.gateway, environment=environment, folder=settings.data)
        self._made: dict[str, list[tuple[LinkDeclaration, Driver]]] = {}
        self._running: dict[str, Driver] = {}
        self._lock = threading.Lock()
        self.push = Intake(self._pushed).push

    def of(self, link: LinkDeclaration) -> Driver:
        """The driver of the link. Raises ``ConfigError`` naming it, ``StorageError`` for a key pair that cannot be kept."""
        with self._lock:
            made = self._made.setdefault(link.name, [])
            for known, driver in made:
                if known == link:
                    return driver
            driver = installed().build(self._with_keys(self._simulated.placed(link)), self._context)
            running = self._running.get(link.name)
            kept = [pair for pair in made if pair[1] is running]
            self._made[link.name] = [*kept, (link, driver)][-_KEPT:]
            return driver

    def alone(self, link: LinkDeclaration) -> Driver:
        """A driver of its own that nobody else uses and no guard owns, for a look at a device. Raises as ``of``."""
        free = replace(cast("Any", link), **{"guarded": False, "watchdog": None} if hasattr(link, "watchdog") else {})
        return installed().build(self._with_keys(self._simulated.placed(free)), self._context)

    def placed(self, link: LinkDeclaration) -> LinkDeclaration:
        """The link where it really is: at its simulator if there is one."""
        return self._simulated.placed(link)

    def browser(self, link: LinkDeclaration) -> Browser:
        """A connection for looking around behind the link, to be closed.

        Raises ``ConfigError`` for a kind that has nothing to show, and ``DriverError``.
        """
        browse = installed().kind(link.kind).browse
        if browse is None:
            raise ConfigError(f"link {link.name}: links of kind {link.kind} cannot be browsed")
        return browse(self._with_keys(self._simulated.placed(link)), self._context)

    def take(self, links: Sequence[LinkDeclaration]) -> Mapping[str, Driver]:
        """The drivers of these by name, which are all that run from now on. Raises as ``of``."""
        self._running = {link.name: self.of(link) for link in links}
        return self._running

    def check_link(self, link: LinkDeclaration) -> None:
        """Do nothing if the link's driver can be made. Raises ``ConfigError``."""
        self.of(link)

    def check(self, link: LinkDeclaration, tag: Tag) -> None:
        """Do nothing if the link can read the tag's address, and write it where it is written. Raises ``ConfigError``."""
        try:
            driver = self.of(link)
        except ConfigError:
            return  # told of the link itself
        driver.check(tag.address or "")
        if tag.writable or isinstance(tag, Output):
            driver.check_write(tag.address or "")

    def _pushed(self, link: str) -> HttpPushDriver | None:
        driver = self._running.get(link)
        return driver if isinstance(driver, HttpPushDriver) else None

    def _with_keys(self, link: LinkDeclaration) -> LinkDeclaration:
        """The link, whose key pair is there now if it needs one."""
        if not isinstance(link, OpcUaLink) or not link.secure:
            return link
        settings = self._settings
        folder = (self._keys or settings.data) / (link.certificates or _OPCUA)
        own_key_pair(folder, f"urn:automation-runtime:{settings.site.id}:client", socket.gethostname(), self._now)
        return link if self._keys is None else replace(link, certificates=str(folder.resolve()))
