"""The own preferences over REST."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from automation.model.errors import StorageError
from automation.testing.web import ServedPlant

Call = Callable[..., Any]
PATH = "/api/auth/preferences"


def test_a_user_who_chose_nothing_has_the_zone_of_the_site(call: Call) -> None:
    assert call("GET", PATH, as_="viewer").json == {"time_zone": "UTC", "language": "en", "units": {}}


def test_what_is_put_is_what_is_got_and_belongs_to_the_caller_only(call: Call, plant: ServedPlant) -> None:
    own = {"time_zone": "Europe/Berlin", "language": "en", "units": {"temperature": "degF"}}

    answer = call("PUT", PATH, as_="viewer", json=own)

    assert (answer.status_code, answer.json) == (200, own)
    assert call("GET", PATH, as_="viewer").json == own
    assert call("GET", PATH, as_="operator").json["time_zone"] == "UTC"
    assert (plant.journal.events[-1].kind, plant.journal.events[-1].subject) == ("user.preferences", "viewer")
    assert call("PUT", PATH, as_="viewer", json={"time_zone": None}).json == {"time_zone": "UTC", "language": "en", "units": {}}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"time_zone": "Europe/Berln"}, "did you mean Europe/Berlin?"),
        ({"language": "xx"}, "language: unknown 'xx'"),
        ({"units": {"temperature": "bar"}}, "units.temperature: bar is a unit of pressure"),
        ({"units": {"warmth": "degC"}}, "units: unknown 'warmth'"),
        ({"units": {"temperature": 5}}, "units"),
        ({"units": ["degC"]}, "units"),
        ({"time_zone": 5}, "time_zone"),
        ({"zone": "UTC"}, "zone: is not known here"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(call: Call, body: Any, words: str) -> None:
    answer = call("PUT", PATH, json=body)

    assert answer.status_code == 422
    assert words in answer.json["error"]["message"]


def test_they_need_a_login_and_an_own_password(call: Call) -> None:
    for method in ("GET", "PUT"):
        assert call(method, PATH, as_=None).status_code == 401
        assert call(method, PATH, as_="fresh").status_code == 403


def test_a_database_that_does_not_answer_is_told(call: Call, plant: ServedPlant) -> None:
    plant.preferences.failing = StorageError("no answer")

    assert call("GET", PATH).status_code == 503
    assert call("PUT", PATH, json={"time_zone": "UTC"}).status_code == 503
