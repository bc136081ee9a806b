"""Figures, what was measured of them, and how that is printed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

_COLUMNS = ("figure", "median", "unit", "goal", "", "limit", "ratio", "min", "max", "runs")
_LEFT = (0, 2, 4)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number that a bench finds.

    method: one line that says what is measured and what the limit is. at_least, below, ratio_at_least: the goal, one of them.
    """

    bench: str
    name: str
    unit: str
    method: str
    at_least: float | None = None
    below: float | None = None
    ratio_at_least: float | None = None

    @property
    def goal(self) -> str:
        """The goal in words, such as ``>= 1,000,000``."""
        if self.at_least is not None:
            return f">= {number(self.at_least)}"
        if self.ratio_at_least is not None:
            return f">= {self.ratio_at_least:g} x limit"
        return "" if self.below is None else f"< {number(self.below)}"


@dataclass(frozen=True, kw_only=True)
class Result:
    """What the runs found. limit: the same work done with bare libraries in the same run; None where there is no such thing."""

    figure: Figure
    values: Sequence[float]
    limit: float | None = None

    @property
    def value(self) -> float:
        """The median of the runs."""
        return median(self.values)

    @property
    def ratio(self) -> float | None:
        """Value over limit."""
        return self.value / self.limit if self.limit else None

    @property
    def reached(self) -> bool:
        """True if the value is as good as the goal, or there is none."""
        figure, ratio = self.figure, self.ratio
        return (
            (figure.at_least is None or self.value >= figure.at_least)
            and (figure.below is None or self.value < figure.below)
            and (figure.ratio_at_least is None or (ratio is not None and ratio >= figure.ratio_at_least))
        )


def json_line(result: Result) -> str:
    """The result as one JSON object."""
    return json.dumps(
        {
            "bench": result.figure.bench,
            "figure": result.figure.name,
            "value": _rounded(result.value),
            "unit": result.figure.unit,
            "limit": _rounded(result.limit),
            "ratio": _rounded(result.ratio),
            "runs": len(result.values),
            "min": _rounded(min(result.values)),
            "max": _rounded(max(result.values)),
        }
    )


def table(results: Iterable[Result]) -> str:
    """The results for people: aligned columns, and below them the method of each figure in one line."""
    results = list(results)
    rows = [_COLUMNS, *(_cells(result) for result in results)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_COLUMNS))]
    lines = [_aligned(row, widths) for row in rows]
    lines += ["", *(f"{result.figure.name}: {result.figure.method}" for result in results)]
    return "\n".join(lines)


def _cells(result: Result) -> Sequence[str]:
    figure = result.figure
    reached = "" if not figure.goal else "reached" if result.reached else "MISSED"
    return (
        figure.name,
        number(result.value),
        figure.unit,
        figure.goal,
        reached,
        "" if result.limit is None else number(result.limit),
        "" if result.ratio is None else f"{result.ratio:.2f}",
        number(min(result.values)),
        number(max(result.values)),
        str(len(result.values)),
    )


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (
        cell.ljust(width) if i in _LEFT else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join(cells).rstrip()


def number(value: float) -> str:
    """A number with three or more significant digits and thousands set apart."""
    size = abs(value)
    if size >= 100:  # noqa: PLR2004
        return f"{value:,.0f}"
    return f"{value:.1f}" if size >= 10 else f"{value:.2f}"  # noqa: PLR2004


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.5g}")
