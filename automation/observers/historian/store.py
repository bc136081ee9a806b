"""What the historian needs of a database."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from automation.model.tag import DataType
from automation.observers.historian.queries.columns import Columns, Point
from automation.observers.historian.queries.rolled import Rolled
from automation.observers.historian.queries.source import SampleSource
from automation.observers.historian.rows import Row
from automation.observers.historian.series import RawSeries


class HistoryStore(Protocol):
    """Keeps rows and answers for time ranges; every call raises ``StorageError`` when the database does not do its part.

    Times of questions are POSIX seconds, start included, end not.
    """

    def append(self, rows: Sequence[Row], until: int) -> None:
        """Keep the rows before returning, all or none; a row whose tag and time are there already is left out.

        until: the record is complete up to here, microseconds; an earlier mark does not take back a later one.
        """

    def close_ends(self, start: int) -> None:
        """Give every tag whose last row is neither BAD nor of this run a row that is BAD, where the record ended.

        start: when this run began, microseconds; what lies between is an outage of ours.
        """

    def rename(self, old: str, new: str) -> None:
        """Have what was recorded under the old name answered under the new one, together with what is there already, or nothing.

        Of two samples of one instant the one of the old name stays. A name that was never recorded changes nothing.
        """

    def knows(self, tag: str) -> bool:
        """True if the tag was ever recorded."""

    def recorded_until(self) -> int:
        """How far the record reaches, microseconds."""

    def type_of(self, tag: str) -> DataType | None:
        """What the tag's values are, None if it was never recorded."""

    def reading(self, tags: Sequence[str]) -> AbstractContextManager[SampleSource]:
        """What one question about these tags reads, in less time than by as many calls; of no other thread."""

    def before(self, tag: str, time: int) -> Point | None:
        """The last sample before the time, microseconds."""

    def columns(self, tag: str, low: int, high: int, limit: int) -> Columns:
        """The first limit samples from low up to high, microseconds."""

    def kept_from(self, tag: str) -> int | None:
        """From when on samples are kept, microseconds, None if all are; before it there may be rollups."""

    def rolled(self, tag: str, tier: int) -> tuple[int, int] | None:
        """The range in which the rollups of the tier are complete, None if nothing of it is; microseconds."""

    def rollups(self, tag: str, tier: int, low: int, high: int) -> Sequence[Rolled]:
        """The rollups of the tier that begin from low up to high, microseconds; the first and last may have others as well."""

    def raw(self, tag: str, start: float, end: float, limit: int) -> RawSeries:
        """The first limit samples of the range, after the last one before it. Raises ``InvalidValueError``."""
