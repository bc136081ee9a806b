"""What is declared: rules, rosters and what channels they use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from zoneinfo import ZoneInfo

from automation.observers.notifications.news import AlarmNews
from automation.observers.notifications.schedule import Shift, covered_until


@dataclass(frozen=True, kw_only=True)
class Flood:
    """More than count alarms within within_s become one message. gather_s: how long the first waits for those that follow."""

    count: int = 10
    within_s: float = 60.0
    gather_s: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Step:
    """Who is told when. after_s: since the first message. roster: empty for a channel that is a room."""

    channel: str
    roster: str = ""
    after_s: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """Hours in which messages wait, except those of the most urgent alarms."""

    shifts: Sequence[Shift]
    except_priorities: frozenset[int] = frozenset({1})


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Who is told what, and when; an empty set or sequence matches everything.

    areas: these and what lies below them. alarms: patterns of names. first: who is told first, delay_s after the alarm was
    raised. steps: who else, in order, ``until`` the alarm is acknowledged or has returned. repeat_s: how often who was told is
    told again, repeat_times at most. subject, text, clear_text: templates, empty for the usual words.
    """

    name: str
    first: Step
    priorities: frozenset[int] = frozenset()
    areas: Sequence[str] = ()
    classes: frozenset[str] = frozenset()
    alarms: Sequence[str] = ()
    delay_s: float = 0.0
    steps: Sequence[Step] = ()
    until_returned: bool = False
    repeat_s: float | None = None
    repeat_times: int = 10
    on_clear: bool = False
    quiet: Sequence[Quiet] = ()
    flood: Flood = field(default_factory=Flood)
    subject: str = ""
    text: str = ""
    clear_text: str = ""

    def matches(self, news: AlarmNews) -> bool:
        """True if the rule is for the alarm."""
        return (
            (not self.priorities or news.priority in self.priorities)
            and (not self.areas or any(f"{news.area}/".startswith(f"{area.rstrip('/')}/") for area in self.areas))
            and (not self.classes or news.alarm_class in self.classes)
            and (not self.alarms or any(fnmatchcase(news.name, pattern) for pattern in self.alarms))
        )

    def loud_from(self, instant: float, priority: int, zone: ZoneInfo) -> float:
        """When a message that is due at the instant may go: then, or at the end of quiet hours."""
        shifts = [shift for quiet in self.quiet if priority not in quiet.except_priorities for shift in quiet.shifts]
        end = covered_until(shifts, instant, zone)
        return instant if end is None else end


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who is told. addresses: by channel. shifts: when on duty; none: always."""

    name: str
    addresses: Mapping[str, str] = field(default_factory=dict)
    shifts: Sequence[Shift] = ()

    def on_duty(self, now: float, zone: ZoneInfo) -> bool:
        """True if the instant is within a shift."""
        return not self.shifts or any(shift.until(now, zone) is not None for shift in self.shifts)


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Where one message goes. name: of the person, or of all who are on duty where the channel is a room."""

    channel: str
    name: str = ""
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that is declared. personal: the names of channels that speak to each person alone; the others are rooms."""

    site: str = ""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    rules: Sequence[Rule] = ()
    rosters: Mapping[str, Sequence[Person]] = field(default_factory=dict)
    personal: frozenset[str] = frozenset()

    def recipients(self, step: Step, now: float) -> Sequence[Recipient]:
        """Who hears a message of the step at this instant; nobody if nobody of its roster is on duty."""
        people = [person for person in self.rosters.get(step.roster, ()) if person.on_duty(now, self.zone)]
        if step.channel in self.personal:
            addresses = [(person.name, person.addresses[step.channel]) for person in people if step.channel in person.addresses]
            return [Recipient(channel=step.channel, name=name, address=address) for name, address in addresses]
        if step.roster and not people:
            return ()
        names = ", ".join(person.name for person in people)
        mentions = " ".join(person.addresses[step.channel] for person in people if step.channel in person.addresses)
        return [Recipient(channel=step.channel, name=names, address=mentions)]
