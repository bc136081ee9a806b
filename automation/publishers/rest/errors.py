"""The one table from errors to HTTP answers, and the handlers that use it for the whole application."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence

import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from automation.model import errors
from automation.model.configuration import InvalidConfigurationError, Mistake

log = logging.getLogger(__name__)

UNPROCESSABLE = 422
_SERVER_ERROR = 500
_MISTAKES_MAX = 5_000
_SHOWN_MISTAKES = 3

# Looked up along the class's ancestors: the nearest entry counts.
TABLE: dict[type[errors.AutomationError], tuple[int, str]] = {
    errors.AutomationError: (500, "failed"),
    errors.ConfigError: (UNPROCESSABLE, "invalid_configuration"),
    errors.RestartNeededError: (503, "restart_needed"),
    errors.MissingExtraError: (501, "not_installed"),
    errors.NotFoundError: (404, "not_found"),
    errors.UnknownTagError: (404, "unknown_tag"),
    errors.BadQualityError: (409, "bad_quality"),
    errors.DriverError: (502, "device_failed"),
    errors.LinkDownError: (503, "link_down"),
    errors.DeviceTimeoutError: (504, "device_timeout"),
    errors.DeviceRefusedError: (502, "device_refused"),
    errors.CommandError: (409, "refused"),
    errors.NotAllowedError: (403, "not_allowed"),
    errors.InterlockedError: (409, "interlocked"),
    errors.EstopActiveError: (423, "estop_active"),
    errors.GuardUnavailableError: (503, "guard_unavailable"),
    errors.InvalidValueError: (UNPROCESSABLE, "invalid_value"),
    errors.BudgetError: (UNPROCESSABLE, "budget_exceeded"),
    errors.ConflictError: (409, "conflict"),
    errors.NotConfirmedError: (504, "not_confirmed"),
    errors.AuthenticationError: (401, "not_authenticated"),
    errors.TooManyAttemptsError: (429, "too_many_attempts"),
    errors.StorageError: (503, "storage_failed"),
    errors.DataRefusedError: (UNPROCESSABLE, "data_refused"),
}

_HTTP_CODES = {
    400: "bad_request",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
}


class BadRequestError(Exception):
    """A request that cannot be understood, with its HTTP status and the code for programs."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def install(app: Flask) -> None:
    """Have every error of the application answered as JSON ``{"error": {"code", "message"}}``, never with a traceback."""
    app.register_error_handler(errors.AutomationError, answer_automation_error)
    app.register_error_handler(BadRequestError, _answer_bad_request)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_unexpected)


def lookup(error: errors.AutomationError) -> tuple[int, str]:
    """Status and code of the error."""
    entry = next(TABLE[cls] for cls in type(error).__mro__ if cls in TABLE)
    if isinstance(error, errors.ConflictError | errors.NotAllowedError) and error.reason:
        return entry[0], error.reason
    return entry


def answer_automation_error(error: errors.AutomationError) -> Response:
    """The answer to a refusal or failure that the runtime reports on purpose."""
    status, code = lookup(error)
    if status == _SERVER_ERROR:
        return _answer_unexpected(error)
    if isinstance(error, InvalidConfigurationError):
        return _answer_mistakes(status, code, error.mistakes)
    response = error_response(status, code, str(error))
    if isinstance(error, errors.TooManyAttemptsError):
        response.headers["Retry-After"] = str(max(1, round(error.retry_after_s)))
    elif isinstance(error, errors.AuthenticationError):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def mistake_view(mistake: Mistake) -> Mapping[str, str]:
    """The mistake as the interface tells it."""
    return {
        "subject": mistake.subject,
        "field": mistake.field,
        "message": mistake.message,
        "place": mistake.place,
        "suggestion": mistake.suggestion,
    }


def error_response(status: int, code: str, message: str, **more: object) -> Response:
    """An error as the interface tells it."""
    body = {"error": {"code": code, "message": message, **more}}
    return Response(orjson.dumps(body), status=status, mimetype="application/json")


def _answer_mistakes(status: int, code: str, mistakes: Sequence[Mistake]) -> Response:
    more = len(mistakes) - _SHOWN_MISTAKES
    message = "; ".join(str(mistake) for mistake in mistakes[:_SHOWN_MISTAKES]) + (f"; and {more} more" if more > 0 else "")
    return error_response(status, code, message, mistakes=[mistake_view(mistake) for mistake in mistakes[:_MISTAKES_MAX]])


def _answer_bad_request(error: BadRequestError) -> Response:
    return error_response(error.status, error.code, str(error))


def _answer_http(error: HTTPException) -> Response:
    status = error.code or _SERVER_ERROR
    if status < 400:  # noqa: PLR2004 - a redirect is no error
        return Response(status=status, headers=[h for h in error.get_headers() if h[0] == "Location"])
    response = error_response(status, _HTTP_CODES.get(status, "refused"), _http_message(status, error))
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _http_message(status: int, error: HTTPException) -> str:
    messages = {
        404: f"there is nothing at {request.path}",
        405: f"{request.method} is not possible at {request.path}",
        413: "the body is too large",
    }
    return messages.get(status) or (error.description or error.name)


def _answer_unexpected(error: Exception) -> Response:
    identity = secrets.token_hex(4)
    log.error("error %s at %s %s", identity, request.method, request.path, exc_info=error)
    message = f"the runtime failed to answer; its log tells why under error {identity}"
    return error_response(_SERVER_ERROR, "internal_error", message, id=identity)
