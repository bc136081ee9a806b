"""What goes in and out of the analytics of alarms, as the document describes it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from automation.publishers.rest.alarm_journal_models import Time
from automation.publishers.rest.models import Seconds
from automation.publishers.rest.operation import Input


class AnalyticsQuery(Input):
    """A stretch of time of at most 366 days; the last 24 hours if nothing is given."""

    start: Time = Field(None, description="POSIX seconds; 24 hours before end by default")
    end: Time = Field(None, description="POSIX seconds, not included; now by default")
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


class AlarmStaleCountView(AlarmCountView):
    """How many alarms were stale, and the most on one day, which is what is judged."""

    worst_day: int


class AlarmUnrecordedView(BaseModel):
    """An alarm that a row of the journal found silent although none tells how that came."""

    alarm: str
    state: str
    seen: Seconds


class AlarmOverdueView(BaseModel):
    """An alarm that lay on the shelf longer than it may; time without the runtime does not count."""

    alarm: str
    due: Seconds = Field(description="when it should have been heard again")
    over_s: float


class AlarmUnauthorisedView(BaseModel):
    """Changes of a definition that were nobody's right: refused to the actor, or made without anybody's name."""

    alarm: str = Field(description="or what else the command was about, such as project")
    kind: str = Field(description="of the rows, such as alarm.change.refused or config.alarm.changed")
    actor: str
    count: int
    last: Seconds


class AlarmUpsetView(BaseModel):
    """An upset of the plant, and how many alarms were announced in the ten minutes from it."""

    start: Seconds
    kind: str = Field(description="of the row that told of it, such as estop.latched")
    subject: str
    count: int
    band: Literal["manageable", "demanding", "hard", "excessive"]


class AlarmAfterUpsetView(AlarmJudgedView):
    """The most alarms in the ten minutes from an upset, of how many upsets."""

    worst: int
    upsets: int


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
    conclusive: bool = Field(description="that is long enough for a judgement")
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
    stale_alarms: AlarmStaleCountView
    priorities: AlarmPrioritiesView
    time_to_ack_s: AlarmDelayView
    time_to_return_s: AlarmDelayView
    standing: AlarmLevelView
    shelved: AlarmLevelView
    unrecorded: list[AlarmUnrecordedView]
    unrecorded_silences: AlarmCountView
    overdue: list[AlarmOverdueView]
    overdue_shelves: AlarmCountView
    unauthorised: list[AlarmUnauthorisedView] = Field(description="the hundred that came most often")
    unauthorised_changes: AlarmCountView
    upsets: list[AlarmUpsetView]
    after_upset: AlarmAfterUpsetView
    histogram_10_min: list[AlarmHistogramView]
    series: list[AlarmBinView]
    areas: list[AlarmAreaView]
    band: Literal["acceptable", "manageable", "over-demanding", "unacceptable"]
