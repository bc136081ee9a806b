"""Emergency-stop buttons: when they are read, and what their values mean; pure."""

from __future__ import annotations

from collections.abc import Sequence

from automation.guard.config import GuardedInput
from automation.guard.status import GuardInputStatus
from automation.model.estop import OnLoss

LOST_S = 1.0


class _Button:
    """One button. heard: when it was read last, None before the first time. asked: an answer is awaited."""

    def __init__(self, given: GuardedInput, now: float) -> None:
        self.given = given
        self.pressed: bool | None = None
        self.since = now
        self.heard: float | None = None
        self.error = ""
        self.asked = False
        self.due = now
        self.lost = False

    def readable(self, now: float) -> bool:
        return self.heard is not None and now - self.heard <= LOST_S


class Buttons:
    """All buttons of a guard; the caller holds one lock around every call."""

    def __init__(self, inputs: Sequence[GuardedInput], now: float) -> None:
        self._buttons = {given.name: _Button(given, now) for given in inputs}

    def change(self, inputs: Sequence[GuardedInput], now: float) -> None:
        """Have these in place of those before; what is the same goes on."""
        known = self._buttons
        self._buttons = {
            given.name: known[given.name] if given.name in known and known[given.name].given == given else _Button(given, now)
            for given in inputs
        }

    def due(self, now: float) -> Sequence[GuardedInput]:
        """Those to be read now; each must be answered by ``heard`` or ``failed`` before it is due again."""
        found = []
        for button in self._buttons.values():
            if not button.asked and now >= button.due:
                button.asked = True
                button.due = now + button.given.period_s
                found.append(button.given)
        return found

    def heard(self, given: GuardedInput, value: bool, now: float) -> str:
        """Why the stop must be tripped now, empty if it need not: the button was not pressed before."""
        button = self._buttons.get(given.name)
        if button is None or button.given != given:
            return ""
        pressed = value is given.pressed
        trips = pressed and button.pressed is not True
        if pressed is not button.pressed:
            button.since = now
        button.pressed, button.heard, button.asked, button.error, button.lost = pressed, now, False, "", False
        return f"button {given.name} pressed" if trips else ""

    def failed(self, given: GuardedInput, error: str) -> None:
        """It could not be read."""
        button = self._buttons.get(given.name)
        if button is not None and button.given == given:
            button.asked, button.error = False, error

    def lost(self, now: float) -> Sequence[GuardedInput]:
        """Those that trip because they were read once and cannot be read any more; each is told once per loss."""
        found = []
        for button in self._buttons.values():
            if button.heard is None or button.lost or button.readable(now):
                continue
            button.lost, button.pressed, button.since = True, None, now
            if button.given.on_loss == OnLoss.TRIP:
                found.append(button.given)
        return found

    def holding(self, zone: str, now: float) -> Sequence[str]:
        """Names of the buttons of that latch that are pressed, or unreadable where that trips."""
        return [
            name
            for name, button in self._buttons.items()
            if button.given.zone == zone
            and (button.pressed or (button.given.on_loss == OnLoss.TRIP and not button.readable(now)))
        ]

    def status(self) -> tuple[GuardInputStatus, ...]:
        """What is known of each button."""
        return tuple(
            GuardInputStatus(
                name=name, zone=button.given.zone, pressed=button.pressed, since=button.since, last_error=button.error
            )
            for name, button in self._buttons.items()
        )
