"""The three lanes of a link, and a bounded queue that serves them in their order."""

from __future__ import annotations

import threading
from collections import deque
from enum import IntEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Lane(IntEnum):
    """How urgent a request is; the lowest number goes first."""

    SAFE = 0
    WRITE = 1
    POLL = 2


class LaneQueue(Generic[T]):
    """Items of three lanes in order of urgency, first come first served within one; from any thread.

    capacity: items per lane.
    """

    def __init__(self, capacity: int = 64) -> None:
        self._capacity = capacity
        self._lanes: tuple[deque[T], ...] = tuple(deque() for _ in Lane)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return sum(len(lane) for lane in self._lanes)

    def put(self, lane: Lane, item: T) -> bool:
        """Leave an item; False if the lane is full, then it is not kept."""
        with self._lock:
            items = self._lanes[lane]
            if len(items) >= self._capacity:
                return False
            items.append(item)
            return True

    def take(self) -> T | None:
        """The most urgent item, None if there is none."""
        with self._lock:
            for items in self._lanes:
                if items:
                    return items.popleft()
        return None

    def drain(self) -> list[T]:
        """All items, in order; the queue is then empty."""
        with self._lock:
            items = [item for lane in self._lanes for item in lane]
            for lane in self._lanes:
                lane.clear()
        return items
