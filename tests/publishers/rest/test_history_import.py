"""Samples from elsewhere, over REST."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from automation.testing.clock import FakeClock
from automation.testing.web import ServedPlant

Call = Callable[..., Any]
URL = "/api/history/import"


def csv_of(clock: FakeClock, *rows: str) -> bytes:
    """The rows with @ for a time without its last digit."""
    before = round(clock.now()) // 10 * 10 - 1_000
    return ("tag,time,value,quality\n" + "\n".join(rows).replace("@", str(before // 10))).encode()


def post(call: Call, data: bytes, query: str = "", *, as_: str = "engineer", kind: str = "text/csv") -> Any:
    return call("POST", f"{URL}?{query}", data=data, as_=as_, headers={"Content-Type": kind})


def test_an_engineer_imports_csv_and_the_journal_tells_it(call: Call, plant: ServedPlant, clock: FakeClock) -> None:
    answer = post(call, csv_of(clock, "TK101.LT,@0,1.5,", "TK101.LT,@0,2.5,GOOD", "NONE,@0,1,GOOD"))

    assert answer.status_code == 200, answer.json
    assert answer.json == {
        "accepted": 1,
        "duplicate": 1,
        "refused": 1,
        "closed": 0,
        "refusals": [{"row": 4, "tag": "NONE", "reason": "unknown tag NONE"}],
    }
    event = next(event for event in plant.journal.events if event.kind == "history.import")
    assert (event.actor, event.details["accepted"], event.details["tags"]) == ("engineer", 1, "TK101.LT")
    assert call("GET", f"/api/history?tags=TK101.LT&mode=raw&start={clock.now() - 2_000}").json["series"][0]["value"] == [1.5]


def test_times_may_be_written_with_their_offset(call: Call, clock: FakeClock) -> None:
    text = datetime.fromtimestamp(clock.now() - 60, UTC).isoformat()

    assert post(call, csv_of(clock, f"TK101.LT,{text},1.5,")).json["accepted"] == 1
    assert "time: expected" in post(call, csv_of(clock, "TK101.LT,2026-01-01T00:00:00,1.5,")).json["refusals"][0]["reason"]


def test_an_export_can_be_imported(call: Call, plant: ServedPlant, clock: FakeClock) -> None:
    post(call, csv_of(clock, "TK101.LT,@0,1.5,", "TK101.LT,@5,,BAD"))
    exported = call("GET", f"/api/history?tags=TK101.LT&mode=raw&start={clock.now() - 2_000}&format=csv&tz=Asia/Tokyo").data

    assert post(call, exported).json["duplicate"] == 2


def test_json_has_the_same_columns(call: Call, plant: ServedPlant, clock: FakeClock) -> None:
    columns = {"tag": "TK101.LT", "time": [clock.now() - 5, clock.now() - 4], "value": [1, None], "quality": [0, "BAD"]}

    answer = call("POST", URL, json=columns, as_="engineer")

    assert (answer.json["accepted"], answer.json["refused"]) == (2, 0)


def test_an_operator_may_not_import(call: Call, plant: ServedPlant, clock: FakeClock) -> None:
    assert post(call, csv_of(clock, "TK101.LT,@0,1.5,"), as_="operator").status_code == 403
    assert plant.history_store.rows("TK101.LT") == ()


def test_it_ends_where_the_caller_says(call: Call, plant: ServedPlant, clock: FakeClock) -> None:
    assert post(call, csv_of(clock, "TK101.LT,@0,1.5,"), f"end={clock.now() - 10}").json["closed"] == 1


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (b"time,value\n1,2\n", "text/csv", "the column tag is missing"),
        (b"tag,time,value\n\xff,1,1\n", "text/csv", "not text in UTF-8"),
        (b"[1]", "application/json", "expected an object with the columns"),
        (b'{"tag": "TK101.LT", "time": [1], "value": []}', "application/json", "the columns differ in length"),
        (b'{"tag": "TK101.LT", "time": 1, "value": [1]}', "application/json", "time: expected a list"),
        (b'{"tag": "TK101.LT", "time": [1]}', "application/json", "the column value is missing"),
        (b'{"tag": "TK101.LT", "time": [1], "value": [1], "x": []}', "application/json", "expected an object"),
    ],
)
def test_a_file_that_is_none_is_refused(call: Call, data: bytes, kind: str, words: str) -> None:
    answer = post(call, data, kind=kind)

    assert answer.status_code == 422
    assert words in answer.json["error"]["message"]


def test_malformed_json_is_told(call: Call) -> None:
    assert post(call, b"{", kind="application/json").status_code == 400


def test_json_that_is_too_large_is_told_to_come_as_csv(call: Call) -> None:
    answer = post(call, b" " * (1024 * 1024 + 1), kind="application/json")

    assert answer.status_code == 413
    assert "send more as CSV" in answer.json["error"]["message"]
