"""A look at devices, for who configures links: tries, readings, nodes and servers."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509

from automation.acquisition.acquisition import Acquisition
from automation.acquisition.trial import AddressLook, Trial, TrialStep, try_link
from automation.drivers.base import Reading
from automation.drivers.registry import installed
from automation.model.configuration import Body, ObjectKind
from automation.model.discovery import Discovery, Limits, TreeNode, Variables
from automation.model.errors import (
    AutomationError,
    ConfigError,
    ConflictError,
    InvalidValueError,
    NotFoundError,
    StorageError,
)
from automation.model.link import LinkDeclaration
from automation.model.quality import Quality
from automation.project.codec import checked, link_of
from automation.project.configuration import Configuration
from automation.runtime.drivers import Drivers
from automation.storage.files import write_atomic

_SERVERS = "opcua/servers"  # folder of the certificates that people pinned
_LOOK_S = 10.0
_SECONDS = 20.0


class Workbench:
    """What can be seen of devices; nothing is written to them. From any thread; one try at a time.

    folder: of the site's data, where certificates are kept.
    """

    def __init__(self, drivers: Drivers, acquisition: Acquisition, configuration: Configuration, folder: Path) -> None:
        self._drivers = drivers
        self._acquisition = acquisition
        self._configuration = configuration
        self._folder = folder
        self._trying = threading.Lock()

    def test(self, body: Body, address: str = "") -> Trial:
        """What came of a connection of its own to the device, and of reading the address; through the link itself if it is up.

        Raises ``InvalidConfigurationError``, and ``ConflictError`` while another try runs.
        """
        link = link_of(checked(ObjectKind.LINK, body).body)
        if not self._trying.acquire(blocking=False):
            raise ConflictError("somebody tries a connection at this moment; try again in some seconds", "busy")
        try:
            if self._configuration.link(link.name) == link and self._acquisition.link(link.name).up:
                return self._through(link, address)
            placed = self._drivers.placed(link)
            return try_link(placed, lambda: self._drivers.alone(link), address)
        finally:
            self._trying.release()

    def read(self, link: str, addresses: Sequence[str]) -> Sequence[AddressLook]:
        """What the device gives for each address now, before scaling.

        Raises ``NotFoundError``, ``LinkDownError``, ``DeviceTimeoutError``.
        """
        running, declared = self._acquisition.link(link), self._declared(link)
        driver = self._drivers.of(declared)
        wrong: dict[str, str] = {}
        for address in addresses:
            try:
                driver.check(address)
            except ConfigError as error:
                wrong[address] = str(error)
        good = [address for address in dict.fromkeys(addresses) if address not in wrong]
        readings = dict(zip(good, running.look(good, _LOOK_S), strict=True)) if good else {}
        return [_look(address, readings.get(address), wrong.get(address, "")) for address in addresses]

    def children(self, link: str, address: str) -> Sequence[TreeNode]:
        """What the node behind the link contains. Raises ``NotFoundError``, ``ConfigError``, ``DriverError``."""
        browser = self._drivers.browser(self._declared(link))
        try:
            return browser.children(address)
        finally:
            browser.close()

    def variables(self, link: str, address: str, limit: int) -> Variables:
        """All variables below the node behind the link. Raises as ``children``."""
        browser = self._drivers.browser(self._declared(link))
        try:
            return browser.variables(address, Limits(count=limit, seconds=_SECONDS))
        finally:
            browser.close()

    def discover(self, kind: str, url: str) -> Discovery:
        """Which servers and ways in there are at the URL. Raises ``ConfigError``, ``DriverError``."""
        discover = installed().kind(kind).discover
        if discover is None:
            raise ConfigError(f"kind {kind}: nothing can be discovered")
        return discover(url)

    def pin(self, certificate: bytes) -> tuple[str, str]:
        """The file, as a link names it, in which the certificate is kept now, and its thumbprint (SHA-256, hex).

        Raises ``InvalidValueError`` if it is none, ``StorageError``.
        """
        try:
            x509.load_der_x509_certificate(certificate)
        except ValueError as error:
            raise InvalidValueError("certificate: this is no certificate in DER") from error
        thumbprint = hashlib.sha256(certificate).hexdigest()
        name = f"{_SERVERS}/{thumbprint[:16]}.der"
        try:
            (self._folder / _SERVERS).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"folder {self._folder / _SERVERS}: {error.strerror or error}") from error
        write_atomic(self._folder / name, certificate)
        return name, thumbprint

    def _declared(self, name: str) -> LinkDeclaration:
        link = self._configuration.link(name)
        if link is None:
            raise NotFoundError(f"there is no link {name}")
        return link

    def _through(self, link: LinkDeclaration, address: str) -> Trial:
        """Through the link as it runs: a device that takes one connection is not asked for a second one."""
        endpoint = self._drivers.placed(link).endpoint
        trial = Trial(steps=[TrialStep(step="connect", ok=True, ms=0.0, message=f"connected to {endpoint} already")])
        if not address:
            return trial
        try:
            (found,) = self.read(link.name, [address])
        except AutomationError as error:
            trial.steps.append(TrialStep(step="read", ok=False, ms=0.0, message=str(error)))
            return trial
        words = found.error or f"{address} is {found.reading.value}"
        trial.steps.append(TrialStep(step="read", ok=not found.error, ms=0.0, message=words))
        trial.reading = found.reading
        return trial


def _look(address: str, reading: Reading | None, wrong: str) -> AddressLook:
    if reading is None:
        return AddressLook(address=address, reading=Reading(None, Quality.BAD_CONFIGURATION_ERROR), error=wrong)
    refused = "the device refuses this address" if reading.quality.is_bad else ""
    return AddressLook(address=address, reading=reading, error=refused)
