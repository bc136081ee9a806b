"""Notifications over REST."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from automation.observers.notifications.store import Delivery
from automation.testing.notifications import MemorySink
from automation.testing.web import ServedPlant

Call = Callable[..., Any]


def sink_of(plant: ServedPlant, channel: str) -> MemorySink:
    (sink,) = [one._sink for one in plant.notifications.couriers if one.facts.name == channel]
    assert isinstance(sink, MemorySink)
    return sink


def queue(plant: ServedPlant, *ids: str, channel: str = "mail") -> None:
    now = plant.clock.now()
    data = {"alarms": [{"name": "TK101.LT.HI", "occurrence_id": "o"}], "count": 1}
    rows = [
        Delivery(id=one, channel=channel, rule="urgent", kind="raised", created=now, due=now, subject="s", data=data)
        for one in ids
    ]
    plant.notifications._store.save((), (), rows)


def test_channels_rosters_and_rules_are_shown_without_secrets(call: Call, plant: ServedPlant) -> None:
    queue(plant, "1", "2")

    shown = call("GET", "/api/notifications", as_="viewer").json

    assert [(one["name"], one["kind"], one["state"], one["waiting"]) for one in shown["channels"]] == [
        ("mail", "smtp", "unused", 2),
        ("chat", "slack", "unused", 0),
    ]
    (roster,) = shown["rosters"]
    assert [(one["name"], one["on_duty"], one["always"]) for one in roster["people"]] == [
        ("Ana", True, True),
        ("Ben", False, False),
    ]
    (rule,) = shown["rules"]
    assert rule["steps"] == [
        {"channel": "mail", "roster": "operators", "after_s": 0.0},
        {"channel": "chat", "roster": "", "after_s": 600.0},
    ]
    assert (rule["priorities"], rule["areas"], rule["until"]) == ([1, 2], ["north"], "acknowledged")
    assert (shown["waiting"], shown["watched"]) == (2, 0)


@pytest.mark.parametrize("role", ["viewer", "operator", "supervisor"])
def test_only_engineers_test_channels(call: Call, plant: ServedPlant, role: str) -> None:
    answer = call("POST", "/api/notifications/channels/mail/test", as_=role, json={})

    assert answer.status_code == 403
    assert sink_of(plant, "mail").sent == []


def test_a_test_goes_to_the_channels_own_address_or_to_a_person(call: Call, plant: ServedPlant) -> None:
    own = call("POST", "/api/notifications/channels/mail/test", as_="engineer", json={})
    person = call("POST", "/api/notifications/channels/mail/test", as_="engineer", json={"person": "Ben"})

    assert (own.status_code, own.json["ok"], own.json["message"]) == (200, True, "sent to plant@example.org")
    assert person.json["message"] == "sent to ben@example.org"
    assert [sent.kind for sent in sink_of(plant, "mail").sent] == ["test", "test"]
    assert "engineer tests the channel mail" in sink_of(plant, "mail").sent[0].text
    (first, _) = plant.journal.events
    assert (first.kind, first.subject, first.actor, first.details["ok"]) == ("notification.test", "mail", "engineer", True)
    listed = call("GET", "/api/notifications/deliveries").json["items"]
    assert [(one["kind"], one["state"], one["address"]) for one in listed] == [
        ("test", "sent", "ben@example.org"),
        ("test", "sent", "plant@example.org"),
    ]


def test_a_test_that_fails_says_why_in_words(call: Call, plant: ServedPlant) -> None:
    sink_of(plant, "chat").failing = "chat.example.org:443 answered 404 Not Found: no_team"

    answer = call("POST", "/api/notifications/channels/chat/test", as_="engineer", json={})

    assert answer.status_code == 200
    assert (answer.json["ok"], answer.json["message"]) == (False, "chat.example.org:443 answered 404 Not Found: no_team")
    assert plant.journal.events[-1].message == "channel chat tested: chat.example.org:443 answered 404 Not Found: no_team"
    assert call("GET", "/api/notifications/deliveries").json["items"][0]["state"] == "failed"


@pytest.mark.parametrize(
    ("channel", "body", "status", "words"),
    [
        ("nowhere", {}, 404, "unknown channel nowhere"),
        ("mail", {"person": "Zoe"}, 422, "person: 'Zoe' has no address for channel mail"),
        ("chat", {"person": "Ana"}, 422, "has no address for channel chat"),
        ("mail", {"address": "evil@example.org"}, 422, "address: is not known here"),
        ("mail", {"person": 1}, 422, "person"),
    ],
)
def test_what_cannot_be_tested_is_refused(call: Call, channel: str, body: dict, status: int, words: str) -> None:
    answer = call("POST", f"/api/notifications/channels/{channel}/test", as_="engineer", json=body)

    assert answer.status_code == status
    assert words in answer.json["error"]["message"]


def test_deliveries_come_newest_first_in_pages(call: Call, plant: ServedPlant) -> None:
    queue(plant, "1", "2", "3")
    queue(plant, "4", channel="chat")

    page = call("GET", "/api/notifications/deliveries?limit=2").json
    rest = call("GET", f"/api/notifications/deliveries?limit=2&before={page['next']}").json
    end = call("GET", f"/api/notifications/deliveries?limit=2&before={rest['next']}").json

    assert [one["id"] for one in page["items"] + rest["items"]] == ["4", "3", "2", "1"]
    assert page["items"][0]["alarms"] == ["TK101.LT.HI"]
    assert end == {"items": [], "next": None}
    assert [one["id"] for one in call("GET", "/api/notifications/deliveries?channel=chat").json["items"]] == ["4"]
    assert call("GET", "/api/notifications/deliveries?state=sent").json["items"] == []


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "state=lost", "before=0", "before=x", "what=1"])
def test_a_query_that_makes_no_sense_is_refused(call: Call, query: str) -> None:
    assert call("GET", f"/api/notifications/deliveries?{query}").status_code == 422
