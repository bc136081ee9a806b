"""One client of the feed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from automation.publishers.socketio import messages
from automation.publishers.socketio.sources import Limits
from automation.security.principal import Principal


class Wire(Protocol):
    """The way to a client; nothing here waits for it."""

    @property
    def queued(self) -> int:
        """How many messages wait to be sent."""

    def send(self, packet: str) -> None:
        """Leave a packet to be sent."""

    def end(self) -> None:
        """Close the connection after what waits was sent."""

    def cut(self) -> None:
        """Close the connection at once."""


class Client:
    """What one client subscribed to, and what is held back for it while it is slow."""

    def __init__(self, sid: str, wire: Wire, principal: Principal, token: str, now: float) -> None:
        self.sid = sid
        self.wire = wire
        self.principal = principal
        self.token = token
        self.checked = now
        self.greeted = False
        self.tags: frozenset[str] = frozenset()
        self._held: dict[str, str] = {}
        self._busy_since: float | None = None

    def subscribe(self, names: Iterable[str]) -> None:
        """Hear of these tags too."""
        self.tags |= frozenset(names)

    def unsubscribe(self, names: Iterable[str]) -> None:
        """Hear no more of these tags."""
        self.tags -= frozenset(names)
        self._held = {name: row for name, row in self._held.items() if name in self.tags}

    def stalled(self, now: float, limits: Limits) -> bool:
        """True if the client has been too slow for too long."""
        queued = self.wire.queued
        if queued < limits.busy:
            self._busy_since = None
        elif self._busy_since is None:
            self._busy_since = now
        waited = 0.0 if self._busy_since is None else now - self._busy_since
        return queued > limits.queue or waited > limits.stalled_s

    def tell(self, now: float, rows: Mapping[str, str], shared: dict[frozenset[str], str]) -> None:
        """Send the client its part of the changed rows, or hold it back while the client is busy.

        shared: packets of this instant by subscription, so that clients with the same screen share one.
        """
        if self._busy_since is not None:
            self._held |= {name: rows[name] for name in rows.keys() & self.tags}
        elif self._held:
            held, self._held = self._held, {}
            self.wire.send(messages.tags(now, (held | {name: rows[name] for name in rows.keys() & self.tags}).values()))
        elif packet := self._packet(now, rows, shared):
            self.wire.send(packet)

    def _packet(self, now: float, rows: Mapping[str, str], shared: dict[frozenset[str], str]) -> str:
        packet = shared.get(self.tags)
        if packet is None:
            names = rows.keys() & self.tags
            packet = shared[self.tags] = messages.tags(now, [rows[name] for name in names]) if names else ""
        return packet
