"""Several alarms at once, over REST."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from automation.testing.web import ServedPlant

Call = Callable[..., Any]
NAME = "TK101.LT.HI"


@pytest.fixture
def raised(call: Call, plant: ServedPlant) -> Call:
    plant.measure("TK101.LT", 9.0)
    return call


def post(call: Call, what: str, **body: object) -> Any:
    return call("POST", f"/api/alarms/{what}", json=body)


def test_each_alarm_has_its_own_outcome(raised: Call) -> None:
    told = post(raised, "acknowledge", names=[NAME, "NOBODY"], comment="round").json

    assert told["results"][0] == {"name": NAME, "ok": True, "error": "", "reason": "", "state": "ACKED"}
    assert (told["results"][1]["ok"], told["results"][1]["reason"]) == (False, "not_found")
    assert "NOBODY" in told["results"][1]["error"]
    assert (told["done"], told["refused"], told["left"]) == (1, 1, 0)
    assert post(raised, "acknowledge", names=[NAME]).json["results"][0]["reason"] == "already_acked"


@pytest.mark.parametrize("which", [{"area": "north"}, {"all": True}])
def test_what_waits_is_acknowledged(raised: Call, which: dict[str, object]) -> None:
    assert [one["name"] for one in post(raised, "acknowledge", **which).json["results"]] == [NAME]
    assert post(raised, "acknowledge", **which).json["results"] == []


def test_an_occurrence_that_is_over_is_refused(raised: Call) -> None:
    told = post(raised, "acknowledge", names=[NAME], occurrences={NAME: "another"}).json

    assert (told["done"], told["results"][0]["reason"]) == (0, "stale_occurrence")


def test_several_are_shelved_and_unshelved(raised: Call, plant: ServedPlant) -> None:
    shelved = post(raised, "shelve", names=[NAME], reason="noisy", for_s=600, one_shot=True).json
    assert shelved["results"][0]["state"] == "SHLVD"

    assert post(raised, "unshelve", names=[NAME]).json["results"][0]["state"] == "UNACK"
    assert [event.kind for event in plant.alarm_store.events][-2:] == ["alarm.shelved", "alarm.unshelved"]


def test_a_request_that_does_not_say_which_or_why_is_refused(raised: Call) -> None:
    for what, body in (
        ("acknowledge", {}),
        ("acknowledge", {"names": []}),
        ("acknowledge", {"names": [NAME], "all": True}),
        ("acknowledge", {"names": ["x"] * 1001}),
        ("shelve", {"names": [NAME]}),
        ("shelve", {"names": [NAME], "reason": " "}),
        ("unshelve", {}),
    ):
        assert post(raised, what, **body).status_code in (400, 422), (what, body)


@pytest.mark.parametrize("what", ["acknowledge", "shelve", "unshelve"])
def test_viewers_are_refused(raised: Call, what: str) -> None:
    assert raised("POST", f"/api/alarms/{what}", as_="viewer", json={"names": [NAME], "reason": "x"}).status_code == 403
