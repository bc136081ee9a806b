"""An alarm at its post: what was declared, the tag that it watches, and how both change while it runs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from automation.expressions.judged import Judged
from automation.model.alarm import AlarmDefinition, members_of
from automation.model.errors import ConfigError
from automation.model.event import Event
from automation.model.philosophy import AlarmClass, Philosophy
from automation.model.tag import DataType, Tag
from automation.observers.alarms.alarm import Alarm
from automation.observers.alarms.gate import gate_of
from automation.observers.alarms.ledger import Entry
from automation.observers.alarms.members import members_for
from automation.observers.alarms.rows import Watched
from automation.observers.alarms.validation import check_fit, check_inputs, in_tag_unit
from automation.observers.alarms.view import Likeness
from automation.observers.alarms.watch import Watch
from automation.system.clock import NEVER

log = logging.getLogger(__name__)


# Stands in where an alarm that watches others has no tag.
TAGLESS = Tag(name="ALARMS", type=DataType.BOOL)


class New(NamedTuple):
    """A definition that was checked: as declared, in the unit of its tag, the tag, the class, and when it is heard."""

    declared: AlarmDefinition
    converted: AlarmDefinition
    tag: Tag
    alarm_class: AlarmClass
    gate: Judged | None


class Cause(NamedTuple):
    """When, by whom and from where something is changed."""

    now: float
    actor: str
    origin: str


class Mutes(NamedTuple):
    """Alarms that one keeps silent, and the reason. early: from the first abnormal sample, not only once it is raised."""

    targets: Sequence[str]
    reason: str
    early: bool


class Post:
    """An alarm with its place in the table. declared: its definition as given, while the alarm's is in the unit of its tag.

    watch is None while its tag is not there, or is one that it does not fit, and while the alarm is disabled. gate: the condition
    under which it is heard, None if it always is. mutes: what the alarm keeps silent; release_due: when those are heard that are
    still active. members: what it knows of the alarms that it watches, None if it watches a tag. member_of: the alarms that watch
    it. likeness: what people see of it.
    """

    __slots__ = (
        "alarm",
        "declared",
        "gate",
        "index",
        "likeness",
        "member_of",
        "members",
        "mutes",
        "release_due",
        "tag",
        "watch",
    )

    def __init__(self, new: New, alarm: Alarm) -> None:
        self.declared = new.declared
        self.alarm = alarm
        self.tag = new.tag
        self.gate = new.gate
        self.watch: Watch | None = None
        self.index = 0
        self.mutes: Mutes | None = None
        self.release_due = NEVER
        self.members = members_for(new.converted.condition)
        self.member_of: tuple[str, ...] = ()
        self.likeness = Likeness()

    @property
    def judged(self) -> bool:
        """True if the alarm is at work: enabled, with its tag in the table or with members."""
        return self.watch is not None or (self.members is not None and self.declared.enabled)

    @property
    def due(self) -> float:
        """When time alone moves the alarm, ``NEVER`` if it does not or the alarm is not judged."""
        if not self.judged:
            return NEVER
        members = NEVER if self.members is None else self.members.due
        return min(self.alarm.due, self.alarm.look_due, self.release_due, members)

    @property
    def watched(self) -> Watched:
        """The definition in force, with its tag."""
        return self.alarm.in_force, self.tag

    def follow(self, tag: Tag) -> bool:
        """Watch the tag as it is now, whose unit may be another one; False if that cannot be."""
        if tag is self.tag:
            return True
        try:
            definition = in_tag_unit(self.declared, tag)
        except ConfigError as error:
            log.warning("%s; it is not judged", error)
            return False
        self.alarm = self.alarm.redefined(definition)
        self.tag = tag
        return True


def checked(definition: AlarmDefinition, tag_of: Callable[[str], Tag | None], philosophy: Philosophy) -> New:
    """The definition ready to be watched.

    Raises ``ConfigError`` naming alarm and field if it does not fit its tag, or if there is no such class.
    """
    if members_of(definition.condition):
        return New(definition, definition, TAGLESS, philosophy.class_of(definition), gate_of(definition))
    tag = tag_of(definition.tag)
    if tag is None:
        raise ConfigError(f"alarm {definition.name}: tag {definition.tag}: unknown tag")
    check_fit(definition, tag)
    check_inputs(definition, tag, tag_of)
    return New(definition, in_tag_unit(definition, tag), tag, philosophy.class_of(definition), gate_of(definition))


def check_names(staying: Iterable[str], new: Iterable[New]) -> None:
    """Do nothing if no name is given twice. Raises ``ConfigError``."""
    taken = set(staying)
    for one in new:
        if one.declared.name in taken:
            raise ConfigError(f"alarm {one.declared.name}: the name is already in use")
        taken.add(one.declared.name)


def closed(post: Post, event: Event) -> Entry:
    """The last entry of an alarm under its name."""
    definition, tag = post.watched
    return Entry(event=event, name=definition.name, definition=definition, tag=tag)


def opened(post: Post, event: Event) -> Entry:
    """The entry of an alarm that goes on under this definition."""
    definition, tag = post.watched
    return Entry(event=event, name=definition.name, facts=post.alarm.facts, definition=definition, tag=tag)
