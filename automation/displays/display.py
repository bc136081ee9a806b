"""A display that somebody saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import ClassVar, TypeAlias

from automation.displays.pen import Pen

NAME_MAX, DESCRIPTION_MAX, TITLE_MAX = 80, 500, 80
COLUMNS, ROWS = 12, 200
STRIPS_MAX = 24
RANGES_S = (600, 3_600, 28_800, 86_400, 604_800, 2_592_000)
COMPARISONS_S = (0, 3_600, 28_800, 86_400, 604_800, 2_592_000)
STEPS = ("1s", "10s", "1m", "10m", "1h", "1d")


class DisplayKind(Enum):
    """What a display is; the value is its noun in the journal and in the database."""

    TREND_GROUP = "trend_group"
    DASHBOARD = "dashboard"

    @property
    def words(self) -> str:
        """The kind in a sentence."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, kw_only=True)
class TrendGroup:
    """Pens of a trend, and how it is looked at.

    range_s: how far back from the present, one of ``RANGES_S``. start, end: a fixed span in its place, POSIX seconds; None
    follows the present. limits, alarms, notes: whether limits, active times of alarms and annotations are drawn. compare_s: how
    much earlier the pens are shown as well, one of ``COMPARISONS_S``, 0 if not. table: numbers in place of lines. step: of the
    table, empty for what suits the span.
    """

    kind: ClassVar[DisplayKind] = DisplayKind.TREND_GROUP

    pens: Sequence[Pen]
    range_s: int
    start: float | None = None
    end: float | None = None
    limits: bool = False
    alarms: bool = True
    notes: bool = True
    compare_s: int = 0
    table: bool = False
    step: str = ""

    @property
    def tags(self) -> Sequence[str]:
        """The tags of the pens, each once."""
        return tuple(dict.fromkeys(pen.tag for pen in self.pens))

    def renamed(self, names: Mapping[str, str]) -> TrendGroup:
        """The group with the new names of its tags; a tag that two of them became is named once."""
        return replace(self, pens=_renamed(self.pens, names))


@dataclass(frozen=True, kw_only=True)
class Strip:
    """A strip chart in the grid of a dashboard.

    x, y: columns and rows before it. width, height: columns and rows. span_min: minutes up to the present. low, high: of the axes
    of numbers, each in the unit of its tag; None for what is seen.
    """

    x: int
    y: int
    width: int
    height: int
    title: str = ""
    pens: Sequence[Pen]
    span_min: int
    low: float | None = None
    high: float | None = None

    def overlaps(self, other: Strip) -> bool:
        """True if the two have a cell of the grid in common."""
        beside = self.x + self.width <= other.x or other.x + other.width <= self.x
        above = self.y + self.height <= other.y or other.y + other.height <= self.y
        return not beside and not above


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    """Strip charts in a grid of ``COLUMNS`` columns."""

    kind: ClassVar[DisplayKind] = DisplayKind.DASHBOARD

    strips: Sequence[Strip]

    @property
    def tags(self) -> Sequence[str]:
        """The tags of all pens, each once."""
        return tuple(dict.fromkeys(pen.tag for strip in self.strips for pen in strip.pens))

    def renamed(self, names: Mapping[str, str]) -> Dashboard:
        """The dashboard with the new names of its tags; a tag that two of them became is named once in each strip."""
        return Dashboard(strips=tuple(replace(strip, pens=_renamed(strip.pens, names)) for strip in self.strips))


Content: TypeAlias = TrendGroup | Dashboard


@dataclass(frozen=True, kw_only=True)
class Heading:
    """What a display is called. name: no other one of its kind and owner has it. shared: all who may read may read it."""

    name: str
    description: str = ""
    shared: bool = False


@dataclass(frozen=True, kw_only=True)
class Display:
    """A display that is kept. created, changed: POSIX seconds; version 1 was changed when and by whom it was created."""

    id: int
    heading: Heading
    content: Content
    owner: str
    version: int
    created: float
    changed: float
    changed_by: str


def _renamed(pens: Sequence[Pen], names: Mapping[str, str]) -> Sequence[Pen]:
    found = (pen.renamed(names) for pen in pens)
    return tuple({pen.tag: pen for pen in reversed(tuple(found))}.values())[::-1]
