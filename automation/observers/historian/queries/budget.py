"""How much one question may cost, and the refusal that tells what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from automation.model.errors import BudgetError
from automation.system.clock import Stopwatch

_DAY_S = 86_400.0


@dataclass(frozen=True, kw_only=True)
class Budget:
    """The bounds of one question. points: values in the answer, of all tags. samples: raw ones that are read for it."""

    points: int = 500_000
    days: float = 3_660.0
    samples: int = 5_000_000
    seconds: float = 20.0


class Meter:
    """Counts what one question costs and refuses what is too much. elapsed: seconds since the question came."""

    def __init__(self, budget: Budget, elapsed: Callable[[], float] | None = None) -> None:
        self._budget = budget
        self._elapsed = elapsed or Stopwatch().elapsed_s
        self.samples = 0
        self._points = 0

    def span(self, low: int, high: int) -> None:
        """Do nothing if the range, microseconds, is not too long. Raises ``BudgetError``."""
        days = (high - low) / 1e6 / _DAY_S
        if days > self._budget.days:
            raise BudgetError(
                f"history: the range is {days:.6g} days long, and a question may span {self._budget.days:g}; "
                "choose a shorter range"
            )

    def points(self, count: int) -> None:
        """Add points of the answer. Raises ``BudgetError``."""
        self.room(count)
        self._points += count

    def room(self, count: int) -> None:
        """Do nothing if there is room for so many more points. Raises ``BudgetError``."""
        whole = self._points + count
        if whole > self._budget.points:
            raise BudgetError(
                f"history: the answer would have {whole} points or more, and may have {self._budget.points}; "
                "choose a larger step (fewer buckets), a shorter range, fewer tags or a smaller limit"
            )

    def touch(self, count: int) -> None:
        """Add samples that were read. Raises ``BudgetError`` when there are too many, or the time is over."""
        self.samples += count
        if self.samples > self._budget.samples:
            raise BudgetError(
                f"history: more than {self._budget.samples} raw samples would have to be read; choose a shorter range, "
                "fewer tags, or coarser buckets with aggregates that rollups give"
            )
        if self._elapsed() > self._budget.seconds:
            raise BudgetError(
                f"history: the question takes longer than {self._budget.seconds:g} s; choose a shorter range, fewer tags, "
                "or coarser buckets with aggregates that rollups give"
            )
