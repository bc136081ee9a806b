"""What a server reports by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.drivers.opcua.build import build_driver
from automation.model.errors import DeviceTimeoutError, LinkDownError
from automation.model.quality import Quality
from automation.testing.waiting import wait_until
from tests.drivers.opcua.plant import MANY, NODES, Heard

pytestmark = [pytest.mark.process, pytest.mark.timeout(120)]


def test_every_address_is_reported_at_once_and_then_what_changes(device, driver):
    heard = Heard()
    driver.connect()

    assert driver.subscribe("fast", 0.05, [f"{NODES}LT", f"{NODES}RUN"], heard)
    heard.until(lambda heard: {place for place, _ in heard.readings} == {0, 1})
    device.set("LT", 2.5, at=1_800_000_200.0)
    heard.until(lambda heard: heard.values()[-1:] == [2.5])

    assert heard.values() == [1.5, 2.5]
    assert heard.values(1) == [True]
    assert heard.readings[-1][1].source_time == pytest.approx(1_800_000_200.0)


def test_changes_between_two_publications_come_one_by_one_and_in_order(device, driver):
    heard = Heard()
    driver.connect()
    driver.subscribe("slow", 0.5, [f"{NODES}LT"], heard)
    heard.until(lambda heard: bool(heard.readings))

    for value in (2.0, 3.0, 4.0, 5.0):
        device.set("LT", value)
    heard.until(lambda heard: heard.values()[-1] == 5.0)

    assert heard.values() == [1.5, 2.0, 3.0, 4.0, 5.0]


def test_an_address_that_the_server_refuses_is_bad_and_spoils_no_other(device, driver):
    heard = Heard()
    driver.connect()
    addresses = [f"{NODES}NOPE", f"{NODES}LT", "nsu=urn:nobody;s=LT", f"{NODES}ARRAY"]

    driver.subscribe("fast", 0.05, addresses, heard)
    heard.until(lambda heard: {place for place, _ in heard.readings} == {0, 1, 2, 3})

    qualities = {place: reading.quality for place, reading in heard.readings}
    bad = Quality.BAD_CONFIGURATION_ERROR
    assert qualities == {0: bad, 1: Quality.GOOD, 2: bad, 3: bad}


def test_nothing_is_reported_once_the_scan_is_unsubscribed(device, driver):
    first, second = Heard(), Heard()
    driver.connect()
    driver.subscribe("fast", 0.05, [f"{NODES}LT"], first)
    driver.subscribe("slow", 0.05, [f"{NODES}LT"], second)
    for heard in (first, second):
        heard.until(lambda heard: bool(heard.readings))

    driver.unsubscribe("fast")
    driver.unsubscribe("no such scan")
    device.set("LT", 4.0)
    second.until(lambda heard: heard.values()[-1] == 4.0)

    assert first.values() == [1.5]


def test_a_scan_that_is_subscribed_again_has_only_its_new_addresses(device, driver):
    first, second = Heard(), Heard()
    driver.connect()
    driver.subscribe("fast", 0.05, [f"{NODES}LT"], first)
    first.until(lambda heard: bool(heard.readings))

    driver.subscribe("fast", 0.05, [f"{NODES}SP"], second)
    device.set("LT", 4.0)
    device.set("SP", 5.0)
    second.until(lambda heard: heard.values()[-1:] == [5.0])

    assert first.values() == [1.5]


def test_many_nodes_are_subscribed_within_what_the_server_takes_at_once(device, driver):
    heard = Heard()
    driver.connect()
    driver.subscribe("fast", 0.1, [f"{NODES}{name}" for name in MANY], heard)
    heard.until(lambda heard: len({place for place, _ in heard.readings}) == len(MANY))

    device.set_many(MANY, 9.0)

    heard.until(lambda heard: sum(reading.value == 9.0 for _, reading in heard.readings) == len(MANY))
    driver.check_alive()


def test_a_server_without_subscriptions_is_polled(device, driver):
    device.set_limits(subscriptions=0)
    driver.connect()

    assert not driver.subscribe("fast", 0.05, [f"{NODES}LT"], Heard())

    driver.check_alive()
    assert driver.read((f"{NODES}LT",))[0].value == 1.5


def test_a_link_without_news_is_alive(driver):
    heard = Heard()
    driver.connect()
    driver.subscribe("fast", 0.05, [f"{NODES}LT"], heard)
    heard.until(lambda heard: bool(heard.readings))

    with pytest.raises(AssertionError):
        heard.until(lambda heard: len(heard.readings) > 1, timeout_s=2.0)

    driver.check_alive()


def test_a_server_that_falls_silent_is_noticed_within_three_keep_alives(device, link):
    driver = build_driver(replace(link, keep_alive_s=0.2, timeout_s=0.5))
    heard = Heard()
    driver.connect()
    driver.subscribe("fast", 0.05, [f"{NODES}LT"], heard)
    heard.until(lambda heard: bool(heard.readings))

    device.freeze(3.0)
    wait_until(lambda: _error(driver) is not None, 2.5)

    assert isinstance(_error(driver), DeviceTimeoutError)
    with pytest.raises(DeviceTimeoutError):
        driver.read((f"{NODES}LT",))
    driver.close()


def test_a_lost_session_is_noticed(device, driver):
    heard = Heard()
    driver.connect()
    driver.subscribe("fast", 0.05, [f"{NODES}LT"], heard)
    heard.until(lambda heard: bool(heard.readings))

    device.drop_sessions()

    wait_until(lambda: _error(driver) is not None, 5.0)
    with pytest.raises((LinkDownError, DeviceTimeoutError)):
        driver.check_alive()


def test_a_link_that_was_never_connected_is_not_alive(driver):
    with pytest.raises(LinkDownError):
        driver.check_alive()
    with pytest.raises(LinkDownError):
        driver.subscribe("fast", 0.05, [f"{NODES}LT"], Heard())
    driver.unsubscribe("fast")


def _error(driver) -> Exception | None:
    try:
        driver.check_alive()
    except (LinkDownError, DeviceTimeoutError) as error:
        return error
    return None
