"""What goes in and out of the event log, as the document describes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StrictStr, StringConstraints, ValidationInfo, field_validator

from automation.events.rules import Criticality, EventClass
from automation.publishers.rest.models import Seconds
from automation.publishers.rest.operation import Input

Time: TypeAlias = Annotated[float | None, Field(allow_inf_nan=False)]
CriticalityWord: TypeAlias = Literal["low", "medium", "high", "critical"]
_CLASSES = tuple(one.value for one in EventClass)


class Span(Input):
    """A stretch of time."""

    start: Time = Field(None, description="POSIX seconds")
    end: Time = Field(None, description="POSIX seconds, not included")

    @field_validator("end")
    @classmethod
    def _after_start(cls, end: float | None, info: ValidationInfo) -> float | None:
        start = info.data.get("start")
        if start is not None and end is not None and not start < end:
            raise ValueError(f"must be after start {start}")
        return end


class EventFilterQuery(Span):
    """Which events; all that is given must hold."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)

    classes: str = Field("", alias="class", max_length=200, description="such as user, several with commas between")
    priority: int | None = Field(None, ge=1, le=5, description="this urgent or more; 1 is the most urgent")
    criticality: CriticalityWord | None = Field(None, description="this grave or more")
    kind: str = Field("", max_length=64, description="beginning of the kind, such as alarm")
    subject: str = Field("", max_length=128, description="what it is about")
    actor: str = Field("", max_length=128, description="who did it; system for the runtime itself")
    tag: str = Field("", max_length=128)
    area: str = Field("", max_length=200, description="this area and all below it")
    text: str = Field("", max_length=200, description="part of kind, subject, tag, area or message, upper or lower case")

    @field_validator("classes")
    @classmethod
    def _known(cls, words: str) -> str:
        unknown = [word for word in parted(words) if word not in _CLASSES]
        if unknown:
            raise ValueError(f"unknown {unknown[0]!r:.40}; there are {', '.join(_CLASSES)}")
        return words


class EventsQuery(EventFilterQuery):
    """A part of the events, newest first."""

    limit: int = Field(200, ge=1, le=1000)
    before: int | None = Field(None, ge=1, le=2**62, description="only events with a smaller number")


class EventView(BaseModel):
    """An event. comments: how many people made on it."""

    model_config = ConfigDict(populate_by_name=True)

    seq: int
    time: Seconds
    kind: str
    class_: Annotated[str, Field(alias="class")]
    priority: int
    criticality: CriticalityWord
    subject: str
    message: str
    actor: str
    origin: str
    tag: str
    area: str
    comments: int
    details: dict[str, Any]


class EventsView(BaseModel):
    """Events, newest first.

    next: what to give as before to go on, null at the end; a page may have fewer than were asked for. missing: how many of the
    newest are not in the index yet, such as after an upgrade with a long journal; it makes up for them by itself.
    """

    items: list[EventView]
    next: int | None
    missing: int


class EventCommentView(BaseModel):
    """A comment on an event."""

    seq: int
    time: Seconds
    author: str
    comment: str


class OneEventView(EventView):
    """An event with the comments on it, oldest first."""

    remarks: list[EventCommentView]


class EventCommentBody(Input):
    """What a person says of an event."""

    comment: Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


def parted(words: str) -> tuple[str, ...]:
    """The words between commas."""
    return tuple(word for part in words.split(",") if (word := part.strip()))


def criticality_of(word: CriticalityWord | None) -> Criticality | None:
    """The criticality of that name."""
    return None if word is None else Criticality[word.upper()]
