"""A small site: one device with a pump, a capped valve, a lamp outside the stop, a door that is held, and a setpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from automation.guard.config import GuardConfig, GuardedLink, GuardedOutput
from automation.guard.modbus_wire import Table
from automation.testing.clock import FakeClock
from automation.testing.device import LoopbackDevice, MemoryDevice
from automation.testing.guard import LockstepGuard


@pytest.fixture
def outputs() -> tuple[GuardedOutput, ...]:
    return (
        GuardedOutput(name="PUMP", link="plc", unit=1, table=Table.COIL, offset=0, safe=(0,)),
        GuardedOutput(name="VALVE", link="plc", unit=1, table=Table.COIL, offset=1, safe=(0,), max_on_s=1.0),
        GuardedOutput(name="LAMP", link="plc", unit=1, table=Table.COIL, offset=2, safe=(0,), estop=False),
        GuardedOutput(name="DOOR", link="plc", unit=1, table=Table.COIL, offset=5, safe=(0,), restart="hold"),
        GuardedOutput(name="SPEED", link="plc", unit=1, table=Table.HOLDING, offset=10, safe=(0, 0)),
        GuardedOutput(name="HORN", link="plc", unit=1, table=Table.HOLDING, offset=20, bit=3, safe=(0,)),
    )


@pytest.fixture
def make_config(tmp_path: Path, outputs: tuple[GuardedOutput, ...]) -> Callable[..., GuardConfig]:
    def make(port: int = 1, **changes: object) -> GuardConfig:
        link = GuardedLink(name="plc", host="127.0.0.1", port=port, timeout_s=0.2, watchdog=200, watchdog_period_s=0.5)
        settings: dict[str, object] = {
            "state_dir": str(tmp_path / "guard"),
            "links": (link,),
            "outputs": outputs,
            "realtime": False,
        }
        (tmp_path / "guard").mkdir(exist_ok=True)
        return GuardConfig(**{**settings, **changes})  # type: ignore[arg-type]

    return make


@pytest.fixture
def memory() -> MemoryDevice:
    return MemoryDevice()


@pytest.fixture
def device() -> Iterator[LoopbackDevice]:
    with LoopbackDevice().running() as device:
        yield device


@pytest.fixture
def guard(make_config: Callable[..., GuardConfig], clock: FakeClock, memory: MemoryDevice) -> Iterator[LockstepGuard]:
    guard = LockstepGuard(make_config(), clock, {"plc": memory})
    guard.start()
    yield guard
    guard.stop()
