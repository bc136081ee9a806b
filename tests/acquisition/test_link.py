"""A link on a clock that the test moves: states, quality, retries, writes."""

from __future__ import annotations

import logging

import pytest

from automation.acquisition.acquisition import Acquisition
from automation.acquisition.backoff import Backoff
from automation.acquisition.link import Link, LinkSetup, LinkState, LinkStatus
from automation.cvt.table import Cvt
from automation.model.errors import (
    ConfigError,
    DeviceRefusedError,
    DeviceTimeoutError,
    DriverError,
    InvalidValueError,
    LinkDownError,
    NotFoundError,
    UnknownTagError,
)
from automation.model.output import Output
from automation.model.quality import Quality
from automation.model.tag import DataType, Tag
from automation.testing.clock import FakeClock
from automation.testing.drivers import FakeDriver

SCANS = {"fast": 0.1, "normal": 0.5}


def tag(address: str, scan: str = "normal", **fields) -> Tag:
    return Tag(name=f"T{address}", source=f"plc/{address}", scan=scan, **fields)


@pytest.fixture
def driver() -> FakeDriver:
    return FakeDriver({"1": 10, "2": 20, "3": 30}, read_only=["3"])


@pytest.fixture
def cvt() -> Cvt:
    return Cvt()


@pytest.fixture
def changes() -> list[LinkStatus]:
    return []


@pytest.fixture
def acquisition(cvt, clock, changes):
    acquisition = Acquisition(cvt, clock, changes.append)
    yield acquisition
    acquisition.stop()


@pytest.fixture
def link(acquisition, driver) -> Link:
    link = acquisition.add(LinkSetup(name="plc", driver=driver, scans=SCANS), [tag("1", "fast"), tag("2"), tag("3")])
    acquisition.start()
    return link


def quality(cvt: Cvt, name: str) -> Quality:
    return cvt.read(name).quality


def test_values_are_in_the_table_after_the_first_step(link, clock, cvt):
    assert quality(cvt, "T1") is Quality.BAD_WAITING_FOR_INITIAL_DATA

    clock.advance()

    assert cvt.read("T1") == (10.0, Quality.GOOD, clock.now(), clock.now())
    assert cvt.read("LINK.plc.UP").value is True
    assert link.status().state is LinkState.UP


def test_each_scan_class_has_its_own_period_and_its_own_block(link, clock, driver):
    clock.advance(0.99)

    assert driver.reads.count(("1",)) == 10
    assert driver.reads.count(("2", "3")) == 2


def test_deadlines_do_not_drift(link, clock, cvt):
    start = clock.now()
    clock.advance(1000)

    assert cvt.read("T1").source_time == pytest.approx(start + 1000, abs=1e-5)
    assert link.status().overruns == 0


def test_deadlines_that_pass_while_the_link_is_busy_are_counted_not_made_up_for(link, clock, driver):
    clock.advance()
    start = clock.now()
    before = driver.reads.count(("1",))

    next_due = link.step(start + 0.35)

    assert driver.reads.count(("1",)) == before + 1
    assert link.status().overruns == 2
    assert next_due == pytest.approx(start + 0.4)


def test_a_lost_device_makes_its_tags_bad_within_two_scans_and_keeps_their_values(link, clock, cvt, driver):
    clock.advance(1.0)
    last = cvt.read("T1")
    driver.simulate_connection_lost()

    clock.advance(0.2)

    for name in ("T1", "T2", "T3"):
        assert quality(cvt, name) is Quality.BAD_NOT_CONNECTED
    assert cvt.read("T1").value == last.value
    assert cvt.read("T1").source_time == last.source_time
    assert cvt.read("T1").server_time > last.server_time
    assert cvt.read("LINK.plc.UP") == (False, Quality.GOOD, *cvt.read("LINK.plc.UP")[2:])


def test_a_silent_device_has_no_communication(link, clock, cvt, driver):
    clock.advance(1.0)
    driver.fail_next_reads(DeviceTimeoutError("silent"), DeviceTimeoutError("silent"))

    clock.advance(0.1)

    assert quality(cvt, "T2") is Quality.BAD_NO_COMMUNICATION
    assert link.status().last_error == "silent"


