"""What every driver must do: inherit ``DriverContract`` and give it a driver and its device."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from automation.drivers.base import Driver
from automation.model.errors import ConfigError, DriverError, LinkDownError
from automation.model.quality import Quality
from automation.model.sample import Value


@dataclass(frozen=True, kw_only=True)
class DriverUnderTest:
    """A driver, not yet connected, with its device running.

    readable: at least two addresses with the raw values that the device holds. writable: an address and two values for it.
    absent: an address that is well formed but that the device refuses, None if it has none. bad_addresses: texts that are no
    addresses. read_only: an address that cannot be written. stop_device, start_device: take the device away and bring it back.
    """

    driver: Driver
    readable: Sequence[tuple[str, Value]]
    writable: tuple[str, Value, Value]
    bad_addresses: Sequence[str]
    read_only: str
    stop_device: Callable[[], None]
    start_device: Callable[[], None]
    absent: str | None = None


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
            (reading,) = subject.driver.read((address,))
            assert reading.value == value
            assert reading.quality is Quality.GOOD

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
