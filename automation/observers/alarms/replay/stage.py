"""One alarm configuration on stage: the real alarms, whose rows are counted and not kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from automation.cvt.table import Cvt
from automation.model.alarm import AlarmDefinition
from automation.model.errors import ConflictError
from automation.model.event import Event
from automation.observers.alarms.facts import Facts
from automation.observers.alarms.manager import AlarmManager
from automation.observers.alarms.replay.course import Courses
from automation.observers.alarms.rows import RAISED
from automation.observers.alarms.store import AlarmRecord

_ACTOR = "replay"


class _Rows:
    """An alarm store that begins with these facts, hands every row on and keeps nothing."""

    def __init__(self, facts: Mapping[str, Facts], tell: Callable[[Event], None]) -> None:
        self._facts = facts
        self._tell = tell

    def load(self) -> Mapping[str, Facts]:
        """The facts at the beginning."""
        return self._facts

    def save(self, records: Sequence[AlarmRecord], events: Sequence[Event], removed: Sequence[str] = ()) -> None:
        """Hand the rows on."""
        for event in events:
            self._tell(event)


class Stage:
    """The alarms of one configuration over a table that somebody else fills; each is acknowledged as soon as it is raised.

    facts: of the alarms at the beginning. courses: told of every row. Raises ``ConfigError`` if a definition does not fit.
    """

    def __init__(self, definitions: Iterable[AlarmDefinition], cvt: Cvt, facts: Mapping[str, Facts], courses: Courses) -> None:
        self.courses = courses
        self._raised: list[str] = []
        known = {name: one for name, one in facts.items() if name in courses.by_name}
        plain = [replace(one, alarm_class="") for one in definitions]  # how people may treat it changes nothing here
        self._manager = AlarmManager(plain, cvt, _Rows(known, self._hear))

    def run_until(self, time: float) -> None:
        """Let the delays run out that end before the time, each at its own instant."""
        while (due := self._manager.due) < time:
            self.step(due)

    def step(self, now: float) -> None:
        """Judge what the table took, as of now."""
        self._manager.step(now)
        raised, self._raised = self._raised, []
        for name in raised:
            with suppress(ConflictError):  # of a kind that asks for none
                self._manager.acknowledge(name, _ACTOR, "", None, now)

    def close(self) -> None:
        """Leave the table."""
        self._manager.close()

    def _hear(self, event: Event) -> None:
        self.courses.take(event)
        if event.kind == RAISED:
            self._raised.append(event.subject)
