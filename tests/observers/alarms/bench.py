"""A manager on a table with one tag, for the cases of the alarm specification."""

from __future__ import annotations

from collections.abc import Sequence

from automation.cvt.table import Cvt
from automation.model.alarm import AlarmDefinition, BadQuality, High, Priority
from automation.model.event import Event
from automation.model.philosophy import PLAIN, Philosophy
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.model.tag import Tag
from automation.observers.alarms.analytics.cover import Interval
from automation.observers.alarms.analytics.report import Question, report
from automation.observers.alarms.analytics.rows import analytics_row
from automation.observers.alarms.manager import AlarmManager
from automation.observers.alarms.view import AlarmView
from automation.storage.days import local_day
from automation.testing.alarm_journal import settled_rows
from automation.testing.clock import FakeClock
from automation.testing.stores import MemoryAlarmStore

TAG = Tag(name="T", unit="bar", area="station/pumps")
HIGH = AlarmDefinition(name="T.H", tag="T", condition=High(limit=80.0), priority=Priority.HIGH)
BAD = AlarmDefinition(name="T.BAD", tag="T", condition=BadQuality())
LOUD, NORMAL = 81.0, 70.0


class Bench:
    """A manager on a table with one tag, stepped by hand; what listeners hear and what the store keeps is seen."""

    def __init__(
        self,
        clock: FakeClock,
        *definitions: AlarmDefinition,
        store: MemoryAlarmStore | None = None,
        philosophy: Philosophy = PLAIN,
    ) -> None:
        self.clock = clock
        self.definitions = definitions or (HIGH,)
        self.store = store or MemoryAlarmStore()
        self.cvt = Cvt()
        self.group = self.cvt.add((TAG,), clock.now())
        self.manager = AlarmManager(self.definitions, self.cvt, self.store, philosophy=philosophy)
        self.heard: list[tuple[AlarmView, Event]] = []
        self.manager.on_transition(lambda view, event: self.heard.append((view, event)))

    def feed(self, *values: Value, quality: Quality = Quality.GOOD) -> None:
        for value in values:
            self.clock.advance(1.0)
            self.group.update([value], quality, self.clock.now(), self.clock.now())
            self.manager.step(self.clock.now())

    def wait(self, seconds: float) -> None:
        """Let time pass without a sample."""
        self.clock.advance(seconds)
        self.manager.step(self.clock.now())

    def restart(self, after_s: float) -> Bench:
        """A new process on the same store, so much later, which has not seen a sample yet."""
        self.manager.close()
        self.clock.advance(after_s)
        bench = Bench(self.clock, *self.definitions, store=self.store)
        bench.manager.step(self.clock.now())
        return bench

    def ack(self, comment: str = "") -> None:
        self.manager.acknowledge("T.H", "ana", comment, None, self.clock.now())

    def shelve(self, for_s: float | None = None, *, one_shot: bool = False) -> None:
        self.manager.shelve("T.H", "ben", "noisy sensor", self.clock.now(), for_s=for_s, one_shot=one_shot)

    def unshelve(self) -> None:
        self.manager.unshelve("T.H", "ana", "repaired", self.clock.now())

    def suppress(self, reason: str) -> None:
        self.manager.suppress("T.H", "eve", reason, self.clock.now())

    def unsuppress(self, reason: str) -> None:
        self.manager.unsuppress("T.H", "eve", reason, self.clock.now())

    def take_out(self) -> None:
        self.manager.take_out_of_service("T.H", "max", "calibration", "WO-17", self.clock.now())

    def bring_back(self) -> None:
        self.manager.return_to_service("T.H", "max", "done", self.clock.now())

    @property
    def view(self) -> AlarmView:
        return self.manager.get("T.H")

    @property
    def states(self) -> tuple[str, str]:
        """What people see, and what is underneath."""
        return self.view.state, self.view.core_state

    @property
    def announced(self) -> Sequence[str]:
        """The kinds of the rows that people are told of."""
        return [event.kind for event in self.store.events if event.details.get("annunciated")]

    @property
    def last(self) -> Event:
        return self.store.events[-1]

    @property
    def counted(self) -> int:
        """How many alarms the analytics of all that has been count."""
        end = self.clock.now() + 1.0
        cover = [Interval(0.0, end)]
        question = Question(start=end - 86_400.0, end=end, cover=cover, configured={}, day_of=local_day("UTC"))
        return int(report([analytics_row(row) for _, row in settled_rows(self.store.events)], question)["count"])
