"""Where recorded samples are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from automation.model.tag import DataType
from automation.observers.historian.queries.budget import Meter
from automation.observers.historian.queries.columns import PAGE, Columns, Point
from automation.observers.historian.queries.rolled import Rolled


class SampleSource(Protocol):
    """Where samples are read; times are microseconds. Every call raises ``StorageError`` when the database does not answer."""

    def type_of(self, tag: str) -> DataType | None:
        """What the tag's values are, None if it was never recorded."""

    def until(self) -> int:
        """How far the record reaches."""

    def before(self, tag: str, time: int) -> Point | None:
        """The last sample before the time."""

    def after(self, tag: str, time: int) -> Point | None:
        """The first sample at the time or after it."""

    def columns(self, tag: str, low: int, high: int, limit: int) -> Columns:
        """The first limit samples from low up to high, high not included."""

    def kept_from(self, tag: str) -> int | None:
        """From when on samples are kept, None if all are; before it there may be rollups."""

    def scattered(self, tag: str, ranges: Sequence[tuple[int, int]]) -> Columns:
        """The samples of short ranges, each from low up to high, which ascend and do not overlap."""

    def rolled(self, tag: str, tier: int) -> tuple[int, int] | None:
        """The range in which the rollups of the tier are complete, None if there is nothing of them."""

    def rollups(self, tag: str, tier: int, low: int, high: int) -> Sequence[Rolled]:
        """The rollups of the tier that begin from low up to high; the first and last part may have others as well."""

    def scattered_rollups(self, tag: str, tier: int, ranges: Sequence[tuple[int, int]]) -> Sequence[Rolled]:
        """The rollups of the tier that begin in short ranges, each from low up to high, which ascend; and some around."""


class Readings(SampleSource, Protocol):
    """A source that also gives one for a single question."""

    def reading(self, tags: Sequence[str]) -> AbstractContextManager[SampleSource]:
        """What a question about these tags reads, and nothing else."""


def pages(source: SampleSource, tag: str, low: int, high: int, meter: Meter) -> Iterator[Columns]:
    """All samples of the range, a page at a time, so that no more than one is in memory. Raises ``BudgetError``."""
    while low < high:
        page = source.columns(tag, low, high, PAGE)
        meter.touch(len(page))
        if page:
            yield page
        if len(page) < PAGE:
            return
        low = page.time[-1] + 1
