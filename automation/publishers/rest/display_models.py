"""What goes in and out of trend groups and dashboards, as the document describes it."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, Field, StrictBool, StrictInt, StrictStr, StringConstraints

from automation.displays.checks import HEIGHT_MAX, MINUTES_MAX, SIDE_MIN
from automation.displays.display import COLUMNS, DESCRIPTION_MAX, NAME_MAX, ROWS, STRIPS_MAX, TITLE_MAX
from automation.displays.pen import COLOURS, PENS_MAX
from automation.publishers.rest.models import Name, Seconds
from automation.publishers.rest.operation import Input

_Name: TypeAlias = Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_MAX)]
_Description: TypeAlias = Annotated[StrictStr, StringConstraints(strip_whitespace=True, max_length=DESCRIPTION_MAX)]
_Title: TypeAlias = Annotated[StrictStr, StringConstraints(strip_whitespace=True, max_length=TITLE_MAX)]
_Limit: TypeAlias = Annotated[float | None, Field(allow_inf_nan=False)]
_Instant: TypeAlias = Annotated[float | None, Field(allow_inf_nan=False, description="POSIX seconds")]
_Range: TypeAlias = Literal[600, 3600, 28800, 86400, 604800, 2592000]
_Comparison: TypeAlias = Literal[0, 3600, 28800, 86400, 604800, 2592000]
_Step: TypeAlias = Literal["", "1s", "10s", "1m", "10m", "1h", "1d"]
_Version: TypeAlias = Annotated[StrictInt, Field(ge=1, le=2**31 - 1, description="the one that was seen")]


class PenBody(Input):
    """A tag and how it is drawn. low, high: of its axis, in the unit of the tag; both or neither."""

    tag: Name
    colour: Annotated[StrictInt, Field(ge=0, le=COLOURS)] = Field(
        0, description="its place in the palette; 0 for the place that it has among the pens"
    )
    own_axis: StrictBool = Field(False, description="no other pen lies on its axis")
    low: _Limit = None
    high: _Limit = None
    style: Literal["auto", "line", "step"] = Field(
        "auto", description="how its points are joined; auto as suits the type of the tag"
    )


_Pens: TypeAlias = Annotated[list[PenBody], Field(min_length=1, max_length=PENS_MAX)]


class _DisplayBody(Input):
    name: _Name = Field(description="no other one of the owner has it")
    description: _Description = ""
    shared: StrictBool = Field(False, description="all who may read may read it")


class TrendGroupBody(_DisplayBody):
    """Pens of a trend, and how it is looked at. start, end: a fixed span; both or neither, which follows the present."""

    pens: _Pens
    range_s: _Range = Field(600, description="how far back from the present")
    start: _Instant = None
    end: _Instant = None
    limits: StrictBool = Field(False, description="alarm limits are drawn")
    alarms: StrictBool = Field(True, description="active times of alarms are drawn")
    notes: StrictBool = Field(True, description="annotations are drawn")
    compare_s: _Comparison = Field(0, description="how much earlier the pens are shown as well; 0: not")
    table: StrictBool = Field(False, description="numbers in place of lines")
    step: _Step = Field("", description="of the table; what suits the span if empty")


class TrendGroupChangeBody(TrendGroupBody):
    """The whole group as it shall be."""

    version: _Version


class StripBody(Input):
    """A strip chart in the grid. low, high: of the axes of numbers, each in the unit of its tag; both or neither."""

    x: Annotated[StrictInt, Field(ge=0, le=COLUMNS - SIDE_MIN)] = Field(description="columns before it")
    y: Annotated[StrictInt, Field(ge=0, le=ROWS - SIDE_MIN)] = Field(description="rows before it")
    width: Annotated[StrictInt, Field(ge=SIDE_MIN, le=COLUMNS)] = Field(description="columns")
    height: Annotated[StrictInt, Field(ge=SIDE_MIN, le=HEIGHT_MAX)] = Field(description="rows")
    title: _Title = ""
    pens: _Pens
    span_min: Annotated[StrictInt, Field(ge=1, le=MINUTES_MAX)] = Field(description="minutes up to the present")
    low: _Limit = None
    high: _Limit = None


class DashboardBody(_DisplayBody):
    """Strip charts in a grid of twelve columns, none over another."""

    strips: Annotated[list[StripBody], Field(max_length=STRIPS_MAX)]


class DashboardChangeBody(DashboardBody):
    """The whole dashboard as it shall be."""

    version: _Version


class DisplayRemovalQuery(Input):
    """Which version is meant."""

    version: int | None = Field(None, ge=1, le=2**31 - 1, description="refuse if there is a newer one")


class DisplayRowView(BaseModel):
    """A display in a list. editable: whether who asks may change it. tags: how many it names."""

    id: int
    name: str
    description: str
    shared: bool
    owner: str
    version: int
    created: Seconds
    changed: Seconds
    changed_by: str
    editable: bool
    tags: int


class TrendGroupRowView(DisplayRowView):
    """A trend group in a list."""


class DashboardRowView(DisplayRowView):
    """A dashboard in a list."""

    strips: int


class TrendGroupsView(BaseModel):
    """The trend groups that who asks may read, by name."""

    items: list[TrendGroupRowView]


class DashboardsView(BaseModel):
    """The dashboards that who asks may read, by name."""

    items: list[DashboardRowView]


class TrendGroupView(TrendGroupBody):
    """A trend group. editable: whether who asks may change it. gone: the tags of its pens that are not there."""

    id: int
    owner: str
    version: int
    created: Seconds
    changed: Seconds
    changed_by: str
    editable: bool
    gone: list[str]


class DashboardView(DashboardBody):
    """A dashboard. editable: whether who asks may change it. gone: the tags of its pens that are not there."""

    id: int
    owner: str
    version: int
    created: Seconds
    changed: Seconds
    changed_by: str
    editable: bool
    gone: list[str]
