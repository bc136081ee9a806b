"""What a driver is: the calls that the owner of its link makes, one after the other, and those that anybody may make before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeAlias, runtime_checkable

from automation.guard.lanes import Lane
from automation.model.discovery import Discovery, Limits, TreeNode, Variables
from automation.model.errors import AutomationError
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.system.island import Island


class Reading(NamedTuple):
    """One address as the device gave it.

    value: raw, before scaling; None where the quality is BAD. source_time: POSIX seconds if the device tells one, else None.
    """

    value: Value
    quality: Quality = Quality.GOOD
    source_time: float | None = None


# Takes readings with the index of their address, in the order in which the device gave them; called from the driver's own
# thread, quick, never raises. A driver calls it no more once ``close``, ``unsubscribe`` or a newer ``subscribe`` has returned.
Sink: TypeAlias = Callable[[Sequence[tuple[int, Reading]]], None]


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


@runtime_checkable
class SubscribingDriver(Driver, Protocol):
    """A device that can report by itself, so that nobody has to poll.

    ``subscribe``, ``unsubscribe`` and ``check_alive`` are called by the owner of the link, as the calls of ``Driver`` are. A
    connect begins without subscriptions.
    """

    def subscribe(self, scan: str, period_s: float, addresses: Sequence[str], sink: Sink) -> bool:
        """True if the device reports these addresses by itself from now on, in place of what was subscribed for the scan.

        False where it cannot: then they are polled. The present value of each address is reported at once if the device knows
        one, but need not be for an address that was subscribed for the scan already. An address that the device refuses is
        reported as a BAD reading. addresses: each once. period_s: how often changes are wanted at most.
        Raises ``LinkDownError`` or ``DeviceTimeoutError``.
        """

    def unsubscribe(self, scan: str) -> None:
        """Report nothing more for the scan; harmless if nothing is subscribed. Raises what ``subscribe`` raises."""

    def check_alive(self) -> None:
        """Do nothing while reports can come; never waits for the device.

        Raises ``LinkDownError`` or ``DeviceTimeoutError`` once the connection or a subscription is lost.
        """


class Gateway(Protocol):
    """What a driver sees of the guard, which owns the connections of guarded links."""

    def execute(self, link: str, unit: int, pdu: bytes, lane: Lane = Lane.POLL) -> bytes:
        """The device's answer to a read, checked against the request."""

    def execute_many(
        self, link: str, unit: int, pdus: Sequence[bytes], lane: Lane = Lane.POLL
    ) -> Sequence[bytes | AutomationError]:
        """The device's answer to each of several reads, or why there is none."""

    def write(self, link: str, unit: int, pdu: bytes, epoch: int | None = None) -> bytes:
        """The device's answer to a write of addresses that are no output."""


class Browser(Protocol):
    """A connection of its own for looking around; to be closed."""

    def children(self, address: str = "") -> Sequence[TreeNode]:
        """What the node contains, the root if the address is empty.

        Raises ``ConfigError`` if the address is none, ``NotFoundError``, ``DriverError``.
        """

    def variables(self, address: str = "", limits: Limits | None = None) -> Variables:
        """All variables below the node. Raises as ``children`` does."""

    def close(self) -> None:
        """End the connection."""


@dataclass(frozen=True, kw_only=True)
class DriverContext:
    """What a driver may use of the runtime around it.

    gateway: the guard's. environment: variables of the process, for secrets. folder: of the site's data, where a driver may keep
    certificates in a folder of its own. island: where asyncio runs. Each is None, or empty, where there is none.
    """

    gateway: Gateway | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    island: Island | None = None


@dataclass(frozen=True, kw_only=True)
class LinkField:
    """What people are told of one field of a declaration.

    choices: the words that it may be; anything if empty. unit: such as ``s``. only_for: values of other fields, by name, with
    which alone it means something. advanced: seldom needed, so a form does not show it at first.
    """

    description: str = ""
    choices: Sequence[str] = ()
    unit: str = ""
    only_for: Mapping[str, Sequence[str | bool]] = field(default_factory=dict)
    advanced: bool = False


@dataclass(frozen=True, kw_only=True)
class DriverKind:
    """A kind of link, to be registered in the entry point group ``automation.drivers`` under its name.

    declaration: the class of its declarations, a dataclass; see ``model.link.LinkDeclaration``. build: makes the driver of a
    declaration, without connecting, and raises ``ConfigError`` naming the link if it cannot. title, description: for people.
    fields: of the declaration, by name, in the order in which a form shows them; others follow. connects: a driver opens the
    connection; False if the device does. browse: opens a look around behind a link; discover: looks around at a URL, without a
    link; both are None where there is nothing to see, and raise ``DriverError``.
    """

    declaration: type
    build: Callable[[Any, DriverContext], Driver]
    title: str = ""
    description: str = ""
    fields: Mapping[str, LinkField] = field(default_factory=dict)
    connects: bool = True
    browse: Callable[[Any, DriverContext], Browser] | None = None
    discover: Callable[[str], Discovery] | None = None