def test_one_failed_read_is_tried_once_more_and_nobody_notices(link, clock, cvt, driver, changes):
    clock.advance(1.0)
    driver.fail_next_reads(DeviceTimeoutError("silent"))

    clock.advance(0.1)

    assert quality(cvt, "T1") is Quality.GOOD
    assert [status.up for status in changes] == [True]
    assert link.status().errors == 1


def test_a_device_that_returns_is_good_again_by_itself(link, clock, cvt, driver):
    clock.advance(1.0)
    driver.simulate_connection_lost()
    clock.advance(60.0)
    driver.restore()
    driver.values["1"] = 11

    clock.advance(5.0)

    assert cvt.read("T1")[:2] == (11.0, Quality.GOOD)
    assert quality(cvt, "T2") is Quality.GOOD
    assert cvt.read("LINK.plc.UP").value is True
    assert link.status().reconnects == 1


def test_a_device_absent_at_the_start_is_bad_and_then_good(acquisition, clock, cvt, driver):
    driver.simulate_connection_lost()
    link = acquisition.add(LinkSetup(name="plc", driver=driver, scans=SCANS), [tag("1")])
    acquisition.start()

    clock.advance()
    assert quality(cvt, "T1") is Quality.BAD_NOT_CONNECTED
    assert link.status().state is LinkState.LOST

    clock.advance(3.0)
    driver.restore()
    clock.advance(5.0)
    assert cvt.read("T1")[:2] == (10.0, Quality.GOOD)
    assert link.status().reconnects == 0


def test_a_device_that_accepts_connections_but_answers_nothing_is_not_up(acquisition, clock, cvt, driver, changes):
    driver.fail_next_reads(*[DeviceTimeoutError("silent")] * 1000)
    acquisition.add(LinkSetup(name="plc", driver=driver, scans=SCANS), [tag("1")])
    acquisition.start()

    clock.advance(60)

    assert cvt.read("LINK.plc.UP").value is False
    assert quality(cvt, "T1") is Quality.BAD_NO_COMMUNICATION
    assert [status.up for status in changes] == [False]
    assert driver.connects < 20


def test_attempts_to_connect_get_rarer_up_to_five_seconds(acquisition, clock, driver):
    driver.simulate_connection_lost()
    acquisition.add(LinkSetup(name="plc", driver=driver, scans=SCANS), [tag("1")])
    acquisition.start()

    clock.advance(7.75)
    early = driver.connects
    clock.advance(100)

    assert 6 <= early <= 7
    assert 20 <= driver.connects - early <= 25


def test_the_backoff_starts_over_after_a_success():
    backoff = Backoff()

    assert [backoff.next_s() for _ in range(7)] == [0.25, 0.5, 1.0, 2.0, 4.0, 5.0, 5.0]
    backoff.reset()
    assert backoff.next_s() == 0.25


def test_links_that_were_lost_together_come_back_one_by_one_and_no_later():
    first, second = Backoff(jitter=0.2, name="a"), Backoff(jitter=0.2, name="b")
    ones, others = [first.next_s() for _ in range(7)], [second.next_s() for _ in range(7)]

    assert all(one != other for one, other in zip(ones, others, strict=True))
    assert all(
        0.8 * plain <= cut <= plain for cut, plain in zip(ones + others, [0.25, 0.5, 1.0, 2.0, 4.0, 5.0, 5.0] * 2, strict=True)
    )
    assert Backoff(jitter=0.2, name="a").next_s() == ones[0]


def test_a_loss_and_a_return_are_logged_once_each(link, clock, driver, caplog):
    caplog.set_level(logging.INFO)
    clock.advance(1.0)
    driver.simulate_connection_lost()
    clock.advance(60.0)
    driver.restore()
    clock.advance(10.0)

    lines = [record.getMessage() for record in caplog.records if record.name == "automation.acquisition.link"]
    assert len(lines) == 3
    assert lines[1] == "link plc lost: the device does not answer"
    assert lines[2].startswith("link plc is back after 6")


def test_a_listener_hears_of_each_change_once(link, clock, driver, changes):
    clock.advance(1.0)
    driver.simulate_connection_lost()
    clock.advance(60.0)
    driver.restore()
    clock.advance(10.0)

    assert [status.up for status in changes] == [True, False, True]


