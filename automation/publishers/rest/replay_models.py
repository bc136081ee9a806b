"""What goes in and out about replays of alarms, as the interface's document describes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, Field, StrictFloat

from automation.publishers.rest.definition_models import Definition
from automation.publishers.rest.models import Name, Seconds
from automation.publishers.rest.operation import Input

_ALARMS_MAX = 500
_NAMES_MAX = 10_000

Time: TypeAlias = Annotated[StrictFloat, Field(ge=0, le=100_000_000_000, description="POSIX seconds, UTC")]
State: TypeAlias = Literal["waiting", "running", "done", "failed", "cancelled"]


class ReplayBody(Input):
    """A period, which alarms (null for all), and how some might be defined, as in a file; a new name is a new alarm."""

    start: Time
    end: Time
    alarms: Annotated[list[Definition], Field(max_length=_ALARMS_MAX)] | None = None
    names: Annotated[list[Name], Field(max_length=_NAMES_MAX)] | None = None


class ReplayNumbersView(BaseModel):
    """One alarm in the period. worst_60_s: most occurrences in any 60 s; fleeting: those of less than 10 s."""

    count: int
    announced: int
    standing_s: float
    worst_60_s: int
    fleeting: int


class ReplayOccurrenceView(BaseModel):
    """One occurrence; returned is null if it stood at the end."""

    raised: Seconds
    returned: Seconds | None


class ReplayAlarmView(BaseModel):
    """One alarm. removed and added: against today's if there are proposals, else today's against what was recorded."""

    alarm: str
    tag: str
    recorded: ReplayNumbersView
    today: ReplayNumbersView | None
    proposed: ReplayNumbersView | None
    why: str = Field(description="why it could not be replayed; empty if it could")
    removed: int
    added: int
    removed_at: list[ReplayOccurrenceView] = Field(description="the first 50")
    added_at: list[ReplayOccurrenceView] = Field(description="the first 50")
    samples: int
    changed: bool = Field(description="it was defined otherwise for a part of the period")


class ReplayBadView(BaseModel):
    """One of the ten alarms that came most often."""

    alarm: str
    count: int
    share: float


class ReplayMetricsView(BaseModel):
    """All alarms together; counts are of announced ones, shares 0 to 1."""

    count: int
    mean_10_min: float
    peak_10_min: int
    peak_at: Seconds | None
    floods: int
    flood_s: float
    flood_share: float
    chattering: int
    fleeting: int
    standing: float
    top: list[ReplayBadView]


class ReplayResultView(BaseModel):
    """What was found. silent_tags: without any history; notes: what bounds the truth of it."""

    start: Seconds
    end: Seconds
    samples: int
    alarms: list[ReplayAlarmView]
    recorded: ReplayMetricsView
    today: ReplayMetricsView
    proposed: ReplayMetricsView | None
    silent_tags: list[str]
    notes: list[str]


class ReplayJobView(BaseModel):
    """A replay that was asked for. progress: 0 to 1; error: why it failed."""

    id: str
    state: State
    start: Seconds
    end: Seconds
    names: list[str] | None
    proposed: list[dict[str, Any]] | None
    by: str
    asked_at: Seconds
    begun_at: Seconds | None
    ended_at: Seconds | None
    progress: float
    samples: int
    error: str


class ReplayView(ReplayJobView):
    """A replay with its result, null until it is done."""

    result: ReplayResultView | None


class ReplaysView(BaseModel):
    """The replays that are remembered, the newest first."""

    items: list[ReplayJobView]
