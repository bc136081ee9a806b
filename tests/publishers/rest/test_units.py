"""Units over REST: the catalogue, the zones, symbols, and puts in another unit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from automation.model.alarm import AlarmDefinition, High
from automation.model.tag import DataType, Tag
from automation.testing.clock import FakeClock
from automation.testing.web import ALARMS, TAGS, ServedPlant
from automation.units.convert import convert

Call = Callable[..., Any]


@pytest.fixture
def plant(clock: FakeClock) -> ServedPlant:
    more = (
        Tag(name="TK101.TSP", unit="degC", range=(5.0, 60.0), writable=True, initial=15.0),
        Tag(name="TK101.PULSES", type=DataType.INT, unit="s", writable=True, initial=0),
        Tag(name="TK101.GAIN", writable=True, initial=1.0),
    )
    hot = AlarmDefinition(name="TK101.TT.HI", tag="TK101.TT", condition=High(limit=50.0))
    return ServedPlant(clock, tags=(*TAGS, *more), definitions=(*ALARMS, hot))


def test_the_catalogue_of_quantities_and_units_is_served(call: Call) -> None:
    answer = call("GET", "/api/units", as_="viewer")

    quantities = {quantity["id"]: quantity for quantity in answer.json["quantities"]}
    assert answer.status_code == 200
    assert quantities["volumetric_flow"]["name"] == "Volumetric flow"
    assert quantities["volumetric_flow"]["units"][0] == {
        "id": "m3/h",
        "symbol": "m³/h",
        "name": "cubic metre per hour",
        "unece": "MQH",
        "factor": pytest.approx(1 / 3600),
        "offset": 0.0,
    }
    assert len(quantities) > 25


def test_factor_and_offset_lead_from_every_unit_to_every_other_of_its_quantity(call: Call) -> None:
    for quantity in call("GET", "/api/units").json["quantities"]:
        first = quantity["units"][0]
        for unit in quantity["units"]:
            base = 7.25 * unit["factor"] + unit["offset"]
            there = (base - first["offset"]) / first["factor"]
            assert there == pytest.approx(convert(7.25, unit["id"], first["id"]), rel=1e-12, abs=1e-10)


def test_the_time_zones_are_served_sorted_and_can_all_be_used(call: Call) -> None:
    zones = call("GET", "/api/time-zones", as_="viewer").json["items"]

    assert zones == sorted(zones)
    assert {"UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo"} <= set(zones)
    assert "localtime" not in zones
    assert all(ZoneInfo(name).key == name for name in zones[::50])


@pytest.mark.parametrize("path", ["/api/units", "/api/time-zones"])
def test_the_catalogues_need_a_login_and_take_no_query(call: Call, path: str) -> None:
    assert call("GET", path, as_=None).status_code == 401
    assert call("GET", f"{path}?x=1").status_code == 422


def test_a_tag_and_an_alarm_tell_the_symbol_of_the_unit(call: Call, plant: ServedPlant) -> None:
    plant.measure("TK101.TT", 55.0)

    tag = call("GET", "/api/tags/TK101.TT").json
    alarm = next(item for item in call("GET", "/api/alarms").json["items"] if item["name"] == "TK101.TT.HI")

    assert (tag["unit"], tag["unit_symbol"]) == ("degC", "°C")
    assert (alarm["unit"], alarm["unit_symbol"]) == ("degC", "°C")
    assert alarm["message"] == "TK101.TT above 50 °C"


def test_a_value_may_be_put_in_another_unit_of_the_quantity(call: Call, plant: ServedPlant) -> None:
    answer = call("PUT", "/api/tags/TK101.TSP/value", json={"value": 68, "unit": "degF"})

    row = plant.journal.events[-1]
    assert (answer.status_code, answer.json["value"], answer.json["unit"]) == (200, 20.0, "degC")
    assert row.message == "TK101.TSP put from 15.0 to 20.0 °C"
    assert (row.details["new"], row.details["given"], row.details["given_unit"]) == (20.0, 68, "degF")


def test_a_whole_number_stays_one(call: Call) -> None:
    answer = call("PUT", "/api/tags/TK101.PULSES/value", json={"value": 1.5, "unit": "min"})

    assert answer.json["value"] == 90
    assert isinstance(answer.json["value"], int)


def test_the_range_counts_in_the_unit_of_the_tag(call: Call) -> None:
    answer = call("PUT", "/api/tags/TK101.TSP/value", json={"value": 300, "unit": "degF"})

    assert answer.status_code == 422
    assert "out of range 5.0 to 60.0" in answer.json["error"]["message"]


@pytest.mark.parametrize(
    ("tag", "value", "unit", "words"),
    [
        ("TK101.TSP", 1.0, "bar", "bar cannot be converted to degC: bar is a unit of pressure, degC of temperature"),
        ("TK101.TSP", 1.0, "degf", "unknown unit 'degf'; did you mean degF?"),
        ("TK101.TSP", "68", "degF", "expected float, got str"),
        ("TK101.TSP", True, "degF", "expected float, got bool"),
        ("TK101.PULSES", 1500, "ms", "expected int"),
        ("TK101.GAIN", 1.0, "%", "has no unit"),
        ("BATCH.ID", "7", "kg", "a string has no unit"),
        ("TK101.FV", True, "%", "a bool has no unit"),
    ],
)
def test_a_unit_that_does_not_fit_is_refused_and_nothing_is_put(
    call: Call, plant: ServedPlant, tag: str, value: Any, unit: str, words: str
) -> None:
    before = plant.cvt.read(tag)

    answer = call("PUT", f"/api/tags/{tag}/value", json={"value": value, "unit": unit})

    assert (answer.status_code, answer.json["error"]["code"]) == (422, "invalid_value")
    assert words in answer.json["error"]["message"]
    assert plant.cvt.read(tag) is before
    assert plant.journal.events[-1].kind == "tag.put.refused"


@pytest.mark.parametrize("unit", ["", 5, ["degF"], "x" * 41])
def test_what_is_no_unit_at_all_is_an_invalid_request(call: Call, unit: Any) -> None:
    answer = call("PUT", "/api/tags/TK101.TSP/value", json={"value": 1.0, "unit": unit})

    assert (answer.status_code, answer.json["error"]["code"]) == (422, "invalid_request")


def test_a_unit_of_null_means_that_of_the_tag(call: Call) -> None:
    assert call("PUT", "/api/tags/TK101.TSP/value", json={"value": 21.5, "unit": None}).json["value"] == 21.5


def test_a_tag_that_may_not_be_put_says_so_whatever_the_unit(call: Call) -> None:
    assert call("PUT", "/api/tags/TK101.TT/value", json={"value": 1.0, "unit": "bar"}).status_code == 403
