"""What a driver is: the calls that the owner of its link makes, one after the other, and those that anybody may make before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from automation.model.quality import Quality
from automation.model.sample import Value


class Reading(NamedTuple):
    """One address as the device gave it.

    value: raw, before scaling; None where the quality is BAD. source_time: POSIX seconds if the device tells one, else None.
    """

    value: Value
    quality: Quality = Quality.GOOD
    source_time: float | None = None


class Driver(Protocol):
    """One device on one link; every call returns within the link's timeout.

    Only the owner of the link connects, reads, writes and closes, never two of these at once. ``check``, ``check_write`` and
    ``prepare`` touch no connection and may come from any thread at any time.
    """

    def check(self, address: str) -> None:
        """Do nothing if the address can be read. Raises ``ConfigError`` naming what is wrong with it."""

    def check_write(self, address: str) -> None:
        """Do nothing if the address can be written. Raises ``ConfigError`` naming what is wrong with it."""

    def prepare(self, addresses: Sequence[str]) -> None:
        """Do what can be done ahead for a first read of the same addresses, each of which was checked."""

    def connect(self) -> None:
        """Open the link. Raises ``LinkDownError`` if nothing answers."""

    def read(self, addresses: Sequence[str]) -> Sequence[Reading]:
        """One reading per address, in order, in as few requests as the device allows.

        An address that the device refuses is a BAD reading. Raises ``LinkDownError`` or ``DeviceTimeoutError`` when the whole
        device does not answer. Callers pass the same tuple again for the same scan, so a plan may be kept per tuple.
        """

    def write(self, address: str, value: Value) -> None:
        """Write one raw value and return when the device has accepted it. Never repeated by the driver.

        Raises ``DeviceRefusedError``, ``DeviceTimeoutError`` (effect uncertain), ``LinkDownError`` or ``InvalidValueError``.
        """

    def close(self) -> None:
        """Close the link; harmless when closed."""


class PushingDriver(Protocol):
    """A device that sends its readings by itself, through one callback."""

    def subscribe(self, addresses: Sequence[str], on_readings: Callable[[Mapping[str, Reading]], None]) -> None:
        """Call on_readings from the driver's own thread for each arrival; nothing is called after ``close`` returns."""
