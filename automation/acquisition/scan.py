"""A scan: the tags of one link that share a period."""

from __future__ import annotations

from collections.abc import Sequence

from automation.acquisition.convert import convert, converter
from automation.cvt.table import Group
from automation.drivers.base import Reading
from automation.model.quality import Quality

# A deadline that is a millionth of a period away has passed.
_ROUNDING = 1e-6


class Scan:
    """Tags that are read together, on absolute deadlines.

    name: the scan class. due: POSIX seconds of the next poll. overruns: deadlines that passed while the link was busy. wanted: a
    poll is asked for before the deadline; set by any thread. refused: the last answer was a device failure for every tag.
    """

    def __init__(self, name: str, period_s: float, group: Group) -> None:
        self.name = name
        self.period_s = period_s
        self.group = group
        self.addresses = tuple(tag.address or "" for tag in group.tags)
        self.due = 0.0
        self.overruns = 0
        self.wanted = False
        self.refused = False
        self._origin = 0.0
        self._periods = 0
        self._converters = [converter(tag) for tag in group.tags]

    def restart(self, now: float) -> None:
        """Be due at once, and from then on every period."""
        self.due = self._origin = now
        self._periods = 0

    def is_due(self, now: float) -> bool:
        """True if it is to be polled now."""
        return self.wanted or now >= self.due

    def begin(self, now: float) -> None:
        """Move the deadline on, counting the ones that were missed; a poll out of turn leaves it where it is."""
        self.wanted = False
        if now < self.due:
            return
        # Counted from the origin, so that no rounding adds up over the years.
        passed = max(self._periods, int((now - self._origin) / self.period_s + _ROUNDING))
        self.overruns += passed - self._periods
        self._periods = passed + 1
        self.due = self._origin + self._periods * self.period_s

    def take(self, readings: Sequence[Reading], now: float) -> None:
        """Update the group with what the device gave."""
        self.refused = all(reading.quality is Quality.BAD_DEVICE_FAILURE for reading in readings)
        batch = convert(readings, self._converters, self.group.batch, now)
        self.group.update(batch.values, batch.quality, batch.source_time, now)

    def degrade(self, quality: Quality, now: float) -> None:
        """Give all tags the quality; they keep their last values."""
        self.group.degrade(quality, now)
