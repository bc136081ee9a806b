"""An operation of the interface: what it needs, what it takes and what it gives, declared in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

import orjson
from flask import Response, request
from flask_restx import Resource
from pydantic import BaseModel, ConfigDict, ValidationError

from automation.publishers.rest.errors import UNPROCESSABLE, BadRequestError
from automation.publishers.rest.sources import Gate, Sources
from automation.security.principal import Permission

M = TypeVar("M", bound=BaseModel)

_JSON = "application/json"
_OPTIONS = orjson.OPT_NON_STR_KEYS
_SHOWN_ERRORS = 3
_DEPTH_MAX = 20
UPLOAD_LIMIT = 64 * 1024 * 1024


class Input(BaseModel):
    """A body or query: unknown fields are refused, types are not guessed in bodies."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NoQuery(Input):
    """The query of an operation that takes none."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """What the document and the gate know of one method of one route.

    needs: None leaves it open. pending: usable before a given password was changed. errors: statuses beside the usual ones. file:
    the body is a file. gives: media types of what is answered in place of JSON.
    """

    summary: str
    needs: Permission | None
    pending: bool
    returns: type[BaseModel] | None
    status: int
    query: type[Input] | None
    body: type[Input] | None
    errors: tuple[int, ...]
    file: bool
    gives: tuple[str, ...]


class Endpoint(Resource):  # type: ignore[misc]  # the library is not typed
    """A route; its methods are marked with ``operation``."""

    def __init__(self, api: object = None, *, sources: Sources, gate: Gate) -> None:
        super().__init__(api)
        self.sources = sources
        self.gate = gate


def operation(  # noqa: PLR0913 - the words in which an operation is declared
    summary: str,
    *,
    needs: Permission | None,
    returns: type[BaseModel] | None,
    query: type[Input] | None = None,
    body: type[Input] | None = None,
    errors: tuple[int, ...] = (),
    pending: bool = False,
    status: int = 200,
    limit: int | None = None,
    file: bool = False,
    gives: tuple[str, ...] = (),
) -> Callable[[Callable[..., object]], Callable[..., Response]]:
    """Make a method an operation: its ``query`` and ``body`` arrive checked, what it returns is answered as JSON.

    limit: bytes that the body may have, if not as many as everywhere. file: the body arrives as ``data``, as it was sent. gives:
    media types of a method that returns a file. A method may also return a finished ``Response``.
    """
    declared = Operation(
        summary=summary,
        needs=needs,
        pending=pending,
        returns=returns,
        status=status,
        query=query,
        body=body,
        errors=errors,
        file=file,
        gives=gives,
    )

    def mark(method: Callable[..., object]) -> Callable[..., Response]:
        @wraps(method)
        def call(self: Endpoint, **path: str) -> Response:
            arguments: dict[str, object] = dict(path)
            checked = read_query(query or NoQuery)
            if query is not None:
                arguments["query"] = checked
            if limit is not None:
                request.max_content_length = limit
            if file:
                arguments["data"] = _read_file()
            if body is not None:
                arguments["body"] = read_body(body)
            result = method(self, **arguments)
            return result if isinstance(result, Response) else answer(result, status)

        cast("Any", call).operation = declared
        return call

    return mark


def operation_of(method: object) -> Operation | None:
    """What ``operation`` declared of the method."""
    declared = getattr(method, "operation", None)
    return declared if isinstance(declared, Operation) else None


def answer(result: object, status: int = 200) -> Response:
    """The result as a JSON answer; dataclasses and mappings are encoded as they are."""
    return Response(orjson.dumps(result, option=_OPTIONS), status=status, mimetype=_JSON)


def read_query(model: type[M]) -> M:
    """The request's query. Raises ``BadRequestError`` naming the key that is unknown, repeated or wrong."""
    lists = request.args.to_dict(flat=False)
    repeated = [key for key, values in lists.items() if len(values) > 1]
    if repeated:
        raise BadRequestError(UNPROCESSABLE, "invalid_request", f"query: {repeated[0]:.60} is given more than once")
    return _validated(model, {key: values[0] for key, values in lists.items()}, "query")


def read_body(model: type[M]) -> M:
    """The request's body, all defaults if it has none.

    Raises ``BadRequestError`` naming the place where it is no JSON, or the field that is wrong.
    """
    raw = request.get_data(cache=False)
    if not raw.strip():
        return _without_body(model)
    try:
        data = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise BadRequestError(400, "malformed_json", f"malformed JSON at {place}: {error.msg.partition(':')[0]}") from error
    _check_depth(data)
    return _validated(model, data, "body")


def file_answer(data: bytes, media_type: str, name: str) -> Response:
    """The file as an answer that a browser saves under the name."""
    return Response(data, mimetype=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _read_file() -> bytes:
    data = request.get_data(cache=False)
    if not data:
        raise BadRequestError(400, "bad_request", "the body is empty; a file is expected")
    return data


def _check_depth(data: object) -> None:
    """Do nothing for what is nested as deep as a body may be."""
    level = [data]
    for _ in range(_DEPTH_MAX):
        level = [child for value in level for child in _children(value)]
        if not level:
            return
    raise BadRequestError(UNPROCESSABLE, "invalid_request", f"body: nested more than {_DEPTH_MAX} deep")


def _children(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _without_body(model: type[M]) -> M:
    try:
        return model.model_validate({})
    except ValidationError as error:
        raise BadRequestError(400, "malformed_json", "the body is empty; a JSON object is expected") from error


def _validated(model: type[M], data: object, place: str) -> M:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise BadRequestError(UNPROCESSABLE, "invalid_request", _explain(error, place)) from error


def _explain(error: ValidationError, place: str) -> str:
    found: dict[str, str] = {}
    for item in error.errors(include_url=False, include_context=False, include_input=False):
        where = ".".join(str(part) for part in item["loc"]) or "content"
        found.setdefault(where[:60], "is not known here" if item["type"] == "extra_forbidden" else item["msg"])
    parts = [f"{where}: {message}" for where, message in found.items()]
    return f"{place}: " + "; ".join(parts[:_SHOWN_ERRORS])
