"""What every driver must do: inherit ``DriverContract`` and give it a driver and its device.

A driver whose device reports by itself passes ``SubscribingDriverContract`` as well.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

import pytest

from automation.drivers.base import Driver, Reading, SubscribingDriver
from automation.model.errors import ConfigError, DriverError, LinkDownError
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.testing.waiting import wait_until


@dataclass(frozen=True, kw_only=True)
class DriverUnderTest:
    """A driver, not yet connected, with its device running.

    readable: at least two addresses with the raw values that the device holds. writable: an address and two values for it.
    absent: an address that is well formed but that the device refuses, None if it has none. bad_addresses: texts that are no
    addresses. read_only: an address that cannot be written, None if all can. stop_device, start_device: take the device away and
    bring it back. settles_s: how long after a write the device may go on giving the old value.
    """

    driver: Driver
    readable: Sequence[tuple[str, Value]]
    writable: tuple[str, Value, Value]
    bad_addresses: Sequence[str]
    read_only: str | None
    stop_device: Callable[[], None]
    start_device: Callable[[], None]
    absent: str | None = None
    settles_s: float = 0.0


@pytest.mark.contract
class DriverContract:
    """The suite. The inheriting class has a fixture ``subject`` that gives a ``DriverUnderTest`` and tidies up after it."""

    def test_addresses_that_the_device_has_pass_the_check(self, subject: DriverUnderTest) -> None:
        """Checking needs no connection."""
        for address, _ in subject.readable:
            subject.driver.check(address)
        subject.driver.check_write(subject.writable[0])

    def test_a_bad_address_is_refused_by_name(self, subject: DriverUnderTest) -> None:
        """The text of the error tells which."""
        for address in subject.bad_addresses:
            with pytest.raises(ConfigError) as caught:
                subject.driver.check(address)
            assert address in str(caught.value)

    def test_a_read_only_address_is_refused_for_writing(self, subject: DriverUnderTest) -> None:
        """Before anything is sent."""
        if subject.read_only is None:
            pytest.skip("every address can be written")
        subject.driver.check(subject.read_only)
        with pytest.raises(ConfigError):
            subject.driver.check_write(subject.read_only)

    def test_readings_come_in_the_order_of_the_addresses(self, subject: DriverUnderTest) -> None:
        """Also when they are asked for backwards, or twice."""
        subject.driver.connect()
        for wanted in (list(subject.readable), list(reversed(subject.readable)), [*subject.readable, subject.readable[0]]):
            readings = subject.driver.read(tuple(address for address, _ in wanted))
            assert [reading.value for reading in readings] == [value for _, value in wanted]
            assert all(reading.quality is Quality.GOOD for reading in readings)

    def test_addresses_that_were_prepared_are_read_as_any_others(self, subject: DriverUnderTest) -> None:
        """Before a connection and during one, in any number."""
        addresses = tuple(address for address, _ in subject.readable)
        subject.driver.prepare(addresses)
        subject.driver.connect()
        for wanted in (addresses, addresses[:1], ()):
            subject.driver.prepare(wanted)
            assert [reading.value for reading in subject.driver.read(wanted)] == [v for _, v in subject.readable[: len(wanted)]]

    def test_reading_nothing_gives_nothing(self, subject: DriverUnderTest) -> None:
        """An empty scan is no error."""
        subject.driver.connect()
        assert list(subject.driver.read(())) == []

    def test_a_written_value_is_read_back(self, subject: DriverUnderTest) -> None:
        """Twice, with two values, so that neither was there before."""
        address, first, second = subject.writable
        subject.driver.connect()
        for value in (first, second):
            subject.driver.write(address, value)
            wait_until(_reads(subject.driver, address, value), subject.settles_s)

    def test_a_refused_address_is_one_bad_reading_and_spoils_no_other(self, subject: DriverUnderTest) -> None:
        """Every time it is read."""
        if subject.absent is None:
            pytest.skip("the device refuses no address")
        subject.driver.connect()
        addresses = (subject.absent, *(address for address, _ in subject.readable))
        for _ in range(3):
            refused, *others = subject.driver.read(addresses)
            assert refused.value is None
            assert refused.quality.is_bad
            assert [reading.value for reading in others] == [value for _, value in subject.readable]

    def test_an_absent_device_cannot_be_connected(self, subject: DriverUnderTest) -> None:
        """And can be, once it is there."""
        subject.stop_device()
        with pytest.raises(LinkDownError):
            subject.driver.connect()
        subject.start_device()
        subject.driver.connect()
        address, value = subject.readable[0]
        assert subject.driver.read((address,))[0].value == value

    def test_reading_and_writing_without_a_connection_is_an_error(self, subject: DriverUnderTest) -> None:
        """No request opens one by itself."""
        with pytest.raises(LinkDownError):
            subject.driver.read((subject.readable[0][0],))
        with pytest.raises(LinkDownError):
            subject.driver.write(subject.writable[0], subject.writable[1])

    def test_a_lost_device_is_an_error_until_connected_again(self, subject: DriverUnderTest) -> None:
        """Values never come from memory."""
        address, value = subject.readable[0]
        subject.driver.connect()
        assert subject.driver.read((address,))[0].value == value
        subject.stop_device()
        with pytest.raises(DriverError):
            subject.driver.read((address,))
        subject.start_device()
        subject.driver.close()
        subject.driver.connect()
        assert subject.driver.read((address,))[0].value == value

    def test_closing_twice_is_harmless(self, subject: DriverUnderTest) -> None:
        """Also before the first connect."""
        subject.driver.close()
        subject.driver.connect()
        subject.driver.close()
        subject.driver.close()


@dataclass(frozen=True, kw_only=True)
class SubscribingDriverUnderTest:
    """A driver that reports, not yet connected, with its device running.

    readable: at least two addresses with the raw values that the device holds. others: values for the first of them, each unlike
    the one before. change: has the device take a value at an address. absent: an address that is well formed but that the device
    refuses, None if it has none. stop_device, start_device: take the device away and bring it back. patience_s: within this, what
    must happen has happened.
    """

    driver: SubscribingDriver
    readable: Sequence[tuple[str, Value]]
    others: Sequence[Value]
    change: Callable[[str, Value], None]
    stop_device: Callable[[], None]
    start_device: Callable[[], None]
    absent: str | None = None
    patience_s: float = 5.0

    @property
    def addresses(self) -> tuple[str, ...]:
        """Of what can be read."""
        return tuple(address for address, _ in self.readable)


class Heard:
    """A sink that remembers what it was told, by the index of the address."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._readings: list[tuple[int, Reading]] = []

    def __call__(self, readings: Sequence[tuple[int, Reading]]) -> None:
        """Take a report."""
        with self._lock:
            self._readings.extend(readings)

    def __len__(self) -> int:
        with self._lock:
            return len(self._readings)

    def values(self, index: int) -> Sequence[Value]:
        """The values told of the address, in order."""
        with self._lock:
            return [reading.value for each, reading in self._readings if each == index]

    def last(self, index: int) -> Reading | None:
        """What was told last of the address."""
        with self._lock:
            return next((reading for each, reading in reversed(self._readings) if each == index), None)


