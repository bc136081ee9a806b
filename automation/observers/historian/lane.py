"""A lane: the rows of one group of tags, each at an instant of its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice, repeat
from operator import itemgetter
from typing import Any, NamedTuple

from automation.cvt.table import Batch, Group
from automation.model.quality import Quality
from automation.model.recording import Recording
from automation.model.sample import Sample, Value
from automation.model.tag import Tag
from automation.observers.historian.bands import Band, Bands, is_banded
from automation.observers.historian.policy import Policy, policy_of
from automation.observers.historian.rows import Row, row_of
from automation.storage.micros import to_micros

_SLICE = 5_000
_NUMBERS = frozenset({float, int, bool})
_as_row: Callable[[Iterable[Any]], Row] = partial(tuple.__new__, Row)


class Past(NamedTuple):
    """What is known of a tag: its policy and what that was made of, its last row and the time that row was told with."""

    rule: tuple[object, ...]
    policy: Policy | Band | None
    last: Row | None
    told: int


class Lane:
    """Makes rows of a group's batches, so that no two rows of a tag share an instant and none hides another.

    past: what is known of a tag by name, None of a new one. out: takes the rows that the past of a changed tag still owes.
    """

    def __init__(self, group: Group, past: Callable[[str], Past | None], out: list[Row]) -> None:
        tags = group.tags
        self.group = group
        self.policies: dict[int, Policy] = {}
        self._names = [tag.name for tag in tags]
        self._kinds = [tag.type for tag in tags]
        self._last: list[Row | None] = [None] * len(tags)
        self._told: dict[int, int] = {}  # where it is not the time of the last row
        self._newest = 0  # no row of the group was told or recorded with a later time
        self._broken = False
        self._rules = [_rule_of(tag) for tag in tags]
        recorded = [(i, tag, tag.recording) for i, tag in enumerate(tags) if tag.recording is not None]
        sizes = {i: tag.history_band for i, tag, recording in recorded if is_banded(recording, tag.history_band)}
        self._bands = Bands(sizes, len(tags))
        for index, tag, recording in recorded:
            made = None if index in sizes else policy_of(recording, tag.history_band, tag.range)
            self._inherit(index, past(tag.name), made, out)
        self._recorded = frozenset(i for i, _, _ in recorded)
        self._banded = sorted(sizes)
        self._plain = [i for i, _, _ in recorded if i not in sizes and i not in self.policies]
        self._sizes = frozenset(sizes)
        self._plains = frozenset(self._plain)

    def past(self, index: int) -> Past:
        """What is known of the tag at index; the lane must not be used for it any more."""
        last = self._last[index]
        told = 0 if last is None else self._told.get(index, last.time)
        policy = self._bands.leave(index) if index in self._sizes else self.policies.pop(index, None)
        return Past(self._rules[index], policy, last, told)

    def knows(self, index: int) -> bool:
        """True if the tag at index has had a row."""
        return self._last[index] is not None

    def take(self, batch: Batch, changed: Sequence[int], out: list[Row]) -> None:
        """Add the rows of the changed tags whose samples are worth keeping."""
        whole = len(changed) == len(self._names)
        if self._broken:
            self._restart(out)
        self._make(batch, self._chosen(batch, changed, whole, out), out)
        if self.policies:  # after the others, which are made together while no row has the time of the batch
            for index in self.policies if whole else changed:
                if index in self.policies:
                    self._judge(index, batch.sample(index), out)

    def take_all(self, batch: Batch, changed: Sequence[int], out: list[Row]) -> None:
        """Add the rows of the changed tags, each of them; the policies do not see these samples and begin anew."""
        self._broken = True
        self._make(batch, [index for index in changed if index in self._recorded], out)

    def due(self, now: float, out: list[Row]) -> None:
        """Add the rows that are due because time has passed."""
        batch = None if self.group.retired else self.group.batch
        for index, policy in self.policies.items():
            if now >= policy.due:
                current = None if batch is None else batch.sample(index)
                self._add_all(zip(repeat(index), policy.tick(now, current)), out)

    def flush(self, out: list[Row]) -> None:
        """Add the rows that are held back: nothing comes after them."""
        self._restart(out)

    def _chosen(self, batch: Batch, changed: Sequence[int], whole: bool, out: list[Row]) -> Sequence[int]:
        """Those of the changed tags that have no policy, or are past their deadband; ascending."""
        if len(self._plain) == len(self._names):
            return changed
        plain = self._plain if whole else [index for index in changed if index in self._plains]
        if not self._banded:
            return plain
        banded = self._banded if whole else [index for index in changed if index in self._sizes]
        kept, owed = self._bands.select(batch, banded)
        self._add_all(owed, out)
        return sorted((*plain, *kept)) if plain else kept

    def _inherit(self, index: int, past: Past | None, made: Policy | None, out: list[Row]) -> None:
        """Go on with what is known of the tag. made: its policy, if it is not to be recorded as before."""
        policy = made
        if past is not None:
            if past.last is not None:
                self._last[index] = past.last
                self._newest = max(self._newest, past.told, past.last.time)
                if past.told != past.last.time:
                    self._told[index] = past.told
            if past.rule != self._rules[index]:
                self._add_all(zip(repeat(index), _owed(past.policy)), out)
            elif isinstance(past.policy, Band):
                self._bands.inherit(index, past.policy)
            else:
                policy = past.policy
        if policy is not None:
            self.policies[index] = policy

    def _restart(self, out: list[Row]) -> None:
        self._broken = False
        for index, policy in self.policies.items():
            self._add_all(zip(repeat(index), policy.restart()), out)
        self._add_all(self._bands.restart(), out)

    def _judge(self, index: int, sample: Sample, out: list[Row]) -> None:
        if sample.quality is Quality.BAD_WAITING_FOR_INITIAL_DATA and self._last[index] is None:
            return
        kept = self.policies[index].feed(sample, sample.server_time)
        if kept:
            self._add_all(zip(repeat(index), kept), out)

    def _make(self, batch: Batch, indices: Sequence[int], out: list[Row]) -> None:
        if indices and not self._make_at_once(batch, indices, out):
            self._make_each(batch, indices, out)

    def _make_at_once(self, batch: Batch, indices: Sequence[int], out: list[Row]) -> bool:
        """Make all rows alike, if they have one time that is newer than all, one quality, and values that any database takes."""
        quality, source_time, values = batch.quality, batch.source_time, batch.values
        if not isinstance(quality, Quality) or not isinstance(source_time, float):
            return False
        time = _told(quality, source_time, batch.server_time)
        if time <= self._newest:
            return False
        names: Sequence[str] = self._names
        kinds: Sequence[object] = self._kinds
        whole = len(indices) == len(names)
        if not whole:
            pick = itemgetter(*indices) if len(indices) > 1 else partial(_one, indices[0])
            names, kinds, values = pick(names), pick(kinds), pick(values)
        if not _are_sound(values):
            return False
        parts = zip(names, kinds, repeat(time), values, repeat(int(quality)))
        rows: list[Row] = []
        while some := list(map(_as_row, islice(parts, _SLICE))):  # no call that keeps other threads waiting for long
            rows += some
        if whole:
            self._last[:] = rows
            self._told.clear()
        else:
            for index, row in zip(indices, rows, strict=True):
                self._last[index] = row
            for index in self._told.keys() & indices if self._told else ():
                del self._told[index]
        self._newest = time
        out += rows
        return True

    def _make_each(self, batch: Batch, indices: Sequence[int], out: list[Row]) -> None:
        values, server_time = batch.values, batch.server_time
        for index in indices:
            quality = batch.quality_at(index)
            if quality is Quality.BAD_WAITING_FOR_INITIAL_DATA and self._last[index] is None:
                continue
            self._put(index, values[index], quality, batch.source_time_at(index), server_time, out)

    def _add_all(self, samples: Iterable[tuple[int, Sample]], out: list[Row]) -> None:
        for index, sample in samples:
            self._put(index, *sample, out)

    def _put(self, index: int, value: Value, quality: Quality, source_time: float, server_time: float, out: list[Row]) -> None:
        """Add the row of a sample, at an instant of its own; a sample that was the tag's last one already is left out."""
        told = time = _told(quality, source_time, server_time)
        row = row_of(self._names[index], self._kinds[index], time, value, quality)
        last = self._last[index]
        if last is not None and (told == last.time or told == self._told.get(index)):
            if row.value == last.value and row.quality == last.quality:
                return
            time = max(to_micros(server_time), last.time + 1)
            row = row._replace(time=time)
        self._last[index] = row
        if told != time:
            self._told[index] = told
        elif self._told:
            self._told.pop(index, None)
        self._newest = max(self._newest, told, time)
        out.append(row)


def _rule_of(tag: Tag) -> tuple[object, ...]:
    recording = tag.recording
    if recording is None:
        return (tag.type,)
    return tag.type, recording, tag.history_band, tag.range if _is_of_span(recording) else None


def _owed(policy: Policy | Band | None) -> Sequence[Sample]:
    if isinstance(policy, Band):
        return () if policy.held is None else (policy.held,)
    return () if policy is None else policy.flush()


def _is_of_span(recording: Recording) -> bool:
    return recording.deviation is not None


def _told(quality: Quality, source_time: float, server_time: float) -> int:
    # A loss has no source time: the table keeps that of the last good value, so it is dated when the runtime noticed.
    time = server_time if quality >= Quality.BAD else source_time
    return to_micros(time if math.isfinite(time) else server_time)


def _one(index: int, sequence: Sequence[Any]) -> tuple[Any]:
    return (sequence[index],)


def _are_sound(values: Sequence[Value]) -> bool:
    """True if all are numbers that are finite; looked at together, which is quick."""
    kinds = set(map(type, values))
    if not kinds <= _NUMBERS:
        return False
    try:
        return math.isfinite(sum(map(float, values)))  # type: ignore[arg-type]
    except OverflowError:
        return False
