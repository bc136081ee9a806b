"""The store of notifications: where what is watched and what waits to be sent survives a restart."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from automation.observers.notifications.rules import Watch

WAITING, SENT, FAILED = "waiting", "sent", "failed"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One message to one recipient, from when it is written until it is sent or given up.

    id: the same whenever it is tried, so that whoever gets it twice can tell. kind: ``raised``, ``escalated``, ``repeated``,
    ``returned`` or ``test``. state: ``waiting``, ``sent`` or ``failed``. due: when it is tried next, or was last. done: when it
    was sent or given up. data: what programs read, as JSON. seq: its number in the store, 0 before it is there.
    """

    id: str
    channel: str
    rule: str
    kind: str
    created: float
    due: float
    recipient: str = ""
    address: str = ""
    subject: str = ""
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    state: str = WAITING
    attempts: int = 0
    error: str = ""
    done: float | None = None
    seq: int = 0


class NotificationStore(Protocol):
    """Keeps watches and deliveries; every method raises ``StorageError``, and then nothing has changed."""

    def load(self) -> Sequence[Watch]:
        """Every watch; one that cannot be read is logged and left out."""

    def save(self, watches: Sequence[Watch], gone: Collection[tuple[str, str]], deliveries: Sequence[Delivery]) -> None:
        """Keep the watches in place of those with their keys, forget the keys gone and queue the deliveries, as one unit."""

    def due(self, channel: str, now: float, limit: int) -> Sequence[Delivery]:
        """Deliveries of the channel that wait and are due, oldest first."""

    def next_due(self, channel: str) -> float | None:
        """When the next waiting delivery of the channel is due, None if none waits."""

    def record(self, delivery: Delivery) -> None:
        """Keep state, attempts, error and times of a delivery that is there; do nothing for one that is not."""

    def newest(
        self, limit: int, *, before: int | None = None, channel: str | None = None, state: str | None = None
    ) -> Sequence[Delivery]:
        """Deliveries that match, newest first. before: only those with a smaller number."""

    def counts(self) -> Mapping[tuple[str, str], int]:
        """How many deliveries there are by channel and state."""

    def abandon(self, known: Collection[str], error: str, now: float) -> int:
        """How many deliveries waited for channels that are not among the known ones; they are given up now."""

    def forget(self, before: float) -> None:
        """Forget what was sent or given up before the instant."""
