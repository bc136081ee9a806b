"""What goes in and out of the interface about linear referencing, as its document describes it."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, Field, StrictStr, StringConstraints

from automation.publishers.rest.operation import Input

SEGMENT_MAX = 128

Number: TypeAlias = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Segment: TypeAlias = Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=1, max_length=SEGMENT_MAX)]
_Segment: TypeAlias = Annotated[str, Field(min_length=1, max_length=SEGMENT_MAX)]


class PointBody(Input):
    """A surveyed point: kilometre post in km, degrees with north and east positive, elevation in m."""

    segment: Segment
    km: Number
    latitude: Number
    longitude: Number
    elevation: Number | None = None


class PointsQuery(Input):
    """A part of the points."""

    segment: _Segment | None = None
    limit: int = Field(200, ge=1, le=1000)
    offset: int = Field(0, ge=0, le=10_000_000)


class PointExportQuery(Input):
    """Which points, and as what."""

    segment: _Segment | None = None
    format: Literal["csv"] = "csv"


class PointImportQuery(Input):
    """How a table is taken: only looked at unless dry_run is false; as a whole, or its good rows.

    Without update a row whose place is taken has a mistake.
    """

    format: Literal["csv", "xlsx"] = "csv"
    dry_run: bool = True
    good_rows: bool = False
    update: bool = True


class InterpolateQuery(Input):
    """A kilometre post of a segment."""

    segment: _Segment
    kp: float = Field(allow_inf_nan=False, description="kilometre post, km")


class PointView(BaseModel):
    """A surveyed point."""

    id: int
    segment: str
    km: float
    latitude: float
    longitude: float
    elevation: float | None


class PointsView(BaseModel):
    """A part of the points by segment and kilometre post, and how many there are in all."""

    items: list[PointView]
    total: int


class SegmentView(BaseModel):
    """A segment: how many points it has, and the kilometre posts between which it is surveyed."""

    name: str
    points: int
    start: float
    end: float


class SegmentsView(BaseModel):
    """Every segment that has points."""

    items: list[SegmentView]


class PositionView(BaseModel):
    """Where a kilometre post is. between: the two points that it was reckoned from; the same one twice if it is that point."""

    latitude: float
    longitude: float
    elevation: float | None
    between: list[PointView]
