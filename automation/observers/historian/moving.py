"""A whole history from one store into another, of whatever kind of database."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from automation.model.errors import ConflictError, StorageError
from automation.model.tag import DataType
from automation.observers.historian.queries.columns import TIERS, Columns, Rollup
from automation.observers.historian.queries.rolled import Rolled
from automation.observers.historian.rows import Row
from automation.observers.historian.series import RawSeries
from automation.storage.micros import from_micros, to_micros

PAGE = 20_000
_FIRST, _LAST = -60_000_000_000.0, 90_000_000_000.0
_MOD = 2**128
_FIRST_US = -(2**61)


class MovableStore(Protocol):
    """A history that can be read and written as a whole."""

    def tags(self) -> Sequence[tuple[str, DataType]]:
        """Every tag that was ever recorded, by name."""

    def recorded_until(self) -> int:
        """Up to where the record is complete, microseconds."""

    def append(self, rows: Sequence[Row], until: int) -> None:
        """Keep the rows."""

    def floors(self, tag: str) -> Mapping[int, int]:
        """From when on samples (tier 0) and rollups of the tag are kept, by tier, where not all are."""

    def rollups(self, tag: str, tier: int, low: int, high: int) -> Sequence[Rolled]:
        """The rollups of the tier that begin from low up to high, and some around."""

    def take_over(self, tag: str, floors: Mapping[int, int], rollups: Mapping[int, Sequence[Rollup]]) -> None:
        """Have the floors, and the rollups, by tier, of samples before them."""

    def append_columns(self, tag: str, kind: DataType, columns: Columns) -> None:
        """Keep samples of one tag, packed at once."""

    def raw(self, tag: str, start: float, end: float, limit: int) -> RawSeries:
        """The first limit samples of the range, after the last one before it."""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What was moved. checksum: the same for the same samples in any store."""

    tags: int
    samples: int
    checksum: str


def move_history(source: MovableStore, target: MovableStore, tell: Callable[[float], None]) -> Moved:
    """Copy every sample of every tag, and compare the checksum of what the target answers with what was read.

    What is recorded meanwhile may be missing. tell: the progress, 0 to 1. Raises ``ConflictError`` if the target has a history
    already, ``StorageError`` if it answers anything else than what it was given.
    """
    if target.tags():
        raise ConflictError("the target has a history already; it is not mixed with another", "not_empty")
    tags, until = source.tags(), source.recorded_until()
    samples, total = 0, 0
    for i, (name, kind) in enumerate(tags):
        read = _Sum()
        for page in pages(source, name):
            target.append_columns(name, kind, page)
            read.add(name, page)
        written = _Sum()
        for page in pages(target, name):
            written.add(name, page)
        if (written.count, written.value) != (read.count, read.value):
            raise StorageError(f"history of {name}: {read.count} samples were given and {written.count} came back, or others")
        _move_rollups(source, target, name)
        samples, total = samples + read.count, (total + read.value) % _MOD
        tell((i + 1) / len(tags))
    target.append((), until)
    return Moved(tags=len(tags), samples=samples, checksum=f"{total:032x}")


def _move_rollups(source: MovableStore, target: MovableStore, tag: str) -> None:
    """Move what is left of samples that are gone. Raises ``StorageError`` if it does not come back as it was."""
    floors = source.floors(tag)
    if 0 not in floors:
        return
    rollups = {tier: _before(source, tag, tier, floors[0]) for tier in TIERS}
    target.take_over(tag, floors, rollups)
    if any(_before(target, tag, tier, floors[0]) != rows for tier, rows in rollups.items()):
        raise StorageError(f"history of {tag}: rollups came back otherwise than they were given")


def _before(store: MovableStore, tag: str, tier: int, time: int) -> Sequence[Rollup]:
    return [row for part in store.rollups(tag, tier, _FIRST_US, time) for row in part if row.start < time]


def pages(store: MovableStore, name: str) -> Iterator[Columns]:
    """Every sample of a tag, in order of time, in parts of bounded size."""
    start = _FIRST
    while True:
        series = store.raw(name, start, _LAST, PAGE)
        skip = 1 if series.boundary else 0  # the page before had it
        times = [to_micros(time) for time in series.time[skip:]]
        if times:
            yield Columns(times, series.value[skip:], series.quality[skip:])
        if not series.truncated:
            return
        start = from_micros(times[-1] + 1)


class _Sum:
    """The sum of the digests of samples, which does not depend on how they are divided into pages."""

    def __init__(self) -> None:
        self.count = 0
        self.value = 0

    def add(self, tag: str, columns: Columns) -> None:
        for time, value, quality in zip(columns.time, columns.value, columns.quality, strict=True):
            text = repr((tag, time, value, quality)).encode()
            self.value = (self.value + int.from_bytes(hashlib.blake2b(text, digest_size=16).digest(), "big")) % _MOD
        self.count += len(columns)
