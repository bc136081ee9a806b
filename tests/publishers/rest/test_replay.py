"""Replays of alarms over REST."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from automation.model.quality import Quality
from automation.model.tag import DataType
from automation.observers.historian.rows import Row
from automation.storage.micros import to_micros
from automation.testing.clock import FakeClock
from automation.testing.web import ServedPlant

Call = Callable[..., Any]
URL = "/api/alarms/replay"
ONLY = {"names": ["TK101.LT.HI"]}
ALARM = {"name": "TK101.LT.HI", "tag": "TK101.LT", "condition": {"kind": "high", "limit": 8.0}, "priority": 2}
WITH_DEADBAND = {**ALARM, "condition": {"kind": "high", "limit": 8.0, "deadband": 0.5}}


@pytest.fixture
def noisy(plant: ServedPlant, clock: FakeClock) -> float:
    """The start of 1000 s in which the level crossed its limit ten times; the alarm recorded every one."""
    start = clock.now()
    for crossing in range(10):
        for value in (8.1, 7.9):
            clock.advance(5.0)
            plant.measure("TK101.LT", value)
            row = Row("TK101.LT", DataType.FLOAT, to_micros(clock.now()), value, int(Quality.GOOD))
            plant.history_store.append([row], 0)
        assert len(plant.alarm_store.events) == 2 * (crossing + 1)
    clock.advance(900.0)
    return start


def period(start: float) -> dict[str, Any]:
    return {"start": start, "end": start + 1000.0, **ONLY}


def test_an_engineer_learns_what_a_deadband_would_have_removed(call: Call, plant: ServedPlant, noisy: float) -> None:
    asked = call("POST", URL, as_="engineer", json={**period(noisy), "alarms": [WITH_DEADBAND]})
    assert (asked.status_code, asked.json["state"], asked.json["by"]) == (202, "waiting", "engineer")
    plant.replay_jobs.step(0.0)
    told = call("GET", f"{URL}/{asked.json['id']}", as_="viewer").json
    (alarm,) = told["result"]["alarms"]
    assert (told["state"], told["progress"], told["proposed"]) == ("done", 1.0, [WITH_DEADBAND])
    assert [alarm[side]["count"] for side in ("recorded", "today", "proposed")] == [10, 10, 1]
    assert (alarm["removed"], alarm["added"], alarm["samples"]) == (9, 0, 20)
    assert (told["result"]["today"]["count"], told["result"]["proposed"]["count"]) == (10, 1)
    (listed,) = call("GET", URL, as_="viewer").json["items"]
    assert "result" not in listed
    assert "replay.start" in plant.journal.kinds


def test_todays_alarms_are_compared_with_what_was_recorded(call: Call, plant: ServedPlant, noisy: float) -> None:
    job = call("POST", URL, as_="engineer", json=period(noisy)).json["id"]
    plant.replay_jobs.step(0.0)
    result = call("GET", f"{URL}/{job}").json["result"]
    assert result["proposed"] is None
    assert (result["alarms"][0]["removed"], result["alarms"][0]["added"]) == (0, 0)


def test_a_running_replay_is_cancelled(call: Call, plant: ServedPlant, noisy: float) -> None:
    plant.replay_runs.held = True
    job = call("POST", URL, as_="engineer", json=period(noisy)).json["id"]
    plant.replay_jobs.step(0.0)
    assert call("GET", f"{URL}/{job}").json["state"] == "running"
    assert call("DELETE", f"{URL}/{job}", as_="operator").status_code == 403
    ended = call("DELETE", f"{URL}/{job}", as_="engineer")
    assert (ended.status_code, ended.json["state"], ended.json["error"]) == (200, "cancelled", "cancelled by engineer")
    again = call("DELETE", f"{URL}/{job}", as_="engineer")
    assert (again.status_code, again.json["error"]["code"]) == (409, "not_running")
    assert plant.replay_runs.runs[0].killed == 1


def test_only_engineers_replay(call: Call, noisy: float) -> None:
    assert call("POST", URL, as_="supervisor", json=period(noisy)).status_code == 403
    assert call("GET", URL, as_="viewer").json == {"items": []}


def test_mistakes_of_proposed_alarms_are_told_as_anywhere_else(call: Call, noisy: float) -> None:
    wrong = {**ALARM, "tag": "TK101.LTT", "condition": {"kind": "high", "limit": "much"}, "colour": "red"}
    answer = call("POST", URL, as_="engineer", json={**period(noisy), "alarms": [wrong]})
    made = call("POST", "/api/alarms", as_="engineer", json={"body": {**wrong, "name": "NEW"}})
    assert answer.status_code == made.status_code == 422
    words = [(one["field"], one["message"]) for one in answer.json["error"]["mistakes"]]
    assert words == [(one["field"], one["message"]) for one in made.json["error"]["mistakes"]]
    assert {one["subject"] for one in answer.json["error"]["mistakes"]} == {"alarm TK101.LT.HI"}


def test_an_alarm_that_does_not_fit_its_tag_or_is_there_twice_is_told(call: Call, noisy: float) -> None:
    far = {**ALARM, "condition": {"kind": "high", "limit": 80.0}}
    answer = call("POST", URL, as_="engineer", json={**period(noisy), "alarms": [far, ALARM]})
    messages = [one["message"] for one in answer.json["error"]["mistakes"]]
    assert "out of the range 0 to 10 of TK101.LT" in messages[0]
    assert messages[1] == "it is proposed twice"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"start": 100.0, "end": 100.0}, "start must be before end"),
        ({"start": 4e9, "end": 5e9}, "start: it is not past yet"),
        ({"start": 0.0, "end": 5e9}, "at most 31 days"),
        ({"start": 0.0}, "end"),
        ({"start": -1.0, "end": 5.0}, "start"),
    ],
)
def test_a_period_that_cannot_be_is_refused(call: Call, body: dict[str, float], words: str) -> None:
    answer = call("POST", URL, as_="engineer", json=body)
    assert answer.status_code == 422
    assert words in answer.json["error"]["message"]


def test_unknown_names_are_told(call: Call, noisy: float) -> None:
    answer = call("POST", URL, as_="engineer", json={**period(noisy), "names": ["TK101.LT.HI", "NOBODY"]})
    assert (answer.status_code, answer.json["error"]["message"]) == (422, "replay: names: unknown alarm NOBODY")
    assert call("GET", f"{URL}/0123456789ab").status_code == 404


def test_a_period_without_history_names_the_tags(call: Call, plant: ServedPlant, clock: FakeClock) -> None:
    clock.advance(100.0)
    job = call("POST", URL, as_="engineer", json={"start": clock.now() - 50, "end": clock.now(), **ONLY}).json["id"]
    plant.replay_jobs.step(0.0)
    result = call("GET", f"{URL}/{job}").json["result"]
    assert (result["samples"], result["silent_tags"]) == (0, ["TK101.LT"])
    assert result["alarms"][0]["why"] == "there is no history of TK101.LT in the period or before"


def test_an_alarm_named_replay_is_an_alarm_like_any_other(call: Call) -> None:
    made = call("POST", "/api/alarms", as_="engineer", json={"body": {**ALARM, "name": "replay"}})
    assert made.status_code == 201
    assert call("GET", "/api/alarms/replay/definition").status_code == 200
    assert call("DELETE", "/api/alarms/replay", as_="engineer").status_code == 200
