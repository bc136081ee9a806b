"""A scan: the tags of one link that share a period."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from automation.acquisition.arrivals import Arrival, Subscription
from automation.acquisition.chain import Chain, needs_chain
from automation.acquisition.convert import convert, converter, sample
from automation.acquisition.window import Window
from automation.cvt.table import Batch, Group
from automation.drivers.base import Reading
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import Tag
from automation.system.clock import NEVER

# A deadline that is a millionth of a period away has passed.
_ROUNDING = 1e-6
# A large group is replaced only so often before the link has its turn for something else, and rather loses reports than time
# when the link is lost.
_MOST_TAGS_AT_ONCE = 200_000
_MOST_TURNS_AT_LOSS = 10


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

    def sample(self, index: int, reading: Reading, old: Batch, now: float) -> Sample:
        """The sample of the tag at index that follows the one in old, of a reading that arrived now."""
        chain = self.chains.get(index)
        if chain is not None:
            reading = chain.step(reading, now)
        return sample(reading, self._converters[index], old.sample(index), now)

    def reset(self) -> None:
        """Begin anew after a gap."""
        for chain in self.chains.values():
            chain.reset()


def _as_is(value: Value) -> tuple[Value, Quality]:
    return value, Quality.GOOD


def phase_of(link: str, scan: str) -> float:
    """Where in its period the scan of that link has its deadlines, 0 to 1; always the same, and spread over all names."""
    digest = hashlib.blake2b(f"{link}/{scan}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 2**32


class Scan:
    """Tags that are read together: polled on absolute deadlines, or reported by the device.

    name: the scan class. phase: by which part of the period the deadlines follow the first poll, which is at once. due: POSIX
    seconds of the next poll. overruns: deadlines that passed while the link was busy. lateness: of the polls, in seconds. wanted:
    a poll is asked for before the deadline; set by any thread. refused: the last answer was a device failure for every tag.
    unasked: the driver has not been asked to report these addresses. subscribed: it does, into the subscription, which stays for
    a look back after the link is lost. received: reports taken.
    """

    def __init__(self, name: str, period_s: float, conversion: Conversion, group: Group, phase: float = 0.0) -> None:
        self.name = name
        self.period_s = period_s
        self.conversion = conversion
        self.group = group
        self.addresses = conversion.addresses
        self.due = 0.0
        self.overruns = 0
        self.lateness = Window()
        self.wanted = False
        self.refused = False
        self.unasked = True
        self.subscribed = False
        self.subscription: Subscription | None = None
        self.received = 0
        self._phase = phase
        self._origin = 0.0
        self._periods = 0
        self._readings: tuple[Sequence[Reading], float] = ((), 0.0)
        self._loss = Quality.GOOD
        self._places: Mapping[int, Sequence[int]] = {}
        self._past_dropped = 0

    @property
    def dropped(self) -> int:
        """Reports that were lost because too many waited."""
        return self._past_dropped + (0 if self.subscription is None else self.subscription.dropped)

    def restart(self, now: float) -> None:
        """Be due at once, and from then on every period."""
        self.due = now
        self._origin = now + self.period_s * (self._phase - 1.0 if self._phase > _ROUNDING else 0.0)
        self._periods = 0
        self.unasked, self.subscribed = True, False
        self.conversion.reset()

    def follow(self, former: Scan, now: float) -> None:
        """Go on in place of the scan of the same class: its deadlines, its counters, and what the device reports."""
        self.due, self._origin, self._periods = former.due, former._origin, former._periods
        self.overruns, self.lateness, self.received = former.overruns, former.lateness, former.received
        self.wanted, self.refused = former.wanted, former.refused
        self._past_dropped, self.subscription = former._past_dropped, former.subscription
        self.unasked = former.unasked or set(self.addresses) != set(former.addresses)
        self.subscribed = former.subscribed
        if self.subscription is not None:
            self._place(self.subscription)
            if self.subscribed:
                self._catch_up(former, now)

    def is_due(self, now: float) -> bool:
        """True if it is to be polled now."""
        return not self.subscribed and (self.wanted or now >= self.due)

    def begin(self, now: float) -> None:
        """Move the deadline on, counting the ones that were missed; a poll out of turn leaves it where it is."""
        self.wanted = False
        if now < self.due:
            return
        self.lateness.add(now - self.due)
        # Counted from the origin, so that no rounding adds up over the years.
        passed = max(self._periods, int((now - self._origin) / self.period_s + _ROUNDING))
        self.overruns += passed - self._periods
        self._periods = passed + 1
        self.due = self._origin + self._periods * self.period_s

    def take(self, readings: Sequence[Reading], now: float) -> None:
        """Update the group with what the device gave; the readings are kept, not copied."""
        self.refused = all(reading.quality is Quality.BAD_DEVICE_FAILURE for reading in readings)
        self._readings, self._loss = (readings, now), Quality.GOOD
        batch = self.conversion.batch(readings, self.group.own, now)
        self.group.update(batch.values, batch.quality, batch.source_time, now)

    def poll(self, now: float) -> None:
        """Be polled: the device does not report these addresses."""
        self._take_the_rest()
        self._part()
        if self.subscribed:
            self.restart(now)
        self.unasked = False

    def subscribe(self, subscription: Subscription, now: float) -> None:
        """Be reported by the device, which was asked for it now; after a loss the tags wait for their first report."""
        self._take_the_rest()
        if self.subscribed and self.subscription is not None:
            subscription.follow(self.subscription)
        self._part()
        self.subscription = subscription
        self.subscribed, self.unasked, self.wanted, self.refused = True, False, False, False
        self.due = NEVER
        self._place(subscription)
        if self._loss.is_bad:
            self._loss = Quality.GOOD
            self.group.degrade(Quality.BAD_WAITING_FOR_INITIAL_DATA, now)

    def take_arrivals(self) -> bool:
        """Update the group with what the device has reported, each report of a tag by itself and in order; False if nothing.

        Takes no more than what is done quickly; the rest waits for the next call.
        """
        subscription = self.subscription
        if subscription is None or not len(subscription):
            return False
        for _ in range(max(1, _MOST_TAGS_AT_ONCE // len(self.addresses))):
            run = subscription.take_run()
            if not run:
                break
            self.received += len(run)
            self._update(run)
            for arrival in run:
                subscription.last[arrival.position] = arrival
        last = subscription.last
        self.refused = len(last) == len(subscription.addresses) and all(
            arrival.reading.quality is Quality.BAD_DEVICE_FAILURE for arrival in last.values()
        )
        return True

    def degrade(self, quality: Quality, now: float) -> None:
        """Give all tags the quality; they keep their last values."""
        self._take_the_rest()
        self._loss = quality
        self.subscribed = False
        self.conversion.reset()
        self.group.degrade(quality, now)

    def raw(self, name: str) -> RawReading | None:
        """The last reading of the tag, BAD while the link is lost; None for another scan's tag, or before the first reading."""
        index = self.group.index.get(name)
        found = None if index is None else self._last(index)
        if found is None:
            return None
        reading, taken = found
        return RawReading(
            reading.value, max(reading.quality, self._loss), taken if reading.source_time is None else reading.source_time
        )

    def _last(self, index: int) -> tuple[Reading, float] | None:
        subscription = self.subscription
        if subscription is not None:
            address = self.addresses[index]
            arrival = subscription.last.get(subscription.position.get(address, -1))
            return None if arrival is None else (arrival.reading, arrival.time)
        readings, taken = self._readings
        return (readings[index], taken) if readings else None

    def _take_the_rest(self) -> None:
        for _ in range(_MOST_TURNS_AT_LOSS):
            if not self.take_arrivals():
                return
        if self.subscription is not None:
            self.subscription.thin()
            self.take_arrivals()

    def _part(self) -> None:
        self._past_dropped = self.dropped
        self.subscription = None
        self._places = {}

    def _place(self, subscription: Subscription) -> None:
        """Find out which tags each reported address is for."""
        places: dict[int, list[int]] = {}
        for index, address in enumerate(self.addresses):
            if (position := subscription.position.get(address)) is not None:
                places.setdefault(position, []).append(index)
        self._places = places

    def _update(self, arrivals: Iterable[Arrival], only: frozenset[int] | None = None) -> None:
        old, convert_one = self.group.own, self.conversion.sample
        samples = {
            index: convert_one(index, reading, old, now)
            for position, reading, now in arrivals
            for index in self._places.get(position, ())
            if only is None or index in only
        }
        if samples:
            self.group.update_some(samples)

    def _catch_up(self, former: Scan, now: float) -> None:
        """Give tags that are new or declared otherwise what was last reported: the device will not repeat it for them."""
        assert self.subscription is not None  # noqa: S101 - the caller looked
        index = former.group.index
        other = frozenset(
            i for i, tag in enumerate(self.group.tags) if tag.name not in index or former.group.tags[index[tag.name]] != tag
        )
        last = self.subscription.last
        self._update([arrival._replace(time=now) for arrival in tuple(last.values())], other)
