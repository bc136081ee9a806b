"""A link whose device reports by itself, on a clock that the test moves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.acquisition.acquisition import Acquisition
from automation.acquisition.link import Link, LinkSetup, LinkState
from automation.cvt.table import Change, Cvt
from automation.model.conditioning import Checks, MovingAverage
from automation.model.errors import DeviceTimeoutError
from automation.model.quality import Quality
from automation.model.scale import Scale
from automation.model.tag import Tag
from automation.testing.clock import FakeClock
from automation.testing.drivers import FakeSubscribingDriver

SCANS = {"fast": 0.1, "normal": 0.5}


def tag(address: str, scan: str = "normal", **fields) -> Tag:
    return Tag(**{"name": f"T{address}", "source": f"plc/{address}", "scan": scan, **fields})


ONE, TWO, THREE = tag("1", "fast"), tag("2"), tag("3")


@pytest.fixture
def driver() -> FakeSubscribingDriver:
    return FakeSubscribingDriver({str(n): n * 10 for n in range(1, 10)})


@pytest.fixture
def cvt() -> Cvt:
    return Cvt()


@pytest.fixture
def acquisition(cvt, clock):
    acquisition = Acquisition(cvt, clock)
    yield acquisition
    acquisition.stop()


@pytest.fixture
def link(acquisition, driver, clock) -> Link:
    link = acquisition.add(LinkSetup(name="plc", driver=driver, scans=SCANS), [ONE, TWO, THREE])
    acquisition.start()
    clock.advance(0.05)
    return link


class Heard:
    """Every sample of one tag, in the order of the table."""

    def __init__(self, cvt: Cvt, name: str) -> None:
        self._name = name
        self.values: list[object] = []
        cvt.subscribe(self, [name])

    def put(self, item: Change) -> None:
        self.values += [sample.value for tag, sample in item.samples() if tag.name == self._name]


def quality(cvt: Cvt, name: str) -> Quality:
    return cvt.read(name).quality


def test_values_are_in_the_table_as_soon_as_the_device_is_subscribed(link, cvt, driver):
    assert [cvt.read(name)[:2] for name in ("T1", "T2", "T3")] == [(10.0, 0), (20.0, 0), (30.0, 0)]
    assert cvt.read("LINK.plc.UP").value is True
    assert driver.subscribes == [("fast", ("1",)), ("normal", ("2", "3"))]


def test_a_device_that_reports_is_not_polled(link, clock, driver):
    clock.advance(100.0)

    assert driver.reads == []
    assert link.up


def test_a_report_changes_its_own_tag_only(link, clock, cvt, driver):
    before = cvt.read("T3")
    driver.report(("2", 21))
    clock.advance(0.1)

    assert cvt.read("T2")[:2] == (21.0, Quality.GOOD)
    assert cvt.read("T3")[:3] == before[:3]


def test_a_report_keeps_the_time_that_the_device_gives(link, clock, cvt, driver):
    driver.report(("2", 21), source_time=1_700_000_000.0)
    clock.advance(0.1)

    assert cvt.read("T2").source_time == 1_700_000_000.0
    assert cvt.read("T2").server_time == pytest.approx(clock.now() - 0.1)


def test_every_report_is_heard_in_order_however_many_come_at_once(link, clock, cvt, driver):
    heard = Heard(cvt, "T2")
    for value in range(100, 200):
        driver.report(("2", value))
    clock.advance(0.1)

    assert heard.values == list(range(100, 200))
    assert link.status().received == 103
    assert link.status().dropped == 0


def test_too_many_reports_leave_the_newest_of_each_address_and_are_counted(acquisition, clock, cvt, driver, monkeypatch):
    monkeypatch.setattr("automation.acquisition.link.CAPACITY", 10)
    link = acquisition.add(LinkSetup(name="plc", driver=driver, scans=SCANS), [ONE, TWO, THREE])
    acquisition.start()
    clock.advance(0.05)

    driver.report(("3", 31))
    for value in range(100, 150):
        driver.report(("2", value))
    clock.advance(0.1)

    assert cvt.read("T2").value == 149.0
    assert cvt.read("T3").value == 31.0
    assert link.status().dropped + link.status().received == 54
    assert link.status().dropped > 30


def test_a_flood_of_reports_of_a_large_group_leaves_the_link_time_for_writes(link, clock, cvt, driver, monkeypatch):
    monkeypatch.setattr("automation.acquisition.scan._MOST_TAGS_AT_ONCE", 20)
    heard, seen = Heard(cvt, "T2"), []
    driver.on_write = lambda address, value: seen.append(len(heard.values))
    for value in range(100, 200):
        driver.report(("2", value))

    link.step(clock.now() + 0.02)
    link.write("3", 5)
    clock.advance(0.1)

    assert seen == [10]
    assert heard.values == list(range(100, 200))


def test_a_flood_at_the_moment_of_a_loss_ends_with_the_newest_values(link, clock, cvt, driver, monkeypatch):
    monkeypatch.setattr("automation.acquisition.scan._MOST_TAGS_AT_ONCE", 2)
    for value in range(100, 200):
        driver.report(("2", value))
    driver.simulate_connection_lost()
    link.step(clock.now() + 2.0)

    assert cvt.read("T2")[:2] == (199.0, Quality.BAD_NOT_CONNECTED)
    assert link.status().dropped + link.status().received == 103


def test_a_lost_connection_makes_the_tags_bad_after_their_last_report(link, clock, cvt, driver):
    driver.report(("2", 21))
    driver.simulate_connection_lost()
    clock.advance(1.0)

    assert cvt.read("T2")[:2] == (21.0, Quality.BAD_NOT_CONNECTED)
    assert cvt.read("LINK.plc.UP").value is False
    assert link.raw("T2") == (21, Quality.BAD_NOT_CONNECTED, pytest.approx(clock.now() - 1.0))


def test_a_lost_subscription_is_a_lost_device_although_the_connection_stands(link, clock, cvt, driver):
    driver.lose_subscriptions(DeviceTimeoutError("no report within 3 keep-alives"))
    clock.advance(1.0)

    assert quality(cvt, "T1") is Quality.BAD_NO_COMMUNICATION
    assert link.status().last_error == "no report within 3 keep-alives"
    assert link.status().errors_by_kind == {"timeout": 1}


def test_a_device_that_returns_is_subscribed_again(link, clock, cvt, driver):
    driver.simulate_connection_lost()
    clock.advance(60.0)
    driver.values["2"] = 22
    driver.restore()
    clock.advance(6.0)

    assert cvt.read("T2")[:2] == (22.0, Quality.GOOD)
    assert driver.subscribes[-1] == ("normal", ("2", "3"))
    assert link.status().reconnects == 1
    driver.report(("2", 23))
    clock.advance(0.1)
    assert cvt.read("T2").value == 23.0


def test_after_a_loss_a_tag_waits_for_its_first_report(link, clock, cvt, driver, monkeypatch):
    driver.simulate_connection_lost()
    clock.advance(10.0)
    driver.restore()
    monkeypatch.setattr(FakeSubscribingDriver, "subscribe", lambda *_: True)
    clock.advance(6.0)

    assert cvt.read("T2")[:2] == (20.0, Quality.BAD_WAITING_FOR_INITIAL_DATA)
    assert cvt.read("LINK.plc.UP").value is True


def test_a_scan_that_the_device_cannot_report_is_polled(acquisition, clock, cvt, driver):
    driver.reports_scans = False
    link = acquisition.add(LinkSetup(name="plc", driver=driver, scans=SCANS), [ONE, TWO])
    acquisition.start()
    clock.advance(0.99)

    assert driver.reads.count(("1",)) == 10
    assert driver.subscribes == [("fast", ("1",)), ("normal", ("2",))]
    assert cvt.read("T2").value == 20.0
    assert [scan.subscribed for scan in link.status().scans] == [False, False]


def test_a_scan_that_is_declared_to_be_polled_is_polled(acquisition, clock, driver):
    link = acquisition.add(LinkSetup(name="plc", driver=driver, scans=SCANS, polled=["fast"]), [ONE, TWO])
    acquisition.start()
    clock.advance(0.99)

    assert driver.reads.count(("1",)) == 10
    assert driver.subscribes == [("normal", ("2",))]
    assert [(scan.name, scan.subscribed) for scan in link.status().scans] == [("fast", False), ("normal", True)]


def test_a_poll_that_needs_a_new_connection_does_not_end_the_reports(acquisition, clock, cvt, driver):
    acquisition.add(LinkSetup(name="plc", driver=driver, scans=SCANS, polled=["fast"]), [ONE, TWO])
    acquisition.start()
    clock.advance(0.95)
    driver.fail_next_reads(DeviceTimeoutError("silent"))
    clock.advance(0.1)
    driver.report(("2", 21))
    clock.advance(0.1)

    assert cvt.read("T2")[:2] == (21.0, Quality.GOOD)
    assert driver.subscribes == [("normal", ("2",))] * 2


def test_only_the_scan_with_other_addresses_is_subscribed_again(link, clock, cvt, driver):
    driver.subscribes.clear()
    link.change([ONE, TWO, THREE, tag("4")], clock.now())
    clock.advance(0.1)

    assert driver.subscribes == [("normal", ("2", "3", "4"))]
    assert cvt.read("T4")[:2] == (40.0, Quality.GOOD)
    assert quality(cvt, "T2") is Quality.GOOD


def test_tags_that_are_only_described_otherwise_need_no_new_subscription(link, clock, cvt, driver):
    driver.subscribes.clear()
    link.change([ONE, replace(TWO, description="Level"), THREE], clock.now())
    driver.report(("2", 25), ("3", 35))
    clock.advance(0.1)

    assert driver.subscribes == []
    assert (cvt.read("T2").value, cvt.read("T3").value) == (25.0, 35.0)


def test_a_tag_that_is_scaled_otherwise_shows_it_without_a_new_report(link, clock, cvt, driver):
    link.change([ONE, replace(TWO, scale=Scale(raw=(0, 10), eng=(0, 1))), THREE], clock.now())

    assert cvt.read("T2").value == pytest.approx(2.0)


def test_a_second_tag_of_one_address_shows_the_value_without_a_new_report(link, clock, cvt, driver):
    driver.subscribes.clear()
    link.change([ONE, TWO, THREE, tag("2", name="Again")], clock.now())

    assert cvt.read("Again")[:2] == (20.0, Quality.GOOD)
    driver.report(("2", 21))
    clock.advance(0.1)
    assert (cvt.read("T2").value, cvt.read("Again").value) == (21.0, 21.0)
    assert driver.subscribes == []


def test_reports_that_wait_during_a_change_are_not_lost(link, clock, cvt, driver):
    heard = Heard(cvt, "T2")
    driver.report(("2", 21))
    driver.report(("2", 22))
    link.change([ONE, TWO, tag("4")], clock.now())
    clock.advance(0.1)

    assert heard.values == [21.0, 22.0]
    assert link.status().received == 7


def test_a_renamed_tag_goes_on(link, clock, cvt, driver):
    link.change([ONE, replace(TWO, name="LT"), THREE], clock.now(), {"LT": "T2"})
    driver.report(("2", 21))
    clock.advance(0.1)

    assert cvt.read("LT")[:2] == (21.0, Quality.GOOD)
    assert "T2" not in cvt


def test_a_class_without_tags_is_given_up(link, clock, cvt, driver):
    link.change([TWO], clock.now())
    clock.advance(0.1)

    assert driver.unsubscribes == ["fast"]
    driver.report(("1", 5), ("2", 21))
    clock.advance(0.1)
    assert cvt.read("T2").value == 21.0


def test_tags_changed_while_the_device_is_away_are_bad_until_it_is_back(link, clock, cvt, driver):
    driver.simulate_connection_lost()
    clock.advance(2.0)
    link.change([ONE, replace(TWO, scale=Scale(raw=(0, 10), eng=(0, 1))), tag("4")], clock.now())
    assert quality(cvt, "T2") is Quality.BAD_NOT_CONNECTED
    assert quality(cvt, "T4") is Quality.BAD_NOT_CONNECTED

    driver.restore()
    clock.advance(6.0)

    assert (cvt.read("T2").value, cvt.read("T4").value) == (2.0, 40.0)


def test_filters_and_checks_see_every_report(link, clock, cvt, driver):
    link.change([ONE, replace(TWO, filters=[MovingAverage(samples=2)], checks=Checks(max_rate=1.0)), THREE], clock.now())
    clock.advance(1.0)
    driver.report(("2", 30))
    driver.report(("2", 40))
    clock.advance(0.1)

    assert cvt.read("T2")[:2] == (35.0, Quality.UNCERTAIN_RATE_EXCEEDED)


def test_only_a_tag_that_reports_counts_as_heard(link, clock, cvt, driver):
    clock.advance(10.0)
    driver.report(("2", 21))
    clock.advance(0.1)
    group, two = cvt.slot("T2")

    assert group.heard(two) == pytest.approx(clock.now() - 0.1)
    assert group.heard(cvt.slot("T3")[1]) == pytest.approx(clock.now() - 10.15)


def test_an_address_that_the_device_refuses_is_bad_alone(link, clock, cvt, driver):
    driver.fail_read("2")
    driver.report(("2", None))
    clock.advance(0.1)

    assert cvt.read("T2")[:2] == (20.0, Quality.BAD_CONFIGURATION_ERROR)
    assert quality(cvt, "T3") is Quality.GOOD
    assert link.up


def test_a_device_that_reports_failures_only_counts_as_not_up(acquisition, clock, cvt, driver):
    for address in ("1", "2"):
        driver.fail_read(address, Quality.BAD_DEVICE_FAILURE)
    link = acquisition.add(LinkSetup(name="plc", driver=driver, scans=SCANS), [ONE, TWO])
    acquisition.start()
    clock.advance(0.1)
    assert link.status().state is LinkState.REFUSING

    driver.fail_read("1", Quality.GOOD)
    driver.report(("1", 5))
    clock.advance(0.1)
    assert link.up


def test_a_written_value_shows_by_its_report(link, clock, cvt, driver):
    link.write("2", 77)
    clock.advance(0.1)

    assert cvt.read("T2").value == 77.0
    assert driver.reads == []


def test_reports_close_together_are_taken_together_and_soon(link, clock, cvt, driver):
    group = cvt.slot("T2")[0]
    driver.report(("2", 21))
    clock.advance()
    updates = group.updates
    for address in ("2", "3"):
        driver.report((address, 50))
        clock.advance()
    assert group.updates == updates

    clock.advance(0.02)

    assert group.updates == updates + 1
    assert (cvt.read("T2").value, cvt.read("T3").value) == (50.0, 50.0)


def test_a_driver_that_cannot_subscribe_right_now_is_tried_again(acquisition, clock, cvt, driver, monkeypatch):
    real, failures = FakeSubscribingDriver.subscribe, [DeviceTimeoutError("busy")] * 3

    def subscribe(self, *args):
        if failures:
            raise failures.pop()
        return real(self, *args)

    monkeypatch.setattr(FakeSubscribingDriver, "subscribe", subscribe)
    acquisition.add(LinkSetup(name="plc", driver=driver, scans=SCANS), [ONE, TWO])
    acquisition.start()

    clock.advance()
    assert quality(cvt, "T1") is Quality.BAD_NO_COMMUNICATION
    clock.advance(5.0)
    assert cvt.read("T2")[:2] == (20.0, Quality.GOOD)


def test_the_same_steps_give_the_same_history_every_time():
    def run() -> list[tuple]:
        clock, cvt, driver = FakeClock(), Cvt(), FakeSubscribingDriver({"1": 0, "2": 0})
        acquisition = Acquisition(cvt, clock)
        acquisition.add(LinkSetup(name="plc", driver=driver, scans=SCANS), [ONE, TWO])
        acquisition.start()
        history = []
        for turn in range(40):
            clock.advance(0.37)
            driver.report(("1", turn), ("2", -turn))
            if turn == 20:
                driver.simulate_connection_lost()
            if turn == 30:
                driver.restore()
            history.append((cvt.read("T1"), cvt.read("T2")))
        acquisition.stop()
        return history

    assert run() == run()
