"""Equipment with logic on a running site: made by REST it runs at once, changed it follows, removed it leaves nothing on."""

from __future__ import annotations

from typing import Any

import pytest
from pymodbus.client import ModbusTcpClient

from tests.runtime.site import Device, Site, wait_for

pytestmark = [pytest.mark.process, pytest.mark.timeout(120)]

LAMP_COIL = 9
TANK = {
    "name": "small_tank",
    "parameters": {"valve": {"type": "integer", "description": "Coil of the valve"}},
    "tags": [
        {"name": "{name}.LT", "unit": "m", "initial": 1.0, "writable": True},
        {"name": "{name}.SP", "unit": "m", "initial": 3.0, "writable": True},
        {"name": "{name}.LSHH", "type": "bool", "initial": False, "writable": True},
        {"name": "{name}.ZSO", "type": "bool", "initial": True, "writable": True},
        {"name": "{name}.ZSC", "type": "bool", "initial": True, "writable": True},
        {
            "name": "{name}.CMD",
            "type": "bool",
            "source": "plant/coil:{valve}",
            "scan": "fast",
            "output": {"safe": False, "continuous": True},
        },
    ],
    "machines": [
        {
            "name": "{name}_filling",
            "kind": "fill_tank",
            "ports": {
                "level": "{name}.LT",
                "setpoint": "{name}.SP",
                "overfill": "{name}.LSHH",
                "opened": "{name}.ZSO",
                "closed": "{name}.ZSC",
                "valve": "{name}.CMD",
            },
        }
    ],
}
UNIT = {"name": "TK950", "type": "small_tank", "area": "station/test", "parameters": {"valve": LAMP_COIL}}


def machines(site: Site) -> dict[str, dict[str, Any]]:
    return {view["name"]: view for view in site.ask("GET", "/machines").json()["items"]}


def is_on(device: Device) -> bool:
    client = ModbusTcpClient("127.0.0.1", port=device.port, timeout=2)
    assert client.connect()
    try:
        return bool(client.read_coils(LAMP_COIL, count=1, device_id=1).bits[0])
    finally:
        client.close()


def test_a_unit_runs_its_machine_while_it_is_there(site: Site, device: Device) -> None:
    site.start()
    before = machines(site)
    assert site.ask("POST", "/types", json={"body": TANK}).status_code == 201

    made = site.ask("POST", "/equipment", json={"body": UNIT})
    assert made.status_code == 201, made.text
    wait_for(lambda: machines(site)["TK950_filling"]["state"] == "filling", 10, "the machine fills the tank")
    wait_for(lambda: is_on(device), 5, "the valve is open")
    unit = site.ask("GET", "/equipment/TK950").json()
    assert unit["machines"] == ["TK950_filling"]
    users = site.ask("GET", "/tags/TK950.CMD/detail").json()["users"]
    assert {"kind": "machine", "name": "TK950_filling", "how": "port valve"} in users

    [machine] = TANK["machines"]  # type: ignore[misc]
    told = {**TANK, "machines": [{**machine, "description": "Fills the tank of the test"}]}  # type: ignore[dict-item]
    plan = site.ask("PUT", "/types/small_tank", params={"dry_run": "true"}, json={"body": told}).json()
    assert ["machine TK950_filling goes on under other texts"] in [line["touches"] for line in plan["lines"]]
    assert site.ask("PUT", "/types/small_tank", json={"body": told}).status_code == 200
    after = machines(site)["TK950_filling"]
    assert (after["state"], after["description"]) == ("filling", "Fills the tank of the test")

    gone = site.ask("DELETE", "/equipment/TK950")
    assert gone.status_code == 200, gone.text
    assert not is_on(device)
    assert machines(site).keys() == before.keys()
    assert site.ask("GET", "/tags/TK950.CMD").status_code == 404
    wait_for(lambda: machines(site)["pump_pair"]["fault"] is None, 5, "the others go on")


def test_a_unit_starts_its_machine_again_with_the_runtime(site: Site, device: Device) -> None:
    site.start()
    for noun, body in (("types", TANK), ("equipment", UNIT)):
        assert site.ask("POST", f"/{noun}", json={"body": body}).status_code == 201
    wait_for(lambda: is_on(device), 10, "the valve is open")

    site.stop()
    assert not is_on(device)
    site.start()

    assert "P101A_watch" in machines(site)
    wait_for(lambda: machines(site)["TK950_filling"]["state"] == "filling", 10, "the machine fills the tank again")
