"""Commands of who configures notifications: a test message."""

from __future__ import annotations

from typing import Protocol

from automation.commands.audit import Audit, Call
from automation.observers.notifications.courier import Tried
from automation.security.principal import Permission, Principal
from automation.system.clock import Clock

_SUBJECT_MAX = 128


class NotificationsPort(Protocol):
    """The channels, as far as commands need them."""

    def test(self, channel: str, person: str, actor: str, now: float) -> Tried:
        """What came of a test message."""


class NotificationCommands:
    """Engineers try channels; nothing in the plant moves, so the emergency stop does not stand in the way."""

    def __init__(self, audit: Audit, notifications: NotificationsPort, clock: Clock) -> None:
        self._audit = audit
        self._notifications = notifications
        self._clock = clock

    def test(self, principal: Principal, channel: str, person: str = "") -> Tried:
        """What came of a test message by the channel, in words. person: who gets it, empty for the channel's own address.

        Raises ``NotAllowedError``, ``NotFoundError``, ``InvalidValueError``, ``ConflictError`` while others test.
        """
        call = Call(
            principal=principal,
            kind="notification.test",
            subject=channel[:_SUBJECT_MAX],
            details={"person": person[:_SUBJECT_MAX]},
        )
        with self._audit.frame(call, Permission.CONFIGURE, gated=False):
            tried = self._notifications.test(channel, person, principal.name, self._clock.now())
        call.details["ok"] = tried.ok
        self._audit.posted(call, f"channel {channel} tested: {tried.message}"[:1000])
        return tried