def test_one_refused_address_is_bad_alone_and_keeps_the_link_up(link, clock, cvt, driver):
    clock.advance()
    driver.fail_read("2")
    clock.advance(0.5)

    assert quality(cvt, "T2") is Quality.BAD_CONFIGURATION_ERROR
    assert cvt.read("T2").value == 20.0
    assert quality(cvt, "T3") is Quality.GOOD

    driver.fail_read("2", Quality.GOOD)
    clock.advance(0.5)
    assert quality(cvt, "T2") is Quality.GOOD


def test_a_fault_of_the_driver_itself_does_not_leave_values_looking_alive(link, clock, cvt, driver):
    clock.advance(1.0)
    driver.values.pop("2")

    clock.advance(0.5)

    assert quality(cvt, "T2").is_bad
    driver.values["2"] = 5
    clock.advance(20)
    assert cvt.read("T2")[:2] == (5.0, Quality.GOOD)


def test_a_write_reaches_the_device_and_is_read_back_before_the_next_deadline(link, clock, cvt, driver):
    clock.advance(0.6)

    link.write("2", 21)
    assert driver.writes == [("2", 21)]
    assert cvt.read("T2").value == 20.0

    clock.advance()
    assert cvt.read("T2").value == 21.0


def test_a_poll_out_of_turn_leaves_the_deadlines_where_they_are(link, clock, driver):
    clock.advance(0.6)
    link.refresh("2")
    clock.advance()
    reads = driver.reads.count(("2", "3"))

    clock.advance(0.39)
    assert driver.reads.count(("2", "3")) == reads
    clock.advance(0.02)
    assert driver.reads.count(("2", "3")) == reads + 1


def test_a_write_that_the_device_refuses_is_an_error_and_the_link_stays_up(link, clock, driver):
    clock.advance()

    with pytest.raises(DeviceRefusedError):
        link.write("3", 1)
    driver.fail_next_writes(DeviceTimeoutError("silent"))
    with pytest.raises(DeviceTimeoutError, match="silent"):
        link.write("2", 1)

    clock.advance(1)
    assert link.up
    assert link.status().errors == 2


def test_a_write_to_an_absent_device_is_refused_at_once(link, clock, driver):
    clock.advance(1)
    driver.simulate_connection_lost()
    clock.advance(1)

    with pytest.raises(LinkDownError, match="plc is down: the device does not answer"):
        link.write("2", 1)
    assert driver.writes == []


def test_a_stopped_link_refuses_writes_and_has_closed_its_connection(link, clock, driver):
    clock.advance()
    link.stop()

    assert not driver.connected
    with pytest.raises(LinkDownError, match="stopped"):
        link.write("2", 1)


def test_the_status_tells_what_happened(link, clock, driver):
    clock.advance(1.0)
    driver.simulate_connection_lost()
    clock.advance(0.1)

    status = link.status()
    assert (status.name, status.up, status.state) == ("plc", False, LinkState.LOST)
    assert status.since == clock.now()
    assert status.errors >= 1
    assert status.requests > 10
    assert status.last_error == "the device does not answer"
    assert status.latency_ms >= 0


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (tag("9"), ["T9", "'9'"]),
        (tag("1", "hourly"), ["T1", "hourly", "fast, normal"]),
        (Tag(name="X", source="other/1"), ["X", "other/1"]),
        (tag("3", writable=True), ["T3", "read only"]),
        (Output(name="X", source="plc/3", safe=0.0), ["X", "read only"]),
    ],
)
def test_a_tag_that_the_link_cannot_serve_is_refused_and_nothing_is_added(acquisition, driver, cvt, bad, words):
    with pytest.raises(ConfigError) as caught:
        acquisition.add(LinkSetup(name="plc", driver=driver, scans=SCANS), [tag("2"), bad])

    assert all(word in str(caught.value) for word in words)
    assert len(cvt) == 0
    assert acquisition.links() == ()


def test_a_taken_name_is_refused_and_nothing_is_added(acquisition, driver, cvt, clock):
    cvt.add([Tag(name="T2")], clock.now())

    with pytest.raises(ConfigError, match="T2"):
        acquisition.add(LinkSetup(name="plc", driver=driver, scans=SCANS), [tag("1", "fast"), tag("2")])
    assert cvt.names() == ("T2",)


