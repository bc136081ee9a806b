"""Recording policies: which samples of a tag are kept. Pure: fed samples and instants, they answer with samples."""

from __future__ import annotations

import math
from collections.abc import Sequence

from automation.model.recording import Mode, Recording
from automation.model.sample import Sample

NEVER = math.inf
_INSTANT_S = 1e-6
_NONE: Sequence[Sample] = ()


class Policy:
    """Which samples of one tag are kept; made by ``policy_of``.

    The first sample, every change of quality, and the last sample before one are kept whatever the mode, so that what is drawn
    between two samples was never an outage. Instants are POSIX seconds that do not go backwards. due: when ``tick`` has
    something to do, ``NEVER`` if not.
    """

    def __init__(self, *, band: float = 0.0, least_s: float = 0.0, most_s: float = NEVER) -> None:
        self.due = NEVER
        self._band = band
        self._least_s = least_s
        self._most_s = most_s
        self._fed: Sample | None = None
        self._kept: Sample | None = None
        self._kept_at = -NEVER
        self._held: Sample | None = None  # the newest of those that were not kept
        self._repeats = False  # the kept one was made up from the one before

    def feed(self, sample: Sample, now: float) -> Sequence[Sample]:
        """The samples to keep as of now, in the order in which they were fed: this one, one that was held back, both or none."""
        due = self.tick(now, sample) if now >= self.due else _NONE
        before, self._fed = self._fed, sample
        if before is None or before.quality != sample.quality:
            return [*due, *self._broken(sample, now)]
        if before.source_time == sample.source_time and before.value == sample.value:
            return due  # the same once more: another tag of its group was updated
        judged = self._judge(self._dated(sample, before), now)
        return [*due, *judged] if due else judged

    def tick(self, now: float, current: Sample | None = None) -> Sequence[Sample]:
        """The samples to keep because time has passed. current: the tag's present one, kept if it says the same as the last."""
        if now < self.due:
            return _NONE
        if current is not None and self._held is None:
            self._confirm(current)
        held = self._held
        if held is not None:
            self._keep(held, self._last_due(now))
            return [held]
        return self._again(now)

    def flush(self) -> Sequence[Sample]:
        """The sample that is held back, if any: nothing comes after it, or not through this policy."""
        held = self._held
        if held is None:
            return _NONE
        self._keep(held, self._kept_at)
        return [held]

    def restart(self) -> Sequence[Sample]:
        """As ``flush``; what comes next is kept as if it were the first."""
        flushed = self.flush()
        self._fed, self.due = None, NEVER
        return flushed

    def _dated(self, sample: Sample, before: Sample) -> Sample:
        """The sample; behind the one that was made up meanwhile, if its source's clock is a little behind ours."""
        kept = self._kept
        if self._repeats and kept is not None and before.source_time < sample.source_time <= kept.source_time:
            return sample._replace(source_time=kept.source_time + _INSTANT_S)
        return sample

    def _confirm(self, current: Sample) -> None:
        fed = self._fed
        if fed is not None and current[:2] == fed[:2] and current.source_time > fed.source_time:
            self._fed = self._held = current

    def _broken(self, sample: Sample, now: float) -> Sequence[Sample]:
        held = self._held
        self._keep(sample, now)
        return [sample] if held is None else [held, sample]

    def _judge(self, sample: Sample, now: float) -> Sequence[Sample]:
        """As ``feed``, of a sample that is new and has the quality of the one before."""
        if not self._is_wanted(sample):
            self._hold(sample, self._most_s_of(sample))
            return _NONE
        if now < self._kept_at + self._least_s:
            self._hold(sample, self._least_s)
            return _NONE
        self._keep(sample, now)
        return [sample]

    def _is_wanted(self, sample: Sample) -> bool:
        kept = self._kept
        return kept is None or _moved(kept, sample, self._band)

    def _hold(self, sample: Sample, for_s: float) -> None:
        self._held = sample
        self.due = self._kept_at + for_s

    def _keep(self, sample: Sample, now: float) -> None:
        self._kept, self._kept_at, self._held, self._repeats = sample, now, None, False
        self.due = now + self._most_s_of(sample)

    def _most_s_of(self, sample: Sample) -> float:
        return NEVER if sample.quality.is_bad else self._most_s  # that nothing is known needs no repeating

    def _again(self, now: float) -> Sequence[Sample]:
        """The kept sample once more, as of the newest instant at which it was due."""
        kept = self._kept
        if kept is None:
            return _NONE
        at = self._last_due(now)
        again = repeated(kept, at)
        self._keep(again, at)
        self._repeats = True
        return [again]

    def _last_due(self, now: float) -> float:
        """The newest instant at which something was due, so that it does not matter when time is told."""
        if self._most_s == NEVER:
            return self.due
        return self.due + (now - self.due) // self._most_s * self._most_s


