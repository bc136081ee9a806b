"""Two-point switch with a gap between on and off."""

from __future__ import annotations

from automation.model.errors import ConfigError


class Hysteresis:
    """On at ``low`` or below, off at ``high`` or above, as before in between; for filling and heating.

    on: the state at the beginning.
    """

    def __init__(self, *, on: bool = False) -> None:
        self.on = on

    def step(self, value: float, low: float, high: float) -> bool:
        """The switch after the value, in the unit of low and high. Raises ``ConfigError`` unless low is below high."""
        if not low < high:
            raise ConfigError(f"hysteresis: low {low} must be below high {high}")
        if value <= low:
            self.on = True
        elif value >= high:
            self.on = False
        return self.on
