"""The Swagger document and its page."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from automation.publishers.rest.document import to_swagger

Call = Callable[..., Any]


def test_unions_with_null_become_nullable_and_exclusive_bounds_boolean() -> None:
    schema = {
        "properties": {
            "a": {"anyOf": [{"type": "integer", "exclusiveMinimum": 0}, {"type": "null"}], "default": None},
            "b": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
            "c": {"const": "x", "type": "string"},
            "d": {"type": "array", "items": {"anyOf": [{"type": "number"}, {"type": "null"}]}},
        }
    }

    assert to_swagger(schema)["properties"] == {
        "a": {"type": "integer", "minimum": 0, "exclusiveMinimum": True, "x-nullable": True},
        "b": {"x-nullable": True},
        "c": {"enum": ["x"], "type": "string"},
        "d": {"type": "array", "items": {"type": "number", "x-nullable": True}},
    }


def test_every_operation_is_described_with_its_answers_and_its_security(call: Call) -> None:
    document = call("GET", "/api/swagger.json").json

    operations = {(m, path): o for path, item in document["paths"].items() for m, o in item.items() if m != "parameters"}
    put = operations["put", "/tags/{name}/value"]
    assert len(operations) >= 20
    assert document["securityDefinitions"]["Bearer"]["in"] == "header"
    assert put["security"] == [{"Bearer": []}]
    assert {"200", "400", "401", "403", "404", "422", "423", "502", "503", "504"} <= put["responses"].keys()
    assert operations["post", "/auth/login"]["security"] == []
    assert all(operation["responses"] for operation in operations.values())
    identities = [operation["operationId"] for operation in operations.values()]
    assert len(identities) == len(set(identities))


def test_every_reference_of_the_document_leads_somewhere(call: Call) -> None:
    text = call("GET", "/api/swagger.json").text
    document = json.loads(text)

    references = {part.split('"')[0] for part in text.split('"#/definitions/')[1:]}

    assert references <= document["definitions"].keys()
    assert "anyOf" not in text
    assert "$defs" not in text


def test_the_page_works_under_the_policy_because_its_script_is_a_file(call: Call) -> None:
    page = call("GET", "/api/docs", as_=None)

    assert "<script>" not in page.text
    assert " onclick=" not in page.text
    assert "/tags" not in page.text
    assert call("GET", "/api/docs.js", as_=None).mimetype == "text/javascript"
    assert "script-src" not in page.headers["Content-Security-Policy"]
