"""What lets an output leave its safe value, what takes it back there, and who hears of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from automation.cvt.table import Cvt
from automation.guard.config import GuardConfig, GuardedLink, GuardedOutput
from automation.guard.modbus_wire import Table
from automation.model.errors import (
    ConfigError,
    ConflictError,
    EstopActiveError,
    InterlockedError,
    InvalidValueError,
    NotAllowedError,
    NotConfirmedError,
    NotFoundError,
    StorageError,
)
from automation.model.output import Condition, Output
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import DataType, Tag
from automation.outputs.outputs import Outputs, Wish
from automation.outputs.tag_outs import TagOuts
from automation.testing.clock import FakeClock
from automation.testing.device import MemoryDevice
from automation.testing.guard import LockstepGuard
from automation.testing.stores import MemoryTagOutStore
from tests.outputs.conftest import COUNTS, PolledDevices, raw_of, words_of

PUMP = Output(
    name="PUMP",
    type=DataType.BOOL,
    source="plc/coil:0",
    safe=False,
    max_on_s=600.0,
    zone="east",
    permissives=(Condition(expression="LEVEL > 1", text="Tank is not empty"),),
    interlocks=(Condition(expression="LEAK", text="Leak"), Condition(expression="TEMP > 80")),
)
FAN = Output(name="FAN", type=DataType.BOOL, source="plc/coil:1", safe=False, continuous=True, min_on_s=60.0, readback="FAN.RUN")
SPEED = Output(name="SPEED", source="plc/holding:10", safe=0.0, scale=COUNTS, max_rate=5.0, readback_tolerance=0.5)
TAGS = (
    PUMP,
    FAN,
    SPEED,
    Tag(name="FAN.RUN", type=DataType.BOOL, source="plc/discrete:1"),
    Tag(name="LEVEL", initial=3.0),
    Tag(name="LEAK", type=DataType.BOOL, initial=False),
    Tag(name="TEMP", unit="degC", initial=20.0),
)
PLACES = {"PUMP": (Table.COIL, 0), "FAN": (Table.COIL, 1), "SPEED": (Table.HOLDING, 10)}


class Site:
    """Outputs on the real guard over a device in memory; rested: what was told of outputs at rest."""

    def __init__(self, clock: FakeClock, folder: Path) -> None:
        self.clock = clock
        self.memory = MemoryDevice()
        self.cvt = Cvt()
        self.cvt.add(TAGS, clock.now())
        guarded = tuple(
            GuardedOutput(
                name=output.name,
                link="plc",
                unit=1,
                table=PLACES[output.name][0],
                offset=PLACES[output.name][1],
                safe=(0,),
                zone=output.zone,
                max_on_s=output.max_on_s,
                min_on_s=output.min_on_s,
            )
            for output in (PUMP, FAN, SPEED)
        )
        config = GuardConfig(state_dir=str(folder), links=(GuardedLink(name="plc", host="h", port=1),), outputs=guarded)
        self.guard = LockstepGuard(config, clock, {"plc": self.memory})
        self.devices = PolledDevices(self.cvt, self.memory, clock)
        self.store = MemoryTagOutStore()
        self.outputs = Outputs(
            self.cvt, self.devices, self.guard, clock, raw_of=raw_of, words_of=words_of, tag_outs=TagOuts(self.store)
        )
        self.rested: list[tuple[str, str]] = []
        self.outputs.on_rest(lambda name, why: self.rested.append((name, why)))
        self.guard.start()
        self.outputs.follow(clock.now())
        for output in (PUMP, FAN, SPEED):
            self.devices.refresh(output)
        self.run(0.1)

    def run(self, seconds: float) -> None:
        """Let time pass with a step every 0.1 s."""
        for _ in range(round(seconds / 0.1)):
            self.clock.advance(0.1)
            self.guard.heartbeat()
            self.outputs.step(self.clock.now())

    def set(self, name: str, value: Value, quality: Quality = Quality.GOOD) -> None:
        now = self.clock.now()
        self.cvt.update(name, Sample(value, quality, now, now))

    def put(self, name: str, value: Value, owner: str = "anna", **wish: object) -> Sample:
        return self.outputs.put_and_confirm(name, value, owner, 0.05, wish=Wish(**wish))  # type: ignore[arg-type]

    def on(self, name: str) -> bool:
        return bool(self.memory.value(*PLACES[name]))

    def told(self, name: str) -> Sample:
        return self.cvt.read(name)


@pytest.fixture
def site(clock: FakeClock, tmp_path: Path) -> Site:
    return Site(clock, tmp_path)


# permissives and interlocks


def test_a_permissive_that_is_not_true_refuses_with_its_words_and_the_values(site: Site) -> None:
    site.set("LEVEL", 0.5)

    with pytest.raises(InterlockedError, match=r"PUMP: Tank is not empty \(LEVEL is 0\.5\)"):
        site.put("PUMP", True)


def test_a_permissive_is_asked_at_the_start_alone(site: Site) -> None:
    site.put("PUMP", True)
    site.set("LEVEL", 0.5)
    site.run(1.0)

    assert site.on("PUMP")
    site.put("PUMP", True)


def test_a_condition_whose_quality_is_bad_never_permits(site: Site) -> None:
    site.set("TEMP", None, Quality.BAD_NO_COMMUNICATION)

    with pytest.raises(InterlockedError, match=r"TEMP > 80 \(TEMP is "):
        site.put("PUMP", True)


def test_an_interlock_takes_the_output_back_and_keeps_it_there(site: Site) -> None:
    site.put("PUMP", True)
    site.set("LEAK", True)
    site.run(0.1)

    assert not site.on("PUMP")
    assert site.rested == [("PUMP", "interlock: Leak (LEAK is true)")]
    with pytest.raises(InterlockedError, match="PUMP: Leak"):
        site.put("PUMP", True)
    site.put("PUMP", False)


def test_an_interlock_also_takes_back_what_another_hand_switched_on(site: Site, clock: FakeClock) -> None:
    site.guard.put("PUMP", [1], site.guard.estop().epoch)
    site.set("LEAK", True)
    site.run(0.2)

    assert not site.on("PUMP")


def test_an_input_that_is_lost_takes_the_output_back(site: Site) -> None:
    site.put("PUMP", True)
    site.set("TEMP", None, Quality.BAD_NO_COMMUNICATION)
    site.run(0.1)

    assert not site.on("PUMP")


def test_a_condition_that_cannot_be_compiled_is_named_with_its_output(site: Site, clock: FakeClock) -> None:
    group = site.cvt.slot("PUMP")[0]
    site.cvt.replace([group], [[replace(PUMP, interlocks=(Condition(expression="LEAK and"),)), *TAGS[1:]]], clock.now())

    with pytest.raises(ConfigError, match="output PUMP: interlocks: column"):
        site.outputs.follow(clock.now())


def test_the_look_tells_everything_that_stands_in_the_way(site: Site) -> None:
    site.set("LEVEL", 0.5)
    site.set("LEAK", True)
    site.outputs.tag_outs.hang("PUMP", "ben", "seal is out", site.clock.now())
    site.outputs.trip("smoke", "cleo", "east")

    look = site.outputs.look("PUMP", site.clock.now())

    assert [each.state for each in (*look.permissives, *look.interlocks)] == ["blocks", "blocks", "permits"]
    assert look.blocked == (
        "the emergency stop is latched: smoke",
        "tagged out by ben: seal is out",
        "Tank is not empty (LEVEL is 0.5)",
        "Leak (LEAK is true)",
    )


def test_only_an_output_can_be_looked_at(site: Site) -> None:
    with pytest.raises(NotAllowedError, match="LEVEL is no output"):
        site.outputs.look("LEVEL", 0.0)


# for how long


def test_a_put_for_some_seconds_ends_by_the_guard_and_is_told(site: Site) -> None:
    site.put("PUMP", True, for_s=2.0)
    site.run(1.9)
    assert site.on("PUMP")
    deadline = site.outputs.look("PUMP", site.clock.now()).deadline
    site.run(0.3)

    assert not site.on("PUMP")
    assert deadline == pytest.approx(site.clock.now() - 0.2, abs=0.05)
    assert site.rested == [("PUMP", "time")]


def test_a_condition_ends_a_put_earlier(site: Site) -> None:
    site.put("PUMP", True, for_s=60.0, until="LEVEL < 2")
    site.run(1.0)
    assert site.on("PUMP")
    site.set("LEVEL", 1.9)
    site.run(0.1)

    assert not site.on("PUMP")
    assert site.rested == [("PUMP", "until")]


@pytest.mark.parametrize(
    ("name", "wish", "words"),
    [
        ("PUMP", {"until": "LEVEL <"}, "PUMP: until: column"),
        ("PUMP", {"until": "NOPE < 1"}, "PUMP: until: unknown tag NOPE"),
        ("FAN", {"until": "LEVEL < 1"}, "FAN: until: needs for_s"),
        ("LEVEL", {"for_s": 1.0}, "LEVEL is not writable"),
        ("PUMP", {"for_s": 601.0}, "for_s 601: its longest time is 600 s"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(site: Site, name: str, wish: dict[str, object], words: str) -> None:
    with pytest.raises((InvalidValueError, NotAllowedError), match=words):
        site.put(name, True if name != "LEVEL" else 1.0, **wish)

    assert not site.on("PUMP")


def test_an_early_stop_may_be_asked_for_as_often_as_one_likes(site: Site) -> None:
    site.put("PUMP", True, for_s=60.0)
    for _ in range(3):
        site.outputs.release("PUMP", "anna", site.clock.now())

    assert not site.on("PUMP")
    assert site.rested == [("PUMP", "released")]


def test_the_shortest_time_on_holds_up_a_person_but_no_lease_that_ends(site: Site) -> None:
    site.outputs.leases.take("FAN", "anna", 5.0, site.clock.now())
    site.memory.set(Table.DISCRETE, 1, [1])
    site.put("FAN", True)

    with pytest.raises(InterlockedError, match="shortest time of 60 s"):
        site.put("FAN", False)
    site.run(5.1)

    assert not site.on("FAN")
    assert site.rested == [("FAN", "lease")]


# rate, and read back


def test_a_step_that_is_too_large_is_refused_with_what_would_pass(site: Site) -> None:
    site.put("SPEED", 5.0)

    with pytest.raises(InterlockedError, match="SPEED: 20 is too far from 5 for 5 per second; now at most 10"):
        site.put("SPEED", 20.0)
    site.run(3.1)
    site.put("SPEED", 20.0)
    site.put("SPEED", 0.0)


def test_the_tag_that_shows_what_the_device_does_confirms(site: Site) -> None:
    with pytest.raises(NotConfirmedError, match="FAN: True was written, but not read back"):
        site.put("FAN", True)
    site.memory.set(Table.DISCRETE, 1, [1])

    assert site.put("FAN", True).value is True


def test_a_device_that_does_not_show_what_was_written_is_told_until_it_does(site: Site) -> None:
    site.memory.set(Table.DISCRETE, 1, [1])
    site.put("FAN", True)
    site.run(0.1)
    before = site.told("OUTPUT.FAN.MISMATCH")
    site.set("FAN.RUN", False)
    site.run(1.8)
    soon = site.told("OUTPUT.FAN.MISMATCH").value
    site.run(0.5)

    assert (before.value, soon, site.told("OUTPUT.FAN.MISMATCH").value) == (False, False, True)
    assert site.outputs.look("FAN", site.clock.now()).mismatch
    site.set("FAN.RUN", True)
    site.run(0.1)
    assert site.told("OUTPUT.FAN.MISMATCH").value is False


def test_what_runs_though_nobody_asked_for_it_is_a_mismatch_too(site: Site) -> None:
    site.set("FAN.RUN", True)
    site.run(2.3)

    assert site.told("OUTPUT.FAN.MISMATCH").value is True


def test_a_lost_read_back_says_nothing(site: Site) -> None:
    site.set("FAN.RUN", None, Quality.BAD_NO_COMMUNICATION)
    site.run(5.0)

    told = site.told("OUTPUT.FAN.MISMATCH")
    assert (told.value, told.quality.is_good) == (False, False)


# the emergency stop


def test_a_zone_holds_its_outputs_alone_and_is_told(site: Site) -> None:
    site.put("PUMP", True)
    state = site.outputs.trip("smoke", "cleo", "east")
    site.run(0.1)

    assert not site.on("PUMP")
    assert site.rested == [("PUMP", "estop")]
    assert (site.told("ESTOP.LATCHED").value, site.told("ESTOP.east.LATCHED").value) == (False, True)
    with pytest.raises(EstopActiveError, match="smoke"):
        site.put("PUMP", True)
    site.memory.set(Table.DISCRETE, 1, [1])
    site.put("FAN", True)
    site.outputs.clear(state.zones[0].id, "looked", "ben")
    site.put("PUMP", True)


def test_a_stop_that_a_device_does_not_confirm_is_told_after_a_quarter_of_a_second(site: Site) -> None:
    site.put("PUMP", True)
    site.memory.silent = True
    site.outputs.trip("smoke", "cleo")
    site.run(0.2)
    assert site.told("ESTOP.UNCONFIRMED").value is False
    site.run(0.2)
    assert site.told("ESTOP.UNCONFIRMED").value is True
    site.memory.silent = False
    site.run(1.0)

    assert site.told("ESTOP.UNCONFIRMED").value is False


def test_a_guard_that_is_gone_is_told(site: Site) -> None:
    assert site.told("GUARD.UP").value is True
    site.guard.available = False
    site.outputs.step(site.clock.now())

    assert site.told("GUARD.UP").value is False
    assert "the guard does not answer" in site.outputs.look("PUMP", site.clock.now()).blocked


# locks, leases and selections


def test_a_tag_out_locks_the_output_for_everybody_and_survives_a_restart(site: Site) -> None:
    site.outputs.tag_outs.hang("PUMP", "ben", " seal is out ", 5.0)

    with pytest.raises(InterlockedError, match="PUMP is tagged out by ben: seal is out"):
        site.outputs.put("PUMP", True, "machine", site.clock.now())
    with pytest.raises(ConflictError, match="by ben already"):
        site.outputs.tag_outs.hang("PUMP", "cleo", "me too", 6.0)
    again = TagOuts(site.store)
    assert [(each.tag, each.owner, each.note, each.time) for each in again.all()] == [("PUMP", "ben", "seal is out", 5.0)]
    again.rename("PUMP", "P2")
    assert again.of("PUMP") is None
    assert again.remove("P2").owner == "ben"
    with pytest.raises(NotFoundError):
        again.remove("P2")


@pytest.mark.parametrize("note", ["", "  ", "x" * 501])
def test_a_tag_out_needs_a_note(site: Site, note: str) -> None:
    with pytest.raises(InvalidValueError, match="PUMP: note"):
        site.outputs.tag_outs.hang("PUMP", "ben", note, 5.0)


def test_a_tag_out_that_cannot_be_kept_is_not_hung(site: Site) -> None:
    site.store.failure = StorageError("disk full")

    with pytest.raises(StorageError):
        site.outputs.tag_outs.hang("PUMP", "ben", "seal", 5.0)
    assert site.outputs.tag_outs.of("PUMP") is None


def test_a_leased_device_obeys_its_owner_alone_until_the_lease_is_over(site: Site) -> None:
    now = site.clock.now()
    site.outputs.leases.take("FAN", "robot", 10.0, now)
    site.memory.set(Table.DISCRETE, 1, [1])
    site.put("FAN", True, owner="robot")

    with pytest.raises(ConflictError, match="FAN: FAN is leased by robot") as refused:
        site.put("FAN", True, owner="anna")
    assert refused.value.reason == "leased"
    site.outputs.give_back("FAN", "robot", now)

    assert not site.on("FAN")
    assert site.rested == [("FAN", "lease")]
    site.put("FAN", True, owner="anna")


def test_a_lease_covers_what_is_below_its_device_and_is_renewed_by_its_owner(site: Site) -> None:
    leases = site.outputs.leases
    leases.take("BREW", "anna", 10.0, 0.0)

    with pytest.raises(ConflictError):
        leases.take("BREW.PUMP", "ben", 10.0, 5.0)
    assert leases.take("BREW", "anna", 10.0, 8.0).until == 18.0
    assert leases.of("BREW.PUMP.CMD") is not None
    assert leases.of("BREWERY") is None
    with pytest.raises(ConflictError):
        leases.give_back("BREW", "ben")
    assert leases.give_back("BREW", "ben", by_force=True).owner == "anna"


@pytest.mark.parametrize(("device", "for_s"), [("", 1.0), ("a b", 1.0), ("A", 0.0), ("A", float("nan")), ("A", 86_401.0)])
def test_a_lease_that_makes_no_sense_is_refused(site: Site, device: str, for_s: float) -> None:
    with pytest.raises(InvalidValueError):
        site.outputs.leases.take(device, "anna", for_s, 0.0)


def test_a_selection_counts_once_for_its_owner_and_for_a_short_time(site: Site) -> None:
    selections = site.outputs.selections
    first = selections.select("PUMP", "anna", 0.0)

    with pytest.raises(ConflictError, match="selected by anna"):
        selections.select("PUMP", "ben", 1.0)
    with pytest.raises(ConflictError) as refused:
        selections.take("PUMP", "ben", first.id, 1.0)
    assert refused.value.reason == "needs_selection"
    selections.take("PUMP", "anna", first.id, 1.0)
    with pytest.raises(ConflictError):
        selections.take("PUMP", "anna", first.id, 1.0)
    late = selections.select("PUMP", "anna", 2.0)
    with pytest.raises(ConflictError):
        selections.take("PUMP", "anna", late.id, 32.0)
    assert selections.of("PUMP", 32.0) is None
