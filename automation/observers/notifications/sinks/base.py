"""What a channel needs of a sink."""

from __future__ import annotations

from typing import Protocol

from automation.observers.notifications.store import Delivery


class SinkError(Exception):
    """A message did not go; the text says why, in words for people.

    whole: nothing would go at this moment, not only this message. retry_after_s: when the other side wants to be asked again.
    """

    def __init__(self, message: str, *, whole: bool = True, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.whole = whole
        self.retry_after_s = retry_after_s


class Sink(Protocol):
    """Sends messages, one at a time, from one thread."""

    def send(self, delivery: Delivery) -> None:
        """Return once the other side has taken the message. Raises ``SinkError``, also when its time is over."""

    def cancel(self) -> None:
        """Have the sending that runs fail at once; from any thread."""
