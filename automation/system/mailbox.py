"""Mailboxes between threads: bounded, with a declared answer to being full."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)


class Receiver(Protocol[T_contra]):
    """What a sender sees of a mailbox."""

    def put(self, item: T_contra) -> None:
        """Leave an item; never blocks, never raises because of being full."""


class ResyncMailbox(Generic[T]):
    """Keep items in order; when full, forget them all and ask the reader to start over from a snapshot.

    For alarms: the reader re-evaluates the table and journals the gap. capacity: items. on_put is called after each put.
    """

    def __init__(self, capacity: int, on_put: Callable[[], None] | None = None) -> None:
        self.on_put = on_put
        self.overruns = 0
        self._capacity = capacity
        self._items: deque[T] = deque()
        self._lock = threading.Lock()
        self._resync = False

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: T) -> None:
        """Leave an item; when full, all are dropped, counted, and ``take`` reports the gap once."""
        with self._lock:
            if len(self._items) >= self._capacity:
                self.overruns += len(self._items)
                self._items.clear()
                self._resync = True
            self._items.append(item)
        if self.on_put is not None:
            self.on_put()

    def take(self) -> tuple[Sequence[T], bool]:
        """All waiting items in order, and True if items were lost since the last take."""
        with self._lock:
            items, self._items = self._items, deque()
            gap, self._resync = self._resync, False
        return list(items), gap


class LatestMailbox(Generic[T]):
    """Keep one item per key, merging a newer into the waiting one; for readers who want the present, not the way to it.

    key: what makes two items the same thing. merge(old, new): the item that stands for both.
    """

    def __init__(
        self, key: Callable[[T], Hashable], merge: Callable[[T, T], T], on_put: Callable[[], None] | None = None
    ) -> None:
        self.on_put = on_put
        self.merged = 0
        self._key = key
        self._merge = merge
        self._items: dict[Hashable, T] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: T) -> None:
        """Leave an item, merged into the one of the same key that is still waiting."""
        key = self._key(item)
        with self._lock:
            old = self._items.get(key)
            if old is not None:
                item = self._merge(old, item)
                self.merged += 1
            self._items[key] = item
        if self.on_put is not None:
            self.on_put()

    def take(self) -> Sequence[T]:
        """The newest item of each key, in the order in which the keys first arrived."""
        with self._lock:
            items, self._items = self._items, {}
        return list(items.values())


class SpillMailbox(Generic[T]):
    """Keep items in order until the reader has acknowledged them; when full, hand the oldest half to ``spill``.

    For the historian, which loses nothing: spill writes to disk in the sender's thread. capacity: items. ``put`` raises what
    spill raises only after keeping the items, so that a full disk loses nothing before memory ends.
    """

    def __init__(self, capacity: int, spill: Callable[[Sequence[T]], None], on_put: Callable[[], None] | None = None) -> None:
        self.on_put = on_put
        self.spilled = 0
        self._capacity = capacity
        self._spill = spill
        self._items: deque[T] = deque()
        self._taken = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: T) -> None:
        """Leave an item; a full mailbox spills its oldest half first, but never what ``peek`` has handed out."""
        with self._lock:
            self._items.append(item)
            if len(self._items) - self._taken > self._capacity:
                self._spill_oldest()
        if self.on_put is not None:
            self.on_put()

    def _spill_oldest(self) -> None:
        count = self._capacity // 2 + 1
        oldest = [self._items[self._taken + i] for i in range(count)]
        self._spill(oldest)
        for _ in oldest:
            del self._items[self._taken]
        self.spilled += len(oldest)

    def peek(self, limit: int) -> Sequence[T]:
        """Up to limit oldest items, which stay until ``ack``; one reader only."""
        with self._lock:
            self._taken = min(limit, len(self._items))
            return [self._items[i] for i in range(self._taken)]

    def waiting(self) -> Sequence[T]:
        """All items, those that ``peek`` has handed out included; from any thread."""
        with self._lock:
            return list(self._items)

    def ack(self) -> None:
        """Forget what the last ``peek`` returned: it is safe elsewhere."""
        with self._lock:
            for _ in range(self._taken):
                self._items.popleft()
            self._taken = 0

    def release(self) -> None:
        """Keep what the last ``peek`` returned for the next one: it could not be saved."""
        with self._lock:
            self._taken = 0
