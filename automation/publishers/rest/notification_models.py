"""What goes in and out of the routes of notifications, as the document describes it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StrictStr, StringConstraints

from automation.publishers.rest.models import Seconds
from automation.publishers.rest.operation import Input


class ChannelTestBody(Input):
    """Who gets the test message; empty: the channel's own address."""

    person: Annotated[StrictStr, StringConstraints(max_length=120)] = ""


class ChannelTestView(BaseModel):
    """What came of a test message, in words."""

    ok: bool
    message: str
    seconds: float


class ChannelView(BaseModel):
    """A channel and how it fares since the start; waiting is the length of its queue."""

    name: str
    kind: Literal["smtp", "webhook", "slack"]
    target: str
    state: Literal["ok", "failing", "unused"]
    waiting: int
    sent: int
    failed_attempts: int
    given_up: int
    error: str
    last_sent: Seconds | None
    last_failed: Seconds | None


class PersonView(BaseModel):
    """Somebody of a roster. channels: where the person has an address. always: on duty all the time."""

    name: str
    channels: list[str]
    on_duty: bool
    always: bool


class RosterView(BaseModel):
    """People who are told, and who of them is on duty now."""

    name: str
    people: list[PersonView]


class NotificationStepView(BaseModel):
    """Who is told when; the first step comes first."""

    channel: str
    roster: str
    after_s: float


class NotificationRuleView(BaseModel):
    """A rule; an empty list matches every alarm. quiet: its quiet hours last now. watched: alarms that it cares for now."""

    name: str
    priorities: list[int]
    areas: list[str]
    classes: list[str]
    alarms: list[str]
    steps: list[NotificationStepView]
    delay_s: float
    until: Literal["acknowledged", "returned"]
    repeat_s: float | None
    on_clear: bool
    quiet: bool
    watched: int


class NotificationsView(BaseModel):
    """Channels, rosters and rules. waiting: messages in the queue. watched: alarms that rules care for now."""

    channels: list[ChannelView]
    rosters: list[RosterView]
    rules: list[NotificationRuleView]
    waiting: int
    watched: int


class DeliveriesQuery(Input):
    """A part of the deliveries, newest first."""

    channel: str | None = Field(None, max_length=64)
    state: Literal["waiting", "sent", "failed"] | None = None
    limit: int = Field(100, ge=1, le=1000)
    before: int | None = Field(None, ge=1, le=2**31 - 1, description="only deliveries with a smaller number")


class DeliveryView(BaseModel):
    """One message to one recipient. due: when it is tried next, or was last. done: when it was sent or given up."""

    seq: int
    id: str
    channel: str
    rule: str
    kind: str
    state: Literal["waiting", "sent", "failed"]
    recipient: str
    address: str
    subject: str
    text: str
    alarms: list[str]
    created: Seconds
    due: Seconds
    done: Seconds | None
    attempts: int
    error: str


class DeliveriesView(BaseModel):
    """Deliveries, newest first. next: ``before`` of the page that follows, null at the end."""

    items: list[DeliveryView]
    next: int | None
