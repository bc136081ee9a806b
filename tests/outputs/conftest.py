"""A table with one tag of each kind, the real guard in memory, and a device that a poll reads back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from automation.cvt.table import Cvt
from automation.guard.config import GuardConfig, GuardedLink, GuardedOutput
from automation.guard.modbus_wire import Table
from automation.model.errors import AutomationError, InvalidValueError
from automation.model.output import Output
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import DataType, Scale, Tag
from automation.outputs.outputs import Outputs
from automation.outputs.tag_outs import TagOuts
from automation.testing.clock import FakeClock
from automation.testing.device import MemoryDevice
from automation.testing.guard import LockstepGuard
from automation.testing.stores import MemoryTagOutStore

COUNTS = Scale(raw=(0, 27_648), eng=(0.0, 100.0))
TAGS = (
    Output(name="PUMP", type=DataType.BOOL, source="plc/coil:0", safe=False, continuous=True),
    Output(name="LAMP", type=DataType.BOOL, source="plc/coil:2", safe=False, continuous=True, estop=False),
    Output(name="AUTO", type=DataType.BOOL, source="plc/coil:3", safe=False, continuous=True, writable=False),
    Output(name="SPEED", source="plc/holding:10", safe=0.0, scale=COUNTS, range=(0.0, 100.0)),
    Tag(name="LIMIT", source="plc/holding:40", scale=COUNTS, writable=True),
    Tag(name="LEVEL", source="plc/input:0"),
    Tag(name="SP", initial=1.0, writable=True),
    Tag(name="STEP", type=DataType.INT, initial=0),
    Tag(name="DOUBLE", expression="2 * LEVEL"),
    Tag(name="LINK.plc.UP", type=DataType.BOOL, system=True),
)


def raw_of(tag: Tag, value: Value) -> Value:
    return round(tag.scale.to_raw(float(value))) if tag.scale is not None and value is not None else value


def words_of(tag: Tag, value: Value) -> Sequence[int]:
    raw = raw_of(tag, value)
    if not isinstance(raw, int):
        raise InvalidValueError(f"{tag.name}: {raw} is no count")
    return [int(raw)]


class PolledDevices:
    """The links as outputs use them: a refresh reads the device into the table at once, unless it is not polled."""

    def __init__(self, cvt: Cvt, memory: MemoryDevice, clock: FakeClock) -> None:
        self.polled = True
        self.off_by = 0
        self.failure: AutomationError | None = None
        self._cvt = cvt
        self._memory = memory
        self._clock = clock

    def write(self, link: str, address: str, raw: Value) -> None:
        if self.failure is not None:
            raise self.failure
        assert isinstance(raw, int)
        table, _, offset = address.partition(":")
        self._memory.set(Table(table), int(offset), [raw])

    def refresh(self, tag: Tag) -> None:
        if not self.polled or tag.address is None:
            return
        table, _, offset = tag.address.partition(":")
        raw = self._memory.value(Table(table), int(offset)) + self.off_by
        value: Value = tag.scale.to_eng(raw) if tag.scale is not None else bool(raw)
        now = self._clock.now()
        self._cvt.update(tag.name, Sample(value, Quality.GOOD, now, now))


@pytest.fixture
def memory() -> MemoryDevice:
    return MemoryDevice()


@pytest.fixture
def cvt(clock: FakeClock) -> Cvt:
    cvt = Cvt()
    cvt.add(TAGS, clock.now())
    return cvt


@pytest.fixture
def devices(cvt: Cvt, memory: MemoryDevice, clock: FakeClock) -> PolledDevices:
    return PolledDevices(cvt, memory, clock)


@pytest.fixture
def guard(tmp_path: Path, clock: FakeClock, memory: MemoryDevice) -> Iterator[LockstepGuard]:
    places = {"PUMP": (Table.COIL, 0), "LAMP": (Table.COIL, 2), "AUTO": (Table.COIL, 3), "SPEED": (Table.HOLDING, 10)}
    config = GuardConfig(
        state_dir=str(tmp_path),
        links=(GuardedLink(name="plc", host="127.0.0.1", port=1),),
        outputs=tuple(
            GuardedOutput(name=name, link="plc", unit=1, table=table, offset=offset, safe=(0,), estop=name != "LAMP")
            for name, (table, offset) in places.items()
        ),
    )
    guard = LockstepGuard(config, clock, {"plc": memory})
    guard.start()
    yield guard
    guard.stop()


@pytest.fixture
def outputs(cvt: Cvt, devices: PolledDevices, guard: LockstepGuard, clock: FakeClock) -> Outputs:
    return Outputs(cvt, devices, guard, clock, raw_of=raw_of, words_of=words_of, tag_outs=TagOuts(MemoryTagOutStore()))