def test_two_links_may_not_have_one_name(link, acquisition, driver):
    with pytest.raises(ConfigError, match="plc"):
        acquisition.add(LinkSetup(name="plc", driver=driver, scans=SCANS), [])


def test_a_link_added_while_running_polls_at_once_and_one_removed_takes_its_tags_along(link, acquisition, clock, cvt):
    other = FakeDriver({"1": 7})
    acquisition.add(LinkSetup(name="b", driver=other, scans=SCANS), [Tag(name="B1", source="b/1")])
    clock.advance()
    assert cvt.read("B1").value == 7.0

    acquisition.remove("b")

    assert not other.connected
    assert "B1" not in cvt
    with pytest.raises(UnknownTagError):
        cvt.read("LINK.b.UP")
    with pytest.raises(NotFoundError, match="b"):
        acquisition.write("b", "1", 1)


def test_a_link_without_tags_is_up_when_connected(acquisition, clock, cvt):
    driver = FakeDriver({"1": 7})
    link = acquisition.add(LinkSetup(name="b", driver=driver, scans={}), [])
    acquisition.start()
    clock.advance(1)

    assert cvt.read("LINK.b.UP").value is True
    link.write("1", 8)
    assert driver.values["1"] == 8


def test_another_error_than_a_drivers_reaches_the_writer(link, clock, driver):
    def refuse(address, value):
        raise InvalidValueError("too large")

    clock.advance()
    driver.on_write = refuse

    with pytest.raises(InvalidValueError, match="too large"):
        link.write("2", 1)


def test_bits_and_text_keep_their_type(acquisition, clock, cvt):
    driver = FakeDriver({"b": 1, "s": "idle"})
    tags = [Tag(name="B", source="plc/b", type=DataType.BOOL), Tag(name="S", source="plc/s", type=DataType.STRING)]
    acquisition.add(LinkSetup(name="plc", driver=driver, scans=SCANS), tags)
    acquisition.start()
    clock.advance()

    assert cvt.read("B").value is True
    assert cvt.read("S").value == "idle"


def test_the_same_steps_give_the_same_history_every_time(changes):
    def run() -> list[tuple]:
        clock, cvt, driver = FakeClock(), Cvt(), FakeDriver({"1": 10, "2": 20})
        acquisition = Acquisition(cvt, clock)
        acquisition.add(LinkSetup(name="plc", driver=driver, scans=SCANS), [tag("1", "fast"), tag("2")])
        acquisition.start()
        history = []
        for _ in range(50):
            clock.advance(0.37)
            driver.values["1"] += 1
            if len(history) == 20:
                driver.simulate_connection_lost()
            if len(history) == 30:
                driver.restore()
            history.append((cvt.read("T1"), cvt.read("T2")))
        acquisition.stop()
        return history

    assert run() == run()


def test_an_unknown_driver_error_counts_as_a_loss(link, clock, cvt, driver):
    clock.advance(1)
    driver.fail_next_reads(DriverError("odd"), DriverError("odd"))
    clock.advance(0.1)

    assert quality(cvt, "T1").is_bad


def test_a_device_that_refuses_every_read_counts_as_not_up_until_it_gives_a_value(link, driver, cvt, clock) -> None:
    clock.advance(1.0)
    for address in ("1", "2", "3"):
        driver.fail_read(address, Quality.BAD_DEVICE_FAILURE)
    clock.advance(1.0)

    assert (link.up, link.status().state) == (False, LinkState.REFUSING)
    assert cvt.read("LINK.plc.UP").value is False
    assert cvt.read("T2").quality is Quality.BAD_DEVICE_FAILURE
    assert "every read" in link.status().last_error

    driver.fail_read("1", Quality.GOOD)
    clock.advance(0.2)
    assert link.up
    assert cvt.read("LINK.plc.UP").value is True


def test_one_refused_scan_does_not_bring_the_link_down(link, driver, cvt, clock) -> None:
    clock.advance(1.0)
    driver.fail_read("1", Quality.BAD_DEVICE_FAILURE)
    clock.advance(1.0)

    assert link.up
    assert cvt.read("T1").quality is Quality.BAD_DEVICE_FAILURE
