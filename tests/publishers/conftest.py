"""What the tests of the publishers share: a plant, the application in front of it, and callers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from automation.publishers.web.gate import Gate
from automation.publishers.web.traffic import Traffic
from automation.testing.clock import FakeClock
from automation.testing.web import ServedPlant, rest_app


@pytest.fixture
def plant(clock: FakeClock) -> ServedPlant:
    return ServedPlant(clock)


@pytest.fixture
def traffic() -> Traffic:
    return Traffic()


@pytest.fixture
def app_and_gate(plant: ServedPlant, traffic: Traffic) -> tuple[Flask, Gate]:
    return rest_app(plant, traffic)


@pytest.fixture
def app(app_and_gate: tuple[Flask, Gate]) -> Flask:
    return app_and_gate[0]


@pytest.fixture
def http(app: Flask) -> FlaskClient:
    return app.test_client()


Caller = Callable[..., TestResponse]


@pytest.fixture
def call(http: FlaskClient, plant: ServedPlant) -> Caller:
    """``call("GET", "/api/tags", as_="viewer", json=…)``; as_ None sends no token."""

    def send(method: str, path: str, *, as_: str | None = "operator", **more: Any) -> TestResponse:
        headers = dict(more.pop("headers", {}))
        if as_ is not None:
            headers["Authorization"] = f"Bearer {plant.token(as_)}"
        return http.open(path, method=method, headers=headers, **more)

    return send
