"""Links with their real threads."""

from __future__ import annotations

import gc
import random
import sys
import threading
from dataclasses import replace
from itertools import pairwise

import pytest

from automation.acquisition.acquisition import Acquisition
from automation.acquisition.link import LinkSetup
from automation.cvt.table import Cvt
from automation.drivers.modbus.build import build_driver
from automation.model.errors import DeviceTimeoutError
from automation.model.link import ModbusLink
from automation.model.quality import Quality
from automation.model.tag import Tag
from automation.system.clock import RealClock, Stopwatch
from automation.testing.drivers import FakeDriver, FakeSubscribingDriver
from automation.testing.watch import Watch

SCANS = {"normal": 0.02}


@pytest.fixture
def cvt() -> Cvt:
    return Cvt()


@pytest.fixture
def acquisition(cvt):
    acquisition = Acquisition(cvt, RealClock())
    yield acquisition
    acquisition.stop()


def add(acquisition: Acquisition, name: str, driver) -> None:
    acquisition.add(LinkSetup(name=name, driver=driver, scans=SCANS), [Tag(name=f"{name}.T", source=f"{name}/holding:1")])


def test_a_device_that_hangs_delays_no_other_link(acquisition, cvt):
    slow, quick = FakeDriver({"holding:1": 0}), FakeDriver({"holding:1": 0})
    add(acquisition, "slow", slow)
    add(acquisition, "quick", quick)
    slow.block()
    acquisition.start()
    watch = Watch(cvt)

    for value in range(1, 6):
        quick.values["holding:1"] = value
        watch.until(lambda cvt, value=value: cvt.read("quick.T").value == value)

    assert cvt.read("slow.T").quality is Quality.BAD_WAITING_FOR_INITIAL_DATA
    slow.release()
    watch.until(lambda cvt: cvt.read("slow.T").quality.is_good)


def test_a_write_behind_a_hanging_poll_is_given_up_and_never_sent(acquisition, cvt):
    driver = FakeDriver({"holding:1": 0})
    add(acquisition, "plc", driver)
    acquisition.start()
    watch = Watch(cvt)
    watch.until(lambda cvt: cvt.read("LINK.plc.UP").value is True)
    driver.block()
    assert driver.hanging.wait(10)

    with pytest.raises(DeviceTimeoutError, match="not sent"):
        acquisition.write("plc", "holding:1", 1, timeout_s=0.05)
    driver.release()
    driver.values["holding:1"] = 7
    watch.until(lambda cvt: cvt.read("plc.T").value == 7)

    assert driver.writes == []


