"""How running parts follow a change: who stops first, who starts last, and what is refused before anything has happened."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import pytest

from automation import (
    App,
    ConfigError,
    ConflictError,
    DataType,
    In,
    Machine,
    MachineManager,
    ModbusLink,
    Out,
    Output,
    State,
    Tag,
    state,
)
from automation.acquisition.acquisition import Acquisition
from automation.acquisition.diagnostics import Diagnostics
from automation.cvt.derived import DerivedTags
from automation.cvt.overrides import Overrides
from automation.cvt.soft import SoftTags
from automation.cvt.table import Cvt
from automation.guard.config import GuardTables
from automation.model.configuration import Effects
from automation.model.errors import GuardUnavailableError
from automation.model.link import LinkDeclaration
from automation.model.machine import MachineDeclaration
from automation.model.quality import Quality
from automation.observers.alarms.manager import AlarmManager
from automation.project.own_alarms import comms_alarm
from automation.runtime.field import guard_tables, setup_of
from automation.runtime.live import LiveParts
from automation.testing.clock import FakeClock
from automation.testing.drivers import FakeDriver
from automation.testing.outputs import FakeOutputs
from automation.testing.stores import MemoryAlarmStore, MemoryDerivedStore, MemoryOverrideStore, MemoryRetainedStore


class Pump(Machine):
    """Run the pump while it is asked for."""

    asked: In
    pump: Out

    @state()
    def running(self) -> State | None:
        """Pump as it is asked for."""
        self.pump.put(self.asked.on)
        return None

    initial = running


LINK = ModbusLink(name="plant", host="127.0.0.1", guarded=True)
APP = App(name="small", title="Small", links=(LINK,), machine_kinds={"pump": Pump})
ASK = Tag(name="P1.ASK", type=DataType.BOOL, initial=True)
COMMAND = Output(name="P1.CMD", type=DataType.BOOL, source="plant/coil:1", safe=False, continuous=True)
CONTROL = MachineDeclaration(name="P1_control", kind="pump", ports={"asked": "P1.ASK", "pump": "P1.CMD"})
MADE = Effects(tags_added=[ASK, COMMAND], machines_added=[CONTROL])
GONE = Effects(tags_removed=[ASK, COMMAND], machines_removed=[CONTROL])


@dataclass
class ListedGuard:
    """What the guard was told, in one list with what was put; busy: outputs that are on; up: its link is."""

    outputs: FakeOutputs
    told: list[object] = field(default_factory=list)
    busy: set[str] = field(default_factory=set)
    up: bool = True

    tables: GuardTables = field(default_factory=lambda: guard_tables([LINK], []))
    failing: bool = False

    def check(self, tables: GuardTables, released: Collection[str] = ()) -> None:
        """As the guard: nothing that is on goes, unless it is made safe first and its link is up."""
        going = {output.name for output in self.tables.outputs} - {output.name for output in tables.outputs}
        busy = going & self.busy - (set(released) if self.up else set())
        if busy:
            raise ConflictError(f"output {', '.join(busy)}: not confirmed safe", "output_active")

    def configure(self, tables: GuardTables) -> None:
        if self.failing:
            raise GuardUnavailableError("the guard is not running")
        self.tables = tables
        self.told.append((len(self.outputs.puts), [output.name for output in tables.outputs]))


class MemoryDrivers:
    """Drivers of links in memory; ``made`` holds them by the endpoint of their link."""

    def __init__(self) -> None:
        self.made: dict[str, FakeDriver] = {}
        self.taken: list[str] = []

    def of(self, link: LinkDeclaration) -> FakeDriver:
        return self.made.setdefault(link.endpoint, FakeDriver({"coil:1": False, "coil:2": False, "input:1": 7}))

    def placed(self, link: LinkDeclaration) -> LinkDeclaration:
        return link

    def take(self, links: Sequence[LinkDeclaration]) -> None:
        self.taken = [link.name for link in links]


class Site:
    """The parts that follow, over a device in memory."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock, self.cvt = clock, Cvt()
        now = clock.now()
        acquisition = Acquisition(self.cvt, clock)
        self.drivers = MemoryDrivers()
        self.links: list[LinkDeclaration] = [LINK]
        acquisition.add(setup_of(LINK, self.drivers.of(LINK)), [])
        self.outputs = FakeOutputs(self.cvt)
        self.guard = ListedGuard(self.outputs)
        self.machines = MachineManager([], self.cvt, self.outputs, clock)
        self.parts: Any = SimpleNamespace(
            apps=[APP],
            configuration=SimpleNamespace(links=lambda: self.links),
            drivers=self.drivers,
            cvt=self.cvt,
            guard=self.guard,
            guard_client=self.guard,
            outputs=self.outputs,
            acquisition=acquisition,
            diagnostics=Diagnostics(acquisition, self.cvt),
            soft=SoftTags(self.cvt, MemoryRetainedStore()),
            derived=DerivedTags([], self.cvt, MemoryDerivedStore(), now),
            overrides=Overrides(self.cvt, MemoryOverrideStore(), now),
            alarms=AlarmManager([], self.cvt, MemoryAlarmStore()),
            machines=self.machines,
            recorder=None,
        )
        self.live = LiveParts(self.parts)
        self.parts.diagnostics.follow(now)
        acquisition.start()

    def follow(self, effects: Effects) -> None:
        prepared = self.live.prepare(effects)
        for old, new in effects.links_changed:
            self.links[self.links.index(old)] = new
        self.links = [link for link in (*self.links, *effects.links_added) if link not in effects.links_removed]
        prepared.commit(self.clock.now())
        self.clock.advance(1.0)

    def close(self) -> None:
        self.machines.stop()
        self.parts.acquisition.stop()


