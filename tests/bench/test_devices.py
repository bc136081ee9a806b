"""The devices and the load of the benches: they do what the figures take for granted."""

from __future__ import annotations

import pytest

from automation.bench.acquisition import _Tally
from automation.bench.devices import HOST, DeviceProcess
from automation.drivers.base import Reading
from automation.guard.config import GuardedLink
from automation.guard.device import Devices
from automation.guard.modbus_wire import Table, decode_read, read_request, write_request
from automation.model.errors import DeviceTimeoutError


@pytest.mark.process
def test_devices_hold_what_was_written_and_tell_how_long_their_output_was_on() -> None:
    with DeviceProcess(2) as devices:
        device = Devices().make(GuardedLink(name="d", host=HOST, port=devices.ports[1], timeout_s=2.0))
        device.connect()
        device.exchange(1, write_request(Table.HOLDING, 3, [7]))
        request = read_request(Table.HOLDING, 3, 1)
        held = decode_read(request, device.exchange(1, request))
        for value in (1, 0):
            device.exchange(1, write_request(Table.COIL, 0, [value]))
        on_for = devices.on_for(1)
        device.close()

        assert held == [7]
        assert len(on_for) == 1
        assert on_for[0] > 0
        assert devices.on_for(1) == []


@pytest.mark.process
def test_a_device_is_silent_until_it_is_told_to_speak() -> None:
    request = read_request(Table.COIL, 0, 1)
    with DeviceProcess(1, realtime=True) as devices:
        device = Devices().make(GuardedLink(name="d", host=HOST, port=devices.ports[0], timeout_s=0.3))
        device.connect()
        devices.silence(0)
        with pytest.raises(DeviceTimeoutError):
            device.exchange(1, request)
        devices.speak(0)

        assert decode_read(request, device.exchange(1, request)) == [False]
        device.close()


def test_a_change_that_a_node_has_skipped_counts_as_lost() -> None:
    tally = _Tally(2)

    tally.take([(0, Reading(5.0)), (1, Reading(1.0)), (0, Reading(6.0)), (1, Reading(4.0))])

    assert (tally.taken, tally.lost) == (4, 2)