def test_writes_from_many_threads_are_made_one_after_the_other(acquisition, cvt):
    driver = FakeDriver({"holding:1": 0})
    inside = []

    def alone(address, value) -> None:
        inside.append(threading.current_thread().name)

    driver.on_write = alone
    add(acquisition, "plc", driver)
    acquisition.start()
    Watch(cvt).until(lambda cvt: cvt.read("LINK.plc.UP").value is True)
    writers = [threading.Thread(target=acquisition.write, args=("plc", "holding:1", n)) for n in range(20)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert sorted(value for _, value in driver.writes) == list(range(20))
    assert set(inside) == {"link plc"}


def test_an_unreachable_modbus_device_does_not_hold_up_the_stop(acquisition, cvt, free_port):
    link = ModbusLink(name="plc", host="127.0.0.1", port=free_port)
    add(acquisition, "plc", build_driver(link))
    acquisition.start()

    Watch(cvt).until(lambda cvt: cvt.read("plc.T").quality is Quality.BAD_NOT_CONNECTED)


def test_busy_writers_do_not_starve_the_polls(acquisition, cvt):
    driver = FakeDriver({"holding:1": 0})
    add(acquisition, "plc", driver)
    acquisition.start()
    watch, enough = Watch(cvt), threading.Event()
    watch.until(lambda cvt: cvt.read("LINK.plc.UP").value is True)

    def keep_writing() -> None:
        while not enough.is_set():
            acquisition.write("plc", "holding:1", 1)

    writers = [threading.Thread(target=keep_writing) for _ in range(4)]
    for writer in writers:
        writer.start()
    reads = len(driver.reads)
    watch.until(lambda cvt: len(driver.reads) > reads + 5)
    enough.set()
    for writer in writers:
        writer.join()


def test_tags_change_while_the_device_is_polled_and_no_sample_of_the_others_is_lost(acquisition, cvt):
    driver = FakeDriver({f"holding:{n}": 0 for n in range(50)})
    add(acquisition, "plc", driver)
    link = acquisition.link("plc")
    acquisition.start()
    watch = Watch(cvt)
    watch.until(lambda cvt: cvt.read("plc.T").quality.is_good)

    for n in range(2, 50):
        link.change([*link.tags(), Tag(name=f"plc.{n}", source=f"plc/holding:{n}")], RealClock().now())
        assert cvt.read("plc.T").quality.is_good
    driver.values["holding:1"] = driver.values["holding:49"] = 7

    watch.until(lambda cvt: cvt.read("plc.T").value == cvt.read("plc.49").value == 7)


def test_a_driver_that_hangs_does_not_hold_up_a_change_for_ever(acquisition, cvt, monkeypatch):
    monkeypatch.setattr("automation.acquisition.link._TURN_TIMEOUT_S", 0.05)
    driver = FakeDriver({"holding:1": 0, "holding:2": 5})
    add(acquisition, "plc", driver)
    acquisition.start()
    watch = Watch(cvt)
    watch.until(lambda cvt: cvt.read("plc.T").quality.is_good)
    driver.block()
    assert driver.hanging.wait(10)

    acquisition.link("plc").change([Tag(name="plc.T2", source="plc/holding:2")], RealClock().now())
    assert "plc.T2" in cvt
    assert "plc.T" not in cvt

    driver.release()
    watch.until(lambda cvt: cvt.read("plc.T2").value == 5)


def test_a_change_on_a_link_that_stops_meanwhile_is_made_all_the_same(acquisition, cvt):
    driver = FakeDriver({"holding:1": 0, "holding:2": 5})
    add(acquisition, "plc", driver)
    link = acquisition.link("plc")
    acquisition.start()
    Watch(cvt).until(lambda cvt: cvt.read("plc.T").quality.is_good)
    driver.block()
    assert driver.hanging.wait(10)
    changing = threading.Thread(target=link.change, args=([Tag(name="plc.T2", source="plc/holding:2")], RealClock().now()))
    changing.start()

    link.finish()
    driver.release()
    link.stop()
    changing.join(10)

    assert "plc.T2" in cvt


def test_reports_from_the_drivers_own_thread_reach_the_table_in_order(acquisition, cvt):
    driver = FakeSubscribingDriver({"holding:1": -1})
    add(acquisition, "plc", driver)
    acquisition.start()
    watch = Watch(cvt)
    watch.until(lambda cvt: cvt.read("plc.T").value == -1)
    heard: list[object] = []

    class Receiver:
        def put(self, item) -> None:
            heard.extend(sample.value for _, sample in item.samples())

    cvt.subscribe(Receiver(), ["plc.T"])

    def report() -> None:
        for value in range(2000):
            driver.report(("holding:1", value))

    reporter = threading.Thread(target=report)
    reporter.start()
    acquisition.write("plc", "holding:1", 5000)
    watch.until(lambda cvt: heard.count(1999.0) == 1 and 5000.0 in heard)
    reporter.join()

    assert [value for value in heard if value != 5000.0] == list(range(2000))


@pytest.mark.timing
@pytest.mark.timeout(120)
def test_ten_thousand_subscribed_addresses_report_five_thousand_changes_a_second_without_loss(acquisition, cvt):
    count, rounds, period_s = 10_000, 100, 0.05
    driver = FakeSubscribingDriver({str(n): 0 for n in range(count)})
    acquisition.add(
        LinkSetup(name="plc", driver=driver, scans=SCANS), [Tag(name=f"P{n}", source=f"plc/{n}") for n in range(count)]
    )
    heard: dict[str, list[object]] = {}

    class Receiver:
        def put(self, item) -> None:
            for tag, sample in item.samples():
                heard.setdefault(tag.name, []).append(sample.value)

    acquisition.start()
    watch, pause, chosen = Watch(cvt), threading.Event(), random.Random(1)  # noqa: S311
    watch.until(lambda cvt: cvt.read("P9999").quality.is_good)
    cvt.subscribe(Receiver(), [f"P{n}" for n in range(count)])
    sent: dict[str, list[object]] = {}
    started = Stopwatch()
    for turn in range(1, rounds + 1):
        changes = [(str(n), float(turn)) for n in chosen.sample(range(count), 250)]
        for address, value in changes:
            sent.setdefault(f"P{address}", []).append(value)
        driver.report(*changes)
        pause.wait(max(0.0, turn * period_s - started.elapsed_s()))
    watch.until(lambda _: sum(map(len, heard.values())) == 250 * rounds)

    assert heard == sent
    assert acquisition.status()[0].dropped == 0


@pytest.mark.timing
@pytest.mark.timeout(120)
def test_no_poll_is_late_because_ten_thousand_tags_of_its_link_change(acquisition, cvt):
    count, period_s = 10_000, 0.1
    device = FakeDriver({f"holding:{n}": n for n in range(count)})
    tags = [Tag(name=f"P{n}", source=f"plc/holding:{n}", scan="fast" if n < 10 else "slow") for n in range(count)]
    acquisition.add(LinkSetup(name="plc", driver=device, scans={"fast": period_s, "slow": 1.0}), tags[:10])
    acquisition.start()
    arrivals: dict[str, list[float]] = {"fast": [], "slow": [], "normal": []}

    class Receiver:
        def put(self, item) -> None:
            arrivals[item.group.tags[0].scan].append(item.batch.server_time)

    watch = Watch(cvt)
    cvt.subscribe(Receiver(), always=True)
    link, clock = acquisition.link("plc"), RealClock()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)  # as the runtime has it
    gc.freeze()
    try:
        watch.until(lambda cvt: cvt.read("P9").quality.is_good)
        for round_ in range(3):
            described = [replace(tag, description=f"round {round_}") for tag in tags[10:]]
            link.change([*tags[:10], *described], clock.now())
            seen = len(arrivals["slow"])
            watch.until(lambda cvt, seen=seen: len(arrivals["slow"]) > seen + 1)
    finally:
        gc.unfreeze()
        sys.setswitchinterval(interval)

    late = {scan: max(b - a for a, b in pairwise(arrivals[scan])) - due for scan, due in [("fast", period_s), ("slow", 1.0)]}
    assert max(late.values()) < 0.1, late
