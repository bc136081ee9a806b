"""What the runtime knows of the emergency stop: the guard's latch as last heard, and a stop that the guard has yet to hear of."""

from __future__ import annotations

import dataclasses
import logging
import threading
from collections.abc import Callable, Sequence

from automation.guard.status import GuardStatus
from automation.model.errors import AutomationError, ConflictError, GuardUnavailableError
from automation.model.estop import EstopState
from automation.outputs.ports import GuardPort
from automation.system.clock import Clock

log = logging.getLogger(__name__)


class EmergencyStop:
    """The guard's latch, seen from the runtime. status: what the guard told of itself last.

    members: the outputs of the stop, told as unconfirmed while the guard does not answer. Listeners are called outside any lock,
    in the thread that learned of the change.
    """

    def __init__(self, guard: GuardPort, clock: Clock, members: Callable[[], Sequence[str]]) -> None:
        self.guard_up = False
        self.status: GuardStatus | None = None
        self._guard = guard
        self._clock = clock
        self._members = members
        self._lock = threading.Lock()
        self._heard: EstopState | None = None
        self._undelivered: EstopState | None = None
        self._told = EstopState()
        self._version = 0
        self._listeners: tuple[Callable[[EstopState], None], ...] = ()

    @property
    def state(self) -> EstopState:
        """The latch as far as is known, without asking; latched while a stop waits for the guard."""
        return self._undelivered or self._heard or EstopState()

    def epoch(self) -> int:
        """The epoch under which a command is given now; a guard that was never heard is asked.

        Raises ``GuardUnavailableError``.
        """
        heard = self._heard
        if heard is None:
            heard = self._ask()
        return heard.epoch

    def listen(self, listener: Callable[[EstopState], None]) -> Callable[[], None]:
        """Have the listener called with each new state; returns the call that ends it."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def end() -> None:
            with self._lock:
                self._listeners = tuple(other for other in self._listeners if other is not listener)

        return end

    def trip(self, reason: str, actor: str, zone: str = "") -> EstopState:
        """Stop now, and return the latch with the outputs that have not confirmed.

        Raises ``NotFoundError`` for an unknown zone, ``GuardUnavailableError`` if the guard does not answer; then the stop
        holds in the runtime, for the whole plant, and reaches the guard as soon as it is back.
        """
        try:
            state = self._guard.trip(reason, actor, zone)
        except GuardUnavailableError as error:
            self._hold(reason, actor)  # of the whole plant: nobody can say what is on
            text = "the guard does not answer; the stop holds in the runtime and reaches the guard as soon as it is back"
            raise GuardUnavailableError(f"{text}: {error}") from error
        self._learn(state)
        return state

    def clear(self, estop_id: str, reason: str, actor: str) -> EstopState:
        """Release the latch of that id. Raises ``ConflictError`` or ``GuardUnavailableError``."""
        if self._undelivered is not None:
            raise ConflictError("the emergency stop has not reached the guard yet", "unconfirmed")
        state = self._guard.clear(estop_id, reason, actor)
        self._learn(state)
        return state

    def step(self, _now: float) -> None:
        """Ask the guard how it stands, and deliver a stop that waits; never raises because of a guard that is away."""
        try:
            waiting = self._undelivered
            if waiting is None:
                self._ask()
            else:
                self._learn(self._guard.trip(waiting.reason, waiting.actor))
                log.warning("the emergency stop of %s reached the guard", waiting.actor)
        except AutomationError as error:
            if self.guard_up:
                log.error("the guard is gone, no output can be activated: %s", error)  # noqa: TRY400 - no traceback
            self.guard_up = False

    def _ask(self) -> EstopState:
        version = self._version
        status = self._guard.status()
        self.status, state = status, status.estop
        if version == self._version:
            self._learn(state, delivered=False)
        return state

    def _hold(self, reason: str, actor: str) -> None:
        with self._lock:
            epoch = 0 if self._heard is None else self._heard.epoch
            held = EstopState(latched=True, epoch=epoch, reason=reason, actor=actor, time=self._clock.now())
            self._undelivered = self._undelivered or dataclasses.replace(held, unconfirmed=tuple(self._members()))
        self.guard_up = False
        self._tell()

    def _learn(self, state: EstopState, *, delivered: bool = True) -> None:
        with self._lock:
            self._heard = state
            self._version += delivered
            if delivered:
                self._undelivered = None
        if not self.guard_up:
            log.info("the guard answers")
        self.guard_up = True
        self._tell()

    def _tell(self) -> None:
        with self._lock:
            state = self.state
            if state == self._told:
                return
            self._told = state
            listeners = self._listeners
        for listener in listeners:
            listener(state)
