"""The alarm journal and its analytics, over REST."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from automation.testing.clock import FakeClock
from automation.testing.web import ServedPlant

Call = Callable[..., Any]
ALARM = "TK101.LT.HI"


@pytest.fixture
def told(call: Call, plant: ServedPlant, clock: FakeClock) -> Call:
    """One occurrence that was acknowledged and is over, and another that stands."""
    plant.measure("TK101.LT", 9.0)
    clock.advance(10.0)
    call("POST", f"/api/alarms/{ALARM}/acknowledge", json={"comment": "=HYPERLINK(0) seen"})
    clock.advance(10.0)
    plant.measure("TK101.LT", 1.0)
    clock.advance(100.0)
    plant.measure("TK101.LT", 9.0)
    return call


def items(call: Call, query: str = "") -> list[dict[str, Any]]:
    answer = call("GET", f"/api/alarms/journal?{query}", as_="viewer")
    assert answer.status_code == 200, answer.json
    found: list[dict[str, Any]] = answer.json["items"]
    return found


def test_the_journal_tells_every_row_newest_first(told: Call, clock: FakeClock) -> None:
    rows = items(told)

    assert [row["event"] for row in rows] == ["raised", "returned", "acknowledged", "raised"]
    acknowledged = rows[2]
    assert (acknowledged["alarm"], acknowledged["tag"], acknowledged["area"], acknowledged["priority"]) == (
        ALARM,
        "TK101.LT",
        "north",
        2,
    )
    assert (acknowledged["from"], acknowledged["to"], acknowledged["actor"]) == ("UNACK", "ACKED", "operator")
    assert acknowledged["comment"] == "=HYPERLINK(0) seen"
    assert acknowledged["origin"] == "rest 127.0.0.1"
    assert (acknowledged["limit"], acknowledged["value"], acknowledged["duration_s"]) == (8.0, 9.0, 10.0)
    assert rows[0]["time"] == clock.now()
    assert rows[0]["annunciated"] is True


def test_the_journal_comes_in_pages(told: Call) -> None:
    first = told("GET", "/api/alarms/journal?limit=3").json
    rest = told("GET", f"/api/alarms/journal?limit=3&before={first['next']}").json

    assert (len(first["items"]), first["next"]) == (3, first["items"][-1]["seq"])
    assert (len(rest["items"]), rest["next"]) == (1, None)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("event=raised", 2),
        ("event=raised,returned", 3),
        ("state=ACKED", 1),
        ("actor=operator", 1),
        ("priority=2", 4),
        ("priority=1,3", 0),
        ("area=north", 4),
        ("area=nor", 0),
        ("text=hyperlink", 1),
        ("alarm=NOPE", 0),
        ("tag=TK101.LT&event=returned", 1),
    ],
)
def test_the_journal_is_filtered(told: Call, query: str, count: int) -> None:
    assert len(items(told, query)) == count


def test_the_journal_is_filtered_by_time(told: Call, clock: FakeClock) -> None:
    assert len(items(told, f"start={clock.now() - 50}")) == 1
    assert len(items(told, f"end={clock.now()}")) == 3


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("journal", "priority=6", "priority"),
        ("journal", "event=exploded", "event"),
        ("journal", "state=ON", "state"),
        ("journal", "start=2&end=1", "end"),
        ("journal", "start=soon", "start"),
        ("journal", "limit=0", "limit"),
        ("journal", "before=x", "before"),
        ("journal", "colour=red", "colour"),
        ("journal/export", "event=exploded", "event"),
        ("journal/export", "limit=5", "limit"),
        ("occurrences", "open=perhaps", "open"),
        ("occurrences", "event=raised", "event"),
        ("analytics", "start=2&end=1", "start"),
        ("analytics", "start=0&end=99999999", "start"),
        ("analytics", "end=-5", "start"),
        ("analytics/live", "start=1", "start"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_by_name(call: Call, path: str, query: str, field: str) -> None:
    answer = call("GET", f"/api/alarms/{path}?{query}")

    assert answer.status_code == 422
    assert answer.json["error"]["message"].startswith(f"query: {field}")


def test_the_export_is_a_table_that_no_spreadsheet_executes(told: Call) -> None:
    answer = told("GET", "/api/alarms/journal/export?area=north", as_="viewer")

    assert answer.mimetype == "text/csv"
    assert 'filename="alarm-journal.csv"' in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["event"] for row in rows] == ["raised", "returned", "acknowledged", "raised"]
    assert rows[2]["comment"] == "'=HYPERLINK(0) seen"
    assert rows[2]["time"].endswith("Z")
    assert rows[2]["from"] == "UNACK"
    assert rows[2]["annunciated"] == "false"
    assert rows[0]["until"] == ""


def test_an_export_without_any_row_has_its_columns(call: Call) -> None:
    assert call("GET", "/api/alarms/journal/export").text.startswith("seq,time,event,alarm,")


def test_occurrences_are_told_in_one_line_each(told: Call, clock: FakeClock) -> None:
    stands, over = told("GET", "/api/alarms/occurrences", as_="viewer").json["items"]

    assert (over["alarm"], over["ack_by"], over["ack_comment"]) == (ALARM, "operator", "=HYPERLINK(0) seen")
    assert (over["duration_s"], over["time_to_ack_s"], over["closed"]) == (20.0, 10.0, clock.now() - 100)
    assert (stands["raised"], stands["closed"], stands["returned"]) == (clock.now(), None, None)
    assert told("GET", "/api/alarms/occurrences?open=true").json["items"] == [stands]
    assert told("GET", "/api/alarms/occurrences?text=HYPERLINK").json["items"] == [over]


def test_analytics_are_of_the_last_day_unless_told_otherwise(told: Call, clock: FakeClock) -> None:
    found = told("GET", "/api/alarms/analytics", as_="viewer").json
    clock.advance(1.0)
    now = told("GET", "/api/alarms/analytics?area=north").json

    assert (found["start"], found["end"]) == (clock.now() - 1 - 86_400, clock.now() - 1)
    assert (found["count"], now["count"]) == (1, 2)  # the end is not included
    assert now["top"] == [{"alarm": ALARM, "count": 2, "share": 1.0}]
    assert now["priorities"]["configured"] == {"1": 0, "2": 1, "3": 0, "4": 0}
    assert now["per_10_min"]["ok"] is True


def test_analytics_name_who_was_refused_a_change_of_an_alarm(told: Call, clock: FakeClock) -> None:
    body = {"body": {"name": ALARM, "tag": "TK101.LT", "condition": {"kind": "high", "limit": 99.0}}}
    assert told("PUT", f"/api/alarms/{ALARM}/definition", as_="operator", json=body).status_code == 403
    assert told("PUT", f"/api/alarms/{ALARM}/shelf", as_="viewer", json={"reason": "noise"}).status_code == 403
    clock.advance(1.0)

    found = told("GET", "/api/alarms/analytics").json
    live = told("GET", "/api/alarms/analytics/live").json

    refused = {"alarm": ALARM, "kind": "request.refused", "actor": "operator", "count": 1, "last": clock.now() - 1.0}
    assert found["unauthorised"] == live["unauthorised"] == [refused]
    assert found["unauthorised_changes"] == {"count": 1, "target": 0.0, "limit": 0.0, "ok": False}
    assert (found["overdue_shelves"]["ok"], found["unrecorded_silences"]["ok"], found["after_upset"]["ok"]) == (True, True, True)
    assert found["conclusive"] is False


def test_live_analytics_have_the_same_shape(told: Call) -> None:
    assert told("GET", "/api/alarms/analytics/live").json.keys() == told("GET", "/api/alarms/analytics").json.keys()
    assert told("GET", "/api/alarms/analytics/live?area=elsewhere").json["count"] == 0


def test_nobody_reads_the_journal_without_a_token(call: Call) -> None:
    for path in ("journal", "journal/export", "occurrences", "analytics", "analytics/live"):
        assert call("GET", f"/api/alarms/{path}", as_=None).status_code == 401
