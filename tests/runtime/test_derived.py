"""Derived tags of a running site: with the quality of their device, seen by REST, and with totals that outlive the process."""

from __future__ import annotations

from typing import Any

import pytest

from tests.runtime.site import Device, Site, wait_for

pytestmark = [pytest.mark.process, pytest.mark.timeout(120)]


def total(site: Site) -> float:
    value, quality = site.values("P101.JQ")["P101.JQ"]
    return float(value or 0.0) if quality == 0 else 0.0


def test_derived_tags_live_with_their_inputs_and_totals_survive_a_restart(site: Site, device: Device) -> None:
    site.start()
    before = wait_for(lambda: (energy := total(site)) > 0.02 and energy, 40, "the pumps take energy")
    described: dict[str, Any] = site.ask("GET", "/tags", params={"kind": "derived"}).json()
    view = {item["name"]: item for item in described["items"]}["TK101.VOL"]
    assert described["total"] == 7
    assert (view["kind"], view["expression"], view["source"]) == ("derived", "2.0 * TK101.LT", None)
    assert view["severity"] == "GOOD"
    assert 0.0 < view["value"] < 10.0
    assert site.ask("PUT", "/tags/TK101.VOL/value", json={"value": 1.0}).status_code == 403

    site.stop()
    site.start()
    wait_for(lambda: total(site) >= before, 5, "the total goes on")
    device.kill()

    def lost() -> bool:
        values = site.values("TK101.VOL", "TK101.LT")
        (volume, quality), (level, cause) = values["TK101.VOL"], values["TK101.LT"]
        return quality == cause != 0 and volume == 2.0 * level

    wait_for(lost, 10, "the volume is BAD with the reason of the level and keeps its last value")
