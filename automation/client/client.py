"""One client of one runtime: logs in, asks, and raises what the runtime refuses."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any, TypeAlias
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPSHandler, OpenerDirector, ProxyHandler, Request, build_opener

from automation.model.configuration import InvalidConfigurationError, Mistake
from automation.model.errors import (
    AuthenticationError,
    AutomationError,
    ConfigError,
    ConflictError,
    EstopActiveError,
    InvalidValueError,
    NotAllowedError,
    NotFoundError,
    StorageError,
)

Json: TypeAlias = dict[str, Any]

_TIMEOUT_S = 120.0
_ERRORS: Mapping[int, type[AutomationError]] = {
    401: AuthenticationError,
    403: NotAllowedError,
    404: NotFoundError,
    413: InvalidValueError,
    422: InvalidValueError,
    423: EstopActiveError,
    503: StorageError,
}


class UnreachableError(AutomationError):
    """No runtime answers at the address, or what answers is none."""


class Client:
    """Calls to the runtime at url, such as ``http://127.0.0.1:8080``; not for several threads at once.

    token: of a session that exists; ``login`` gets one. certificates: PEM file of who is trusted beside the system's own. Calls
    raise the error that the runtime tells, and ``UnreachableError``. Raises ``ConfigError`` for an address that is none.
    """

    def __init__(self, url: str, token: str = "", *, certificates: str | None = None, timeout_s: float = _TIMEOUT_S) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError(f"runtime {url!r:.200}: expected an address such as http://127.0.0.1:8080")
        self._url = url.rstrip("/")
        self._token = token
        self._timeout_s = timeout_s
        self._opener = _opener(certificates)

    def login(self, username: str, password: str) -> None:
        """Begin a session. Raises ``AuthenticationError``."""
        self._token = self.post("/auth/login", {"username": username, "password": password})["token"]

    def get(self, path: str, **query: object) -> Json:
        """The answer to a GET of the path below ``/api``."""
        return self._json("GET", path, query)

    def post(self, path: str, body: object, **query: object) -> Json:
        """The answer to a POST."""
        return self._json("POST", path, query, json.dumps(body).encode())

    def put(self, path: str, body: object) -> Json:
        """The answer to a PUT."""
        return self._json("PUT", path, {}, json.dumps(body).encode())

    def delete(self, path: str, **query: object) -> Json:
        """The answer to a DELETE."""
        return self._json("DELETE", path, query)

    def upload(self, path: str, data: bytes, **query: object) -> Json:
        """The answer to a POST of a file."""
        return self._json("POST", path, query, data, "application/octet-stream")

    def download(self, path: str, **query: object) -> bytes:
        """The file at the path."""
        return self._request("GET", path, query)

    def _json(
        self, method: str, path: str, query: Mapping[str, object], data: bytes | None = None, kind: str = "application/json"
    ) -> Json:
        answer = self._request(method, path, query, data, kind)
        try:
            found = json.loads(answer)
        except ValueError as error:
            raise UnreachableError(f"{self._url}: what answers there is no runtime") from error
        if not isinstance(found, dict):
            raise UnreachableError(f"{self._url}: what answers there is no runtime")
        return found

    def _request(
        self, method: str, path: str, query: Mapping[str, object], data: bytes | None = None, kind: str = "application/json"
    ) -> bytes:
        given = {name: _text(value) for name, value in query.items() if value is not None}
        address = f"{self._url}/api{quote(path)}" + (f"?{urlencode(given)}" if given else "")
        headers = {"Accept": "application/json"} | ({"Content-Type": kind} if data is not None else {})
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        request = Request(address, data=data, headers=headers, method=method)  # noqa: S310 - the scheme was checked
        try:
            with self._opener.open(request, timeout=self._timeout_s) as response:
                answer: bytes = response.read()
        except HTTPError as error:
            with error:
                raise _told(error.code, error.read()) from error
        except (URLError, HTTPException, OSError) as error:
            raise UnreachableError(f"{self._url}: no runtime answers: {getattr(error, 'reason', error)}") from error
        return answer


def _opener(certificates: str | None) -> OpenerDirector:
    context = ssl.create_default_context()
    if certificates is not None:
        try:
            context.load_verify_locations(certificates)
        except (OSError, ssl.SSLError) as error:
            raise ConfigError(f"certificate {certificates}: cannot be used: {error}") from error
    return build_opener(ProxyHandler({}), HTTPSHandler(context=context))


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _told(status: int, body: bytes) -> AutomationError:
    """The error of an answer that is no success."""
    try:
        error = json.loads(body)["error"]
        code, message = str(error["code"]), str(error["message"])
        mistakes = [mistake_of(one) for one in error.get("mistakes") or ()]
    except (ValueError, KeyError, TypeError, AttributeError):
        return UnreachableError(f"the answer {status} makes no sense; what answers is no runtime")
    if mistakes:
        return InvalidConfigurationError(mistakes)
    if status == 409:  # noqa: PLR2004 - its code says why
        return ConflictError(message, code)
    return _ERRORS.get(status, AutomationError)(message)


def mistake_of(told: Mapping[str, Any]) -> Mistake:
    """A mistake as the interface tells it."""
    fields = ("subject", "message", "field", "place", "suggestion")
    return Mistake(**{name: str(told.get(name) or "") for name in fields})
