"""The Flask application: limits, headers and the gate; routes are registered by the other publishers."""

from __future__ import annotations

from flask import Flask, Response, request

from automation.publishers.web.gate import Gate
from automation.publishers.web.traffic import Traffic

BODY_LIMIT = 1024 * 1024

_POLICY = "; ".join(
    (
        "default-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self' ws: wss:",
        "object-src 'none'",
        "base-uri 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def create_app(gate: Gate, traffic: Traffic | None = None, *, body_limit: int = BODY_LIMIT) -> Flask:
    """An application without routes that counts, authorises and limits every request that its routes will get.

    body_limit: bytes; a longer body answers 413.
    """
    app = Flask("automation", static_folder=None, template_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=body_limit,
        PROVIDE_AUTOMATIC_OPTIONS=False,
        PROPAGATE_EXCEPTIONS=False,
        RESTX_MASK_SWAGGER=False,
        RESTX_ERROR_404_HELP=False,
        RESTX_INCLUDE_ALL_MODELS=True,
    )
    (traffic or Traffic()).install(app)
    gate.install(app)
    app.after_request(_add_headers)
    return app


def _add_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith("/api"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
