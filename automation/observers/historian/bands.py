"""Deadbands of many tags judged together: as a ``Policy`` with nothing but a deadband, only quick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import NamedTuple

from automation.cvt.table import Batch
from automation.model.quality import Quality
from automation.model.recording import Mode, Recording
from automation.model.sample import Sample, Value

Owed = tuple[int, Sample]
_Parts = tuple[Value, float, float]  # of a sample whose quality is known: value, source time, server time


class Band(NamedTuple):
    """How one tag stands: the value kept last and its quality, None before the first; what was not kept since."""

    kept: Value = None
    quality: Quality | None = None
    held: Sample | None = None


def is_banded(recording: Recording, band: float) -> bool:
    """True if a deadband is all that decides what is kept."""
    intervals = recording.min_interval_s, recording.max_interval_s
    return recording.mode is Mode.CHANGE and band > 0 and intervals == (None, None)


class Bands:
    """Which of the tags of a group moved by at least their deadband since the last sample kept; changes of quality always count.

    sizes: deadbands by index, in the tags' units. count: of all tags of the group.
    """

    def __init__(self, sizes: Mapping[int, float], count: int) -> None:
        self._sizes = [sizes.get(index, 0.0) for index in range(count)]
        self._kept: list[Value] = [None] * count
        self._qualities: list[Quality | None] = [None] * count
        self._held: dict[int, _Parts] = {}
        self._indices = sorted(sizes)
        self._common: Quality | None = None  # the quality of all of them

    def inherit(self, index: int, band: Band) -> None:
        """Go on as the tag at index stood; before the first ``select``."""
        self._kept[index], self._qualities[index] = band.kept, band.quality
        if band.held is not None:
            self._held[index] = (band.held.value, band.held.source_time, band.held.server_time)

    def leave(self, index: int) -> Band:
        """How the tag at index stood, which is judged elsewhere from now on."""
        band = Band(self._kept[index], self._qualities[index], self._sample(index))
        self._held.pop(index, None)
        return band

    def select(self, batch: Batch, indices: Sequence[int]) -> tuple[Sequence[int], Sequence[Owed]]:
        """The indices whose samples are to be kept, ascending, and samples from before that are to be kept first."""
        if batch.quality is self._common and self._common is not None and isinstance(batch.source_time, float):
            try:
                return self._moved(batch, indices, batch.source_time), ()
            except TypeError:  # a value that is no number
                pass
        selected = self._select_each(batch, indices)
        if isinstance(batch.quality, Quality) and self._common is None:
            quality = batch.quality
            self._common = quality if all(self._qualities[i] is quality for i in self._indices) else None
        return selected

    def restart(self) -> Sequence[Owed]:
        """The samples that were not kept; what comes next is."""
        owed = [(index, sample) for index in self._indices if (sample := self._sample(index)) is not None]
        self._held.clear()
        self._qualities = [None] * len(self._qualities)
        self._common = None
        return owed

    def _moved(self, batch: Batch, indices: Sequence[int], source_time: float) -> Sequence[int]:
        values, kept, sizes = batch.values, self._kept, self._sizes
        # What is no number at all has always moved, and a text is no difference.
        moved = [i for i in indices if not abs(values[i] - kept[i]) < sizes[i]]  # type: ignore[operator]
        for i in moved:
            kept[i] = values[i]
        if self._held:
            for i in moved:
                self._held.pop(i, None)
        if len(moved) < len(indices):
            gone = set(moved)
            still = [i for i in indices if i not in gone] if gone else indices
            parts = zip([values[i] for i in still], repeat(source_time), repeat(batch.server_time))
            self._held.update(zip(still, parts, strict=False))
        return moved

    def _select_each(self, batch: Batch, indices: Sequence[int]) -> tuple[Sequence[int], Sequence[Owed]]:
        chosen: list[int] = []
        owed: list[Owed] = []
        for i in indices:
            value, quality = batch.values[i], batch.quality_at(i)
            if quality != self._qualities[i]:
                held = self._sample(i)
                if held is not None:
                    owed.append((i, held))
                self._common = None
            elif not self._has_moved(i, value):
                self._held[i] = (value, batch.source_time_at(i), batch.server_time)
                continue
            self._held.pop(i, None)
            self._kept[i], self._qualities[i] = value, quality
            chosen.append(i)
        return chosen, owed

    def _has_moved(self, index: int, value: Value) -> bool:
        kept = self._kept[index]
        if not isinstance(value, int | float) or not isinstance(kept, int | float):
            return value != kept
        return not abs(value - kept) < self._sizes[index]

    def _sample(self, index: int) -> Sample | None:
        parts, quality = self._held.get(index), self._qualities[index]
        return None if parts is None or quality is None else Sample(parts[0], quality, parts[1], parts[2])
