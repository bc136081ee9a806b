"""How the historian fares, as tags, so that people trend it, alarms watch it and other systems read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from automation.cvt.table import Cvt
from automation.model.alarm import AlarmDefinition, Bool, High, Level, Levels, Priority
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.model.tag import DataType, Tag
from automation.observers.historian.recorder import RecorderStatus

PERIOD_S = 1.0
UP, SPOOL, WAITING, LOST, QUARANTINED = (f"HISTORY.{word}" for word in ("UP", "SPOOL", "WAITING", "LOST", "QUARANTINED"))
NAMES = (UP, SPOOL, WAITING, LOST, QUARANTINED)
_COUNTERS = {
    LOST: "Samples for which neither database nor disk had room, since the start",
    QUARANTINED: "Samples that the database refused and that were set aside, since the start",
}


def history_tags() -> list[Tag]:
    """The declarations of the historian's own tags."""
    return [
        Tag(name=UP, type=DataType.BOOL, initial=True, system=True, description="The history database takes samples"),
        Tag(
            name=SPOOL,
            unit="%",
            precision=1,
            initial=0.0,
            range=(0.0, 100.0),
            history_deadband=1.0,
            system=True,
            description="How full the disk space is in which samples wait for the database",
        ),
        Tag(
            name=WAITING,
            type=DataType.INT,
            initial=0,
            history=False,
            system=True,
            description="Batches of samples that wait in memory",
        ),
        *(Tag(name=name, type=DataType.INT, initial=0, system=True, description=text) for name, text in _COUNTERS.items()),
    ]


def history_alarms() -> Sequence[AlarmDefinition]:
    """The alarms that the historian brings with it."""
    return [
        AlarmDefinition(
            name="HISTORY.DOWN",
            tag=UP,
            condition=Bool(alarm_value=False),
            priority=Priority.MEDIUM,
            on_delay_s=10.0,
            description="The history database takes no samples",
            cause="Database stopped, locked, full, or not reachable",
            action="Look at the health page for what it says; samples wait on disk meanwhile",
        ),
        AlarmDefinition(
            name=SPOOL,
            tag=SPOOL,
            condition=Levels(
                high=Level(limit=20.0, deadband=5.0), high_high=Level(limit=80.0, deadband=5.0, priority=Priority.HIGH)
            ),
            priority=Priority.MEDIUM,
            description="Samples wait on disk for the history database",
            cause="The database has been away for long, or is too slow",
            consequence="When the disk space for them is full, history is lost",
            action="Bring the database back; make room on its disk",
        ),
        AlarmDefinition(
            name=LOST,
            tag=LOST,
            condition=High(limit=0.0),
            priority=Priority.HIGH,
            description="History was lost since the start of the runtime",
            cause="Neither the database nor the disk had room",
            action="Make room; note the time, from which history has a hole",
        ),
        AlarmDefinition(
            name=QUARANTINED,
            tag=QUARANTINED,
            condition=High(limit=0.0),
            priority=Priority.LOW,
            description="The history database refused samples, which were set aside",
            cause="A value that does not fit the database",
            action="See spool/quarantine.jsonl in the data folder for samples and reasons",
        ),
    ]


class HistoryDiagnostics:
    """The historian's own tags in the table. ``step`` belongs into a Worker other than the recorder's, which may hang."""

    def __init__(self, cvt: Cvt, status: Callable[[], RecorderStatus], now: float) -> None:
        self._status = status
        self._group = cvt.add(history_tags(), now)
        self._told: Sequence[Value] = ()

    def step(self, now: float) -> None:
        """Tell how the historian fares."""
        values = _values(self._status())
        if values != self._told:
            self._told = values
            self._group.update(values, Quality.GOOD, now, now)


def _values(status: RecorderStatus) -> Sequence[Value]:
    return [not status.error, min(100.0, round(status.spool_pct, 3)), status.waiting, status.lost, status.quarantined]
