"""The event log, over REST."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from automation.model.event import Event
from automation.testing.clock import FakeClock
from automation.testing.web import ServedPlant

Call = Callable[..., Any]


@pytest.fixture
def told(call: Call, plant: ServedPlant, clock: FakeClock) -> Call:
    """A put, one that was refused, an alarm, and a login that failed; ten seconds apart, the last one now."""
    call("PUT", "/api/tags/TK101.SP/value", json={"value": 3.0})
    clock.advance(10.0)
    call("PUT", "/api/tags/TK101.SP/value", json={"value": 99.0})
    clock.advance(10.0)
    details = {"tag": "TK101.LT", "area": "north/tanks", "priority": 1, "from": "NORM", "to": "UNACK", "occurrence_id": "o1"}
    message = "=HYPERLINK(0) too high"
    plant.journal.post(Event(time=clock.now(), kind="alarm.raised", subject="TK101.LT.HI", message=message, details=details))
    clock.advance(10.0)
    call("POST", "/api/auth/login", json={"username": "eve", "password": "guess"}, as_=None)
    return call


def kinds(call: Call, query: str = "") -> list[str]:
    answer = call("GET", f"/api/events?{query}", as_="viewer")
    assert answer.status_code == 200, answer.json
    return [row["kind"] for row in answer.json["items"]]


def test_events_tell_what_they_are_newest_first(told: Call, clock: FakeClock) -> None:
    rows = told("GET", "/api/events", as_="viewer").json["items"]

    assert [(row["kind"], row["class"], row["priority"], row["criticality"]) for row in rows] == [
        ("login.failed", "user", 3, "high"),
        ("alarm.raised", "alarm", 1, "critical"),
        ("tag.put.refused", "tag", 3, "medium"),
        ("tag.put", "tag", 4, "medium"),
    ]
    put = rows[3]
    assert (put["subject"], put["tag"], put["area"], put["actor"]) == ("TK101.SP", "TK101.SP", "north", "operator")
    assert (put["origin"], put["comments"], put["details"]["new"]) == ("rest 127.0.0.1", 0, 3.0)
    assert put["time"] == clock.now() - 30


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("class=tag", 2),
        ("class=tag,user", 3),
        ("class=machine", 0),
        ("priority=1", 1),
        ("priority=3", 3),
        ("criticality=high", 2),
        ("kind=tag.put.", 1),
        ("subject=TK101.SP", 2),
        ("actor=operator", 2),
        ("tag=TK101.LT", 1),
        ("area=north", 3),
        ("area=north/tanks", 1),
        ("area=nor", 0),
        ("text=TOO%20HIGH", 1),
        ("text=to%203.0", 1),
        ("class=tag&priority=3&actor=operator&text=sp", 1),
    ],
)
def test_events_are_filtered(told: Call, query: str, count: int) -> None:
    assert len(kinds(told, query)) == count


def test_events_are_filtered_by_time(told: Call, clock: FakeClock) -> None:
    assert kinds(told, f"start={clock.now() - 10}") == ["login.failed", "alarm.raised"]
    assert kinds(told, f"end={clock.now() - 10}") == ["tag.put.refused", "tag.put"]


def test_events_come_in_pages(told: Call) -> None:
    first = told("GET", "/api/events?limit=3").json
    rest = told("GET", f"/api/events?limit=3&before={first['next']}").json

    assert (len(first["items"]), first["next"], first["missing"]) == (3, first["items"][-1]["seq"], 0)
    assert ([row["kind"] for row in rest["items"]], rest["next"]) == (["tag.put"], None)


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("", "class=gossip", "class: "),
        ("", "class=gossip", "there are alarm, tag"),
        ("", "classes=user", "classes: is not known here"),
        ("", "priority=0", "priority: "),
        ("", "priority=6", "priority: "),
        ("", "criticality=huge", "criticality: "),
        ("", "start=2&end=1", "end: "),
        ("", "start=nan", "start: "),
        ("", "limit=0", "limit: "),
        ("", "before=x", "before: "),
        ("", "colour=red", "colour: "),
        ("/export", "class=gossip", "class: "),
        ("/export", "limit=5", "limit: "),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_by_name(call: Call, path: str, query: str, field: str) -> None:
    answer = call("GET", f"/api/events{path}?{query}")

    assert answer.status_code == 422
    assert field in answer.json["error"]["message"]


def test_the_export_is_a_table_that_no_spreadsheet_executes(told: Call) -> None:
    answer = told("GET", "/api/events/export?class=tag,alarm", as_="viewer")

    assert answer.mimetype == "text/csv"
    assert 'filename="events.csv"' in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["class"] for row in rows] == ["alarm", "tag", "tag"]
    assert rows[0]["message"] == "'=HYPERLINK(0) too high"
    assert rows[0]["time"].endswith("Z")
    assert json.loads(rows[2]["details"])["new"] == 3.0


def test_an_event_is_commented_on_and_told_with_its_comments(told: Call, clock: FakeClock) -> None:
    answer = told("POST", "/api/events/1/comments", json={"comment": " wrong tank "})

    assert answer.status_code == 201
    assert (answer.json["seq"], answer.json["comments"]) == (1, 1)
    remark = {"author": "operator", "comment": "wrong tank", "time": clock.now()}
    assert [{**one, "seq": 0} for one in answer.json["remarks"]] == [{**remark, "seq": 0}]
    assert told("GET", "/api/events/1", as_="viewer").json == answer.json
    assert kinds(told, "class=note&tag=TK101.SP&area=north") == ["event.commented"]
    assert told("GET", "/api/events?kind=tag.put").json["items"][-1]["comments"] == 1


@pytest.mark.parametrize(
    ("path", "as_", "body", "status"),
    [
        ("/api/events/1/comments", "viewer", {"comment": "x"}, 403),
        ("/api/events/1/comments", None, {"comment": "x"}, 401),
        ("/api/events/99/comments", "operator", {"comment": "x"}, 404),
        ("/api/events/1/comments", "operator", {"comment": " "}, 422),
        ("/api/events/1/comments", "operator", {"comment": "x" * 1001}, 422),
        ("/api/events/1/comments", "operator", {}, 422),
        ("/api/events/x/comments", "operator", {"comment": "x"}, 404),
    ],
)
def test_a_comment_that_is_not_taken_has_the_right_status(told: Call, path: str, as_: str | None, body: Any, status: int) -> None:
    assert told("POST", path, json=body, as_=as_).status_code == status


def test_an_event_that_is_not_there_is_named(call: Call) -> None:
    answer = call("GET", "/api/events/99")

    assert (answer.status_code, answer.json["error"]["message"]) == (404, "unknown event 99")
