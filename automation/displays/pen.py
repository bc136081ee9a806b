"""A pen: a tag as it is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

COLOURS = 16
PENS_MAX = 16


class PenStyle(Enum):
    """How the points of a pen are joined."""

    AUTO = "auto"
    """As suits the type of the tag."""
    LINE = "line"
    STEP = "step"


@dataclass(frozen=True, kw_only=True)
class Pen:
    """A tag and how it is drawn.

    colour: its place in the palette, 1 to ``COLOURS``; 0 for the place that it has among the pens. own_axis: no other pen lies on
    its axis. low, high: of its axis, in the unit of the tag; None for what is seen.
    """

    tag: str
    colour: int = 0
    own_axis: bool = False
    low: float | None = None
    high: float | None = None
    style: PenStyle = PenStyle.AUTO

    def renamed(self, names: Mapping[str, str]) -> Pen:
        """The pen with the new name of its tag. names: old to new."""
        new = names.get(self.tag)
        return self if new is None else replace(self, tag=new)
