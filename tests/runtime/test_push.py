"""Devices that post find the driver of their link, among all links of the applications."""

from __future__ import annotations

import pytest

from automation import ModbusLink
from automation.model.errors import AuthenticationError
from automation.model.http_push_link import HttpPushLink
from automation.runtime.drivers import Drivers
from automation.settings import Settings

TOKEN = "the token of the door"


def test_a_post_reaches_the_driver_of_its_link_and_no_other_kind_of_link_takes_one() -> None:
    door = HttpPushLink(name="door", token_env="DOOR_TOKEN")
    drivers = Drivers(Settings(), {"DOOR_TOKEN": TOKEN}, 0.0)
    made = drivers.take([door, ModbusLink(name="plc", host="127.0.0.1")])

    assert drivers.push("door", TOKEN, b'{"open": true}', "rest 10.0.0.7", 0.0) == {}
    made["door"].connect()
    assert [reading.value for reading in made["door"].read(["open"])] == [True]
    with pytest.raises(AuthenticationError, match="link plc: wrong token"):
        drivers.push("plc", TOKEN, b"{}", "rest 10.0.0.7", 0.0)
