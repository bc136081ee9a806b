"""Who may use which route."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from flask import Flask

from automation.publishers.hmi.pages import register as register_hmi
from automation.publishers.web.gate import Gate
from automation.security.principal import Permission
from automation.testing.clock import FakeClock
from automation.testing.web import PASSWORD, ServedPlant

Call = Callable[..., Any]

OPEN = {
    ("auth_login", "POST"),
    ("push_push", "POST"),  # devices have tokens of their own
    ("health_health", "GET"),
    ("doc", "GET"),
    ("docs_script", "GET"),
    ("root", "GET"),
    ("restx_doc.static", "GET"),
    ("hmi_index", "GET"),
    ("hmi_file", "GET"),
}


def test_every_route_declares_who_may_use_it_and_only_these_are_open(app_and_gate: tuple[Flask, Gate]) -> None:
    app, gate = app_and_gate
    register_hmi(app, gate, None)

    routes = {
        (rule.endpoint, method) for rule in app.url_map.iter_rules() for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert [route for route in routes if gate.access(*route) is None] == []
    found = {(endpoint.removeprefix("api."), method) for endpoint, method in routes if _is_open(gate, endpoint, method)}
    assert found == OPEN


def _is_open(gate: Gate, endpoint: str, method: str) -> bool:
    access = gate.access(endpoint, method)
    return access is not None and access.permission is None


def test_a_route_that_declares_nothing_is_refused(app: Flask, call: Call) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")

    answer = call("GET", "/forgotten", as_="admin")

    assert answer.status_code == 403
    assert b"secret" not in answer.data


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Bearer x.y.z", "Basic dXNlcjpwYXNz", "bearer abc", "Bearer " + "a" * 10_000],
)
def test_without_a_token_that_counts_the_answer_is_401_and_says_so(call: Call, header: str | None) -> None:
    answer = call("GET", "/api/tags", as_=None, headers={} if header is None else {"Authorization": header})

    assert answer.status_code == 401
    assert answer.json["error"]["code"] == "not_authenticated"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_an_expired_token_is_refused(call: Call, clock: FakeClock, plant: ServedPlant) -> None:
    token = plant.token()
    clock.advance(3601.0)

    answer = call("GET", "/api/tags", as_=None, headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 401
    assert "expired" in answer.json["error"]["message"]


def test_a_token_of_another_secret_is_refused(call: Call, clock: FakeClock) -> None:
    answer = call("GET", "/api/tags", as_=None, headers={"Authorization": f"Bearer {ServedPlant(clock).token('admin')}"})

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "body", "lowest"),
    [
        ("GET", "/api/tags", None, "viewer"),
        ("POST", "/api/estop/trip", {"reason": "smoke"}, "viewer"),
        ("PUT", "/api/tags/TK101.SP/value", {"value": 3.0}, "operator"),
        ("POST", "/api/alarms/TK101.LT.HI/acknowledge", {}, "operator"),
        ("POST", "/api/machines/pumps/commands/start", None, "operator"),
        ("POST", "/api/estop/clear", {"id": "x", "reason": "checked"}, "supervisor"),
        ("GET", "/api/tags/areas", None, "viewer"),
        ("GET", "/api/tags/TK101.SP/detail", None, "viewer"),
        ("POST", "/api/tags/descriptions", {"names": ["TK101.SP"]}, "viewer"),
        ("GET", "/api/tags/export", None, "viewer"),
        ("GET", "/api/alarms/export", None, "viewer"),
        ("GET", "/api/alarms/TK101.LT.HI/definition", None, "viewer"),
        ("GET", "/api/types", None, "viewer"),
        ("GET", "/api/equipment", None, "viewer"),
        ("GET", "/api/project", None, "viewer"),
        ("GET", "/api/project/schemas/tag", None, "viewer"),
        ("PUT", "/api/tags/TK101.TT/force", {"value": 1.0, "reason": "test"}, "supervisor"),
        ("DELETE", "/api/tags/TK101.TT/force", None, "supervisor"),
        ("PUT", "/api/tags/TK101.TT/service", {"in_service": False, "reason": "test"}, "supervisor"),
        ("POST", "/api/tags", {"body": {"name": "NEW"}}, "engineer"),
        ("PUT", "/api/tags/TK101.TT", {"body": {}}, "engineer"),
        ("PATCH", "/api/tags/TK101.TT", {"precision": 3}, "engineer"),
        ("DELETE", "/api/tags/TK101.TT", None, "engineer"),
        ("POST", "/api/tags/TK101.TT/rename", {"name": "NEW"}, "engineer"),
        ("POST", "/api/tags/check", {"body": {"name": "NEW"}}, "engineer"),
        ("POST", "/api/tags/import", "name", "engineer"),
        ("POST", "/api/alarms", {"body": {}}, "engineer"),
        ("PUT", "/api/alarms/TK101.LT.HI/definition", {"body": {}}, "engineer"),
        ("DELETE", "/api/alarms/TK101.LT.HI", None, "engineer"),
        ("POST", "/api/alarms/import", "name", "engineer"),
        ("POST", "/api/types", {"body": {}}, "engineer"),
        ("PUT", "/api/types/pump", {"body": {}}, "engineer"),
        ("PUT", "/api/types/pump?dry_run=true", {"body": {}}, "engineer"),
        ("DELETE", "/api/types/pump", None, "engineer"),
        ("POST", "/api/equipment", {"body": {}}, "engineer"),
        ("PUT", "/api/equipment/P1", {"body": {}}, "engineer"),
        ("DELETE", "/api/equipment/P1", None, "engineer"),
        ("POST", "/api/project/validate", {"files": {}}, "engineer"),
        ("POST", "/api/project/plan", {"files": {}}, "engineer"),
        ("POST", "/api/project/apply", {"files": {}}, "engineer"),
        ("GET", "/api/project/export", None, "engineer"),
        ("POST", "/api/project/export", None, "engineer"),
        ("GET", "/api/links/plc", None, "viewer"),
        ("GET", "/api/users", None, "admin"),
    ],
)
def test_each_command_needs_its_role(call: Call, method: str, path: str, body: object, lowest: str) -> None:
    order = ["viewer", "operator", "supervisor", "engineer", "admin"]

    for role in order:
        answer = call(method, path, as_=role, json=body)
        allowed = order.index(role) >= order.index(lowest)
        assert (answer.status_code != 403) == allowed, role
        if not allowed:
            assert answer.json["error"]["code"] == "not_allowed"
            assert lowest in answer.json["error"]["message"]


def test_who_must_change_the_password_can_do_nothing_else(call: Call, plant: ServedPlant) -> None:
    assert call("GET", "/api/tags", as_="fresh").status_code == 403
    assert call("GET", "/api/auth/me", as_="fresh").json["must_change_password"] is True

    changed = call(
        "POST",
        "/api/auth/password",
        as_="fresh",
        json={"old_password": PASSWORD, "new_password": "a much better pass phrase"},
    )

    assert changed.status_code == 200
    assert changed.json["user"]["must_change_password"] is False
    token = changed.json["token"]
    assert call("GET", "/api/tags", as_=None, headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_a_wrong_old_password_does_not_look_like_the_end_of_the_session(call: Call) -> None:
    body = {"old_password": "wrong", "new_password": "a much better pass phrase"}

    answer = call("POST", "/api/auth/password", json=body)

    assert answer.status_code == 422
    assert answer.json["error"]["code"] == "wrong_password"


def test_a_login_gives_a_token_and_a_logout_ends_it(call: Call) -> None:
    login = call("POST", "/api/auth/login", as_=None, json={"username": "viewer", "password": PASSWORD})
    header = {"Authorization": f"Bearer {login.json['token']}"}

    assert login.json["user"] == {"name": "viewer", "role": "viewer", "must_change_password": False}
    assert call("GET", "/api/auth/me", as_=None, headers=header).json["name"] == "viewer"
    later = call("POST", "/api/auth/refresh", as_=None, headers=header)
    assert later.status_code == 200
    assert call("POST", "/api/auth/logout", as_=None, headers=header).json == {"ok": True}
    assert call("GET", "/api/auth/me", as_=None, headers=header).status_code == 401


def test_a_wrong_password_is_401_and_too_many_are_429_with_the_time_to_wait(call: Call) -> None:
    body = {"username": "viewer", "password": "wrong"}

    answers = [call("POST", "/api/auth/login", as_=None, json=body) for _ in range(6)]

    assert [answer.status_code for answer in answers[:5]] == [401] * 5
    assert answers[5].status_code == 429
    assert int(answers[5].headers["Retry-After"]) >= 1


def test_what_is_open_carries_no_secrets_and_needs_no_token(call: Call) -> None:
    assert call("GET", "/api/health", as_=None).json["status"] == "ok"
    assert call("GET", "/api/docs", as_=None).status_code == 200
    with closing(call("GET", "/swaggerui/swagger-ui.css", as_=None)) as style:
        assert style.status_code == 200


def test_the_document_needs_a_token_and_nobody_else_reads_it(call: Call) -> None:
    refused = call("GET", "/api/swagger.json", as_=None)

    assert refused.status_code == 401
    assert refused.json["error"]["code"] == "not_authenticated"
    assert call("GET", "/api/swagger.json", as_="fresh").status_code == 403
    assert call("GET", "/api/swagger.json", as_="viewer").json["swagger"] == "2.0"


def test_every_permission_of_the_table_is_a_real_one(app_and_gate: tuple[Flask, Gate]) -> None:
    app, gate = app_and_gate

    accesses = [gate.access(rule.endpoint, m) for rule in app.url_map.iter_rules() for m in rule.methods or ()]

    assert {access.permission for access in accesses if access is not None} <= {None, *Permission}
