"""The log book, over REST."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from automation.testing.clock import FakeClock
from automation.testing.web import ServedPlant

Call = Callable[..., Any]


@pytest.fixture
def written(call: Call, clock: FakeClock) -> Call:
    """Two entries of two people, an hour apart; the older one is about an alarm."""
    body = {"category": "note", "text": "=SUM(1) rough", "title": "Pump A", "area": "north/pumps", "tag": "TK101.LT"}
    call("POST", "/api/logbook", json={**body, "alarm": "TK101.LT.HI", "occurrence_id": "o1"})
    clock.advance(3600.0)
    call("POST", "/api/logbook", json={"category": "handover", "text": "nothing", "shift": "late"}, as_="supervisor")
    return call


def ids(call: Call, query: str = "") -> list[int]:
    answer = call("GET", f"/api/logbook?{query}", as_="viewer")
    assert answer.status_code == 200, answer.json
    return [entry["id"] for entry in answer.json["items"]]


def test_an_entry_needs_no_more_than_category_and_text(call: Call, clock: FakeClock, plant: ServedPlant) -> None:
    answer = call("POST", "/api/logbook", json={"category": "note", "text": " quiet night "})

    assert answer.status_code == 201
    assert answer.json == {
        "id": 1,
        "version": 1,
        "time": clock.now(),
        "category": "note",
        "text": "quiet night",
        "title": "",
        "area": "",
        "shift": plant.records.plan.shift_at(clock.now()),
        "tag": "",
        "alarm": "",
        "occurrence_id": "",
        "author": "operator",
        "created": clock.now(),
        "corrected": None,
        "corrected_by": "",
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [2, 1]),
        ("category=note", [1]),
        ("category=note,handover", [2, 1]),
        ("area=north", [1]),
        ("shift=late", [2]),
        ("author=supervisor", [2]),
        ("tag=TK101.LT", [1]),
        ("alarm=TK101.LT.HI&occurrence_id=o1", [1]),
        ("text=ROUGH", [1]),
        ("text=nobody", []),
    ],
)
def test_entries_are_filtered(written: Call, query: str, found: list[int]) -> None:
    assert ids(written, query) == found


def test_entries_come_in_pages(written: Call, clock: FakeClock) -> None:
    first = written("GET", "/api/logbook?limit=1").json

    assert ids(written, f"limit=1&before={first['next']}") == [1]
    assert ids(written, f"start={clock.now()}") == [2]
    assert ids(written, f"end={clock.now()}") == [1]


def test_a_correction_keeps_what_was_written_before(written: Call, clock: FakeClock) -> None:
    body = {"version": 1, "category": "note", "text": "runs well", "title": "Pump A"}
    answer = written("PUT", "/api/logbook/1", json=body, as_="supervisor")

    assert answer.status_code == 200
    assert (answer.json["version"], answer.json["author"], answer.json["corrected_by"]) == (2, "operator", "supervisor")
    assert (answer.json["corrected"], answer.json["time"]) == (clock.now(), clock.now() - 3600)
    assert [(one["version"], one["text"], one["author"]) for one in answer.json["versions"]] == [
        (1, "=SUM(1) rough", "operator"),
        (2, "runs well", "supervisor"),
    ]
    assert written("GET", "/api/logbook/1", as_="viewer").json == answer.json
    again = written("PUT", "/api/logbook/1", json={**body, "text": "late"})
    assert (again.status_code, again.json["error"]["code"]) == (409, "overtaken")


def test_the_export_is_a_table_that_no_spreadsheet_executes(written: Call) -> None:
    answer = written("GET", "/api/logbook/export?author=operator", as_="viewer")

    assert 'filename="log-book.csv"' in answer.headers["Content-Disposition"]
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["id"], row["text"], row["corrected"]) == ("1", "'=SUM(1) rough", "")
    assert row["time"].endswith("Z")


def test_how_the_log_book_is_kept_is_told(call: Call, plant: ServedPlant, clock: FakeClock) -> None:
    plan = call("GET", "/api/logbook/plan", as_="viewer").json

    assert plan["categories"] == ["note", "handover"]
    assert plan["shifts"][0] == {"name": "early", "begin_min": 360}
    assert plan["shift"] == plant.records.plan.shift_at(clock.now())


@pytest.mark.parametrize(
    ("body", "as_", "status", "words"),
    [
        ({"category": "note", "text": "x"}, "viewer", 403, "may not write"),
        ({"category": "note", "text": "x"}, None, 401, ""),
        ({"category": "gossip", "text": "x"}, "operator", 422, "category: unknown 'gossip'"),
        ({"category": "note"}, "operator", 422, "text: Field required"),
        ({"category": "note", "text": " "}, "operator", 422, "text: "),
        ({"category": "note", "text": "x", "time": 9e9}, "operator", 422, "time: "),
        ({"category": "note", "text": "x", "tag": "NOPE"}, "operator", 404, "NOPE"),
        ({"category": "note", "text": "x", "alarm": "NOPE"}, "operator", 404, "unknown alarm NOPE"),
        ({"category": "note", "text": "x", "occurrence_id": "o"}, "operator", 422, "occurrence_id: "),
        ({"category": "note", "text": "x", "colour": "red"}, "operator", 422, "colour: is not known here"),
    ],
)
def test_an_entry_that_is_not_taken_has_the_right_status(
    call: Call, body: dict[str, Any], as_: str | None, status: int, words: str
) -> None:
    answer = call("POST", "/api/logbook", json=body, as_=as_)

    assert answer.status_code == status
    assert words in answer.json["error"]["message"]
    assert ids(call) == []


@pytest.mark.parametrize("query", ["before=now", "before=1", "before=-1-1", "start=2&end=1", "limit=0", "colour=red"])
def test_a_filter_that_makes_no_sense_is_refused_by_name(call: Call, query: str) -> None:
    answer = call("GET", f"/api/logbook?{query}")

    assert answer.status_code == 422
    assert answer.json["error"]["message"].startswith(f"query: {query.rsplit('&', maxsplit=1)[-1].split('=', maxsplit=1)[0]}")


def test_an_entry_that_is_not_there_is_named(call: Call) -> None:
    body = {"version": 1, "category": "note", "text": "x"}
    for answer in (call("GET", "/api/logbook/7"), call("PUT", "/api/logbook/7", json=body)):
        assert (answer.status_code, answer.json["error"]["message"]) == (404, "unknown log entry 7")
