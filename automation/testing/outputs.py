"""The way to the devices as tests have it: puts are recorded, refused or read back at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from automation.cvt.table import Cvt
from automation.model.errors import AutomationError, EstopActiveError
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.outputs.tag_outs import TagOuts
from automation.testing.stores import MemoryTagOutStore


class Put(NamedTuple):
    """One put that was accepted."""

    name: str
    value: Value
    owner: str
    now: float
    for_s: float | None = None


class FakeLatch(NamedTuple):
    """The emergency stop as a test set it."""

    latched: bool = False
    reason: str = ""

    def over(self, zone: str) -> FakeLatch | None:
        """The latch if it is latched; it is that of the whole plant."""
        _ = zone
        return self if self.latched else None


class FakeOutputs:
    """Accept puts and show them in the table at once, as a device that never fails, until told otherwise.

    apply: told of each accepted put to a field tag, for a simulated plant that does the reading back itself; then the table is
    left to it. puts: everything accepted, in order. followed: how often it was told that the outputs have changed.
    """

    def __init__(self, cvt: Cvt, apply: Callable[[str, Value], None] | None = None) -> None:
        self.puts: list[Put] = []
        self.attempts = 0
        self.followed = 0
        self.tag_outs = TagOuts(MemoryTagOutStore())
        self._cvt = cvt
        self._apply = apply
        self._latch = FakeLatch()
        self._failure: AutomationError | None = None

    def put(self, name: str, value: Value, owner: str, now: float, *, for_s: float | None = None) -> None:
        """Take the value. Raises ``EstopActiveError`` after ``trip``, or the failure that ``fail`` was given."""
        self.attempts += 1
        tag = self._cvt.tag(name)
        value = tag.check(value)
        if self._latch.latched:
            raise EstopActiveError(f"{name}: the emergency stop is latched: {self._latch.reason}")
        if self._failure is not None:
            raise self._failure
        self.puts.append(Put(name, value, owner, now, for_s))
        if tag.source is not None and self._apply is not None:
            self._apply(name, value)
        else:
            self._cvt.update(name, Sample(value, Quality.GOOD, now, now))

    def follow(self, now: float) -> None:
        """Hear that the outputs have changed."""
        _ = now
        self.followed += 1

    def estop(self) -> FakeLatch:
        """The latch as ``trip`` and ``clear`` left it."""
        return self._latch

    def trip(self, reason: str = "test") -> None:
        """Latch the emergency stop."""
        self._latch = FakeLatch(latched=True, reason=reason)

    def clear(self) -> None:
        """Clear the emergency stop."""
        self._latch = FakeLatch()

    def fail(self, error: AutomationError | None) -> None:
        """Have every put raise the error from now on; None ends it."""
        self._failure = error

    def last(self, name: str) -> Value:
        """The value that was last accepted for the tag, None if none was."""
        return next((put.value for put in reversed(self.puts) if put.name == name), None)
