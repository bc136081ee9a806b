"""Linear referencing over REST."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from automation.model.errors import StorageError
from automation.testing.web import ServedPlant

Call = Callable[..., Any]
PATH = "/api/linear-references"
HEAD = "segment,km,latitude,longitude,elevation\r\n"
POINTS = HEAD + "north,0,10.0,20.0,100\r\nnorth,10,11.0,21.0,50\r\nsouth,5.5,-1,179.5,\r\nsouth,6.5,-1,-179.5,\r\n"


@pytest.fixture
def surveyed(call: Call) -> Call:
    assert load(call, POINTS).json["applied"]
    return call


def load(call: Call, text: str | bytes, query: str = "dry_run=false", as_: str = "engineer") -> Any:
    return call("POST", f"{PATH}/import?{query}", as_=as_, data=text, headers={"Content-Type": "application/octet-stream"})


def test_a_point_is_added_read_replaced_and_removed(call: Call) -> None:
    body = {"segment": "north", "km": 12.5, "latitude": 52.5, "longitude": 13.4, "elevation": 34}

    added = call("POST", PATH, as_="engineer", json=body)
    one = f"{PATH}/{added.json['id']}"
    read = call("GET", one, as_="viewer")
    replaced = call("PUT", one, as_="engineer", json={**body, "km": 13, "elevation": None})
    removed = call("DELETE", one, as_="engineer")

    assert (added.status_code, added.json) == (201, {"id": added.json["id"], **body})
    assert read.json == added.json
    assert (replaced.json["km"], replaced.json["elevation"]) == (13.0, None)
    assert removed.json == {"ok": True}
    assert call("GET", one).status_code == 404


def test_points_come_by_segment_and_in_pages(surveyed: Call) -> None:
    all_ = surveyed("GET", PATH, as_="viewer").json
    page = surveyed("GET", f"{PATH}?segment=north&limit=1&offset=1").json

    assert (all_["total"], [point["km"] for point in all_["items"]]) == (4, [0.0, 10.0, 5.5, 6.5])
    assert (page["total"], [point["km"] for point in page["items"]]) == (2, [10.0])
    assert surveyed("GET", f"{PATH}?segment=west").json == {"items": [], "total": 0}


def test_segments_tell_their_reach(surveyed: Call) -> None:
    assert surveyed("GET", f"{PATH}/segments").json["items"] == [
        {"name": "north", "points": 2, "start": 0.0, "end": 10.0},
        {"name": "south", "points": 2, "start": 5.5, "end": 6.5},
    ]


def test_a_kilometre_post_is_located(surveyed: Call) -> None:
    between = surveyed("GET", f"{PATH}/interpolate?segment=north&kp=2.5", as_="viewer").json
    exact = surveyed("GET", f"{PATH}/interpolate?segment=north&kp=10").json
    across = surveyed("GET", f"{PATH}/interpolate?segment=south&kp=6").json

    assert (between["latitude"], between["longitude"], between["elevation"]) == (10.25, 20.25, 87.5)
    assert [point["km"] for point in between["between"]] == [0.0, 10.0]
    assert (exact["latitude"], exact["longitude"], exact["elevation"]) == (11.0, 21.0, 50.0)
    assert (across["longitude"], across["elevation"]) == (180.0, None)


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("segment=north&kp=10.5", 422, "outside of the surveyed range 0 to 10 km"),
        ("segment=nort&kp=1", 404, "did you mean north?"),
        ("segment=north&kp=nan", 422, "kp"),
        ("segment=north&kp=inf", 422, "kp"),
        ("segment=north", 422, "kp: Field required"),
        ("kp=1", 422, "segment: Field required"),
        ("segment=&kp=1", 422, "segment"),
    ],
)
def test_what_cannot_be_located_is_told_in_words(surveyed: Call, query: str, status: int, words: str) -> None:
    answer = surveyed("GET", f"{PATH}/interpolate?{query}")

    assert answer.status_code == status
    assert words in answer.json["error"]["message"]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"segment": "north", "km": 0, "latitude": 1, "longitude": 1}, 409, "there is one at this place already"),
        ({"segment": "north", "km": 1, "latitude": 91, "longitude": 1}, 422, "latitude: 91 is out of range -90 to 90"),
        ({"segment": "north", "km": 1, "latitude": 1, "longitude": -180.5}, 422, "longitude: -180.5 is out of range"),
        ({"segment": "north", "km": "1", "latitude": 1, "longitude": 1}, 422, "km"),
        ({"segment": "north", "km": True, "latitude": 1, "longitude": 1}, 422, "km"),
        ({"segment": "north", "km": 1e300, "latitude": 1, "longitude": 1}, 422, "km: 1e+300 is out of range"),
        ({"segment": " ", "km": 1, "latitude": 1, "longitude": 1}, 422, "segment"),
        ({"segment": "a\nb", "km": 1, "latitude": 1, "longitude": 1}, 422, "segment: has characters that cannot be printed"),
        ({"segment": "north", "km": 1, "latitude": 1}, 422, "longitude: Field required"),
        ({"segment": "north", "km": 1, "latitude": 1, "longitude": 1, "id": 3}, 422, "id: is not known here"),
    ],
)
def test_a_point_that_makes_no_sense_is_refused_in_words(surveyed: Call, body: Any, status: int, words: str) -> None:
    answer = surveyed("POST", PATH, as_="engineer", json=body)

    assert answer.status_code == status
    assert words in answer.json["error"]["message"]


@pytest.mark.parametrize("point_id", [0, 99, 2**31, 2**80])
def test_an_unknown_id_is_not_found(surveyed: Call, point_id: int) -> None:
    body = {"segment": "x", "km": 1, "latitude": 1, "longitude": 1}

    for method, more in (("GET", {}), ("PUT", {"json": body}), ("DELETE", {})):
        assert surveyed(method, f"{PATH}/{point_id}", as_="engineer", **more).status_code == 404


def test_an_import_is_looked_at_first_and_tells_each_row(call: Call, plant: ServedPlant) -> None:
    report = load(call, HEAD + "north,1,2,3,\nnorth,x,95,3,\n", "").json

    assert {key: report[key] for key in ("total", "good", "bad", "applied", "added", "changed")} == {
        "total": 2,
        "good": 1,
        "bad": 1,
        "applied": False,
        "added": 1,
        "changed": 0,
    }
    assert (report["rows"][0]["action"], report["rows"][0]["fields"]["km"]) == ("add", [None, 1.0])
    assert [mistake["field"] for mistake in report["rows"][1]["mistakes"]] == ["km", "latitude"]
    assert report["rows"][1]["mistakes"][0]["place"] == "row 3"
    assert plant.references.all() == []


def test_good_rows_are_taken_if_asked_for_and_taken_places_refused_without_update(surveyed: Call) -> None:
    good = load(surveyed, HEAD + "east,1,2,3,\neast,2,95,3,\n", "dry_run=false&good_rows=true").json
    refused = load(surveyed, HEAD + "north,0,2,3,\n", "dry_run=false&update=false").json

    assert (good["applied"], good["good"], good["bad"]) == (True, 1, 1)
    assert (refused["applied"], refused["rows"][0]["action"]) == (False, "bad")
    assert surveyed("GET", f"{PATH}?segment=north").json["items"][0]["latitude"] == 10.0


def test_a_workbook_is_imported(call: Call) -> None:
    book = openpyxl.Workbook()
    book.active.append(["segment", "km", "lat", "lon"])
    book.active.append(["north", 1.5, 2, 3])
    out = io.BytesIO()
    book.save(out)

    assert load(call, out.getvalue(), "format=xlsx&dry_run=false").json["added"] == 1
    assert load(call, b"no workbook", "format=xlsx").status_code == 422


def test_what_is_exported_can_be_imported(surveyed: Call) -> None:
    load(surveyed, HEAD + "=1+1,1,2,3,\n")

    answer = surveyed("GET", f"{PATH}/export?format=csv", as_="viewer")
    again = load(surveyed, answer.data, "dry_run=true").json

    assert answer.mimetype == "text/csv"
    assert "linear-references.csv" in answer.headers["Content-Disposition"]
    assert b"\r\n'=1+1,1.0,2.0,3.0,\r\n" in answer.data
    assert {row["action"] for row in again["rows"]} == {"same"}
    assert surveyed("GET", f"{PATH}/export?segment=south").data.count(b"\r\n") == 3


def test_a_viewer_reads_and_an_engineer_changes(surveyed: Call) -> None:
    body = {"segment": "x", "km": 1, "latitude": 1, "longitude": 1}

    assert surveyed("GET", PATH, as_=None).status_code == 401
    assert surveyed("POST", PATH, as_="supervisor", json=body).status_code == 403
    assert surveyed("PUT", f"{PATH}/1", as_="supervisor", json=body).status_code == 403
    assert surveyed("DELETE", f"{PATH}/1", as_="supervisor").status_code == 403
    assert load(surveyed, POINTS, as_="supervisor").status_code == 403


def test_an_emergency_stop_and_a_database_that_fails_have_their_statuses(surveyed: Call, plant: ServedPlant) -> None:
    body = {"segment": "x", "km": 1, "latitude": 1, "longitude": 1}
    plant.references.failing = StorageError("no answer")
    assert surveyed("GET", PATH).status_code == 503
    assert surveyed("POST", PATH, as_="engineer", json=body).status_code == 503
    plant.references.failing = None

    plant.outputs.trip("smoke", "test")

    assert surveyed("POST", PATH, as_="engineer", json=body).status_code == 423
    assert load(surveyed, POINTS, "").status_code == 200