@pytest.fixture
def site(clock: FakeClock) -> Any:
    site = Site(clock)
    yield site
    site.close()


def test_machines_start_after_their_tags_have_come(site: Site) -> None:
    site.follow(MADE)

    assert [view.name for view in site.machines.list()] == ["P1_control"]
    assert site.machines.view("P1_control").fault is None
    assert site.outputs.last("P1.CMD") is True
    assert site.guard.told == [(0, ["P1.CMD"])]


def test_machines_stop_with_their_outputs_safe_before_guard_and_table_let_go_of_them(site: Site) -> None:
    site.follow(MADE)
    site.guard.busy = {"P1.CMD"}

    site.follow(GONE)

    assert site.outputs.puts[-1][:3] == ("P1.CMD", False, "P1_control")
    assert site.guard.told[-1] == (len(site.outputs.puts), [])
    assert site.machines.list() == []
    assert "P1.CMD" not in site.cvt


def test_what_is_only_prepared_changes_nothing(site: Site) -> None:
    site.follow(MADE)

    site.live.prepare(GONE)
    site.clock.advance(1.0)

    assert site.machines.view("P1_control").state == "running"
    assert site.outputs.last("P1.CMD") is True


@pytest.mark.parametrize("owned", [True, False])
def test_an_output_that_is_on_and_would_not_be_made_safe_is_refused(site: Site, owned: bool) -> None:
    site.follow(MADE)
    site.guard.busy = {"P1.CMD"}
    site.guard.up = not owned

    with pytest.raises(ConflictError, match=r"output P1.CMD: not confirmed safe"):
        site.live.prepare(GONE if owned else Effects(tags_removed=[COMMAND]))

    assert site.machines.view("P1_control").state == "running"


def test_a_machine_bound_to_another_output_lets_go_of_the_first_and_takes_the_second(site: Site) -> None:
    site.follow(MADE)
    other = Output(name="P2.CMD", type=DataType.BOOL, source="plant/coil:2", safe=False, continuous=True)
    moved = MachineDeclaration(name="P1_control", kind="pump", ports={"asked": "P1.ASK", "pump": "P2.CMD"})

    site.follow(Effects(tags_added=[other], machines_changed=[(CONTROL, moved)]))

    assert (site.outputs.last("P1.CMD"), site.outputs.last("P2.CMD")) == (False, True)
    assert site.machines.view("P1_control").ports[1].tag == "P2.CMD"


def test_a_machine_of_an_unknown_kind_is_refused(site: Site) -> None:
    stranger = MachineDeclaration(name="X", kind="fan", ports={})

    with pytest.raises(ConfigError, match="no application offers machines of the kind fan"):
        site.live.prepare(Effects(machines_added=[stranger]))


METER = ModbusLink(name="meter", host="127.0.0.9")
FLOW = Tag(name="FT1", source="meter/input:1")


def test_a_link_that_comes_is_read_at_once(site: Site) -> None:
    site.follow(Effects(links_added=[METER], tags_added=[FLOW]))

    assert site.cvt.read("FT1")[:2] == (7, Quality.GOOD)
    assert site.cvt.read("LINK.meter.UP").value is True
    site.parts.diagnostics.step(site.clock.now())
    assert site.cvt.read("LINK.meter.STATE").value == 1
    assert site.drivers.taken == ["plant", "meter"]
    assert site.guard.told == []


