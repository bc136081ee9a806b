"""The drivers of tests: a device in memory that fails as it is told, and one that reports by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence

from automation.drivers.base import Reading, Sink
from automation.model.errors import ConfigError, DeviceRefusedError, DriverError, LinkDownError
from automation.model.quality import Quality
from automation.model.sample import Value

_BLOCK_LIMIT_S = 10.0


class FakeDriver:
    """A driver whose device is a dictionary; see ``drivers.base.Driver``.

    values: raw value by address; a test changes them as the plant would. read_only: addresses that cannot be written. prepared,
    reads and writes log every call: the addresses of each plan and each block read, and (address, value) of each write. on_write
    is called after each accepted write, for devices that react. hanging is set as soon as a read hangs because of ``block``.
    """

    def __init__(self, values: Mapping[str, Value], *, read_only: Iterable[str] = ()) -> None:
        self.values = dict(values)
        self.prepared: list[tuple[str, ...]] = []
        self.reads: list[tuple[str, ...]] = []
        self.writes: list[tuple[str, Value]] = []
        self.connects = 0
        self.connected = False
        self.on_write: Callable[[str, Value], None] | None = None
        self._read_only = frozenset(read_only)
        self._faults: dict[str, Quality] = {}
        self._read_errors: list[DriverError] = []
        self._write_errors: list[DriverError] = []
        self._away = False
        self.hanging = threading.Event()
        self._free = threading.Event()
        self._free.set()

    def fail_read(self, address: str, quality: Quality = Quality.BAD_CONFIGURATION_ERROR) -> None:
        """Answer the address with this quality and no value from now on; GOOD ends it."""
        self._faults[address] = quality
        if quality.is_good:
            del self._faults[address]

    def fail_next_reads(self, *errors: DriverError) -> None:
        """Raise these errors, one per read call, before answering again."""
        self._read_errors += errors

    def fail_next_writes(self, *errors: DriverError) -> None:
        """Raise these errors, one per write call, before accepting again."""
        self._write_errors += errors

    def simulate_connection_lost(self) -> None:
        """Answer nothing, neither requests nor connects, until ``restore``."""
        self._away = True
        self.connected = False

    def restore(self) -> None:
        """Be there again; a new connect is needed."""
        self._away = False

    def block(self) -> None:
        """Let every read hang, as a device that answers very late, until ``release``."""
        self._free.clear()

    def release(self) -> None:
        """Let the reads go on that hang."""
        self._free.set()

    def check(self, address: str) -> None:
        """Do nothing if the device has the address. Raises ``ConfigError`` otherwise."""
        if address not in self.values:
            raise ConfigError(f"address {address!r}: the device does not have it")

    def check_write(self, address: str) -> None:
        """Do nothing if the address can be written. Raises ``ConfigError`` otherwise."""
        self.check(address)
        if address in self._read_only:
            raise ConfigError(f"address {address!r}: read only")

    def prepare(self, addresses: Sequence[str]) -> None:
        """Log the addresses; a dictionary needs no plan."""
        self.prepared.append(tuple(addresses))

    def connect(self) -> None:
        """Open the link. Raises ``LinkDownError`` while the connection is lost."""
        self.connects += 1
        if self._away:
            raise LinkDownError("the device does not answer")
        self.connected = True

    def read(self, addresses: Sequence[str]) -> Sequence[Reading]:
        """One reading per address, in one block."""
        self._hang()
        if not self.connected:
            raise LinkDownError("not connected")
        self.reads.append(tuple(addresses))
        if self._read_errors:
            raise self._read_errors.pop(0)
        return [self._reading(address) for address in addresses]

    def write(self, address: str, value: Value) -> None:
        """Keep the value. Raises ``DeviceRefusedError`` for an address that is read only."""
        if not self.connected:
            raise LinkDownError("not connected")
        if self._write_errors:
            raise self._write_errors.pop(0)
        if address in self._read_only or address not in self.values:
            raise DeviceRefusedError(f"address {address!r}: the device refused", 2)
        self.values[address] = value
        self.writes.append((address, value))
        if self.on_write is not None:
            self.on_write(address, value)

    def close(self) -> None:
        """Close the link; harmless when closed."""
        self.connected = False

    def _hang(self) -> None:
        if self._free.is_set():
            return
        self.hanging.set()
        self._free.wait(_BLOCK_LIMIT_S)
        self.hanging.clear()

    def _reading(self, address: str) -> Reading:
        return self._unless_failing(address, Reading(self.values[address]))

    def _unless_failing(self, address: str, reading: Reading) -> Reading:
        fault = self._faults.get(address)
        return reading if fault is None else Reading(None, fault)


class FakeSubscribingDriver(FakeDriver):
    """A fake device that reports by itself; see ``drivers.base.SubscribingDriver``.

    reports_scans: False where it can only be polled; then subscribe says so. subscribes logs every scan with its addresses,
    unsubscribes every scan given up.
    """

    def __init__(self, values: Mapping[str, Value], *, read_only: Iterable[str] = ()) -> None:
        super().__init__(values, read_only=read_only)
        self.reports_scans = True
        self.subscribes: list[tuple[str, tuple[str, ...]]] = []
        self.unsubscribes: list[str] = []
        self._subscriptions: dict[str, tuple[tuple[str, ...], Sink]] = {}
        self._lost: DriverError | None = None

    def report(self, *changes: tuple[str, Value], source_time: float | None = None) -> None:
        """Change values, and report them all at once to every scan with their addresses; not one that nobody subscribed."""
        self.values.update(changes)
        for addresses, sink in tuple(self._subscriptions.values()):
            places = {address: index for index, address in enumerate(addresses)}
            readings = [
                (places[address], self._unless_failing(address, Reading(value, source_time=source_time)))
                for address, value in changes
                if address in places
            ]
            if readings:
                sink(readings)

    def lose_subscriptions(self, error: DriverError) -> None:
        """Report nothing more and tell so, although the connection stands, until the next connect."""
        self._subscriptions.clear()
        self._lost = error

    def simulate_connection_lost(self) -> None:
        """Report nothing either."""
        super().simulate_connection_lost()
        self._subscriptions.clear()

    def connect(self) -> None:
        """Open the link, without subscriptions. Raises ``LinkDownError`` while the connection is lost."""
        self._subscriptions.clear()
        super().connect()
        self._lost = None

    def close(self) -> None:
        """Close the link and report nothing more; harmless when closed."""
        self._subscriptions.clear()
        super().close()

    def write(self, address: str, value: Value) -> None:
        """Keep the value and report it."""
        super().write(address, value)
        self.report((address, value))

    def subscribe(self, scan: str, period_s: float, addresses: Sequence[str], sink: Sink) -> bool:
        """Report the addresses from now on, beginning with their present values; False where it can only be polled."""
        if not self.connected:
            raise LinkDownError("not connected")
        self.subscribes.append((scan, tuple(addresses)))
        self._subscriptions.pop(scan, None)
        if not self.reports_scans:
            return False
        self._subscriptions[scan] = (tuple(addresses), sink)
        sink([(index, self._reading(address)) for index, address in enumerate(addresses)])
        return True

    def unsubscribe(self, scan: str) -> None:
        """Report nothing more for the scan."""
        if not self.connected:
            raise LinkDownError("not connected")
        self.unsubscribes.append(scan)
        self._subscriptions.pop(scan, None)

    def check_alive(self) -> None:
        """Do nothing while the connection stands and no subscription was lost."""
        if not self.connected:
            raise LinkDownError("the device does not answer")
        if self._lost is not None:
            raise self._lost
