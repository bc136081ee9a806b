"""What goes in and out of the history, as the document of the interface describes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from automation.publishers.rest.models import Name, Seconds
from automation.publishers.rest.operation import Input

SERIES_MAX = 32
BODY_SERIES_MAX = 1_000
AGGREGATES_MAX = 12

HistoryMode: TypeAlias = Literal["buckets", "raw", "plot", "interpolated", "table", "at"]
HistoryFormat: TypeAlias = Literal["json", "csv", "parquet"]
AggregateName: TypeAlias = Literal[
    "min",
    "max",
    "mean",
    "time_weighted_mean",
    "count",
    "first",
    "last",
    "delta",
    "stddev",
    "duration_good",
    "duration_in_state",
    "percent_good",
]


class HistoryFields(Input):
    """A range of time and what shall be told of it; the last hour if start is not given."""

    start: float | None = Field(None, allow_inf_nan=False, description="POSIX seconds; an hour before end by default")
    end: float | None = Field(None, allow_inf_nan=False, description="POSIX seconds, not included; now by default")
    at: float | None = Field(None, allow_inf_nan=False, description="POSIX seconds, of mode at; the end of the record by default")
    mode: HistoryMode = "buckets"
    buckets: int = Field(500, ge=1, le=5_000, description="equal ones, or instants, where no step is given")
    step: str | None = Field(
        None, max_length=20, description="500ms, 10s, 15m, 1h, 1d, 1w, 1mo, on the clock of tz; the first may begin before start"
    )
    bucket_s: float | None = Field(None, gt=0, le=8_640_000, description="a step in seconds")
    tz: str | None = Field(None, max_length=64, description="IANA time zone of steps and labels; steps count in UTC without it")
    limit: int = Field(10_000, ge=1, le=50_000, description="most samples of each tag in mode raw, rows in mode table")
    bounds: Literal["none", "before", "after", "both"] = Field("before", description="samples outside of the range, of mode raw")
    width: int = Field(1_000, ge=1, le=10_000, description="pixels, of mode plot")
    method: Literal["auto", "minmax", "lttb"] = Field("auto", description="how a plot is down-sampled")
    interpolation: Literal["stepped", "linear"] | None = Field(
        None, description="linear: floats lie on lines between samples, as in mode interpolated by default"
    )
    next: str = Field("", max_length=4_000, description="of the answer that this continues")
    format: HistoryFormat | None = Field(None, description="json by default, or what Accept asks for")


class HistoryQuery(HistoryFields):
    """Tags, a range of time and what shall be told of it."""

    tags: str = Field(min_length=1, max_length=8_000, description=f"names with commas between, {SERIES_MAX} at most")
    aggregates: str = Field("", max_length=400, description="with commas between, of mode buckets: min, max, mean, …")


class HistoryBody(HistoryFields):
    """The same as a body, for many tags."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tags: list[Name] = Field(min_length=1, max_length=BODY_SERIES_MAX)
    aggregates: list[AggregateName] = Field(default_factory=list, max_length=AGGREGATES_MAX)


class SeriesView(BaseModel):
    """One tag over a range of time, column by column; which columns there are depends on mode and aggregates."""

    tag: str
    unit: str
    mode: HistoryMode
    time: Annotated[list[float] | None, Field(description="POSIX seconds; of buckets where each begins")] = None
    label: Annotated[list[str] | None, Field(description="the times on the clock of tz")] = None
    kept_from: Annotated[
        float | None,
        Field(description="POSIX seconds, where the range begins before: earlier samples are gone, rollups may be left"),
    ] = None
    quality: Annotated[list[int], Field(description="OPC UA status codes; of buckets the worst")]
    min: list[float | None] | None = None
    max: list[float | None] | None = None
    mean: list[float | None] | None = None
    time_weighted_mean: list[float | None] | None = None
    count: list[int] | None = None
    first: list[Any] | None = None
    last: list[Any] | None = None
    delta: list[float | None] | None = None
    stddev: list[float | None] | None = None
    duration_good: Annotated[list[float] | None, Field(description="s")] = None
    percent_good: list[float] | None = None
    duration_in_state: Annotated[dict[str, list[float]] | None, Field(description="s, by value")] = None
    value: list[Any] | None = None
    boundary: Annotated[bool | None, Field(description="the first sample lies before the range")] = None
    boundary_after: Annotated[bool | None, Field(description="the last sample lies after the range")] = None
    truncated: Annotated[bool | None, Field(description="there are more: see next")] = None
    method: Annotated[Literal["raw", "minmax", "lttb"] | None, Field(description="how a plot was down-sampled")] = None


class HistoryView(BaseModel):
    """History of several tags. time: of all series where they share it, as in tables."""

    series: list[SeriesView]
    time: list[float] | None = None
    label: list[str] | None = None
    until: Annotated[Seconds | None, Field(description="how far the record reaches")] = None
    next: Annotated[str | None, Field(description="what to give as next for the following page; null on the last one")] = None


class HistoryImportQuery(Input):
    """How the samples are given: columns tag, time (POSIX seconds, or ISO 8601 with an offset), value, quality."""

    format: Literal["csv", "json"] | None = Field(None, description="by default as the Content-Type says, CSV if it is not JSON")
    end: float | None = Field(
        None,
        allow_inf_nan=False,
        description="POSIX seconds: where what is given ends; each tag is BAD from there on unless a sample follows before",
    )


class HistoryRefusalView(BaseModel):
    """A sample that was not taken. row: its line in CSV, its place from 1 in JSON."""

    row: int
    tag: str
    reason: str


class HistoryImportView(BaseModel):
    """What became of the samples."""

    accepted: int
    duplicate: Annotated[int, Field(description="recorded already, and left as they are")]
    refused: int
    closed: Annotated[int, Field(description="tags that are BAD from the end on")]
    refusals: Annotated[list[HistoryRefusalView], Field(description="the first hundred")]
