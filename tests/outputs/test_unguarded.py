"""Outputs on a link without a guard: the runtime keeps their rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from automation.cvt.table import Cvt
from automation.guard.config import GuardConfig
from automation.model.errors import AutomationError, EstopActiveError, InterlockedError, LinkDownError
from automation.model.output import Output
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import DataType, Tag
from automation.outputs.outputs import Outputs, Wish
from automation.outputs.tag_outs import TagOuts
from automation.testing.clock import FakeClock
from automation.testing.guard import LockstepGuard
from automation.testing.stores import MemoryTagOutStore

DOOR = Output(name="DOOR", type=DataType.BOOL, source="door/relay", safe=False, max_on_s=10.0)
LAMP = Output(name="LAMP", type=DataType.BOOL, source="door/lamp", safe=False, continuous=True, comm_loss="hold", estop=False)


class Devices:
    """A device that holds what it is written; failure: raised by every write while it is set."""

    def __init__(self, cvt: Cvt, clock: FakeClock) -> None:
        self.values: dict[str, Value] = {"relay": True, "lamp": True}
        self.writes: list[tuple[str, Value]] = []
        self.failure: AutomationError | None = None
        self._cvt, self._clock = cvt, clock

    def write(self, link: str, address: str, raw: Value) -> None:
        if self.failure is not None:
            raise self.failure
        self.values[address] = raw
        self.writes.append((address, raw))

    def refresh(self, tag: Tag) -> None:
        now = self._clock.now()
        self._cvt.update(tag.name, Sample(self.values[tag.address or ""], Quality.GOOD, now, now))


class Site:
    def __init__(self, clock: FakeClock, folder: Path) -> None:
        self.clock, self.cvt = clock, Cvt()
        self.cvt.add([DOOR, LAMP, Tag(name="LINK.door.UP", type=DataType.BOOL, system=True, initial=False)], clock.now())
        self.devices = Devices(self.cvt, clock)
        self.guard = LockstepGuard(GuardConfig(state_dir=str(folder)), clock, {})
        self.outputs = Outputs(
            self.cvt,
            self.devices,
            self.guard,
            clock,
            raw_of=lambda _tag, value: value,
            words_of=lambda _tag, _value: [0],
            tag_outs=TagOuts(MemoryTagOutStore()),
            guarded=lambda _tag: False,
        )
        self.rested: list[tuple[str, str]] = []
        self.outputs.on_rest(lambda name, why: self.rested.append((name, why)))
        self.guard.start()
        self.outputs.follow(clock.now())

    def link(self, up: bool) -> None:
        now = self.clock.now()
        self.cvt.update("LINK.door.UP", Sample(up, Quality.GOOD, now, now))

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.1)):
            self.clock.advance(0.1)
            self.outputs.step(self.clock.now())
            self.outputs.unguarded.step(self.clock.now())


@pytest.fixture
def site(clock: FakeClock, tmp_path: Path) -> Site:
    site = Site(clock, tmp_path)
    site.link(True)
    site.run(0.2)
    return site


def test_a_link_that_comes_up_begins_with_the_safe_values(clock: FakeClock, tmp_path: Path) -> None:
    site = Site(clock, tmp_path)
    site.run(1.0)
    assert site.devices.writes == []
    site.link(True)
    site.run(0.2)

    assert site.devices.values == {"relay": False, "lamp": False}
    assert not site.outputs.look("DOOR", clock.now()).active


def test_a_put_is_written_and_made_safe_after_its_time_and_after_its_longest(site: Site) -> None:
    site.outputs.put_and_confirm("DOOR", True, "anna", wish=Wish(for_s=2.0))
    assert site.outputs.look("DOOR", site.clock.now()).guarded is False
    site.run(2.2)
    assert (site.devices.values["relay"], site.rested) == (False, [("DOOR", "time")])

    site.outputs.put_and_confirm("DOOR", True, "anna")
    site.run(10.2)
    assert site.devices.values["relay"] is False
    with pytest.raises(InterlockedError, match="longest time of 10 s"):
        site.outputs.put_and_confirm("DOOR", True, "anna")


def test_a_stop_makes_its_members_safe_and_lets_nothing_activate(site: Site) -> None:
    site.outputs.put_and_confirm("DOOR", True, "anna")
    site.outputs.put_and_confirm("LAMP", True, "anna")
    site.outputs.trip("smoke", "ben")
    site.run(0.2)

    assert site.devices.values == {"relay": False, "lamp": True}
    assert site.rested == [("DOOR", "estop")]
    with pytest.raises(EstopActiveError):
        site.outputs.put_and_confirm("DOOR", True, "anna")


def test_a_safe_value_that_is_not_taken_is_written_again(site: Site) -> None:
    site.outputs.put_and_confirm("DOOR", True, "anna")
    site.devices.failure = LinkDownError("gone")
    site.outputs.trip("smoke", "ben")
    site.run(1.0)
    assert site.devices.values["relay"] is True
    assert site.outputs.look("DOOR", site.clock.now()).safe_pending
    site.devices.failure = None
    site.run(0.6)

    assert site.devices.values["relay"] is False


def test_after_a_lost_connection_an_output_is_safe_unless_it_is_to_be_left(site: Site) -> None:
    site.outputs.put_and_confirm("DOOR", True, "anna")
    site.outputs.put_and_confirm("LAMP", True, "anna")
    site.link(False)
    site.run(0.5)
    site.link(True)
    site.run(0.2)

    assert site.devices.values == {"relay": False, "lamp": True}


def test_an_end_in_order_writes_the_safe_values(site: Site) -> None:
    site.outputs.put_and_confirm("LAMP", True, "anna")
    site.outputs.unguarded.end(site.clock.now())

    assert site.devices.values["lamp"] is False


def test_an_output_that_changes_while_it_is_on_is_made_safe_first(site: Site) -> None:
    site.outputs.put_and_confirm("DOOR", True, "anna")
    group = site.cvt.slot("DOOR")[0]
    site.cvt.replace([group], [[replace(DOOR, max_on_s=20.0), *group.tags[1:]]], site.clock.now())
    site.outputs.follow(site.clock.now())

    assert site.devices.values["relay"] is False
