"""Devices that post."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from automation.testing.clock import FakeClock
from automation.testing.web import DOOR_TOKEN, ServedPlant

Call = Callable[..., Any]
STATE = {"open": True, "speed": 1450}


@pytest.fixture
def post(call: Call) -> Call:
    def send(link: str = "door", token: str | None = DOOR_TOKEN, peer: str = "10.0.0.7", **more: Any) -> Any:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        body: Mapping[str, Any] = more or {"json": STATE}
        return call("POST", f"/api/push/{link}", as_=None, headers=headers, environ_base={"REMOTE_ADDR": peer}, **body)

    return send


def test_a_device_posts_its_state_and_hears_of_the_emergency_stop(post: Call, plant: ServedPlant) -> None:
    answer = post()
    plant.door.connect()
    plant.outputs.trip("smoke", "operator")

    assert (answer.status_code, answer.json) == (200, {"values": {}, "estop": {"latched": False}})
    assert [reading.value for reading in plant.door.read(["open", "speed"])] == [True, 1450]
    assert post().json["estop"] == {"latched": True}


def test_strangers_do_not_learn_which_links_there_are(post: Call) -> None:
    wrong, unknown = post(token="guessed"), post(link="gate")

    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert unknown.json["error"] == {"code": "not_authenticated", "message": "link gate: wrong token"}
    assert wrong.json["error"]["message"] == "link door: wrong token"
    assert post(token=None).status_code == 401


def test_the_token_of_a_user_is_not_one_of_a_device_nor_the_other_way_round(post: Call, call: Call, plant: ServedPlant) -> None:
    assert post(token=plant.token("admin")).status_code == 401
    assert call("GET", "/api/tags", as_=None, headers={"Authorization": f"Bearer {DOOR_TOKEN}"}).status_code == 401


def test_what_is_no_state_is_422_and_what_is_too_long_413(post: Call) -> None:
    assert [post(data=body).status_code for body in (b"[1]", b"{", b'"x"')] == [422] * 3
    assert post(data=b"").status_code == 400
    assert post(data=b'{"a": "' + b"x" * 64 * 1024 + b'"}').status_code == 413


def test_who_guesses_tokens_has_to_wait_and_does_not_lock_out_the_device(post: Call, clock: FakeClock) -> None:
    answers = [post(token="guessed", peer="10.0.0.66") for _ in range(6)]

    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert post(peer="10.0.0.7").status_code == 200
    clock.advance(301.0)
    assert post(peer="10.0.0.66").status_code == 200


def test_a_device_that_posts_often_and_at_times_nonsense_is_not_taken_for_a_guesser(post: Call) -> None:
    assert [post(data=b"[]").status_code for _ in range(30)] == [422] * 30
    assert post().status_code == 200
