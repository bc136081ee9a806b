"""Bad input: a clear error that names the thing, the right status, never a 500 or a traceback."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from pydantic import ValidationError

from automation.model import errors
from automation.publishers.rest.errors import TABLE, lookup
from automation.publishers.rest.operation import Input
from automation.publishers.web.gate import Gate
from automation.testing.web import ServedPlant

Call = Callable[..., Any]
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b'{"value": 3', 400, "line 1 column"),
        (b'{"value": 3,}', 400, "malformed JSON"),
        (b"", 400, "empty"),
        (b"\xff\xfe", 400, "malformed JSON"),
        (b"NaN", 400, "malformed JSON"),
        (b'{"value": NaN}', 400, "malformed JSON"),
        (b"[" * 2000, 400, "malformed JSON"),
        (b"[]", 422, "body"),
        (b"null", 422, "body"),
        (b"3", 422, "body"),
        (b"{}", 422, "value: Field required"),
        (b'{"value": null}', 422, "body: value: expected a number, text, true or false"),
        (b'{"value": [1]}', 422, "body: value: expected a number, text, true or false"),
        (b'{"value": {}}', 422, "body: value: expected a number, text, true or false"),
        (b'{"value": 1, "force": true}', 422, "force: is not known here"),
        (b'{"value": "3"}', 422, "TK101.SP: expected float, got str"),
        (b'{"value": true}', 422, "TK101.SP: expected float, got bool"),
        (b'{"value": 9}', 422, "TK101.SP: 9.0 is out of range 0.0 to 8.0 m"),
        (b'{"value": -1e308}', 422, "out of range"),
        (b'{"value": 123456789012345678901234567890}', 422, "out of range"),
        (b'{"value": 1e999}', 422, "TK101.SP"),
    ],
)
def test_a_put_that_makes_no_sense_is_refused_in_words(
    call: Call, plant: ServedPlant, body: bytes, status: int, words: str
) -> None:
    answer = call("PUT", "/api/tags/TK101.SP/value", data=body, headers=JSON)

    if b"1e999" in body and answer.status_code == 400:
        status, words = 400, "malformed"
    assert answer.status_code == status, answer.data
    assert words in answer.json["error"]["message"]
    assert plant.cvt.read("TK101.SP").value == 2.0


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b'{"body": {"name": "A"', 400, "malformed JSON"),
        (b"", 400, "empty"),
        (b"{}", 422, "body: Field required"),
        (b'{"name": "A"}', 422, "name: is not known here"),
        (b'{"body": null}', 422, "body: body"),
        (b'{"body": []}', 422, "body: body"),
        (b'{"body": "A"}', 422, "body: body"),
        (b'{"body": {}}', 422, "name"),
        (b'{"body": {"name": 5}}', 422, "name"),
        (b'{"body": {"name": ["A"]}}', 422, "name"),
        (b'{"body": {"name": "A", "deadband": 1e400}}', 400, "malformed JSON"),
        (b'{"body": {"name": "A", "range": [0, NaN]}}', 400, "malformed JSON"),
        (b'{"body": {"name": "A", "precision": 123456789012345678901234567890}}', 422, "precision"),
        (b'{"body": {"name": "A", "description": "' + b"x" * 501 + b'"}}', 422, "description"),
        (b'{"body": {"name": "A", "metadata": ' + b'{"a":' * 25 + b"1" + b"}" * 25 + b"}}", 422, "nested more than 20 deep"),
        (b'{"body": {"name": "A", "metadata": ' + b'{"a":' * 15 + b"1" + b"}" * 15 + b"}}", 422, "metadata"),
        (b'{"body": {"name": "A", "filters": ' + b"[" * 2000 + b"}}", 400, "malformed JSON"),
        (b'{"body": {' + b",".join(b'"f%d": 1' % i for i in range(65)) + b"}}", 422, "at most 64"),
        (b'{"body": {"name": "A"}, "seen": "x"}', 422, "seen"),
    ],
)
def test_a_body_that_makes_no_sense_is_refused_in_words(
    call: Call, plant: ServedPlant, body: bytes, status: int, words: str
) -> None:
    answer = call("POST", "/api/tags", data=body, headers=JSON, as_="engineer")

    assert answer.status_code == status, answer.data
    assert words in answer.json["error"]["message"]
    assert plant.config_store.events == []


@pytest.mark.parametrize("path", ["validate", "plan", "apply"])
@pytest.mark.parametrize(
    ("files", "words"),
    [
        (None, "files"),
        ([], "files"),
        ({"a.toml": 5}, "files"),
        ({"a.toml": None}, "files"),
        ({"": "format = 1"}, "files"),
        ({"x" * 256: "format = 1"}, "files"),
        ({f"{i}.toml": "" for i in range(20_001)}, "files"),
    ],
)
def test_files_that_are_none_are_refused_in_words(call: Call, path: str, files: object, words: str) -> None:
    answer = call("POST", f"/api/project/{path}", json={"files": files}, as_="engineer")

    assert answer.status_code == 422
    assert words in answer.json["error"]["message"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=ten", "limit"),
        ("offset=-1", "offset"),
        ("kind=valve", "kind"),
        ("colour=red", "colour: is not known here"),
        ("limit=1&limit=2", "limit is given more than once"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused_in_words(call: Call, query: str, words: str) -> None:
    answer = call("GET", f"/api/tags?{query}")

    assert answer.status_code == 422
    assert words in answer.json["error"]["message"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 422),
        ("tags=", 422),
        ("tags=,,", 422),
        ("tags=NOPE", 404),
        ("tags=TK101.LT&start=5&end=5", 422),
        ("tags=TK101.LT&start=nan", 422),
        ("tags=TK101.LT&start=1e300&end=1e301", 422),
        ("tags=TK101.LT&buckets=0", 422),
        ("tags=TK101.LT&mode=all", 422),
        ("tags=" + ",".join(f"T{i}" for i in range(33)), 422),
    ],
)
def test_a_history_query_that_makes_no_sense_is_refused(call: Call, query: str, status: int) -> None:
    assert call("GET", f"/api/history?{query}").status_code == status


def test_a_query_on_a_route_that_takes_none_is_refused(call: Call) -> None:
    assert call("GET", "/api/alarms?x=1").status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/tags/NOPE", 404, "unknown_tag"),
        ("GET", "/api/nothing", 404, "not_found"),
        ("GET", "/nothing", 404, "not_found"),
        ("DELETE", "/api/tags", 405, "method_not_allowed"),
        ("OPTIONS", "/api/tags", 405, "method_not_allowed"),
        ("GET", "/api/apps/tank/screens/nope", 404, "not_found"),
        ("GET", "/api/apps/nope/screens/overview", 404, "not_found"),
        ("POST", "/api/machines/nope/commands/start", 404, "not_found"),
        ("POST", "/api/machines/pumps/commands/stop", 409, "wrong_state"),
        ("POST", "/api/alarms/nope/acknowledge", 404, "not_found"),
        ("GET", "/api/tags/%00", 404, "unknown_tag"),
        ("GET", "/api/tags/..%2f..%2fetc", 404, "not_found"),
    ],
)
def test_what_is_not_there_is_told_in_json(call: Call, method: str, path: str, status: int, code: str) -> None:
    answer = call(method, path)

    assert answer.status_code == status
    assert answer.json["error"]["code"] == code


def test_a_405_tells_what_is_possible(call: Call) -> None:
    assert "PUT" in call("GET", "/api/tags/TK101.SP/value").headers["Allow"]


def test_a_body_of_ten_megabytes_is_refused_with_413(call: Call) -> None:
    answer = call("PUT", "/api/tags/TK101.SP/value", data=b"x" * 10_000_000, headers=JSON)

    assert answer.status_code == 413
    assert answer.json["error"]["code"] == "body_too_large"


def test_an_unforeseen_failure_is_a_500_with_a_number_that_the_log_knows(
    app_and_gate: tuple[Flask, Gate], call: Call, caplog: pytest.LogCaptureFixture
) -> None:
    app, gate = app_and_gate
    app.add_url_rule("/fails", "fails", lambda: 1 / 0)
    gate.declare("fails", "GET", None)

    with caplog.at_level(logging.ERROR):
        answer = call("GET", "/fails", as_=None)

    assert answer.status_code == 500
    assert b"ZeroDivision" not in answer.data
    assert f"error {answer.json['error']['id']} at GET /fails" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def _family(cls: type[errors.AutomationError]) -> set[type[errors.AutomationError]]:
    return {cls}.union(*(_family(sub) for sub in cls.__subclasses__() if sub.__module__ == errors.__name__))


@pytest.mark.parametrize("cls", sorted(_family(errors.AutomationError), key=lambda cls: cls.__name__))
def test_every_error_of_the_family_has_a_status(cls: type[errors.AutomationError]) -> None:
    arguments = {
        errors.ConflictError: ("text", "reason"),
        errors.TooManyAttemptsError: ("text", 3.0),
    }.get(cls, ("text",))

    status, code = lookup(cls(*arguments))

    assert 400 <= status <= 504
    assert code
    if cls is not errors.AutomationError:
        assert cls in TABLE


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.LinkDownError("plc: nothing answers"), 503, "link_down"),
        (errors.DeviceTimeoutError("plc: no answer"), 504, "device_timeout"),
        (errors.DeviceRefusedError("plc: exception 2", 2), 502, "device_refused"),
        (errors.NotConfirmedError("not read back"), 504, "not_confirmed"),
        (errors.GuardUnavailableError("guard"), 503, "guard_unavailable"),
        (errors.InterlockedError("TK101.FV: level is high"), 409, "interlocked"),
    ],
)
def test_a_put_that_the_device_did_not_take_tells_why(
    call: Call, plant: ServedPlant, error: errors.AutomationError, status: int, code: str
) -> None:
    plant.outputs.failing = error

    answer = call("PUT", "/api/tags/TK101.SP/value", json={"value": 3.0})

    assert answer.status_code == status
    assert answer.json["error"] == {"code": code, "message": str(error)}


def test_every_answer_carries_the_security_headers(call: Call) -> None:
    for path, user in (("/api/tags", "viewer"), ("/api/tags", None), ("/nothing", "viewer"), ("/api/docs", None)):
        headers = call("GET", path, as_=user).headers

        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers.get("Cache-Control") == "no-store" or not path.startswith("/api")


BODIES = [body for body in Input.__subclasses__() if body.__name__.endswith("Body")]


@pytest.mark.parametrize(("body", "field"), [(body, field) for body in BODIES for field in body.model_fields])
@pytest.mark.parametrize("value", [{}, [[]], 10**30, 1.5, True, "", None])
def test_a_wrong_field_of_a_body_is_told_in_one_sentence(body: type[Input], field: str, value: object) -> None:
    try:
        body.model_validate({field: value})
    except ValidationError as error:
        told = [item for item in error.errors() if item["loc"][0] == field]
        assert len(told) <= 1


def test_every_body_is_looked_at() -> None:
    assert {body.__name__ for body in BODIES} >= {"PutBody", "LoginBody", "NamesBody", "AcknowledgeBody"}
