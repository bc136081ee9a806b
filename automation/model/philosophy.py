"""What a site decides about all its alarms (the alarm philosophy of ISA-18.2): classes, and guidance by area."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields

from automation.model.alarm import AlarmDefinition, Priority
from automation.model.errors import ConfigError

# The longest time that an operator may shelve an alarm whose class says nothing, s, counted from when it was first shelved.
MAX_SHELVE_S: Mapping[Priority, float] = {
    Priority.CRITICAL: 3_600.0,
    Priority.HIGH: 14_400.0,
    Priority.MEDIUM: 28_800.0,
    Priority.LOW: 28_800.0,
    Priority.DIAGNOSTIC: 86_400.0,
}


@dataclass(frozen=True, kw_only=True)
class AlarmClass:
    """Alarms that are managed alike.

    shelvable: operators may shelve them, and engineers suppress them. max_shelve_s: for how long, None for what the priority
    allows. ack_permission: what acknowledging needs beyond the usual permission, empty for nothing.
    """

    name: str = ""
    description: str = ""
    shelvable: bool = True
    max_shelve_s: float | None = None
    ack_permission: str = ""

    def longest_shelf_s(self, priority: Priority) -> float:
        """How long an operator may shelve an alarm of the class, 0 if not at all."""
        if not self.shelvable:
            return 0.0
        return MAX_SHELVE_S[priority] if self.max_shelve_s is None else self.max_shelve_s


PLAIN_CLASS = AlarmClass()


@dataclass(frozen=True, kw_only=True)
class Guidance:
    """What operators read of an alarm. response_s: the time that they have, 0 if nobody said. display: where they look."""

    consequence: str = ""
    cause: str = ""
    action: str = ""
    response_s: float = 0.0
    display: str = ""

    @classmethod
    def own(cls, definition: AlarmDefinition) -> Guidance:
        """What the alarm itself says."""
        return cls(**{one.name: getattr(definition, one.name) for one in fields(cls)})


GUIDANCE_FIELDS = tuple(one.name for one in fields(Guidance))
# What an alarm needs to be rationalized (ISA-18.2 clause 9), by field.
_NEEDED = {"consequence": "consequence", "cause": "cause", "action": "action", "response_s": "response time"}


@dataclass(frozen=True, kw_only=True)
class Effective:
    """The guidance that counts for an alarm. origins: the area that a field is inherited from, by the field, nearest first."""

    guidance: Guidance
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def sources(self) -> tuple[str, ...]:
        """The areas that some of it is inherited from, the nearest first."""
        return tuple(dict.fromkeys(self.origins.values()))

    @property
    def missing(self) -> tuple[str, ...]:
        """What nobody said of it, in words."""
        return tuple(words for name, words in _NEEDED.items() if not getattr(self.guidance, name))


@dataclass(frozen=True, kw_only=True)
class Philosophy:
    """The classes by name, and the guidance by path of an area, which counts for all areas below that say nothing else."""

    classes: Mapping[str, AlarmClass] = field(default_factory=dict)
    guidance: Mapping[str, Guidance] = field(default_factory=dict)

    def class_of(self, definition: AlarmDefinition) -> AlarmClass:
        """The class of the alarm. Raises ``ConfigError`` naming alarm and class if there is no such class."""
        name = definition.alarm_class
        found = self.classes.get(name) if name else PLAIN_CLASS
        if found is None:
            raise ConfigError(f"alarm {definition.name}: alarm_class {name}: {self.known_classes()}")
        return found

    def known_classes(self) -> str:
        """What there is in place of an unknown class, in words."""
        return f"unknown class; known are {', '.join(self.classes)}" if self.classes else "no classes are configured"

    def inherited(self, area: str) -> Effective:
        """What counts for an alarm in that area that says nothing itself."""
        return self.effective(Guidance(), area)

    def effective(self, said: AlarmDefinition | Guidance, area: str) -> Effective:
        """What counts for the alarm in that area: field by field what it says itself, or else the nearest area above it."""
        found = {name: value for name in GUIDANCE_FIELDS if (value := getattr(said, name))}
        origins: dict[str, str] = {}
        for path in _upwards(area):
            given = self.guidance.get(path)
            more = {} if given is None else {n: v for n in GUIDANCE_FIELDS if n not in found and (v := getattr(given, n))}
            found |= more
            origins |= dict.fromkeys(more, path)
        return Effective(guidance=Guidance(**found), origins=origins)


PLAIN = Philosophy()


def _upwards(area: str) -> Iterator[str]:
    """The area and those above it, the nearest first."""
    parts = [part for part in area.split("/") if part]
    for count in range(len(parts), 0, -1):
        yield "/".join(parts[:count])
