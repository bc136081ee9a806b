"""What the outside sees of notifications: frozen pictures, without secrets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ChannelView:
    """A channel and how it fares; the numbers count since the start, but waiting and oldest are those of the queue.

    state: ``failing`` while nothing goes, ``ok`` once a message went, ``unused`` before.
    """

    name: str
    kind: str
    target: str
    state: str
    waiting: int
    sent: int
    failed_attempts: int
    given_up: int
    error: str
    last_sent: float | None
    last_failed: float | None


@dataclass(frozen=True, kw_only=True)
class PersonView:
    """Somebody of a roster. channels: those that the person has an address for. always: on duty all the time."""

    name: str
    channels: Sequence[str]
    on_duty: bool
    always: bool


@dataclass(frozen=True, kw_only=True)
class RosterView:
    """A roster at this instant."""

    name: str
    people: Sequence[PersonView]


@dataclass(frozen=True, kw_only=True)
class StepView:
    """Who is told when."""

    channel: str
    roster: str
    after_s: float


@dataclass(frozen=True, kw_only=True)
class RuleView:
    """A rule. quiet: True while its quiet hours last. watched: alarms that it cares for at this instant."""

    name: str
    priorities: Sequence[int]
    areas: Sequence[str]
    classes: Sequence[str]
    alarms: Sequence[str]
    steps: Sequence[StepView]
    delay_s: float
    until: str
    repeat_s: float | None
    on_clear: bool
    quiet: bool
    watched: int


@dataclass(frozen=True, kw_only=True)
class NotificationsView:
    """All of it at one instant."""

    channels: Sequence[ChannelView]
    rosters: Sequence[RosterView]
    rules: Sequence[RuleView]
    waiting: int
    watched: int
