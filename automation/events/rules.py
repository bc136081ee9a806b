"""What each kind of event is: one table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from functools import lru_cache
from itertools import product

from automation.model.alarm import Priority
from automation.model.sample import Value


class EventClass(Enum):
    """What an event is about."""

    ALARM = "alarm"
    TAG = "tag"
    OUTPUT = "output"
    MACHINE = "machine"
    SAFETY = "safety"
    USER = "user"
    CONFIGURATION = "configuration"
    NOTIFICATION = "notification"
    NOTE = "note"
    SYSTEM = "system"


class Criticality(IntEnum):
    """What is at stake if nobody sees the event: nothing, the work, process or data, people or the trust in the records."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """Its name in lower case, as it is stored and shown."""
        return self.name.lower()


@dataclass(frozen=True, kw_only=True)
class Rank:
    """What an event is, how soon somebody should look at it, and what is at stake."""

    event_class: EventClass
    priority: Priority
    criticality: Criticality

    @property
    def code(self) -> int:
        """The rank as one number, as the index keeps it."""
        return _CODES.index(self.event_class) * 100 + self.priority * 10 + self.criticality


VERSION = 2  # to be raised with every change of the rules: the next start makes the index anew


_CODES = tuple(EventClass)
_C, _P, _K = EventClass, Priority, Criticality

# The longest beginning that fits a kind counts; one that ends with a dot fits all below it.
_TABLE: Mapping[str, tuple[EventClass, Priority, Criticality]] = {
    "": (_C.SYSTEM, _P.LOW, _K.LOW),
    "alarm.": (_C.ALARM, _P.LOW, _K.LOW),  # a row that tells of a state has the rank of its alarm
    "alarm.resync": (_C.ALARM, _P.MEDIUM, _K.HIGH),
    "annotation.": (_C.NOTE, _P.DIAGNOSTIC, _K.LOW),
    "backup.": (_C.SYSTEM, _P.LOW, _K.MEDIUM),
    "backup.restored": (_C.SYSTEM, _P.HIGH, _K.CRITICAL),
    "config.": (_C.CONFIGURATION, _P.LOW, _K.MEDIUM),
    "dashboard.": (_C.NOTE, _P.DIAGNOSTIC, _K.LOW),
    "estop.": (_C.SAFETY, _P.HIGH, _K.CRITICAL),
    "estop.latched": (_C.SAFETY, _P.CRITICAL, _K.CRITICAL),
    "estop.trip": (_C.SAFETY, _P.CRITICAL, _K.CRITICAL),
    "event.": (_C.NOTE, _P.DIAGNOSTIC, _K.LOW),
    "history.removed": (_C.SYSTEM, _P.DIAGNOSTIC, _K.LOW),
    "journal.": (_C.SYSTEM, _P.LOW, _K.MEDIUM),
    "journal.overrun": (_C.SYSTEM, _P.HIGH, _K.CRITICAL),
    "lease.": (_C.OUTPUT, _P.LOW, _K.MEDIUM),
    "link.": (_C.CONFIGURATION, _P.LOW, _K.LOW),
    "link.certificate": (_C.CONFIGURATION, _P.MEDIUM, _K.HIGH),
    "logbook.": (_C.NOTE, _P.DIAGNOSTIC, _K.LOW),
    "login": (_C.USER, _P.DIAGNOSTIC, _K.LOW),
    "login.failed": (_C.USER, _P.MEDIUM, _K.HIGH),
    "login.locked": (_C.USER, _P.HIGH, _K.CRITICAL),
    "logout": (_C.USER, _P.DIAGNOSTIC, _K.LOW),
    "machine.": (_C.MACHINE, _P.LOW, _K.MEDIUM),
    "machine.fault": (_C.MACHINE, _P.HIGH, _K.HIGH),
    "machine.state": (_C.MACHINE, _P.DIAGNOSTIC, _K.LOW),
    "notification.": (_C.NOTIFICATION, _P.LOW, _K.LOW),
    "notification.nobody": (_C.NOTIFICATION, _P.HIGH, _K.HIGH),
    "output.": (_C.OUTPUT, _P.LOW, _K.MEDIUM),
    "output.made_safe": (_C.OUTPUT, _P.HIGH, _K.HIGH),
    "output.tag_out": (_C.OUTPUT, _P.MEDIUM, _K.HIGH),
    "output.tag_out.": (_C.OUTPUT, _P.MEDIUM, _K.HIGH),
    "project.": (_C.CONFIGURATION, _P.MEDIUM, _K.HIGH),
    "project.export": (_C.CONFIGURATION, _P.DIAGNOSTIC, _K.LOW),
    "reference.": (_C.CONFIGURATION, _P.LOW, _K.LOW),
    "replay.": (_C.SYSTEM, _P.DIAGNOSTIC, _K.LOW),
    "runtime.": (_C.SYSTEM, _P.MEDIUM, _K.MEDIUM),
    "tag.": (_C.TAG, _P.LOW, _K.MEDIUM),
    "tag.forced": (_C.TAG, _P.HIGH, _K.HIGH),
    "tag.in_service": (_C.TAG, _P.MEDIUM, _K.MEDIUM),
    "tag.out_of_service": (_C.TAG, _P.MEDIUM, _K.HIGH),
    "tag.released": (_C.TAG, _P.MEDIUM, _K.MEDIUM),
    "trend_group.": (_C.NOTE, _P.DIAGNOSTIC, _K.LOW),
    "user.": (_C.USER, _P.MEDIUM, _K.HIGH),
    "user.preferences": (_C.USER, _P.DIAGNOSTIC, _K.LOW),
}
# What did not come about weighs at least this much, unless the table names the very kind.
_ENDINGS: Mapping[str, tuple[Priority, Criticality]] = {
    ".refused": (_P.MEDIUM, _K.MEDIUM),
    ".failed": (_P.HIGH, _K.HIGH),
}
_OF_ALARMS: Mapping[Priority, Criticality] = {
    _P.CRITICAL: _K.CRITICAL,
    _P.HIGH: _K.HIGH,
    _P.MEDIUM: _K.MEDIUM,
    _P.LOW: _K.LOW,
    _P.DIAGNOSTIC: _K.LOW,
}
_TO_OUTPUTS = "tag.put"


def rank_of(kind: str, details: Mapping[str, Value]) -> Rank:
    """The rank of an event; that of a state of an alarm is the alarm's own."""
    event_class, priority, criticality = _TABLE[_fitting(kind)]
    own = _priority(details.get("priority"))
    if event_class is EventClass.ALARM and "to" in details and own is not None:
        return Rank(event_class=event_class, priority=own, criticality=_OF_ALARMS[own])
    if kind not in _TABLE:
        for ending, (least, at_stake) in _ENDINGS.items():
            if kind.endswith(ending):
                priority, criticality = min(priority, least), max(criticality, at_stake)
    if kind.startswith(_TO_OUTPUTS) and details.get("output") is True:
        event_class = EventClass.OUTPUT
    return Rank(event_class=event_class, priority=priority, criticality=criticality)


def rank_of_code(code: int) -> Rank:
    """The rank of its number."""
    return Rank(event_class=_CODES[code // 100], priority=Priority(code // 10 % 10), criticality=Criticality(code % 10))


def ranks() -> Iterable[Rank]:
    """Every rank that there may be."""
    for event_class, priority, criticality in product(EventClass, Priority, Criticality):
        yield Rank(event_class=event_class, priority=priority, criticality=criticality)


def _priority(value: Value) -> Priority | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return Priority(value) if Priority.CRITICAL <= value <= Priority.DIAGNOSTIC else None


@lru_cache(maxsize=1_000)
def _fitting(kind: str) -> str:
    if kind in _TABLE:
        return kind
    while "." in kind:
        kind = kind[: kind.rindex(".")]
        if f"{kind}." in _TABLE:
            return f"{kind}."
    return ""