class EverySample(Policy):
    """Keeps every sample that is not closer to the last one than the least interval; of those that are, the newest."""

    def _is_wanted(self, sample: Sample) -> bool:
        return True


class Periodic(Policy):
    """Keeps one sample in each interval: the newest at its end."""

    def tick(self, now: float, current: Sample | None = None) -> Sequence[Sample]:
        """As of any policy; the instants stay on their grid, however late it is called."""
        if now < self.due:
            return _NONE
        at = self._last_due(now)
        kept = super().tick(now, current)
        self.due = at + self._most_s
        return kept

    def _judge(self, sample: Sample, now: float) -> Sequence[Sample]:
        self._held = sample
        return _NONE


class SwingingDoor(Policy):
    """Keeps the samples between which a straight line misses none of the others by more than the deviation.

    A sample may be left out if the line from the last one kept to a later one passes every sample between within the deviation:
    if its slope lies in the cone that all of them leave open. The last sample that fits is kept, with its own time, as soon as
    one does not fit. Source: Bristol, Swinging door trending, ISA 1990; the cone is what makes the bound hold for every sample.
    """

    def __init__(self, deviation: float, most_s: float = NEVER) -> None:
        super().__init__(most_s=most_s)
        self._deviation = deviation
        self._low, self._high = -math.inf, math.inf

    def _confirm(self, current: Sample) -> None:
        """It has been fed every sample, or will be."""

    def _judge(self, sample: Sample, now: float) -> Sequence[Sample]:
        kept, held = self._kept, self._held
        newest = kept if held is None else held
        if kept is None or newest is None or not sample.source_time > newest.source_time:
            return self._broken(sample, now)
        slope, reach = self._line(kept, sample)
        if held is None:
            self._low, self._high = -math.inf, math.inf
        elif self._low <= slope <= self._high:
            pass
        else:
            self._keep(held, now)
            return [held, *self._judge(sample, now)]
        if not math.isfinite(slope):
            return self._broken(sample, now)
        self._low, self._high = max(self._low, slope - reach), min(self._high, slope + reach)
        self._held = sample
        return _NONE

    def _line(self, kept: Sample, sample: Sample) -> tuple[float, float]:
        """The slope of the line to the sample, and by how much another may differ; NaN where a value is no number."""
        value, start = sample.value, kept.value
        if not isinstance(value, int | float) or not isinstance(start, int | float):
            return math.nan, math.nan
        span = sample.source_time - kept.source_time
        return (value - start) / span, self._deviation / span


def policy_of(recording: Recording, band: float, span: tuple[float, float] | None) -> Policy | None:
    """The policy of that recording, None if everything is kept that is told: every change, or with mode all every sample.

    band: the deadband of mode change, in the tag's unit. span: low and high, of which a deviation may be a part.
    """
    least_s, most_s = recording.min_interval_s or 0.0, recording.heartbeat_s or NEVER
    if recording.mode is Mode.SWINGING_DOOR:
        return SwingingDoor(recording.deviation_in(span), most_s)
    if recording.mode is Mode.PERIODIC:
        return Periodic(most_s=most_s)
    if recording.mode is Mode.ALL:
        return EverySample(least_s=least_s, most_s=most_s) if least_s or most_s < NEVER else None
    if not band and not least_s and most_s == NEVER:
        return None
    return Policy(band=band, least_s=least_s, most_s=most_s)


def repeated(sample: Sample, at: float) -> Sample:
    """The sample as of a later instant, at which nothing else is known: its source's clock has gone on as ours has."""
    return Sample(sample.value, sample.quality, sample.source_time + (at - sample.server_time), at)


def _moved(kept: Sample, sample: Sample, band: float) -> bool:
    if not band or not isinstance(sample.value, int | float) or not isinstance(kept.value, int | float):
        return kept.value != sample.value
    return not abs(sample.value - kept.value) < band  # what is no number has always moved
