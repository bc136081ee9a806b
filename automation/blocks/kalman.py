"""Scalar Kalman filter of a value that wanders."""

from __future__ import annotations

from automation.model import conditioning


class Kalman:
    """The best estimate of a value that wanders at random, from measurements with noise; samples at any distance.

    process_noise: variance that the true value gains per second, unit squared per second; it grows with the time that has passed
    since the last sample. measurement_noise: variance of one measurement, unit squared. gain: the part of the last sample's
    surprise that was believed; variance: of the estimate. Raises ``ConfigError`` on a noise that is not positive. Source: Kalman,
    A New Approach to Linear Filtering and Prediction Problems, 1960; the random walk is Durbin and Koopman, Time Series Analysis
    by State Space Methods, 2nd edition, chapter 2 (local level).
    """

    def __init__(self, process_noise: float, measurement_noise: float) -> None:
        given = conditioning.Kalman(process_noise=process_noise, measurement_noise=measurement_noise)
        self._process_noise, self._measurement_noise = given.process_noise, given.measurement_noise
        self.gain = 1.0
        self.variance = self._measurement_noise
        self._estimate: float | None = None
        self._now = 0.0

    def step(self, value: float, now: float) -> float:
        """The estimate after a measurement at the instant now, POSIX seconds."""
        if self._estimate is None:
            self._estimate = value
        else:
            before = self.variance + self._process_noise * max(0.0, now - self._now)
            total = before + self._measurement_noise
            self.gain = before / total if total < float("inf") else 1.0
            self._estimate += self.gain * (value - self._estimate)
            self.variance = self.gain * self._measurement_noise
        self._now = now
        return self._estimate

    def reset(self) -> None:
        """Begin anew with the next value."""
        self._estimate = None
        self.gain, self.variance = 1.0, self._measurement_noise
