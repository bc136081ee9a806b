"""The route of the metrics."""

from __future__ import annotations

from typing import Protocol

from flask import Flask, Response, request
from prometheus_client.exposition import choose_encoder

from automation.publishers.metrics.collector import registry
from automation.publishers.metrics.sources import MetricSources
from automation.security.principal import Permission


class Gate(Protocol):
    """Where routes declare who may use them."""

    def declare(self, endpoint: str, method: str, permission: Permission | None, *, pending: bool = False) -> None:
        """Let callers with the permission, or everybody if None, use the method of the endpoint."""


def register(app: Flask, gate: Gate, sources: MetricSources) -> None:
    """Serve the metrics at ``/metrics`` to everybody with a token."""
    metrics = registry(sources)

    def serve() -> Response:
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        return Response(encode(metrics), content_type=content_type, headers={"Cache-Control": "no-store"})

    app.add_url_rule("/metrics", "metrics", serve)
    gate.declare("metrics", "GET", Permission.VIEW)
