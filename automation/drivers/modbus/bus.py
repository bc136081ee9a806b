"""One connection for several units, such as a serial line or a gateway that takes no second connection."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar
from weakref import WeakValueDictionary

from automation.drivers.modbus.address import Table
from automation.drivers.modbus.transport import UNIT_SILENT, Transport
from automation.drivers.modbus.wire import Connection
from automation.model.errors import DeviceRefusedError, DeviceTimeoutError, LinkDownError
from automation.system.clock import Stopwatch

T = TypeVar("T")
# A unit is silent after so many requests in vain; the first is repeated by the link.
_STRIKES = 2
# All silent units together take at most one part in so many of the line's time.
_SILENT_SHARE = 8


class Bus:
    """A connection and the links that use it, one request at a time: writes first, otherwise in order.

    connection: to be used within ``ask`` only. It is open as long as anybody uses it. Units that do not answer are asked so
    seldom that they never starve the others.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._turns = _Turns()
        self._users: set[object] = set()
        self._strikes: dict[int, int] = {}
        self._time = Stopwatch()
        self._next_trial_s = 0.0

    def join(self, user: object) -> None:
        """Use the connection from now on. Raises ``LinkDownError`` if it cannot be opened."""
        with self._turns.take(urgent=False):
            if not self.connection.is_open:
                self.connection.open()
            self._users.add(user)

    def leave(self, user: object) -> None:
        """Use the connection no more; harmless if it is not used. The last one closes it."""
        with self._turns.take(urgent=True):
            self._users.discard(user)
            if not self._users:
                self.connection.close()

    def ask(self, user: object, unit: int, urgent: bool, call: Callable[[], T]) -> T:
        """What the call gives, which makes one request to the unit when it is its turn.

        Raises what the call raises, and ``LinkDownError`` with nothing sent while the unit is silent and it is not its time.
        """
        with self._turns.take(urgent=urgent):
            if user not in self._users:
                raise LinkDownError(f"{self.connection.endpoint}: not connected")
            self._check_trial(unit)
            if not self.connection.is_open:  # another unit did not answer
                self.connection.open()
            began_s = self._time.elapsed_s()
            try:
                answer = call()
            except DeviceTimeoutError:
                self._strike(unit, began_s)
                raise
            except DeviceRefusedError as error:
                if error.code in UNIT_SILENT:
                    self._strike(unit, began_s)
                else:
                    self._strikes.pop(unit, None)
                raise
            self._strikes.pop(unit, None)
            return answer

    def _check_trial(self, unit: int) -> None:
        wait_s = self._next_trial_s - self._time.elapsed_s()
        if wait_s > 0 and len(self._users) > 1 and self._strikes.get(unit, 0) >= _STRIKES:
            raise LinkDownError(f"{self.connection.endpoint}: unit {unit} does not answer; asked again in {wait_s:.1f} s")

    def _strike(self, unit: int, began_s: float) -> None:
        now_s = self._time.elapsed_s()
        self._strikes[unit] = self._strikes.get(unit, 0) + 1
        if self._strikes[unit] >= _STRIKES:
            self._next_trial_s = now_s + (now_s - began_s) * (_SILENT_SHARE - 1)


class SharedTransport:
    """One unit on a bus; see ``transport.Transport``."""

    def __init__(self, bus: Bus, device: Transport) -> None:
        self._bus = bus
        self._device = device

    def connect(self) -> None:
        """Use the bus from now on. Raises ``LinkDownError`` if it cannot be opened."""
        self._bus.join(self)

    def close(self) -> None:
        """Leave the bus to the others; harmless when closed."""
        self._bus.leave(self)

    def read(self, table: Table, offset: int, count: int, unit: int) -> Sequence[int] | Sequence[bool]:
        """Exactly count registers or bits, in one request."""
        return self._bus.ask(self, unit, False, lambda: self._device.read(table, offset, count, unit))

    def write(self, table: Table, offset: int, values: Sequence[int] | Sequence[bool], unit: int) -> None:
        """Write coils or holding registers in one request, before any reads that wait."""
        self._bus.ask(self, unit, True, lambda: self._device.write(table, offset, values, unit))

    def mask(self, offset: int, keep: int, bits_on: int, unit: int) -> None:
        """Change bits of one holding register in one request, before any reads that wait."""
        self._bus.ask(self, unit, True, lambda: self._device.mask(offset, keep, bits_on, unit))


class Buses:
    """The buses of a process, each for as long as a driver uses it; from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buses: WeakValueDictionary[object, Bus] = WeakValueDictionary()

    def get(self, key: object, connection: Connection) -> Bus:
        """The bus with that key; a new one on the connection, not yet open, if there is none."""
        with self._lock:
            bus = self._buses.get(key)
            if bus is None:
                bus = self._buses[key] = Bus(connection)
            return bus


class _Turns:
    """Who may use the line: one at a time, the urgent first, otherwise in the order in which they came."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[tuple[bool, int]] = []
        self._tickets = 0
        self._taken = False

    @contextmanager
    def take(self, *, urgent: bool) -> Iterator[None]:
        """Wait for the turn and hold it."""
        with self._changed:
            self._tickets += 1
            mine = (not urgent, self._tickets)
            heapq.heappush(self._waiting, mine)
            self._changed.wait_for(lambda: not self._taken and self._waiting[0] == mine)
            heapq.heappop(self._waiting)
            self._taken = True
        try:
            yield
        finally:
            with self._changed:
                self._taken = False
                self._changed.notify_all()
