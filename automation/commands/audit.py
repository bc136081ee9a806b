"""The frame around every command: authorise, gate, and a row in the journal whatever becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from automation.model.configuration import InvalidConfigurationError
from automation.model.errors import (
    AuthenticationError,
    AutomationError,
    ConflictError,
    EstopActiveError,
    InterlockedError,
    InvalidValueError,
    NotAllowedError,
    NotFoundError,
    StorageError,
)
from automation.model.estop import EstopState
from automation.model.event import Event
from automation.model.sample import Value
from automation.security.principal import Permission, Principal
from automation.storage.journal import EventJournal
from automation.system.clock import Clock

# What the caller could have known; anything else means that the command was tried and did not work.
_REFUSALS = (
    NotAllowedError,
    EstopActiveError,
    InterlockedError,
    InvalidValueError,
    ConflictError,
    NotFoundError,
    AuthenticationError,
    InvalidConfigurationError,
)
Where: TypeAlias = Callable[[str, str], Mapping[str, Value]]

REQUEST_REFUSED = "request.refused"
_MESSAGE_MAX = 1000  # a whole project may be wrong in every line


@dataclass(kw_only=True)
class Call:
    """One command on its way. details: what its row will say; filled while the command runs."""

    principal: Principal
    kind: str
    subject: str
    details: dict[str, Value] = field(default_factory=dict)


class Audit:
    """Lets commands through, or not, and journals both.

    estop: what is known of the emergency stop at this moment. where: what a row of a kind tells of the place of its subject;
    nothing unless given.
    """

    def __init__(
        self, journal: EventJournal, clock: Clock, estop: Callable[[], EstopState], where: Where = lambda _kind, _subject: {}
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._estop = estop
        self._where = where

    @contextmanager
    def frame(self, call: Call, permission: Permission | None, *, gated: bool = True) -> Iterator[None]:
        """Run the block if the principal has the permission (None: anybody) and, if gated, no emergency stop is active.

        Raises ``NotAllowedError``, ``EstopActiveError`` or what the block raises, after leaving a row that says so.
        """
        try:
            if permission is not None:
                call.principal.require(permission)
            if gated:
                self._gate()
            yield
        except AutomationError as error:
            verdict = "refused" if isinstance(error, _REFUSALS) else "failed"
            details = {**call.details, "error": type(error).__name__}
            # Posted, not appended: whoever is refused a thousand times a second shall not keep the database busy meanwhile.
            self._journal.post(self._event(call, f"{call.kind}.{verdict}", f"{verdict}: {error}"[:_MESSAGE_MAX], details))
            raise

    def accepted(self, call: Call, message: str) -> None:
        """Journal the command before its caller hears of it; a database that fails gets the row later: the deed is done."""
        event = self._event(call, call.kind, message, call.details)
        try:
            self._journal.append((event,))
        except StorageError:
            self._journal.post(event)

    def refused(self, principal: Principal, permission: Permission, method: str, path: str) -> None:
        """Journal a request for a change that did not come as far as its command, without waiting for the database."""
        details: dict[str, Value] = {"method": method, "needs": permission.words, "error": NotAllowedError.__name__}
        call = Call(principal=principal, kind=REQUEST_REFUSED, subject=path[:128])
        message = f"refused: {method} {path}: {principal.name} may not {permission.words}"
        self._journal.post(self._event(call, REQUEST_REFUSED, message[:_MESSAGE_MAX], details))

    def posted(self, call: Call, message: str) -> None:
        """Journal the command without waiting for the database."""
        self._journal.post(self._event(call, call.kind, message, call.details))

    def told(self, kind: str, subject: str, message: str, details: dict[str, Value]) -> None:
        """Journal what happened by itself, without waiting for the database."""
        known = {**self._where(kind, subject), **details}
        self._journal.post(Event(time=self._clock.now(), kind=kind, subject=subject, message=message, details=known))

    def _gate(self) -> None:
        state = self._estop()
        if state.latched:
            raise EstopActiveError(f"the emergency stop is active ({state.reason}); clear it first")

    def _event(self, call: Call, kind: str, message: str, details: dict[str, Value]) -> Event:
        principal = call.principal
        return Event(
            time=self._clock.now(),
            kind=kind,
            subject=call.subject,
            message=message,
            actor=principal.name,
            origin=principal.origin,
            details={"role": principal.role.label, **self._where(kind, call.subject), **details},
        )
