"""Answers of the history, column by column; times in microseconds since the epoch, UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from automation.model.sample import Value
from automation.observers.historian.queries.fold import Aggregate


@dataclass(frozen=True)
class Bounds:
    """Which samples outside of the range belong to the answer: the last one before it, the first one after it."""

    before: bool = False
    after: bool = False


NO_BOUNDS = Bounds()


@dataclass(frozen=True, kw_only=True)
class Samples:
    """Samples of one tag in order of time, all columns of one length.

    before, after: the first, the last of them lies outside of the range. more: there are more in the range. method: how a line
    was down-sampled, empty for what was recorded. kept_from: from when on samples are kept, None if they reach back to the range.
    """

    tag: str
    time: Sequence[int]
    value: Sequence[Value]
    quality: Sequence[int]
    before: bool = False
    after: bool = False
    more: bool = False
    method: str = ""
    kept_from: int | None = None


@dataclass(frozen=True, kw_only=True)
class Buckets:
    """One tag in buckets, column by column, all of one length.

    time: where each begins, microseconds. columns: by aggregate, without duration_in_state, whose columns are states: seconds by
    value. quality: the worst of each bucket's samples, the one that held where it has none. kept_from: as of ``Samples``.
    """

    tag: str
    time: Sequence[int]
    columns: Mapping[Aggregate, Sequence[Value]]
    quality: Sequence[int]
    states: Mapping[Value, Sequence[float]] | None = None
    kept_from: int | None = None


Series: TypeAlias = Samples | Buckets


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The series of a question, one for each tag in the order asked.

    until: how far the record reaches. time: the instants that all series have, None where each has its own. next: token of the
    next page, empty if this is the last.
    """

    series: Sequence[Series]
    until: int
    time: Sequence[int] | None = None
    next: str = ""
