"""PID controller with limits, anti-windup and bumpless start."""

from __future__ import annotations

from dataclasses import dataclass

from automation.model.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class PidGains:
    """Tuning of a PID controller.

    gain: output units per unit of error. integral_s, derivative_s: seconds, 0 for none. low, high: limits of the output. Raises
    ``ConfigError`` if a time is negative or the limits have no span.
    """

    gain: float
    integral_s: float = 0.0
    derivative_s: float = 0.0
    low: float = 0.0
    high: float = 100.0

    def __post_init__(self) -> None:
        if self.integral_s < 0 or self.derivative_s < 0:
            raise ConfigError(f"pid: integral_s {self.integral_s}, derivative_s {self.derivative_s}: must not be negative")
        if not self.low < self.high:
            raise ConfigError(f"pid: low {self.low} must be below high {self.high}")


class Pid:
    """A controller in the ideal form; the derivative acts on the measurement, so a new setpoint gives no kick."""

    def __init__(self, gains: PidGains) -> None:
        self.gains = gains
        self.output = gains.low
        self._integral = 0.0
        self._measured: float | None = None
        self._now = 0.0

    def start(self, output: float, setpoint: float, measured: float, now: float) -> None:
        """Take over at the given output without a bump."""
        self.output = self._limited(output)
        self._integral = self.output - self.gains.gain * (setpoint - measured)
        self._measured, self._now = measured, now

    def step(self, setpoint: float, measured: float, now: float) -> float:
        """The output at the instant now, POSIX seconds; the integral stops while the output is at a limit."""
        if self._measured is None:
            self.start(self.output, setpoint, measured, now)
            return self.output
        gains, dt = self.gains, max(0.0, now - self._now)
        error = setpoint - measured
        slope = (measured - self._measured) / dt if dt > 0 else 0.0
        rest = gains.gain * (error - gains.derivative_s * slope)
        gained = gains.gain * error * dt / gains.integral_s if gains.integral_s > 0 else 0.0
        wanted = rest + self._integral + gained
        self.output = self._limited(wanted)
        if self.output == wanted or (wanted - self.output) * gained < 0:
            self._integral += gained
        self._measured, self._now = measured, now
        return self.output

    def _limited(self, output: float) -> float:
        return min(self.gains.high, max(self.gains.low, output))
