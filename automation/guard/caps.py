"""How long an output may be away from its safe value: pure."""

from __future__ import annotations

from automation.model.errors import InterlockedError

NEVER = float("inf")


class Cap:
    """The time limit of one output. max_on_s: longest time away from safe, None for no limit but that of each put."""

    def __init__(self, name: str, max_on_s: float | None) -> None:
        self._name = name
        self._max_on_s = NEVER if max_on_s is None else max_on_s
        self._limit = NEVER
        self._until = NEVER
        self._asked = NEVER
        self._spent = False

    @property
    def deadline(self) -> float:
        """When the output must be made safe, ``NEVER`` without a limit."""
        return min(self._limit, self._until)

    def check(self, now: float) -> None:
        """Do nothing if the output may activate.

        After the longest time it may not until it was put to safe once, so that a caller who keeps asking does not defeat the
        limit. Raises ``InterlockedError``.
        """
        if self._spent or now >= self._limit:
            raise InterlockedError(
                f"{self._name}: on for its longest time of {self._max_on_s:g} s; put it to its safe value first"
            )

    def activate(self, now: float, for_s: float | None) -> None:
        """Start the time, just before the write; a repeated activation does not extend the longest time.

        The time of an earlier put counts too until this one is confirmed: a write that fails leaves the device to the earlier.
        """
        self._limit = min(self._limit, now + self._max_on_s)
        self._asked = NEVER if for_s is None else now + for_s
        self._until = min(self._until, self._asked)

    def confirm(self) -> None:
        """The device confirmed the activation: its own time counts from now on."""
        self._until = self._asked

    def due(self, now: float) -> bool:
        """True if the time is over; told once, the output must then be made safe."""
        if now < self.deadline:
            return False
        self._spent = self._spent or now >= self._limit
        self._limit = self._until = self._asked = NEVER
        return True

    def rest(self) -> None:
        """The device confirmed the safe value."""
        self._limit = self._until = self._asked = NEVER

    def rearm(self) -> None:
        """Somebody put the output to safe, or a stop did: it may activate again."""
        self._spent = False
