"""What people are answered in the cases of the alarm specification that are about an answer; ``test_cases`` has all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from automation.model.philosophy import MAX_SHELVE_S
from automation.testing.clock import FakeClock
from automation.testing.web import ALARMS, ServedPlant, rest_app

Call = Callable[..., Any]
Answer = tuple[int, str]
(HIGH,) = ALARMS
LOUD, NORMAL = 9.0, 1.0


class Desk:
    """An operator at one alarm. measure: by values; the rest by requests."""

    def __init__(self, clock: FakeClock, **options: Any) -> None:
        self.plant = ServedPlant(clock, definitions=[replace(HIGH, **options)])
        self.app = rest_app(self.plant)[0]

    def ask(self, method: str, path: str, body: object = None, *, role: str = "operator") -> Any:
        header = {"Authorization": f"Bearer {self.plant.token(role)}"}
        return self.app.test_client().open(f"/api/alarms{path}", method=method, json=body, headers=header)

    def do(self, what: str, body: object = None) -> Answer:
        """The status and the code of the answer to a command; the state in place of the code if it is done."""
        method = "PUT" if what in ("shelf", "out-of-service") else "POST"
        role = "supervisor" if what == "out-of-service" else "operator"
        answer = self.ask(method, f"/{HIGH.name}/{what}", body or {}, role=role)
        told = answer.json
        return answer.status_code, told["error"]["code"] if "error" in told else told["state"]

    def measure(self, *values: float) -> None:
        for value in values:
            self.plant.measure("TK101.LT", value)

    @property
    def kinds(self) -> list[str]:
        return [event.kind.removeprefix("alarm.") for event in self.plant.alarm_store.events]


STORIES: dict[str, tuple[dict[str, Any], list[float | str], str, Answer]] = {
    "10: a normal alarm": ({}, [NORMAL], "acknowledge", (409, "not_ackable")),
    "11: an acknowledged alarm": ({}, [LOUD, "acknowledge"], "acknowledge", (409, "already_acked")),
    "14: a latched alarm that nobody has seen": ({"latching": True}, [LOUD, NORMAL], "reset", (409, "ack_first")),
    "16: a latched alarm that was seen": ({"latching": True}, [LOUD, NORMAL, "acknowledge"], "reset", (200, "NORM")),
    "18: a latching alarm that is active": ({"latching": True}, [LOUD], "reset", (409, "still_active")),
    "18: one that is active and seen": ({"latching": True}, [LOUD, "acknowledge"], "reset", (409, "still_active")),
    "an alarm that latches nothing": ({}, [LOUD, NORMAL], "reset", (409, "not_latched")),
    "a latched alarm that was seen already": (
        {"latching": True}, [LOUD, NORMAL, "acknowledge"], "acknowledge", (409, "already_acked")
    ),
    "48: an alarm out of service": ({}, [LOUD, "out-of-service"], "acknowledge", (409, "out_of_service")),
    "one out of service": ({}, [LOUD, "out-of-service"], "shelf", (409, "out_of_service")),
    "a latched one out of service": (
        {"latching": True}, [LOUD, NORMAL, "acknowledge", "out-of-service"], "reset", (409, "out_of_service")
    ),
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_command_is_answered_by_the_state_of_its_alarm(clock: FakeClock, story: Any) -> None:
    options, steps, what, expected = story
    desk = Desk(clock, **options)
    for step in steps:
        if isinstance(step, str):
            assert desk.do(step, {"reason": "calibration"} if step == "out-of-service" else None)[0] == 200
        else:
            desk.measure(step)
    before, rows = desk.plant.alarms.get(HIGH.name), desk.kinds

    assert desk.do(what, {"reason": "noisy"} if what == "shelf" else None) == expected

    if expected[0] != 200:
        assert desk.plant.alarms.get(HIGH.name) == before
        assert desk.kinds == rows


def test_an_acknowledgement_names_the_occurrence_that_was_seen(clock: FakeClock) -> None:
    """Case 12."""
    desk = Desk(clock)
    desk.measure(LOUD)
    seen = desk.plant.alarms.get(HIGH.name).occurrence_id
    desk.measure(NORMAL, LOUD)

    assert desk.do("acknowledge", {"occurrence_id": seen}) == (409, "stale_occurrence")
    assert desk.do("acknowledge", {"occurrence_id": desk.plant.alarms.get(HIGH.name).occurrence_id}) == (200, "ACKED")


def test_a_shelf_is_no_longer_than_the_priority_allows_and_has_a_reason(clock: FakeClock) -> None:
    """Cases 33 and 34."""
    desk = Desk(clock)
    desk.measure(LOUD)
    longest = MAX_SHELVE_S[HIGH.priority]

    assert desk.do("shelf", {"reason": "noisy", "for_s": longest + 1.0})[0] == 422
    assert desk.do("shelf", {"for_s": 600.0})[0] == 422
    assert desk.do("shelf", {"reason": " ", "for_s": 600.0})[0] == 422
    assert desk.kinds == ["raised"]
    assert desk.do("shelf", {"reason": "noisy", "for_s": longest}) == (200, "SHLVD")


def test_a_viewer_shelves_nothing_and_the_attempt_is_journalled(clock: FakeClock) -> None:
    """Case 36."""
    desk = Desk(clock)
    desk.measure(LOUD)

    answer = desk.ask("PUT", f"/{HIGH.name}/shelf", {"reason": "noisy"}, role="viewer")

    assert (answer.status_code, answer.json["error"]["code"]) == (403, "not_allowed")
    row = desk.plant.journal.events[-1]
    assert (row.kind, row.actor) == ("request.refused", "viewer")
    assert f"/api/alarms/{HIGH.name}/shelf" in row.subject
    assert (desk.plant.alarms.get(HIGH.name).state, desk.kinds) == ("UNACK", ["raised"])


@pytest.mark.parametrize(("restore", "state"), [(True, "ACKED"), (False, "UNACK")])
def test_a_shelved_alarm_is_acknowledged_and_stays_shelved(clock: FakeClock, restore: bool, state: str) -> None:
    """Cases 41 and 42."""
    desk = Desk(clock, restore_ack=restore)
    desk.measure(LOUD)
    desk.do("shelf", {"reason": "noisy"})

    assert desk.do("acknowledge") == (200, "SHLVD")
    assert desk.plant.alarms.get(HIGH.name).core_state == "ACKED"

    assert desk.ask("DELETE", f"/{HIGH.name}/shelf").json["state"] == state


def test_limits_that_are_out_of_order_are_not_saved(clock: FakeClock) -> None:
    """Case 57."""
    desk = Desk(clock)
    levels = {"kind": "levels", "high": {"limit": 5.0}, "high_high": {"limit": 5.0}}
    body = {"name": "NEW", "tag": "TK101.LT", "condition": levels}

    answer = desk.ask("POST", "", {"body": body}, role="engineer")

    assert answer.status_code == 422
    assert "high_high 5: must be above high 5" in str(answer.json["error"])
    assert "NEW" not in [view.name for view in desk.plant.alarms.list()]


def test_of_two_who_acknowledge_at_once_one_is_told_that_it_is_done(clock: FakeClock) -> None:
    """Case 75."""
    desk = Desk(clock)
    desk.measure(LOUD)
    together = threading.Barrier(2, timeout=5.0)

    def try_it(_: int) -> Answer:
        together.wait()
        return desk.do("acknowledge")

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(try_it, range(2)))

    assert answers == [(200, "ACKED"), (409, "already_acked")]
    assert desk.kinds == ["raised", "acknowledged"]
