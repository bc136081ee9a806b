"""Conditions that time makes true: a slope over a window, and a tag that nobody updates."""

from __future__ import annotations

from collections import deque
from statistics import median

from automation.model.alarm import RateOfChange, Stale
from automation.model.sample import Sample
from automation.observers.alarms.bands import NOTHING, Band, OneTag, number
from automation.system.clock import NEVER

_POINTS = 32
_LOOK_S = 1.0


class StaleCheck(OneTag):
    """Abnormal while the newest sample of the tag is older than told."""

    def __init__(self, condition: Stale) -> None:
        self.look_due = NEVER
        self._timeout_s = condition.timeout_s

    def judge(self, sample: Sample, active: bool, now: float) -> bool | None:
        """True if the runtime has had the sample for so long."""
        due = sample.server_time + self._timeout_s
        stale = now >= due
        # An update with the same value is not told, so one that has gone stale is looked at until there is one.
        self.look_due = now + min(_LOOK_S, self._timeout_s) if stale else due
        return stale

    def band(self, active: bool, abnormal: bool) -> Band:
        """Nothing: every sample is news."""
        return NOTHING


class RateCheck(OneTag):
    """Abnormal while the median slope over the window is beyond a limit (Theil-Sen estimator)."""

    def __init__(self, condition: RateOfChange) -> None:
        self.look_due = NEVER
        self._condition = condition
        self._points: deque[tuple[float, float]] = deque(maxlen=_POINTS)

    def judge(self, sample: Sample, active: bool, now: float) -> bool | None:
        """True if it changes too fast; a sample that is not newer than the last tells nothing new."""
        value = number(sample)
        if value is None:
            self._points.clear()
            self.look_due = NEVER
            return None
        self._take(sample.source_time, value)
        slope = self._slope()
        rising, falling = self._condition.rising, self._condition.falling
        fast = slope is not None and ((rising is not None and slope > rising) or (falling is not None and slope < -falling))
        # A value that stands still is not told again, but it ends the slope.
        self.look_due = now + self._condition.window_s / 4 if active or fast or slope else NEVER
        return fast

    def band(self, active: bool, abnormal: bool) -> Band:
        """Nothing: every sample is a point."""
        return NOTHING

    def _take(self, time: float, value: float) -> None:
        points, window_s = self._points, self._condition.window_s
        if points and time <= points[-1][0]:
            return
        spacing = window_s / (_POINTS - 1)
        if len(points) > 1 and time - points[-2][0] < spacing:
            points.pop()
        points.append((time, value))
        while points[0][0] < time - window_s:
            points.popleft()

    def _slope(self) -> float | None:
        points = tuple(self._points)
        if len(points) < self._condition.min_samples:
            return None
        return median((w - v) / (u - t) for i, (t, v) in enumerate(points) for u, w in points[i + 1 :])
