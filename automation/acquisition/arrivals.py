"""What a device reports by itself, between its driver's thread and the owner of the link."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from automation.drivers.base import Reading

CAPACITY = 100_000


class Arrival(NamedTuple):
    """One reading of the address at the position. time: POSIX seconds of its arrival."""

    position: int
    reading: Reading
    time: float


class Subscription:
    """Addresses that a device reports, and the reports that the link has not taken yet, in order.

    addresses: each once; position: where each is. now: tells the time of an arrival. on_first is called, in the driver's thread,
    when a report arrives and none waits. capacity: when more readings wait, only the newest of each address stays, and dropped
    counts the others. last: what was taken last, by position; kept by the owner of the link.
    """

    def __init__(
        self, addresses: Sequence[str], now: Callable[[], float], on_first: Callable[[], None], capacity: int = CAPACITY
    ) -> None:
        self.addresses = tuple(dict.fromkeys(addresses))
        self.position: Mapping[str, int] = {address: position for position, address in enumerate(self.addresses)}
        self.dropped = 0
        self.last: dict[int, Arrival] = {}
        self._now = now
        self._on_first = on_first
        self._capacity = max(capacity, 2 * len(self.addresses))
        self._waiting: deque[Arrival] = deque()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._waiting)

    def follow(self, former: Subscription) -> None:
        """Know what was taken last from the subscription in place of which this one is."""
        for arrival in former.last.values():
            if (position := self.position.get(former.addresses[arrival.position])) is not None:
                self.last[position] = arrival._replace(position=position)

    def put(self, readings: Sequence[tuple[int, Reading]]) -> None:
        """Take a report; this is the driver's ``Sink``."""
        now = self._now()
        with self._lock:
            first = not self._waiting
            self._waiting.extend(Arrival(position, reading, now) for position, reading in readings)
            if len(self._waiting) > self._capacity:
                self._thin()
        if first:
            self._on_first()

    def take_run(self) -> Sequence[Arrival]:
        """The oldest readings that wait, in order, up to where an address comes again."""
        run: list[Arrival] = []
        seen: set[int] = set()
        with self._lock:
            waiting = self._waiting
            while waiting and waiting[0].position not in seen:
                arrival = waiting.popleft()
                seen.add(arrival.position)
                run.append(arrival)
        return run

    def thin(self) -> None:
        """Keep only the newest reading of each address."""
        with self._lock:
            self._thin()

    def _thin(self) -> None:
        newest: dict[int, Arrival] = {}
        for arrival in self._waiting:
            newest.pop(arrival.position, None)  # so that what stays is in the order of arrival
            newest[arrival.position] = arrival
        self.dropped += len(self._waiting) - len(newest)
        self._waiting = deque(newest.values())
