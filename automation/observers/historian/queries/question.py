"""A question to the history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, TypeAlias

from automation.model.errors import InvalidValueError
from automation.observers.historian.queries.answers import NO_BOUNDS, Bounds
from automation.observers.historian.queries.budget import Meter
from automation.observers.historian.queries.edges import Edges, equal
from automation.observers.historian.queries.fold import Aggregate
from automation.storage.calendar import starts, step_of, zone_of

Method: TypeAlias = Literal["auto", "minmax", "lttb"]


class Mode(StrEnum):
    """What the answer is made of."""

    RAW = "raw"
    BUCKETS = "buckets"
    PLOT = "plot"
    INTERPOLATED = "interpolated"
    TABLE = "table"
    AT = "at"


@dataclass(frozen=True, kw_only=True)
class Question:
    """Tags, a range of time and what shall be told of it.

    low, high: microseconds, high not included; of mode ``at`` low is the instant, or with latest the end of the record.
    aggregates: of mode ``buckets``. step: of buckets, instants and rows, see ``step_of``, counted in the zone; count: equal
    buckets or instants where there is no step. width: pixels of a plot. limit: samples of each tag, or rows, in one page. bounds:
    of mode ``raw``. linear: floats lie on lines between their samples. token: of the answer that this continues, empty for a new
    question.
    """

    mode: Mode
    tags: tuple[str, ...]
    low: int
    high: int
    aggregates: tuple[Aggregate, ...] = ()
    step: str = ""
    count: int = 500
    zone: str = "UTC"
    width: int = 1_000
    method: Method = "auto"
    limit: int = 10_000
    bounds: Bounds = NO_BOUNDS
    linear: bool = False
    token: str = ""
    latest: bool = False

    @property
    def sense(self) -> tuple[object, ...]:
        """What must be the same of all pages of an answer."""
        return (self.mode, self.tags, self.step, self.count, self.zone, self.linear)

    def edges(self, meter: Meter) -> Edges:
        """The buckets: as many equal ones, or steps, of which the first may begin before the range.

        Raises ``InvalidValueError``, and ``BudgetError`` for more than an answer may have.
        """
        if not self.step:
            return equal(self.low, self.high, self.count)
        step = step_of(self.step)
        meter.room((self.high - self.low) // step.least_us * len(self.tags))
        return Edges(starts(self.low, self.high, step, zone_of(self.zone)), self.high)

    def instants(self, meter: Meter) -> Edges:
        """The instants: those of ``edges`` that are in the range."""
        edges = self.edges(meter)
        first = 1 if edges.start < self.low else 0
        if first and len(edges) == 1:
            raise InvalidValueError(f"history: no step of {self.step} begins in the range; choose a smaller one")
        return Edges(edges.starts[first:], edges.end)


def question_text(question: Question) -> Mapping[str, Any]:
    """The question ready for JSON, for another process."""
    told = {name: getattr(question, name) for name in question.__dataclass_fields__}
    return {**told, "bounds": [question.bounds.before, question.bounds.after]}


def question_of_text(told: Mapping[str, Any]) -> Question:
    """The question that ``question_text`` told."""
    return Question(
        **{
            **told,
            "mode": Mode(told["mode"]),
            "tags": tuple(told["tags"]),
            "aggregates": tuple(map(Aggregate, told["aggregates"])),
            "bounds": Bounds(*told["bounds"]),
        }
    )
