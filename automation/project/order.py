"""The order of the fields of a body: a stored one has lost it, and people read them in that of the schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

from pydantic import BaseModel

from automation.model.configuration import ConfigObject
from automation.project.link_bodies import model_for
from automation.project.words import models_in

Shape: TypeAlias = "Mapping[str, tuple[bool, Sequence[type[BaseModel]]]]"


def ordered(one: ConfigObject) -> dict[str, Any]:
    """The object's body in the order of the schema; keys that are free are sorted, whole numbers by their size."""
    return _ordered(one.body, (model_for(one.kind, one.body),))


def _ordered(body: Mapping[str, Any], models: Sequence[type[BaseModel]]) -> dict[str, Any]:
    shape = _shape(tuple(models))
    found: dict[str, Any] = {}
    for name, (free, inner) in shape.items():
        if name in body:
            found[name] = _value(body[name], free, inner)
    for name in sorted(body):
        if name not in found:
            found[name] = body[name]
    return found


def _value(value: Any, free: bool, inner: Sequence[type[BaseModel]]) -> Any:
    if isinstance(value, Mapping):
        if free:
            return {key: _value(value[key], False, inner) for key in sorted(value, key=_natural)}
        return _ordered(value, inner)
    if inner and isinstance(value, Sequence) and not isinstance(value, str):
        return [_value(one, False, inner) for one in value]
    return value


def _natural(key: str) -> tuple[int, str]:
    digits = key.removeprefix("-")
    return (int(key), "") if digits.isascii() and digits.isdecimal() and len(digits) <= 10 else (0, key)  # noqa: PLR2004


@cache
def _shape(models: tuple[type[BaseModel], ...]) -> Shape:
    """By field in the order of the models: whether its keys are free, and what it holds."""
    return {
        name: (getattr(part.annotation, "__origin__", None) is dict, models_in(part.annotation))
        for model in models
        for name, part in model.model_fields.items()
    }
