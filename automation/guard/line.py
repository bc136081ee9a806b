"""One connection for several units, such as a serial line or a gateway that takes no second connection."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar
from weakref import WeakValueDictionary

from automation.guard.lanes import Lane
from automation.model.errors import DeviceRefusedError, DeviceTimeoutError, LinkDownError
from automation.system.clock import Stopwatch

T = TypeVar("T")
# Gateway path unavailable, gateway target failed to respond (Modbus Application Protocol V1.1b3, section 7).
UNIT_SILENT = frozenset({10, 11})
# A unit is silent after so many requests in vain; the first is repeated by the link.
_STRIKES = 2
# All silent units together take at most one part in so many of the line's time.
_SILENT_SHARE = 8


class Connection(Protocol):
    """What is shared."""

    @property
    def endpoint(self) -> str:
        """Where it leads, for texts."""

    @property
    def is_open(self) -> bool:
        """True while requests can be sent."""

    def open(self) -> None:
        """Open it. Raises ``LinkDownError``."""

    def close(self) -> None:
        """Close it; harmless when closed."""


C = TypeVar("C", bound=Connection)


class Line:
    """A connection and the links that use it, one request at a time: the most urgent first, otherwise in order.

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
        with self._turns.take(Lane.POLL):
            if not self.connection.is_open:
                self.connection.open()
            self._users.add(user)

    def leave(self, user: object) -> None:
        """Use the connection no more; harmless if it is not used. The last one closes it."""
        with self._turns.take(Lane.SAFE):
            self._users.discard(user)
            if not self._users:
                self.connection.close()

    def ask(self, user: object, unit: int, lane: Lane, call: Callable[[], T]) -> T:
        """What the call gives, which makes one request to the unit when it is its turn.

        Raises what the call raises, and ``LinkDownError`` with nothing sent while the unit is silent and it is not its time.
        """
        with self._turns.take(lane):
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


class Lines:
    """The shared connections of a process, each for as long as anybody uses it; from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: WeakValueDictionary[object, Line] = WeakValueDictionary()

    def get(self, key: object, connection: Connection) -> Line:
        """The line with that key; a new one on the connection, not yet open, if there is none."""
        with self._lock:
            line = self._lines.get(key)
            if line is None:
                line = self._lines[key] = Line(connection)
            return line


class _Turns:
    """Who may use the line: one at a time, the most urgent first, otherwise in the order in which they came."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[tuple[Lane, int]] = []
        self._tickets = 0
        self._taken = False

    @contextmanager
    def take(self, lane: Lane) -> Iterator[None]:
        """Wait for the turn and hold it."""
        with self._changed:
            self._tickets += 1
            mine = (lane, self._tickets)
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
