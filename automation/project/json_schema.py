"""What files may hold, as JSON Schema for editors and for forms."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from automation.model.configuration import ObjectKind
from automation.model.equipment import PLACEHOLDER
from automation.project.link_bodies import described_kinds, link_schema
from automation.project.schema import FORMAT, IN_CODE, MODELS, TEMPLATE_MAX, ParameterBody


def json_schema(kind: ObjectKind) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one object's body."""
    schema: dict[str, Any] = json.loads(_text(kind))
    return schema


def file_schema() -> dict[str, Any]:
    """The JSON Schema of a project's file: lists of objects, and in ``project.toml`` the format and what is removed."""
    properties: dict[str, Any] = {
        "format": {"const": FORMAT, "description": "Version of the format, in project.toml"},
        "remove": {
            "type": "object",
            "description": "Names of objects of applications that shall not run, in project.toml",
            "properties": {kind.value: {"type": "array", "items": {"type": "string"}} for kind in ObjectKind},
            "additionalProperties": False,
        },
    }
    definitions: dict[str, Any] = {}
    for kind in ObjectKind:
        schema = json.loads(_text(kind).replace('"#/$defs/', f'"#/$defs/{kind.value}.'))
        definitions |= {f"{kind.value}.{name}": part for name, part in schema.pop("$defs", {}).items()}
        definitions[kind.value] = schema
        properties[kind.value] = {"type": "array", "items": {"$ref": f"#/$defs/{kind.value}"}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Project file",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "$defs": definitions,
    }


@cache
def _text(kind: ObjectKind) -> str:
    schema = _of_links() if kind is ObjectKind.LINK else MODELS[kind].model_json_schema()
    definitions = schema.get("$defs", {})
    if kind is ObjectKind.TYPE:
        for name, part in definitions.items():
            if name != ParameterBody.__name__:
                _allow_templates(part)
    _tidy(schema)
    return json.dumps(schema)


def _of_links() -> dict[str, Any]:
    """A link is of one of the kinds that are installed."""
    return {
        "description": "A device, and how it is spoken to",
        "type": "object",
        "required": ["name", "kind"],
        "oneOf": [link_schema(name) for name, _ in described_kinds()],
    }


def _allow_templates(node: dict[str, Any]) -> None:
    """Let every plain value of a template be a text with a placeholder too."""
    for key, part in list(node.get("properties", {}).items()):
        node["properties"][key] = _with_template(part)


def _with_template(part: dict[str, Any]) -> dict[str, Any]:
    if part.get("pattern") == IN_CODE:
        return part
    if "const" in part or "$ref" in part or part.get("type") == "object":
        for key, value in part.get("patternProperties", {}).items():
            part["patternProperties"][key] = _with_template(value)
        return part
    if part.get("type") == "array":
        if "$ref" not in part["items"] and "discriminator" not in part["items"]:
            part["items"] = _with_template(part["items"])
        return part
    if any("$ref" in choice or choice.get("type") == "array" for choice in part.get("anyOf", [])):
        part["anyOf"] = [_with_template(choice) for choice in part["anyOf"] if choice != {"type": "null"}]
        return part
    notes: dict[str, Any] = {key: part.pop(key) for key in ("title", "description", "default") if key in part}
    return {"anyOf": [part, {"type": "string", "pattern": PLACEHOLDER.pattern, "maxLength": TEMPLATE_MAX}], **notes}


def _tidy(node: Any) -> None:
    """Take away what is of no use in a file: null, which TOML does not have, and titles that only repeat the name."""
    if isinstance(node, list):
        for part in node:
            _tidy(part)
    if not isinstance(node, dict):
        return
    if isinstance(node.get("title"), str):
        del node["title"]
    choices = node.get("anyOf")
    if isinstance(choices, list):
        node["anyOf"] = choices = [choice for choice in choices if choice != {"type": "null"}]
        if len(choices) == 1:
            del node["anyOf"]
            node.update({key: value for key, value in choices[0].items() if key not in node})
    if "default" in node and node["default"] is None:
        del node["default"]
    if "patternProperties" in node:
        node["additionalProperties"] = False
    for part in node.values():
        _tidy(part)
