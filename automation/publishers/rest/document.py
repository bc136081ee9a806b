"""The Swagger document: our pydantic models in the words that Swagger 2.0 knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from flask_restx import Api
from pydantic import BaseModel

JsonSchema = dict[str, Any]

_DROPPED = frozenset({"$defs", "propertyNames", "const", "examples", "additionalProperties"})
_EXCLUSIVE = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
FILE_PARAMETER: JsonSchema = {"payload": {"in": "body", "required": True, "schema": {"type": "string", "format": "binary"}}}
FILE_CONSUMED: JsonSchema = {"x-consumes": ["application/octet-stream"]}  # the library has no word for it


class RestApi(Api):  # type: ignore[misc]  # the library is not typed
    """flask-restx's interface, which leaves errors to the application's own handlers."""

    def error_router(self, original_handler: Callable[[Exception], Any], e: Exception) -> Any:
        """Answer errors as everywhere else in the application."""
        return original_handler(e)

    @property
    def __schema__(self) -> JsonSchema:
        """The document, in which an operation that takes a file says so."""
        document: JsonSchema = super().__schema__
        for item in document.get("paths", {}).values():
            for operation in item.values():
                if isinstance(operation, dict) and "x-consumes" in operation:
                    operation["consumes"] = operation.pop("x-consumes")
        return document


def to_swagger(schema: Mapping[str, Any]) -> JsonSchema:
    """The JSON schema as Swagger 2.0 has it: no union with null, no tuples, no numeric exclusive bounds."""
    if "anyOf" in schema:
        return _union(schema)
    result: JsonSchema = {}
    for key, value in schema.items():
        if key in _EXCLUSIVE:
            result[_EXCLUSIVE[key]] = value
            result[key] = True
        elif key == "const":
            result["enum"] = [value]
        elif key == "prefixItems":
            result["items"] = {}
        elif key == "properties":
            result[key] = {name: to_swagger(part) for name, part in value.items()}
        elif key in ("items", "additionalProperties") and isinstance(value, Mapping):
            result[key] = to_swagger(value)
        elif key not in _DROPPED:
            result[key] = value
    return result


def _union(schema: Mapping[str, Any]) -> JsonSchema:
    parts = [part for part in schema["anyOf"] if part.get("type") != "null"]
    rest = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
    single = to_swagger(parts[0]) if len(parts) == 1 else {}
    result = {**single, **to_swagger(rest)}
    if len(parts) < len(schema["anyOf"]) or len(parts) > 1:
        result["x-nullable"] = True
    return result


def document_model(api: Api, model: type[BaseModel]) -> None:
    """Register the model, and those that it is made of, with the interface's document under their names."""
    for name, part in _parts(model).items():
        api.schema_model(name, part)


@cache
def _parts(model: type[BaseModel]) -> Mapping[str, JsonSchema]:
    """The model as Swagger has it, and those that it is made of, by name."""
    schema = model.model_json_schema(ref_template="#/definitions/{model}", mode="serialization")
    parts = {name: to_swagger(part) for name, part in schema.get("$defs", {}).items()}
    return {**parts, model.__name__: to_swagger(schema)}


@cache
def query_parameters(model: type[BaseModel]) -> dict[str, JsonSchema]:
    """The model's fields as query parameters."""
    schema = model.model_json_schema()
    required = set(schema.get("required", ()))
    parameters: dict[str, JsonSchema] = {}
    for name, field in schema.get("properties", {}).items():
        part = to_swagger(field)
        part.pop("title", None)
        part.pop("x-nullable", None)
        parameters[name] = {"in": "query", "required": name in required, "type": part.pop("type", "string"), **part}
    return parameters