def test_a_link_that_goes_takes_its_tags_and_its_connection_with_it(site: Site) -> None:
    site.follow(Effects(links_added=[METER], tags_added=[FLOW]))

    site.follow(Effects(links_removed=[METER], tags_removed=[FLOW]))

    assert "FT1" not in site.cvt
    assert "LINK.meter.UP" not in site.cvt
    assert "LINK.meter.STATE" not in site.cvt
    assert [link.name for link in site.parts.acquisition.links()] == ["plant"]
    assert not site.drivers.of(METER).connected


def test_a_link_that_goes_elsewhere_reads_its_tags_there(site: Site) -> None:
    site.follow(Effects(links_added=[METER], tags_added=[FLOW]))
    elsewhere = replace(METER, host="127.0.0.10")
    site.drivers.of(elsewhere).values["input:1"] = 8

    site.follow(Effects(links_changed=[(METER, elsewhere)]))

    assert site.cvt.read("FT1")[:2] == (8, Quality.GOOD)
    assert not site.drivers.of(METER).connected


def test_values_of_the_former_device_do_not_look_alive_until_the_new_one_answers(site: Site) -> None:
    site.follow(Effects(links_added=[METER], tags_added=[FLOW]))
    elsewhere = replace(METER, host="127.0.0.10")
    site.drivers.of(elsewhere).simulate_connection_lost()

    site.follow(Effects(links_changed=[(METER, elsewhere)]))

    assert site.cvt.read("FT1").value == 7
    assert site.cvt.read("FT1").quality.is_bad
    assert site.cvt.read("LINK.meter.UP").value is False


def test_a_renamed_link_takes_its_tags_along(site: Site) -> None:
    site.follow(Effects(links_added=[METER], tags_added=[FLOW]))
    renamed, tag = replace(METER, name="flowmeter"), replace(FLOW, source="flowmeter/input:1")

    site.follow(Effects(links_changed=[(METER, renamed)], tags_changed=[(FLOW, tag)]))

    assert site.cvt.read("FT1")[:2] == (7, Quality.GOOD)
    assert "LINK.meter.UP" not in site.cvt
    assert [link.name for link in site.parts.acquisition.links()] == ["plant", "flowmeter"]


def test_a_tag_moves_between_a_new_link_and_one_that_goes(site: Site) -> None:
    site.follow(Effects(links_added=[METER], tags_added=[FLOW]))
    second, tag = replace(METER, name="second", host="127.0.0.10"), replace(FLOW, source="second/input:1")

    site.follow(Effects(links_added=[second], links_removed=[METER], tags_changed=[(FLOW, tag)]))

    assert site.cvt.read("FT1")[:2] == (7, Quality.GOOD)


def test_a_guarded_link_is_told_to_the_guard_before_anybody_reads_it(site: Site) -> None:
    guarded = replace(METER, guarded=True)
    command = replace(COMMAND, name="V1.CMD", source="meter/coil:1")

    site.follow(Effects(links_added=[guarded], tags_added=[command]))

    assert [link.name for link in site.guard.tables.links] == ["plant", "meter"]
    assert [output.link for output in site.guard.tables.outputs] == ["meter"]


def test_links_go_on_as_they_were_when_the_guard_cannot_be_told(site: Site) -> None:
    site.follow(Effects(links_added=[METER], tags_added=[FLOW]))
    guarded = replace(METER, guarded=True)
    prepared = site.live.prepare(Effects(links_changed=[(METER, guarded)]))
    site.guard.failing = True

    with pytest.raises(GuardUnavailableError):
        prepared.commit(site.clock.now())

    site.drivers.of(METER).values["input:1"] = 9
    site.clock.advance(1.0)
    assert site.cvt.read("FT1")[:2] == (9, Quality.GOOD)


def test_a_link_with_a_scan_class_less_than_its_tags_need_is_refused(site: Site) -> None:
    site.follow(Effects(links_added=[METER], tags_added=[FLOW]))

    with pytest.raises(ConfigError, match="tag FT1: no scan class 'normal'"):
        site.live.prepare(Effects(links_changed=[(METER, replace(METER, scans={"slow": 5.0}))]))


def test_the_alarm_of_a_link_comes_and_goes_with_it(site: Site) -> None:
    site.follow(Effects(links_added=[METER], alarms_added=[comms_alarm("meter")]))
    assert [view.name for view in site.parts.alarms.list()] == ["LINK.meter.COMMS"]

    renamed = replace(METER, name="flowmeter")
    site.follow(
        Effects(
            links_changed=[(METER, renamed)],
            alarms_added=[comms_alarm("flowmeter")],
            alarms_removed=[comms_alarm("meter")],
        )
    )
    assert [view.tag for view in site.parts.alarms.list()] == ["LINK.flowmeter.UP"]

    site.follow(Effects(links_removed=[renamed], alarms_removed=[comms_alarm("flowmeter")]))
    assert site.parts.alarms.list() == []