@pytest.mark.contract
class SubscribingDriverContract:
    """The suite. The inheriting class has a fixture ``reporting`` that gives a ``SubscribingDriverUnderTest``."""

    def test_present_values_are_reported_at_once(self, reporting: SubscribingDriverUnderTest) -> None:
        """Of every address, whether it changes or not."""
        heard = _subscribed(reporting)

        for index, (_, value) in enumerate(reporting.readable):
            wait_until(_hears(heard, index, value), reporting.patience_s)
            assert heard.last(index) is not None

    def test_changes_are_reported_in_their_order(self, reporting: SubscribingDriverUnderTest) -> None:
        """A device may leave some out or repeat one, but it ends with the newest."""
        heard = _subscribed(reporting)
        wait_until(lambda: len(heard.values(0)) > 0, reporting.patience_s)

        for value in reporting.others:
            reporting.change(reporting.addresses[0], value)

        wait_until(lambda: heard.values(0)[-1] == reporting.others[-1], reporting.patience_s)
        left = iter([reporting.readable[0][1], *reporting.others])
        assert all(value in left for value, _ in groupby(heard.values(0)))

    def test_a_newer_subscription_of_the_scan_takes_the_place_of_the_former(self, reporting: SubscribingDriverUnderTest) -> None:
        """The indices are those of the newer one."""
        former = _subscribed(reporting)
        wait_until(lambda: len(former.values(0)) > 0, reporting.patience_s)
        newer = _subscribed(reporting, tuple(reversed(reporting.addresses)))
        before = len(former)

        reporting.change(reporting.addresses[0], reporting.others[0])

        last = len(reporting.addresses) - 1
        wait_until(_hears(newer, last, reporting.others[0]), reporting.patience_s)
        assert len(former) == before

    def test_scans_are_reported_beside_each_other(self, reporting: SubscribingDriverUnderTest) -> None:
        """Also with the same addresses."""
        one, other = _subscribed(reporting, scan="one"), _subscribed(reporting, scan="other")

        reporting.change(reporting.addresses[0], reporting.others[0])

        for heard in (one, other):
            wait_until(_hears(heard, 0, reporting.others[0]), reporting.patience_s)

    def test_what_was_given_up_is_reported_no_more(self, reporting: SubscribingDriverUnderTest) -> None:
        """And giving it up once more is harmless."""
        given_up, kept = _subscribed(reporting, scan="one"), _subscribed(reporting, scan="other")
        reporting.driver.unsubscribe("one")
        before = len(given_up)
        reporting.driver.unsubscribe("one")

        reporting.change(reporting.addresses[0], reporting.others[0])

        wait_until(_hears(kept, 0, reporting.others[0]), reporting.patience_s)
        assert len(given_up) == before

    def test_a_refused_address_is_reported_bad_and_spoils_no_other(self, reporting: SubscribingDriverUnderTest) -> None:
        """The others have their values."""
        if reporting.absent is None:
            pytest.skip("the device refuses no address")
        heard = _subscribed(reporting, (reporting.absent, *reporting.addresses))

        wait_until(_hears(heard, 1, reporting.readable[0][1]), reporting.patience_s)
        wait_until(lambda: heard.last(0) is not None, reporting.patience_s)
        refused = heard.last(0)
        assert refused is not None
        assert refused.value is None
        assert refused.quality.is_bad

    def test_nothing_is_reported_after_the_close(self, reporting: SubscribingDriverUnderTest) -> None:
        """Nor after the next connect, which begins without subscriptions."""
        heard = _subscribed(reporting)
        reporting.driver.close()
        before = len(heard)
        reporting.change(reporting.addresses[0], reporting.others[0])
        again = _subscribed(reporting, scan="another")

        wait_until(_hears(again, 0, reporting.others[0]), reporting.patience_s)
        assert len(heard) == before

    def test_a_lost_device_is_told_and_reports_again_after_the_next_connect(self, reporting: SubscribingDriverUnderTest) -> None:
        """The link asks every second."""
        _subscribed(reporting)
        reporting.driver.check_alive()

        reporting.stop_device()
        wait_until(lambda: _lost(reporting.driver), reporting.patience_s)
        reporting.start_device()
        reporting.driver.close()

        again = _subscribed(reporting)
        wait_until(_hears(again, 0, reporting.readable[0][1]), reporting.patience_s)
        reporting.driver.check_alive()

    def test_subscribing_without_a_connection_is_an_error(self, reporting: SubscribingDriverUnderTest) -> None:
        """No request opens one by itself."""
        with pytest.raises(LinkDownError):
            reporting.driver.subscribe("scan", 0.1, reporting.addresses, Heard())
        with pytest.raises(LinkDownError):
            reporting.driver.check_alive()


def _reads(driver: Driver, address: str, value: Value) -> Callable[[], bool]:
    return lambda: [(value, Quality.GOOD)] == [(reading.value, reading.quality) for reading in driver.read((address,))]


def _hears(heard: Heard, index: int, value: Value) -> Callable[[], bool]:
    """Whether this is what was told last."""
    return lambda: heard.values(index)[-1:] == [value]


def _subscribed(reporting: SubscribingDriverUnderTest, addresses: Sequence[str] = (), scan: str = "scan") -> Heard:
    """What is heard of the addresses, or of all, from now on; the driver is connected if it was not."""
    driver, heard = reporting.driver, Heard()
    if _lost(driver):
        driver.connect()
    assert driver.subscribe(scan, 0.1, tuple(addresses) or reporting.addresses, heard)
    return heard


def _lost(driver: SubscribingDriver) -> bool:
    try:
        driver.check_alive()
    except DriverError:
        return True
    return False
