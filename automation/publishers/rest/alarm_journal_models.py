"""What goes in and out of the alarm journal, as the document describes it."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from automation.observers.alarms.journal.row import EVENTS, STATES
from automation.publishers.rest.models import Seconds
from automation.publishers.rest.operation import Input

Time: TypeAlias = Annotated[float | None, Field(allow_inf_nan=False)]
_PRIORITY_WORDS = ("1", "2", "3", "4", "5")
_KNOWN = {"priority": _PRIORITY_WORDS, "event": EVENTS, "state": STATES}


class AlarmsAskedFor(Input):
    """Which alarms, and when; all that is given must hold."""

    start: Time = Field(None, description="POSIX seconds")
    end: Time = Field(None, description="POSIX seconds, not included")
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


def parted(words: str) -> tuple[str, ...]:
    """The words between commas."""
    return tuple(word for part in words.split(",") if (word := part.strip()))
