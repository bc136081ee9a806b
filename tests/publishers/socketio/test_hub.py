"""The hub without a network."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from automation.model.errors import AuthenticationError
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.model.tag import Tag
from automation.publishers.socketio.hub import Hub
from automation.publishers.socketio.sources import Limits
from automation.system.clock import Stopwatch
from automation.testing.clock import FakeClock
from automation.testing.feed import live_sources
from automation.testing.web import ServedPlant


class ListWire:
    """Keeps what it is given; ``queued`` says what the test wants it to."""

    def __init__(self) -> None:
        self.packets: list[str] = []
        self.queued = 0
        self.ended = False
        self.was_cut = False

    def send(self, packet: str) -> None:
        self.packets.append(packet)

    def end(self) -> None:
        self.ended = True

    def cut(self) -> None:
        self.was_cut = True

    def take(self, event: str) -> list[Any]:
        packets, self.packets = self.packets, []
        parsed = [json.loads(packet[1:]) for packet in packets if packet.startswith("2")]
        return [data for name, data in parsed if name == event]


@pytest.fixture
def hub(plant: ServedPlant) -> Hub:
    return Hub(live_sources(plant), Limits(busy=2, queue=10, stalled_s=5.0))


def join(hub: Hub, plant: ServedPlant, sid: str, *tags: str) -> ListWire:
    wire = ListWire()
    hub.connect(sid, wire, plant.token(), "socketio test")
    hub.subscribe(sid, tags)
    return wire


def test_a_machine_that_comes_is_told_alone_and_after_one_has_gone_come_all_that_are_left(
    hub: Hub, plant: ServedPlant, clock: FakeClock
) -> None:
    wire = join(hub, plant, "a")
    hub.step(clock.now())
    hub.step(clock.now())
    wire.take("machines_snapshot")
    plant.machines.others.append(replace(plant.machines.view("pumps"), name="heater"))
    hub.step(clock.now())
    assert [[view["name"] for view in told["items"]] for told in wire.take("machines")] == [["heater"]]

    plant.machines.others.clear()
    hub.step(clock.now())

    assert [[view["name"] for view in told["items"]] for told in wire.take("machines_snapshot")] == [["pumps"]]


def test_a_busy_client_gets_the_latest_values_once_it_is_ready(hub: Hub, plant: ServedPlant, clock: FakeClock) -> None:
    wire = join(hub, plant, "a", "TK101.LT", "TK101.TT")
    hub.step(clock.now())
    wire.take("hello")
    wire.queued = 3

    for value in (1.0, 2.0, 3.0):
        plant.measure("TK101.LT", value)
        hub.step(clock.now())
    held = wire.take("tags")
    wire.queued = 0
    plant.measure("TK101.TT", 20.0)
    hub.step(clock.now())

    assert held == []
    [message] = wire.take("tags")
    assert sorted(row[:2] for row in message["items"]) == [["TK101.LT", 3.0], ["TK101.TT", 20.0]]


def test_a_client_is_cut_when_its_queue_or_its_patience_ends(hub: Hub, plant: ServedPlant, clock: FakeClock) -> None:
    full, stalled, good = join(hub, plant, "full"), join(hub, plant, "stalled"), join(hub, plant, "good")
    full.queued, stalled.queued = 11, 2

    hub.step(clock.now())
    hub.step(clock.now() + 5.1)

    assert (full.was_cut, stalled.was_cut, good.was_cut) == (True, True, False)
    assert hub.dropped == 2
    assert hub.clients == 1


def test_clients_with_the_same_screen_share_one_packet(hub: Hub, plant: ServedPlant, clock: FakeClock) -> None:
    wires = [join(hub, plant, sid, "TK101.LT") for sid in "abc"]
    hub.step(clock.now())
    for wire in wires:
        wire.packets.clear()

    plant.measure("TK101.LT", 1.0)
    hub.step(clock.now())

    packets = [wire.packets[-1] for wire in wires]
    assert packets[0] is packets[1] is packets[2]


def test_small_changes_within_the_deadband_are_not_told(clock: FakeClock) -> None:
    plant = ServedPlant(clock, tags=[Tag(name="T", deadband=0.5, initial=1.0)], definitions=())
    hub = Hub(live_sources(plant), Limits())
    wire = join(hub, plant, "a", "T")
    told = []

    for value in (1.2, 1.4, 1.6, 1.8, 2.2):
        plant.measure("T", value)
        hub.step(clock.now())
        told += [row[1] for message in wire.take("tags") for row in message["items"]]

    assert told == [1.2, 1.8]


def test_a_number_that_is_not_finite_is_told_as_null(hub: Hub, plant: ServedPlant, clock: FakeClock) -> None:
    wire = join(hub, plant, "a", "TK101.LT")

    plant.cvt.update("TK101.LT", Sample(float("nan"), Quality.BAD, clock.now(), clock.now()))
    hub.step(clock.now())

    assert wire.take("tags")[0]["items"][0][1] is None


def test_a_text_that_is_no_proper_text_does_not_hold_up_the_others(hub: Hub, plant: ServedPlant, clock: FakeClock) -> None:
    wire = join(hub, plant, "a", "BATCH.ID", "TK101.LT")

    plant.measure("BATCH.ID", "a\udc80b")
    plant.measure("TK101.LT", 1.0)
    hub.step(clock.now())

    assert sorted(row[1] for row in wire.take("tags")[0]["items"] if row[0] == "TK101.LT") == [1.0]


def test_tags_added_later_can_be_subscribed_to(hub: Hub, plant: ServedPlant, clock: FakeClock) -> None:
    wire = join(hub, plant, "a")
    group = plant.cvt.add([Tag(name="LATE", initial=1.0)], clock.now())

    assert hub.subscribe("a", ["LATE"])["ok"]
    plant.cvt.update("LATE", Sample(2.0, Quality.GOOD, clock.now(), clock.now()))
    hub.step(clock.now())
    plant.cvt.remove(group)

    assert wire.take("tags")[0]["items"][0][:2] == ["LATE", 2.0]
    assert hub.subscribe("a", ["LATE"])["unknown"] == ["LATE"]


def test_clients_are_told_once_when_tags_come_go_or_change(hub: Hub, plant: ServedPlant, clock: FakeClock) -> None:
    wire = join(hub, plant, "a")
    hub.step(clock.now())
    hello = wire.take("hello")[0]

    plant.cvt.add([Tag(name="LATE", initial=1.0)], clock.now())
    hub.step(clock.now())
    told = wire.take("directory")
    hub.step(clock.now())

    assert told == [{"generation": plant.generation()}]
    assert told[0]["generation"] != hello["generation"]
    assert wire.take("directory") == []


def test_a_new_client_is_not_told_of_what_changed_before_it_came(hub: Hub, plant: ServedPlant, clock: FakeClock) -> None:
    plant.cvt.add([Tag(name="LATE", initial=1.0)], clock.now())
    wire = join(hub, plant, "a")

    hub.step(clock.now())

    packets, wire.packets = list(wire.packets), []
    assert [json.loads(packet[1:])[0] for packet in packets if "directory" in packet] == []
    assert json.loads(packets[0][1:])[1]["generation"] == plant.generation()


def test_clients_are_told_that_there_are_newer_events_but_not_of_each(hub: Hub, plant: ServedPlant, clock: FakeClock) -> None:
    wire = join(hub, plant, "a")
    hub.step(clock.now())
    wire.packets.clear()

    hub.news.events(7)
    hub.step(clock.now())
    hub.news.events(8)
    hub.news.events(9)
    hub.step(clock.now())
    at_once = wire.take("events")
    clock.advance(0.6)
    hub.step(clock.now())

    assert at_once == [{"newest": 7}]
    assert wire.take("events") == [{"newest": 9}]
    hub.step(clock.now() + 5)
    assert wire.take("events") == []


def test_a_tag_that_is_made_again_is_heard_by_those_who_subscribed_before(hub: Hub, plant: ServedPlant, clock: FakeClock) -> None:
    group = plant.cvt.add([Tag(name="T", initial=1.0)], clock.now())
    wire = join(hub, plant, "a", "T")
    hub.step(clock.now())
    wire.packets.clear()

    plant.cvt.remove(group)
    hub.step(clock.now())
    gone = wire.take("tags")[0]["items"]
    plant.cvt.add([Tag(name="T", initial=2.0)], clock.now())
    hub.step(clock.now())
    again = wire.take("tags")[0]["items"]
    plant.cvt.update("T", Sample(3.0, Quality.GOOD, clock.now(), clock.now()))
    hub.step(clock.now())

    assert gone == [["T", None, Quality.BAD_CONFIGURATION_ERROR, clock.now(), clock.now()]]
    assert [row[:3] for row in again] == [["T", 2.0, 0]]
    assert [row[:3] for row in wire.take("tags")[0]["items"]] == [["T", 3.0, 0]]


def test_nobody_is_told_anything_after_the_end(hub: Hub, plant: ServedPlant, clock: FakeClock) -> None:
    wire = join(hub, plant, "a", "TK101.LT")

    hub.close()
    wire.packets.clear()
    plant.measure("TK101.LT", 1.0)
    hub.step(clock.now())

    assert wire.ended
    assert wire.packets == []
    with pytest.raises(AuthenticationError):
        hub.subscribe("a", ["TK101.LT"])


def test_twenty_clients_with_five_hundred_tags_are_served_within_a_fraction_of_the_period(clock: FakeClock) -> None:
    names = [f"T{i:03}" for i in range(500)]
    plant = ServedPlant(clock, tags=[Tag(name=name, initial=0.0) for name in names], definitions=())
    hub = Hub(live_sources(plant), Limits())
    for i in range(20):
        join(hub, plant, f"c{i}", *names[: 500 - i % 4])
    hub.step(clock.now())
    times = []

    for value in range(1, 20):
        plant.group.update([float(value)] * 500, Quality.GOOD, clock.now(), clock.now())
        stopwatch = Stopwatch()
        hub.step(clock.now())
        times.append(stopwatch.elapsed_s())

    assert sorted(times)[9] < 0.025
