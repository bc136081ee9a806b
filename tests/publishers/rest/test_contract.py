"""Made-up requests against the Swagger document: every answer is one that the document names, and never a 500."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from automation.testing.clock import FakeClock
from automation.testing.web import ServedPlant, rest_app

PLANT = ServedPlant(FakeClock())
TOKEN = {"Authorization": f"Bearer {PLANT.token('admin')}"}
SCHEMA = schemathesis.openapi.from_wsgi("/api/swagger.json", rest_app(PLANT)[0], headers=TOKEN)
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.mark.contract
@pytest.mark.timeout(120)
@SCHEMA.parametrize()
@settings(max_examples=8, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
def test_the_document_tells_the_truth(case: schemathesis.Case) -> None:
    headers = {} if case.operation.path == "/api/auth/login" else {"Authorization": f"Bearer {PLANT.token('admin')}"}

    response = case.call(headers=headers)

    case.validate_response(response, checks=CHECKS, headers=headers)
