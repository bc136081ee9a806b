"""Operations: the lives of commands to outputs, by id, each with what has become of it."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from automation.model.errors import AutomationError, ConflictError, InvalidValueError, NotFoundError
from automation.model.operation import Life
from automation.model.sample import Sample, Value

KEEP = 2_000
KEYS_MAX = 10_000
KEY_S = 86_400.0
_WAIT_S = 60.0
_OVER = frozenset({Life.REFUSED, Life.FAILED, Life.TIMED_OUT, Life.DONE, Life.CANCELLED, Life.REPLACED})


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of an operation's life. time: POSIX seconds."""

    state: Life
    time: float
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One command as it stands.

    ends: POSIX seconds at which its time is over, None without one. running: the output is away from safe because of it, so that
    it can be cancelled.
    """

    id: str
    kind: str
    subject: str
    actor: str
    origin: str
    value: Value
    unit: str
    key: str
    for_s: float | None
    until: str
    created: float
    life: tuple[Step, ...]
    ends: float | None = None
    running: bool = False

    @property
    def state(self) -> Life:
        """Where it stands."""
        return self.life[-1].state

    @property
    def message(self) -> str:
        """What is to be said of that."""
        return self.life[-1].message

    @property
    def changed(self) -> float:
        """Since when, POSIX seconds."""
        return self.life[-1].time

    @property
    def over(self) -> bool:
        """True if nothing more will become of it."""
        return self.state in _OVER or (self.state is Life.CONFIRMED and not self.running)


@dataclass
class Attempt:
    """One command under a key: whoever asks again gets the same answer. done: it has one."""

    fingerprint: object
    since: float
    operation_id: str
    done: threading.Event = field(default_factory=threading.Event)
    sample: Sample | None = None
    error: AutomationError | None = None

    def answer(self) -> Sample:
        """What became of it, waited for. Raises what it raised, or ``ConflictError`` if it takes too long."""
        if not self.done.wait(_WAIT_S):
            raise ConflictError("the command with this key is still on its way", "in_progress")
        if self.error is not None:
            raise self.error
        assert self.sample is not None  # noqa: S101 - one of the two is set before it is done
        return self.sample


class Operations:
    """The newest operations, and the answers to keys; from any thread. Listeners must be quick and must not raise."""

    def __init__(self) -> None:
        self._operations: OrderedDict[str, Operation] = OrderedDict()
        self._keys: OrderedDict[tuple[str, str], Attempt] = OrderedDict()
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()
        self._listeners: tuple[Callable[[Operation], None], ...] = ()

    def on_change(self, listener: Callable[[Operation], None]) -> Callable[[], None]:
        """Have the listener called with each operation that begins or changes; returns the call that ends it."""
        self._listeners = (*self._listeners, listener)

        def end() -> None:
            self._listeners = tuple(other for other in self._listeners if other is not listener)

        return end

    def claim(self, actor: str, key: str, fingerprint: object, now: float) -> tuple[Attempt, bool]:
        """The attempt under the actor's key, and whether it is a new one, which the caller then has to finish.

        Raises ``InvalidValueError`` if the key was used for another command.
        """
        with self._lock:
            self._forget_keys(now)
            known = self._keys.get((actor, key))
            if known is None:
                attempt = Attempt(fingerprint=fingerprint, since=now, operation_id=fresh_id())
                self._keys[actor, key] = attempt
                return attempt, True
        if known.fingerprint != fingerprint:
            raise InvalidValueError(f"key {key:.64}: was used for another command; take another key")
        return known, False

    def begin(self, operation: Operation) -> Operation:
        """Keep a new operation."""
        with self._lock:
            self._operations[operation.id] = operation
            while len(self._operations) > KEEP:
                oldest = next((one for one in self._operations.values() if one.over), None)
                del self._operations[oldest.id if oldest is not None else next(iter(self._operations))]
        self._tell(operation)
        return operation

    def move(self, operation_id: str, state: Life, now: float, message: str = "", *, running: bool | None = None) -> Operation:
        """The operation in its next state; one that is over already stays as it is. Raises ``NotFoundError``."""
        with self._lock:
            there = self._found(operation_id)
            if there.over:
                return there
            moved = replace(
                there,
                life=(*there.life, Step(state=state, time=now, message=message)),
                running=there.running if running is None else running,
                ends=there.ends if there.for_s is None or state is not Life.CONFIRMED else now + there.for_s,
            )
            self._operations[operation_id] = moved
            if moved.over:
                self._counts[state.value] = self._counts.get(state.value, 0) + 1
        self._tell(moved)
        return moved

    def get(self, operation_id: str) -> Operation:
        """The operation of that id. Raises ``NotFoundError``."""
        return self._found(operation_id)

    def counts(self) -> Mapping[str, int]:
        """How many there were since the start, by the state in which they ended."""
        with self._lock:
            return dict(self._counts)

    def running_on(self, subject: str) -> Sequence[Operation]:
        """Those that hold the output."""
        with self._lock:
            return [one for one in self._operations.values() if one.subject == subject and one.running]

    def list(self, subject: str = "", state: str = "", limit: int = 100) -> Sequence[Operation]:
        """The newest first; those on the subject and in the state, where given."""
        with self._lock:
            known = list(reversed(self._operations.values()))
        wanted = [one for one in known if subject in ("", one.subject) and state in ("", one.state.value)]
        return wanted[:limit]

    def _found(self, operation_id: str) -> Operation:
        operation = self._operations.get(operation_id)
        if operation is None:
            raise NotFoundError(f"unknown operation {operation_id:.64}")
        return operation

    def _forget_keys(self, now: float) -> None:
        while self._keys:
            name, attempt = next(iter(self._keys.items()))
            if len(self._keys) < KEYS_MAX and now - attempt.since < KEY_S:
                return
            del self._keys[name]

    def _tell(self, operation: Operation) -> None:
        for listener in self._listeners:
            listener(operation)


def fresh_id() -> str:
    """A new id of an operation."""
    return secrets.token_hex(8)
