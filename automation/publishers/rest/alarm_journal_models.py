"""What goes in and out of the alarm journal and its analytics, as the document describes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from automation.observers.alarms.journal.row import EVENTS, STATES
from automation.publishers.rest.models import Seconds
from automation.publishers.rest.operation import Input

_Time: TypeAlias = Annotated[float | None, Field(allow_inf_nan=False)]
_PRIORITY_WORDS = ("1", "2", "3", "4", "5")
_KNOWN = {"priority": _PRIORITY_WORDS, "event": EVENTS, "state": STATES}


class AlarmsAskedFor(Input):
    """Which alarms, and when; all that is given must hold."""

    start: _Time = Field(None, description="POSIX seconds")
    end: _Time = Field(None, description="POSIX seconds, not included")
    area: str = Field("", max_length=200, description="this area and all below it")
    tag: str = Field("", max_length=128)
    alarm: str = Field("", max_length=128)
    priority: str = Field("", max_length=20, description="1 to 5, several with commas between")
    text: str = Field("", max_length=200, description="part of name, tag, area, message or comment, upper or lower case")

    @field_validator("end")
    @classmethod
    def _after_start(cls, end: float | None, info: ValidationInfo) -> float | None:
        start = info.data.get("start")
        if start is not None and end is not None and not start < end:
            raise ValueError(f"must be after start {start}")
        return end

    @field_validator("priority", "event", "state", check_fields=False)
    @classmethod
    def _known(cls, words: str, info: ValidationInfo) -> str:
        known = _KNOWN[info.field_name or ""]
        unknown = [word for word in parted(words) if word not in known]
        if unknown:
            raise ValueError(f"unknown {unknown[0]!r:.40}; there are {', '.join(known)}")
        return words


class JournalFilter(AlarmsAskedFor):
    """Which rows of the alarm journal."""

    event: str = Field("", max_length=400, description="such as raised, several with commas between")
    state: str = Field("", max_length=100, description="to which the row leads, such as UNACK, several with commas between")
    actor: str = Field("", max_length=128, description="who did it; system for the runtime itself")


class JournalQuery(JournalFilter):
    """A part of the alarm journal, newest first."""

    limit: int = Field(200, ge=1, le=1000)
    before: int | None = Field(None, ge=1, le=2**62, description="only rows with a smaller number")


class OccurrencesQuery(AlarmsAskedFor):
    """A part of the occurrences, newest first, by the time of their raise."""

    open: bool | None = Field(None, description="whether something of it still stands")
    limit: int = Field(200, ge=1, le=1000)
    before: int | None = Field(None, ge=1, le=2**62, description="only those with a smaller id")


class AlarmJournalRowView(BaseModel):
    """A row of the alarm journal; what it does not tell of is null."""

    model_config = ConfigDict(populate_by_name=True)

    seq: int
    time: Seconds
    event: str
    alarm: str
    message: str
    actor: str
    origin: str
    comment: str
    tag: str
    area: str
    priority: int | None
    from_: Annotated[str | None, Field(alias="from")]
    to: str | None
    core_state: str | None
    condition: str | None
    limit: float | None
    deadband: float | None
    unit: str | None
    value: Any
    quality: str | None
    source_time: float | None
    annunciated: bool = Field(description="people were told of it")
    suppressed: bool = Field(description="it was kept silent")
    occurrence_id: str | None
    condition_time: float | None
    active_time: float | None
    duration_s: float | None = Field(description="how long it was in the state before")
    until: float | None
    work_order: str | None


class AlarmJournalView(BaseModel):
    """Rows of the alarm journal, newest first. next: what to give as before for the part that follows."""

    items: list[AlarmJournalRowView]
    next: int | None


class AlarmOccurrenceView(BaseModel):
    """What became of one occurrence of an alarm; times in POSIX seconds, null for what has not happened."""

    id: int
    alarm: str
    occurrence_id: str
    tag: str
    area: str
    priority: int | None
    condition: str
    message: str
    raised: Seconds
    acknowledged: float | None
    ack_by: str
    ack_comment: str
    returned: float | None
    closed: float | None = Field(description="when nothing of it stood any more")
    suppressed: bool = Field(description="it was kept silent at some time")
    annunciated: bool = Field(description="people were told of it at some time")
    comments: int
    duration_s: float | None
    time_to_ack_s: float | None


class AlarmOccurrencesView(BaseModel):
    """Occurrences, newest first. next: what to give as before for the part that follows."""

    items: list[AlarmOccurrenceView]
    next: int | None


class AnalyticsQuery(Input):
    """A stretch of time of at most 366 days; the last 24 hours if nothing is given."""

    start: _Time = Field(None, description="POSIX seconds; 24 hours before end by default")
    end: _Time = Field(None, description="POSIX seconds, not included; now by default")
    area: str = Field("", max_length=200, description="this area and all below it")


class LiveAnalyticsQuery(Input):
    """A part of the plant."""

    area: str = Field("", max_length=200, description="this area and all below it")


class AlarmJudgedView(BaseModel):
    """A metric with what is aimed at, what is tolerated, and whether it is within."""

    target: float
    limit: float
    ok: bool


class AlarmMeanView(AlarmJudgedView):
    """A rate over the covered time."""

    mean: float


class AlarmDayView(BaseModel):
    """Alarms of a day where the plant is."""

    day: str
    count: int


class AlarmPerDayView(AlarmMeanView):
    """Alarms per day."""

    max: int
    days: list[AlarmDayView]


class AlarmBusyView(AlarmJudgedView):
    """The part of the periods that were too busy, and how many they are."""

    share: float
    periods: int


class AlarmPeakView(AlarmJudgedView):
    """The most alarms in any 600 s, and when these began."""

    count: int
    at: float | None


class AlarmFloodView(BaseModel):
    """A flood of alarms; end is null while it goes on."""

    start: Seconds
    end: float | None
    count: int
    peak: int
    first_alarm: str


class AlarmFloodsView(AlarmJudgedView):
    """The part of the covered time that is in floods."""

    share: float
    floods: list[AlarmFloodView]


class AlarmTopView(BaseModel):
    """An alarm with its part of all."""

    alarm: str
    count: int
    share: float


class AlarmShareView(AlarmJudgedView):
    """A part of 1."""

    share: float


class AlarmCountView(AlarmJudgedView):
    """How many there are."""

    count: int


class AlarmChatteringView(BaseModel):
    """An alarm that came three times in a minute or more often."""

    alarm: str
    count: int
    worst_60_s: int


class AlarmFleetingView(BaseModel):
    """An alarm that went before anybody could do anything, and how often."""

    alarm: str
    count: int


class AlarmStaleView(BaseModel):
    """An alarm that was active for more than a day."""

    alarm: str
    since: Seconds
    active_s: float


class AlarmPrioritiesView(BaseModel):
    """Alarms by priority, announced and configured, with the part of each."""

    annunciated: dict[str, int]
    configured: dict[str, int]
    shares: dict[str, float]
    target: dict[str, float]
    limit: dict[str, float]
    ok: bool


class AlarmDelayView(BaseModel):
    """Delays in seconds; null without any."""

    median: float | None
    p95: float | None
    count: int


class AlarmLevelView(AlarmJudgedView):
    """How many alarms stood, by time."""

    mean: float
    max: int


class AlarmHistogramView(BaseModel):
    """How many periods of ten minutes had so many alarms."""

    alarms: int
    periods: int


class AlarmBinView(BaseModel):
    """Alarms of a period of ten minutes, or of an hour beyond seven days."""

    start: Seconds
    count: int


class AlarmAreaView(BaseModel):
    """Alarms of an area."""

    area: str
    count: int
    time_to_ack_median_s: float | None


class AlarmAnalyticsView(BaseModel):
    """How well the alarm system did its job; of announced alarms of priorities 1 to 4."""

    start: Seconds
    end: Seconds
    area: str
    covered_s: float = Field(description="how long the runtime was up")
    count: int
    per_10_min: AlarmMeanView
    per_hour: AlarmMeanView
    per_day: AlarmPerDayView
    busy_10_min: AlarmBusyView
    busy_hours: AlarmBusyView
    peak_10_min: AlarmPeakView
    flood: AlarmFloodsView
    top: list[AlarmTopView]
    top_share: AlarmShareView
    chattering: list[AlarmChatteringView]
    chattering_alarms: AlarmCountView
    fleeting: list[AlarmFleetingView]
    fleeting_alarms: AlarmCountView
    stale: list[AlarmStaleView]
    stale_alarms: AlarmCountView
    priorities: AlarmPrioritiesView
    time_to_ack_s: AlarmDelayView
    time_to_return_s: AlarmDelayView
    standing: AlarmLevelView
    shelved: AlarmLevelView
    histogram_10_min: list[AlarmHistogramView]
    series: list[AlarmBinView]
    areas: list[AlarmAreaView]
    band: Literal["acceptable", "manageable", "over-demanding", "unacceptable"]


def parted(words: str) -> tuple[str, ...]:
    """The words between commas."""
    return tuple(word for part in words.split(",") if (word := part.strip()))
