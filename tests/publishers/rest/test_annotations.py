"""Annotations of the history, over REST."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from automation.testing.clock import FakeClock
from automation.testing.web import ServedPlant

Call = Callable[..., Any]
PATH = "/api/history/annotations"
BODY = {"time": 1000.0, "end": 1060.0, "tags": ["TK101.LT", "TK101.TT"], "text": " probe cleaned "}


def test_an_annotation_is_made_found_corrected_and_removed(call: Call, plant: ServedPlant, clock: FakeClock) -> None:
    made = call("POST", PATH, json=BODY)

    assert made.status_code == 201
    told = {**BODY, "id": 1, "text": "probe cleaned", "author": "operator", "created": clock.now()}
    assert made.json == {**told, "changed": None, "changed_by": ""}
    assert call("GET", f"{PATH}?tags=TK101.TT&start=1050&end=2000", as_="viewer").json == {"items": [made.json]}

    corrected = call("PUT", f"{PATH}/1", json={"time": 1000.0, "tags": ["TK101.LT"], "text": "probe exchanged"}, as_="supervisor")
    assert corrected.json == {
        **told,
        "end": None,
        "tags": ["TK101.LT"],
        "text": "probe exchanged",
        "changed": clock.now(),
        "changed_by": "supervisor",
    }
    assert call("GET", f"{PATH}/1", as_="viewer").json == corrected.json

    assert call("DELETE", f"{PATH}/1").json == corrected.json
    assert call("GET", PATH).json == {"items": []}
    assert plant.journal.kinds == ["annotation.added", "annotation.corrected", "annotation.removed"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("tags=TK101.LT", 1),
        ("tags=TK101.SP,TK101.LT", 2),
        ("start=1061", 1),
        ("end=1000", 0),
        ("limit=1", 1),
        ("tags=X", 0),
    ],
)
def test_annotations_are_found_by_tag_and_time(call: Call, query: str, count: int) -> None:
    call("POST", PATH, json=BODY)
    call("POST", PATH, json={"time": 5000.0, "tags": ["TK101.SP"], "text": "x"})

    assert len(call("GET", f"{PATH}?{query}").json["items"]) == count


@pytest.mark.parametrize(
    ("change", "as_", "status", "words"),
    [
        ({}, "viewer", 403, "may not write"),
        ({}, None, 401, ""),
        ({"tags": ["NOPE"]}, "operator", 404, "NOPE"),
        ({"tags": []}, "operator", 422, "tags: "),
        ({"text": " "}, "operator", 422, "text: "),
        ({"end": 5.0}, "operator", 422, "end: 5.0 is before time 1000.0"),
        ({"time": -5.0}, "operator", 422, "time: "),
        ({"time": "soon"}, "operator", 422, "time: "),
        ({"colour": "red"}, "operator", 422, "colour: is not known here"),
    ],
)
def test_an_annotation_that_is_not_taken_has_the_right_status(
    call: Call, change: dict[str, Any], as_: str | None, status: int, words: str
) -> None:
    answer = call("POST", PATH, json={**BODY, **change}, as_=as_)

    assert answer.status_code == status
    assert words in answer.json["error"]["message"]


def test_an_annotation_that_is_not_there_is_named(call: Call) -> None:
    for answer in (call("GET", f"{PATH}/7"), call("PUT", f"{PATH}/7", json=BODY), call("DELETE", f"{PATH}/7")):
        assert (answer.status_code, answer.json["error"]["message"]) == (404, "unknown annotation 7")
    assert call("GET", f"{PATH}?start=2&end=1").status_code == 422
