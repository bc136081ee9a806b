"""The display's deadband: which changes are worth telling one observer."""

from __future__ import annotations

from collections.abc import Iterable

from automation.cvt.table import Change
from automation.model.sample import Sample
from automation.model.tag import Tag


class Reporter:
    """Pass on the samples that moved by at least the tag's deadband since the last one passed on; quality changes always pass.

    One per observer, used by one thread: compared is what this observer was told, so a slow ramp is never lost.
    """

    def __init__(self) -> None:
        self._told: dict[str, Sample] = {}

    def select(self, change: Change) -> Iterable[tuple[Tag, Sample]]:
        """The samples of the change worth telling."""
        for tag, sample in change.samples():
            band = tag.display_band
            if band:
                if not self._moved(tag, sample, band):
                    continue
                self._told[tag.name] = sample
            yield tag, sample

    def _moved(self, tag: Tag, sample: Sample, band: float) -> bool:
        told = self._told.get(tag.name)
        if told is None or told.quality != sample.quality:
            return True
        if not isinstance(sample.value, int | float) or not isinstance(told.value, int | float):
            return told.value != sample.value
        return abs(sample.value - told.value) >= band
