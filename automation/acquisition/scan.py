"""A scan: the tags of one link that share a period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from automation.acquisition.chain import Chain, needs_chain
from automation.acquisition.convert import convert, converter
from automation.cvt.table import Batch, Group
from automation.drivers.base import Reading
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.model.tag import Tag

# A deadline that is a millionth of a period away has passed.
_ROUNDING = 1e-6


class RawReading(NamedTuple):
    """What the device last gave for one tag, before scaling and filters.

    time: POSIX seconds; when the device measured it if it tells, else when it arrived.
    """

    value: Value
    quality: Quality
    time: float


class Conversion:
    """What one scan reads, and how its readings become samples.

    May be made in any thread ahead of its scan. former: chains of a scan before a change, by the tags' new names; a tag that is
    read and conditioned as before goes on with what its chain remembers.
    """

    def __init__(self, tags: Sequence[Tag], period_s: float, former: Mapping[str, Chain] | None = None) -> None:
        known = former or {}
        self.tags = tuple(tags)
        self.addresses = tuple(tag.address or "" for tag in self.tags)
        self.chains = {i: Chain(tag, period_s, known.get(tag.name)) for i, tag in enumerate(self.tags) if needs_chain(tag)}
        self._converters = [_as_is if i in self.chains else converter(tag) for i, tag in enumerate(self.tags)]

    def batch(self, readings: Sequence[Reading], old: Batch, now: float) -> Batch:
        """The batch that follows old, of readings that arrived now."""
        if self.chains:
            conditioned = list(readings)
            for i, chain in self.chains.items():
                conditioned[i] = chain.step(readings[i], now)
            readings = conditioned
        return convert(readings, self._converters, old, now)

    def reset(self) -> None:
        """Begin anew after a gap."""
        for chain in self.chains.values():
            chain.reset()


def _as_is(value: Value) -> tuple[Value, Quality]:
    return value, Quality.GOOD


class Scan:
    """Tags that are read together, on absolute deadlines.

    name: the scan class. due: POSIX seconds of the next poll. overruns: deadlines that passed while the link was busy. wanted: a
    poll is asked for before the deadline; set by any thread. refused: the last answer was a device failure for every tag.
    """

    def __init__(self, name: str, period_s: float, conversion: Conversion, group: Group) -> None:
        self.name = name
        self.period_s = period_s
        self.conversion = conversion
        self.group = group
        self.addresses = conversion.addresses
        self.due = 0.0
        self.overruns = 0
        self.wanted = False
        self.refused = False
        self._origin = 0.0
        self._periods = 0
        self._readings: tuple[Sequence[Reading], float, Quality] = ((), 0.0, Quality.GOOD)

    def restart(self, now: float) -> None:
        """Be due at once, and from then on every period."""
        self.due = self._origin = now
        self._periods = 0
        self.conversion.reset()

    def follow(self, former: Scan) -> None:
        """Keep the deadlines and counters of the scan of the same class that this one replaces."""
        self.due, self._origin, self._periods = former.due, former._origin, former._periods
        self.overruns, self.wanted, self.refused = former.overruns, former.wanted, former.refused

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
        """Update the group with what the device gave; the readings are kept, not copied."""
        self.refused = all(reading.quality is Quality.BAD_DEVICE_FAILURE for reading in readings)
        self._readings = readings, now, Quality.GOOD
        batch = self.conversion.batch(readings, self.group.own, now)
        self.group.update(batch.values, batch.quality, batch.source_time, now)

    def degrade(self, quality: Quality, now: float) -> None:
        """Give all tags the quality; they keep their last values."""
        readings, taken, _ = self._readings
        self._readings = readings, taken, quality
        self.conversion.reset()
        self.group.degrade(quality, now)

    def raw(self, name: str) -> RawReading | None:
        """The last reading of the tag, BAD while the link is lost; None for another scan's tag, or before the first reading."""
        readings, taken, quality = self._readings
        index = self.group.index.get(name)
        if index is None or not readings:
            return None
        reading = readings[index]
        return RawReading(
            reading.value, max(reading.quality, quality), taken if reading.source_time is None else reading.source_time
        )
