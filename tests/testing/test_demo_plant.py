"""What acquisition makes of the demo plant's registers: quiet while all is well, and told where something is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest

from apps.demo_plant.device import WATCHDOG_REGISTER, Device
from apps.demo_plant.faults import Faults
from apps.demo_plant.manifest import APP
from apps.demo_plant.physics import Plant
from automation import Quality, Tag
from automation.acquisition.chain import Chain, needs_chain
from automation.drivers.modbus.address import parse
from automation.drivers.modbus.codec import RegisterDecoder
from automation.testing.lockstep import LockStep, PlantValue

pytestmark = pytest.mark.app

PERIOD_S = 0.1


class Polled:
    """The controller in lock-step, polled as the link's scan classes say; counts what is not GOOD, by tag and quality."""

    def __init__(self) -> None:
        self.plant = Plant()
        self.faults = Faults()
        self.found: Counter[tuple[str, Quality]] = Counter()
        self._device = Device(self.plant, self.faults)
        self._ticks = 0
        (link,) = APP.links
        self._signals = [_Signal(tag, link.scans[tag.scan]) for tag in APP.all_tags if needs_chain(tag)]

    def step(self, dt: float) -> None:
        self._ticks += 1
        if self._ticks % 5 == 1:
            self._device.write("holding", WATCHDOG_REGISTER, [self._ticks % 65_536])
        self._device.step(dt)
        for signal in self._signals:
            if self._ticks % signal.ticks == 0:
                quality = signal.polled(self._device, self._ticks * PERIOD_S)
                if not quality.is_good:
                    self.found[signal.name, quality] += 1

    def values(self) -> Mapping[str, PlantValue]:
        return self.plant.values()

    def put(self, name: str, value: PlantValue) -> None:
        self.plant.put(name, value)


class _Signal:
    def __init__(self, tag: Tag, period_s: float) -> None:
        self.name = tag.name
        self.ticks = round(period_s / PERIOD_S)
        self._chain = Chain(tag, period_s)
        self._address = parse(tag.address or "")
        self._decoder = RegisterDecoder([self._address], self._address.offset, self._address.count)

    def polled(self, device: Device, now: float) -> Quality:
        registers = device.read(self._address.table.value, self._address.offset, self._address.count)
        (reading,) = self._decoder.decode(registers)
        return self._chain.step(reading, now).quality


@pytest.fixture
def polled() -> Polled:
    return Polled()


def test_while_all_is_well_no_check_finds_anything(polled: Polled) -> None:
    with LockStep(APP, polled, period_s=PERIOD_S) as station:
        station.run(180.0)

    assert polled.found == {}


def test_what_stands_still_is_frozen(polled: Polled) -> None:
    polled.faults.frozen = True
    with LockStep(APP, polled, period_s=PERIOD_S) as station:
        station.run(30.0)
        early = {name for name, _ in polled.found}
        station.run(40.0)

    assert early == {"PLC101.HB"}
    assert set(polled.found) == {("PLC101.HB", Quality.UNCERTAIN_FROZEN), ("TK101.LT", Quality.UNCERTAIN_FROZEN)}


def test_a_level_that_jumps_faster_than_water_can_is_told(polled: Polled) -> None:
    polled.faults.noise = 0.05
    with LockStep(APP, polled, period_s=PERIOD_S) as station:
        station.run(5.0)

    assert {"TK101.LT", "TK102.LT"} <= {name for name, quality in polled.found if quality is Quality.UNCERTAIN_RATE_EXCEEDED}
