"""A controller that reboots: what alarms, totals and checks make of the loss, and of registers that come back as zeros."""

from __future__ import annotations

import pytest

from automation.acquisition.acquisition import Acquisition
from automation.acquisition.link import LinkSetup
from automation.cvt.derived import TICK_S, DerivedTags
from automation.cvt.table import Cvt
from automation.model.alarm import AlarmDefinition, Comms, High
from automation.model.conditioning import Checks
from automation.model.event import Event
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.model.tag import Tag
from automation.observers.alarms.manager import AlarmManager
from automation.observers.alarms.view import AlarmView
from automation.system.worker import Worker
from automation.testing.clock import FakeClock
from automation.testing.drivers import FakeDriver
from automation.testing.stores import MemoryAlarmStore, MemoryDerivedStore

FIELD = (
    Tag(name="FT1", unit="m3/h", source="plc/flow"),
    Tag(name="COUNTER", unit="m3", source="plc/counter", checks=Checks(max_rate=1.0)),
)
DERIVED = (
    Tag(name="TOTAL", unit="m3", expression="totalise(FT1, 'h')"),
    Tag(name="SLOPE", expression="rate(COUNTER, 10)"),
)
ALARMS = (
    AlarmDefinition(name="plc.COMMS", tag="LINK.plc.UP", condition=Comms()),
    AlarmDefinition(name="FT1.H", tag="FT1", condition=High(limit=90.0)),
    AlarmDefinition(name="TOTAL.H", tag="TOTAL", condition=High(limit=100.0)),
    AlarmDefinition(name="SLOPE.H", tag="SLOPE", condition=High(limit=5.0)),
)


class Site:
    """A link, derived tags and alarms on one table, under a clock that the test moves; told: what the alarms told, in order."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.cvt = Cvt()
        self.device = FakeDriver({"flow": 36.0, "counter": 5000.0})
        self.acquisition = Acquisition(self.cvt, clock)
        self.acquisition.add(LinkSetup(name="plc", driver=self.device, scans={"normal": 0.5}), FIELD)
        self.derived = DerivedTags(DERIVED, self.cvt, MemoryDerivedStore(), clock.now())
        self.alarms = AlarmManager(ALARMS, self.cvt, MemoryAlarmStore())
        self.told: list[tuple[str, str]] = []
        self.alarms.on_transition(self._hear)
        self.acquisition.start()
        Worker("derived", self.derived.step, TICK_S, clock).start()
        Worker("alarms", self.alarms.step, 0.05, clock).start()

    def _hear(self, view: AlarmView, event: Event) -> None:
        self.told.append((view.name, event.kind))

    def number(self, tag: str) -> float:
        value: Value = self.cvt.read(tag).value
        assert isinstance(value, float)
        return value


@pytest.fixture
def site() -> Site:
    site = Site(FakeClock())
    site.clock.advance(100.0)
    return site


def reboot(site: Site) -> None:
    """Gone for 30 s, and back with every register zero."""
    site.device.simulate_connection_lost()
    site.clock.advance(30.0)
    site.device.values.update(flow=0.0, counter=0.0)
    site.device.restore()
    site.clock.advance(20.0)


def test_a_reboot_is_one_communication_alarm_and_no_other(site: Site) -> None:
    reboot(site)

    assert site.told == [("plc.COMMS", "alarm.raised"), ("plc.COMMS", "alarm.returned")]
    assert site.cvt.read("FT1")[:2] == (0.0, Quality.GOOD)


def test_a_total_stands_still_while_the_device_is_gone_and_goes_on_from_there(site: Site) -> None:
    before = site.number("TOTAL")
    site.device.simulate_connection_lost()
    site.clock.advance(30.0)
    lost = site.cvt.read("TOTAL").quality
    site.device.restore()
    site.clock.advance(2.0)
    back = site.number("TOTAL")
    site.clock.advance(100.0)

    assert lost.is_bad
    assert back == pytest.approx(before, abs=36.0 / 3600 * 3)
    assert site.number("TOTAL") == pytest.approx(back + 1.0, rel=0.01)


def test_the_step_of_a_register_over_a_reboot_is_no_rate_that_is_not_credible(site: Site) -> None:
    reboot(site)

    assert site.cvt.read("COUNTER")[:2] == (0.0, Quality.GOOD)
